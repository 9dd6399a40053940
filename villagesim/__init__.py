"""villagesim: village mergers, land trusts and support policies in Chinese counties, as a discrete-event simulation.

``import villagesim as vs`` stays light: what a name needs is loaded when the name is first used. What most scripts need
stands here; all else is in the namespaces:

- `vs.policies`: what a government can choose; `vs.targets`: for which villages;
- `vs.questions`: what can be asked; `vs.design`: which points are run;
- `vs.outcomes`, `vs.parameters`: what is followed, and what is believed;
- `vs.own`: what parts of one's own are made of;
- `vs.plots`, `vs.statistics`: figures and intervals from tables of one's own;
- `vs.errors`: what is refused, by type.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from villagesim import design, errors, outcomes, own, parameters, plots, policies, questions, statistics, targets
    from villagesim.errors import VillagesimError
    from villagesim.files.scenario import load_scenario
    from villagesim.languages import language
    from villagesim.outcomes import Outcome
    from villagesim.parameters import Parameter
    from villagesim.policies import Policy
    from villagesim.process import Process
    from villagesim.questions.answer import open_results
    from villagesim.questions.comparison import compare
    from villagesim.questions.sweep import sweep
    from villagesim.run import Run
    from villagesim.scenario import Scenario
    from villagesim.simulation import simulate

__version__ = "0.1.0"

_HOMES = {
    "villagesim.errors": ("VillagesimError",),
    "villagesim.files.scenario": ("load_scenario",),
    "villagesim.languages": ("language",),
    "villagesim.outcomes": ("Outcome",),
    "villagesim.parameters": ("Parameter",),
    "villagesim.policies": ("Policy",),
    "villagesim.process": ("Process",),
    "villagesim.questions.answer": ("open_results",),
    "villagesim.questions.comparison": ("compare",),
    "villagesim.questions.sweep": ("sweep",),
    "villagesim.run": ("Run",),
    "villagesim.scenario": ("Scenario",),
    "villagesim.simulation": ("simulate",),
}
"""Where each public name is defined."""
_NAMESPACES = (
    "design", "errors", "outcomes", "own", "parameters", "plots", "policies", "questions", "statistics", "targets",
)  # fmt: skip

__all__ = [
    "Outcome",
    "Parameter",
    "Policy",
    "Process",
    "Run",
    "Scenario",
    "VillagesimError",
    "__version__",
    "compare",
    "design",
    "errors",
    "language",
    "load_scenario",
    "open_results",
    "outcomes",
    "own",
    "parameters",
    "plots",
    "policies",
    "questions",
    "simulate",
    "statistics",
    "sweep",
    "targets",
]


def _nearest(name: str) -> str:
    """Say which public name was probably meant, and where it is."""
    from difflib import get_close_matches

    if name.startswith("_"):
        return ""
    places = {own: f"vs.{own}" for own in __all__}
    for namespace in _NAMESPACES:
        for own in import_module(f"villagesim.{namespace}").__all__:
            places.setdefault(own, f"vs.{namespace}.{own}")
    close = get_close_matches(name, places, n=1)
    return f": did you mean {places[close[0]]}?" if close else ""


def _load(name: str) -> Any:
    if name in _NAMESPACES:
        return import_module(f"villagesim.{name}")
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module 'villagesim' has no attribute {name!r}{_nearest(name)}", name=name)


if not TYPE_CHECKING:  # a type checker knows all names, and refuses others
    __getattr__ = _load


def __dir__() -> list[str]:
    return list(__all__)

"""villagesim: village mergers, land trusts and support policies in Chinese counties, as a discrete-event simulation.

``import villagesim as vs`` stays light: what a name needs is loaded when the name is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from villagesim.errors import VillagesimError
    from villagesim.files.scenario import load_scenario
    from villagesim.outcomes import OUTCOMES
    from villagesim.parameters import DEFAULTS
    from villagesim.policies import (
        AccountFreeze,
        BothPosts,
        CleanUp,
        FiveIntegrations,
        Inspection,
        LandTrust,
        MoreMediators,
        Policy,
        ProfessionalSecretaries,
        Ranking,
        ThreeUnchanged,
        Training,
        poorest,
        richest,
        townships,
        villages,
    )  # fmt: skip
    from villagesim.questions.compare import compare
    from villagesim.run import Run
    from villagesim.scenario import Scenario
    from villagesim.simulation import simulate

__version__ = "0.1.0"

_HOMES = {
    "villagesim.errors": ("VillagesimError",),
    "villagesim.questions.compare": ("compare",),
    "villagesim.outcomes": ("OUTCOMES",),
    "villagesim.parameters": ("DEFAULTS",),
    "villagesim.policies": (
        "AccountFreeze", "BothPosts", "CleanUp", "FiveIntegrations", "Inspection", "LandTrust", "MoreMediators",
        "Policy", "ProfessionalSecretaries", "Ranking", "ThreeUnchanged", "Training", "poorest", "richest", "townships",
        "villages",
    ),
    "villagesim.run": ("Run",),
    "villagesim.scenario": ("Scenario",),
    "villagesim.files.scenario": ("load_scenario",),
    "villagesim.simulation": ("simulate",),
}  # fmt: skip

__all__ = [
    "DEFAULTS",
    "OUTCOMES",
    "AccountFreeze",
    "BothPosts",
    "CleanUp",
    "FiveIntegrations",
    "Inspection",
    "LandTrust",
    "MoreMediators",
    "Policy",
    "ProfessionalSecretaries",
    "Ranking",
    "Run",
    "Scenario",
    "ThreeUnchanged",
    "Training",
    "VillagesimError",
    "compare",
    "load_scenario",
    "poorest",
    "richest",
    "simulate",
    "townships",
    "villages",
]


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module 'villagesim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]

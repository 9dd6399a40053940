"""Every kind of question by the word of its command."""

from importlib import import_module
from typing import Any

from villagesim.errors import DesignError, nearest

KINDS = {
    "compare": "Comparison",
    "uncertainty": "Uncertainty",
    "sweep": "Sweep",
    "trial": "Trial",
    "sensitivity": "Sensitivity",
    "attribute": "Attribution",
    "discover": "Discovery",
    "robust": "Robustness",
    "calibrate": "Calibration",
    "budget": "Allocation",
    "validate": "Validation",
    "forecast": "Forecast",
    "worth": "Worth",
    "cohort": "Cohort",
}
"""Word of the command: class, in the module of the same name."""
ELSEWHERE = ("validate", "cohort")
"""Questions about other places than the scenario's."""


def known() -> str:
    """All kinds, as a sentence for the end of a message."""
    return f"Known: {', '.join(KINDS)}."


def kind_of(name: object) -> Any:
    """Kind of question by the word of its command.

    Raises
    ------
    DesignError
        Where there is none of this name.
    """
    if not isinstance(name, str) or name not in KINDS:
        raise DesignError(f"{name!r} is not a kind of question.", fix=nearest(str(name), KINDS))
    return getattr(import_module(f"villagesim.questions.{KINDS[name].lower()}"), KINDS[name])

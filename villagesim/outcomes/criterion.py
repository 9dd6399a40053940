"""Criteria: an outcome of the county held against a level."""

from dataclasses import dataclass
from typing import Any

from villagesim.errors import OutcomeError
from villagesim.outcomes.outcomes import OUTCOMES, Outcomes


def check_level(name: str, value: float, outcomes: Outcomes = OUTCOMES) -> None:
    """Refuse a level that a share or an index cannot have, as 30 for 30%.

    Raises
    ------
    OutcomeError
    """
    unit = outcomes[name].unit
    if unit.startswith(("share ", "index")) and not -1 <= value <= 1:
        raise OutcomeError(f"{name} = {value:g} cannot be: its unit is {unit}, and 1 is all.", fix="Write 30% as 0.3.")


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """An outcome of the county is at or above a level, or below it.

    Attributes
    ----------
    outcome : str
        Any outcome.
    at_least : float
        It holds at or above this [that of the outcome].
    below : float
        It holds below this; give this or ``at_least`` [that of the outcome].
    """

    outcome: str
    at_least: float | None = None
    below: float | None = None

    def __post_init__(self) -> None:
        if (self.at_least is None) == (self.below is None):
            what = type(self).__name__.lower()
            raise OutcomeError(
                f"a {what} on {self.outcome} needs one level.", fix="Give at_least = ..., or below = ...."
            )

    def check(self, outcomes: Outcomes) -> None:
        """Refuse an outcome that the scenario does not have, and a level that the outcome cannot have.

        Raises
        ------
        OutcomeError
        """
        check_level(self.outcome, self.at_least if self.at_least is not None else self.below or 0.0, outcomes)

    def met_by(self, value: Any) -> Any:
        """Whether a value, or each of an array, meets it; NaN never does."""
        return value >= self.at_least if self.at_least is not None else value < self.below

    @property
    def level(self) -> str:
        """Its level in words."""
        return f"at least {self.at_least:g}" if self.at_least is not None else f"below {self.below:g}"

"""Goals: what was publicly promised, or found elsewhere, for an outcome at the end of a month."""

from dataclasses import dataclass

from villagesim.arrays import Bools, Floats
from villagesim.errors import ScenarioError
from villagesim.outcomes.definitions import outcome


@dataclass(frozen=True, kw_only=True)
class Goal:
    """An outcome of the county at the end of a month, held against a level.

    Attributes
    ----------
    outcome : str
    at : str
        Month, as 2022-12.
    at_least, below : float
        The level, in the outcome's unit; one of the two.
    source : str
        Who set it, or where it was found.
    """

    outcome: str
    at: str
    source: str
    at_least: float | None = None
    below: float | None = None

    def __post_init__(self) -> None:
        outcome(self.outcome)
        if (self.at_least is None) == (self.below is None):
            raise ScenarioError(f"a goal for {self.outcome} needs one level: at_least = ..., or below = ....")

    def reached(self, values: Floats) -> Bools:
        """Whether each value reaches it; NaN never does."""
        result: Bools = values >= self.at_least if self.at_least is not None else values < float(self.below or 0.0)
        return result

    def __str__(self) -> str:
        level = f"at least {self.at_least:g}" if self.at_least is not None else f"below {self.below:g}"
        return f"{self.outcome} {level} by {self.at}"

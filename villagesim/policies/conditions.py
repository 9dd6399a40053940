"""Conditions: a policy that waits until an outcome of the county crosses a level, as it was published at the last closing."""

from dataclasses import dataclass

from villagesim.errors import ScenarioError
from villagesim.outcomes import outcome
from villagesim.world import World


@dataclass(frozen=True, kw_only=True)
class Condition:
    """An outcome of the county is at or above a level, or below it.

    Attributes
    ----------
    outcome : str
    at_least, below : float
        The level, in the outcome's unit; one of the two.
    """

    outcome: str
    at_least: float | None = None
    below: float | None = None

    def __post_init__(self) -> None:
        outcome(self.outcome)
        if (self.at_least is None) == (self.below is None):
            raise ScenarioError(f"a condition on {self.outcome} needs one level: at_least = ..., or below = ....")

    def holds(self, world: World) -> bool:
        """Whether it holds today; an outcome that is not defined yet crosses nothing."""
        value = world.published(self.outcome)
        if self.at_least is not None:
            return value >= self.at_least
        return value < float(self.below or 0.0)

    def __str__(self) -> str:
        level = f"is at least {self.at_least:g}" if self.at_least is not None else f"is below {self.below:g}"
        return f"{self.outcome} {level}"

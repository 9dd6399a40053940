"""Conditions: a policy that waits until an outcome of the county crosses a level, as it was published at the last closing."""

from dataclasses import dataclass

from villagesim.outcomes.criterion import Criterion
from villagesim.world import World


@dataclass(frozen=True, kw_only=True)
class Condition(Criterion):
    """An outcome of the county is at or above a level, or below it, on the day."""

    def holds(self, world: World) -> bool:
        """Whether it holds today; an outcome that is not defined yet crosses nothing."""
        return bool(self.met_by(world.published(self.outcome)))

    def __str__(self) -> str:
        return f"{self.outcome} is {self.level}"

"""What tables need of a comparison; the comparison itself offers them, so they cannot import it."""

from typing import Protocol

from villagesim.arrays import Floats
from villagesim.scenario import Scenario


class Compared(Protocol):
    """Strategies in the same replications, see :class:`villagesim.questions.comparison.Comparison`."""

    scenario: Scenario
    strategies: tuple[str, ...]
    months: list[str]

    def values(self, name: str) -> Floats:
        """All values of one outcome, ``(n_strategies, n_replications, n_months)``."""

    def at(self, name: str, at: str | None = None) -> Floats:
        """Values of one outcome at the end of a month, ``(n_strategies, n_replications)``."""

    def smallest(self, name: str, at: str | None = None) -> float:
        """Smallest difference that matters, in the outcome's unit."""

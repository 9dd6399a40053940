"""Published figures: what was published, and what a run gives for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

import numpy as np

from villagesim.checks import number
from villagesim.design import applied
from villagesim.errors import DesignError
from villagesim.files.tables import checked
from villagesim.scenario import Scenario
from villagesim.simulation import simulate


@dataclass(frozen=True)
class PublishedFigure:
    """A published figure.

    Attributes
    ----------
    outcome : str
    value : float
        As published, in the outcome's unit.
    error : float
        Its standard error, or half its last digit; above 0. Taken as the standard deviation of a normal distribution.
    source : str
        Where it was published.
    at : str, optional
        Month whose last midnight it tells of, as 2025-12; the last of the run by default.
    """

    outcome: str
    value: float
    error: float
    source: str
    at: str | None = None

    def __post_init__(self) -> None:
        number(
            self.error,
            "error",
            above=0,
            fix=f"Half a unit of the last digit of {self.value} at least.",
            error=DesignError,
        )
        if not self.source.strip():
            raise DesignError("source is empty.", fix="Say where the figure was published.")


def read_figure(scenario: Scenario, table: Any) -> PublishedFigure:
    """Figure of a ``[[target]]``."""
    target: PublishedFigure = checked(PublishedFigure, table)
    return target


@dataclass(frozen=True, eq=False)
class SimulatedFigures:
    """One run at a place of the prior, with new luck each time: the figures that correspond to the targets.

    A run that fails, or in which an outcome is not defined, is infinitely far from the targets, and never accepted.
    """

    scenario: Scenario
    strategy: str
    seed: int
    targets: tuple[tuple[PublishedFigure, str], ...]
    whole: frozenset[str] = frozenset()

    def __call__(self, place: Mapping[str, float]) -> dict[str, float]:
        """Run once, and look up the figures by their number."""
        replication = int(np.random.randint(1, 2**31 - 1))  # noqa: NPY002 - the luck of the library that calls
        values = {path: round(value) if path in self.whole else value for path, value in place.items()}
        try:
            run = simulate(applied(self.scenario, values), self.strategy, self.seed, replication)
        except Exception:
            return {str(k): inf for k in range(len(self.targets))}
        county = run.county.set_index("month")
        figures = [float(county.loc[month, target.outcome]) for target, month in self.targets]
        return {str(k): figure if isfinite(figure) else inf for k, figure in enumerate(figures)}

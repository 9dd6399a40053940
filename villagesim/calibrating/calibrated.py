"""The calibration from end to end: a design over the prior, what is chosen, the chain, the posterior, and its tables."""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from villagesim.arrays import Bools, Floats, Ints
from villagesim.calibrating.chosen import chosen, expected
from villagesim.calibrating.figures import figures, targets_by_place
from villagesim.calibrating.numbers import Bounds, Number, numbers_of, scaled
from villagesim.calibrating.posterior import Matched, Walks
from villagesim.design import Design
from villagesim.evidence import read_places, read_targets, scenario_of
from villagesim.questions.validation import drawn

if TYPE_CHECKING:
    import pandas as pd

FOLDS = 10
"""Parts of the design for planted cases, whose chains rest on the other parts."""
ROWS = 1_000
"""Rows of the posterior that are kept."""


@dataclass(frozen=True, eq=False)
class Calibrated:
    """All that comes of figures of places at the points of a design.

    Attributes
    ----------
    bounds : dict of path to (low, high)
        Of all that is drawn.
    unit : (n_points, n_paths)
    figures : DataFrame
        A row a point, a column a target, in its unit.
    seed, steps : int
        Of the walks.
    """

    bounds: Bounds
    unit: Floats
    figures: "pd.DataFrame"
    seed: int
    steps: int = 20_000

    @cached_property
    def offered(self) -> list[Number]:
        """Numbers that may set values."""
        return numbers_of(self.figures, self.bounds)

    @cached_property
    def expected(self) -> "pd.DataFrame":
        """What they can say of each parameter that moves one, whatever was published."""
        return expected(self.bounds, self.unit, scaled(self.offered, self.figures), self.offered)

    @cached_property
    def chosen(self) -> Bounds:
        """Ranges of what is calibrated."""
        return {path: self.bounds[path] for path in chosen(self.expected)}

    @cached_property
    def numbers(self) -> list[Number]:
        """Numbers that speak to what is calibrated."""
        return [number for number in self.offered if not number.path or number.path in self.chosen]

    def chain(self, points: Ints | slice = slice(None)) -> Matched:
        """Matched that rests on some points of the design."""
        columns = [list(self.bounds).index(path) for path in self.chosen]
        figures = scaled(self.numbers, self.figures)
        return Matched.of(self.chosen, self.unit[points][:, columns], figures[points], self.numbers)

    @cached_property
    def of_all(self) -> Matched:
        """Matched that rests on all points."""
        return self.chain()

    @cached_property
    def without(self) -> tuple[Matched, ...]:
        """Chains that each lack one part of the points: every point of :data:`FOLDS` is in the first part, and so on."""
        part = np.arange(len(self.figures)) % FOLDS
        return tuple(self.chain(np.flatnonzero(part != fold)) for fold in range(FOLDS))

    @cached_property
    def fits(self) -> Bools:
        """Which numbers some value fits."""
        return self.of_all.fits(self.of_all.values)

    @cached_property
    def walks(self) -> Walks:
        """Walks over the posterior."""
        return self.of_all.posterior(self.of_all.values, self.fits, self.seed, self.steps)

    @cached_property
    def strict(self) -> Walks:
        """Walks over the posterior without the numbers that set any value or range."""
        known = read_targets()
        blameless = np.array([not known[number.id].sets for number in self.numbers])
        return self.of_all.posterior(self.of_all.values, self.fits & blameless, self.seed, self.steps)

    @cached_property
    def rows(self) -> Floats:
        """Rows of the posterior that are kept, as values, ``(n_rows, n_chosen)``."""
        low, high = np.array(list(self.chosen.values())).T
        return low + self.walks.rows(ROWS, self.seed) * (high - low)


def over_the_prior(n: int, seed: int, of: int = 0) -> dict[str, Design]:
    """Draws of all that is not well known, by place; what places have in common has the same values in all.

    Parameters
    ----------
    of : int
        Points of the whole sample, of which the first ``n`` are taken, so that more can be added later; ``n`` by default.
    """
    known = read_places()
    whole = {place: drawn(known[place], scenario_of(place), of or n, seed) for place in targets_by_place()}
    return {place: _first(n, design) for place, design in whole.items()}


def _first(n: int, design: Design) -> Design:
    assert design.unit is not None
    return replace(design, points=design.points.iloc[:n], unit=design.unit[:n])


def calibrated(n: int, seed: int, folder: Path, of: int = 0, workers: int | None = None) -> Calibrated:
    """Run the first ``n`` points of a design of ``of``, or take what is there of it, and calibrate."""
    designs = over_the_prior(n, seed, of)
    bounds: dict[str, tuple[float, float]] = {}
    columns: dict[str, Floats] = {}
    for design in designs.values():
        assert design.unit is not None
        for factor, column in zip(design.factors, design.unit.T, strict=True):
            bounds[factor.path] = (float(factor.low), float(factor.high))  # type: ignore[arg-type]
            columns[factor.path] = column
    made = figures(designs, seed, folder, workers)
    return Calibrated(bounds, np.stack(list(columns.values()), axis=1), made, seed)

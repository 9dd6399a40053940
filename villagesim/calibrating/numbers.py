"""Published numbers beside what came out at the points of a design, on the scale on which they are compared.

Money and ratios are compared by their logarithms, as their errors are shares of them; shares, rises and yearly growth as they
are. A number that speaks to a parameter counts where it did not set that parameter's own value or range: it would count twice,
as what is known before and as what is learnt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from villagesim.arrays import Floats
from villagesim.evidence import PublishedTarget, read_targets

if TYPE_CHECKING:
    import pandas as pd

OWN = 0.5
"""Standard deviation between places of their own value of a parameter, in standard deviations of its range. Source:
assumption; nobody has measured one in many places. At 0 one place would tell of all others."""

Bounds = Mapping[str, tuple[float, float]]
"""Ends of ranges by path."""


@dataclass(frozen=True)
class Number:
    """A published number on the scale on which it is compared.

    Attributes
    ----------
    id, place : str
    value, error : float
        Total error, of the figure and of its reporting.
    log : bool
        The scale is the logarithm.
    path : str
        Parameter that it speaks to; empty where runs say what it would be.
    """

    id: str
    place: str
    value: float
    error: float
    log: bool = False
    path: str = ""

    def scaled(self, figures: Floats) -> Floats:
        """Figures of runs on this scale."""
        return np.log(figures) if self.log else figures

    def back(self, values: Floats) -> Floats:
        """Values on this scale in the unit of the number."""
        return np.asarray(np.exp(values)) if self.log else values


FAR = 3.0
"""Standard deviations beyond which a number is implausible. Source: Pukelsheim 1994, American Statistician 48, 88-91."""


def numbers_of(figures: "pd.DataFrame", bounds: Bounds) -> list[Number]:
    """Numbers that may set values: those with figures of runs, and those that speak to a parameter that is not well known."""
    known = read_targets()
    return [_number(known[name], figures[name].to_numpy()) for name in figures] + [
        number for number in _direct(bounds) if _within(number, bounds)
    ]


def beyond_their_range(bounds: Bounds) -> list[Number]:
    """Numbers that speak to a parameter and lie outside of its range, whatever their error: they speak against the range."""
    return [number for number in _direct(bounds) if not _within(number, bounds)]


def _within(number: Number, bounds: Bounds) -> bool:
    low, high = bounds[number.path]
    return low - FAR * number.error <= number.value <= high + FAR * number.error


def _direct(bounds: Bounds) -> list[Number]:
    return [
        Number(target.id, target.place, target.value, target.total_error, path=f"parameters.{target.outcome}")
        for target in read_targets().values()
        if target.use == "calibrate"
        and not target.is_outcome
        and f"parameters.{target.outcome}" in bounds
        and target.outcome not in target.sets.split("; ")
    ]


def _number(target: PublishedTarget, figures: Floats) -> Number:
    log = target.how == "level" and not target.is_share and bool((figures[np.isfinite(figures)] > 0).all())
    value, error = target.value, target.total_error
    return Number(target.id, target.place, *((float(np.log(value)), error / value) if log else (value, error)), log=log)


def scaled(numbers: Sequence[Number], figures: "pd.DataFrame") -> Floats:
    """Figures of those that runs speak of, each on its scale, ``(n_points, n)``."""
    return np.stack([n.scaled(figures[n.id].to_numpy()) for n in numbers if not n.path], axis=1)


def own_values(numbers: Sequence[Number], slopes: Floats) -> Floats:
    """Covariance of numbers as places have values of their own, by slopes ``(n_parameters, n_numbers)``."""
    places = np.array([number.place for number in numbers])
    covariance: Floats = OWN**2 * slopes.T @ slopes * (places[:, np.newaxis] == places)
    return covariance

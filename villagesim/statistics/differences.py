"""How large a paired difference is, where luck is shared and most differences of rare things are therefore zero.

Student's interval fails there: a sample without the rare event looks like certainty. So a difference comes with the number
of replications in which there is one at all, and gets its interval by one of three rules:

- at least `LEAST` replications vary: Student's interval, a little longer, and more so on the side of the skewness (Hall);
- fewer, and the outcome has bounds: chance of a deviation (Clopper and Pearson) times the largest it could be;
- fewer, and no bounds: no interval, as no number of equal replications says how large the rare event is.

Left out: an event so rare that the sample has none of it, behind differences that all vary. Nothing in a sample tells that
it is there; `make coverage` measures for which outcomes it matters.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv, stdtr, stdtrit

from villagesim.arrays import Bools, Floats, Ints
from villagesim.statistics.intervals import ROUNDING, Interval

__all__ = [
    "LEAST",
    "Difference",
    "difference_bounds",
    "difference_interval",
    "difference_intervals",
    "is_sparse",
    "never_differs",
    "paired",
    "skewed_bounds",
    "without_rounding",
]

LEAST = 10
"""Replications that must deviate from the commonest value before their spread is believed; half of fewer than 20."""

UNDERSTATED, FROM, FURTHEST = 1.75, 30, 2.0
"""So many replications show about three fifths of the skewness of what they were drawn from; fewer show little but luck. And
intervals are longer by one part in so many replications or more, for what a sample has not seen. On the side of the skewness
they reach so many times as far as Student's at most: beyond that the formula bends back on itself, and covers no more."""

UNBOUNDED = (-math.inf, math.inf)


@dataclass(frozen=True)
class Difference(Interval):
    """A mean paired difference; bounds are NaN where it is too sparse, or cannot be known.

    Attributes
    ----------
    n_differ : int
        Replications in which there is any difference.
    """

    n_differ: int = 0

    @property
    def differs(self) -> str:
        """In how many replications there is any difference, in words."""
        return f"{self.n_differ} of {self.n}"


def is_sparse(differs: str) -> bool:
    """Whether so few replications differ, as ``"3 of 40"``, that an interval only says how large a rare event may be."""
    n_differ, _, n = differs.partition(" of ")
    return n.isdecimal() and int(n_differ) < needed(int(n))


def never_differs(differs: str) -> bool:
    """Whether no replication differs, as ``"0 of 40"``: what interval there is says nothing of what was seen."""
    return differs.startswith("0 of ")


def needed(n: int) -> int:
    """Replications of ``n`` that must deviate before their spread is believed."""
    return min(LEAST, (n + 1) // 2)


def paired(own: ArrayLike, other: ArrayLike) -> Floats:
    """Differences in the same replications; zero where the two are the same number but for rounding."""
    a, b = np.asarray(own, float), np.asarray(other, float)
    difference = a - b
    return np.where(np.abs(difference) <= ROUNDING * np.maximum(np.abs(a), np.abs(b)), 0.0, difference)


def without_rounding(sums: ArrayLike, figures: ArrayLike) -> Floats:
    """Sums and differences of figures, zero where rounding alone may have left something."""
    x = np.asarray(sums, float)
    return np.where(np.abs(x) <= ROUNDING * np.nanmax(np.abs(figures), initial=0.0), 0.0, x)


def difference_interval(
    differences: ArrayLike,
    bounds: tuple[float, float] = UNBOUNDED,
    *,
    confidence: float = 0.95,
    n_comparisons: int = 1,
    quantile: float | None = None,
) -> Difference:
    """Mean of paired differences with its simulation error.

    Parameters
    ----------
    differences : array, shape (n,)
        From `paired`; a NaN makes the whole interval NaN.
    bounds : (float, float)
        Least and most that the *outcome* can be; its differences lie within plus or minus their distance, where their
        intervals end at the latest.
    confidence : float
        Of all ``n_comparisons`` intervals together.
    n_comparisons : int
        How many intervals are read side by side (Bonferroni).
    quantile : float, optional
        Standard errors either way, instead of those that follow from ``confidence`` and ``n_comparisons``.

    Notes
    -----
    Source: Clopper and Pearson 1934, Biometrika 26, 404-413; Hall 1992, Journal of the Royal Statistical Society B 54,
    221-228. The least number of replications that vary, and how much longer intervals are, is chosen on measured coverage.
    """
    x = np.asarray(differences, float)[np.newaxis]
    return difference_intervals(x, bounds, confidence=confidence, n_comparisons=n_comparisons, quantile=quantile)[0]


def difference_intervals(
    differences: ArrayLike,
    bounds: tuple[float, float] = UNBOUNDED,
    *,
    confidence: float = 0.95,
    n_comparisons: int = 1,
    quantile: float | None = None,
) -> list[Difference]:
    """As `difference_interval`, of the same replications of many, ``(n_samples, n)``."""
    x = np.ascontiguousarray(differences, float)
    n = x.shape[1]
    found = [Difference(math.nan, math.nan, math.nan, math.nan, n)] * len(x)
    whole = np.flatnonzero(np.isfinite(x).all(axis=1)) if n else np.empty(0, int)
    if not len(whole):
        return found
    x = x[whole]
    equal = (x == x[:, :1]).all(axis=1)
    mean = np.where(equal, x[:, 0], x.mean(axis=1))  # the mean of equal numbers has rounding in it
    low = high = np.full(len(x), np.nan)
    varied = np.ones(len(x), bool)
    if n > 1:
        if quantile is None:
            quantile = float(stdtrit(n - 1, 1 - (1 - confidence) / (2 * n_comparisons)))
        low, high, varied = difference_bounds(x, bounds, quantile)
    half, most = (high - low) / 2, bounds[1] - bounds[0]
    low, high = np.maximum(low, -most), np.minimum(high, most)  # further it cannot be
    columns = mean, low, high, half, np.where(varied, 0.5, 1.0), equal & (n > 1), np.count_nonzero(x, axis=1)
    for row, m, below, above, half, falls, same, n_differ in zip(whole, *(c.tolist() for c in columns), strict=True):
        found[row] = Difference(m, below, above, half, n, falls, same, n_differ)
    return found


def difference_bounds(
    differences: Floats, bounds: tuple[float, float], quantile: float
) -> tuple[Floats, Floats, Bools]:
    """As `difference_interval`, for many samples at once.

    Parameters
    ----------
    differences : array, shape (n_samples, n)
        Finite, with at least two replications.

    Returns
    -------
    low, high : arrays, shape (n_samples,)
        NaN where the sample is too sparse.
    varied : array, shape (n_samples,)
        Enough replications vary for their spread to be believed.
    """
    x, n = differences, differences.shape[1]
    commonest, times = _commonest(x)
    varied = n - times >= needed(n)
    spread = skewed_bounds(*_moments(x), n, quantile)
    counted = _counted(x, commonest, bounds[1] - bounds[0], 2 * float(stdtr(n - 1, -quantile)))
    low, high = np.where(varied, spread, counted)
    return low, high, varied


def skewed_bounds(mean: ArrayLike, sd: ArrayLike, skewness: ArrayLike, n: ArrayLike, quantile: ArrayLike) -> Floats:
    """Student's interval of a mean, a little longer, and Hall's for skewed samples where that reaches further, (2, ...).

    Parameters
    ----------
    mean, sd, skewness : arrays, shape (...)
        Of the sample; ``skewness`` [1] without bias.
    n, quantile : arrays, shape (...)
        Replications, and standard errors either way.
    """
    mean, sd, n = (np.asarray(values, float) for values in (mean, sd, n))
    student = np.asarray(quantile, float) / np.sqrt(n) * (1 + 1 / np.maximum(n, FROM))
    g = UNDERSTATED * np.minimum(n / FROM, 1.0) * np.asarray(skewness, float)
    g = np.where(np.abs(g) < 1e-6, 1e-6, g)  # its limit is Student's
    below, above = (3 / g * (np.cbrt(1 + g * (side * student - g / (6 * n))) - 1) for side in (1, -1))
    below = np.minimum(np.maximum(below, student), FURTHEST * student)
    above = np.minimum(np.maximum(above, -FURTHEST * student), -student)
    return np.array([mean - sd * below, mean - sd * above])


def _moments(x: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean, standard deviation and skewness [1] of each row; no skewness of rows that do not vary, or of two."""
    n = x.shape[1]
    mean = x.sum(axis=1) / n
    centred = x - mean[:, np.newaxis]
    spread = np.sqrt((centred**2).sum(axis=1) / n)
    skewed = (spread > 0) & (n > 2)
    cubes = (centred**3).sum(axis=1) / n * (math.sqrt(n * (n - 1)) / max(n - 2, 1))
    skewness = np.divide(cubes, spread**3, out=np.zeros(len(x)), where=skewed)
    return mean, spread * math.sqrt(n / (n - 1)), skewness


def _commonest(x: Floats) -> tuple[Floats, Ints]:
    """The commonest value of each row, and how often it comes; the least of several."""
    n_rows, n = x.shape
    ordered = np.sort(x, axis=1)
    begins = np.ones(x.shape, bool)
    begins[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    if begins.all():
        return ordered[:, 0], np.ones(n_rows, int)
    starts = np.flatnonzero(begins)
    row, length = starts // n, np.diff(np.append(starts, x.size))
    longest = np.maximum.reduceat(length, np.searchsorted(row, np.arange(n_rows)))
    among = np.flatnonzero(length == longest[row])
    first = among[np.searchsorted(row[among], np.arange(n_rows))]
    return ordered.ravel()[starts[first]], longest


def _counted(x: Floats, commonest: Floats, size: float, error: float) -> Floats:
    """Intervals from how many replications deviate from the commonest value, and how far any could, (2, n_rows)."""
    n = x.shape[1]
    if not math.isfinite(size):
        return np.full((2, len(x)), np.nan)
    above, below = ((x > commonest[:, np.newaxis]).sum(axis=1), (x < commonest[:, np.newaxis]).sum(axis=1))
    equal = (above == 0) & (below == 0)
    down, up = (
        np.where(equal, 1 - error ** (1 / n), betaincinv(k + 1, np.maximum(n - k, 1), 1 - error / 2))
        for k in (below, above)
    )
    return np.stack([commonest - down * (commonest + size), commonest + up * (size - commonest)])

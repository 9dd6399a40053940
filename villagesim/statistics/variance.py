"""How much of the spread is one county's chance, and how much is uncertainty: a one-way split of variance.

Two replications a draw of what is not known are enough, and more draws are better than more replications: with 120 runs,
60 draws of two tell more than 4 of 30.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import fdtri

from villagesim.errors import DesignError

__all__ = ["Split", "explained", "split_variance"]


@dataclass(frozen=True)
class Split:
    """Spread of an outcome, in its unit.

    Attributes
    ----------
    mean : float
    chance : float
        Standard deviation of one county's chance, parameters and map being known.
    uncertainty : float
        Standard deviation of the mean over what is not known.
    share, low, high : float
        Share of the whole variance that is uncertainty [1], with its interval.
    """

    mean: float
    chance: float
    uncertainty: float
    share: float
    low: float
    high: float


def split_variance(values: ArrayLike, confidence: float = 0.95) -> Split:
    """Split the spread into chance within draws and uncertainty between them.

    Parameters
    ----------
    values : array, shape (n_draws, n_replications)
        At least two of each; a NaN makes all NaN. Every draw must have luck of its own: what all share is told from neither.

    Notes
    -----
    One-way random effects by analysis of variance; the interval of the share is exact for normal draws and chance.

    Source: Searle, Casella and McCulloch 1992, Variance Components, sections 3.5 and 3.6.
    """
    x = np.asarray(values, float)
    n_draws, n = x.shape
    if n_draws < 2 or n < 2:
        raise DesignError(
            f"{n_draws} draws of {n} replications cannot tell chance from uncertainty.",
            fix="Give at least two of each.",
        )
    if not np.isfinite(x).all():
        return Split(*[math.nan] * 6)
    means = x.mean(axis=1)
    within = float(((x - means[:, np.newaxis]) ** 2).sum() / (n_draws * (n - 1)))
    between = float(n * means.var(ddof=1))
    uncertainty = max((between - within) / n, 0.0)
    total = within + uncertainty
    share = uncertainty / total if total > 0 else math.nan
    low, high = _share_interval(between, within, n_draws, n, confidence)
    return Split(float(means.mean()), math.sqrt(within), math.sqrt(uncertainty), share, low, high)


def explained(y: ArrayLike, x: ArrayLike) -> float:
    """Share of the variance of a number that goes with some inputs, by a straight line in each, corrected for their number.

    Parameters
    ----------
    y : array, shape (n,)
    x : array, shape (n, n_inputs)
        Fewer inputs than numbers; none explain nothing.

    Returns
    -------
    float
        Adjusted R squared, 0 at least.
    """
    y, x = np.asarray(y, float), np.asarray(x, float)
    n, k = x.shape
    if not k or not y.var():
        return 0.0
    if n <= k + 1:
        raise DesignError(f"{n} numbers cannot tell {k} inputs apart.", fix="Take more draws.")
    centred = x - x.mean(axis=0)
    left = y - y.mean()
    rest = left - centred @ np.linalg.lstsq(centred, left, rcond=None)[0]
    return float(max(1 - (rest @ rest) / (left @ left) * (n - 1) / (n - k - 1), 0.0))


def _share_interval(between: float, within: float, n_draws: int, n: int, confidence: float) -> tuple[float, float]:
    if within == 0:
        return (1.0, 1.0) if between > 0 else (math.nan, math.nan)
    ratio, freedom = between / within, (n_draws - 1, n_draws * (n - 1))
    tail = (1 - confidence) / 2
    scaled = [ratio / float(fdtri(*freedom, p)) for p in (1 - tail, tail)]
    low, high = (max((f - 1) / (f + n - 1), 0.0) for f in scaled)
    return low, high

"""Ratios of two uncertain numbers: of two means, and of two variances.

The ratio of two means has Fieller's interval, and none where the mean below the line cannot be told from nothing. The ratio
of two variances says what common random numbers are worth.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from villagesim.arrays import Floats
from villagesim.statistics.intervals import ROUNDING, resamples

__all__ = ["Ratio", "ratio_of_means", "variance_ratio"]


@dataclass(frozen=True)
class Ratio:
    """A ratio of two variances [1] with its bootstrap interval; infinite where nothing is left to vary."""

    value: float
    low: float
    high: float


def variance_ratio(a: ArrayLike, b: ArrayLike, seed: int, n_boot: int = 2000, confidence: float = 0.95) -> Ratio:
    """Say how many times more replications a comparison would need without common random numbers.

    The variance that the difference of two strategies would have if they were independent, over the variance that
    their paired difference has. 1 is no gain; below 1 pairing does harm.

    Parameters
    ----------
    a, b : arrays, shape (n,)
        The two strategies in the same replications.
    seed : int
        Key of the resamples.
    n_boot : int
        Resamples of whole replications, for a percentile interval: too narrow for few replications or heavy tails.

    Returns
    -------
    Ratio
        Infinite if the difference is the same in every replication; NaN if nothing varies, or a value is NaN.
    """
    x, y = np.asarray(a, float), np.asarray(b, float)
    if len(x) < 2 or not np.isfinite(x + y).all():
        return Ratio(math.nan, math.nan, math.nan)
    value = float(_ratios(x, y, np.ones((1, len(x))))[0])
    resampled = _ratios(x, y, resamples(seed, len(x), n_boot))
    resampled = resampled[~np.isnan(resampled)]  # one replication drawn n times over says nothing
    if math.isnan(value) or not len(resampled):
        return Ratio(value, math.nan, math.nan)
    tail = (1 - confidence) / 2
    low, high = np.quantile(resampled, (tail, 1 - tail), method="inverted_cdf")  # does not interpolate to infinity
    return Ratio(value, float(low), float(high))


def ratio_of_means(
    numerator: ArrayLike, denominator: ArrayLike, confidence: float = 0.95
) -> tuple[float, float, float]:
    """Ratio of two means of the same replications, with Fieller's interval.

    Returns
    -------
    ratio, low, high
        NaN for a single replication, and where the mean below cannot be told from nothing; no ends where nothing varies.

    Notes
    -----
    Source: Fieller 1954, Journal of the Royal Statistical Society B 16, 175-185.
    """
    x, y = np.asarray(numerator, float), np.asarray(denominator, float)
    n, nothing = len(x), (math.nan, math.nan, math.nan)
    if n < 2 or not np.isfinite(x + y).all() or not abs(y.mean()) > 0:
        return nothing
    above, below = float(x.mean()), float(y.mean())
    quantile = float(stdtrit(n - 1, (1 + confidence) / 2))
    g = (quantile * float(y.std(ddof=1)) / math.sqrt(n) / below) ** 2
    if g >= 1:
        return nothing
    variance_x, covariance, _, variance_y = (np.cov(x, y) / n).ravel()
    ratio = above / below
    left = variance_x - covariance**2 / variance_y if variance_y > 0 else variance_x
    middle = (ratio - (g * covariance / variance_y if variance_y > 0 else 0.0)) / (1 - g)
    spread = max(variance_x - 2 * ratio * covariance + ratio**2 * variance_y - g * left, 0.0)
    reach = quantile / (abs(below) * (1 - g)) * math.sqrt(spread)
    return (ratio, middle - reach, middle + reach) if reach > ROUNDING * abs(ratio) else (ratio, math.nan, math.nan)


def _ratios(x: Floats, y: Floats, weights: Floats) -> Floats:
    """Variance if independent over variance when paired, for each row of weights."""
    floor = (ROUNDING * max(np.abs(x).max(), np.abs(y).max())) ** 2
    apart = _variances(x, weights, floor) + _variances(y, weights, floor)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(apart / _variances(x - y, weights, floor))


def _variances(x: Floats, weights: Floats, floor: float) -> Floats:
    """Variance of ``x`` under each row of weights; zero where it is no more than rounding."""
    centred = x - x.mean()  # else the difference of two large squares loses all digits
    share = weights / weights.sum(axis=1, keepdims=True)
    variance = share @ centred**2 - (share @ centred) ** 2
    return np.where(variance > floor, variance, 0.0)

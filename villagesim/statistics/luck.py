"""Luck taken out of the means of points: what is not known is told from chance before anything is counted.

A point is one state of what is not known. Its mean over few replications is mostly luck, so the share of points above a level,
or the best strategy of a point, would count luck as not knowing. The means are drawn together until they vary as much as what
is not known does, which is the covariance of two replications of a point over the points. Where that cannot be told from
zero, all points are taken for alike: where it would be as large in one of a hundred cases with the signs of its parts drawn anew
(whatever the size of luck at a point), or in one of twenty with all runs dealt out to the points anew (whatever its shape).

Left out: differences between points in the size of luck, and what the values of the factors say about a point.
"""

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri, stdtrit

from villagesim.arrays import Bools, Floats, Ints
from villagesim.errors import DesignError
from villagesim.randomness import Draws
from villagesim.statistics.regret import Share, share_on_target

__all__ = ["Told", "chance_alone", "share_above", "told"]

BY_SIGNS, BY_DEALING = 0.01, 0.05
"""So often may points that are alike be taken for different."""
N_FLIPS, N_DEALS, N_TIMES = 499, 99, 200
AT_ONCE = 2**16
"""Numbers dealt out at once."""
AROUND = 6
"""Months before and after one that tell how large a part of the variance is not known."""


@dataclass(frozen=True, eq=False)
class Told:
    """Points without their luck, in the unit of the outcome.

    Attributes
    ----------
    points : (n_points, ...) array
        Mean of each point, without its luck.
    mean, error : (...) arrays
        Of all points, with its standard error.
    spread, low, high : (...) arrays
        Standard deviation of what is not known, with its 95% interval; the spread is 0 where it cannot be told from luck.
    means : (n_points, ...) array
        As they were, luck included.
    luck : (n_points, n_replications, ...) array
        Of each run: what is left without its point, as wide as luck is.
    """

    points: Floats
    mean: Floats
    error: Floats
    spread: Floats
    low: Floats
    high: Floats
    means: Floats
    luck: Floats

    @property
    def as_told(self) -> Floats:
        """Points without their luck, NaN where they cannot be told from it."""
        return np.where((self.spread == 0) & (self.luck != 0).any(axis=(0, 1)), np.nan, self.points)

    def turned(self) -> "Told":
        """The same of the values with the other sign, to the bit."""
        return replace(self, points=-self.points, mean=-self.mean, means=-self.means, luck=-self.luck)

    def as_wide_as(self, spread: ArrayLike, mean: ArrayLike) -> Floats:
        """Points, had what is not known this spread and this mean."""
        wide = self.means.std(axis=0, ddof=1)
        narrower = np.divide(np.minimum(spread, wide), wide, out=np.zeros_like(wide), where=wide > 0)
        as_they_were = (np.asarray(spread) >= wide) & (np.asarray(mean) == self.mean)
        return np.where(as_they_were, self.means, mean + (self.means - self.mean) * narrower)  # to the bit


def told(values: ArrayLike, *, series: bool = False) -> Told:
    """Tell what is not known from luck.

    Parameters
    ----------
    values : array, shape (n_points, n_replications, ...)
        At least two of each; every point has luck of its own. What follows, as months, is told each by itself.
    series : bool
        What follows are months of one series, which is told as a whole: whether points differ in it at all, and then in every
        month how much. The part of the variance of the means that is not known is averaged over the year around the month.

    Notes
    -----
    The points keep their order and the shape of their distribution; their variance is that of what is not known.

    Source: Good 2005, Permutation, Parametric and Bootstrap Tests of Hypotheses (changes of sign, deals); Louis 1984, Journal of
    the American Statistical Association 79, 393-398 (estimates as wide as what they estimate); Robbins 1956 (empirical Bayes).
    """
    x = np.asarray(values, float)
    n_points, n = x.shape[:2]
    if n_points < 2 or n < 2:
        raise DesignError(
            f"{n_points} points of {n} replications cannot tell luck from not knowing.",
            fix="Give at least two of each.",
        )
    means = x.mean(axis=1)
    mean, wide = means.mean(axis=0), means.std(axis=0, ddof=1)
    about = x - mean
    products = (about.sum(axis=1) ** 2 - (about**2).sum(axis=1)) / (n * (n - 1))
    variance = products.sum(axis=0) / (n_points - 1)
    doubt = products.std(axis=0, ddof=1) / math.sqrt(n_points)
    two_sided = float(stdtrit(n_points - 1, 0.975))
    no_luck = (x == x[:, :1]).all(axis=(0, 1))
    if series:
        size = np.where(x.std(axis=(0, 1)) > 0, x.std(axis=(0, 1)), 1.0)
        whole = np.nan_to_num(products / size**2).sum(axis=-1), np.nan_to_num(about / size)
        differ, variance = _differ(whole[1], whole[0]), _over_a_year(variance, wide**2, ~no_luck)
    else:
        differ = _differ(about, products)
    beyond = np.where(differ, np.maximum(variance, 0.0), 0.0)
    ends = np.sqrt(np.maximum([beyond, variance - two_sided * doubt, variance + two_sided * doubt], 0.0))
    spread, low, high = np.where(no_luck, wide, ends)
    rest = Told(means, mean, wide / math.sqrt(n_points), spread, low, high, means, x)
    points = rest.as_wide_as(spread, mean)
    return replace(rest, points=points, luck=_luck(x, means, points - mean))


def share_above(found: Told, level: float, confidence: float = 0.95) -> Share:
    """Share of points above a level, luck taken out, with an interval for the points, their mean and their spread.

    As wide as the widest of what a share of so many points may be, and what follows where mean and spread lie at the ends
    of their intervals.
    """
    share = share_on_target(found.points > level, confidence)
    half = ndtri(0.5 + confidence / 2) * found.error
    ends = [
        float((found.as_wide_as(spread, mean) > level).mean())
        for spread in (found.low, found.high)
        for mean in (found.mean - half, found.mean + half)
    ]
    return Share(share.value, min(share.low, *ends), max(share.high, *ends), share.n)


def chance_alone(found: Told, level: float) -> float:
    """Share of points that would lie above a level were nothing unknown: had all the mean of all, and luck of their own."""
    luck = found.luck.ravel()[_places(*found.luck.shape)].mean(axis=2)
    return float((found.mean + luck > level).mean())


def _over_a_year(variance: Floats, whole: Floats, counts: Bools) -> Floats:
    """Variance by month, ``(n_months,)``, whose part of the whole is the mean of six months before and after that count."""
    known = counts & np.isfinite(variance) & (whole > 0)
    part = np.divide(variance, whole, out=np.zeros_like(variance), where=known)
    month = np.arange(len(part))
    near = (np.abs(month[:, np.newaxis] - month) <= AROUND) * known.astype(float)
    return np.divide(near @ part, near.sum(axis=1), out=np.full_like(part, np.nan), where=known) * whole


def _differ(about: Floats, products: Floats) -> Bools:
    """Whether points differ by more than luck, by both tests, ``(...)``; what ``products`` do not have is summed over."""
    n_points, n = about.shape[:2]
    least = (1 - 1e-9) * products.sum(axis=0)  # the same number in another order is no more
    as_large = (np.tensordot(_signs(n_points), products, axes=1) >= least).sum(axis=0)
    over = (1, *range(products.ndim + 1, about.ndim))
    runs, dealt = about.reshape(n_points * n, *about.shape[2:]), 0
    between = (1 - 1e-9) * (about[np.newaxis].sum(axis=2) ** 2).sum(axis=over)
    for deals in np.array_split(_deals(n_points * n), math.ceil(N_DEALS * about.size / AT_ONCE)):
        sums = runs[deals].reshape(len(deals), *about.shape).sum(axis=2)
        dealt = dealt + ((sums**2).sum(axis=over) >= between).sum(axis=0)
    return np.asarray((1 + as_large <= BY_SIGNS * (1 + N_FLIPS)) & (1 + dealt <= BY_DEALING * (1 + N_DEALS)))


@lru_cache(maxsize=4)
def _signs(n: int) -> Floats:
    """Signs drawn anew, ``(N_FLIPS, n)``."""
    return np.where(Draws(1, "luck").uniform("sign", *np.ogrid[:N_FLIPS, :n]) < 0.5, -1.0, 1.0)


@lru_cache(maxsize=4)
def _deals(n: int) -> Ints:
    """Orders in which runs are dealt out anew, ``(N_DEALS, n)``."""
    return np.argsort(Draws(1, "luck").uniform("deal", *np.ogrid[:N_DEALS, :n]), axis=1)


@lru_cache(maxsize=4)
def _places(n_points: int, n: int) -> Ints:
    """Runs drawn again, whichever point they are of, ``(N_TIMES, n_points, n)``."""
    u = Draws(1, "luck").uniform("run", *np.ogrid[:N_TIMES, :n_points, :n])
    return (u * n_points * n).astype(np.int64)


def _luck(x: Floats, means: Floats, known: Floats) -> Floats:
    """What each run is beside its point, as wide as runs of one point are: it keeps the skewness of luck."""
    within = np.sqrt(((x - means[:, np.newaxis]) ** 2).sum(axis=(0, 1)) / (x.shape[0] * (x.shape[1] - 1)))
    rest = x - x.mean(axis=(0, 1)) - known[:, np.newaxis]
    wide = rest.std(axis=(0, 1))
    return np.asarray(rest * np.divide(within, wide, out=np.zeros_like(wide), where=wide > 0))

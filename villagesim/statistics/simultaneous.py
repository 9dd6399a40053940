"""Several strategies at once: how wide intervals must be to hold together, and how far each is from the best.

All strategies share their luck, so everything here is computed from paired differences. It is about simulation error
only: one map, central parameters.
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtri, stdtrit

from villagesim.arrays import Floats
from villagesim.randomness import Draws
from villagesim.statistics.differences import UNBOUNDED, difference_intervals, paired

__all__ = ["simultaneous_quantile", "to_the_best"]

BONFERRONI_UP_TO = 10
"""With so many comparisons Bonferroni is as good as exact, and simpler."""

N_SIMULATED = 10_000


def simultaneous_quantile(differences: ArrayLike, confidence: float, seed: int) -> float:
    """How many standard errors either way make intervals of all differences hold together.

    Up to ten differences by Bonferroni. Above that by the law of the largest t, either way, of as many normal differences with
    the correlation that was seen, which is narrower: strategies that share policies share their luck.

    Parameters
    ----------
    differences : array, shape (n_comparisons, n_replications)
        Rows with a NaN, or without any variation, count for Bonferroni only.
    confidence : float
    seed : int
        Key of the simulated law: the same seed gives the same answer.

    Notes
    -----
    Source: Hothorn, Bretz and Westfall 2008, Biometrical Journal 50, 346-363 (single-step, multivariate t).
    """
    x = np.atleast_2d(np.asarray(differences, float))
    k, n = x.shape
    if n < 2:
        return math.nan
    bonferroni = float(stdtrit(n - 1, 1 - (1 - confidence) / (2 * k)))
    x = x[np.isfinite(x).all(axis=1) & (x != x[:, :1]).any(axis=1)]
    if k <= BONFERRONI_UP_TO or not len(x):
        return bonferroni
    t = _luck(len(x), n - 1, seed) @ _root(x).T
    return min(float(np.quantile(np.abs(t).max(axis=1), confidence)), bonferroni)


def to_the_best(
    values: ArrayLike, direction: int, bounds: tuple[float, float] = UNBOUNDED, confidence: float = 0.95
) -> tuple[Floats, Floats]:
    """How much better each strategy is than the best of the others, as intervals that hold together.

    One whose interval starts at zero is the best, alone or with others; any other may be the best if its interval ends above
    zero, and is not if it ends there.

    Parameters
    ----------
    values : array, shape (n_strategies, n_replications)
        The same replications for all.
    direction : int
        1 if higher is better, -1 if lower is better.
    bounds : (float, float)
        Least and most that the outcome can be.
    confidence : float
        Of all intervals together.

    Returns
    -------
    low, high : arrays, shape (n_strategies,)
        In the unit of the outcome, positive is better. Infinite where differences are too sparse for an interval, as
        between strategies that are the same in every replication; NaN for one replication, or where a value is NaN.

    Notes
    -----
    Multiple comparisons with the best, on intervals of paired differences with Bonferroni's quantile, as differences need
    not vary alike.

    Source: Hsu 1984, Annals of Statistics 12, 1136-1144; Nelson and Matejcik 1995, Management Science 41, 1935-1945.
    """
    score = math.copysign(1, direction) * np.asarray(values, float)
    if min(score.shape) < 2 or not np.isfinite(score).all():
        return np.full(len(score), np.nan), np.full(len(score), np.nan)
    k, n = score.shape
    quantile = float(stdtrit(n - 1, 1 - (1 - confidence) / (k - 1)))
    least, most = np.full((k, k), np.inf), np.full((k, k), np.inf)
    pairs = np.triu_indices(k, 1)
    found = difference_intervals(paired(score[pairs[0]], score[pairs[1]]), bounds, quantile=quantile)
    for one, other, between in zip(*pairs, found, strict=True):
        least[one, other], most[one, other] = (-np.inf, np.inf) if between.sparse else (between.low, between.high)
        least[other, one], most[other, one] = -most[one, other], -least[one, other]
    above = most.min(axis=1)
    rivals = (above > 0) & ~np.eye(k, dtype=bool)
    below = np.where(rivals, least, np.inf).min(axis=1)
    below = np.where(rivals.any(axis=1), np.minimum(below, 0.0), 0.0)
    return below, np.maximum(above, 0.0)


@lru_cache(maxsize=4)
def _luck(k: int, freedom: int, seed: int) -> Floats:
    """Independent t values that share their standard error, shape (N_SIMULATED, k)."""
    who, draws = np.arange(N_SIMULATED)[:, np.newaxis], Draws(seed, "simultaneous")
    scale = np.sqrt(chdtri(freedom, draws.uniform("scale", who)) / freedom)
    return np.asarray(draws.normal("difference", who, np.arange(k)) / scale)


def _root(x: Floats) -> Floats:
    """A square root of the correlation matrix of the rows of ``x``."""
    values, vectors = np.linalg.eigh(np.atleast_2d(np.corrcoef(x)))
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))

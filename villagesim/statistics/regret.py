"""Which strategy does well whatever is not known: regret, share of points on target, worst case, a bad case.

A point is one state of what is not known (parameters, map, dates), run by all strategies with luck of its own. Its values
should be without that luck (`villagesim.statistics.luck`), which would else look like a better choice.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from villagesim.arrays import Bools, Floats
from villagesim.errors import OutcomeError

__all__ = ["Share", "bad_case", "on_target", "regret", "share_on_target", "worst"]


@dataclass(frozen=True)
class Share:
    """A share of points [1] with its interval, as if the points were drawn at random."""

    value: float
    low: float
    high: float
    n: int


def regret(values: ArrayLike, direction: int) -> Floats:
    """How much worse each strategy is than the best one of the same point [unit of the outcome].

    Parameters
    ----------
    values : array, shape (n_strategies, n_points)
    direction : int
        1 if higher is better, -1 if lower is better.

    Notes
    -----
    Source: Savage 1951, Journal of the American Statistical Association 46, 55-67.
    """
    score = _score(values, direction)
    return np.asarray(score.max(axis=0) - score)


def worst(values: ArrayLike, direction: int) -> Floats:
    """Value of each strategy in its worst point: choose the best of these to be safe (maximin, Wald 1950)."""
    return np.asarray(_sign(direction) * _score(values, direction).min(axis=1))


def bad_case(values: ArrayLike, direction: int, share: float = 0.10) -> Floats:
    """Value that each strategy misses in this share of the points, and reaches in the others."""
    return np.asarray(_sign(direction) * np.quantile(_score(values, direction), share, axis=1))


def on_target(values: ArrayLike, direction: int, target: float) -> Bools:
    """Whether each strategy reaches the target at each point, shape (n_strategies, n_points)."""
    return np.asarray(_score(values, direction) >= _sign(direction) * target)


def share_on_target(reached: ArrayLike, confidence: float = 0.95) -> Share:
    """Share of points at which one strategy reaches its target, or all of its targets (Starr's domain criterion).

    Parameters
    ----------
    reached : array of bool, shape (n_points,)

    Notes
    -----
    Source: Starr 1963, Product Design and Decision Theory; the interval is Wilson's, 1927.
    """
    hits = np.asarray(reached, bool)
    n = len(hits)
    if n == 0:
        return Share(math.nan, math.nan, math.nan, 0)
    share, z = float(hits.mean()), float(ndtri(0.5 + confidence / 2))
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2)
    return Share(share, max(min(centre - half, share), 0.0), min(max(centre + half, share), 1.0), n)


def _score(values: ArrayLike, direction: int) -> Floats:
    return np.asarray(_sign(direction) * np.asarray(values, float))


def _sign(direction: int) -> int:
    if direction not in (1, -1):
        raise OutcomeError(
            "there is no good or bad of an outcome where neither more nor less is better.", fix="Choose another."
        )
    return direction

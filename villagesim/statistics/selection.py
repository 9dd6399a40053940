"""Which strategy is best, with a stated chance of being right: Kim and Nelson's fully sequential selection.

Every replication is run by all strategies still in the race, under the same luck, and those that fall too far behind
are dropped. What is judged is the mean over the county's luck: with other maps or parameters another may be best.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from villagesim.arrays import Bools, Floats
from villagesim.checks import number
from villagesim.errors import DesignError, OutcomeError
from villagesim.statistics.differences import difference_interval, paired
from villagesim.statistics.stopping import START

__all__ = ["Selection", "select"]


@dataclass(frozen=True)
class Selection:
    """The race so far.

    Attributes
    ----------
    best : int or None
        Row of the strategy selected; None while several are in the race.
    dropped_after : tuple of int or None
        Replications after which each strategy was dropped; None for those never dropped.
    at_most : int
        Further replications that settle the race whatever they bring; 0 once it is settled.
    too_sparse : tuple of int
        Rows whose difference to the best is too sparse to be known: these may be as good, or better by a rare event.
    """

    best: int | None
    dropped_after: tuple[int | None, ...]
    at_most: int
    too_sparse: tuple[int, ...] = ()


def select(values: ArrayLike, margin: float, direction: int, confidence: float = 0.95, start: int = START) -> Selection:
    """Drop strategies that have fallen too far behind, and say which is best once one is left.

    The best is selected with probability ``confidence`` at least, if it is better than all others by the smallest
    difference that matters; else one within that difference of the best.

    Parameters
    ----------
    values : array, shape (n_strategies, n_replications)
        The same replications for all; NaN after a strategy was dropped.
    margin : float
        The smallest difference that matters [unit of the outcome]; above zero.
    direction : int
        1 if higher is better, -1 if lower is better.
    start : int
        Replications before the first screening; their paired differences give the variances.

    Notes
    -----
    Claimed for normal means; the variances of paired differences are used, so common random numbers help.

    Source: Kim and Nelson 2001, ACM Transactions on Modeling and Computer Simulation 11, 251-273 (c = 1).
    """
    number(margin, "smallest difference that matters", above=0, unit="in the unit of the outcome", error=DesignError)
    if direction not in (1, -1):
        raise OutcomeError(
            "nothing is best of an outcome where neither more nor less is better.", fix="Choose another."
        )
    score = direction * np.asarray(values, float)
    k, n = score.shape
    if k == 1:
        return Selection(0, (None,), 0)
    if n < start:
        return Selection(None, (None,) * k, start - n)
    variance = (score[:, np.newaxis, :start] - score[:, :start]).var(axis=2, ddof=1)
    slack = (start - 1) * math.expm1(-2 / (start - 1) * math.log(2 * (1 - confidence) / (k - 1)))
    longest = slack * variance / margin**2  # replications after which a pair is settled
    behind = _behind(score, longest, margin, start)
    dropped = _race(behind, start)
    left = np.flatnonzero([d is None for d in dropped])
    at_most = max(0, math.floor(longest[np.ix_(left, left)].max()) + 1 - n)
    if len(left) > 1 and at_most:
        return Selection(None, tuple(dropped), at_most)
    best = int(left[np.argmax(score[left].mean(axis=1))])
    whole = np.isfinite(score).all(axis=1)
    sparse = [row for row in range(k) if row != best and whole[row] and _too_sparse(score[best], score[row])]
    return Selection(best, tuple(dropped), 0, tuple(sparse))


def _too_sparse(best: Floats, other: Floats) -> bool:
    return difference_interval(paired(best, other)).sparse


def _behind(score: Floats, longest: Floats, margin: float, start: int) -> Bools:
    """Whether each is too far behind each other one, after ``start``, ... replications: (k, k, n - start + 1)."""
    n = score.shape[1]
    count = np.arange(start, n + 1)
    means = np.cumsum(score, axis=1)[:, start - 1 :] / count
    room = margin / 2 * np.maximum(longest[..., np.newaxis] / count - 1, 0.0)
    return np.asarray(means[:, np.newaxis] < means - room)


def _race(behind: Bools, start: int) -> list[int | None]:
    """After how many replications each is dropped; only those still in the race can drop another."""
    dropped: list[int | None] = [None] * len(behind)
    running = np.arange(len(behind))
    while len(running) > 1:
        falls: Bools = behind[np.ix_(running, running)].any(axis=1)  # type: ignore[assignment]
        when = falls.any(axis=0)
        if not when.any():
            break
        first = int(when.argmax())
        for row in running[falls[:, first]]:
            dropped[row] = start + first
        running = running[~falls[:, first]]
    return dropped

"""When to stop running replications: as soon as the paired differences are known well enough, and stay so.

The rule watches the simulation error of paired differences, so it knows nothing of one county's chance. It asks for an
absolute width, in the unit of the outcome: a relative one is undefined where the difference is zero. And it asks for
variation: of rare things a sample without any is narrow too, and says nothing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from villagesim.arrays import Floats
from villagesim.checks import number
from villagesim.errors import DesignError, OutcomeError
from villagesim.statistics.differences import LEAST, UNBOUNDED, Difference, difference_intervals

__all__ = ["LOOK_AHEAD", "START", "Stopping", "stopping"]

START = 20
"""Replications before the rule looks for the first time: with fewer, intervals cover less than they say."""

LOOK_AHEAD = 5
"""Further replications over which the width must hold; above 100 replications, 5% of them."""


@dataclass(frozen=True)
class Stopping:
    """What the rule says of the replications so far.

    Attributes
    ----------
    enough : int or None
        Replications after which the width was reached and then held; None while it was not.
    n_more : int
        About that many more replications are needed; 0 once the rule has stopped.
    half_width : float
        Of the widest interval so far, in the unit of the outcome; NaN while one is too sparse for any.
    n_sparse : int
        Differences that are too sparse for an interval.
    """

    enough: int | None
    n_more: int
    half_width: float
    n_sparse: int

    def __str__(self) -> str:
        said = f"enough: {self.enough} replications" if self.enough else f"about {self.n_more:,} more replications"
        return said + (f"; {self.n_sparse} of the differences too sparse so far" if self.n_sparse else "")


def stopping(
    differences: ArrayLike,
    wanted: float,
    bounds: tuple[float, float] = UNBOUNDED,
    confidence: float = 0.95,
    start: int = START,
    ahead: int = LOOK_AHEAD,
) -> Stopping:
    """Look back over the replications run so far, and say whether the wanted width was reached and held.

    Parameters
    ----------
    differences : array, shape (n,) or (n_strategies, n)
        Paired differences to the baseline; all strategies must be narrow enough together (Bonferroni).
    wanted : float
        Half the width of the interval [unit of the outcome]; above zero.
    bounds : (float, float)
        Least and most that the outcome can be: a thing that hardly ever happens is known well enough once the bound on it is.
    confidence : float
        Of all intervals together.
    start, ahead : int
        First look, and replications over which the width must hold.

    Notes
    -----
    Stopping at the first narrow interval picks those that are narrow by luck; looking ahead mends most of it.

    Source: Hoad, Robinson and Davies 2010, Journal of the Operational Research Society 61, 1632-1644.
    """
    number(
        wanted, "half width", above=0, unit="in the unit of the outcome", fix="Give the one you would act on.",
        error=DesignError,
    )  # fmt: skip
    x = np.atleast_2d(np.asarray(differences, float))
    n = x.shape[1]
    if not np.isfinite(x).all():
        raise OutcomeError("the differences are not defined in every replication, so they never settle.")
    if n < 2:
        return Stopping(None, max(start + ahead - n, 1), np.nan, 0)

    def after(m: int) -> list[Difference]:
        return difference_intervals(x[:, :m], bounds, confidence=confidence, n_comparisons=len(x))

    now, first = after(n), 0
    widest, n_sparse = float(np.max([one.half_width for one in now])), sum(one.sparse for one in now)
    for m in range(start, n + 1):
        if not all(one.half_width <= wanted for one in after(m)):
            first = 0
            continue
        first = first or m
        if m - first == (ahead if first <= 100 else ahead * first // 100):
            return Stopping(first, 0, widest, n_sparse)
    needed = max(start, *(_needed(one, row, wanted) for one, row in zip(now, x, strict=True))) + ahead
    return Stopping(None, max(needed - n, 1), widest, n_sparse)


def _needed(now: Difference, x: Floats, wanted: float) -> int:
    """About how many replications it takes until one difference is known well enough."""
    if now.sparse:
        n_deviate = now.n - int(np.unique(x, return_counts=True)[1].max())
        return int(np.ceil(now.n * LEAST / max(n_deviate, 1)))
    return int(np.ceil(now.n * (now.half_width / wanted) ** (1 / now.falls)))

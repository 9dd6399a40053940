"""When to stop running replications: as soon as the paired differences are known well enough, and stay so.

The rule watches the simulation error of paired differences, so it knows nothing of one county's chance. It asks for an
absolute width, in the unit of the outcome: a relative one is undefined where the difference is zero.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from villagesim.arrays import Floats
from villagesim.checks import number
from villagesim.errors import DesignError, OutcomeError

__all__ = ["LOOK_AHEAD", "START", "Stopping", "stopping"]

START = 20
"""Replications before the rule looks for the first time: with fewer, intervals cover less than they say."""

LOOK_AHEAD = 5
"""Further replications over which the width must hold; above 100 replications, 5% of them."""

SKEWED = 1.0
"""Above this skewness [1] of the differences a t interval covers less than it says."""


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
        Of the widest interval so far, in the unit of the outcome.
    skewed : bool
        Some differences are so skewed that a t interval covers less than it says.
    """

    enough: int | None
    n_more: int
    half_width: float
    skewed: bool

    def __str__(self) -> str:
        said = f"enough: {self.enough} replications" if self.enough else f"about {self.n_more:,} more replications"
        return said + ("; skewed, so less sure than it says" if self.skewed else "")


def stopping(
    differences: ArrayLike, wanted: float, confidence: float = 0.95, start: int = START, ahead: int = LOOK_AHEAD
) -> Stopping:
    """Look back over the replications run so far, and say whether the wanted width was reached and held.

    Parameters
    ----------
    differences : array, shape (n,) or (n_strategies, n)
        Paired differences to the baseline; all strategies must be narrow enough together (Bonferroni).
    wanted : float
        Half the width of the interval [unit of the outcome]; above zero.
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
        return Stopping(None, max(start + ahead - n, 1), np.nan, False)
    widths = _half_widths(x, confidence)
    narrow = widths <= wanted
    for first in range(start, n + 1):
        last = first + (ahead if first <= 100 else ahead * first // 100)
        if last > n:
            break
        if narrow[first : last + 1].all():
            return Stopping(first, 0, float(widths[n]), _is_skewed(x))
    needed = max(start, int(np.ceil(n * (widths[n] / wanted) ** 2))) + ahead
    return Stopping(None, max(needed - n, 1), float(widths[n]), _is_skewed(x))


def _half_widths(x: Floats, confidence: float) -> Floats:
    """Half the width of the widest interval after 0, 1, ... n replications; NaN before two."""
    k, n = x.shape
    centred = x - x[:, :1]  # else the difference of two large sums loses all digits
    count = np.arange(1, n + 1)
    squares = np.cumsum(centred**2, axis=1) - np.cumsum(centred, axis=1) ** 2 / count
    widths = np.full(n + 1, np.nan)
    freedom = count[1:] - 1
    quantile = stdtrit(freedom, 1 - (1 - confidence) / (2 * k))
    widths[2:] = quantile * np.sqrt(np.maximum(squares[:, 1:], 0).max(axis=0) / freedom / count[1:])
    return widths


def _is_skewed(x: Floats) -> bool:
    centred = x - x.mean(axis=1, keepdims=True)
    spread = centred.std(axis=1)
    varies = spread > 0
    return bool((np.abs((centred[varies] ** 3).mean(axis=1)) > SKEWED * spread[varies] ** 3).any())

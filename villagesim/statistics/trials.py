"""What one controlled trial can tell: the difference of two groups, raw or adjusted for a figure from before, and its power.

The adjusted difference is the analysis of covariance: both groups share one slope on the figure from before, which no
treatment has moved. It has the same mean as the raw one, and a smaller error where the figure tells much of what comes.

Sources: Fisher 1932; Lin 2013, Annals of Applied Statistics 7, 295-318 (errors that hold without equal variances: HC2).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from villagesim.statistics.intervals import ROUNDING, Interval

__all__ = ["Groups", "groups", "needed", "power"]


@dataclass(frozen=True)
class Groups:
    """The difference of two groups of one trial.

    Attributes
    ----------
    difference : Interval
        Treated less the others; ``n`` is all of them.
    spread : float
        Standard deviation within the groups, of what the figure from before leaves where there is one.
    share : float
        Treated, of all.
    """

    difference: Interval
    spread: float
    share: float


def groups(values: ArrayLike, treated: ArrayLike, before: ArrayLike | None = None, confidence: float = 0.95) -> Groups:
    """Compare two groups of one trial.

    Parameters
    ----------
    values : array, shape (n,)
        Outcome of each unit.
    treated : bool array, shape (n,)
    before : array, shape (n,), optional
        A figure of each unit from before the treatment: the difference is adjusted for it.

    Returns
    -------
    Groups
        All NaN where a group has fewer than two units, or none is left to tell the error by; spread and interval are, where
        all units of a group are alike.
    """
    from scipy.special import stdtrit

    y, t = np.asarray(values, float), np.asarray(treated, bool)
    columns = [np.ones(len(y)), t.astype(float)]
    if before is not None:
        x = np.asarray(before, float)
        columns.append(x - x.mean() if len(x) else x)
    design = np.column_stack(columns)
    free = len(y) - np.linalg.matrix_rank(design) if len(y) else 0
    if min(t.sum(), (~t).sum()) < 2 or free < 1:
        nan = float("nan")
        return Groups(Interval(nan, nan, nan, nan, len(y)), nan, nan)
    inverse = np.linalg.pinv(design)
    found = inverse @ y
    left = y - design @ found
    leverage = np.minimum((design * inverse.T).sum(axis=1), 1 - 1e-9)
    left = np.where(np.abs(left) <= ROUNDING * np.abs(y).max(), 0.0, left)
    mean = float(found[1])
    if not left.any():
        nan = float("nan")
        return Groups(Interval(mean, nan, nan, nan, len(y)), nan, float(t.mean()))
    error = math.sqrt(float((inverse[1] ** 2 * left**2 / (1 - leverage)).sum()))
    half = float(stdtrit(free, (1 + confidence) / 2)) * error
    spread = math.sqrt(float(left @ left) / free)
    return Groups(Interval(mean, mean - half, mean + half, half, len(y)), spread, float(t.mean()))


def power(spread: float, n: int, share: float, difference: float, confidence: float = 0.95) -> float:
    """Chance that a trial of ``n`` units, a ``share`` of them treated, finds a true difference of this size."""
    from scipy.special import ndtr, ndtri

    if not spread > 0:
        return 1.0 if spread == 0 and difference else float("nan")
    distance = abs(difference) * math.sqrt(n * share * (1 - share)) / spread
    border = float(ndtri((1 + confidence) / 2))
    return float(ndtr(distance - border) + ndtr(-distance - border))


def needed(spread: float, share: float, difference: float, wanted: float = 0.8, confidence: float = 0.95) -> float:
    """Units that a trial needs, both groups together, to find a true difference of this size with the wanted chance.

    NaN where the spread is not known, infinite where the difference is nothing.
    """
    from scipy.special import ndtri

    if not np.isfinite(spread) or difference == 0:
        return float("nan") if not np.isfinite(spread) else float("inf")
    distance = float(ndtri((1 + confidence) / 2) + ndtri(wanted))
    return float(max(math.ceil((distance * spread / difference) ** 2 / (share * (1 - share))), 4))

"""What the order of codes says: old codes run roughly along the map, so partners are often neighbours.

Neighbourhood is told as a likelihood ratio: how often true partners stand that far apart, over how often any two units
of the township do.
"""

import numpy as np

from villagesim.arrays import Floats, Ints

REACH = np.array([1, 2, 3, 4, 6, 9, 14, 30])
SHARE = np.array([0.68, 0.08, 0.07, 0.03, 0.07, 0.04, 0.015, 0.015])
"""Share of true partners at rank distances up to :data:`REACH`. Source: 198 pairs of members of one new name with
different characters, 301 counties, 2019 to 2020."""
WIDE = 14
"""Rank distance to which the wide kernel of units that stood before is flat. Source: assumption."""
ELSEWHERE = 0.3
"""Likelihood ratio of a host in another township of the group. Source: as :data:`SHARE`."""

WEIGHT = 2.0
"""Weight of the middle between a likelihood ratio and 1. Source: 394 held-back names and 42 published mergers in one half of
301 counties, 2019 to 2020 (maximum likelihood, over this and the middle: 2.1 and .50)."""

_STEPS = np.diff(REACH, prepend=0)
_NEAR = np.repeat(SHARE / _STEPS, _STEPS)
_FLAT = np.where(np.arange(len(_NEAR)) < WIDE, 1 / WIDE, 0.015 / (len(_NEAR) - WIDE))


def ratios(township: Ints, kind: Ints, rank: Ints, near: float) -> Floats:
    """Likelihood ratios of neighbourhood between old units.

    Parameters
    ----------
    township, kind, rank : int64 arrays of shape (n,)
        Where each unit stands: township, kind of unit, and rank in their code order.
    near : float
        Weight of the kernel of true partners; the rest is flat to :data:`WIDE`.

    Returns
    -------
    float array of shape (n, n)
        Row: host; column: partner. Averages 1 over the partners of a host in its township; 1 among units of unlike kind.
    """
    same = township[:, None] == township
    alike = same & (kind[:, None] == kind)
    np.fill_diagonal(alike, False)
    kernel = near * _NEAR + (1 - near) * _FLAT
    distance = np.abs(rank[:, None] - rank)
    density = kernel[np.clip(distance, 1, len(kernel)) - 1] * alike
    n = alike.sum(axis=1, keepdims=True)
    mean = density.sum(axis=1, keepdims=True) / np.maximum(n, 1)
    ratio = np.where(alike, density / np.maximum(mean, 1e-12), np.where(same, 1.0, ELSEWHERE))
    found: Floats = ratio
    return found


def told(ratio: Floats) -> Floats:
    """Log odds that neighbourhood gives a link.

    Who stands near is told apart more sharply than :data:`SHARE` has it, but nobody is ruled out for standing far: codes do
    not run along the map everywhere.

    Parameters
    ----------
    ratio : float array
        As :func:`ratios` gives it.

    Returns
    -------
    float array of the same shape
        0 at a ratio of 1, at least 2 log .5.
    """
    log_odds: Floats = WEIGHT * np.log((1 + ratio) / 2)
    return log_odds

"""Shares of a whole, and which of them are efficient: no other is as good in all respects and better in one (Pareto)."""

from itertools import combinations

import numpy as np

from villagesim.arrays import Bools, Floats

__all__ = ["efficient", "lattice"]


def lattice(n_policies: int, steps: int) -> Floats:
    """Equal shares first, then every other way to give ``steps`` equal parts to the policies: (n_allocations, n_policies)."""
    bars = np.array(list(combinations(range(steps + n_policies - 1), n_policies - 1)))
    ends = np.full((len(bars), 1), steps + n_policies - 1)
    parts = np.diff(np.hstack([np.full((len(bars), 1), -1), bars, ends]), axis=1) - 1
    unequal = (parts * n_policies != steps).any(axis=1)
    return np.vstack([np.full((1, n_policies), 1 / n_policies), parts[unequal] / steps])


def efficient(gains: Floats) -> Bools:
    """Whether no other row is at least as good in every column and better in one, shape (n_rows,)."""
    no_worse = (gains[:, np.newaxis] >= gains).all(axis=2)
    better = (gains[:, np.newaxis] > gains).any(axis=2)
    return np.asarray(~(no_worse & better).any(axis=0))

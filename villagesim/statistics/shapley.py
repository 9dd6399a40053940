"""How much each policy of a set adds: Shapley values, whose sum is what the whole set adds.

A policy's value is what it adds when it joins the others, averaged over the orders in which they may join. It belongs
to the set: beside other policies the same one may add more (they help each other) or less (they do the same work).
"""

from itertools import permutations
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from villagesim.arrays import Floats, Ints
from villagesim.randomness import Draws

__all__ = ["coalitions", "leave_one_out", "order_error", "order_half_width", "orders", "shapley"]

EXACT_UP_TO = 6
"""With so many policies all orders are taken: 64 sets for six."""


def orders(n_policies: int, n_pairs: int = 50, seed: int = 1) -> Ints:
    """Orders in which policies join: all of them up to six policies, else pairs of a drawn order and its reverse.

    Returns
    -------
    array, shape (n_orders, n_policies)
        Numbers of the policies, first to join first; a drawn order stands before its reverse.
    """
    if n_policies <= EXACT_UP_TO:
        return np.array(list(permutations(range(n_policies))), dtype=np.int64).reshape(-1, n_policies)
    luck = Draws(seed, "shapley").uniform("order", np.arange(n_pairs)[:, np.newaxis], np.arange(n_policies))
    drawn = luck.argsort(axis=1)
    return np.stack([drawn, drawn[:, ::-1]], axis=1).reshape(-1, n_policies)


def coalitions(joining: Ints) -> Ints:
    """Sets of policies that have to be run for these orders, and for leaving out each policy once.

    Returns
    -------
    array, shape (n_sets,)
        Each a sum of ``2**policy``; the empty set first, all policies last.
    """
    n_policies = joining.shape[1]
    everyone = (1 << n_policies) - 1
    without_one = everyone - (1 << np.arange(n_policies))
    return np.unique(np.concatenate([_reached(joining).ravel(), without_one, [0, everyone]]))


def shapley(worth: ArrayLike, joining: Ints) -> Floats:
    """Average of what each policy adds when it joins, over the orders given.

    Parameters
    ----------
    worth : array, shape (n_sets, ...)
        Outcome of every set, in the order of `coalitions`; further axes, as replications, are kept.
    joining : array, shape (n_orders, n_policies)
        From `orders`.

    Returns
    -------
    array, shape (n_policies, ...)
        Adds up to all policies together minus none.

    Notes
    -----
    Source: Shapley 1953, Contributions to the Theory of Games 2, 307-317; sampled orders with their reverse: Mitchell,
    Cooper, Frank and Holmes 2022, Journal of Machine Learning Research 23 (43).
    """
    return np.asarray(_added(np.asarray(worth, float), joining).mean(axis=0))


def order_error(worth: ArrayLike, joining: Ints) -> Floats:
    """Standard error of each Shapley value from drawing orders, shape (n_policies,); zero where all were taken.

    Further axes of ``worth`` are averaged first: this is not about replications.
    """
    x = np.asarray(worth, float)
    n_policies = joining.shape[1]
    if n_policies <= EXACT_UP_TO:
        return np.zeros(n_policies)
    x = x.reshape(len(x), -1).mean(axis=1)
    pairs = _added(x, joining).reshape(-1, 2, n_policies).mean(axis=1)
    return np.asarray(pairs.std(axis=0, ddof=1) / sqrt(len(pairs)))


def order_half_width(worth: ArrayLike, joining: Ints, confidence: float = 0.95) -> Floats:
    """Half the width of the interval of each Shapley value from drawing orders alone, shape (n_policies,)."""
    n_pairs = len(joining) // 2
    return np.asarray(stdtrit(max(n_pairs - 1, 1), (1 + confidence) / 2) * order_error(worth, joining))


def leave_one_out(worth: ArrayLike, joining: Ints) -> Floats:
    """What is lost when each policy alone is left out of the whole set, shape (n_policies, ...).

    Below the Shapley value where policies do each other's work, above it where they need each other.
    """
    x, sets = np.asarray(worth, float), coalitions(joining)
    everyone = int(sets[-1])
    left = np.searchsorted(sets, everyone - (1 << np.arange(joining.shape[1])))
    return np.asarray(x[-1] - x[left])


def _reached(joining: Ints) -> Ints:
    """Sets reached along each order, the empty one first: shape (n_orders, n_policies + 1)."""
    sets = np.cumsum(1 << joining, axis=1)
    return np.concatenate([np.zeros((len(sets), 1), np.int64), sets], axis=1)


def _added(worth: Floats, joining: Ints) -> Floats:
    """What each policy adds in each order: shape (n_orders, n_policies, ...)."""
    rows = np.searchsorted(coalitions(joining), _reached(joining))
    steps = np.diff(worth[rows], axis=1)
    place = joining.argsort(axis=1)
    return np.take_along_axis(steps, place.reshape(place.shape + (1,) * (steps.ndim - 2)), axis=1)

"""How likely each new unit is to have taken in each vanished one: township, totals, names, and order of codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from villagesim.arrays import Bools, Floats, Ints, softmax
from villagesim.frozen import Value, read_only
from villagesim.places.units import names, order, totals
from villagesim.places.units.edition import Edition
from villagesim.places.units.identity import Identity
from villagesim.places.units.townships import Flow

NAME_RATIO = np.ones((6, 5))
"""Likelihood ratio of what two names share, by what the new unit is (row) and level (column). Source: share of code
neighbours among pairs at each level, 301 counties, 2019 to 2020."""
NAME_RATIO[totals.FRESH] = 0.5, 1.5, 7, 60, 400
NAME_RATIO[totals.RENAMED] = 0.95, 1, 2, 7, 28
NAME_RATIO[totals.NEW_COMMUNITY] = 0.7, 2, 6, 30, 100
SIBLING = 0.45
"""Likelihood ratio of a unit that stood before and has the same name but for a direction. Source: as before."""
NEAR = np.array([1.0, 0.8, 0.5, 1.0, 0.5, 0.5])
"""Weight of near neighbours, by what the new unit is that has a place. Source: as before."""
ANCHOR = 4.0
"""Weight of having no place, against that of a name that points to one. Source: tried on half of the counties."""
OTHER_KIND = 0.2
"""Likelihood ratio of a vanished community in a village. Source: assumption."""
BALANCE = 1.15
"""By what the log odds are divided, but for those of names and of order. Source: tried on every second county."""


@dataclass(frozen=True, eq=False)
class Evidence(Value):
    """What speaks for each link from a vanished unit (row) to a new one (column).

    Attributes
    ----------
    vanished : int64 array of shape (n_vanished,)
        Rows of the edition before.
    host : int64 array of shape (n_new,)
        Row before of the unit that lives on in each new one; -1 where none does.
    place : int64 array of shape (n_new,)
        Row before of a unit that is known to have gone there, by which it has a place in the order of codes; -1 where
        none is.
    kind : int64 array of shape (n_new,)
        What each new unit is, as in :mod:`~villagesim.places.units.totals`.
    inside : bool array of shape (n_vanished, n_new)
        Both stand in the same group of townships.
    level : int64 array of shape (n_vanished, n_new)
        What the names share.
    neighbour : float array of shape (n_vanished, n_new)
        Likelihood ratio of the order of codes.
    score : float array of shape (n_vanished, n_new)
        Log of the probability, but for a constant by row; minus infinity where a unit cannot have gone.
    """

    vanished: Ints
    host: Ints
    place: Ints
    kind: Ints
    inside: Bools
    level: Ints
    neighbour: Floats
    score: Floats

    def __post_init__(self) -> None:
        self._freeze()

    @cached_property
    def probability(self) -> Floats:
        """Probability of each link, shape (n_vanished, n_new); rows sum to 1.

        Draws take each link as often, but that no new village stays empty.
        """
        return read_only(softmax(self.score))

    @cached_property
    def best(self) -> Ints:
        """Columns of the two likeliest new units, shape (n_vanished, 2); -1 where there is but one."""
        found = np.full((len(self.vanished), 2), -1, np.int64)
        n = min(self.score.shape[1], 2)
        first = np.argsort(-self.probability, axis=1, kind="stable")[:, :n]
        found[:, :n] = np.where(np.take_along_axis(self.probability, first, axis=1) > 0, first, -1)
        return read_only(found)

    @property
    def probability_without_order(self) -> Floats:
        """The same, if the order of codes said nothing."""
        return softmax(self.score - order.told(self.neighbour))


def weigh(
    before: Edition,
    after: Edition,
    flow: Flow,
    living: Sequence[Identity],
    taken: Sequence[tuple[int, int]],
    left: Sequence[int],
    closed: Sequence[int],
) -> Evidence:
    """Weigh all links of what vanished.

    Parameters
    ----------
    living : sequence of Identity
        Units that live on.
    taken : sequence of (int, int)
        Rows before and after that the user has linked; -1 where a unit left.
    left : sequence of int
        Rows before that left, as far as one can tell.
    closed : sequence of int
        Rows after that took in nothing.
    """
    host = np.full(len(after), -1, np.int64)
    host[[one.new for one in living]] = [one.old for one in living]
    place = host.copy()
    for old, new in taken:
        if new >= 0 and place[new] < 0:
            place[new] = old
    gone = np.ones(len(before), bool)
    gone[[*(one.old for one in living), *(old for old, _ in taken), *left]] = False
    vanished = np.flatnonzero(gone)
    kind = _kinds(after, living)
    old_group, new_group = (g[t] for g, t in zip(flow.groups, (before.township, after.township), strict=True))
    level = _levels(before, after, vanished, host, old_group, new_group)
    ratio = NAME_RATIO[kind, level]
    ratio[_siblings(before, after, vanished) & (host >= 0)] = SIBLING
    ratio[[names.lost(before.cores[k]) for k in vanished]] = 1.0
    neighbour = _neighbours(before, vanished, place, kind, np.where(level >= names.FEW, ratio, 1.0))
    _, group = np.unique(np.concatenate([old_group[vanished], new_group]), return_inverse=True)
    n_vanished = np.bincount(group[: len(vanished)], minlength=group.max(initial=0) + 1).astype(float)
    weight = totals.expected(kind, group[len(vanished) :], n_vanished)
    weight[list(closed)] = 1e-12
    share = weight / np.bincount(after.township, weight, len(after.townships))[after.township]
    way = flow.probability()[before.township[vanished]][:, after.township]
    rest = np.log(way) + np.log(share) + np.log(_kind_ratio(before, after, vanished))
    inside = old_group[vanished][:, None] == new_group
    score = np.log(ratio) + rest / BALANCE + order.told(neighbour)
    score[~candidates(inside, closed)] = -np.inf
    return Evidence(vanished, host, place, kind, inside, level, neighbour, score)


def candidates(inside: Bools, closed: Sequence[int]) -> Bools:
    """Where a unit can have gone: to what is open in its group, or anywhere if nothing is, or if nothing tells of its township.

    Of names that stand once in both editions of 301 counties 1.1% are outside of the group of their township, where likelihoods
    of townships alone say 3.6%.
    """
    is_open = np.ones(inside.shape[1], bool)
    is_open[list(closed)] = False
    own = inside & is_open
    elsewhere = is_open if is_open.any() else ~is_open
    return np.where(own.any(axis=1, keepdims=True), own, elsewhere)


def _kinds(after: Edition, living: Sequence[Identity]) -> Ints:
    """What each new unit is, by how it lives on."""
    kind = np.where(after.is_community, totals.NEW_COMMUNITY, totals.FRESH)
    by_fate = {"renamed": totals.RENAMED, "moved": totals.MOVED, "community": totals.MOVED}
    for one in living:
        stood = totals.OLD_COMMUNITY if after.is_community[one.new] else totals.KEPT
        kind[one.new] = by_fate.get(one.fate, stood)
    return kind


def _kind_ratio(before: Edition, after: Edition, vanished: Ints) -> Floats:
    """A vanished community hardly goes into a village."""
    return np.where(before.is_community[vanished][:, None] & ~after.is_community, OTHER_KIND, 1.0)


def _levels(before: Edition, after: Edition, vanished: Ints, host: Ints, old_group: Ints, new_group: Ints) -> Ints:
    """What names share, group by group."""
    level = np.zeros((len(vanished), len(after)), np.int64)
    for group in np.unique(old_group[vanished]).tolist():
        mine = np.flatnonzero(old_group[vanished] == group)
        theirs = np.flatnonzero(new_group == group)
        explained = [before.cores[host[k]] if host[k] >= 0 else "" for k in theirs]
        level[np.ix_(mine, theirs)] = names.levels(
            [before.cores[k] for k in vanished[mine]],
            [after.cores[k] for k in theirs],
            [before.cores[k] for k in np.flatnonzero(old_group == group)],
            explained,
        )
    return level


def _siblings(before: Edition, after: Edition, vanished: Ints) -> Bools:
    """Whether names are the same but for directions and numerals."""
    mine = np.array([names.unplaced(before.cores[k]) for k in vanished], dtype=str)
    theirs = np.array([names.unplaced(core) for core in after.cores], dtype=str)
    same: Bools = (mine[:, None] == theirs) & (mine != "")[:, None]
    return same


def _neighbours(before: Edition, vanished: Ints, place: Ints, kind: Ints, pointing: Floats) -> Floats:
    """Likelihood ratio of the order of codes: to the place of a new unit, or to where its name points.

    A new unit that nothing is known of has no place of its own: it is where the vanished units are that share its name,
    or nowhere.
    """
    _, number = np.unique(np.array(before.roll.kinds), return_inverse=True)
    where = before.township, number.astype(np.int64), before.rank
    found = np.ones((len(vanished), len(place)))
    near = NEAR[kind]
    for weight in np.unique(near[place >= 0]).tolist():
        placed = np.flatnonzero((place >= 0) & (near == weight))
        found[:, placed] = order.ratios(*where, weight)[np.ix_(place[placed], vanished)].T
    fresh = np.flatnonzero(place < 0)
    anchors = order.ratios(where[0][vanished], where[1][vanished], where[2][vanished], 1.0)
    np.fill_diagonal(anchors, 0)
    weights = np.maximum(pointing[:, fresh] - 1, 0)
    found[:, fresh] = (ANCHOR + anchors.T @ weights) / (ANCHOR + weights.sum(axis=0) - weights)
    return found

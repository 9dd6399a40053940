"""How likely each new unit is to have taken in each vanished one: township, totals, names, and order of codes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from villagesim.arrays import Bools, Floats, Ints
from villagesim.frozen import Value
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
NEAR = {totals.RENAMED: 0.8, totals.KEPT: 0.5, totals.MOVED: 0.5, totals.OLD_COMMUNITY: 0.5}
"""Weight of near neighbours, by what the host is. Source: as before."""
ANCHOR = 4.0
"""Weight of having no place, against that of a name that points to one. Source: tried on half of the counties."""
OTHER_KIND = 0.2
"""Likelihood ratio of a vanished community in a village. Source: assumption."""
BALANCE = 1.15
"""By what the log odds are divided, but for those of names. Source: tried on every second county."""


@dataclass(frozen=True, eq=False)
class Evidence(Value):
    """What speaks for each link from a vanished unit (row) to a new one (column).

    Attributes
    ----------
    vanished : int64 array of shape (n_vanished,)
        Rows of the edition before.
    host : int64 array of shape (n_new,)
        Row before of the unit that lives on in each new one; -1 where none does.
    kind : int64 array of shape (n_new,)
        What each new unit is, as in :mod:`~villagesim.places.units.totals`.
    inside : bool array of shape (n_vanished, n_new)
        Both stand in the same group of townships.
    level : int64 array of shape (n_vanished, n_new)
        What the names share.
    neighbour : float array of shape (n_vanished, n_new)
        Likelihood ratio of the order of codes.
    score : float array of shape (n_vanished, n_new)
        Log of the probability, but for a constant by row.
    """

    vanished: Ints
    host: Ints
    kind: Ints
    inside: Bools
    level: Ints
    neighbour: Floats
    score: Floats

    def __post_init__(self) -> None:
        self._freeze()

    @property
    def probability(self) -> Floats:
        """Probability of each link, shape (n_vanished, n_new); rows sum to 1."""
        return _softmax(self.score)

    @property
    def probability_without_order(self) -> Floats:
        """The same, if the order of codes said nothing."""
        return _softmax(self.score - np.log(self.neighbour) / BALANCE)


def _softmax(score: Floats) -> Floats:
    """Turn scores into probabilities, row by row."""
    weight = np.exp(score - score.max(axis=1, keepdims=True))
    found: Floats = weight / weight.sum(axis=1, keepdims=True)
    return found


def weigh(
    before: Edition,
    after: Edition,
    flow: Flow,
    living: Sequence[Identity],
    settled: Sequence[int],
    closed: Sequence[int],
) -> Evidence:
    """Weigh all links of what vanished.

    Parameters
    ----------
    living : sequence of Identity
        Units that live on.
    settled : sequence of int
        Other rows before of which all is known.
    closed : sequence of int
        Rows after that took in nothing.
    """
    host = np.full(len(after), -1, np.int64)
    host[[one.new for one in living]] = [one.old for one in living]
    gone = np.ones(len(before), bool)
    gone[[*(one.old for one in living), *settled]] = False
    vanished = np.flatnonzero(gone)
    kind = _kinds(after, living)
    old_group, new_group = (g[t] for g, t in zip(flow.groups, (before.township, after.township), strict=True))
    level = _levels(before, after, vanished, host, old_group, new_group)
    ratio = NAME_RATIO[kind, level]
    ratio[_siblings(before, after, vanished) & (host >= 0)] = SIBLING
    ratio[[names.lost(before.cores[k]) for k in vanished]] = 1.0
    neighbour = _neighbours(before, vanished, host, kind, np.where(level >= names.FEW, ratio, 1.0))
    _, group = np.unique(np.concatenate([old_group[vanished], new_group]), return_inverse=True)
    n_vanished = np.bincount(group[: len(vanished)], minlength=group.max(initial=0) + 1).astype(float)
    weight = totals.expected(kind, group[len(vanished) :], n_vanished)
    weight[list(closed)] = 1e-12
    share = weight / np.bincount(after.township, weight, len(after.townships))[after.township]
    way = flow.probability()[before.township[vanished]][:, after.township]
    rest = np.log(way) + np.log(share) + np.log(neighbour) + np.log(_kind_ratio(before, after, vanished))
    inside = old_group[vanished][:, None] == new_group
    return Evidence(vanished, host, kind, inside, level, neighbour, np.log(ratio) + rest / BALANCE)


def _kinds(after: Edition, living: Sequence[Identity]) -> Ints:
    """What each new unit is, by how it lives on."""
    community = np.array([kind == "community" for kind in after.roll.kinds], bool)
    kind = np.where(community, totals.NEW_COMMUNITY, totals.FRESH)
    by_fate = {"renamed": totals.RENAMED, "moved": totals.MOVED, "community": totals.MOVED}
    for one in living:
        stood = totals.OLD_COMMUNITY if community[one.new] else totals.KEPT
        kind[one.new] = by_fate.get(one.fate, stood)
    return kind


def _kind_ratio(before: Edition, after: Edition, vanished: Ints) -> Floats:
    """A vanished community hardly goes into a village."""
    community = np.array([before.roll.kinds[k] == "community" for k in vanished], bool)
    village = np.array([kind != "community" for kind in after.roll.kinds], bool)
    return np.where(community[:, None] & village, OTHER_KIND, 1.0)


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


def _neighbours(before: Edition, vanished: Ints, host: Ints, kind: Ints, pointing: Floats) -> Floats:
    """Likelihood ratio of the order of codes: to the host, or to where the name of a new unit points.

    A new unit has no place of its own: it is where the vanished units are that share its name, or nowhere.
    """
    where = before.township, _numbers(before.roll.kinds), before.rank
    found = np.ones((len(vanished), len(host)))
    for near in sorted(set(NEAR.values())):
        ratio = order.ratios(*where, near)[:, vanished]
        hosted = np.flatnonzero((host >= 0) & (np.array([NEAR.get(k, -1) for k in kind.tolist()]) == near))
        found[:, hosted] = ratio[host[hosted]].T
    fresh = np.flatnonzero(host < 0)
    anchors = order.ratios(where[0][vanished], where[1][vanished], where[2][vanished], 1.0)
    np.fill_diagonal(anchors, 0)
    weight = pointing[:, fresh] - 1
    np.maximum(weight, 0, out=weight)
    found[:, fresh] = (ANCHOR + anchors.T @ weight) / (ANCHOR + weight.sum(axis=0) - weight)
    return found


def _numbers(words: Sequence[str]) -> Ints:
    _, numbers = np.unique(np.array(words), return_inverse=True)
    return numbers.astype(np.int64)

"""Held back: links that names prove, asked again with the old unit's own name hidden.

A name proves a member where it stands whole in the new name of one unit of its group, or where a new name is made of
characters that one old name each has (相公 of 相一 and 公庄). Such truth is right in some nine of ten cases. A name that stands
again elsewhere as it was proves nothing here: that is either known to be the same unit, or a stranger of a common name.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from counties import counties, half
from earlier_map import likeliest_map

from villagesim.errors import RollError
from villagesim.places.rolls import Roll
from villagesim.places.units import names, order, totals
from villagesim.places.units.edition import Edition
from villagesim.places.units.history import UnitHistory, history

TARGETS = (totals.FRESH, totals.RENAMED)
TRUE_NEIGHBOURS = float(order.SHARE[0])
"""Share of true partners whose codes are neighbours, where there are but two."""


@dataclass(frozen=True)
class Case:
    """A link that names prove: rows before and after of villages of a county."""

    county: str
    old: int
    new: int


@dataclass(frozen=True)
class Found:
    """What was found for a case without the name.

    Attributes
    ----------
    rank, rank_of_all : float
        Rank of the true unit, 0 is the first, among the new and renamed of the group, and among all of it.
    stated, right : float, bool
        Likelihood of the first among the new and renamed of the group, and whether it is the true one.
    plain_rank : float
        Rank among the new and renamed by township and totals alone.
    n, n_all : int
        New and renamed units of the group, and all of it.
    map_right, present_right : bool or None
        Whether the central history, and the earlier merger map, find it; None where the latter maps nothing.
    """

    case: Case
    rank: float
    rank_of_all: float
    stated: float
    right: bool
    plain_rank: float
    n: int
    n_all: int
    map_right: bool
    present_right: bool | None

    @property
    def half(self) -> str:
        """Half of the counties that the case is in."""
        return half(self.case.county)


def cases(county: str, found: UnitHistory) -> set[Case]:
    """Villages whose new village names prove."""
    before, after, evidence = found.before, found.after, found.evidence
    pairs = {
        (int(evidence.vanished[row]), int(columns[0]))
        for row, whole in enumerate((evidence.level == names.WHOLE) & np.isin(evidence.kind, TARGETS))
        if len(columns := np.flatnonzero(whole)) == 1
    }
    gone = set(evidence.vanished.tolist())
    old_group, new_group = (g[t] for g, t in zip(found.flow.groups, (before.township, after.township), strict=True))
    for group in np.unique(old_group):
        mine = np.flatnonzero(old_group == group).tolist()
        holder: dict[str, list[int]] = {}
        for k in mine:
            for character in set(before.cores[k]):
                holder.setdefault(character, []).append(k)
        for new in np.flatnonzero((new_group == group) & (evidence.kind == totals.FRESH)).tolist():
            members = [holder.get(c, []) if c not in names.PLACES else [] for c in after.cores[new]]
            ones = {m[0] for m in members if len(m) == 1}
            if all(len(m) == 1 for m in members) and len(ones) == len(members) > 1 and ones <= gone:
                pairs |= {(k, new) for k in ones}
    village = "village"
    return {
        Case(county, k, j)
        for k, j in pairs
        if before.roll.kinds[k] == after.roll.kinds[j] == village and before.cores[k] != after.cores[j]
    }


def hidden(edition: Edition, row: int) -> Edition:
    """The same edition, with one name that nobody can read."""
    told = list(edition.roll.names)
    told[row] = "?"
    return Edition(Roll(edition.roll.codes, tuple(told)), edition.named)


def _rank(score: np.ndarray, true: int) -> float:
    """Rank from 0; of equals the mean."""
    return float((score > score[true]).sum() + ((score == score[true]).sum() - 1) / 2)


def ask(case: Case) -> Found:
    """Ask again without the name."""
    before, after = counties()[case.county]
    blind = hidden(before, case.old)
    found = history(blind, after)
    evidence = found.evidence
    row = int(np.flatnonzero(evidence.vanished == case.old)[0])
    p, inside = evidence.probability[row], evidence.inside[row]
    among = inside & np.isin(evidence.kind, TARGETS)
    among[case.new] = True
    own, every = np.where(among, p, -1.0), np.where(inside, p, -1.0)
    plain = np.where(among, evidence.probability_without_order[row], -1.0)
    first = int(own.argmax())
    target = next(link.new for link in found.links if link.old == case.old)
    return Found(
        case, _rank(own, case.new), _rank(every, case.new), float(p[first] / p[among].sum()), first == case.new,
        _rank(plain, case.new), int(among.sum()), int(inside.sum()), target == case.new, _present(blind, after, case),
    )  # fmt: skip


def present(before: Edition, after: Edition) -> dict[str, str] | None:
    """Code after by code before of villages, as the earlier merger map has it; None where it maps nothing of the county."""
    rolls = [
        Roll.of(
            (c, n) for c, n, kind in zip(e.roll.codes, e.roll.names, e.roll.kinds, strict=True) if kind == "village"
        )
        for e in (before, after)
    ]
    try:
        village = likeliest_map(*rolls)
    except RollError:
        return None
    return {code: rolls[1].codes[new] for code, new in zip(rolls[0].codes, village, strict=True)}


def _present(before: Edition, after: Edition, case: Case) -> bool | None:
    """Whether the earlier merger map finds the case."""
    found = present(before, after)
    return None if found is None else found[before.roll.codes[case.old]] == after.roll.codes[case.new]


@dataclass(frozen=True)
class Pair:
    """Two vanished villages that names alone send into one new unit.

    Attributes
    ----------
    stated : float
        Product of the two likelihoods by township, totals and names alone.
    neighbours : bool
        Whether their codes are neighbours.
    chance, if_true : float
        Chance that two villages of their township are, and that two true members are: in a row of n, n - 1 pairs are.
    same_character : bool
        Both share the same character with the new name, else each its own.
    """

    county: str
    stated: float
    neighbours: bool
    chance: float
    if_true: float
    same_character: bool


def pairs(county: str, found: UnitHistory) -> Iterator[Pair]:
    """Pairs of one old township that names alone send into one new unit that nothing lives on in."""
    before, after, evidence = found.before, found.after, found.evidence
    p = evidence.probability_without_order.round(9)  # ties by the order of codes, not by the last digit
    for new in np.flatnonzero(np.isin(evidence.kind, (totals.FRESH, totals.NEW_COMMUNITY))).tolist():
        rows = np.flatnonzero((evidence.level[:, new] > names.NONE) & (p.argmax(axis=1) == new))
        n_members = float(p[rows, new].sum())
        for a, b in zip(*np.triu_indices(len(rows), 1), strict=True):
            one, other = evidence.vanished[rows[a]], evidence.vanished[rows[b]]
            place = before.township[one], before.roll.kinds[one]
            if place != (before.township[other], before.roll.kinds[other]):
                continue
            n = int(((before.township == place[0]) & (np.array(before.roll.kinds) == place[1])).sum())
            mine, theirs = (set(before.cores[k]) & set(after.cores[new]) for k in (one, other))
            near = abs(int(before.rank[one]) - int(before.rank[other])) == 1
            yield Pair(
                county,
                float(p[rows[a], new] * p[rows[b], new]),
                near,
                2 / n,
                TRUE_NEIGHBOURS * min(1.0, 2 / n_members),
                bool(mine & theirs),
            )


def purity(found: list[Pair]) -> float:
    """Share of pairs that are true, by how many are neighbours [0 to 1]."""
    near, chance, true = (
        float(np.mean([getattr(pair, name) for pair in found])) for name in ("neighbours", "chance", "if_true")
    )
    return min(max((near - chance) / (true - chance), 0.0), 1.0)

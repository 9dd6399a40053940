"""The merger map of the library before it had a history of units, kept to be compared with.

It goes township by township, by characters that names share and by the order of codes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from unicodedata import category

import numpy as np

from villagesim.arrays import Bools, Floats, Ints
from villagesim.errors import RollError
from villagesim.places.rolls import Roll, township_names

NAME_WEIGHT = 4.0
"""Score of a name that is wholly shared. Source: assumption."""
NEIGHBOURS = 3.0
"""Rank distance over which neighbourhood in code order fades by 1/e [villages]. Source: assumption."""
KEPT_PENALTY = 2.0
"""Score a village that stood before loses as a target. Source: assumption."""
MOST_CONSTITUENTS = 6
"""Constituents of one village at most, where the township's totals allow. Source: assumption."""

_LIVES_ON: dict[str, Callable[[Roll, int], object]] = {
    "kept": lambda roll, row: (roll.codes[row], roll.cores[row]),
    "recoded": lambda roll, row: roll.cores[row],
    "renamed": lambda roll, row: roll.codes[row],
}
"""What an old and a new village have in common in each known way, the surest first."""
_FIRST_SEAT = 1e4  # above any sum of scores in a township, so that no new village stays empty
_TIE = 1e-9  # below any difference of scores that means something


def likeliest_map(before: Roll, after: Roll) -> Ints:
    """Row after of each village before.

    Raises
    ------
    RollError
        Where the townships of the two rolls do not match, or more villages appear in one than vanish.
    """
    village = np.full(len(before), -1, np.int64)
    for old, new in _townships(before, after):
        _fix_known(before, after, old, new, village)
        vanished = old[village[old] < 0]
        evidence = _weigh(before, after, old, new, village)
        _check_totals(before, after, vanished, new[~evidence.stood])
        village[vanished] = new[_settle(evidence.scores, evidence.stood, len(old))]
    return village


def _some(roll: Roll, rows: Ints) -> str:
    """Name the first three of some villages."""
    names = ", ".join(f"{roll.codes[k]} {roll.names[k]}" for k in rows[:3])
    return names + (" ..." if len(rows) > 3 else "")


def _townships(before: Roll, after: Roll) -> list[tuple[Ints, Ints]]:
    """Rows of each township in the two rolls; refuse a township that stands in one of them only."""
    alone = sorted(set(before.townships) ^ set(after.townships))
    if alone:
        code = alone[0]
        here, there = ("before", "after") if code in before.townships else ("after", "before")
        raise RollError(
            f"township {code} ({township_names([code])[code]}) has villages in the roll {here} the merger but"
            f" none in the roll {there}.",
            fix="Old villages are matched inside their township. Take two editions with the same townships, or give"
            " a map of your own (old_code,new_code).",
        )
    rows_before, rows_after = np.array(before.townships), np.array(after.townships)
    return [(np.flatnonzero(rows_before == t), np.flatnonzero(rows_after == t)) for t in sorted(set(before.townships))]


def _fix_known(before: Roll, after: Roll, old: Ints, new: Ints, village: Ints) -> None:
    """Link what lives on in one township, in place, the surest way first; equal names pair up in code order."""
    free = new.tolist()
    for sign in _LIVES_ON.values():
        for row in old[village[old] < 0].tolist():
            mine = sign(before, row)
            same = next((target for target in free if sign(after, target) == mine), None)
            if same is not None:
                village[row] = same
                free.remove(same)


def _check_totals(before: Roll, after: Roll, vanished: Ints, appeared: Ints) -> None:
    """Refuse a township where more villages appear than vanish."""
    if len(appeared) > len(vanished):
        code = after.townships[appeared[0]]
        raise RollError(
            f"{len(appeared)} villages appear ({_some(after, appeared)}) but only {len(vanished)} vanish.",
            fix="Every new village needs an old one. Look whether a village was split, or give a map of your own"
            " (old_code,new_code).",
            at=[f"township {code} ({township_names([code])[code]})"],
        )


@dataclass(frozen=True, eq=False)
class _Evidence:
    """What speaks for each link from the vanished villages of one township to its villages after.

    Attributes
    ----------
    shared : int64 array of shape (n_vanished, n_new)
        Characters that the two cores share.
    share : float array of shape (n_vanished, n_new)
        The same as a share of the shorter core [0 to 1].
    distance : float array of shape (n_vanished, n_new)
        Distance in the code order of the township's old villages [villages].
    stood : bool array of shape (n_new,)
        Whether the village stood before: kept, recoded or renamed.
    """

    shared: Ints
    share: Floats
    distance: Floats
    stood: Bools

    @property
    def scores(self) -> Floats:
        """Scores of shape (n_vanished, n_new); their softmax over a row is the probability of each link."""
        return NAME_WEIGHT * self.share + np.exp(-self.distance / NEIGHBOURS) - KEPT_PENALTY * self.stood


def _weigh(before: Roll, after: Roll, old: Ints, new: Ints, village: Ints) -> _Evidence:
    """Put old and new villages of one township on one scale, the rank in old code order, and compare their names.

    A village that stood before has the rank it had. The code of a village that appears tells no place (they are
    numbered behind all others, and the first of a township 200), so :func:`_places` finds one.
    """
    known, vanished = np.flatnonzero(village[old] >= 0), np.flatnonzero(village[old] < 0)
    place = np.full(len(new), np.nan)
    place[np.searchsorted(new, village[old[known]])] = known
    stood = ~np.isnan(place)
    mine, theirs = [before.cores[k] for k in old[vanished]], [after.cores[k] for k in new]
    common, n_vanished_with = _common_characters(mine, theirs)
    shared = common.sum(axis=2)
    shorter = np.minimum.outer([len(name) for name in mine], [len(name) for name in theirs])
    telling = (common[:, ~stood] / np.maximum(n_vanished_with, 1)).sum(axis=2)
    place[~stood] = _places(vanished, telling)
    return _Evidence(shared, shared / np.maximum(shorter, 1), np.abs(vanished[:, None] - place), stood)


def _common_characters(mine: Sequence[str], theirs: Sequence[str]) -> tuple[Ints, Ints]:
    """Count what names have in common, character by character; lost characters ("?", private use) never match.

    Returns
    -------
    common : int64 array of shape (n_mine, n_theirs, n_characters)
    n_with : int64 array of shape (n_characters,)
        How many of ``mine`` have the character.
    """
    lost = {c for c in "".join(theirs) if c in "?\N{REPLACEMENT CHARACTER}" or category(c) == "Co"}
    characters = sorted(set("".join(theirs)) - lost)
    counts = [
        np.array([name.count(c) for name in names for c in characters], np.int64).reshape(len(names), len(characters))
        for names in (mine, theirs)
    ]
    return np.minimum(counts[0][:, None], counts[1]), (counts[0] > 0).sum(axis=0)


def _places(rank: Ints, telling: Floats) -> Floats:
    """Find the place in old code order of the villages that appear.

    A village stands where the vanished villages that share its characters are densest, a character counting less the
    more of them have it. Those that share no character are spread evenly over the vanished ones, in code order.

    Parameters
    ----------
    rank : int64 array of shape (n_vanished,)
    telling : float array of shape (n_vanished, n_appeared)

    Returns
    -------
    float array of shape (n_appeared,)
        Ranks in the old code order of the township.
    """
    if telling.size == 0:
        return np.empty(telling.shape[1])
    density = np.exp(-np.abs(rank[:, None] - rank) / NEIGHBOURS) @ telling
    densest = density.round(9).argmax(axis=0)  # rounded, so that equals go to the lower code on every machine
    place: Floats = rank[densest].astype(np.float64)
    nameless = np.flatnonzero(telling.max(axis=0) == 0)
    place[nameless] = np.quantile(rank, (np.arange(len(nameless)) + 0.5) / max(len(nameless), 1))
    return place


def _settle(score: Floats, stood: Bools, n_old: int) -> Ints:
    """Seat every vanished village of a township where the total score is highest.

    Each village has as many seats as it may have constituents, one of them taken where it stood before. The first
    seat of a village that appears goes before everything else, so that none stays empty.

    Returns
    -------
    int64 array of shape (n_vanished,)
        Column of ``score`` each one goes to.
    """
    from scipy.optimize import linear_sum_assignment

    n_vanished, n_new = score.shape
    most = max(MOST_CONSTITUENTS, -(-n_old // n_new))
    seat = np.repeat(np.arange(n_new), most - stood)
    first = np.diff(seat, prepend=-1).astype(bool) & ~stood[seat]
    code_order = np.outer(np.arange(n_vanished) - n_vanished, np.arange(n_new))
    value = (score + _TIE * code_order)[:, seat] + _FIRST_SEAT * first
    _, chosen = linear_sum_assignment(value, maximize=True)
    target: Ints = seat[chosen]
    return target

"""Merger maps: which village of the old roll went into which village of the new one.

The rolls do not say. What they show is fixed here: villages that keep code and name, keep the name under a new code, or
keep the code under a new name. Every other old village goes to a village of its own township, by two kinds of evidence:
characters shared between the names (相一, 相二 and 相公), and neighbourhood in code order (old codes run roughly along
the map). So a map is an uncertainty, not a datum: :func:`likeliest_map` gives the central one, :func:`drawn_map` other
plausible ones, and :func:`read_map` takes an exact one from the user. Left out: villages that were split, and mergers
across township lines, unless the user's own map says so.

Source: links counted in the statistical division codes of 2020 and 2021 (``places/data/NOTICE.md``); the weights of
the two kinds of evidence are an assumption.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from unicodedata import category

import numpy as np
from numpy.typing import NDArray

from villagesim.arrays import Bools, Floats, Ints, softmax
from villagesim.checks import as_path
from villagesim.errors import RollError
from villagesim.foreign.headings import NEW_CODE, NEW_NAME, OLD_CODE, OLD_NAME
from villagesim.foreign.table import open_table
from villagesim.frozen import Value
from villagesim.places.rolls import Roll, check_names, township_names
from villagesim.randomness import Draws

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


@dataclass(frozen=True, eq=False)
class MergerMap(Value):
    """Where each old village went, how the link was made, and how likely it is.

    Attributes
    ----------
    village : int64 array of shape (n_old,)
        Row in the roll after of the village that each village of the roll before went into.
    way : tuple of str, length n_old
        How the link was made: ``kept`` (code and name), ``recoded`` (name under a new code), ``renamed`` (code under a
        new name), ``name`` (shared characters), ``order`` (code order alone), ``absorbed`` (into a village that stood
        before), ``user``.
    likelihood : float array of shape (n_old,)
        Probability of the link among all villages of the township [0 to 1]; 1 where it is known or the user's.
    known_host : int64 array of shape (n_new,)
        Row in the roll before of the constituent whose code or name lives on in each new village; -1 where none does.
    """

    village: Ints
    way: tuple[str, ...]
    likelihood: Floats
    known_host: Ints

    def __post_init__(self) -> None:
        self._freeze(way=tuple(self.way))

    def __repr__(self) -> str:
        return f"<map of {len(self.village)} villages into {len(self.known_host)}>"

    @property
    def n_constituents(self) -> Ints:
        """Number of old villages in each new village, shape (n_new,)."""
        return np.bincount(self.village, minlength=len(self.known_host))

    def hosts(self, members: NDArray[np.number]) -> Ints:
        """Host constituent of each new village: the one whose name or code lives on, else the one with most members.

        Parameters
        ----------
        members : array of shape (n_old,)
            Members of the cooperative of each old village [persons].

        Returns
        -------
        int64 array of shape (n_new,)
            Rows in the roll before; of equals the one with the lower code.
        """
        order = np.lexsort((-np.asarray(members, float), self.village))
        _, first = np.unique(self.village[order], return_index=True)
        return np.where(self.known_host >= 0, self.known_host, order[first])


def likeliest_map(before: Roll, after: Roll) -> MergerMap:
    """Make the map with the highest total score, the central one of every scenario.

    Raises
    ------
    RollError
        Where the townships of the two rolls do not match, or more villages appear in one than vanish.
    """
    return _map(before, after, None)


def drawn_map(before: Roll, after: Roll, draws: Draws) -> MergerMap:
    """Draw another plausible map: known links stay, the scores of all others get Gumbel noise.

    Gumbel noise on scores draws each link with its softmax probability, but for the two rules that no new village
    stays empty and none is over-full. Source: Gumbel-max form of the logit (McFadden 1974).

    Parameters
    ----------
    draws : Draws
        Luck of one draw of the place; keyed by old and new code, so the order of rows does not matter.
    """
    return _map(before, after, draws)


def read_map(path: str | Path, before: Roll, after: Roll, notes: list[str] | None = None) -> MergerMap:
    """Read the user's own map, a CSV file with the columns ``old_code`` and ``new_code``, and keep it exactly.

    Names that stand beside them, ``old_name`` and ``new_name``, are compared with those of the rolls.

    Every old village stands in it once, every new village at least once; links may cross township and county lines.
    What must be known of the file is added to ``notes``, as rows that were left out.

    Raises
    ------
    RollError
        Where a code is unknown, an old village stands twice or not at all, a new village has no constituent, or most
        names are not the rolls'.
    """
    path = as_path(path, "map", error=RollError)
    old_row = {code: k for k, code in enumerate(before.codes)}
    new_row = {code: k for k, code in enumerate(after.codes)}
    village = np.full(len(before), -1, np.int64)
    seen: dict[str, int] = {}
    notes = [] if notes is None else notes
    old_names: list[tuple[str, str]] = []
    new_names: list[tuple[str, str]] = []
    found = open_table(path, (OLD_CODE, NEW_CODE), (OLD_NAME, NEW_NAME))
    for row, (old, new, old_name, new_name) in found.rows(notes):
        for column, code, known, when in (("old_code", old, old_row, "before"), ("new_code", new, new_row, "after")):
            if code not in known:
                raise RollError(
                    f"{column} = {code!r} is not in the roll {when} the merger ({len(known):,} villages).",
                    fix="Codes have 12 digits and must be those of that roll's edition.",
                    at=[path.name, f"row {row}"],
                )
        if old in seen:
            raise RollError(
                f"old_code = {old} ({before.names[old_row[old]]}) stands in row {seen[old]} already.",
                fix="An old village goes into one new village: take out one of the two rows.",
                at=[path.name, f"row {row}"],
            )
        seen[old] = row
        old_names.append((old, old_name))
        new_names.append((new, new_name))
        village[old_row[old]] = new_row[new]
    _check_complete(path, before, after, village)
    check_names(path.name, old_names, before, notes)
    check_names(path.name, new_names, after, notes)
    n = len(before)
    return MergerMap(village, ("user",) * n, np.ones(n), known_hosts(before, after, village))


def _check_complete(path: Path, before: Roll, after: Roll, village: Ints) -> None:
    """Refuse a user's map that leaves an old village out or a new one empty."""
    left_out = np.flatnonzero(village < 0)
    if len(left_out):
        raise RollError(
            f"{len(left_out):,} of {len(before):,} old villages are missing: {_some(before, left_out)}.",
            fix="Every village of the roll before the merger needs one row, also those that stay as they are.",
            at=[path.name],
        )
    empty = np.setdiff1d(np.arange(len(after)), village)
    if len(empty):
        raise RollError(
            f"{len(empty):,} of {len(after):,} new villages have no constituent: {_some(after, empty)}.",
            fix="Every village of the roll after the merger needs at least one row with its code as new_code.",
            at=[path.name],
        )


def _some(roll: Roll, rows: Ints) -> str:
    """Name the first three of some villages."""
    names = ", ".join(f"{roll.codes[k]} {roll.names[k]}" for k in rows[:3])
    return names + (" ..." if len(rows) > 3 else "")


def _map(before: Roll, after: Roll, draws: Draws | None) -> MergerMap:
    """Fix what is known, then settle the others township by township."""
    village = np.full(len(before), -1, np.int64)
    way = [""] * len(before)
    likelihood = np.ones(len(before))
    for old, new in _townships(before, after):
        _fix_known(before, after, old, new, village, way)
        vanished = old[village[old] < 0]
        evidence = _weigh(before, after, old, new, village)
        _check_totals(before, after, vanished, new[~evidence.stood])
        score = evidence.scores
        noise = 0.0 if draws is None else draws.gumbel("merger_map", before.keys[vanished][:, None], after.keys[new])
        target = _settle(score + noise, evidence.stood, len(old))
        links = np.arange(len(vanished)), target
        village[vanished] = new[target]
        likelihood[vanished] = softmax(score)[links]
        for row, absorbed, shared in zip(vanished, evidence.stood[target], evidence.shared[links], strict=True):
            way[row] = "absorbed" if absorbed else "name" if shared else "order"
    return MergerMap(village, tuple(way), likelihood, known_hosts(before, after, village))


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


def _fix_known(before: Roll, after: Roll, old: Ints, new: Ints, village: Ints, way: list[str]) -> None:
    """Link what lives on in one township, in place, the surest way first; equal names pair up in code order."""
    free = new.tolist()
    for name, sign in _LIVES_ON.items():
        for row in old[village[old] < 0].tolist():
            mine = sign(before, row)
            same = next((target for target in free if sign(after, target) == mine), None)
            if same is not None:
                village[row], way[row] = same, name
                free.remove(same)


def known_hosts(before: Roll, after: Roll, village: Ints) -> Ints:
    """Constituent that lives on in each new village: with code and name, else name, else code; -1 where none does.

    Parameters
    ----------
    village : int64 array of shape (n_old,)
        Row after that each old village went into; -1 where that is not asked.
    """
    host = np.full(len(after), -1, np.int64)
    for sign in _LIVES_ON.values():
        for row, target in enumerate(village.tolist()):
            if target >= 0 and host[target] < 0 and sign(before, row) == sign(after, target):
                host[target] = row
    return host


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

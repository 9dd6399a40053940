"""Maps of the merger that a government chooses: which villages go together is a setting of a strategy.

People, land and money at the start stay those of the published map; only who merges with whom is another. Constituents of
one township alone go together, but for a map of one's own. In each township as many villages are left as with the published
map, but at least one, unless a size is given.

Left out: what makes a merger acceptable, as kinship, roads and old quarrels.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import ClassVar

import numpy as np

from villagesim.arrays import Floats, Ints
from villagesim.errors import RollError, nearest
from villagesim.foreign.headings import NEW_CODE, OLD_CODE
from villagesim.foreign.table import open_table
from villagesim.places.endowments import Endowment
from villagesim.places.merger_map import MergerMap
from villagesim.places.place import Place
from villagesim.places.rolls import Roll
from villagesim.places.waves import in_waves

MOST = 1_000
"""Villages in one at most."""


@dataclass(frozen=True)
class ChosenMap:
    """A rule by which villages merge, or a map of one's own.

    Attributes
    ----------
    rule : str
        ``neighbours``: those that stand side by side in the order of codes. ``strong with weak``: by the income of the year
        before the start; the strongest take the weakest in, one by one. Empty where ``links`` say it.
    size : int
        Villages that go into one at most; 0: as many villages are left in each township as with the published map.
    links : tuple of (old code, code of the village that takes it in)
        Of one's own; who is not named stays alone.
    """

    rule: str = ""
    size: int = 0
    links: tuple[tuple[str, str], ...] = ()

    RULES: ClassVar = ("neighbours", "strong with weak")

    def __post_init__(self) -> None:
        if not self.links and self.rule not in self.RULES:
            raise RollError(f"map = {self.rule!r} is no rule.", fix=nearest(str(self.rule), self.RULES))
        if not 0 <= self.size <= MOST or (self.links and self.size):
            fix = "Leave it out." if self.links else f"Give a whole number from 1 to {MOST:,}, or leave it out."
            raise RollError(f"size = {self.size} does not go with the map.", fix=fix)

    def check(self, place: Place) -> None:
        """Refuse links of one's own between villages that are not there.

        Raises
        ------
        RollError
        """
        there = dict.fromkeys(place.codes)
        for code in dict.fromkeys(code for link in self.links for code in link):
            if code not in there:
                fix = f"A village is taken in by one of the roll before. {nearest(code, list(there))}"
                raise RollError(f"{code} is no village of the first day.", fix=fix)

    def place(self, endowment: Endowment) -> Place:
        """The place with this map; by each decree merge those whose villages it would change first.

        Raises
        ------
        RollError
            Where a village of one's own links is not there.
        """
        self.check(endowment.place)
        place, members = endowment.place, endowment.members
        host = np.arange(len(place.before))
        for rows in self._groups(endowment):
            host[rows] = rows[np.argmax(members[rows])] if self.rule == "neighbours" else rows[0]
        host = host[place.committee]
        hosts, village = np.unique(host, return_inverse=True)
        after = Roll(tuple(place.codes[row] for row in hosts), tuple(place.before.names[row] for row in hosts))
        n = len(host)
        merger = MergerMap(village.ravel(), ("user" if self.links else "chosen",) * n, np.ones(n), hosts)
        chosen = Place(place.before, after, merger, shares=place.shares, named=place.named)
        return in_waves(chosen, _first_change(place), len(place.waves)) if place.earlier else chosen

    def _groups(self, endowment: Endowment) -> Iterator[Ints]:
        """Rows that go together, the one that takes the others in first; later parts of split villages are left out."""
        place = endowment.place
        if self.links:
            yield from self._said(place)
            return
        whole = place.committee == np.arange(len(place.before))
        first = [np.flatnonzero(place.map.village == k)[0] for k in range(len(place.after))]
        left = np.bincount(place.township[first], minlength=len(place.townships))
        for town in range(len(place.townships)):
            rows = np.flatnonzero(whole & (place.township == town))
            n = ceil(len(rows) / self.size) if self.size else min(max(int(left[town]), 1), len(rows))
            yield from _neighbours(rows, n) if self.rule == "neighbours" else _dealt(rows, n, endowment.income)

    def _said(self, place: Place) -> Iterator[Ints]:
        """What the user's links put together."""
        row_of = {code: row for row, code in reversed(list(enumerate(place.codes)))}
        groups: dict[int, list[int]] = {}
        for old, new in self.links:
            groups.setdefault(row_of[new], [row_of[new]]).append(row_of[old])
        for host, rows in groups.items():
            yield np.array([host, *(row for row in rows if row != host)])


def read_chosen(path: Path, notes: list[str]) -> ChosenMap:
    """Read a map of one's own: ``old_code`` and ``new_code``, the code of the village of the roll before that takes it in.

    Raises
    ------
    RollError
        Where the file cannot be read, an old village stands twice, or one that is taken in takes others in.
    """
    links: dict[str, str] = {}
    for row, (old, new) in open_table(path, (OLD_CODE, NEW_CODE)).rows(notes):
        if old in links:
            raise RollError(f"old_code = {old} stands there twice.", fix="Keep one row.", at=[path.name, f"row {row}"])
        links[old] = new
    for old, new in links.items():
        if links.get(new, new) != new:
            fix = f"Send {old} where {new} goes: {links[new]}."
            raise RollError(f"{old} goes into {new}, which goes elsewhere itself.", fix=fix, at=[path.name])
    if not links:
        raise RollError("no village is in it.", fix="Give rows old_code,new_code.", at=[path.name])
    return ChosenMap(links=tuple(sorted(links.items())))


def _neighbours(rows: Ints, n: int) -> Iterator[Ints]:
    """So many groups in the order of codes, of nearly the same number."""
    return iter(np.array_split(rows, n))


def _dealt(rows: Ints, n: int, income: Floats) -> Iterator[Ints]:
    """The strongest lead, and the others are dealt out, the weakest to the strongest."""
    weakest_first = rows[np.argsort(income[rows], kind="stable")]
    leading, others = weakest_first[::-1][:n], weakest_first[: len(rows) - n]
    for k, leader in enumerate(leading):
        yield np.r_[leader, others[k::n]]


def _first_change(place: Place) -> Ints:
    """Number of the decree that first changes each constituent's village; where none does, of the last in its township."""
    first = np.argmax(place.changed, axis=0)
    last = np.zeros(len(place.townships), np.int64)
    np.maximum.at(last, place.township, first)
    return np.where(place.changed.any(axis=0), first, last[place.township])

"""The map of a merger out of a history of units: which village of a place went into which.

A history has units of all kinds, of which some left, came from nowhere, or are communities now. A place has villages, and
each of them is in one at the end. So villages that left are left out, and so is a new one without origin; a village that
became a community (村改居) stays in the place to the end, under code and name of the community, and merges with nobody but
those that went into the same one. A map is an estimate, the likeliest of many, unless all of it is the user's.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from villagesim.arrays import Ints
from villagesim.errors import RollError, joined
from villagesim.frozen import Frozen, Value, read_only
from villagesim.places.merger_map import MergerMap, known_hosts
from villagesim.places.place import Place, within
from villagesim.places.rolls import PART, Roll, of_kinds
from villagesim.places.units.edition import Edition
from villagesim.places.units.history import UnitHistory, history
from villagesim.places.units.link import Link, fates_of
from villagesim.randomness import Draws

IDENTITY = ("code+name", "name", "code")
"""What links of units that live on rest on; of these a map tells the fate."""
KEPT = 4
"""Drawn maps that are kept."""
NAMED = 3
"""Units that a note or a refusal names at most."""


class Maps(Value, ABC):
    """Maps that a merger may have: the likeliest, and others that are drawn."""

    @property
    @abstractmethod
    def likeliest(self) -> Place:
        """The place with the central map."""

    @property
    @abstractmethod
    def fates(self) -> tuple[Mapping[str, int], ...]:
        """Villages of each edition but the last, by what became of them."""

    @property
    @abstractmethod
    def is_given(self) -> bool:
        """Whether all links are the user's, so that there is nothing to draw."""

    @property
    @abstractmethod
    def notes(self) -> tuple[str, ...]:
        """What must be known of the place: who was left out, and who became a community."""

    @abstractmethod
    def content(self) -> list[object]:
        """All that decides what is drawn, as JSON has it."""

    @property
    @abstractmethod
    def left_out(self) -> frozenset[str]:
        """Codes before of villages that left, and are no part of the place."""

    @abstractmethod
    def draw(self, draws: Draws) -> Place:
        """Make another plausible map."""

    def drawn(self, draws: Draws) -> Place:
        """Another plausible map: what is known stays, vanished villages go elsewhere as likely as that is.

        Parameters
        ----------
        draws : Draws
            Luck of one map; keyed by codes, so the order of rows does not matter.
        """
        if self.is_given:
            return self.likeliest
        if draws.name not in self._drawn:
            self._drawn[draws.name] = self.draw(draws)
            if len(self._drawn) > KEPT:
                del self._drawn[next(iter(self._drawn))]
        return self._drawn[draws.name]

    @cached_property
    def _drawn(self) -> dict[str, Place]:
        """The last maps that were drawn: all strategies of a replication have the same one."""
        return {}


@dataclass(frozen=True, eq=False)
class MapOfHistory(Maps):
    """The maps that a history has for the villages of a place.

    Attributes
    ----------
    history : UnitHistory
        Of the whole county, or more.
    kinds : tuple of str
        Kinds of units before that belong to the place.
    townships : tuple of str
        Townships before that do, by name or code; all where there is none.

    Raises
    ------
    RollError
        Where it is not known what became of a village, one was split, or none is left.
    """

    history: UnitHistory
    kinds: tuple[str, ...] = ("village",)
    townships: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self._freeze(kinds=tuple(self.kinds), townships=tuple(self.townships))
        self._check()

    def __repr__(self) -> str:
        return f"<maps of {len(self.rows)} villages, {'given' if self.is_given else 'inferred'}>"

    @classmethod
    def of_rolls(cls, before: Roll, after: Roll) -> "MapOfHistory":
        """Infer the maps between two rolls, of the kinds that the one before has."""
        return cls(history(Edition(before), Edition(after)), tuple(dict.fromkeys(before.kinds)))

    @cached_property
    def rows(self) -> Ints:
        """Rows of the edition before that are in the place, rising."""
        return read_only(np.array([link.old for link in self._links if link.new >= 0], np.int64))

    @cached_property
    def before(self) -> Roll:
        """Roll of the place before; parts of villages that are split have numbers behind their codes."""
        whole, n_parts = _cut(self.history.before.roll, self.rows), Counter(self.rows.tolist())
        seen: Counter[int] = Counter()
        codes = []
        for row, code in zip(self.rows.tolist(), whole.codes, strict=True):
            seen[row] += 1
            codes.append(f"{code}{PART}{seen[row]}" if n_parts[row] > 1 else code)
        return Roll(tuple(codes), whole.names)

    @cached_property
    def likeliest(self) -> Place:
        """The place with the central map."""
        return self._place(self.history)

    @cached_property
    def is_given(self) -> bool:
        """Whether all links are the user's, so that there is nothing to draw."""
        return all(link.way == "user" for link in self._links)

    @property
    def fates(self) -> tuple[Mapping[str, int], ...]:
        """Villages before by what became of them, those that left too."""
        return (Frozen(fates_of(self._links)),)

    @property
    def left_out(self) -> frozenset[str]:
        """Codes before of villages that left, and are no part of the place."""
        return frozenset(self.history.before.roll.codes[link.old] for link in self._links if link.new < 0)

    def draw(self, draws: Draws) -> Place:
        """Make another plausible map."""
        return self._place(self.history.drawn(draws))

    def content(self) -> list[object]:
        """All that decides what is drawn, as JSON has it."""
        editions = [self.history.before, self.history.after]
        return [
            [[each.roll.codes, each.roll.names, sorted(each.named.items())] for each in editions],
            [[repr(link) for link in self.history.known], self.history.evidence.vanished.tolist()],
            [[repr(link) for link in self.history.said.links], sorted(self.history.said.townships.items())],
        ]

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What must be known of the place: who was left out, and who became a community."""
        return (*self._inferred(), *self._left(), *self._appeared(), *self._turned())

    @cached_property
    def _links(self) -> tuple[Link, ...]:
        """Links of all units that the place asks for."""
        before = self.history.before
        wanted = of_kinds(before.roll, self.kinds)
        if self.townships:
            wanted = within(wanted, self.townships, before.named)
        codes = set(wanted.codes)
        return tuple(link for link in self.history.links if link.old >= 0 and before.roll.codes[link.old] in codes)

    def _place(self, of: UnitHistory) -> Place:
        """Cut the place out of a history."""
        links = self._in_place(of)
        reached, village = np.unique([link.new for link in links], return_inverse=True)
        after = _cut(of.after.roll, reached)
        row_of = {(link.old, link.new): row for row, link in enumerate(links)}
        hosts = of.evidence.host[reached].tolist()
        living = np.array([row_of.get(link, -1) for link in zip(hosts, reached.tolist(), strict=True)])
        said = known_hosts(self.before, after, np.where([link.way == "user" for link in links], village, -1))
        way = tuple(link.fate if link.way in IDENTITY else link.way for link in links)
        likelihood = np.array([link.likelihood for link in links])
        shares = np.array([link.share for link in links])
        merger = MergerMap(village, way, likelihood, np.where(living >= 0, living, said))
        return Place(
            self.before, after, merger, shares=shares if (shares < 1).any() else None, named=self._township_names
        )

    @cached_property
    def _township_names(self) -> Mapping[str, str]:
        """Names of the townships of the place, by code."""
        return Frozen({code: self.history.before.named[code] for code in self.before.townships})

    def _in_place(self, of: UnitHistory) -> list[Link]:
        """Links of all rows of the place; of a village that is split first the part in which it lives on, then the largest."""
        rows = set(self.rows.tolist())
        links = [link for link in of.links if link.old in rows and link.new >= 0]
        lives = of.evidence.host
        return sorted(links, key=lambda link: (link.old, lives[link.new] != link.old, -link.share, link.new))

    def _check(self) -> None:
        """Refuse what no place can hold."""
        before = self.history.before
        for link in self._links:
            code, name = before.roll.codes[link.old], before.roll.names[link.old]
            if link.share < 1 and link.new < 0:
                raise RollError(
                    f"a part of {code} ({name}) left, and the rest did not.",
                    fix="Give it to the village that has most of it: one row, without share.",
                    at=[self.history.said.file],
                )
        lost = [link.old for link in self._links if link.fate == "unknown"]
        if lost:
            township = before.roll.townships[lost[0]]
            told = self.history.flow.told[before.township[lost[0]]]
            there = sum(before.roll.townships[row] == township for row in lost)
            row = f"{before.roll.codes[lost[0]]}," if told else f"{township},<its code after>"
            left = "" if told else f" ({township}, if it left the county)"
            raise RollError(
                f"nothing tells what became of {_villages(there)} of {before.named[township]} ({township})"
                f"{f', and of {len(lost) - there:,} elsewhere' if len(lost) > there else ''}.",
                fix=f'Add a row {row}{left} to the file of the map (old_code,new_code), or say unknown = "likeliest".',
                at=["[place]"],
            )
        if not len(self.rows):
            raise RollError("all villages left the county.", fix="Is the roll after of the same place?", at=["[place]"])
        if self.is_given and (empty := [row for row in self._empty if row not in self.history.said.appeared]):
            after = self.history.after.roll
            raise RollError(
                f"no old village goes to {_villages(len(empty))} of the roll after: {_some(after, empty)}.",
                fix=f"Give a row <its old code>,{after.codes[empty[0]]}; or ,{after.codes[empty[0]]} if it came out of nothing.",
                at=[self.history.said.file],
            )

    def _inferred(self) -> Iterator[str]:
        """How far the user's map goes."""
        said, n = len({link.old for link in self._links if link.way == "user"}), len({link.old for link in self._links})
        if 0 < said < n:
            yield f"{self.history.said.file} says where {said:,} of {n:,} villages went; the rest is inferred around that"

    def _left(self) -> Iterator[str]:
        """Who left, township by township."""
        before = self.history.before
        gone = [link for link in self._links if link.fate == "left"]
        said = {before.roll.townships[link.old] for link in gone if link.way == "user"}
        for code, n in Counter(before.roll.townships[link.old] for link in gone).items():
            mend = (
                ""
                if code in said
                else f"; if it was joined to another, a row {code},<its code after> in the map says so"
            )
            yield f"{_villages(n)} of {before.named[code]} ({code}) left the county and {_are(n)} left out{mend}"

    @property
    def _empty(self) -> list[int]:
        """Rows of new villages that no village went to."""
        before, after = self.history.before.roll, self.history.after.roll
        kinds = [before.kinds[link.old] if link.old >= 0 else "" for link in self.history.links]
        reached = {link.new for link, kind in zip(self.history.links, kinds, strict=True) if kind in self.kinds}
        here = set(self.likeliest.after.townships if self.townships else after.townships)
        return [
            row
            for row, (kind, township) in enumerate(zip(after.kinds, after.townships, strict=True))
            if kind in self.kinds and row not in reached and township in here
        ]

    def _appeared(self) -> Iterator[str]:
        """New villages that came out of nothing."""
        if rows := self._empty:
            n = len(rows)
            yield f"{_villages(n)} without origin appeared and {_are(n)} left out: {_some(self.history.after.roll, rows)}"

    def _turned(self) -> Iterator[str]:
        """Villages that are no villages any more."""
        after = self.history.after.roll
        n = sum(after.kinds[link.new] not in self.kinds for link in self._links if link.new >= 0)
        if n:
            yield (
                f"{_villages(n)} became a community (村改居), or went into one: each stays in the place to the end, under code"
                " and name of the community"
            )


def _cut(roll: Roll, rows: Ints) -> Roll:
    return Roll(tuple(roll.codes[row] for row in rows), tuple(roll.names[row] for row in rows))


def _villages(n: int) -> str:
    return f"{n:,} village{'s' if n != 1 else ''}"


def _are(n: int) -> str:
    return "is" if n == 1 else "are"


def _some(roll: Roll, rows: list[int]) -> str:
    """Name the first of some units."""
    some = joined(f"{roll.codes[row]} {roll.names[row]}" for row in rows[:NAMED])
    return some + (" ..." if len(rows) > NAMED else "")

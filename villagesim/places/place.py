"""A place: the villages before and after a merger, and which went into which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np

from villagesim.arrays import Bools, Floats, Ints, regrouped, sum_by
from villagesim.errors import RollError, nearest
from villagesim.frozen import Frozen, Value, read_only
from villagesim.places.merger_map import MergerMap
from villagesim.places.rolls import PART, Roll, township_names


@dataclass(frozen=True, eq=False)
class Wave(Value):
    """What a decree leaves behind.

    Attributes
    ----------
    after : Roll
    map : MergerMap
        Which village of it every constituent is in, counted from the first day.
    """

    after: Roll
    map: MergerMap


@dataclass(frozen=True, eq=False)
class Place(Value):
    """The constituent villages of a county in the order of their codes, and the mergers that await them, if any.

    Attributes
    ----------
    before, after : Roll
        Before and after all decrees; the same where nothing merges.
    map : MergerMap
        From the one to the other.
    earlier : tuple of Wave
        What each decree but the last leaves behind.
    shares : (n_rows,) float, optional
        Share of each constituent in its village of the first day: below 1 where a decree splits that village, whose parts
        are constituents with the codes ``370114001201#1`` and ``#2``. None where no village is split.
    named : dict of str to str
        Names of townships by code (9 digits), where files tell them; others are looked up in the library.
    """

    before: Roll
    after: Roll
    map: MergerMap
    earlier: tuple[Wave, ...] = ()
    shares: Floats | None = None
    named: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._freeze(earlier=tuple(self.earlier), named=Frozen(self.named))

    def __repr__(self) -> str:
        n, after = len(self.whole.before), len(self.after)
        return f"<place: {n} villages in {len(self.townships)} townships, {after} after the merger>"

    @classmethod
    def unmerged(cls, roll: Roll, named: Mapping[str, str] = MappingProxyType({})) -> "Place":
        """A place where nothing merges: every village keeps to itself."""
        rows = np.arange(len(roll))
        return cls(roll, roll, MergerMap(rows, ("kept",) * len(roll), np.ones(len(roll)), rows), named=named)

    def content(self) -> list[Any]:
        """All of it that decides results, as JSON has it."""
        shares = None if self.shares is None else self.shares.tolist()
        maps = [
            [*_roll(each.after), each.map.village.tolist(), each.map.known_host.tolist()] for each in self.waves
        ]  # fmt: skip
        return [*_roll(self.before), shares, maps]

    @property
    def waves(self) -> tuple[Wave, ...]:
        """What each decree leaves behind; one where nothing merges, all the same."""
        return *self.earlier, Wave(self.after, self.map)

    @property
    def rolls(self) -> tuple[Roll, ...]:
        """Villages before any decree, and after each."""
        return self.whole.before, *(wave.after for wave in self.waves)

    @property
    def n_merged(self) -> int:
        """New villages of two or more constituents."""
        return int((self.map.n_constituents >= 2).sum())

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Code of each constituent's village of the first day."""
        return tuple(code.partition(PART)[0] for code in self.before.codes)

    @cached_property
    def committee(self) -> Ints:
        """Row of the first part of each constituent's village of the first day, its own but for later parts."""
        first: dict[str, int] = {}
        return read_only(np.array([first.setdefault(code, row) for row, code in enumerate(self.codes)], np.int64))

    @property
    def part(self) -> Floats | float:
        """Share of each constituent in its village of the first day, ``(n_rows,)``; 1 for all where none is split."""
        return 1.0 if self.shares is None else self.shares

    @cached_property
    def whole(self) -> "Place":
        """The place with villages that are split as one, where their first parts go."""
        if self.shares is None:
            return self
        rows = np.unique(self.committee)
        reached, village = np.unique(self.map.village[rows], return_inverse=True)
        row_of = np.full(len(self.before) + 1, -1)
        row_of[rows] = np.arange(len(rows))
        before = Roll(tuple(self.codes[row] for row in rows), tuple(self.before.names[row] for row in rows))
        after = Roll(*(tuple(of[row] for row in reached) for of in (self.after.codes, self.after.names)))
        way, likelihood = tuple(self.map.way[row] for row in rows), self.map.likelihood[rows]
        whole = MergerMap(village, way, likelihood, row_of[self.map.known_host[reached]])
        return Place(before, after, whole, named=self.named)

    def counted(self, villages: Ints) -> Bools:
        """Constituents that count as one each among the parts of their villages, for rows of villages ``(..., n_rows)``.

        A later part of a village that is split does not, as long as it is in the same village as the first part.
        """
        counts: Bools = (self.committee == np.arange(len(self.before))) | (villages != villages[..., self.committee])
        return counts

    def merged(self, villages: Ints) -> Bools:
        """Constituents whose villages have two parts or more, for the rows of villages ``(n_rows,)``."""
        return sum_by(villages, self.counted(villages), len(villages))[villages] >= 2

    @cached_property
    def townships(self) -> tuple[str, ...]:
        """Township codes in order."""
        return tuple(sorted(set(self.before.townships)))

    @cached_property
    def township(self) -> Ints:
        """Position of each constituent's township in :attr:`townships`, shape ``(n_rows,)``."""
        position = {code: i for i, code in enumerate(self.townships)}
        return read_only(np.array([position[code] for code in self.before.townships], np.int64))

    @cached_property
    def township_names(self) -> tuple[str, ...]:
        """Names of :attr:`townships`."""
        names = township_names(self.townships) | dict(self.named)
        return tuple(names[code] for code in self.townships)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Name of every village before and after the decree, by its code; after it where both have one."""
        rolls = ((self.codes, self.before.names), *((wave.after.codes, wave.after.names) for wave in self.waves))
        named = {code: name for codes, names in rolls for code, name in zip(codes, names, strict=True)}
        return Frozen(dict(zip(self.before.codes, self.before.names, strict=True)) | named)

    @cached_property
    def vanishes(self) -> Bools:
        """Constituents whose code and name do not live on, shape ``(n_rows,)``."""
        return read_only(~np.isin(np.arange(len(self.before)), self.map.known_host))

    @cached_property
    def changed(self) -> Bools:
        """Constituents whose villages each decree changes, shape ``(n_decrees, n_rows)``."""
        villages = (self.committee, *(wave.map.village for wave in self.waves))
        return read_only(np.array([regrouped(one, other) for one, other in pairwise(villages)]))

    def villages(self, members: Ints) -> tuple[Ints, ...]:
        """Row of the host of each constituent's village before any decree, and after each, shape ``(n_rows,)`` each.

        The host is a village of the day before: the one whose name or code lives on, else the one with most members.
        Before any decree it is the village itself; of one that will be split, its first part.
        """
        every, found = np.arange(len(self.before)), [self.committee]
        for wave in self.waves:
            village, new = found[-1], wave.map.village
            held = np.where(village == every, sum_by(village, members, len(village)), -1.0)
            host = wave.map.hosts(held)
            of_host = village[host]  # a village of the day before, unless only a part of one is in the new village
            found.append(np.where(new[of_host] == new[host], of_host, host)[new])
        return tuple(found)

    def village_of(self, members: Ints) -> Ints:
        """Row of the host constituent that each constituent's village has after all decrees, shape ``(n_rows,)``."""
        return self.villages(members)[-1]


def same_map(one: Place, other: Place) -> bool:
    """Whether two places have the same villages and the same maps."""
    if one is other:
        return True
    if one.before.codes != other.before.codes or len(one.waves) != len(other.waves):
        return False
    return all(
        a.after.codes == b.after.codes and np.array_equal(a.map.village, b.map.village)
        for a, b in zip(one.waves, other.waves, strict=True)
    )


def _roll(roll: Roll) -> list[tuple[str, ...]]:
    return [roll.codes, roll.names]


def within(roll: Roll, townships: Sequence[str], named: Mapping[str, str] | None = None) -> Roll:
    """Keep the committees of these townships, given by name or by code of 9 digits.

    Parameters
    ----------
    named : mapping of str to str, optional
        Names of townships by code, beside the library's.

    Raises
    ------
    RollError
        Where the roll has no such township.
    """
    names = township_names(roll.codes)
    called = {code: {code, name, (named or names).get(code, name)} for code, name in names.items()}
    for asked in townships:
        if not any(asked in own for own in called.values()):
            known = [name for own in called.values() for name in sorted(own) if not name.isdecimal()]
            raise RollError(
                f"the roll has no township {asked!r}.", fix=nearest(asked, known or sorted(called)), at=["townships"]
            )
    wanted = {code for code, own in called.items() if own & {*townships}}
    return Roll.of((c, n) for c, n in zip(roll.codes, roll.names, strict=True) if c[:9] in wanted)

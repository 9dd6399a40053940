"""A place: the villages before and after a merger, and which went into which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from villagesim.arrays import Bools, Ints, sum_by
from villagesim.errors import RollError, nearest
from villagesim.frozen import Frozen, Value, read_only
from villagesim.places.merger_map import MergerMap
from villagesim.places.rolls import Roll, township_names


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
    """

    before: Roll
    after: Roll
    map: MergerMap
    earlier: tuple[Wave, ...] = ()

    def __post_init__(self) -> None:
        self._freeze(earlier=tuple(self.earlier))

    def __repr__(self) -> str:
        n, after = len(self.before), len(self.after)
        return f"<place: {n} villages in {len(self.townships)} townships, {after} after the merger>"

    @property
    def waves(self) -> tuple[Wave, ...]:
        """What each decree leaves behind; one where nothing merges, all the same."""
        return *self.earlier, Wave(self.after, self.map)

    @property
    def n_merged(self) -> int:
        """New villages of two or more constituents."""
        return int((self.map.n_constituents >= 2).sum())

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
        names = township_names(self.townships)
        return tuple(names[code] for code in self.townships)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Name of every village before and after the decree, by its code; after it where both have one."""
        rolls = (self.before, *(wave.after for wave in self.waves))
        return Frozen({code: name for roll in rolls for code, name in zip(roll.codes, roll.names, strict=True)})

    @cached_property
    def vanishes(self) -> Bools:
        """Constituents whose code and name do not live on, shape ``(n_rows,)``."""
        return read_only(~np.isin(np.arange(len(self.before)), self.map.known_host))

    def villages(self, members: Ints) -> tuple[Ints, ...]:
        """Row of the host constituent that each constituent's village has after each decree, shape ``(n_rows,)`` each.

        The host is a village of the day before: the one whose name or code lives on, else the one with most members.
        """
        found = [np.arange(len(self.before))]
        for wave in self.waves:
            village = found[-1]
            held = np.where(village == found[0], sum_by(village, members, len(village)), -1.0)
            found.append(village[wave.map.hosts(held)][wave.map.village])
        return tuple(found[1:])

    def village_of(self, members: Ints) -> Ints:
        """Row of the host constituent that each constituent's village has after all decrees, shape ``(n_rows,)``."""
        return self.villages(members)[-1]


def within(roll: Roll, townships: Sequence[str], named: Mapping[str, str] | None = None) -> Roll:
    """Keep the committees of these townships, given by name or by code of 9 digits.

    Parameters
    ----------
    named : mapping of str to str, optional
        Names of townships by code; the library's by default.

    Raises
    ------
    RollError
        Where the roll has no such township.
    """
    names = township_names(roll.codes) if named is None else {code: named[code] for code in roll.townships}
    wanted = {code for code, name in names.items() if name in townships or code in townships}
    for asked in townships:
        if asked not in wanted and asked not in (names[code] for code in wanted):
            raise RollError(
                f"the roll has no township {asked!r}.", fix=nearest(asked, list(names.values())), at=["townships"]
            )
    return Roll.of((c, n) for c, n in zip(roll.codes, roll.names, strict=True) if c[:9] in wanted)

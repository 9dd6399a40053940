"""An edition: all units of a place in one year, with what their names and codes say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from villagesim.arrays import Bools, Ints
from villagesim.frozen import Frozen, Value, read_only
from villagesim.places.names import alias, stem
from villagesim.places.rolls import Roll, township_names


@dataclass(frozen=True)
class Edition(Value):
    """All units of one place in one edition, of every kind.

    Attributes
    ----------
    roll : Roll
        Units in the order of their codes.
    named : mapping of str to str
        Names of townships by code (9 digits), of others by theirs; a township that is not there is looked up in the
        library, else is called by its code.
    """

    roll: Roll
    named: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        missing = set(self.roll.townships) - set(self.named)
        self._freeze(named=Frozen({**(township_names(missing) if missing else {}), **self.named}))

    def __len__(self) -> int:
        return len(self.roll)

    @cached_property
    def row(self) -> Mapping[str, int]:
        """Row of each unit by its code."""
        return Frozen({code: k for k, code in enumerate(self.roll.codes)})

    @cached_property
    def is_community(self) -> Bools:
        """Units that are residents' communities, shape (n,)."""
        return read_only(np.array([kind == "community" for kind in self.roll.kinds], bool))

    @cached_property
    def cores(self) -> tuple[str, ...]:
        """What of each name lasts."""
        return self.roll.cores

    @cached_property
    def aliases(self) -> tuple[str, ...]:
        """What the brackets of each name hold; empty where there are none."""
        return tuple(map(alias, self.roll.names))

    @cached_property
    def townships(self) -> tuple[str, ...]:
        """Codes of townships that have units, rising."""
        return tuple(sorted(set(self.roll.townships)))

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """Names of :attr:`townships` without their rank."""
        return tuple(stem(self.named[code]) for code in self.townships)

    @cached_property
    def township(self) -> Ints:
        """Position of each unit's township in :attr:`townships`, shape (n,)."""
        position = {code: k for k, code in enumerate(self.townships)}
        return read_only(np.array([position[code] for code in self.roll.townships], np.int64))

    @cached_property
    def rank(self) -> Ints:
        """Rank of each unit in the code order of its township, among those of its kind, shape (n,)."""
        seen: dict[tuple[str, str], int] = {}
        ranks = []
        for place in zip(self.roll.townships, self.roll.kinds, strict=True):
            ranks.append(seen.get(place, 0))
            seen[place] = ranks[-1] + 1
        return read_only(np.array(ranks, np.int64))

    @cached_property
    def counties(self) -> tuple[str, ...]:
        """Codes of counties that have units, rising."""
        return tuple(sorted({code[:6] for code in self.roll.codes}))


def became_community(before: Edition, after: Edition, old: int, new: int) -> bool:
    """Whether a unit of another kind is a community now (村改居)."""
    return bool(after.is_community[new] and not before.is_community[old])


def own_part(before: Edition, after: Edition) -> int:
    """Digits at the front of codes that do not count: a county's, where each edition is of one, else none.

    So a county that got another code keeps the codes of its units.
    """
    return 6 if len(before.counties) == len(after.counties) == 1 else 0

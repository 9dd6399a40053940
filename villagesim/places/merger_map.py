"""Merger maps: which village of the old roll went into which village of the new one.

The rolls do not say. :mod:`villagesim.places.map_of_history` infers a map, or keeps the user's.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from villagesim.arrays import Bools, Floats, Ints
from villagesim.frozen import Value
from villagesim.places.rolls import Roll
from villagesim.places.units.link import INFERRED, WEAK

_LIVES_ON: dict[str, Callable[[Roll, int], object]] = {
    "kept": lambda roll, row: (roll.codes[row], roll.cores[row]),
    "recoded": lambda roll, row: roll.cores[row],
    "renamed": lambda roll, row: roll.codes[row],
}
"""What an old and a new village have in common in each known way, the surest first."""


@dataclass(frozen=True, eq=False)
class MergerMap(Value):
    """Where each old village went, how the link was made, and how likely it is.

    Attributes
    ----------
    village : int64 array of shape (n_old,)
        Row in the roll after of the village that each village of the roll before went into.
    way : tuple of str, length n_old
        What the link rests on: a unit that lives on was ``kept`` (code and name), ``recoded``, ``renamed``, ``moved``, or is a
        ``community`` now; others by ``name part``, ``order`` of codes, or ``totals`` alone; ``user`` where it was said.
    likelihood : float array of shape (n_old,)
        How likely the link is [0 to 1].
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

    @property
    def inferred(self) -> Bools:
        """Links that are not known, so that draws differ in them, shape (n_old,)."""
        return np.isin(self.way, INFERRED)

    @property
    def weak(self) -> Bools:
        """Links that are rather wrong than right by their own likelihood, shape (n_old,)."""
        return self.inferred & (self.likelihood < WEAK)

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

"""Lists of weak villages (消薄): which line villages are to reach, and what they book to reach it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from villagesim.arrays import Bools, Floats, Ints, Keys


@dataclass(frozen=True, eq=False)
class WeakVillages:
    """A list that is kept, as the policy asks for it.

    Attributes
    ----------
    rows : (n_rows,) constituents of the villages it looks at
    lines : yuan a year by calendar year, from ``since`` on; the last one holds on
    since : first calendar year
    quota : share of the villages that shall be at or above the line
    pressure : index 0 to 1
    lowest : share of the villages, lowest by income, that are on it for good; all that are below, year by year, where 0
    """

    rows: Bools
    lines: Sequence[float]
    since: int
    quota: float
    pressure: float
    lowest: float = 0.0

    def line(self, year: int) -> float:
        """Line of a calendar year [yuan]."""
        return self.lines[min(max(year - self.since, 0), len(self.lines) - 1)]


@dataclass
class ListColumns:
    """Columns by village, read at the row of its host; shape ``(n_rows,)``.

    Attributes
    ----------
    listed : it is on a list
    booked : reported at the last closing of a year beyond what was earned [yuan]
    barred : it was struck out at the last closing of a year, and books nothing at the next
    """

    listed: Bools
    booked: Floats
    barred: Bools

    @classmethod
    def at_start(cls, n: int) -> "ListColumns":
        """Nobody is listed, and what is reported is what was earned."""
        return cls(np.zeros(n, bool), np.zeros(n), np.zeros(n, bool))


def lowest_of(income: Floats, villages: Ints, keys: Keys, share: float) -> Ints:
    """The given share of villages that are lowest by income, equal ones by code."""
    order = np.lexsort((keys[villages], income[villages]))
    return villages[order[: int(np.ceil(share * len(villages) - 1e-9))]]

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
    lines : yuan of that year by calendar year, from ``since`` on; the last one holds on
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
        """Line of a calendar year [yuan of that year]."""
        return self.lines[min(max(year - self.since, 0), len(self.lines) - 1)]


@dataclass
class ListColumns:
    """Columns by village, read at the row of its host; shape ``(n_rows,)``.

    Attributes
    ----------
    line : highest line that a list holds it against this year [yuan of that year], 0 where none looks at it
    listed : it is on a list: what it reports is below that line
    booked : reported at the last closing of a year beyond what was earned [yuan]
    barred : it was struck out at the last closing of a year, and books nothing at the next
    """

    line: Floats
    listed: Bools
    booked: Floats
    barred: Bools

    @classmethod
    def at_start(cls, booked: Floats) -> "ListColumns":
        """Nobody is listed; what is booked is what the endowment says."""
        n = len(booked)
        return cls(np.zeros(n), np.zeros(n, bool), booked.copy(), np.zeros(n, bool))


def lowest_of(income: Floats, villages: Ints, keys: Keys, share: float) -> Ints:
    """The given share of villages that are lowest by income, equal ones by code."""
    order = np.lexsort((keys[villages], income[villages]))
    return villages[order[: int(np.ceil(share * len(villages) - 1e-9))]]

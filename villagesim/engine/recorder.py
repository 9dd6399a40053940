"""The recorder keeps raw monthly columns, nothing else; outcomes are computed from them after the run."""

from collections.abc import Mapping
from copy import copy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from villagesim.dates import Month
from villagesim.errors import OutcomeError, nearest
from villagesim.frozen import Frozen, locked

N_HISTORY = 12
"""Months of ledger history before the first day, so that rolling twelve-month figures are right on day 0."""


class Recorder:
    """Monthly columns by row, by township and for the county.

    Attributes
    ----------
    rows : (n_columns, N_HISTORY + n_months, n_rows)
    counts : the same for whole numbers, in half the memory
    townships : (n_township_columns, N_HISTORY + n_months, n_townships)
    county : (n_county_columns, N_HISTORY + n_months)
    """

    def __init__(
        self,
        columns: Mapping[str, tuple[str, ...]],
        months: tuple[Month, ...],
        n_rows: int,
        n_townships: int,
    ) -> None:
        n = N_HISTORY + len(months)
        self.months = months
        self.names = Frozen(columns)
        self.rows = np.zeros((len(columns["rows"]), n, n_rows))
        self.counts = np.zeros((len(columns.get("counts", ())), n, n_rows), np.int32)
        self.townships = np.zeros((len(columns["townships"]), n, n_townships))
        self.county = np.zeros((len(columns["county"]), n))
        self.n_closed = N_HISTORY
        self._place = {name: (group, i) for group, names in columns.items() for i, name in enumerate(names)}

    def column(self, name: str) -> NDArray[Any]:
        """Column of all months, history first: shape ``(N_HISTORY + n_months, n_rows)``, or fewer axes."""
        if name not in self._place:
            raise OutcomeError(
                f"{name!r} is not a column of the record: no process declares it.", fix=nearest(name, self._place)
            )
        group, i = self._place[name]
        column: NDArray[Any] = getattr(self, group)[i]
        return column

    @property
    def tables(self) -> tuple[NDArray[Any], ...]:
        """All arrays that hold columns."""
        return self.rows, self.counts, self.townships, self.county

    def close(self) -> None:
        """Let nobody write any more: the run is over."""
        self.rows, self.counts, self.townships, self.county = map(locked, self.tables)

    def read_only(self) -> "Recorder":
        """The same columns, to look at only."""
        seen = copy(self)
        seen.close()
        return seen

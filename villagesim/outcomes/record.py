"""The raw record of a run, and the sums over it that outcomes are made of."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from villagesim.arrays import Bools, Floats, Ints, sum_by
from villagesim.dates import month_label
from villagesim.engine.recorder import N_HISTORY, Recorder
from villagesim.frozen import locked
from villagesim.places.endowments import Endowment

INCOME = ("operating", "rent", "subsidy", "other", "assets", "trust", "one_off", "project", "top_up", "outside")
"""Sources of collective income, as in the columns ``income_*``."""


@dataclass(frozen=True, eq=False, repr=False)
class Record:
    """Raw monthly columns of one run, a month before the first day (its state) and all months closed so far.

    All arrays made here have the shape ``(n, n_rows)`` or ``(n,)`` with n months; unless it is cut, index 0 is the
    state at the start, with the flows of the last month of history. None of them can be written: whoever works in place
    takes a copy.
    """

    recorder: Recorder
    endowment: Endowment
    decrees: tuple[tuple[int, Ints], ...]
    """Of each decree: key of the first month under it (beyond the last where nothing ever merges), and the row of the host of
    each constituent's village from then on, ``(n_rows,)``."""
    first: int = N_HISTORY - 1
    stop: int | None = None
    """Months of the recorder to look at, history counted; all that are closed unless said otherwise."""
    by_county: Ints | None = None
    """What the last decree leaves by the map of the county, where a strategy has chosen another; see `grouped`."""
    _memory: dict[Any, Any] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        n = sum(len(names) for names in self.recorder.names.values())
        return f"<record of {n} columns: {self.labels[0]} to {self.labels[-1]}>"

    def __post_init__(self) -> None:
        object.__setattr__(self, "decrees", tuple((month, locked(villages)) for month, villages in self.decrees))
        object.__setattr__(self, "by_county", None if self.by_county is None else locked(self.by_county))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), tuple(getattr(self, each.name) for each in fields(self)[:-1])

    @property
    def after_decree(self) -> Ints:
        """Row of the host of each constituent's village once all decrees are in force, ``(n_rows,)``."""
        return self.decrees[-1][1]

    @property
    def grouped(self) -> Ints:
        """Villages by which constituents are put into groups, the same under all strategies: those of the county's map."""
        return self.after_decree if self.by_county is None else self.by_county

    @property
    def decreed(self) -> Ints:
        """Decrees whose day has come by each month, ``(n_months + 1,)``, whether the strategy lets them come or not."""
        return np.searchsorted([month for month, _ in self.decrees], self.month_keys, "right")

    @property
    def month_keys(self) -> list[int]:
        """Keys of the months; the first is the one before the start."""
        offset = self.recorder.months[0].key - N_HISTORY
        return list(range(offset + self.first, offset + self._stop))

    @property
    def labels(self) -> list[str]:
        """Labels of the months, as in ``2022-03``."""
        return [month_label(key) for key in self.month_keys]

    def latest(self, village_of: Ints, account_of: Ints) -> "Record":
        """Only the last closed month, summed by today's pointers: what a government observes during the run."""
        today = {"village_of": locked(village_of[None, :]), "account_of": locked(account_of[None, :])}
        return replace(self, first=self._stop - 1, stop=self._stop, _memory=today)

    @property
    def _stop(self) -> int:
        return self.recorder.n_closed if self.stop is None else self.stop

    def column(self, name: str) -> Floats:
        """Raw column of these months."""
        return self.recorder.column(name)[self.first : self._stop]

    def rolling(self, *names: str) -> Floats:
        """Sum of flows over the last twelve months."""
        if names not in self._memory:
            columns = [self.recorder.column(name)[self.first - N_HISTORY + 1 : self._stop] for name in names]
            total = sum(columns[1:], start=columns[0])
            n = self._stop - self.first
            result = total[:n].copy()
            for lag in range(1, N_HISTORY):
                result += total[lag : lag + n]
            self._memory[names] = locked(result)
        return self._memory[names]  # type: ignore[no-any-return]

    @property
    def village_of(self) -> Ints:
        """Row of the village in force, for every constituent."""
        return self.once("village_of", lambda: self.column("village_of").astype(np.int64))

    @property
    def account_of(self) -> Ints:
        """Row of the account in force, for every constituent."""
        return self.once("account_of", lambda: self.column("account_of").astype(np.int64))

    @property
    def is_village(self) -> Bools:
        """Rows that are villages in that month."""
        return self.once("is_village", lambda: self.village_of == np.arange(self.village_of.shape[1]))

    @property
    def n_villages(self) -> Floats:
        """Villages in each month, ``(n_months + 1,)``."""
        return self.once("n_villages", lambda: self.is_village.sum(axis=1).astype(float))

    @property
    def is_merged(self) -> Bools:
        """Rows that are villages of two or more constituents in that month."""
        counted = self.endowment.place.counted
        return self.once("is_merged", lambda: self.by_village(counted(self.village_of).astype(float)) >= 2)

    def by_village(self, values: Floats) -> Floats:
        """Sum a column of constituents or accounts over today's villages; zero at rows that are no village."""
        return self._grouped(values, "village_of")

    def by_account(self, values: Floats) -> Floats:
        """Sum a column of constituents over today's accounts; zero at rows that hold none."""
        return self._grouped(values, "account_of")

    def _grouped(self, values: Floats, pointer: str) -> Floats:
        n_months, n_rows = self.village_of.shape
        holders = getattr(self, pointer)
        groups = self.once(f"groups by {pointer}", lambda: (holders + n_rows * np.arange(n_months)[:, None]).ravel())
        return sum_by(groups, values.ravel(), n_months * n_rows).reshape(n_months, n_rows)

    def fixed(self, values: Any) -> Floats:
        """Sum something that does not change over today's villages."""
        return self.by_village(np.broadcast_to(np.asarray(values, float), self.village_of.shape))

    def at_villages(self, values: Floats) -> list[Floats]:
        """List the values of each month at the rows that are villages."""
        return [row[mask] for row, mask in zip(values, self.is_village, strict=True)]

    def once(self, name: Any, make: Callable[[], Any]) -> Any:
        """Return what is known under this name; made when it is first asked for."""
        if name not in self._memory:
            made = make()
            self._memory[name] = locked(made) if isinstance(made, np.ndarray) else made
        return self._memory[name]

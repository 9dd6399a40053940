"""What one run leaves behind: tidy tables, made when they are first asked for."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.arrays import Floats
from villagesim.outcomes import Record
from villagesim.outcomes.of_groups import GROUPS, QUANTITIES
from villagesim.world import World

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

ACCOUNT_COLUMNS = (
    "opening", "account_income", "spending", "borrowing", "repayment", "transfer_in", "transfer_out", "cash", "debt",
)  # fmt: skip


@dataclass(eq=False)
class Run:
    """One strategy in one replication.

    Attributes
    ----------
    world : World
        As it stands at the end.
    strategy : str
    seed, replication, draw : int
    """

    world: World
    strategy: str
    seed: int
    replication: int
    draw: int = 0
    _tables: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def record(self) -> Record:
        """Raw monthly columns; index 0 is the state at the start. Whoever holds them needs to hold nothing else."""
        return self._once("record", self.world.as_record)  # type: ignore[no-any-return]

    @property
    def outcomes(self) -> dict[str, Floats]:
        """All outcomes of the county by month, ``(n_months + 1,)``; index 0 is the state at the start."""
        return {name: self.values(name) for name in self.world.outcomes}

    def values(self, name: str) -> Floats:
        """One outcome of the county by month, ``(n_months + 1,)``; index 0 is the state at the start."""
        return self._once(f"outcome {name}", lambda: self.world.outcomes[name].county(self.record))  # type: ignore[no-any-return]

    @property
    def start(self) -> "pd.Series":
        """Outcomes of the county on the first day, from twelve months of history; NaN for those that have none."""
        return self._once("start", self._start)  # type: ignore[no-any-return]

    @property
    def county(self) -> "pd.DataFrame":
        """A row a month (``month``, as 2025-12: its last midnight), a column an outcome."""
        return self._once("county", self._county)  # type: ignore[no-any-return]

    @property
    def villages(self) -> "pd.DataFrame":
        """A row a month and village in force: ``month``, ``village`` (its code), outcomes."""
        return self._once("villages", self._villages)  # type: ignore[no-any-return]

    @property
    def constituents(self) -> "pd.DataFrame":
        """Which village and which account each constituent belonged to: ``month, code, village, account``."""
        return self._once("constituents", self._constituents)  # type: ignore[no-any-return]

    @property
    def accounts(self) -> "pd.DataFrame":
        """A row a month and account that existed in it [yuan].

        ``closing = opening + income - spending + borrowing - repayment + transfer_in - transfer_out``.
        """
        return self._once("accounts", self._accounts)  # type: ignore[no-any-return]

    @property
    def events(self) -> "pd.DataFrame":
        """What happened: ``date, kind, village`` (code in force, empty for the county), ``facts`` (canonical JSON)."""
        return self._once("events", self._events)  # type: ignore[no-any-return]

    @property
    def groups(self) -> "pd.DataFrame":
        """A row a month and group of constituents: ``month, by, group``, income behind a member, trust, benefits."""
        return self._once("groups", self._groups)  # type: ignore[no-any-return]

    @property
    def payments(self) -> "pd.DataFrame":
        """Claims on the county's fund by month and policy: asked, refused by own cap and by the fund, paid [yuan]."""
        return self._once("payments", self._payments)  # type: ignore[no-any-return]

    @property
    def land_trusts(self) -> "pd.DataFrame":
        """Yearly settlements by village [yuan]."""
        return self._once("land_trusts", self._land_trusts)  # type: ignore[no-any-return]

    def _once(self, name: str, make: "Callable[[], Any]") -> Any:
        if name not in self._tables:
            self._tables[name] = make()
        return self._tables[name]

    def _start(self) -> "pd.Series":
        import pandas as pd

        return pd.Series(
            {name: self.values(name)[0] if outcome.history else np.nan for name, outcome in self.world.outcomes.items()}
        )

    def _county(self) -> "pd.DataFrame":
        import pandas as pd

        columns = {name: values[1:] for name, values in self.outcomes.items()}
        return pd.DataFrame({"month": self.record.labels[1:], **columns})

    def _villages(self) -> "pd.DataFrame":
        import pandas as pd

        record = self.record
        month, row = np.nonzero(record.is_village[1:])
        columns: dict[str, Any] = {
            "month": np.array(record.labels[1:])[month],
            "village": self._codes()[month, row],
        }
        for name, outcome in self.world.outcomes.items():
            if outcome.village is not None:
                columns[name] = outcome.village(record)[1:][month, row]
        return pd.DataFrame(columns)

    def _constituents(self) -> "pd.DataFrame":
        import pandas as pd

        codes = np.array(self.world.place.before.codes)
        n_months = len(self.world.calendar.months)
        return pd.DataFrame(
            {
                "month": np.repeat(self.record.labels[1:], len(codes)),
                "code": np.tile(codes, n_months),
                "village": self._codes().ravel(),
                "account": codes[self.record.account_of[1:]].ravel(),
            }
        )

    def _accounts(self) -> "pd.DataFrame":
        import pandas as pd

        record = self.record
        existed = record.account_of[:-1] == np.arange(self.world.n_rows)
        month, row = np.nonzero(existed)
        table = {
            "month": np.array(record.labels[1:])[month],
            "account": np.array(self.world.place.before.codes)[row],
        }
        columns = {name: record.column(name)[1:][month, row] for name in ACCOUNT_COLUMNS}
        frame = pd.DataFrame(table | columns).rename(columns={"account_income": "income", "cash": "closing"})
        return frame[[*frame.columns.drop("debt"), "debt"]]

    def _events(self) -> "pd.DataFrame":
        import pandas as pd

        start, before, after = self.world.timetable.start, self.world.place.before.codes, self._codes_after()
        decree = self._decree_day()
        rows = [
            (
                start + timedelta(days=int(day)),
                kind,
                "" if row < 0 else (before[row] if day < decree else after[row]),
                json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":")),
            )
            for day, kind, row, facts in sorted(self.world.events, key=lambda event: event[0])
        ]
        return pd.DataFrame(rows, columns=["date", "kind", "village", "facts"])

    def _groups(self) -> "pd.DataFrame":
        import pandas as pd

        tables = [
            pd.DataFrame(
                {"month": self.record.labels[1:], "by": by, "group": group}
                | {quantity: self.values(f"{quantity}_{group}")[1:] for quantity in QUANTITIES}
            )
            for by, names in GROUPS.items()
            for group in names
        ]
        return pd.concat(tables, ignore_index=True)

    def _payments(self) -> "pd.DataFrame":
        import pandas as pd

        labels = {month.start: month.label for month in self.world.calendar.months}
        rows = [
            (
                labels[p.day],
                p.policy,
                *(amount / 100 for amount in (p.asked, p.refused_by_cap, p.refused_by_fund, p.paid)),
            )
            for p in self.world.payments
        ]
        return pd.DataFrame(rows, columns=["month", "policy", "asked", "refused_by_cap", "refused_by_fund", "paid"])

    def _land_trusts(self) -> "pd.DataFrame":
        import pandas as pd

        codes = self._codes()
        names = (
            "revenue", "insured", "cost", "premium", "surplus", "floors_paid", "dividends", "reserve_change",
            "operator_result", "paid_share", "household", "collective", "welfare", "reserve", "equity", "defaulted",
        )  # fmt: skip
        parts = [
            pd.DataFrame(
                {"year": s["year"], "village": codes[s["month"], s["villages"]], "mu_years": s["area"]}
                | {name: getattr(s["result"], name) for name in names}
            )
            for s in self.world.settlements
        ]
        return (
            pd.concat(parts, ignore_index=True)
            if parts
            else pd.DataFrame(columns=["year", "village", "mu_years", *names])
        )

    def _codes(self) -> "np.ndarray[Any, Any]":
        """Code of the village in force, ``(n_months, n_rows)``."""
        months = [month.key for month in self.world.calendar.months]
        decreed = (np.array(months) >= self.record.decree_month)[:, None] & self.world.merging
        return np.where(decreed, self._codes_after(), np.array(self.world.place.before.codes))

    def _codes_after(self) -> "np.ndarray[Any, Any]":
        place = self.world.place
        return np.array(place.after.codes)[place.map.village]

    def _decree_day(self) -> float:
        decree = self.world.timetable.decree
        if not self.world.merging or decree is None:
            return float("inf")
        return float((decree - self.world.timetable.start).days)

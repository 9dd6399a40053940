"""What one run leaves behind: tidy tables, made when they are first asked for."""

import json
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.agents.assets import KINDS as KINDS_OF_ITEMS
from villagesim.agents.projects import ALL_FORMS, ALL_KINDS
from villagesim.arrays import Floats, Ints
from villagesim.checks import real_numbers
from villagesim.ending import exits_refused, modules_of, place_of, place_within, said_of
from villagesim.errors import OutcomeError
from villagesim.frozen import locked
from villagesim.history import History
from villagesim.notebook import table
from villagesim.outcomes import Outcomes, Record
from villagesim.outcomes.of_groups import GROUPS, QUANTITIES
from villagesim.outcomes.outcome import UNBOUNDED
from villagesim.places.geography import Geography

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

SHOWN = ("collective_income", "operating_income", "real_integration", "reported_integration", "trust", "support_cost")
"""Outcomes that a notebook shows of a run."""
TABLES = (
    "county", "villages", "accounts", "constituents", "events", "payments", "land_trusts", "projects", "items",
)  # fmt: skip
"""Tables of a run that are written to a folder."""
ACCOUNT_COLUMNS = (
    "opening", "account_income", "principal", "spending", "invested", "borrowing", "repayment", "transfer_in",
    "transfer_out", "to_pot", "cash", "pot", "debt",
)  # fmt: skip


@dataclass(frozen=True, repr=False)
class Run:
    """One strategy in one replication: a value, which can be kept, sent and compared.

    Attributes
    ----------
    history : History
        What happened.
    definitions : Outcomes
        Outcomes that it is judged by.
    strategy : str
    seed, replication, draw : int
    geography : Geography, optional
        Where villages lie: tables have ``lon`` and ``lat`` [degrees] where it is known of any, of a village those of its host.
    """

    history: History
    definitions: Outcomes
    strategy: str
    seed: int
    replication: int
    draw: int = 0
    geography: Geography | None = field(default=None, compare=False)
    _known: dict[str, Any] = field(default_factory=dict, init=False, compare=False)

    def __getstate__(self) -> dict[str, Any]:
        return vars(self) | {"_known": {}}

    def __hash__(self) -> int:
        return hash((self.strategy, self.seed, self.replication, self.draw))

    def __repr__(self) -> str:
        draw = f", draw {self.draw}" if self.draw else ""
        labels, n = self.record.labels, int(self.record.n_villages[-1])
        return (
            f"<run of {self.strategy!r}, seed {self.seed}, replication {self.replication}{draw}:"
            f" {labels[1]} to {labels[-1]}, {n} villages at the end>"
        )

    def _repr_html_(self) -> str:
        rows = [
            (found.title, found.unit, *(f"{value:,.4g}" for value in self.values(name)[[0, -1]]))
            for name in SHOWN
            for found in (self.definitions[name],)
        ]
        return table(repr(self)[1:-1], ("outcome", "unit", "start", "end"), rows)

    @property
    def record(self) -> Record:
        """Raw monthly columns; index 0 is the state at the start. Whoever holds them needs to hold nothing else."""
        return self.history.record

    @property
    def outcomes(self) -> dict[str, Floats]:
        """All outcomes of the county by month, ``(n_months + 1,)``; index 0 is the state at the start."""
        return {name: self.values(name) for name in self.definitions}

    def values(self, name: str) -> Floats:
        """One outcome of the county by month, ``(n_months + 1,)``; index 0 is the state at the start."""
        if name not in self._known:
            self._known[name] = locked(self._computed(name, self.definitions[name].county, "for the county"))
        return self._known[name]  # type: ignore[no-any-return]

    def _computed(self, name: str, function: "Callable[[Record], Floats]", of_what: str) -> Floats:
        """An outcome by a function of its own, which may be a user's, if it has a value for each."""
        values, shape = self._given(name, function), self.record.village_of.shape
        asked = shape[:1] if of_what == "for the county" else shape
        if values.shape != asked:
            raise OutcomeError(
                f"{name}: its values {of_what} have the shape {values.shape}.",
                fix=f"Give one a month{' and constituent' * (len(asked) - 1)}, {asked}: the state at the start, and the months.",
                at=place_of(function),
            )
        if place_of(function):
            self._check_bounds(name, function, values, UNBOUNDED if len(asked) > 1 else self.definitions[name].bounds)
        return values

    def _check_bounds(
        self, name: str, function: "Callable[[Record], Floats]", values: Floats, bounds: tuple[float, float]
    ) -> None:
        """Refuse what a user's function gives that no number can be, or that the outcome cannot: intervals rest on it."""
        low, high = bounds
        slack = 1e-9 * max([1.0, *(abs(end) for end in bounds if np.isfinite(end))])
        wrong = np.isinf(values) | (values < low - slack) | (values > high + slack)
        if wrong.any():
            said = (
                f"lies outside of its bounds, {low:g} to {high:g}" if np.isfinite(values[wrong][0]) else "is no number"
            )
            raise OutcomeError(
                f"{name} = {values[wrong][0]:g} {said}.",
                fix="Correct the function, or the bounds. Where it is not defined give NaN.",
                at=place_of(function),
            )

    def _given(self, name: str, function: "Callable[[Record], Floats]") -> Floats:
        """What the function of an outcome gives, in numbers."""
        if not (place := place_of(function)):
            return np.asarray(function(self.record), float)
        try:
            with exits_refused():
                return np.asarray(real_numbers(function(self.record)), float)
        except (Exception, SystemExit) as problem:
            within, line = place_within(problem, modules_of([function]))
            raise said_of(problem, within[1:] or place, line, OutcomeError).inside(f"outcome {name}") from problem

    @property
    def never_acted(self) -> tuple[str, ...]:
        """Labels of its policies that never acted: not begun, nobody reached, or nothing paid that they could act on."""
        return tuple(sorted(self.history.idle))

    @property
    def start(self) -> "pd.Series":
        """Outcomes of the county on the first day, from twelve months of history; NaN for those that have none."""
        return self._copy_of("start table", self._start)

    @property
    def county(self) -> "pd.DataFrame":
        """A row a month (``month``, as 2025-12: its last midnight), a column an outcome."""
        return self._copy_of("county table", self._county)

    @property
    def villages(self) -> "pd.DataFrame":
        """A row a month and village in force: ``month``, ``village`` (its code), outcomes."""
        return self._copy_of("villages table", self._villages)

    @property
    def constituents(self) -> "pd.DataFrame":
        """Which village and which account each constituent belonged to: ``month, code, village, account``."""
        return self._copy_of("constituents table", self._constituents)

    @property
    def accounts(self) -> "pd.DataFrame":
        """A row a month and account that existed in it, or was opened at its close by a split [yuan].

        ``closing = opening + income - spending + borrowing - repayment + transfer_in - transfer_out``.
        """
        return self._copy_of("accounts table", self._accounts)

    @property
    def events(self) -> "pd.DataFrame":
        """What happened: ``date, kind, village`` (code in force, empty for the county), ``facts`` (canonical JSON)."""
        return self._copy_of("events table", self._events)

    @property
    def groups(self) -> "pd.DataFrame":
        """A row a month and group of constituents: ``month, by, group``, income behind a member, trust, benefits."""
        return self._copy_of("groups table", self._groups)

    @property
    def payments(self) -> "pd.DataFrame":
        """Claims on the county's fund by month and policy: asked, refused by own cap and by the fund, paid [yuan]."""
        return self._copy_of("payments table", self._payments)

    @property
    def land_trusts(self) -> "pd.DataFrame":
        """Yearly settlements by village [yuan]."""
        return self._copy_of("land_trusts table", self._land_trusts)

    @property
    def items(self) -> "pd.DataFrame":
        """What lay idle or unbilled, a row an item: contracts, land, buildings, offices, ledgers, debts; what became of it.

        ``worth`` is what settling it brings [yuan a year], of a debt what is owed [yuan]. ``is_open``: it brings less than it
        could, still or again. ``ripe``, ``settled`` and ``lost`` are the last dates, or empty.
        """
        return self._copy_of("items table", self._items)

    @property
    def projects(self) -> "pd.DataFrame":
        """A row a project: when it was founded, by whom, its kind and money [yuan], when it began to earn, and its end."""
        return self._copy_of("projects table", self._projects)

    def _copy_of(self, name: str, make: "Callable[[], Any]") -> Any:
        """Make a table when it is first asked for, and hand out copies of it: whoever changes one changes no other."""
        if name not in self._known:
            self._known[name] = make()
        return self._known[name].copy()

    def _start(self) -> "pd.Series":
        import pandas as pd

        return pd.Series(
            {name: self.values(name)[0] if outcome.history else np.nan for name, outcome in self.definitions.items()}
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
            "month": np.array(record.labels[1:])[month], "village": self.history.codes[month, row], **self._where(row)
        }  # fmt: skip
        for name, outcome in self.definitions.items():
            if outcome.village is not None:
                columns[name] = self._computed(name, outcome.village, "by village")[1:][month, row]
        return pd.DataFrame(columns)

    def _constituents(self) -> "pd.DataFrame":
        import pandas as pd

        codes = np.array(self.history.place.before.codes)
        n_months = len(self.history.months)
        return pd.DataFrame(
            {
                "month": np.repeat(self.record.labels[1:], len(codes)),
                "code": np.tile(codes, n_months),
                **self._where(np.tile(np.arange(len(codes)), n_months)),
                "village": self.history.codes.ravel(),
                "account": codes[self.record.account_of[1:]].ravel(),
            }
        )

    def _accounts(self) -> "pd.DataFrame":
        import pandas as pd

        record = self.record
        existed = record.account_of == np.arange(record.account_of.shape[1])
        month, row = np.nonzero(existed[:-1] | existed[1:])
        table = {
            "month": np.array(record.labels[1:])[month],
            "account": np.array(self.history.place.before.codes)[row],
            **self._where(row),
        }
        columns = {name: record.column(name)[1:][month, row] for name in ACCOUNT_COLUMNS}
        frame = pd.DataFrame(table | columns).rename(columns={"account_income": "income", "cash": "closing"})
        return frame[[*frame.columns.drop("debt"), "debt"]]

    def _events(self) -> "pd.DataFrame":
        import pandas as pd

        history, events = self.history, sorted(self.history.events, key=lambda event: event[0])
        start, codes = history.timetable.start, history.codes_decreed
        wave = [bisect_right(history.decree_days, day) for day, *_ in events]
        rows = [
            (
                start + timedelta(days=int(day)),
                kind,
                "" if row < 0 else str(codes[k, row]),
                json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=dict),
            )
            for k, (day, kind, row, facts) in zip(wave, events, strict=True)
        ]
        frame = pd.DataFrame(rows, columns=["date", "kind", "village", "facts"])
        of = history.hosts_decreed[wave, np.array([row for _, _, row, _ in events], np.int64)]
        for name, values in self._where(of).items():
            frame.insert(len(frame.columns) - 1, name, values)
        return frame

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

        labels = {month.start: month.label for month in self.history.months}
        rows = [
            (
                labels[p.day],
                p.policy,
                *(amount / 100 for amount in (p.asked, p.refused_by_cap, p.refused_by_fund, p.paid)),
            )
            for p in self.history.payments
        ]
        return pd.DataFrame(rows, columns=["month", "policy", "asked", "refused_by_cap", "refused_by_fund", "paid"])

    def _items(self) -> "pd.DataFrame":
        import pandas as pd

        items = self.history.items
        return pd.DataFrame(
            {
                "kind": np.array(KINDS_OF_ITEMS)[items["kind"]],
                "code": np.array(self.history.place.before.codes)[items["row"]],
                **self._where(items["row"]),
                "number": items["ordinal"],
                "worth": items["worth"],
                "team_days": items["days"],
                "hard": items["hard"],
                "ripe": self._dates(items["ripe"]),
                "is_open": items["is_open"],
                "settled": self._dates(items["settled_on"]),
                "by_team": items["by_team"],
                "lost": self._dates(items["lost_on"]),
            }
        )

    def _projects(self) -> "pd.DataFrame":
        import pandas as pd

        projects = self.history.projects
        return pd.DataFrame(
            {
                "founded": self._dates(projects["founded"]),
                "code": np.array(self.history.place.before.codes)[projects["village"]],
                **self._where(projects["village"]),
                "form": np.array(ALL_FORMS)[projects["form"]],
                "kind": np.array(ALL_KINDS)[projects["kind"]],
                **{name: projects[name] for name in ("granted", "own", "outside", "capital", "rate", "idle")},
                "earning_since": self._dates(projects["earning_since"]),
                "ended": self._dates(projects["ended"]),
                "lost": projects["lost"],
            }
        )

    def _where(self, rows: Ints) -> dict[str, Floats]:
        """Columns that say where these constituents lie, where it is known."""
        return {} if self.geography is None else self.geography.columns(rows)

    def _dates(self, days: Floats) -> "pd.Series":
        """Days from the start as dates; empty where they are not finite, or not reached in the run."""
        import pandas as pd

        horizon = (self.history.timetable.stop - self.history.timetable.start).days
        since = pd.to_timedelta(np.where(days <= horizon, np.floor(days), np.nan), unit="D")
        return pd.Series(pd.Timestamp(self.history.timetable.start) + since).dt.date

    def _land_trusts(self) -> "pd.DataFrame":
        import pandas as pd

        codes = self.history.codes
        names = (
            "revenue", "insured", "cost", "premium", "surplus", "floors_paid", "dividends", "reserve_change",
            "operator_result", "paid_share", "household", "collective", "welfare", "station", "reserve", "equity", "defaulted",
        )  # fmt: skip
        parts = [
            pd.DataFrame(
                {"year": s["year"], "village": codes[s["month"], s["villages"]], **self._where(s["villages"])}
                | {"sown": s["area"]}
                | {name: getattr(s["result"], name) for name in names}
            )
            for s in self.history.settlements
        ]
        return (
            pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["year", "village", "sown", *names])
        )

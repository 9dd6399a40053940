"""How each outcome follows from the raw record.

Pure functions, for the county ``(n_months,)`` or by village ``(n_months, n_rows)``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any

import numpy as np

from villagesim.agents.committees import INTEGRATIONS, MILESTONES
from villagesim.arrays import Floats, sum_by
from villagesim.outcomes.record import INCOME, Record

Formula = Callable[[Record], Floats]
HALF_A_CENT = 0.005
ALL_INCOME = tuple(f"income_{source}" for source in INCOME)
OPERATING_INCOME = tuple(f"income_{source}" for source in ("operating", "rent", "assets", "trust", "project"))
RECURRENT_INCOME = tuple(f"income_{source}" for source in INCOME if source not in ("one_off", "top_up", "outside"))
N_MILESTONES = dict(zip(INTEGRATIONS, MILESTONES, strict=True))


def once(figure: Formula) -> Formula:
    """Work a figure that several outcomes need out once a record."""

    @wraps(figure)
    def remembered(record: Record) -> Floats:
        return record.once(figure, lambda: figure(record))  # type: ignore[no-any-return]

    return remembered


@dataclass(frozen=True, repr=False)
class Made:
    """A formula as it was made, from what: so it can be compared, and sent to workers with an outcome of one's own."""

    maker: Callable[..., "Made"]
    arguments: tuple[Any, ...]

    def __call__(self, record: Record) -> Floats:
        """Work it out."""
        return self._formula(record)  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        arguments = (getattr(argument, "__name__", repr(argument)) for argument in self.arguments)
        return f"{self.maker.__name__}({', '.join(arguments)})"

    def __getstate__(self) -> dict[str, Any]:
        return {"maker": self.maker, "arguments": self.arguments}

    @cached_property
    def _formula(self) -> Any:
        return self.maker.__wrapped__(*self.arguments)  # type: ignore[attr-defined]


def formula(maker: Callable[..., Formula]) -> Callable[..., Made]:
    """Let a function that makes formulas make them so that they can be sent."""

    @wraps(maker)
    def make(*arguments: Any) -> Made:
        return Made(make, arguments)

    return make


@formula
def per_village(*columns: str) -> Formula:
    """Mean per village of flows, last twelve months."""

    def county(record: Record) -> Floats:
        return record.rolling(*columns).sum(axis=1) / record.n_villages

    return county


@formula
def village_sum(*columns: str) -> Formula:
    """Sum of flows by village, last twelve months."""

    def village(record: Record) -> Floats:
        return record.by_village(record.rolling(*columns))

    return village


@formula
def total(*columns: str) -> Formula:
    """Sum of flows over the county, last twelve months."""

    def county(record: Record) -> Floats:
        return record.rolling(*columns).sum(axis=1)

    return county


def mechanical_share(record: Record, level: float) -> Floats:
    """Share that summing the parts alone would give: from the constituents' incomes in a world without merger."""
    income, shares = record.rolling(*ALL_INCOME), []
    every = np.arange(income.shape[1])
    villages = [record.endowment.place.committee, *(after for _, after in record.decrees)]
    for row, decreed in zip(income, record.decreed.tolist(), strict=True):
        is_village = villages[decreed] == every
        above = (sum_by(villages[decreed], row, len(every)) >= level - HALF_A_CENT) & is_village
        shares.append(above.sum() / is_village.sum())
    return np.array(shares)


@formula
def published_mechanical_share(level: float) -> Formula:
    """As :func:`mechanical_share` where no decree has come; NaN elsewhere, since the merged world cannot show it."""

    def county(record: Record) -> Floats:
        shown = not record.is_merged.any()
        return mechanical_share(record, level) if shown else np.full(len(record.n_villages), np.nan)

    return county


def real_by_integration(record: Record, name: str) -> Floats:
    """Progress in fact in one integration, by village, 0 to 1."""
    return record.column(name) / N_MILESTONES[name]


@once
def real_integration(record: Record) -> Floats:
    """Progress in fact, mean of the five integrations, by village; NaN where a village was not merged."""
    total = sum(real_by_integration(record, name) for name in INTEGRATIONS) / len(INTEGRATIONS)
    return np.where(record.is_merged, total, np.nan)


@once
def reported_integration(record: Record) -> Floats:
    """Progress as reported, mean of the five integrations, by village; NaN where a village was not merged."""
    false = sum(record.column(f"false_{name}") / N_MILESTONES[name] for name in INTEGRATIONS) / len(INTEGRATIONS)
    return real_integration(record) + false


def integration_gap(record: Record) -> Floats:
    """Reported less real progress, by village; NaN where a village was not merged."""
    return reported_integration(record) - real_integration(record)


def new_income_pooled(record: Record) -> Floats:
    """1 where economy was voted for and accounts are still apart, else 0; NaN where a village was not merged."""
    apart = (record.column("economy") >= 1) & (accounts(record) > 1)
    return np.where(record.is_merged, apart.astype(float), np.nan)


@formula
def per_thousand_of_county(column: str) -> Formula:
    """As :func:`per_thousand`, for the county."""

    def county(record: Record) -> Floats:
        return 1000 * record.rolling(column).sum(axis=1) / record.endowment.residents.sum()

    return county


@formula
def per_thousand_by_village(column: str) -> Formula:
    """As :func:`per_thousand`, by village."""

    def village(record: Record) -> Floats:
        return (
            1000 * record.by_village(record.rolling(column)) / np.maximum(record.fixed(record.endowment.residents), 1.0)
        )

    return village


def per_thousand(column: str) -> dict[str, Any]:
    """Counts per 1,000 residents and year, for the county and by village."""
    return {"county": per_thousand_of_county(column), "village": per_thousand_by_village(column)}


@formula
def per_thousand_now_of_county(column: str) -> Formula:
    """As :func:`per_thousand_now`, for the county."""

    def county(record: Record) -> Floats:
        return 1000 * record.column(column).sum(axis=1) / record.endowment.residents.sum()

    return county


@formula
def per_thousand_now_by_village(column: str) -> Formula:
    """As :func:`per_thousand_now`, by village."""

    def village(record: Record) -> Floats:
        residents = np.maximum(record.fixed(record.endowment.residents), 1.0)
        return 1000 * record.by_village(record.column(column)) / residents

    return village


def per_thousand_now(column: str) -> dict[str, Any]:
    """Cases there are, per 1,000 residents, for the county and by village."""
    return {"county": per_thousand_now_of_county(column), "village": per_thousand_now_by_village(column)}


def mean_dispute_wait(record: Record) -> Floats:
    """Days in the queue of the cases heard in the last twelve months; NaN where none was."""
    heard = record.rolling("heard").sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(heard > 0, record.rolling("waited").sum(axis=1) / heard, np.nan)


@formula
def utilisation(desk: str) -> Formula:
    """Time of officers at work, in their working time of the last twelve months; NaN where there are none."""

    def county(record: Record) -> Floats:
        busy, there = record.rolling(f"{desk}_busy"), record.rolling(f"{desk}_capacity")
        if busy.ndim > 1:
            busy, there = busy.sum(axis=1), there.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(there > 0, busy / there, np.nan)

    return county


def merged_in_fact(record: Record) -> Floats:
    """1 where a merged village has one register and one ledger, else 0; NaN where it was not merged."""
    both = (record.column("economy") >= 1) & (record.column("livelihood") >= 1) & (accounts(record) == 1)
    return np.where(record.is_merged, both.astype(float), np.nan)


def pooled(record: Record) -> Floats:
    """1 where a merged village has one account, else 0; NaN where it was not merged."""
    return np.where(record.is_merged, (accounts(record) == 1).astype(float), np.nan)


@once
def accounts(record: Record) -> Floats:
    """Accounts of each village."""
    own = record.account_of == np.arange(record.account_of.shape[1])
    return record.by_village(own.astype(float))


@formula
def mean_of_merged(village: Formula) -> Formula:
    """Mean over the merged villages; NaN where there are none."""

    def county(record: Record) -> Floats:
        values, merged = village(record), record.is_merged
        n = merged.sum(axis=1)
        with np.errstate(invalid="ignore"):
            return np.where(n > 0, np.where(merged, values, 0.0).sum(axis=1) / n, np.nan)

    return county


def trust(record: Record) -> Floats:
    """Trust, weighted by members, over all constituents."""
    members = record.endowment.members
    return (record.column("trust") * members).sum(axis=1) / members.sum()


def trust_by_village(record: Record) -> Floats:
    """Trust, weighted by members, by village."""
    members = record.endowment.members.astype(float)
    return record.by_village(record.column("trust") * members) / np.maximum(record.fixed(members), 1.0)


def trust_merged_parts(record: Record) -> Floats:
    """Trust, weighted by members, over the constituents of merged villages; before the decree, of those to be."""
    members = np.where(record.endowment.place.merged(record.after_decree), record.endowment.members, 0).astype(float)
    if not members.any():
        return np.full(len(record.n_villages), np.nan)
    return (record.column("trust") * members).sum(axis=1) / members.sum()


def land_trust_area(record: Record) -> Floats:
    """Land in trust that is farmed [mu]."""
    return record.column("sown").sum(axis=1)


def share_land_in_trust(record: Record) -> Floats:
    """Land in trust that is farmed as a share of arable land; NaN where there is none."""
    arable = float(record.endowment.arable.sum())
    return land_trust_area(record) / arable if arable > 0 else np.full(len(record.n_villages), np.nan)


def land_trust_defaults(record: Record) -> Floats:
    """Firms that have defaulted, of all there have been."""
    operators = record.column("n_operators").sum(axis=1)
    with np.errstate(invalid="ignore"):
        return np.where(operators > 0, record.column("n_defaults").sum(axis=1) / operators, np.nan)


def secretaries_replaced(record: Record) -> Floats:
    """Secretaries replaced since the start, per committee in force; seats that the decree removes do not count."""
    return (record.column("n_replaced") * record.is_village).sum(axis=1) / record.n_villages

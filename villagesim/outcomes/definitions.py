"""All outcomes. Each is a pure function of the raw record, so it can be checked, and decided upon, at any time.

Collective income (集体收入, all sources) and operating income (经营收益, what the collective itself earns) are two
scales and never mixed. Residents and members are two denominators; members outnumber residents.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from villagesim.agents.committees import INTEGRATIONS, MILESTONES
from villagesim.arrays import Floats, sum_by
from villagesim.errors import ScenarioError, nearest
from villagesim.outcomes.outcome import Outcome
from villagesim.outcomes.record import INCOME, Record

Figure = Callable[[Record], Floats]
HALF_A_CENT = 0.005
ALL_INCOME = tuple(f"income_{source}" for source in INCOME)
OPERATING_INCOME = tuple(f"income_{source}" for source in ("operating", "rent", "investment", "trust"))
RECURRENT_INCOME = tuple(f"income_{source}" for source in INCOME if source != "one_off")
N_MILESTONES = dict(zip(INTEGRATIONS, MILESTONES, strict=True))


def _per_village(*columns: str) -> Figure:
    def county(record: Record) -> Floats:
        return record.rolling(*columns).sum(axis=1) / record.n_villages

    return county


def _village_sum(*columns: str) -> Figure:
    def village(record: Record) -> Floats:
        return record.by_village(record.rolling(*columns))

    return village


def _total(*columns: str) -> Figure:
    def county(record: Record) -> Floats:
        return record.rolling(*columns).sum(axis=1)

    return county


village_income = _village_sum(*ALL_INCOME)


def _per_head(heads: str) -> dict[str, Any]:
    def county(record: Record) -> Floats:
        return record.rolling(*ALL_INCOME).sum(axis=1) / getattr(record.endowment, heads).sum()

    def village(record: Record) -> Floats:
        return village_income(record) / np.maximum(record.fixed(getattr(record.endowment, heads)), 1.0)

    return {"county": county, "village": village}


def share_at_or_above(threshold: float) -> Figure:
    """Return the share of villages whose rolling collective income is at or above a threshold [yuan]."""

    def county(record: Record) -> Floats:
        above = (village_income(record) >= threshold - HALF_A_CENT) & record.is_village
        return above.sum(axis=1) / record.n_villages

    return county


def mechanical_share(record: Record) -> Floats:
    """Share that summing the parts alone would give: from the constituents' incomes in a world without merger."""
    income = record.rolling(*ALL_INCOME)
    after = np.zeros_like(income)
    for month, row in enumerate(income):
        after[month] = sum_by(record.after_decree, row, income.shape[1])
    decreed = (np.array(record.month_keys) >= record.decree_month)[:, None]
    is_village = np.where(decreed, record.after_decree == np.arange(income.shape[1]), True)
    above = (np.where(decreed, after, income) >= 500_000 - HALF_A_CENT) & is_village
    return above.sum(axis=1) / is_village.sum(axis=1)


def published_mechanical_share(record: Record) -> Floats:
    """As :func:`mechanical_share` where no decree has come; NaN elsewhere, since the merged world cannot show it."""
    return mechanical_share(record) if not record.is_merged.any() else np.full(len(record.n_villages), np.nan)


def near_threshold(record: Record) -> Floats:
    """Share of villages within 10% of 500,000 yuan."""
    near = (np.abs(village_income(record) - 500_000) <= 50_000) & record.is_village
    return near.sum(axis=1) / record.n_villages


def gini_income(record: Record) -> Floats:
    """Gini coefficient of collective income between villages."""
    return np.array([gini(values) for values in record.at_villages(village_income(record))])


def gini(values: Floats) -> float:
    """Gini coefficient; NaN where nothing is there to share."""
    total = values.sum()
    if not total > 0:
        return float("nan")
    n = len(values)
    ranks = 2 * np.arange(1, n + 1) - n - 1
    return float((ranks * np.sort(values)).sum() / (n * total))


def real_by_integration(record: Record, name: str) -> Floats:
    """Progress in fact in one integration, by village, 0 to 1."""
    return record.column(name) / N_MILESTONES[name]


def real_integration(record: Record) -> Floats:
    """Progress in fact, mean of the five integrations, by village; NaN where a village was not merged."""
    total = sum(real_by_integration(record, name) for name in INTEGRATIONS) / len(INTEGRATIONS)
    return np.where(record.is_merged, total, np.nan)


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


def _per_thousand(column: str) -> dict[str, Any]:
    def county(record: Record) -> Floats:
        return 1000 * record.rolling(column).sum(axis=1) / record.endowment.residents.sum()

    def village(record: Record) -> Floats:
        return (
            1000 * record.by_village(record.rolling(column)) / np.maximum(record.fixed(record.endowment.residents), 1.0)
        )

    return {"county": county, "village": village}


def open_disputes(record: Record) -> Floats:
    """Registered cases that wait or are in hearing, per 1,000 residents."""
    return 1000 * record.column("open_disputes").sum(axis=1) / record.endowment.residents.sum()


def mean_dispute_wait(record: Record) -> Floats:
    """Days in the queue of the cases heard in the last twelve months; NaN where none was."""
    heard = record.rolling("heard").sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(heard > 0, record.rolling("waited").sum(axis=1) / heard, np.nan)


def utilisation(desk: str) -> Figure:
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


def accounts(record: Record) -> Floats:
    """Accounts of each village."""
    own = record.account_of == np.arange(record.account_of.shape[1])
    return record.by_village(own.astype(float))


def _mean_of_merged(village: Figure) -> Figure:
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
    n = np.bincount(record.after_decree, minlength=len(record.after_decree))[record.after_decree]
    members = np.where(n >= 2, record.endowment.members, 0).astype(float)
    if not members.any():
        return np.full(len(record.n_villages), np.nan)
    return (record.column("trust") * members).sum(axis=1) / members.sum()


def _farmed(record: Record) -> Floats:
    """Enrolled land under an operator [mu], by constituent."""
    return record.column("enrolled") * record.column("standing")


def land_trust_area(record: Record) -> Floats:
    """Farmed by operators [mu]."""
    return _farmed(record).sum(axis=1)


def land_trust_defaults(record: Record) -> Floats:
    """Operators that have defaulted, of all there have been."""
    operators = record.column("n_operators").sum(axis=1)
    with np.errstate(invalid="ignore"):
        return np.where(operators > 0, record.column("n_defaults").sum(axis=1) / operators, np.nan)


def secretaries_replaced(record: Record) -> Floats:
    """Secretaries replaced since the start, per committee in force; seats that the decree removes do not count."""
    return (record.column("n_replaced") * record.is_village).sum(axis=1) / record.n_villages


INDEX: dict[str, Any] = {"unit": "index, 0 to 1", "smallest": 0.02, "relative": False}
SHARE: dict[str, Any] = {"unit": "share of villages", "smallest": 0.01, "relative": False, "per_village": True}
MERGED_SHARE: dict[str, Any] = {"unit": "share of merged villages", "smallest": 0.01, "relative": False}

OUTCOMES: dict[str, Outcome] = {
    outcome.name: outcome
    for outcome in (
        Outcome(
            "collective_income", "Collective income", "yuan per village and year",
            "all sources, last twelve months, total over the number of villages", +1,
            _per_village(*ALL_INCOME), village_income, per_village=True,
        ),
        Outcome(
            "recurrent_income", "Recurrent collective income", "yuan per village and year",
            "all sources but one-offs, last twelve months", +1,
            _per_village(*RECURRENT_INCOME), _village_sum(*RECURRENT_INCOME), per_village=True,
        ),
        Outcome(
            "operating_income", "Operating income", "yuan per village and year",
            "own business, rents, investments and land trusts, last twelve months", +1,
            _per_village(*OPERATING_INCOME), _village_sum(*OPERATING_INCOME), per_village=True,
        ),
        Outcome(
            "income_per_resident", "Collective income per resident", "yuan per resident and year",
            "all sources, last twelve months", +1, **_per_head("residents"),
        ),
        Outcome(
            "income_per_member", "Collective income per member", "yuan per member and year",
            "all sources, last twelve months; members outnumber residents", +1, **_per_head("members"),
        ),
        Outcome(
            "share_above_500k", "Villages at or above 500,000 yuan", direction=+1,
            meaning="collective income of the last twelve months; rises when parts are only summed",
            county=share_at_or_above(500_000), **SHARE,
        ),
        Outcome(
            "share_above_100k", "Villages at or above 100,000 yuan", direction=+1,
            meaning="collective income of the last twelve months; rises when parts are only summed",
            county=share_at_or_above(100_000), **SHARE,
        ),
        Outcome(
            "share_above_50k", "Villages at or above 50,000 yuan", direction=+1,
            meaning="collective income of the last twelve months; rises when parts are only summed",
            county=share_at_or_above(50_000), **SHARE,
        ),
        Outcome(
            "mechanical_share_above_500k", "Mechanical share at or above 500,000 yuan", direction=0,
            meaning="what summing the parts of each village would show without any merger; the same for all strategies",
            county=published_mechanical_share, **SHARE,
        ),
        Outcome(
            "share_near_500k", "Villages within 10% of 500,000 yuan", direction=0,
            meaning="where a small change decides the published share", county=near_threshold, **SHARE,
        ),
        Outcome(
            "gini_income", "Gini of collective income", direction=-1,
            meaning="between villages, last twelve months", county=gini_income, per_village=True, **INDEX,
        ),
        Outcome(
            "real_integration", "Integration in fact", direction=+1,
            meaning="milestones passed in fact, mean of the five integrations, over merged villages",
            county=_mean_of_merged(real_integration), village=real_integration, **INDEX,
        ),
        Outcome(
            "reported_integration", "Integration as reported", direction=0,
            meaning="milestones reported, mean of the five integrations, over merged villages",
            county=_mean_of_merged(reported_integration), village=reported_integration, **INDEX,
        ),
        Outcome(
            "integration_gap", "Reported less real integration", direction=-1,
            meaning="merged in form, apart in fact",
            county=_mean_of_merged(integration_gap), village=integration_gap, **INDEX,
        ),
        Outcome(
            "share_merged_in_fact", "Merged in fact", direction=+1,
            meaning="one register and one ledger", county=_mean_of_merged(merged_in_fact), village=merged_in_fact,
            **MERGED_SHARE,
        ),
        Outcome(
            "share_accounts_pooled", "One account", direction=+1,
            meaning="all accounts of the village are one", county=_mean_of_merged(pooled), village=pooled,
            **MERGED_SHARE,
        ),
        Outcome(
            "share_new_income_pooled", "New income pooled only", direction=0,
            meaning="economy voted for under frozen rights, accounts still apart", county=_mean_of_merged(new_income_pooled),
            village=new_income_pooled, **MERGED_SHARE,
        ),
        Outcome(
            "accounts_per_village", "Accounts per village", "accounts",
            "separate accounts over the number of villages", -1,
            lambda record: accounts(record).sum(axis=1) / record.n_villages, accounts, per_village=True,
        ),
        Outcome(
            "trust", "Trust", direction=+1,
            meaning="of members, weighted by members, all constituents", county=trust, village=trust_by_village,
            **INDEX,
        ),
        Outcome(
            "trust_merged_parts", "Trust in merged parts", direction=+1,
            meaning="of members, weighted by members, constituents of merged villages", county=trust_merged_parts,
            **INDEX,
        ),
        Outcome(
            "debt", "Debt", "yuan, all accounts", "of all accounts at the end of the month", -1,
            lambda record: record.column("debt").sum(axis=1),
            lambda record: record.by_village(record.column("debt")),
        ),
        Outcome(
            "dividends", "Dividends to households", "yuan a year, all villages",
            "paid by land trusts above the floor, last twelve months", +1, _total("dividend"), _village_sum("dividend"),
        ),
        Outcome(
            "trust_income", "Collective income from land trusts", "yuan a year, all villages",
            "collective floors and dividends, last twelve months", +1, _total("income_trust"),
            _village_sum("income_trust"),
        ),
        Outcome(
            "land_trust_area", "Land in trust", "mu", "farmed by operators", 0, land_trust_area,
            lambda record: record.by_village(_farmed(record)),
        ),
        Outcome(
            "share_land_in_trust", "Arable land in trust", "share of arable land", "farmed by operators", 0,
            lambda record: land_trust_area(record) / record.endowment.arable.sum(), smallest=0.01, relative=False,
        ),
        Outcome(
            "land_trust_defaults", "Operators that defaulted", "share of operators",
            "cumulative, of all operators there have been", -1, land_trust_defaults, smallest=0.01, relative=False,
        ),
        Outcome(
            "facilitator_utilisation", "Facilitators at work", "share of working time",
            "last twelve months; below one half more of them cannot help", 0, utilisation("facilitator"),
            smallest=0.02, relative=False,
        ),
        Outcome(
            "incidents", "Disputes that arise", "per 1,000 residents and year",
            "settled in the village or not, last twelve months", -1, **_per_thousand("incidents"),
        ),
        Outcome(
            "registered_disputes", "Disputes registered", "per 1,000 residents and year",
            "at the township, last twelve months; more may mean that more are heard", 0, **_per_thousand("registered"),
        ),
        Outcome(
            "petitions", "Petitions", "per 1,000 residents and year",
            "registered cases that nobody heard in time, last twelve months", -1, **_per_thousand("petitions"),
        ),
        Outcome(
            "open_disputes", "Open disputes", "per 1,000 residents", "registered, waiting or in hearing", -1, open_disputes,
        ),
        Outcome(
            "mean_dispute_wait", "Wait for a hearing", "days", "of cases heard in the last twelve months, in the queue", -1,
            mean_dispute_wait,
        ),
        Outcome(
            "mediator_utilisation", "Mediators at work", "share of working time",
            "last twelve months; below one half more of them cannot help", 0, utilisation("mediator"),
            smallest=0.02, relative=False,
        ),
        Outcome(
            "audit_utilisation", "Audit teams at work", "share of working time",
            "last twelve months; below one half more of them cannot help", 0, utilisation("audit"),
            smallest=0.02, relative=False,
        ),
        Outcome(
            "contracts_corrected", "Contracts corrected", "contracts a year", "by audit teams, last twelve months", 0,
            _total("corrected"), _village_sum("corrected"),
        ),
        Outcome(
            "debt_written_off", "Debt written off", "yuan a year, all villages", "by audit teams, last twelve months", 0,
            _total("written_off"), _village_sum("written_off"),
        ),
        Outcome(
            "secretaries_replaced", "Secretaries replaced", "per seat", "since the start", 0, secretaries_replaced,
            smallest=0.01, relative=False,
        ),
        Outcome(
            "fiscal_saving", "Saved by the county", "yuan a year",
            "posts and offices removed by the merger, last twelve months; support is not netted", +1, _total("saving"),
        ),
        Outcome(
            "support_cost", "Support paid", "yuan a year", "paid from the county's fund, last twelve months", -1,
            lambda record: record.rolling("support_paid"),
        ),
    )
}  # fmt: skip


def outcome(name: str) -> Outcome:
    """Find an outcome by name.

    Raises
    ------
    ScenarioError
        Where there is none of this name.
    """
    if name not in OUTCOMES:
        raise ScenarioError(f"{name} is not an outcome. {nearest(name, list(OUTCOMES))}")
    return OUTCOMES[name]

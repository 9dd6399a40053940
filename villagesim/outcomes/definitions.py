"""All outcomes. Each is a pure function of the raw record, so it can be checked, and decided upon, at any time.

Collective income (集体收入, all sources) and operating income (经营收益, what the collective itself earns) are two
scales and never mixed. Residents and members are two denominators; members outnumber residents.

The smallest difference that matters is 1% of the baseline for money; for shares, indices and counts it is a number of its
own (counts per 1,000 residents, days, accounts), as 1% of what is rare is less than anybody would act on. Source: assumption.
"""

from dataclasses import replace
from typing import Any

from villagesim.outcomes import formulas, of_income
from villagesim.outcomes.of_accounts import OF_ACCOUNTS
from villagesim.outcomes.of_coverage import OF_COVERAGE
from villagesim.outcomes.of_governance import GOVERNANCE
from villagesim.outcomes.of_groups import BY_GROUP
from villagesim.outcomes.of_income import BY_PLACE, NOMINAL_INCOME, REPORTED_INCOME
from villagesim.outcomes.of_levels import USUAL, counted, mechanical, near, reported
from villagesim.outcomes.of_people import PEOPLE
from villagesim.outcomes.of_projects import OF_PROJECTS
from villagesim.outcomes.of_sources import BY_SOURCE, OF_SOURCES
from villagesim.outcomes.outcome import FROM_ZERO, TRUST_MOVES, UNBOUNDED, UNIT_COST, ZERO_TO_ONE, Outcome

TREND: dict[str, Any] = {"parts": BY_SOURCE, "rests_on": ("income_growth",)}
"""Incomes grow with the trend, and are moved by their sources alone."""
ATTEMPTS: dict[str, Any] = {"rests_on": ("attempt_rate",), "moved_by": ("attempt_rate", "programme_attempt_rate")}
"""Integration comes from attempts, and policies by how many there are."""
RECURRENT = tuple(name for name in BY_SOURCE if name not in ("one_off_income", "top_up_income", "helper_income"))
"""Sources of what is recurrent."""
PRESSURE = ("ranking.strength", "monthly_review.share", "monthly_review.strength", "inspection.visits")
"""Settings of policies that say how hard reports are asked for, and looked at."""
REPORTS: dict[str, Any] = {"moved_by": (*ATTEMPTS["moved_by"], "deadline_rate", *PRESSURE)}
"""What is reported comes from attempts too, from deadlines, and from those who ask."""
TOP_UPS = ("arithmetic", "top_up.margin", "top_up.cushion")
"""Money that simply counts, and what says how much of it there is."""
INDEX: dict[str, Any] = {"unit": "index, 0 to 1", "margin": 0.02, "relative": False, "bounds": ZERO_TO_ONE}
MERGED_SHARE: dict[str, Any] = {
    "unit": "share of merged villages", "margin": 0.01, "relative": False, "bounds": ZERO_TO_ONE,
}  # fmt: skip

DEFINED: tuple[Outcome, ...] = (
    Outcome(
        "collective_income", "Collective income", "yuan per village and year",
        "as earned, in yuan of the start: all sources, last twelve months, total over the number of villages", +1,
        formulas.per_village(*formulas.ALL_INCOME), of_income.village_income, per_village=True, **TREND,
    ),
    Outcome(
        "recurrent_income", "Recurrent collective income", "yuan per village and year",
        "all sources but one-offs and top-ups, last twelve months", +1,
        formulas.per_village(*formulas.RECURRENT_INCOME), formulas.village_sum(*formulas.RECURRENT_INCOME),
        per_village=True, parts=RECURRENT, rests_on=("income_growth",),
    ),
    Outcome(
        "operating_income", "Operating income", "yuan per village and year",
        "own business, rents, investments, land trusts and projects, last twelve months", +1,
        formulas.per_village(*formulas.OPERATING_INCOME), formulas.village_sum(*formulas.OPERATING_INCOME),
        per_village=True, parts=RECURRENT, rests_on=("income_growth",),
    ),
    Outcome(
        "income_per_resident", "Collective income per resident", "yuan per resident and year",
        "as earned, in yuan of the start: all sources, last twelve months", +1, **of_income.per_head("residents"), **TREND,
    ),
    Outcome(
        "income_per_member", "Collective income per member", "yuan per member and year",
        "as earned, in yuan of the start: all sources, last twelve months; members outnumber residents", +1,
        **of_income.per_head("members"), **TREND,
    ),
    *(counted(level) for level in USUAL),
    mechanical(USUAL[0]),
    near(USUAL[0]),
    *(outcome for level in USUAL for outcome in reported(level)),
    Outcome(
        "gini_income", "Gini of collective income", direction=-1,
        meaning="between villages, last twelve months", county=of_income.gini_income(), per_village=True,
        parts=BY_SOURCE, **INDEX,
    ),
    *BY_PLACE,
    *NOMINAL_INCOME,
    *REPORTED_INCOME,
    Outcome(
        "real_integration", "Integration in fact", direction=+1,
        meaning="milestones passed in fact, mean of the five integrations, over merged villages",
        county=formulas.mean_of_merged(formulas.real_integration), village=formulas.real_integration, **INDEX | ATTEMPTS,
    ),
    Outcome(
        "reported_integration", "Integration as reported", direction=0,
        meaning="milestones reported, mean of the five integrations, over merged villages",
        county=formulas.mean_of_merged(formulas.reported_integration), village=formulas.reported_integration, **INDEX | REPORTS,
    ),
    Outcome(
        "integration_gap", "Reported less real integration", direction=-1,
        meaning="merged in form, apart in fact",
        county=formulas.mean_of_merged(formulas.integration_gap), village=formulas.integration_gap,
        **INDEX | REPORTS | {"unit": "index, -1 to 1", "bounds": (-1.0, 1.0)},
    ),
    Outcome(
        "share_merged_in_fact", "Merged in fact", direction=+1,
        meaning="one register and one ledger", county=formulas.mean_of_merged(formulas.merged_in_fact),
        village=formulas.merged_in_fact,
        **MERGED_SHARE | ATTEMPTS,
    ),
    Outcome(
        "share_accounts_pooled", "One account", direction=+1,
        meaning="all accounts of the village are one", county=formulas.mean_of_merged(formulas.pooled),
        village=formulas.pooled,
        **MERGED_SHARE | ATTEMPTS,
    ),
    Outcome(
        "share_new_income_pooled", "New income pooled only", direction=0,
        meaning="economy voted for under frozen rights, accounts still apart",
        county=formulas.mean_of_merged(formulas.new_income_pooled),
        village=formulas.new_income_pooled, **MERGED_SHARE,
    ),
    Outcome(
        "accounts_per_village", "Accounts per village", "accounts",
        "separate accounts over the number of villages", -1,
        lambda record: formulas.accounts(record).sum(axis=1) / record.n_villages, formulas.accounts, per_village=True,
        margin=0.05, relative=False,
    ),
    Outcome(
        "trust", "Trust", direction=+1,
        meaning="of members, weighted by members, all constituents", county=formulas.trust,
        village=formulas.trust_by_village,
        **INDEX, moved_by=TRUST_MOVES,
    ),
    Outcome(
        "trust_merged_parts", "Trust in merged parts", direction=+1,
        meaning="of members, weighted by members, constituents of merged villages",
        county=formulas.trust_merged_parts,
        **INDEX, moved_by=TRUST_MOVES,
    ),
    Outcome(
        "debt", "Debt", "yuan, all accounts", "of all accounts at the end of the month", -1,
        lambda record: record.column("debt").sum(axis=1),
        lambda record: record.by_village(record.column("debt")),
        moved_by=("run_up", "repaid_share", "easy_debt", "account_freeze.strength"),
    ),
    Outcome(
        "dividends", "Dividends to households", "yuan a year, all villages",
        "paid by land trusts above the floor, last twelve months", +1, formulas.total("dividend"),
        formulas.village_sum("dividend"),
    ),
    Outcome(
        "member_dividends", "Dividends to members", "yuan a year, all villages",
        "paid by collectives out of their surplus under a share reform, last twelve months", +1,
        formulas.total("member_dividend"), formulas.village_sum("member_dividend"),
    ),
    Outcome(
        "top_up_income", "Top-ups booked as income", "yuan a year, all villages",
        "grants to villages just below a threshold, last twelve months; not recurrent", 0,
        formulas.total("income_top_up"), formulas.village_sum("income_top_up"), moved_by=TOP_UPS,
    ),
    Outcome(
        "trust_income", "Collective income from land trusts", "yuan a year, all villages",
        "collective floors and dividends, gains and losses of own farming, last twelve months", +1,
        formulas.total("income_trust"), formulas.village_sum("income_trust"),
        moved_by=(
            "wheat_yield", "maize_yield", "wheat_price", "maize_price", "own_collective_share", "land_trust.collective_floor",
            "land_trust.household_floor", "land_trust.villages",
        ),
    ),
    Outcome(
        "own_farming_result", "Gain of own farming", "yuan a year, all villages",
        "of land that villages farm themselves, the collective's part; losses taken off; last twelve months", +1,
        formulas.total("own_result"), formulas.village_sum("own_result"),
    ),
    Outcome(
        "land_trust_area", "Land in trust", "mu", "farmed by a firm or by the village", 0, formulas.land_trust_area,
        lambda record: record.by_village(record.column("sown")),
    ),
    Outcome(
        "share_land_in_trust", "Arable land in trust", "share of arable land", "farmed by a firm or by the village", 0,
        formulas.share_land_in_trust, margin=0.01, relative=False, bounds=ZERO_TO_ONE,
    ),
    Outcome(
        "land_trust_defaults", "Operators that defaulted", "share of operators",
        "firms, cumulative, of all that there have been", -1, formulas.land_trust_defaults, margin=0.01,
        relative=False, bounds=ZERO_TO_ONE,
    ),
    Outcome(
        "facilitator_utilisation", "Facilitators at work", "share of working time",
        "last twelve months; below one half more of them cannot help", 0, formulas.utilisation("facilitator"),
        margin=0.02, relative=False, bounds=ZERO_TO_ONE,
    ),
    Outcome(
        "incidents", "Disputes that arise", "per 1,000 residents and year",
        "settled in the village or not, last twelve months", -1, **formulas.per_thousand("incidents"), history=False,
        margin=0.5, relative=False, moved_by=("incident_trust", "incident_faulty", "incident_reopened", "incident_forced"),
    ),
    Outcome(
        "registered_disputes", "Disputes registered", "per 1,000 residents and year",
        "at the township, last twelve months; more may mean that more are heard", 0,
        **formulas.per_thousand("registered"), history=False, margin=0.2, relative=False,
    ),
    Outcome(
        "petitions", "Petitions", "per 1,000 residents and year",
        "registered cases that nobody heard in time, last twelve months", -1, **formulas.per_thousand("petitions"), history=False,
        margin=0.05, relative=False,
    ),
    Outcome(
        "open_disputes", "Open disputes", "per 1,000 residents", "registered, waiting or in hearing", -1,
        **formulas.per_thousand_now("open_disputes"), history=False, margin=0.05, relative=False,
    ),
    Outcome(
        "mean_dispute_wait", "Wait for a hearing", "days", "of cases heard in the last twelve months, in the queue", -1,
        formulas.mean_dispute_wait, margin=0.5, relative=False, moved_by=("hearing_days",),
    ),
    Outcome(
        "mediator_utilisation", "Mediators at work", "share of working time",
        "last twelve months; below one half more of them cannot help", 0, formulas.utilisation("mediator"),
        margin=0.02, relative=False, bounds=ZERO_TO_ONE,
    ),
    Outcome(
        "audit_utilisation", "Audit teams at work", "share of working time",
        "last twelve months; below one half more of them cannot help", 0, formulas.utilisation("audit"),
        margin=0.02, relative=False, bounds=ZERO_TO_ONE,
    ),
    Outcome(
        "contracts_corrected", "Contracts corrected", "contracts a year", "by audit teams, last twelve months", 0,
        formulas.total("corrected"), formulas.village_sum("corrected"),
    ),
    Outcome(
        "debt_written_off", "Debt written off", "yuan a year, all villages", "by audit teams, last twelve months", 0,
        formulas.total("written_off"), formulas.village_sum("written_off"),
    ),
    Outcome(
        "secretaries_replaced", "Secretaries replaced", "per seat", "since the start", 0,
        formulas.secretaries_replaced, margin=0.01, relative=False, history=False,
    ),
    Outcome(
        "fiscal_saving", "Saved by the county", "yuan a year",
        "posts and offices removed by the merger, last twelve months; support is not netted", +1,
        formulas.total("saving"), moved_by=("surplus_posts", "cadre_pay", "surplus_exit_rate", "office_saving"),
    ),
    Outcome(
        "support_cost", "Support paid", "yuan a year", "paid from the county's fund, last twelve months", -1,
        lambda record: record.rolling("support_paid"),
        moved_by=(*TOP_UPS, UNIT_COST, "land_trust.villages", "stakes.promised", "stakes.least", "stakes.most"),
    ),
    *GOVERNANCE,
    *OF_ACCOUNTS,
    *OF_SOURCES,
    *OF_PROJECTS,
    *OF_COVERAGE,
    *PEOPLE,
    *BY_GROUP,
)  # fmt: skip

SHIPPED = tuple(
    replace(outcome, bounds=FROM_ZERO) if outcome.bounds == UNBOUNDED and outcome not in BY_GROUP else outcome
    for outcome in DEFINED
)
"""All outcomes of the library, in the order in which tables show them."""

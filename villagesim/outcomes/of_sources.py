"""Collective income by source: the roads on which anything can reach it, each with the numbers that turn deeds into yuan."""

from villagesim.outcomes import formulas
from villagesim.outcomes.outcome import Outcome


def _from(name: str, title: str, meaning: str, column: str, *moved_by: str) -> Outcome:
    """Income of all villages from one source."""
    return Outcome(
        name, title, "yuan a year, all villages", f"{meaning}, last twelve months", 0, formulas.total(column),
        formulas.village_sum(column), moved_by=moved_by,
    )  # fmt: skip


OF_SOURCES = (
    _from(
        "own_business_income", "Collective income from own business", "what operating assets earn", "income_operating",
        "reinvested_share",
    ),
    _from(
        "rent_income", "Collective income from rents", "what contracts bring that were always billed", "income_rent",
        "reletting_gain", "not_handed_over", "community_rent_gain",
    ),
    _from(
        "clean_up_income", "Collective income from what was settled", "contracts corrected, land billed, buildings let",
        "income_assets", "contract_yield", "unbilled_rent", "building_yield", "office_yield",
    ),
    _from(
        "one_off_income", "One-off collective income", "land, compensation, arrears; not recurrent", "income_one_off",
        "arrears",
    ),
    _from(
        "helper_income", "Collective income that helpers bring", "by first secretaries, as income", "income_outside",
        "helper_yearly", "first_secretary.months",
    ),
)  # fmt: skip
"""Sources that no other outcome shows."""
BY_SOURCE = (*(outcome.name for outcome in OF_SOURCES), "trust_income", "project_income", "top_up_income")
"""All sources that policies can move, in the same unit."""
AS_REPORTED = (*BY_SOURCE, "booked_by_all")
"""The same of what is reported."""

"""Collective income in three readings (收入的实与报), and how each outcome follows from the raw record.

Real is what was earned in the last twelve months, in yuan of the start. Nominal is the same in yuan of the year. Reported is
that, and what villages booked for a list at the last closing of a year without earning it, and where own farming is booked
gross all that it sells: what statistics of that year say, and what officials, targets, rules and lines see.
"""

from typing import Any

import numpy as np

from villagesim.arrays import Floats
from villagesim.outcomes.formulas import ALL_INCOME, HALF_A_CENT, Formula, formula, once
from villagesim.outcomes.of_sources import AS_REPORTED, BY_SOURCE
from villagesim.outcomes.outcome import ZERO_TO_ONE, Outcome
from villagesim.outcomes.record import Record

REAL, NOMINAL, REPORTED = "real", "nominal", "reported"
"""The readings of income."""


@once
def village_income(record: Record) -> Floats:
    """Collective income by village, last twelve months."""
    return record.by_village(record.rolling(*ALL_INCOME))


@once
def booked(record: Record) -> Floats:
    """Income that is reported and was not earned, by village: what was booked at the last closing of a year."""
    return record.by_village(record.column("booked"))


@once
def nominal_income(record: Record) -> Floats:
    """Collective income by village, last twelve months, in yuan of the year."""
    return village_income(record) * record.column("price_level")[:, None]


@once
def reported_income(record: Record) -> Floats:
    """Collective income by village as reported: earned, booked, and turnover in gross books, in yuan of the year."""
    beyond = booked(record) + record.by_village(record.column("turnover"))
    return nominal_income(record) + beyond * record.column("price_level")[:, None]


INCOME_OF: dict[str, Formula] = {REAL: village_income, NOMINAL: nominal_income, REPORTED: reported_income}
"""The readings of income by village."""


@formula
def mean_income(reading: str) -> Formula:
    """Mean per village of one reading of income."""

    def county(record: Record) -> Floats:
        return INCOME_OF[reading](record).sum(axis=1) / record.n_villages

    return county


@formula
def per_head_of_county(heads: str, reading: str = REAL) -> Formula:
    """As :func:`per_head`, for the county."""

    def county(record: Record) -> Floats:
        return INCOME_OF[reading](record).sum(axis=1) / getattr(record.endowment, heads).sum()

    return county


@formula
def per_head_by_village(heads: str, reading: str = REAL) -> Formula:
    """As :func:`per_head`, by village."""

    def village(record: Record) -> Floats:
        return INCOME_OF[reading](record) / np.maximum(record.fixed(getattr(record.endowment, heads)), 1.0)

    return village


def per_head(heads: str, reading: str = REAL) -> dict[str, Any]:
    """Collective income per head, for the county and by village; ``heads`` is a column of the endowment."""
    return {"county": per_head_of_county(heads, reading), "village": per_head_by_village(heads, reading)}


@formula
def share_at_or_above(threshold: float, reading: str = REAL) -> Formula:
    """Return the share of villages whose collective income, in one reading, is at or above a threshold [yuan]."""

    def county(record: Record) -> Floats:
        above = (INCOME_OF[reading](record) >= threshold - HALF_A_CENT) & record.is_village
        return above.sum(axis=1) / record.n_villages

    return county


@formula
def median_income(reading: str, heads: str = "") -> Formula:
    """Median over villages of one reading of income, per village or per head; ``heads`` is a column of the endowment."""

    def county(record: Record) -> Floats:
        income = INCOME_OF[reading](record)
        if heads:
            income = income / np.maximum(record.fixed(getattr(record.endowment, heads)), 1.0)
        return np.array([np.median(month) for month in record.at_villages(income)])

    return county


PLACES = (5, 25, 50, 75, 95)
"""Villages in a hundred that have less than one at such a place among them."""


@once
def incomes_by_place(record: Record) -> Floats:
    """Collective income at `PLACES` among the villages in force, ``(n_months, n_places)``."""
    months = record.at_villages(village_income(record))
    return np.array([np.quantile(month, np.array(PLACES) / 100) for month in months])


@formula
def income_at(place: int) -> Formula:
    """Collective income that so many villages in a hundred do not reach."""

    def county(record: Record) -> Floats:
        return incomes_by_place(record)[:, PLACES.index(place)]

    return county


def share_that_booked(record: Record) -> Floats:
    """Share of villages that report more than they earned."""
    return (booked(record) > 0).sum(axis=1) / record.n_villages


@formula
def share_near(level: float, reading: str = REAL) -> Formula:
    """Share of villages within 10% of a level [yuan]."""

    def county(record: Record) -> Floats:
        near = (np.abs(INCOME_OF[reading](record) - level) <= 0.1 * level) & record.is_village
        return near.sum(axis=1) / record.n_villages

    return county


@formula
def gini_income(reading: str = REAL) -> Formula:
    """Gini coefficient of one reading of collective income between villages."""

    def county(record: Record) -> Floats:
        return np.array([gini(values) for values in record.at_villages(INCOME_OF[reading](record))])

    return county


def gini(values: Floats) -> float:
    """Gini coefficient; NaN where nothing is there to share."""
    total = values.sum()
    if not total > 0:
        return float("nan")
    n = len(values)
    ranks = 2 * np.arange(1, n + 1) - n - 1
    return float((ranks * np.sort(values)).sum() / (n * total))


def at_place(place: int) -> str:
    """Name of the outcome of a place among villages."""
    return f"collective_income_p{place:02}"


BY_PLACE = tuple(
    Outcome(
        at_place(place), f"Collective income that {place} in 100 villages do not reach", "yuan per village and year",
        "as earned, in yuan of the start, last twelve months; between two villages in proportion", +1, income_at(place),
        per_village=True, parts=BY_SOURCE, rests_on=("income_growth",),
    )
    for place in PLACES
)  # fmt: skip
"""Outcomes of how income is spread over villages."""
BOOKS = ("book_cap", "weak_village_list.pressure")
"""What says how much is booked that was not earned."""
GROWS: dict[str, Any] = {"rests_on": ("income_growth", "prices")}
NOMINAL_INCOME = (
    Outcome(
        "nominal_collective_income", "Collective income at current prices", "yuan of the year per village and year",
        "all sources, last twelve months", 0, mean_income(NOMINAL), nominal_income, per_village=True, parts=BY_SOURCE, **GROWS,
    ),
    Outcome(
        "nominal_income_per_resident", "Collective income per resident at current prices",
        "yuan of the year per resident and year", "all sources, last twelve months", 0, **per_head("residents", NOMINAL),
        parts=BY_SOURCE, **GROWS,
    ),
    Outcome(
        "nominal_income_per_member", "Collective income per member at current prices",
        "yuan of the year per member and year", "all sources, last twelve months; members outnumber residents", 0,
        **per_head("members", NOMINAL), parts=BY_SOURCE, **GROWS,
    ),
)  # fmt: skip
"""Outcomes of what is earned, in yuan of the year."""
REPORTED_INCOME = (
    Outcome(
        "reported_collective_income", "Collective income as reported", "yuan of the year per village and year",
        "earned in the last twelve months, booked for a list without being there, and turnover of own farming in gross books", 0,
        mean_income(REPORTED), reported_income, per_village=True, parts=AS_REPORTED, **GROWS,
    ),
    Outcome(
        "reported_income_per_member", "Collective income per member as reported", "yuan of the year per member and year",
        "earned and booked; members outnumber residents", 0, **per_head("members", REPORTED), parts=AS_REPORTED, **GROWS,
    ),
    Outcome(
        "reported_income_per_resident", "Collective income per resident as reported",
        "yuan of the year per resident and year", "earned and booked", 0, **per_head("residents", REPORTED),
        parts=AS_REPORTED, **GROWS,
    ),
    Outcome(
        "reported_gini_income", "Gini of collective income as reported", direction=0,
        meaning="between villages, earned and booked", county=gini_income(REPORTED), per_village=True, parts=AS_REPORTED,
        unit="index, 0 to 1", margin=0.02, relative=False, bounds=ZERO_TO_ONE,
    ),
    Outcome(
        "booked_income", "Booked and not earned", "yuan per village and year",
        "reported at the last closing of a year beyond what was earned", -1,
        lambda record: booked(record).sum(axis=1) / record.n_villages, booked, per_village=True,
        margin=1_000.0, relative=False, moved_by=BOOKS,
    ),
    Outcome(
        "booked_by_all", "Booked and not earned, all villages", "yuan a year, all villages",
        "reported at the last closing of a year beyond what was earned", -1, lambda record: booked(record).sum(axis=1),
        booked, moved_by=BOOKS,
    ),
    Outcome(
        "share_that_booked", "Villages that report more than they earned", "share of villages",
        "at the last closing of a year", -1, share_that_booked, per_village=True, margin=0.01, relative=False,
        bounds=ZERO_TO_ONE, moved_by=BOOKS,
    ),
)  # fmt: skip
"""Outcomes of what is reported."""

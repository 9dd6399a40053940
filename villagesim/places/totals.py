"""Totals of a place against the table of its villages: what cannot be true is refused, all of it at once."""

from collections.abc import Mapping
from functools import partial

import numpy as np

from villagesim.arrays import Floats
from villagesim.errors import RollError, check_all
from villagesim.places.incomes import check_complete, check_mean

ROUNDED = 0.5
"""So far sums of a table may lie off a total, as totals are written whole [persons, mu]."""


def check_totals(
    given: Mapping[str, Floats], *, residents: int, arable: float, mean_income: float, threshold: float, share_above: float,
    counted_after: bool,
) -> None:  # fmt: skip
    """Refuse totals that do not go with the table's columns of residents, income and arable land, NaN where there is none.

    Raises
    ------
    RollError
    """
    incomes = partial(check_complete, given["income"], mean_income, threshold, share_above)
    is_complete = not (counted_after or np.isnan(given["income"]).any())
    check_all(
        partial(check_mean, mean_income),
        partial(_check_people, residents, len(given["residents"])),
        partial(_check_sum, given["residents"], residents, "residents"),
        *([incomes] if is_complete else []),
        partial(_check_sum, given["arable"], arable, "arable"),
    )


def _check_people(residents: int, n: int) -> None:
    if residents < n:
        raise RollError(f"residents = {residents:,} is less than one a village ({n:,} villages).", fix="Correct it.")


def _check_sum(given: Floats, total: float, name: str) -> None:
    """Refuse a table that does not go with a total; less than half of a unit is rounding."""
    free = np.isnan(given)
    told = given[~free].sum()
    remainder = total - told
    if remainder < -ROUNDED or (not free.any() and remainder > ROUNDED):
        more = " or more, as some villages have none in the table" if free.any() else ""
        fix = f"Correct the table, or say in [place] of the scenario: {name} = {told:_.0f}{more}."
        rule = f"the table gives {told:,.0f}, the scenario says {total:,.0f} in all."
        raise RollError(rule, fix=fix if told >= len(given) else "Correct the table.", at=[name])

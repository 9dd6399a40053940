"""Outcomes of accounts: who does not cover what is due, what the budget pays, what assets there are."""

import numpy as np

from villagesim.arrays import Floats
from villagesim.outcomes import formulas
from villagesim.outcomes.of_income import village_income
from villagesim.outcomes.outcome import ZERO_TO_ONE, Outcome
from villagesim.outcomes.record import Record


def share_in_deficit(record: Record) -> Floats:
    """Share of villages that earned less in the last twelve months than was due in full."""
    due = record.by_village(record.rolling("due"))
    short = (village_income(record) < due - formulas.HALF_A_CENT) & record.is_village
    return np.asarray(short.sum(axis=1) / record.n_villages)


OF_ACCOUNTS = (
    Outcome(
        "share_in_deficit", "Villages in deficit", "share of villages",
        "income of the last twelve months below office, services, benefits and interest in full", -1, share_in_deficit,
        per_village=True, margin=0.01, relative=False, bounds=ZERO_TO_ONE,
    ),
    Outcome(
        "budget_paid", "Office and services paid by the budget", "yuan a year, all villages",
        "what collectives cannot bear of them, last twelve months", -1, formulas.total("budget_paid"),
        formulas.village_sum("budget_paid"), history=False,
    ),
    Outcome(
        "operating_assets", "Assets of own business", "yuan per village", "at the end of the month, without projects", +1,
        lambda record: record.column("operating_assets").sum(axis=1) / record.n_villages,
        lambda record: record.by_village(record.column("operating_assets")), per_village=True,
    ),
)  # fmt: skip

"""Cooperatives (村集体股份经济合作社): the accounts, which a decree does not merge."""

from dataclasses import dataclass

import numpy as np

from villagesim.arrays import Floats
from villagesim.parameters import Parameters
from villagesim.places.endowments import Endowment


@dataclass
class CooperativeColumns:
    """Columns by constituent (income) or by account (the rest), shape ``(n_rows,)`` unless stated.

    Attributes
    ----------
    sources : (n_rows, len(SOURCES)) recurrent income before growth and noise [yuan per year]
    income_12m : collective income of the last twelve months [yuan]
    cash, debt : of the account [yuan]
    trust_income, trust_costs, project_income, project_costs, recovered : deposits of land trusts, of projects and of
        corrected contracts, by constituent, booked when the month is closed [yuan]
    top_up : deposits of grants that are booked as income, by constituent [yuan]
    written_off : deposits of the clean-up: debts of a constituent that are resolved without money [yuan]
    run_up : deposits before the decree: bills that a constituent leaves to the others [yuan]
    office_paid : deposits by village: what the county gives for its office this month, booked as far as it costs [yuan]
    frozen_right : income that stays with a constituent when only new income is pooled [yuan per year]; NaN elsewhere
    """

    sources: Floats
    income_12m: Floats
    cash: Floats
    debt: Floats
    trust_income: Floats
    trust_costs: Floats
    project_income: Floats
    project_costs: Floats
    top_up: Floats
    recovered: Floats
    written_off: Floats
    run_up: Floats
    office_paid: Floats
    frozen_right: Floats

    @classmethod
    def at_start(cls, endowment: Endowment, p: Parameters) -> "CooperativeColumns":
        """Twelve months of income lie behind every account, and some months of spending lie in it."""
        income = endowment.income
        recurrent = income * (1 - p.one_off_rate * p.one_off_size)
        owed = p.office_cost + p.service_cost * endowment.residents + p.interest_rate * endowment.debt
        surplus = np.maximum(income - owed, 0.0)
        spending = np.minimum(owed, income) + (1 - p.repaid_share - p.saved_share) * surplus
        return cls(
            sources=(endowment.source_shares * recurrent).T.copy(),
            income_12m=income.copy(),
            cash=p.opening_cash * spending,
            debt=endowment.debt.copy(),
            trust_income=np.zeros(len(income)),
            trust_costs=np.zeros(len(income)),
            project_income=np.zeros(len(income)),
            project_costs=np.zeros(len(income)),
            top_up=np.zeros(len(income)),
            recovered=np.zeros(len(income)),
            written_off=np.zeros(len(income)),
            run_up=np.zeros(len(income)),
            office_paid=np.zeros(len(income)),
            frozen_right=np.full(len(income), np.nan),
        )

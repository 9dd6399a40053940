"""Cooperatives (村集体股份经济合作社): the accounts, which a decree does not merge."""

from dataclasses import dataclass

import numpy as np

from villagesim.arrays import Floats, sum_by
from villagesim.parameters import Parameters
from villagesim.places.endowments import SOURCES, Endowment
from villagesim.randomness import Draws


@dataclass
class CooperativeColumns:
    """Columns by constituent (income) or by account (the rest), shape ``(n_rows,)`` unless stated.

    Attributes
    ----------
    sources : (n_rows, len(SOURCES)) recurrent income at the start, before growth and noise [yuan per year]; that of own
        business is what its assets earn from then on
    asset_return : what assets of own business earn before growth and noise, by constituent [of capital per year]
    operating_assets : assets of own business, by constituent [yuan]
    income_12m : collective income of the last twelve months [yuan]
    cash, debt, pot : of the account; the pot is set aside for assets [yuan]
    due : what the account owed for a year at the start: office, services and interest [yuan]
    trust_income, project_income, recovered : deposits of land trusts, of projects and of corrected
        contracts, by constituent, booked when the month is closed [yuan]
    invested, principal : deposits of projects, by constituent: what is put into them beside grants, and capital that comes
        back [yuan]
    top_up, outside : deposits of grants that are booked as income, and of what helpers bring, by constituent [yuan]
    written_off : deposits of the clean-up: debts of a constituent that are resolved without money [yuan]
    run_up : deposits before the decree: bills that a constituent leaves to the others [yuan]
    office_paid : deposits by village: what the county gives for its office this month, booked as far as it costs [yuan]
    frozen_right : income that stays with a constituent when only new income is pooled [yuan per year]; NaN elsewhere
    """

    sources: Floats
    asset_return: Floats
    operating_assets: Floats
    income_12m: Floats
    cash: Floats
    debt: Floats
    pot: Floats
    due: Floats
    trust_income: Floats
    project_income: Floats
    top_up: Floats
    outside: Floats
    recovered: Floats
    written_off: Floats
    run_up: Floats
    office_paid: Floats
    invested: Floats
    principal: Floats
    frozen_right: Floats

    @classmethod
    def at_start(cls, endowment: Endowment, p: Parameters, draws: Draws) -> "CooperativeColumns":
        """Twelve months of income lie behind every account, some months of spending lie in it, and the pot is empty."""
        income, n = endowment.income, len(endowment.income)
        recurrent = endowment.lasting * (1 - p.one_off_rate * p.one_off_size)
        place = endowment.place
        office = p.office_cost * place.part  # parts have one, until the decree
        owed = office + p.service_cost * endowment.residents + p.interest_rate * endowment.debt
        surplus = np.maximum(income - owed, 0.0)
        spending = np.minimum(owed, income) + (1 - p.repaid_share - p.saved_share - p.reinvested_share) * surplus
        sources = (endowment.source_shares * recurrent).T.copy()
        luck = draws.normal("assets.return", place.before.keys[place.committee])
        asset_return = p.asset_return * np.exp(p.asset_return_sd * luck - p.asset_return_sd**2 / 2)
        nothing = {
            name: np.zeros(n)
            for name in (
                "pot", "trust_income", "project_income", "top_up", "outside", "recovered", "written_off", "run_up",
                "office_paid", "invested", "principal",
            )
        }  # fmt: skip
        return cls(
            sources=sources,
            asset_return=asset_return,
            operating_assets=sources[:, SOURCES.index("operating")] / asset_return,
            income_12m=income.copy(),
            cash=sum_by(place.committee, p.opening_cash * spending, n),
            debt=sum_by(place.committee, endowment.debt, n),
            due=sum_by(place.committee, owed, n),
            frozen_right=np.full(n, np.nan),
            **nothing,
        )

"""Accounts that become one, and accounts that share new income alone: money moves between rows of a county, none is made."""

from collections.abc import Mapping

import numpy as np

from villagesim.agents.county import County
from villagesim.arrays import Floats, Ints, apart, rows_where, some, sum_by


def pool(county: County, village: int, flows: Mapping[str, Floats]) -> int:
    """Make one account of those of a village, in the row of its host, and note it in the flows; how many there were."""
    money, rows = county.cooperatives, rows_where(county.village_of == village)
    n_accounts, others = len(np.unique(county.account_of[rows])), rows[rows != village]
    if (county.account_of[others] == village).all():
        return 1  # books were put together before
    flows["transfer_out"][others] += money.cash[others]
    flows["transfer_in"][village] += money.cash[others].sum()
    for name, column in (("debt_moved", money.debt), ("pot_moved", money.pot)):
        known, moved = flows[name][others], column[others]
        flows[name][others] = np.where(known == 0, -moved, known - moved)
        flows[name][village] += moved.sum()
    for column in (money.cash, money.debt, money.pot):
        column[village] += column[others].sum()
        column[others] = 0.0
    county.account_of[others] = village
    money.frozen_right[rows] = np.nan
    return n_accounts


def part(county: County, flows: Mapping[str, Floats]) -> Ints:
    """Let accounts of villages that were split come apart, by members, and note it in the flows; the new accounts."""
    money, were, members = county.cooperatives, county.account_of.copy(), county.endowment.members
    now = apart(were, county.village_of)
    new = np.unique(now[now != were])
    if not new.size:
        return new
    old, share = (
        were[new],
        sum_by(now, members, county.n_rows)[new] / np.maximum(county.by_account(members)[were[new]], 1.0),
    )
    for name, column in (("transfer", money.cash), ("debt_moved", money.debt), ("pot_moved", money.pot)):
        moved = share * column[old]
        column[new] += moved
        np.subtract.at(column, old, moved)
        if name == "transfer":
            flows["transfer_in"][new] += moved
            np.add.at(flows["transfer_out"], old, moved)
        else:
            flows[name][new] += moved
            np.subtract.at(flows[name], old, moved)
    money.frozen_right[new] = share * money.frozen_right[old]
    np.multiply.at(money.frozen_right, old, 1 - share)
    county.account_of[:] = now
    return new


def new_income(county: County, sharing: Ints, income: Floats, years: float) -> tuple[Floats, Floats]:
    """What accounts give and get where members share all income above the frozen rights [yuan].

    Parameters
    ----------
    sharing : (n_rows,) group within which each shares
    income : (n_rows,) of the accounts, in so many years
    """
    rights = county.cooperatives.frozen_right
    shares = np.isfinite(rights)
    if not some(shares):
        return np.zeros(county.n_rows), np.zeros(county.n_rows)
    given = np.where(shares, np.maximum(income - np.nan_to_num(rights) * years, 0.0), 0.0)
    share = county.by_account(county.shares_within(sharing))
    return given, sum_by(sharing, given, county.n_rows)[sharing] * share * shares

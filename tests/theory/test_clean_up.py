"""Claim: with teams enough, a campaign corrects contracts and resolves debts as fast as equation E8 allows, no faster.

Oracle: the closed form of a mixed list, in ``benchmarks/oracle_survival.py``: 67.5% of faulty contracts after half a year
and 85% after two; 17.1% of the debt and 26.1%. Frozen: an item takes a team no time, no contract ends by itself, no debt is
run up or repaid. A share is refused from 4 standard errors on, as is the mean of Student's interval: false alarm 6e-5 each.
"""

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pytest
from checks import (
    FROZEN,
    ON_DAY_ONE,
    assert_mean_is,
    assert_share_is,
    county_by_hand,
    fixed,
    scenario_by_hand,
    simulate,
)
from oracle_survival import worked_off
from scipy.stats import norm

from villagesim.dates import DAYS_A_YEAR
from villagesim.policies import CleanUp

N = 4_000  # constituents, with some four faulty contracts each
DEBT = 1e6
FALSE_ALARM = 2 * norm.sf(4)
CONTRACTS, DEBTS = ((0.8, 0.2), (3.5, 0.15)), ((0.2, 0.8), (3.0, 0.04))
DATES = {"half a year": (date(2021, 7, 1), 0.675, 0.171), "two years": (date(2023, 1, 1), 0.85, 0.261)}


@cache
def campaign(stop, teams=1_000_000, **changes):
    """A county in which every account owes a million, and a campaign from the first day to the last."""
    endowment = county_by_hand(N, 1, income=np.full(N, 500_000.0))
    endowment = replace(endowment, debt=np.full(N, DEBT))
    frozen = FROZEN | {"repaid_share": 0.0, "audit_days": fixed(1e-9)} | changes
    scenario = scenario_by_hand(endowment, stop, decree=None, **frozen)
    return simulate(scenario, [CleanUp(start=ON_DAY_ONE, officers=teams, cost_per_officer=0.0)], endowment=endowment)


def faulty_at_start(stop):
    """Faulty contracts before anybody came, of the whole county."""
    return int(campaign(stop, teams=0).world.contracts.faulty.sum())


def years_until(stop):
    return (stop - ON_DAY_ONE).days / DAYS_A_YEAR


def assert_contracts_corrected(stop, run):
    n = faulty_at_start(stop)
    corrected = n - int(run.world.contracts.faulty.sum())
    assert corrected == run.record.column("corrected").sum()
    assert_share_is(worked_off(*CONTRACTS, years_until(stop)), corrected, n)


def assert_debt_resolved(stop, run):
    resolved = 1 - run.world.cooperatives.debt / DEBT
    assert resolved.sum() == pytest.approx(run.record.column("written_off").sum() / DEBT)
    assert_mean_is(worked_off(*DEBTS, years_until(stop)), resolved, false_alarm=FALSE_ALARM)


@pytest.mark.parametrize("stop", DATES)
def test_contracts_are_corrected_at_the_upper_limit(stop):
    """Oracle: closed form, some 16,000 faulty contracts; false alarm 6e-5."""
    day, printed, _ = DATES[stop]
    assert worked_off(*CONTRACTS, years_until(day)) == pytest.approx(printed, abs=0.005)
    assert_contracts_corrected(day, campaign(day))


@pytest.mark.parametrize("stop", DATES)
def test_debts_are_resolved_at_the_upper_limit(stop):
    """Oracle: closed form, 4,000 debts of two parts each; false alarm 6e-5."""
    day, _, printed = DATES[stop]
    assert worked_off(*DEBTS, years_until(day)) == pytest.approx(printed, abs=0.005)
    assert_debt_resolved(day, campaign(day))


@pytest.mark.parametrize(
    ("rate", "value", "stop", "check"),
    [
        ("easy_contract_rate", 3.85, "half a year", assert_contracts_corrected),
        ("hard_contract_rate", 0.20, "two years", assert_contracts_corrected),
        ("easy_debt_rate", 3.6, "half a year", assert_debt_resolved),
        ("hard_debt_rate", 0.06, "two years", assert_debt_resolved),
    ],
)
def test_a_rate_that_is_higher_is_noticed(rate, value, stop, check):
    """The twin: 10% more easy contracts, 20% more easy debts, a third or a half more hard ones."""
    day = DATES[stop][0]
    with pytest.raises(AssertionError, match="standard errors"):
        check(day, campaign(day, **{rate: value}))


def test_a_few_teams_do_what_their_days_allow():
    """No chance worth the name: the first half year fills the desk at once, so that every team works all the time.

    Five teams at six of 220 team-days an item do 5 x 181/365.25 x 220/6 = 91 items, debts before contracts.
    """
    day = DATES["half a year"][0]
    run = campaign(day, teams=5, audit_days=6.0)
    written_off = np.round(run.record.column("written_off").sum() / DEBT / 0.2)
    items = written_off + run.record.column("corrected").sum()
    assert items == pytest.approx(5 * years_until(day) * 220 / 6, abs=6)
    assert run.outcomes["audit_utilisation"][-1] > 0.99


def test_a_corrected_contract_is_let_at_the_market():
    """No chance: rents follow from the list of contracts, a corrected one paying 25% more than a faulty one."""
    day = DATES["half a year"][0]
    run, idle = campaign(day), campaign(day, teams=0)
    contracts = run.world.contracts
    gain = np.where(contracts.faulty, 1.0, 1.25)
    before = np.where(idle.world.contracts.faulty, 1.0, 1.25)
    sums = [np.bincount(contracts.row, weights=values) for values in (gain, before)]
    assert contracts.rent_factor == pytest.approx(sums[0] / sums[1])
    paid, without = (r.record.column("income_rent")[-1] for r in (run, idle))
    assert paid / without == pytest.approx(contracts.rent_factor)
    assert paid.sum() > 1.02 * without.sum()

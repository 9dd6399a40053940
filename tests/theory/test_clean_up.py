"""Claims on what lies idle: items are ripe as fast as equation E16 allows, debts as E8; teams take the best first; what a merger
loses is what E16b says.

Oracles: the closed form of a mixed list, in ``benchmarks/oracle_survival.py``; a sorted sum; theta x share of rents x
(n - 1)/n. Frozen: with teams enough an item takes no time, nothing is lost again, no contract ends by itself, no debt is run up
or repaid. A share is refused from 4 standard errors on, as is the mean of Student's interval: false alarm 6e-5 each.
"""

from dataclasses import replace
from datetime import date

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

from villagesim.agents.assets import CONTRACT, EARNING, LAND
from villagesim.dates import DAYS_A_YEAR
from villagesim.policies import CleanUp, Transparency

N = 3_000  # constituents
DEBT = 1e6
FALSE_ALARM = 2 * norm.sf(4)
ITEMS, DEBTS = ((0.75, 0.25), (1.5, 1.5 / 6)), ((0.2, 0.8), (3.0, 0.04))
AT_ONCE = {
    name: fixed(1e-9)
    for name in ("survey_days", "contract_days", "parcel_days", "building_days", "office_days", "audit_days")
}
QUIET = FROZEN | {"repaid_share": 0.0, "relapse_rate": 0.0, "own_letting_rate": 0.0}
DATES = {"half a year": date(2021, 8, 1), "two years": date(2023, 2, 1)}
SURVEYED = date(2021, 2, 1)


def campaign(stop, teams=1_000_000, order="by_yield", **changes):
    """A county in which every account owes a million, and a campaign from the first day to the last."""
    endowment = county_by_hand(N, 1, income=np.full(N, 500_000.0))
    endowment = replace(endowment, debt=np.full(N, DEBT))
    scenario = scenario_by_hand(endowment, stop, decree=None, **QUIET | AT_ONCE | changes)
    policy = CleanUp(start=ON_DAY_ONE, officers=teams, order=order, cost_per_officer=0.0)
    return simulate(scenario, [policy], endowment=endowment)


def items_at_start(**changes):
    """Kind, yield and days of all items that could be settled, of the county before anybody came."""
    world = campaign(SURVEYED, teams=0, **changes).world
    assets, is_open = world.assets, np.ones(len(world.assets.kind), bool)
    is_open[: len(world.contracts.row)] = world.contracts.faulty
    which = np.flatnonzero(is_open & np.isin(assets.kind, EARNING))
    return assets.kind[which], assets.worth[which], assets.days[which]


def years_until(stop):
    """From the survey, which ends with the first month."""
    return (stop - SURVEYED).days / DAYS_A_YEAR


def assert_items_settled(stop, run, kind):
    settled = run.world.assets.settled & (run.world.assets.kind == kind)
    assert_share_is(worked_off(*ITEMS, years_until(stop)), int(settled.sum()), int((items_at_start()[0] == kind).sum()))


def assert_debt_resolved(stop, run):
    netted = run.record.column("corrected").sum(axis=0) * run.world.p.arrears * run.world.p.arrears_netted
    resolved = 1 - (run.world.cooperatives.debt + netted) / DEBT
    assert_mean_is(worked_off(*DEBTS, years_until(stop)), resolved, false_alarm=FALSE_ALARM)


@pytest.mark.parametrize("kind", [CONTRACT, LAND], ids=["contracts", "land"])
@pytest.mark.parametrize("stop", DATES.values(), ids=DATES)
def test_items_are_settled_at_the_upper_limit(stop, kind):
    """Oracle: closed form, some 12,000 faulty contracts and 9,000 parcels; false alarm 6e-5."""
    assert_items_settled(stop, campaign(stop), kind)


@pytest.mark.parametrize("stop", DATES.values(), ids=DATES)
def test_debts_are_resolved_at_the_upper_limit(stop):
    """Oracle: closed form, 3,000 debts of two parts each; false alarm 6e-5."""
    assert_debt_resolved(stop, campaign(stop))


@pytest.mark.parametrize(
    ("rate", "value", "stop"), [("ripening_rate", 1.7, "half a year"), ("hard_later", 4.0, "two years")]
)
def test_items_that_ripen_sooner_are_noticed(rate, value, stop):
    """The twin: rates 13% higher, hard items 4 times later in place of 6."""
    with pytest.raises(AssertionError, match="standard errors"):
        assert_items_settled(DATES[stop], campaign(DATES[stop], **{rate: value}), CONTRACT)


@pytest.mark.parametrize(
    ("rate", "value", "stop"), [("easy_debt_rate", 3.6, "half a year"), ("hard_debt_rate", 0.06, "two years")]
)
def test_debts_that_are_resolved_sooner_are_noticed(rate, value, stop):
    """The twin: a fifth more easy debts, a half more hard ones."""
    with pytest.raises(AssertionError, match="standard errors"):
        assert_debt_resolved(DATES[stop], campaign(DATES[stop], **{rate: value}))


FEW = {"ripening_rate": fixed(100.0), "hard_items": fixed(0.0), "easy_debt": fixed(0.0), "hard_debt_rate": fixed(0.0)}
"""All earning items are ripe within days; debts never are."""
REAL_DAYS = {"contract_days": fixed(2.0), "parcel_days": fixed(3.0), "building_days": fixed(8.0)}


def gain_and_greedy(order="by_yield"):
    """What ten teams bring by the end of 2021 without a survey to make, and the sorted sum by yield a day of as many days."""
    stop = date(2022, 1, 1)
    run = campaign(stop, teams=10, order=order, **FEW | REAL_DAYS)
    _, worth, days = items_at_start(**FEW | REAL_DAYS)
    best = np.argsort(-worth / days)
    n_days = 10 * 220 * years_until(stop)
    last = np.searchsorted(np.cumsum(days[best]), n_days)
    return float(run.world.assets.gain.sum()), float(worth[best][:last].sum())


def test_teams_bring_the_most_that_their_days_allow():
    """Oracle: a sorted sum. No chance but for February, in which a few are not ripe, and one item at the end."""
    gain, greedy = gain_and_greedy()
    assert 0.99 * greedy < gain <= greedy * (1 + 1e-9)


def test_by_lot_they_bring_far_less():
    """The twin: the order is worth something."""
    gain, greedy = gain_and_greedy("by_lot")
    assert gain < 0.6 * greedy


# contracts that end


def gained_without_a_campaign(*policies):
    """What contracts bring beside the start after three years, by constituent, where a fifth of them ends every year."""
    endowment = county_by_hand(1_000, 1, income=np.full(1_000, 500_000.0))
    still = QUIET | {"contract_expiry_rate": fixed(0.2)}
    return simulate(
        scenario_by_hand(endowment, date(2024, 2, 1), decree=None, **still), policies, endowment=endowment
    ).world


def test_without_a_campaign_nothing_is_won_or_lost_on_contracts():
    """As many turn faulty as sound, and each takes its yield with it or brings it; false alarm 6e-5."""
    world = gained_without_a_campaign()
    assert_mean_is(0.0, world.assets.gain, false_alarm=FALSE_ALARM)
    assert world.assets.gain.std() > 5_000
    assert_mean_is(0.0, world.contracts.faulty_since_start, false_alarm=FALSE_ALARM)


def test_open_letting_brings_money():
    """The twin: fewer turn faulty than sound."""
    world = gained_without_a_campaign(Transparency(start=ON_DAY_ONE, cost_per_village=0.0))
    with pytest.raises(AssertionError, match="standard errors"):
        assert_mean_is(0.0, world.assets.gain, false_alarm=FALSE_ALARM)
    assert world.assets.gain.mean() > 500


# what a merger loses


def income_of_a_merged_county(n_parts, theta=0.1, **changes):
    """Income of a month just after the decree, in a county of villages of equal parts, relative to nothing lost."""
    n = 600
    endowment = county_by_hand(n // n_parts, n_parts, income=np.full(n, 500_000.0))
    shares = np.array([0.35, 0.15, 0.25, 0.25])[:, None] * np.ones(n)
    endowment = replace(endowment, source_shares=shares)
    incomes = []
    for lost in (theta, 0.0):
        still = QUIET | {"attempt_rate": fixed(1e-4), "not_handed_over": fixed(lost)}
        scenario = scenario_by_hand(endowment, date(2021, 3, 1), **still | changes)
        run = simulate(scenario, (), endowment=endowment)
        incomes.append(run.record.column("account_income")[-1].sum())
    return incomes[0] / incomes[1] - 1


@pytest.mark.parametrize(("n_parts", "lost"), [(2, -0.0075), (3, -0.0100), (4, -0.01125)])
def test_a_merger_loses_a_tenth_of_the_rents_of_all_parts_but_one(n_parts, lost):
    """Oracle: theta x .15 x (n - 1)/n; no chance."""
    assert income_of_a_merged_county(n_parts) == pytest.approx(lost, rel=1e-9)


def test_without_theta_it_loses_nothing_and_with_twice_as_much_twice():
    assert income_of_a_merged_county(2, theta=0.0) == 0.0
    assert income_of_a_merged_county(2, theta=0.2) == pytest.approx(-0.015, rel=1e-9)

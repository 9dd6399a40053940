"""Claim: an operator of a land trust fares as equation E3 says, and every yuan of a settlement is accounted for.

Oracle: ``tests/oracles/land_trust.json``, made by ``benchmarks/oracle_land_trust.py`` from the text of the equation alone,
with standard errors of its own. Against it stand 10,000 operators with one mu each over five settlements, each in a
replication of its own, so that all are independent: weather, prices and settlement are the library's. A figure is
refused from 4 standard errors on: chance of a false alarm 6e-5 each.

What the running model does with it: identities to the cent, and the wait for a new operator after a default in closed
form.
"""

import json
from dataclasses import replace
from datetime import date
from functools import cache
from math import exp
from pathlib import Path

import numpy as np
import pytest
from checks import assert_mean_is, assert_share_is, county_by_hand, fixed, scenario_by_hand, simulate
from scipy.stats import norm

from villagesim.agents.land_trusts import Terms
from villagesim.agents.settlement import Season, cost_per_mu, expected_dividend, next_log_price, season, settle
from villagesim.dates import DAYS_A_YEAR
from villagesim.parameters import DEFAULTS
from villagesim.policies import LandTrust
from villagesim.randomness import Draws

ORACLE = json.loads((Path(__file__).parents[1] / "oracles" / "land_trust.json").read_text(encoding="utf-8"))
CASES = ORACLE["cases"]
N_OPERATORS, YEARS = 10_000, range(2021, 2026)
SPLIT = (0.45, 0.20, 0.30, 0.05)
FALSE_ALARM = 2 * norm.sf(4)
CENT = 0.01


# --- independent operators ---


@cache
def seasons(price_sd):
    """Five years of every operator, each in its own replication: revenue and insured, (n_years, n_operators)."""
    p, village = DEFAULTS.with_values({"price_sd": price_sd}), np.array([370_114_001_200])
    rows = []
    for replication in range(N_OPERATORS):
        draws, log_price = Draws.of_replication(20_211_005, replication), None
        for year in YEARS:
            log_price = next_log_price(p, draws, year, log_price)
            rows.append(season(p, draws, village, year, log_price))
    shape = (N_OPERATORS, len(YEARS))
    revenue = np.concatenate([row.revenue for row in rows]).reshape(shape).T
    insured = np.concatenate([row.insured for row in rows]).reshape(shape).T
    return revenue, insured


def years_of(settings):
    """Five seasons of all operators under the settings of a case, and the parameters."""
    p = DEFAULTS.with_values(
        {
            "price_sd": settings["price_sd"],
            "operator_equity": settings["equity"],
            "insurance": float(settings["insured"]),
            "insurance_premium": fixed(settings["premium"]),
        }
    )
    revenue, insured = seasons(settings["price_sd"])
    return p, [Season(*year) for year in zip(revenue, insured * settings["insured"], strict=True)]


def settlements(settings, area=1.0, cap=None, floors=1.0):
    """Settle year after year all operators, and the year of each one's default (5: none); defaulted ones start anew."""
    p, harvests = years_of(settings)
    area = np.broadcast_to(area, N_OPERATORS)
    household, collective = (
        settings[f"{who}_floor"] * floors * np.ones(N_OPERATORS) for who in ("household", "collective")
    )
    split, own_money = np.tile(SPLIT, (N_OPERATORS, 1)), p.operator_equity * area
    cap = p.reserve_cap if cap is None else cap
    reserve, equity = np.zeros(N_OPERATORS), own_money.copy()
    results, defaulted_in = [], np.full(N_OPERATORS, len(harvests))
    for number, harvest in enumerate(harvests):
        result = settle(p, harvest, area, household, collective, split, reserve, equity, own_money, cap * area)
        defaulted_in = np.where(result.defaulted & (defaulted_in == len(harvests)), number, defaulted_in)
        reserve, equity = result.reserve, np.where(result.defaulted, own_money, result.equity)
        results.append(result)
    return results, defaulted_in


def assert_defaults_as_the_oracle(name, floors=1.0):
    expected = CASES[name]["default_within_five"]
    _, defaulted_in = settlements(CASES[name]["settings"], floors=floors)
    hits = int((defaulted_in < len(YEARS)).sum())
    assert_share_is(expected["value"], hits, N_OPERATORS, expected_error=expected["se"])


@pytest.mark.parametrize("name", list(CASES))
def test_operators_default_as_often_as_the_oracle_says(name):
    """Oracle: the table, within 4 standard errors of both; false alarm 6e-5 each."""
    assert_defaults_as_the_oracle(name)


def test_defaults_come_when_the_oracle_says():
    """Oracle: the table, by settlement; false alarm 6e-5 each."""
    _, defaulted_in = settlements(CASES["floor 900"]["settings"])
    for number, expected in enumerate(CASES["floor 900"]["default_by_settlement"]):
        hits = int((defaulted_in <= number).sum())
        assert_share_is(expected["value"], hits, N_OPERATORS, expected_error=expected["se"])


@pytest.mark.parametrize("name", ["floor 800", "floor 900", "floor 1000"])
def test_floors_three_percent_higher_are_noticed(name):
    with pytest.raises(AssertionError, match="standard errors"):
        assert_defaults_as_the_oracle(name, floors=1.03)


@pytest.mark.parametrize("name", ["floor 800", "price sd .10", "no insurance, premium paid"])
def test_the_surplus_has_the_mean_and_the_spread_of_the_oracle(name):
    """Oracle: the mean in closed form, the spread from the table; false alarm 6e-5 each."""
    case = CASES[name]
    surplus = np.array([result.surplus for result in settlements(case["settings"])[0]])
    assert_mean_is(case["mean_z_closed_form"], surplus.mean(axis=0), unit="yuan per mu", false_alarm=FALSE_ALARM)
    squares = ((surplus - case["mean_z_closed_form"]) ** 2).mean(axis=0)
    error = 2 * case["sd_z"]["value"] * case["sd_z"]["se"]
    assert_mean_is(
        case["sd_z"]["value"] ** 2, squares, unit="(yuan per mu)^2", false_alarm=FALSE_ALARM, expected_error=error
    )


def test_a_surplus_of_which_five_yuan_are_missing_is_noticed():
    surplus = np.array([result.surplus for result in settlements(CASES["floor 800"]["settings"])[0]]) - 5
    with pytest.raises(AssertionError, match="yuan per mu"):
        assert_mean_is(CASES["floor 800"]["mean_z_closed_form"], surplus.mean(axis=0), unit="yuan per mu")


@pytest.mark.parametrize("name", ["floor 700", "floor 900"])
def test_the_first_dividend_is_that_of_the_oracle(name):
    """Oracle: the table; false alarm 6e-5."""
    expected = CASES[name]["household_dividend_first_settlement"]
    first = settlements(CASES[name]["settings"])[0][0].household
    assert_mean_is(expected["value"], first, unit="yuan per mu", false_alarm=FALSE_ALARM, expected_error=expected["se"])


@pytest.mark.parametrize("floor", [700, 800, 900, 1000])
def test_the_dividend_households_expect_is_that_of_the_oracle(floor):
    """Oracle: the table, first settlement. The surplus is taken as normal and the insurance left out: within 2 yuan."""
    expected = CASES[f"floor {floor}"]["household_dividend_first_settlement"]["value"]
    assert expected_dividend(DEFAULTS, Terms(floor, 100.0, SPLIT)) == pytest.approx(expected, abs=2)


def test_the_cost_is_that_of_the_oracle():
    assert cost_per_mu(DEFAULTS) == pytest.approx(ORACLE["settings"]["cost"], rel=1e-12)


def test_without_insurance_the_same_harvest_is_sold_and_nothing_comes_from_the_insurer():
    """No chance. What the insurance pays is rare, but not nothing: 0.1 yuan a mu at least."""
    p, keys = DEFAULTS.with_values({"insurance": 0.0}), np.arange(2_000)
    with_it, without = (season(q, Draws(1, 0), keys, 2021, 0.05) for q in (DEFAULTS, p))
    assert (with_it.revenue == without.revenue).all()
    assert not without.insured.any()
    assert with_it.insured.mean() > 0.1


# --- every settlement, to the cent ---


def gap(account):
    """What is missing in the year's account of every trust [yuan]."""
    spent = account.cost + account.premium + account.floors_paid + account.dividends
    return account.revenue + account.insured - spent - account.reserve_change - account.operator_result


AREA = np.exp(5 + 1.5 * Draws(2).normal("area", np.arange(N_OPERATORS)))  # 150 mu, and up to 40,000


@pytest.mark.parametrize("name", ["floor 700", "floor 1000", "equity 150", "no insurance, no premium"])
def test_every_settlement_adds_up_to_the_cent(name):
    settings = CASES[name]["settings"]
    results, _ = settlements(settings, area=AREA)
    floors = (settings["household_floor"] + settings["collective_floor"]) * AREA
    for result in results:
        assert np.abs(gap(result)).max() < CENT
        assert (result.floors_paid <= floors + CENT).all()
        assert ((result.floors_paid < floors - CENT) <= result.defaulted).all()
        assert result.paid_share == pytest.approx(result.floors_paid / floors)
        assert result.reserve.min() >= 0
        assert result.equity.min() >= 0
    assert sum(result.defaulted.sum() for result in results) > 100


def test_a_harvest_that_does_not_even_pay_its_cost_adds_up_to_the_cent():
    """No floor is paid then, and what reserve and equity do not cover stays with the operator."""
    ones, nothing = np.ones(3), Season(np.array([0.0, 100.0, 1150.0]), np.zeros(3))
    area, own_money = 1000 * ones, 250e3 * ones
    result = settle(
        DEFAULTS, nothing, area, 800 * ones, 100 * ones, np.tile(SPLIT, (3, 1)),
        50e3 * ones, own_money, own_money, 300 * area,
    )  # fmt: skip
    assert np.abs(gap(result)).max() < CENT
    assert result.defaulted.all()
    assert result.floors_paid == pytest.approx([0, 0, 267.04e3], abs=CENT)
    assert result.operator_result == pytest.approx([-1132.96e3, -1032.96e3, -250e3], abs=CENT)


def test_an_account_without_what_goes_into_the_reserve_is_noticed():
    results, _ = settlements(CASES["floor 800"]["settings"], area=AREA)
    forgotten = replace(results[0], reserve_change=np.zeros(N_OPERATORS))
    assert np.abs(gap(forgotten)).max() > CENT


def after_good_years(n_years=40, cap=1.0, most=1.0):
    """Reserve and equity of trusts under a low floor after many years, over what they may be at most."""
    settings = CASES["floor 700"]["settings"] | {"household_floor": 600.0}
    p, harvests = years_of(settings)
    reserve, equity, own_money = np.zeros(N_OPERATORS), p.operator_equity * AREA, p.operator_equity * AREA
    floors, split = np.ones(N_OPERATORS), np.tile(SPLIT, (N_OPERATORS, 1))
    for year in range(n_years):
        result = settle(
            p, harvests[year % 5], AREA, 600 * floors, 100 * floors, split,
            reserve, equity, most * own_money, cap * p.reserve_cap * AREA,
        )  # fmt: skip
        reserve, equity = result.reserve, result.equity
    return reserve / (p.reserve_cap * AREA), equity / (2 * own_money)


def test_the_reserve_never_exceeds_its_cap_and_equity_never_twice_the_start():
    reserve, equity = after_good_years()
    assert reserve.max() == pytest.approx(1, rel=1e-9)
    assert equity.max() == pytest.approx(1, rel=1e-9)


def test_a_cap_that_is_ignored_is_noticed():
    reserve, _ = after_good_years(cap=np.inf)
    assert reserve.max() > 1.01
    _, equity = after_good_years(most=1.1)
    assert equity.max() > 1.01


# --- in the running model ---


TOWNS = {
    "as in the file": "land trust",
    "floor 1000": [LandTrust(start="2022-03-01", household_floor=1000.0)],
    "floor 1000, from before the decree": [LandTrust(start="2021-01-01", household_floor=1000.0, cost_per_mu=0.0)],
    "floor 1500": [LandTrust(start="2022-03-01", household_floor=1500.0)],
}


@pytest.fixture(scope="module", params=TOWNS.values(), ids=TOWNS.keys())
def town(request, one_town):
    return simulate(one_town, request.param, seed=1, replication=3)  # a replication of poor prices


def test_every_settlement_of_a_run_adds_up_to_the_cent(town):
    trusts = town.land_trusts
    assert len(trusts) > 70
    assert np.abs(gap(trusts)).max() < CENT


def test_in_a_run_reserve_and_equity_stay_below_their_caps(town):
    p, settled = town.world.p, town.world.settlements
    for year in settled:
        rows, result = year["villages"], year["result"]
        enrolled = town.record.by_village(town.record.column("enrolled"))[year["month"] + 1][rows]
        standing = ~result.defaulted
        assert (result.reserve <= p.reserve_cap * enrolled + CENT)[standing].all()
        assert (result.equity <= 2 * p.operator_equity * enrolled + CENT)[standing].all()
        assert not result.reserve[result.defaulted].any()
        assert not result.equity[result.defaulted].any()


def test_bad_terms_bring_defaults(one_town):
    """Else the tests above would prove little."""
    runs = [simulate(one_town, terms, seed=1, replication=3) for terms in TOWNS.values()]
    n_defaults = [int(run.land_trusts.defaulted.sum()) for run in runs]
    assert n_defaults[0] < 5
    assert min(n_defaults[1:]) > 10


def test_what_trusts_pay_arrives_in_the_ledgers(town):
    """Floors and dividends of the collective are booked as income, those of households as dividends; to the cent."""
    record = town.record
    booked, dividends = record.column("income_trust").sum(), record.column("dividend").sum()
    owed = 0.0
    for year in town.world.settlements:
        owed += (100.0 * year["area"] * year["result"].paid_share + year["result"].collective).sum()
    assert booked == pytest.approx(owed, abs=CENT)
    assert dividends == pytest.approx(town.land_trusts.household.sum(), abs=CENT)


# --- a new operator after a default ---

N_VILLAGES, TENDER, IDLE = 3_000, 0.5, 0.3
FIRST_DEFAULT = date(2021, 11, 1)  # the first settlement is booked when October is closed


@cache
def n_found(tender=TENDER):
    """Villages with a second operator at the firsts of the months after a default of all, by date."""
    endowment = county_by_hand(N_VILLAGES, 1, income=np.full(N_VILLAGES, 500_000.0))
    scenario = scenario_by_hand(endowment, date(2026, 1, 1), decree=None, tender_rate=tender)
    ruinous = LandTrust(start="2021-01-01", household_floor=5_000.0, cost_per_mu=0.0)
    run = simulate(scenario, [ruinous], endowment=endowment)
    operators, defaults = run.record.column("n_operators")[1:], run.record.column("n_defaults")[1:]
    ends = [date(month.first.year + month.first.month // 12, month.first.month % 12 + 1, 1)
            for month in run.world.calendar.months]  # fmt: skip
    assert (defaults[ends.index(FIRST_DEFAULT)] == 1).all()
    return {end: int((row >= 2).sum()) for end, row in zip(ends, operators, strict=True)}


def found_within(years):
    """Chance that a new operator is found: at once in search, or after a year in which the land lies idle."""
    return (1 - IDLE) * (1 - exp(-TENDER * years)) + IDLE * (1 - exp(-TENDER * max(years - 1, 0.0)))


LATER = [date(2022, 2, 1), date(2022, 11, 1), date(2023, 11, 1), date(2024, 11, 1), date(2025, 12, 1)]


@pytest.mark.parametrize("day", LATER, ids=str)
def test_a_new_operator_is_found_as_the_closed_form_says(day):
    """Oracle: closed form, 3,000 villages; false alarm 6e-5 each."""
    years = (day - FIRST_DEFAULT).days / DAYS_A_YEAR
    assert_share_is(found_within(years), n_found()[day], N_VILLAGES)


def test_tenders_that_take_a_quarter_less_time_are_noticed():
    day = LATER[1]
    years = (day - FIRST_DEFAULT).days / DAYS_A_YEAR
    with pytest.raises(AssertionError, match="standard errors"):
        assert_share_is(found_within(years), n_found(tender=TENDER / 0.75)[day], N_VILLAGES)

"""Claim: of villages whose income is lognormal, as many book under a list as equation E17 says.

Oracle: the integral over income, integrity and the lot of the excess, worked out here by itself: 14% of all villages book
(mean income 300,000 yuan, spread .8, line 200,000, quota 1, pressure .7). Frozen: incomes of the year are those of the day of the
start. A share is refused from 4 standard errors on: false alarm 6e-5. The twin books without regard to what is missing.

When a list has ended, each that booked goes on with a chance of .4, year by year: so the reported share falls back. The twin
goes on by a half.
"""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from checks import FROZEN, ON_DAY_ONE, assert_share_is, county_by_hand, fixed, scenario_by_hand, simulate
from scipy.stats import beta, lognorm

from villagesim.policies import WeakVillageList
from villagesim.randomness import Draws

N, MEAN, SD, LINE, PRESSURE = 20_000, 300_000.0, 0.8, 200_000.0, 0.7


def expected(gap_weight=-2.0):
    """Share of all villages that book, on a grid of quantiles."""
    at = (np.arange(400) + 0.5) / 400
    income = lognorm.ppf(at, SD, scale=MEAN * np.exp(-(SD**2) / 2))[:, None, None]
    both = 0.5 * 0.5 / 0.15**2 - 1  # a Beta of mean .5 and spread .15
    integrity = beta.ppf(at[::4], both / 2, both / 2)[None, :, None]
    gap = np.maximum(LINE - income, 0.0)
    wanted = gap * (1 + 0.15 * at[::20][None, None, :])
    p = 1 / (1 + np.exp(1.5 - 3.0 * PRESSURE + 2.0 * (integrity - 0.5) - gap_weight * gap / LINE))
    return float((p * ((gap > 0) & (wanted <= np.maximum(income, 20_000)))).mean())


@pytest.fixture(scope="module")
def n_booked():
    """Villages that booked at the end of the first year, of N."""
    income = MEAN * np.exp(SD * Draws(5, "lists").normal("income", np.arange(N)) - SD**2 / 2)
    endowment = county_by_hand(N, 1, income)
    scenario = scenario_by_hand(endowment, date(2022, 1, 1), decree=None, **FROZEN | {"integrity_sd": fixed(0.15)})
    run = simulate(scenario, [WeakVillageList(start=ON_DAY_ONE, lines=(LINE,), pressure=PRESSURE)], endowment=endowment)
    return int((run.world.lists.booked > 0).sum())


def test_as_many_book_as_the_equation_says(n_booked):
    assert expected() == pytest.approx(0.14, abs=0.01)
    assert_share_is(expected(), n_booked, N)


def test_booking_without_regard_to_what_is_missing_is_noticed(n_booked):
    with pytest.raises(AssertionError, match="standard errors"):
        assert_share_is(expected(gap_weight=-1.0), n_booked, N)


# when a list ends


@pytest.fixture(scope="module")
def share_booked_only():
    """Villages at or above the line by what they report and not by what they earned, at the ends of three years; N = 6,000.

    The list ends after the first.
    """
    n = 6_000
    income = MEAN * np.exp(SD * Draws(5, "lists").normal("income", np.arange(n)) - SD**2 / 2)
    endowment = county_by_hand(n, 1, income)
    scenario = scenario_by_hand(endowment, date(2024, 1, 1), decree=None, **FROZEN)
    scenario = replace(scenario, published=replace(scenario.published, thresholds=(LINE,)))
    listed = WeakVillageList(start=ON_DAY_ONE, end=date(2022, 1, 1), lines=(LINE,), pressure=PRESSURE)
    run = simulate(scenario, [listed], endowment=endowment)
    only = run.outcomes["reported_share_above_200k"] - run.outcomes["share_above_200k"]
    return [round(n * only[run.record.labels.index(f"{year}-12")]) for year in (2021, 2022, 2023)]


def assert_falls_by(habit, booked):
    first, second, third = booked
    assert_share_is(habit, second, first)
    assert_share_is(habit**2, third, first)


def test_the_reported_share_falls_back_when_a_list_ends(share_booked_only):
    assert_falls_by(0.4, share_booked_only)


def test_a_habit_of_a_half_is_noticed(share_booked_only):
    with pytest.raises(AssertionError, match="standard errors"):
        assert_falls_by(0.5, share_booked_only)

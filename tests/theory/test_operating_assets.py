"""Claim: own business shrinks as its assets wear, and nothing else does (equation E14).

Oracle: without noise, one-offs and reinvestment a month's income is (.35 (1 - wear / 12)^k + .65) x trend of what it was, k
months on. Exact, in every village; the tolerance is that of floats. The twins let rents wear too, or replace what has worn.
"""

from datetime import date

import numpy as np
from checks import FROZEN, county_by_hand, fixed, scenario_by_hand, simulate

N, YEARS, WEAR, GROWTH, OWN = 30, 12, 0.03, 0.02, 0.35
CHANGES = FROZEN | {
    "income_growth": GROWTH, "asset_wear": WEAR,
    "reinvested_share": fixed(0.0), "idle_buildings": fixed(0.0), "reletting_gain": fixed(0.0),
}  # fmt: skip


def incomes(**changes):
    """Income by month and village, per year, over twelve years; a county that never merges."""
    endowment = county_by_hand(N, 1, np.linspace(1e5, 2e6, N))
    shares = np.array([OWN, 0.15, 0.27, 0.23])[:, None] * np.ones(N)
    object.__setattr__(endowment, "source_shares", shares)
    scenario = scenario_by_hand(endowment, date(2021 + YEARS, 1, 1), decree=None, **CHANGES | changes)
    run = simulate(scenario, endowment=endowment)
    years = np.array([month.years for month in run.world.calendar.months])[:, None]
    return run.record.column("account_income")[1:] / years / endowment.income, run


def expected(worn=OWN):
    k = np.arange(12 * YEARS)[:, None]
    return (worn * (1 - WEAR / 12) ** k + 1 - worn) * (1 + GROWTH) ** ((k + 6.5) / 12)


def test_what_is_not_replaced_wears_and_the_rest_stays():
    found, _ = incomes()
    assert np.abs(found / expected() - 1).max() < 1e-10


def test_rents_that_wear_are_noticed():
    found, _ = incomes()
    assert np.abs(found / expected(worn=OWN + 0.15) - 1).max() > 0.01


def test_assets_that_are_replaced_are_noticed():
    """15% of a surplus keep the assets of most villages as they were."""
    found, run = incomes(reinvested_share=0.15)
    assert np.abs(found / expected() - 1).max() > 0.05
    assets = run.record.column("operating_assets")
    assert (assets[-1] <= assets[0] * (1 + 1e-12)).all()

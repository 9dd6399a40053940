"""Patterns of income: how a mix of grants fades, what booking leaves of real money, and when growing operators fail.

Each is a paired comparison in a county made by hand: ordinary in all that the pattern does not need to stand still. As in the
other files, the chance that one is seen by luck alone is 1 in 10,000 for every claim.
"""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from checks import assert_lies_above, county_by_hand, fixed, scenario_by_hand

import villagesim as vs
from villagesim.agents.projects import KINDS
from villagesim.places.endowments import Endowment
from villagesim.policies import LandTrust, Policy, SeedMoney, Stakes, WeakVillageList
from villagesim.randomness import Draws
from villagesim.timetable import Budget

MEAN, SPREAD = 500_000.0, 0.8


def county(n: int, stop: date, **parameters: Any) -> tuple[vs.Scenario, Endowment]:
    """A county of ``n`` villages that never merge, with lognormal incomes, and money for all that is asked for."""
    income = MEAN * np.exp(SPREAD * Draws(7, "county").normal("income", np.arange(n)) - SPREAD**2 / 2)
    endowment = county_by_hand(n, 1, income)
    return replace(scenario_by_hand(endowment, stop, decree=None, **parameters), budget=Budget(1e9, 2021)), endowment


def outcomes(
    place: tuple[vs.Scenario, Endowment], policies: list[Policy], n: int, *asked: tuple[str, str]
) -> np.ndarray:
    """Outcomes at the end of months, ``(len(asked), n)``: a value a replication."""
    scenario, endowment = place
    found = [vs.simulate(scenario, policies, 1, r, endowment=endowment) for r in range(n)]
    return np.array([[run.outcomes[name][run.record.labels.index(month)] for run in found] for name, month in asked])


def test_13_a_mix_of_grants_fades_by_a_part_and_what_is_lent_by_more() -> None:
    """Four years after its best more than half is left of what a mix brings, and less of what was lent: terms end, firms fail.

    A year of a grant a village; accounts invest nothing of their own, so that all projects are of these grants.
    """
    place = county(80, date(2028, 1, 1), reinvested_share=fixed(0.0))
    lent = {kind: float(kind == "lent") for kind in KINDS}

    def left(**mix: float) -> np.ndarray:
        grants = SeedMoney(start="2021-01-01", end="2022-01-01", form="chain", projects=80, **mix)
        best, later = outcomes(place, [grants], 12, ("project_income", "2023-12"), ("project_income", "2027-12"))
        return later / best

    mixed, all_lent = left(), left(**lent)
    assert_lies_above(0.0, 1 - mixed)
    assert_lies_above(0.5, mixed)
    assert_lies_above(0.0, mixed - all_lent)


@pytest.fixture(scope="module")
def listed() -> tuple[vs.Scenario, Endowment]:
    """A county for a list of 500,000 yuan for eight in ten, to the end of 2024."""
    return county(200, date(2025, 1, 1))


def honest_and_pressed(place: tuple[vs.Scenario, Endowment], money: float) -> np.ndarray:
    """Real income, reported income, stakes paid in the third year: without pressure less those under full pressure."""
    asked = [(name, "2024-12") for name in ("collective_income", "reported_collective_income", "support_cost")]
    without, pressed = (
        outcomes(
            place,
            [
                WeakVillageList(start="2021-03-01", lines=(MEAN,), quota=0.8, pressure=pressure),
                Stakes(start="2022-01-01", money=money),
            ],
            6,
            *asked,
        )
        for pressure in (0.0, 1.0)
    )
    return without - pressed


def test_14_booking_crowds_real_money_out(listed: tuple[vs.Scenario, Endowment]) -> None:
    """Stakes make up for what is missing by what is reported: who books gets less, and the county is poorer and looks richer."""
    real, reported, paid = honest_and_pressed(listed, 60e6)
    assert_lies_above(0.0, real)
    assert_lies_above(0.0, -reported)
    assert_lies_above(0.0, paid)


def test_14_where_money_is_short_booking_only_moves_it(listed: tuple[vs.Scenario, Endowment]) -> None:
    """What those who book do not get goes to others that are listed: real income stays within 1%."""
    real, _, _ = honest_and_pressed(listed, 7.5e6)
    assert_lies_above(-5_000.0, real)
    assert_lies_above(-5_000.0, -real)


def test_15_growing_operators_fail_where_nobody_brings_money_for_new_land() -> None:
    """Land grows to four times its start under a dear floor; with money for the first mu only more operators fail."""
    place = county(60, date(2027, 1, 1), first_land=0.2, later_land=0.4)

    def defaults(equity_for_new_land: bool) -> np.ndarray:
        trust = LandTrust(
            start="2021-03-01", own_share=0.0, household_floor=900.0, equity_for_new_land=equity_for_new_land
        )
        return outcomes(place, [trust], 16, ("land_trust_defaults", "2026-12"))[0]

    assert_lies_above(0.0, defaults(False) - defaults(True))

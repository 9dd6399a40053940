"""Claim: who gets a stake, when, and of how much, is as worked out by hand in the unequal county.

Reported incomes, set by the test: A 1,250,000, B 450,000, C 480,000, D 160,000 yuan; one list, whose line is 500,000.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from unit.processes.unequal_county import A, B, C, D, merge, month_of, world_by_hand

import villagesim as vs
from villagesim.agents.projects import STAKE
from villagesim.errors import PolicyError
from villagesim.policies import Stakes, WeakVillageList
from villagesim.policies.policy import ActivePolicy
from villagesim.processes.projects import Projects
from villagesim.timetable import Budget

REPORTED = {A: 1_250_000.0, B: 450_000.0, C: 480_000.0, D: 160_000.0}
NEED = {B: 50_000 / 0.075, C: 20_000 / 0.075, D: 340_000 / 0.075}


def stakes_of(listed=(B, C, D), price_level=1.0, **settings):
    """The policy in the merged county."""
    world = world_by_hand()
    world.price_level = price_level
    merge(world)
    reported = np.zeros(world.n_rows)
    reported[list(REPORTED)] = list(REPORTED.values())
    world.observed = {"reported_collective_income": reported}.__getitem__
    world.lists.line[:] = 500_000.0
    world.lists.listed[list(listed)] = True
    policy = Stakes(start="2022-01-01", **({"money": 4_000_000.0} | settings))
    return ActivePolicy(policy, world, policy.target.rows(world, policy.label))


def paid_in(active, month, paid_share=1.0):
    """Stakes of a month by village; their projects begin."""
    world, when = active.world, month_of(active.world, 2022, month)
    world.grants.clear()
    active.policy.act(active, when, paid_share)
    paid = {grant.village: grant.money for grant in world.grants}
    assert sum(paid.values()) == pytest.approx(paid_share * active.policy.claim(active, when), abs=0.011)
    Projects(world).open(when)
    return paid


def test_a_stake_brings_what_is_missing_the_nearest_first():
    """A quarter of four million: C and B whole, of B no more than the cap; D the rest. In April all have theirs."""
    active = stakes_of()
    paid = paid_in(active, 3)
    assert list(paid) == [C, B, D]
    assert paid == pytest.approx({C: NEED[C], B: 600_000, D: 1_000_000 - NEED[C] - 600_000}, abs=0.01)
    assert paid_in(active, 4) == {}


def test_money_goes_on_to_those_that_had_none_a_month_before():
    active = stakes_of(money=1_000_000.0)
    assert paid_in(active, 3) == pytest.approx({C: 250_000}, abs=0.01)
    assert paid_in(active, 4) == pytest.approx({B: 250_000}, abs=0.01)
    assert paid_in(active, 5) == pytest.approx({D: 250_000}, abs=0.01)
    assert paid_in(active, 6) == {}


def test_the_weakest_may_come_first():
    assert list(paid_in(stakes_of(first="weakest"), 3)) == [D, B]


@pytest.mark.parametrize("month", [1, 2, 7, 12])
def test_stakes_are_bought_from_march_to_june(month):
    active = stakes_of()
    assert active.policy.claim(active, month_of(active.world, 2022, month)) == 0


def test_a_new_year_brings_another_stake():
    active = stakes_of()
    paid_in(active, 3)
    assert active.policy.claim(active, month_of(active.world, 2023, 3)) == pytest.approx(1_000_000)


def test_only_the_listed_get_stakes_or_all_below_a_line_of_its_own():
    """B lacks 10,000 to a line of 460,000 and C nothing: at least 50,000 are put into a stake."""
    assert list(paid_in(stakes_of(listed=[B]), 3)) == [B]
    alone = {"listed": (), "line": 451_000.0}
    assert paid_in(stakes_of(**alone), 3) == pytest.approx({B: 50_000, D: 600_000}, abs=0.01)


def test_what_is_short_of_money_ends_with_a_smaller_stake():
    """Of 1,000,000 yuan half: C whole, B the rest."""
    paid = paid_in(stakes_of(), 3, paid_share=0.5)
    assert paid == pytest.approx({C: NEED[C], B: 500_000 - NEED[C]}, abs=0.01)


def test_a_stake_is_the_villages_own_and_all_that_it_earns():
    active = stakes_of(listed=[B])
    paid_in(active, 3)
    projects = active.world.projects
    assert projects.form.tolist() == [STAKE]
    assert projects.kept.tolist() == [1.0]
    assert active.world.village_of[projects.stake_row].tolist() == [B, B]
    assert projects.stake_share.tolist() == [0.25, 0.75]  # by members
    assert not active.world.projects.n_grants.any()


LISTED = WeakVillageList(start="2021-01-01", lines=(500_000.0,), pressure=1.0)
STAKES = Stakes(start="2021-01-01", money=20_000_000.0)


@pytest.mark.parametrize("policies", [[LISTED, STAKES], [STAKES]], ids=["unpaid", "without a list"])
def test_without_money_or_a_list_nothing_real_moves(one_town, policies):
    """To the bit, but for what the list alone reports."""
    poor = replace(one_town, budget=Budget(0.0 if LISTED in policies else 1e8, 2021))
    found, base = (vs.simulate(poor, chosen) for chosen in (policies, []))
    assert found.never_acted == ("stakes",)
    same = [name for name in base.county if "reported" not in name and "booked" not in name]
    pd.testing.assert_frame_equal(found.county[same], base.county[same], check_exact=True)


def test_booked_income_crowds_out_stakes(one_town):
    """Who books up to the line lacks nothing: the same list under pressure gets less than without."""
    rich = replace(one_town, budget=Budget(1e8, 2021))
    spent = {}
    for book_base in (-2.5, -0.5):
        run = vs.simulate(rich.with_parameters(book_base=book_base), [LISTED, STAKES])
        spent[book_base] = sum(run.payments.query("month >= '2022-01'")["paid"])
    assert spent[-0.5] < 0.9 * spent[-2.5]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"money": -1.0}, "at least 0 yuan"),
        ({"first": "poorest"}, "nearest or weakest"),
        ({"promised": 0.0}, "a return of 0.001 to 1"),
        ({"least": 0.0}, "above 0 yuan"),
        ({"most": 1.0}, "at least as much as least"),
    ],
)
def test_settings_are_checked(settings, said):
    with pytest.raises(PolicyError, match=said):
        Stakes(start="2021-01-01", **({"money": 1.0} | settings))


@pytest.mark.parametrize("whose", [{"listed": (), "line": 500_000.0}, {"listed": (B, C, D)}], ids=["own", "of a list"])
def test_a_line_is_in_yuan_of_the_year(whose):
    """Prices a quarter up: 500,000 are 400,000 of the start; B, which reports 360,000 of them, lacks 40,000."""
    active = stakes_of(price_level=1.25, **whose)
    gaps = active.policy.gaps(active, month_of(active.world, 2022, 3))
    assert gaps[[A, B, C, D]].tolist() == [0, 40_000, 16_000, 272_000]

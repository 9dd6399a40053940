"""Claim: run-up, decree, first election and saving follow equations E5, E6 and E9, by hand in the unequal county.

No chance: luck is set by the test. Announcement on 1 April 2021, decree on 1 July, 91 days later.
"""

from datetime import date

import numpy as np
import pytest
from unit.processes.unequal_county import RESIDENTS, A, B, D, N, merge, month_of, until, world_by_hand

from villagesim.processes.merger import Merger

DATES = {"announcement": date(2021, 4, 1), "decree": date(2021, 7, 1)}
RUN_UP = [
    # .30 x debt x .5 x (1 - w) x (1 - .5 cohesion)
    0.30 * 400_000 * 0.5 * 0.9 * (1 - 0.5 * 0.2),
    0.0,  # owes nothing
    0.30 * 300_000 * 0.5 * 0.4 * (1 - 0.5 * 0.6),
    0.30 * 50_000 * 0.5 * 0.75 * (1 - 0.5 * 0.6),
    0.30 * 900_000 * 0.5 * 0.25 * (1 - 0.5 * 0.9),
    0.0,  # stays alone
    0.30 * 20_000 * 0.5 * 0.125 * (1 - 0.5 * 0.6),
    0.30 * 600_000 * 0.5 * 0.875 * (1 - 0.5 * 0.6),
]


def announced():
    """A county that knows of its merger, with cohesion .2 in the first part, .9 in the fifth and .6 elsewhere."""
    world = world_by_hand(**DATES)
    world.committees.cohesion[[0, 4]] = 0.2, 0.9
    merger = Merger(world)
    merger.announce(month_of(world, 2021, 4))
    return world, merger


def decreed(parameters=None, **luck):
    """A county on the day of its decree, which is day 181."""
    world = world_by_hand(luck, **DATES, parameters=parameters)
    merger = Merger(world)
    until(world, 181)
    merger.decree(month_of(world, 2021, 7))
    return world, merger


def test_the_parts_run_up_a_month_of_their_debts():
    """In April 30 of 91 days' worth, less by what a freeze of .8 holds back, and nothing where rights are frozen."""
    world, merger = announced()
    world.levers.freeze.now[[3, 4]] = 0.8
    world.levers.rights_frozen.now[[6, 7]] = True
    merger.run_up_debts(month_of(world, 2021, 4))
    left = np.array([1, 1, 1, 0.2, 0.2, 1, 0, 0])
    assert world.cooperatives.run_up == pytest.approx(left * RUN_UP * 30 / 91, abs=1e-6)


def test_months_of_the_run_up_add_up_to_the_whole():
    """All of it is run up between the two dates and nothing before or after."""
    world = world_by_hand(**DATES)
    world.committees.cohesion[[0, 4]] = 0.2, 0.9
    Merger(world)
    seen = {}
    world.calendar.declare("births", "test", lambda month: seen.update({month.label: world.cooperatives.run_up.copy()}))
    world.run()
    assert not seen["2021-04"].any()
    assert seen["2021-06"] == pytest.approx(np.array(RUN_UP) * 61 / 91, abs=1e-6)
    assert seen["2021-07"] == pytest.approx(np.array(RUN_UP), abs=1e-6)
    assert seen["2025-12"] == pytest.approx(np.array(RUN_UP), abs=1e-6)


def test_the_decree_costs_trust():
    """-.08 in every merged part, and -.40 times one less its share of members where it is not the host."""
    world, _ = decreed({"merger_trust_shock": -0.08})
    expected = [
        -0.08 - 0.40 * 0.9, -0.08, -0.08 - 0.40 * 0.4,
        -0.08 - 0.40 * 0.75, -0.08,
        0.0,
        -0.08, -0.08 - 0.40 * 0.875,
    ]  # fmt: skip
    assert world.members.trust_shock == pytest.approx(expected)


def test_the_decree_makes_villages_of_two_or_more_parts():
    """A, B and D are merged, C stays as it was, and every part belongs to its host."""
    world, _ = decreed()
    assert world.village_of.tolist() == [1, 1, 1, 4, 4, 5, 6, 6]
    assert np.flatnonzero(world.committees.merged).tolist() == [A, B, D]


@pytest.mark.parametrize("side", [-1, 1])
def test_a_part_has_nobody_on_the_first_committee_with_the_chance_of_its_members(side):
    """With (1 - w)^5 a part loses .20 of trust, and keeps it where its lot is above that."""
    chance = np.array([0.9, 0.7, 0.4, 0.75, 0.25, 0.0, 0.125, 0.875]) ** 5
    world, merger = decreed(**{"election.own_member": chance + side * 1e-9})
    world.members.trust_shock[:] = 0.0
    merger.first_election(month_of(world, 2021, 7))
    lost = -0.20 * np.array([1, 1, 1, 1, 1, 0, 1, 1]) if side < 0 else np.zeros(N)
    assert world.members.trust_shock == pytest.approx(lost)


def test_only_the_first_election_after_the_decree_counts():
    """Elections before the decree and later ones take no trust."""
    elections = (date(2021, 2, 1), date(2022, 1, 1), date(2023, 1, 1))
    world = world_by_hand({"election.own_member": 0.0}, elections=elections, **DATES)
    Merger(world)
    lost = {}

    def note(month):
        lost[month.label] = world.members.trust_shock.copy()
        world.members.trust_shock[:] = 0.0

    world.calendar.declare("births", "test", note)
    world.run()
    assert [label for label, shock in lost.items() if shock.any()] == ["2021-07", "2022-01"]
    assert lost["2022-01"] == pytest.approx([-0.2, -0.2, -0.2, -0.2, -0.2, 0, -0.2, -0.2])


LEAVE = {"surplus.leaves": np.exp(-0.2 * np.array([1.0, 2.0, 5.0]))}
"""Lots with which the three cadres of a removed committee leave one, two and five years after the decree."""


@pytest.mark.parametrize(("years", "gone"), [(0.99, 0), (1.01, 1), (1.99, 1), (2.01, 2), (4.99, 2), (5.01, 3)])
def test_the_county_saves_the_pay_of_those_who_are_gone(years, gone):
    """Office 25,000 and 33,000 a post that is gone, times real operation: half in A, whole in B, none in D."""
    world, merger = decreed(**LEAVE)
    world.committees.passed[[A, B, D], 1] = 1, 2, 0
    until(world, 181 + years * 365.25)
    merger.save(month_of(world, 2024, 1))
    yearly = 25_000 + 33_000 * gone
    operation = np.array([0.5, 0, 0.5, 1, 0, 0, 0, 0])  # of removed committees alone
    assert merger.saving == pytest.approx(yearly * operation * 31 / 365.25)
    assert world.committees.surplus_cadres.tolist() == [3 - gone, 0, 3 - gone, 3 - gone, 0, 0, 0, 3 - gone]


def test_nothing_is_saved_where_no_committee_was_removed():
    """A village that stays alone saves nothing, however well it operates."""
    world, merger = decreed(**LEAVE)
    world.committees.passed[:, 1] = 2
    until(world, 181 + 6 * 365.25)
    merger.save(month_of(world, 2024, 2))
    assert merger.saving == pytest.approx((25_000 + 99_000) * np.array([1, 0, 1, 1, 0, 0, 0, 1]) * 29 / 365.25)


@pytest.mark.parametrize(
    ("first", "second", "mediators"),
    [(26_000, 4_000, [3, 1]), (24_000, 17_000, [2, 2]), (23_000, 300, [2, 1]), (9_000, 2_000, [1, 1])],
)
def test_townships_have_mediators_by_residents(first, second, mediators):
    """One per 10,000 residents by largest remainder, and one at least."""
    residents = np.zeros_like(RESIDENTS)
    residents[[0, 5]], residents[7] = (first - 1_000, 1_000), second
    assert world_by_hand(residents=residents).levers.mediators.base.tolist() == mediators


def test_a_county_merged_by_hand_is_the_decreed_one():
    """What other tests take for granted is what the decree does."""
    by_decree, by_hand = decreed()[0], world_by_hand()
    merge(by_hand)
    assert (by_decree.village_of == by_hand.village_of).all()
    assert (by_decree.committees.merged == by_hand.committees.merged).all()

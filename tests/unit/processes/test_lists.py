"""Claim: who is listed and pressed, and what is booked, is as worked out by hand in the unequal county.

Real incomes of the year, set by the test: A 1,250,000, B 450,000, C 480,000, D 160,000 yuan. Luck is set: everybody who
may book does (0), or nobody does (1).
"""

import numpy as np
import pytest
from unit.processes.unequal_county import A, B, C, D, N, merge, month_of, world_by_hand

from villagesim.agents.lists import WeakVillages
from villagesim.processes.lists import Lists

INCOME = np.zeros(N)
INCOME[[0, A, B, C, D]] = 250_000.0, 1_000_000.0, 450_000.0, 480_000.0, 160_000.0
EVERYWHERE = np.ones(N, bool)
ALL_BOOK = {"list.books": 0.0, "list.excess": 0.0, "list.found": 1.0, "list.habit": 1.0}


def lists_of(luck=ALL_BOOK, watched=0.0, **asked):
    """The merged county under one list whose line is 500,000 yuan, or as asked."""
    world = world_by_hand(uniform=luck)
    world.offers.watched = lambda: np.full(N, watched)
    world.cooperatives.income_12m[:] = INCOME
    merge(world)
    settings = {"lines": (500_000.0,), "since": 2022, "quota": 1.0, "pressure": 0.7}
    world.weak_villages["list"] = WeakVillages(EVERYWHERE, **(settings | asked))
    lists = Lists(world)
    lists.open(month_of(world, 2022, 1))
    return world, lists


def close(world, lists, year=2022):
    lists.close_year(month_of(world, year, 12))


def listed(world):
    return np.flatnonzero(world.lists.listed).tolist()


def test_those_below_the_line_are_listed_at_once():
    world, _ = lists_of()
    assert listed(world) == [B, C, D]
    assert not world.lists.booked.any()


def test_what_is_missing_is_booked_and_no_more_than_the_cap():
    """D would have to book 340,000, more than all its income."""
    world, lists = lists_of()
    close(world, lists)
    booked = dict.fromkeys((B, C, D), 0.0) | {B: 50_000.0, C: 20_000.0}
    assert {v: world.lists.booked[v] for v in booked} == booked
    assert world.lists.booked.sum() == 70_000
    assert listed(world) == [D]


def test_a_line_is_in_yuan_of_the_year():
    """Prices a quarter up: 575,000 are 460,000 of the start; C is above them, B books 10,000, D lacks too much."""
    world, lists = lists_of(lines=(575_000.0,))
    world.price_level = 1.25
    close(world, lists)
    assert world.lists.booked[[B, C, D]].tolist() == [10_000, 0, 0]
    assert listed(world) == [D]
    assert world.lists.line[B] == 575_000


def test_a_little_more_than_the_gap_is_booked_by_lot():
    world, lists = lists_of(ALL_BOOK | {"list.excess": 0.5})
    close(world, lists)
    assert world.lists.booked[B] == pytest.approx(50_000 * (1 + 0.15 / 2))


@pytest.mark.parametrize(
    ("quota", "who"),
    [
        (0.25, []),  # A is there
        (0.5, [B, C]),  # one is missing: 1.3 of it are two, the nearest are C and B
        (0.75, [B, C]),  # two are missing: three are pressed, D cannot book so much
    ],
)
def test_only_as_many_as_the_quota_lacks_are_pressed(quota, who):
    world, lists = lists_of(quota=quota)
    close(world, lists)
    assert np.flatnonzero(world.lists.booked).tolist() == who


def test_a_fixed_list_presses_its_own_only():
    """The lowest half by reported income: D and B."""
    world, lists = lists_of(lowest=0.5)
    assert listed(world) == [B, D]
    close(world, lists)
    assert np.flatnonzero(world.lists.booked).tolist() == [B]


def test_lines_rise_and_the_last_one_holds_on():
    world, lists = lists_of(lines=(100_000.0, 470_000.0))
    assert listed(world) == []
    close(world, lists)
    assert not world.lists.booked.any()
    assert listed(world) == [B, D]
    close(world, lists, 2023)
    assert world.lists.booked[B] == 20_000
    close(world, lists, 2024)
    assert world.lists.booked[B] == 20_000


def test_chances_are_those_of_the_equation():
    """B lacks a tenth of the line: L(-1.5 + 3 x .7 - .5 a - 2 (integrity - .5) - 2 x .1); .9 e^(-.5 a) if it booked before."""
    for watched, again in ((0.0, False), (0.4, False), (0.0, True), (0.4, True)):
        world, lists = lists_of(watched=watched)
        world.secretaries.integrity[B] = 0.6
        z = -1.5 + 3 * 0.7 - 0.5 * watched - 2 * 0.1 - 2 * 0.1
        chance = 1 / (1 + np.exp(-z))
        if again:
            chance = max(chance, 0.9 * np.exp(-0.5 * watched))
        found = lists.p_books(0.7, np.full(N, 0.1), np.full(N, again))[B]
        assert found == pytest.approx(chance)
        for lot, books in ((chance - 1e-9, True), (chance + 1e-9, False)):
            world, lists = lists_of(ALL_BOOK | {"list.books": lot}, watched)
            world.secretaries.integrity[B] = 0.6
            world.lists.booked[B] = 1.0 if again else 0.0
            close(world, lists)
            assert bool(world.lists.booked[B] > 1) == books


def test_what_is_found_is_struck_out_and_not_booked_a_year_later():
    """Full inspection finds .3: of a lot just below that, and not of one above."""
    world, lists = lists_of(ALL_BOOK | {"list.found": 0.29}, watched=1.0)
    close(world, lists)
    assert not world.lists.booked.any()
    assert np.flatnonzero(world.lists.barred).tolist() == [B, C]
    world.draws.uniforms["list.found"] = 0.31
    close(world, lists, 2023)
    assert not world.lists.booked.any()
    assert not world.lists.barred.any()
    close(world, lists, 2024)
    assert np.flatnonzero(world.lists.booked).tolist() == [B, C]


def test_some_go_on_when_the_list_has_ended():
    world, lists = lists_of()
    close(world, lists)
    world.weak_villages.clear()
    lists.open(month_of(world, 2023, 1))
    assert listed(world) == []
    world.draws.uniforms["list.habit"] = np.where(np.arange(N) == B, 0.39, 0.41)
    close(world, lists, 2023)
    assert np.flatnonzero(world.lists.booked).tolist() == [B]
    assert world.lists.booked[B] == 50_000


def test_of_two_lists_the_higher_line_is_reached_by_what_is_booked_for_it():
    """For 470,000 yuan B books 20,000; it still lacks 30,000 to 500,000, and books 50,000 in all."""
    world, lists = lists_of()
    world.weak_villages["another"] = WeakVillages(EVERYWHERE, (470_000.0,), 2022, 1.0, 0.7)
    lists.open(month_of(world, 2022, 2))
    close(world, lists)
    assert world.lists.booked[B] == 50_000
    assert world.lists.booked[C] == 20_000


def test_at_the_decree_what_parts_have_booked_adds_up():
    world = world_by_hand(uniform=ALL_BOOK)
    world.offers.watched = lambda: np.zeros(N)
    lists = Lists(world)
    world.lists.booked[:3] = 10.0, 20.0, 30.0
    world.lists.barred[[2, 3]] = True
    merge(world)
    lists.merge(month_of(world, 2021, 7))
    assert world.lists.booked.tolist() == [0, 60, 0, 0, 0, 0, 0, 0]
    assert np.flatnonzero(world.lists.barred).tolist() == [A, B]


def test_nothing_is_drawn_and_nothing_happens_without_a_list():
    world, lists = lists_of(dict.fromkeys(("list.books", "list.excess", "list.found", "list.habit"), np.nan))
    world.weak_villages.clear()
    close(world, lists)
    assert not world.lists.booked.any()
    assert not [event for event in world.events if event[1] == "lists_closed"]

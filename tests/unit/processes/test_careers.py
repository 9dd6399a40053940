"""Claim: seats, skill, pace and holders follow equation E7, by hand in the unequal county.

No chance: luck is set by the test, a billionth above or below the chance worked out here.
"""

from datetime import date

import numpy as np
import pytest
from checks import fixed
from scipy.stats import beta, truncnorm
from unit.processes.unequal_county import A, B, C, D, N, merge, month_of, until, world_by_hand

from villagesim.processes.careers import Careers

JANUARY = 31 / 365.25  # years


def careers_of(luck=None, *, merged=True, **settings):
    """A merged county, whose removed committees have no seats any more."""
    world = world_by_hand(luck, **settings)
    if merged:
        merge(world)
        world.secretaries.in_force[:] = world.is_village
    return world, Careers(world)


# skill and integrity


def learned(world, careers):
    """One month of learning, from the first day on."""
    careers.learn(month_of(world, 2021, 1))
    until(world, 31)
    careers.learn(month_of(world, 2021, 2))


def test_skill_tends_to_talent_and_experience_and_higher_where_it_is_a_profession():
    """1 - e^-.3t of the way to talent + .10, or + .18 under professional management; at most 1."""
    world, careers = careers_of()
    world.secretaries.talent[:] = [0.5, 0.4, 0.5, 0.6, 0.7, 0.95, 0.5, 0.5]
    world.secretaries.skill[:] = [0.5, 0.4, 0.6, 0.9, 0.7, 0.99, 0.5, 0.5]
    world.levers.professional.now[[1, 3, 5]] = True
    learned(world, careers)
    tends_to = np.array([0.60, 0.58, 0.60, 0.78, 0.80, 1.13, 0.60, 0.60])
    before = np.array([0.5, 0.4, 0.6, 0.9, 0.7, 0.99, 0.5, 0.5])
    expected = np.minimum(tends_to + (before - tends_to) * np.exp(-0.3 * JANUARY), 1.0)
    assert world.secretaries.skill == pytest.approx(expected)
    assert before[5] < expected[5] < 1


def test_skill_ends_at_one():
    """No course lifts it higher."""
    world, careers = careers_of()
    world.secretaries.skill[:], world.secretaries.courses[:] = 0.99, 1.0
    careers.learn(month_of(world, 2021, 1))
    assert (world.secretaries.skill == 1).all()


def test_a_course_adds_four_hundredths_once():
    """On the first of the month on which it is given, and it is used up."""
    world, careers = careers_of()
    world.secretaries.talent[:] = 0.4
    world.secretaries.skill[:] = 0.5  # where this talent tends to
    world.secretaries.courses[[A, C]] = 1.0, 2.0
    careers.learn(month_of(world, 2021, 1))
    assert world.secretaries.skill == pytest.approx([0.5, 0.54, 0.5, 0.5, 0.5, 0.58, 0.5, 0.5])
    until(world, 31)
    careers.learn(month_of(world, 2021, 2))
    kept = np.exp(-0.3 * JANUARY)
    assert world.secretaries.skill[[A, B, C]] == pytest.approx([0.5 + 0.04 * kept, 0.5, 0.5 + 0.08 * kept])


def test_power_without_supervision_costs_integrity():
    """.02 a year where it is set, from the day on which it is set, and never below nothing."""
    world, careers = careers_of()
    world.secretaries.integrity[:] = 0.5
    world.secretaries.integrity[6] = 0.001
    world.levers.integrity_loss.now[[1, 6]] = 0.02
    learned(world, careers)
    expected = np.full(N, 0.5)
    expected[1], expected[6] = 0.5 - 0.02 * JANUARY, max(0.001 - 0.02 * JANUARY, 0)
    assert world.secretaries.integrity == pytest.approx(expected)


def test_supervision_keeps_integrity_and_open_matters_raise_it():
    """Of .02 a year half is kept under management one level up, .3 by other eyes, never more than all; .01 a year is won."""
    world, careers = careers_of()
    world.secretaries.integrity[:] = 0.5
    world.secretaries.integrity[7] = 0.9999
    world.levers.integrity_loss.now[:7] = 0.02
    world.levers.professional.now[[1, 3, 4]] = True
    world.levers.supervision.now[[2, 3, 4]] = [0.3, 0.3, 0.8]
    world.levers.integrity_gain.now[[5, 7]] = [0.01, 0.04]
    careers.drift = careers.drift_now()
    until(world, 31)
    careers.learn(month_of(world, 2021, 2))
    yearly = np.array([-0.02, -0.01, -0.014, -0.004, 0.0, -0.01, -0.02, 0.04])
    assert world.secretaries.integrity == pytest.approx(np.minimum([0.5] * 7 + [0.9999] + yearly * JANUARY, 1.0))
    assert world.secretaries.integrity[7] == 1


# pace


def test_better_secretaries_try_more_often():
    """Attempts x (.42 + S), half as often for 180 days after a handover, and never slower under the first holder."""
    world, careers = careers_of()
    world.secretaries.skill[:] = [0.5, 0.3, 0.58, 0.8, 0.58, 0.58, 0.9, 0.5]
    world.secretaries.number[:] = [0, 1, 0, 0, 2, 1, 0, 0]
    world.secretaries.since[:] = [0, 0, 0, 0, 40, -90, -10, 0]
    pace = np.array([0.92, 0.72, 1.0, 1.22, 1.0, 1.0, 1.32, 0.92])
    for day, slow in ((89.9, [1, 4, 5]), (90.1, [1, 4]), (179.9, [1, 4]), (180.1, [4]), (219.9, [4]), (220.1, [])):
        until(world, day)
        expected = pace * np.where(np.isin(np.arange(N), slow), 0.5, 1.0)
        assert careers.pace() == pytest.approx(expected), day
    world.levers.attempt_rate.refresh()
    assert world.levers.attempt_rate.now == pytest.approx(0.2 * pace)


def test_a_handover_that_was_prepared_costs_less():
    """Half the pace is lost, or the part of it that preparation leaves."""
    world, careers = careers_of()
    world.secretaries.skill[:], world.secretaries.number[:7], world.secretaries.since[:] = 0.58, 1, 0.0
    world.levers.handover_loss.now[:] = [1, 0.5, 0, 0.8, 1, 0.5, 0, 0]
    assert careers.pace() == pytest.approx([0.5, 0.75, 1, 0.6, 0.5, 0.75, 1, 1])
    until(world, 180.1)
    assert careers.pace() == pytest.approx(np.ones(N))


# who leaves


@pytest.mark.parametrize(("professional", "rate"), [(False, 0.04), (True, 0.03)])
def test_holders_leave_at_four_percent_a_year_and_professionals_at_three(professional, rate):
    """The lot of a month lies just above survival in two seats and just below it in the others."""
    survives = np.exp(-rate * JANUARY)
    lots = np.full(N, survives - 1e-9)
    lots[[B, D]] = survives + 1e-9
    luck = {"secretary.exit": lambda keys, month: lots}
    world, careers = careers_of(luck)
    world.levers.professional.now[:] = professional
    world.levers.exit_rate.refresh()
    assert world.levers.exit_rate.now == pytest.approx(rate)
    careers.resign(month_of(world, 2021, 1))
    until(world, 31)
    assert np.flatnonzero(world.secretaries.number).tolist() == [B, D]
    assert careers.n_replaced.tolist() == world.secretaries.number.tolist()


@pytest.mark.parametrize("side", [-1, 1])
def test_an_election_replaces_the_old_and_some_of_the_others(side):
    """Those of 60 and above go, of the others .15; nobody where the committee was removed."""
    world, careers = careers_of({"election.replaced": 0.15 + side * 1e-9})
    until(world, 730.5)
    world.secretaries.age[:] = [70, 57.99, 70, 70, 58.01, 40, 30, 70]  # two years ago
    careers.elect(month_of(world, 2023, 1))
    until(world, 731)
    gone = [A, B, C, D] if side < 0 else [B]
    assert np.flatnonzero(world.secretaries.number).tolist() == gone


def test_the_decree_ends_the_seats_of_removed_committees():
    """The hosts' secretaries carry on, and nobody takes over where there is no committee."""
    world, careers = careers_of(merged=False)
    merge(world)
    careers.remove_seats(month_of(world, 2021, 1))
    until(world, 1)
    assert np.flatnonzero(world.secretaries.in_force).tolist() == [A, B, C, D]
    assert not world.secretaries.number.any()


# who comes


@pytest.mark.parametrize(("lot", "home"), [(0.0999, 0), (0.1001, 1), (0.3999, 1), (0.4001, 2), (0.9999, 2)])
def test_a_new_secretary_comes_from_a_part_with_the_chance_of_its_members(lot, home):
    """A tenth from the first part of A, three tenths from the host, six tenths from the third."""
    world, careers = careers_of({"secretary.home": lot})
    careers.take_office(A)
    assert world.secretaries.home[A] == home
    careers.take_office(B)
    assert world.secretaries.home[B] == (3 if lot < 0.25 else 4)
    careers.take_office(C)
    assert world.secretaries.home[C] == C


def test_a_new_secretary_starts_with_talent_alone():
    """Skill, integrity and age are drawn; a handover begins and learning starts anew."""
    luck = {"secretary.talent": 0.3, "secretary.integrity": 0.8, "secretary.new_age": 0.6}
    world, careers = careers_of(luck)
    until(world, 365.25)
    careers.take_office(A)
    s = world.secretaries
    n = 0.5 * 0.5 / 0.15**2 - 1  # a beta law of mean .5 and spread .15
    assert s.skill[A] == s.talent[A] == pytest.approx(beta(n / 2, n / 2).ppf(0.3), rel=1e-5)
    assert s.integrity[A] == pytest.approx(beta(n / 2, n / 2).ppf(0.8), rel=1e-5)
    assert s.age[A] + 1 == pytest.approx(truncnorm((25 - 39) / 7, (55 - 39) / 7, loc=39, scale=7).ppf(0.6))
    assert (s.number[A], s.since[A], careers.n_replaced[A]) == (1, 365.25, 1)
    until(world, 365.25 + 20)
    skill = s.skill[A]
    careers.learn(month_of(world, 2022, 2))
    assert s.skill[A] == pytest.approx(skill + 0.1 * (1 - np.exp(-0.3 * 20 / 365.25)))


def test_a_better_pool_brings_more_talent_with_the_same_luck():
    """The shift of the pool on the day of taking office, and at most 1; nothing for who is there already."""
    world, careers = careers_of({"secretary.talent": 0.3})
    n = 0.5 * 0.5 / 0.15**2 - 1
    ordinary = beta(n / 2, n / 2).ppf(0.3)
    before = world.secretaries.talent.copy()
    world.levers.talent_pool.now[[A, B]] = 0.04, 0.9
    for seat in (A, B, C):
        careers.take_office(seat)
    assert world.secretaries.talent[[A, B, C]] == pytest.approx([ordinary + 0.04, 1.0, ordinary], rel=1e-5)
    assert (world.secretaries.skill[[A, B, C]] == world.secretaries.talent[[A, B, C]]).all()
    assert world.secretaries.talent[D] == before[D]


def test_a_county_starts_on_the_curve_of_learning():
    """Holders have been there for a while: -ln(lot) / .09 years."""
    tenure = -np.log(0.4) / 0.09
    world = world_by_hand({"secretary.tenure": 0.4, "secretary.talent": 0.5})
    assert world.secretaries.skill == pytest.approx(0.5 + 0.1 * (1 - np.exp(-0.3 * tenure)))
    assert world.secretaries.since == pytest.approx(-tenure * 365.25)
    assert world.secretaries.home.tolist() == list(range(N))


def test_only_the_elections_of_the_timetable_are_held():
    """One on its first, and none in other months."""
    timetable = {"decree": date(2021, 7, 1), "elections": (date(2023, 1, 1),)}
    world = world_by_hand({"election.replaced": 1e-9}, parameters={"exit_rate": fixed(0.0)}, **timetable)
    careers = Careers(world)
    world.run()
    assert careers.n_replaced.tolist() == [1] * N  # nobody merges them in this test
    assert [day for day, kind, *_ in world.events if kind == "election"] == [730]

"""Claim: support teams go to the villages they should, as many as are paid for, and change what they should.

Villages A, B, C and D of the unequal county; stars are set by the test.
"""

from datetime import date

import numpy as np
import pytest
from checks import simulate
from unit.processes.unequal_county import A, B, C, D, N, merge, month_of, world_by_hand

import villagesim as vs
from villagesim.policies import MonthlyReview, StarRating, ThreeYearPlan
from villagesim.policies.policy import ActivePolicy

VILLAGES = [A, B, C, D]
START = date(2022, 3, 1)
MARCH = 2022 * 12 + 2  # key of the first month


def measure_of(policy, stars=(1, 1, 3, 4), since=MARCH, before=0, score=(0.3, 0.2, 0.5, 0.6), **settings):
    """The policy in the merged county, with stars as they were given."""
    world = world_by_hand(**settings)
    merge(world)
    for column, values in (("stars", stars), ("since", since), ("before", before), ("score", score)):
        getattr(world.ratings, column)[VILLAGES] = values
    return ActivePolicy(policy, world, np.ones(N, bool))


def supported(active, year=2022, month=4, paid_share=1.0):
    """Villages with a pace of 1.5 and .05 of skill; all others must have neither."""
    world = active.world
    active.months = 12 * year + month - MARCH
    active.policy.act(active, month_of(world, year, month), paid_share)
    for lever in (world.levers.attempt_rate, world.levers.skill_support):
        lever.refresh()
    rows = np.flatnonzero(world.levers.skill_support.now)
    there = np.isin(np.arange(N), rows)
    assert world.levers.attempt_rate.now == pytest.approx(np.where(there, 0.2 * 1.5, 0.2))
    assert world.levers.skill_support.now == pytest.approx(np.where(there, 0.05, 0.0))
    return rows.tolist()


def rating(officers=1, **settings):
    return StarRating(start=START, officers=officers, **settings)


def plan(officers=1, **settings):
    return ThreeYearPlan(start=START, officers=officers, **settings)


def test_the_weak_have_a_team():
    """One officer looks after four; A and B are weak."""
    assert supported(measure_of(rating())) == [A, B]


def test_a_village_is_released_when_it_has_moved_up():
    """B has two stars now."""
    active = measure_of(rating())
    assert supported(active) == [A, B]
    active.world.ratings.stars[B] = 2
    assert supported(active) == [A]


@pytest.mark.parametrize(
    ("since", "score", "first"),
    [(MARCH, (0.3, 0.2), B), (MARCH, (0.2, 0.3), A), ((MARCH - 12, MARCH), (0.3, 0.2), A), ((MARCH, 0), (0.1, 0.2), B)],
)
def test_where_officers_are_short_the_longest_come_first_then_the_lowest(since, score, first):
    """One officer with time for one village only."""
    one = {"villages_per_officer": {"value": 1, "low": 1, "high": 8, "source": "test"}}
    columns = {"since": (*np.broadcast_to(since, 2), MARCH, MARCH), "score": (*score, 0.0, 0.0)}
    assert supported(measure_of(rating(), parameters=one, **columns)) == [first]


@pytest.mark.parametrize(("paid_share", "expected"), [(1.0, [A, B]), (0.5, [A]), (0.74, [A]), (0.0, [])])
def test_officers_look_after_villages_as_far_as_they_are_paid(paid_share, expected):
    """Two officers with time for one village each; A comes first. Half of a village is none."""
    one = {"villages_per_officer": {"value": 1, "low": 1, "high": 8, "source": "test"}}
    active = measure_of(rating(2), parameters=one, score=(0.1, 0.2, 0.5, 0.6))
    assert supported(active, paid_share=paid_share) == expected
    assert (active.label in active.world.rating_pools) == bool(expected)


def test_only_who_is_reached_is_rated_and_supported():
    """Picked are two parts of A: so all of A, and nobody else."""
    active = measure_of(rating())
    active.picked[:] = np.isin(np.arange(N), [0, 2])
    assert supported(active) == [A]
    assert np.flatnonzero(active.world.rating_pools["star_rating"]).tolist() == [0, 1, 2]


def test_an_end_takes_all_away():
    """No factor, no support, no rating."""
    active = measure_of(rating())
    supported(active)
    active.policy.finish(active)
    world = active.world
    assert "star_rating" not in (
        *world.levers.attempt_rate.owners,
        *world.levers.skill_support.owners,
        *world.rating_pools,
    )


# three years

TWO_BELOW = (1, 2, 3, 4)


@pytest.mark.parametrize(
    ("year", "month", "expected"),
    [
        (2022, 3, [A]), (2023, 2, [A]),  # the weak
        (2023, 3, [A, B]), (2024, 2, [A, B]),  # all below standard
        (2024, 3, [C, D]), (2025, 2, [C, D]),  # raised
        (2025, 3, []),  # over
    ],
)  # fmt: skip
def test_a_class_a_year(year, month, expected):
    """One, two, three and four stars; years begin with the policy."""
    active = measure_of(plan(), TWO_BELOW)
    assert supported(active, year, month) == expected
    claim = active.policy.claim(active, month_of(active.world, year, month))
    days = 28 if month == 2 and year != 2024 else 29 if month == 2 else 31
    assert claim == pytest.approx((100_000 * days / 365.25) if expected else 0.0)


def test_five_stars_need_no_plan():
    """In the third year."""
    assert supported(measure_of(plan(), (5, 5, 3, 5)), 2024, 5) == [C]


@pytest.mark.parametrize(
    ("since", "before", "on_the_list"),
    [
        (MARCH + 24, 3, False),  # from three stars to four within the third year: struck off
        (MARCH + 23, 3, True),  # before: it has a plan of the third year like all others
        (MARCH + 24, 5, True),  # it has moved down
        (MARCH + 24, 0, True),  # its first rating
    ],
)
def test_struck_off_when_it_has_moved_up(since, before, on_the_list):
    """One plan a village and year: who has moved up within the year is done, though still of the class."""
    active = measure_of(plan(), (5, 5, 4, 5), since=since, before=before)
    assert supported(active, 2025, 1) == ([C] if on_the_list else [])


# review


def reviewed(share=0.2, strength=0.3, standing=(0.1, 0.2, np.nan, 0.8)):
    """Paces and pressures of A, B, C and D with standings as they were given."""
    active = measure_of(MonthlyReview(start=START, share=share, strength=strength))
    world = active.world
    world.ratings.standing[VILLAGES] = standing
    active.policy.act(active, month_of(world, 2022, 4), 1.0)
    for lever in (world.levers.attempt_rate, world.levers.pressure):
        lever.refresh()
    return (
        (world.levers.attempt_rate.now[VILLAGES] / 0.2).tolist(),
        world.levers.pressure.now[VILLAGES].tolist(),
        active,
    )


def test_the_last_try_more_and_feel_more_pressure():
    """Below a fifth is A alone; nobody knows where C stands."""
    paces, pressures, active = reviewed()
    assert paces == pytest.approx([1.2, 1, 1, 1])
    assert pressures == pytest.approx([0.5, 0.2, 0.2, 0.2])
    assert active.world.review_pools["monthly_review"].all()


def test_share_and_strength_of_a_review():
    """A quarter more is two villages."""
    paces, pressures, _ = reviewed(0.5, 0.1)
    assert paces == pytest.approx([1.2, 1.2, 1, 1])
    assert pressures == pytest.approx([0.3, 0.3, 0.2, 0.2])


def test_only_who_is_under_review_is_given_tasks():
    """B alone is reached; what is known of A came from another review."""
    active = measure_of(MonthlyReview(start=START, share=0.5))
    world = active.world
    world.ratings.standing[VILLAGES] = 0.1, 0.2, 0.3, 0.4
    active.picked[:] = np.arange(N) == 3
    active.policy.act(active, month_of(world, 2022, 4), 1.0)
    world.levers.pressure.refresh()
    assert np.flatnonzero(world.levers.pressure.now > 0.2).tolist() == [B]
    assert np.flatnonzero(world.review_pools["monthly_review"]).tolist() == [3, 4]


def test_a_review_that_ends_takes_all_away():
    """No factor, no pressure, no list."""
    *_, active = reviewed()
    active.policy.finish(active)
    world = active.world
    assert "monthly_review" not in (
        *world.levers.attempt_rate.owners,
        *world.levers.pressure.owners,
        *world.review_pools,
    )


def test_tasks_go_round(one_town):
    """In a run the last fifth of 73 villages has tasks every month from the second on, not always the same ones."""
    lists = []

    class Watched(MonthlyReview):
        def act(self, active, month, paid_share):
            super().act(active, month, paid_share)
            lists.append(active.world.levers.pressure._contributions[self.label]().astype(bool))

    Watched.__module__ = MonthlyReview.__module__  # it looks at what the library keeps to itself
    simulate(one_town, [Watched(start="2022-03-01")])
    n = [int(row.sum()) for row in lists]
    assert n[0] == 0
    assert set(n[1:]) <= {14, 15}
    assert len(n) == 22
    ever = np.any(lists, axis=0)
    assert 15 < ever.sum() < 73


@pytest.mark.parametrize(
    ("policy", "settings", "said"),
    [
        (MonthlyReview, {"share": 20}, "share = 20 must be a share between 0 and 1"),
        (MonthlyReview, {"strength": -1}, "strength = -1 must be an index between 0 and 1"),
        (StarRating, {"officers": -1}, "officers = -1 must be a whole number of at least 0"),
        (ThreeYearPlan, {"officers": 2.5}, "officers = 2.5 must be a whole number"),
        (StarRating, {"officers": 1, "cost_per_officer": -1}, "cost_per_officer = -1 must be at least 0 yuan"),
    ],
)
def test_settings_are_checked(policy, settings, said):
    """Each with thing, value and rule."""
    with pytest.raises(vs.VillagesimError, match=said):
        policy(start=START, **settings)

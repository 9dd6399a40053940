"""Claim: welfare covers, costs and earns what equation E5 and its page say, by hand in the unequal county; no chance."""

import numpy as np
import pytest
from unit.processes.unequal_county import RESIDENTS, A, N, merge, month_of, until, world_by_hand

from villagesim.errors import PolicyError
from villagesim.outcomes import OUTCOMES
from villagesim.policies import HardshipFallback, Welfare
from villagesim.policies.policy import ActivePolicy
from villagesim.processes.trust import Trust
from villagesim.processes.welfare import WelfareCover

START = "2021-01-01"
JANUARY = 31 / 365.25  # years
A_PARTS = np.isin(np.arange(N), [0, 1, 2])


def county():
    """The merged county with its welfare and trust, in the order of a run."""
    world = world_by_hand()
    merge(world)
    return world, WelfareCover(world), Trust(world)


def act(policy, world, rows=None, paid_share=1.0):
    """January of a policy for some constituents (all by default)."""
    active = ActivePolicy(policy, world, np.ones(N, bool) if rows is None else rows)
    policy.act(active, month_of(world, 2021, 1), paid_share)
    world.levers.refresh("policies")
    return active


def close(world, *processes):
    """January is over."""
    until(world, 31)
    for process in processes:
        process.close(month_of(world, 2021, 1))


def test_cover_costs_by_the_head_of_old_and_young():
    """Of 600 residents of A, .24 + .18 are old or young, half of them are covered, at 203 yuan a year."""
    world, *_ = county()
    policy = Welfare(start=START, coverage=0.5)
    active = ActivePolicy(policy, world, A_PARTS)
    assert policy.claim(active, month_of(world, 2021, 1)) == pytest.approx(600 * 0.42 * 0.5 * 203 * JANUARY)


@pytest.mark.parametrize("paid", [1.0, 0.4])
def test_cover_earns_a_tenth_a_year_as_far_as_it_is_paid(paid):
    """Log odds rise by .10 x share covered x years of the month in every part of A; nothing elsewhere."""
    world, welfare, trust = county()
    act(Welfare(start=START, coverage=0.5), world, A_PARTS, paid)
    assert world.levers.welfare.now == pytest.approx(0.5 * paid * A_PARTS)
    close(world, welfare, trust)
    assert np.log(world.members.trust / (1 - world.members.trust)) == pytest.approx(
        0.1 * 0.5 * paid * JANUARY * A_PARTS
    )
    assert welfare.paid == pytest.approx(RESIDENTS * 0.42 * 0.5 * 203 * JANUARY * paid * A_PARTS)
    assert not world.residents.welfare_paid.any()


def test_nobody_is_covered_twice():
    """Shares of .7 and .6 make 1, and both are paid."""
    world, welfare, _ = county()
    for label in ("one", "two"):
        act(Welfare(start=START, coverage={"one": 0.7, "two": 0.6}[label], label=label), world)
    assert (world.levers.welfare.now == 1).all()
    close(world, welfare)
    assert welfare.paid.sum() == pytest.approx(RESIDENTS.sum() * 0.42 * 1.3 * 203 * JANUARY)
    assert world.members.trust_shock == pytest.approx(np.full(N, 0.1 * JANUARY))


def test_cover_ends_with_the_policy():
    """Nothing is left in the month after."""
    world, welfare, _ = county()
    active = act(Welfare(start=START, coverage=1.0), world)
    close(world, welfare)
    world.members.trust_shock[:] = 0.0
    active.policy.finish(active)
    world.levers.refresh("policies")
    welfare.close(month_of(world, 2021, 2))
    assert not world.members.trust_shock.any()
    assert not welfare.paid.any()


@pytest.mark.parametrize("paid", [1.0, 0.4, 0.0])
def test_households_in_hardship_are_helped_by_residents(paid):
    """Twelve in A's 600 residents, 6,000 yuan each: money by 90, 110 and 400; of all, 12 x 2.6 residents are helped."""
    world, *_ = county()
    policy = HardshipFallback(start=START, households=12)
    active = act(policy, world, A_PARTS, paid)
    assert policy.claim(active, month_of(world, 2021, 1)) == pytest.approx(12 * 6_000 * JANUARY)
    assert world.residents.welfare_paid == pytest.approx(paid * 72_000 * JANUARY * RESIDENTS / 600 * A_PARTS)
    assert world.members.trust_shock == pytest.approx(0.5 * JANUARY * paid * 12 * 2.6 / 600 * A_PARTS)


def test_a_place_of_helped_households_gains_no_more_than_all_of_it():
    """Five hundred households in the 240 residents of D: a share of 1. Where nobody is reached nothing is asked for."""
    world, *_ = county()
    act(HardshipFallback(start=START, households=500), world, np.arange(N) == 6)
    assert world.members.trust_shock == pytest.approx(0.5 * JANUARY * (np.arange(N) >= 6))
    empty = ActivePolicy(HardshipFallback(start=START, households=500), world, np.zeros(N, bool))
    assert empty.policy.claim(empty, month_of(world, 2021, 1)) == 0


def test_reach_is_a_share_of_the_old_and_young():
    """By residents: half of 90, none of 110 and all of 400 in A, all of 260 in C; 1,600 in the county."""
    world, *_ = county()
    column = world.recorder.column
    column("welfare_covered")[12] = [0.5, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0]
    column("village_of")[12], column("account_of")[12] = world.village_of, world.account_of
    world.recorder.n_closed = 13
    reach = OUTCOMES["welfare_reach"]
    assert RESIDENTS.sum() == 1_600
    assert reach.county(world.as_record())[-1] == pytest.approx((45 + 400 + 260) / 1_600)
    assert reach.village is not None
    assert reach.village(world.as_record())[-1, [A, 4, 5]] == pytest.approx([445 / 600, 0.0, 1.0])


@pytest.mark.parametrize(
    ("policy", "setting"),
    [
        (Welfare, {"coverage": 1.1}), (Welfare, {"coverage": -0.1}), (Welfare, {"coverage": True}),
        (Welfare, {"coverage": 1.0, "insurance_per_head": -1.0}),
        (Welfare, {"coverage": 1.0, "canteen_per_head": float("nan")}),
        (HardshipFallback, {"households": -1}), (HardshipFallback, {"households": 2.5}),
        (HardshipFallback, {"households": 1, "cost_per_household": -1.0}),
    ],
)  # fmt: skip
def test_values_are_checked(policy, setting):
    """With the kind, the key and the rule."""
    name = list(setting)[-1]
    with pytest.raises(PolicyError, match=f"{policy.kind}: {name} = .* must be "):
        policy(start=START, **setting)


def test_what_they_are_meant_to_move_is_written_down():
    """Trust; and, for help in hardship, nothing that an average would show."""
    assert Welfare.expects == ("trust", +1)
    assert HardshipFallback.expects == ("trust", 0)

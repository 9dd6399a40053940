"""Claim: what pays for half a post gives half of its officer-days, by hand, in the unequal county merged.

A, B and C lie in the first township, D in the second; 1,360 residents against 240, two merged villages against one.
"""

import numpy as np
import pytest
from unit.processes.unequal_county import N, merge, month_of, until, world_by_hand

import villagesim as vs
from villagesim.policies import CleanUp, FiveIntegrations, Inspection, MoreMediators, ServiceCentres
from villagesim.policies.policy import ActivePolicy, largest_remainder
from villagesim.processes.assets import Assets

START = "2021-01-01"


def acted(policy, paid_share):
    """Levers of the merged county once the policy has acted."""
    world = world_by_hand()
    merge(world)
    policy.act(ActivePolicy(policy, world, np.ones(N, bool)), month_of(world, 2021, 5), paid_share)
    world.levers.refresh("policies")
    return world


@pytest.mark.parametrize(
    ("n", "weights", "shares"),
    [
        (3.0, [2, 1], [2, 1]),
        (2.5, [2, 1], [1.5, 1]),  # two go one and one, the third to the first
        (0.5, [2, 1], [0.5, 0]),
        (0.0, [2, 1], [0, 0]),
        (2.5, [0, 0], [0, 0]),
    ],
)
def test_the_part_of_a_post_goes_to_who_would_have_the_next_one(n, weights, shares):
    assert largest_remainder(n, np.array(weights, float)).tolist() == shares


def test_posts_are_shared_out_without_rest():
    weights = np.array([5.0, 3.0, 1.0, 7.0])
    for n in np.arange(0, 12, 0.25):
        shares = largest_remainder(n, weights)
        assert shares.sum() == pytest.approx(n)
        assert (abs(shares - n * weights / 16) < 1 + 1e-12).all()


@pytest.mark.parametrize("paid_share", [0.0, 0.25, 0.5, 1.0])
def test_as_many_officer_days_as_are_paid(paid_share):
    """Two posts each."""
    posts = 2 * paid_share
    of_desks = {
        "facilitators": FiveIntegrations(start=START, facilitators=2),
        "mediators": MoreMediators(start=START, officers=2),
        "service_posts": ServiceCentres(start=START, officers=2),
    }
    for lever, policy in of_desks.items():
        there, before = (acted(policy, share).levers[lever].now.sum() for share in (paid_share, 0.0))
        assert there - before == pytest.approx(posts)
    assert acted(CleanUp(start=START, officers=2), paid_share).levers.audit_teams.now.tolist() == [posts]
    visits = acted(Inspection(start=START, officers=2, visits=60), paid_share).levers.inspections.now
    assert visits == pytest.approx(np.full(N, posts * 60 / 4))


def test_half_a_team_has_half_of_the_days():
    """Of 220 days a year, in May: 9.3 of 18.7."""
    days = {}
    for paid_share in (0.5, 1.0):
        world = world_by_hand()
        merge(world)
        assets, policy = Assets(world), CleanUp(start=START, officers=1)
        policy.act(ActivePolicy(policy, world, np.ones(N, bool)), month := month_of(world, 2021, 5), paid_share)
        world.levers.refresh("policies")
        assets.open(month)
        until(world, month.start + month.days)
        assets.close(month)
        days[paid_share] = assets.capacity_days
    assert days[1.0] == pytest.approx(220 * 31 / 365.25)
    assert days[0.5] == pytest.approx(days[1.0] / 2)


def test_a_cap_that_pays_for_half_a_post_gives_half_of_one_in_a_run(one_town: vs.Scenario) -> None:
    """Two posts cost some 16,400 yuan a month: of 60,000 yuan three months are paid whole, April for 1.3 posts."""
    run = vs.simulate(one_town, [FiveIntegrations(start="2022-01-01", facilitators=2, budget=60_000.0)], seed=12)
    paid = run.payments.set_index("month")["paid"] / (100_000 / 365.25)  # officers x days
    there, busy = (run.record.column(f"facilitator_{what}").sum(axis=1) for what in ("capacity", "busy"))
    assert paid["2022-04"] / 30 == pytest.approx(1.305, abs=0.001)
    for month in ("2022-01", "2022-04"):
        k = run.record.labels.index(month)
        assert there[k] == pytest.approx(max(paid[month], busy[k]), rel=1e-6)
    assert busy[k] < paid[month]

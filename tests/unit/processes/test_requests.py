"""Claim: requests are brought, wait, are handled or given up, and move trust, as worked out by hand in the unequal county.

No chance: luck is set by the test. Both townships have one service post.
"""

from datetime import date

import numpy as np
import pytest
from checks import simulate
from unit.processes.unequal_county import MEMBERS, RESIDENTS, N, merge, month_of, until, world_by_hand

import villagesim as vs
from villagesim.policies import FeedbackRelay, OrderAndTake, ServiceCentres
from villagesim.policies.policy import ActivePolicy
from villagesim.processes.requests import Requests

DAYS = 365.25 / 220  # calendar days of an officer-day
START = date(2021, 1, 1)
FIRST = np.arange(N) < 6  # constituents of the first township
HEADS = RESIDENTS[FIRST].sum(), RESIDENTS[~FIRST].sum()  # 1,360 and 240


def requests_of(luck=None, **settings):
    """A merged county in which everybody may bring requests."""
    world = world_by_hand(luck, **settings)
    merge(world)
    world.levers.reach.now[:] = 1.0
    return world, Requests(world)


def test_requests_go_by_residents_and_by_who_is_reached():
    """4 per 1,000 residents and year where all are reached."""
    world, requests = requests_of()
    world.levers.reach.now[:] = np.linspace(0, 1, N)
    assert requests.rate() == pytest.approx(4 / 1_000 * RESIDENTS * np.linspace(0, 1, N))


def one_each(posts=1, **luck):
    """One request in each of the first two constituents, on days 3.1 and 6.2, of two officer-days each."""
    instants = {0: 0.1, 1: 0.2}
    lots = {
        "request.n": lambda keys, month: np.where((month == 2021 * 12) & (keys < keys[0] + 2), 0.99, 1e-9),
        "request.when": lambda keys, month, ordinal: np.array([instants[k - keys[0]] for k in keys.tolist()]),
        "request.patience": np.exp(-0.5),
        "request.work": np.exp(-1.0),
    }
    world, requests = requests_of(lots | luck, parameters={"request_rate": 8.0, "request_days": 2.0})
    world.levers.service_posts.now[0] = posts
    requests.spawn(month_of(world, 2021, 1))
    return world, requests


def booked(world, requests, day):
    """What the first two constituents have had by this day since it was last asked."""
    until(world, day)
    requests.count(month_of(world, 2021, 1))
    return {name: values[:2].tolist() for name, values in requests.flows.items() if len(values) == N}


def test_no_request_is_an_event_of_the_run():
    """Their desks are worked through when the month has ended."""
    world, requests = one_each()
    assert not world.env._queue
    assert booked(world, requests, 40)["requests_heard"] == [1, 1]


def test_a_request_takes_two_officer_days_in_the_mean():
    """The first is handled at once, from day 3.1 on; the second waits for the one post."""
    world, requests = one_each()
    assert booked(world, requests, 3.1 + 2 * DAYS - 0.001)["requests_heard"] == [0, 0]
    found = booked(world, requests, 3.1 + 2 * DAYS + 0.001)
    assert (found["requests_heard"], found["request_waited"]) == ([1, 0], [pytest.approx(0), 0])
    found = booked(world, requests, 3.1 + 4 * DAYS + 0.001)
    assert (found["requests_heard"], found["request_waited"]) == ([0, 1], [0, pytest.approx(2 * DAYS - 3.1)])
    assert requests.n_open == 0


def test_a_wait_begins_when_the_request_comes():
    """In February as in January: the days of the run do not count as waiting."""
    world, requests = one_each(
        **{"request.n": lambda keys, month: np.where((month == 24_253) & (keys == keys[0]), 0.99, 1e-9)}
    )
    assert booked(world, requests, 31)["requests"] == [0, 0]
    requests.spawn(month_of(world, 2021, 2))
    found = booked(world, requests, 31 + 2.8 + 2 * DAYS + 0.001)
    assert (found["requests_heard"], found["request_waited"]) == ([1, 0], pytest.approx([0, 0], abs=1e-9))
    assert 12 * 2021 + 1 == 24_253


def test_what_is_brought_is_counted_once_in_its_month():
    """Two in January, none in February."""
    world, requests = one_each()
    assert booked(world, requests, 31)["requests"] == [1, 1]
    requests.spawn(month_of(world, 2021, 2))
    assert booked(world, requests, 59)["requests"] == [0, 0]


def test_an_unheard_request_is_given_up():
    """With a patience of 60 days in the mean, 30 here, and a post that is busy for 60 officer-days."""
    world, requests = one_each(**{"request.work": np.exp(-30.0)})
    assert booked(world, requests, 6.2 + 30 - 0.001)["requests_unheard"] == [0, 0]
    assert booked(world, requests, 6.2 + 30 + 0.001)["requests_unheard"] == [0, 1]
    assert world.members.trust_shock == pytest.approx([0, -0.6 * 20 / 110, 0, 0, 0, 0, 0, 0])
    assert requests.n_open == 1


def test_without_a_post_all_are_given_up():
    """Nobody is there: both leave after their 30 days."""
    world, requests = one_each(posts=0)
    assert booked(world, requests, 40)["requests_unheard"] == [1, 1]
    assert not requests.flows["service_capacity"][0]


def test_two_posts_handle_two_at_a_time():
    """Nobody waits."""
    world, requests = one_each(posts=2)
    found = booked(world, requests, 6.2 + 2 * DAYS + 0.001)
    assert (found["requests_heard"], found["request_waited"]) == ([1, 1], pytest.approx([0, 0], abs=1e-9))


@pytest.mark.parametrize(("waited", "thanked"), [(0.0, True), (59.99, True), (60.01, False)])
def test_a_request_handled_within_sixty_days_earns_trust(waited, thanked):
    """+.3 x 20/residents, as with a hearing (E5)."""
    world, requests = requests_of({"request.n": 1e-9})
    requests.spawn(month_of(world, 2021, 1))
    until(world, 100)
    requests.heard((0.0, 90.0, 10.0, 2), 100.0, waited)
    requests.count(month_of(world, 2021, 1))
    assert world.members.trust_shock == pytest.approx(np.where(np.arange(N) == 2, thanked * 0.3 * 20 / 400, 0.0))


def test_hours_of_the_posts():
    """One post busy for two officer-days of January, of 31 days there."""
    world, requests = one_each(**{"request.n": lambda keys, month: np.where(keys == keys[0], 0.99, 1e-9)})
    booked(world, requests, 31)
    assert requests.flows["service_busy"].tolist() == [pytest.approx(2 * DAYS), 0]
    assert requests.flows["service_capacity"].tolist() == [31, 31]


def test_a_desk_that_nobody_can_reach_counts_no_hours():
    """Residents of the second township are not reached, so its post is not there for them."""
    world, requests = requests_of()
    world.levers.reach.now[:] = FIRST
    requests.spawn(month_of(world, 2021, 1))
    until(world, 31)
    requests.count(month_of(world, 2021, 1))
    assert requests.flows["service_capacity"].tolist() == [31, 0]


def test_where_nobody_asks_nothing_is_brought_and_no_post_is_counted():
    """No draw, no desk; but what is open is still handled and counted."""
    world, requests = one_each()
    world.levers.reach.now[:] = 0.0
    requests.rate = None
    assert booked(world, requests, 31)["requests_heard"] == [1, 1]
    requests.spawn(month_of(world, 2021, 2))
    requests.count(month_of(world, 2021, 2))
    assert not any(values.any() for values in requests.flows.values())


def test_a_request_that_is_open_when_the_relay_ends_is_handled():
    """The desk works on as long as anything is open."""
    world, requests = one_each(**{"request.work": np.exp(-9.0)})
    booked(world, requests, 31)
    requests.rate, world.levers.reach.now[:] = (lambda: np.zeros(N)), 0.0
    requests.spawn(month_of(world, 2021, 2))
    assert booked(world, requests, 3.1 + 36 * DAYS + 0.001)["requests_heard"] == [1, 1]


# who brings what


def acted(policy, paid_share=1.0, picked=None):
    """Levers after the policy has acted for a month in the merged county."""
    world = world_by_hand()
    merge(world)
    active = ActivePolicy(policy, world, np.ones(N, bool) if picked is None else picked)
    policy.act(active, month_of(world, 2021, 5), paid_share)
    world.levers.refresh("policies")
    return active


@pytest.mark.parametrize(
    ("messengers", "paid_share", "sent"), [(1, 1.0, 1), (3, 0.5, 1.5), (2, 0.25, 0.5), (2, 1.0, 2)]
)
def test_a_messenger_covers_eight_hundred_residents(messengers, paid_share, sent):
    """Of 1,600: half of all requests and half of the rise of registrations for each."""
    world = acted(FeedbackRelay(start=START, messengers=messengers), paid_share).world
    assert world.levers.relay.now == pytest.approx(np.full(N, 0.5 * sent))
    assert world.levers.reach.now == pytest.approx(np.full(N, 0.5 * sent))


def test_messengers_are_spread_over_those_they_reach():
    """The 1,000 residents of A and D, and no more than all of them."""
    rows = np.isin(np.arange(N), [0, 1, 2, 6, 7])
    heads = RESIDENTS[rows].sum()
    assert heads == 840
    for messengers, covered in ((1, 800 / 840), (2, 1.0)):
        world = acted(FeedbackRelay(start=START, messengers=messengers), picked=rows).world
        assert world.levers.relay.now == pytest.approx(covered * rows)


def test_members_bring_orders_and_time():
    """550 members x 2 days are five posts: four for 1,360 residents, one for 240; .3 of all place orders."""
    policy = OrderAndTake(start=START, members=550)
    world = acted(policy).world
    assert world.levers.reach.now == pytest.approx(np.full(N, 0.3))
    assert world.levers.service_posts.now.tolist() == [1 + 4, 1 + 1]
    world = acted(policy, 0.5).world
    assert world.levers.reach.now == pytest.approx(np.full(N, 0.15))
    assert world.levers.service_posts.now.tolist() == [1 + 2.5, 1 + 0]  # 275 members: two posts and a half
    assert not world.levers.relay.now.any()


def test_members_too_few_for_a_post_make_a_part_of_one():
    """55 members are half a post."""
    world = acted(OrderAndTake(start=START, members=55)).world
    assert world.levers.service_posts.now.tolist() == [1.5, 1]
    assert world.levers.reach.now == pytest.approx(np.full(N, 0.3))


def test_a_post_of_a_centre_serves_a_thousand_residents():
    """One post goes to the 1,360 of the first township, two more to the first and the second; a fifth come by themselves."""
    world = acted(ServiceCentres(start=START, officers=1)).world
    assert world.levers.grid.now == pytest.approx(np.where(FIRST, 1_000 / 1_360, 0.0))
    assert world.levers.service_posts.now.tolist() == [2, 1]
    world = acted(ServiceCentres(start=START, officers=3)).world
    assert world.levers.service_posts.now.tolist() == [1 + 3, 1 + 0]  # 2.55 and .45
    world = acted(ServiceCentres(start=START, officers=4)).world
    assert world.levers.service_posts.now.tolist() == [1 + 3, 1 + 1]  # 3.4 and .6
    assert world.levers.grid.now == pytest.approx(np.ones(N))
    assert world.levers.reach.now == pytest.approx(np.full(N, 0.2))
    assert HEADS == (1_360, 240)


def test_centres_serve_only_whom_they_reach():
    """A post for D's 240 residents serves them all, and nobody else."""
    world = acted(ServiceCentres(start=START, officers=1), picked=~FIRST).world
    assert world.levers.grid.now == pytest.approx(np.where(FIRST, 0.0, 1.0))


def test_centres_for_one_village_serve_nobody_else_in_its_township():
    """A has 600 of the 1,360 residents: one post serves them all."""
    rows = np.arange(N) < 3
    assert acted(ServiceCentres(start=START, officers=1), picked=rows).world.levers.grid.now == pytest.approx(
        1.0 * rows
    )


@pytest.mark.parametrize(
    ("policy", "monthly"),
    [
        (FeedbackRelay(start=START, messengers=10), 10 * 1_200),
        (OrderAndTake(start=START, members=550), 550 * 50),
        (ServiceCentres(start=START, officers=3), 3 * 50_000),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_what_they_cost_and_that_they_end(policy, monthly):
    """A month's part of the year; without any money nothing is set, and at the end nothing is left."""
    active = acted(policy)
    world = active.world
    assert policy.claim(active, month_of(world, 2021, 5)) == pytest.approx(monthly * 31 / 365.25)
    policy.finish(active)
    for lever in world.levers:
        assert policy.label not in lever.owners
    policy.act(active, month_of(world, 2021, 5), 0.0)
    for lever in world.levers:
        assert policy.label not in lever.owners


@pytest.mark.parametrize(
    ("policy", "settings", "said"),
    [
        (FeedbackRelay, {"messengers": -1}, "messengers = -1 must be a whole number of at least 0"),
        (FeedbackRelay, {"messengers": 1, "cost_per_messenger": 1e9}, "cost_per_messenger"),
        (OrderAndTake, {"members": 1.5}, "members = 1.5 must be a whole number"),
        (OrderAndTake, {"members": 1, "cost_per_member": -1}, "cost_per_member = -1 must be at least 0 yuan"),
        (ServiceCentres, {"officers": -2}, "officers = -2 must be a whole number of at least 0"),
    ],
)
def test_settings_are_checked(policy, settings, said):
    """Each with thing, value and rule."""
    with pytest.raises(vs.VillagesimError, match=said):
        policy(start=START, **settings)


# outcomes


def test_outcomes_of_requests_are_those_of_the_record(one_town):
    """In a run with all three: counts, share, wait, hours and coverage recomputed from raw columns."""
    policies = [
        FeedbackRelay(start="2022-03-01", messengers=60), OrderAndTake(start="2022-03-01", members=100),
        ServiceCentres(start="2022-03-01", officers=6),
    ]  # fmt: skip
    run = simulate(one_town, policies)
    column = {name: run.record.column(name)[-12:].sum(axis=0) for name in run.record.recorder.names["counts"]}
    heard, unheard = column["requests_heard"].sum(), column["requests_unheard"].sum()
    found = {name: values[-1] for name, values in run.outcomes.items()}
    assert found["requests"] == pytest.approx(1_000 * column["requests"].sum() / 54_000)
    assert 3 < found["requests"] < 5  # 60 messengers reach .89 of all, orders and centres the rest
    assert found["share_requests_handled"] == pytest.approx(heard / (heard + unheard))
    assert found["mean_request_wait"] == pytest.approx(run.record.column("request_waited")[-12:].sum() / heard)
    assert 0 < found["service_utilisation"] < 1
    assert found["share_residents_served"] == pytest.approx(6_000 / 54_000)
    baseline = simulate(one_town).outcomes
    for name in ("share_requests_handled", "mean_request_wait", "service_utilisation"):
        assert np.isnan(baseline[name]).all(), name
    assert not baseline["requests"].any()
    assert MEMBERS.sum() == 2_800

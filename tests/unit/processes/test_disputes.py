"""Claim: incidents, registration, hearings and petitions follow equation E2, by hand in the unequal county.

No chance: luck is set by the test. The first township has one mediator, and so has the second.
"""

import numpy as np
import pytest
from unit.processes.unequal_county import INCOME, RESIDENTS, A, N, merge, month_of, until, world_by_hand

from villagesim.processes.disputes import Disputes

ADULTS = 0.82 * RESIDENTS
BASE = 34 / 1_000 * ADULTS
DAYS = 365.25 / 220  # calendar days of an officer-day


def disputes_of(luck=None, **settings):
    """A merged county in which nobody quarrels yet."""
    world = world_by_hand(luck, **settings)
    merge(world)
    return world, Disputes(world)


# the rate, term by term


def test_incidents_of_an_ordinary_county():
    """34 per 1,000 adults and year, .82 of residents being adults."""
    _, disputes = disputes_of()
    assert disputes.rate() == pytest.approx(BASE)


def test_trust_calms():
    """x e^-(T - .5), by constituent."""
    world, disputes = disputes_of()
    world.members.trust[:] = np.linspace(0.2, 0.9, N)
    assert disputes.rate() == pytest.approx(BASE * np.exp(-1.0 * (np.linspace(0.2, 0.9, N) - 0.5)))


SHARES = np.linspace(-0.2, 0.5, N)


@pytest.mark.parametrize(
    ("agents", "column", "weight"),
    [
        ("contracts", "faulty_since_start", 0.4),
        ("contracts", "reopened", 1.0),
        ("residents", "unpaid_floors", 0.8),
    ],
)
def test_what_else_stirs_people_up(agents, column, weight):
    """Faulty contracts x .4, re-opened titles x 1, unpaid floors x .8, each by itself."""
    world, disputes = disputes_of()
    getattr(getattr(world, agents), column)[:] = SHARES
    assert disputes.rate() == pytest.approx(BASE * (1 + weight * SHARES))


def test_a_forced_pooling_stirs_up_those_most_who_miss_most_benefits():
    """x .3 (1 + what is missing to the village's best benefits, relative to its mean income of a member)."""
    world, disputes = disputes_of()
    world.residents.forced[:3] = 1.0, 1.0, 0.5
    missing = np.array([0.0, 60.0, 30.0]) / 1_250  # best 80; income 1.25 M of 1,000 members
    expected = BASE.copy()
    expected[:3] *= 1 + 0.3 * np.array([1.0, 1.0, 0.5]) * (1 + missing)
    assert disputes.rate() == pytest.approx(expected)
    assert INCOME[:3].sum() / 1_000 == 1_250


def test_causes_add_up():
    """All terms at once, on top of the mood."""
    world, disputes = disputes_of()
    world.members.trust[A] = 0.3
    world.contracts.faulty_since_start[A], world.contracts.reopened[A] = -0.1, 0.25
    world.residents.forced[A], world.residents.unpaid_floors[A] = 0.5, 0.2
    causes = 1 - 0.4 * 0.1 + 1.0 * 0.25 + 0.3 * 0.5 * (1 + 60 / 1_250) + 0.8 * 0.2
    assert disputes.rate()[A] == pytest.approx(34 / 1_000 * 0.82 * 110 * np.exp(0.2) * causes)


def test_the_memory_of_a_forced_pooling_fades():
    """e^-t, with t in years."""
    world, disputes = disputes_of()
    world.residents.forced[:3] = 1.0, 0.5, 0.0
    disputes.count(month_of(world, 2021, 1))
    assert world.residents.forced[:3] == pytest.approx(np.array([1.0, 0.5, 0.0]) * np.exp(-31 / 365.25))


# cases

ONE_EACH = np.where(np.isin(np.arange(N), [0, 1]), 0.9, 1e-9)
"""Lots of the number of incidents: one in each of the first two constituents, none elsewhere."""


def one_each(mediators=1, **luck):
    """One incident in each of the first two constituents, on days 3.1 and 6.2; registered, ordinary, to be settled."""
    instants = {0: 0.1, 1: 0.2}
    lots = {
        "dispute.n": lambda keys, month: np.where(month == 2021 * 12, ONE_EACH, 1e-9),
        "dispute.when": lambda keys, month, ordinal: np.array([instants[k - world.keys[0]] for k in keys.tolist()]),
        "dispute.unsettled": 0.1,
        "dispute.priority": 0.5,
        "dispute.patience": np.exp(-0.5),
        "dispute.hearing": np.exp(-1.0),
        "dispute.settled": 0.5,
        "dispute.again": 0.5,
    }
    world, disputes = disputes_of(lots | luck, parameters={"incident_rate": 50.0})
    world.levers.mediators.now[0] = mediators
    disputes.spawn(month_of(world, 2021, 1))
    return world, disputes


def booked(world, disputes, day):
    """What the first two constituents have had by this day since it was last asked."""
    until(world, day)
    disputes.count(month_of(world, 2021, 1))
    return {name: values[:2].tolist() for name, values in disputes.flows.items() if len(values) == N}


@pytest.mark.parametrize(("lot", "registered"), [(0.18 - 1e-9, 1), (0.18 + 1e-9, 0)])
def test_what_the_village_does_not_settle_is_registered(lot, registered):
    """.18 of all incidents."""
    world, disputes = one_each(**{"dispute.unsettled": lot})
    found = booked(world, disputes, 10)
    assert (found["incidents"], found["registered"]) == ([1, 1], [registered, registered])
    assert not disputes.flows["incidents"][2:].any()


def test_a_hearing_takes_three_officer_days_in_the_mean():
    """Heard at once on day 3.1 for three officer-days; the second case waits until then."""
    world, disputes = one_each()
    assert booked(world, disputes, 3.1 + 3 * DAYS - 0.001)["heard"] == [0, 0]
    found = booked(world, disputes, 3.1 + 3 * DAYS + 0.001)
    assert (found["heard"], found["waited"]) == ([1, 0], [pytest.approx(0), 0])
    assert booked(world, disputes, 3.1 + 6 * DAYS - 0.001)["heard"] == [0, 0]
    found = booked(world, disputes, 3.1 + 6 * DAYS + 0.001)
    assert (found["heard"], found["waited"]) == ([0, 1], [0, pytest.approx(3 * DAYS - 3.1)])


def test_an_unheard_case_becomes_a_petition():
    """With a patience of 90 days in the mean, 45 here, and a mediator who is busy for 60 officer-days."""
    world, disputes = one_each(**{"dispute.hearing": np.exp(-20.0)})
    assert booked(world, disputes, 6.2 + 45 - 0.001)["petitions"] == [0, 0]
    assert world.residents.open_disputes[:2].tolist() == [1, 1]
    assert booked(world, disputes, 6.2 + 45 + 0.001)["petitions"] == [0, 1]
    assert world.residents.open_disputes[:2].tolist() == [1, 0]
    assert world.members.trust_shock == pytest.approx([0, -0.6 * 20 / 110, 0, 0, 0, 0, 0, 0])
    assert booked(world, disputes, 3.1 + 60 * DAYS + 0.001)["heard"] == [1, 0]
    assert world.members.trust_shock[:2] == pytest.approx([0.3 * 20 / 90, -0.6 * 20 / 110])


@pytest.mark.parametrize(("waited", "thanked"), [(0.0, True), (59.99, True), (60.01, False)])
def test_a_hearing_within_sixty_days_earns_trust(waited, thanked):
    """+.3 x 20/residents, whatever the hearing itself took; later ones earn nothing and cost nothing."""
    world, disputes = disputes_of()
    until(world, 100)
    disputes.heard((1, 90.0, 10.0, 2, 0.0), 100.0, waited)
    booked(world, disputes, 101)
    assert world.members.trust_shock == pytest.approx(np.where(np.arange(N) == 2, thanked * 0.3 * 20 / 400, 0.0))


@pytest.mark.parametrize(
    ("settled", "again", "comes_back"),
    [(0.8 - 1e-9, 0.05, True), (0.8 + 1e-9, 0.05, False), (0.5, 0.1 - 1e-9, True), (0.5, 0.1 + 1e-9, False)],
)
def test_a_settled_case_may_come_back_within_a_year(settled, again, comes_back):
    """.80 are settled, of which .10 are re-opened, evenly over a year; coming back is no new registration."""
    world, disputes = one_each(**{"dispute.settled": settled, "dispute.again": again})
    back = 3.1 + 3 * DAYS + 365.25 * again / 0.1
    found = booked(world, disputes, back - 0.001)
    assert (found["registered"], found["heard"]) == ([1, 1], [1, 1])
    assert world.residents.open_disputes[0] == 0
    found = booked(world, disputes, back + 0.001)
    assert world.residents.open_disputes[0] == comes_back
    found = booked(world, disputes, 1_200)
    assert (found["registered"][0], found["heard"][0]) == (0, comes_back)  # once, and never again
    assert world.residents.open_disputes[0] == 0


def test_mediators_that_are_added_hear_cases_at_the_same_time():
    """Two at the desk of the first township: both cases are heard as they come."""
    world, disputes = one_each(mediators=2)
    found = booked(world, disputes, 6.2 + 3 * DAYS + 0.001)
    assert (found["heard"], found["waited"]) == ([1, 1], pytest.approx([0.0, 0.0], abs=1e-9))


def test_desks_are_staffed_by_township():
    """What the lever says on the first of the month."""
    world, disputes = disputes_of()
    world.levers.mediators.now[:] = 4, 2
    disputes.spawn(month_of(world, 2021, 1))
    assert [desk.capacity for desk in disputes.desks] == [4, 2]


# a relay, and deliberation

ONE_INCIDENT = {
    "dispute.n": lambda keys, month: np.where(keys == keys[0], 0.9, 1e-9),
    "dispute.when": 0.1,
    "dispute.priority": 0.5,
    "dispute.patience": np.exp(-0.5),
    "dispute.settled": 0.5,
    "dispute.again": 0.5,
}


@pytest.mark.parametrize(
    ("lot", "relay", "registered", "days"),
    [
        (0.18 - 1e-9, 1.0, 1, 3),  # it would have come anyway
        (0.18 + 1e-9, 1.0, 1, 1),  # the village would have settled it
        (0.27 - 1e-9, 1.0, 1, 1),
        (0.27 + 1e-9, 1.0, 0, 0),
        (0.18 + 1e-9, 0.0, 0, 0),
        (0.18 * 1.2 - 1e-9, 0.4, 1, 1),
        (0.18 * 1.2 + 1e-9, 0.4, 0, 0),
    ],
)
def test_a_relay_brings_cases_that_the_village_would_have_settled(lot, relay, registered, days):
    """x (1 + .5 relay); those it brings take one officer-day in the mean."""
    world = world_by_hand({"dispute.unsettled": lot, "dispute.hearing": np.exp(-1.0)} | ONE_INCIDENT)
    merge(world)
    world.levers.relay.now[:] = relay
    disputes = Disputes(world)
    disputes.spawn(month_of(world, 2021, 1))
    found = booked(world, disputes, 3.1 + days * DAYS + 0.001)
    assert (found["incidents"][0], found["registered"][0], found["heard"][0]) == (1, registered, registered)
    if registered:
        assert disputes.flows["mediator_busy"][0] == pytest.approx(days * DAYS)


@pytest.mark.parametrize(("lot", "registered"), [(0.18 * 0.8 - 1e-9, 1), (0.18 * 0.8 + 1e-9, 0)])
def test_a_room_lets_the_village_settle_more(lot, registered):
    """A fifth of what it would have left to the township, where there is a room; a relay acts on the rest."""
    for relay in (0.0, 1.0):
        world = world_by_hand({"dispute.unsettled": lot * (1 + 0.5 * relay), "dispute.hearing": 0.5} | ONE_INCIDENT)
        merge(world)
        world.levers.unsettled_share.set("room", lambda: np.where(np.arange(N) == 0, 0.8, 1.0))
        world.levers.unsettled_share.refresh()
        world.levers.relay.now[:] = relay
        disputes = Disputes(world)
        disputes.spawn(month_of(world, 2021, 1))
        assert booked(world, disputes, 10)["registered"] == [registered, 0]


def test_what_a_relay_brings_from_a_village_with_a_room_is_a_short_case_too():
    """Between .144 and .18 the village with a room would have settled it; without, it would have come anyway."""
    for room, days in ((0.8, 1), (1.0, 3)):
        world = world_by_hand({"dispute.unsettled": 0.16, "dispute.hearing": np.exp(-1.0)} | ONE_INCIDENT)
        merge(world)
        world.levers.unsettled_share.set("room", lambda room=room: room)
        world.levers.unsettled_share.refresh()
        world.levers.relay.now[:] = 1.0
        disputes = Disputes(world)
        disputes.spawn(month_of(world, 2021, 1))
        assert booked(world, disputes, 3.1 + 3 * DAYS + 0.001)["heard"] == [1, 0]
        assert disputes.flows["mediator_busy"][0] == pytest.approx(days * DAYS)


def test_no_dispute_is_an_event_of_the_run():
    """Their desks are worked through when the month has ended: the queue of the run is as it was."""
    world, disputes = one_each()
    assert not world.env._queue
    assert booked(world, disputes, 40)["heard"] == [1, 1]

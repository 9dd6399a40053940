"""Claim: rooms and lists change what they should, where they should, as far as they are paid for."""

from datetime import date

import numpy as np
import pytest
from unit.processes.unequal_county import VILLAGE_OF, A, N, merge, month_of, world_by_hand

import villagesim as vs
from villagesim.policies import BurdenList, DeliberationRooms
from villagesim.policies.policy import ActivePolicy

START = date(2021, 1, 1)
MAY = 31 / 365.25  # years


def active_of(policy, picked=None, **luck):
    """The policy in the merged county."""
    world = world_by_hand(luck)
    merge(world)
    return ActivePolicy(policy, world, np.ones(N, bool) if picked is None else picked)


def with_rooms(active, paid_share=1.0):
    """Constituents with a room; all its effects must be there, and elsewhere none."""
    world = active.world
    active.policy.act(active, month_of(world, 2021, 5), paid_share)
    for lever in (world.levers.unsettled_share, world.levers.consent):
        lever.refresh()
    has_room = world.levers.consent.now > 0
    assert world.levers.unsettled_share.now == pytest.approx(np.where(has_room, 0.18 * 0.8, 0.18))
    assert world.levers.consent.now == pytest.approx(np.where(has_room, 0.2, 0.0))
    assert world.members.trust_shock == pytest.approx(np.where(has_room, 0.05 * MAY, 0.0))
    return has_room


def test_a_room_for_every_part_of_the_village():
    """Four rooms for all; 10,000 yuan a year each."""
    active = active_of(DeliberationRooms(start=START))
    assert with_rooms(active).all()
    assert active.policy.claim(active, month_of(active.world, 2021, 5)) == pytest.approx(4 * 10_000 * MAY)


def test_rooms_only_where_they_are_meant():
    """One part of A is picked: all of A has a room, nobody else."""
    assert (
        with_rooms(active_of(DeliberationRooms(start=START), np.arange(N) == 2)).tolist() == (VILLAGE_OF == A).tolist()
    )


@pytest.mark.parametrize(
    ("paid_share", "rooms"), [(0.0, []), (0.24, []), (0.25, [6]), (0.74, [6, 1]), (1.0, [6, 1, 5, 4])]
)
def test_rooms_as_far_as_they_are_paid_by_a_lasting_lot(paid_share, rooms):
    """D first, then A, C and B."""
    lot = {"lot.deliberation_rooms": np.array([0.2, 0.9, 0.5, 0.1])}
    found = with_rooms(active_of(DeliberationRooms(start=START), **lot), paid_share)
    assert found.tolist() == np.isin(VILLAGE_OF, rooms).tolist()


def test_rooms_that_close_leave_nothing():
    """No lever has an owner left."""
    active = active_of(DeliberationRooms(start=START))
    with_rooms(active)
    active.policy.finish(active)
    for lever in active.world.levers:
        assert "deliberation_rooms" not in lever.owners


def test_a_list_frees_the_committee():
    """x 1.1 for the villages it reaches, and no more when it ends."""
    active = active_of(BurdenList(start=START), VILLAGE_OF == A)
    rate = active.world.levers.attempt_rate
    active.policy.begin(active)
    rate.refresh()
    assert rate.now == pytest.approx(np.where(VILLAGE_OF == A, 0.2 * 1.1, 0.2))
    active.policy.finish(active)
    rate.refresh()
    assert rate.now == pytest.approx(np.full(N, 0.2))


def test_a_room_costs_something_sensible():
    """A negative cost is refused."""
    with pytest.raises(vs.VillagesimError, match="cost_per_room = -1 must be at least 0 yuan"):
        DeliberationRooms(start=START, cost_per_room=-1)

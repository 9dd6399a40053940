"""Claim: what changes for a village that becomes a community follows the model, by hand.

No chance: the unequal county, with luck set by the test.
"""

import numpy as np
import pytest
from unit.processes.unequal_county import RESIDENTS, SHARE, A, C, N, merge, month_of, world_by_hand

from villagesim.agents.adoption import joining
from villagesim.policies import CommunityConversion
from villagesim.policies.policy import ActivePolicy
from villagesim.processes.conversion import Conversion
from villagesim.processes.land_trust import LandTrusts
from villagesim.processes.ledger import Ledger


def county():
    """The merged county."""
    world = world_by_hand()
    merge(world)
    return world


def converted(world, *villages):
    """The process, after these villages were converted."""
    process = Conversion(world)
    world.to_convert += villages
    process.convert(month_of(world, 2021, 1))
    return process


def test_a_community_pays_more_for_office_and_services():
    """100,000 in place of 50,000, and 33 yuan a resident on top of 60; its neighbours as before."""
    world = county()
    ledger = Ledger(world)
    before = ledger.running_costs()
    converted(world, A)
    office = 50_000 * 1.05 * SHARE
    in_a = world.village_of == A
    assert ledger.running_costs() - before == pytest.approx(in_a * (office + 33 * RESIDENTS))


def test_a_community_has_more_rent():
    """By three tenths, and nothing else."""
    world = county()
    ledger = Ledger(world)
    ledger.book_income(month_of(world, 2021, 1))
    before = {name: values.copy() for name, values in ledger.flows.items()}
    converted(world, C)
    ledger.book_income(month_of(world, 2021, 1))
    for source in ("operating", "rent", "subsidy", "other"):
        factor = np.where((np.arange(N) == C) & (source == "rent"), 1.3, 1.0)
        assert ledger.flows[f"income_{source}"] == pytest.approx(factor * before[f"income_{source}"]), source


def test_a_community_brings_no_more_land_into_trust_and_its_rights_are_frozen():
    """Households elsewhere join as before."""
    world = county()
    trust = LandTrusts(world)
    world.land_trusts.begun[:] = True
    trust.regroup()
    before = joining(world)
    assert (before > 0).all()
    converted(world, A)
    world.levers.rights_frozen.refresh()
    in_a = world.village_of == A
    assert joining(world) == pytest.approx(np.where(in_a, 0.0, before))
    assert (world.levers.rights_frozen.now == in_a).all()
    assert [event[1:3] for event in world.events] == [("village_converted", A)]


@pytest.mark.parametrize(("paid", "n"), [(0.0, 0), (0.74, 2), (1.0, 4)])
def test_as_many_villages_are_converted_as_are_paid_for_and_paid_once(paid, n):
    """Half a million each, and no claim for those that are done."""
    world = county()
    policy = CommunityConversion(start="2021-01-01")
    active = ActivePolicy(policy, world, policy.target.rows(world, policy.label))
    assert policy.claim(active, month_of(world, 2021, 1)) == 2e6
    policy.act(active, month_of(world, 2021, 1), paid)
    Conversion(world).convert(month_of(world, 2021, 1))
    assert (world.committees.community & world.is_village).sum() == n
    assert policy.claim(active, month_of(world, 2021, 2)) == 2e6 - 5e5 * n

"""Claim: one month of trust follows equation E5, by hand in the unequal county; no chance."""

import numpy as np
import pytest
from unit.processes.unequal_county import month_of, world_by_hand

from villagesim.processes.trust import Trust


def test_trust_returns_to_its_base_and_jumps_in_log_odds():
    """Log odds lose 1 - e^-.35t of their distance to the base, then get the month's deposits, which are used up."""
    world = world_by_hand()
    world.members.trust_base[:] = [0.5, 0.5, 0.6, 0.4, 0.5, 0.5, 0.5, 0.5]
    world.members.trust[:] = [0.5, 0.7, 0.6, 0.2, 0.5, 0.5, 0.5, 0.9]
    jumps = np.array([0.3, 0.0, -0.5, 0.1, 0.0, 0.0, 0.0, 0.0])
    world.members.trust_shock[:] = jumps
    trust = Trust(world)
    base = np.log([1.0, 1.0, 1.5, 2 / 3, 1.0, 1.0, 1.0, 1.0])
    before = np.log([1.0, 7 / 3, 1.5, 0.25, 1.0, 1.0, 1.0, 9.0])
    expected = base + (before - base) * np.exp(-0.35 * 31 / 365.25) + jumps
    trust.close(month_of(world, 2021, 1))
    assert world.members.trust == pytest.approx(1 / (1 + np.exp(-expected)))
    assert not world.members.trust_shock.any()

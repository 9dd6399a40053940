"""Trust of members: pulled back to its base, moved by what is done and left undone (equation E5).

    d logit T = pull (logit base - logit T) dt + jumps

The jumps of a month are deposited by whoever causes them and applied when the month is closed. Left out: that trust
spreads between neighbours.
"""

import numpy as np

from villagesim.arrays import logistic, logit
from villagesim.dates import Month
from villagesim.world import World


class Trust:
    """Keeper of ``members.trust``."""

    writes = ("members.trust", "members.trust_shock")

    def __init__(self, world: World) -> None:
        self.world = world
        self.base = logit(world.members.trust_base)
        world.record(trust=lambda: world.members.trust)
        world.calendar.declare("trust", "trust", self.close)

    def close(self, month: Month) -> None:
        """Let trust return part of the way, then apply the month's deposits."""
        members = self.world.members
        kept = np.exp(-self.world.p.trust_pull * month.years)
        level = self.base + (logit(members.trust) - self.base) * kept + members.trust_shock
        self.world.members.trust[:] = logistic(level)
        self.world.members.trust_shock[:] = 0.0

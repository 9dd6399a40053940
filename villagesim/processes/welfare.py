"""Welfare for the old and the young (一老一小): who is covered, what is paid, and what members make of it (equation E5).

Trust rises with the share that is covered, month by month. What is paid to the old and the young, by the county or out of
the surplus of land trusts, and to households in hardship, is counted where they live. Left out: who is hard-up, health,
and whether relatives stay or leave because of it.
"""

import numpy as np

from villagesim.dates import Month
from villagesim.world import World


class Welfare:
    """What is done for the old, the young and those in hardship."""

    writes = ("residents.welfare_paid",)

    def __init__(self, world: World) -> None:
        self.world = world
        self.paid = np.zeros(world.n_rows)
        world.record(welfare_covered=lambda: world.welfare.now, welfare_paid=lambda: self.paid)
        world.calendar.declare("trust", "welfare", self.close)

    def close(self, month: Month) -> None:
        """Let members thank for the month's cover; count what was paid in it."""
        world = self.world
        if world.welfare.owners:
            world.members.trust_shock += world.p.welfare_trust * month.years * world.welfare.now
        if self.paid.any() or world.residents.welfare_paid.any():
            self.paid = world.residents.welfare_paid.copy()
            world.residents.welfare_paid[:] = 0.0

"""Welfare for the old and the young (一老一小): who is covered, what is paid, and what members make of it (equation E5).

Trust rises with the share that is covered, month by month. What is paid to the old and the young, by the county or out of
the surplus of land trusts, and to households in hardship, is counted where they live. Left out: who is hard-up, health,
and whether relatives stay or leave because of it.
"""

import numpy as np

from villagesim.arrays import some
from villagesim.component import Column, Lever
from villagesim.dates import Month
from villagesim.domains import NOT_NEGATIVE
from villagesim.parameters.welfare import PARAMETERS
from villagesim.process import Process


class WelfareCover(Process):
    """What is done for the old, the young and those in hardship."""

    parameters = PARAMETERS
    takes = ("residents.welfare_paid",)
    deposits = ("members.trust_shock",)
    columns = (
        Column(
            name="welfare_covered", meaning="old and young who are covered", unit="share", per="constituent",
            kind="level", read="world.levers.welfare.now",
        ),
        Column(
            name="welfare_paid", meaning="paid for the old, the young and households in hardship", unit="yuan",
            per="constituent", kind="flow", read="paid", domain=NOT_NEGATIVE,
        ),
    )  # fmt: skip
    levers = (
        Lever(
            name="welfare", meaning="old and young who are covered", unit="share", per="constituent", rule="level",
        ),
    )  # fmt: skip

    def start(self) -> None:
        """Set up what it keeps, and declare its dates."""
        world = self.world
        self.paid = np.zeros(world.n_rows)
        world.calendar.declare("trust", "welfare", self.close)

    def close(self, month: Month) -> None:
        """Let members thank for the month's cover; count what was paid in it."""
        world = self.world
        if world.levers.welfare.owners:
            world.members.trust_shock += world.p.welfare_trust * month.years * world.levers.welfare.now
        if some(self.paid) or some(world.residents.welfare_paid):
            self.paid = world.residents.welfare_paid.copy()
            world.residents.welfare_paid[:] = 0.0

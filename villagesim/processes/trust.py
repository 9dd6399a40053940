"""Trust of members: pulled back to its base, moved by what is done and left undone (equation E5).

    d logit T = pull (logit base - logit T) dt + jumps

The jumps of a month are deposited by whoever causes them and applied when the month is closed. Left out: that trust
spreads between neighbours.
"""

import numpy as np

from villagesim.arrays import logistic, logit
from villagesim.component import Column
from villagesim.dates import Month
from villagesim.parameters.trust import PARAMETERS
from villagesim.process import Process


class Trust(Process):
    """Keeper of ``members.trust``."""

    parameters = PARAMETERS
    owns = ("members.trust",)
    takes = ("members.trust_shock",)
    columns = (
        Column(
            name="trust", meaning="trust of members in their village", unit="index 0 to 1", per="constituent",
            kind="level", read="world.members.trust", before=lambda world: world.members.trust,
        ),
    )  # fmt: skip

    def start(self) -> None:
        """Set up what it keeps, and declare its dates."""
        self.base = logit(self.world.members.trust_base)
        self.world.calendar.declare("trust", "trust", self.close)

    def close(self, month: Month) -> None:
        """Let trust return part of the way, then apply the month's deposits."""
        members = self.world.members
        kept = np.exp(-self.world.p.trust_pull * month.years)
        level = self.base + (logit(members.trust) - self.base) * kept + members.trust_shock
        self.world.members.trust[:] = logistic(level)
        self.world.members.trust_shock[:] = 0.0

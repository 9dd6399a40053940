"""All that a user can bring: a process with a parameter, a column and a lever, a policy that pulls it, two outcomes."""

from dataclasses import dataclass

import numpy as np

import villagesim as vs
from villagesim.component import Column, Lever
from villagesim.dates import Month
from villagesim.outcomes import Outcome, formulas
from villagesim.parameters import Parameter
from villagesim.policies.policy import ActivePolicy
from villagesim.process import Process


class Festival(Process):
    """Festivals, which make members a little prouder of their village."""

    parameters = (Parameter("festival_rate", "festivals by themselves", "per year", 1.0, 0.0, 12.0, "assumption"),)
    columns = (
        Column(
            name="festivals", meaning="held in the month", unit="count", per="constituent", kind="flow", read="held"
        ),
    )
    levers = (Lever(name="festival_calls", meaning="called for", unit="per year", per="constituent", rule="level",
                    ceiling=12.0),)  # fmt: skip
    deposits = ("members.trust_shock",)

    def start(self) -> None:
        """Hold them when months begin."""
        self.held = np.zeros(self.world.n_rows)
        self.world.calendar.declare("births", "festival", self.hold)

    def hold(self, month: Month) -> None:
        """As many as the rate and the calls say, of whole ones and parts."""
        self.held = (self.world.p.festival_rate + self.world.levers.festival_calls.now) * month.years
        self.world.members.trust_shock += 0.01 * self.held


@dataclass(frozen=True, kw_only=True)
class CallForFestivals(vs.Policy):
    """More festivals in the villages it reaches."""

    pulls = ("festival_calls",)
    a_year: float = 2.0

    def begin(self, active: ActivePolicy) -> None:
        """Call for them."""
        active.pull("festival_calls", lambda: self.a_year * active.rows)


FESTIVALS = Outcome(
    "festivals", "Festivals", "festivals a year, all villages", "last twelve months", +1, formulas.total("festivals"),
    formulas.village_sum("festivals"), history=False,
)  # fmt: skip

"""Reports under pressure: milestones that exist on paper, and inspection that finds them (equation E7, second part).

Pressure makes committees work for the report: part of the effort goes to paper, and a lost milestone is sometimes reported
all the same. Then it is not tried again until an inspection on the spot finds out; members know at once, and trust falls.
Of economy milestones declared like this some are forced: books are put together without consent, unless rights stay as
they are (three unchanged). Real and reported integration drift apart: merged in form, apart in fact (形合实离).

Theory: target pressure raises what is reported more than what is real; inspection narrows the gap. Left out: that
inspectors can be deceived or befriended.
"""

from functools import partial

import numpy as np
from simpy import Event

from villagesim.agents.committees import ECONOMY, INTEGRATIONS
from villagesim.arrays import Floats, Ints, logistic
from villagesim.component import Column, Lever
from villagesim.dates import Month
from villagesim.engine.events import Timer
from villagesim.parameters.reports import PARAMETERS
from villagesim.process import Process
from villagesim.randomness import occurs


def false_reports(integration: int, process: Process) -> Ints:
    """Milestones of one integration reported that are not real, by village."""
    return process.world.committees.false_reports[:, integration]


class Reports(Process):
    """What committees report beyond what is real."""

    parameters = PARAMETERS
    owns = ("committees.false_reports",)
    deposits = ("members.trust_shock", "residents.forced", "world.to_pool")
    pulls = ("attempt_rate",)
    offers = ("report", "watched")
    columns = tuple(
        Column(
            name=f"false_{name}", meaning=f"milestones of {name} reported that are not real", unit="count", per="village",
            kind="level", whole=True, read=partial(false_reports, i),
        )
        for i, name in enumerate(INTEGRATIONS)
    )  # fmt: skip
    levers = (
        Lever(
            name="pressure", meaning="pressure for results", unit="index 0 to 1", per="village", rule="level",
            base="pressure",
        ),
        Lever(
            name="inspections", meaning="inspections on the spot", unit="per year", per="village", rule="level",
            ceiling=np.inf,
        ),
    )  # fmt: skip

    def start(self) -> None:
        """Set up what it keeps, and declare its dates."""
        world = self.world
        self.chance: Floats = np.zeros(world.n_rows)
        self.exposed: dict[tuple[int, int], Event] = {}
        self.pull("attempt_rate", "paper", lambda: 1 - world.p.paper_slows * self.paper())
        world.calendar.declare("births", "reports", self.inspect)

    def watched(self) -> Floats:
        """Strength of inspection by village, 0 to 1."""
        return np.minimum(self.world.levers.inspections.now * self.world.p.detection, 1.0)

    def paper(self) -> Floats:
        """Share of effort that goes to paper, by village."""
        p = self.world.p
        return logistic(
            p.paper_base + p.paper_pressure * self.world.levers.pressure.now + p.paper_inspection * self.watched()
        )

    def p_false(self) -> Floats:
        """Chance that a lost milestone is reported all the same, by village."""
        world, p = self.world, self.world.p
        honest = p.false_integrity * (world.secretaries.integrity - p.neutral_integrity)
        return logistic(
            p.false_base + p.false_pressure * world.levers.pressure.now + p.false_inspection * self.watched() + honest
        )

    def report(self, village: int, integration: int, milestone: int, n_votes: int) -> Event | None:
        """Report a lost milestone all the same, or not; the event is its exposure."""
        world, p = self.world, self.world.p
        who = world.keys[village], integration, milestone, n_votes
        if world.draws.uniform("report", *who, 0)[0] >= self.chance[village]:
            return None
        world.committees.false_reports[village, integration] += 1
        rows = world.village_of == village
        world.members.trust_shock += rows * p.declared_trust
        world.log("report_false", village, integration=INTEGRATIONS[integration])
        forced = world.draws.uniform("report", *who, 1)[0] < p.forced_share
        if integration == ECONOMY and forced and not world.levers.rights_frozen.now[village]:
            world.to_pool.append(village)
            world.members.trust_shock += rows * p.forced_trust
            world.residents.forced += rows * 1.0
        self.exposed[village, integration] = Event(world.env)
        return self.exposed[village, integration]

    def inspect(self, month: Month) -> None:
        """Let inspections of the coming month find false reports, each at its own instant."""
        self.chance = self.p_false()
        if not self.exposed or not self.world.levers.inspections.now.any():
            return
        world = self.world
        keys = list(self.exposed)
        villages, integrations = np.array(keys).T
        rate = world.levers.inspections.now[villages] * world.p.detection
        who = world.keys[villages], integrations
        rows, after = occurs(world.draws, "exposure", who, month.key, month.days, rate)
        for row, wait in zip(rows.tolist(), after.tolist(), strict=True):
            Timer(world.env, wait, self._expose, keys[row])

    def _expose(self, event: Timer) -> None:
        """Withdraw a false report; the milestone is open again."""
        world, (village, integration) = self.world, event.value
        world.committees.false_reports[village, integration] -= 1
        world.members.trust_shock += (world.village_of == village) * world.p.exposed_trust
        world.log("report_exposed", village, integration=INTEGRATIONS[integration])
        self.exposed.pop((village, integration)).succeed()

"""Reports under pressure: milestones that exist on paper, and inspection that finds them (equations E7, E20).

Pressure makes committees work for the report: part of the effort goes to paper, and a lost milestone is sometimes reported
all the same. Others are reported because a deadline comes, most of them at the end of a year, without anybody having tried.
What is reported is tried at half the pace; a vote won makes it real, an inspection on the spot finds it out; members know at
once, and trust falls. Of economy milestones declared like this some are forced: books are put together without consent,
unless rights stay as they are (three unchanged). Real and reported integration drift apart: merged in form, apart in fact
(形合实离).

Theory: target pressure raises what is reported more than what is real; inspection narrows the gap. Left out: that
inspectors can be deceived or befriended.
"""

from functools import partial
from typing import Any

import numpy as np

from villagesim.agents.committees import ECONOMY, INTEGRATIONS, MILESTONES
from villagesim.arrays import Floats, Ints, logistic, rows_where, some
from villagesim.component import Column, Lever
from villagesim.dates import Month
from villagesim.engine.events import Timer
from villagesim.parameters.reports import PARAMETERS
from villagesim.process import Process
from villagesim.randomness import occurs

OCTOBER = 9
"""Month of a year, from 0, from which on deadlines are near."""


def false_reports(integration: int, process: Process) -> Ints:
    """Milestones of one integration reported that are not real, by village."""
    return process.world.committees.false_reports[:, integration]


class Reports(Process):
    """What committees report beyond what is real."""

    parameters = PARAMETERS
    owns = ("committees.false_reports",)
    deposits = ("members.trust_shock", "residents.forced", "world.to_pool")
    pulls = ("attempt_rate",)
    offers = ("report", "made_real", "withdraw", "watched")
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
        self.first_deadline = np.full(world.n_rows, np.inf)
        self.told: dict[tuple[int, int], int] = {}
        self.n_told = 0
        self.pull("attempt_rate", "paper", lambda: 1 - world.p.paper_slows * self.paper())
        world.calendar.declare("births", "reports", self.inspect)
        world.calendar.declare("births", "deadlines", self.near_deadlines)

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

    def report(self, village: int, integration: int, milestone: int, n_votes: int) -> None:
        """Report a lost milestone all the same, or not."""
        who = self.world.keys[village], integration, milestone, n_votes
        if (village, integration) in self.told or self.world.draws.uniform("report", *who, 0)[0] >= self.chance[
            village
        ]:
            return
        self.declare(village, integration, "report", *who, 1)

    def declare(self, village: int, integration: int, *lot: Any) -> None:
        """Report what is not there; the lot says whether books are put together by force."""
        world, p = self.world, self.world.p
        self.n_told += 1
        self.told[village, integration] = self.n_told
        world.committees.false_reports[village, integration] += 1
        rows = world.village_of == village
        world.members.trust_shock += rows * p.declared_trust
        world.log("report_false", village, integration=INTEGRATIONS[integration])
        forced = integration == ECONOMY and not world.levers.rights_frozen.now[village]
        if forced and world.draws.uniform(*lot)[0] < p.forced_share:
            world.to_pool.append(village)
            world.members.trust_shock += rows * p.forced_trust
            world.residents.forced += rows * 1.0

    def made_real(self, village: int, integration: int) -> None:
        """Withdraw what was reported and is true by now."""
        if self.told.pop((village, integration), None) is not None:
            self.world.committees.false_reports[village, integration] -= 1
            self.world.log("report_made_real", village, integration=INTEGRATIONS[integration])

    def withdraw(self, village: int, month: Month) -> None:
        """Forget what a village has reported, as a decree makes it another one; its deadlines are reckoned from this month."""
        for integration in range(len(INTEGRATIONS)):
            self.told.pop((village, integration), None)
        self.world.committees.false_reports[village] = 0
        self.first_deadline[village] = month.key + self.world.p.deadline_after

    def near_deadlines(self, month: Month) -> None:
        """Let open milestones of the coming month be reported because a deadline comes, each at its own instant (E20)."""
        world, p = self.world, self.world.p
        merged = rows_where(world.committees.merged & (month.key >= self.first_deadline))
        if not len(merged) or not some(world.levers.pressure.now):
            return
        is_open = (world.committees.passed[merged] < MILESTONES) & (world.committees.false_reports[merged] == 0)
        which, integrations = np.nonzero(is_open)
        villages = merged[which]
        rate = p.deadline_rate * world.levers.pressure.now**2 * np.exp(p.deadline_inspection * self.watched())
        rate *= np.exp(p.false_integrity * (world.secretaries.integrity - p.neutral_integrity))
        rate *= p.deadline_year_end if month.key % 12 >= OCTOBER else 1.0
        who = world.keys[villages], integrations
        rows, after = occurs(world.draws, "deadline", who, month.key, month.days, rate[villages])
        for row, wait in zip(rows.tolist(), after.tolist(), strict=True):
            Timer(world.env, wait, self._deadline, (int(villages[row]), int(integrations[row]), month.key))

    def _deadline(self, event: Timer) -> None:
        """Report it, unless it was passed or reported in the meantime."""
        village, integration, month = event.value
        done = self.world.committees.passed[village, integration] == MILESTONES[integration]
        if not done and (village, integration) not in self.told:
            self.declare(village, integration, "deadline.forced", self.world.keys[village], integration, month)

    def inspect(self, month: Month) -> None:
        """Let inspections of the coming month find false reports, each at its own instant."""
        if some(self.world.committees.merged):
            self.chance = self.p_false()
        if not self.told or not some(self.world.levers.inspections.now):
            return
        world = self.world
        keys = list(self.told)
        villages, integrations = np.array(keys).T
        rate = world.levers.inspections.now[villages] * world.p.detection
        who = world.keys[villages], integrations
        rows, after = occurs(world.draws, "exposure", who, month.key, month.days, rate)
        for row, wait in zip(rows.tolist(), after.tolist(), strict=True):
            Timer(world.env, wait, self._expose, (keys[row], self.told[keys[row]]))

    def _expose(self, event: Timer) -> None:
        """Withdraw a false report, if it is still one; the milestone is open again."""
        world, ((village, integration), number) = self.world, event.value
        if self.told.get((village, integration)) != number:
            return
        del self.told[village, integration]
        world.committees.false_reports[village, integration] -= 1
        world.members.trust_shock += (world.village_of == village) * world.p.exposed_trust
        world.log("report_exposed", village, integration=INTEGRATIONS[integration])

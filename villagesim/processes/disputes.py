"""Disputes among residents: most are settled in the village, the rest join the township mediators' desk (equation E2).

Incidents are born month by month with all their luck. What the village does not settle is registered at the township and
waits there by priority; a case that nobody hears in time goes higher (petition). Hearings settle most cases, some of
which come back within a year. Prompt hearings earn trust, unheard cases cost it.

Theory: clearing up titles raises disputes before it lowers them (evidence 8.18). Left out: the time that a case spends in
the village, courts, and cases that are registered twice at once.
"""

from heapq import heappop, heappush
from typing import Any

import numpy as np

from villagesim.arrays import Floats, Ints, some, sum_by, to_whole
from villagesim.component import Column, Lever, Per
from villagesim.dates import DAYS_A_YEAR, Month
from villagesim.domains import NOT_NEGATIVE
from villagesim.engine.monthly_desk import Case
from villagesim.parameters.disputes import PARAMETERS
from villagesim.process import Process
from villagesim.randomness import births
from villagesim.world import World

NOTES = ("reopened", "heard", "petitions")
"""What happens to cases, noted by constituent."""
ROW = 3
"""Where in a case the constituent stands that it comes from; behind it, after how many days it comes back, if it is settled."""
LUCK = tuple(f"dispute.{name}" for name in ("when", "priority", "patience", "hearing", "settled", "again"))
"""What is drawn for a registered case when it is born."""


def flow(name: str, meaning: str, unit: str = "count", per: Per = "constituent", whole: bool = True) -> Column:
    """A column of the flows of the month."""
    return Column(
        name=name, meaning=meaning, unit=unit, per=per, kind="flow", whole=whole, domain=NOT_NEGATIVE,
        read=lambda process: process.flows[name],
    )  # fmt: skip


def mediators_at_start(world: World) -> Ints:
    """Mediators by township: one at least; the rest by residents, by largest remainder."""
    residents = sum_by(world.place.township, world.endowment.residents, len(world.place.townships))
    return np.maximum(to_whole(residents / world.p.residents_per_mediator), 1)


class Disputes(Process):
    """All disputes of the county."""

    parameters = PARAMETERS
    owns = ("residents.open_disputes",)
    takes = ("residents.forced",)
    deposits = ("members.trust_shock",)
    columns = (
        flow("incidents", "disputes that arose, settled in the village or not"),
        flow("registered", "cases registered at the township"),
        flow("heard", "hearings that ended"),
        flow("petitions", "cases that nobody heard in time"),
        flow("waited", "days that the cases heard had waited", "days", whole=False),
        flow("mediator_busy", "work of mediators", "officer-days", "township", whole=False),
        flow("mediator_capacity", "time of mediators", "officer-days", "township", whole=False),
        Column(
            name="open_disputes", meaning="registered cases that wait or are in hearing", unit="count", per="constituent",
            kind="level", whole=True, read="world.residents.open_disputes",
        ),
    )  # fmt: skip
    levers = (
        Lever(
            name="mediators", meaning="mediators", unit="posts", per="township", rule="capacity",
            base=mediators_at_start,
        ),
        Lever(
            name="relay", meaning="residents whom a messenger reaches", unit="share", per="constituent", rule="level",
        ),
        Lever(
            name="unsettled_share", meaning="disputes that the village does not settle itself", unit="share",
            per="constituent", rule="rate", base="unsettled_share", stage="refresh",
        ),
    )  # fmt: skip

    def start(self) -> None:
        """Set up what it keeps, and declare its dates."""
        world, p = self.world, self.world.p
        self.desks = world.monthly_desks("mediators", self.heard, self.left)
        self.desk_of = [self.desks[township] for township in world.place.township]
        weight = p.trust_residents / np.maximum(world.endowment.residents, p.trust_residents)
        self.thanks, self.blame = p.heard_trust * weight, p.unheard_trust * weight
        self.usual = p.incident_rate / 1000 * (p.adult_share * world.endowment.residents.astype(float))
        self.upto = np.array([p.share_urgent, 1 - p.share_minor, 1.0])  # urgent, ordinary, minor
        self.start_counting()
        self.incidents = np.zeros(world.n_rows, int)
        self.coming_back: list[tuple[float, int]] = []
        self.flows: dict[str, Any] = {}
        world.calendar.declare("ledger", "disputes", self.count)
        world.calendar.declare("births", "disputes", self.spawn)

    def start_counting(self) -> None:
        """Begin a month: what happens to cases is noted by row, and counted when the month is closed."""
        self.registered = np.zeros(self.world.n_rows, int)
        self.noted: dict[str, list[int]] = {name: [] for name in NOTES}
        self.waits: list[float] = []

    def rate(self) -> Floats:
        """Incidents by constituent [per year] (E2)."""
        world, p = self.world, self.world.p
        relative = (
            1
            + p.incident_faulty * world.contracts.faulty_since_start
            + p.incident_reopened * world.contracts.reopened
            + p.incident_forced * self.forced()
            + p.incident_unpaid * world.residents.unpaid_floors
        )
        mood = np.exp(-p.incident_trust * (world.members.trust - p.neutral_trust))
        return self.usual * mood * np.maximum(relative, 0.0)

    def forced(self) -> Floats:
        """Memory of a forced pooling, the stronger the more benefits differ from the village's best, by constituent."""
        world = self.world
        if not some(world.residents.forced):
            return world.residents.forced
        members = np.maximum(world.endowment.members, 1).astype(float)
        highest = world.highest_by_village(world.members.entitlement)
        income = world.by_village(world.cooperatives.income_12m) / np.maximum(world.by_village(members), 1.0)
        missing = highest[world.village_of] - world.members.entitlement
        return world.residents.forced * (1 + missing / np.maximum(income[world.village_of], 1.0))

    def spawn(self, month: Month) -> None:
        """Staff the desks, and let the coming month's incidents be born; those the village settles end here."""
        world, p = self.world, self.world.p
        now = world.now
        for desk, capacity in zip(self.desks, world.levers.mediators.now.tolist(), strict=True):
            desk.staff(capacity, now)
        n, rows, ordinal = births(world.draws, "dispute", world.keys, month.key, month.days, self.rate())
        self.incidents = n
        lot = world.draws.uniform("dispute.unsettled", world.keys[rows], month.key, ordinal)
        unsettled = world.levers.unsettled_share.now[rows]
        registered = lot < unsettled * (1 + p.relay_registration * world.levers.relay.now[rows])
        brought = (lot >= unsettled)[registered]
        rows, who = rows[registered], (world.keys[rows[registered]], month.key, ordinal[registered])
        when, priority, patience, hearing, settled, again = world.draws.uniform_by_decision(LUCK, *who)
        work = np.where(brought, p.relay_hearing_days, p.hearing_days)
        columns = (
            np.searchsorted(self.upto, priority),
            -p.patience_days * np.log(patience),
            -work * DAYS_A_YEAR / p.working_days * np.log(hearing),
            rows,
            np.where(
                (settled < p.settled_share) & (again < p.reopened_share), DAYS_A_YEAR * again / p.reopened_share, 0.0
            ),
        )
        self.registered = np.bincount(rows, minlength=world.n_rows)
        comes = (now + month.days * when).tolist()
        for day, case in zip(comes, zip(*(column.tolist() for column in columns), strict=True), strict=True):
            self.desk_of[case[ROW]].expect(day, case)

    def heard(self, case: Case, day: float, waited: float) -> None:
        """End a hearing: a case that it settles may come back."""
        self.noted["heard"].append(case[ROW])
        self.waits.append(waited)
        *known, comes_back = case
        if comes_back:
            heappush(self.coming_back, (day + comes_back, case[ROW]))
            self.desk_of[case[ROW]].expect(day + comes_back, (*known, 0.0))

    def left(self, case: Case, day: float, waited: float) -> None:
        """Let an unheard case go higher."""
        self.noted["petitions"].append(case[ROW])

    def count(self, month: Month) -> None:
        """Work through the month that has ended, count it, and deposit what hearings did to trust."""
        world, n, now = self.world, self.world.n_rows, self.world.now
        busy = np.array([desk.work(now) for desk in self.desks])
        while self.coming_back and self.coming_back[0][0] < now:
            self.noted["reopened"].append(heappop(self.coming_back)[1])
        counts = {"registered": self.registered} | {
            name: np.bincount(np.array(rows, int), minlength=n) for name, rows in self.noted.items()
        }
        heard, waits = np.array(self.noted["heard"], int), np.array(self.waits)
        prompt = np.bincount(heard[waits <= world.p.prompt_hearing_days], minlength=n)
        there = np.array([float(desk.capacity * month.days) for desk in self.desks])
        world.members.trust_shock += self.thanks * prompt + self.blame * counts["petitions"]
        world.residents.open_disputes += (
            counts["registered"] + counts["reopened"] - counts["heard"] - counts["petitions"]
        )
        world.residents.forced *= np.exp(-month.years / world.p.forced_memory)
        self.flows = counts | {
            "incidents": self.incidents, "waited": sum_by(heard, waits, n),
            "mediator_busy": busy, "mediator_capacity": np.maximum(there, busy),
        }  # fmt: skip
        self.start_counting()

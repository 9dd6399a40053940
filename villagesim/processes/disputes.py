"""Disputes among residents: most are settled in the village, the rest join the township mediators' desk (equation E2).

Incidents are born month by month with all their luck. What the village does not settle is registered at the township and
waits there by priority; a case that nobody hears in time goes higher (petition). Hearings settle most cases, some of
which come back within a year. Prompt hearings earn trust, unheard cases cost it.

Theory: clearing up titles raises disputes before it lowers them (evidence 8.18). Left out: the time that a case spends in
the village, courts, and cases that are registered twice at once.
"""

from dataclasses import dataclass

import numpy as np
from simpy import Event
from simpy.events import Timeout

from villagesim.arrays import Floats
from villagesim.dates import DAYS_A_YEAR, WORKING_DAYS_A_YEAR, Month
from villagesim.engine.desk import Desk
from villagesim.randomness import arrivals
from villagesim.world import World

PRIORITIES = np.array([0.1, 0.7, 1.0])
"""Cumulative shares of urgent, ordinary and minor cases. Source: assumption."""


@dataclass(eq=False, slots=True)
class Dispute:
    """One registered case; everything was drawn when it was born.

    Attributes
    ----------
    row : constituent it comes from
    joined : when it came to the desk [days]
    comes_back : days after its settlement when it is opened again; 0 where it is not
    """

    row: int
    priority: float
    patience: float
    duration: float
    settled: bool
    comes_back: float
    joined: float


class Disputes:
    """All disputes of the county."""

    writes = ("residents.open_disputes", "residents.forced")

    def __init__(self, world: World) -> None:
        self.world = world
        self.desks = [Desk(world.env, 0, self.heard, self.left) for _ in world.place.townships]
        self.counts = {name: np.zeros(world.n_rows) for name in ("registered", "petitions", "heard", "waited")}
        self.incidents = np.zeros(world.n_rows)
        self.township = world.place.township.tolist()
        self.weight = (20.0 / np.maximum(world.endowment.residents, 20)).tolist()
        self.flows: dict[str, Floats] = {}
        for name in ("incidents", *self.counts, "mediator_busy", "mediator_capacity"):
            world.record(**{name: lambda name=name: self.flows[name]})
        world.record(open_disputes=lambda: world.residents.open_disputes)
        world.calendar.declare("ledger", "disputes", self.count)
        world.calendar.declare("births", "disputes", self.bear)

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
        adults = p.adult_share * world.endowment.residents.astype(float)
        mood = np.exp(-p.incident_trust * (world.members.trust - 0.5))
        return p.incident_rate / 1000 * adults * mood * np.maximum(relative, 0.0)

    def forced(self) -> Floats:
        """Memory of a forced pooling, the stronger the more benefits differ from the village's best, by constituent."""
        world = self.world
        if not world.residents.forced.any():
            return world.residents.forced
        members = np.maximum(world.endowment.members, 1).astype(float)
        highest = np.zeros(world.n_rows)
        np.maximum.at(highest, world.village_of, world.members.entitlement)
        income = world.by_village(world.cooperatives.income_12m) / np.maximum(world.by_village(members), 1.0)
        missing = highest[world.village_of] - world.members.entitlement
        return world.residents.forced * (1 + missing / np.maximum(income[world.village_of], 1.0))

    def bear(self, month: Month) -> None:
        """Staff the desks, and let the coming month's incidents be born; those the village settles end here."""
        world, p = self.world, self.world.p
        for desk, capacity in zip(self.desks, world.mediators.now.tolist(), strict=True):
            desk.set_capacity(capacity)
        rows, ordinal, when = arrivals(
            world.draws, "dispute", world.keys, month.key, month.start, month.days, self.rate()
        )
        self.incidents = np.bincount(rows, minlength=world.n_rows).astype(float)
        who = world.keys[rows], month.key, ordinal
        registered = world.draws.uniform("dispute.unsettled", *who) < p.unsettled_share
        rows, ordinal, when = rows[registered], ordinal[registered], when[registered]
        who = world.keys[rows], month.key, ordinal
        luck = {
            name: world.draws.uniform(f"dispute.{name}", *who) for name in ("patience", "hearing", "settled", "again")
        }
        priority = np.searchsorted(PRIORITIES, world.draws.uniform("dispute.priority", *who))
        patience = -p.patience_days * np.log(luck["patience"])
        hearing = -p.hearing_days * DAYS_A_YEAR / WORKING_DAYS_A_YEAR * np.log(luck["hearing"])
        comes_back = np.where(luck["again"] < p.reopened_share, DAYS_A_YEAR * luck["again"] / p.reopened_share, 0.0)
        cases = zip(
            rows.tolist(), priority.tolist(), patience.tolist(), hearing.tolist(),
            (luck["settled"] < p.settled_share).tolist(), comes_back.tolist(), when.tolist(), strict=True,
        )  # fmt: skip
        for case in cases:
            Timeout(world.env, case[-1] - month.start, Dispute(*case)).callbacks.append(self._arrive)

    def _arrive(self, event: Event) -> None:
        case: Dispute = event._value
        self.counts["registered"][case.row] += 1
        self._join(case)

    def _join(self, case: Dispute) -> None:
        case.joined = self.world.env.now
        self.world.residents.open_disputes[case.row] += 1
        self.desks[self.township[case.row]].join(case)

    def heard(self, case: Dispute) -> None:
        """End a hearing: it settles the case or not, and a settled one may come back."""
        world, p, row = self.world, self.world.p, case.row
        waited = world.env.now - case.duration - case.joined
        self.counts["heard"][row] += 1
        self.counts["waited"][row] += waited
        self.world.residents.open_disputes[row] -= 1
        if waited <= p.prompt_hearing_days:
            world.members.trust_shock[row] += p.heard_trust * self.weight[row]
        if case.settled and case.comes_back:
            Timeout(world.env, case.comes_back, case).callbacks.append(self._come_back)

    def left(self, case: Dispute) -> None:
        """Let an unheard case go higher."""
        self.counts["petitions"][case.row] += 1
        self.world.residents.open_disputes[case.row] -= 1
        self.world.members.trust_shock[case.row] += self.world.p.unheard_trust * self.weight[case.row]

    def _come_back(self, event: Event) -> None:
        case: Dispute = event._value
        case.comes_back = 0.0
        self._join(case)

    def count(self, month: Month) -> None:
        """Count the month that has ended."""
        self.flows = {name: values.copy() for name, values in self.counts.items()} | {
            "incidents": self.incidents,
            "mediator_busy": np.array([desk.take_busy_days() for desk in self.desks]),
        }
        capacity = [float(desk.capacity * month.days) for desk in self.desks]
        self.flows["mediator_capacity"] = np.maximum(capacity, self.flows["mediator_busy"])
        for values in self.counts.values():
            values[:] = 0.0
        self.world.residents.forced *= np.exp(-month.years / self.world.p.forced_memory)

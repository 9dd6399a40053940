"""Requests of residents (群众诉求): brought where a policy gives them a way, handled at the township's service desk.

A request is born with all its luck, as a case. It waits at the township for a free post, first come, first served; who
has waited too long gives up. Requests that are handled soon earn trust, unheard ones cost it (equation E5). Where nobody
asks, nobody brings anything: what residents lack in silence is not in the model.

Theory: none that gives a size; fixed duties at each level (S1.relay). Left out: what is asked for, and requests that the
village itself can grant.
"""

from typing import Any

import numpy as np

from villagesim.arrays import Floats, some, sum_by
from villagesim.component import Column, Lever, Per
from villagesim.dates import DAYS_A_YEAR, Month
from villagesim.domains import NOT_NEGATIVE
from villagesim.engine.monthly_desk import Case
from villagesim.parameters.requests import PARAMETERS
from villagesim.process import Process
from villagesim.randomness import births

NOTES = ("requests_heard", "requests_unheard")
"""What happens to requests, noted by constituent."""
FIRST_COME = 0.0
"""Priority of all."""
ROW = 3
"""Where in a case the constituent stands that it comes from."""


def flow(name: str, meaning: str, unit: str = "count", per: Per = "constituent", whole: bool = True) -> Column:
    """A column of the flows of the month."""
    return Column(
        name=name, meaning=meaning, unit=unit, per=per, kind="flow", whole=whole, domain=NOT_NEGATIVE,
        read=lambda process: process.flows[name],
    )  # fmt: skip


class Requests(Process):
    """All requests of the county."""

    parameters = PARAMETERS
    deposits = ("members.trust_shock",)
    columns = (
        flow("requests", "requests brought"),
        flow("requests_heard", "requests handled"),
        flow("requests_unheard", "requests that nobody handled in time"),
        flow("request_waited", "days that the requests handled had waited", "days", whole=False),
        flow("service_busy", "work of service posts", "officer-days", "township", whole=False),
        flow("service_capacity", "time of service posts", "officer-days", "township", whole=False),
        Column(
            name="served", meaning="residents served by a centre", unit="share", per="constituent", kind="level",
            read="world.levers.grid.now",
        ),
    )  # fmt: skip
    levers = (
        Lever(
            name="reach", meaning="residents who have a way to bring requests", unit="share", per="constituent",
            rule="level",
        ),
        Lever(name="grid", meaning="residents served by a centre", unit="share", per="constituent", rule="level"),
        Lever(
            name="service_posts", meaning="posts at the service desks", unit="posts", per="township", rule="capacity",
            base=lambda world: round(world.p.service_posts),
        ),
    )  # fmt: skip

    def start(self) -> None:
        """Set up what it keeps, and declare its dates."""
        world, p = self.world, self.world.p
        self.desks = world.monthly_desks("service_posts", self.heard, self.left)
        self.desk_of = [self.desks[township] for township in world.place.township]
        weight = p.trust_residents / np.maximum(world.endowment.residents, p.trust_residents)
        self.thanks, self.blame = p.heard_trust * weight, p.unheard_trust * weight
        self.n_open = 0
        self.start_counting()
        nothing, nobody = np.zeros(world.n_rows), np.zeros(len(self.desks))
        self.idle = dict.fromkeys(("requests", *NOTES, "request_waited"), nothing) | {
            "service_busy": nobody, "service_capacity": nobody,
        }  # fmt: skip
        self.flows: dict[str, Any] = self.idle
        world.calendar.declare("ledger", "requests", self.count)
        world.calendar.declare("births", "requests", self.spawn)

    @property
    def at_work(self) -> bool:
        """Whether anybody brings requests, or some are still open."""
        return self.n_open > 0 or some(self.world.levers.reach.now)

    def start_counting(self) -> None:
        """Begin a month: what happens to requests is noted by row, and counted when the month is closed."""
        self.brought = np.zeros(self.world.n_rows, int)
        self.noted: dict[str, list[int]] = {name: [] for name in NOTES}
        self.waits: list[float] = []

    def rate(self) -> Floats:
        """Requests by constituent [per year]."""
        world, p = self.world, self.world.p
        rate: Floats = p.request_rate / 1000 * world.endowment.residents * world.levers.reach.now
        return rate

    def spawn(self, month: Month) -> None:
        """Staff the desks, and let the coming month's requests be born."""
        self.running = self.at_work
        if not self.running:
            return
        world, p = self.world, self.world.p
        for desk, capacity in zip(self.desks, world.levers.service_posts.now.tolist(), strict=True):
            desk.staff(capacity, world.now)
        reached = sum_by(world.place.township, world.levers.reach.now, len(self.desks)) > 0
        self.there = np.where(reached, world.levers.service_posts.now * float(month.days), 0.0)
        _, rows, ordinal = births(world.draws, "request", world.keys, month.key, month.days, self.rate())
        who = world.keys[rows], month.key, ordinal
        after = month.days * world.draws.uniform("request.when", *who)
        patience = -p.request_patience_days * np.log(world.draws.uniform("request.patience", *who))
        duration = -p.request_days * DAYS_A_YEAR / p.working_days * np.log(world.draws.uniform("request.work", *who))
        self.n_open += len(rows)
        self.brought = np.bincount(rows, minlength=world.n_rows)
        for row, gives_up, work, day in zip(
            rows.tolist(), patience.tolist(), duration.tolist(), (world.now + after).tolist(), strict=True
        ):
            self.desk_of[row].expect(day, (FIRST_COME, gives_up, work, row))

    def heard(self, case: Case, day: float, waited: float) -> None:
        """Note a request that was handled, and how long it had waited."""
        self.n_open -= 1
        self.noted["requests_heard"].append(case[ROW])
        self.waits.append(waited)

    def left(self, case: Case, day: float, waited: float) -> None:
        """Note a request that nobody heard."""
        self.n_open -= 1
        self.noted["requests_unheard"].append(case[ROW])

    def count(self, month: Month) -> None:
        """Work through the month that has ended, count it, and deposit what it did to trust."""
        if not self.running:
            self.flows = self.idle
            return
        world, n = self.world, self.world.n_rows
        busy = np.array([desk.work(world.now) for desk in self.desks])
        counts = {"requests": self.brought} | {
            name: np.bincount(np.array(rows, int), minlength=n) for name, rows in self.noted.items()
        }
        heard, waits = np.array(self.noted["requests_heard"], int), np.array(self.waits)
        prompt = np.bincount(heard[waits <= world.p.prompt_hearing_days], minlength=n)
        world.members.trust_shock += self.thanks * prompt + self.blame * counts["requests_unheard"]
        self.flows = counts | {
            "request_waited": sum_by(heard, waits, n), "service_busy": busy, "service_capacity": np.maximum(self.there, busy),
        }  # fmt: skip
        self.start_counting()

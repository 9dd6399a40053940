"""Careers of secretaries (书记): one seat a committee, one holder after the other (equation E7, first part).

Talent is what a holder brings, skill grows from it towards talent + gain; professional management lifts where it tends
to, a course adds to it and fades; a handover slows the committee down, less where a successor was prepared. Where the pool
of candidates is better, the same luck brings more talent. One person at both posts loses integrity, less where somebody
looks on. Holders leave between elections at a constant rate; an election replaces those of retirement age and some of the
others. The decree ends the seats of all constituents but the host.

Left out: schooling and motivation apart from talent. They would act on the same attempts and votes, and nothing tells
their sizes apart (evidence 4).
"""

from collections.abc import Generator
from functools import cache

import numpy as np
from simpy import Event

from villagesim.agents.secretaries import beta, truncated_normal
from villagesim.arrays import Floats, Ints, rows_where
from villagesim.component import Column, Lever
from villagesim.dates import DAYS_A_YEAR, Month
from villagesim.engine.events import Timer
from villagesim.parameters.careers import PARAMETERS
from villagesim.process import Process
from villagesim.randomness import occurs


class Careers(Process):
    """All seats of the county."""

    parameters = PARAMETERS
    owns = tuple(
        f"secretaries.{column}"
        for column in ("in_force", "number", "talent", "skill", "integrity", "since", "age", "home")
    )
    takes = ("secretaries.courses",)
    pulls = ("attempt_rate", "exit_rate")
    columns = (
        Column(
            name="n_replaced", meaning="secretaries replaced so far", unit="count", per="seat", kind="level", whole=True,
        ),
        Column(
            name="skill", meaning="skill of the secretary", unit="index 0 to 1", per="seat", kind="level",
            read="world.secretaries.skill",
        ),
        Column(
            name="integrity", meaning="integrity of the secretary", unit="index 0 to 1", per="seat", kind="level",
            read="world.secretaries.integrity",
        ),
    )  # fmt: skip
    levers = (
        Lever(
            name="professional", meaning="secretary managed one level up", unit="0 or 1", per="seat", rule="coverage",
        ),
        Lever(
            name="skill_support", meaning="added to the level that skill tends to", unit="index 0 to 1", per="seat",
            rule="level",
        ),
        Lever(
            name="talent_pool", meaning="talent that new holders bring beyond the ordinary", unit="index 0 to 1",
            per="seat", rule="level",
        ),
        Lever(
            name="integrity_loss", meaning="integrity lost under one person at both posts", unit="per year", per="seat",
            rule="level", after=("inspections",),
        ),
        Lever(
            name="supervision", meaning="part of the loss of integrity at both posts that is prevented", unit="share",
            per="seat", rule="level",
        ),
        Lever(
            name="integrity_gain", meaning="integrity gained where matters are open", unit="per year", per="seat",
            rule="level",
        ),
        Lever(
            name="exit_rate", meaning="holders who leave between elections", unit="per year", per="seat", rule="rate",
            base="exit_rate", stage="refresh",
        ),
    )  # fmt: skip

    def start(self) -> None:
        """Set up what it keeps, and declare its dates."""
        world = self.world
        self.n_replaced = np.zeros(world.n_rows)
        self.reckoned = np.zeros(world.n_rows)
        self.support, self.drift = self.support_now(), self.drift_now()
        self.leaving = [Event(world.env) for _ in range(world.n_rows)]
        self.candidates = cache(self._candidates)
        for seat in rows_where(world.secretaries.in_force).tolist():
            world.process(self.serving(seat))
        managed = world.levers.professional
        self.pull("attempt_rate", "secretary", self.pace)
        self.pull("exit_rate", "professional", lambda: np.where(managed.now, world.p.professional_exit, 1.0))
        calendar, dates = world.calendar, world.timetable
        if world.merging:
            calendar.declare("decree", "careers", self.remove_seats, dates.decree_days)
        calendar.declare("decree", "careers", self.elect, dates.elections)
        calendar.declare("refresh", "careers", self.learn)
        calendar.declare("births", "careers", self.resign)

    def serving(self, seat: int) -> Generator[Event, str, None]:
        """One seat's story: a holder serves until something ends it, then the next one takes over."""
        while True:
            reason = yield self.leaving[seat]
            self.world.log("secretary_left", self.village(seat), reason=reason)
            if reason == "merged":
                self.world.secretaries.in_force[seat] = False
                return
            self.leaving[seat] = Event(self.world.env)
            self.take_office(seat)

    def take_office(self, seat: int) -> None:
        """Let the next candidate take over; who it is was settled long ago (keyed by seat and number)."""
        world, now = self.world, self.world.now
        number = int(world.secretaries.number[seat]) + 1
        talent, integrity, age, lot = (column[seat] for column in self.candidates(number))
        talent = min(talent + world.levers.talent_pool.now[seat], 1.0)
        world.secretaries.number[seat] = number
        world.secretaries.talent[seat] = world.secretaries.skill[seat] = talent
        world.secretaries.integrity[seat] = integrity
        world.secretaries.since[seat] = self.reckoned[seat] = now
        world.secretaries.age[seat] = age - now / DAYS_A_YEAR
        world.secretaries.home[seat] = self._home(seat, lot)
        self.n_replaced[seat] += 1
        world.log("secretary_took_office", self.village(seat), number=number)

    def remove_seats(self, month: Month) -> None:
        """End the seats of committees that the decree removes; the host's secretary carries on, and new seats are filled."""
        for seat in rows_where(self.world.secretaries.in_force & ~self.world.is_village).tolist():
            self.leaving[seat].succeed("merged")
        for seat in rows_where(self.world.is_village & ~self.world.secretaries.in_force).tolist():
            self.leaving[seat] = Event(self.world.env)
            self.world.secretaries.in_force[seat] = True
            self.world.process(self.serving(seat))
            self.take_office(seat)
            self.n_replaced[seat] -= 1  # nobody was there before

    def elect(self, month: Month) -> None:
        """Hold the election: those of retirement age go, of the others some."""
        world, p = self.world, self.world.p
        age = world.secretaries.age + world.now / DAYS_A_YEAR
        unlucky = world.draws.uniform("election.replaced", world.keys, month.key) < p.p_replaced
        replaced = world.secretaries.in_force & world.is_village & ((age >= p.retirement_age) | unlucky)
        world.log("election", replaced=int(replaced.sum()))
        for seat in rows_where(replaced).tolist():
            self.leaving[seat].succeed("election")

    def learn(self, month: Month) -> None:
        """Let skill tend to talent + gain (+ what professional management adds), and add what courses gave.

        What policies set counts from now on: the month that has ended is reckoned with what was set then.
        """
        world, p, s = self.world, self.world.p, self.world.secretaries
        tends_to = s.talent + p.skill_gain + self.support
        kept = np.exp(-p.skill_pull / DAYS_A_YEAR * (world.now - self.reckoned))
        s.skill[:] = np.minimum(tends_to + (s.skill - tends_to) * kept + p.course_skill * s.courses, 1.0)
        s.courses[:] = 0.0
        moved = self.drift * (world.now - self.reckoned) / DAYS_A_YEAR
        s.integrity[:] = np.minimum(np.maximum(s.integrity + moved, 0.0), 1.0)
        self.reckoned[:] = world.now
        self.support, self.drift = self.support_now(), self.drift_now()

    def support_now(self) -> Floats:
        """What professional management and other support add to the level that skill tends to, by seat."""
        support: Floats = (
            self.world.p.professional_skill * self.world.levers.professional.now + self.world.levers.skill_support.now
        )
        return support

    def drift_now(self) -> Floats:
        """How fast integrity rises where matters are open, and falls under one person at both posts, per year, by seat."""
        world, managed = self.world, self.world.p.professional_supervision * self.world.levers.professional.now
        watched = np.minimum(world.levers.supervision.now + managed, 1.0)
        drift: Floats = world.levers.integrity_gain.now - world.levers.integrity_loss.now * (1 - watched)
        return drift

    def pace(self) -> Floats:
        """Factor of the attempts of a committee: by skill, slower after a handover unless it was prepared."""
        s, p = self.world.secretaries, self.world.p
        handover = (s.number > 0) & (self.world.now < s.since + p.handover_days)
        slowed = p.handover_pace + (1 - p.handover_pace) * (1 - self.world.levers.handover_loss.now)
        return (p.attempt_skill_intercept + s.skill) * np.where(handover, slowed, 1.0)

    def resign(self, month: Month) -> None:
        """Wake those seats whose holders leave within the coming month, each at its own instant."""
        world = self.world
        seats = rows_where(world.secretaries.in_force)
        rate = world.levers.exit_rate.now[seats]
        rows, after = occurs(world.draws, "secretary.exit", world.keys, month.key, month.days, rate, seats)
        for seat, wait in zip(seats[rows].tolist(), after.tolist(), strict=True):
            Timer(world.env, wait, self._exit, seat)

    def _exit(self, event: Timer) -> None:
        self.leaving[event.value].succeed("own wish")

    def village(self, seat: int) -> int:
        """Row of the village the seat belongs to now."""
        return int(self.world.village_of[seat])

    def _candidates(self, number: int) -> tuple[Floats, Floats, Floats, Floats]:
        """Talent, integrity, age and lot of the home village of every seat's holder of this number."""
        draws, keys, p = self.world.draws, self.world.keys, self.world.p
        talent = beta(p.skill_mean, p.skill_sd, draws.uniform("secretary.talent", keys, number))
        integrity = beta(p.integrity_mean, p.integrity_sd, draws.uniform("secretary.integrity", keys, number))
        age = truncated_normal(
            draws.uniform("secretary.new_age", keys, number),
            p.new_age_mean,
            p.new_age_sd,
            p.new_age_least,
            p.retirement_age - p.years_to_serve,
        )
        return talent, integrity, age, draws.uniform("secretary.home", keys, number)

    def _home(self, seat: int, lot: float) -> int:
        """Constituent the holder comes from, with the chance of its share of members."""
        rows: Ints = rows_where(self.world.village_of == self.world.village_of[seat])
        upto = np.cumsum(self.world.endowment.members[rows])
        return int(rows[np.searchsorted(upto, lot * upto[-1])])

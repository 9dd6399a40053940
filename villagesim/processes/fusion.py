"""Fusion of merged villages in five integrations (五个一体, equation E1): from the form of the decree to the fact.

Each integration has milestones. A committee tries one now and then, more often under a good secretary and where the
programme reaches it; then a facilitator of the township helps (queue), and the matter is put to the vote. In economy and
livelihood every constituent's members must agree, and each looks at its own gain or loss, so the rich part votes no; in
the other three the joint assembly decides. A lost vote closes the milestone for half a year.

Theory: unequal wealth and more parts make pooling rarer, and what has stayed split tends to stay split (evidence 3.2,
8.1). A milestone of leadership, operation or deliberation can be lost again, at a handover or by disputes. Where rights are
frozen (three unchanged, 三个不变), a won vote in economy pools new income only.
"""

from collections.abc import Generator
from dataclasses import dataclass
from functools import cache, partial
from math import exp

import numpy as np
from simpy import Event
from simpy.events import Timeout

from villagesim.agents.committees import (
    DELIBERATION,
    ECONOMY,
    INTEGRATIONS,
    LEADERSHIP,
    LIVELIHOOD,
    MILESTONES,
    OPERATION,
)
from villagesim.agents.secretaries import reference_skill
from villagesim.arrays import Floats, Ints, apart, rows_where, some, sum_by
from villagesim.component import Column, Lever
from villagesim.dates import DAYS_A_YEAR, Month
from villagesim.domains import NOT_NEGATIVE
from villagesim.engine.events import Timer
from villagesim.parameters.fusion import PARAMETERS
from villagesim.process import Process
from villagesim.randomness import arrivals

CAN_RELAPSE = (LEADERSHIP, OPERATION, DELIBERATION)
OF_THE_OFFICE = np.isin(np.arange(len(INTEGRATIONS)), (OPERATION, DELIBERATION))
"""Integrations in which a well-kept office, with papers and meetings in order, tries more often. Source: assumption."""
BLOCK = 8
"""Votes on a milestone whose luck is drawn together."""


@dataclass(eq=False, slots=True)
class Attempt:
    """One attempt at a milestone, as a case at the facilitators' desk; ``done`` tells whether a facilitator came."""

    duration: float
    done: Event
    priority: float = 0.0
    patience: float = float("inf")


def passed(integration: int, process: Process) -> Ints:
    """Milestones of one integration passed in fact, by village."""
    return process.world.committees.passed[:, integration]


class Fusion(Process):
    """All merged villages of the county on their way from form to fact."""

    parameters = PARAMETERS
    owns = ("committees.passed", "committees.cohesion", "world.register_of")
    deposits = ("members.trust_shock", "residents.forced", "world.to_share", "world.to_pool")
    pulls = ("attempt_rate",)
    needs = ("report", "made_real", "withdraw")
    columns = (
        *(
            Column(
                name=name, meaning=f"milestones of {name} passed in fact", unit="count", per="village", kind="level",
                whole=True, read=partial(passed, i),
            )
            for i, name in enumerate(INTEGRATIONS)
        ),
        Column(
            name="facilitator_busy", meaning="work of facilitators", unit="officer-days", per="township", kind="flow",
            read="busy_days", domain=NOT_NEGATIVE,
        ),
        Column(
            name="facilitator_capacity", meaning="time of facilitators", unit="officer-days", per="township", kind="flow",
            read="capacity_days", domain=NOT_NEGATIVE,
        ),
    )  # fmt: skip
    levers = (
        Lever(
            name="attempt_rate", meaning="attempts at a milestone of each integration", unit="per year", per="village",
            rule="rate", base="attempt_rate", stage="refresh",
        ),
        Lever(
            name="office_pace", meaning="attempts in operation and deliberation, relative to others", unit="factor",
            per="village", rule="rate", base=1.0,
        ),
        Lever(
            name="handover_loss", meaning="what a handover costs, relative to one that nobody prepared", unit="factor",
            per="village", rule="rate", base=1.0,
        ),
        Lever(name="programme", meaning="reached by the programme", unit="0 or 1", per="village", rule="coverage"),
        Lever(name="facilitators", meaning="facilitators", unit="posts", per="township", rule="capacity"),
        Lever(
            name="consent", meaning="added to the log odds of a yes in all votes", unit="logit points",
            per="constituent", rule="level", ceiling=np.inf,
        ),
        Lever(
            name="rights_frozen", meaning="rights stay as they are", unit="0 or 1", per="constituent", rule="coverage",
        ),
        Lever(
            name="by_order", meaning="accounts are pooled by order at the decree", unit="0 or 1", per="constituent",
            rule="coverage",
        ),
    )  # fmt: skip

    def start(self) -> None:
        """Set up what it keeps, and declare its dates."""
        world = self.world
        self.reference_skill = reference_skill(world.p)
        self.parts: dict[int, list[int]] = {}
        self.merged: Ints = np.zeros(0, np.int64)
        self.since, self.accounts = np.zeros(world.n_rows), np.arange(world.n_rows)
        self.own_utility: dict[int, float] = {}
        self.n_votes: dict[tuple[int, int], list[int]] = {}
        self.open: dict[tuple[int, int], Event] = {}
        self.complete: dict[tuple[int, int], Event] = {}
        self.holder = world.secretaries.number.copy()
        self.utilities: list[Floats] = []
        self.luck = cache(self._luck)
        self.desks = [
            world.desk("facilitators", lambda a: a.done.succeed(True), lambda a: a.done.succeed(False), k)
            for k in range(len(world.place.townships))
        ]
        self.busy_days = np.zeros(len(self.desks))
        self.capacity_days = np.zeros(len(self.desks))
        self.pull("attempt_rate", "programme", self.programme_factor)
        if world.merging:
            world.calendar.declare("decree", "fusion", self.begin, world.timetable.decree_days)
            world.calendar.declare("ledger", "fusion", self.count_hours)
            world.calendar.declare("trust", "fusion", self.grow_together)
            world.calendar.declare("refresh", "fusion", self.reckon_utilities)
            world.calendar.declare("births", "fusion", self.pool_by_order, world.timetable.decree_days)
            world.calendar.declare("births", "fusion", self.spawn_attempts)

    def begin(self, month: Month) -> None:
        """Start the stories of new villages on the day of a decree, which passes the first milestone of leadership.

        What villages that merge again had passed is passed no more; what they have pooled and joined stays so.
        """
        world = self.world
        for village in rows_where(world.changed).tolist():
            self.end(village, month)
        self.merged = rows_where(world.committees.merged)
        self.new = rows_where(world.committees.merged & world.changed)
        world.committees.cohesion[self.new] = world.p.cohesion_at_decree
        world.committees.passed[self.new, LEADERSHIP] = 1
        self.since[self.new] = world.now
        world.register_of[:] = apart(world.register_of, world.village_of)
        self.accounts[world.changed] = world.account_of[world.changed]
        self.luck.cache_clear()
        luck = world.p.vote_village_sd * world.draws.normal("vote.village", world.keys[self.new])
        for village, own in zip(self.new.tolist(), luck.tolist(), strict=True):
            self.own_utility[village] = own
            self.parts[village] = rows_where(world.village_of == village).tolist()
            for integration in range(len(INTEGRATIONS)):
                world.process(self.integrating(village, integration))

    def end(self, village: int, month: Month) -> None:
        """Let a village's stories end, as it is no longer what it was."""
        world = self.world
        self.parts.pop(village, None)
        world.committees.passed[village] = 0
        world.offers.withdraw(village, month)
        for integration in range(len(INTEGRATIONS)):
            self.open.pop((village, integration), None)
            self.complete.pop((village, integration), None)

    def pool_by_order(self, month: Month) -> None:
        """Pool accounts without asking: the first vote is held on paper, to know who would have said no.

        Who would have loses trust as by force, and the whole village quarrels; registers stay apart, and the matter open.
        """
        world = self.world
        ordered = world.levers.by_order.now & ~world.levers.rights_frozen.now
        for village in self.new[ordered[self.new]].tolist():
            against = self.vote(village, ECONOMY, 0, facilitated=False)
            world.to_pool.append(village)
            if against:
                world.members.trust_shock[against] += world.p.forced_trust
                world.residents.forced[self.parts[village]] += 1.0
            codes = [world.place.before.codes[part] for part in against]
            world.log("pooled_by_order", village, against=codes)

    def integrating(self, village: int, integration: int) -> Generator[Event, bool, None]:
        """One village's way through the milestones of one integration, one attempt after the other."""
        world, parts = self.world, self.parts[village]
        n_votes = self.n_votes.setdefault((village, integration), [0] * int(MILESTONES[integration]))
        while self.parts.get(village) is parts:  # a milestone that was lost again is voted on with new luck
            if world.committees.passed[village, integration] == MILESTONES[integration]:
                if integration not in CAN_RELAPSE:
                    return
                self.complete[village, integration] = Event(world.env)
                yield self.complete[village, integration]  # triggered by a relapse
            self.open[village, integration] = Event(world.env)
            yield self.open[village, integration]  # triggered by the month's births, at its own instant
            world.log("attempt_started", village, integration=INTEGRATIONS[integration])
            facilitated = False
            if world.levers.programme.now[village]:
                attempt = self.ask_for_facilitator(village)
                facilitated = yield attempt.done
                if self.parts.get(village) is not parts:
                    return
            milestone = int(world.committees.passed[village, integration])
            number = n_votes[milestone]
            n_votes[milestone] += 1
            against = self.vote(village, integration, number, facilitated)
            if against:
                self.refuse(village, integration, against)
                world.offers.report(village, integration, milestone, number)
                yield Timeout(world.env, world.p.lost_vote_wait)
            else:
                self.carry_out(village, integration)

    def ask_for_facilitator(self, village: int) -> Attempt:
        """Join the queue at the township's desk."""
        duration = self.world.p.facilitation_days * DAYS_A_YEAR / self.world.p.working_days
        attempt = Attempt(duration, Event(self.world.env))
        self.desks[self.world.place.township[village]].join(attempt)
        return attempt

    def vote(self, village: int, integration: int, n_votes: int, facilitated: bool) -> list[int]:
        """Put the matter to the vote; the rows of those who said no (of all, where the joint assembly did)."""
        world, p = self.world, self.world.p
        milestone = int(world.committees.passed[village, integration])
        luck = self.luck(integration, milestone, n_votes // BLOCK)[n_votes % BLOCK]
        late = max((world.now - self.since[village]) / DAYS_A_YEAR - p.vote_grace, 0.0)
        common = self.own_utility[village] + p.vote_facilitator * facilitated - p.vote_lateness * late
        parts, home = self.parts[village], int(world.secretaries.home[village])
        utilities = self.utilities[integration]
        opinions = [utilities[part] + common + p.vote_own_secretary * (part == home) for part in parts]
        if integration in (ECONOMY, LIVELIHOOD):
            return [
                part for part, opinion in zip(parts, opinions, strict=True) if luck[part] >= 1 / (1 + exp(-opinion))
            ]
        opinion = sum(self.weights[part] * o for part, o in zip(parts, opinions, strict=True))
        return [] if luck[village] < 1 / (1 + exp(-opinion)) else parts

    def carry_out(self, village: int, integration: int) -> None:
        """Pass the milestone; economy pools the accounts when the month is closed, livelihood joins the registers."""
        world = self.world
        world.committees.passed[village, integration] += 1
        world.offers.made_real(village, integration)
        world.members.trust_shock[self.parts[village]] += world.p.vote_won_trust
        world.log("vote_won", village, integration=INTEGRATIONS[integration])
        if integration == ECONOMY:
            (world.to_share if world.levers.rights_frozen.now[village] else world.to_pool).append(village)
        if integration == LIVELIHOOD:
            world.register_of[self.parts[village]] = village
            world.log("register_joined", village)

    def refuse(self, village: int, integration: int, against: list[int]) -> None:
        """Note who said no; the milestone is closed for a while."""
        world = self.world
        world.members.trust_shock[self.parts[village]] += world.p.vote_lost_trust
        codes = [world.place.before.codes[part] for part in against]
        world.log("vote_lost", village, integration=INTEGRATIONS[integration], against=codes)

    def grow_together(self, month: Month) -> None:
        """Let the cohesion of merged committees tend to where their leadership stands."""
        committees, p = self.world.committees, self.world.p
        leadership = committees.passed[:, LEADERSHIP] / MILESTONES[LEADERSHIP]
        target = p.cohesion_base + p.cohesion_of_leadership * leadership
        step = (target - committees.cohesion) * (1 - np.exp(-p.cohesion_pull * month.years))
        self.world.committees.cohesion[:] += step * committees.merged

    def programme_factor(self) -> Floats:
        """Factor of attempts where the programme and a facilitator reach: its rate replaces the own one."""
        world, p = self.world, self.world.p
        return np.where(world.levers.programme.now, p.programme_attempt_rate / p.attempt_rate, 1.0)

    def reckon_utilities(self, month: Month) -> None:
        """Work out for the coming month the utility of a yes to every part in each matter, but for what a vote adds (E1)."""
        if not self.parts:
            return
        world, p = self.world, self.world.p
        village_of, members = world.village_of, world.endowment.members.astype(float)
        total = np.maximum(world.by_village(members)[village_of], 1.0)
        self.weights = members / total
        heads = np.maximum(members, 1.0)
        income, debt = self.own_income(members), world.debt_by_constituent()
        mean_income = world.by_village(income)[village_of] / total
        mean_debt = world.by_village(debt)[village_of] / total
        service = p.vote_debt_service * (debt / heads - mean_debt) / np.maximum(mean_income, 1e-9)
        stake = np.where(world.levers.rights_frozen.now, p.frozen_stake, 1.0)
        economy = (
            relative_gain(mean_income, income / heads) + np.clip(service, -p.vote_debt_cap, p.vote_debt_cap)
        ) * stake
        benefits = world.benefits_now()
        mean_benefits = world.by_village(benefits * members)[village_of] / total
        livelihood = relative_gain(mean_benefits, benefits) * stake
        mood = (
            p.vote_trust * (world.members.trust - p.neutral_trust)
            + p.vote_cohesion * (world.committees.cohesion[village_of] - p.neutral_cohesion)
            + p.vote_skill * (world.secretaries.skill[village_of] - self.reference_skill)
            + world.levers.consent.now
        )
        everyone = p.vote_base_assembly + mood
        by_account = [
            p.vote_base_account + p.vote_loss * np.minimum(gain, 0) + p.vote_gain * np.maximum(gain, 0) + mood
            for gain in (economy, livelihood)
        ]
        self.utilities = [everyone, everyone, everyone, *by_account]

    def own_income(self, members: Floats) -> Floats:
        """What each part has to lose: its own income, or its part in an account that is older than the village [yuan]."""
        income, older = self.world.cooperatives.income_12m, self.accounts != np.arange(self.world.n_rows)
        if not some(older):
            return income
        income, total = (sum_by(self.accounts, each, len(members))[self.accounts] for each in (income, members))
        return income * members / np.maximum(total, 1.0)

    def spawn_attempts(self, month: Month) -> None:
        """Open the desks, and let the coming month's attempts be born, each with its instant."""
        self.staff_desks()
        if not self.parts:
            return
        self.relapse(month)
        world = self.world
        todo = world.committees.passed[self.merged] < MILESTONES
        which, integration = np.nonzero(todo)
        villages = self.merged[which]
        rate = world.levers.attempt_rate.now[villages]
        on_paper = world.committees.false_reports[villages, integration] > 0
        if some(on_paper):
            rate = rate * np.where(on_paper, world.p.told_pace, 1.0)
        if world.levers.office_pace.owners:
            rate = rate * np.where(OF_THE_OFFICE[integration], world.levers.office_pace.now[villages], 1.0)
        rows, _, when = arrivals(
            world.draws, "attempt", (world.keys[villages], integration), month.key, month.start, month.days, rate
        )  # fmt: skip
        keys = zip(villages[rows].tolist(), integration[rows].tolist(), strict=True)
        for key, instant in zip(keys, when.tolist(), strict=True):
            Timer(world.env, instant - month.start, self._arrive, key)

    def relapse(self, month: Month) -> None:
        """Let second milestones be lost: where the secretary has changed, and where disputes are open."""
        world, p = self.world, self.world.p
        merged, keys = self.merged, world.keys[self.merged]
        handover = world.secretaries.number[merged] != self.holder[merged]
        self.holder[:] = world.secretaries.number
        residents = np.maximum(world.by_village(world.endowment.residents)[merged], 1.0)
        open_disputes = 1000 * world.by_village(world.residents.open_disputes)[merged] / residents
        at_handover = p.relapse_at_handover * world.levers.handover_loss.now[merged]
        kept = np.exp(-p.relapse_by_disputes * open_disputes * month.years) * np.where(handover, 1 - at_handover, 1.0)
        full = world.committees.passed[merged][:, CAN_RELAPSE] == MILESTONES[list(CAN_RELAPSE)]
        luck = world.draws.uniform("relapse", keys[:, None], np.array(CAN_RELAPSE), month.key)
        for which, integration in zip(
            *(index.tolist() for index in np.nonzero(full & (luck > kept[:, None]))), strict=True
        ):
            village = int(merged[which])
            waiting = self.complete.pop((village, integration), None)
            if waiting is not None:
                world.committees.passed[village, integration] -= 1
                world.log("relapse", village, integration=INTEGRATIONS[integration])
                waiting.succeed()

    def _arrive(self, event: Timer) -> None:
        """Wake the village if it has nothing else open in this integration."""
        waiting = self.open.pop(event.value, None)
        if waiting is not None:
            waiting.succeed()

    def count_hours(self, month: Month) -> None:
        """Count the officer-time of the month that has ended [officers x days].

        A hearing that outlasts the officer's pay is finished all the same, and counts as time that was there.
        """
        self.busy_days[:] = [desk.take_busy_days() for desk in self.desks]
        self.capacity_days[:] = np.maximum([desk.capacity * month.days for desk in self.desks], self.busy_days)

    def staff_desks(self) -> None:
        """Let the desks have the facilitators that are paid for; without any, those who wait are voted without."""
        for desk, capacity in zip(self.desks, self.world.levers.facilitators.now.tolist(), strict=True):
            desk.set_capacity(capacity)
            if capacity == 0:
                desk.dismiss()

    def _luck(self, integration: int, milestone: int, block: int) -> list[list[float]]:
        """Uniforms of ``BLOCK`` votes on one milestone for every constituent."""
        votes = np.arange(block * BLOCK, (block + 1) * BLOCK)[:, None]
        keys = self.world.keys
        lots = self.world.draws.uniform("vote", keys[self.world.village_of], integration, milestone, votes, keys)
        return lots.tolist()


def relative_gain(mean: Floats, own: Floats) -> Floats:
    """What levelling gives or takes, relative to the larger of mean and own, within [-1, 1]."""
    return np.clip((mean - own) / np.maximum(np.maximum(mean, own), 1e-9), -1.0, 1.0)

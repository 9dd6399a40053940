"""Merger by decree: on paper it takes a day.

On the day, the parts become one village under the host constituent, whose committee and secretary carry on. What does
not happen by decree: cooperatives stay apart, cadres of removed committees stay for years and eat what their posts
would save, members of the smaller parts lose trust, most of all those who find nobody of their own on the committee
after the first election.

Between announcement and decree those parts that expect others to share their debts run them up.

Theory: the run-up comes from small parts, and is less where borrowing is watched (Sweden, Japan); savings come late and
in administration (Denmark, Netherlands, Germany); participation falls in small parts and at the first election
(Switzerland): evidence 3.3. Left out: moving people into new housing.
"""

import numpy as np

from villagesim.agents.committees import MILESTONES, OPERATION
from villagesim.arrays import Floats, Ints, apart, sum_by
from villagesim.component import Column, Lever
from villagesim.dates import DAYS_A_YEAR, Month, month_key
from villagesim.domains import NOT_NEGATIVE
from villagesim.parameters.merger import PARAMETERS
from villagesim.process import Process


class Merger(Process):
    """The decree and what it sets free."""

    parameters = PARAMETERS
    owns = (
        "world.decreed", "world.village_of", "world.changed", "world.removed", "committees.merged",
        "committees.surplus_cadres",
    )  # fmt: skip
    deposits = ("members.trust_shock", "cooperatives.run_up")
    columns = (
        Column(
            name="village_of", meaning="village to which it belongs", unit="row", per="constituent", kind="level",
            read="world.village_of", whole=True, before=lambda world: world.village_of,
        ),
        Column(
            name="saving", meaning="saved by the county, by removed committee", unit="yuan", per="constituent", kind="flow",
            domain=NOT_NEGATIVE,
        ),
    )  # fmt: skip
    levers = (
        Lever(
            name="freeze", meaning="part of the run-up of debts that frozen accounts prevent", unit="share",
            per="constituent", rule="level",
        ),
    )  # fmt: skip

    def start(self) -> None:
        """Set up what it keeps, and declare its dates."""
        world = self.world
        self.leaves = np.full((world.n_rows, round(world.p.surplus_posts)), np.inf)
        self.saving = np.zeros(world.n_rows)
        self.had_seats = world.is_village
        self.tempted: dict[int, Floats] = {}
        self.unrepresented = np.zeros(world.n_rows, bool)
        dates = world.timetable
        if world.merging:
            world.calendar.declare("decree", "merger", self.announce, dates.announcements)
            world.calendar.declare("harvest", "merger", self.run_up_debts)
            world.calendar.declare("decree", "merger", self.decree, dates.decree_days)
            world.calendar.declare("ledger", "merger", self.save)
            later = tuple(day for day in dates.elections if day >= dates.decree_days[0])
            if later:
                world.calendar.declare("decree", "merger", self.first_election, later)

    def announce(self, month: Month) -> None:
        """Make a plan known, or several: what an account owes tempts it, the more the smaller its part in the whole."""
        world, p = self.world, self.world.p
        for number, plan in enumerate(world.timetable.decrees):
            if month_key(plan.announcement) != month.key:
                continue
            world.log("announcement", decree=str(plan.day))
            others = 1 - self.part_of(world.villages_decreed[number + 1])
            cohesion = 1 - p.run_up_cohesion * world.committees.cohesion[world.village_of]
            tempted = p.run_up * p.perceived_sharing * others * cohesion * world.cooperatives.debt
            self.tempted[number] = tempted * world.place.changed[number]

    def part_of(self, village: Ints) -> Floats:
        """Part of every account in the members of its village to be, or the mean part where it will come apart, ``(n_rows,)``."""
        world, members = self.world, self.world.endowment.members.astype(float)
        parts, all_members = apart(world.account_of, village), np.maximum(sum_by(village, members, world.n_rows), 1.0)
        share = sum_by(parts, members, world.n_rows) / all_members[village]
        if parts is world.account_of:
            return share
        return world.by_account(members * share[parts]) / np.maximum(world.by_account(members), 1.0)

    def run_up_debts(self, month: Month) -> None:
        """Let the parts leave bills to the whole between announcement and decree (equation E6), evenly.

        Less where accounts are frozen, none where rights stay as they are.
        """
        world, decrees = self.world, self.world.timetable.decrees
        if not self.tempted:
            return
        held_back = np.where(world.levers.rights_frozen.now, 1.0, world.levers.freeze.now)
        for number, tempted in self.tempted.items():
            days = (decrees[number].day - decrees[number].announcement).days
            world.cooperatives.run_up += tempted * (1 - held_back) * month.days / days

    def decree(self, month: Month) -> None:
        """Make one village of its constituents; who gives up a seat stays on the pay roll for a while."""
        world, p, before, were = self.world, self.world.p, self.world.village_of, self.world.is_village
        self.tempted.pop(world.decreed, None)
        world.changed[:] = world.place.changed[world.decreed]
        world.decreed += 1
        village = world.villages_decreed[world.decreed]
        if world.changed.any() or world.decreed == 1:
            world.village_of = village
        world.committees.merged[:] = world.is_village & world.place.merged(village)
        world.removed[:] = were & ~world.is_village
        self.had_seats |= world.is_village
        world.committees.surplus_cadres[world.removed] = self.leaves.shape[1]
        luck = world.draws.uniform("surplus.leaves", world.keys[:, None], np.arange(self.leaves.shape[1]))
        self.leaves[world.removed] = (world.now - np.log(luck) * DAYS_A_YEAR / p.surplus_exit_rate)[world.removed]
        joined = world.changed & world.committees.merged[village]
        small = p.merger_trust_shock_small * (1 - self.share_from(before)) * (village != before)
        world.members.trust_shock += joined * (p.merger_trust_shock + small)
        self.unrepresented |= joined
        world.log("decree", villages_before=int(were.sum()), villages_after=int(world.is_village.sum()))

    def share_from(self, before: Ints) -> Floats:
        """Share, in the members of its village, of all constituents that came from the same one, ``(n_rows,)``."""
        world, village = self.world, self.world.village_of
        _, both = np.unique(before * world.n_rows + village, return_inverse=True)
        came = sum_by(both.ravel(), world.endowment.members, world.n_rows)[both.ravel()]
        return came / np.maximum(world.by_village(world.endowment.members), 1.0)[village]

    def save(self, month: Month) -> None:
        """Reckon what the county saves: offices at once, posts as surplus cadres leave, both as operation integrates.

        Equation E9: (office + pay x posts that are gone) x real operation, by removed committee and year.
        """
        world, p = self.world, self.world.p
        removed = ~world.is_village & self.had_seats
        still_there = (self.leaves > world.now).sum(axis=1)
        world.committees.surplus_cadres[:] = still_there * removed
        gone = self.leaves.shape[1] - still_there
        operation = world.committees.passed[world.village_of, OPERATION] / MILESTONES[OPERATION]
        self.saving = removed * (p.office_saving + p.cadre_pay * gone) * operation * month.years

    def first_election(self, month: Month) -> None:
        """Take trust from new parts that find nobody of their own on the committee: p = (1 - share)^seats."""
        world, p = self.world, self.world.p
        alone = (
            world.draws.uniform("election.own_member", world.keys) < (1 - world.member_shares()) ** p.committee_seats
        )
        world.members.trust_shock += self.unrepresented * alone * p.unrepresented_trust_shock
        self.unrepresented[:] = False

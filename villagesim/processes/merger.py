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
from villagesim.arrays import Floats, sum_by
from villagesim.component import Column, Lever
from villagesim.dates import DAYS_A_YEAR, Month
from villagesim.domains import NOT_NEGATIVE
from villagesim.parameters.merger import PARAMETERS
from villagesim.process import Process


class Merger(Process):
    """The decree and what it sets free."""

    parameters = PARAMETERS
    owns = ("world.decreed", "world.village_of", "committees.merged", "committees.surplus_cadres")
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
        self.tempted: Floats | None = None
        dates = world.timetable
        if world.merging and dates.decree is not None and dates.announcement is not None:
            world.calendar.declare("decree", "merger", self.announce, (dates.announcement,))
            world.calendar.declare("harvest", "merger", self.run_up_debts)
            world.calendar.declare("decree", "merger", self.decree, (dates.decree,))
            world.calendar.declare("ledger", "merger", self.save)
            later = [day for day in dates.elections if day >= dates.decree]
            if later:
                world.calendar.declare("decree", "merger", self.first_election, (min(later),))

    def announce(self, month: Month) -> None:
        """Make the plan known."""
        world, p = self.world, self.world.p
        world.log("announcement", decree=str(world.timetable.decree))
        village = world.place.village_of(world.endowment.members)
        members = world.endowment.members.astype(float)
        share = members / np.maximum(sum_by(village, members, world.n_rows)[village], 1.0)
        cohesion = 1 - p.run_up_cohesion * world.committees.cohesion
        self.tempted = p.run_up * p.perceived_sharing * (1 - share) * cohesion * world.cooperatives.debt

    def run_up_debts(self, month: Month) -> None:
        """Let the parts leave bills to the whole between announcement and decree (equation E6), evenly.

        Less where accounts are frozen, none where rights stay as they are.
        """
        world, dates = self.world, self.world.timetable
        if world.decreed or self.tempted is None or dates.decree is None or dates.announcement is None:
            return
        days = (dates.decree - dates.announcement).days
        held_back = np.where(world.levers.rights_frozen.now, 1.0, world.levers.freeze.now)
        world.cooperatives.run_up += self.tempted * (1 - held_back) * month.days / days

    def decree(self, month: Month) -> None:
        """Make one village of its constituents; who gives up a seat stays on the pay roll for a while."""
        world, p = self.world, self.world.p
        world.decreed = True
        world.village_of = world.place.village_of(world.endowment.members)
        world.committees.merged[:] = world.by_village(np.ones(world.n_rows)) >= 2
        removed = ~world.is_village
        world.committees.surplus_cadres[removed] = self.leaves.shape[1]
        luck = world.draws.uniform("surplus.leaves", world.keys[:, None], np.arange(self.leaves.shape[1]))
        self.leaves[removed] = (world.now - np.log(luck) * DAYS_A_YEAR / p.surplus_exit_rate)[removed]
        in_merged = world.committees.merged[world.village_of]
        small = p.merger_trust_shock_small * (1 - world.member_shares()) * removed
        world.members.trust_shock += in_merged * (p.merger_trust_shock + small)
        world.log("decree", villages_before=world.n_rows, villages_after=int(world.is_village.sum()))

    def save(self, month: Month) -> None:
        """Reckon what the county saves: offices at once, posts as surplus cadres leave, both as operation integrates.

        Equation E9: (office + pay x posts that are gone) x real operation, by removed committee and year.
        """
        world, p = self.world, self.world.p
        removed = ~world.is_village
        still_there = (self.leaves > world.now).sum(axis=1)
        world.committees.surplus_cadres[:] = still_there * removed
        gone = self.leaves.shape[1] - still_there
        operation = world.committees.passed[world.village_of, OPERATION] / MILESTONES[OPERATION]
        self.saving = removed * (p.office_saving + p.cadre_pay * gone) * operation * month.years

    def first_election(self, month: Month) -> None:
        """Take trust from parts that find nobody of their own on the committee: p = (1 - share)^seats."""
        world, p = self.world, self.world.p
        in_merged = world.committees.merged[world.village_of]
        alone = (
            world.draws.uniform("election.own_member", world.keys) < (1 - world.member_shares()) ** p.committee_seats
        )
        world.members.trust_shock += in_merged * alone * p.unrepresented_trust_shock

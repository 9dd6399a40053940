"""Alliances of villages (党建联合体): who is in one, under whom, and what comes of it (equation E4).

In a township the strongest villages, by observed income, lead the weakest. Projects in an alliance earn a little more, and
a member's secretary learns from a leader who is more skilled. Where four bodies are built together (四体共建), the villages
of an alliance also share the seed money that one of them gets. A belt of townships is a joint organisation without a
leader: its projects earn as in an alliance. Alliances last while they are paid for; the decree forms them anew.

Of the four bodies, alliance and resource pool act here; the industry cluster is the premium of the alliance, and the
governance community has no channel, for want of any figure. Left out: what an alliance costs its leader.
"""

import numpy as np

from villagesim.agents.alliances import AllianceOffer, clusters
from villagesim.arrays import Bools, Floats, Ints, rows_where, some
from villagesim.component import Column, Lever
from villagesim.dates import Month
from villagesim.process import Process


class JointOrganisations(Process):
    """All alliances of the county, and the record of who is reached by brand, zones and belt."""

    owns = ("alliances.leader", "alliances.four_bodies")
    takes = ("world.alliance_offers",)
    pulls = ("project_premium", "skill_support")
    columns = (
        Column(
            name="allied", meaning="in an alliance", unit="0 or 1", per="constituent", kind="level", whole=True,
            read=lambda process: process.world.alliances.leader >= 0,
        ),
        Column(
            name="belted", meaning="in a belt", unit="0 or 1", per="constituent", kind="level", whole=True,
            read="world.levers.belt.now",
        ),
        Column(
            name="branded", meaning="under the umbrella brand", unit="0 or 1", per="constituent", kind="level", whole=True,
            read="world.levers.branded.now",
        ),
        Column(
            name="in_zone", meaning="in a demonstration zone", unit="0 or 1", per="constituent", kind="level", whole=True,
            read="world.levers.zones.now",
        ),
    )  # fmt: skip
    levers = (
        Lever(name="belt", meaning="in a belt", unit="0 or 1", per="constituent", rule="coverage"),
        Lever(name="branded", meaning="under the umbrella brand", unit="0 or 1", per="constituent", rule="coverage"),
        Lever(name="zones", meaning="in a demonstration zone", unit="0 or 1", per="constituent", rule="coverage"),
    )

    def start(self) -> None:
        """Set up what it keeps, and declare its dates."""
        self.formed: dict[str, tuple[Ints, Bools, Ints]] = {}
        self.pull("project_premium", "joint organisations", self.premium)
        self.pull("skill_support", "leaders of alliances", self.support)
        self.world.calendar.declare("refresh", "alliances", self.group)

    def group(self, month: Month) -> None:
        """Say who is in an alliance in the coming month: as many whole ones as are paid for."""
        world = self.world
        if not world.alliance_offers:
            return
        leader = np.full(world.n_rows, -1)
        four_bodies = np.zeros(world.n_rows, bool)
        for label, offer in sorted(world.alliance_offers.items()):
            if offer.paid_share > 0:
                rows, leaders = self.paid_for(label, offer)
                leader[rows] = leaders
                four_bodies[rows] = offer.four_bodies
        world.alliances.leader[:] = leader
        world.alliances.four_bodies[:] = four_bodies

    def paid_for(self, label: str, offer: AllianceOffer) -> tuple[Ints, Ints]:
        """Constituents in the alliances of one offer that are paid for, by a lot that does not change; their leaders."""
        world = self.world
        leader_of = self.alliances_of(label, offer)[world.village_of]
        if offer.paid_share == 1:
            rows = rows_where(leader_of >= 0)
            return rows, leader_of[rows]
        leaders = np.unique(leader_of[leader_of >= 0])
        lot = world.draws.uniform("alliance.kept", world.keys[leaders])
        kept = leaders[np.argsort(lot, kind="stable")[: int(offer.paid_share * len(leaders) + 1e-9)]]
        rows = rows_where(np.isin(leader_of, kept))
        return rows, leader_of[rows]

    def alliances_of(self, label: str, offer: AllianceOffer) -> Ints:
        """Leader by village, -1 where there is none; formed when first paid for, and anew when decree or reach change."""
        world = self.world
        known = self.formed.get(label)
        if known is None or known[0] is not world.village_of or some(known[1] != offer.rows):
            taken = np.zeros(world.n_rows, bool)
            for other, (villages_then, _, leaders) in self.formed.items():
                stands = villages_then is world.village_of and world.alliance_offers[other].paid_share > 0
                taken |= (leaders >= 0) & (other != label) & stands
            villages = rows_where(offer.rows & world.is_village & ~taken)
            income = world.by_village(world.cooperatives.income_12m)
            members, leaders = clusters(villages, world.place.township, income, offer.share, offer.size)
            leader_of = np.full(world.n_rows, -1)
            leader_of[members] = leaders
            self.formed[label] = world.village_of, offer.rows, leader_of
        return self.formed[label][2]

    def premium(self) -> Floats | float:
        """What a joint organisation adds to the return of projects [of capital per year]."""
        world = self.world
        return world.p.alliance_premium * ((world.alliances.leader >= 0) | world.levers.belt.now)

    def support(self) -> Floats | float:
        """What the skill of a leader adds to where that of a member's secretary tends."""
        world = self.world
        if not world.alliance_offers:
            return 0.0
        leader, skill = world.alliances.leader, world.secretaries.skill
        ahead = np.maximum(skill[leader] - skill, 0.0)
        return np.where(leader >= 0, world.p.alliance_skill * ahead, 0.0)

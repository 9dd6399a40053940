"""Policies that cover villages month by month, each at a unit cost: alliances, brand, demonstration zones, belt."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from villagesim.agents.alliances import AllianceOffer
from villagesim.arrays import Bools, rows_where, sum_by
from villagesim.dates import Month
from villagesim.policies.per_village import PerVillage
from villagesim.policies.policy import ActivePolicy, Policy


@dataclass(frozen=True, kw_only=True)
class Alliances(Policy):
    """Party-building alliances (党建联合体): in each township the strongest villages by income lead the weakest.

    Channel: a premium on the return of projects; a member's secretary learns from a more skilled leader. Without projects
    there is little else than coverage. Where money is short, whole alliances are left out. Source: S0.alliance_target,
    S1.clusters; sizes and unit cost: assumption.

    Attributes
    ----------
    share : float, 0 to 1
        That shall be in an alliance. S0.alliance_target [share of the villages it reaches].
    size : int, at least 2
        In an alliance, its leader counted. Assumption [villages].
    four_bodies : bool
        True: alliance, resource pool, industry cluster and governance community together (四体共建, S0.four_bodies): besides,
        the villages of an alliance share the seed money that one of them gets. A reading: assumption.
    cost_per_village : float, at least 0
        Joint activities and agreements. Assumption [yuan per village in an alliance and year].
    """

    kind: ClassVar[str] = "alliances"
    expects = ("share_in_alliances", +1)
    deposits = ("world.alliance_offers",)
    share: float = 0.5
    size: int = 5
    four_bodies: bool = False
    cost_per_village: float = 5_000.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("share", 0 <= self.share <= 1, "a share between 0 and 1")
        self.require("size", 2 <= self.size <= 1_000, "at least 2 villages, and at most 1,000")

    def begin(self, active: ActivePolicy) -> None:
        """Call for alliances."""
        offer = AllianceOffer(active.rows, self.share, self.size, self.four_bodies)
        active.world.alliance_offers[self.label] = offer

    def claim(self, active: ActivePolicy, month: Month) -> float:
        """Cost of the month for the share of villages that shall be covered."""
        n = round(self.share * int((active.rows & active.world.is_village).sum()))
        return n * self.cost_per_village * month.years

    def act(self, active: ActivePolicy, month: Month, paid_share: float) -> None:
        """Let as many stand as are paid for."""
        offer = active.world.alliance_offers[self.label]
        offer.rows, offer.paid_share = active.rows, paid_share

    def finish(self, active: ActivePolicy) -> None:
        """Dissolve them."""
        active.world.alliance_offers[self.label].paid_share = 0.0


@dataclass(frozen=True, kw_only=True)
class UmbrellaBrand(PerVillage):
    """An umbrella brand of the county over the brands of towns and products (区域公用品牌).

    Channel: a premium on the return of projects under it, and a part of it for projects of other villages of the township:
    the more, the more of its villages are under the brand. Without projects there is nothing but coverage.
    Source: S0.brand; sizes and unit cost: assumption.

    Attributes
    ----------
    cost_per_village : float, at least 0
        Quality marks and advertising. Assumption [yuan per village and year].
    """

    kind: ClassVar[str] = "umbrella_brand"
    expects = ("project_income", +1)
    pulls = ("project_premium", "branded")
    cost_per_village: float = 2_000.0

    def serve(self, active: ActivePolicy, served: Bools, month: Month) -> None:
        """Put villages under the brand; some of its shine falls on their neighbours."""
        world, town = active.world, active.world.place.township
        n_towns, rows = len(world.place.townships), served[active.world.village_of]
        here, all_there = (sum_by(town, one, n_towns) for one in (served, world.is_village))
        near = world.p.brand_spill_over * (here / np.maximum(all_there, 1.0))[town]
        premium = world.p.brand_premium * np.where(rows, 1.0, near)
        active.pull("project_premium", lambda: premium)
        active.pull("branded", lambda: rows)


@dataclass(frozen=True, kw_only=True)
class DemonstrationZones(PerVillage):
    """Demonstration zones (示范区): whole townships whose villages show each other how it is done.

    Channel: the skill of their secretaries, who learn from visits; nothing else. The zones are the townships it reaches,
    or where these are too many, those with the highest income per resident published for the year before the start.
    Source: S0.brand (three zones), S2.talk (visits); sizes and unit cost: assumption.

    Attributes
    ----------
    zones : int, at least 1
        At most. S0.brand [townships].
    cost_per_village : float, at least 0
        Visits and show-pieces. Assumption [yuan per village in a zone and year].
    """

    kind: ClassVar[str] = "demonstration_zones"
    expects = ("share_in_demonstration_zones", +1)
    pulls = ("skill_support", "zones")
    zones: int = 3
    cost_per_village: float = 20_000.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("zones", 1 <= self.zones <= 1_000, "at least 1, and at most 1,000")

    def villages(self, active: ActivePolicy) -> Bools:
        """Villages it reaches in the richest townships among those it reaches."""
        world, town, n = active.world, active.world.place.township, len(active.world.place.townships)
        income, residents = (
            sum_by(town, values * active.rows, n) for values in (world.endowment.income, world.endowment.residents)
        )
        reached = rows_where(residents > 0)
        richest = reached[np.argsort(-income[reached] / residents[reached], kind="stable")[: self.zones]]
        zone = np.zeros(n, bool)
        zone[richest] = True
        return super().villages(active) & zone[town]

    def serve(self, active: ActivePolicy, served: Bools, month: Month) -> None:
        """Let them visit each other."""
        world, rows = active.world, served[active.world.village_of]
        active.pull("skill_support", lambda: world.p.zone_skill * rows)
        active.pull("zones", lambda: rows)


@dataclass(frozen=True, kw_only=True)
class Belt(PerVillage):
    """A belt of townships with a joint organisation, as along the Yellow River (沿黄党建带).

    Channel: projects earn as in an alliance, once, also where villages are in both; nobody leads. Name the townships in
    the target. Source: S0.yellow_river; that it acts as an alliance, and unit cost: assumption.

    Attributes
    ----------
    cost_per_village : float, at least 0
        Its joint office. Assumption [yuan per village and year].
    """

    kind: ClassVar[str] = "belt"
    expects = ("share_in_belt", +1)
    pulls = ("belt",)
    cost_per_village: float = 3_000.0

    def serve(self, active: ActivePolicy, served: Bools, month: Month) -> None:
        """Join them."""
        rows = served[active.world.village_of]
        active.pull("belt", lambda: rows)

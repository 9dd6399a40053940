"""Policies for secretaries: a profession managed one level up, helpers from outside, reserve cadres, training, visits."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from villagesim.arrays import Bools, rows_where
from villagesim.dates import Month
from villagesim.parameters import Parameters
from villagesim.policies.per_village import PerVillage
from villagesim.policies.policy import ActivePolicy, Policy


@dataclass(frozen=True, kw_only=True)
class ProfessionalSecretaries(PerVillage):
    """Secretaries as a profession (专业化管理): better paid, selected, and managed one level up.

    Channel: skill tends higher, fewer leave; more and better prepared attempts; one person at both posts loses less
    integrity. Better secretaries do not by themselves raise income. Source: S0.secretaries, S3.secretaries; sizes and unit
    cost: assumption.

    Attributes
    ----------
    cost_per_post : float, at least 0
        Top-up of pay in every village it reaches. Assumption [yuan per post and year].
    """

    kind: ClassVar[str] = "professional_secretaries"
    expects = ("real_integration", +1)
    pulls = ("professional",)
    cost_per_post: float = 35_000.0

    def serve(self, active: ActivePolicy, served: Bools, month: Month) -> None:
        """Manage these secretaries one level up."""
        active.pull("professional", lambda: served)


@dataclass(frozen=True, kw_only=True)
class FirstSecretary(PerVillage):
    """A first secretary (第一书记) sent from outside stands beside the village's own for a term (equation E19).

    Channel: skill tends higher while the helper is there, and falls back when the term is over; the helper brings money from
    outside, counted apart, and the village invests sooner. Who is not paid for brings nothing. Source of the sign: evidence
    4 (A); money: Q10; size and unit cost: assumption.

    Attributes
    ----------
    months : int, at least 1
        Length of the term, from ``start`` on. Assumption [months].
    cost_per_post : float, at least 0
        Pay and allowances, whoever bears them, in every village it reaches. Assumption [yuan per post and year].
    """

    kind: ClassVar[str] = "first_secretary"
    expects = ("real_integration", +1)
    pulls = ("skill_support", "helped")
    months: int = 24
    cost_per_post: float = 80_000.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("months", self.months >= 1, "a whole number of at least 1")

    def villages(self, active: ActivePolicy) -> Bools:
        """Those that it reaches, until the term is over."""
        return super().villages(active) & (active.months <= self.months)

    def serve(self, active: ActivePolicy, served: Bools, month: Month) -> None:
        """Let a helper stand beside these secretaries."""
        skill = active.world.p.first_secretary_skill * served
        active.pull("skill_support", lambda: skill)
        active.pull("helped", lambda: served)


@dataclass(frozen=True, kw_only=True)
class ReserveCadres(PerVillage):
    """Reserve cadres (后备干部): a successor is prepared for every seat it reaches.

    Channel: new holders bring more talent, and a handover costs less pace and fewer milestones. Whoever is in
    office stays when it ends. Source: S2.talk, S3.training
    for the measure; sizes and unit cost: assumption.

    Attributes
    ----------
    cost_per_candidate : float, at least 0
        Two courses' worth, for one candidate in every village it reaches. Assumption [yuan per candidate and year].
    """

    kind: ClassVar[str] = "reserve_cadres"
    expects = ("real_integration", +1)
    pulls = ("talent_pool", "handover_loss")
    cost_per_candidate: float = 3_000.0

    def serve(self, active: ActivePolicy, served: Bools, month: Month) -> None:
        """Keep a candidate ready for these seats."""
        p = active.world.p
        talent, loss = p.reserve_talent * served, np.where(served, p.reserve_handover, 1.0)
        active.pull("talent_pool", lambda: talent)
        active.pull("handover_loss", lambda: loss)


@dataclass(frozen=True, kw_only=True)
class Training(Policy):
    """Courses for secretaries.

    Channel: skill, which fades as it returns to its curve. Source: S3.training; unit cost: assumption.

    Attributes
    ----------
    places : int, at least 0
        Spread over the months, by lot among the villages it reaches, none twice in a month [attendances per year].
    cost_per_place : float, at least 0
        Assumption [yuan per attendance].
    """

    kind: ClassVar[str] = "training"
    expects = ("real_integration", +1)
    deposits = ("secretaries.courses",)
    example: ClassVar = {"places": 120}
    places: int
    cost_per_place: float = 1_500.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("places", self.places >= 0, "a whole number of at least 0")

    def worth(self, p: Parameters) -> float:
        """What a place gives, in courses."""
        return 1.0

    def places_of(self, active: ActivePolicy, month: Month) -> int:
        """Places of one month: a year's places spread over its months, none twice for one seat."""
        m = month.key % 12
        seats = int((active.rows & active.world.is_village).sum())
        return min((m + 1) * self.places // 12 - m * self.places // 12, seats)

    def claim(self, active: ActivePolicy, month: Month) -> float:
        """Cost of the month's places."""
        return self.places_of(active, month) * self.cost_per_place

    def paid_places(self, active: ActivePolicy, month: Month, paid_share: float) -> int:
        """Whole places of the month that are paid for."""
        return int(paid_share * self.places_of(active, month) + 1e-9)

    def does(self, active: ActivePolicy, month: Month, paid_share: float) -> bool:
        """Whether anybody goes to a course."""
        return self.paid_places(active, month, paid_share) > 0

    def act(self, active: ActivePolicy, month: Month, paid_share: float) -> None:
        """Send the month's secretaries to their course."""
        world = active.world
        seats = rows_where(active.rows & world.is_village)
        lot = world.draws.uniform(f"lot.{self.label}", world.keys[seats], month.key)
        n = self.paid_places(active, month, paid_share)
        world.secretaries.courses[seats[np.argsort(lot, kind="stable")[:n]]] += self.worth(world.p)


@dataclass(frozen=True, kw_only=True)
class Visits(Training):
    """Visits of secretaries to model villages (外出观摩): a small course.

    Channel: as training, by a part of a course. Source: S2.talk; size and unit cost: assumption.

    Attributes
    ----------
    places : int, at least 0
        Spread over the months as places of training [visits per year].
    cost_per_place : float, at least 0
        Assumption [yuan per visit].
    """

    kind: ClassVar[str] = "visits"
    example: ClassVar = {"places": 480}
    cost_per_place: float = 500.0

    def worth(self, p: Parameters) -> float:
        """What a visit gives, in courses."""
        return p.visit_worth

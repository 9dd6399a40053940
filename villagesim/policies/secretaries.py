"""Policies for secretaries: a profession managed one level up, and training."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from villagesim.dates import Month
from villagesim.policies.policy import Measure, Policy


@dataclass(frozen=True, kw_only=True)
class ProfessionalSecretaries(Policy):
    """Secretaries as a profession (专业化管理): better paid, selected, and managed one level up.

    Channel: skill tends higher, fewer leave; more and better prepared attempts. Better secretaries do not by themselves
    raise income. Source: S0.secretaries, S3.secretaries; sizes and unit cost: assumption.

    Attributes
    ----------
    cost_per_post : float
        Top-up of pay [yuan per year]. Assumption: 35,000.
    """

    kind: ClassVar[str] = "professional_secretaries"
    expects = ("real_integration", +1)
    cost_per_post: float = 35_000.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("cost_per_post", 0 <= self.cost_per_post < 1e9, "at least 0 yuan a year")

    def claim(self, measure: Measure, month: Month) -> float:
        """Top-ups of the month for all seats it reaches."""
        return float((measure.rows & measure.world.is_village).sum()) * self.cost_per_post * month.years

    def act(self, measure: Measure, month: Month, paid_share: float) -> None:
        """Keep as many as are paid for, whole posts, by a lot that does not change."""
        world = measure.world
        self.finish(measure)
        seats = np.flatnonzero(measure.rows & world.is_village)
        lot = world.draws.uniform(f"lot.{self.label}", world.keys[seats])
        kept = np.zeros(world.n_rows, bool)
        kept[seats[np.argsort(lot, kind="stable")[: int(paid_share * len(seats) + 1e-9)]]] = True
        world.professional.set(self.label, lambda: kept)

    def finish(self, measure: Measure) -> None:
        """End the top-ups."""
        measure.world.professional.drop(self.label)


@dataclass(frozen=True, kw_only=True)
class Training(Policy):
    """Courses for secretaries.

    Channel: skill, which fades as it returns to its curve. Source: S3.training; unit cost: assumption.

    Attributes
    ----------
    places : int
        Attendances a year, given out month by month by lot among the villages it reaches.
    cost_per_place : float
        Yuan per attendance. Assumption: 1,500.
    """

    kind: ClassVar[str] = "training"
    expects = ("real_integration", +1)
    places: int
    cost_per_place: float = 1_500.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("places", self.places >= 0, "a whole number of at least 0")
        self.require("cost_per_place", 0 <= self.cost_per_place < 1e7, "at least 0 yuan")

    def places_of(self, measure: Measure, month: Month) -> int:
        """Places of one month: a year's places spread over its months, none twice for one seat."""
        m = month.key % 12
        seats = int((measure.rows & measure.world.is_village).sum())
        return min((m + 1) * self.places // 12 - m * self.places // 12, seats)

    def claim(self, measure: Measure, month: Month) -> float:
        """Cost of the month's places."""
        return self.places_of(measure, month) * self.cost_per_place

    def act(self, measure: Measure, month: Month, paid_share: float) -> None:
        """Send the month's secretaries to their course."""
        world = measure.world
        seats = np.flatnonzero(measure.rows & world.is_village)
        lot = world.draws.uniform(f"lot.{self.label}", world.keys[seats], month.key)
        n = int(paid_share * self.places_of(measure, month) + 1e-9)
        world.secretaries.courses[seats[np.argsort(lot, kind="stable")[:n]]] += 1.0

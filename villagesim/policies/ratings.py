"""Policies that go by stars: rectification of the weak, and the plan that raises one class a year."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from villagesim.agents.ratings import ADVANCED, GOOD, STANDARD, WEAK
from villagesim.arrays import Bools
from villagesim.dates import Month
from villagesim.policies.officers import Officers
from villagesim.policies.policy import ActivePolicy


@dataclass(frozen=True, kw_only=True)
class Support(Officers):
    """Base of policies that rate villages and send support teams to those with certain stars.

    A village has a team and a leader tied to it from its rating on until it has moved up. Where officers are short, those
    come first that have had their stars longest, then those with the lowest score.
    """

    pulls = ("attempt_rate", "skill_support")
    deposits = ("world.rating_pools",)
    example: ClassVar = {"officers": 4}

    def stars_of(self, year: int) -> tuple[int, ...]:
        """Stars of the villages that are looked after in this year of the policy, the first being 0."""
        raise TypeError(f"{type(self).__name__} does not say whom it supports.")

    def claim(self, active: ActivePolicy, month: Month) -> float:
        """Pay of all posts for the month, as long as there is anything to do."""
        return super().claim(active, month) if self.stars_of(years_over(active)) else 0.0

    def act(self, active: ActivePolicy, month: Month, paid_share: float) -> None:
        """Have the villages rated, and look after as many as are paid for."""
        self.finish(active)
        officers = self.paid(paid_share)
        if not (officers and active.rows.any() and self.stars_of(years_over(active))):
            return
        world, p = active.world, active.world.p
        world.rating_pools[self.label] = active.rows
        listed = self.listed(active, month)
        if listed.any():
            order = np.lexsort((world.keys, world.ratings.score, world.ratings.since, ~listed))
            supported = np.zeros(world.n_rows, bool)
            supported[order[: int(officers * p.villages_per_officer + 1e-9)]] = True
            supported &= listed
            active.pull("attempt_rate", lambda: np.where(supported, p.support_pace, 1.0))
            active.pull("skill_support", lambda: p.support_skill * supported)

    def finish(self, active: ActivePolicy) -> None:
        """Call the teams home, and end the rating."""
        super().finish(active)
        active.world.rating_pools.pop(self.label, None)

    def listed(self, active: ActivePolicy, month: Month) -> Bools:
        """Villages of the year's class; struck off is who has moved up within the year."""
        ratings, villages = active.world.ratings, active.rows & active.world.is_village
        this_year = ratings.since >= month.key - (active.months - 1) % 12
        moved_up = this_year & (ratings.stars > ratings.before) & (ratings.before > 0)
        due = np.zeros(ADVANCED + 1, bool)
        due[list(self.stars_of(years_over(active)))] = True
        rows: Bools = villages & due[ratings.stars] & ~moved_up
        return rows


def years_over(active: ActivePolicy) -> int:
    """Whole years that a policy has run before the present month."""
    return (active.months - 1) // 12


@dataclass(frozen=True, kw_only=True)
class StarRating(Support):
    """Yearly rating with quotas, and rectification of weak organisations (软弱涣散整顿): a team and a leader for each.

    Channel: attempts, skill of the secretary. Many of the weak rise without any help, because the list is noisy. Source:
    S1.rating, S3.stars, S3.four_grips; sizes and unit cost: assumption.
    """

    kind: ClassVar[str] = "star_rating"
    expects = ("real_integration", +1)

    def stars_of(self, year: int) -> tuple[int, ...]:
        """Villages that are weak and lax, every year."""
        return (WEAK,)


@dataclass(frozen=True, kw_only=True)
class ThreeYearPlan(Support):
    """Three years to move up a class: tackle the weak, bring all up to standard, raise and strengthen (逐级提升).

    Channel: attempts, skill of the secretary, where the year's class is. One plan a village, struck off when it has moved
    up. After three years it costs and does nothing. Source: S0.three_year; sizes and unit cost: assumption.
    """

    kind: ClassVar[str] = "three_year_plan"
    expects = ("real_integration", +1)

    def stars_of(self, year: int) -> tuple[int, ...]:
        """Weak ones in the first year, all below standard in the second, all between in the third."""
        below = tuple(range(WEAK, STANDARD))
        return ((WEAK,), below, (STANDARD, GOOD))[year] if year < 3 else ()

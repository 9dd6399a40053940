"""Policies for the old and the young (一老一小), and for households in hardship."""

from dataclasses import dataclass
from typing import ClassVar

from villagesim.arrays import Floats
from villagesim.dates import Month
from villagesim.policies.policy import ActivePolicy, Policy

INSURANCE = 103.0
"""Insurance of a person over 70 in a city district [yuan per year]. Source: S1.welfare, over 4 million yuan for 38,700."""


@dataclass(frozen=True, kw_only=True)
class Welfare(Policy):
    """Insurance and canteens for the old and the young (一老一小).

    Channel: trust, by the share of old and young that is covered; no income, no votes of its own. Where money is short,
    fewer are covered. Where several reach a village, shares add up to 1 at most, and what goes beyond is lost. Source:
    S0.vulnerable, S1.welfare; cost of a canteen: assumption.

    Attributes
    ----------
    coverage : float, 0 to 1
        In all villages it reaches [share of the old and young].
    insurance_per_head : float, at least 0
        S1.welfare, for people over 70; used for all who are covered [yuan per person covered and year].
    canteen_per_head : float, at least 0
        Assumption [yuan per person covered and year].
    """

    kind: ClassVar[str] = "welfare"
    expects = ("trust", +1)
    pulls = ("welfare",)
    deposits = ("residents.welfare_paid",)
    example: ClassVar = {"coverage": 0.5}
    coverage: float
    insurance_per_head: float = INSURANCE
    canteen_per_head: float = 100.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("coverage", 0 <= self.coverage <= 1, "a share between 0 and 1")
        self.require("insurance_per_head", 0 <= self.insurance_per_head < 1e6, "at least 0 yuan a year, and below 1e6")
        self.require("canteen_per_head", 0 <= self.canteen_per_head < 1e6, "at least 0 yuan a year, and below 1e6")

    def cost(self, active: ActivePolicy, month: Month) -> Floats:
        """Cost of the month by constituent [yuan], ``(n_rows,)``."""
        p, residents = active.world.p, active.world.endowment.residents.astype(float)
        heads = self.coverage * (p.share_old + p.share_young) * residents * active.rows
        cost: Floats = (self.insurance_per_head + self.canteen_per_head) * month.years * heads
        return cost

    def claim(self, active: ActivePolicy, month: Month) -> float:
        """Cost of the month for all who are to be covered."""
        return float(self.cost(active, month).sum())

    def does(self, active: ActivePolicy, month: Month, paid_share: float) -> bool:
        """Whether anybody is covered."""
        return self.coverage > 0 and super().does(active, month, paid_share)

    def act(self, active: ActivePolicy, month: Month, paid_share: float) -> None:
        """Cover as many as are paid for."""
        world = active.world
        self.finish(active)
        covered = self.coverage * paid_share * active.rows
        active.pull("welfare", lambda: covered)
        world.residents.welfare_paid += paid_share * self.cost(active, month)


@dataclass(frozen=True, kw_only=True)
class HardshipFallback(Policy):
    """A fallback for households in special hardship (兜底保障).

    Channel: trust, by the share of residents who live in a household that is helped: next to nothing, as they are few. It is
    there for them, not for the averages. Source: S1.welfare, 529 households; unit cost: assumption.

    Attributes
    ----------
    households : int, at least 0
        Helped at any time in all villages that it reaches, in each in proportion to its residents [households].
    cost_per_household : float, at least 0
        Assumption [yuan per household and year].
    """

    kind: ClassVar[str] = "hardship_fallback"
    expects = ("trust", 0)
    deposits = ("members.trust_shock", "residents.welfare_paid")
    example: ClassVar = {"households": 60}
    households: int
    cost_per_household: float = 6_000.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("households", 0 <= self.households < 10**7, "a whole number of at least 0 and below 1e7")

    def claim(self, active: ActivePolicy, month: Month) -> float:
        """Cost of the month for all households."""
        reached = active.rows & (active.world.endowment.residents > 0)
        return self.households * self.cost_per_household * month.years * bool(reached.any())

    def act(self, active: ActivePolicy, month: Month, paid_share: float) -> None:
        """Help as many households as are paid for."""
        world, p = active.world, active.world.p
        residents = world.endowment.residents * active.rows
        total, n_helped = max(float(residents.sum()), 1.0), paid_share * self.households
        of_residents = min(n_helped * p.household_size / total, 1.0)
        world.members.trust_shock += p.hardship_trust * month.years * of_residents * (residents > 0)
        world.residents.welfare_paid += self.cost_per_household * month.years * n_helped / total * residents

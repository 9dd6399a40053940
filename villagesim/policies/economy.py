"""Policies on what collectives own and book: share reform, conversion to communities, top-ups to a threshold."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from villagesim.arrays import Bools, Floats, rows_where
from villagesim.dates import Month
from villagesim.engine.fund import FEN, fen, fen_up
from villagesim.policies.per_village import PerVillage
from villagesim.policies.policy import ActivePolicy, Policy


@dataclass(frozen=True, kw_only=True)
class ShareReform(PerVillage):
    """Share reform (三变): members hold shares, and get a part of what the collective earns as dividends.

    Channel: dividends out of the account's surplus, in place of works and pay; trust for a year's dividend; consent to
    milestones, since it is known who owns what; empty buildings are let sooner. Source: S0.land_trust; sizes and unit cost:
    assumption.

    Attributes
    ----------
    share : float, 0 to 1
        Paid out. Assumption [share of what is left of a surplus after repayment and saving].
    cost_per_village : float, at least 0
        Survey of assets, registers of shares. Assumption [yuan per village and year].
    """

    kind: ClassVar[str] = "share_reform"
    expects = ("trust", +1)
    pulls = ("dividend_share", "consent", "own_letting")
    share: float = 0.3
    cost_per_village: float = 10_000.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("share", 0 <= self.share <= 1, "a share between 0 and 1")

    def serve(self, active: ActivePolicy, served: Bools, month: Month) -> None:
        """Let members have their part."""
        world, rows = active.world, served[active.world.village_of]
        active.pull("dividend_share", lambda: self.share * rows)
        active.pull("consent", lambda: world.p.share_reform_consent * rows)
        active.pull("own_letting", lambda: np.where(rows, world.p.share_reform_letting, 1.0))


@dataclass(frozen=True, kw_only=True)
class CommunityConversion(PerVillage):
    """Conversion of villages to urban communities (村改社区), with the rights of members unchanged.

    Channel: no more farmland for trusts, dearer offices and services, more rent, frozen rights; never undone. Whole
    villages, by lot, as they are paid for. Source: S0.three_unchanged; S3.pay for the office; the rest: assumption.

    Attributes
    ----------
    cost_per_village : float, at least 0
        Service centre and change of registers. Assumption [yuan per village, once].
    """

    kind: ClassVar[str] = "community_conversion"
    expects = ("operating_income", +1)
    deposits = ("world.to_convert",)
    cost_per_village: float = 500_000.0

    def villages(self, active: ActivePolicy) -> Bools:
        """Villages it reaches that are not yet converted."""
        left: Bools = super().villages(active) & ~active.world.committees.community
        return left

    def claim(self, active: ActivePolicy, month: Month) -> float:
        """Cost of converting all that are left."""
        return float(self.villages(active).sum()) * self.cost_per_village

    def serve(self, active: ActivePolicy, served: Bools, month: Month) -> None:
        """Convert them."""
        active.world.to_convert.extend(rows_where(served).tolist())


@dataclass(frozen=True, kw_only=True)
class TopUp(Policy):
    """Grants booked as income to villages just below a threshold, so that they pass it when the year is counted.

    Channel: the published share above the threshold, and nothing else that matters: it shows how a share can be gamed.
    Each 1 December villages whose collective income of twelve months, earlier top-ups left out, lies in the margin below
    the threshold get what lifts them to it, the nearest first. Source: evidence 2, A 9, A 10 (heaping, lines); sizes: assumption.

    Attributes
    ----------
    threshold : float, at least 0
        S0.income_target [yuan of the year].
    margin : float, at least 0
        How far below it a village may be. Assumption [yuan per year].
    cushion : float, at least 0
        Paid on top, since December may bring less than a year ago. Assumption [yuan].
    """

    kind: ClassVar[str] = "top_up"
    expects = ("nominal_share_above_500k", +1)
    deposits = ("cooperatives.top_up",)
    example: ClassVar = {"margin": 250_000.0}
    threshold: float = 500_000.0
    margin: float = 50_000.0
    cushion: float = 10_000.0

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("threshold", "margin", "cushion"):
            self.require(name, 0 <= getattr(self, name) < 1e9, "at least 0 yuan, and below 1e9")

    def gaps(self, active: ActivePolicy, month: Month) -> Floats:
        """What lifts each village to the threshold, and a little above it, by village; 0 for those that get nothing."""
        world = active.world
        if month.key % 12 != 11:
            return np.zeros(world.n_rows)
        reported = world.observed("reported_collective_income") / world.price_level
        below = self.threshold / world.price_level - (reported - world.observed("top_up_income"))
        near = active.rows & world.is_village & (below > 0) & (below <= self.margin)
        return np.where(near, below + self.cushion, 0.0)

    def claim(self, active: ActivePolicy, month: Month) -> float:
        """All of it, in December."""
        return float(self.gaps(active, month).sum())

    def does(self, active: ActivePolicy, month: Month, paid_share: float) -> bool:
        """Whether anybody is lifted."""
        return active.spent > 0

    def act(self, active: ActivePolicy, month: Month, paid_share: float) -> None:
        """Lift as many as the money reaches, to the fen; it belongs to the members of all parts."""
        world, gaps = active.world, self.gaps(active, month)
        left = round(paid_share * fen_up(float(gaps.sum())))
        villages = rows_where(gaps > 0)
        amounts = np.zeros(world.n_rows)
        for number, village in enumerate(
            villages[np.lexsort((world.keys[villages], gaps[villages]))].tolist(), start=1
        ):
            amounts[village] = left if number == len(villages) else min(fen(float(gaps[village])), left)
            left -= int(amounts[village])
        world.cooperatives.top_up += world.member_shares() * amounts[world.village_of] / FEN

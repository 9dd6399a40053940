"""Policies for the committee's office: money and pay that are guaranteed, clerks."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from villagesim.arrays import Bools
from villagesim.dates import Month
from villagesim.policies.per_village import PerVillage
from villagesim.policies.policy import ActivePolicy

OFFICE_FUND, MEAN_PAY = 50_000.0, 33_000.0
"""What the guarantee is in its source [yuan per village and year; yuan per post and year]. Source: S3.pay."""


@dataclass(frozen=True, kw_only=True)
class PayGuarantee(PerVillage):
    """The county guarantees the office fund and the secretary's pay.

    Channel: the fund pays the village's office as far as it costs, so its account keeps more (no income is booked, so no
    published figure rises); a well-kept office tries operation and deliberation more often; guaranteed pay brings better
    candidates. What the fund holds beyond the cost is used up. Less than the amounts of the source act in proportion, more
    do not act more. Whoever is in office stays when it ends. Source: S3.pay for both amounts; sizes: assumption.

    Attributes
    ----------
    office_fund : float, at least 0
        Of the committee's office. S3.pay [yuan per village and year].
    pay : float, at least 0
        Borne by the county for the secretary. S3.pay: the mean pay of village cadres [yuan per post and year].
    """

    kind: ClassVar[str] = "pay_guarantee"
    expects = ("real_integration", +1)
    pulls = ("office_pace", "talent_pool")
    deposits = ("cooperatives.office_paid",)
    office_fund: float = OFFICE_FUND
    pay: float = MEAN_PAY

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("office_fund", 0 <= self.office_fund < 1e9, "at least 0 yuan a year, and below 1e9")
        self.require("pay", 0 <= self.pay < 1e9, "at least 0 yuan a year, and below 1e9")

    @property
    def unit_cost(self) -> float:
        """Fund and pay of one village [yuan per year]."""
        return self.office_fund + self.pay

    def serve(self, active: ActivePolicy, served: Bools, month: Month) -> None:
        """Pay for the month, and let office and candidates count on it."""
        world, p = active.world, active.world.p
        pace = 1 + (p.office_fund_pace - 1) * min(self.office_fund / OFFICE_FUND, 1.0) * served
        talent = p.guaranteed_pay_talent * min(self.pay / MEAN_PAY, 1.0) * served
        active.pull("office_pace", lambda: pace)
        active.pull("talent_pool", lambda: talent)
        world.cooperatives.office_paid += self.office_fund * month.years * served


@dataclass(frozen=True, kw_only=True)
class Clerks(PerVillage):
    """Public-service clerks and hired party workers (公职化文书): papers, registers and meetings are kept in order.

    Channel: operation and deliberation are tried more often, and a handover costs less, since the files stay. Source:
    S3.secretaries, S2.talk for the measure; sizes: assumption.

    Attributes
    ----------
    cost_per_post : float, at least 0
        Pay of one clerk in every village it reaches. S3.pay: the mean pay of village cadres [yuan per post and year].
    """

    kind: ClassVar[str] = "clerks"
    expects = ("real_integration", +1)
    pulls = ("office_pace", "handover_loss")
    cost_per_post: float = MEAN_PAY

    def serve(self, active: ActivePolicy, served: Bools, month: Month) -> None:
        """Put a clerk into these offices."""
        p = active.world.p
        pace, loss = np.where(served, p.clerk_pace, 1.0), np.where(served, p.clerk_handover, 1.0)
        active.pull("office_pace", lambda: pace)
        active.pull("handover_loss", lambda: loss)

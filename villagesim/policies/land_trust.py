"""Roll-out of land trusts with two guarantees and one dividend (两保底一分红).

Channel: households bring land in (as far as the roll-out is paid for), operators owe floors to them and to the collective.
Source: S0.land_trust; terms and unit cost are assumptions.
"""

from dataclasses import dataclass
from math import isclose
from typing import ClassVar

from villagesim.agents.land_trusts import Terms, TrustOffer
from villagesim.dates import Month
from villagesim.engine.fund import fen
from villagesim.policies.policy import ActivePolicy, Policy


@dataclass(frozen=True, kw_only=True)
class LandTrust(Policy):
    """Offer of trusteeship to the households of the villages it reaches.

    Attributes
    ----------
    household_floor, collective_floor : float
        The two guarantees [yuan per mu and year]. Assumption: 800 (600 to 1,000) and 100 (30 to 150).
    split : tuple of four floats
        Shares of households, collective, operator, old and young in a surplus. Assumption.
    households_first, by_member, gross, alliance : bool
        Who is paid first where money is short; how the households' dividend is divided; how the collective books; whether
        the villages of a township share one operator. See :class:`villagesim.agents.land_trusts.Terms`.
    cost_per_mu : float
        Of winning and measuring new land, paid once [yuan per mu]. Assumption: 30.
    """

    kind: ClassVar[str] = "land_trust"
    expects = ("operating_income", +1)
    deposits = ("world.trust_offers",)
    needs = ("trust_demand",)
    household_floor: float = 800.0
    collective_floor: float = 100.0
    split: tuple[float, float, float, float] = (0.45, 0.20, 0.30, 0.05)
    households_first: bool = False
    by_member: bool = False
    gross: bool = False
    alliance: bool = False
    cost_per_mu: float = 30.0

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "split", tuple(self.split))
        self.require("household_floor", 0 <= self.household_floor < 1e5, "at least 0 yuan per mu and year")
        self.require("collective_floor", 0 <= self.collective_floor < 1e5, "at least 0 yuan per mu and year")
        self.require(
            "split",
            len(self.split) == 4 and min(self.split) >= 0 and isclose(sum(self.split), 1.0, abs_tol=1e-9),
            "four shares of at least 0 that add up to 1 (households, collective, operator, old and young)",
        )

    def begin(self, active: ActivePolicy) -> None:
        """Put the offer on the table."""
        terms = Terms(
            self.household_floor, self.collective_floor, self.split, self.households_first, self.by_member, self.gross,
            self.alliance,
        )  # fmt: skip
        active.world.trust_offers[self.label] = TrustOffer(terms, active.rows, lambda: self.has_money(active))

    def has_money(self, active: ActivePolicy) -> bool:
        """Whether own cap and fund leave anything; what costs nothing needs no money."""
        left = self.budget is None or active.spent < fen(self.budget)
        return self.cost_per_mu == 0 or (left and active.world.fund.level > 0)

    def claim(self, active: ActivePolicy, month: Month) -> float:
        """Cost of the land that households would bring in in the coming month."""
        return self.cost_per_mu * active.world.offers.trust_demand(self.label, month)

    def act(self, active: ActivePolicy, month: Month, paid_share: float) -> None:
        """Let join whom the money reaches."""
        offer = active.world.trust_offers[self.label]
        offer.paid_share, offer.rows = paid_share, active.rows
        offer.begun |= paid_share > 0

    def finish(self, active: ActivePolicy) -> None:
        """Win no more land; what is in trust stays."""
        offer = active.world.trust_offers[self.label]
        offer.paid_share, offer.has_money = 0.0, lambda: False

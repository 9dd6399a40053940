"""Roll-out of land trusts with two guarantees and one dividend."""

from dataclasses import dataclass
from math import isclose
from typing import ClassVar

from villagesim.agents.land_trusts import Terms, TrustOffer
from villagesim.dates import Month
from villagesim.engine.fund import fen
from villagesim.policies.policy import ActivePolicy, Policy


@dataclass(frozen=True, kw_only=True)
class LandTrust(Policy):
    """Roll-out of land trusts with two guarantees and one dividend (两保底一分红): an offer of trusteeship to households.

    Channel: households bring land in (as far as the roll-out is paid for), operators owe floors to them and to the
    collective. Where several land trusts reach a village, only the first by its label makes its offer there. Source:
    S0.land_trust; terms and unit cost: assumption.

    Attributes
    ----------
    household_floor : float, at least 0
        Owed to households. Assumption, 600 to 1,000 [yuan per mu and year].
    collective_floor : float, at least 0
        Owed to the collective. Assumption, 30 to 150 [yuan per mu and year].
    split : tuple of four floats
        Of a surplus: households, collective, operator, old and young. Assumption [shares that add up to 1].
    households_first : bool
        Where money is short: false pays both floors in proportion, true the floor to households first.
    by_member : bool
        The households' dividend: false by land, true by members.
    gross : bool
        What the collective books: false its own part, true all that the trust sells. True raises ``collective_income`` by
        money that only passes through.
    alliance : bool
        True: the villages of a township share one operator.
    cost_per_mu : float, at least 0
        Winning and measuring new land. Assumption [yuan per mu, paid once].
    """

    kind: ClassVar[str] = "land_trust"
    expects = ("operating_income", +1)
    deposits = ("world.trust_offers",)
    needs = ("trust_demand",)
    ranges: ClassVar = {
        "household_floor": (600.0, 1000.0, "yuan per mu and year"),
        "collective_floor": (30.0, 150.0, "yuan per mu and year"),
    }
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

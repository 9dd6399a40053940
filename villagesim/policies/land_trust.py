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
    """Roll-out of land trusts with two guarantees and one dividend (两保底一分红): villages begin one at the sowing of November.

    Channel: more villages begin than would by themselves (as far as that is paid for); a firm owes floors to households and to
    the collective, or the village farms itself, with gain and loss. Where several land trusts reach a village, only the first
    by its label makes its offer there. Source: S0.land_trust, Q16; unit cost: assumption.

    Attributes
    ----------
    household_floor : float, at least 0
        Owed to households by a firm. Q16 (B) gives 800, in one contract. Assumption, 600 to 1,000 [yuan per mu and year].
    collective_floor : float, at least 0
        Owed to the collective by a firm. Q16 (B) gives 100, in one contract. Assumption, 30 to 150 [yuan per mu and year].
    split : tuple of five floats
        Of a firm's surplus: households, collective, operator, old and young, service station. Q16 (B) [shares that add up to 1].
    villages : int, at least 0
        That are brought in a year, while all that it reaches are without: each one with this chance at every sowing.
        Assumption, 50 to 200 in a district of 532 [villages a year].
    own_share : float, 0 to 1
        Of them that farm themselves, where skill is usual; left out: ``own_share`` of the parameters [share of villages].
    households_first : bool
        Where money is short: false pays both floors in proportion, true the floor to households first.
    by_member : bool
        The households' dividend: false by land, true by members.
    gross : bool
        What is reported of own farming: false its result, true all that it sells. True raises ``reported_collective_income``
        and moves no money.
    alliance : bool
        True: the villages of a township share one operator.
    equity_for_new_land : bool
        True: a firm puts up money for land that is new at every sowing; false: only for that with which it begins.
    cost_per_mu : float, at least 0
        Winning and measuring the first land of a village. Assumption [yuan per mu, paid once].
    """

    kind: ClassVar[str] = "land_trust"
    expects = ("operating_income", +1)
    deposits = ("world.trust_offers",)
    needs = ("trust_demand",)
    ranges: ClassVar = {
        "household_floor": (600.0, 1000.0, "yuan per mu and year"),
        "collective_floor": (30.0, 150.0, "yuan per mu and year"),
    }
    household_floor: float = Terms.household_floor
    collective_floor: float = Terms.collective_floor
    split: tuple[float, float, float, float, float] = Terms.split
    villages: int = 100
    own_share: float | None = None
    households_first: bool = False
    by_member: bool = False
    gross: bool = False
    alliance: bool = False
    equity_for_new_land: bool = True
    cost_per_mu: float = 30.0

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "split", tuple(self.split))
        self.require(
            "household_floor", 0 <= self.household_floor < 1e5, "at least 0 yuan per mu and year, and below 1e5"
        )
        self.require(
            "collective_floor", 0 <= self.collective_floor < 1e5, "at least 0 yuan per mu and year, and below 1e5"
        )
        self.require(
            "split",
            len(self.split) == 5 and min(self.split) >= 0 and isclose(sum(self.split), 1.0, abs_tol=1e-9),
            "five shares of at least 0 that add up to 1 (households, collective, operator, old and young, station)",
        )
        self.require("villages", self.villages >= 0, "a whole number of at least 0")
        self.require("own_share", self.own_share is None or 0 <= self.own_share <= 1, "a share between 0 and 1")

    def begin(self, active: ActivePolicy) -> None:
        """Put the offer on the table."""
        terms = Terms(
            self.household_floor, self.collective_floor, self.split, self.households_first, self.by_member, self.gross,
            self.alliance, self.equity_for_new_land,
        )  # fmt: skip
        own_share = active.world.p.own_share if self.own_share is None else self.own_share
        active.world.trust_offers[self.label] = TrustOffer(
            terms, active.rows, lambda: self.has_money(active), self.villages, own_share
        )

    def has_money(self, active: ActivePolicy) -> bool:
        """Whether own cap and fund leave anything; what costs nothing needs no money."""
        left = self.budget is None or active.spent < fen(self.budget)
        return self.cost_per_mu == 0 or (left and active.world.fund.level > 0)

    def claim(self, active: ActivePolicy, month: Month) -> float:
        """Cost of the first land of the villages that would begin in the coming month."""
        return self.cost_per_mu * active.world.offers.trust_demand(self.label, month)

    def act(self, active: ActivePolicy, month: Month, paid_share: float) -> None:
        """Let begin whom the money reaches."""
        offer = active.world.trust_offers[self.label]
        offer.paid_share, offer.rows = paid_share, active.rows
        offer.begun |= active.spent > 0 or (self.cost_per_mu == 0 and paid_share > 0)

    def finish(self, active: ActivePolicy) -> None:
        """Bring in no more villages; those that have begun go on."""
        offer = active.world.trust_offers[self.label]
        offer.paid_share, offer.has_money = 0.0, lambda: False

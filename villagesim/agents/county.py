"""One county: its kinds of agents, which village and account each constituent belongs to, and sums over them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from villagesim.agents.alliances import AllianceColumns, AllianceOffer
from villagesim.agents.assets import AssetColumns, Campaign, ContractColumns
from villagesim.agents.committees import CommitteeColumns
from villagesim.agents.cooperatives import CooperativeColumns
from villagesim.agents.land_trusts import LandTrustColumns, TrustOffer
from villagesim.agents.lists import ListColumns, WeakVillages
from villagesim.agents.members import MemberColumns
from villagesim.agents.projects import Grant, ProjectColumns
from villagesim.agents.ratings import RatingColumns
from villagesim.agents.residents import ResidentColumns
from villagesim.agents.secretaries import SecretaryColumns
from villagesim.arrays import Bools, Floats, Ints, sum_by
from villagesim.parameters import Parameters
from villagesim.places.endowments import Endowment
from villagesim.randomness import Draws


class County:
    """State of one county.

    Attributes
    ----------
    village_of, account_of, register_of : (n_rows,) int
        Row of the village, of the account and of the register of members of every constituent.
    decreed : int
        Decrees that are in force.
    changed, removed : (n_rows,) bool
        Constituents whose village the last decree has changed, and those whose own committee it has removed.
    to_pool, to_share : list of int
        Villages (rows) that pool their accounts, or only their new income; done when the month is closed.
    to_convert : list of int
        Villages (rows) that become urban communities when the month is opened.
    grants : list of Grant
        Seed money paid on this first of a month; the projects begin when all policies have acted.
    rating_pools, review_pools : dict of str to (n_rows,) bool
        Constituents whose villages are rated every year, or reviewed every month, by the policy that asks for it.
    campaigns : dict of str to Campaign
        Terms of the clean-ups that go on, by the label of the policy; where there are several, those of the first hold.
    weak_villages : dict of str to WeakVillages
        Lists of weak villages that are kept, by the label of the policy that asks for it.
    trust_offers, alliance_offers : dict of str to TrustOffer, AllianceOffer
        Land trusts and alliances on offer, by the label of the policy that offers them.
    price_level : float
        Prices of the last twelve months relative to those before the start [ratio].
    log_price : float, optional
        Log price of crops at the last settlement, relative to the mean [log points]; None before the first.
    """

    def __init__(self, endowment: Endowment, p: Parameters, draws: Draws) -> None:
        self.endowment, self.place, self.p, self.draws = endowment, endowment.place, p, draws
        self.keys = self.place.before.keys
        self.n_rows = n = len(self.keys)
        self.members = MemberColumns.at_start(endowment, p, draws)
        self.committees = CommitteeColumns.at_start(n, p)
        self.cooperatives = CooperativeColumns.at_start(endowment, p, draws)
        self.secretaries = SecretaryColumns.at_start(endowment, p, draws)
        self.land_trusts = LandTrustColumns.at_start(endowment, p, draws)
        self.contracts = ContractColumns.at_start(endowment, p, draws)
        self.assets = AssetColumns.at_start(self.contracts, endowment, p, draws)
        self.residents = ResidentColumns.at_start(n)
        self.ratings = RatingColumns.at_start(n)
        self.lists = ListColumns.at_start(sum_by(self.place.committee, endowment.booked, n))
        self.alliances = AllianceColumns.at_start(n)
        self.projects = ProjectColumns.at_start(n)
        self.village_of, self.account_of, self.register_of = (self.place.committee.copy() for _ in range(3))
        self.decreed = 0
        self.changed, self.removed = np.zeros(n, bool), np.zeros(n, bool)
        self.to_pool: list[int] = []
        self.to_share: list[int] = []
        self.to_convert: list[int] = []
        self.grants: list[Grant] = []
        self.rating_pools: dict[str, Bools] = {}
        self.review_pools: dict[str, Bools] = {}
        self.campaigns: dict[str, Campaign] = {}
        self.weak_villages: dict[str, WeakVillages] = {}
        self.trust_offers: dict[str, TrustOffer] = {}
        self.alliance_offers: dict[str, AllianceOffer] = {}
        self.price_level = 1.0
        self.log_price: float | None = None

    def by_village(self, values: NDArray[Any]) -> Floats:
        """Sum of a column over the constituents of each village, at the host's row."""
        return sum_by(self.village_of, values, self.n_rows)

    def highest_by_village(self, values: Floats) -> Floats:
        """Highest value of a column (of at least 0) among the constituents of each village, at the host's row."""
        highest = np.zeros(self.n_rows)
        np.maximum.at(highest, self.village_of, values)
        return highest

    def by_account(self, values: NDArray[Any]) -> Floats:
        """Sum of a column over the constituents of each account, at its holder's row."""
        return sum_by(self.account_of, values, self.n_rows)

    def benefits_now(self) -> Floats:
        """Benefits per member: a constituent's own, or the highest of its register [yuan per year], ``(n_rows,)``."""
        highest = np.zeros(self.n_rows)
        np.maximum.at(highest, self.register_of, self.members.entitlement)
        return highest[self.register_of]

    @property
    def is_village(self) -> Bools:
        """Rows that are villages now."""
        return self.village_of == np.arange(self.n_rows)

    def one_account(self) -> Bools:
        """Constituents of merged villages whose accounts are one, shape ``(n_rows,)``."""
        one: Bools = (~self.accounts_apart() & self.committees.merged)[self.village_of]
        return one

    def accounts_apart(self) -> Bools:
        """Villages of several accounts, at the host's row, ``(n_rows,)``."""
        return self.by_village(self.account_of != self.account_of[self.village_of]) > 0

    def member_shares(self) -> Floats:
        """Share of each constituent in the members of its village, shape ``(n_rows,)``."""
        return self.shares_within(self.village_of)

    def shares_within(self, groups: Ints) -> Floats:
        """Share of each constituent in the members of its group, shape ``(n_rows,)``."""
        members = self.endowment.members
        shares: Floats = members / np.maximum(sum_by(groups, members, self.n_rows), 1.0)[groups]
        return shares

    def debt_by_constituent(self) -> Floats:
        """Debt of every account, shared by members where it is pooled [yuan], shape ``(n_rows,)``."""
        members = self.endowment.members.astype(float)
        share = members / np.maximum(self.by_account(members), 1.0)[self.account_of]
        return self.cooperatives.debt[self.account_of] * share

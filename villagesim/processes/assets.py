"""What lies idle or unbilled, and its clean-up (清化收): contracts, land, buildings, offices, debts (equations E8, E16, E16b).

A collective earns less than it could: contracts pay less than the market, land is used without a bill, buildings stand empty,
and a merger leaves one office of every vanished part. A campaign surveys the townships; what it finds is ripe within months,
hard items (courts) much later; teams then settle what is ripe, that with most yuan a day first unless they are told otherwise.
Some of it is lost again. Without a campaign a few empty buildings are let. A contract that is corrected brings arrears, of
which a part cancels debts; it stirs up old claims for a while. Contracts end with a year and are let again, as often
faulty as before; where letting is open, fewer are. What a contract brings follows from whether it is faulty: one that turns
faulty takes its yield with it, one that turns sound brings it, so that without any campaign the mean of many stays as it is.

When villages merge, some rents of the joined parts are lost from the books, as nobody hands over the registers (E16b). They
come back when economy and livelihood are joined in fact, or when a team finds them: so integration can raise income, or not.

Theory: clarification first raises disputes, by bringing old claims to light (evidence 8.18). Left out: whose loss a
written-off debt is, and rents that fall where much is let at once.
"""

import numpy as np

from villagesim.agents.assets import (
    BUILDING,
    CONTRACT,
    EARNING,
    EASY_DEBT,
    HARD_DEBT,
    KINDS,
    LEDGER,
    OFFICE,
    Campaign,
    first_of,
    ranks,
)
from villagesim.agents.committees import ECONOMY, LIVELIHOOD
from villagesim.arrays import Bools, Ints, Keys, rows_where, some, sum_by
from villagesim.component import Column, Lever
from villagesim.dates import DAYS_A_YEAR, Month
from villagesim.domains import NOT_NEGATIVE, SHARE
from villagesim.parameters.assets import PARAMETERS
from villagesim.places.endowments import SOURCES
from villagesim.process import Process

RENT = SOURCES.index("rent")


class Assets(Process):
    """All contracts, idle and unbilled items and debts of the county."""

    parameters = PARAMETERS
    owns = (
        *(f"contracts.{name}" for name in ("faulty", "corrected", "relet", "faulty_since_start", "reopened", "rent_factor")),
        *(f"assets.{name}" for name in ("ripe", "settled", "settled_on", "lost_on", "by_team", "worth", "days")),
        "assets.gain", "assets.unhanded",
    )  # fmt: skip
    takes = ("world.campaigns",)
    deposits = ("cooperatives.written_off", "cooperatives.recovered")
    columns = (
        Column(
            name="corrected", meaning="contracts corrected", unit="count", per="constituent", kind="flow", whole=True,
            read="n_corrected",
        ),
        Column(
            name="gain", meaning="what settled items bring, and contracts beside the start", unit="yuan per year",
            per="constituent", kind="level", read="world.assets.gain",
        ),
        Column(
            name="unhanded", meaning="rents that the merger has lost from the books", unit="share", per="constituent",
            kind="level", read="world.assets.unhanded", domain=SHARE,
        ),
        Column(
            name="audit_busy", meaning="work of audit teams", unit="team-days", per="county", kind="flow", read="busy_days",
            domain=NOT_NEGATIVE,
        ),
        Column(
            name="audit_capacity", meaning="time of audit teams", unit="team-days", per="county", kind="flow",
            read="capacity_days", domain=NOT_NEGATIVE,
        ),
    )  # fmt: skip
    levers = (
        Lever(
            name="clean_up", meaning="items and debts are taken up", unit="0 or 1", per="constituent", rule="coverage",
        ),
        Lever(name="audit_teams", meaning="audit teams", unit="posts", per="county", rule="capacity"),
        Lever(
            name="open_letting", meaning="part of faulty lettings that open letting prevents", unit="share",
            per="constituent", rule="level",
        ),
        Lever(
            name="own_letting", meaning="empty buildings that are let without a campaign", unit="per year",
            per="constituent", rule="rate", base="own_letting_rate",
        ),
    )  # fmt: skip

    def start(self) -> None:
        """Set up what it keeps, and declare its dates."""
        world = self.world
        kind = world.assets.kind
        self.n_contracts, self.n_earning = len(world.contracts.row), int(np.isin(kind, EARNING).sum())
        self.lots = world.draws.uniform("asset.lot", *self.who(np.arange(len(kind))))
        self.town = world.place.township[world.assets.row]
        self.towns = np.argsort(np.array([int(code) for code in world.place.townships]))  # as they are surveyed
        self.survey_left = np.full(len(world.place.townships), np.nan)
        self.lasts_until = np.full(self.n_earning, np.inf)
        self.empty = rows_where((kind == BUILDING) | (kind == OFFICE))
        self.patience = -np.log(world.draws.uniform("asset.let", *self.who(self.empty), 0))
        self.begun_work = 0.0
        self.corrected = np.zeros(world.n_rows)
        self.n_corrected = np.zeros(world.n_rows)
        self.busy_days = self.capacity_days = 0.0
        self.teams = 0.0
        world.calendar.declare("harvest", "assets", self.close)
        world.calendar.declare("births", "assets", self.open)
        if world.merging:
            world.calendar.declare("decree", "assets", self.merge, world.timetable.decree_days)

    def who(self, items: Ints) -> tuple[Keys, Ints, Ints]:
        """Lasting ids of items."""
        assets = self.world.assets
        return self.world.keys[assets.row[items]], assets.kind[items], assets.ordinal[items]

    # the month that has ended

    def close(self, month: Month) -> None:
        """Let teams work through the month, items be lost again, and titles settle; reckon rents anew."""
        world, p = self.world, self.world.p
        world.contracts.reopened *= np.exp(-month.years / p.reopened_memory)
        self.corrected[:] = 0.0
        self.busy_days = self.capacity_days = 0.0
        changed = self.relapse() | self.let_by_themselves(month)
        if self.teams:
            changed |= self.work(month)
        if some(world.assets.unhanded):
            self.hand_over()
        self.n_corrected = self.corrected.copy()
        if changed:
            self.revalue()

    def work(self, month: Month) -> bool:
        """Survey, and settle what is ripe, as far as the teams' days go; what is begun goes on next month."""
        world = self.world
        campaign = world.campaigns[min(world.campaigns)]
        new = self.teams * world.p.working_days * month.years
        left = new + self.begun_work
        if campaign.survey == "first":
            left = self.survey(left, len(self.survey_left))
        left, n, waiting = self.settle_ripe(left, campaign)
        while campaign.survey == "by_township" and left > 0 and some(self.unsurveyed()):
            left = self.survey(left, 1)
            left, more, waiting = self.settle_ripe(left, campaign)
            n += more
        self.busy_days = new + self.begun_work - left
        self.begun_work = left if waiting else 0.0
        self.capacity_days = max(new, self.busy_days)
        return n > 0

    def unsurveyed(self) -> Bools:
        """Townships that a campaign reaches and nobody has surveyed to the end."""
        world = self.world
        reached = sum_by(world.place.township, world.levers.clean_up.now, len(self.survey_left)) > 0
        return reached & ~(self.survey_left == 0)

    def survey(self, left: float, most: int) -> float:
        """Survey townships, by code, until the days or the townships are used up; the days that are left."""
        world, to_do = self.world, self.unsurveyed()
        for town in self.towns[to_do[self.towns]][:most].tolist():
            items = rows_where(self.town == town)
            if np.isnan(self.survey_left[town]):
                reached = world.levers.clean_up.now[world.assets.row[items[items < self.n_earning]]]
                self.survey_left[town] = np.count_nonzero(reached) * world.p.survey_days
            done = min(left, self.survey_left[town])
            left, self.survey_left[town] = left - done, self.survey_left[town] - done
            if self.survey_left[town] > 0:
                break
            self.find(items)
        return left

    def find(self, items: Ints) -> None:
        """Say when the items of a surveyed township will be ripe; debts are what they are on this day."""
        world, p, assets = self.world, self.world.p, self.world.assets
        owed, kind = world.debt_by_constituent(), assets.kind[items]
        for debt, share in ((EASY_DEBT, p.easy_debt), (HARD_DEBT, 1 - p.easy_debt)):
            of_kind = items[kind == debt]
            assets.worth[of_kind] = share * owed[assets.row[of_kind]]
        rates = np.full(len(KINDS), p.ripening_rate)
        rates[[EASY_DEBT, HARD_DEBT]] = p.easy_debt_rate, p.hard_debt_rate
        rate = rates[kind] / np.where(assets.hard[items], p.hard_later, 1.0)
        wait = np.where(kind == LEDGER, 0.0, assets.patience[items] * DAYS_A_YEAR / np.maximum(rate, 1e-12))
        in_force = ~world.is_village[assets.row[items]] | ~((kind == OFFICE) | (kind == LEDGER))
        now = in_force & np.isinf(assets.ripe[items])
        assets.ripe[items[now]] = world.now + wait[now]

    def ripe_items(self) -> Ints:
        """Items that teams could settle today."""
        world, assets = self.world, self.world.assets
        is_open = (assets.ripe <= world.now) & ~assets.settled
        is_open[: self.n_contracts] &= world.contracts.faulty
        items = rows_where(is_open)
        return items[world.levers.clean_up.now[assets.row[items]] & (assets.worth[items] > 0)]

    def settle_ripe(self, left: float, campaign: Campaign) -> tuple[float, int, bool]:
        """Settle ripe items in their order as far as the days go; days left, how many were settled, and whether some are left."""
        world, assets, p = self.world, self.world.assets, self.world.p
        items = self.ripe_items()
        if not len(items) or left <= 0:
            return left, 0, len(items) > 0
        kind, row = assets.kind[items], assets.row[items]
        a_year = np.ones(len(KINDS))
        a_year[[EASY_DEBT, HARD_DEBT]] = p.interest_rate
        a_day = assets.worth[items] * a_year[kind] / assets.days[items]
        a_day *= np.where(world.lists.listed[world.village_of[row]], p.listed_first, 1.0)
        most = int(left / assets.days[items].min()) + 1
        ordered = items[first_of(ranks(campaign.order, kind, a_day, self.lots[items]), most)]
        used = np.cumsum(assets.days[ordered])
        n = int(np.searchsorted(used, left + 1e-9, "right"))
        if n:
            self.settle(ordered[:n])
            left -= float(used[n - 1])
        return max(left, 0.0), n, n < len(items)

    def settle(self, items: Ints) -> None:
        """Bill, let, correct, write off, hand over."""
        world, p, assets, contracts = self.world, self.world.p, self.world.assets, self.world.contracts
        self.keep(items[items < self.n_earning])
        assets.settled[items] = assets.by_team[items] = True
        assets.settled_on[items] = world.now
        of_kind = {kind: items[assets.kind[items] == kind] for kind in (CONTRACT, LEDGER)}
        corrected = of_kind[CONTRACT]
        rows = contracts.row[corrected]
        contracts.faulty[corrected] = False
        contracts.corrected[corrected] = True
        contracts.relet[corrected] = self.one_account[rows]
        n_corrected = sum_by(rows, np.ones(len(rows)), world.n_rows)
        contracts.reopened += n_corrected / contracts.n
        self.corrected += n_corrected
        world.cooperatives.recovered += (1 - p.arrears_netted) * p.arrears * n_corrected
        world.cooperatives.written_off += p.arrears_netted * p.arrears * n_corrected
        debts = items[(assets.kind[items] == EASY_DEBT) | (assets.kind[items] == HARD_DEBT)]
        world.cooperatives.written_off += sum_by(assets.row[debts], assets.worth[debts], world.n_rows)
        assets.unhanded[assets.row[of_kind[LEDGER]]] = 0.0

    def keep(self, items: Ints) -> None:
        """Settle items that earn, until the day, by lot, on which each is lost again."""
        world = self.world
        if not items.size:
            return
        luck = world.draws.uniform("asset.relapse", *self.who(items), int(world.now))
        self.lasts_until[items] = world.now - np.log(luck) * DAYS_A_YEAR / max(world.p.relapse_rate, 1e-12)
        world.assets.settled[items], world.assets.by_team[items] = True, False
        world.assets.settled_on[items] = world.now

    def relapse(self) -> bool:
        """Lose settled items again: land is taken without a bill, contracts are let as before, buildings stand empty."""
        world, contracts = self.world, self.world.contracts
        lost = rows_where(self.lasts_until <= world.now)
        if not lost.size:
            return False
        self.lasts_until[lost] = np.inf
        world.assets.settled[lost], world.assets.lost_on[lost] = False, world.now
        of_contracts = lost[lost < self.n_contracts]
        contracts.faulty[of_contracts], contracts.corrected[of_contracts] = True, False
        again = np.searchsorted(self.empty, lost[world.assets.kind[lost] >= BUILDING])
        self.patience[again] = -np.log(world.draws.uniform("asset.let", *self.who(self.empty[again]), int(world.now)))
        return lost.size > 0

    def let_by_themselves(self, month: Month) -> bool:
        """Let some empty buildings and offices, as good secretaries do without any campaign: once their patience is over."""
        world, assets, p = self.world, self.world.assets, self.world.p
        row = assets.row[self.empty]
        is_empty = ~assets.settled[self.empty] & (~world.is_village[row] | (assets.kind[self.empty] == BUILDING))
        rate = world.levers.own_letting.now[row] * (p.opportunity_base + world.secretaries.skill[world.village_of[row]])
        self.patience -= np.where(is_empty, rate * month.years, 0.0)
        let = self.empty[is_empty & (self.patience <= 0)]
        self.keep(let)
        return let.size > 0

    # registers

    def merge(self, month: Month) -> None:
        """On a decree: offices fall empty, and some rents of joined parts are lost from the books."""
        world, p, assets = self.world, self.world.p, self.world.assets
        joined = world.removed
        assets.unhanded[joined] = p.not_handed_over * (1 - world.levers.freeze.now[joined])
        ledgers = rows_where((assets.kind == LEDGER) & joined[assets.row])
        rows = assets.row[ledgers]
        lost = assets.unhanded[rows] * (world.cooperatives.sources[rows, RENT] + assets.gain[rows])
        assets.worth[ledgers] = lost
        assets.days[ledgers] = p.ledger_days * np.maximum(np.ceil(lost / p.ledger_unit), 1.0)
        self.find(rows_where((self.survey_left[self.town] == 0) & ((assets.kind == OFFICE) | (assets.kind == LEDGER))))

    def hand_over(self) -> None:
        """Registers are joined where economy and livelihood were both voted for, and there is one account."""
        world = self.world
        passed = world.committees.passed
        in_fact = (passed[:, ECONOMY] >= 1) & (passed[:, LIVELIHOOD] >= 1)
        world.assets.unhanded[in_fact[world.village_of] & world.one_account()] = 0.0

    # contracts

    def revalue(self) -> None:
        """Write gains, rents and shares of faulty contracts into the columns."""
        world, contracts, assets = self.world, self.world.contracts, self.world.assets
        turned = rows_where(contracts.faulty_at_start != contracts.faulty)
        sounder = np.where(contracts.faulty_at_start[turned], 1.0, -1.0)
        others = self.n_contracts + rows_where(assets.settled[self.n_contracts : self.n_earning])
        earning = np.concatenate([turned, others])
        worth = assets.worth[earning]
        worth[: len(turned)] *= sounder
        brings = sum_by(assets.row[earning], worth, world.n_rows)
        assets.gain[:] = np.maximum(brings, -world.cooperatives.sources[:, RENT])
        contracts.faulty_since_start[:] = -sum_by(contracts.row[turned], sounder, world.n_rows) / contracts.n
        relet = np.bincount(contracts.row[rows_where(contracts.relet)], minlength=world.n_rows)
        contracts.rent_factor[:] = 1 + world.p.reletting_gain * relet / contracts.n

    def open(self, month: Month) -> None:
        """Let contracts end with the year; note how many teams there are for the month."""
        self.one_account = self.world.one_account()
        if month.key % 12 == 0 and month.start > 0:
            self.let_again(month)
        self.teams = float(self.world.levers.audit_teams.now[0])
        if not self.teams:
            self.begun_work = 0.0

    def let_again(self, month: Month) -> None:
        """Let those contracts anew that have ended: as often faulty as ever, but for those that were corrected."""
        world, p, contracts = self.world, self.world.p, self.world.contracts
        keys = world.keys[contracts.row]
        ends = rows_where(
            world.draws.uniform("contract.ends", keys, contracts.ordinal, month.year) > np.exp(-p.contract_expiry_rate)
        )
        luck = world.draws.uniform("contract.again", keys[ends], contracts.ordinal[ends], month.year)
        faulty = luck < p.faulty_share * (1 - world.levers.open_letting.now[contracts.row[ends]])
        contracts.faulty[ends] = faulty & ~contracts.corrected[ends]
        contracts.relet[ends] = self.one_account[contracts.row[ends]]
        self.revalue()

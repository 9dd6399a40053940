"""Ledgers of the cooperatives: monthly income, spending, debt, assets, and the pooling of accounts (equations E11, E13, E14).

Income belongs to a constituent, money to an account. Recurrent income grows with a trend and a yearly deviation that
fades (AR(1), mean one); one-offs come on top and are kept apart; what land trusts pay arrives when it is settled, what
projects earn or lose month by month.

Own business earns on assets that wear (K). Of a surplus a little repays debt, a little stays as cash, a part that grows with
the secretary's skill goes into a pot, and the rest is spent on works, pay and dividends. The pot replaces what has worn first;
what is left pays for new investments, which are projects. A short-fall takes cash, then the pot, then becomes debt. Where
office and services would eat most of the recurrent income the county's budget pays part of them: that is no surplus.

A village has one office, shared by its accounts according to members; it costs a little more while accounts stay apart
and a little less when operation is integrated (E9, E12). What the county pays of an office is in neither income nor
spending: the account keeps more. Pooling moves money between rows and creates none.

What is left of a surplus is spent within the year. A share reform says how much of that members get as dividends: then
there is less for works and pay, of which the model knows no effect. An urban community has a dearer office and services,
and more rent.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from villagesim.agents.accounts import new_income, part, pool
from villagesim.agents.committees import MILESTONES, OPERATION
from villagesim.agents.secretaries import reference_skill
from villagesim.arrays import Floats, apart, rows_where, some, sum_by
from villagesim.component import Column, Lever, Per
from villagesim.dates import Month, months_between
from villagesim.domains import ANY, NOT_NEGATIVE, Domain
from villagesim.engine.recorder import N_HISTORY
from villagesim.frozen import read_only
from villagesim.outcomes.formulas import ALL_INCOME, RECURRENT_INCOME
from villagesim.outcomes.record import INCOME
from villagesim.parameters.ledger import PARAMETERS
from villagesim.places.endowments import SOURCES
from villagesim.process import Process
from villagesim.randomness import occurs
from villagesim.world import World

OPERATING, RENT = SOURCES.index("operating"), SOURCES.index("rent")
MOST_REINVESTED, MOST_BY_SKILL = 0.8, 3.0
"""Most of a surplus that goes into the pot, and most by which skill multiplies that part."""

MAY_LOSE = ("trust", "project", "assets")
"""Sources of income that are booked net, and may be negative."""


def flow(
    name: str, meaning: str, per: Per = "account", before: Callable[[World], Any] | None = None,
    domain: Domain = NOT_NEGATIVE,
) -> Column:  # fmt: skip
    """A column of the flows of the month [yuan]."""
    return Column(
        name=name, meaning=meaning, unit="yuan", per=per, kind="flow", before=before, domain=domain,
        read=lambda process: process.flows[name],
    )  # fmt: skip


def before_start(source: str, world: World) -> Floats | float:
    """Income from a source in the twelve months before the start, spread evenly over their days: ``(12, n_rows)``."""
    first, endowment, p = world.calendar.months[0].first, world.endowment, world.p
    sources = (endowment.source_shares * (endowment.income * (1 - p.one_off_rate * p.one_off_size))).T.copy()
    days = [month.days for month in months_between(first.replace(year=first.year - 1), first)]
    shares = (np.array(days, float) / sum(days))[:, None]
    if source == "one_off":
        return shares * (endowment.income - sources.sum(axis=1))
    return shares * sources[:, SOURCES.index(source)] if source in SOURCES else 0.0


class Ledger(Process):
    """All accounts of the county."""

    parameters = PARAMETERS
    owns = (
        "world.account_of", "world.price_level", "cooperatives.income_12m", "cooperatives.cash", "cooperatives.debt",
        "cooperatives.frozen_right", "cooperatives.operating_assets", "cooperatives.pot",
    )  # fmt: skip
    takes = (
        "world.to_pool", "world.to_share",
        *(
            f"cooperatives.{column}"
            for column in (
                "trust_income", "project_income", "top_up", "outside", "recovered", "written_off",
                "run_up", "office_paid", "invested", "principal",
            )
        ),
    )  # fmt: skip
    deposits = ("members.trust_shock",)
    columns = (
        *(
            flow(
                f"income_{source}", f"income from {source.replace('_', ' ')}", "constituent",
                before=partial(before_start, source), domain=ANY if source in MAY_LOSE else NOT_NEGATIVE,
            )
            for source in INCOME
        ),
        flow("account_income", "income of the account", domain=ANY),
        flow("due", "office, services, benefits and interest in full", before=lambda world: world.cooperatives.due / 12),
        flow("opening", "cash before the month", before=lambda world: world.cooperatives.cash),
        flow("spending", "spent"),
        flow("borrowing", "debt taken up"),
        flow("repayment", "debt paid back"),
        flow("transfer_in", "got from other accounts"),
        flow("transfer_out", "given to other accounts"),
        flow("debt_moved", "debt that came with pooled accounts, or went", domain=ANY),
        flow("to_pot", "put into the pot, or taken out where negative", domain=ANY),
        flow("pot_moved", "what came into the pot with pooled accounts, or went", domain=ANY),
        flow("invested", "paid for worn assets and into projects"),
        flow("replaced", "paid for worn assets", "constituent"),
        flow("principal", "capital that came back from projects"),
        flow("budget_paid", "what the budget paid of office and services: in neither income nor spending"),
        flow("written_off", "debt resolved without money"),
        flow("office_paid", "what the county paid of offices: in neither income nor spending"),
        flow("member_dividend", "dividends to members"),
        Column(
            name="cash", meaning="cash", unit="yuan", per="account", kind="level", read="world.cooperatives.cash",
            before=lambda world: world.cooperatives.cash, domain=NOT_NEGATIVE,
        ),
        Column(
            name="debt", meaning="debt", unit="yuan", per="account", kind="level", read="world.cooperatives.debt",
            before=lambda world: world.cooperatives.debt, domain=NOT_NEGATIVE,
        ),
        Column(
            name="pot", meaning="set aside for assets", unit="yuan", per="account", kind="level",
            read="world.cooperatives.pot", domain=NOT_NEGATIVE,
        ),
        Column(
            name="operating_assets", meaning="assets of own business", unit="yuan", per="constituent", kind="level",
            read="world.cooperatives.operating_assets", before=lambda world: world.cooperatives.operating_assets,
            domain=NOT_NEGATIVE,
        ),
        Column(
            name="price_level", meaning="prices of the last twelve months beside those before the start", unit="ratio",
            per="county", kind="level", read="world.price_level", before=lambda world: 1.0,
        ),
        Column(
            name="account_of", meaning="account to which its money belongs", unit="row", per="constituent", kind="level",
            read="world.account_of", whole=True, before=lambda world: world.account_of,
        ),
    )  # fmt: skip
    levers = (
        Lever(
            name="dividend_share", meaning="part of what is left of a surplus that members get", unit="share",
            per="account", rule="level",
        ),
    )  # fmt: skip

    def start(self) -> None:
        """Set up what it keeps, and declare its dates."""
        world = self.world
        self.deviation, self.variance = world.endowment.deviation, np.zeros(())
        self.growth = world.p.income_growth + world.endowment.growth
        self.own_sd = world.p.income_own_sd * world.endowment.noise
        self.year = -1
        self.flows: dict[str, Floats] = {}
        self.nothing, self.dividends = np.zeros((2, world.n_rows))  # dividends of the calendar year, per member
        self.keys = read_only(world.keys[world.place.committee])  # parts of a village that is split have one luck
        self.sharing = np.arange(world.n_rows)  # village within which new income was shared first
        money = world.cooperatives
        self.deposited = {
            "trust": money.trust_income, "project": money.project_income, "top_up": money.top_up, "outside": money.outside,
        }  # fmt: skip
        self.reference_skill = reference_skill(world.p)
        self.first, history = world.calendar.months[0].key, world.recorder.column
        self.last_months, self.last_recurrent = (
            np.roll(sum(history(name)[:N_HISTORY] for name in names), self.first % N_HISTORY, axis=0)
            for names in (ALL_INCOME, RECURRENT_INCOME)
        )  # each calendar month has its own place
        world.calendar.declare("ledger", "ledger", self.close)

    def close(self, month: Month) -> None:
        """Book the month that has ended."""
        self.world.price_level = float((1 + self.world.p.prices) ** ((month.key - self.first + 1) / 12))
        self.book_income(month)
        self.spend(month)
        self.settle_capital()
        self.pay_dividends(month)
        self.part()
        self.pool()
        self.freeze_rights()

    def book_income(self, month: Month) -> None:
        """Book income by constituent and source, and sum it by account."""
        world = self.world
        trend = self._trend(month)
        level = trend * self._noise(month.year)
        sources = world.cooperatives.sources.T.copy()
        sources[OPERATING] = world.cooperatives.asset_return * world.cooperatives.operating_assets
        by_source = sources * (level * month.years)
        booked = 1 - world.assets.unhanded
        by_source[RENT] *= (
            world.contracts.rent_factor * (1 + world.p.community_rent_gain * world.committees.community) * booked
        )
        flows = {f"income_{source}": values for source, values in zip(SOURCES, by_source, strict=True)}
        flows["income_one_off"] = self._one_offs(month, trend) + world.cooperatives.recovered
        flows["income_assets"] = world.assets.gain * booked * month.years
        for source, deposits in self.deposited.items():
            flows[f"income_{source}"] = deposits.copy()
            deposits[:] = 0.0
        world.cooperatives.recovered[:] = 0.0
        recurrent = by_source.sum(axis=0) + flows["income_assets"] + flows["income_trust"] + flows["income_project"]
        income = recurrent + flows["income_one_off"] + flows["income_top_up"] + flows["income_outside"]
        self.last_months[month.key % N_HISTORY] = income
        self.last_recurrent[month.key % N_HISTORY] = recurrent
        self.world.cooperatives.income_12m[:] = self.last_months.sum(axis=0)
        self.flows = flows | {"account_income": world.by_account(income)}

    def spend(self, month: Month) -> None:
        """Pay what is due; share a surplus out; replace what has worn; a short-fall takes cash, pot, then becomes debt."""
        world, p, flows, money = self.world, self.world.p, self.flows, self.world.cooperatives
        cash, debt = money.cash, money.debt
        due, budget = self.dues(month)
        bills = world.by_account(money.run_up)
        money.run_up[:] = 0.0
        given, got = self.new_income(month)
        had = flows["account_income"] + got - given
        left, surplus = had - (due - budget), np.maximum(had - due, 0.0)
        over, shortfall = np.maximum(left, 0.0), np.maximum(-left, 0.0)
        repayment = np.minimum(p.repaid_share * surplus, debt)
        saved = p.saved_share * surplus
        put_in = np.minimum(self.reinvested() * surplus, surplus - saved - repayment)
        replaced = self.replace(put_in)
        from_cash = np.minimum(shortfall, cash)
        from_pot = np.minimum(shortfall - from_cash, np.maximum(money.pot + put_in - replaced, 0.0))
        borrowing = shortfall - from_cash - from_pot + bills
        spending = due - budget + (over - repayment - saved - put_in) + bills
        written_off = np.minimum(world.by_account(money.written_off), debt + borrowing - repayment)
        money.written_off[:] = 0.0
        flows |= {
            "opening": cash.copy(), "spending": spending, "borrowing": borrowing, "repayment": repayment, "due": due,
            "transfer_in": got, "transfer_out": given, "debt_moved": np.zeros(world.n_rows), "written_off": written_off,
            "budget_paid": budget, "to_pot": put_in - replaced - from_pot, "pot_moved": np.zeros(world.n_rows),
            "invested": replaced, "principal": self.nothing,
            "member_dividend": world.levers.dividend_share.now * (surplus - repayment - saved - put_in),
        }  # fmt: skip
        money.cash[:] = cash + saved - from_cash
        money.pot[:] = np.maximum(money.pot + flows["to_pot"], 0.0)  # what a float loses below a millionth of a fen
        money.debt[:] = debt + borrowing - repayment - written_off

    def dues(self, month: Month) -> tuple[Floats, Floats]:
        """What accounts owe for the month in full (E11), and what the budget pays of office and services [yuan]."""
        world, p, money = self.world, self.world.p, self.world.cooperatives
        services = world.by_account(self.running_costs()) * month.years
        self.flows["office_paid"] = office_paid = self.office_paid(month)
        if office_paid is not self.nothing:
            services = np.maximum(services - office_paid, 0.0)
        recurrent = world.by_account(self.last_recurrent.sum(axis=0)) * month.years
        own = np.minimum(services, p.own_spending * np.maximum(recurrent, 0.0))
        others = (world.by_account(self.benefits()) + p.interest_rate * money.debt) * month.years
        return services + others, services - own

    def reinvested(self) -> Floats:
        """Part of a surplus that goes into the pot, by account: more under a skilled secretary."""
        world, p = self.world, self.world.p
        skill = world.secretaries.skill[world.village_of] - self.reference_skill
        by_skill = np.minimum(np.maximum(1 + p.reinvested_skill * skill, 0.0), MOST_BY_SKILL)
        return np.minimum(p.reinvested_share * by_skill, MOST_REINVESTED)

    def replace(self, put_in: Floats) -> Floats:
        """Let assets wear for a month, and replace what the pot pays for; an account shares its pot out by need [yuan]."""
        world, money = self.world, self.world.cooperatives
        worn = world.p.asset_wear / 12 * money.operating_assets
        needed = world.by_account(worn)
        paid = np.minimum(money.pot + put_in, needed)
        share = np.divide(paid, needed, out=np.zeros(world.n_rows), where=needed > 0)
        self.flows["replaced"] = worn * share[world.account_of]
        money.operating_assets += self.flows["replaced"] - worn
        return paid

    def settle_capital(self) -> None:
        """Pay into projects from pot, cash, then debt; take back what projects return: part into the pot, the rest into works."""
        world, money, flows = self.world, self.world.cooperatives, self.flows
        if some(money.invested):
            paid = world.by_account(money.invested)
            money.invested[:] = 0.0
            from_pot = np.minimum(paid, money.pot)
            from_cash = np.minimum(paid - from_pot, money.cash)
            borrowed = paid - from_pot - from_cash
            flows["invested"] = flows["invested"] + paid
            flows["to_pot"] -= from_pot
            flows["borrowing"] += borrowed
            money.pot -= from_pot
            money.cash -= from_cash
            money.debt += borrowed
        if some(money.principal):
            flows["principal"] = world.by_account(money.principal)
            money.principal[:] = 0.0
            reused = world.p.principal_reused * flows["principal"]
            flows["to_pot"] += reused
            flows["spending"] += flows["principal"] - reused
            money.pot += reused

    def pay_dividends(self, month: Month) -> None:
        """Tell members what they get of what is spent; a year's dividend earns trust when the year is closed."""
        world, p, paid = self.world, self.world.p, self.flows["member_dividend"]
        if some(paid):
            self.dividends += (paid / np.maximum(world.by_account(world.endowment.members), 1.0))[world.account_of]
        if month.key % 12 == 11 and some(self.dividends):
            world.members.trust_shock += p.share_dividend_trust * np.minimum(self.dividends / p.full_dividend, 1.0)
            self.dividends[:] = 0.0

    def running_costs(self) -> Floats:
        """Office and services, by constituent [yuan per year]."""
        world, p = self.world, self.world.p
        services = (p.service_cost + p.community_service_cost * world.committees.community) * world.endowment.residents
        return self.office_costs()[world.village_of] * world.member_shares() + services

    def benefits(self) -> Floats:
        """Cost of giving all members of a register the highest benefits of any part, by constituent [yuan per year]."""
        world, register = self.world, self.world.register_of
        if (register == np.arange(world.n_rows)).all():
            return self.nothing
        missing = (world.benefits_now() - world.members.entitlement) * world.endowment.members
        return sum_by(register, missing, world.n_rows)[register] * world.shares_within(register)

    def office_costs(self) -> Floats:
        """Office of every village, at the host's row [yuan per year]."""
        world, p = self.world, self.world.p
        operation = world.committees.passed[:, OPERATION] / MILESTONES[OPERATION]
        office: Floats = np.where(world.committees.community, p.community_office_cost, p.office_cost)
        office = office * np.where(world.accounts_apart(), p.separate_office_factor, 1.0)
        return office * (1 - p.operation_office_saving * operation)

    def office_paid(self, month: Month) -> Floats:
        """What the county pays of the month's offices, never more than they cost, by account [yuan]."""
        world = self.world
        if not some(world.cooperatives.office_paid):
            return self.nothing
        given = world.by_village(world.cooperatives.office_paid)
        world.cooperatives.office_paid[:] = 0.0
        by_village = np.minimum(given, self.office_costs() * month.years)
        return world.by_account(by_village[world.village_of] * world.member_shares())

    def freeze_rights(self) -> None:
        """Note what stays with each part of a village that has voted to pool new income only: its last twelve months."""
        world, rights = self.world, self.world.cooperatives.frozen_right
        for village in world.to_share:
            rows = rows_where(world.village_of == village)
            accounts = np.unique(world.account_of[rows])
            if len(accounts) > 1:
                income = world.by_account(world.cooperatives.income_12m)[accounts]
                rights[accounts] = np.where(np.isnan(rights[accounts]), income, rights[accounts])
                self.sharing[rows] = village
                world.log("new_income_pooled", village, accounts=len(accounts))
        world.to_share.clear()

    def new_income(self, month: Month) -> tuple[Floats, Floats]:
        """What accounts give and get where members share all income above the frozen rights [yuan]."""
        return new_income(self.world, self.sharing, self.flows["account_income"], month.years)

    def part(self) -> None:
        """Let accounts that hold constituents of several villages, as a decree has split one, come apart by members."""
        new = part(self.world, self.flows)
        if new.size:
            self.sharing = apart(self.sharing, self.world.village_of)
        for account in new.tolist():
            self.world.log("account_parted", int(self.world.village_of[account]))

    def pool(self) -> None:
        """Make one account of those of every village that has voted for it, in the row of its host."""
        for village in self.world.to_pool:
            if (n_accounts := pool(self.world, village, self.flows)) > 1:
                self.world.log("accounts_pooled", village, accounts=n_accounts)
        self.world.to_pool.clear()

    def _trend(self, month: Month) -> Floats | float:
        """Growth since the middle of the twelve months before the start; of each village where its own is known."""
        return (1 + self.growth) ** ((month.key - self.first + N_HISTORY / 2 + 0.5) / 12)

    def _noise(self, year: int) -> Floats:
        """Yearly deviation of recurrent income, mean one; of the history before the start only what several years tell fades."""
        world, p = self.world, self.world.p
        if year != self.year:
            self.year = year
            common = p.income_county_sd * world.draws.normal("income.county", year)
            own = self.own_sd * world.draws.normal("income.own", self.keys, year)
            self.deviation = p.income_persistence * self.deviation + common + own
            self.variance = p.income_persistence**2 * self.variance + p.income_county_sd**2 + self.own_sd**2
            self.factor: Floats = np.exp(self.deviation - self.variance / 2)
        return self.factor

    def _one_offs(self, month: Month, trend: Floats | float) -> Floats:
        """Land compensation and the like: a share of a year's income at once, seldom several years'."""
        world, p = self.world, self.world.p
        rows, _ = occurs(world.draws, "one_off", self.keys, month.key, month.days, p.one_off_rate)
        amounts = np.zeros(world.n_rows)
        if rows.size:
            luck = world.draws.normal("one_off.size", self.keys[rows], month.key)
            size = np.exp(p.one_off_sd * luck - p.one_off_sd**2 / 2)
            of_rows = trend[rows] if isinstance(trend, np.ndarray) else trend
            amounts[rows] = p.one_off_size * size * of_rows * world.endowment.lasting[rows]
        return amounts

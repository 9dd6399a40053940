"""Ledgers of the cooperatives: monthly income, spending, debt, and the pooling of accounts (equations E11, E13).

Income belongs to a constituent, money to an account. Recurrent income grows with a trend and a yearly deviation that
fades (AR(1), mean one); one-offs come on top and are kept apart; what land
trusts pay arrives when it is settled, what projects earn month by month; their losses are costs. A
short-fall takes cash, then becomes debt; of a surplus a little repays debt, a little stays, the rest is spent on works,
pay and dividends.

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

from villagesim.agents.committees import LIVELIHOOD, MILESTONES, OPERATION
from villagesim.arrays import Floats, Ints
from villagesim.component import Column, Lever, Per
from villagesim.dates import Month, months_between
from villagesim.domains import ANY, NOT_NEGATIVE, Domain
from villagesim.engine.recorder import N_HISTORY
from villagesim.outcomes.record import INCOME
from villagesim.parameters.ledger import PARAMETERS
from villagesim.places.endowments import SOURCES
from villagesim.process import Process
from villagesim.randomness import occurs
from villagesim.world import World

RENT = SOURCES.index("rent")


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
    first, sources = world.calendar.months[0].first, world.cooperatives.sources
    days = [month.days for month in months_between(first.replace(year=first.year - 1), first)]
    shares = (np.array(days, float) / sum(days))[:, None]
    if source == "one_off":
        return shares * (world.endowment.income - sources.sum(axis=1))
    return shares * sources[:, SOURCES.index(source)] if source in SOURCES else 0.0


class Ledger(Process):
    """All accounts of the county."""

    parameters = PARAMETERS
    owns = (
        "world.account_of", "cooperatives.income_12m", "cooperatives.cash", "cooperatives.debt",
        "cooperatives.frozen_right",
    )  # fmt: skip
    takes = (
        "world.to_pool", "world.to_share",
        *(
            f"cooperatives.{column}"
            for column in (
                "trust_income", "trust_costs", "project_income", "project_costs", "top_up", "recovered", "written_off",
                "run_up", "office_paid",
            )
        ),
    )  # fmt: skip
    deposits = ("members.trust_shock",)
    columns = (
        *(
            flow(
                f"income_{source}", f"income from {source.replace('_', ' ')}", "constituent",
                before=partial(before_start, source),
            )
            for source in INCOME
        ),
        flow("account_income", "income of the account"),
        flow("opening", "cash before the month", before=lambda world: world.cooperatives.cash),
        flow("spending", "spent"),
        flow("borrowing", "debt taken up"),
        flow("repayment", "debt paid back"),
        flow("transfer_in", "got from other accounts"),
        flow("transfer_out", "given to other accounts"),
        flow("debt_moved", "debt that came with pooled accounts, or went", domain=ANY),
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
        self.deviation = np.zeros(world.n_rows)
        self.variance = 0.0
        self.year = -1
        self.flows: dict[str, Floats] = {}
        self.dividends = np.zeros(world.n_rows)  # of the calendar year, per member, by constituent
        self.nothing = np.zeros(world.n_rows)
        history = np.sum([world.recorder.column(f"income_{s}")[:N_HISTORY] for s in INCOME], axis=0)
        first_month = world.calendar.months[0].key % N_HISTORY
        self.last_months = np.roll(history, first_month, axis=0)  # each calendar month has its own place
        world.calendar.declare("ledger", "ledger", self.close)

    def close(self, month: Month) -> None:
        """Book the month that has ended."""
        self.book_income(month)
        self.spend(month)
        self.pay_dividends(month)
        self.pool()
        self.freeze_rights()

    def book_income(self, month: Month) -> None:
        """Book income by constituent and source, and sum it by account."""
        world = self.world
        level = self._trend(month) * self._noise(month.year)
        by_source = np.multiply(world.cooperatives.sources.T, level * month.years, order="C")
        booked = 1 - world.assets.unhanded
        by_source[RENT] *= world.contracts.rent_factor * (1 + world.p.community_rent_gain * world.committees.community)
        by_source[RENT] *= booked
        flows = {f"income_{source}": values for source, values in zip(SOURCES, by_source, strict=True)}
        flows["income_one_off"] = self._one_offs(month) + world.cooperatives.recovered
        flows["income_assets"] = world.assets.gain * booked * month.years
        flows["income_trust"] = world.cooperatives.trust_income.copy()
        flows["income_project"] = world.cooperatives.project_income.copy()
        flows["income_top_up"] = world.cooperatives.top_up.copy()
        world.cooperatives.trust_income[:] = 0.0
        world.cooperatives.top_up[:] = 0.0
        world.cooperatives.project_income[:] = 0.0
        world.cooperatives.recovered[:] = 0.0
        income = by_source.sum(axis=0) + flows["income_assets"] + flows["income_one_off"] + flows["income_trust"]
        income += flows["income_project"] + flows["income_top_up"]
        self.last_months[month.key % N_HISTORY] = income
        self.world.cooperatives.income_12m[:] = self.last_months.sum(axis=0)
        self.flows = flows | {"account_income": world.by_account(income)}

    def spend(self, month: Month) -> None:
        """Pay what is owed; a short-fall takes cash, then becomes debt; a surplus is mostly spent."""
        world, p, flows = self.world, self.world.p, self.flows
        cash, debt = world.cooperatives.cash, world.cooperatives.debt
        owed = (world.by_account(self.running_costs()) + p.interest_rate * debt) * month.years
        owed += world.by_account(world.cooperatives.trust_costs + world.cooperatives.project_costs)
        world.cooperatives.trust_costs[:] = 0.0
        world.cooperatives.project_costs[:] = 0.0
        office_paid = self.office_paid(month)
        if office_paid is not self.nothing:
            owed = np.maximum(owed - office_paid, 0.0)
        bills = world.by_account(world.cooperatives.run_up)
        world.cooperatives.run_up[:] = 0.0
        given, got = self.new_income(month)
        net = flows["account_income"] + got - given - owed
        surplus, shortfall = np.maximum(net, 0.0), np.maximum(-net, 0.0)
        repayment = np.minimum(p.repaid_share * surplus, debt)
        borrowing = np.maximum(shortfall - cash, 0.0) + bills
        free = (1 - p.saved_share) * surplus - repayment
        spending = owed + free + bills
        written_off = np.minimum(world.by_account(world.cooperatives.written_off), debt + borrowing - repayment)
        world.cooperatives.written_off[:] = 0.0
        flows |= {
            "opening": cash.copy(), "spending": spending, "borrowing": borrowing, "repayment": repayment,
            "transfer_in": got, "transfer_out": given,
            "debt_moved": np.zeros(world.n_rows), "written_off": written_off, "office_paid": office_paid,
            "member_dividend": world.levers.dividend_share.now * free,
        }  # fmt: skip
        kept = cash + flows["account_income"] + got - given - spending + borrowing - repayment
        self.world.cooperatives.cash[:] = np.maximum(kept, 0.0)  # what a float loses below a millionth of a fen
        self.world.cooperatives.debt[:] = debt + borrowing - repayment - written_off

    def pay_dividends(self, month: Month) -> None:
        """Tell members what they get of what is spent; a year's dividend earns trust when the year is closed."""
        world, p, paid = self.world, self.world.p, self.flows["member_dividend"]
        if paid.any():
            self.dividends += (paid / np.maximum(world.by_account(world.endowment.members), 1.0))[world.account_of]
        if month.key % 12 == 11 and self.dividends.any():
            world.members.trust_shock += p.share_dividend_trust * np.minimum(self.dividends / p.full_dividend, 1.0)
            self.dividends[:] = 0.0

    def running_costs(self) -> Floats:
        """Office, services and levelled-up benefits, by constituent [yuan per year]."""
        world, p = self.world, self.world.p
        village = self.office_costs() + self._levelling_up(world.endowment.members)
        services = (p.service_cost + p.community_service_cost * world.committees.community) * world.endowment.residents
        return village[world.village_of] * world.member_shares() + services

    def office_costs(self) -> Floats:
        """Office of every village, at the host's row [yuan per year]."""
        world, p = self.world, self.world.p
        apart = world.by_village(world.account_of == np.arange(world.n_rows)) > 1
        operation = world.committees.passed[:, OPERATION] / MILESTONES[OPERATION]
        office: Floats = np.where(world.committees.community, p.community_office_cost, p.office_cost)
        office = office * np.where(apart, p.separate_office_factor, 1.0)
        return office * (1 - p.operation_office_saving * operation)

    def office_paid(self, month: Month) -> Floats:
        """What the county pays of the month's offices, never more than they cost, by account [yuan]."""
        world = self.world
        if not world.cooperatives.office_paid.any():
            return self.nothing
        given = world.by_village(world.cooperatives.office_paid)
        world.cooperatives.office_paid[:] = 0.0
        by_village = np.minimum(given, self.office_costs() * month.years)
        return world.by_account(by_village[world.village_of] * world.member_shares())

    def freeze_rights(self) -> None:
        """Note what stays with each part of a village that has voted to pool new income only: its last twelve months."""
        world = self.world
        for village in world.to_share:
            rows = np.flatnonzero(world.village_of == village)
            if (world.account_of[rows] == rows).all():
                world.cooperatives.frozen_right[rows] = world.cooperatives.income_12m[rows]
                world.log("new_income_pooled", village, accounts=len(rows))
        world.to_share.clear()

    def new_income(self, month: Month) -> tuple[Floats, Floats]:
        """What accounts give and get where members share all income above the frozen rights [yuan]."""
        world, rights = self.world, self.world.cooperatives.frozen_right
        sharing = np.isfinite(rights)
        if not sharing.any():
            return np.zeros(world.n_rows), np.zeros(world.n_rows)
        above = self.flows["account_income"] - np.nan_to_num(rights) * month.years
        given = np.where(sharing, np.maximum(above, 0.0), 0.0)
        share = world.member_shares()
        return given, world.by_village(given)[world.village_of] * share * sharing

    def pool(self) -> None:
        """Make one account of those of every village that has voted for it, in the row of its host."""
        world, flows = self.world, self.flows
        cash, debt = world.cooperatives.cash, world.cooperatives.debt
        for village in world.to_pool:
            rows = np.flatnonzero((world.village_of == village) & (np.arange(world.n_rows) != village))
            if (world.account_of[rows] == village).all():
                continue  # books were put together before
            flows["transfer_out"][rows] += cash[rows]
            flows["transfer_in"][village] += cash[rows].sum()
            flows["debt_moved"][rows], flows["debt_moved"][village] = -debt[rows], debt[rows].sum()
            self.world.cooperatives.cash[village] += cash[rows].sum()
            self.world.cooperatives.debt[village] += debt[rows].sum()
            self.world.cooperatives.cash[rows] = self.world.cooperatives.debt[rows] = 0.0
            self.world.account_of[rows] = village
            world.log("accounts_pooled", village, accounts=len(rows) + 1)
        self.world.to_pool.clear()

    def _trend(self, month: Month) -> float:
        """Growth since the middle of the twelve months before the start."""
        k = month.key - self.world.calendar.months[0].key
        return float((1 + self.world.p.income_growth) ** ((k + N_HISTORY / 2 + 0.5) / 12))

    def _noise(self, year: int) -> Floats:
        """Yearly deviation of recurrent income, mean one; the history before the start has none."""
        world, p = self.world, self.world.p
        if year != self.year:
            self.year = year
            common = p.income_county_sd * world.draws.normal("income.county", year)
            own = p.income_own_sd * world.draws.normal("income.own", world.keys, year)
            self.deviation = p.income_persistence * self.deviation + common + own
            self.variance = p.income_persistence**2 * self.variance + p.income_county_sd**2 + p.income_own_sd**2
            self.factor: Floats = np.exp(self.deviation - self.variance / 2)
        return self.factor

    def _one_offs(self, month: Month) -> Floats:
        """Land compensation and the like: a share of a year's income at once."""
        world, p = self.world, self.world.p
        rows, _ = occurs(world.draws, "one_off", world.keys, month.key, month.days, p.one_off_rate)
        amounts = np.zeros(world.n_rows)
        amounts[rows] = p.one_off_size * self._trend(month) * world.endowment.income[rows]
        return amounts

    def _levelling_up(self, members: Ints) -> Floats:
        """Cost of giving all members the highest benefits of any part, by village [yuan per year]."""
        world = self.world
        joined = world.committees.passed[:, LIVELIHOOD] >= 1
        if not joined.any():
            return np.zeros(world.n_rows)
        benefits = world.members.entitlement
        missing = (world.highest_by_village(benefits)[world.village_of] - benefits) * members
        return world.by_village(missing) * joined

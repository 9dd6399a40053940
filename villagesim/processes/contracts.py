"""Contracts of the collective, and the clean-up of contracts and debts (清化收, equation E8).

A faulty contract pays less than the market. Contracts end with a year and are let again, as often faulty as before, so
without a campaign the share of faulty ones stays; where letting is open, fewer are faulty. A campaign takes up the faulty
contracts and the debts of the villages it reaches: easy ones are ripe within months, hard ones within years (courts);
each ripe one then takes an audit team some days (queue, debts first). A corrected contract is let at the market rent from
then on, a resolved part of a debt is written off or netted; every corrected title stirs up old claims for a while.

Theory: clarification first raises disputes, by bringing old claims to light (evidence 8.18). Left out: whose loss a
written-off debt is.
"""

from dataclasses import dataclass

import numpy as np

from villagesim.arrays import Bools, Floats, Ints, sum_by
from villagesim.component import Column, Lever
from villagesim.dates import DAYS_A_YEAR, Month
from villagesim.domains import NOT_NEGATIVE
from villagesim.engine.events import Timer
from villagesim.parameters.contracts import PARAMETERS
from villagesim.process import Process
from villagesim.randomness import occurs

EVERY = slice(None)
DEBTS_FIRST, THEN_CONTRACTS = 0.0, 1.0
"""Order in which audit teams take ripe items: a choice of this model. Source: assumption."""


@dataclass(eq=False, slots=True)
class Audit:
    """One ripe item at the desk of the audit teams: a contract, or one part of a constituent's debt."""

    priority: float
    item: int
    amount: float
    duration: float
    patience: float = float("inf")


class Contracts(Process):
    """All contracts and debts of the county."""

    parameters = PARAMETERS
    owns = tuple(
        f"contracts.{column}" for column in ("faulty", "relet", "faulty_since_start", "reopened", "rent_factor")
    )
    deposits = ("cooperatives.written_off", "cooperatives.recovered")
    columns = (
        Column(
            name="corrected", meaning="contracts corrected", unit="count", per="constituent", kind="flow", whole=True,
            read="n_corrected",
        ),
        Column(
            name="audit_busy", meaning="work of audit teams", unit="team-days", per="county", kind="flow", read="busy_days",
            domain=NOT_NEGATIVE,
        ),
        Column(
            name="audit_capacity", meaning="time of audit teams", unit="team-days", per="county", kind="flow",
            read=lambda process: max(process.capacity_days, process.busy_days), domain=NOT_NEGATIVE,
        ),
    )  # fmt: skip
    levers = (
        Lever(
            name="clean_up", meaning="contracts and debts are taken up", unit="0 or 1", per="constituent", rule="coverage",
        ),
        Lever(name="audit_teams", meaning="audit teams", unit="posts", per="county", rule="capacity"),
        Lever(
            name="open_letting", meaning="part of faulty lettings that open letting prevents", unit="share",
            per="constituent", rule="level",
        ),
    )  # fmt: skip

    def start(self) -> None:
        """Set up what it keeps, and declare its dates."""
        world = self.world
        self.desk = world.desk("audit_teams", self.done, self.done)
        self.at_start = self.share_faulty()
        self.rent_at_start = self.rent()
        contracts = world.contracts
        self.waiting = np.zeros(len(contracts.row), bool)
        self.listed = np.zeros(world.n_rows, bool)
        self.debt_parts = {"easy": np.zeros(world.n_rows), "hard": np.zeros(world.n_rows)}
        self.corrected = np.zeros(world.n_rows)
        self.n_corrected = np.zeros(world.n_rows)
        self.busy_days = self.capacity_days = 0.0
        self.one_account = world.one_account()
        world.calendar.declare("harvest", "contracts", self.close)
        world.calendar.declare("births", "contracts", self.open)

    def share_faulty(self, items: Ints | slice = EVERY) -> Floats:
        """Share of faulty contracts, for constituents whose contracts are among these."""
        contracts = self.world.contracts
        return sum_by(contracts.row[items], contracts.faulty[items], self.world.n_rows) / contracts.n

    def rent(self, items: Ints | slice = EVERY) -> Floats:
        """Mean rent, a faulty contract being 1, for constituents whose contracts are among these."""
        contracts, p = self.world.contracts, self.world.p
        each = np.where(contracts.faulty[items], 1.0, 1 + p.relet_gain)
        each *= np.where(contracts.relet[items], 1 + p.reletting_gain, 1.0)
        return sum_by(contracts.row[items], each, self.world.n_rows) / contracts.n

    def close(self, month: Month) -> None:
        """Reckon rents and the share of faulty contracts anew; let stirred-up claims settle."""
        contracts, p = self.world.contracts, self.world.p
        self.n_corrected = self.corrected.copy()
        self.busy_days, self.capacity_days = self.desk.take_busy_days(), float(self.desk.capacity * month.days)
        contracts.reopened *= np.exp(-month.years / p.reopened_memory)
        if self.corrected.any():
            self.revalue(self.corrected > 0)
            self.corrected[:] = 0.0

    def revalue(self, rows: Bools) -> None:
        """Write rents and shares of faulty contracts of these constituents into the columns."""
        contracts = self.world.contracts
        items = np.flatnonzero(rows[contracts.row])
        contracts.faulty_since_start[rows] = (self.share_faulty(items) - self.at_start)[rows]
        contracts.rent_factor[rows] = (self.rent(items) / self.rent_at_start)[rows]

    def open(self, month: Month) -> None:
        """Let contracts end with the year; while a campaign runs, let its items ripen."""
        self.one_account = self.world.one_account()
        if month.key % 12 == 0 and month.start > 0:
            self.let_again(month)
        teams = int(self.world.levers.audit_teams.now[0])
        self.desk.set_capacity(teams)
        if teams:
            self.ripen_contracts(month)
            self.ripen_debts(month)

    def let_again(self, month: Month) -> None:
        """Let those contracts anew that have ended: as often faulty as ever."""
        world, p, contracts = self.world, self.world.p, self.world.contracts
        self.one_account = self.world.one_account()
        keys = world.keys[contracts.row]
        ends = np.flatnonzero(
            world.draws.uniform("contract.ends", keys, contracts.ordinal, month.year) > np.exp(-p.contract_expiry_rate)
        )
        luck = world.draws.uniform("contract.again", keys[ends], contracts.ordinal[ends], month.year)
        contracts.faulty[ends] = luck < p.faulty_share * (1 - world.levers.open_letting.now[contracts.row[ends]])
        contracts.relet[ends] = self.one_account[contracts.row[ends]]
        self.revalue(np.ones(world.n_rows, bool))

    def ripen_contracts(self, month: Month) -> None:
        """Bring faulty contracts to the teams' desk, each at its own instant."""
        world, p, contracts = self.world, self.world.p, self.world.contracts
        items = np.flatnonzero(contracts.faulty & ~self.waiting & world.levers.clean_up.now[contracts.row])
        rate = np.where(contracts.easy[items], p.easy_contract_rate, p.hard_contract_rate)
        who = world.keys[contracts.row[items]], contracts.ordinal[items]
        rows, after = occurs(world.draws, "audit.contract", who, month.key, month.days, rate)
        self.waiting[items[rows]] = True
        self.bring(THEN_CONTRACTS, items[rows].tolist(), np.zeros(len(rows)).tolist(), after.tolist())

    def ripen_debts(self, month: Month) -> None:
        """Bring the easy and the hard part of every debt to the desk; what they are is fixed when a campaign first comes."""
        world, p = self.world, self.world.p
        new = world.levers.clean_up.now & ~self.listed
        if new.any():
            debt = world.debt_by_constituent()[new]
            self.debt_parts["easy"][new], self.debt_parts["hard"][new] = p.easy_debt * debt, (1 - p.easy_debt) * debt
            self.listed |= new
            world.log("campaign", villages=int((new & world.is_village).sum()), debt=round(float(debt.sum()), 2))
        for kind, rate in (("easy", p.easy_debt_rate), ("hard", p.hard_debt_rate)):
            part = self.debt_parts[kind]
            items = np.flatnonzero((part > 0) & world.levers.clean_up.now)
            rows, after = occurs(world.draws, f"audit.debt.{kind}", world.keys[items], month.key, month.days, rate)
            ripe = items[rows]
            self.bring(DEBTS_FIRST, ripe.tolist(), part[ripe].tolist(), after.tolist())
            part[ripe] = 0.0

    def bring(self, priority: float, items: list[int], amounts: list[float], after: list[float]) -> None:
        """Let items join the queue after some days."""
        duration = self.world.p.audit_days * DAYS_A_YEAR / self.world.p.working_days
        for item, amount, wait in zip(items, amounts, after, strict=True):
            Timer(self.world.env, wait, self._join, Audit(priority, item, amount, duration))

    def _join(self, event: Timer) -> None:
        self.desk.join(event.value)

    def done(self, audit: Audit) -> None:
        """Correct a contract, or write part of a debt off."""
        world, contracts = self.world, self.world.contracts
        if audit.priority == DEBTS_FIRST:
            world.cooperatives.written_off[audit.item] += audit.amount
            return
        self.waiting[audit.item] = False
        if contracts.faulty[audit.item]:
            row = contracts.row[audit.item]
            contracts.faulty[audit.item] = False
            contracts.relet[audit.item] = self.one_account[row]
            contracts.reopened[row] += 1 / contracts.n[row]
            self.corrected[row] += 1
            world.cooperatives.recovered[row] += world.p.cash_recovered

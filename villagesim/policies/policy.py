"""What a policy is, and the county's office that starts, pays and ends policies.

A policy is a frozen value: what, from when to when, for whom, how strongly, at what unit cost, under which budget. It
changes nothing until the run. Each month it makes a claim on the county's fund; what is paid decides how far it acts.
"""

from dataclasses import dataclass, field, fields
from datetime import date
from math import ceil
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from villagesim.arrays import Bools, Floats, to_whole
from villagesim.dates import Month, first_of_month, month_key
from villagesim.engine.fund import FEN, fen
from villagesim.errors import ScenarioError
from villagesim.policies.targets import ALL, Target
from villagesim.world import Payment, World

_NUMBERS: dict[Any, str] = {
    int: "a whole number",
    float: "a number",
    float | None: "a number, or left out",
}
"""What a setting of each type must be."""


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Base of all policies that have a date.

    Attributes
    ----------
    start : date
        First of a month.
    end : date, optional
        First of the month in which it acts no more; None: until the end of the run.
    target : Target
    budget : float, optional
        Own cap on all payments together [yuan]; refusals by it are reported apart from those by the fund.
    label : str
        Own name, where a strategy holds two of one kind.
    expects : (outcome, direction)
        What it is meant to move, and which way: written down before it was run; 0 where no effect is expected.
    """

    kind: ClassVar[str] = ""
    expects: ClassVar[tuple[str, int]]
    start: date
    end: date | None = None
    target: Target = field(default=ALL)
    budget: float | None = None
    label: str = ""

    def __post_init__(self) -> None:
        for setting in fields(self):
            if setting.type in _NUMBERS:
                self.require(
                    setting.name, _is_number(getattr(self, setting.name), setting.type), _NUMBERS[setting.type]
                )
        self.require("target", isinstance(self.target, Target), "a target, as poorest(20)")
        object.__setattr__(self, "start", first_of_month(self.start, f"{self.kind}: start"))
        if self.end is not None:
            object.__setattr__(self, "end", first_of_month(self.end, f"{self.kind}: end"))
            if self.end <= self.start:
                raise ScenarioError(
                    f"{self.kind}: end = {self.end} is not after start = {self.start}."
                    " Choose a later end, or leave it out."
                )
        if not self.label:
            object.__setattr__(self, "label", self.kind)
        self.require("budget", self.budget is None or 0 <= self.budget < 1e13, "at least 0 yuan, or left out")

    def require(self, name: str, holds: bool, rule: str) -> None:
        """Refuse a value that breaks a rule.

        Raises
        ------
        ScenarioError
        """
        if not holds:
            raise ScenarioError(f"{self.kind}: {name} = {getattr(self, name)} must be {rule}.")

    def begin(self, measure: "Measure") -> None:
        """Set levers on the day it starts."""

    def claim(self, measure: "Measure", month: Month) -> float:
        """Cost of the coming month [yuan]; 0 for a rule without cost."""
        return 0.0

    def act(self, measure: "Measure", month: Month, paid_share: float) -> None:
        """Do in the coming month what has been paid for, ``paid_share`` between 0 and 1."""

    def finish(self, measure: "Measure") -> None:
        """Undo what :meth:`begin` and :meth:`act` have set."""


@dataclass(eq=False)
class Measure:
    """A policy that runs in a world.

    Attributes
    ----------
    picked : (n_rows,) constituents picked on the day it started
    spent : so far [fen]
    """

    policy: Policy
    world: World
    picked: Bools
    spent: int = 0
    short_of_money: bool = False
    _seen: Any = None
    _rows: Any = None

    @property
    def label(self) -> str:
        """Name of the policy in this strategy."""
        return self.policy.label

    @property
    def rows(self) -> Bools:
        """Constituents of the villages it reaches today: of all that hold somebody it picked, ``(n_rows,)``."""
        if self._seen is not self.world.village_of:  # pointers change on the day of the decree only
            self._seen = self.world.village_of
            self._rows = self.world.by_village(self.picked)[self.world.village_of] > 0
        rows: Bools = self._rows
        return rows


class Administration:
    """The county's office: at firsts of a month policies end, start, are paid, and act."""

    def __init__(self, world: World, policies: tuple[Policy, ...]) -> None:
        labels = [policy.label for policy in policies]
        for label in labels:
            if labels.count(label) > 1:
                raise ScenarioError(
                    f"a strategy holds {labels.count(label)} policies called {label!r}.\n"
                    "  Two of one kind may run side by side: give each its own label."
                )
        self.world = world
        self.policies = sorted(policies, key=lambda policy: policy.label)
        self.running: dict[str, Measure] = {}
        self.paid = 0
        world.record(support_paid=lambda: self.paid / FEN)
        world.calendar.declare("policies", "administration", self.govern)

    def govern(self, month: Month) -> None:
        """Do all that falls on this first of a month; policies go by their labels, so their order does not matter."""
        self.fill_fund(month)
        for policy in self.policies:
            if policy.end is not None and month_key(policy.end) == month.key:
                self.end(policy)
        for policy in self.policies:
            if month_key(policy.start) == month.key:
                self.start(policy)
        self.pay(month)

    def fill_fund(self, month: Month) -> None:
        """Pay the year's money into the fund on 1 January."""
        budget = self.world.budget
        if month.key % 12 == 0 and month.year >= budget.since:
            self.world.fund.pay_in(fen(budget.yearly))

    def start(self, policy: Policy) -> None:
        """Pick the villages, by what is observed today, and begin."""
        measure = Measure(policy, self.world, policy.target.rows(self.world))
        self.running[policy.label] = measure
        policy.begin(measure)
        self.world.log(
            "policy_started", policy=policy.label, villages=int((measure.rows & self.world.is_village).sum())
        )

    def end(self, policy: Policy) -> None:
        """End a policy that runs."""
        measure = self.running.pop(policy.label, None)
        if measure is not None:
            policy.finish(measure)
            self.world.log("policy_ended", policy=policy.label)

    def pay(self, month: Month) -> None:
        """Pay the month's claims, as far as caps and fund go, and let policies act on what they got."""
        asked = {label: _claimed(measure, month) for label, measure in self.running.items()}
        capped = {label: min(amount, self._left(label)) for label, amount in asked.items()}
        paid = self.world.fund.pay_all(capped)
        self.paid = sum(paid.values())
        for label in sorted(self.running):
            measure = self.running[label]
            measure.spent += paid[label]
            self._note(month, label, asked[label], capped[label], paid[label])
            measure.policy.act(measure, month, paid[label] / asked[label] if asked[label] else 1.0)

    def _left(self, label: str) -> int:
        measure = self.running[label]
        return 10**18 if measure.policy.budget is None else fen(measure.policy.budget) - measure.spent

    def _note(self, month: Month, label: str, asked: int, capped: int, paid: int) -> None:
        measure, short = self.running[label], paid < asked
        if short and not measure.short_of_money:
            self.world.log("policy_unfunded", policy=label, asked=asked / FEN, paid=paid / FEN)
        measure.short_of_money = short
        if asked:
            payment = Payment(month.start, label, asked, asked - capped, capped - paid, paid)
            self.world.payments.append(payment)


def _is_number(value: object, kind: Any) -> bool:
    if kind == (float | None) and value is None:
        return True
    return isinstance(value, int if kind is int else int | float) and not isinstance(value, bool)


def _claimed(measure: Measure, month: Month) -> int:
    """Claim in whole fen, rounded up: nothing is had for nothing."""
    yuan = measure.policy.claim(measure, month)
    if not 0 <= yuan < 1e13:
        raise ScenarioError(
            f"{measure.label}: the claim for {month.label} = {yuan} must be at least 0 yuan.\n"
            "  Correct claim() of the policy."
        )
    return ceil(yuan * FEN)


def largest_remainder(n: int, weights: Floats) -> NDArray[np.int64]:
    """Share ``n`` whole things out by weights; ties go to the first."""
    total = weights.sum()
    if n <= 0 or total <= 0:
        return np.zeros(len(weights), np.int64)
    return to_whole(n * weights / total)

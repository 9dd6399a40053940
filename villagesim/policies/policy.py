"""What a policy is, and how it stands in a run.

A policy is a frozen value: what, from when to when, for whom, how strongly, at what unit cost, under which budget. It
changes nothing until the run. Each month it makes a claim on the county's fund; what is paid decides how far it acts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache, partial
from typing import Any, ClassVar

import numpy as np

from villagesim.arrays import Bools, Floats, rows_where, some, to_whole
from villagesim.checks import number, size
from villagesim.component import Component
from villagesim.dates import Month, first_of_month
from villagesim.ending import is_shipped
from villagesim.errors import PolicyError, placed
from villagesim.frozen import Frozen
from villagesim.policies.conditions import Condition
from villagesim.targets import ALL, Target
from villagesim.text import line
from villagesim.world import World

_CHECKS: dict[Any, Callable[..., float]] = {int: partial(size, least=None), float: number, float | None: number}
"""What a setting of each type must pass."""
COST = "cost_per_"
"""What the setting of a unit cost begins with."""


_SHIPPED: set[str] = set()
"""Kinds of the library."""


@dataclass(frozen=True, kw_only=True)
class Policy(Component):
    """Base of all policies that have a date.

    Attributes
    ----------
    kind : str
        One of the kinds below, as ``"land_trust"``, or a class of your own, as ``"my_file:MyPolicy"``.
    start : date
        First of a month within the run.
    end : date
        First of the month in which it acts no more; left out: it goes on to the end of the run.
    when : Condition
        It waits, from ``start`` on, until this holds.
    until : Condition
        It ends for good on the first of the month on which this holds.
    phase_in : int
        Months until all villages of the target are reached: as many more each month, by lot; 0: all at once [months].
    target : Target
        Which villages it reaches.
    budget : float, at least 0
        Cap on all payments over the whole run, not per year, on top of the fund; refusals by it are reported apart from
        those by the fund. It means nothing to a rule without a cost [yuan].
    label : str
        Own name, needed where a strategy holds two policies of one kind; else its kind.
    expects : (outcome, direction)
        What it is meant to move, and which way: written down before it was run; 0 where no effect is expected.
    ranges : dict of str to (low, high, unit)
        Settings that are no choice, but not known: where they may lie.
    example : dict
        Settings, beside a start, with which it does something; needed where a setting has no default, or one that does nothing.
    """

    kind: ClassVar[str] = ""
    expects: ClassVar[tuple[str, int]]
    ranges: ClassVar[Mapping[str, tuple[float, float, str]]] = Frozen({})
    example: ClassVar[Mapping[str, Any]] = Frozen({})
    start: date
    end: date | None = None
    when: Condition | None = None
    until: Condition | None = None
    phase_in: int = 0
    target: Target = field(default=ALL)
    budget: float | None = None
    label: str = ""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        own = not is_shipped(cls)
        if own and cls.kind in _SHIPPED and "kind" not in vars(cls):
            cls.kind = ""  # it is another policy than the one that it is derived from
        cls.kind = cls.kind or cls.__name__
        if own and cls.kind in _SHIPPED:
            raise PolicyError(
                f"{cls.__name__}: kind = {cls.kind!r} is a policy of the library.", fix="Give it a name of its own."
            )
        if not own:
            _SHIPPED.add(cls.kind)
        _check_expected(cls)
        cls.ranges, cls.example = Frozen(cls.ranges), Frozen(cls.example)
        cls.__repr__ = cls.__dict__.get("__repr__", Policy.__repr__)  # type: ignore[method-assign]

    def __post_init__(self) -> None:
        for setting in fields(self):
            value = getattr(self, setting.name)
            check = _CHECKS.get(setting.type)
            if check and not (value is None and setting.default is None):
                with placed(self.kind):
                    check(value, setting.name, error=PolicyError)
                if isinstance(value, np.generic):
                    object.__setattr__(self, setting.name, value.item())
            if setting.name.startswith(COST):
                self.require(setting.name, 0 <= getattr(self, setting.name) < 1e9, "at least 0 yuan, and below 1e9")
        for condition in (self.when, self.until):
            if not isinstance(condition, Condition | None):
                raise PolicyError(
                    f"{condition!r} must be a condition, as Condition(outcome=..., below=...).", at=[self.kind]
                )
        self.require("phase_in", self.phase_in >= 0, "a whole number of months of at least 0")
        self.require("target", isinstance(self.target, Target), "a target, as poorest(20)")
        with placed(self.kind):
            object.__setattr__(self, "start", first_of_month(self.start, "start", PolicyError))
            if self.end is not None:
                object.__setattr__(self, "end", first_of_month(self.end, "end", PolicyError))
        if self.end is not None and self.end <= self.start:
            raise PolicyError(
                f"end = {self.end} is not after start = {self.start}.",
                fix="Choose a later end, or leave it out.",
                at=[self.kind],
            )
        if not self.label:
            object.__setattr__(self, "label", self.kind)
        with placed(self.kind):
            line(self.label, "label", error=PolicyError)
        self.require(
            "budget", self.budget is None or 0 <= self.budget < 1e13, "at least 0 yuan and below 1e13, or left out"
        )

    def __repr__(self) -> str:
        plain = {setting.name: setting.default for setting in fields(self)} | {"label": self.kind}
        values = {name: getattr(self, name) for name, default in plain.items() if getattr(self, name) != default}
        said = (f"{name}={str(value) if isinstance(value, date) else value!r}" for name, value in values.items())
        return f"{type(self).__name__}({', '.join(said)})"

    def require(self, name: str, holds: bool, rule: str) -> None:
        """Refuse a value that breaks a rule.

        Raises
        ------
        PolicyError
        """
        if not holds:
            value = getattr(self, name)
            said = f"{value:,.12g}" if isinstance(value, float) else value
            raise PolicyError(f"{name} = {said} must be {rule}.", at=[self.kind])

    @property
    def unit_cost(self) -> float:
        """What one post, village or place costs [yuan], by its setting ``cost_per_...``; 0 for a rule."""
        return sum(getattr(self, name) for name in _costs(type(self)))  # type: ignore[arg-type]  # a class is a key

    def begin(self, active: "ActivePolicy") -> None:
        """Set levers on the day it starts."""

    def claim(self, active: "ActivePolicy", month: Month) -> float:
        """Cost of the coming month [yuan]; 0 for a rule without cost."""
        return 0.0

    def act(self, active: "ActivePolicy", month: Month, paid_share: float) -> None:
        """Do in the coming month what has been paid for, ``paid_share`` between 0 and 1."""

    def does(self, active: "ActivePolicy", month: Month, paid_share: float) -> bool:
        """Whether it reaches anybody in the month with what it got; one that costs something does nothing unpaid."""
        paid = active.spent > 0 if self.unit_cost else paid_share > 0
        return bool(paid and some(active.rows))

    def finish(self, active: "ActivePolicy") -> None:
        """Let go of all levers that it pulls."""
        for lever in self.pulls:
            active.world.levers[lever].drop(self.label)


@cache
def _costs(kind: type[Policy]) -> tuple[str, ...]:
    """Settings of a policy that say what one post, village or place costs."""
    return tuple(setting.name for setting in fields(kind) if setting.name.startswith(COST))


@dataclass(eq=False)
class ActivePolicy:
    """A policy that runs in a world.

    Attributes
    ----------
    picked : (n_rows,) constituents picked on the day it started
    months : how many it has run, the present one included
    spent : so far [fen]
    asked : month, and whom it claimed money for in it, and how much, where it goes to each apart
    """

    policy: Policy
    world: World
    picked: Bools
    months: int = 1
    spent: int = 0
    short_of_money: bool = False
    asked: tuple[int, list[tuple[int, float]]] = (-1, [])
    _seen: tuple[Any, int] = (None, 0)
    _rows: Any = None

    def pull(self, lever: str, contribution: Callable[[], Any]) -> None:
        """Contribute to a lever from the next refresh on."""
        self.policy.lever(self.world.levers, lever).set(self.label, contribution)

    @property
    def label(self) -> str:
        """Name of the policy in this strategy."""
        return self.policy.label

    @property
    def rows(self) -> Bools:
        """Constituents of the villages it reaches today: of all that hold somebody it picked, ``(n_rows,)``."""
        villages, phase = self.world.village_of, min(self.months, self.policy.phase_in)
        if self._seen[0] is not villages or self._seen[1] != phase:  # pointers change on the day of the decree only
            self._seen, self._rows = (villages, phase), self._reached()
        rows: Bools = self._rows
        return rows

    def _reached(self) -> Bools:
        world = self.world
        if self.months >= self.policy.phase_in:
            return world.by_village(self.picked)[world.village_of] > 0
        lots = np.ones(world.n_rows)
        drawn = np.where(self.picked, world.draws.uniform(f"phase.{self.label}", world.keys), 1.0)
        np.minimum.at(lots, world.village_of, drawn)
        villages = rows_where(lots < 1.0)
        n = len(villages) * self.months // self.policy.phase_in
        return np.isin(world.village_of, villages[np.argsort(lots[villages], kind="stable")[:n]])


def _check_expected(kind: type[Policy]) -> None:
    """Refuse what it expects where that is not an outcome and a direction."""
    said = getattr(kind, "expects", ("trust", 0))
    if not (isinstance(said, tuple) and len(said) == 2 and isinstance(said[0], str) and said[1] in (-1, 0, 1)):
        raise PolicyError(
            f"{kind.__name__}: expects = {said!r} is not an outcome and a direction.",
            fix='Write as expects = ("trust", +1): +1, -1, or 0 where it should not move.',
        )


def largest_remainder(n: float, weights: Floats) -> Floats:
    """Share ``n`` posts out by weights, whole ones, and a part to who would have the next one; ties go to the first."""
    total = weights.sum()
    if n <= 0 or total <= 0:
        return np.zeros(len(weights))
    whole = to_whole(int(n) * weights / total)
    return whole + (n - int(n)) * (to_whole((int(n) + 1) * weights / total) - whole)

"""Something that is varied: its path, its values, and its words.

A factor names what it sets by a path:

- ``parameters.income_growth``: a parameter;
- ``policies.<label>.<setting>``: a setting of the policy of this label, in every strategy that holds one, also
  ``policies.land_trust.start``, ``policies.land_trust.split.0``, ``policies.land_trust.target.n``,
  and ``policies.land_trust.target``, as a scenario file writes targets, or in words: ``lowest(20)``;
- ``kinds.<kind>.<setting>``: a setting of all policies of a kind, whatever their labels;
- ``fund.yearly``: the county's money for support;
- ``merger.decree``: the date of the decree; the announcement moves along;
- ``merger.announcement``: the date of the announcement alone;
- ``place.map``: which map of the merger, of those that the scenario names in ``[place] maps``, or maps that are ``drawn``;
- ``draw``: which of the uncertain maps and endowments; 0 is the central one;
- ``replication``: which luck.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from villagesim.checks import is_number
from villagesim.dates import first_of_month, month_key
from villagesim.docstrings import attributes
from villagesim.docstrings import unit_of as unit_in
from villagesim.errors import DesignError, placed
from villagesim.scenario import Scenario
from villagesim.wording import FACTORS
from villagesim.wording import factor_in_words as in_words

__all__ = ["WHOLE", "Factor", "checked_factors", "in_words", "unit_of"]

WHOLE = ("draw", "replication")
"""Factors that count something."""


@dataclass(frozen=True)
class Factor:
    """Something that is varied, over a range or over a list of values.

    Attributes
    ----------
    path : str
        What it sets, as ``parameters.income_growth``.
    low, high : number or date, optional
        Ends of the range, both included; every value in between is equally likely. Dates fall on firsts of a month, and
        where a whole number is set, whole numbers alone are values.
    values : tuple, optional
        Instead of a range: the values, all equally likely.
    """

    path: str
    low: float | date | None = None
    high: float | date | None = None
    values: tuple[Any, ...] | None = None

    def __post_init__(self) -> None:
        if self.values is not None:
            object.__setattr__(self, "values", tuple(_plain(value) for value in self.values))
            if not self.values or self.low is not None or self.high is not None:
                raise DesignError(
                    "give either low and high, or values with at least one value.", at=[f"factor {self.path}"]
                )
            return
        if self.low is None or self.high is None:
            raise DesignError(
                "a range needs low and high.", fix="Give both, or a list of values.", at=[f"factor {self.path}"]
            )
        for name in ("low", "high"):
            object.__setattr__(self, name, _plain(getattr(self, name)))
        if any(isinstance(end, date | np.datetime64) for end in (self.low, self.high)):
            with placed(f"factor {self.path}"):
                for name in ("low", "high"):
                    object.__setattr__(self, name, first_of_month(getattr(self, name), name))
        elif not all(is_number(end) for end in (self.low, self.high)):
            raise DesignError(
                f"low = {self.low!r} and high = {self.high!r} must be finite numbers.", at=[f"factor {self.path}"]
            )
        if not self.low < self.high:  # type: ignore[operator]
            raise DesignError(
                f"low = {self.low} is not below high = {self.high}.",
                fix="Exchange them, or give values.",
                at=[f"factor {self.path}"],
            )

    def at(self, unit: float, *, whole: bool = False) -> Any:
        """Value at a place of the unit interval, from 0 (the low end or first value) to 1; ``whole``: a whole number."""
        low, high = self.low, self.high
        if self.values is not None:
            return self.values[_cell(unit, len(self.values))]
        if isinstance(low, date) and isinstance(high, date):
            key = month_key(low) + _cell(unit, month_key(high) - month_key(low) + 1)
            return date(key // 12, key % 12 + 1, 1)
        assert isinstance(low, int | float)
        assert isinstance(high, int | float)
        if whole or self.path in WHOLE:
            if low != int(low) or high != int(high):
                raise DesignError(
                    f"low = {low:g} and high = {high:g} must be whole numbers.",
                    fix="Correct them.",
                    at=[f"factor {self.path}"],
                )
            return int(low) + _cell(unit, int(high) - int(low) + 1)
        return min(low + unit * (high - low), high)


def _plain(value: Any) -> Any:
    """A number of numpy as a plain one."""
    return value.item() if isinstance(value, np.number | np.bool_) else value


def unit_of(path: str, scenario: Scenario) -> str:
    """Unit of a factor; empty where it has none."""
    if path in FACTORS:
        return FACTORS[path][1]
    of, _, name = path.partition(".")
    if of == "parameters":
        return scenario.parameters[name].unit
    whose, _, setting = name.partition(".")
    policies = (policy for strategy in scenario.strategies.values() for policy in strategy)
    found = next((p for p in policies if whose == {"policies": p.label, "kinds": p.kind}.get(of)), None)
    about = attributes(type(found)).get(setting, ("", "")) if found else ("", "")
    return unit_in(about[1])


def _cell(unit: float, n: int) -> int:
    """Which of ``n`` equal parts of the unit interval."""
    return min(int(unit * n), n - 1)


def checked_factors(factors: Sequence[Factor]) -> Sequence[Factor]:
    """Refuse none at all, and a path that is there twice."""
    if not factors:
        raise DesignError("a design needs at least one factor.")
    paths = [factor.path for factor in factors]
    for path in paths:
        if paths.count(path) > 1:
            raise DesignError(f"factor {path} is there twice.", fix="Leave one out.")
    return factors

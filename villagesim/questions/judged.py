"""What strategies are judged by: an outcome, or what collectives and county have more of together, by village and year."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from villagesim.arrays import Floats
from villagesim.dates import month_key, month_label
from villagesim.engine.recorder import N_HISTORY
from villagesim.errors import OutcomeError
from villagesim.languages import marked
from villagesim.questions.setting import Setting
from villagesim.runs.table import RunTable
from villagesim.scenario import Scenario

MONEY = ("income_per_resident", "fiscal_saving", "support_cost")
"""Outcomes that a balance is made of."""
BALANCE, LAST_YEAR = "balance", "balance_last_year"
TITLES: Mapping[str, str] = {
    BALANCE: marked("income of collectives and saving of the county, less what support costs, by year since the start"),
    LAST_YEAR: marked(
        "income of collectives and saving of the county, less what support costs, in the last twelve months"
    ),
}
"""What is no outcome, in words."""


@dataclass(frozen=True, eq=False)
class Judged:
    """Strategies by what they are judged by.

    Attributes
    ----------
    values : (n_strategies, n_draws, n_replications) array
    title, unit : str
    direction : int
        1 where more is better, -1 where less is.
    in_yuan : float
        What one unit is in yuan by village and year; NaN where it is none.
    """

    values: Floats
    title: str
    unit: str
    direction: int
    in_yuan: float


def outcomes_of(name: str, scenario: Scenario) -> tuple[str, ...]:
    """Outcomes to keep, money always among them.

    Raises
    ------
    OutcomeError
        Where there is none of this name, or neither more nor less of it is better.
    """
    if name in TITLES:
        return MONEY
    if scenario.outcomes[name].direction == 0:
        raise OutcomeError(f"{name}: neither more nor less of it is better.", fix="Choose another outcome.")
    return tuple(dict.fromkeys((name, *MONEY)))


def windows(scenario: Scenario, at: str) -> tuple[str, ...]:
    """Months twelve apart, back from one of the run to its start: their last twelve months together are all of it."""
    first, last = month_key(scenario.timetable.start), _key(at)
    return tuple(month_label(key) for key in sorted(range(last, first - 1, -N_HISTORY)))


def judged(name: str, runs: RunTable, scenario: Scenario) -> Judged:
    """Values of all runs at the end of the last of their months, which are those of :func:`windows`."""
    known = Setting.of(scenario)
    if name in TITLES:
        income, saving, cost = (runs.values(each) for each in MONEY)
        money = (known.residents * income + saving - cost) / known.n_after
        years = (_key(runs.months[-1]) + 1 - month_key(scenario.timetable.start)) / N_HISTORY
        values = money[..., -1] if name == LAST_YEAR else money.sum(axis=-1) / years
        return Judged(values, TITLES[name], "yuan per village and year", 1, 1.0)
    found = known.outcomes[name]
    return Judged(runs.at(name), found.title, found.unit, found.direction, _in_yuan(found.unit, known))


def _key(month: str) -> int:
    return month_key(date.fromisoformat(f"{month}-01"))


def _in_yuan(unit: str, known: Setting) -> float:
    """What one of a unit is in yuan by village and year, where it is money of a year."""
    kinds = {"yuan per village and year": 1.0, "yuan per resident and year": known.residents / known.n_after}
    whole = dict.fromkeys(("yuan a year", "yuan a year, all villages"), 1 / known.n_after)
    return (kinds | whole).get(unit, np.nan)

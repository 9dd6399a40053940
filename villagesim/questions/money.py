"""What support costs for each village merged in fact, and what it would have to bring to pay for itself.

All sums run from the start of the run, against the baseline in the same replications. Ratios of two uncertain sums get
Fieller's interval, and none where the sum below the line cannot be told from nothing: what is merged in fact no more often
than without support has no price. Left out: discounting, and what anybody but county and collectives gains or pays.
"""

import math
from typing import TYPE_CHECKING

import numpy as np

from villagesim.arrays import Floats
from villagesim.checks import number
from villagesim.engine.recorder import N_HISTORY
from villagesim.errors import DesignError
from villagesim.questions.strategies_answer import StrategiesAnswer
from villagesim.scenario import NO_MERGER
from villagesim.statistics.differences import difference_interval, paired
from villagesim.statistics.intervals import Interval, verdict
from villagesim.statistics.ratios import ratio_of_means

if TYPE_CHECKING:
    import pandas as pd


def since_start(rolling: Floats) -> Floats:
    """Sums since the start of differences whose sums over twelve months are given, months last; equal before the start."""
    total = np.array(rolling, float)
    for month in range(N_HISTORY, total.shape[-1]):
        total[..., month] += total[..., month - N_HISTORY]
    return total


def money(answer: StrategiesAnswer, at: str | None = None) -> "pd.DataFrame":
    """Cost and return of every strategy since the start, against the baseline: a row a strategy.

    Columns, each with ``_low`` and ``_high`` (95%, by itself):
    ``cost`` paid from the county's fund [yuan]; ``saving`` of the county beyond the baseline's and ``net_saving``, less the
    cost [yuan]; ``income_gain`` of all collectives [yuan]; ``balance`` = saving + income gain - cost [yuan];
    ``cost_per_village_merged_in_fact``: cost over extra villages merged in fact at the end [yuan];
    ``income_to_break_even``: rise of collective income, on average since support began, that would pay for cost less
    saving [share of the baseline's], and ``income_found``: the rise there was. ``pays`` says what the balance allows.
    """
    import pandas as pd

    rows = []
    for strategy in answer.strategies:
        if strategy not in (answer.baseline, NO_MERGER):
            rows.append({"at": at or answer.months[-1], "strategy": strategy, **_money(answer, strategy, at)})
    return pd.DataFrame(rows)


def per_unit(
    answer: StrategiesAnswer, strategy: str, units: float, at: str | None = None
) -> dict[str, tuple[float, float, float]]:
    """Income effect that one unit of support would need to pay for itself, and the one it had.

    Parameters
    ----------
    units : float
        What was paid for at any time, as 160 professional secretaries.

    Returns
    -------
    dict
        ``to_break_even`` and ``found``: mean, low, high [yuan per unit and year], 95%.
    """
    number(
        units, "units", above=0, fix="Give how many secretaries, posts or villages were paid for.", error=DesignError
    )
    sums = _Sums(answer, strategy, at)
    if not sums.years:
        return {"to_break_even": (math.nan,) * 3, "found": (math.nan,) * 3}
    return {
        name: _three(difference_interval(values / (units * sums.years)))
        for name, values in (("to_break_even", sums.cost - sums.saving), ("found", sums.income))
    }


class _Sums:
    """Sums since the start of one strategy less those of the baseline, ``(n_units,)``."""

    def __init__(self, answer: StrategiesAnswer, strategy: str, at: str | None) -> None:
        month = at or answer.months[-1]
        answer.at("support_cost", month)  # refuses a month that is not in the run
        end = answer.months.index(month) + 1
        places = [answer.strategies.index(name) for name in (strategy, answer.baseline)]

        def extra(name: str) -> Floats:
            own, baseline = answer.values(name)[places, :, :end]
            return since_start(paired(own, baseline))[:, -1]

        self.cost, self.saving = extra("support_cost"), extra("fiscal_saving")
        residents = answer.known.residents
        self.income = residents * extra("income_per_resident")
        paid = answer.values("support_cost")[places[0], :, :end].any(axis=0)
        first = int(paid.argmax()) if paid.any() else end
        self.years = (end - first) / N_HISTORY
        earned = answer.values("income_per_resident")[places[1], :, first:end]
        self.baseline_income = residents * earned.sum(axis=1) / N_HISTORY
        n_merged = answer.n_merged
        merged = answer.values("share_merged_in_fact")[places, :, end - 1]
        self.merged_in_fact = n_merged * (merged[0] - merged[1])


def _money(answer: StrategiesAnswer, strategy: str, at: str | None) -> dict[str, float | str]:
    sums = _Sums(answer, strategy, at)
    balance = difference_interval(sums.saving + sums.income - sums.cost)
    figures = {
        "cost": _three(difference_interval(sums.cost)),
        "saving": _three(difference_interval(sums.saving)),
        "net_saving": _three(difference_interval(sums.saving - sums.cost)),
        "income_gain": _three(difference_interval(sums.income)),
        "balance": _three(balance),
        "cost_per_village_merged_in_fact": ratio_of_means(sums.cost, sums.merged_in_fact),
        "income_to_break_even": ratio_of_means(sums.cost - sums.saving, sums.baseline_income),
        "income_found": ratio_of_means(sums.income, sums.baseline_income),
    }
    table: dict[str, float | str] = {"pays": _pays(balance, float(sums.cost.mean()))}
    for name, (value, low, high) in figures.items():
        table |= {name: value, f"{name}_low": low, f"{name}_high": high}
    return table


def _pays(balance: Interval, cost: float) -> str:
    """Whether county and collectives together have more than without, as far as one per cent of the cost matters."""
    if not cost > 0:
        return "-"
    words = {"higher": "yes", "lower": "no", "practically equal": "even"}
    said = str(verdict(balance, 0.01 * cost, 0))
    return words.get(said, said)


def _three(interval: Interval) -> tuple[float, float, float]:
    return interval.mean, interval.low, interval.high

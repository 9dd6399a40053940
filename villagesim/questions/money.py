"""What support costs for each village merged in fact, and what it would have to bring to pay for itself.

All sums run from the start of the run, against the baseline in the same replications. Ratios of two uncertain sums get
Fieller's interval, and none where the sum below the line cannot be told from nothing: what is merged in fact no more often
than without support has no price. Sums are discounted to the start of the run at the yearly rate of the question, which is 0
unless it is given; what the dearest year costs and the cost beside a verdict never are. Households get theirs out of what
collectives and land trusts have, and outside money is nobody's here, so neither is in the balance. Left out: what operators and
households give up for a floor, which no outcome tells in yuan.
"""

import math
from typing import TYPE_CHECKING

import numpy as np

from villagesim.arrays import Floats
from villagesim.checks import number
from villagesim.engine.recorder import N_HISTORY
from villagesim.errors import DesignError
from villagesim.outcomes.of_sources import BY_SOURCE
from villagesim.questions.labels import label_of_parts
from villagesim.questions.over_time import (
    TO_HOUSEHOLDS,
    discounted,
    month_from,
    pays,
    share_paid_back,
    since_start,
    worth,
)
from villagesim.questions.strategies_answer import StrategiesAnswer
from villagesim.statistics.differences import difference_interval, difference_intervals, paired
from villagesim.statistics.intervals import Interval
from villagesim.statistics.ratios import ratio_of_means

if TYPE_CHECKING:
    import pandas as pd


def money(answer: StrategiesAnswer, at: str | None = None) -> "pd.DataFrame":
    """Cost and return of every strategy since the start, against the baseline: a row a strategy.

    Columns, each with ``_low`` and ``_high`` (95%, by itself):
    ``cost`` paid from the county's fund [yuan], and ``dearest_year``, the most of it in any twelve months, never discounted;
    ``saving`` of the county beyond the baseline's and ``net_saving``, less the cost [yuan]; ``income_gain`` of all
    collectives [yuan];
    ``households``: more paid to them as dividends and help [yuan]; ``outside``: more brought from outside [yuan]; ``balance`` =
    saving + income gain - cost [yuan];
    ``cost_per_village_merged_in_fact``: cost over extra villages merged in fact at the end [yuan];
    ``income_to_break_even``: rise of collective income, on average since support began, that would pay for cost less
    saving [share of the baseline's], and ``income_found``: the rise there was. ``pays`` says what the balance allows.
    ``pays_back``: month from which on the mean balance is never again below nothing, whether or not that is known;
    ``pays_back_surely``: the same of the lower end of its 95% interval, each month by itself. Of draws ``share_paid_back``: of
    how many the balance is not below nothing in the end [share]. ``discount``: the yearly rate [share].
    ``rests_on``: what the balance rests on, in a word.
    """
    import pandas as pd

    when, strategies = at or answer.months[-1], answer.known.others(answer.strategies)
    return pd.DataFrame([{"at": when, "strategy": name, **_money(answer, name, at)} for name in strategies])


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


def costs(answer: StrategiesAnswer, strategy: str, at: str | None = None) -> Floats:
    """What was paid from the county's fund since the start, beyond the baseline, of every unit, ``(n_units,)`` [yuan].

    Undiscounted, as the effects that it stands beside.
    """
    return _Sums(answer, strategy, at).paid


class _Sums:
    """Sums since the start of one strategy less those of the baseline, ``(n_units,)``; of the balance in every month."""

    def __init__(self, answer: StrategiesAnswer, strategy: str, at: str | None) -> None:
        month = at or answer.months[-1]
        answer.at("support_cost", month)  # refuses a month that is not in the run
        end = answer.months.index(month) + 1
        self.months = answer.months[:end]
        self.rate = float(answer.facts.get("discount", 0.0))
        places = [answer.strategies.index(name) for name in (strategy, answer.baseline)]

        def extra(*names: str, rate: float = self.rate) -> Floats:
            own, baseline = np.sum([answer.values(name)[places, :, :end] for name in names], axis=0)
            return discounted(since_start(paired(own, baseline)), rate)

        residents = answer.known.residents
        cost, saving, income = extra("support_cost"), extra("fiscal_saving"), residents * extra("income_per_resident")
        self.paid = extra("support_cost", rate=0.0)[:, -1]
        self.balance = saving + income - cost
        self.cost, self.saving, self.income = cost[:, -1], saving[:, -1], income[:, -1]
        self.households, self.outside = extra(*TO_HOUSEHOLDS)[:, -1], extra("outside_money")[:, -1]
        paid = answer.values("support_cost")[places, :, :end]
        self.dearest = paired(*paid).max(axis=1)
        ever = paid[0].any(axis=0)
        self.first = int(ever.argmax()) if ever.any() else end
        self.years = (end - self.first) / N_HISTORY
        earned = answer.values("income_per_resident")[places[1], :, :end] / N_HISTORY * worth(self.rate, end)
        self.baseline_income = residents * earned[:, self.first :].sum(axis=1)
        merged = answer.values("share_merged_in_fact")[places, :, end - 1]
        self.merged_in_fact = answer.n_merged * (merged[0] - merged[1])
        self.extra = extra

    def month_from(self, balance: Floats) -> str:
        """Month from which on a balance, ``(n_months,)``, is never below nothing again."""
        return month_from(self.months, self.first, balance)


def _money(answer: StrategiesAnswer, strategy: str, at: str | None) -> dict[str, float | str]:
    sums = _Sums(answer, strategy, at)
    balances = difference_intervals(sums.balance.T)
    balance = balances[-1]
    figures = {
        "cost": _three(difference_interval(sums.cost)),
        "dearest_year": _three(difference_interval(sums.dearest)),
        "saving": _three(difference_interval(sums.saving)),
        "net_saving": _three(difference_interval(sums.saving - sums.cost)),
        "income_gain": _three(difference_interval(sums.income)),
        "households": _three(difference_interval(sums.households)),
        "outside": _three(difference_interval(sums.outside)),
        "balance": _three(balance),
        "cost_per_village_merged_in_fact": ratio_of_means(sums.cost, sums.merged_in_fact),
        "income_to_break_even": ratio_of_means(sums.cost - sums.saving, sums.baseline_income),
        "income_found": ratio_of_means(sums.income, sums.baseline_income),
    }
    costs = float(sums.cost.mean()) > 0
    table: dict[str, float | str] = {
        "pays": pays(balance, float(sums.cost.mean())),
        "pays_back": sums.month_from(np.array([each.mean for each in balances])) if costs else "-",
        "pays_back_surely": sums.month_from(np.array([each.low for each in balances])) if costs else "-",
        "discount": sums.rate,
        "rests_on": _grounds(answer, strategy, sums),
    }
    if answer.of_draws:
        table["share_paid_back"] = share_paid_back(sums.balance[:, -1]) if costs else math.nan
    for name, (value, low, high) in figures.items():
        table |= {name: value, f"{name}_low": low, f"{name}_high": high}
    return table


def _grounds(answer: StrategiesAnswer, strategy: str, sums: _Sums) -> str:
    """What the balance rests on, in a word: cost, saving and income by source, as far as they move; empty if not known."""
    labels = answer.facts.get("labels", {}).get(strategy)
    if labels is None:
        return ""
    moved = {part: float(sums.extra(part)[:, -1].mean()) for part in ("support_cost", "fiscal_saving", *BY_SOURCE)}
    return label_of_parts(answer.known.outcomes, moved, labels)


def _three(interval: Interval) -> tuple[float, float, float]:
    return interval.mean, interval.low, interval.high

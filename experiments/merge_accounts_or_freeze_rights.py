"""Merge the accounts early or freeze rights, by gap, trust and number of parts?

DESIGN: three worlds in the same replications: accounts merged early by consent (facilitators as soon as the fund pays),
early by pressure (ranking from the decree on, without inspection), and rights left as they are (three unchanged, from the
announcement on). Merged villages in classes of the first day: thirds by the gap between their parts (largest less smallest
income per member, over the mean), thirds by trust, and number of parts. By class: villages with one account, disputes that
arise, and trust, each way of merging less freezing. What counts more is for the reader to say. All replications have the
likeliest map: a class is of the same villages in all of them.
Quick: three townships, 15 replications. Full: Zhangqiu, 40.
"""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from villagesim.outcomes import OUTCOMES, Outcomes
from villagesim.outcomes.formulas import ALL_INCOME
from villagesim.plots import Panels
from villagesim.policies import FiveIntegrations, Ranking, ThreeUnchanged
from villagesim.questions import Study
from villagesim.questions.question import Strategies
from villagesim.scenario import LIKELIEST
from villagesim.simulation import simulate
from villagesim.statistics.differences import difference_interval, paired
from villagesim.wording import effect

CONSENT, PRESSURE, FREEZE = "merge early by consent", "merge early by pressure", "freeze rights"
EVERY, ACCOUNTS, DISPUTES = "all merged villages", "share_accounts_pooled", "incidents"


def strategies(facilitators):
    return {
        CONSENT: [FiveIntegrations(start="2022-01-01", facilitators=facilitators)],
        PRESSURE: [Ranking(start="2021-07-01")],
        FREEZE: [ThreeUnchanged(start="2021-04-01")],
    }


def classes_of(record):
    """Which villages belong to each class of the first day, ``(n_rows,)``."""
    home, members, merged = record.village_of[-1], record.endowment.members, record.is_merged[-1]
    n, income = len(merged), record.rolling(*ALL_INCOME)[0] / members
    high, low = np.full(n, -np.inf), np.full(n, np.inf)
    np.maximum.at(high, home, income)
    np.minimum.at(low, home, income)
    mean, trust = (
        np.bincount(home, x * members, n) / np.maximum(np.bincount(home, members, n), 1)
        for x in (income, record.column("trust")[0])
    )
    gap = np.divide(high - low, mean, out=np.zeros(n), where=merged)
    classes = {EVERY: merged}
    for what, x, decimals in (("gap", gap, 1), ("trust", trust, 2)):
        lower, upper = np.quantile(x[merged], (1 / 3, 2 / 3))
        classes |= {
            f"{what} up to {lower:.{decimals}f}": merged & (x <= lower),
            f"{what} in between": merged & (x > lower) & (x <= upper),
            f"{what} above {upper:.{decimals}f}": merged & (x > upper),
        }
    parts = np.bincount(home, minlength=n)
    return classes | {"two parts": merged & (parts == 2), "three parts or more": merged & (parts >= 3)}


def in_class(record, name, rows):
    """Mean of an outcome over the villages of a class, ``(n_months,)``."""
    return OUTCOMES[name].village(record)[:, rows].mean(axis=1)


def in_points(row):
    """A difference of shares in points of a hundred."""
    return {**row} | {end: 100 * row[end] for end in ("value", "low", "high")}


@dataclass(frozen=True, kw_only=True)
class MergeOrFreeze(Study):
    """What merging accounts early brings and costs, against rights frozen."""

    name = "merge_or_freeze"
    shown = Panels(along="class", colours="way")
    note = (
        "Each way less rights frozen; disputes are the mean of these years, the rest is the end of the last. Classes of the"
        " first day by the likeliest map, the table says how many villages each has; most and least picked afterwards."
    )
    strategies: Strategies

    def ask(self, scenario, *given, **how):
        return super().ask(replace(scenario, maps_of_runs=LIKELIEST), *given, **how)

    def answer(self, runs):
        scenario, outcomes = runs.scenario, (ACCOUNTS, DISPUTES, "trust")
        classes = classes_of(simulate(scenario, seed=runs.seed).record)
        own = {
            (name, label): replace(
                OUTCOMES[name],
                name=f"{name}_{k}",
                title=f"{OUTCOMES[name].title} ({label})",
                county=partial(in_class, name=name, rows=rows),
                village=None,
            )
            for name in outcomes
            for k, (label, rows) in enumerate(classes.items())
        }
        runs = replace(runs, scenario=replace(scenario, outcomes=Outcomes(own.values())))
        strategies = {name: name for name in self.strategies}
        found = runs.compare("worlds", strategies, [each.name for each in own.values()], self.replications, at=self.at)
        rows = []
        for way in (CONSENT, PRESSURE):
            for (name, label), outcome in own.items():
                months = self.at if name == DISPUTES else self.at[-1:]
                one, other = (
                    np.mean([found.of(world, outcome.name, month) for month in months], axis=0)
                    for world in (way, FREEZE)
                )
                row = {"way": way, "outcome": name, "class": label, "villages": int(classes[label].sum())}
                rows.append(row | difference_interval(paired(one, other), outcome.bounds).row())
        table = pd.DataFrame(rows)
        return self.said(self.sentence(table), {self.name: table})

    def sentence(self, table):
        own = table.set_index(["way", "outcome", "class"])[["value", "low", "high", "differs"]]
        said = [
            f"{way}, one account {effect(in_points(own.loc[way, ACCOUNTS, EVERY]))} points,"
            f" disputes {effect(own.loc[way, DISPUTES, EVERY])} per 1,000 and year"
            for way in (CONSENT, PRESSURE)
        ]
        trust = own.xs((CONSENT, "trust"), level=("way", "outcome")).drop(EVERY)
        most, least = trust["value"].idxmax(), trust["value"].idxmin()
        return (
            f"Against freezing rights: {'; '.join(said)}. By consent trust gains most with {most}, {effect(trust.loc[most])},"
            f" least with {least}, {effect(trust.loc[least])}."
        )


SCENARIO = "places/three_townships.toml"
QUESTION = MergeOrFreeze(strategies=strategies(facilitators=4), at=("2022-12", "2023-12", "2024-12"), replications=15)
FULL = {"scenario": "../scenarios/zhangqiu.toml", "strategies": strategies(facilitators=27), "replications": 40}

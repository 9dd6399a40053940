"""Honest growth or top-ups to reach 80%?

DESIGN: the same fund spent for three years (March 2022 to the end of 2024) in two ways: on projects for villages below
500,000 yuan with land trusts everywhere (growth), or on grants booked as income in December, the nearest villages first
(top-ups). The fund is varied, and no other money comes into it; the share of villages at or above 500,000 yuan is taken at
the end of the last year with money, and two years after it. Beside the share stands recurrent income, which no grant can
raise.
Quick: three townships, 5 sizes of the fund, 6 replications. Full: Zhangqiu, 20.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from villagesim.design import Factor, grid
from villagesim.plots import Panels
from villagesim.policies import LandTrust, SeedMoney, TopUp
from villagesim.questions import Study
from villagesim.questions.question import Strategies
from villagesim.statistics.differences import difference_interval, paired
from villagesim.statistics.intervals import mean_interval, resamples
from villagesim.targets import Target
from villagesim.wording import estimate, number, percent, percentage

LEVEL, START, STOP, GOAL = 500_000.0, "2022-03-01", "2025-01-01", 0.8
BELOW = Target(rule="just_below", outcome="reported_collective_income", level=LEVEL, within=0.6)
STRATEGIES = {
    "growth": [
        LandTrust(start=START),
        SeedMoney(start=START, end=STOP, form="cooperative", projects=1_000, target=BELOW),
    ],
    "top-ups": [TopUp(start=START, end=STOP, threshold=LEVEL, margin=LEVEL)],
}
SHARE, RECURRENT = "nominal_share_above_500k", "recurrent_income"


@dataclass(frozen=True, kw_only=True)
class GrowthOrTopUps(Study):
    """What a share of 80% costs, and what is left of it."""

    name = "growth_or_top_ups"
    shown = Panels(by=("outcome", "at"), along="yearly_per_village", colours="strategy", abreast=2)
    note = (
        "Size of the fund in yuan a year and village; money from March 2022 to the end of 2024, land trusts stay. Growth: land"
        " trusts, and projects of cooperatives in villages below 500,000 yuan by at most 60%. Income: more than without a fund."
    )
    strategies: Strategies
    yearly: tuple[float, ...]

    def answer(self, runs):
        n, outcomes = len(runs.scenario.place.after), (SHARE, RECURRENT)
        alone = replace(runs.scenario, budget=replace(runs.scenario.budget, also={}))
        found = runs.sweep(
            "funds", grid([Factor("fund.yearly", values=tuple(n * money for money in self.yearly))]),
            strategies=self.strategies, outcomes=outcomes, replications=self.replications, at=self.at, scenario=alone,
        ).runs  # fmt: skip
        rows, needed = [], []
        for month in self.at:
            for k, strategy in enumerate(found.strategies):
                share, income = (found.at(name, month)[k] for name in outcomes)
                more = map(difference_interval, paired(income, income[0]))
                for name, known in ((SHARE, map(mean_interval, share)), (RECURRENT, more)):
                    rows += [
                        {"at": month, "strategy": strategy, "outcome": name, "yearly_per_village": money} | one.row()
                        for money, one in zip(self.yearly, known, strict=True)
                    ]
                needed.append({"at": month, "strategy": strategy} | self.needed(share, runs.seed))
        table, sums = pd.DataFrame(rows), pd.DataFrame(needed)
        words = [self.words(table, sums, strategy) for strategy in reversed(found.strategies)]
        return self.said(" ".join(words), {self.name: table, "needed": sums})

    def needed(self, share, seed):
        """Fund at which the mean share first reaches the goal, between two sizes in a straight line; infinite where not."""
        n = share.shape[1]
        resampled = [crossing(self.yearly, share @ times / n, GOAL) for times in resamples(seed, n, 300)]
        low, high = np.quantile(resampled, (0.025, 0.975), method="nearest")
        return {"value": crossing(self.yearly, share.mean(axis=1), GOAL), "low": low, "high": high}

    def words(self, table, sums, strategy):
        """What the goal costs one way, and the share that is left two years later at the largest fund."""
        most, (with_money, later) = self.yearly[-1], self.at
        rows = table[(table["yearly_per_village"] == most) & (table["outcome"] == SHARE)].set_index(["strategy", "at"])
        cost = sums.set_index(["at", "strategy"]).loc[with_money, strategy]
        takes = estimate(cost) if np.isfinite(cost["value"]) else f"more than {number(most)}"
        return (
            f"{strategy.capitalize()}: {percent(GOAL)} takes {takes} yuan a year and village; with {number(most)} the share"
            f" is {percentage(rows.loc[strategy, with_money])} by {with_money} and"
            f" {percentage(rows.loc[strategy, later])} two years after the money."
        )


def crossing(x, y, goal):
    """Where a line first reaches a goal; infinite where it does not."""
    for k in range(len(x)):
        if y[k] >= goal:
            return float(x[k] if k == 0 else x[k - 1] + (x[k] - x[k - 1]) * (goal - y[k - 1]) / (y[k] - y[k - 1]))
    return np.inf


SCENARIO = "places/three_townships.toml"
QUESTION = GrowthOrTopUps(
    strategies=STRATEGIES, yearly=(0.0, 20_000.0, 50_000.0, 100_000.0, 200_000.0), at=("2024-12", "2026-12"),
    replications=6,
)  # fmt: skip
FULL = {"scenario": "../scenarios/zhangqiu.toml", "replications": 20}

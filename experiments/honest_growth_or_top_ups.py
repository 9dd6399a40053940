"""Honest growth or top-ups to reach 80%?

DESIGN: the same fund spent for three years (March 2022 to the end of 2024) in two ways: on projects for villages below
500,000 yuan with land trusts everywhere (growth), or on grants booked as income in December, the nearest villages first
(top-ups). The fund is varied; the share of villages at or above 500,000 yuan is taken at the end of the last year with
money, and two years after it. Beside the share stands recurrent income, which no grant can raise.
Quick: three townships, 5 sizes of the fund, 6 replications. Full: Zhangqiu, 20.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import pandas as pd
from common import LINES, NOT_A_FORECAST, PAIRED, PLACE, ZHANGQIU, Panel, draw_panels, row, series, title_and_unit
from matplotlib.figure import Figure

from villagesim.arrays import Floats
from villagesim.design import Factor, grid
from villagesim.policies import LandTrust, SeedMoney, TopUp
from villagesim.questions.answer import Answer
from villagesim.questions.question import Question, Runs, Strategies, values
from villagesim.statistics.intervals import resamples
from villagesim.targets import Target
from villagesim.wording import estimate, number, percent, percentage

LEVEL, START, STOP = 500_000.0, "2022-03-01", "2025-01-01"
BELOW = Target(rule="just_below", outcome="collective_income", level=LEVEL, within=0.6)
STRATEGIES = {
    "growth": (
        LandTrust(start=START),
        SeedMoney(start=START, end=STOP, form="cooperative", projects=1_000, target=BELOW),
    ),
    "top-ups": (TopUp(start=START, end=STOP, threshold=LEVEL, margin=LEVEL),),
}
SHARE, RECURRENT = "share_above_500k", "recurrent_income"


@dataclass(frozen=True, kw_only=True)
class GrowthOrTopUps(Question):
    """What a share of 80% costs, and what is left of it."""

    name: ClassVar[str] = "growth_or_top_ups"
    strategies: Strategies = field(default_factory=lambda: STRATEGIES)
    yearly: tuple[float, ...] = (0.0, 20_000.0, 50_000.0, 100_000.0, 200_000.0)
    """Fund [yuan a year and village of today]."""
    goal: float = 0.8
    at: tuple[str, str] = ("2024-12", "2026-12")
    replications: int = 6

    def answer(self, runs: Runs) -> Answer:
        n, names = len(runs.scenario.place.after), (SHARE, RECURRENT, "support_cost")
        found = runs.sweep(
            "funds", grid([Factor("fund.yearly", values=tuple(n * money for money in self.yearly))]),
            strategies=list(STRATEGIES), outcomes=names, replications=self.replications, at=self.at,
        )  # fmt: skip
        rows, needed = [], []
        for month in self.at:
            for k, strategy in enumerate(found.strategies):
                for name in names:
                    x = values(found, name, month)[k]
                    x = x - x[0] if name == RECURRENT else x  # paired with the first fund of the list, none
                    rows += [
                        {"at": month, "strategy": strategy, "outcome": name, "yearly_per_village": money} | row(level)
                        for money, level in zip(self.yearly, x, strict=True)
                    ]
                share = values(found, SHARE, month)[k]
                needed.append({"at": month, "strategy": strategy} | self.needed(share, runs.seed))
        table, sums = pd.DataFrame(rows), pd.DataFrame(needed)
        words = " ".join(self.words(table, sums, strategy) for strategy in reversed(found.strategies))
        return self.said(words, {self.name: table, "needed": sums})

    def needed(self, share: Floats, seed: int) -> dict[str, float]:
        """Fund at which the mean share first reaches the goal, between two sizes in a straight line; infinite where not."""
        weights = resamples(seed, share.shape[1], 300) / share.shape[1]
        low, high = np.quantile(
            [crossing(self.yearly, share @ w, self.goal) for w in weights], (0.025, 0.975), method="nearest"
        )
        return {"value": crossing(self.yearly, share.mean(axis=1), self.goal), "low": float(low), "high": float(high)}

    def words(self, table: pd.DataFrame, sums: pd.DataFrame, strategy: str) -> str:
        """What the goal costs one way, and the share that is left two years later at the largest fund."""
        most, with_money, later = self.yearly[-1], *self.at
        cells = (
            table.set_index(["yearly_per_village", "outcome", "strategy", "at"]).sort_index().loc[most, SHARE, strategy]
        )
        cost = sums.set_index(["at", "strategy"]).loc[with_money, strategy]
        takes = estimate(cost) if np.isfinite(cost["value"]) else f"more than {number(most)}"
        return (
            f"{strategy.capitalize()}: {percent(self.goal)} takes {takes} yuan a year and village; with {number(most)} the share"
            f" is {percentage(cells.loc[with_money])} by {with_money} and {percentage(cells.loc[later])} two years after the money."
        )

    @staticmethod
    def draw(answer: Answer, name: str) -> Figure:
        asked, table, panels = answer.asked, answer.tables["growth_or_top_ups"], []
        for month, name, size in ((asked.at[0], SHARE, 100), (asked.at[1], SHARE, 100), (asked.at[1], RECURRENT, 1)):
            own = table[(table["at"] == month) & (table["outcome"] == name)]
            title, unit = title_and_unit(name)
            axis = (
                f"villages from 500,000 yuan on [%]; goal {percent(asked.goal)}"
                if name == SHARE
                else f"{unit}, more than without a fund"
            )
            shown = [series(own[own["strategy"] == way], way, size=size) for way in STRATEGIES]
            panels.append(Panel(f"{title}, end of {month}", axis, [f"{money:,.0f}" for money in asked.yearly], shown))
        caption = (
            f"{answer.known.title}, by size of the fund [yuan a year and village]; {asked.replications} {PAIRED} {asked.seed};"
            f" {LINES}. Money from {START} to the end of 2024, land trusts stay. Growth: land trusts, and projects of cooperatives"
            f" in villages below 500,000 yuan by at most 60%. {NOT_A_FORECAST}"
        )
        return draw_panels(answer, panels, caption, (12, 4.6))


def crossing(x: Sequence[float], y: Floats, goal: float) -> float:
    """Where a line first reaches a goal; infinite where it does not."""
    for k in range(len(x)):
        if y[k] >= goal:
            return float(x[k] if k == 0 else x[k - 1] + (x[k] - x[k - 1]) * (goal - y[k - 1]) / (y[k] - y[k - 1]))
    return np.inf


SCENARIO, QUESTION = PLACE, GrowthOrTopUps()
FULL = {"scenario": ZHANGQIU, "replications": 20}
TINY = {"replications": 2, "yearly": (0.0, 100_000.0)}

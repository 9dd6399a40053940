"""Honest growth or top-ups to reach 80%?

DESIGN: the same fund spent for three years (March 2022 to the end of 2024) in two ways: on projects for villages below
500,000 yuan with land trusts everywhere (growth), or on grants booked as income in December, the nearest villages first
(top-ups). The fund is varied; the share of villages at or above 500,000 yuan is taken at the end of the last year with
money, and two years after it. Beside the share stands recurrent income, which no grant can raise.
Quick: three townships, 5 sizes of the fund, 6 replications. Full: Zhangqiu, 20.
OUTPUT: out/honest_growth_or_top_ups (tables, figure, manifest).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from asking import NOT_A_FORECAST, SMALL, ZHANGQIU, Version, main, row, said
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from villagesim.arrays import Floats
from villagesim.design import Factor, grid
from villagesim.plots.captions import title_and_caption
from villagesim.plots.style import COLOURS, DASHES, settings
from villagesim.policies import LandTrust, Policy, SeedMoney, TopUp
from villagesim.questions.answer import Answer
from villagesim.questions.question import Question, Runs, values
from villagesim.scenario import ALWAYS
from villagesim.statistics.intervals import mean_interval, resamples
from villagesim.targets import Target

GROWTH, TOP_UPS = "growth", "top-ups"
LEVEL = 500_000.0
SPAN = {"start": "2022-03-01", "end": "2025-01-01"}


def strategies() -> dict[str, tuple[Policy, ...]]:
    below = Target(rule="just_below", outcome="collective_income", level=LEVEL, within=0.6)
    return {
        GROWTH: (
            LandTrust(start=SPAN["start"]),
            SeedMoney(**SPAN, form="cooperative", projects=1_000, target=below),  # type: ignore[arg-type]
        ),
        TOP_UPS: (TopUp(**SPAN, threshold=LEVEL, margin=LEVEL),),  # type: ignore[arg-type]
    }


@dataclass(frozen=True, kw_only=True)
class GrowthOrTopUps(Question):
    """What a share of 80% costs, and what is left of it."""

    name: ClassVar[str] = "growth_or_top_ups"
    yearly: tuple[float, ...] = (0.0, 20_000.0, 50_000.0, 100_000.0, 200_000.0)
    """Fund [yuan a year and village of today]."""
    goal: float = 0.8
    at: tuple[str, str] = ("2024-12", "2026-12")
    replications: int = 6

    def answer(self, runs: Runs) -> Answer:
        n = len(runs.scenario.place.after)
        own = replace(runs.scenario, strategies={**ALWAYS, **strategies()})
        design = grid([Factor("fund.yearly", values=tuple(n * money for money in self.yearly))])
        names = ("share_above_500k", "recurrent_income", "support_cost")
        found = runs.sweep(
            "funds", design, scenario=own, strategies=[GROWTH, TOP_UPS], outcomes=names,
            replications=self.replications, at=self.at,
        )  # fmt: skip
        rows: list[dict[str, Any]] = []
        needed: list[dict[str, Any]] = []
        for month in self.at:
            for k, strategy in enumerate(found.strategies):
                for name in names:
                    x = values(found, name, month)[k]
                    if name == "recurrent_income":
                        x = x - x[0]  # paired with the first fund of the list, none
                    rows += [
                        {"at": month, "strategy": strategy, "outcome": name, "yearly_per_village": money}
                        | row(mean_interval(level))
                        for money, level in zip(self.yearly, x, strict=True)
                    ]
                share = values(found, "share_above_500k", month)[k]
                needed.append({"at": month, "strategy": strategy} | self.needed(share, runs.seed))
        table, sums = pd.DataFrame(rows), pd.DataFrame(needed)
        title = self.words(table, sums)
        return self.said(title, {self.name: table, "needed": sums})

    def needed(self, share: Floats, seed: int) -> dict[str, float]:
        """Fund at which the mean share first reaches the goal, between two sizes in a straight line; NaN where not."""
        weights = resamples(seed, share.shape[1], 300) / share.shape[1]
        found = [crossing(self.yearly, share @ w, self.goal) for w in weights]
        low, high = np.quantile(found, (0.025, 0.975), method="nearest")
        value = crossing(self.yearly, share.mean(axis=1), self.goal)
        return {"value": value, "low": float(low), "high": float(high)}

    def words(self, table: pd.DataFrame, sums: pd.DataFrame) -> str:
        """What the goal costs each way, and the share that is left two years later at the largest fund."""
        most = self.yearly[-1]
        cells = table[(table["yearly_per_village"] == most) & (table["outcome"] == "share_above_500k")]
        cells = cells.set_index(["at", "strategy"])
        parts = []
        for strategy in (TOP_UPS, GROWTH):
            cost = sums[(sums["at"] == self.at[0]) & (sums["strategy"] == strategy)].iloc[0]
            reached = np.isfinite(cost["value"])
            high = f"{cost['high']:,.0f}" if np.isfinite(cost["high"]) else f"over {most:,.0f}"
            parts.append(
                (
                    f"{strategy} reach {self.goal:.0%} with {cost['value']:,.0f} ({cost['low']:,.0f} to {high}) yuan a"
                    " year and village"
                    if reached
                    else f"{strategy} does not reach {self.goal:.0%} with {most:,.0f} yuan a year and village"
                )
                + f"; with {most:,.0f} the share is {said(cells.loc[self.at[0], strategy], '{:.0f}', 100)}% by {self.at[0]} and"
                f" {said(cells.loc[self.at[1], strategy], '{:.0f}', 100)}% two years after the money"
            )
        return ". ".join(part[0].upper() + part[1:] for part in parts) + "."

    @staticmethod
    def draw(answer: Answer, name: str) -> Figure:
        asked = answer.asked
        table = answer.tables[answer.kind.name]
        with plt.rc_context(settings()):
            figure, axes = plt.subplots(1, 3, figsize=(12, 4.6), layout="constrained")
            panel(axes[0], table, "share_above_500k", asked.at[0], 100)
            panel(axes[1], table, "share_above_500k", asked.at[1], 100)
            panel(axes[2], table, "recurrent_income", asked.at[1], 1e-3)
            for ax, month in zip(axes, (asked.at[0], asked.at[1]), strict=False):
                ax.axhline(100 * asked.goal, color="#555555", lw=0.9)
                ax.set_ylim(40, 103)
                ax.set_ylabel("villages at or above 500,000 yuan [%]")
                ax.set_title(f"Share, end of {month}: {'with money' if month == asked.at[0] else 'two years later'}")
            axes[2].set_ylabel("more than without a fund\n[thousand yuan per village and year]")
            axes[2].set_title(f"Recurrent income, end of {asked.at[1]}")
            axes[0].legend(fontsize=8, frameon=False, loc="lower right")
            caption = (
                f"{answer.known.title}; {asked.replications} paired replications, seed {asked.seed}; bars: 95% simulation error."
                f" Money from {SPAN['start']} to the end of 2024; land trusts stay. Growth: land trusts, and projects of"
                f" cooperatives in villages below 500,000 yuan by at most 60%. {NOT_A_FORECAST}"
            )
            title_and_caption(figure, answer.headline, caption)
        return figure


def panel(ax: Any, table: pd.DataFrame, name: str, month: str, size: float) -> None:
    for k, strategy in enumerate((GROWTH, TOP_UPS), start=2):
        own = table[(table["strategy"] == strategy) & (table["outcome"] == name) & (table["at"] == month)]
        value, low, high = (size * own[key].to_numpy(float) for key in ("value", "low", "high"))
        ax.errorbar(
            own["yearly_per_village"] / 1e3, value, [value - low, high - value], color=COLOURS[k], ls=DASHES[k],
            marker="os"[k - 2], ms=4, capsize=2, label=strategy,
        )  # fmt: skip
    ax.set_xlabel("fund [thousand yuan a year and village]")
    ax.grid(axis="y", lw=0.4, alpha=0.5)


def crossing(x: Sequence[float], y: Floats, goal: float) -> float:
    """Where a line first reaches a goal; infinite where it does not."""
    for k in range(len(x)):
        if y[k] >= goal:
            return float(x[k] if k == 0 else x[k - 1] + (x[k] - x[k - 1]) * (goal - y[k - 1]) / (y[k] - y[k - 1]))
    return np.inf


QUICK = Version(SMALL, GrowthOrTopUps(), "some seconds")
FULL = Version(ZHANGQIU, GrowthOrTopUps(replications=20), "half a minute")
TINY = GrowthOrTopUps(replications=2, yearly=(0.0, 100_000.0))

if __name__ == "__main__":
    main(__file__, QUICK, FULL)

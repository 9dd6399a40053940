"""What does ranking buy without inspection?

DESIGN: ranking of villages by what they report, alone and with inspectors who look on the spot once a village and year, and
inspection alone, in the same replications. What is reported is split into what is there in fact and what is not.
Quick: three townships, 15 replications. Full: Zhangqiu, 40.
OUTPUT: out/what_ranking_buys (tables, figure, manifest).
"""

from dataclasses import dataclass
from typing import ClassVar

import pandas as pd
from asking import NOT_A_FORECAST, SMALL, ZHANGQIU, Version, gain, main, paired, row, said, scaled
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

import villagesim as vs
from villagesim.plots.captions import title_and_caption
from villagesim.plots.style import settings
from villagesim.plots.whiskers import Series, draw_whiskers
from villagesim.policies import Inspection, Policy, Ranking
from villagesim.questions.answer import Answer
from villagesim.questions.question import Question, Runs
from villagesim.scenario import BASELINE, Scenario

START = "2022-03-01"
ALONE, WATCHED = "ranking alone", "ranking with inspection"
OUTCOMES = ("reported_integration", "real_integration", "integration_gap", "trust")


def strategies(scenario: Scenario) -> dict[str, list[Policy]]:
    inspection = Inspection(start=START, officers=scaled(scenario, 9))
    return {
        BASELINE: [],
        ALONE: [Ranking(start=START)],
        WATCHED: [Ranking(start=START), inspection],
        "inspection alone": [inspection],
    }


@dataclass(frozen=True, kw_only=True)
class RankingBuys(Question):
    """What ranking adds on paper and in fact."""

    name: ClassVar[str] = "ranking"
    at: tuple[str, str] = ("2023-12", "2026-12")
    replications: int = 15

    def answer(self, runs: Runs) -> Answer:
        worlds = strategies(runs.scenario)
        found = paired(runs, "ranking", worlds, OUTCOMES, self.replications, self.at)
        rows = [
            {"at": month, "strategy": strategy, "outcome": name, "unit": vs.outcomes.OUTCOMES[name].unit}
            | row(gain(own, x[0, m]))
            for name, x in found.items()
            for m, month in enumerate(self.at)
            for strategy, own in zip(list(worlds)[1:], x[1:, m], strict=True)
        ]
        table = pd.DataFrame(rows)
        own = table.set_index(["at", "strategy", "outcome"])
        parts = [
            f"by {month} integration as reported {said(own.loc[month, ALONE, 'reported_integration'], '{:+.3f}')}, in fact"
            f" {said(own.loc[month, ALONE, 'real_integration'], '{:+.3f}')}"
            for month in self.at
        ]
        watched = said(own.loc[self.at[1], WATCHED, "real_integration"], "{:+.3f}")
        title = f"Ranking without inspection: {'; '.join(parts)}. With inspection, in fact: {watched}."
        return self.said(title, {self.name: table})

    @staticmethod
    def draw(answer: Answer, name: str) -> Figure:
        asked = answer.asked
        table = answer.tables[answer.kind.name]
        names = list(dict.fromkeys(table["strategy"]))
        with plt.rc_context(settings()):
            figure, axes = plt.subplots(1, 2, figsize=(11, 4.8), layout="constrained", sharey=True)
            labels = ("as reported", "in fact", "on paper only", "trust of members")
            for ax, month in zip(axes, asked.at, strict=True):
                own = table[table["at"] == month]
                series = [
                    Series(
                        label,
                        *(own.loc[own["outcome"] == name, key].to_numpy(float) for key in ("value", "low", "high")),
                    )
                    for label, name in zip(labels, OUTCOMES, strict=True)
                ]
                draw_whiskers(ax, names, series, "less nothing but the merger [index, 0 to 1]")
                ax.set_title(f"Integration, and trust, at the end of {month}")
                if ax is not axes[0]:
                    ax.get_legend().remove()
            caption = (
                f"{answer.known.title}, {asked.replications} paired replications, seed {asked.seed}; policies"
                f" from {START}; lines: 95% simulation error. Integration: milestones passed, mean of the five, over merged"
                f" villages. {NOT_A_FORECAST}"
            )
            title_and_caption(figure, answer.headline, caption)
        return figure


QUICK = Version(SMALL, RankingBuys(), "some seconds")
FULL = Version(ZHANGQIU, RankingBuys(replications=40), "half a minute")
TINY = RankingBuys(replications=2)

if __name__ == "__main__":
    main(__file__, QUICK, FULL)

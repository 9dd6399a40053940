"""What does ranking buy without inspection?

DESIGN: ranking of villages by what they report, alone and with inspectors who look on the spot once a village and year, and
inspection alone, in the same replications. What is reported is split into what is there in fact and what is not.
Quick: three townships, 15 replications. Full: Zhangqiu, 40.
"""

from dataclasses import dataclass
from typing import ClassVar

import pandas as pd
from common import LINES, NOT_A_FORECAST, PAIRED, PLACE, ZHANGQIU, Panel, differences, draw_panels, scaled, series
from matplotlib.figure import Figure

from villagesim.policies import Inspection, Ranking
from villagesim.questions.answer import Answer
from villagesim.questions.question import Question, Runs
from villagesim.scenario import BASELINE
from villagesim.wording import effect

START = "2022-03-01"
ALONE, WATCHED = "ranking alone", "ranking with inspection"
OUTCOMES = {
    "reported_integration": "as reported", "real_integration": "in fact", "integration_gap": "on paper only",
    "trust": "trust of members",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class RankingBuys(Question):
    """What ranking adds on paper and in fact."""

    name: ClassVar[str] = "ranking"
    at: tuple[str, str] = ("2023-12", "2026-12")
    replications: int = 15

    def answer(self, runs: Runs) -> Answer:
        ranking, inspection = Ranking(start=START), Inspection(start=START, officers=scaled(runs.scenario, 9))
        strategies = {
            BASELINE: [], ALONE: [ranking], WATCHED: [ranking, inspection], "inspection alone": [inspection],
        }  # fmt: skip
        found = runs.compare("ranking", strategies, tuple(OUTCOMES), self.replications, at=self.at)
        table = pd.concat([differences(found, BASELINE, list(OUTCOMES), month) for month in self.at])
        own = table.set_index(["at", "strategy", "outcome"])
        parts = [
            f"by {month} integration as reported {effect(own.loc[month, ALONE, 'reported_integration'])}, in fact"
            f" {effect(own.loc[month, ALONE, 'real_integration'])}"
            for month in self.at
        ]
        watched = effect(own.loc[self.at[1], WATCHED, "real_integration"])
        title = f"Ranking without inspection: {'; '.join(parts)}. With inspection, in fact: {watched}."
        return self.said(title, {self.name: table})

    @staticmethod
    def draw(answer: Answer, name: str) -> Figure:
        table, panels = answer.tables["ranking"], []
        for month in answer.asked.at:
            own = table[table["at"] == month]
            shown = [series(own[own["outcome"] == name], label) for name, label in OUTCOMES.items()]
            title = f"Integration, and trust, at the end of {month}"
            panels.append(
                Panel(title, "less nothing but the merger [index, 0 to 1]", own["strategy"].unique().tolist(), shown)
            )
        caption = (
            f"{answer.known.title}, {answer.asked.replications} {PAIRED} {answer.asked.seed}; policies from {START}; {LINES}."
            f" Integration: milestones passed, mean of the five, over merged villages. {NOT_A_FORECAST}"
        )
        return draw_panels(answer, panels, caption, (11, 4.8))


SCENARIO, QUESTION = PLACE, RankingBuys()
FULL = {"scenario": ZHANGQIU, "replications": 40}
TINY = {"replications": 2}

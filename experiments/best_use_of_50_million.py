"""What is the best use of 50 million yuan?

DESIGN: that sum, over the whole run, as caps on five uses: facilitators, land trusts, professional secretaries, clean-up,
and seed money. All allocations in steps of a fifth or quarter; the best again with other luck and other endowments, as the
best of many looks better than it is. The score weighs income per resident, integration in fact and equality, each in the
smallest differences that matter: other weights, other answer. What a use cannot spend is left over.
Quick: three townships and their part of the sum by villages (73 of 532), steps of a quarter. Full: Zhangqiu, fifths.
"""

from dataclasses import dataclass, replace

import numpy as np
from common import PLACE, ZHANGQIU, Panel, draw_panels, scaled, series, title_and_unit
from matplotlib.figure import Figure

from villagesim.plots.whiskers import Series, series_of
from villagesim.policies import CleanUp, FiveIntegrations, LandTrust, Policy, ProfessionalSecretaries, SeedMoney
from villagesim.questions.allocation import Allocation
from villagesim.questions.answer import Answer
from villagesim.questions.question import Question
from villagesim.scenario import Scenario
from villagesim.wording import number

START = "2022-03-01"


def five_uses(scenario: Scenario) -> list[Policy]:
    """Each large enough to use up a good part of the sum."""
    return [
        FiveIntegrations(start=START, facilitators=scaled(scenario, 60), label="facilitators"),
        LandTrust(start=START, label="land trusts"),
        ProfessionalSecretaries(start=START, label="secretaries"),
        CleanUp(start=START, officers=scaled(scenario, 20), label="clean-up"),
        SeedMoney(start=START, form="cooperative", projects=scaled(scenario, 20), label="seed money"),
    ]


@dataclass(frozen=True, kw_only=True)
class BestUse(Allocation):
    """The best way to share a place's part of the sum among five uses of its size."""

    def resolved(self, scenario: Scenario) -> tuple[Question, Scenario]:
        total = self.total * len(scenario.place.after) / 532
        return super(BestUse, replace(self, strategy={self.strategy: five_uses(scenario)}, total=total)).resolved(
            scenario
        )

    @staticmethod
    def draw(answer: Answer, name: str) -> Figure:
        asked, table, by_outcome = answer.asked, answer.tables["budget"], answer.tables["outcomes"]
        labels = answer.facts["labels"]
        rows = [
            ", ".join(f"{label} {one[label] / asked.total:.0%}" for label in labels if one[label] > 0)
            if k
            else "equal shares"
            for k, one in enumerate(table.to_dict("records"))
        ]
        seemed = Series(
            "when it was found", table["score_when_found"].to_numpy(float), *np.full((2, len(table)), np.nan)
        )
        scores = [series(table.rename(columns={"score": "value"}), "with other luck"), seemed]
        kinds = [
            series_of(
                by_outcome[by_outcome["outcome"] == name],
                "smallest_differences",
                "low",
                "high",
                label=title_and_unit(name)[0],
            )
            for name in asked.weights
        ]
        panels = [
            Panel("Score", "score less that of equal shares [smallest differences]", rows, scores),
            Panel("Of which", "gain over equal shares [smallest differences]", rows, kinds),
        ]
        caption = f"{answer.known.title}, {number(asked.total / 1e6)} million yuan. {answer.facts['caption']}"
        return draw_panels(answer, panels, caption, (12, 2.6 + 0.55 * len(table)), width=38)


SCENARIO = PLACE
QUESTION = BestUse(strategy="five uses", total=50e6, at="2026-12", steps=4, replications=1, keep=5, confirm=10)
FULL = {"scenario": ZHANGQIU, "steps": 5, "replications": 3, "keep": 8, "confirm": 30}
TINY = {"steps": 2, "keep": 1, "confirm": 2}

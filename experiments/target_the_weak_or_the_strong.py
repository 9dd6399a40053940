"""Target the weak or the strong?

DESIGN: the same money three ways, in the same replications: to the weaker half of villages by income per member, to the
stronger half, and to all (where the strong apply better). Two kinds of support, each alone: seed money for cooperatives,
and professional secretaries, who are paid in a quarter of the villages. All against nothing but the merger.
Quick: three townships, 12 replications. Full: Zhangqiu, 40.
"""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from common import (
    LINES,
    NOT_A_FORECAST,
    PAIRED,
    PLACE,
    ZHANGQIU,
    Panel,
    after,
    differences,
    draw_panels,
    scaled,
    series,
    title_and_unit,
)  # fmt: skip
from matplotlib.figure import Figure

from villagesim.policies import Policy, ProfessionalSecretaries, SeedMoney
from villagesim.questions.answer import Answer
from villagesim.questions.question import Question, Runs
from villagesim.scenario import BASELINE, Scenario
from villagesim.targets import Target
from villagesim.wording import effect

START = "2022-03-01"
WEAK, STRONG = "seed money to the weak", "seed money to the strong"
APART = "seed money: weak less strong"
OUTCOMES = ("income_per_resident", "income_per_member_poor", "gini_income", "share_above_500k")


def strategies(scenario: Scenario) -> dict[str, list[Policy]]:
    def towards(rule: str, share: int) -> Target:
        return Target(rule=rule, n=len(scenario.place.after) // share)

    seed = partial(SeedMoney, start=START, form="cooperative", projects=scaled(scenario, 60))
    posts = partial(ProfessionalSecretaries, start=START)
    return {
        BASELINE: [],
        WEAK: [seed(target=towards("lowest", 2))],
        STRONG: [seed(target=towards("highest", 2))],
        "seed money open to all": [seed()],
        "secretaries for the weak": [posts(target=towards("lowest", 4))],
        "secretaries for the strong": [posts(target=towards("highest", 4))],
    }


@dataclass(frozen=True, kw_only=True)
class WeakOrStrong(Question):
    """What the same support brings where it goes to the weak, and where to the strong."""

    name: ClassVar[str] = "weak_or_strong"
    at: str = "2026-12"
    replications: int = 12

    def answer(self, runs: Runs) -> Answer:
        found = runs.compare("targets", strategies(runs.scenario), OUTCOMES, self.replications, at=self.at)
        table = differences(found, BASELINE, OUTCOMES, self.at, {APART: (WEAK, STRONG)})
        parts = [
            f"{title_and_unit(one['outcome'])[0]} {effect(one)}{after(one['outcome'])}"
            + ("" if one["low"] > 0 or one["high"] < 0 else " (no clear difference)")
            for one in table[table["strategy"] == APART].to_dict("records")[:3]
        ]
        return self.said(f"Seed money to the weak rather than the strong: {'; '.join(parts)}.", {self.name: table})

    @staticmethod
    def draw(answer: Answer, name: str) -> Figure:
        table = answer.tables["weak_or_strong"].query("strategy != @APART")
        names = table["strategy"].unique().tolist()
        panels = [
            Panel(*title_and_unit(name), names, [series(table[table["outcome"] == name])]) for name in OUTCOMES
        ]  # fmt: skip
        caption = (
            f"{answer.known.title}, end of {answer.asked.at}, against nothing but the merger, {answer.asked.replications}"
            f" {PAIRED} {answer.asked.seed}; {LINES}. Weak, strong: the half (seed money) or quarter (secretaries) of villages"
            " lowest or highest by income per member when the policy starts; poor: third of constituents on the first day."
            f" {NOT_A_FORECAST}"
        )
        return draw_panels(answer, panels, caption, (11, 6.2), n_rows=2)


SCENARIO, QUESTION = PLACE, WeakOrStrong()
FULL = {"scenario": ZHANGQIU, "replications": 40}
TINY = {"replications": 2}

"""Target the weak or the strong?

DESIGN: the same money three ways, in the same replications: to the weaker half of villages by income per member, to the
stronger half, and to all (where the strong apply better). Two kinds of support, each alone: seed money for cooperatives,
and professional secretaries, who are paid in a quarter of the villages. All against nothing but the merger.
Quick: three townships, 12 replications. Full: Zhangqiu, 40.
OUTPUT: out/target_the_weak_or_the_strong (tables, figure, manifest).
"""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import pandas as pd
from asking import NOT_A_FORECAST, SMALL, ZHANGQIU, Version, gain, main, paired, row, said, scaled, unit
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

import villagesim as vs
from villagesim.plots.captions import title_and_caption
from villagesim.plots.style import settings
from villagesim.plots.whiskers import Series, draw_whiskers
from villagesim.policies import Policy, ProfessionalSecretaries, SeedMoney
from villagesim.questions.answer import Answer
from villagesim.questions.question import Question, Runs
from villagesim.scenario import BASELINE, Scenario
from villagesim.targets import Target

START = "2022-03-01"
SEED = ("seed money to the weak", "seed money to the strong", "seed money open to all")
OUTCOMES = {
    "income_per_resident": "{:+.2f}",
    "income_per_member_poor": "{:+.2f}",
    "gini_income": "{:+.4f}",
    "share_above_500k": "{:+.4f}",
}


def strategies(scenario: Scenario) -> dict[str, list[Policy]]:
    def towards(rule: str, share: int) -> Target:
        return Target(rule=rule, n=len(scenario.place.after) // share)  # type: ignore[arg-type]

    projects = scaled(scenario, 60)
    seed = partial(SeedMoney, start=START, form="cooperative", projects=projects)
    posts = partial(ProfessionalSecretaries, start=START)
    return {
        BASELINE: [],
        SEED[0]: [seed(target=towards("lowest", 2))],
        SEED[1]: [seed(target=towards("highest", 2))],
        SEED[2]: [seed()],
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
        worlds = strategies(runs.scenario)
        found = paired(runs, "targets", worlds, tuple(OUTCOMES), self.replications, [self.at])
        names = list(worlds)[1:]
        rows = [
            {"strategy": strategy, "outcome": name, "unit": vs.outcomes.OUTCOMES[name].unit} | row(gain(own, x[0, 0]))
            for name, x in found.items()
            for strategy, own in zip(names, x[1:, 0], strict=True)
        ]
        apart = [
            {"strategy": "seed money: weak less strong", "outcome": name, "unit": vs.outcomes.OUTCOMES[name].unit}
            | row(gain(x[1, 0], x[2, 0]))
            for name, x in found.items()
        ]
        table = pd.DataFrame(rows + apart)
        title = self.words(table)
        return self.said(title, {self.name: table})

    def words(self, table: pd.DataFrame) -> str:
        """Weak less strong, outcome by outcome."""
        own = table[table["strategy"] == "seed money: weak less strong"].set_index("outcome")
        parts = [
            f"{vs.outcomes.OUTCOMES[name].title} {said(own.loc[name], form)}{unit(name)}"
            f"{'' if own.loc[name, 'low'] > 0 or own.loc[name, 'high'] < 0 else ' (no clear difference)'}"
            for name, form in list(OUTCOMES.items())[:3]
        ]
        return f"Seed money to the weak rather than the strong: {'; '.join(parts)}."

    @staticmethod
    def draw(answer: Answer, name: str) -> Figure:
        asked = answer.asked
        table = answer.tables[answer.kind.name]
        names = list(dict.fromkeys(table["strategy"]))[:-1]
        with plt.rc_context(settings()):
            figure, axes = plt.subplots(2, 2, figsize=(11, 6.2), layout="constrained", sharey=True)
            for ax, name in zip(axes.flat, OUTCOMES, strict=True):
                own = table[(table["outcome"] == name) & table["strategy"].isin(names)]
                draw_whiskers(
                    ax, names, [Series("", *(own[key].to_numpy(float) for key in ("value", "low", "high")))],
                    vs.outcomes.OUTCOMES[name].unit,
                )  # fmt: skip
                ax.set_title(vs.outcomes.OUTCOMES[name].title)
            caption = (
                f"{answer.known.title}, end of {asked.at}, against nothing but the merger, {asked.replications} paired"
                f" replications, seed {asked.seed}; lines: 95% simulation error. Weak, strong: the half (seed money) or quarter"
                f" (secretaries) of villages lowest or highest by income per member when the policy starts; poor: third of"
                f" constituents on the first day. {NOT_A_FORECAST}"
            )
            title_and_caption(figure, answer.headline, caption)
        return figure


QUICK = Version(SMALL, WeakOrStrong(), "half a minute")
FULL = Version(ZHANGQIU, WeakOrStrong(replications=40), "half a minute")
TINY = WeakOrStrong(replications=2)

if __name__ == "__main__":
    main(__file__, QUICK, FULL)

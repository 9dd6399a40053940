"""What is the best use of 50 million yuan?

DESIGN: that sum, over the whole run, as caps on five uses: facilitators, land trusts, professional secretaries, clean-up,
and seed money. All allocations in steps of a fifth or quarter; the best again with other luck and other endowments, as the
best of many looks better than it is. The score weighs income per resident, integration in fact and equality, each in the
smallest differences that matter: other weights, other answer. What a use cannot spend is left over.
Quick: three townships and their part of the sum by villages (73 of 532), steps of a quarter. Full: Zhangqiu, fifths.
OUTPUT: out/best_use_of_50_million (tables, figure, manifest).
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from asking import SMALL, ZHANGQIU, Version, main, scaled
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

import villagesim as vs
from villagesim.plots.captions import title_and_caption
from villagesim.plots.style import settings
from villagesim.plots.whiskers import Series, draw_whiskers
from villagesim.policies import CleanUp, FiveIntegrations, LandTrust, Policy, ProfessionalSecretaries, SeedMoney
from villagesim.questions.allocation import Allocation
from villagesim.questions.answer import Answer
from villagesim.questions.question import Runs
from villagesim.scenario import Scenario

USES = "five uses"
START = "2022-03-01"


def five_uses(scenario: Scenario) -> tuple[Policy, ...]:
    """Each large enough to use up a good part of the sum."""
    return (
        FiveIntegrations(start=START, facilitators=scaled(scenario, 60), label="facilitators"),
        LandTrust(start=START, label="land trusts"),
        ProfessionalSecretaries(start=START, label="secretaries"),
        CleanUp(start=START, officers=scaled(scenario, 20), label="clean-up"),
        SeedMoney(start=START, form="cooperative", projects=scaled(scenario, 20), label="seed money"),
    )


@dataclass(frozen=True, kw_only=True)
class BestUse(Allocation):
    """The best way to share the sum among five uses."""

    name: ClassVar[str] = "best_use"
    strategy: str = USES
    at: str | None = "2026-12"
    total: float = 50e6
    steps: int = 4
    replications: int = 1
    keep: int = 5
    confirm: int = 10

    def answer(self, runs: Runs) -> Answer:
        uses = five_uses(runs.scenario)
        own = replace(runs, scenario=replace(runs.scenario, strategies={**runs.scenario.strategies, USES: uses}))
        share = len(runs.scenario.place.after) / 532
        answer = super(BestUse, replace(self, total=self.total * share)).answer(own)
        main_table, labels = answer.tables["budget"], [policy.label for policy in uses]
        best = main_table.iloc[1]
        parts = ", ".join(f"{label} {best[label] / (self.total * share):.0%}" for label in labels if best[label] > 0)
        title = (
            f"Best use found of {self.total / 1e6:,.0f} million yuan: {parts}; {best['score']:+.1f} ({best['low']:+.1f} to"
            f" {best['high']:+.1f}) smallest differences that matter against equal shares."
            f" {int(main_table['may_be_best'].sum())} of {len(main_table)} allocations run again may be the best."
        )
        by_outcome = answer.tables["outcomes"]
        tables = {"best_use": main_table, "outcomes": by_outcome, "search": answer.tables["search"]}
        return self.said(title, tables, labels=labels, share=share)

    @staticmethod
    def draw(answer: Answer, name: str) -> Figure:
        asked, table, by_outcome = answer.asked, answer.tables["best_use"], answer.tables["outcomes"]
        labels, share = answer.facts["labels"], answer.facts["share"]
        rows = [
            ", ".join(f"{label} {one[label] / (asked.total * share):.0%}" for label in labels if one[label] > 0)
            if k
            else "equal shares"
            for k, one in enumerate(table.to_dict("records"))
        ]
        with plt.rc_context(settings()):
            figure, (left, right) = plt.subplots(
                1, 2, figsize=(12, 2.6 + 0.55 * len(table)), layout="constrained", sharey=True
            )
            nothing = np.full(len(table), np.nan)
            series = [
                Series("with other luck", *(table[key].to_numpy(float) for key in ("score", "low", "high"))),
                Series("when it was found", table["score_when_found"].to_numpy(float), nothing, nothing),
            ]
            draw_whiskers(left, rows, series, "score less that of equal shares [smallest differences]", width=38)
            left.set_title("Score")
            kinds = [
                Series(
                    vs.outcomes.OUTCOMES[name].title,
                    *(
                        by_outcome.loc[by_outcome["outcome"] == name, key].to_numpy(float)
                        for key in ("smallest_differences", "low", "high")
                    ),
                )
                for name in asked.weights
            ]
            draw_whiskers(right, rows, kinds, "gain over equal shares [smallest differences]", width=38)
            right.set_title("Of which")
            part = f" (its part of {asked.total / 1e6:,.0f} million by villages)" if share < 1 else ""
            caption = (
                f"{answer.known.title}, {asked.total * share / 1e6:,.1f} million yuan over the run{part}, end of"
                f" {asked.at}. Found with {asked.replications} replication(s)"
                f" of every allocation in steps of 1/{asked.steps}, confirmed with {asked.confirm} of other luck and endowments;"
                " lines: 95%, all together. Smallest differences: 1% of income, 0.02 of integration and of the Gini."
            )
            title_and_caption(figure, answer.headline, caption)
        return figure


QUICK = Version(SMALL, BestUse(), "half a minute")
FULL = Version(ZHANGQIU, BestUse(steps=5, replications=3, keep=8, confirm=30), "two minutes")
TINY = BestUse(steps=2, keep=1, confirm=2)

if __name__ == "__main__":
    main(__file__, QUICK, FULL)

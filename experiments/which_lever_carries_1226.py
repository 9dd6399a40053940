"""Which lever carries the 1226 package?

DESIGN: its 18 policies in six groups; all 64 sets of groups in the same replications, so that every order in which the
groups may join is counted (exact Shapley values over groups; policies within one are not told apart). Beside it what is
lost when one group alone is left out. All sets share one fund, so a group left out leaves its money to the others.
Quick: three townships, 5 replications. Full: Zhangqiu, 30.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import pandas as pd
from common import (
    LINES,
    NOT_A_FORECAST,
    PAIRED,
    PLACE,
    ZHANGQIU,
    Panel,
    after,
    draw_panels,
    of,
    row,
    series,
    title_and_unit,
)  # fmt: skip
from matplotlib.figure import Figure

import villagesim as vs
from villagesim.questions.answer import Answer
from villagesim.questions.question import Question, Runs
from villagesim.statistics.shapley import coalitions, leave_one_out, orders, shapley
from villagesim.wording import effect

GROUPS = {
    "facilitators and three-year plan": ("five_integrations", "three_year_plan"),
    "secretaries and training": ("professional_secretaries", "training"),
    "land trusts": ("land_trust",),
    "shares, welfare, clean-up": ("share_reform", "welfare", "clean_up"),
    "projects, alliances, brand, zones, belt": (
        "township unions", "industry chains", "cooperatives", "companies and households", "alliances", "umbrella_brand",
        "demonstration_zones", "belt",
    ),
    "review and inspection": ("monthly_review", "inspection"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Levers(Question):
    """What each group of policies adds to a strategy."""

    name: ClassVar[str] = "levers"
    strategy: str = "1226"
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: GROUPS)
    outcomes: tuple[str, ...] = ("collective_income", "real_integration", "trust")
    at: str = "2026-12"
    replications: int = 5

    def answer(self, runs: Runs) -> Answer:
        policies = runs.scenario.strategies[self.strategy]
        group_of = {label: 1 << k for k, labels in enumerate(self.groups.values()) for label in labels}
        labels = sorted(policy.label for policy in policies)
        if sorted(label for group in self.groups.values() for label in group) != labels:
            raise vs.errors.DesignError(f"the groups must hold every policy of {self.strategy!r} once: {labels}.")
        joining = orders(len(self.groups))
        sets = {
            f"set {one}": [policy for policy in policies if one & group_of[policy.label]] for one in coalitions(joining)
        }
        found = runs.compare("sets", sets, self.outcomes, self.replications, at=self.at)
        rows = []
        for name in self.outcomes:
            worth = np.array([of(found, one, name) for one in sets])
            whole = worth[-1] - worth[0]
            parts = zip([*shapley(worth, joining), whole], [*leave_one_out(worth, joining), whole], strict=True)
            for group, (share, lost) in zip([*self.groups, "all"], parts, strict=True):
                own = {"outcome": name, "group": group} | row(share) | row(lost, "left_out_")
                rows.append(own | {"share_of_all": share.mean() / whole.mean()})
        table = pd.DataFrame(rows)
        return self.said(" ".join(self.words(table, name) for name in self.outcomes), {self.name: table})

    def words(self, table: pd.DataFrame, name: str) -> str:
        """Which group adds most to one outcome, and of how much."""
        own = table[table["outcome"] == name].set_index("group")
        best = (vs.outcomes.OUTCOMES[name].direction * own["value"].drop("all")).idxmax()
        return f"{title_and_unit(name)[0]}: {best}, {effect(own.loc[best])} of {effect(own.loc['all'])}{after(name)}."

    @staticmethod
    def draw(answer: Answer, name: str) -> Figure:
        asked, panels = answer.asked, []
        for name in asked.outcomes:
            own = answer.tables["levers"].query("outcome == @name")
            shown = [
                series(own, label, start=start)
                for label, start in (("added (Shapley)", ""), ("lost if left out", "left_out_"))
            ]
            panels.append(Panel(*title_and_unit(name), own["group"].tolist(), shown))
        caption = (
            f"{answer.known.title}, strategy {asked.strategy!r} against nothing but the merger, end of {asked.at};"
            f" {asked.replications} {PAIRED} {asked.seed}, of all sets of groups; {LINES}. Added: averaged over all orders in"
            f" which the groups may join; these add up to all. {NOT_A_FORECAST}"
        )
        return draw_panels(answer, panels, caption, (2.5 + 3.4 * len(panels), 5.4))


SCENARIO, QUESTION = PLACE, Levers()
FULL = {"scenario": ZHANGQIU, "replications": 30}
TINY = {
    "replications": 2,
    "groups": {
        "all but projects": tuple(label for name, group in GROUPS.items() if "projects" not in name for label in group),
        "projects": next(group for name, group in GROUPS.items() if "projects" in name),
    },
    "outcomes": ("collective_income",),
}

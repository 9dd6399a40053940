"""Which lever carries the 1226 package?

DESIGN: its 18 policies in six groups; all 64 sets of groups in the same replications, so that every order in which the
groups may join is counted (exact Shapley values over groups; policies within one are not told apart). Beside it what is
lost when one group alone is left out. All sets share one fund, so a group left out leaves its money to the others.
Quick: three townships, 5 replications. Full: Zhangqiu, 30.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from villagesim.errors import DesignError
from villagesim.outcomes import OUTCOMES
from villagesim.plots import Panels
from villagesim.questions import Study
from villagesim.statistics.differences import difference_interval, without_rounding
from villagesim.statistics.shapley import coalitions, leave_one_out, orders, shapley
from villagesim.wording import effect, in_unit

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
ADDED, LOST = "added (Shapley)", "lost if left out"


@dataclass(frozen=True, kw_only=True)
class Levers(Study):
    """What each group of policies adds to a strategy."""

    name = "levers"
    shown = Panels(along="group", colours="how")
    note = (
        "Strategy '1226' against nothing but the merger, all sets of groups. Added: averaged over all orders in which the"
        " groups may join; these add up to all."
    )
    groups: Mapping[str, tuple[str, ...]]
    outcomes: tuple[str, ...]

    def answer(self, runs):
        policies = runs.scenario.strategies["1226"]
        group_of = {label: 1 << k for k, labels in enumerate(self.groups.values()) for label in labels}
        labels = sorted(policy.label for policy in policies)
        if sorted(label for group in self.groups.values() for label in group) != labels:
            raise DesignError(f"the groups must hold every policy of '1226' once: {labels}.")
        joining = orders(len(self.groups))
        sets = {
            f"set {one}": [policy for policy in policies if one & group_of[policy.label]] for one in coalitions(joining)
        }
        found = runs.compare("sets", sets, self.outcomes, self.replications, at=self.at)
        rows = []
        for name in self.outcomes:
            worth = np.array([found.of(one, name) for one in sets])
            whole = worth[-1] - worth[0]
            for how, parts in ((ADDED, shapley(worth, joining)), (LOST, leave_one_out(worth, joining))):
                first = max(parts, key=lambda x: OUTCOMES[name].direction * x.mean())
                for group, x in zip([*self.groups, "all"], [*parts, whole], strict=True):
                    known, behind = (
                        difference_interval(without_rounding(each, worth), OUTCOMES[name].bounds)
                        for each in (x, first - x)
                    )
                    row = {"outcome": name, "group": group, "how": how} | known.row()
                    surely = behind.low * behind.high > 0
                    rows.append(row | {"share_of_all": x.mean() / whole.mean(), "surely_less_than_first": surely})
        table = pd.DataFrame(rows)
        return self.said(self.sentence(table), {self.name: table})

    def sentence(self, table):
        return " ".join(self.words(name, table[table["outcome"] == name]) for name in self.outcomes)

    def words(self, name, own):
        """Which group adds most to one outcome, with those that are not surely less, and of how much."""
        what, added = OUTCOMES[name], own[own["how"] == ADDED].set_index("group")
        groups = added.drop("all").sort_values("value", ascending=what.direction < 0)
        first = groups[~groups["surely_less_than_first"]]
        parts = " and ".join(f"{group}, {effect(row)}" for group, row in first.iterrows())
        tie = " (not told apart)" if len(first) > 1 else ""
        return f"{what.title}: {parts}{tie}, of {in_unit(effect(added.loc['all']), what.unit)}."


SCENARIO = "places/three_townships.toml"
QUESTION = Levers(
    groups=GROUPS, outcomes=("collective_income", "real_integration", "trust"), at=("2026-12",), replications=5
)
FULL = {"scenario": "../scenarios/zhangqiu.toml", "replications": 30}

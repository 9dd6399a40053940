"""Which lever carries the 1226 package?

DESIGN: its 18 policies in six groups; all 64 sets of groups in the same replications, so that every order in which the
groups may join is counted (exact Shapley values over groups; policies within one are not told apart). Beside it what is
lost when one group alone is left out. All sets share one fund, so a group left out leaves its money to the others.
Quick: three townships, 5 replications. Full: Zhangqiu, 30.
OUTPUT: out/which_lever_carries_1226 (tables, figure, manifest).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import pandas as pd
from asking import NOT_A_FORECAST, SMALL, ZHANGQIU, Version, main, paired, row, said, unit
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

import villagesim as vs
from villagesim.plots.captions import title_and_caption
from villagesim.plots.style import settings
from villagesim.plots.whiskers import Series, draw_whiskers
from villagesim.policies import Policy
from villagesim.questions.answer import Answer
from villagesim.questions.question import Question, Runs
from villagesim.statistics.intervals import mean_interval
from villagesim.statistics.shapley import coalitions, leave_one_out, orders, shapley

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
UNITS = {"collective_income": ("thousand yuan per village and year", 1e-3)}


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
        policies = {policy.label: policy for policy in runs.scenario.strategies[self.strategy]}
        labels = [label for group in self.groups.values() for label in group]
        if sorted(labels) != sorted(policies):
            raise vs.ScenarioError(f"the groups must hold every policy of {self.strategy!r} once: {sorted(policies)}.")
        joining = orders(len(self.groups))
        sets: dict[str, tuple[Policy, ...]] = {}
        for one in coalitions(joining):
            inside = {label for k, group in enumerate(self.groups.values()) if int(one) >> k & 1 for label in group}
            sets[f"set {one}"] = tuple(policy for label, policy in policies.items() if label in inside)  # type: ignore[misc]
        found = paired(runs, "sets", sets, self.outcomes, self.replications, [self.at])
        rows = []
        for name in self.outcomes:
            worth = found[name][:, 0]
            shares, lost = shapley(worth, joining), leave_one_out(worth, joining)
            whole = worth[-1] - worth[0]
            for group, share, out in zip([*self.groups, "all"], [*shares, whole], [*lost, whole], strict=True):
                own, without = row(mean_interval(share)), row(mean_interval(out))
                rows.append(
                    {"outcome": name, "group": group} | own
                    | {f"left_out_{key}": value for key, value in without.items()}
                    | {"share_of_all": own["value"] / whole.mean()}
                )  # fmt: skip
        table = pd.DataFrame(rows)
        title = " ".join(self.words(table, name) for name in self.outcomes)
        return self.said(title, {self.name: table})

    def words(self, table: pd.DataFrame, name: str) -> str:
        """Which group adds most to one outcome, and of how much."""
        own = table[table["outcome"] == name].set_index("group")
        direction = vs.outcomes.OUTCOMES[name].direction
        groups = own.drop(index="all")
        best = (direction * groups["value"]).idxmax()
        form = "{:+,.0f}" if abs(own.loc["all", "value"]) > 100 else "{:+.3f}"
        return (
            f"{vs.outcomes.OUTCOMES[name].title}: {best}, {said(own.loc[best], form)} of {said(own.loc['all'], form)}"
            f"{unit(name)}."
        )

    @staticmethod
    def draw(answer: Answer, name: str) -> Figure:
        asked = answer.asked
        table = answer.tables[answer.kind.name]
        n = len(asked.outcomes)
        with plt.rc_context(settings()):
            figure, axes = plt.subplots(
                1, n, figsize=(2.5 + 3.4 * n, 5.4), layout="constrained", sharey=True, squeeze=False
            )
            for ax, name in zip(axes.flat, asked.outcomes, strict=True):
                axis, size = UNITS.get(name, (vs.outcomes.OUTCOMES[name].unit, 1.0))
                own = table[table["outcome"] == name]
                series = [
                    Series(label, *(size * own[f"{start}{key}"].to_numpy(float) for key in ("value", "low", "high")))
                    for label, start in (("added (Shapley)", ""), ("lost if left out", "left_out_"))
                ]
                draw_whiskers(ax, list(own["group"]), series, axis)
                ax.set_title(vs.outcomes.OUTCOMES[name].title)
                if ax.get_legend() and ax is not axes.flat[0]:
                    ax.get_legend().remove()
            caption = (
                f"{answer.known.title}, strategy {asked.strategy!r} against nothing but the merger, end of {asked.at};"
                f" {asked.replications} paired replications of all sets of groups, seed {asked.seed}; lines: 95% simulation error"
                f" of the mean. Added: averaged over all orders in which the groups may join; these add up to all. {NOT_A_FORECAST}"
            )
            title_and_caption(figure, answer.headline, caption)
        return figure


QUICK = Version(SMALL, Levers(), "one minute")
FULL = Version(ZHANGQIU, Levers(replications=30), "eight minutes")
TINY = Levers(
    replications=2,
    groups={
        "all but projects": tuple(label for name, group in GROUPS.items() if "projects" not in name for label in group),
        "projects": next(group for name, group in GROUPS.items() if "projects" in name),
    },
    outcomes=("collective_income",),
)

if __name__ == "__main__":
    main(__file__, QUICK, FULL)

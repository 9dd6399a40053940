"""Merge the accounts early or freeze rights, by gap, trust and number of parts?

DESIGN: three worlds in the same replications: accounts merged early by consent (facilitators as soon as the fund pays),
early by pressure (ranking from the decree on, without inspection), and rights left as they are (three unchanged, from the
announcement on). Merged villages in classes of the first day: thirds by the gap between their parts (largest less smallest
income per member, over the mean), thirds by trust, and number of parts. By class: villages with one account, disputes that
arise, and trust, each way of merging less freezing. What counts more is for the reader to say.
Quick: three townships, 15 replications. Full: Zhangqiu, 40.
OUTPUT: out/merge_accounts_or_freeze_rights (tables, figure, manifest).
"""

from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from asking import NOT_A_FORECAST, SMALL, ZHANGQIU, Version, each, gain, main, row, said, scaled
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

import villagesim as vs
from villagesim.arrays import Floats, Ints
from villagesim.outcomes.formulas import ALL_INCOME
from villagesim.plots.captions import title_and_caption
from villagesim.plots.style import settings
from villagesim.plots.whiskers import Series, draw_whiskers
from villagesim.policies import FiveIntegrations, Policy, Ranking, ThreeUnchanged
from villagesim.questions.answer import Answer
from villagesim.questions.question import Question, Runs
from villagesim.scenario import Scenario
from villagesim.simulation import simulate

FREEZE, WAYS = "freeze rights", ("merge early by consent", "merge early by pressure")
OUTCOMES = {
    "share_accounts_pooled": ("One account", "percentage points of villages", 100.0),
    "incidents": ("Disputes that arise", "per 1,000 residents and year", 1.0),
    "trust": ("Trust", "index, 0 to 1, in hundredths", 100.0),
}


def strategies(scenario: Scenario) -> dict[str, list[Policy]]:
    dates = scenario.timetable
    return {
        WAYS[0]: [FiveIntegrations(start="2022-01-01", facilitators=scaled(scenario, 27))],
        WAYS[1]: [Ranking(start=dates.decree)],
        FREEZE: [ThreeUnchanged(start=dates.announcement)],
    }


def classes_of(scenario: Scenario, seed: int) -> tuple[Ints, dict[str, Any]]:
    """Rows of the merged villages, and which of them belong to each class, ``(n_villages,)``."""
    run = simulate(scenario, seed=seed)
    record = run.record
    home, n = record.village_of[-1], record.village_of.shape[1]
    merged = np.flatnonzero(record.is_merged[-1])
    per_member = record.rolling(*ALL_INCOME)[0] / record.endowment.members
    high, low = np.full(n, -np.inf), np.full(n, np.inf)
    np.maximum.at(high, home, per_member)
    np.minimum.at(low, home, per_member)
    members = np.bincount(home, record.endowment.members, n)
    mean = np.bincount(home, per_member * record.endowment.members, n) / np.maximum(members, 1)
    trust = np.bincount(home, record.column("trust")[0] * record.endowment.members, n) / np.maximum(members, 1)
    parts = np.bincount(home, minlength=n)[merged]
    classes = {"all merged villages": np.ones(len(merged), bool)}
    for what, x in (("gap", ((high[merged] - low[merged]) / mean[merged])), ("trust", trust[merged])):
        lower, upper = np.quantile(x, (1 / 3, 2 / 3))
        form = "{:.1f}" if what == "gap" else "{:.2f}"
        classes |= {
            f"{what} up to {form.format(lower)}": x <= lower,
            f"{what} in between": (x > lower) & (x <= upper),
            f"{what} above {form.format(upper)}": x > upper,
        }
    classes |= {"two parts": parts == 2, "three parts or more": parts >= 3}
    return merged, classes


def one_replication(replication: int, scenario: Scenario, seed: int, at: str, rows: Ints, where: Any) -> Floats:
    """Mean by strategy, outcome and class, ``(3, n_outcomes, n_classes)``; disputes: mean of all years since the decree."""
    result = []
    for policies in strategies(scenario).values():
        run = simulate(scenario, policies, seed, replication)
        record = run.record
        month = record.labels.index(at)
        decree = int(np.flatnonzero(record.is_merged.any(axis=1))[0])
        own = {name: vs.outcomes.OUTCOMES[name].village(record)[:, rows] for name in OUTCOMES}  # type: ignore[misc]
        years = own["incidents"][month : decree + 10 : -12].mean(axis=0)
        result.append([[(years if name == "incidents" else own[name][month])[k].mean() for k in where] for name in own])
    return np.array(result)


@dataclass(frozen=True, kw_only=True)
class MergeOrFreeze(Question):
    """What merging accounts early brings and costs, against rights frozen."""

    name: ClassVar[str] = "merge_or_freeze"
    at: str = "2024-12"
    replications: int = 15

    def answer(self, runs: Runs) -> Answer:
        rows, classes = classes_of(runs.scenario, runs.seed)
        work = partial(
            one_replication, scenario=runs.scenario, seed=runs.seed, at=self.at, rows=rows, where=list(classes.values())
        )
        found = np.array(each(work, range(self.replications), runs))
        table = pd.DataFrame(
            [
                {"way": way, "outcome": name, "class": label, "villages": int(where.sum())}
                | row(gain(found[:, k, o, c], found[:, -1, o, c]))
                for k, way in enumerate(WAYS)
                for o, name in enumerate(OUTCOMES)
                for c, (label, where) in enumerate(classes.items())
            ]
        )
        title = self.words(table)
        return self.said(title, {self.name: table})

    def words(self, table: pd.DataFrame) -> str:
        """What merging brings and costs over all villages, and in which class trust gains most and least by consent."""
        every = table[table["class"] == "all merged villages"].set_index(["way", "outcome"])
        said_of = [
            f"{way}, one account {said(every.loc[way, 'share_accounts_pooled'], '{:+.0f}', 100)} points, disputes"
            f" {said(every.loc[way, 'incidents'], '{:+.2f}')} per 1,000 and year"
            for way in WAYS
        ]
        own = table[
            (table["way"] == WAYS[0]) & (table["outcome"] == "trust") & (table["class"] != "all merged villages")
        ]
        own = own.set_index("class")
        return (
            f"Against freezing rights: {'; '.join(said_of)}. By consent trust gains most with {own['value'].idxmax()},"
            f" {said(own.loc[own['value'].idxmax()], '{:+.3f}')}, least with {own['value'].idxmin()},"
            f" {said(own.loc[own['value'].idxmin()], '{:+.3f}')}."
        )

    @staticmethod
    def draw(answer: Answer, name: str) -> Figure:
        asked = answer.asked
        table = answer.tables[answer.kind.name]
        with plt.rc_context(settings()):
            figure, axes = plt.subplots(1, 3, figsize=(12, 6.4), layout="constrained", sharey=True)
            for ax, (name, (what, unit, size)) in zip(axes, OUTCOMES.items(), strict=True):
                own = table[table["outcome"] == name]
                labels = own[own["way"] == WAYS[0]]
                rows = [f"{label} ({n})" for label, n in zip(labels["class"], labels["villages"], strict=True)]
                series = [
                    Series(
                        way,
                        *(size * own.loc[own["way"] == way, key].to_numpy(float) for key in ("value", "low", "high")),
                    )
                    for way in WAYS
                ]
                draw_whiskers(ax, rows, series, unit)
                ax.set_title(what)
                if ax is not axes[0]:
                    ax.get_legend().remove()
            caption = (
                f"{answer.known.title}, end of {asked.at} (disputes: mean of the years since the decree), each way less rights"
                f" frozen, {asked.replications} paired replications, seed {asked.seed}; lines: 95% simulation error; in brackets:"
                f" merged villages of the class. Classes of the first day; most and least picked afterwards. {NOT_A_FORECAST}"
            )
            title_and_caption(figure, answer.headline, caption)
        return figure


QUICK = Version(SMALL, MergeOrFreeze(), "some seconds")
FULL = Version(ZHANGQIU, MergeOrFreeze(replications=40), "half a minute")
TINY = MergeOrFreeze(replications=2)

if __name__ == "__main__":
    main(__file__, QUICK, FULL)

"""Merge the accounts early or freeze rights, by gap, trust and number of parts?

DESIGN: three worlds in the same replications: accounts merged early by consent (facilitators as soon as the fund pays),
early by pressure (ranking from the decree on, without inspection), and rights left as they are (three unchanged, from the
announcement on). Merged villages in classes of the first day: thirds by the gap between their parts (largest less smallest
income per member, over the mean), thirds by trust, and number of parts. By class: villages with one account, disputes that
arise, and trust, each way of merging less freezing. What counts more is for the reader to say.
Quick: three townships, 15 replications. Full: Zhangqiu, 40.
"""

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import ClassVar

import numpy as np
import pandas as pd
from common import LINES, NOT_A_FORECAST, PAIRED, PLACE, ZHANGQIU, Panel, draw_panels, of, row, scaled, series
from matplotlib.figure import Figure

import villagesim as vs
from villagesim.arrays import Bools, Floats
from villagesim.dates import month_key, month_label
from villagesim.outcomes import Outcomes, Record
from villagesim.outcomes.formulas import ALL_INCOME
from villagesim.policies import FiveIntegrations, Ranking, ThreeUnchanged
from villagesim.questions.answer import Answer
from villagesim.questions.question import Question, Runs
from villagesim.wording import effect

CONSENT, PRESSURE, FREEZE = "merge early by consent", "merge early by pressure", "freeze rights"
EVERY = "all merged villages"
OUTCOMES = {
    "share_accounts_pooled": ("One account", "percentage points of villages", 100.0),
    "incidents": ("Disputes that arise", "per 1,000 residents and year", 1.0),
    "trust": ("Trust", "index, 0 to 1, in hundredths", 100.0),
}


def classes_of(record: Record) -> dict[str, Bools]:
    """Which villages belong to each class of the first day, ``(n_rows,)``."""
    home, members, merged = record.village_of[-1], record.endowment.members, record.is_merged[-1]
    n, per_member = len(merged), record.rolling(*ALL_INCOME)[0] / members
    high, low = np.full(n, -np.inf), np.full(n, np.inf)
    np.maximum.at(high, home, per_member)
    np.minimum.at(low, home, per_member)
    mean, trust = (
        np.bincount(home, x * members, n) / np.maximum(np.bincount(home, members, n), 1)
        for x in (per_member, record.column("trust")[0])
    )
    with np.errstate(invalid="ignore"):
        gap = (high - low) / mean
    classes = {EVERY: merged}
    for what, x, decimals in (("gap", gap, 1), ("trust", trust, 2)):
        lower, upper = np.quantile(x[merged], (1 / 3, 2 / 3))
        classes |= {
            f"{what} up to {lower:.{decimals}f}": merged & (x <= lower),
            f"{what} in between": merged & (x > lower) & (x <= upper),
            f"{what} above {upper:.{decimals}f}": merged & (x > upper),
        }
    parts = np.bincount(home, minlength=n)
    return classes | {"two parts": merged & (parts == 2), "three parts or more": merged & (parts >= 3)}


def in_class(record: Record, name: str, rows: Bools) -> Floats:
    """Mean of an outcome over the villages of a class, ``(n_months,)``."""
    return vs.outcomes.OUTCOMES[name].village(record)[:, rows].mean(axis=1)


@dataclass(frozen=True, kw_only=True)
class MergeOrFreeze(Question):
    """What merging accounts early brings and costs, against rights frozen."""

    name: ClassVar[str] = "merge_or_freeze"
    at: str = "2024-12"
    replications: int = 15

    def answer(self, runs: Runs) -> Answer:
        scenario, dates = runs.scenario, runs.scenario.timetable
        strategies = {
            CONSENT: [FiveIntegrations(start="2022-01-01", facilitators=scaled(scenario, 27))],
            PRESSURE: [Ranking(start=dates.decree)],
            FREEZE: [ThreeUnchanged(start=dates.announcement)],
        }
        classes = classes_of(vs.simulate(scenario, seed=runs.seed).record)
        own = [
            replace(
                vs.outcomes.OUTCOMES[name],
                name=f"{name}_{k}",
                county=partial(in_class, name=name, rows=rows),
                village=None,
            )
            for name in OUTCOMES
            for k, rows in enumerate(classes.values())
        ]
        last = month_key(date.fromisoformat(f"{self.at}-01"))
        years = [month_label(key) for key in range(last, month_key(dates.decree) + 10, -12)]
        found = replace(runs, scenario=replace(scenario, outcomes=Outcomes(own))).compare(
            "worlds", strategies, [outcome.name for outcome in own], self.replications, at=years
        )
        rows = []
        for way in (CONSENT, PRESSURE):
            for name in OUTCOMES:
                months = years if name == "incidents" else years[:1]
                for k, (label, where) in enumerate(classes.items()):
                    one, other = (
                        np.mean([of(found, strategy, f"{name}_{k}", month) for month in months], axis=0)
                        for strategy in (way, FREEZE)
                    )
                    rows.append(
                        {"way": way, "outcome": name, "class": label, "villages": int(where.sum())} | row(one - other)
                    )
        table = pd.DataFrame(rows)
        return self.said(self.words(table), {self.name: table})

    def words(self, table: pd.DataFrame) -> str:
        """What merging brings and costs over all villages, and in which class trust gains most and least by consent."""
        own = table.set_index(["way", "outcome", "class"])
        said = [
            f"{way}, one account {effect(100 * own.loc[(way, 'share_accounts_pooled', EVERY), ['value', 'low', 'high']])} points,"
            f" disputes {effect(own.loc[way, 'incidents', EVERY])} per 1,000 and year"
            for way in (CONSENT, PRESSURE)
        ]
        trust = own.loc[CONSENT].loc["trust"].drop(EVERY)
        most, least = trust["value"].idxmax(), trust["value"].idxmin()
        return (
            f"Against freezing rights: {'; '.join(said)}. By consent trust gains most with {most}, {effect(trust.loc[most])},"
            f" least with {least}, {effect(trust.loc[least])}."
        )

    @staticmethod
    def draw(answer: Answer, name: str) -> Figure:
        asked, table, panels = answer.asked, answer.tables["merge_or_freeze"], []
        for name, (title, unit, size) in OUTCOMES.items():
            ways = dict(iter(table[table["outcome"] == name].groupby("way", sort=False)))
            labels = [f"{label} ({n})" for label, n in ways[CONSENT][["class", "villages"]].itertuples(index=False)]
            panels.append(Panel(title, unit, labels, [series(own, str(way), size=size) for way, own in ways.items()]))
        caption = (
            f"{answer.known.title}, end of {asked.at} (disputes: mean of the years since the decree), each way less rights frozen,"
            f" {asked.replications} {PAIRED} {asked.seed}; {LINES}; in brackets: merged villages of the class. Classes of the first"
            f" day; most and least picked afterwards. {NOT_A_FORECAST}"
        )
        return draw_panels(answer, panels, caption, (12, 6.4))


SCENARIO, QUESTION = PLACE, MergeOrFreeze()
FULL = {"scenario": ZHANGQIU, "replications": 40}
TINY = {"replications": 2}

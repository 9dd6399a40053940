"""How many facilitators and mediators until the next one adds nothing?

DESIGN: facilitators from none to eight with the five integrations, mediators on top of those that are there from none to
six, all in the same replications; each line ends where the fund pays every post. A further post adds nothing where all that
come after it together bring less than is worth having: 0.02 of integration in fact, half a day of waiting (both assumed).
Two numbers say where that is: from the first on it may be so, from the second on it is sure (95%).
Quick: three townships, 12 replications. Full: Zhangqiu, 40, with posts scaled by villages.
OUTPUT: out/how_many_facilitators_and_mediators (tables, figure, manifest).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from asking import NOT_A_FORECAST, SMALL, ZHANGQIU, Version, gain, main, paired, row, unit
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import villagesim as vs
from villagesim.arrays import Floats
from villagesim.plots.captions import title_and_caption
from villagesim.plots.style import COLOURS, settings
from villagesim.policies import FiveIntegrations, MoreMediators
from villagesim.questions.answer import Answer
from villagesim.questions.question import Question, Runs
from villagesim.statistics.intervals import mean_interval

START = "2022-03-01"
DESKS = (
    ("facilitators", "real_integration", "facilitator_utilisation", 0.02),
    ("mediators", "mean_dispute_wait", "mediator_utilisation", 0.5),
)
"""Posts, what they are for, how busy they are, and the smallest gain worth having, in the outcome's unit."""


@dataclass(frozen=True, kw_only=True)
class Posts(Question):
    """Where one more post stops to help."""

    name: ClassVar[str] = "posts"
    facilitators: tuple[int, ...] = (0, 1, 2, 3, 4, 6, 8)
    mediators: tuple[int, ...] = (0, 1, 2, 3, 4, 6)
    at: str = "2024-12"
    replications: int = 12

    def answer(self, runs: Runs) -> Answer:
        own = {
            "facilitators": {n: [FiveIntegrations(start=START, facilitators=n)] for n in self.facilitators},
            "mediators": {n: [MoreMediators(start=START, officers=n)] for n in self.mediators},
        }
        tables, words = [], []
        for kind, name, busy, worth in DESKS:
            strategies = {f"{n} {kind}": policies for n, policies in own[kind].items()}
            found = paired(runs, kind, strategies, (name, busy, "petitions"), self.replications, [self.at])
            table = self.table(kind, list(own[kind]), name, {key: x[:, 0] for key, x in found.items()}, busy)
            tables.append(table)
            words.append(f"{kind} {self.enough(table, worth, name)}")
        table = pd.concat(tables, ignore_index=True)
        title = "Further posts add nothing that matters: " + "; ".join(words) + "."
        return self.said(title, {self.name: table})

    def table(self, kind: str, numbers: Sequence[int], name: str, found: dict[str, Floats], busy: str) -> pd.DataFrame:
        """A row a number of posts: the level, what it adds to none, and what all further posts would add."""
        x, sign = found[name], vs.outcomes.OUTCOMES[name].direction
        rows: list[dict[str, Any]] = []
        for n, own, used, petitions in zip(numbers, x, found[busy], found["petitions"], strict=True):
            further = row(gain(sign * x[-1], sign * own))
            rows.append(
                {"posts": kind, "number": n, "outcome": name} | row(mean_interval(own))
                | {f"further_{key}": value for key, value in further.items()}
                | {"time_at_work": np.nanmean(used) if np.isfinite(used).any() else np.nan, "petitions": petitions.mean()}
            )  # fmt: skip
        return pd.DataFrame(rows)

    def enough(self, table: pd.DataFrame, worth: float, name: str) -> str:
        """From how many posts on all further ones together add less than is worth having."""
        may, sure = (int(table.loc[table[f"further_{key}"] <= worth, "number"].min()) for key in ("low", "high"))
        most = int(table["number"].max())
        title = vs.outcomes.OUTCOMES[name].title
        first = table.loc[table["number"] == may].iloc[0]
        rest = (
            f"all further ones up to {most} improve {title[0].lower()}{title[1:]} by {first['further_value']:.2g}"
            f" ({first['further_low']:.2g} to {first['further_high']:.2g}){unit(name)}"
        )
        if may == sure:
            return f"from {may} on ({rest})"
        return f"perhaps from {may} on, {'not sure' if sure == most else f'surely from {sure}'} ({rest})"

    @staticmethod
    def draw(answer: Answer, name: str) -> Figure:
        asked = answer.asked
        table = answer.tables[answer.kind.name]
        with plt.rc_context(settings()):
            figure, axes = plt.subplots(2, 2, figsize=(10.5, 6.4), layout="constrained", sharex="col")
            for column, (kind, name, _, worth) in zip(axes.T, DESKS, strict=True):
                own = table[table["posts"] == kind]
                line(column[0], own, "", f"{vs.outcomes.OUTCOMES[name].title}\n[{vs.outcomes.OUTCOMES[name].unit}]")
                line(column[1], own, "further_", f"what all further posts bring\n[{vs.outcomes.OUTCOMES[name].unit}]")
                column[1].axhspan(-worth, worth, color=COLOURS[0], alpha=0.25, lw=0)
                more = " on top of those that are there" if kind == "mediators" else ""
                column[1].set_xlabel(f"{kind}{more} [full posts]")
                for n, busy in own[["number", "time_at_work"]].itertuples(index=False):
                    if np.isfinite(busy):
                        column[0].annotate(
                            f"{busy:.0%}", (n, 0.03), xycoords=("data", "axes fraction"), fontsize=8, ha="center",
                            color="#555555",
                        )  # fmt: skip
            caption = (
                f"{answer.known.title}, end of {asked.at}, {asked.replications} paired replications, seed {asked.seed}; posts from"
                f" {START}. Bars: 95% simulation error. Grey figures: share of working time at work. Grey band: not worth"
                f" having. {NOT_A_FORECAST}"
            )
            title_and_caption(figure, answer.headline, caption)
        return figure


def line(ax: Axes, own: pd.DataFrame, start: str, ylabel: str) -> None:
    value, low, high = (own[f"{start}{key}"].to_numpy(float) for key in ("value", "low", "high"))
    ax.errorbar(own["number"], value, [value - low, high - value], color=COLOURS[2], marker="o", ms=4, capsize=2)
    ax.set_ylabel(ylabel)
    ax.margins(y=0.2)
    ax.grid(axis="y", lw=0.4, alpha=0.5)


def times(numbers: tuple[int, ...], factor: int) -> tuple[int, ...]:
    return tuple(factor * n for n in numbers)


QUICK = Version(SMALL, Posts(), "half a minute")
FULL = Version(
    ZHANGQIU,
    Posts(replications=40, facilitators=times(Posts().facilitators, 7), mediators=times(Posts().mediators, 7)),
    "one and a half minutes",
)
TINY = Posts(replications=2, facilitators=(0, 4), mediators=(0, 2))

if __name__ == "__main__":
    main(__file__, QUICK, FULL)

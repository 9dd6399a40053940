"""How many facilitators and mediators until the next one adds nothing?

DESIGN: facilitators from none to eight with the five integrations, mediators on top of those that are there from none to
six, all in the same replications; each line ends where the fund pays every post. A further post adds nothing where all that
come after it together bring less than is worth having: 0.02 of integration in fact, half a day of waiting (both assumed).
Two numbers say where that is: from the first on it may be so, from the second on it is sure (95%).
Quick: three townships, 12 replications. Full: Zhangqiu, 40, with posts scaled by villages.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

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
)
from matplotlib.figure import Figure

import villagesim as vs
from villagesim.policies import FiveIntegrations, MoreMediators
from villagesim.questions.answer import Answer
from villagesim.questions.question import Question, Runs
from villagesim.wording import estimate, percent

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
        found = [self.table(runs, *desk[:3]) for desk in DESKS]
        words = [self.enough(table, worth) for table, (*_, worth) in zip(found, DESKS, strict=True)]
        table = pd.concat(found, ignore_index=True)
        return self.said(f"Further posts add nothing that matters: {'; '.join(words)}.", {self.name: table})

    def table(self, runs: Runs, kind: str, name: str, busy: str) -> pd.DataFrame:
        """A row a number of posts: the level, and what all further posts would add."""
        numbers: dict[str, int] = {f"{n} {kind}": n for n in getattr(self, kind)}
        strategies = {
            label: [
                FiveIntegrations(start=START, facilitators=n)
                if kind == "facilitators"
                else MoreMediators(start=START, officers=n)
            ]
            for label, n in numbers.items()
        }
        found = runs.compare(kind, strategies, (name, busy, "petitions"), self.replications, at=self.at)
        rows: list[dict[str, Any]] = []
        for label, n in numbers.items():
            own, used = of(found, label, name), of(found, label, busy)
            further = vs.outcomes.OUTCOMES[name].direction * (of(found, list(numbers)[-1], name) - own)
            rows.append(
                {"posts": kind, "number": n, "outcome": name} | row(own) | row(further, "further_")
                | {"time_at_work": np.nanmean(used) if np.isfinite(used).any() else np.nan,
                   "petitions": of(found, label, "petitions").mean()}
            )  # fmt: skip
        return pd.DataFrame(rows)

    def enough(self, table: pd.DataFrame, worth: float) -> str:
        """From how many posts on all further ones together add less than is worth having."""
        may, sure = (int(table.loc[table[f"further_{end}"] <= worth, "number"].min()) for end in ("low", "high"))
        kind, name, most = table["posts"].iloc[0], table["outcome"].iloc[0], int(table["number"].max())
        first = table.set_index("number").loc[may]
        further = estimate(first, "further_value", "further_low", "further_high")
        rest = f"(all further ones up to {most} improve {title_and_unit(name)[0].lower()} by {further}{after(name)})"
        if may == sure:
            return f"{kind} from {may} on {rest}"
        return f"{kind} perhaps from {may} on, {'not sure' if sure == most else f'surely from {sure}'} {rest}"

    @staticmethod
    def draw(answer: Answer, name: str) -> Figure:
        panels = []
        for kind, name, _, worth in DESKS:
            own = answer.tables["posts"].query("posts == @kind")
            title, unit = title_and_unit(name)
            busy = [f"{n} ({percent(at_work)})" for n, at_work in zip(own["number"], own["time_at_work"], strict=True)]
            panels.append(Panel(f"{title}, by {kind}", unit, busy, [series(own)]))
            panels.append(
                Panel(
                    f"What all further {kind} bring (worth having: {worth:g})",
                    unit,
                    busy,
                    [series(own, start="further_")],
                )
            )
        caption = (
            f"{answer.known.title}, end of {answer.asked.at}, {answer.asked.replications} {PAIRED} {answer.asked.seed}; full posts"
            f" from {START}, mediators on top of those that are there; in brackets: share of working time at work. {LINES}."
            f" {NOT_A_FORECAST}"
        )
        return draw_panels(answer, panels, caption, (10.5, 7), n_rows=2)


SCENARIO, QUESTION = PLACE, Posts()
FULL = {
    "scenario": ZHANGQIU, "replications": 40, "facilitators": tuple(7 * n for n in QUESTION.facilitators),
    "mediators": tuple(7 * n for n in QUESTION.mediators),
}  # fmt: skip
TINY = {"replications": 2, "facilitators": (0, 4), "mediators": (0, 2)}

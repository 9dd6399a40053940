"""How much of the rise is arithmetic, trend, one-offs, policy?

DESIGN: no merger, nothing but the merger, and the whole 1226 package in the same replications. Nested, as these cannot be
switched on in any order: the same money over fewer villages (an identity), then the growth of recurrent income without
merger, what the merger adds to it, what the package adds to it, and the change of one-off income. The parts add up. Beside
it the share of villages at or above 500,000 yuan, in the month of the article's target; its one-offs are not told apart.
Quick: three townships, 20 replications. Full: Zhangqiu, 60.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from common import LINES, NOT_A_FORECAST, PAIRED, PLACE, ZHANGQIU, Panel, draw_panels, of, row, series
from matplotlib.figure import Figure

from villagesim.arrays import Floats
from villagesim.questions.answer import Answer
from villagesim.questions.question import Question, Runs
from villagesim.runs.table import RunTable
from villagesim.scenario import BASELINE, NO_MERGER
from villagesim.simulation import simulate
from villagesim.wording import effect, signed

INCOMES, SHARES = ("recurrent_income", "collective_income"), ("mechanical_share_above_500k", "share_above_500k")


@dataclass(frozen=True, kw_only=True)
class Rise(Question):
    """The parts of a rise of collective income, and of the published share."""

    name: ClassVar[str] = "rise"
    strategy: str = "1226"
    at: str = "2026-12"
    published: str = "2022-12"
    replications: int = 20

    def answer(self, runs: Runs) -> Answer:
        scenario = runs.scenario
        decree = scenario.timetable.decree
        around = [f"{decree.year}-{decree.month - 1:02d}", f"{decree.year}-{decree.month:02d}"]
        worlds = {name: scenario.strategies[name] for name in (NO_MERGER, BASELINE, self.strategy)}
        months = [*around, self.published, self.at]
        found = runs.compare("worlds", worlds, (*INCOMES, *SHARES), self.replications, at=months)
        start = simulate(scenario, NO_MERGER, runs.seed).start
        first = {name: float(start[name]) for name in (*INCOMES, "share_above_500k")}
        income = self.income(found, first, len(scenario.place.before) / len(scenario.place.after))
        parts = {"income": income, "share": self.share(found, first["share_above_500k"], around)}
        table = pd.DataFrame(
            [
                {"of": what, "part": part} | row(x) | {"share_of_rise": x.mean() / sum(own.values()).mean()}
                for what, own in parts.items()
                for part, x in own.items()
            ]
        )
        own = table[table["of"] == "income"].set_index("part")
        shares = ", ".join(f"{part} {share:.1%}" for part, share in own["share_of_rise"].items())
        title = (
            f"Of the rise of income per village to {self.at}, {effect(row(sum(income.values())))} yuan a year: {shares}."
            f" The policies add {effect(own.loc['policies'])}."
        )
        return self.said(title, {self.name: table})

    def income(self, found: RunTable, first: dict[str, float], fewer: float) -> dict[str, Floats]:
        """Parts of the rise of income per village, by replication."""
        none, merged, own = (of(found, name, "recurrent_income", self.at) for name in found.strategies)
        one_offs = of(found, self.strategy, "collective_income", self.at) - own
        recurrent, every = (first[name] for name in INCOMES)
        return {
            "arithmetic": np.full(none.shape, every * (fewer - 1)),
            "trend without merger": (none - recurrent) * fewer,
            "the merger itself": merged - none * fewer,
            "policies": own - merged,
            "one-offs": one_offs - (every - recurrent) * fewer,
        }

    def share(self, found: RunTable, first: float, around: list[str]) -> dict[str, Floats]:
        """Parts of the rise of the share of villages at or above 500,000 yuan, by replication."""
        before, after, without = (of(found, NO_MERGER, SHARES[0], month) for month in (*around, self.published))
        merged, own = (of(found, name, SHARES[1], self.published) for name in (BASELINE, self.strategy))
        return {
            "arithmetic": after - before,
            "trend and one-offs without merger": without - first - (after - before),
            "the merger itself": merged - without,
            "policies": own - merged,
        }

    @staticmethod
    def draw(answer: Answer, name: str) -> Figure:
        asked, table, panels = answer.asked, answer.tables["rise"], []
        for what, title, unit, size, month in (
            ("income", "Income per village", "thousand yuan per village and year", 1e-3, asked.at),
            ("share", "Villages from 500,000 yuan on", "percentage points", 100, asked.published),
        ):
            own = series(table[table["of"] == what], size=size)
            rows = [
                f"{part}: {signed(x)}"
                for part, x in zip(table.loc[table["of"] == what, "part"], own.value, strict=True)
            ]
            panels.append(Panel(f"{title}, {signed(own.value.sum())} to {month}", unit, rows, [own]))
        caption = (
            f"{answer.known.title}. Strategy {asked.strategy!r} against nothing but the merger and no merger,"
            f" {asked.replications} {PAIRED} {asked.seed}; {LINES}. Arithmetic: the same money over fewer villages. The parts of"
            f" each panel add up. {NOT_A_FORECAST}"
        )
        return draw_panels(answer, panels, caption, (11.5, 4.4))


SCENARIO, QUESTION = PLACE, Rise()
FULL = {"scenario": ZHANGQIU, "replications": 60}
TINY = {"replications": 2}

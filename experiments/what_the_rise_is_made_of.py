"""How much of the rise is arithmetic, trend, one-offs, policy?

DESIGN: no merger, nothing but the merger, and the whole 1226 package in the same replications. Nested, as these cannot be
switched on in any order: the same money over fewer villages (an identity), then the growth of recurrent income without
merger, what the merger adds to it, what the package adds to it, and the change of one-off income. The parts add up. Beside
it the share of villages at or above 500,000 yuan, in the month of the article's target; its one-offs are not told apart.
Quick: three townships, 20 replications. Full: Zhangqiu, 60.
OUTPUT: out/what_the_rise_is_made_of (tables, figure, manifest).
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from asking import NOT_A_FORECAST, SMALL, ZHANGQIU, Version, main, paired, row, said
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from villagesim.arrays import Floats
from villagesim.plots.captions import title_and_caption
from villagesim.plots.style import settings
from villagesim.plots.whiskers import Series, draw_whiskers
from villagesim.questions.answer import Answer
from villagesim.questions.question import Question, Runs
from villagesim.scenario import BASELINE, NO_MERGER
from villagesim.simulation import simulate
from villagesim.statistics.intervals import mean_interval

PARTS = ("arithmetic", "trend without merger", "the merger itself", "policies", "one-offs")


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
        worlds = {name: scenario.strategies[name] for name in (NO_MERGER, BASELINE, self.strategy)}
        outcomes = ("collective_income", "recurrent_income", "mechanical_share_above_500k", "share_above_500k")
        decree = scenario.timetable.decree
        assert decree is not None
        months = (f"{decree.year}-{decree.month - 1:02d}", f"{decree.year}-{decree.month:02d}", self.published, self.at)
        found = paired(runs, "worlds", worlds, outcomes, self.replications, months)
        start = simulate(scenario, NO_MERGER, runs.seed).start
        fewer = len(scenario.place.before) / len(scenario.place.after)
        income = self.income(found, start, fewer)
        share = self.share(found, float(start["share_above_500k"]))
        rows = [
            {"of": of, "part": part} | row(mean_interval(x)) | {"share_of_rise": x.mean() / sum(parts.values()).mean()}  # type: ignore[union-attr]
            for of, parts in (("income", income), ("share", share))
            for part, x in parts.items()
        ]
        table = pd.DataFrame(rows)
        of_income = table[table["of"] == "income"].set_index("part")
        rise = row(mean_interval(np.sum(list(income.values()), axis=0)))
        shares = ", ".join(f"{part} {of_income.loc[part, 'share_of_rise']:.1%}" for part in PARTS)
        title = (
            f"Of the rise of income per village to {self.at}, {said(rise)} yuan a year: {shares}."
            f" The policies add {said(of_income.loc['policies'])}."
        )
        return self.said(title, {self.name: table})

    def income(self, found: dict[str, Floats], start: Any, fewer: float) -> dict[str, Floats]:
        """Parts of the rise of income per village, by replication."""
        (none, merged, own), (_, _, own_all) = (found[name][:, 3] for name in ("recurrent_income", "collective_income"))
        first, first_all = float(start["recurrent_income"]), float(start["collective_income"])
        return {
            PARTS[0]: np.full(none.shape, first_all * (fewer - 1)),
            PARTS[1]: (none - first) * fewer,
            PARTS[2]: merged - none * fewer,
            PARTS[3]: own - merged,
            PARTS[4]: (own_all - own) - (first_all - first) * fewer,
        }

    def share(self, found: dict[str, Floats], start: float) -> dict[str, Floats]:
        """Parts of the rise of the share of villages at or above 500,000 yuan, by replication."""
        mechanical = found["mechanical_share_above_500k"][0]
        jump = mechanical[1] - mechanical[0]
        _, merged, own = found["share_above_500k"][:, 2]
        without = mechanical[2]
        return {
            "arithmetic": jump,
            "trend and one-offs without merger": without - start - jump,
            "the merger itself": merged - without,
            "policies": own - merged,
        }

    @staticmethod
    def draw(answer: Answer, name: str) -> Figure:
        asked = answer.asked
        table = answer.tables[answer.kind.name]
        with plt.rc_context(settings()):
            figure, axes = plt.subplots(1, 2, figsize=(11.5, 4.4), layout="constrained")
            for ax, of, unit, size, month in (
                (axes[0], "income", "thousand yuan per village and year", 1e-3, asked.at),
                (axes[1], "share", "percentage points", 100, asked.published),
            ):
                part = table[table["of"] == of]
                whiskers = Series("", *(size * part[key].to_numpy(float) for key in ("value", "low", "high")))
                draw_whiskers(ax, list(part["part"]), [whiskers], f"{unit}; lines: 95% simulation error")
                for y, value in enumerate(whiskers.value):
                    ax.annotate(
                        f"{value:+,.1f}",
                        (value, y),
                        (0, 6),
                        textcoords="offset points",
                        fontsize=8,
                        ha="center",
                        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
                    )
                ax.margins(x=0.12)
                whole = float(whiskers.value.sum())
                what = "Income per village" if of == "income" else "Villages from 500,000 yuan on"
                ax.set_title(f"{what}, {whole:+,.1f} to {month}")
            caption = (
                f"{answer.known.title}. Strategy {asked.strategy!r} against nothing but the merger and no merger,"
                f" {asked.replications} paired replications, seed {asked.seed}. Arithmetic: the same money over fewer villages."
                f" The parts of each panel add up. {NOT_A_FORECAST}"
            )
            title_and_caption(figure, answer.headline, caption)
        return figure


QUICK = Version(SMALL, Rise(), "half a minute")
FULL = Version(ZHANGQIU, Rise(replications=60), "half a minute")
TINY = Rise(replications=2)

if __name__ == "__main__":
    main(__file__, QUICK, FULL)

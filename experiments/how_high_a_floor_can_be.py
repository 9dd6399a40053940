"""At which floor does the operator's five-year default pass 10%, by price spread and equity?

DESIGN: the settlement of a land trust alone, without the rest of the model: five seasons, keyed paths of prices and weather,
constant land. Nine curves: three spreads of prices, three amounts of the operator's own money; the floor at which each
rises through 10% lies on a straight line between two floors tried, its interval from drawing whole paths again.
Quick: 500 paths. Full: 4,000. No place is needed: the answer is the same everywhere in which the model's parameters hold.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from common import PLACE
from core_figures import COLLECTIVE_FLOOR, EQUITIES, FLOORS, SPREADS, floor_table, paths_of
from matplotlib.figure import Figure

from villagesim.arrays import Floats
from villagesim.plots.captions import title_and_caption
from villagesim.plots.floor_and_default import draw_floor_and_default, floor_at
from villagesim.questions.answer import Answer
from villagesim.questions.question import Question, Runs
from villagesim.statistics.intervals import resamples
from villagesim.wording import estimate, percent


@dataclass(frozen=True, kw_only=True)
class BearableFloor(Question):
    """The floor that operators can bear."""

    name: ClassVar[str] = "floors"
    bearable: float = 0.10
    paths: int = 500
    resamples: int = 200

    def answer(self, runs: Runs) -> Answer:
        shares = paths_of(range(self.paths), runs.seed)
        table = pd.DataFrame(
            [
                {"price_sd": spread, "equity": equity} | self.floor(shares[:, j, k], runs.seed)
                for j, spread in enumerate(SPREADS)
                for k, equity in enumerate(EQUITIES)
            ]
        )
        where = table.set_index(["price_sd", "equity"])
        middle, worst, best = (SPREADS[1], EQUITIES[1]), (SPREADS[-1], EQUITIES[0]), (SPREADS[0], EQUITIES[-1])
        floors = [self.words(where.loc[place]) for place in (middle, worst, best)]
        title = (
            f"{percent(self.bearable)} of operators default within five years at a floor of {floors[0]} yuan per mu (prices vary"
            f" by {percent(middle[0])}, own money {middle[1]:,.0f} yuan per mu); from {floors[1]} (by {percent(worst[0])},"
            f" {worst[1]:,.0f}) to {floors[2]} (by {percent(best[0])}, {best[1]:,.0f})."
        )
        return self.said(title, {self.name: table, "curves": floor_table(shares)})

    def floor(self, shares: Floats, seed: int) -> dict[str, float]:
        """Floor at which the share passes what is bearable, with its interval; NaN where it lies beyond those tried."""
        means = [shares.mean(axis=0), *(resamples(seed, len(shares), self.resamples) @ shares / len(shares))]
        value, *found = (np.nan if (x := floor_at(FLOORS, mean, self.bearable)) is None else x for mean in means)
        if np.isnan(value) or np.isnan(found).all():
            return dict.fromkeys(("value", "low", "high"), np.nan)
        low, high = np.nanquantile(found, (0.025, 0.975))
        return {"value": value, "low": float(low), "high": float(high)}

    def words(self, one: Any) -> str:
        if np.isnan(one["value"]):
            return f"none of those tried ({min(FLOORS):,.0f} to {max(FLOORS):,.0f})"
        return estimate(one)

    @staticmethod
    def draw(answer: Answer, name: str) -> Figure:
        figure = draw_floor_and_default(answer.tables["curves"], answer.asked.bearable)
        caption = (
            f"Promised to households, on top of {COLLECTIVE_FLOOR:.0f} yuan to the collective; constant land, five settlements,"
            f" {answer.asked.paths:,} paths of prices and weather, seed {answer.asked.seed}; bars and brackets: simulation error,"
            " 95%. Prices vary: standard deviation of the log price, common to all operators of a county, so defaults come in"
            " clusters: the share is a chance, not what one county will see."
        )
        title_and_caption(figure, answer.headline, caption)
        return figure


SCENARIO, QUESTION = PLACE, BearableFloor()
FULL = {"paths": 4000}
TINY = {"paths": 10, "resamples": 5}

"""At which floor does the operator's five-year default pass 10%, by price spread and equity?

DESIGN: the settlement of a land trust alone, without the rest of the model: five seasons, keyed paths of prices and weather,
constant land. Nine curves: three spreads of prices, three amounts of the operator's own money; the floor at which each
rises through 10% lies on a straight line between two floors tried, its interval from drawing whole paths again.
Quick: 500 paths. Full: 4,000. No place is needed: the answer is the same everywhere in which the model's parameters hold.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from core_figures import COLLECTIVE_FLOOR, EQUITIES, FLOORS, SPREADS, floor_table, paths_of

from villagesim.plots import draw_floor_and_default
from villagesim.plots.floor_and_default import floor_at
from villagesim.questions import Question
from villagesim.questions.labels import carried, label_of
from villagesim.statistics.intervals import resamples
from villagesim.wording import estimate, percent

BEARABLE = 0.10
SIZES = ("wheat_price", "maize_price", "price_sd", "operator_equity", "farming_cost")
"""Parameters that set how soon an operator fails."""


@dataclass(frozen=True, kw_only=True)
class BearableFloor(Question):
    """The floor that operators can bear."""

    name = "floors"
    paths: int
    resamples: int = 200

    def answer(self, runs):
        shares = paths_of(range(self.paths), runs.seed)
        rows = [
            {"price_sd": spread, "equity": equity} | self.floor(shares[:, j, k], runs.seed)
            for j, spread in enumerate(SPREADS)
            for k, equity in enumerate(EQUITIES)
        ]
        table = pd.DataFrame(rows)
        middle, worst, best = (self.words(table.iloc[k]) for k in (4, 6, 2))
        said = f"{percent(BEARABLE)} of operators default within five years at a floor of {middle}; from {worst} to {best}."
        return self.said(
            said,
            {self.name: table, "curves": floor_table(shares)},
            grounds={"Default": label_of(SIZES, carried(runs.scenario.parameters))},
        )

    def floor(self, shares, seed):
        """Floor at which the share passes what is bearable, with its interval; NaN where it lies beyond those tried."""
        means = [shares.mean(axis=0), *(resamples(seed, len(shares), self.resamples) @ shares / len(shares))]
        value, *found = (np.nan if (x := floor_at(FLOORS, mean, BEARABLE)) is None else x for mean in means)
        if np.isnan(value) or np.isnan(found).all():
            return dict.fromkeys(("value", "low", "high"), np.nan)
        low, high = np.nanquantile(found, (0.025, 0.975))
        return {"value": value, "low": low, "high": high}

    def words(self, row):
        floor = f"none of those tried ({min(FLOORS):,.0f} to {max(FLOORS):,.0f})"
        if not np.isnan(row["value"]):
            floor = f"{estimate(row)} yuan per mu"
        return f"{floor} (prices vary by {percent(row['price_sd'])}, own money {row['equity']:,.0f} yuan per mu)"

    @staticmethod
    def draw(answer, name):
        caption = (
            f"Promised to households, on top of {COLLECTIVE_FLOOR:.0f} yuan to the collective; constant land, five settlements,"
            f" {answer.asked.paths:,} paths of prices and weather, seed {answer.asked.seed}; bars and brackets: simulation error,"
            " 95%. Prices vary: standard deviation of the log price, common to all operators of a county, so defaults come in"
            " clusters: the share is a chance, not what one county will see."
        )
        return draw_floor_and_default(answer.tables["curves"], BEARABLE, **answer.worded(caption))


SCENARIO = "places/three_townships.toml"
QUESTION = BearableFloor(paths=500)
FULL = {"paths": 4000}

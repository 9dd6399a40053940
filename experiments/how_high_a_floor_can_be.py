"""At which floor does the operator's five-year default pass 10%, by price spread and equity?

DESIGN: the settlement of a land trust alone, without the rest of the model: five seasons, keyed paths of prices and weather,
constant land. Nine curves: three spreads of prices, three amounts of the operator's own money; the floor at which each
rises through 10% lies on a straight line between two floors tried, its interval from drawing whole paths again.
Quick: 500 paths. Full: 4,000. No place is needed: the answer is the same everywhere in which the model's parameters hold.
OUTPUT: out/how_high_a_floor_can_be (tables, figure, manifest).
"""

from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from asking import SMALL, Version, each, main, said
from core_figures import COLLECTIVE_FLOOR, EQUITIES, FLOORS, SPREADS, floor_table, paths_of
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from villagesim.arrays import Floats
from villagesim.plots.captions import title_and_caption
from villagesim.plots.floor_and_default import draw_floor_and_default, floor_at
from villagesim.plots.style import settings
from villagesim.questions.answer import Answer
from villagesim.questions.question import Question, Runs
from villagesim.statistics.intervals import resamples

CHUNKS = 20


@dataclass(frozen=True, kw_only=True)
class BearableFloor(Question):
    """The floor that operators can bear."""

    name: ClassVar[str] = "floors"
    bearable: float = 0.10
    paths: int = 500
    resamples: int = 200

    def answer(self, runs: Runs) -> Answer:
        shares = self.shares(runs)
        rows = []
        for j, spread in enumerate(SPREADS):
            for k, equity in enumerate(EQUITIES):
                rows.append({"price_sd": spread, "equity": equity} | self.floor(shares[:, j, k], runs.seed))
        table = pd.DataFrame(rows)
        where = table.set_index(["price_sd", "equity"])
        middle = (SPREADS[len(SPREADS) // 2], EQUITIES[len(EQUITIES) // 2])
        worst, best = (max(SPREADS), min(EQUITIES)), (min(SPREADS), max(EQUITIES))
        title = (
            f"{self.bearable:.0%} of operators default within five years at a floor of {self.words(where.loc[middle])} yuan per"
            f" mu (prices vary by {middle[0]:.0%}, own money {middle[1]:,.0f} yuan per mu); from"
            f" {self.words(where.loc[worst])} (by {worst[0]:.0%}, {worst[1]:,.0f}) to {self.words(where.loc[best])}"
            f" (by {best[0]:.0%}, {best[1]:,.0f})."
        )
        curves = floor_table(shares)
        return self.said(title, {self.name: table, "curves": curves})

    def shares(self, runs: Runs) -> Floats:
        """Share of operators that default, ``(n_paths, n_spreads, n_equities, n_floors)``."""
        chunks = [chunk.tolist() for chunk in np.array_split(np.arange(self.paths), min(self.paths, CHUNKS))]
        return np.concatenate(each(partial(paths_of, seed=runs.seed), chunks, runs))

    def floor(self, shares: Floats, seed: int) -> dict[str, float]:
        """Floor at which the share passes what is bearable, with its interval; NaN where it lies beyond those tried."""
        at = lambda means: floor_at(FLOORS, means, self.bearable)  # noqa: E731
        value = at(shares.mean(axis=0))
        weights = resamples(seed, len(shares), self.resamples)
        found = [np.nan if (x := at(w @ shares / len(shares))) is None else x for w in weights]
        if value is None or not np.isfinite(found).any():
            return {"value": np.nan, "low": np.nan, "high": np.nan}
        low, high = np.nanquantile(found, (0.025, 0.975))
        return {"value": value, "low": float(low), "high": float(high)}

    def words(self, one: Any) -> str:
        if np.isnan(one["value"]):
            return f"none of those tried ({min(FLOORS):,.0f} to {max(FLOORS):,.0f})"
        return said(one, "{:,.0f}")

    @staticmethod
    def draw(answer: Answer, name: str) -> Figure:
        asked = answer.asked
        curves = answer.tables["curves"]
        with plt.rc_context(settings()):
            figure, axes = plt.subplots(1, len(SPREADS), figsize=(11.5, 4.8), layout="constrained", sharey=True)
            draw_floor_and_default(curves, asked.bearable, list(axes))
            caption = (
                f"Promised to households, on top of {COLLECTIVE_FLOOR:.0f} yuan to the collective; constant land, five"
                f" settlements, {asked.paths:,} paths of prices and weather, seed {asked.seed}; bars and brackets: simulation error,"
                " 95%. Prices vary: standard deviation of the log price, common to all operators of a county, so defaults come"
                " in clusters: the share is a chance, not what one county will see."
            )
            title_and_caption(figure, answer.headline, caption)
        return figure


QUICK = Version(SMALL, BearableFloor(), "some seconds")
FULL = Version(SMALL, BearableFloor(paths=4000), "ten seconds")
TINY = BearableFloor(paths=10, resamples=5)

if __name__ == "__main__":
    main(__file__, QUICK, FULL)

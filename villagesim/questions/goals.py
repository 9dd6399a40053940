"""Progress of strategies towards the goals that a scenario names."""

from typing import TYPE_CHECKING

import numpy as np

from villagesim.questions.strategies_answer import StrategiesAnswer
from villagesim.statistics.intervals import prediction_band

if TYPE_CHECKING:
    import pandas as pd


def progress(answer: StrategiesAnswer) -> "pd.DataFrame":
    """How far each strategy comes: a row a goal and strategy.

    Columns: ``goal``, ``source``, ``strategy``, ``start`` (mean on the first day), ``mean`` at the goal's month,
    ``band_low, band_high`` (one county's chance, 5 to 95%), ``share_reached`` (runs that reach it).
    """
    import pandas as pd

    rows = []
    for goal in answer.known.goals:
        runs = answer.each_run(goal.outcome)
        values, start = runs[..., answer.rank(goal.at)], runs[..., 0].mean(axis=1)
        for strategy, first, own in zip(answer.strategies, start, values, strict=True):
            low, high = prediction_band(own)
            rows.append({
                "goal": str(goal), "source": goal.source, "strategy": strategy, "start": float(first),
                "mean": float(own.mean()), "band_low": float(low), "band_high": float(high),
                "share_reached": float(goal.met_by(own).mean()) if np.isfinite(own).all() else np.nan,
            })  # fmt: skip
    columns = ["goal", "source", "strategy", "start", "mean", "band_low", "band_high", "share_reached"]
    return pd.DataFrame(rows, columns=columns)

"""Which assumptions decide an answer, as far as it was asked over them."""

from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.languages import _, named
from villagesim.plots.indices import CHANCE
from villagesim.questions.answer import Answer
from villagesim.questions.strategies_answer import StrategiesAnswer
from villagesim.scenario import NO_MERGER
from villagesim.text import plain
from villagesim.wording import factor_in_words

if TYPE_CHECKING:
    import pandas as pd

MOST = 3
"""Assumptions that are named."""
OUTCOME = "collective_income"


def deciding(answer: Answer) -> list[dict[str, str]]:
    """The assumptions that go furthest with an answer, three at most, of those that chance alone would not single out.

    Of an answer over draws: rank correlation of what was drawn with the difference in collective income, strategy by
    strategy, beyond what the largest of as many correlations of nothing would be in one of twenty cases. Of indices of
    sensitivity: the largest shares of the variance, where their intervals leave out nothing.
    """
    if answer.kind.name == "uncertainty" and isinstance(answer, StrategiesAnswer):
        return _of_draws(answer)
    if answer.kind.name == "sensitivity" and {"factor", "total_order"} <= {*answer.tables["sensitivity"].columns}:
        return _of_indices(answer.tables["sensitivity"])
    return []


def _of_draws(answer: StrategiesAnswer) -> list[dict[str, str]]:
    points = answer.stages[""].points
    if points is None:
        return []
    found: list[tuple[float, str, str]] = []
    base = answer.at(OUTCOME)[answer.strategies.index(answer.baseline)]
    table = (
        points.set_index("point")
        .loc[list(answer._table.points or ())]
        .select_dtypes("number")
        .drop(columns="draw", errors="ignore")
    )
    for strategy, own in zip(answer.strategies, answer.at(OUTCOME), strict=True):
        if strategy in (answer.baseline, NO_MERGER, *answer.idle):
            continue
        for name, r in _correlations(table, own - base).items():
            found.append((r, str(name), strategy))
    found.sort(key=lambda each: -abs(each[0]))
    how = _("rank correlation {r:+.2f} with what {strategy} adds to collective income")
    return [
        {"what": plain(factor_in_words(name)),
         "how": plain(how.format(r=r, strategy=named(strategy)))}
        for r, name, strategy in found[:MOST]
    ]  # fmt: skip


def _correlations(table: "pd.DataFrame", change: Any) -> "pd.Series[float]":
    """Rank correlations that chance alone would not single out, by column."""
    from scipy.special import stdtrit

    varied = table.loc[:, table.nunique() > 1].rank()
    n, k = varied.shape
    if n < 5 or not k or np.ptp(change) == 0:
        return varied.iloc[0:0].sum()
    r = varied.corrwith(type(varied.iloc[:, 0])(change, index=varied.index).rank())
    t = stdtrit(n - 2, 1 - 0.05 / (2 * k))
    return r[r.abs() > t / np.sqrt(n - 2 + t**2)]


def _of_indices(table: "pd.DataFrame") -> list[dict[str, str]]:
    known = table[table.get("total_low", table["total_order"]) > 0].sort_values("total_order", ascending=False)
    known = known[~known["factor"].isin([CHANCE])].head(MOST)
    return [
        {"what": plain(factor_in_words(str(row["factor"]))),
         "how": _("has a share in {share:.0%} of the variance", share=row["total_order"])}
        for row in known.to_dict("records")
    ]  # fmt: skip

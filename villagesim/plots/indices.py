"""Sensitivity: both indices of every factor, chance among them; a panel an outcome."""

from collections.abc import Mapping
from math import ceil
from typing import TYPE_CHECKING

from villagesim.plots.captions import heading, title_and_caption
from villagesim.plots.style import MM, abreast, drawn, inches
from villagesim.plots.whiskers import draw_whiskers, series_of
from villagesim.statistics.indices import NOTHING, TOO_WIDE, as_shares
from villagesim.wording import estimate

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "Which factors make an outcome vary, and how much of that is one county's chance"
CHANCE = "replication"
"""The factor that is one county's chance."""
CAPTION = (
    "Sobol' indices over the ranges of the factors; the replication is a factor of its own, so its total-order index is the"
    " share of one county's chance. An interval that holds zero: not distinguishable from zero; estimates may pass 1."
)


TOTAL = ("total_order", "total_low", "total_high")
"""Columns of a total-order index and its interval."""


def draw_indices(main: "pd.DataFrame", titles: Mapping[str, str], words: Mapping[str, str], what: str) -> "Figure":
    """Draw the indices of every factor, the largest on top.

    Parameters
    ----------
    main : DataFrame
        ``outcome`` and the columns of `sobol_indices`.
    titles : dict of str to str
        Of the outcomes to draw, a panel each.
    words : dict of str to str
        Factors as they are written.
    what : str
        Strategy and month.
    """
    from matplotlib import pyplot as plt

    n_rows, columns = main["factor"].nunique(), abreast(len(titles), 85.0)
    rows = ceil(len(titles) / columns)
    with drawn():
        figure, grid = plt.subplots(
            rows, columns, figsize=(inches(), (26 + 8 * n_rows) * rows / MM), layout="constrained", squeeze=False
        )
        for ax, (name, title) in zip(grid.flat, titles.items(), strict=False):
            draw_both_orders(ax, main[main["outcome"] == name], words)
            ax.set_title(heading(title, inches() / columns - 0.2))
        for ax in grid.flat[len(titles) :]:
            ax.set_axis_off()
        said = " ".join(f"{title}: {_said(main[main['outcome'] == name], words)}." for name, title in titles.items())
        title_and_caption(figure, TITLE, f"{said} Strategy {what}. {CAPTION}")
    return figure


def draw_both_orders(ax: "Axes", table: "pd.DataFrame", words: Mapping[str, str]) -> None:
    """Draw first-order and total-order indices of one outcome, the largest on top."""
    table = table.sort_values("total_order", ascending=False, kind="stable")
    rows = [f"chance ({CHANCE})" if factor == CHANCE else words[factor] for factor in table["factor"]]
    series = [
        series_of(table, "first_order", "first_low", "first_high", label="by itself (first order)"),
        series_of(table, *TOTAL, label="with all others (total order)"),
    ]
    draw_whiskers(ax, rows, series, "share of the variance [1], with 95% intervals")


def _said(table: "pd.DataFrame", words: Mapping[str, str]) -> str:
    shares = as_shares(table).set_index("factor")
    chance, others = shares.loc[CHANCE], shares.drop(CHANCE)
    top = str(others["total_order"].idxmax())
    largest = others.loc[top]
    most = (
        f"most by {words[top]}, {estimate(largest, *TOTAL)}{f', {TOO_WIDE}' if largest['verdict'] == TOO_WIDE else ''}"
        if largest["total_low"] > 0
        else f"of no factor can it be said that it matters ({NOTHING})"
    )
    return f"{most}; chance {estimate(chance, *TOTAL)}"

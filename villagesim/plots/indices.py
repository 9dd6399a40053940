"""Sensitivity: both indices of every factor, chance among them; a panel an outcome."""

from collections.abc import Mapping
from math import ceil
from typing import TYPE_CHECKING

from villagesim.languages import _, named
from villagesim.plots.captions import heading, legend_below, title_and_caption
from villagesim.plots.style import MM, abreast, drawn, inches
from villagesim.plots.whiskers import draw_whiskers, series_of
from villagesim.statistics.indices import NOTHING, TOO_WIDE, as_shares
from villagesim.wording import factor_in_words, one_after_another, percentage

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CHANCE = "replication"
"""The factor that is one county's chance."""
FIRST, TOTAL = ("first_order", "first_low", "first_high"), ("total_order", "total_low", "total_high")
"""Columns of both indices and their intervals."""


def draw_indices(main: "pd.DataFrame", titles: Mapping[str, str], what: str) -> "Figure":
    """Draw the indices of every factor, the largest on top.

    Parameters
    ----------
    main : DataFrame
        ``outcome`` and the columns of `sobol_indices`.
    titles : dict of str to str
        Of the outcomes to draw, a panel each.
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
            draw_both_orders(ax, main[main["outcome"] == name])
            ax.set_title(heading(named(title), inches() / columns - 0.2))
        for ax in grid.flat[len(titles) :]:
            ax.set_axis_off()
        legend_below(figure, *grid.flat[0].get_legend_handles_labels())
        said = [_said(main[main["outcome"] == name], named(title)) for name, title in titles.items()]
        caption = _(
            "Strategy {what}. Sobol' indices over the ranges of the factors, cut at 0 and 100%; the replication is a factor of"
            " its own, so its total-order index is the share of one county's chance, alone and with the others. An interval that"
            " holds zero: not distinguishable from zero.", what=what,
        )  # fmt: skip
        title = _("Which factors make an outcome vary, and how much of that is one county's chance")
        title_and_caption(figure, title, one_after_another([*said, caption]))
    return figure


def draw_both_orders(ax: "Axes", table: "pd.DataFrame") -> None:
    """Draw first-order and total-order indices of one outcome, the largest on top."""
    table = as_shares(table.sort_values("total_order", ascending=False, kind="stable"))
    table = table.assign(**100 * table[[*FIRST, *TOTAL]])
    series = [
        series_of(table, *FIRST, label=_("by itself (first order)")),
        series_of(table, *TOTAL, label=_("with all others (total order)")),
    ]
    rows = [factor_in_words(factor) for factor in table["factor"]]
    draw_whiskers(ax, rows, series, _("share of the variance [%], with 95% intervals"), legend=False)
    ax.set_xlim(-3, 103)


def _said(table: "pd.DataFrame", title: str) -> str:
    shares = as_shares(table).set_index("factor")
    chance, others = shares.loc[CHANCE], shares.drop(CHANCE)
    top = str(others["total_order"].idxmax())
    largest, of = others.loc[top], {"title": title, "chance": percentage(chance, *TOTAL)}
    if largest["total_low"] <= 0:
        of["nothing"] = named(NOTHING)
        return _("{title}: of no factor can it be said that it matters ({nothing}); chance {chance}.", **of)
    share = percentage(largest, *TOTAL)
    if largest["verdict"] == TOO_WIDE:
        share = _("{share}, {verdict}", share=share, verdict=named(TOO_WIDE))
    return _("{title}: most by {factor}, {share}; chance {chance}.", factor=factor_in_words(top), share=share, **of)

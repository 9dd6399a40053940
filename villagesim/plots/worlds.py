"""Two comparisons of one county over time: the second less the first, a row a strategy, beside levels and cost of both."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.languages import _, marked
from villagesim.plots.captions import title_and_caption
from villagesim.plots.differences import (
    FOOT,
    GREY,
    Beside,
    Page,
    bands_said,
    draw_difference,
    draw_levels,
    farthest,
    finish,
    has_cost,
    height,
    legend,
    name_row,
)
from villagesim.plots.months import draw_marks
from villagesim.plots.step import is_narrow
from villagesim.plots.style import MM, drawn, inches
from villagesim.wording import LEAST_FOR_TAILS, scale, sums

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

TITLE = marked("What the second comparison changes against the first, strategy by strategy")
HEAD, NARROW_HEAD = 17.0, 30.0
"""Heights of the legend [mm]."""


def draw_worlds(table: "pd.DataFrame", decrees: Sequence[str], caption: str, runs: int) -> "Figure":
    """Draw a row a strategy: the second less the first with its bands, and income, integration and cost of both.

    Parameters
    ----------
    table : DataFrame
        From :attr:`villagesim.questions.beside.TwoWorlds.over_time`.
    decrees : sequence of str
        Months of the decrees of either.
    runs : int
        Replications; of fewer than 20 the lowest and highest are drawn as lines.
    """
    from matplotlib import pyplot as plt

    groups = list(table.groupby("strategy", sort=False))
    marks = {day: day for day in decrees}
    with drawn():
        added, *levels = every = _columns(table)
        head = NARROW_HEAD if is_narrow() else HEAD
        rows_mm = [height(len(groups))] * len(groups)
        figure = plt.figure(figsize=(inches(), 1.0))
        page = Page(figure, every, head, farthest(table) / added.per)
        figure.set_figheight((head + page.headings + sum(rows_mm) + FOOT) / MM)
        title_and_caption(figure, TITLE, caption)
        axes = page.rows(rows_mm)
        for own, (strategy, rows) in zip(axes, groups, strict=True):
            draw_difference(own[0], rows, added.per, few=runs < LEAST_FOR_TAILS)
            for ax, column in zip(own[1:], levels, strict=True):
                of_first = rows.assign(**{column.solid: rows[column.solid.replace("second", "first")]})
                draw_levels(ax, rows, of_first, column)
            for ax in own:
                draw_marks(ax, marks)
            name_row(own[0], rows, str(strategy), sums(rows["difference"].iloc[-1] for _name, rows in groups))
        finish(axes, page, every, table)
        legend(page.legend(), bands_said(table, runs), _of_levels(), one_column=is_narrow())
    return figure


def _columns(table: "pd.DataFrame") -> list[Beside]:
    """The difference, and what has room beside it; sums in the unit that the largest one asks for."""
    added, level = (
        scale(table["unit"].iloc[0], float(np.nanmax(table[names].abs(), initial=0.0)))
        for names in (["difference", "margin"], ["first", "second"])
    )
    by_resident = table["outcome"].iloc[0] == "income_per_resident"
    income = "Collective income per resident" if by_resident else "Collective income"
    integration = Beside(marked("Integration"), "second_integration", "", marked("share of milestones"))
    found = [
        Beside(marked("Second less first"), "difference", "", *added[::-1]),
        Beside(income, "second", "", *level[::-1]),
        *[integration] * bool(table["second_integration"].notna().any()),
        Beside(
            marked("Cost so far"), "second_cost", "", *sums(table[["first_cost", "second_cost"]].to_numpy().flat)[::-1]
        ),
    ]
    return found if has_cost() else found[:2]


def _of_levels() -> list[tuple[Any, str]]:
    """What the lines of levels are."""
    from matplotlib.lines import Line2D

    return [
        (Line2D([], [], color="black", lw=1.5), _("level in the second")),
        (Line2D([], [], color=GREY, lw=1.0, ls=(0, (1, 1))), _("level in the first")),
    ]

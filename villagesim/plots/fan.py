"""How collective income is spread over villages in time: a fan a strategy, with one county's chance at its end."""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.languages import _, marked
from villagesim.plots.captions import heading, legend_below, title_and_caption, wrapped
from villagesim.plots.months import draw_ends, draw_marks, months_below, years
from villagesim.plots.style import MM, TEXT, abreast, drawn, inches, look, readable, strategy_name
from villagesim.plots.whiskers import tick_text
from villagesim.wording import real, scale

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = marked("How collective income is spread over villages, and how the spread moves")
BANDS = ((5, 95, 0.18), (25, 75, 0.32))
"""Places between which a band lies, and how dark it is."""
HIGH, LOW, FEW_ROWS = 50.0, 38.0, 2
"""Heights of the panels of up to so many rows, and of more [mm]."""
MEDIAN = 50
UNIT = "yuan per village and year"


def draw_fan(
    table: "pd.DataFrame", baseline: str, marks: Mapping[str, str], caption: str = "", chance: str = "",
    *, ends: Mapping[str, Sequence[str]] | None = None, strategies: Sequence[str] | None = None,
) -> "Figure":  # fmt: skip
    """Draw a panel a strategy on one scale: bands of villages, the median, and dotted the places of the baseline.

    Parameters
    ----------
    table : DataFrame
        From :func:`villagesim.questions.fan.fan`.
    marks : dict
        Month label (2021-07: its first day) by name.
    chance : str
        What the bars at the end of each fan are; empty where there are none.
    ends : dict, optional
        Months in which policies of a strategy end, by its name.
    strategies : sequence of str, optional
        Those that have a panel; by default all of the table.
    """
    import matplotlib.pyplot as plt

    strategies = list(dict.fromkeys(table["strategy"] if strategies is None else strategies))
    columns = abreast(len(strategies), 44.0)
    rows = ceil(len(strategies) / columns)
    high = HIGH if rows <= FEW_ROWS else LOW
    per, words = scale(UNIT, float(table["mean"].max()))
    with drawn():
        figure, axes = plt.subplots(
            rows, columns, figsize=(inches(), (high * rows + 2) / MM), layout="constrained",
            sharex=True, sharey=True, squeeze=False,
        )  # fmt: skip
        reference = table[table["strategy"] == baseline]
        for ax, strategy in zip(axes.flat, strategies, strict=False):
            own = table[table["strategy"] == strategy]
            _draw_one(ax, own, reference if strategy != baseline else reference.iloc[:0], per)
            draw_marks(ax, marks)
            draw_ends(ax, (ends or {}).get(strategy, ()))
            name = strategy_name(str(strategy), int(own["order"].iloc[0]))
            ax.set_title(heading(name, inches() / columns - 0.3))
        for k, ax in enumerate(axes.flat):
            ax.tick_params(labelbottom=k + columns >= len(strategies))
            ax.set_axis_off() if k >= len(strategies) else None
        axes[0, 0].set_ylim(bottom=0)  # once all are drawn, as it ends the common scale
        for ax in axes[:, 0]:
            ax.set_ylabel(wrapped(f"[{real(UNIT, words)}]", (high - 12) / MM, TEXT))
        legend_below(figure, *_legend(baseline, chance))
        title_and_caption(figure, TITLE, caption)
    return figure


def _draw_one(ax: "Axes", own: "pd.DataFrame", reference: "pd.DataFrame", per: float) -> None:
    """Draw the fan of one strategy."""
    colour = look(int(own["order"].iloc[0])).colour
    lines = {int(place): rows for place, rows in own.groupby("place")}
    x = years(list(lines[MEDIAN]["month"]))
    for low, high, alpha in BANDS:
        ax.fill_between(x, lines[low]["mean"] / per, lines[high]["mean"] / per, color=colour, alpha=alpha, lw=0)
    ax.plot(x, lines[MEDIAN]["mean"] / per, color=colour, lw=1.7, zorder=3)
    for place in (BANDS[0][0], MEDIAN, BANDS[0][1]):
        rows = reference[reference["place"] == place]
        ax.plot(x[: len(rows)], rows["mean"] / per, color="#333333", lw=0.9, ls=(0, (1, 1.3)), zorder=4)
    right = x[-1] + 0.05 * max(x[-1] - x[0], 1 / 12)
    for rows in lines.values():
        last: Any = rows.iloc[-1]
        if np.isfinite(last["band_low"]):
            ends: Any = [[(last["mean"] - last["band_low"]) / per], [(last["band_high"] - last["mean"]) / per]]
            ax.errorbar([right], [last["mean"] / per], ends, color=colour, fmt="_", ms=4, elinewidth=1.1, capsize=1.5)
    ax.set_xlim(x[0] - 1 / 24, right + (right - x[-1]) * 0.7)
    months_below(ax, 5)
    ax.yaxis.set_major_formatter(tick_text)
    ax.grid(axis="y", lw=0.3, alpha=0.5)


def _legend(baseline: str, chance: str) -> tuple[list[Any], list[str]]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    said: list[tuple[Any, str]] = [
        (Line2D([], [], color="black", lw=1.7), _("median village")),
        (Patch(color="black", alpha=0.45, lw=0), _("middle half of villages (25 to 75 in 100)")),
        (Patch(color="black", alpha=0.18, lw=0), _("nine in ten villages (5 to 95 in 100)")),
        (
            Line2D([], [], color="#333333", lw=0.9, ls=(0, (1, 1.3))),
            _("5, 50, 95 in 100 of {name}", name=readable(baseline, _("the baseline"))),
        ),
    ]
    if chance:
        said.append((Line2D([], [], color="black", marker="|", ms=7, lw=0), _("at the end: {chance}", chance=chance)))
    return [handle for handle, _words in said], [words for _handle, words in said]

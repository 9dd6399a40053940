"""Who gains and who loses by a strategy, village by village: all of them in their order, and both ends by name."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.arrays import Bools
from villagesim.languages import _, marked
from villagesim.plots.captions import legend_under, title_and_caption, wrapped
from villagesim.plots.style import COLOURS, MM, TEXT, abreast, drawn, inches, readable
from villagesim.plots.whiskers import BEYOND, draw_intervals, ends_seen, fit_marks, tick_text, width_of
from villagesim.wording import real

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = marked("Which villages gain and which lose, and both ends by name")
EACH = 6
"""Villages that are named at either end."""
LEAST_PANEL, LOW = 75.0, 70.0
"""Width of a panel at least, and height of the first one where it stands above the other [mm]."""
ENDS = ("difference", "difference_low", "difference_high")


def draw_villages(table: "pd.DataFrame", caption: str = "") -> "Figure":
    """Draw the differences of all villages by size on the left, and the largest losses and gains with their villages beside.

    Parameters
    ----------
    table : DataFrame
        ``code, name, township_name, unit`` and ``difference`` with its ends and ``differs``, a row a village.
    """
    import matplotlib.pyplot as plt

    table = table.dropna(subset="difference").sort_values("difference", kind="stable").reset_index(drop=True)
    n = min(EACH, len(table) // 2)
    ends = table.iloc[[*range(n), *range(len(table) - n, len(table))]]
    with drawn():
        columns, high = abreast(2, LEAST_PANEL), 36 + 7.5 * len(ends)
        apart: dict[str, Any] = {"width_ratios": (1, 1.25)} if columns == 2 else {"height_ratios": (LOW, high)}
        size = (inches(), (high + LOW * (columns == 1)) / MM)
        figure, (left, right) = plt.subplots(2 // columns, columns, figsize=size, layout="constrained", **apart)
        for ax in (left, right):
            ax.set_xlabel(real(table["unit"].iloc[0]))
        draw_order(left, table)
        draw_ends(right, ends)
        title_and_caption(figure, TITLE, caption)
    return figure


def draw_order(ax: "Axes", table: "pd.DataFrame") -> "Axes":
    """Draw the differences in their order: filled where an interval tells their sign, pale where it does not."""
    share = 100 * (np.arange(len(table)) + 0.5) / len(table)
    for told, colour, marker, word in _told(table):
        label = _("{label}: {n:,}", label=word, n=told.sum())
        ax.plot(table["difference"][told], share[told], marker, color=colour, ms=2.5, mew=0, label=label)
    ax.axvline(0, color="#333333", lw=0.6)
    ax.set_ylabel(_("villages with at most this difference [%]"))
    ax.set_title(_("All villages in their order"))
    legend_under(ax)
    return _differences_along(ax, 0.75)


def draw_ends(ax: "Axes", table: "pd.DataFrame") -> "Axes":
    """Draw villages by name, each with its interval; what goes on beyond the panel ends in an arrow."""
    value, (low, high) = table["difference"].to_numpy(float), ends_seen(table, *ENDS[1:])
    y, most = np.arange(float(len(table))), BEYOND * np.abs(value).max(initial=0.0)
    for told, colour, marker, _word in _told(table):
        draw_intervals(ax, y[told], low[told], high[told], most, colour)
        ax.plot(value[told], y[told], marker, color=colour, ms=5, mec="white", mew=0.6)
    ax.axvline(0, color="#333333", lw=0.8, zorder=0)
    ax.axhline(len(table) / 2 - 0.5, color="#333333", lw=0.6, ls=(0, (1, 1)))
    names = (_name(row) for row in table.to_dict("records"))
    ax.set_yticks(y, [wrapped(name, 0.5 * width_of(ax), TEXT) for name in names])
    ax.set_ylim(len(table) - 0.5, -0.5)
    ax.set_title(_("The lowest and the highest"))
    return _differences_along(ax, 0.45)


def _differences_along(ax: "Axes", part: float) -> "Axes":
    """Write differences below a panel, which has this part of its room for them."""
    ax.xaxis.set_major_formatter(tick_text)
    fit_marks(ax, 72 * part * width_of(ax))
    ax.grid(axis="x", lw=0.3, alpha=0.5)
    return ax


def _told(table: "pd.DataFrame") -> "Iterator[tuple[Bools, str, str, str]]":
    """Villages that lose, that gain, and of which it cannot be told: colour, marker and word of each."""
    low, high = (table[end].to_numpy(float) for end in ENDS[1:])
    yield high < 0, COLOURS[3], "v", _("loses")
    yield low > 0, COLOURS[2], "^", _("gains")
    yield ~((high < 0) | (low > 0)), "#999999", "o", _("cannot be told")


def _name(row: "dict[str, object]") -> str:
    """Village and township, or its code where no font can write them."""
    return readable(f"{row['name']}, {row['township_name']}", str(row["code"]))

"""Who gains and who loses by a strategy, village by village: all of them in their order, and both ends by name."""

from typing import TYPE_CHECKING

import numpy as np

from villagesim.languages import _, marked, named
from villagesim.plots.captions import title_and_caption
from villagesim.plots.style import COLOURS, MM, drawn, inches, readable
from villagesim.plots.whiskers import draw_whiskers, series_of
from villagesim.wording import number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = marked("Which villages gain and which lose, and both ends by name")
EACH = 6
"""Villages that are named at either end."""
ENDS = ("difference", "difference_low", "difference_high")


def draw_villages(table: "pd.DataFrame", caption: str = "") -> "Figure":
    """Draw the differences of all villages by size on the left, and the largest losses and gains with their villages beside.

    Parameters
    ----------
    table : DataFrame
        ``code, name, township_name, unit`` and ``difference`` with its ends, a row a village.
    """
    import matplotlib.pyplot as plt

    table = table.dropna(subset="difference").sort_values("difference", kind="stable").reset_index(drop=True)
    n = min(EACH, len(table) // 2)
    ends = table.iloc[[*range(n), *range(len(table) - n, len(table))]]
    with drawn():
        figure, (left, right) = plt.subplots(
            1, 2, figsize=(inches(), (24 + 7.5 * len(ends)) / MM), layout="constrained", width_ratios=(1, 1.25)
        )
        draw_order(left, table)
        unit = named(table["unit"].iloc[0])
        draw_whiskers(right, [_name(row) for row in ends.to_dict("records")], [series_of(ends, *ENDS)], unit, names=0.5)
        right.axhline(n - 0.5, color="#333333", lw=0.6, ls=(0, (1, 1)))
        right.set_title(
            _("Largest losses, largest gains") if (ends["difference"] < 0).any() else _("Smallest gains, largest gains")
        )
        left.set_xlabel(unit)
        title_and_caption(figure, TITLE, caption)
    return figure


def draw_order(ax: "Axes", table: "pd.DataFrame") -> "Axes":
    """Draw the differences in their order: filled where an interval tells their sign, pale where it does not."""
    value, low, high = (table[end].to_numpy(float) for end in ENDS)
    share = 100 * (np.arange(len(table)) + 0.5) / len(table)
    for told, colour, marker, word in (
        (high < 0, COLOURS[3], "v", _("loses")), (low > 0, COLOURS[2], "^", _("gains")),
        (~((high < 0) | (low > 0)), "#BBBBBB", "o", _("cannot be told")),
    ):  # fmt: skip
        label = _("{label}: {n:,}", label=word, n=told.sum())
        ax.plot(value[told], share[told], marker, color=colour, ms=2.5, mew=0, label=label)
    ax.axvline(0, color="#333333", lw=0.6)
    ax.set_ylabel(_("villages with at most this difference [%]"))
    ax.set_title(_("All villages in their order"))
    ax.xaxis.set_major_formatter(lambda value, _: number(value))
    ax.locator_params(axis="x", nbins=5)
    ax.grid(lw=0.3, alpha=0.5)
    ax.legend(loc="upper left")
    return ax


def _name(row: "dict[str, object]") -> str:
    """Village and township, or its code where no font can write them."""
    return readable(f"{row['name']}, {row['township_name']}", str(row["code"]))

"""How high a floor can be promised: the operator's chance to default within five years."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from villagesim.plots.captions import legend_under, title_and_caption
from villagesim.plots.style import COLOURS, DASHES, MM, drawn, inches

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "A higher floor moves the risk to the operator: default within five years"
LINES = ((3, "o"), (1, "s"), (2, "D"), (4, "^"))
"""Position of the colour, and the marker, of each line."""


def draw_floor_and_default(
    table: "pd.DataFrame",
    bearable: float = 0.10,
    axes: "Sequence[Axes] | None" = None,
    caption: str = "",
    title: str = TITLE,
) -> "Figure":
    """Draw the share of operators that default, a panel a spread of prices, a line an operator's own money.

    Parameters
    ----------
    table : DataFrame
        ``price_sd`` [log points], ``equity`` [yuan per mu], ``floor`` (to households) [yuan per mu and year], ``share`` of
        operators that defaulted, 0 to 1, and ``error``, half its 95% simulation error.
    bearable : float
        Where the horizontal line is drawn; the floor that meets it is written beside each line.
    axes : sequence of axes, one a spread, optional
        By default of a figure of its own.
    """
    import matplotlib.pyplot as plt

    spreads = sorted(set(table["price_sd"]))
    with drawn():
        own = axes is None
        if axes is None:
            size = (inches(), 105 / MM)
            axes = list(
                plt.subplots(1, len(spreads), figsize=size, layout="constrained", sharey=True, squeeze=False)[1].flat
            )
        for ax, spread in zip(axes, spreads, strict=True):
            _draw_panel(ax, table[table["price_sd"] == spread], bearable)
            ax.set_title(f"Prices vary by {100 * spread:.0f}%")
        axes[0].set_ylabel("operators in default within five years [%]")
        figure: Figure = axes[0].figure.figure  # type: ignore[assignment]
        if own:
            title_and_caption(figure, title, caption)
    return figure


def floor_at(floors: Sequence[float], shares: Sequence[float], bearable: float) -> float | None:
    """Floor at which the share first rises through ``bearable``, between two points in a straight line; None where not."""
    points = list(zip(floors, shares, strict=True))
    for (floor, share), (next_floor, next_share) in pairwise(points):
        if share <= bearable < next_share:
            return floor + (next_floor - floor) * (bearable - share) / (next_share - share)
    return None


def _draw_panel(ax: "Axes", table: "pd.DataFrame", bearable: float) -> None:
    for (position, marker), (equity, rows) in zip(LINES, table.groupby("equity"), strict=False):
        line, colour = rows.sort_values("floor"), COLOURS[position]
        floor = floor_at(list(line["floor"]), list(line["share"]), bearable)
        bars = [100 * line["error"].clip(upper=ends) for ends in (line["share"], 1 - line["share"])]
        reached = "" if floor is None else f": {100 * bearable:.0f}% at {floor:,.0f}"
        ax.errorbar(
            line["floor"], 100 * line["share"], bars, color=colour, ls=DASHES[position], lw=1.4,
            marker=marker, ms=3.5, capsize=2, elinewidth=0.8, label=f"{equity:,.0f}{reached}",
        )  # fmt: skip
        if floor is not None:
            ax.plot([floor, floor], [0, 100 * bearable], color=colour, lw=0.9, ls=":")
    ax.axhline(100 * bearable, color="#555555", lw=0.9)
    ax.text(
        0.99, 100 * bearable + 1, f"{100 * bearable:.0f}%", transform=ax.get_yaxis_transform(), ha="right",
        va="bottom", color="#333333",
    )  # fmt: skip
    ax.set_ylim(0, 100)
    ax.set_xlabel("floor to households\n[yuan per mu and year]")
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    legend_under(ax, title="operator's own money\n[yuan per mu]")
    ax.grid(axis="y", lw=0.4, alpha=0.5)

"""Who gains and who loses by each strategy: differences to the baseline by group of constituents."""

from typing import TYPE_CHECKING

import numpy as np

from villagesim.languages import _, marked, named
from villagesim.outcomes.of_groups import GROUPS, QUANTITIES
from villagesim.plots.captions import heading, legend_below, title_and_caption, wrapped
from villagesim.plots.style import MM, TEXT, drawn, inches, look, readable
from villagesim.plots.whiskers import BEYOND, draw_intervals, ends_seen, width_of
from villagesim.wording import number, real

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = marked("Who gains and who loses, against the baseline")
LABELS = {
    "small": marked("smallest third"), "middle_sized": marked("middle third"), "large": marked("largest third"),
    "poor": marked("poorest third"), "middling": marked("middle third"), "rich": marked("richest third"), "host": marked("hosts"),
    "joined": marked("joined parts"),
}  # fmt: skip
HEADINGS = {
    "size": marked("Thirds by members"), "wealth": marked("Thirds by income per member"), "role": marked("Role in the merger"),
}  # fmt: skip
"""Said above the groups of one kind."""
GAP = 0.9
"""Room between sizes, wealth and roles [rows]."""


def draw_distribution(table: "pd.DataFrame", caption: str = "") -> "Figure":
    """Draw a panel a quantity that is known of any group: a row a group, a point a strategy.

    The line through a point is the interval of its difference to the baseline.

    Parameters
    ----------
    table : DataFrame
        ``quantity, unit, group, strategy, order, difference, difference_low, difference_high, differs``.
    """
    import matplotlib.pyplot as plt

    with drawn():
        n_strategies = max(table["strategy"].nunique(), 1)
        shown = [name for name in QUANTITIES if known(table, name)] or list(QUANTITIES)[:1]
        size = (inches(), (38 + 11 * max(n_strategies, 3)) / MM)
        figure, grid = plt.subplots(1, len(shown), figsize=size, layout="constrained", sharey=True, squeeze=False)
        axes = grid[0]
        for ax, quantity in zip(axes, shown, strict=True):
            _draw_panel(ax, table[table["quantity"] == quantity], named(QUANTITIES[quantity]["title"]))
        heights = rows()
        axes[0].set_yticks(list(heights.values()), [named(LABELS[group]) for group in heights])
        for by, names in GROUPS.items():
            axes[0].text(
                0.01, heights[next(iter(names))] - 0.5, named(HEADINGS[by]), transform=axes[0].get_yaxis_transform(),
                fontweight="bold", va="bottom", color="#333333", bbox={"fc": "white", "ec": "none", "pad": 0.5},
            )  # fmt: skip
        axes[0].set_ylim(-GAP - 0.1, max(heights.values()) + 0.5)
        axes[0].invert_yaxis()
        legend_below(figure, *axes[0].get_legend_handles_labels())
        title_and_caption(figure, TITLE, caption)
    return figure


def known(table: "pd.DataFrame", quantity: str) -> bool:
    """Whether any difference of a quantity can be drawn."""
    return bool(np.isfinite(table.loc[table["quantity"] == quantity, "difference"].astype(float)).any())


def rows() -> dict[str, float]:
    """Height of every group, with a gap between sizes, wealth and roles."""
    heights, level = {}, 0.0
    for names in GROUPS.values():
        for group in names:
            heights[group] = level
            level += 1.0
        level += GAP
    return heights


def _draw_panel(ax: "Axes", table: "pd.DataFrame", title: str) -> None:
    heights, strategies = rows(), list(dict.fromkeys(table["strategy"]))
    shifts = np.linspace(-0.3, 0.3, len(strategies)) if len(strategies) > 1 else np.zeros(len(strategies))
    most = BEYOND * np.nanmax(np.abs(table["difference"].to_numpy(float)), initial=0.0)
    for strategy, shift in zip(strategies, shifts, strict=True):
        own = table[table["strategy"] == strategy]
        order = int(own["order"].iloc[0])
        colour, _dash, marker = look(order)
        y = np.array([heights[group] + shift for group in own["group"]])
        low, high = ends_seen(own, "difference_low", "difference_high")
        draw_intervals(ax, y, low, high, most, colour)
        label = readable(str(strategy), f"strategy {order + 1}")
        ax.plot(own["difference"], y, marker or "o", color=colour, ms=5, mec="white", mew=0.6, label=label)
    if not np.isfinite(table["difference"].to_numpy(float)).any():
        ax.text(0.5, 0.5, _("no merged villages"), transform=ax.transAxes, ha="center", color="#555555")
    ax.axvline(0, color="#333333", lw=0.8)
    ax.set_title(heading(title, 0.6 * width_of(ax)))
    if len(table):
        words = _("{unit}, less the baseline", unit=real(table["unit"].iloc[0]))
        ax.set_xlabel(wrapped(words, 0.65 * width_of(ax), TEXT))
    ax.locator_params(axis="x", nbins=5)
    ax.xaxis.set_major_formatter(lambda value, _: number(value))
    ax.grid(axis="x", lw=0.4, alpha=0.5)

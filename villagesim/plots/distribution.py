"""Who gains and who loses by each strategy: differences to the baseline by group of constituents."""

from collections.abc import Collection, Iterable, Mapping
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from villagesim.languages import _, marked, named
from villagesim.outcomes.of_groups import GROUPS, QUANTITIES
from villagesim.plots.captions import heading, legend_below, title_and_caption, wrapped
from villagesim.plots.style import MM, TEXT, abreast, drawn, inches, look, strategy_name, strong
from villagesim.plots.whiskers import BEYOND, draw_intervals, ends_seen, fit_marks, tick_text, width_of
from villagesim.wording import one_after_another, real

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
LEAST_ROW, EACH, SPREAD, LEAST_PANEL = 4.6, 1.8, 0.3, 56.0
"""Height of a row at least, and for each strategy [mm]; part of a row that points reach to on either side; width of a panel
with the names of its rows, at least [mm]."""


def draw_distribution(table: "pd.DataFrame", caption: str = "") -> "Figure":
    """Draw a panel a quantity that is known of any group: a row a group, a point a strategy.

    The line through a point is the interval of its difference to the baseline. Quantities and groups of which nothing is known
    are left out, and the caption says which.

    Parameters
    ----------
    table : DataFrame
        ``quantity, unit, group, strategy, order, difference, difference_low, difference_high, differs``.
    """
    import matplotlib.pyplot as plt

    with drawn():
        n_strategies = max(table["strategy"].nunique(), 1)
        shown = known(table, "quantity", QUANTITIES) or list(QUANTITIES)[:1]
        heights = rows(known(table, "group", LABELS) or LABELS)
        table = table[table["group"].isin(list(heights))]
        row = max(LEAST_ROW, EACH * n_strategies)
        columns = abreast(len(shown), LEAST_PANEL)
        size = (inches(), ceil(len(shown) / columns) * (34 + row * (max(heights.values()) + GAP + 0.6)) / MM)
        figure, grid = plt.subplots(
            ceil(len(shown) / columns), columns, figsize=size, layout="constrained", sharey=True, squeeze=False
        )
        axes = grid.ravel()
        for ax, quantity in zip(axes, shown, strict=False):
            _draw_panel(ax, table[table["quantity"] == quantity], named(QUANTITIES[quantity]["title"]), heights)
        for ax in axes[len(shown) :]:
            ax.set_axis_off()
        axes[0].set_yticks(list(heights.values()), [named(LABELS[group]) for group in heights])
        for ax in grid[:, 0]:
            _head_groups(ax, heights)
        axes[0].set_ylim(-GAP - 0.1, max(heights.values()) + 0.6)
        axes[0].invert_yaxis()
        legend_below(figure, *axes[0].get_legend_handles_labels())
        title_and_caption(figure, TITLE, one_after_another((caption, _left_out(shown, heights))))
    return figure


def _head_groups(ax: "Axes", heights: Mapping[str, float]) -> None:
    """Say above the groups of one kind what they are."""
    for by, names in GROUPS.items():
        if first := next((group for group in names if group in heights), ""):
            ax.text(
                0.01, heights[first] - 0.5, named(HEADINGS[by]), transform=ax.get_yaxis_transform(),
                fontweight=strong(), va="bottom", color="#333333", bbox={"fc": "white", "ec": "none", "pad": 0.5},
            )  # fmt: skip


def known(table: "pd.DataFrame", column: str, names: Iterable[str]) -> list[str]:
    """Names in a column of which any difference can be drawn."""
    drawn_ = set(table.loc[np.isfinite(table["difference"].astype(float)), column])
    return [name for name in names if name in drawn_]


def rows(shown: Collection[str]) -> dict[str, float]:
    """Height of every group that is shown, with a gap between sizes, wealth and roles."""
    heights: dict[str, float] = {}
    level = 0.0
    for names in GROUPS.values():
        own = [group for group in names if group in shown]
        heights |= {group: level + k for k, group in enumerate(own)}
        level += len(own) + GAP * (len(own) > 0)
    return heights


def _left_out(shown: Collection[str], heights: Collection[str]) -> str:
    """Quantities and groups of which there is nothing to be drawn, in a sentence; nothing where there are none."""
    groups = (
        _("{group} ({by})", group=named(LABELS[group]), by=named(HEADINGS[by]))
        for by, names in GROUPS.items()
        for group in names
        if group not in heights
    )
    lost = [*(named(QUANTITIES[name]["title"]) for name in QUANTITIES if name not in shown), *groups]
    return _("Not drawn, as there is no figure of them: {names}.", names=_("; ").join(lost)) if lost else ""


def _draw_panel(ax: "Axes", table: "pd.DataFrame", title: str, heights: Mapping[str, float]) -> None:
    strategies = list(dict.fromkeys(table["strategy"]))
    shifts = np.linspace(-SPREAD, SPREAD, len(strategies)) if len(strategies) > 1 else np.zeros(len(strategies))
    most = BEYOND * np.nanmax(np.abs(table["difference"].to_numpy(float)), initial=0.0)
    for strategy, shift in zip(strategies, shifts, strict=True):
        own = table[table["strategy"] == strategy]
        order = int(own["order"].iloc[0])
        colour, _dash, marker = look(order)
        y = np.array([heights[group] + shift for group in own["group"]])
        low, high = ends_seen(own, "difference_low", "difference_high")
        draw_intervals(ax, y, low, high, most, colour)
        label = strategy_name(str(strategy), order)
        ax.plot(own["difference"], y, marker or "o", color=colour, ms=5, mec="white", mew=0.6, label=label)
    if not np.isfinite(table["difference"].to_numpy(float)).any():
        ax.text(0.5, 0.5, _("no merged villages"), transform=ax.transAxes, ha="center", color="#555555")
    ax.axvline(0, color="#333333", lw=0.8)
    ax.set_title(heading(title, 0.6 * width_of(ax)))
    if len(table):
        words = _("{unit}, less the baseline", unit=real(table["unit"].iloc[0]))
        ax.set_xlabel(wrapped(words, 0.65 * width_of(ax), TEXT))
    fit_marks(ax, 72 * 0.6 * width_of(ax))
    ax.xaxis.set_major_formatter(tick_text)
    ax.grid(axis="x", lw=0.4, alpha=0.5)

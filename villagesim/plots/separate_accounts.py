"""Villages merged by decree whose accounts are still apart: survival curves by number of parts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from villagesim.plots.captions import legend_below, title_and_caption
from villagesim.plots.style import COLOURS, DASHES, MM, drawn, inches, strategy_name

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "Merged by decree, accounts still apart, by number of parts and time"


def draw_separate_accounts(table: "pd.DataFrame", axes: "Sequence[Axes] | None" = None, caption: str = "") -> "Figure":
    """Draw the share of merged villages with separate accounts, a panel a number of parts, a curve a strategy.

    Parameters
    ----------
    table : DataFrame
        ``strategy, parts, n_villages, years, middle, low, high``: shares of villages, 0 to 1, by years since the decree;
        ``parts`` is a label, as ``"5 or more"``.
    axes : sequence of axes, one a number of parts, optional
        By default of a figure of its own, with title and caption.
    """
    import matplotlib.pyplot as plt

    groups = list(dict.fromkeys(table["parts"]))
    with drawn():
        own = axes is None
        if axes is None:
            size = (inches(), 70 / MM)
            axes = list(
                plt.subplots(1, len(groups), figsize=size, layout="constrained", sharey=True, squeeze=False)[1].flat
            )
        for ax, parts in zip(axes, groups, strict=True):
            rows = table[table["parts"] == parts]
            _draw_panel(ax, rows)
            ax.set_title(f"{parts} parts\n({int(rows['n_villages'].iloc[0])} villages)")
        axes[0].set_ylabel("merged villages with separate accounts [%]")
        figure: Figure = axes[0].figure.figure  # type: ignore[assignment]
        if own:
            legend_below(figure, *axes[0].get_legend_handles_labels())
            title_and_caption(figure, TITLE, caption)
        else:
            axes[0].legend(loc="lower left")
    return figure


def _draw_panel(ax: "Axes", table: "pd.DataFrame") -> None:
    ends = []
    for position, (strategy, rows) in enumerate(table.groupby("strategy", sort=False), start=1):
        colour, x = COLOURS[position % len(COLOURS)], rows["years"].to_numpy(float)
        low, middle, high = (100 * rows[name].to_numpy(float) for name in ("low", "middle", "high"))
        ax.fill_between(x, low, high, step="post", color=colour, alpha=0.15, lw=0)
        name = strategy_name(str(strategy), position)
        ax.step(x, middle, where="post", color=colour, ls=DASHES[position % len(DASHES)], lw=1.7, label=name)
        there = np.flatnonzero(np.isfinite(middle))
        if len(there):
            ends.append((float(middle[there[-1]]), float(x[there[-1]]), colour))
    _label_ends(ax, ends)
    ax.set_ylim(0, 100)
    ax.set_xlim(0, None)
    ax.set_xlabel("years since the decree")
    ax.grid(axis="y", lw=0.4, alpha=0.5)


def _label_ends(ax: "Axes", ends: list[tuple[float, float, str]], gap: float = 5.0) -> None:
    """Write the last value of each curve to its right, pushed apart where they would overlap."""
    place = -gap
    for value, x, colour in sorted(ends):
        place = max(value, place + gap)
        ax.annotate(
            f"{value:.0f}%", (x, place), (3, 0), textcoords="offset points", color=colour, va="center",
            annotation_clip=False,
        )  # fmt: skip

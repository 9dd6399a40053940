"""Differences between strategies, with simulation error, luck alone and uncertainty as four bars."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from villagesim.languages import _, marked, named
from villagesim.outcomes import Outcome
from villagesim.plots.captions import heading, legend_below, title_and_caption, wrapped
from villagesim.plots.style import COLOURS, MM, TEXT, abreast, drawn, inches, strategy_name
from villagesim.plots.whiskers import tick_text, width_of
from villagesim.wording import real, scale

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BARS = (
    ("low", "high", marked("simulation error of the mean (95%)"), COLOURS[1], 2.0),
    ("chance_low", "chance_high", marked("luck alone (90%), all else being known"), COLOURS[7], 4.0),
    ("uncertain_low", "uncertain_high", marked("uncertainty (90% of the means)"), COLOURS[3], 4.0),
    ("total_low", "total_high", marked("both together (90%)"), COLOURS[0], 2.0),
)
"""Ends, name, colour and width of each bar, from top to bottom."""


def draw_uncertainty(
    tables: "Mapping[str, pd.DataFrame]",
    outcomes: Mapping[str, Outcome],
    margins: Mapping[str, float],
    title: str,
    caption: str,
) -> "Figure":
    """Draw a panel an outcome, a row a strategy, four bars a row around the mean difference.

    Parameters
    ----------
    tables : dict of DataFrame
        By outcome: ``strategy, mean`` and the ends of the bars.
    outcomes : dict of Outcome
    margins : dict of float
        Smallest difference that matters, drawn as a grey strip around zero.
    """
    import matplotlib.pyplot as plt

    n_rows, columns = max(len(table) for table in tables.values()), abreast(len(tables), 85.0)
    rows = -(-len(tables) // columns)
    with drawn():
        figure, axes = plt.subplots(
            rows, columns, figsize=(inches(), rows * (18 + 8.5 * n_rows) / MM), layout="constrained", squeeze=False, sharey=True,
        )  # fmt: skip
        for ax, (name, table) in zip(axes.ravel(), tables.items(), strict=False):
            _draw_outcome(ax, outcomes[name], table, margins[name])
        for ax in axes.ravel()[len(tables) :]:
            ax.set_axis_off()
        handles, labels = axes[0, 0].get_legend_handles_labels()
        legend_below(figure, handles, labels, least=85.0)
        title_and_caption(figure, title, caption)
    return figure


def _draw_outcome(ax: "Axes", found: Outcome, table: "pd.DataFrame", margin: float) -> None:
    y = np.arange(len(table))
    per, unit = scale(found.unit, float(table["mean"].abs().max()))
    if found.unit.startswith("share "):
        per, unit = 0.01, _("{unit}, points", unit=named(found.unit))
    ax.axvspan(-margin / per, margin / per, color="#E8E8E8", lw=0)
    ax.axvline(0, color="#333333", lw=0.8)
    for rank, (low, high, label, colour, width) in enumerate(BARS):
        ax.hlines(y + 0.2 * (rank - 1), table[low] / per, table[high] / per, color=colour, lw=width, label=named(label))
    ax.plot(table["mean"] / per, y - 0.2, "o", color=COLOURS[1], ms=4, label=_("mean"))
    names = (strategy_name(str(name), k) for k, name in enumerate(table["strategy"], start=2))
    ax.set_yticks(y, [wrapped(name, 1.25) for name in names])
    ax.set_ylim(len(table) - 0.5, -0.5)
    ax.locator_params(axis="x", nbins=5)
    ax.set_title(heading(named(found.title), 0.62 * width_of(ax)))
    ax.xaxis.set_major_formatter(tick_text)
    ax.set_xlabel(wrapped(_("difference [{unit}]", unit=real(found.unit, unit)), 0.65 * width_of(ax), TEXT))
    ax.grid(axis="x", lw=0.4, alpha=0.5)

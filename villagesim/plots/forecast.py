"""A forecast as it is published: villages by bracket of income, and incomes, as quantiles at some dates."""

from typing import TYPE_CHECKING

import numpy as np

from villagesim.languages import _, marked, named
from villagesim.plots.captions import heading, legend_below, title_and_caption
from villagesim.plots.style import COLOURS, MM, drawn, inches
from villagesim.plots.whiskers import tick_text
from villagesim.wording import real, scale

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

APART = 0.2
"""Of the readings, on an axis on which dates are 1 apart."""
LOOKS = {
    marked("real"): (COLOURS[2], "o"), marked("nominal"): (COLOURS[4], "D"), marked("reported"): (COLOURS[3], "s"),
}  # fmt: skip
"""Colour and marker of each reading."""


def draw_forecast(table: "pd.DataFrame", title: str, caption: str) -> "Figure":
    """Draw a panel a line: median, 50 and 90% of all runs at each date, by reading.

    Parameters
    ----------
    table : DataFrame
        ``outcome, reading, unit, at, q05, q25, q50, q75, q95``.
    """
    import matplotlib.pyplot as plt

    lines = list(table["outcome"].unique())
    rows = -(-len(lines) // 3)
    with drawn():
        figure, axes = plt.subplots(rows, 3, figsize=(inches(), 50 * rows / MM), layout="constrained", squeeze=False)
        for ax, line in zip(axes.flat, lines, strict=False):
            _draw(ax, table[table["outcome"] == line])
        for ax in axes.flat[len(lines) :]:
            ax.set_axis_off()
        handles, names = axes.flat[0].get_legend_handles_labels()
        legend_below(figure, handles, names)
        title_and_caption(figure, title, caption)
    return figure


def _draw(ax: "Axes", own: "pd.DataFrame") -> None:
    """Draw one line of the forecast."""
    shares = own["unit"].iloc[0].startswith("share of")
    per, unit = (0.01, _("% of villages")) if shares else scale(own["unit"].iloc[0], float(own["q95"].max()))
    readings = list(own["reading"].unique())
    unit = real(own["unit"].iloc[0], unit) if readings == ["real"] else unit  # of several the legend says which
    months = list(own["at"].unique())
    for k, reading in enumerate(readings):
        part = own[own["reading"] == reading]
        x = np.arange(len(part)) + APART * (k - (len(readings) - 1) / 2)
        colour, marker = LOOKS.get(reading, (COLOURS[1], "o"))
        ax.vlines(x, part["q05"] / per, part["q95"] / per, color=colour, lw=1.0)
        ax.vlines(x, part["q25"] / per, part["q75"] / per, color=colour, lw=2.4, alpha=0.5)
        ax.plot(x, part["q50"] / per, marker, color=colour, ms=4.5, mec="white", mew=0.5, label=named(reading))
    line = named(own["outcome"].iloc[0])
    ax.set_title(heading(f"{line[:1].upper()}{line[1:]}", inches() / 3 - 0.4))
    ax.set_ylabel(unit.replace(" per ", "\nper ", 1))
    ax.set_xticks(range(len(months)), [month[:4] if month.endswith("-12") else month for month in months])
    beside = max(0.6, 1.2 - 0.3 * len(months))  # so that the readings of a single date stand together
    ax.set_xlim(-beside, len(months) - 1 + beside)
    ax.set_ylim(bottom=0)
    ax.yaxis.set_major_formatter(tick_text)
    ax.grid(axis="y", lw=0.4, alpha=0.5)

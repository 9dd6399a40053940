"""Desks of townships and county: how busy their officers are, and how long cases wait."""

from typing import TYPE_CHECKING

import numpy as np

from villagesim.languages import _
from villagesim.plots.captions import heading, title_and_caption
from villagesim.plots.style import COLOURS, MM, drawn, inches, readable
from villagesim.plots.whiskers import width_of
from villagesim.wording import one_after_another

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HALF = 0.5
"""Below this utilisation a desk is idle: more officers cannot help."""
TITLE = "Which desks are busy, and how long a case waits for them"
HATCHED = "Dashed line: half of the time; desks below it are hatched."
IDLE = "#BBBBBB"


def draw_desks(table: "pd.DataFrame", axes: "Sequence[Axes] | None" = None, caption: str = "") -> "Figure":
    """Draw two panels a kind of desk that has officers anywhere: utilisation with the half line, mean wait; a bar a desk.

    Parameters
    ----------
    table : DataFrame
        ``desk`` (kind), ``place``, ``code``, ``officers``, ``utilisation`` (0 to 1) with ``utilisation_low`` and
        ``utilisation_high``, ``wait`` [days] with ``wait_low`` and ``wait_high``. NaN where a desk had no officers or
        heard nothing. Optional: ``utilisation_first``, that of the first twelve months, drawn as a diamond.
    axes : sequence of axes, two a kind, optional
        By default of a figure of its own.
    """
    there = table.groupby("desk", sort=False)["utilisation"].transform(lambda values: values.notna().any())
    kinds = list(dict.fromkeys(table["desk"][there])) or list(dict.fromkeys(table["desk"]))[:1]
    with drawn():
        own = axes is None
        if axes is None:
            axes = _layout([int((table["desk"] == kind).sum()) for kind in kinds])
        for number, kind in enumerate(kinds):
            rows = table[table["desk"] == kind]
            _draw_utilisation(axes[2 * number], rows, kind)
            _draw_wait(axes[2 * number + 1], rows)
        figure: Figure = axes[0].figure.figure  # type: ignore[assignment]
        if own:
            title_and_caption(figure, TITLE, one_after_another((HATCHED, caption)))
    return figure


def _layout(sizes: list[int]) -> "list[Axes]":
    """Kinds with many desks side by side, those with few in a strip below; two axes a kind."""
    import matplotlib.pyplot as plt

    tall = [i for i, size in enumerate(sizes) if size > 3 or max(sizes) <= 3]
    flat = [i for i in range(len(sizes)) if i not in tall]
    heights = [max(sizes), *(max(sizes[i], 1) + 1.2 for i in flat)]
    figure = plt.figure(figsize=(inches(), (4.6 * sum(heights) + 30) / MM), layout="constrained")
    rows = figure.subfigures(len(heights), 1, height_ratios=[height + 3 for height in heights], squeeze=False)[:, 0]
    axes: dict[int, list[Axes]] = {}
    for panel, number in zip(np.atleast_1d(rows[0].subfigures(1, len(tall))), tall, strict=True):
        axes[number] = list(panel.subplots(1, 2, sharey=True, width_ratios=(3, 2)))
    for panel, number in zip(rows[1:], flat, strict=True):
        axes[number] = list(panel.subplots(1, 2, sharey=True, width_ratios=(3, 2)))
    return [ax for number in range(len(sizes)) for ax in axes[number]]


def _draw_utilisation(ax: "Axes", rows: "pd.DataFrame", kind: str) -> None:
    value, y = 100 * rows["utilisation"].to_numpy(float), np.arange(len(rows))
    idle = value < 100 * HALF
    bars = ax.barh(y, np.nan_to_num(value), color=[IDLE if i else COLOURS[2] for i in idle], height=0.72)
    for bar, is_idle in zip(bars, idle, strict=True):
        bar.set_hatch("///" if is_idle else "")
        bar.set_edgecolor("white")
    high = _bands(ax, rows, "utilisation", y, 100.0)
    if "utilisation_first" in rows:
        high = np.maximum(high, 100 * np.nan_to_num(rows["utilisation_first"].to_numpy(float)) + 2)
    for at, number, end in zip(y.tolist(), value, high, strict=True):
        said = "no officers" if np.isnan(number) else f"{number:.0f}% busy"
        ax.text(end + 4, at, said, va="center", bbox={"fc": "white", "ec": "none", "pad": 0.8})
    if "utilisation_first" in rows:
        ax.plot(100 * rows["utilisation_first"], y, "D", ms=4, mfc="white", mec="black", mew=0.9, zorder=4)
    ax.axvline(100 * HALF, color="#333333", lw=0.9, ls=(0, (4, 2)), zorder=2)
    names = zip(rows["place"], rows["code"], rows["officers"], strict=True)
    ax.set_yticks(
        y, [_("{place} ({officers:g})", place=readable(str(place), str(code)), officers=n) for place, code, n in names]
    )
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xlim(0, 150)
    ax.set_xticks(range(0, 101, 25))
    ax.set_title(heading(f"{kind.capitalize()}: time at work", 0.7 * width_of(ax)))
    ax.set_xlabel("% of working time")


def _draw_wait(ax: "Axes", rows: "pd.DataFrame") -> None:
    value, y = rows["wait"].to_numpy(float), np.arange(len(rows))
    ax.barh(y, np.nan_to_num(value), color=COLOURS[6], height=0.72)
    high = _bands(ax, rows, "wait", y, 1.0)
    top = max(float(np.max(high, initial=0.0)), 1.0)
    for at, number, end in zip(y.tolist(), value, high, strict=True):
        ax.text(end + 0.03 * top, at, "-" if np.isnan(number) else f"{number:.1f}", va="center")
    ax.set_xlim(0, 1.25 * top)
    ax.tick_params(labelleft=False, left=False)
    ax.set_title(heading("... and mean wait", 0.8 * width_of(ax)))
    ax.set_xlabel("days in the queue")


def _bands(ax: "Axes", rows: "pd.DataFrame", name: str, y: "np.ndarray", per: float) -> "np.ndarray":  # type: ignore[type-arg]
    """Draw the bands where there are any; the right end of each bar or band, 0 where there is neither."""
    value, low, high = (per * rows[column].to_numpy(float) for column in (name, f"{name}_low", f"{name}_high"))
    there = np.isfinite(value) & np.isfinite(low) & np.isfinite(high)
    ax.hlines(y[there], low[there], high[there], color="#333333", lw=1.0)
    return np.where(there, np.maximum(value, high), np.nan_to_num(value))

"""Five integrations, real and reported: where form and fact drift apart under ranking, and what inspection does to it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.agents.committees import INTEGRATIONS
from villagesim.plots.captions import title_and_caption
from villagesim.plots.months import draw_marks, marks_in_words, months_below, number_marks, years
from villagesim.plots.style import COLOURS, MM, drawn, inches, strategy_name

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CONSENT = ("economy", "livelihood")
"""Integrations that need the consent of every part."""
MARKERS = "osD^v"
TITLE = "Reported and real integration of merged villages, by dimension"


def draw_integration_by_dimension(
    table: "pd.DataFrame", marks: Mapping[str, str], axes: "Sequence[Axes] | None" = None, caption: str = ""
) -> "Figure":
    """Draw one panel an integration: solid what is real, dashed what is reported, the gap between them shaded.

    Parameters
    ----------
    table : DataFrame
        ``strategy, integration, month, real, reported``: shares of milestones in merged villages, 0 to 1.
    marks : dict
        Month label (2021-07: its first day) by name.
    axes : sequence of five axes, optional
        By default of a figure of its own, with title, legend and caption.
    """
    import matplotlib.pyplot as plt

    with drawn():
        legend = None
        if axes is None:
            grid = plt.subplots(2, 3, figsize=(inches(), 108 / MM), layout="constrained")[1]
            axes, legend = list(grid.flat[:5]), grid.flat[5]
        span = _span(table)
        for ax, integration in zip(axes, INTEGRATIONS, strict=True):
            rows = table[table["integration"] == integration]
            _draw_panel(ax, rows, marks)
            bottom = min(_bottom(rows), max(1 - span, 0.0))
            ax.set_ylim(bottom, bottom + span)
            consent = "every part must agree" if integration in CONSENT else "joint assembly votes"
            ax.set_title(f"{integration.capitalize()}\n({consent})", pad=14)
            number_marks(ax, marks)
        for ax in axes[::3]:
            ax.set_ylabel("share of milestones, 0 to 1")
        figure: Figure = axes[0].figure.figure  # type: ignore[assignment]
        if legend is not None:
            legend.axis("off")
            legend.legend(*axes[0].get_legend_handles_labels(), loc="center")
            lines = f"Dotted lines: {marks_in_words(marks)}. " if marks else ""
            same = "Panels differ in where they start, not in height."
            title_and_caption(figure, TITLE, f"{caption}\n{lines}{same}")
    return figure


def _draw_panel(ax: "Axes", table: "pd.DataFrame", marks: Mapping[str, str]) -> None:
    for number, (strategy, rows) in enumerate(table.groupby("strategy", sort=False), start=1):
        colour, marker, x = COLOURS[number % len(COLOURS)], MARKERS[number % len(MARKERS)], years(list(rows["month"]))
        name = strategy_name(str(strategy), number)
        real, reported = rows["real"].to_numpy(float), rows["reported"].to_numpy(float)
        ax.fill_between(x, real, reported, color=colour, alpha=0.12, lw=0)
        every = max(len(x) // 6, 1)
        style: dict[str, Any] = {"color": colour, "marker": marker, "ms": 4, "markevery": (2 * number, every)}
        ax.plot(x, real, lw=1.7, label=f"{name}: real", **style)
        ax.plot(x, reported, lw=1.1, ls=(0, (4, 1.5)), mfc="white", label=f"{name}: reported", **style)
    draw_marks(ax, marks)
    months_below(ax, 7)
    ax.grid(axis="y", lw=0.4, alpha=0.5)


def _values(table: "pd.DataFrame") -> "np.ndarray":  # type: ignore[type-arg]
    values = table[["real", "reported"]].to_numpy(float)
    return values[np.isfinite(values)]


def _bottom(table: "pd.DataFrame") -> float:
    """Lower end of a panel: the tenth below all values."""
    return float(np.floor(10 * _values(table).min(initial=1.0) + 1e-9) / 10) if _values(table).size else 0.0


def _span(table: "pd.DataFrame") -> float:
    """Height of all panels: the largest that one of them needs, in tenths."""
    panels = [rows for _, rows in table.groupby("integration") if _values(rows).size]
    need = max((float(_values(rows).max()) - _bottom(rows) for rows in panels), default=1.0)
    return float(np.ceil(10 * need + 0.2) / 10)

"""One outcome over time, a line a strategy, with bands."""

from collections.abc import Mapping
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.outcomes import Outcome
from villagesim.plots.captions import title_and_caption
from villagesim.plots.style import look, readable, settings
from villagesim.scenario import BASELINES
from villagesim.wording import scale

LEGEND_CHARACTERS = 42
"""Of a name in a legend of two columns."""
BANDS = (
    ("low_90", "high_90", 0.10), ("low_50", "high_50", 0.20),
    ("total_low", "total_high", 0.10), ("uncertain_low", "uncertain_high", 0.20),
)  # fmt: skip
"""Ends of bands, and how dark each is."""
EDGES = ("chance_low", "chance_high")
"""Ends that are drawn as thin lines."""

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def draw_one(
    table: "pd.DataFrame", outcome: Outcome, marks: Mapping[str, str], caption: str, ax: "Axes | None" = None
) -> "Axes":
    """Draw one outcome: on given axes, or in a figure of its own, which says below what it rests on."""
    import matplotlib.pyplot as plt

    with plt.rc_context(settings()):
        own = ax is None
        size = (7.5, 4.4 + 0.2 * table["strategy"].nunique())
        ax = ax if ax is not None else plt.subplots(figsize=size, layout="constrained")[1]
        draw_trajectories(ax, table, outcome, marks)
        number_marks(ax, marks)
        if not own:
            ax.set_title(outcome.title, pad=14)
            ax.legend(fontsize=8, frameon=False)
            return ax
        figure: Figure = ax.figure  # type: ignore[assignment]
        lines = f" Dotted lines: {marks_in_words(marks)}." if marks else ""
        title_and_caption(figure, outcome.title, caption + lines)
        handles, names = ax.get_legend_handles_labels()
        below: dict[str, Any] = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.08), "ncols": 2}
        ax.legend(handles, [fill(name, LEGEND_CHARACTERS) for name in names], fontsize=8, frameon=False, **below)
    return ax


def years(months: list[str]) -> np.ndarray:
    """Ends of months on an axis in years: the end of 2021-12 is 2022.0."""
    return np.array([int(month[:4]) + int(month[5:]) / 12 for month in months])


def draw_trajectories(
    ax: "Axes", table: "pd.DataFrame", outcome: Outcome, marks: Mapping[str, str], *, per: float = 1.0, label: str = ""
) -> None:
    """Draw the median of every strategy, and bands of the baseline and the last one.

    Parameters
    ----------
    table : DataFrame
        ``strategy, order, month, median``, and the ends of those of `BANDS` that there are; ``observed`` with
        ``observed_error`` where there is something.
    marks : dict
        Month label (2021-07: its first day) by name.
    per : float
        The axis is in units of this many of the outcome's unit.
    label : str, optional
        Axis label in place of title and unit.
    """
    from matplotlib.ticker import MaxNLocator

    last = table["strategy"].iloc[-1]
    for strategy, rows in table.groupby("strategy", sort=False):
        order = int(rows["order"].iloc[0])
        own = look(order)
        x = years(list(rows["month"]))
        if strategy in (*BASELINES.values(), last):
            for low, high, alpha in BANDS:
                if low in rows.columns:
                    ax.fill_between(x, rows[low] / per, rows[high] / per, color=own.colour, alpha=alpha, lw=0)
            for end in EDGES:
                if end in rows.columns:
                    ax.plot(x, rows[end] / per, color=own.colour, lw=0.5)
        ax.plot(
            x, rows["median"] / per, color=own.colour, ls=own.dash, lw=1.5, marker=own.marker, ms=4, mfc="white",
            markevery=(order, 12), label=readable(str(strategy), f"strategy {order + 1}"),
        )  # fmt: skip
    if "observed" in table.columns:
        draw_observed(ax, table[table["strategy"] == last], per)
    if not np.isfinite(table["median"]).any():
        ax.text(0.5, 0.5, "no merged villages", transform=ax.transAxes, ha="center", color="#555555")
    draw_marks(ax, marks)
    ax.set_ylabel(label or f"{outcome.title}\n[{outcome.unit}]")
    ax.set_xlim(x[0] - 0.025 * (x[-1] - x[0]), x[-1])  # room for what begins on the first day
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=7))
    ax.grid(axis="y", lw=0.4, alpha=0.5)


def draw_observed(ax: "Axes", table: "pd.DataFrame", per: float) -> None:
    """Draw what was observed as diamonds, with 90% of its error where it has one."""
    rows = table[np.isfinite(table["observed"])]
    ax.errorbar(
        years(list(rows["month"])), rows["observed"] / per, yerr=1.645 * rows["observed_error"] / per, fmt="D", ms=4.5,
        color="#000000", mfc="#F0E442", mew=0.8, elinewidth=0.8, zorder=4, clip_on=False, label="observed",
    )  # fmt: skip


def draw_several(
    tables: "Mapping[str, pd.DataFrame]",
    outcomes: Mapping[str, Outcome],
    marks: Mapping[str, str],
    title: str,
    caption: str,
) -> "Figure":
    """Draw several outcomes, a panel each, with one legend for all."""
    import matplotlib.pyplot as plt

    rows = -(-len(tables) // 3)
    with plt.rc_context(settings()):
        figure, axes = plt.subplots(
            rows, min(len(tables), 3), figsize=(12.5, 2.8 * rows + 1.2), layout="constrained", squeeze=False
        )
        for ax, (name, table) in zip(axes.flat, tables.items(), strict=False):
            per, unit = scale(outcomes[name].unit, float(table["median"].abs().max()))
            draw_trajectories(ax, table, outcomes[name], marks, per=per, label=fill(f"[{unit}]", 30))
            ax.set_title(fill(outcomes[name].title, 32), pad=14)
            number_marks(ax, marks)
        for ax in axes.flat[len(tables) :]:
            ax.set_axis_off()
        handles, names = axes.flat[0].get_legend_handles_labels()
        figure.legend(
            handles, [fill(each, 22) for each in names], loc="outside right center", fontsize=8, frameon=False
        )
        lines = f" Dotted lines: {marks_in_words(marks)}." if marks else ""
        title_and_caption(figure, title, caption + lines)
    return figure


def draw_marks(ax: "Axes", marks: Mapping[str, str]) -> None:
    """Draw a thin line at the first day of each marked month."""
    for month in marks.values():
        ax.axvline(years([month])[0] - 1 / 12, color="#444444", lw=0.9, ls=(0, (1, 1.5)), zorder=0)


def number_marks(ax: "Axes", marks: Mapping[str, str]) -> None:
    """Write the number of each mark above its line; :func:`marks_in_words` says what the numbers mean."""
    from matplotlib.transforms import blended_transform_factory

    where = blended_transform_factory(ax.transData, ax.transAxes)
    for number, month in enumerate(sorted(marks.values()), start=1):
        ax.text(
            years([month])[0] - 1 / 12, 1.005, str(number), transform=where, fontsize=7, color="#333333", ha="center",
            va="bottom",
        )  # fmt: skip


def marks_in_words(marks: Mapping[str, str]) -> str:
    """Say what the numbered lines mean."""
    ordered = sorted(marks.items(), key=lambda mark: mark[1])
    return "; ".join(f"{number} {name} ({month})" for number, (name, month) in enumerate(ordered, start=1))

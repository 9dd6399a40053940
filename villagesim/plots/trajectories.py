"""One outcome over time, a line a strategy, with bands."""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.languages import _, named
from villagesim.outcomes import Outcome
from villagesim.plots.captions import heading, legend_below, title_and_caption, wrapped
from villagesim.plots.months import draw_marks, marks_in_words, months_below, number_marks, years
from villagesim.plots.style import MM, TEXT, abreast, drawn, inches, look, readable, strategy_name
from villagesim.plots.whiskers import tick_text
from villagesim.scenario import BASELINES
from villagesim.wording import one_after_another, real, scale

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
    parts: "Sequence[pd.DataFrame]",
    outcome: Outcome,
    marks: Mapping[str, str],
    caption: str,
    ax: "Axes | None" = None,
    *,
    title: str = "",
    labels: Mapping[str, str] | None = None,
    units: str | tuple[str, float] = "",
) -> "Axes":
    """Draw one outcome: on given axes, or in a figure of its own, which says below what it rests on.

    Parameters
    ----------
    parts : sequence of DataFrame
        As for :func:`draw_trajectories`, one a strategy, in the order of the legend; with ``reported`` and ``mechanical``
        where these are to be drawn.
    title : str, optional
        By default that of the outcome.
    labels : dict of str to str, optional
        What strategies are called.
    units : str or (str, float), optional
        In place of the unit, and what figures are divided by.
    """
    import matplotlib.pyplot as plt
    import pandas as pd

    table = pd.concat(parts, ignore_index=True)
    usual, unit = scale(outcome.unit, float(table["median"].abs().max()))
    unit, per = (units or real(outcome.unit, unit), float(usual)) if isinstance(units, str) else units
    with drawn():
        figure: Figure | None = None
        if ax is None:
            figure, ax = plt.subplots(figsize=(inches(), 75 / MM), layout="constrained")
        draw_trajectories(ax, table, outcome, marks, per=per, label=readable(named(unit), outcome.unit), labels=labels)
        if "mechanical" in table:
            draw_mechanical(ax, table, per)
        number_marks(ax, marks)
        handles, names = ax.get_legend_handles_labels()
        if figure is None:
            ax.set_title(readable(named(title or outcome.title), outcome.title), pad=10)
            ax.legend(handles, names)
            return ax
        legend_below(figure, handles, names)
        lines = _("Dotted lines: {marks}.", marks=marks_in_words(marks)) if marks else ""
        title_and_caption(
            figure, readable(named(title or outcome.title), outcome.title), one_after_another((caption, lines))
        )
    return ax


def draw_trajectories(
    ax: "Axes",
    table: "pd.DataFrame",
    outcome: Outcome,
    marks: Mapping[str, str],
    *,
    per: float = 1.0,
    label: str = "",
    labels: Mapping[str, str] | None = None,
) -> "Axes":
    """Draw the median of every strategy, and bands of the baseline and the last one; dashed what is reported, if it is there.

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
    labels : dict of str to str, optional
        What strategies are called.
    """
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
        name = strategy_name((labels or {}).get(str(strategy), str(strategy)), order)
        every = max(len(x) // 6, 1)
        style: dict[str, Any] = {
            "color": own.colour,
            "marker": own.marker,
            "ms": 3.5,
            "markevery": (order % every, every),
        }
        ax.plot(x, rows["median"] / per, ls=own.dash, lw=1.4, mfc="white", mew=0.8, label=name, **style)
        if "reported" in rows:
            style |= {"ls": (0, (4, 1.5)), "mfc": own.colour, "mew": 0.4}
            ax.plot(x, rows["reported"] / per, lw=1.0, label=_("{name}: as reported", name=name), **style)
    if "observed" in table.columns:
        draw_observed(ax, table[table["strategy"] == last], per)
    draw_marks(ax, marks)
    ax.set_ylabel(wrapped(label or f"{named(outcome.title)} [{real(outcome.unit)}]", 1.6, TEXT))
    _years_below(ax, x, found=bool(np.isfinite(table["median"]).any()))
    return ax


def _years_below(ax: "Axes", x: np.ndarray, *, found: bool) -> None:
    """Years and a grid, and words where nothing could be drawn."""
    if not found:
        ax.text(0.5, 0.5, _("not defined"), transform=ax.transAxes, ha="center", color="#555555")
    ax.set_xlim(x[0] - 0.025 * (x[-1] - x[0]), x[-1])  # room for what begins on the first day
    months_below(ax, 7)
    ax.yaxis.set_major_formatter(tick_text)
    ax.grid(axis="y", lw=0.4, alpha=0.5)


def draw_observed(ax: "Axes", table: "pd.DataFrame", per: float) -> None:
    """Draw what was observed as diamonds, with 90% of its error where it has one."""
    rows = table[np.isfinite(table["observed"])]
    ax.errorbar(
        years(list(rows["month"])), rows["observed"] / per, yerr=1.645 * rows["observed_error"] / per, fmt="D", ms=4.5,
        color="#000000", mfc="#F0E442", mew=0.8, elinewidth=0.8, zorder=4, clip_on=False, label=_("observed"),
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

    columns = abreast(len(tables), 55.0)
    rows = ceil(len(tables) / columns)
    with drawn():
        figure, axes = plt.subplots(
            rows, columns, figsize=(inches(), 52 * rows / MM), layout="constrained", squeeze=False
        )
        for ax, (name, table) in zip(axes.flat, tables.items(), strict=False):
            per, unit = scale(outcomes[name].unit, float(table["median"].abs().max()))
            draw_trajectories(ax, table, outcomes[name], marks, per=per, label=real(outcomes[name].unit, unit))
            ax.set_title(heading(named(outcomes[name].title), inches() / columns - 0.5), pad=10)
            number_marks(ax, marks)
        for ax in axes.flat[len(tables) :]:
            ax.set_axis_off()
        legend_below(figure, *axes.flat[0].get_legend_handles_labels())
        lines = _("Dotted lines: {marks}.", marks=marks_in_words(marks)) if marks else ""
        title_and_caption(figure, title, one_after_another((caption, lines)))
    return figure


def draw_mechanical(ax: "Axes", table: "pd.DataFrame", per: float) -> "Axes":
    """Draw as points what summing the parts alone makes of a share: once, and for strategies with a map of their own."""
    told: list[bytes] = []
    for strategy, rows in table.groupby("strategy", sort=False):
        shares = rows["mechanical"].to_numpy() / per
        if shares.tobytes() not in told:
            label = _("summing the parts only")
            if told:
                label = _("summing the parts only, map of {strategy}", strategy=readable(str(strategy), "another"))
            told.append(shares.tobytes())
            ax.plot(
                years(list(rows["month"]))[::3], shares[::3], "os^vD"[min(len(told), 5) - 1], ms=3.5, mfc="white",
                mec="#444444", mew=0.8, label=label, zorder=3,
            )  # fmt: skip
    return ax

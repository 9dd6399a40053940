"""Numbers with their intervals, one below the other: the one figure of most experiments."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from villagesim.arrays import Bools, Floats
from villagesim.languages import _
from villagesim.plots.captions import legend_under, text_width, wrapped
from villagesim.plots.style import COLOURS, MARKERS, SMALL, TEXT
from villagesim.statistics.differences import is_sparse, never_differs

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

ROW_NAMES = 0.4
"""Part of a panel's width that the names of its rows may have."""
BEYOND = 5.0
"""Intervals are drawn up to so many times the largest difference, as those of few replications would hide all differences."""
NOISE = 1e-12
"""Axes are not drawn around differences that only rounding makes."""
SHADES = (COLOURS[2], COLOURS[3], COLOURS[4], COLOURS[5])


@dataclass(frozen=True)
class Series:
    """Numbers of one kind, a number a row of the figure; NaN is left out.

    Attributes
    ----------
    label : str
    value, low, high : (n_rows,) arrays
        A row whose interval is not known has NaN there.
    sparse : (n_rows,) array of bool, optional
        Rows whose interval only says how large a rare event may be: a dotted line, which does not set the scale.
    """

    label: str
    value: Floats
    low: Floats
    high: Floats
    sparse: Bools | None = None

    def draw_intervals(
        self, ax: "Axes", at: "NDArray[np.floating[Any]]", colour: str, *, upright: bool = False
    ) -> None:
        """Draw the lines at these places of the other axis."""
        from matplotlib.collections import LineCollection

        sparse = np.zeros(len(self.value), bool) if self.sparse is None else self.sparse
        lines = ax.vlines if upright else ax.hlines
        lines(at, *np.where(sparse, np.nan, [self.low, self.high]), color=colour, lw=2.2, alpha=0.65)
        ends = [[(y, x) if upright else (x, y) for x in pair] for y, *pair in zip(at, self.low, self.high, strict=True)]
        few = [end for end, one in zip(ends, sparse, strict=True) if one]
        ax.add_collection(LineCollection(few, colors=colour, linewidths=1.0, linestyles=":"), autolim=False)


def series_of(table: "pd.DataFrame", *columns: str, label: str = "") -> Series:
    """Series from three columns of a table: the number, and the ends of its interval, as ``differs`` lets them be seen."""
    if "differs" not in table:
        return Series(label, *(table[column].to_numpy(float) for column in columns))
    value, *ends = columns
    low, high = ends_seen(table, *ends)
    return Series(label, table[value].to_numpy(float), low, high, _few_differ(table))


def dotted_in_words(table: "pd.DataFrame") -> str:
    """What dotted lines are, in a sentence; nothing where there are none."""
    if "differs" not in table or not _few_differ(table).any():
        return ""
    return _("Dotted: so few runs differ that the line only says how much a rare event may add.")


def _few_differ(table: "pd.DataFrame") -> Bools:
    """Rows of which so few replications differ that an interval only says how large a rare event may be."""
    differs = table["differs"].map(str)
    return (differs.map(is_sparse) & ~differs.map(never_differs)).to_numpy(bool)


def draw_whiskers(
    ax: "Axes",
    rows: Sequence[str],
    series: Sequence[Series],
    xlabel: str,
    *,
    zero: bool = True,
    names: float = ROW_NAMES,
    legend: bool = True,
) -> None:
    """Draw each number as a dot with its interval as a line, the first row on top.

    Parameters
    ----------
    rows : sequence of str
        Names, broken into lines.
    zero : bool
        Mark zero.
    names : float
        Part of the panel's width that these may have.
    legend : bool
        Say what the series are, where there are several.
    """
    n = len(series)
    for k, one in enumerate(series):
        y = np.arange(len(rows)) + (k - (n - 1) / 2) * 0.22
        colour = SHADES[k % len(SHADES)]
        one.draw_intervals(ax, y, colour)
        ax.plot(one.value, y, MARKERS[2 + k] if n > 1 else "o", color=colour, ms=5, mec="white", label=one.label)
    if zero:
        ax.axvline(0, color="#333333", lw=0.8)
    wide = width_of(ax)
    ax.set_yticks(range(len(rows)), [wrapped(str(row), names * wide) for row in rows])
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.xaxis.set_major_formatter(tick_text)
    ax.set_xlabel(wrapped(xlabel, (0.95 - names) * wide, TEXT))
    ax.grid(axis="x", lw=0.4, alpha=0.5)
    fit_marks(ax, 72 * (1 - names) * wide)
    if n > 1 and legend:
        legend_under(ax)


def tick_text(value: float, _place: object = None) -> str:
    """A number below or beside an axis, with all of its digits, so that no two marks are written alike."""
    text = f"{value:,.10f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def fit_marks(ax: "Axes", room: float, per: float = 1.0) -> None:
    """Divide the axis into as many parts, five at most, as numbers below it, divided by ``per``, have room for [points]."""
    for parts in range(5, 0, -1):
        ax.locator_params(axis="x", nbins=parts)
        if np.ptp(ax.get_xlim()) < NOISE:
            ax.set_xlim(-1, 1)
        low, high = ax.get_xlim()
        at = ax.xaxis.get_major_locator().tick_values(low, high)  # type: ignore[attr-defined]
        marks = [(value, text_width(tick_text(value / per))) for value in at]
        if all((b - a) / (high - low) * room > (x + y) / 2 + SMALL for (a, x), (b, y) in pairwise(marks)):
            return


def width_of(ax: "Axes") -> float:
    """Width of the part of its figure that is a panel's, with the names of its rows [inches]."""
    whole = float(ax.figure.bbox.width / ax.figure.figure.dpi)  # type: ignore[union-attr]
    if (place := ax.get_subplotspec()) is None:
        return whole
    grid = place.get_gridspec()
    ratios = np.asarray(grid.get_width_ratios(), float)
    return whole * float(ratios[place.colspan.start : place.colspan.stop].sum() / ratios.sum())


def ends_seen(table: "pd.DataFrame", *ends: str) -> Floats:
    """Ends of intervals as they are drawn: none of what differs in no run, ``(n_ends, n_rows)``."""
    return np.where(table["differs"].map(str).map(never_differs), np.nan, table[list(ends)].to_numpy(float).T)


def draw_intervals(ax: "Axes", y: Floats, low: Floats, high: Floats, most: float, colour: str) -> None:
    """Draw intervals up to so much on either side of nothing; an arrow stands where one goes on."""
    ax.hlines(y, np.maximum(low, -most), np.minimum(high, most), color=colour, lw=2.2, alpha=0.55)
    for end, beyond, arrow in ((-most, low < -most, "<"), (most, high > most, ">")):
        if beyond.any():
            ax.plot(np.full(beyond.sum(), end), y[beyond], arrow, color=colour, ms=4, mew=0, alpha=0.55)


def draw_lines(ax: "Axes", x: Sequence[float], series: Sequence[Series], xlabel: str, ylabel: str) -> None:
    """Draw each number over what it depends on, with its interval as a line, joined in the order of ``x``."""
    for k, one in enumerate(series):
        colour = SHADES[k % len(SHADES)]
        ax.plot(x, one.value, color=colour, marker=MARKERS[2 + k], ms=4.5, mec="white", lw=1.2, label=one.label)
        one.draw_intervals(ax, np.asarray(x, float), colour, upright=True)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(wrapped(ylabel, 1.5, TEXT))
    ax.grid(lw=0.4, alpha=0.5)

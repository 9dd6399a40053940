"""An axis of months: years below it, or months where too few years begin; lines and marks at days."""

from collections.abc import Mapping, Sequence
from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np

from villagesim.dates import month_label
from villagesim.languages import _, named
from villagesim.plots.captions import text_width
from villagesim.plots.style import LEAST, SMALL
from villagesim.plots.whiskers import width_of
from villagesim.wording import month as month_in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STEPS = (1, 3, 6, 12, 24, 36, 60, 120, 240)
"""Between marks [months]; from 12 on they are those of years."""
FEWEST = 3
"""Years that must begin within the axis to stand alone below it."""
BESIDE = 0.4
"""Room that the numbers beside a panel take [inches]."""
HAIR = 1e-6


def years(months: Sequence[str]) -> np.ndarray:
    """Ends of months on an axis in years: the end of 2021-12 is 2022.0."""
    return np.array([int(month[:4]) + int(month[5:]) / 12 for month in months])


def first_day(month: str) -> float:
    """Where a month begins on such an axis."""
    return float(years([month])[0] - 1 / 12)


def _firsts(low: float, high: float, step: int) -> list[float]:
    """First days of every so many months between two ends [years]."""
    return [k * step / 12 for k in range(ceil(12 * low / step - HAIR), floor(12 * high / step + HAIR) + 1)]


def months_below(ax: "Axes", most: int, wide: float | None = None) -> None:
    """Name the first days of years below a panel, or of months where too few years begin, as far as there is room.

    ``wide`` is the width of the panel [inches], where it has no place in a grid.
    """
    low, high = ax.get_xlim()
    wide = max(width_of(ax) - BESIDE, 0.5 * width_of(ax)) if wide is None else wide
    begin = STEPS.index(12) if len(_firsts(low, high, 12)) >= FEWEST else 0
    ways = [(step, _firsts(low, high, step)) for step in STEPS[begin:]]
    apart = {step: step / 12 / (high - low) * 72 * wide - text_width(_name(low, step)) for step, _at in ways}
    fitting = (way for way in ways if apart[way[0]] > SMALL / 2 and len(way[1]) <= most)
    step, shown = next(fitting, ways[-1])
    ax.set_xticks(shown, [_name(at, step) for at in shown])


def _name(at: float, step: int) -> str:
    """What stands below a mark: the year alone, where all marks are those of years."""
    return month_label(round(12 * at))[: 4 if step >= 12 else None]


def draw_ends(ax: "Axes", ends: Sequence[str], at: float | None = None) -> None:
    """Mark where policies end by triangles, below the panel or at a height of its own."""
    if not ends:
        return
    x = [first_day(month) for month in ends]
    where = ax.get_xaxis_transform() if at is None else ax.transData
    ax.plot(x, [at or 0.0] * len(x), "v", ms=4.5, color="black", mec="white", mew=0.5, zorder=4, clip_on=False,
            transform=where)  # fmt: skip


def draw_marks(ax: "Axes", marks: Mapping[str, str]) -> None:
    """Draw a thin line at the first day of each marked month."""
    for month in marks.values():
        ax.axvline(first_day(month), color="#444444", lw=0.9, ls=(0, (1, 1.5)), zorder=0)


def number_marks(ax: "Axes", marks: Mapping[str, str]) -> None:
    """Write the number of each mark above its line; :func:`marks_in_words` says what the numbers mean."""
    for place, month in enumerate(sorted(marks.values()), start=1):
        ax.text(
            first_day(month), 1.005, str(place), transform=ax.get_xaxis_transform(), fontsize=LEAST, color="#333333",
            ha="center", va="bottom",
        )  # fmt: skip


def marks_in_words(marks: Mapping[str, str]) -> str:
    """Say what the numbered lines mean."""
    ordered = sorted(marks.items(), key=lambda mark: mark[1])
    return _("; ").join(
        _("{number} {name} ({month})", number=number, name=named(name), month=month_in_words(month))
        for number, (name, month) in enumerate(ordered, start=1)
    )

"""Axes of months: every mark has a name of its own, and there are enough of them, however short the run; where policies end."""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib import pyplot as plt

from villagesim.plots.months import draw_ends, first_day, months_below, years
from villagesim.plots.style import drawn
from villagesim.plots.whiskers import tick_text


def names_below(first, last, most=7, columns=1, width=180):
    """Names below an axis from the first day of a month to the end of another."""
    with drawn(width):
        figure, axes = plt.subplots(1, columns, figsize=(width / 25.4, 2), layout="constrained", squeeze=False)
        ax = axes[0, 0]
        ax.plot([first_day(first), years([last])[0]], [0, 1])
        ax.set_xlim(first_day(first), years([last])[0])
        months_below(ax, most)
        figure.canvas.draw()
        low, high = ax.get_xlim()
        ticks = [tick for tick in ax.xaxis.get_major_ticks() if low - 1e-6 <= tick.get_loc() <= high + 1e-6]
        boxes = [tick.label1.get_window_extent() for tick in ticks]
        assert all(right.x0 > left.x1 for left, right in pairwise(boxes)), "they run into each other"
        return [tick.label1.get_text() for tick in ticks]


@pytest.mark.parametrize(
    ("first", "last", "names"),
    [
        ("2021-01", "2021-12", ["2021-01", "2021-04", "2021-07", "2021-10", "2022-01"]),
        ("2021-07", "2022-11", ["2021-07", "2021-10", "2022-01", "2022-04", "2022-07", "2022-10"]),
        ("2021-03", "2021-08", ["2021-03", "2021-04", "2021-05", "2021-06", "2021-07", "2021-08", "2021-09"]),
        ("2021-05", "2021-05", ["2021-05", "2021-06"]),
        ("2021-07", "2023-12", ["2022", "2023", "2024"]),
        ("2015-01", "2024-12", ["2016", "2018", "2020", "2022", "2024"]),
    ],
)
def test_years_stand_below_where_several_begin_and_months_where_not(first, last, names):
    assert names_below(first, last) == names


@pytest.mark.parametrize("columns", [1, 2, 4])
@pytest.mark.parametrize("n", [1, 3, 6, 11, 12, 18, 24, 30, 60, 400])
def test_marks_differ_and_keep_apart_in_panels_of_any_width(n, columns):
    """From one month to decades, in a page and in a column."""
    key = 12 * 2021 + 3 + n - 1
    for width in (180, 90) if columns < 4 else (180,):
        names = names_below("2021-04", f"{key // 12}-{key % 12 + 1:02d}", columns=columns, width=width)
        assert len(names) == len(set(names))
        assert len(names) >= 2


def test_numbers_beside_an_axis_differ_where_its_marks_do():
    """Three digits write 849.25 and 849.5 alike, and four decimals 0.00002 as nothing."""
    for marks in (np.arange(849.0, 850.1, 0.25), np.arange(0, 1e-4, 2e-5), np.arange(-0.3, 0.31, 0.1)):
        told = [tick_text(mark) for mark in marks]
        assert len(set(told)) == len(told)
    assert [tick_text(value) for value in (1_234_500.0, -0.0, 0.1 + 0.2, 12.25)] == ["1,234,500", "0", "0.3", "12.25"]


def test_ends_of_policies_are_marked_and_nothing_is_where_none_ends():
    _figure, ax = plt.subplots()
    draw_ends(ax, ())
    assert not ax.lines
    draw_ends(ax, ["2022-07"])
    draw_ends(ax, ["2022-07"], at=3.0)
    assert [line.get_marker() for line in ax.lines] == ["v", "v"]
    assert [line.get_xdata()[0] for line in ax.lines] == pytest.approx([2022.5, 2022.5])
    assert [line.get_ydata()[0] for line in ax.lines] == [0.0, 3.0]

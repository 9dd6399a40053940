"""Tables of numbers with intervals as panels, from tables made by hand; no chance."""

import numpy as np
import pandas as pd
import pytest
from unit.plots.test_figures import words

from villagesim.errors import DesignError
from villagesim.outcomes import OUTCOMES
from villagesim.plots import Panels, draw_panels

NAN = float("nan")


def made(**columns):
    """A table with a number for every row, as 1, 2, ..., and intervals of one on either side."""
    table = pd.DataFrame(columns)
    value = np.arange(1.0, len(table) + 1)
    return table.assign(value=value, low=value - 1, high=value + 1)


def dots(ax):
    """Where the dots of each colour are, left out those that are not known."""
    return {
        line.get_label(): [(x, y) for x, y in line.get_xydata().tolist() if x == x and y == y]
        for line in ax.get_lines()
        if line.get_marker() not in ("None", "")
    }


def test_a_panel_an_outcome_a_row_a_name_a_colour_a_month():
    table = made(
        outcome=["trust"] * 4 + ["share_above_500k"] * 2, strategy=["a", "a", "b", "b", "a", "b"],
        at=["2022-12", "2023-12", "2022-12", "2023-12", "2022-12", "2022-12"],
    )  # fmt: skip
    figure = draw_panels(table, Panels(colours="at"), OUTCOMES, "the answer", "what it rests on")
    trust, share = figure.axes
    assert [ax.get_title("left").replace("\n", " ") for ax in (trust, share)] == [
        "Trust",
        "Villages at or above 500,000 yuan",
    ]
    first, second = dots(trust).values()
    assert [x for x, _ in first] == [1, 3]
    assert [x for x, _ in second] == [2, 4]
    assert first[0][1] < second[0][1] < first[1][1]  # row a above row b, the months apart
    assert [label.get_text() for label in trust.get_yticklabels()] == ["a", "b"]
    assert [x for x, _ in next(iter(dots(share).values()))] == [500, 600]  # a share is a percentage
    said = words(figure)
    for expected in ("the answer", "what it rests on", "end of 2022-12", "index, 0 to 1", "share of villages [%]"):
        assert expected in said


def test_numbers_are_an_axis_and_what_is_not_known_is_left_out():
    table = made(outcome=["collective_income"] * 4, number=[0, 4, 0, 4], way=["one", "one", "other", "other"])
    table.loc[2, ["value", "low", "high"]] = NAN
    table.loc[:, ["value", "low", "high"]] *= 100_000
    figure = draw_panels(table, Panels(along="number", colours="way"), OUTCOMES, "", "")
    (ax,) = figure.axes
    assert dots(ax) == {"one": [(0, 100), (4, 200)], "other": [(4, 400)]}  # thousands
    assert ax.get_xlabel() == "number"
    assert ax.get_ylabel().replace("\n", " ") == "thousand yuan per village and year, real"
    words(figure)


def test_a_unit_of_the_table_goes_before_that_of_the_outcome_and_rows_are_those_of_the_panel():
    table = made(outcome=["trust"] * 3, what=["x", "y", "y"], row=["a", "b", "c"], unit="share of points")
    figure = draw_panels(table, Panels(by=("what", "outcome"), along="row", abreast=1), OUTCOMES, "", "")
    above, below = figure.axes
    assert above.get_title("left") == "X, Trust"
    assert [label.get_text() for label in below.get_yticklabels()] == ["b", "c"]
    assert above.get_xlabel() == "share of points [%]"


def test_outcomes_of_different_units_are_never_drawn_on_one_axis():
    table = made(outcome=["trust", "share_above_500k"] * 2, strategy=["a", "a", "b", "b"])
    figure = draw_panels(table, Panels(by=(), along="outcome", colours="strategy"), OUTCOMES, "", "")
    assert [(ax.get_xlabel(), [[x for x, _ in own] for own in dots(ax).values()]) for ax in figure.axes] == [
        ("index, 0 to 1", [[1], [3]]),
        ("share of villages [%]", [[200], [400]]),
    ]


def test_a_colour_is_the_same_in_every_panel():
    table = made(outcome=["trust", "trust", "share_above_500k"], strategy="a", at=["2022-12", "2023-12", "2023-12"])
    figure = draw_panels(table, Panels(colours="at"), OUTCOMES, "", "")
    trust, share = map(dots, figure.axes)
    assert list(trust) == list(share) == ["end of 2022-12", "end of 2023-12"]
    assert [len(own) for own in share.values()] == [0, 1]


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (Panels(), "two numbers of the table have one place in the figure: outcome trust, strategy a"),
        (Panels(colours="month"), "no column 'month'"),
    ],
)
def test_a_table_that_cannot_be_shown_so_is_refused(shown, said):
    table = made(outcome=["trust"] * 2, strategy=["a", "a"], at=["2022-12", "2023-12"])
    with pytest.raises(DesignError, match=said):
        draw_panels(table, shown, OUTCOMES, "", "")


def test_an_interval_that_only_bounds_a_rare_event_is_dotted_and_sets_no_scale():
    """Two of forty replications differ: the line reaches far beyond the panel, whose scale is that of the others. None: none."""
    table = pd.DataFrame({
        "outcome": "trust", "strategy": ["a", "b", "c"], "value": [0.01, 0.001, 0.0], "low": [0.008, -0.2, -0.1],
        "high": [0.012, 0.3, 0.1], "differs": ["40 of 40", "2 of 40", "0 of 40"],
    })  # fmt: skip
    ax = draw_panels(table, Panels(), OUTCOMES, "title", "caption").axes[0]
    assert ax.get_xlim()[1] < 0.05
    dotted = [
        lines for lines in ax.collections if lines.get_linestyle()[0][1] is not None and len(lines.get_segments())
    ]
    assert [segment.tolist() for lines in dotted for segment in lines.get_segments()] == [[[-0.2, 1.0], [0.3, 1.0]]]

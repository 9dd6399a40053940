"""What few runs differ in has a dotted bound in every figure; axes of money say that it is real."""

from typing import Any

import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from unit.plots.test_figures_of_tables import (
    FLOOR,
    NAMES,
    TITLE,
    forest,
    heat_map,
    points,
    provinces,
    robustness,
    swept,
)

import villagesim as vs
from villagesim.outcomes import OUTCOMES
from villagesim.plots.parts import draw_parts
from villagesim.plots.sweeps import draw_points
from villagesim.plots.trial import draw_trial

MONEY = "yuan per member and year"


def trial(differs: str) -> Figure:
    names = {"effect": ["direct", "spill-over"], "differs": ["40 of 40", differs]}
    ends = {"mean": [2.0, 1.0], "low": [1.0, -90.0], "high": [3.0, 90.0]}
    return draw_trial(pd.DataFrame(names | ends), MONEY, TITLE, "")


def parts(differs: str) -> Figure:
    names = {"step": ["arithmetic", "land_trust", "end"], "kind": ["arithmetic", "policy", "change"]}
    ends: dict[str, Any] = {"value": [2.0, 1.0, 3.0], "low": [1.0, -90.0, 2.0], "high": [3.0, 90.0, 4.0]}
    steps = pd.DataFrame(names | ends | {"differs": ["40 of 40", differs, "40 of 40"]})
    shares = {f"{key}{end}": [1.0] for key in ("shapley", "left_out") for end in ("", "_low", "_high")}
    return draw_parts(steps, pd.DataFrame({"policy": ["land_trust"]} | shares), MONEY, TITLE, "")


def sweep(differs: str) -> Figure:
    table = swept(FLOOR).query("outcome == 'trust' and strategy == 'land trust'")
    table = table.assign(low=table["value"] - 0.001, high=table["value"] + 0.001, differs="40 of 40").reset_index(
        drop=True
    )
    table.loc[1, ["low", "high", "differs"]] = [-0.9, 0.9, differs]
    return draw_points(table, {FLOOR: "yuan"}, dict.fromkeys(NAMES, 2), {"trust": OUTCOMES["trust"]}, TITLE, "")


def wide(figure: Figure) -> list[bool]:
    """Of each line that reaches far to both sides, whether it is dotted."""
    return [
        lines.get_linestyle()[0][1] is not None
        for ax in figure.axes
        for lines in ax.collections
        if isinstance(lines, LineCollection)
        for segment in lines.get_segments()
        if len(segment) and segment.min() < -0.5
    ]


@pytest.mark.parametrize("make", [trial, parts, sweep])
def test_a_bound_on_a_rare_event_is_dotted_and_told_and_none_is_drawn_of_what_never_differs(make: Any) -> None:
    """Two of forty runs differ; all do: a solid line; none does: no line."""
    for differs, lines, told in (("2 of 40", [True], True), ("40 of 40", [False], False), ("0 of 40", [], False)):
        figure = make(differs)
        assert wide(figure) == lines
        assert ("Dotted: so few runs differ" in " ".join(figure.get_supxlabel().split())) == told


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "make", [lambda: trial("40 of 40"), lambda: parts("40 of 40"), robustness, forest, provinces, points, heat_map],
    ids=["trial", "parts", "robustness", "forest", "provinces", "points", "heat map"],
)  # fmt: skip
def test_axes_of_money_say_that_it_is_real(make: Any, lang: str) -> None:
    with vs.language(lang):
        figure = make()
        words = [text for ax in figure.axes for text in (ax.get_xlabel(), ax.get_ylabel(), ax.get_title("left"))]
        real = "real" if lang == "en" else "可比价"
        assert any(real in text for text in words)


def test_policies_are_drawn_as_their_step_lets_them_be_seen() -> None:
    """Of few runs that differ the line is dotted in both panels, and the caption says what that is."""
    for differs, dotted in (("2 of 40", True), ("40 of 40", False)):
        figure = parts(differs)
        few = [
            [each for each in ax.collections if any(style[1] for style in each.get_linestyle()) and each.get_segments()]
            for ax in figure.axes
        ]
        assert [bool(each) for each in few] == [dotted, dotted]
        assert ("Dotted:" in figure.get_supxlabel()) == dotted
        plt.close("all")

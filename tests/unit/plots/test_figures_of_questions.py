"""Figures of discovery and calibration from tables made by hand, as their libraries are not everywhere; no chance."""

from itertools import pairwise
from math import inf

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from unit.plots.test_figures import words

import villagesim as vs
from villagesim.plots.boxes import FactorWords, draw_boxes
from villagesim.plots.posterior import draw_posterior
from villagesim.plots.whiskers import Series, draw_whiskers

NAMES = {"merger.decree": "date of the decree", "parameters.growth": "growth"}
BY_HALF = 12 * 2021 + np.arange(8)


@pytest.mark.parametrize("clear", [True, False])
def test_boxes_are_drawn_within_the_ranges_and_dates_are_months(clear):
    points = pd.DataFrame({"merger.decree": BY_HALF, "parameters.growth": np.linspace(0, 0.1, 8)}).astype(float)
    points["missed"] = points["merger.decree"] >= 12 * 2021 + 4
    boxes = pd.DataFrame(
        [
            {
                "box": 1,
                "factor": "merger.decree",
                "low": 12 * 2021 + 4.0,
                "high": inf,
                "p": 0.01,
                "limit": "from 2021-05",
            },
            {"box": 1, "factor": "parameters.growth", "low": -inf, "high": 0.05, "p": 0.001, "limit": "up to 0.05"},
        ]
    )
    columns = ["box", "density", "density_low", "density_high", "clear"]
    quality = pd.DataFrame([[0, 0.5, 0.2, 0.8, False], [1, 1.0, 0.6, 1.0, clear]], columns=columns)
    figure = draw_boxes(
        points, boxes, quality, dict.fromkeys(NAMES, ""), ["merger.decree"], "trust below 0.5, end of 2025-12"
    )
    said = words(figure)
    for expected in (
        "box 1: from 2021-05",
        "2021-01",
        "2021-08",
        "growth",
        "date of the decree",
        "Missed: trust below 0.5",
    ):
        assert expected in said
    left, right = figure.axes
    bars = [tuple(line.get_xdata()) for line in left.get_lines() if line.get_linewidth() == 5]
    assert bars == [(0.0, 0.5), (4 / 7, 1.0)]  # the surer one first
    box = right.patches[0]
    assert (box.get_x(), box.get_width()) == (0.0, 0.05)
    assert box.get_y() == 12 * 2021 + 4
    assert ("Missed at 100% (60% to 100%) of the points of box 1, and at 50%" in said.replace("\n", " ")) is clear


def test_posteriors_lie_within_their_priors_and_figures_beside_what_was_published():
    main = pd.DataFrame(
        {
            "factor": list(NAMES), "low": [0.0, 10.0], "high": [2.0, 20.0], "posterior": [0.5, 15.0],
            "posterior_low": [0.2, 11.0], "posterior_high": [1.0, 19.0], "width": [0.4, 0.98],
            "verdict": ["narrower", "not informed"],
        }
    )  # fmt: skip
    fit = pd.DataFrame({"target": ["Trust, 2025-12"], "published": [0.6], "error": [0.1], "verdict": "fits"})
    fit = fit.assign(prior=0.5, prior_low=0.4, prior_high=0.6, posterior=0.6, posterior_low=0.58, posterior_high=0.62)
    figure = draw_posterior(main, fit, NAMES, "What it rests on.")
    said = words(figure).replace("\n", " ")
    assert "The figures inform 1 of 2 parameters, most date of the decree: 0.5 (0.2 to 1)" in said
    assert "growth (not informed)" in said
    left, right = figure.axes
    places = {line.get_label(): list(line.get_xdata()) for line in left.get_lines()}
    assert places["posterior"] == pytest.approx([0.25, 0.5])
    off = {line.get_label(): list(line.get_xdata()) for line in right.get_lines()}
    assert off["prior"] == pytest.approx([-1.0])
    assert off["posterior"] == pytest.approx([0.0])
    figure = draw_posterior(main, fit.assign(verdict="does not fit", surprise=0.001), NAMES, "")
    assert "No value within the priors fits Trust, 2025-12" in words(figure).replace("\n", " ")
    few = draw_posterior(main.assign(verdict="too few to say"), fit.assign(verdict="too few to say"), NAMES, "")
    said = words(few).replace("\n", " ")
    assert "Too few runs are accepted to say" in said
    assert "growth (too few to say)" in said
    assert "no value fits" not in said


def test_numbers_below_whiskers_do_not_run_into_each_other():
    """Six digits and a sign, in half the width of a figure."""
    figure, axes = plt.subplots(1, 2, figsize=(11, 6), layout="constrained")
    one = Series("", np.array([-1e4]), np.array([-345_055.0]), np.array([325_202.0]))
    draw_whiskers(axes[0], ["all else"], [one], "yuan per village and year")
    figure.canvas.draw()
    low, high = axes[0].get_xlim()
    ticks = [
        label for label, at in zip(axes[0].get_xticklabels(), axes[0].get_xticks(), strict=True) if low <= at <= high
    ]
    boxes = [label.get_window_extent() for label in ticks]
    assert all(left.x1 < right.x0 for left, right in pairwise(boxes))


def test_the_unit_of_a_limit_stands_apart_from_its_words():
    """In Chinese, where they stand behind the figure as it does."""
    points = pd.DataFrame({"parameters.growth": [0.0, 0.1]})
    row = {"factor": "parameters.growth", "low": -inf, "high": 0.05}
    for language, said in (("en", "up to 0.05 per year"), ("zh", "0.05 以下［每年］")):
        with vs.language(language):
            assert FactorWords.of(points, {"parameters.growth": "per year"}, ()).limit(row) == said

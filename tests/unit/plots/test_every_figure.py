"""Every figure of every kind of question can be shown: nothing cut, overlapping, unreadable, empty, or of two definitions.

Answers are small: three townships and two replications. What is looked for is planted first, and found.
"""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib import pyplot as plt
from unit.plots.faults import faults

from villagesim.plots.captions import legend_below, title_and_caption
from villagesim.plots.differences import draw_differences
from villagesim.plots.style import drawn
from villagesim.questions import Uncertainty, over_time


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def small_draws(one_town):
    """Two strategies over two draws of what is not known."""
    return Uncertainty(strategies="land trust", draws=2, replications=2).ask(one_town, workers=1)


def planted():
    """A figure without any fault."""
    with drawn():
        figure, axes = plt.subplots(1, 2, figsize=(7, 3), layout="constrained")
        for ax in axes:
            ax.plot([0, 1], [0, 1], label="a line")
            ax.set_title("Villages at or above 500,000 yuan")
        legend_below(figure, *axes[0].get_legend_handles_labels())
        title_and_caption(figure, "A title in words", "What it rests on.")
    return figure, *axes


def test_a_figure_without_faults_has_none():
    assert faults(planted()[0]) == []


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (lambda figure, left, right: left.set_title("\U0001f9ff"), "missing from font"),
        (lambda figure, left, right: title_and_caption(figure, "too long " * 12), "title of 107 characters"),
        (lambda figure, left, right: title_and_caption(figure, ""), "title of 0 characters"),
        (lambda figure, left, right: figure.text(0.97, 0.5, "beyond"), "cut: 'beyond'"),
        (lambda figure, left, right: left.set_title("long " * 20), "on each other: 'long long"),
        (lambda figure, left, right: left.set_xticks([0, 0.01], ["one tick", "another"]), "'one tick' and 'another'"),
        (lambda figure, left, right: left.set_xlabel("tiny", fontsize=4), "too small: 'tiny'"),
        (lambda figure, left, right: left.lines[0].remove(), "empty panel: 'Villages at"),
        (lambda figure, left, right: left.plot([0, 1], [1, 0], label="at 100,000 yuan"), "100,000, 500,000"),
    ],
    ids=["glyph", "long title", "no title", "cut", "titles", "ticks", "small", "empty", "definitions"],
)
def test_what_is_wrong_with_a_figure_is_found(spoil, found):
    parts = planted()
    spoil(*parts)
    assert any(found in fault for fault in faults(parts[0])), faults(parts[0])


def all_faults(answer, **widths):
    """Faults by figure, of all that can be drawn without saying more."""
    found = {}
    for name in (*answer.figures, *answer.more_figures):
        if wrong := faults(answer.figure(name, **widths)):
            found[name] = wrong
        plt.close("all")
    return found


def test_figures_of_a_comparison(small_comparison):
    assert all_faults(small_comparison) == {}


def test_figures_of_one_replication_and_of_a_column(small_comparison):
    """A figure may be as narrow as half a page, and one replication tells nothing of chance."""
    stage = small_comparison.stages[""]
    one = replace(stage, runs=stage.runs[stage.runs["replication"] == stage.runs["replication"].min()])
    alone = replace(
        small_comparison, stages={"": one}, facts={k: v for k, v in small_comparison.facts.items() if k != "n_merged"}
    )
    assert "says nothing about chance" in alone.figure("differences").get_supxlabel()
    assert faults(alone.figure("differences")) == []
    for width in (80, 120, 170):
        assert faults(small_comparison.figure("differences", width=width)) == []
    assert faults(small_comparison.figure("trajectories", width=90)) == []


def test_figures_of_draws_of_what_is_not_known(small_draws):
    assert all_faults(small_draws) == {}


def test_figures_of_a_place_where_nothing_merges(small_comparison):
    facts = {key: value for key, value in small_comparison.facts.items() if key != "n_merged"}
    known = replace(small_comparison.known, n_merged=0)
    alone = replace(small_comparison, setting=known, facts=facts, tables={"map": small_comparison.tables["map"]})
    assert alone.figures == ("differences", "map")
    assert all_faults(alone) == {}
    assert "Trust" in {text.get_text() for text in alone.figure("differences").findobj(plt.Text)}


@pytest.mark.parametrize("most", [138_000, 138_200, 138_400])
def test_labels_of_ticks_keep_below_what_is_said_above_a_row(small_comparison, most):
    table = over_time.differences(small_comparison)
    levels = np.linspace(100_000, most, len(table))
    table = table.assign(collective_income=levels, reported=levels)
    figure = draw_differences(table, over_time.step(small_comparison), {}, {})
    figure.canvas.draw()
    ax = figure.axes[1]
    low, high = ax.get_ylim()
    boxes = [t.label1.get_window_extent() for t in ax.yaxis.get_major_ticks() if low <= t.get_loc() <= high]
    assert max(box.y1 for box in boxes) < ax.bbox.y1 + 1


def test_upright_lines_of_the_first_figure_are_explained_where_there_are_any(small_comparison):
    said = "Upright dotted lines: elections."
    dates = {**small_comparison.known.dates, "election": "2022-06"}
    voted = replace(small_comparison, setting=replace(small_comparison.known, dates=dates))
    assert said in " ".join(voted.figure("differences").get_supxlabel().split())
    before = replace(voted, setting=replace(voted.known, dates={"election": "2021-03"}))
    assert said not in " ".join(before.figure("differences").get_supxlabel().split())

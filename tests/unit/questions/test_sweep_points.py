"""Sweeps point by point: each point against the baseline in the same replications, and every outcome in a panel of its own."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib import pyplot as plt
from unit.command_line import SMALL
from unit.plots.faults import faults

import villagesim as vs
from villagesim import printing, terminal
from villagesim.design import Factor, grid, latin_hypercube
from villagesim.places.chosen_maps import ChosenMap
from villagesim.plots import sweeps
from villagesim.policies import Strategy
from villagesim.questions.sweep import SweepAnswer, has_intervals, points, sweep
from villagesim.report.page import page
from villagesim.statistics.intervals import mean_interval

GROWTH = Factor("parameters.income_growth", values=(0.0, 0.06))
ATTEMPTS = Factor("parameters.attempt_rate", values=(0.1, 0.4))
NAMES = ["collective_income", "real_integration"]
IDLE = "No outcome asked for, in the months kept, changes with:"


def swept(design, **how) -> SweepAnswer:
    return sweep(vs.load_scenario(SMALL), design, replications=2, outcomes=NAMES, workers=1, **how)


@pytest.fixture(scope="module")
def one() -> SweepAnswer:
    return swept(grid([GROWTH]))


def test_every_point_is_told_against_the_baseline_in_the_same_replications(one: SweepAnswer) -> None:
    table = one.tables["by_point"]
    assert table["outcome"].unique().tolist() == NAMES
    assert set(table["against"]) == {one.known.baseline}
    runs = one.runs.query("point == 1").set_index(["strategy", "replication"])["real_integration"]
    x = (runs["all of it"] - runs[one.known.baseline]).to_numpy()
    row = table.query("outcome == 'real_integration' and strategy == 'all of it' and point == 1").iloc[0]
    assert row["parameters.income_growth"] == 0.06
    assert row["value"] == pytest.approx(x.mean())
    assert row["low"] < mean_interval(x).low < x.mean(), "a little longer than Student's"
    assert row["verdict"] == "undecided (not known with 2)"


def test_alone_a_strategy_is_told_against_the_first_point() -> None:
    table = points(swept(grid([GROWTH]), strategies=["all of it"]), NAMES[:1])
    assert set(table["against"]) == {"the first point"}
    assert (table["value"] > 0).tolist() == [False, True]
    assert table["verdict"].tolist() == ["baseline", "better"]
    assert table.loc[0, ["value", "low", "high"]].tolist() == [0, 0, 0], "a point differs from itself by nothing"
    apart = points(swept(grid([GROWTH]), strategies=["all of it"], independent_points=True), NAMES[:1])
    assert set(apart["against"]) == {"-"}
    assert np.isnan(apart["margin"]).all()


def test_means_per_village_are_not_held_against_those_of_another_number_of_villages() -> None:
    scenario = vs.load_scenario(SMALL)
    fewer = Strategy(map=ChosenMap("neighbours", size=9))
    wider = replace(scenario, strategies={**scenario.strategies, "fewer": fewer})
    found = sweep(
        wider, grid([GROWTH]), replications=2, outcomes=NAMES, strategies=[scenario.baseline, "fewer"], workers=1
    )
    by_point = found.tables["by_point"].set_index(["outcome", "strategy"])
    for name, word in (("collective_income", "other number of villages"), ("real_integration", "other villages")):
        own = by_point.loc[(name, "fewer")]
        assert set(own["verdict"]) == {word}
        assert own[["value", "low", "high"]].isna().all(axis=None)


def test_a_factor_that_changes_nothing_is_said_to() -> None:
    """The fund is never used up, growth moves incomes; a sample, where no two points differ in one factor, tells neither."""
    fund = Factor("fund.yearly", values=(5e7, 1e8))
    both = swept(grid([fund, GROWTH]))
    assert both.headline.endswith(f"{IDLE} fund."), "what is paid is not kept"
    town = vs.load_scenario(SMALL)
    for scenario, names, said in (
        (
            town,
            ["all of it"],
            "The fund pays the same at every point, in the months that are kept: the least of these sums pays for all",
        ),
        (town, [town.baseline], "Nothing is paid from the fund in the months that are kept."),
        (
            replace(town, budget=replace(town.budget, since=2099)),
            ["all of it"],
            "The fund never gets it: no 1 January from 2099",
        ),
    ):
        kept = sweep(scenario, grid([fund]), strategies=names, outcomes=["trust", "support_cost"], workers=1)
        assert said in kept.headline
    alone = swept(grid([GROWTH]), strategies=["all of it"]).headline
    assert alone == "2 points (grid) over one factor, strategies: all of it."
    sample = latin_hypercube(
        [Factor("fund.yearly", 5e7, 1e8), Factor("parameters.income_growth", 0.0, 0.06)], 4, seed=1
    )
    assert IDLE not in swept(sample, strategies=["all of it"]).headline


def test_of_what_was_not_asked_for_nothing_is_said() -> None:
    """Growth moves incomes and not integration: of a sweep that keeps integration alone, only that is said."""
    town, design = vs.load_scenario(SMALL), grid([GROWTH])
    alone, more = (
        sweep(town, design, strategies=[town.baseline], outcomes=names, workers=1).headline
        for names in (NAMES[1:], NAMES)
    )
    assert alone.endswith(f"{IDLE} income growth.")
    assert IDLE not in more


def test_points_are_printed_one_by_one(one: SweepAnswer, capsys, monkeypatch) -> None:
    monkeypatch.setattr(terminal.out, "width", 160)
    printing.print_answer(one)
    said = capsys.readouterr().out
    rows = one.tables["by_point"]["value"].notna().sum()
    assert said.count("undecided (not known with 2)") + said.count("practically equal") == rows
    assert "Integration in fact (index, 0 to 1), against nothing but the merger" in said


def test_levels_have_no_sign(capsys, monkeypatch) -> None:
    """Points with luck of their own, and no baseline beside them, are told by their means."""
    monkeypatch.setattr(terminal.out, "width", 160)
    printing.print_answer(swept(grid([GROWTH]), strategies=["all of it"], independent_points=True))
    said = capsys.readouterr().out
    assert "), means" in said
    assert "+" not in said


def test_outcomes_that_are_not_drawn_are_counted(one: SweepAnswer, monkeypatch) -> None:
    assert "outcomes the first" not in one.figure().get_supxlabel()
    monkeypatch.setattr(sweeps, "MOST_PANELS", 1)
    said = " ".join(one.figure().get_supxlabel().split())
    assert "Of 2 outcomes the first 1; the others: table by_point." in said


def test_what_differs_in_no_run_has_no_bar_and_sets_no_scale(one: SweepAnswer, monkeypatch) -> None:
    """A bound on what was not seen reaches far beyond what was: as in the table, there is nothing to draw."""
    table = one.tables["by_point"].query("outcome == 'real_integration'")
    wide = table.assign(value=0.01, low=-0.63, high=0.63)
    for differs, bars, said in (("2 of 2", len(table), True), ("0 of 2", 0, False)):
        told = wide.assign(differs=differs)
        monkeypatch.setattr("villagesim.questions.sweep.points", lambda *_, told=told: told)
        figure = one.figure(None, outcome="real_integration")
        ax = figure.axes[0]
        ends = [path.vertices for lines in ax.collections for path in lines.get_paths() if len(path.vertices)]
        assert sum(np.isfinite(each).all() and np.ptp(each[:, 1]) > 1 for each in ends) == bars
        assert (ax.get_ylim()[1] > 0.5) == said
        assert ("Bars: 95% intervals of the mean, each by itself." in words(figure)) == said
        assert has_intervals(told) == said


def words(figure) -> str:
    return " ".join(figure.get_supxlabel().split())


def test_intervals_are_said_to_hold_each_by_itself(capsys, tmp_path) -> None:
    """In the figure, on the screen and on the page; a single replication has none, and nothing is said of them."""
    for n, said in ((2, True), (1, False)):
        folder, town = tmp_path / str(n), vs.load_scenario(SMALL)
        answer = sweep(town, grid([GROWTH]), replications=n, outcomes=NAMES, workers=1, out=folder)
        assert ("95% intervals of the mean, each by itself" in words(answer.figure())) == said
        printing.print_answer(answer)
        assert ("Intervals: 95%, of the mean, each by itself." in capsys.readouterr().out) == said
        assert ("Intervals: 95%, of the mean, each by itself." in page(folder)) == said


def test_that_strategies_are_moved_sideways_is_said_where_they_are(one: SweepAnswer) -> None:
    said = "strategies stand a little beside each other"
    alone = swept(grid([GROWTH]), strategies=["all of it"])
    for answer, moved in ((one, True), (alone, False), (swept(grid([GROWTH, ATTEMPTS])), False)):
        figure = answer.figure(None, outcome="real_integration")
        places = {x for ax in figure.axes for line in ax.lines if line.get_marker() != "None" for x in line.get_xdata()}
        assert (len(places) > len(GROWTH.values)) == moved
        assert (said in words(figure)) == moved


def test_every_outcome_has_a_panel(one: SweepAnswer) -> None:
    """Of one factor, of a grid of two, and of a sample of three; nothing empty, cut or on each other."""
    growth, attempts = Factor(GROWTH.path, 0.0, 0.06), Factor(ATTEMPTS.path, 0.1, 0.4)
    three = latin_hypercube([growth, attempts, Factor("parameters.turnover", 0.07, 0.12)], 3, seed=1)
    for answer in (one, swept(grid([GROWTH, ATTEMPTS])), swept(three)):
        figure = answer.figure()
        assert faults(figure) == []
        titles = " ".join(ax.get_title("left") for ax in figure.axes)
        assert "Collective income" in titles
        assert "Integration in fact" in titles
        assert faults(answer.figure(None, outcome="real_integration")) == []
        plt.close("all")


def test_a_heat_map_says_that_its_verdicts_hold_each_by_itself() -> None:
    """Where there are intervals: of one replication there are none."""
    said = "By 95% intervals of the mean, each by itself."
    for n, told in ((2, True), (1, False)):
        design = grid([GROWTH, ATTEMPTS])
        found = sweep(vs.load_scenario(SMALL), design, replications=n, outcomes=NAMES, workers=1)
        assert (said in " ".join(found.figure().get_supxlabel().split())) == told

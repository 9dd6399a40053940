"""A threshold is a value of the place: shares, headline, first figure and attribution follow it, at any level."""

import pickle
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from matplotlib import pyplot as plt
from unit.runs.faulty_policies import small_scenario

import villagesim as vs
from villagesim.errors import OutcomeError
from villagesim.outcomes import OUTCOMES, Outcomes
from villagesim.questions.attribution import Attribution
from villagesim.questions.setting import Setting
from villagesim.runs.codebook import meaning

SCENARIOS = sorted((Path(__file__).parents[3] / "scenarios").glob("*.toml"))


def begun(scenario: vs.Scenario) -> vs.Scenario:
    """Cut off soon after the decree, or the start, and without policies."""
    first = scenario.timetable.decree or scenario.timetable.start
    stop = date(first.year, first.month + 2, 1)
    elections = tuple(day for day in scenario.timetable.elections if day < stop)
    return replace(
        scenario, timetable=replace(scenario.timetable, stop=stop, elections=elections), goals=(),
        strategies=dict(list(scenario.strategies.items())[:2]),
    )  # fmt: skip


def at_level(scenario: vs.Scenario, level: float) -> vs.Scenario:
    """The same incomes, published at another level."""
    income = scenario.endow(1).income
    share = float((income >= level).mean())
    return replace(scenario, published=replace(scenario.published, threshold=level, share_above=share))


def on_the_axes(scenario: vs.Scenario) -> dict[str, np.ndarray]:
    """Lines of the figure of the published share, by their labels."""
    answer = vs.compare(begun(scenario), replications=1, workers=1)
    figure = answer.figure("trajectories", answer.known.published_share)
    (panel,) = figure.axes
    labels = panel.get_legend_handles_labels()[1]
    lines = [line for line in panel.lines if line.get_label() in labels]
    plt.close(figure)
    assert f"{scenario.published.threshold:,.0f} yuan" in figure.get_suptitle()
    assert f"{scenario.published.threshold:,.0f} yuan" in answer.headline
    return {str(line.get_label()): np.asarray(line.get_ydata(), float) for line in lines}


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_series_of_one_panel_agree_on_the_first_day(path: Path) -> None:
    """Nothing has happened yet: all strategies and the mechanical share show the published share."""
    scenario = vs.load_scenario(path)
    lines = on_the_axes(scenario)
    firsts = {label: values[0] for label, values in lines.items()}
    assert len(firsts) == (3 if scenario.merges else 1)
    assert np.ptp(list(firsts.values())) == 0, firsts
    if not scenario.published.counted_after:
        assert firsts[scenario.baseline] == pytest.approx(scenario.published.share_above, abs=0.005)


@pytest.mark.parametrize("level", [230_000.0, 1_200_000.0])
def test_the_first_figure_follows_any_level(one_town: vs.Scenario, level: float) -> None:
    """Its points lie on the line of the merger alone from the first day to the decree and after it."""
    lines = on_the_axes(at_level(one_town, level))
    mechanical = lines["summing the parts only"]
    np.testing.assert_allclose(mechanical, lines["nothing but the merger"][::3], atol=0.03)
    assert mechanical[0] == lines["nothing but the merger"][0]


@pytest.mark.parametrize(
    ("level", "name"),
    [(250_000, "250k"), (1_200_000, "1200k"), (37_500, "37500"), (37_500.5, "37500_5"), (800, "800")],
)
def test_every_level_has_its_three_outcomes(one_town: vs.Scenario, level: float, name: str) -> None:
    """Worked out anew from the incomes of the villages, in runs with and without the merger."""
    scenario = replace(one_town, published=replace(one_town.published, thresholds=(level,)))
    assert not {f"share_above_{name}"} & set(OUTCOMES)
    apart = vs.simulate(scenario, "no merger")
    last = apart.villages[apart.villages["month"] == apart.record.labels[-1]]["collective_income"]
    assert apart.values(f"share_above_{name}")[-1] == (last >= level - 0.005).mean()
    assert apart.values(f"share_near_{name}")[-1] == (abs(last - level) <= 0.1 * level).mean()
    together = vs.simulate(scenario, "nothing but the merger")
    now = together.record.labels.index("2021-07")
    mechanical = apart.values(f"mechanical_share_above_{name}")[: now + 1]
    np.testing.assert_array_equal(mechanical, together.values(f"share_above_{name}")[: now + 1])


def test_levels_travel_with_the_outcomes(one_town: vs.Scenario) -> None:
    outcomes = Outcomes((), (250_000,))
    assert pickle.loads(pickle.dumps(outcomes)) == outcomes != OUTCOMES
    own = ["share_above_250k", "mechanical_share_above_250k", "share_near_250k"]
    reported = ["nominal_share_above_250k", "reported_share_above_250k", "reported_share_near_250k"]
    assert list(outcomes)[-6:] == [*own, *reported]
    assert meaning("runs", "mechanical_share_above_37500_5").meaning.startswith(
        "Mechanical share at or above 37,500.5 yuan"
    )
    with pytest.raises(OutcomeError, match=r"share_above_250k is not(.|\n)* \[place\] thresholds"):
        one_town.outcomes["share_above_250k"]


@pytest.mark.parametrize("level", [100_000.0, 700_000.0])
def test_a_share_above_any_level_is_taken_apart(level: float) -> None:
    """The arithmetic is what summing alone adds in the month of the decree."""
    small = small_scenario()
    campaign = {"clean-up": (vs.policies.CleanUp(start="2021-08-01", officers=3),)}
    scenario = replace(
        small,
        published=replace(small.published, thresholds=(level,)),
        strategies=dict(small.strategies) | campaign,
    )
    name = f"{level / 1000:.0f}k"
    found = Attribution(strategy="clean-up", outcome=f"share_above_{name}", replications=2).ask(scenario, workers=1)
    table = found.tables["attribute"].set_index("step")
    assert table["value"].iloc[:-2].sum() == pytest.approx(table.loc["end", "value"], abs=1e-12)
    added = []
    for r in range(2):
        decreed = vs.simulate(scenario, "no merger", 1, r).county.set_index("month").loc["2021-07"]
        added.append(decreed[f"mechanical_share_above_{name}"] - decreed[f"share_above_{name}"])
    assert table.loc["arithmetic", "value"] == pytest.approx(np.mean(added), abs=1e-12)


def test_no_panel_of_the_first_figure_is_empty(one_town: vs.Scenario) -> None:
    """Where a decree comes and merges nothing, integration is not defined: trust stands in its place."""
    answer = vs.compare(begun(one_town), replications=1, workers=1)
    for n_merged, title in ((answer.known.n_merged, "Integration"), (0, "Trust")):
        facts = {key: value for key, value in answer.facts.items() if key != "n_merged"}
        known = replace(answer.known, n_merged=n_merged)
        figure = replace(answer, setting=known, facts=facts, tables={}).figure("differences")
        assert title in {text.get_text() for text in figure.findobj(plt.Text)}
        assert all(any(np.isfinite(line.get_ydata()).any() for line in ax.lines) for ax in figure.axes if ax.lines)
        plt.close(figure)


def test_where_a_strategy_has_a_list_both_readings_are_shown_first(one_town):
    """And without one what is earned at current prices, as nothing is booked."""
    listed = (vs.policies.WeakVillageList(start="2021-08-01", lines=(500_000.0,), pressure=1.0),)
    reported = {"reported_collective_income", "reported_share_above_500k"}
    without = {*Setting.of(one_town).headline_outcomes}
    assert not reported & without
    assert "nominal_share_above_500k" in without
    with_list = replace(one_town, strategies={**one_town.strategies, "listed": listed})
    assert reported < {*Setting.of(with_list).headline_outcomes}

"""Parts that add up, arithmetic that is an identity, and policies whose effects are known."""

from dataclasses import replace

import numpy as np
import pytest
from trouble import ROOT

import villagesim as vs
from villagesim.experiment.attribute import Attribution
from villagesim.results.intervals import mean_interval


@pytest.fixture(scope="module")
def town():
    return vs.load_scenario(ROOT / "scenarios" / "one_town.toml")


@pytest.fixture(scope="module")
def answer(town):
    return Attribution(strategy="both", replications=4).ask(town, workers=1)


def steps(answer):
    return answer.tables["attribute"].set_index("step")


def test_the_parts_add_up(answer):
    table = steps(answer)["value"]
    assert table.iloc[:-1].sum() == pytest.approx(table.iloc[-1], rel=1e-12)
    assert list(table.index) == ["start", "arithmetic", "trend", "merger", "five_integrations", "land_trust", "end"]


def test_arithmetic_is_an_identity_without_any_chance(answer):
    """The same money over 73 villages instead of 117."""
    row = steps(answer).loc["arithmetic"]
    assert row["value"] == pytest.approx(500_000 * (117 / 73 - 1), rel=1e-6)
    assert row["low"] == row["high"] == row["value"]


def test_the_end_and_the_merger_are_those_of_single_runs(town, answer):
    ends = [vs.simulate(town, "both", 1, r).county["collective_income"].iloc[-1] for r in range(4)]
    assert steps(answer).loc["end", "value"] == pytest.approx(np.mean(ends), rel=1e-12)
    pairs = [
        [
            vs.simulate(town, s, 1, r).county["collective_income"].iloc[-1]
            for s in ("nothing but the merger", "no merger")
        ]
        for r in range(4)
    ]
    merger = np.mean([own - without * 117 / 73 for own, without in pairs])
    assert steps(answer).loc["merger", "value"] == pytest.approx(merger, abs=1e-6)


def test_each_policy_gets_its_own(town, answer):
    """Land trusts bring income, the programme brings integration, as each of them does alone."""
    assert steps(answer).loc["land_trust", "low"] > 1000 > abs(steps(answer).loc["five_integrations", "high"])
    found = steps(Attribution(strategy="both", outcome="real_integration", replications=2).ask(town, workers=1))
    assert found.loc["five_integrations", "value"] > 0.1 > abs(found.loc["land_trust", "value"])


def test_interactions_are_what_is_lost_less_the_share(answer):
    table = answer.tables["together"].set_index("policy")
    np.testing.assert_allclose(table["interaction"], table["left_out"] - table["shapley"], atol=1e-9)
    assert table["shapley"].iloc[:-1].sum() == pytest.approx(table.loc["all together", "shapley"], rel=1e-9)
    assert (table["order_error"] == 0).all()


def test_a_policy_without_money_gets_exactly_nothing(town):
    """Its runs are the baseline bit for bit, so its value has no width either."""
    poor = replace(town, budget=replace(town.budget, yearly=0.0))
    found = Attribution(strategy="five integrations", outcome="real_integration", replications=3).ask(poor, workers=1)
    row = steps(found).loc["five_integrations"]
    assert (row["value"], row["low"], row["high"]) == (0, 0, 0)


def test_a_share_of_villages_has_the_mechanical_share_as_its_arithmetic(town):
    found = Attribution(strategy="land trust", outcome="share_above_500k", replications=3).ask(town, workers=1)
    table = steps(found)
    assert table["value"].iloc[:-1].sum() == pytest.approx(table["value"].iloc[-1], abs=1e-12)
    jumps = []
    for r in range(3):
        county = vs.simulate(town, "no merger", 1, r).county.set_index("month")["mechanical_share_above_500k"]
        jumps.append(county["2021-07"] - county["2021-06"])
    assert table.loc["arithmetic", "value"] == pytest.approx(np.mean(jumps), abs=1e-12)


@pytest.mark.parametrize("outcome", ["collective_income", "share_above_500k"])
def test_before_the_decree_nothing_is_arithmetic(town, outcome):
    """As many villages as on the first day: the trend is what the world without merger does, the merger what is done early."""
    found = Attribution(strategy="land trust", outcome=outcome, at="2021-06", replications=3).ask(town, workers=1)
    table = steps(found)
    assert table.loc["arithmetic", ["value", "low", "high"]].tolist() == [0, 0, 0]
    runs = [vs.simulate(town, "no merger", 1, r) for r in range(3)]
    trend = [run.county.set_index("month").loc["2021-06", outcome] - run.start[outcome] for run in runs]
    assert table.loc["trend", "value"] == pytest.approx(np.mean(trend), rel=1e-9, abs=1e-12)
    assert abs(table.loc["merger", "value"]) < 0.01 * max(table.loc["start", "value"], 0.1)
    at_the_end = Attribution(strategy="land trust", outcome=outcome, at="2021-07", replications=2).ask(town, workers=1)
    assert steps(at_the_end).loc["arithmetic", "value"] > 0.1 * table.loc["start", "value"]


def test_a_figure_per_resident_has_no_arithmetic(town):
    found = Attribution(strategy="land trust", outcome="income_per_resident", replications=3).ask(town, workers=1)
    assert steps(found).loc["arithmetic", "value"] == 0


def test_intervals_are_near_those_of_student(town):
    """Resampling whole replications: for thirty, within a fifth of the width of the t interval."""
    found = Attribution(strategy="land trust", outcome="income_per_resident", at="2022-12", replications=30)
    row = steps(found.ask(town, workers=1)).loc["land_trust"]
    own, base = (
        [vs.simulate(town, s, 1, r).county.set_index("month").loc["2022-12", "income_per_resident"] for r in range(30)]
        for s in ("land trust", "nothing but the merger")
    )
    t = mean_interval(np.subtract(own, base))
    assert (row["high"] - row["low"]) / 2 == pytest.approx(t.half_width, rel=0.2)
    assert row["value"] == pytest.approx(t.mean, rel=1e-9)

"""Published numbers beside what was foretold: scores against closed forms, and one place from end to end."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import beta, norm

import villagesim as vs
from villagesim.errors import DesignError
from villagesim.evidence import read_places, read_targets, scenario_of
from villagesim.evidence.naive import NATION, naive
from villagesim.questions import Validation
from villagesim.questions.validation import any_scenario, drawn, judging
from villagesim.statistics.forecasts import crps, rank_in, share_interval, with_error

TARGETS, PLACES = read_targets(), read_places()


def test_the_score_is_that_of_the_closed_form_of_a_normal_forecast() -> None:
    """Gneiting and Raftery 2007, equation 21."""
    sample = with_error(np.array([2.0]), 3.0, n=2001)
    for value in (-4.0, 2.0, 7.5):
        z = (value - 2) / 3
        exact = 3 * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi))
        assert crps(sample, value) == pytest.approx(exact, rel=0.01)
    assert crps(np.array([5.0]), 3.0) == 2.0
    assert sample.std() == pytest.approx(3.0)


def test_who_forecasts_right_scores_best_and_ranks_evenly() -> None:
    rng = np.random.default_rng(5)
    seen = rng.normal(0, 1, 2000)
    sample = norm.ppf((np.arange(200) + 0.5) / 200)
    right, narrow, off = (np.mean([crps(each, x) for x in seen]) for each in (sample, sample / 3, sample + 0.7))
    assert right < min(narrow, off)
    ranks = np.array([rank_in(sample, x) for x in seen])
    assert np.histogram(ranks, 4, (0, 1))[0] == pytest.approx(500, abs=90)  # false alarm below 1 in 10,000
    assert rank_in(np.array([1.0, 1.0, 2.0]), 1.0) == pytest.approx(1 / 3)


def test_shares_have_exact_intervals() -> None:
    assert share_interval(7, 10) == pytest.approx((beta.ppf(0.025, 7, 4), beta.ppf(0.975, 8, 3)))
    assert share_interval(0, 10)[0] == 0
    assert share_interval(10, 10)[1] == 1


def test_forecasts_without_a_model_are_worked_out_by_hand() -> None:
    place, incomes = PLACES["ningyang"], np.array([50_000.0, 95_000.0, 450_000.0, 900_000.0])
    share = TARGETS["I1.28"]
    assert naive(share, place, incomes, 0.5) == (0.5, 0.75)
    mean = replace(share, outcome="reported_collective_income")
    assert naive(mean, place, incomes, 1.0)[1] == pytest.approx(incomes.mean() * (1 + NATION))
    growth = replace(mean, how="growth", since="2021-12")
    assert naive(growth, place, incomes, 1.0) == pytest.approx((0.0, NATION))
    assert naive(replace(share, how="ratio", since="2021-12"), place, incomes, 0.5) == pytest.approx((0.0, 0.5))
    assert naive(replace(share, how="rise", since="2021-12"), place, incomes, 0.5) == pytest.approx((0.0, 0.25))
    assert naive(TARGETS["I1.31"], place, incomes, 0.2) == (0.2, 0.2)
    assert naive(TARGETS["L01"], PLACES["dezhou"], incomes, float("nan")) == (0.0, 0.0)
    assert naive(TARGETS["I2.49"], PLACES["weifang_zone"], incomes, 1.0) == (0.0, 0.0)
    assert TARGETS["I1.43"].value == NATION


def test_all_that_is_not_known_is_drawn_but_what_the_place_says() -> None:
    for place, spreads in (("ningyang", True), ("hebei", False)):
        design = drawn(PLACES[place], scenario_of(place), 20, 1)
        assert ("parameters.income_sd" in design.paths) == spreads
        assert "parameters.booked_start" not in design.paths
        assert "parameters.book_cap" in design.paths
        assert design.points["draw"].tolist() == list(range(1, 21))


def test_a_place_is_asked_from_end_to_end_and_goes_on_where_it_was(tmp_path: Path) -> None:
    question = Validation(places=("weifang_zone",), draws=20)
    answer = question.ask(any_scenario(), workers=1, out=tmp_path / "out")
    table, coverage = answer.tables["validate"], answer.tables["coverage"]
    assert table["id"].tolist() == ["I2.49"]
    assert ((table["low_90"] < table["low_50"]) & (table["low_50"] < table["high_50"])).all()
    assert (table["inside_90"] == table["published"].between(table["low_90"], table["high_90"])).all()
    assert (coverage.loc[0, "inside"], coverage.loc[0, "n"]) == (table["inside_50"].sum(), 1)
    gain = table.set_index("id").loc["I2.49"]
    scenario, runs = scenario_of("weifang_zone"), answer.runs
    found = runs[runs["month"] == "2025-12"]
    there, alone = (
        found[found["strategy"] == name].sort_values("point")["reported_collective_income"].to_numpy()
        for name in ("as there", scenario.baseline)
    )
    assert len(there) == len(alone) == 20
    forecast = with_error((there - alone) * 100 / 22, TARGETS["I2.49"].total_error)
    assert gain["median"] == pytest.approx(np.median(forecast))
    assert gain["crps"] == pytest.approx(crps(forecast, 31_800.0))
    made = len(list((tmp_path / "out" / "sweeps").rglob("county-*")))
    again = question.ask(any_scenario(), workers=1, out=tmp_path / "out", resume=True)
    assert again.headline == answer.headline == vs.open_results(tmp_path / "out").headline
    assert len(list((tmp_path / "out" / "sweeps").rglob("county-*"))) == made


def test_what_does_not_judge_is_refused() -> None:
    assert "ningbo" not in judging()
    with pytest.raises(DesignError, match="'ningbo' is not a place that validates: its numbers set values"):
        Validation(places=("ningbo",))
    with pytest.raises(DesignError, match="Did you mean 'yiqiao'"):
        Validation(places=("yiqiaoo",))
    with pytest.raises(DesignError, match="draws = 5 must be"):
        Validation(draws=5)


def test_a_single_place_gives_its_name_to_the_answer() -> None:
    assert any_scenario(("yiqiao",)).title == scenario_of("yiqiao").title != any_scenario().title

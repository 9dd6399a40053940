"""A forecast: brackets that add up, quantiles of all runs, what each kind of policy adds, and where the spread comes from."""

from dataclasses import replace

import numpy as np
import pytest
from unit.runs.faulty_policies import small_scenario

import villagesim as vs
from villagesim.design import Factor
from villagesim.design.factors import applied
from villagesim.errors import DesignError
from villagesim.policies import CleanUp, SeedMoney
from villagesim.questions.forecast import QUANTILES, Forecast, without_each
from villagesim.statistics.variance import explained
from villagesim.wording import number

POLICIES = [CleanUp(start="2021-02-01", officers=2), SeedMoney(start="2021-02-01", form="cooperative", projects=4)]
DRAWS = 20


@pytest.fixture(scope="module")
def found() -> vs.questions.Answer:
    scenario = replace(small_scenario(), mean_income_between=(520_000.0, 600_000.0))
    return Forecast(strategy={"support": POLICIES}, draws=DRAWS, at=("2021-06", "2021-10"), left_out=True).ask(
        scenario, workers=1
    )


def test_brackets_hold_every_village_once(found: vs.questions.Answer) -> None:
    table = found.tables["forecast"]
    above = table["outcome"].str.startswith("at or above")
    shares = table[table["outcome"].str.contains("000 yuan") & ~above]
    assert shares["outcome"].nunique() == 6
    one = ["strategy", "reading", "at"]
    rich = (
        shares[shares["outcome"].isin(["500,000 to 1,000,000 yuan", "1,000,000 yuan and more"])]
        .groupby(one)["mean"]
        .sum()
    )
    assert rich.to_dict() == pytest.approx(
        table[table["outcome"] == "at or above 500,000 yuan"].set_index(one)["mean"].to_dict()
    )
    for reading in ("real", "nominal", "reported"):
        together = shares[shares["reading"] == reading].groupby(["strategy", "at"])["mean"].sum()
        assert together.to_numpy() == pytest.approx(1.0)
    assert set(shares["runs"]) == {2 * DRAWS}


def test_quantiles_are_those_of_all_runs(found: vs.questions.Answer) -> None:
    runs = found.runs.query("design == '' and strategy == 'support' and month == '2021-10'")
    row = found.tables["forecast"].query(
        "strategy == 'support' and outcome == 'mean income per village' and reading == 'real' and at == '2021-10'"
    )
    stated = row[[f"q{round(100 * q):02}" for q in QUANTILES]].to_numpy()[0]
    assert stated == pytest.approx(np.quantile(runs["collective_income"], QUANTILES))
    said = f"median of the runs and 90% of them [million yuan per village and year]: {number(stated[3] / 1e6)} ("
    assert said in found.headline, "called the mean, which it is not"
    assert f"as reported, by {DRAWS} draws and without intervals, about " in found.headline
    middle = found.tables["forecast"].query("outcome == 'median income per village'")
    assert (middle["q05"] < middle["q95"]).all()


def test_what_a_kind_of_policy_adds_is_the_difference_in_the_same_runs(found: vs.questions.Answer) -> None:
    table = found.tables["forecast"].query(
        "reading == 'real' and at == '2021-10' and outcome == 'mean income per village'"
    )
    means = table.set_index("strategy")["mean"]
    for row in (
        found.tables["left_out"]
        .query("reading == 'real' and at == '2021-10' and outcome == 'mean income per village'")
        .to_dict("records")
    ):
        assert row["difference"] == pytest.approx(means["support"] - means[f"support, without {row['left_out']}"])
    assert set(found.tables["left_out"]["left_out"]) == {"clean_up", "seed_money"}


def test_the_spread_is_split_into_chance_map_and_parameters(found: vs.questions.Answer) -> None:
    assert found.tables["spread"]["booking"].isna().all(), "too few draws to tell"
    table = found.tables["spread"].dropna(subset=["chance"])
    assert table[["chance", "map", "parameters"]].sum(axis=1).to_numpy() == pytest.approx(1.0)
    income = table.query("outcome == 'mean income per village' and reading == 'real'")
    assert (income["parameters"] > 0.4).all(), "the mean at the start is drawn"


def test_medians_are_those_of_villages() -> None:
    _, asked = Forecast(strategy="trouble").resolved(small_scenario())
    run = vs.simulate(asked, None, 1)
    last = run.county["month"].iloc[-1]
    villages = run.villages[run.villages["month"] == last]
    assert run.county["median_income"].iloc[-1] == pytest.approx(villages["collective_income"].median())


def test_another_mean_income_moves_what_villages_begin_with() -> None:
    scenario = replace(small_scenario(), mean_income_between=(520_000.0, 600_000.0))
    assert Factor("place.mean_income", 520_000.0, 600_000.0) in vs.design.uncertain(scenario)
    for mean in (520_000.0, 600_000.0):
        assert applied(scenario, {"place.mean_income": mean}).endow(1).income.mean() == pytest.approx(mean)
    with pytest.raises(DesignError, match="-1 must be above 0"):
        applied(scenario, {"place.mean_income": -1})


def test_a_strategy_without_a_kind_keeps_all_others() -> None:
    scenario = replace(small_scenario(), strategies={"three": [*POLICIES, replace(POLICIES[1], label="more")]})
    own = without_each("three", scenario)
    assert {name: [policy.label for policy in one] for name, one in own.items()} == {
        "three, without clean_up": ["seed_money", "more"], "three, without seed_money": ["clean_up"],
    }  # fmt: skip


def test_what_goes_with_inputs_is_that_of_the_closed_form() -> None:
    """y = 3 a + 4 b + 12 e of variances 9, 16 and 144: a share of 25 in 169. A false alarm in 1 of 10,000."""
    a, b, c, noise = np.random.default_rng(1).normal(size=(4, 4_000))
    y = 3 * a + 4 * b + 12 * noise
    assert explained(y, np.array([a, b, c]).T) == pytest.approx(25 / 169, abs=0.045)
    assert explained(y, np.array([a]).T) == pytest.approx(9 / 169, abs=0.03)
    assert explained(y, np.array([c]).T) < 0.005
    assert explained(y, np.empty((4_000, 0))) == 0
    with pytest.raises(DesignError, match="cannot tell 3 inputs apart"):
        explained(y[:4], np.array([a, b, c]).T[:4])


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"levels": (2e5, 1e5)}, "must rise"), ({"levels": ()}, "must rise"), ({"draws": 3}, "draws"),
        ({"replications": 1}, "replications"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(settings: dict[str, object], said: str) -> None:
    with pytest.raises(DesignError, match=said):
        Forecast(**settings)

"""How income is spread over villages: quantiles of the villages in force, and what runs make of them."""

import numpy as np
import pytest

import villagesim as vs
from villagesim.outcomes.of_income import PLACES, at_place
from villagesim.questions.fan import fan


def test_places_are_quantiles_of_the_villages_in_force(one_town: vs.Scenario) -> None:
    run = vs.simulate(one_town, "land trust")
    for month in ("2021-06", "2023-12"):  # before the decree there are more of them
        each = run.villages.query("month == @month")["collective_income"]
        county = run.county.set_index("month").loc[month]
        for place in PLACES:
            assert county[at_place(place)] == pytest.approx(np.quantile(each, place / 100))


def test_a_fan_has_the_mean_over_runs_and_its_lowest_and_highest(
    small_comparison: vs.questions.ComparisonAnswer,
) -> None:
    found = fan(small_comparison)
    assert found["month"].min() == small_comparison.after_the_decree
    assert set(found["strategy"]) == {*small_comparison.strategies} - {"no merger"}
    runs = small_comparison.runs.query("strategy == 'both' and month == '2023-12'")[at_place(95)]
    last = found.query("strategy == 'both' and month == '2023-12' and place == 95").iloc[0]
    assert tuple(last[["mean", "band_low", "band_high"]]) == pytest.approx((runs.mean(), runs.min(), runs.max()))
    assert runs.min() < runs.max()

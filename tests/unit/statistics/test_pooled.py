"""Effects of many places as one, against published trials, closed forms, and their stated coverage."""

import math

import numpy as np
import pytest
from checks import assert_share_is

from villagesim.errors import DesignError
from villagesim.statistics.pooled import pool, shared_variances

EFFECTS = [-0.8893113339, -1.5853886572, -1.3480730484, -1.4415511900, -0.2175473222, -0.7861155858, -1.6208982236,
           0.0119523335, -0.4694176487, -1.3713448035, -0.3393588283, 0.4459132006, -0.0173139482]  # fmt: skip
VARIANCES = [0.3255847650, 0.1945811214, 0.4153679654, 0.0200100319, 0.0512101722, 0.0069056185, 0.2230172475,
             0.0039615793, 0.0564342105, 0.0730247936, 0.0124122140, 0.5325058452, 0.0714046597]  # fmt: skip
LATITUDE = [44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33]


def test_thirteen_trials_of_bcg_give_what_statsmodels_gives() -> None:
    """Colditz and others 1994; `combine_effects(method_re="iterated", use_t=True)` of statsmodels 0.15."""
    found = pool(EFFECTS, VARIANCES)
    assert (found.value, *found.low, *found.high) == pytest.approx((-0.714968, -1.109098, -0.320838), abs=2e-6)
    assert found.tau**2 == pytest.approx(0.318068, abs=2e-6)


def test_latitude_explains_the_trials_as_weighted_least_squares_do() -> None:
    """`WLS` of statsmodels 0.15 with weights at the variance where its squares are 11."""
    found = pool(EFFECTS, VARIANCES, np.transpose([LATITUDE]))
    assert found.tau**2 == pytest.approx(0.142132, abs=2e-6)
    assert found.coefficients == pytest.approx([0.221916, -0.028565], abs=2e-6)
    assert [*found.low, *found.high] == pytest.approx([-0.476839, -0.048528, 0.920671, -0.008601], abs=2e-6)


def test_effects_known_without_error_have_students_intervals() -> None:
    y = np.array([1.0, 2.0, 4.0, 7.0, 1.5])
    found, s, quantile = pool(y, np.zeros(5)), y.std(ddof=1), 2.7764451052
    assert found.tau == pytest.approx(s)
    assert found.high[0] - found.value == pytest.approx(quantile * s / math.sqrt(5))
    assert found.prediction_high - found.value == pytest.approx(quantile * s * math.sqrt(1 + 1 / 5), rel=5e-3)
    assert (found.tau_low, found.tau_high) == pytest.approx(
        (s * math.sqrt(4 / 11.14328678), s * math.sqrt(4 / 0.48441856))
    )


def test_equal_variances_leave_the_rest_of_the_spread_between_places() -> None:
    y = np.array([1.0, 2.0, 4.0, 7.0, 1.5])
    assert pool(y, np.full(5, 2.0)).tau ** 2 == pytest.approx(y.var(ddof=1) - 2)
    assert pool(y, np.full(5, 9.0)).tau == 0


def test_one_place_and_equal_effects_have_no_interval() -> None:
    for effects in ([3.0], [3.0, 3.0, 3.0]):
        found = pool(effects, np.zeros(len(effects)))
        assert found.value == pytest.approx(3)
        assert np.isnan([*found.low, *found.high, found.prediction_low, found.prediction_high]).all()


@pytest.mark.parametrize(
    ("variances", "n", "wanted"), [([1, 3], [2, 4], [1.25, 0.625]), ([1, 3], [10, 20], [0.1, 0.15])]
)
def test_places_with_few_replications_share_a_variance(
    variances: list[float], n: list[int], wanted: list[float]
) -> None:
    assert shared_variances(variances, n) == pytest.approx(wanted)


def test_single_replications_tell_no_variance() -> None:
    assert (shared_variances([math.nan, math.nan], [1, 1]) == 0).all()


@pytest.mark.parametrize("traits", [[[1], [1], [1]], [[1, 2], [2, 4], [5, 10]]])
def test_traits_that_tell_nothing_of_their_own_are_refused(traits: list[list[float]]) -> None:
    with pytest.raises(DesignError, match="same everywhere"):
        pool([1, 2, 4], [1, 1, 1], traits)


def held(tau: float, wrong: float = 1.0, trials: int = 200) -> tuple[int, int]:
    """In how many of so many made-up cohorts of ten places the intervals hold the mean, and the effect of a further place."""
    rng = np.random.default_rng(5)
    mean = further = 0
    for _ in range(trials):
        variances = rng.uniform(0.3, 3, 10)
        found = pool(rng.normal(0, tau, 10) + rng.normal(0, np.sqrt(variances)), variances * wrong)
        mean += found.low[0] <= 0 <= found.high[0]
        further += found.prediction_low <= rng.normal(0, tau) <= found.prediction_high
    return mean, further


def test_intervals_hold_as_often_as_they_say() -> None:
    """The oracle is the truth that the cohorts are made of; false alarm 1e-4 each (four standard errors)."""
    for number in held(tau=1.0):
        assert_share_is(0.95, number, 200)


def test_a_spread_between_places_that_is_taken_for_luck_is_noticed() -> None:
    _, further = held(tau=1.0, wrong=4.0)
    with pytest.raises(AssertionError):
        assert_share_is(0.95, further, 200)

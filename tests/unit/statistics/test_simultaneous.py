"""Oracles: Bonferroni by scipy, the law of the largest of independent t values by integration, the best by hand."""

from math import inf, isnan, sqrt

import numpy as np
import pytest
from scipy import integrate, optimize, stats

from villagesim.randomness import Draws
from villagesim.statistics.differences import difference_interval
from villagesim.statistics.simultaneous import simultaneous_quantile, to_the_best


def normals(name: str, *shape: int) -> np.ndarray:
    return Draws(12, "test_simultaneous").normal(name, *np.ogrid[tuple(slice(k) for k in shape)])


def independent(k: int, n: int) -> np.ndarray:
    """Rows without any correlation, mean zero, variance one."""
    x = normals("rows", n, k)
    q, _ = np.linalg.qr(np.column_stack([np.ones(n), x]))
    return q[:, 1:].T * sqrt(n)


def largest_t(k: int, freedom: int) -> float:
    """95% quantile of the largest of k independent normals over one common standard error, by integration."""
    scale = stats.chi(freedom, scale=1 / sqrt(freedom))

    def below(q: float) -> float:
        return integrate.quad(lambda s: (2 * stats.norm.cdf(q * s) - 1) ** k * scale.pdf(s), 0, 4)[0]

    return optimize.brentq(lambda q: below(q) - 0.95, 2, 6)


@pytest.mark.parametrize("k", [1, 5, 10])
def test_up_to_ten_it_is_bonferroni(k):
    expected = stats.t.ppf(1 - 0.025 / k, 29)
    assert simultaneous_quantile(normals("few", k, 30), 0.95, 1) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("k", [12, 23])
def test_independent_differences_have_the_law_of_the_largest_t(k):
    """Ten thousand simulated values: the 95% quantile has a standard error of 0.018; false alarm 6e-5 at 4 of it."""
    assert simultaneous_quantile(independent(k, 60), 0.95, 1) == pytest.approx(largest_t(k, 59), abs=4 * 0.018)


def test_differences_that_are_all_the_same_count_once():
    """Then Student's own quantile is right; its simulated value has a standard error of 0.02."""
    same = np.tile(normals("same", 1, 60), (12, 1))
    assert simultaneous_quantile(same, 0.95, 1) == pytest.approx(stats.t.ppf(0.975, 59), abs=4 * 0.02)


def test_correlation_narrows_and_bonferroni_is_the_most():
    own, common = normals("own", 15, 40), normals("common", 1, 40)
    bonferroni = stats.t.ppf(1 - 0.025 / 15, 39)
    apart, alike = (simultaneous_quantile(x, 0.95, 1) for x in (own, own + 2 * common))
    assert alike < apart <= bonferroni
    assert alike < 0.95 * bonferroni


def test_differences_that_do_not_vary_or_are_not_numbers_do_no_harm():
    x = independent(12, 40)
    x[3], x[4, 2] = 7.0, np.nan
    assert simultaneous_quantile(x, 0.95, 1) == pytest.approx(largest_t(10, 39), abs=4 * 0.02)
    assert simultaneous_quantile(np.ones((12, 40)), 0.95, 1) == pytest.approx(stats.t.ppf(1 - 0.025 / 12, 39))
    assert isnan(simultaneous_quantile(np.ones((12, 1)), 0.95, 1))


def test_two_strategies_by_one_sided_difference():
    """With one rival the best is compared once, one-sided: the interval of the difference at 90% two-sided."""
    a, b = normals("two", 2, 30)
    low, high = to_the_best([a + 0.5, b], 1)
    found = difference_interval(a + 0.5 - b, confidence=0.90)
    assert (low[0], high[0]) == pytest.approx((min(found.low, 0), max(found.high, 0)))
    assert (low[1], high[1]) == pytest.approx((min(-found.high, 0), max(-found.low, 0)))


def test_a_clear_best_is_named_and_the_others_are_ruled_out():
    luck, own = 50 * normals("luck", 30), 0.1 * normals("own", 4, 30)
    values = luck + own + np.array([1.0, 5.0, 2.0, 3.0])[:, np.newaxis]
    for direction, best in ((1, 1), (-1, 0)):
        low, high = to_the_best(values, direction)
        assert low[best] == 0
        assert high[best] > 0
        assert (np.delete(high, best) == 0).all()
        assert (np.delete(low, best) < 0).all()


def test_equals_are_all_possibly_best():
    low, high = to_the_best(normals("equal", 5, 30), 1)
    assert (low < 0).all()
    assert (high > 0).all()


def test_twins_are_not_known_to_be_equal():
    """The same in 30 of 30: of a share they differ by 0.095 at most, 1 - 0.05 ** (1 / 30); else nobody knows."""
    twin = normals("ahead", 30)
    values = [twin, twin, twin - 0.02 - 0.001 * normals("own", 30)]
    low, high = to_the_best(values, 1)
    assert low[:2].tolist() == [-inf, -inf]
    assert high[2] == 0
    assert -0.03 < low[2] < -0.02
    low, high = to_the_best(values[:2], -1, (0.0, 1.0), confidence=0.975)
    np.testing.assert_allclose([low, high], [[-0.0950] * 2, [0.0950] * 2], atol=5e-5)


@pytest.mark.parametrize("values", [[[1.0], [2.0]], [[1.0, np.nan], [2.0, 3.0]], [[1.0, 2.0]]])
def test_what_cannot_be_said_is_nan(values):
    assert np.isnan(to_the_best(values, 1)).all()

"""Oracles: by hand, the definition of Fieller's interval, closed forms."""

from math import inf, nan

import numpy as np
import pytest
from scipy import stats

from villagesim.randomness import Draws
from villagesim.statistics.ratios import ratio_of_means, variance_ratio


def normals(name: str, *shape: int) -> np.ndarray:
    return Draws(7, "test_intervals").normal(name, *np.ogrid[tuple(slice(k) for k in shape)])


class TestVarianceRatio:
    def test_by_hand(self):
        # sums of squares: a 40, b 44 (both have mean 0), the difference 1, -1, 1, -1: 4
        found = variance_ratio([-2, -4, 2, 4], [-3, -3, 1, 5], seed=1)
        assert found.value == pytest.approx((40 + 44) / 4)
        assert found.low <= found.value <= found.high

    def test_theory_lies_in_the_interval(self):
        # shared luck of variance 4, own luck of variance 1: (5 + 5) / 2 = 5
        shared, own_a, own_b = normals("ratio", 3, 2000)
        found = variance_ratio(2 * shared + own_a, 2 * shared + own_b, seed=2)
        assert found.low < 5 < found.high
        assert found.high - found.low < 1

    def test_no_gain_without_pairing(self):
        a, b = normals("apart", 2, 2000)
        found = variance_ratio(a, b, seed=2)
        assert found.low < 1 < found.high

    def test_the_interval_covers_about_as_stated(self):
        # percentile interval, n = 200: 90 to 98% of 400 trials; at a true 94.5%: false alarm 0.001
        shared, own_a, own_b = normals("cover", 3, 400, 200)
        a, b = 2 * shared + own_a, 2 * shared + own_b
        found = [variance_ratio(x, y, seed=k, n_boot=400) for k, (x, y) in enumerate(zip(a, b, strict=True))]
        assert 360 <= sum(r.low <= 5 <= r.high for r in found) <= 392

    def test_a_difference_that_never_varies(self):
        a = 1000 + normals("luck", 30)
        for b in (a, a + 0.1):  # the second only up to rounding
            assert variance_ratio(a, b, seed=1).value == inf
            assert variance_ratio(a, b, seed=1).low == inf

    def test_one_replication_that_differs_leaves_the_upper_end_open(self):
        a = normals("luck", 30)
        b = a.copy()
        b[3] += 1
        found = variance_ratio(a, b, seed=1)
        assert np.isfinite(found.low)
        assert found.high == inf

    @pytest.mark.parametrize(("a", "b"), [([1.0], [2.0]), ([1.0, nan], [1.0, 2.0]), ([2.0, 2.0], [3.0, 3.0])])
    def test_not_defined(self, a, b):
        found = variance_ratio(a, b, seed=1)
        assert np.isnan([found.value, found.low, found.high]).all()

    def test_the_seed_alone_decides(self):
        a, b = normals("apart", 2, 50)
        assert variance_ratio(a, b, seed=1) == variance_ratio(a, b, seed=1)
        assert variance_ratio(a, b, seed=1) != variance_ratio(a, b, seed=2)


@pytest.mark.parametrize("seed", range(5))
def test_fiellers_interval_ends_where_the_ratio_would_just_be_refused(seed):
    """At both ends R the mean of x - R y lies exactly one t quantile from nothing: the definition itself."""
    luck = np.random.default_rng(seed)
    y = luck.normal(3.0, 1.0, 12)
    x = 2 * y + luck.normal(1.0, 2.0, 12)
    ratio, low, high = ratio_of_means(x, y)
    assert ratio == pytest.approx(x.mean() / y.mean())
    assert low < ratio < high
    for end in (low, high):
        assert abs(stats.ttest_1samp(x - end * y, 0.0).statistic) == pytest.approx(stats.t.ppf(0.975, 11))
    assert abs(stats.ttest_1samp(x - (low + 0.1 * (high - low)) * y, 0.0).statistic) < stats.t.ppf(0.975, 11)


def test_ratios_that_are_no_numbers():
    """One replication, NaN, nothing below the line, and something that may be nothing."""
    for x, y in (
        ([1.0], [2.0]),
        ([1.0, np.nan], [1.0, 1.0]),
        ([1.0, 2.0], [0.0, 0.0]),
        ([1.0, 1.0, 2.0], [1.0, -1.0, 0.5]),
    ):
        assert np.isnan(ratio_of_means(x, y)).all()


def test_a_ratio_of_what_never_varied_has_no_interval():
    """But for its value; where one of both varies it has one."""
    np.testing.assert_equal(ratio_of_means([3.0] * 5, [2.0] * 5), (1.5, np.nan, np.nan))
    low, high = stats.t.interval(0.95, 2, 2.0, stats.sem([1, 2, 3]))
    assert ratio_of_means([1.0, 2.0, 3.0], [2.0] * 3) == pytest.approx((1.0, low / 2, high / 2))

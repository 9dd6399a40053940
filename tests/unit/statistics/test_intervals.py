"""Oracles: by hand, scipy's t tests, closed forms of the bootstrap."""

from math import comb, inf, isnan, nan, sqrt

import numpy as np
import pytest
from scipy import stats

from villagesim.errors import VillagesimError
from villagesim.randomness import Draws
from villagesim.statistics.intervals import (
    Interval,
    Verdict,
    chance_of_best,
    mean_interval,
    median,
    prediction_band,
    verdict,
    widened,
)


def normals(name: str, *shape: int) -> np.ndarray:
    return Draws(7, "test_intervals").normal(name, *np.ogrid[tuple(slice(k) for k in shape)])


def interval(low: float, high: float, n: int = 30) -> Interval:
    return Interval((low + high) / 2, low, high, (high - low) / 2, n)


class TestMeanInterval:
    def test_three_numbers_by_hand(self):
        # mean 4, standard deviation 2, t(2, 0.975) = 4.302653 from the tables
        found = mean_interval([2, 4, 6])
        assert found.mean == 4
        assert found.half_width == pytest.approx(4.302653 * 2 / sqrt(3), rel=1e-6)
        assert (found.low, found.high) == (4 - found.half_width, 4 + found.half_width)
        assert found.n == 3

    @pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95, 0.999])
    @pytest.mark.parametrize("n", [2, 3, 30, 1000])
    def test_equals_the_one_sample_t_test(self, n, confidence):
        x = 5 + 3 * normals("one", n)
        oracle = stats.ttest_1samp(x, 0).confidence_interval(confidence)
        found = mean_interval(x, confidence)
        assert (found.low, found.high) == pytest.approx((oracle.low, oracle.high), rel=1e-12)

    @pytest.mark.parametrize("k", [1, 4, 23])
    def test_of_differences_equals_the_paired_t_test_at_the_bonferroni_level(self, k):
        a, b = normals("pair", 2, 30)
        oracle = stats.ttest_rel(a, b).confidence_interval(1 - 0.05 / k)
        found = mean_interval(a - b, 0.95, n_comparisons=k)
        assert (found.low, found.high) == pytest.approx((oracle.low, oracle.high), rel=1e-9)

    def test_one_replication_has_a_mean_and_no_bounds(self):
        found = mean_interval([3.0])
        assert (found.mean, found.n) == (3.0, 1)
        assert isnan(found.low)
        assert isnan(found.high)
        assert isnan(found.half_width)

    @pytest.mark.parametrize("values", [[], [nan], [1.0, nan, 2.0], [1.0, inf]])
    def test_what_is_not_a_number_makes_all_nan(self, values):
        found = mean_interval(values)
        assert np.isnan([found.mean, found.low, found.high, found.half_width]).all()
        assert found.n == len(values)

    def test_equal_numbers_have_no_interval_and_say_how_many_they_are(self):
        # the mean of three 0.1 is not 0.1 in floating point
        found = mean_interval([0.1] * 3)
        assert (found.mean, found.n, found.differs, found.sparse, found.same) == (0.1, 3, "0 of 3", True, True)
        assert np.isnan([found.low, found.high, found.half_width]).all()
        assert [mean_interval(values).differs for values in ([0.1], [0.1, 0.2], [nan] * 2)] == ["-"] * 3


class TestPredictionBand:
    def test_nineteen_counties_reach_from_the_first_to_the_last(self):
        # 0.05 * (19 + 1) = 1: the smallest
        assert prediction_band(np.arange(19.0)) == pytest.approx((0, 18))

    def test_ninety_nine_by_hand(self):
        # positions 5 and 95 of 100; middle half 25 and 75
        assert prediction_band(np.arange(1.0, 100)) == pytest.approx((5, 95))
        assert prediction_band(np.arange(1.0, 100), coverage=0.5) == pytest.approx((25, 75))

    def test_covers_a_further_county_as_stated(self):
        # Oracle: 0.90 exactly for uniforms, n = 39 (positions 2 and 38 of 40).
        # The probability inside a band has standard deviation 0.047; 4,000 bands: 0.0007; false alarm 6e-5 at 4 of it.
        low, high = prediction_band(Draws(1, "band").uniform("u", *np.ogrid[:39, :4000]))
        assert abs((high - low).mean() - 0.90) < 4 * 0.047 / sqrt(4000)

    def test_numpys_own_quantiles_would_cover_too_little(self):
        u = Draws(1, "band").uniform("u", *np.ogrid[:39, :4000])
        low, high = np.quantile(u, (0.05, 0.95), axis=0)
        assert (high - low).mean() < 0.90 - 4 * 0.047 / sqrt(4000)

    def test_goes_over_replications_and_keeps_months(self):
        values = normals("months", 40, 12)
        low, high = prediction_band(values)
        assert low.shape == high.shape == (12,)
        assert low[3] == prediction_band(values[:, 3])[0]
        assert ((low < median(values)) & (median(values) < high)).all()

    def test_a_nan_spoils_its_own_month_only(self):
        values = normals("months", 40, 12).copy()
        values[4, 5] = nan
        low, _ = prediction_band(values)
        assert np.flatnonzero(np.isnan(low)).tolist() == [5]
        assert np.flatnonzero(np.isnan(median(values))).tolist() == [5]

    @pytest.mark.parametrize("n", [0, 1])
    def test_fewer_than_two_say_nothing_of_chance(self, n):
        low, high = prediction_band(np.ones((n, 3)))
        assert np.isnan(low).all()
        assert np.isnan(high).all()
        assert low.shape == high.shape == (3,)

    def test_median_by_hand(self):
        assert median([3.0, 1.0, 10.0, 5.0]) == 4.0
        assert np.isnan(median(np.ones((0, 2)))).all()


def test_a_further_error_is_added_in_quadrature():
    """Three and four make five below, and above it is twelve and four."""
    found = widened(Interval(10.0, 7.0, 22.0, 7.5, 30), 4.0)
    assert (found.low, found.high) == (5.0, pytest.approx(10 + sqrt(12**2 + 4**2)))
    assert found.half_width == pytest.approx((found.high - found.low) / 2)
    assert widened(found, 0.0) == found


class TestVerdict:
    @pytest.mark.parametrize(
        ("low", "high", "words"),  # for direction 1, -1, 0, where the margin is 1
        [
            (-0.5, 0.9, ("practically equal",) * 3),
            (-1.0, 1.0, ("practically equal",) * 3),
            (0.2, 0.8, ("practically equal",) * 3),  # without zero, but too small to matter
            (1.0, 3.0, ("better", "worse", "higher")),
            (1.5, 3.0, ("better", "worse", "higher")),
            (-3.0, -1.0, ("worse", "better", "lower")),
            (0.5, 3.0, ("undecided",) * 3),
            (-1.1, 0.5, ("undecided",) * 3),
            (-5.0, 5.0, ("undecided",) * 3),
        ],
    )
    def test_words(self, low, high, words):
        assert tuple(verdict(interval(low, high), 1.0, d).word for d in (1, -1, 0)) == words

    def test_how_many_more_by_hand(self):
        # difference 3 +- 4: room 3 - 1 = 2, so the width must halve: 4 times 30 replications, 90 more
        assert verdict(interval(-1, 7), 1.0, 1) == Verdict("undecided", 90)
        # difference -0.5 +- 1: room 0.5, again 4 times as many
        assert verdict(interval(-1.5, 0.5), 1.0, 1) == Verdict("undecided", 90)
        assert str(verdict(interval(-1, 7), 1.0, 1)) == "undecided (about 90 more)"

    @pytest.mark.parametrize("mean", [0.0, 0.3, -0.7, 1.4, -2.5])
    def test_that_many_more_settle_it_and_one_fewer_does_not(self, mean):
        n, half_width = 30, 2.9
        n_more = verdict(interval(mean - half_width, mean + half_width), 1.0, 1).n_more

        def word_after(more: int) -> str:
            h = half_width * sqrt(n / (n + more))
            return verdict(interval(mean - h, mean + h, n + more), 1.0, 1).word

        assert word_after(n_more) != "undecided"
        assert word_after(n_more - 1) == "undecided"

    @pytest.mark.parametrize("mean", [0.99, 1.0, 1.019, -1.015])
    def test_a_difference_just_as_large_as_the_smallest_is_never_settled(self, mean):
        found = verdict(interval(mean - 0.1, mean + 0.1), 1.0, 1)
        assert found == Verdict("undecided", None)
        assert str(found) == "undecided (more than 100,000 more)"

    def test_no_number_above_a_hundred_thousand(self):
        # room 1: 10 * (100 ** 2 - 1) = 99,990 more, and 10 * (101 ** 2 - 1) = 102,000 more
        assert verdict(interval(-100, 100, 10), 1.0, 0).n_more == 99_990
        assert verdict(interval(-101, 101, 10), 1.0, 0).n_more is None

    def test_the_given_number_of_replications_is_used(self):
        assert verdict(interval(-1, 7), 1.0, 1, n=10).n_more == 30

    def test_one_replication_and_not_defined(self):
        assert str(verdict(mean_interval([3.0]), 1.0, 1)) == "one replication"
        assert str(verdict(mean_interval([nan, 1.0]), 1.0, 1)) == "-"
        assert str(verdict(mean_interval([nan]), 1.0, 1)) == "-"

    @pytest.mark.parametrize(
        ("number", "word"), [(0.0, "the same in all runs"), (2.0, "the same difference in all runs")]
    )
    def test_equal_numbers_decide_nothing_and_have_their_own_word(self, number, word):
        assert str(verdict(mean_interval([number] * 5), 1.0, 1)) == word

    @pytest.mark.parametrize("margin", [0.0, -1.0, nan])
    def test_a_size_is_needed(self, margin):
        with pytest.raises(VillagesimError, match="above 0"):
            verdict(interval(1, 2), margin, 1)


class TestChanceOfBest:
    def test_closed_form_for_two_strategies(self):
        # One strategy is 1 above the other in 6 of 10 replications, else 1 below: resampled wins are Binomial(10, 0.6).
        # 40,000 resamples: standard deviation below 0.0025; false alarm 6e-5 at 4 of it.
        a = np.array([1.0] * 6 + [-1.0] * 4)
        p = [comb(10, k) * 0.6**k * 0.4 ** (10 - k) for k in range(11)]
        oracle = sum(p[6:]) + p[5] / 2
        found = chance_of_best([a, np.zeros(10)], 1, seed=3, n_boot=40_000)
        assert found == pytest.approx([oracle, 1 - oracle], abs=0.01)

    def test_the_higher_or_the_lower(self):
        values = np.array([[1.0, 2, 3], [2.0, 3, 4], [0.0, 1, 2]])  # always in the same order
        assert chance_of_best(values, 1, seed=1).tolist() == [0, 1, 0]
        assert chance_of_best(values, -1, seed=1).tolist() == [0, 0, 1]
        assert np.isnan(chance_of_best(values, 0, seed=1)).all()

    def test_pairing_is_kept(self):
        # means far apart in noise, but the first leads by 0.1 in every replication
        luck = 100 * normals("luck", 30)
        assert chance_of_best([luck + 0.1, luck], 1, seed=1).tolist() == [1, 0]

    def test_ties_are_split_equally(self):
        luck = normals("luck", 30)
        found = chance_of_best([luck, luck - 9, luck, luck], 1, seed=1)
        assert found == pytest.approx([1 / 3, 0, 1 / 3, 1 / 3])

    def test_rows_with_nan_are_left_out(self):
        values = normals("rows", 3, 30).copy()
        alone = chance_of_best(values[[0, 2]], 1, seed=5)
        values[1, 4] = nan
        found = chance_of_best(values, 1, seed=5)
        assert isnan(found[1])
        assert found[[0, 2]].tolist() == alone.tolist()
        assert found[[0, 2]].sum() == pytest.approx(1)

    def test_the_seed_alone_decides(self):
        values = normals("rows", 3, 30)
        assert (chance_of_best(values, 1, seed=5) == chance_of_best(values, 1, seed=5)).all()
        assert (chance_of_best(values, 1, seed=5) != chance_of_best(values, 1, seed=6)).any()

    @pytest.mark.parametrize("values", [np.ones((2, 1)), np.ones((2, 0)), np.full((2, 5), nan)])
    def test_nothing_to_resample(self, values):
        assert np.isnan(chance_of_best(values, 1, seed=1)).all()

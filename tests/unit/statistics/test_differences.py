"""Oracles: scipy's intervals, Hall's transformation inverted by bisection, tables of Clopper and Pearson, planted events."""

from math import inf, isnan, nan, sqrt

import numpy as np
import pytest
from scipy import optimize, stats

from villagesim.randomness import Draws
from villagesim.statistics.differences import (
    FROM,
    LEAST,
    UNDERSTATED,
    difference_interval,
    paired,
    skewed_bounds,
)
from villagesim.statistics.intervals import Verdict, mean_interval, verdict

SHARE = (0.0, 1.0)


def uniforms(name: str, *shape: int) -> np.ndarray:
    return Draws(14, "test_differences").uniform(name, *np.ogrid[tuple(slice(k) for k in shape)])


def test_the_same_number_but_for_rounding_is_no_difference():
    assert paired([0.1 + 0.2, 1e9, 5.0], [0.3, 1e9 * (1 + 1e-15), 4.0]).tolist() == [0, 0, 1]


def test_symmetric_differences_get_students_interval_and_one_part_in_n():
    x = np.tile([-1.0, -0.5, 0.5, 1.0], 8)
    found, half_width = difference_interval(x), (1 + 1 / 32) * mean_interval(x).half_width
    assert (found.low, found.high, found.half_width) == pytest.approx((-half_width, half_width, half_width))
    assert (found.n_differ, found.differs, found.sparse) == (32, "32 of 32", False)


@pytest.mark.parametrize("skew", [-1, 1])
def test_skewed_ones_reach_further_on_the_side_of_the_skewness(skew):
    """Hall's cubic by itself, inverted by bisection, and Student's, whichever is further out; twice Student's at most."""
    x = skew * -np.log(uniforms("exponential", 30))
    g = UNDERSTATED * float(stats.skew(x, bias=False))
    t = float(stats.t.ppf(0.975, 29)) / sqrt(30) * (1 + 1 / FROM)

    def cubic(w: float) -> float:
        return w + g * w**2 / 3 + g**2 * w**3 / 27 + g / 180

    ends = [optimize.brentq(lambda w, at=at: cubic(w) - at, -50, 50) for at in (t, -t)]
    sd = x.std(ddof=1)
    found = difference_interval(x)
    assert found.low == pytest.approx(x.mean() - sd * min(max(ends[0], t), 2 * t), rel=1e-6)
    assert found.high == pytest.approx(x.mean() - sd * max(min(ends[1], -t), -2 * t), rel=1e-6)
    assert (found.high - found.mean > found.mean - found.low) == (skew > 0)


def test_nothing_in_thirty_is_no_certainty():
    """By the rule of three, about: 1 - 0.05 ** (1 / 30) = 0.0950."""
    found = difference_interval(np.zeros(30), SHARE)
    assert (found.mean, found.low, found.high) == pytest.approx((0, -0.0950, 0.0950), abs=5e-5)
    assert (found.n_differ, found.falls) == (0, 1)
    assert str(verdict(found, 0.01, 1)) == "the same in all runs"
    assert verdict(found, 0.1, 1).word == "practically equal"
    always = difference_interval(np.full(30, 0.5), SHARE)
    assert (always.same, verdict(always, 0.01, 1).word) == (True, "better")


def test_rare_ones_of_a_share_by_the_tables_of_clopper_and_pearson():
    """Three of 30 above and one below: upper limits 0.2653 and 0.1722, each times the largest difference, 1."""
    x = np.zeros(30)
    x[:4] = 0.02, 0.03, 0.01, -0.02
    found = difference_interval(x, SHARE)
    limits = [stats.binomtest(k, 30).proportion_ci(0.95, method="exact").high for k in (3, 1)]
    assert limits == pytest.approx([0.2653, 0.1722], abs=5e-5)
    assert (found.low, found.high) == pytest.approx((-limits[1], limits[0]))
    assert found.mean == pytest.approx(0.04 / 30)


@pytest.mark.parametrize("value", [0.0, 7.0])
def test_without_a_bound_there_is_a_word_and_no_interval(value):
    """Equal but for one or nine of a hundred, or in all: nothing says how large the rare event is."""
    x = np.full(100, value)
    always = difference_interval(x, (0.0, inf))
    assert np.isnan([always.low, always.high, always.half_width]).all()
    assert str(verdict(always, 1.0, 1)) == f"the same {'difference ' if value else ''}in all runs"
    for n_rare in (1, LEAST - 1):
        x[:n_rare] = value + 1 + np.arange(n_rare)
        found = difference_interval(x, (0.0, inf))
        assert found.sparse
        assert np.isnan([found.low, found.high, found.half_width]).all()
        assert verdict(found, 1.0, 1) == Verdict("undecided", None, 100)
    assert str(verdict(found, 1.0, 1)) == "undecided (too sparse at 100)"
    x[LEAST] = value - 1
    assert not difference_interval(x).sparse


@pytest.mark.parametrize(("values", "sparse"), [([0.0, 0.0, 2.0, 1.0], False), ([0.0, 2.0, 0.0, 0.0], True)])
def test_of_a_few_replications_half_must_vary(values, sparse):
    assert difference_interval(values).sparse == sparse


@pytest.mark.parametrize("values", [[], [nan, 1.0], [1.0, inf]])
def test_what_is_not_a_number_is_not_sparse_either(values):
    found = difference_interval(values)
    assert np.isnan([found.mean, found.high]).all()
    assert not found.sparse


def test_one_replication_says_nothing_of_chance():
    found = difference_interval([3.0], SHARE)
    assert (found.mean, found.sparse) == (3, False)
    assert isnan(found.low)
    assert verdict(found, 1.0, 1).word == "one replication"


def covered(p: float, n: int, bounds: tuple[float, float], **how: object) -> tuple[float, float]:
    """Share of 2,000 samples whose interval holds the mean of a planted event of chance ``p``, and share without any."""
    luck, size = uniforms("event", 2000, n), -np.log(uniforms("size", 2000, n)) / 100
    found = [difference_interval(row, bounds, **how) for row in np.where(luck < p, size, 0.0)]  # type: ignore[arg-type]
    given = [one for one in found if not one.sparse]
    return sum(one.low <= p / 100 <= one.high for one in given) / max(len(given), 1), 1 - len(given) / len(found)


@pytest.mark.parametrize("p", [0.002, 0.02, 0.1])
def test_rare_events_of_a_share_are_covered(p):
    """Stated: .95 at least, as the bound is the worst case; standard error .005, false alarm 3e-5 at 4 of it."""
    share, without = covered(p, 30, SHARE)
    assert share > 0.93
    assert without == 0


def test_students_interval_on_rare_events_is_noticed():
    """The twin: it covers an event of two in a hundred in less than half of the samples."""
    luck, size = uniforms("event", 2000, 30), -np.log(uniforms("size", 2000, 30)) / 100
    found = [mean_interval(row) for row in np.where(luck < 0.02, size, 0.0)]
    assert np.mean([one.low <= 0.02 / 100 <= one.high for one in found]) < 0.6


def test_many_at_once_are_those_one_by_one():
    x = -np.log(uniforms("many", 5, 20))
    moments = x.mean(axis=1), x.std(axis=1, ddof=1), stats.skew(x, axis=1, bias=False)
    found = skewed_bounds(*moments, 20, stats.t.ppf(0.975, 19))
    for row, low, high in zip(x, *found, strict=True):
        one = difference_interval(row)
        assert (one.low, one.high) == pytest.approx((low, high), rel=1e-9)

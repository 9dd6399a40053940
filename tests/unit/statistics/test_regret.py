"""Oracles: by hand, and scipy's interval of Wilson."""

import numpy as np
import pytest
from scipy import stats

from villagesim.errors import VillagesimError
from villagesim.statistics.regret import bad_case, on_target, regret, share_on_target, worst

VALUES = np.array([[10.0, 0.0, 5.0, 8.0], [6.0, 6.0, 6.0, 6.0], [9.0, 2.0, 7.0, 1.0]])  # three strategies, four points


def test_regret_by_hand():
    assert regret(VALUES, 1).tolist() == [[0, 6, 2, 0], [4, 0, 1, 2], [1, 4, 0, 7]]
    assert regret(VALUES, -1).tolist() == [[4, 0, 0, 7], [0, 6, 1, 5], [3, 2, 2, 0]]
    assert (regret(-VALUES, -1) == regret(VALUES, 1)).all()


def test_worst_and_bad_case_by_hand():
    assert worst(VALUES, 1).tolist() == [0, 6, 1]
    assert worst(VALUES, -1).tolist() == [10, 6, 9]
    five = np.array([[50.0, 10.0, 40.0, 20.0, 30.0]])
    assert bad_case(five, 1, 0.25).tolist() == [20]
    assert bad_case(five, -1, 0.25).tolist() == [40]


def test_on_target_by_hand():
    assert on_target(VALUES, 1, 6.0).sum(axis=1).tolist() == [2, 4, 2]
    assert on_target(VALUES, -1, 6.0).sum(axis=1).tolist() == [2, 4, 2]
    assert on_target(VALUES, -1, 5.0).sum(axis=1).tolist() == [2, 0, 2]


@pytest.mark.parametrize(("hits", "n"), [(0, 10), (3, 10), (10, 10), (57, 100)])
def test_share_has_the_interval_of_wilson(hits, n):
    found = share_on_target(np.arange(n) < hits)
    oracle = stats.binomtest(hits, n).proportion_ci(method="wilson")
    assert (found.value, found.n) == (hits / n, n)
    assert (found.low, found.high) == pytest.approx((oracle.low, oracle.high), abs=1e-12)


def test_the_interval_of_a_share_stays_within_its_bounds():
    """Rounding takes it past 0 or 1 at some numbers; -0% is no share."""
    for n in range(1, 200):
        none, all_of_them = share_on_target(np.zeros(n, bool)), share_on_target(np.ones(n, bool))
        assert f"{none.low:.0%} to {all_of_them.high:.0%}" == "0% to 100%"
        assert (none.low, all_of_them.high) == (0, pytest.approx(1))
        assert all_of_them.high <= 1


def test_a_share_of_no_points_is_unknown():
    assert np.isnan(share_on_target([]).value)


def test_without_good_or_bad_nothing_is_robust():
    with pytest.raises(VillagesimError, match="neither more nor less"):
        regret(VALUES, 0)

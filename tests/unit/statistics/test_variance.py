"""Oracles: the table of an analysis of variance by hand, and scipy's F test."""

from math import isnan, sqrt

import numpy as np
import pytest
from scipy import stats

from villagesim.errors import VillagesimError
from villagesim.randomness import Draws
from villagesim.statistics.variance import split_variance


def test_three_draws_of_two_by_hand():
    """Within: 2 + 0 + 2 over 3; between: 2 x variance of (1, 5, 9) = 32; not knowing (32 - 4/3) / 2."""
    found = split_variance([[0.0, 2.0], [5.0, 5.0], [8.0, 10.0]])
    assert found.mean == 5
    assert found.chance == pytest.approx(sqrt(4 / 3))
    assert found.uncertainty == pytest.approx(sqrt(46 / 3))
    assert found.share == pytest.approx(46 / 50)


def test_interval_holds_zero_exactly_when_the_f_test_does():
    for number in range(40):
        draw, r = np.ogrid[:12, :2]
        draws = Draws(number, "test_split")
        x = 0.6 * draws.normal("draw", draw, 0 * r) + draws.normal("chance", draw, r)
        found, p = split_variance(x), stats.f_oneway(*x).pvalue
        assert (found.low == 0) == (p >= 0.025)


def test_all_chance_and_all_uncertainty():
    """Draws that differ in nothing but luck, and luck that does nothing."""
    found = split_variance([[1.0, 3.0], [3.0, 1.0], [2.0, 2.0]])
    assert (found.uncertainty, found.share, found.low) == (0, 0, 0)
    found = split_variance([[1.0, 1.0], [3.0, 3.0]])
    assert (found.chance, found.share, found.low, found.high) == (0, 1, 1, 1)


def test_what_cannot_be_split():
    assert isnan(split_variance([[1.0, np.nan], [2.0, 3.0]]).share)
    assert isnan(split_variance(np.ones((3, 2))).share)
    for values in (np.ones((1, 5)), np.ones((5, 1))):
        with pytest.raises(VillagesimError, match="at least two of each"):
            split_variance(values)

"""Oracles: intervals after every replication, and cases made by hand."""

from math import sqrt

import numpy as np
import pytest
from scipy import stats

from villagesim.errors import VillagesimError
from villagesim.randomness import Draws
from villagesim.statistics.differences import difference_interval
from villagesim.statistics.stopping import stopping


def normals(name: str, *shape: int) -> np.ndarray:
    return Draws(11, "test_stopping").normal(name, *np.ogrid[tuple(slice(k) for k in shape)])


def half_width(x: np.ndarray, n_comparisons: int = 1) -> float:
    student = float(stats.t.ppf(1 - 0.025 / n_comparisons, len(x) - 1) * x.std(ddof=1) / sqrt(len(x)))
    return student * (1 + 1 / max(len(x), 30))


def test_stops_where_the_width_is_reached_and_held():
    """By hand: the first n from 20 on after which this and the five widths after it are narrow enough."""
    x = 1e6 + normals("one", 200)
    widths = {n: difference_interval(x[:n]).half_width for n in range(20, 201)}
    expected = next(n for n in range(20, 195) if all(widths[m] <= 0.3 for m in range(n, n + 6)))
    found = stopping(x, 0.3)
    assert (found.enough, found.n_more) == (expected, 0)
    assert found.half_width == pytest.approx(widths[200], rel=1e-9)
    assert stopping(x[: expected + 5], 0.3).enough == expected
    assert stopping(x[: expected + 4], 0.3).enough is None


def test_a_width_that_does_not_hold_is_not_enough():
    """One outlier within the look-ahead widens the interval again."""
    x = np.tile([-1.0, 1.0], 30)
    assert stopping(x[:25], 0.5).enough == 20
    x[23] = 9.0
    assert stopping(x[:25], 0.5).enough is None


def test_looks_longer_ahead_after_a_hundred():
    """Five percent of 200 are ten."""
    x = np.tile([-1.0, 1.0], 150)
    wanted = half_width(x[:200]) * 1.0001  # even numbers of replications before 200 are wider
    first = next(n for n in range(20, 300) if all(half_width(x[:m]) <= wanted for m in range(n, n + 5 * n // 100)))
    assert first >= 199
    assert stopping(x[: first + 9], wanted).enough is None
    assert stopping(x[: first + 10], wanted).enough == first


def test_the_widest_of_several_decides_and_bonferroni_widens_it():
    x = np.stack([normals("a", 60), 3 * normals("b", 60)])
    assert stopping(x, 1.0).half_width == pytest.approx(difference_interval(x[1], n_comparisons=2).half_width)
    assert stopping(x, 2.0).enough is not None
    assert stopping(x[:1], 0.5).enough is not None
    assert stopping(x, 0.5).enough is None


def test_about_so_many_more_by_hand():
    """Half as wide needs four times as many, and five to look ahead."""
    x = np.tile([-1.0, 1.0], 20)
    found = stopping(x, half_width(x) / 2 * 1.0001)
    assert (found.enough, found.n_more) == (None, 4 * 40 + 5 - 40)
    assert str(found) == "about 125 more replications"


def test_before_twenty_it_does_not_look():
    """Twenty and five replications are run, however narrow the interval is before."""
    x = np.tile([-1.0, 0.0, 1.0], 9)
    assert stopping(x[:24], 9.0).n_more == 1
    assert str(stopping(x[:25], 9.0)) == "enough: 20 replications"
    assert stopping([3.0], 0.1).n_more == 24


def test_a_sample_without_variation_is_not_narrow():
    """Equal in all replications, or but for nine: rule of three for a share, no end without a bound."""
    never = np.zeros(200)
    found = stopping(never, 0.05)
    assert (found.enough, found.n_more, found.n_sparse) == (None, 200 * 10 + 5 - 200, 1)
    assert str(found).endswith("; 1 of the differences too sparse so far")
    assert stopping(never + 5.0, 0.05).n_more == found.n_more, "the same everywhere is no variation, whatever it is"
    first = next(n for n in range(20, 200) if 1 - 0.05 ** (1 / n) <= 0.05)
    assert stopping(never, 0.05, bounds=(0.0, 1.0)).enough == first == 59
    never[:190:20] = 1e-6  # the tenth is the 181st
    assert stopping(never, 0.05).enough == 181
    assert stopping(never[:185], 0.05).enough is None


@pytest.mark.parametrize("n", [2, 30])
def test_what_is_not_defined_never_settles(n):
    """So it is refused, rather than one more asked for, and one more."""
    with pytest.raises(VillagesimError, match="not defined in every replication"):
        stopping([[1.0] * n, [np.nan] * n], 0.1)


@pytest.mark.parametrize("wanted", [0.0, -1.0, np.nan])
def test_a_width_is_needed(wanted):
    with pytest.raises(VillagesimError, match="above 0"):
        stopping([1.0, 2.0], wanted)

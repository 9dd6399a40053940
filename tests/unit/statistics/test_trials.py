"""Trials with a planted effect: the adjusted interval is as much narrower as theory says, and both cover."""

import numpy as np
import pytest

from villagesim.statistics.trials import groups, needed, power

EFFECT, CORRELATION, N, TRIALS = 2.0, 0.8, 60, 2000


def planted(rng, n=N, effect=EFFECT, *, moved=False):
    """A trial in which the figure from before tells a part of the outcome, and treatment adds to it and to its spread."""
    treated = rng.permutation(n) < n // 3
    before = rng.normal(size=n)
    noise = rng.normal(size=n) * np.sqrt(1 - CORRELATION**2) * np.where(treated, 1.5, 1.0)
    values = 10 + CORRELATION * before + noise + effect * treated
    return values, treated, before + 0.5 * moved * treated


def trials(rng, *, moved=False):
    """Whether each interval covers, and its half width; raw, then adjusted."""
    covered, widths = [], []
    for _ in range(TRIALS):
        values, treated, before = planted(rng, moved=moved)
        found = [groups(values, treated, x).difference for x in (None, before)]
        covered.append([f.low <= EFFECT <= f.high for f in found])
        widths.append([f.half_width for f in found])
    return np.mean(covered, axis=0), np.mean(widths, axis=0)


def test_intervals_cover_and_the_adjusted_one_is_narrower():
    """Oracle: the planted effect, and errors by hand. False alarm: a coverage outside .935 to .965 by chance, 1 in 500."""
    covered, (raw, adjusted) = trials(np.random.default_rng(1))
    assert ((covered > 0.935) & (covered < 0.965)).all(), covered
    rest = 1 - CORRELATION**2
    by_hand = [
        2.0 * np.sqrt((CORRELATION**2 + 1.5**2 * rest) / (N // 3) + (CORRELATION**2 + rest) / (N - N // 3)),
        2.0 * np.sqrt(1.5**2 * rest / (N // 3) + rest / (N - N // 3)),
    ]
    assert raw == pytest.approx(by_hand[0], rel=0.04)
    assert adjusted == pytest.approx(by_hand[1], rel=0.04)


def test_a_figure_that_the_policy_has_moved_is_no_figure_from_before():
    """The twin: adjusted for what treatment has changed, the interval misses the effect far too often; the raw one does not."""
    covered, _ = trials(np.random.default_rng(2), moved=True)
    assert covered[0] > 0.935
    assert covered[1] < 0.7


@pytest.mark.parametrize("adjusted", [False, True])
def test_so_many_units_find_the_difference_in_four_of_five_trials(adjusted):
    """Oracle: trials of the size that was asked for. False alarm: 4 standard errors of 1,500 trials, 1 in 10,000."""
    rng = np.random.default_rng(3)
    pilot = groups(*(x for x in planted(rng, 20_001)[: 3 if adjusted else 2]))
    n = int(needed(pilot.spread, pilot.share, 0.6))
    found = 0
    for _ in range(1500):
        treated = rng.permutation(n) < n // 3
        before = rng.normal(size=n)
        values = before * CORRELATION + rng.normal(size=n) * pilot.spread * 1.0 + 0.6 * treated
        if not adjusted:
            values, before = rng.normal(size=n) * pilot.spread + 0.6 * treated, None
        one = groups(values, treated, before).difference
        found += one.low > 0
    assert found / 1500 == pytest.approx(0.8, abs=0.041)
    assert power(pilot.spread, n, pilot.share, 0.6) == pytest.approx(0.8, abs=0.01)


def test_what_cannot_be_told():
    """One unit in a group, too few units, or units that are all alike have no error; without spread few units are enough."""
    for values, treated, before in (
        ([1.0, 2, 3], [True, False, False], None),
        ([1.0, 2, 3], [True] * 3, None),
        ([], [], None),
    ):
        found = groups(values, np.array(treated, bool), before)
        assert np.isnan(found.difference.mean)
        assert np.isnan(found.spread)
    alike = groups([0.1, 0.1, 0.3, 0.3, 0.3], np.array([1, 1, 0, 0, 0], bool))
    assert alike.difference.mean == pytest.approx(-0.2)
    assert np.isnan([alike.difference.low, alike.difference.half_width, alike.spread]).all()
    assert needed(0.0, 0.5, 1.0) == 4
    assert needed(1.0, 0.5, 0.0) == float("inf")
    assert np.isnan(needed(float("nan"), 0.5, 1.0))
    assert power(0.0, 10, 0.5, 1.0) == 1.0

"""What knowing is worth, against closed forms of normal gains; draws are stratified, as those of a Latin hypercube.

All trials are of one fixed seed.
"""

import numpy as np
import pytest
from scipy.stats import norm

from villagesim.errors import DesignError
from villagesim.statistics.worth import along, enough_draws, of_all, of_luck, of_part

N = 240


def stratified(rng, n=N, shape=norm.ppf):
    return shape((rng.permutation(n) + rng.random(n)) / n)


def two(rng, mean, spread, n=N):
    """Two choices: nothing, and a gain that hangs on a factor by a line; the rest of its variance of 1 is luck."""
    x = stratified(rng, n)
    gain = mean + spread * x + np.sqrt(1 - spread**2) * rng.standard_normal(n)
    return np.stack([np.zeros(n), gain]), x


def exact(mean, spread):
    """E max(0, gain) - max(0, E gain) of a normal gain: the unit normal loss."""
    return spread * norm.pdf(mean / spread) + mean * norm.cdf(mean / spread) - max(mean, 0)


@pytest.mark.parametrize(("mean", "spread"), [(-0.2, 0.3), (0.2, 0.3), (-0.3, 0.8), (-1.0, 0.8)])
def test_two_choices_with_a_normal_gain(mean, spread):
    """No bias beyond four errors of 60 trials; the 95% interval covers in 0.9 at least (a true 0.95 fails once in 40)."""
    rng = np.random.default_rng(3)
    found = [of_part(*two(rng, mean, spread)) for _ in range(60)]
    values, truth = np.array([each.value for each in found]), exact(mean, spread)
    assert values.mean() == pytest.approx(truth, abs=4 * values.std() / 60**0.5 + 0.01 * truth)
    assert np.mean([each.low <= truth <= each.high for each in found]) >= 0.9
    assert np.mean([each.changes for each in found]) == pytest.approx(norm.cdf(-abs(mean) / spread), abs=0.03)


def test_three_choices_are_the_largest_of_three_lines():
    """Oracle: the upper envelope of three lines, summed over the normal law on a fine grid."""
    rng = np.random.default_rng(4)
    lines, grid = np.array([[0.0, 0.0], [-0.1, 0.5], [-0.2, -0.6]]), norm.ppf((np.arange(100_000) + 0.5) / 100_000)
    truth = (lines[:, :1] + lines[:, 1:] * grid).max(axis=0).mean()
    x = [stratified(rng) for _ in range(40)]
    common = [rng.standard_normal(N) for _ in x]
    values = [
        lines[:, :1] + lines[:, 1:] * each + luck + 0.7 * rng.standard_normal((3, N))
        for each, luck in zip(x, common, strict=True)
    ]
    found = np.array([of_part(one, each).value for one, each in zip(values, x, strict=True)])
    assert found.mean() == pytest.approx(truth, abs=0.02)
    assert of_part(lines[:, :1] + lines[:, 1:] * x[0], x[0]).value == pytest.approx(truth, abs=0.005)


def test_a_bend_is_seen():
    x = 2 * (np.arange(N) + 0.5) / N - 1
    values = np.stack([np.zeros(N), x**2 - 0.5])
    truth = np.maximum(x**2 - 0.5, 0).mean()
    assert of_part(values, x).value == pytest.approx(truth, rel=1e-6)
    assert of_all(values) == pytest.approx(truth)


def test_what_has_no_effect_is_worth_nothing_and_luck_says_how_little():
    """Of ten factors without effect the largest passes what luck gives in 5%: 6 and more of 25 trials come once in 800."""
    rng = np.random.default_rng(6)
    passed, values = [], []
    for trial in range(25):
        factors = np.stack([stratified(rng, 60) for _ in range(10)], axis=1)
        gains = np.stack([np.zeros(60), -0.1 + rng.standard_normal(60)])
        each = [of_part(gains, factor).value for factor in factors.T]
        values += each
        passed.append(max(each) > of_luck(gains, factors.T, seed=trial))
    assert sum(passed) <= 5
    assert np.mean(values) < 0.01
    with_effect = of_part(gains := np.stack([np.zeros(60), gains[1] + 1.2 * factors[:, 0]]), factors[:, 0])
    assert with_effect.value > of_luck(gains, factors.T)


@pytest.mark.parametrize(("n_factors", "spread"), [(5, 0.6), (110, 0.6), (20, 0.0)])
def test_a_group_is_known_together(n_factors, spread):
    """A sum of uniform factors is normal nearly; lines alone where draws are few (110 factors), lines and bends else."""
    rng = np.random.default_rng(7)
    truth, found = exact(-0.2, spread) if spread else 0.0, []
    for _ in range(30):
        factors = np.stack([stratified(rng, shape=lambda u: 12**0.5 * (u - 0.5)) for _ in range(n_factors)], axis=1)
        gain = -0.2 + spread * factors.sum(axis=1) / n_factors**0.5 + (1 - spread**2) ** 0.5 * rng.standard_normal(N)
        found.append(of_part(np.stack([np.zeros(N), gain]), factors))
    assert np.mean([each.value for each in found]) == pytest.approx(truth, abs=0.025)
    assert np.mean([each.low <= truth <= each.high for each in found]) >= 0.9
    with pytest.raises(DesignError, match="20 draws are too few for 11 factors together"):
        of_part(np.zeros((2, 20)), np.zeros((20, 11)))
    assert (enough_draws(7), enough_draws(1)) == (14, 10)


def test_factors_that_hang_together_tell_of_each_other():
    """Known is what goes along with a factor: one that only mirrors another is worth what that is, and together no more."""
    rng = np.random.default_rng(8)
    values, x = two(rng, -0.2, 0.8)
    mirror = -3 * x + 7
    alone = of_part(values, x).value
    assert of_part(values, mirror).value == pytest.approx(alone)
    assert of_part(values, np.stack([x, mirror], axis=1)).value == pytest.approx(alone)


def test_luck_of_replications_is_not_taken_for_what_can_be_known():
    """The twin counts it: the best of each draw by its own luck seems worth 0.4."""
    rng = np.random.default_rng(9)
    values = np.stack([np.zeros(N), rng.standard_normal((N, 2)).mean(axis=1)])
    assert of_part(values, stratified(rng)).value < 0.03
    assert of_all(values) > 0.2


def test_effects_are_straight_lines_over_the_range_and_hold_together():
    """Planted effects are found beside a far larger one, which would hide them; of the rest none, but for 5% of all trials."""
    rng, n, planted = np.random.default_rng(10), 150, np.array([100.0, -8.0, 6.0, *np.zeros(37)])
    false, covered = 0, 0
    for _ in range(40):
        x = np.stack([stratified(rng, n, shape=lambda u: u) for _ in planted], axis=1)
        effect, low, high = along(x @ planted + 3 * rng.standard_normal(n), x)
        false += ((low > 0) | (high < 0))[3:].any()
        covered += ((low <= planted * np.ptp(x, axis=0)) & (planted * np.ptp(x, axis=0) <= high)).all()
        assert (np.sign(effect[:2]) == (1, -1)).all()
    assert false <= 7  # 8 and more of 40 come once in 1,000
    assert covered >= 33
    assert ((low > 0) | (high < 0))[:2].all()


def test_effects_of_lines_without_luck_are_exact():
    x = np.stack([np.linspace(2, 6, 50), np.sin(np.arange(50.0)), np.ones(50)], axis=1)
    effect, low, high = along(3 * x[:, 0] + 1, x)
    assert effect == pytest.approx([12, 0, 0], abs=1e-9)
    assert (low[2], high[2]) == (0, 0)
    assert not along(np.ones(50), x).any()


def test_nothing_to_choose_or_to_know():
    same = np.ones((3, 30))
    x = np.arange(30.0)
    assert of_part(same, x) == of_part(same, np.ones(30))
    assert of_part(same, x).high == 0
    with pytest.raises(DesignError, match="5 draws say nothing"):
        of_part(np.zeros((2, 5)), np.arange(5))

"""Claim: with normal paired differences and 30 replications, intervals and verdicts are as sure as they say.

Ten thousand keyed trials of five strategies against a baseline. All share the luck of the county (which pairing
removes), and each has its own, so that the five differences are independent and the joint coverage of five
Bonferroni intervals is known: (1 - 0.05 / 5) ** 5 = 0.951. Not in the claim: skewed outcomes, where t covers less.

The rule: at least 9,430 of 10,000 must be right. A true 95% is refused with probability 0.0008 (the false alarm), a
true 93.5% passes with 0.0005; both are checked below by the exact binomial distribution.
"""

from collections import Counter
from functools import cache

import numpy as np
import pytest
from scipy.stats import binom

from villagesim.randomness import Draws
from villagesim.statistics.intervals import mean_interval, verdict

N_TRIALS, N_STRATEGIES, N_REPLICATIONS = 10_000, 5, 30
ENOUGH = 9_430
EFFECT = 0.4  # true paired difference, where the own luck of a strategy has standard deviation 1


@cache
def paired_differences() -> np.ndarray:
    """Strategy minus baseline in every replication, shape (n_trials, n_strategies, n_replications)."""
    draws = Draws(20_210_601, "coverage")
    trial, strategy, replication = np.ogrid[:N_TRIALS, :N_STRATEGIES, :N_REPLICATIONS]
    baseline = 5 * draws.normal("county", trial, replication)
    outcome = baseline + EFFECT + draws.normal("own", trial, strategy, replication)
    return outcome - baseline


def n_covered(confidence: float, n_comparisons: int) -> int:
    """Trials in which every one of the intervals contains the true difference."""

    def covers(values: np.ndarray) -> bool:
        interval = mean_interval(values, confidence, n_comparisons)
        return interval.low <= EFFECT <= interval.high

    return sum(all(covers(d) for d in trial[:n_comparisons]) for trial in paired_differences())


def verdicts(difference: float, margin: float, confidence: float = 0.95) -> Counter[str]:
    """How often each word is said of a true difference, for one strategy."""
    values = paired_differences()[:, 0] - EFFECT + difference
    return Counter(verdict(mean_interval(d, confidence), margin, direction=1).word for d in values)


def test_the_rule_separates_95_from_93_and_a_half():
    assert binom.cdf(ENOUGH - 1, N_TRIALS, 0.95) < 0.0008
    assert binom.sf(ENOUGH - 1, N_TRIALS, 0.935) < 0.0008


def test_one_interval_covers_95_percent():
    # exact, so that too wide is wrong as well: more than 9,570 has the same false alarm (0.0005)
    assert ENOUGH <= n_covered(0.95, 1) <= 9_570


def test_one_interval_that_covers_93_and_a_half_is_caught():
    assert n_covered(0.935, 1) < ENOUGH


def test_five_bonferroni_intervals_cover_95_percent_together():
    # false alarm at 95.1%: 0.0001
    assert n_covered(0.95, N_STRATEGIES) >= ENOUGH


def test_five_intervals_that_cover_93_and_a_half_together_are_caught():
    each = 0.935 ** (1 / N_STRATEGIES)
    assert n_covered(1 - N_STRATEGIES * (1 - each), N_STRATEGIES) < ENOUGH


def test_five_intervals_without_bonferroni_are_caught():
    # 0.95 ** 5 = 77%
    right = sum(
        all(i.low <= EFFECT <= i.high for i in map(mean_interval, trial)) for trial in paired_differences()[:1000]
    )
    assert right < 900


@pytest.mark.parametrize("sign", [1, -1])
def test_at_exactly_the_margin_each_wrong_verdict_is_rare(sign):
    """The slippage: a hair less and "better" is wrong, a hair more and "practically equal" is wrong.

    Each comes with 2.5%, as the margin is 16 standard errors from its opposite. At 2.5%, more than 300
    of 10,000 has probability 0.0009 and fewer than 203 as well; with two such tails and their sum: false alarm 0.004.
    """
    found = verdicts(sign * 1.5, margin=1.5)
    assert binom.sf(300, N_TRIALS, 0.025) < 0.001
    assert binom.cdf(202, N_TRIALS, 0.025) < 0.001
    assert 203 <= found["better" if sign > 0 else "worse"] <= 300
    assert 203 <= found["practically equal"] <= 300
    assert found["worse" if sign > 0 else "better"] == 0
    assert sum(found.values()) - found["undecided"] <= N_TRIALS - ENOUGH


def test_at_zero_a_difference_is_claimed_in_no_more_than_5_percent():
    # the hardest case: a margin of a hundredth of the luck, so that almost nothing is too small.
    # False alarm below 0.0008, the rate being below 5%
    found = verdicts(0.0, margin=0.01)
    assert found["better"] + found["worse"] <= N_TRIALS - ENOUGH


def test_at_zero_a_difference_that_matters_is_never_claimed():
    # half of the luck is 2.7 standard errors, on top of the 2.0 of the interval: 4e-6 a trial; false alarm 1e-5
    found = verdicts(0.0, margin=0.5)
    assert found["better"] + found["worse"] <= 2


def test_verdicts_from_too_narrow_intervals_are_caught():
    at_zero = verdicts(0.0, margin=0.001, confidence=0.93)
    assert at_zero["better"] + at_zero["worse"] > N_TRIALS - ENOUGH
    at_margin = verdicts(1.5, margin=1.5, confidence=0.93)
    assert at_margin["better"] > 300
    assert at_margin["practically equal"] > 300

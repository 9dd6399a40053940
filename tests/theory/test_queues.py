"""Claim: a desk whose cases never give up waits as queueing theory says.

Three officers, hearings of three days in the mean, load 0.8: with arrivals at random and exponential hearings the mean
wait is that of Erlang C (3.24 days), and with three priorities that of Cobham (0.88, 1.89 and 6.93 days). The oracle is
the closed form. Twenty independent runs of 12,000 cases, the first 1,000 left out, since the desk is empty at the start
(a load of 0.8 forgets that within some hundred). The mean of a run is not quite normal, but that of twenty is near
enough for Student's interval; false alarm 1e-4 each.
"""

from functools import cache

import numpy as np
import pytest
from checks import assert_mean_is
from oracle_survival import cobham_mean_waits, erlang_c_mean_wait
from simpy import Environment

from villagesim.engine.desk import Desk
from villagesim.randomness import Draws

N_RUNS, N_CASES, WARM_UP = 20, 12_000, 1_000
OFFICERS, SERVICE, PER_DAY = 3, 3.0, 0.8
N_CLASSES = 3


class Case:
    """One case; ``waited`` is known when it has been heard."""

    __slots__ = ("duration", "patience", "priority", "waited", "when")

    def __init__(self, when, duration, priority):
        self.when, self.duration, self.priority = when, duration, priority
        self.patience = float("inf")
        self.waited = float("nan")


def cases_of(run, service):
    draws, ids = Draws(3, run), np.arange(N_CASES)
    gaps, durations = (-np.log(draws.uniform(name, ids)) for name in ("gap", "duration"))
    priority = np.floor(N_CLASSES * draws.uniform("priority", ids))
    columns = (np.cumsum(gaps) / PER_DAY, service * durations, priority)
    return [Case(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def hear(cases):
    """Let all cases come to one desk, one after the other."""
    env = Environment()

    def heard(case):
        case.waited = env.now - case.when - case.duration

    desk = Desk(env, OFFICERS, heard, left=heard)

    def coming():
        for case in cases:
            yield env.timeout(case.when - env.now)
            desk.join(case)

    env.process(coming())
    env.run()


@cache
def mean_waits(service=SERVICE, by_priority=True):
    """Mean wait of every run, all cases and by class: (n_runs, 1 + n_classes) [days]."""
    rows = []
    for run in range(N_RUNS):
        cases = cases_of(run, service)
        classes = np.array([case.priority for case in cases])[WARM_UP:]
        if not by_priority:
            for case in cases:
                case.priority = 0.0
        hear(cases)
        waited = np.array([case.waited for case in cases])[WARM_UP:]
        rows.append([waited.mean(), *(waited[classes == k].mean() for k in range(N_CLASSES))])
    return np.array(rows)


def test_the_mean_wait_is_that_of_erlang_c():
    expected = erlang_c_mean_wait(PER_DAY, SERVICE, OFFICERS)
    assert_mean_is(expected, mean_waits(by_priority=False)[:, 0], unit="days", false_alarm=1e-4)


def test_priorities_do_not_change_the_mean_wait_of_all():
    expected = erlang_c_mean_wait(PER_DAY, SERVICE, OFFICERS)
    assert_mean_is(expected, mean_waits()[:, 0], unit="days", false_alarm=1e-4)


@pytest.mark.parametrize("k", range(N_CLASSES))
def test_the_mean_wait_of_each_class_is_that_of_cobham(k):
    expected = cobham_mean_waits([PER_DAY / N_CLASSES] * N_CLASSES, SERVICE, OFFICERS)[k]
    assert_mean_is(expected, mean_waits()[:, 1 + k], unit="days", false_alarm=1e-4)


def test_hearings_ten_percent_longer_are_noticed():
    longer = mean_waits(service=1.1 * SERVICE)
    with pytest.raises(AssertionError, match="standard errors"):
        assert_mean_is(erlang_c_mean_wait(PER_DAY, SERVICE, OFFICERS), longer[:, 0], unit="days")
    for k, expected in enumerate(cobham_mean_waits([PER_DAY / N_CLASSES] * N_CLASSES, SERVICE, OFFICERS)):
        with pytest.raises(AssertionError, match="chance of a false alarm"):
            assert_mean_is(expected, longer[:, 1 + k], unit="days")


def test_a_desk_that_ignores_priorities_is_noticed():
    flat = mean_waits(by_priority=False)
    for k, expected in enumerate(cobham_mean_waits([PER_DAY / N_CLASSES] * N_CLASSES, SERVICE, OFFICERS)):
        with pytest.raises(AssertionError, match="chance of a false alarm"):
            assert_mean_is(expected, flat[:, 1 + k], unit="days")

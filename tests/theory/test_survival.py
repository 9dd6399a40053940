"""Claim: a rate that changes at a date is obeyed from that date on, no more and no less.

The trap is to draw a waiting time at the old rate and keep it: under a hazard of .09 a year that trebles after two years,
0.638 instead of 0.372 survive five years. Oracle: the closed form of survival at rates constant by pieces. Shown twice:
with the calendar, a rate and the keyed hazard alone; and in a running county, where a policy trebles the attempts of all
villages from its first day on.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import ClassVar

import numpy as np
import pytest
from checks import FROZEN, assert_share_is, county_by_hand, scenario_by_hand, simulate
from oracle_survival import naive_survival, survival
from simpy import Environment

from villagesim.dates import DAYS_A_YEAR
from villagesim.engine.calendar import Calendar
from villagesim.engine.levers import Rate
from villagesim.policies import Policy
from villagesim.randomness import Draws, occurs

START, CHANGE, STOP = date(2021, 1, 1), date(2023, 1, 1), date(2026, 1, 1)
BEFORE, AFTER = (CHANGE - START).days / DAYS_A_YEAR, (STOP - CHANGE).days / DAYS_A_YEAR  # years


# --- calendar, rate and hazard alone ---

HAZARD, N = 0.09, 50_000


@cache
def years_survived(factor, change=CHANGE):
    """Years until a hazard strikes, inf where it does not within five; from ``change`` on it is ``factor`` times as high."""
    env, calendar = Environment(), Calendar(START, STOP)
    rate, draws, years = Rate("exit_rate", HAZARD, N), Draws(5, 0), np.full(N, np.inf)

    def strike(month):
        alive = np.flatnonzero(years == np.inf)
        rows, after = occurs(draws, "exit", alive, month.key, month.days, rate.now[alive])
        years[alive[rows]] = (env.now + after) / DAYS_A_YEAR

    calendar.declare("births", "hazard", strike)
    calendar.declare("refresh", "rates", lambda month: rate.refresh())
    calendar.declare("policies", "policy", lambda month: rate.set("policy", lambda: factor), (change,))
    env.run(until=env.process(calendar.running(env)))
    return years


def n_left(years, at):
    return int((years > at).sum())


EXPECTED = survival((HAZARD, 3 * HAZARD), (BEFORE, AFTER))


@pytest.mark.parametrize(
    ("pieces", "at"),
    [((BEFORE, 0.0), BEFORE), ((BEFORE, 1.0), BEFORE + 1), ((BEFORE, AFTER), BEFORE + AFTER)],
    ids=["at the change", "a year later", "three years later"],
)
def test_survival_under_a_hazard_that_trebles_after_two_years(pieces, at):
    """Oracle: closed form, 50,000 lives; false alarm 6e-5."""
    assert_share_is(survival((HAZARD, 3 * HAZARD), pieces), n_left(years_survived(3.0), at - 1e-9), N)


def test_a_waiting_time_that_is_kept_is_noticed():
    kept = -np.log(Draws(5, 0).uniform("exit", np.arange(N))) / HAZARD
    assert_share_is(naive_survival((HAZARD, 3 * HAZARD), (BEFORE, AFTER)), n_left(kept, BEFORE + AFTER), N)
    with pytest.raises(AssertionError, match="standard errors"):
        assert_share_is(EXPECTED, n_left(kept, BEFORE + AFTER), N)


def test_a_change_two_months_late_is_noticed():
    with pytest.raises(AssertionError, match="standard errors"):
        assert_share_is(EXPECTED, n_left(years_survived(3.0, date(2023, 3, 1)), BEFORE + AFTER), N)


def test_nobody_is_struck_earlier_or_spared_by_a_change_that_comes_later():
    """The luck is the same: lives that end before the change end alike, the others no later. No chance."""
    free, trebled = years_survived(1.0), years_survived(3.0)
    early = free < BEFORE
    assert (free[early] == trebled[early]).all()
    assert (trebled[~early] >= BEFORE).all()
    assert (trebled <= free).all()


# --- a running county ---


@dataclass(frozen=True, kw_only=True)
class Campaign(Policy):
    """All villages are told to try more often."""

    kind: ClassVar[str] = "campaign"
    pulls = ("attempt_rate",)
    factor: float

    def begin(self, active):
        active.pull("attempt_rate", lambda: self.factor)


N_VILLAGES, N_INTEGRATIONS, ATTEMPTS = 2_000, 5, 0.2


@cache
def first_attempts(factor=None, start=CHANGE, end=None):
    """Years until the first attempt of every village at each integration, inf where there is none within five."""
    endowment = county_by_hand(N_VILLAGES, 2, income=np.full(2 * N_VILLAGES, 500_000.0))
    scenario = scenario_by_hand(endowment, STOP, **FROZEN)
    campaign = [] if factor is None else [Campaign(start=start, end=end, factor=factor)]
    first = {}
    for day, kind, village, facts in simulate(scenario, campaign, endowment=endowment).world.events:
        if kind == "attempt_started":
            first.setdefault((village, facts["integration"]), day / DAYS_A_YEAR)
    missing = N_VILLAGES * N_INTEGRATIONS - len(first)
    return np.array([*first.values(), *[np.inf] * missing])


@pytest.mark.parametrize("at", [1.0, BEFORE, 3.0, 4.0, BEFORE + AFTER])
def test_first_attempts_follow_a_policy_that_trebles_their_rate(at):
    """Oracle: closed form, 2,000 villages x 5 integrations; false alarm 6e-5 each."""
    expected = survival((ATTEMPTS, 3 * ATTEMPTS), (min(at, BEFORE), max(at - BEFORE, 0.0)))
    years = first_attempts(3.0)
    assert_share_is(expected, n_left(years, at), len(years))


def test_first_attempts_follow_a_policy_that_ends():
    """Oracle: closed form of three pieces; false alarm 6e-5."""
    end = date(2024, 1, 1)
    on = (end - CHANGE).days / DAYS_A_YEAR
    years = first_attempts(3.0, end=end)
    expected = survival((ATTEMPTS, 3 * ATTEMPTS, ATTEMPTS), (BEFORE, on, AFTER - on))
    assert_share_is(expected, n_left(years, BEFORE + AFTER), len(years))


def test_a_policy_ten_percent_stronger_is_noticed():
    expected = survival((ATTEMPTS, 3 * ATTEMPTS), (BEFORE, AFTER))
    years = first_attempts(3.3)
    with pytest.raises(AssertionError, match="standard errors"):
        assert_share_is(expected, n_left(years, BEFORE + AFTER), len(years))


def test_a_rate_that_stays_as_it_was_on_the_first_day_is_noticed():
    expected = survival((ATTEMPTS, 3 * ATTEMPTS), (BEFORE, AFTER))
    years = first_attempts()
    assert_share_is(survival((ATTEMPTS,), (BEFORE + AFTER,)), n_left(years, BEFORE + AFTER), len(years))
    with pytest.raises(AssertionError, match="standard errors"):
        assert_share_is(expected, n_left(years, BEFORE + AFTER), len(years))

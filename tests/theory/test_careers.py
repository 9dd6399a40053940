"""Claim: secretaries leave, learn and are replaced as equation E7 says.

Closed forms: survival in office at a constant rate; skill that relaxes towards talent + gain, so that its mean is
.50 + .10 x .30 / (.30 + .09) = .577 at all times when tenures are stationary, the reference of votes and projects; what a
course and professional management add (no chance: a pair of runs with the same luck, difference to 1e-9); who is of
retirement age at an election.
Chance of a false alarm: 6e-5 each (4 standard errors).
"""

from datetime import date
from functools import cache

import numpy as np
import pytest
from checks import (
    FROZEN,
    ON_DAY_ONE,
    assert_mean_is,
    assert_share_is,
    county_by_hand,
    fixed,
    scenario_by_hand,
    simulate,
)
from oracle_survival import relax, survival
from scipy.stats import norm, truncnorm

from villagesim.agents.secretaries import reference_skill
from villagesim.dates import DAYS_A_YEAR
from villagesim.parameters import DEFAULTS
from villagesim.policies import ProfessionalSecretaries, Training
from villagesim.timetable import Timetable

N = 6_000
FALSE_ALARM = 2 * norm.sf(4)
FREE = ("exit_rate", "skill_gain", "skill_mean", "skill_sd")
CALM = {name: value for name, value in FROZEN.items() if name not in FREE}


@cache
def county(n=N):
    return county_by_hand(n, 1, income=np.full(n, 500_000.0))


def run(stop, policies=(), elections=(), n=N, **changes):
    """A county of single villages, which nothing happens to but careers."""
    scenario = scenario_by_hand(county(n), stop, decree=None, **(CALM | changes))
    object.__setattr__(scenario, "timetable", Timetable(ON_DAY_ONE, stop, elections=elections))
    return simulate(scenario, policies, endowment=county(n))


def years_until(day):
    return (day - ON_DAY_ONE).days / DAYS_A_YEAR


def assert_holders_survive(rate, stop, finished):
    still = int((finished.world.secretaries.number == 0).sum())
    assert_share_is(survival((rate,), (years_until(stop),)), still, N)


@pytest.mark.parametrize("stop", [date(2022, 1, 1), date(2026, 1, 1)], ids=str)
def test_holders_leave_between_elections_at_a_constant_rate(stop):
    """Oracle: closed form of survival at .04 a year, 6,000 seats; false alarm 6e-5."""
    assert_holders_survive(0.04, stop, run(stop))


def test_professional_secretaries_leave_less_often():
    """Oracle: three quarters of the rate from the day on which they become a profession; false alarm 6e-5."""
    stop, from_then = date(2026, 1, 1), date(2023, 1, 1)
    finished = run(stop, [ProfessionalSecretaries(start=from_then, cost_per_post=0.0)])
    pieces = years_until(from_then), years_until(stop) - years_until(from_then)
    still = int((finished.world.secretaries.number == 0).sum())
    assert_share_is(survival((0.04, 0.03), pieces), still, N)


def test_an_exit_rate_a_quarter_higher_is_noticed():
    """The twin of the exit rate."""
    stop = date(2026, 1, 1)
    with pytest.raises(AssertionError, match="standard errors"):
        assert_holders_survive(0.04, stop, run(stop, exit_rate=0.05))


STATIONARY = reference_skill(DEFAULTS)


def test_the_mean_skill_is_stationary_from_the_first_day_on():
    """Oracle: closed form, at the start and after 20 years at the turnover that the start assumes; false alarm 6e-5."""
    assert pytest.approx(0.50 + 0.10 * 0.30 / (0.30 + 0.09), rel=1e-12) == STATIONARY
    finished = run(date(2041, 1, 1), exit_rate=fixed(0.09))
    tenure = -finished.world.secretaries.since[finished.world.secretaries.number == 0] / DAYS_A_YEAR
    assert tenure.min() > 0
    for skill in (run(date(2021, 2, 1)).world.secretaries.skill, finished.world.secretaries.skill):
        assert_mean_is(STATIONARY, skill, false_alarm=FALSE_ALARM)


def test_elections_and_exits_together_keep_the_mean_where_it_is():
    """Oracle: the same, of 2,000 seats over 40 years with an election every five; false alarm 6e-5.

    The closed form takes exits as evenly spread and .09 a year; here they come in waves, .081 a year, which moves the mean
    by some .001: allowed for as its error.
    """
    elections = tuple(date(year, 1, 1) for year in range(2026, 2061, 5))
    finished = run(date(2061, 1, 1), elections=elections, n=2_000)
    by_seat = finished.record.column("skill").mean(axis=0)
    assert_mean_is(STATIONARY, by_seat, false_alarm=FALSE_ALARM, expected_error=0.001)
    with pytest.raises(AssertionError, match="standard errors"):
        assert_mean_is(STATIONARY + 0.01, by_seat, false_alarm=FALSE_ALARM, expected_error=0.001)


def test_a_skill_that_does_not_grow_is_noticed():
    """The twin of the curve: a gain of .085 in place of .10."""
    finished = run(date(2026, 1, 1), exit_rate=fixed(0.09), skill_gain=fixed(0.085))
    with pytest.raises(AssertionError, match="standard errors"):
        assert_mean_is(STATIONARY, finished.world.secretaries.skill, false_alarm=FALSE_ALARM)


def test_a_new_holder_learns_along_the_curve():
    """No chance: skill = talent + gain (1 - e^-.3 t) of every holder who took office in the run, to 1e-9."""
    stop = date(2024, 1, 1)
    finished = run(stop, n=500, exit_rate=fixed(0.3))
    s = finished.world.secretaries
    new = (s.number > 0) & (s.skill < 1)
    last_refresh = date(2023, 12, 1)
    there = years_until(last_refresh) - s.since / DAYS_A_YEAR
    new &= there > 0
    assert new.sum() > 200
    expected = [relax(talent, talent + 0.10, 0.30, t) for talent, t in zip(s.talent[new], there[new], strict=True)]
    assert s.skill[new] == pytest.approx(expected, abs=1e-9)


def skill_gained(policy, stop, **changes):
    """What a policy adds to the skill of holders who stay, by seat, at the last first of a month of the run."""
    frozen = {"skill_mean": 0.5, "skill_sd": fixed(1e-3), "exit_rate": fixed(0.0)} | changes
    with_it, without = (run(stop, policies, n=50, **frozen).world.secretaries.skill for policies in ([policy], []))
    return with_it - without


@pytest.mark.parametrize("months", [0, 1, 12, 33])
def test_a_course_adds_skill_that_fades_along_the_curve(months):
    """No chance: .04 on the first of the month, and .04 e^-.3 t later."""
    start = date(2021, 3, 1)
    seen = date(2021 + (2 + months) // 12, (2 + months) % 12 + 1, 1)
    stop = date(seen.year + seen.month // 12, seen.month % 12 + 1, 1)
    course = Training(start=start, end=date(2021, 4, 1), places=12 * 50, cost_per_place=0.0)
    left = relax(0.04, 0.0, 0.30, (seen - start).days / DAYS_A_YEAR)
    assert skill_gained(course, stop) == pytest.approx(left, abs=1e-9)


@pytest.mark.parametrize("months", [0, 1, 12, 33])
def test_professional_management_lifts_where_skill_tends_to(months):
    """No chance: .08 (1 - e^-.3 t) from its first day, and nothing before."""
    start = date(2021, 3, 1)
    seen = date(2021 + (2 + months) // 12, (2 + months) % 12 + 1, 1)
    stop = date(seen.year + seen.month // 12, seen.month % 12 + 1, 1)
    added = relax(0.0, 0.08, 0.30, (seen - start).days / DAYS_A_YEAR)
    gained = skill_gained(ProfessionalSecretaries(start=start, cost_per_post=0.0), stop)
    assert gained == pytest.approx(added, abs=1e-9)


def test_a_month_too_much_is_noticed():
    """The twin: the effect of professional management a month earlier differs by more than the tolerance."""
    assert relax(0.0, 0.08, 0.30, 1.0) - relax(0.0, 0.08, 0.30, 1 - 28 / DAYS_A_YEAR) > 1e-3


ELECTION = date(2024, 1, 1)


def share_replaced(p_replaced=0.15):
    """Those who are 60 on the day go, and of the others some; ages at the start are those of the truncated normal."""
    low, high = (28 - 45.4) / 8, (60 - 45.4) / 8
    old = truncnorm(low, high, loc=45.4, scale=8).sf(60 - years_until(ELECTION))
    return old + (1 - old) * p_replaced


def n_elected(**changes):
    finished = run(date(2024, 2, 1), elections=(ELECTION,), exit_rate=fixed(0.0), **changes)
    return int((finished.world.secretaries.number == 1).sum())


def test_an_election_replaces_the_old_and_some_of_the_others():
    """Oracle: closed form (18.5%), 6,000 seats; false alarm 6e-5."""
    assert_share_is(share_replaced(), n_elected(), N)


@pytest.mark.parametrize("fault", [{"p_replaced": 0.18}, {"age_mean": 48}])
def test_an_election_that_replaces_others_is_noticed(fault):
    """The twin of the election: a higher chance for all, or older secretaries."""
    with pytest.raises(AssertionError, match="standard errors"):
        assert_share_is(share_replaced(), n_elected(**fault), N)

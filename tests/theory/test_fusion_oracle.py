"""Claim: in the running model, accounts are pooled as often as equation E1 says under frozen conditions.

Oracle: ``tests/oracles/fusion.json``, made by ``benchmarks/oracle_fusion.py`` from the text of the equation alone, with
a standard error of its own; the cases with lateness, as the equation stands. Frozen: trust, cohesion, skill and income.

A made county of equal parts with lognormal incomes merges on its first day and runs for seven years, with all processes
of the model. Benefits per member are spread like income per member (and too small to cost anything), so that the vote
on livelihood follows the same law as that on the economy: every village gives two cases that share only its lasting
leaning, and the two are averaged before the standard error is taken.

A share is refused from 4 standard errors on: chance of a false alarm 6e-5 each, 8e-4 for all. With 4,000 villages a case
a standard error is about 0.004, and attempts 10% too often are still more than 4 standard errors off (checked below).
"""

import json
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from checks import FROZEN, ON_DAY_ONE, assert_mean_is, county_by_hand, fixed, scenario_by_hand, simulate
from scipy.stats import norm

from villagesim.dates import DAYS_A_YEAR
from villagesim.policies import FiveIntegrations
from villagesim.randomness import Draws

ORACLE = json.loads((Path(__file__).parents[1] / "oracles" / "fusion.json").read_text(encoding="utf-8"))["cases"]
HORIZONS = (1, 5, 7)  # years since the decree
CASES = (
    "two parts",
    pytest.param("three parts", marks=pytest.mark.long),
    pytest.param("four parts", marks=pytest.mark.long),
    "three parts, programme",
)
N_VILLAGES, N_REPLICATIONS = 2_000, 2  # two counties, so that a run stays small
FALSE_ALARM = 2 * norm.sf(4)


def county(parts, sigma, replication):
    """Every constituent draws income and benefits per member by itself."""
    draws, ids = Draws(20_210_701, "county", replication), np.arange(N_VILLAGES * parts)
    income, benefits = (np.exp(sigma * draws.normal(name, ids)) for name in ("income", "benefits"))
    return county_by_hand(N_VILLAGES, parts, income=1e6 * income, benefits=0.01 * benefits)


def frozen(case, **changes):
    """Parameters under which the model is the oracle's case."""
    wanted = case["settings"]
    rate = "programme_attempt_rate" if wanted["facilitator"] else "attempt_rate"
    known = {
        rate: wanted["attempts"],
        "trust_base": wanted["trust"],
        "cohesion_at_decree": fixed(wanted["cohesion"]),
        "lost_vote_wait": wanted["closed"] * DAYS_A_YEAR,
        "vote_base_account": wanted["willingness"],
        "vote_loss": wanted["loss"],
        "vote_gain": wanted["gain"],
        "vote_own_secretary": wanted["own_secretary"],
        "vote_lateness": wanted["lateness"],
        "vote_village_sd": wanted["sd_eps"],
        "skill_mean": wanted["skill"],
    }
    return FROZEN | known | changes


def run(name, replication, n_years=HORIZONS[-1], **changes):
    """One county of a case for some years; the programme has facilitators enough that nobody waits for one."""
    case = ORACLE[name]
    endowment = county(case["settings"]["parts"], case["settings"]["sigma_log_income"], replication)
    stop = date(ON_DAY_ONE.year + n_years, 2, 1)
    scenario = scenario_by_hand(endowment, stop, **frozen(case, **changes))
    helped = [FiveIntegrations(start=ON_DAY_ONE, facilitators=5 * N_VILLAGES, cost_per_facilitator=0.0)]
    return simulate(scenario, helped if case["settings"]["facilitator"] else (), 1, replication, endowment=endowment)


def years_until_won(finished, integration):
    """Years since the decree until the vote was won, by village; inf where it was not."""
    hosts = np.flatnonzero(finished.world.is_village)
    years = np.full(finished.world.n_rows, np.inf)
    for day, kind, village, facts in finished.world.events:
        if kind == "vote_won" and facts["integration"] == integration:
            years[village] = day / DAYS_A_YEAR
    return years[hosts]


def years_with(name, n_years, n_replications=N_REPLICATIONS, **changes):
    """Years until the votes on economy and livelihood were won, (n_villages, 2), in ``n_years`` of some other model."""
    runs = (run(name, replication, n_years, **changes) for replication in range(n_replications))
    return np.concatenate([np.column_stack([years_until_won(r, i) for i in ("economy", "livelihood")]) for r in runs])


@cache
def years(name):
    """The same in the model as it is."""
    return years_with(name, HORIZONS[-1])


def assert_as_the_oracle(name, horizon, found):
    expected = ORACLE[name]["share_pooled"][str(horizon)]
    won = (found <= horizon).mean(axis=1)
    assert_mean_is(expected["value"], won, false_alarm=FALSE_ALARM, expected_error=expected["se"])


@pytest.mark.parametrize("horizon", HORIZONS)
@pytest.mark.parametrize("name", CASES)
def test_the_running_model_pools_as_often_as_the_oracle(name, horizon):
    """Oracle: the table, within 4 standard errors of both; false alarm 6e-5."""
    assert_as_the_oracle(name, horizon, years(name))


@pytest.mark.parametrize(
    ("name", "rate", "value", "horizon"),
    [("two parts", "attempt_rate", 0.22, 5), ("three parts, programme", "programme_attempt_rate", 0.88, 1)],
)
def test_attempts_ten_percent_more_often_are_noticed(name, rate, value, horizon):
    with pytest.raises(AssertionError, match="standard errors"):
        assert_as_the_oracle(name, horizon, years_with(name, horizon, **{rate: value}))


def test_votes_that_stay_as_willing_as_on_the_first_day_are_noticed():
    """Without lateness the seventh year is off; then the oracle's own case without it must fit."""
    found = years_with("two parts", 7, vote_lateness=0.0)
    with pytest.raises(AssertionError, match="standard errors"):
        assert_as_the_oracle("two parts", 7, found)
    assert_as_the_oracle("two parts, no lateness", 7, found)


def test_help_that_takes_a_month_longer_is_noticed():
    """Thirty officer-days in place of ten, as if there were a queue: the first year of 6,000 villages is off."""
    found = years_with("three parts, programme", 1, 3, facilitation_days=fixed(30))
    with pytest.raises(AssertionError, match="standard errors"):
        assert_as_the_oracle("three parts, programme", 1, found)


def test_a_vote_won_makes_one_account_of_all_parts_when_the_month_is_closed():
    """No chance: the pointers of the record against the instants of the votes, month by month."""
    finished = run("three parts", 0, n_years=3)
    account, months = finished.record.account_of[1:], finished.world.calendar.months
    hosts = np.flatnonzero(finished.world.is_village)
    won = years_until_won(finished, "economy") * DAYS_A_YEAR
    for month, row in zip(months, account, strict=True):
        one = won < month.start + month.days
        for part in range(3):
            assert (row[hosts + part] == np.where(one, hosts, hosts + part)).all()


def test_a_county_of_one_village_tries_again_as_soon_as_it_may():
    """No chance worth the name: attempts are so frequent that each one follows the end of a wait within two days.

    All five matters are closed at the same time then, and open again in the middle of a month.
    """
    endowment = county_by_hand(1, 2, income=np.array([1e6, 1e6]))
    never = {name: fixed(-50.0) for name in ("vote_base_account", "vote_base_assembly")}
    scenario = scenario_by_hand(endowment, date(2023, 1, 1), **FROZEN, **never, attempt_rate=fixed(2_000.0))
    events = simulate(scenario, (), endowment=endowment).world.events
    days = [day for day, kind, _, facts in events if kind == "vote_lost" and facts["integration"] == "economy"]
    assert np.diff(days) == pytest.approx(180, abs=2)

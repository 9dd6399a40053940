"""Claim: disputes arise, are registered, heard and re-opened as often as equation E2 says.

Closed forms: 34 x .82 x .18 = 5.02 registered per 1,000 residents and year where trust is .5; e^-(T - .5) with trust; .8 x .1
of all hearings bring a case back, evenly within a year; a desk that nobody serves loses all cases at the hazard of their
patience. Chance of a false alarm: 6e-5 each (4 standard errors).
"""

from dataclasses import replace
from datetime import date
from functools import cache
from math import exp

import numpy as np
import pytest
from checks import FROZEN, ON_DAY_ONE, assert_mean_is, assert_share_is, county_by_hand, fixed, scenario_by_hand
from laws.law_checks import re_opened
from scipy.stats import norm

from villagesim import simulation
from villagesim.dates import DAYS_A_YEAR
from villagesim.processes.disputes import ROW, Disputes
from villagesim.simulation import simulate

N, RESIDENTS = 2_000, 400
FALSE_ALARM = 2 * norm.sf(4)
STOP = date(2023, 1, 1)
YEARS = (STOP - ON_DAY_ONE).days / DAYS_A_YEAR
QUIET = {name: value for name, value in FROZEN.items() if name != "incident_rate"}
QUIET |= {"heard_trust": fixed(0.0), "unheard_trust": fixed(0.0), "trust_base": 0.5}
AT_ONCE = {"residents_per_mediator": fixed(10.0), "hearing_days": fixed(1e-6), "patience_days": fixed(1e9)}
NOBODY = {"residents_per_mediator": fixed(1e12), "hearing_days": fixed(1e9)}


@cache
def run(stop=STOP, **changes):
    """A county of single villages of 400 residents, in which trust stays as it is."""
    endowment = replace(county_by_hand(N, 1, income=np.full(N, 500_000.0)), residents=np.full(N, RESIDENTS))
    parameters = QUIET | {name: v if isinstance(v, float) else fixed(v[0]) for name, v in changes.items()}
    return simulate(scenario_by_hand(endowment, stop, decree=None, **parameters), endowment=endowment)


def settled_at_once(**changes):
    """Desks at which nobody waits, and hearings of no time."""
    return run(**{name: (new["value"],) for name, new in AT_ONCE.items()}, **changes)


def per_thousand(finished, name, years=YEARS):
    """Cases per 1,000 residents and year, by constituent."""
    return 1000 * finished.record.column(name)[1:].sum(axis=0) / RESIDENTS / years


def test_disputes_arise_at_the_rate_of_the_equation():
    """Oracle: 34 per 1,000 adults, .82 of residents; some 45,000 cases; false alarm 6e-5."""
    assert_mean_is(34 * 0.82, per_thousand(run(), "incidents"), false_alarm=FALSE_ALARM)


def test_the_village_does_not_settle_the_printed_share():
    """Oracle: 5.02 registered per 1,000 residents and year, some 8,000 cases; false alarm 6e-5."""
    assert pytest.approx(5.0, abs=0.05) == 34 * 0.82 * 0.18
    assert_mean_is(34 * 0.82 * 0.18, per_thousand(run(), "registered"), false_alarm=FALSE_ALARM)


@pytest.mark.parametrize("trust", [0.4, 0.6])
def test_trust_keeps_the_peace(trust):
    """Oracle: e^-(T - .5) of it; false alarm 6e-5."""
    expected = 34 * 0.82 * exp(0.5 - trust)
    assert_mean_is(expected, per_thousand(run(trust_base=trust), "incidents"), false_alarm=FALSE_ALARM)


@pytest.mark.parametrize("fault", [{"unsettled_share": 0.2}, {"incident_rate": (38.0,)}])
def test_a_tenth_more_cases_are_noticed(fault):
    """The twin of the registration rate."""
    with pytest.raises(AssertionError, match="standard errors"):
        assert_mean_is(34 * 0.82 * 0.18, per_thousand(run(**fault), "registered"), false_alarm=FALSE_ALARM)


def assert_comes_back(share, finished):
    """Of cases registered evenly over T years, each back with this chance within a year: share x (1 - .5 / T) by T."""
    registered = int(finished.record.column("registered").sum())
    assert_share_is(share * (1 - 0.5 / YEARS), int(re_opened(finished).sum()), registered)


def test_settled_cases_come_back_within_a_year():
    """Oracle: .8 x .1 x 3/4 of all that were registered in two years; false alarm 6e-5."""
    assert_comes_back(0.8 * 0.1, settled_at_once())


def test_more_cases_that_come_back_are_noticed():
    """The twin of the share that is re-opened: .14 in place of .10."""
    with pytest.raises(AssertionError, match="standard errors"):
        assert_comes_back(0.8 * 0.1, settled_at_once(reopened_share=0.14))


def test_nothing_comes_back_where_hearings_settle_nothing_or_for_ever():
    """No chance: heard + petitions + open = registered then, month by month and village by village."""
    for changes in ({"settled_share": (0.0,)}, {"reopened_share": (1e-12,)}):
        assert not re_opened(settled_at_once(**changes)).any()


def test_where_nobody_waits_every_case_is_heard():
    """No chance: no petition, no wait, nothing open beyond the instant."""
    finished = settled_at_once()
    assert not finished.record.column("petitions").any()
    assert finished.record.column("waited").sum() == pytest.approx(0, abs=1e-3)
    heard = finished.record.column("heard").sum()
    assert heard == finished.record.column("registered").sum() + re_opened(finished).sum()


def share_gone(patience, years=YEARS):
    """Of cases that arise evenly over some years, those whose patience has ended by the end."""
    rate = DAYS_A_YEAR / patience
    return 1 - (1 - exp(-rate * years)) / (rate * years)


def assert_gone(patience, finished):
    registered = int(finished.record.column("registered").sum())
    assert_share_is(share_gone(patience), int(finished.record.column("petitions").sum()), registered)


def test_cases_that_nobody_hears_go_higher_when_patience_ends():
    """Oracle: closed form; hearings that never end keep all mediators busy, at most two a township; false alarm 6e-5."""
    assert_gone(90, run(**{name: (new["value"],) for name, new in NOBODY.items()}))


def test_a_patience_of_four_months_is_noticed():
    """The twin of patience: a mean of 120 days in place of 90."""
    changes = {name: (new["value"],) for name, new in NOBODY.items()}
    with pytest.raises(AssertionError, match="standard errors"):
        assert_gone(90, run(patience_days=120.0, **changes))


# --- what is said to be open, against what lies on the desks ---


def on_the_desks(monkeypatch, **changes):
    """Cases at the desks at the end of a run, waiting or in hearing, and those that came back; the run."""
    there, back = [], []

    class Watched(Disputes):
        def __init__(self, world):
            super().__init__(world)
            there.append(self.desks)  # a process is emptied when the run is over

        def heard(self, case, day, waited):
            *_, after = case
            back.extend([day + after] * bool(after))
            super().heard(case, day, waited)

    Watched.__module__ = Disputes.__module__  # it looks at what the library keeps to itself
    processes = tuple(Watched if process is Disputes else process for process in simulation.PROCESSES)
    monkeypatch.setattr(simulation, "PROCESSES", processes)
    finished = run.__wrapped__(date(2021, 9, 1), hearing_days=8.0, patience_days=30.0, incident_rate=50.0, **changes)
    (desks,) = there
    came = sum(day < desks[0]._now for day in back)
    return sum(desk.n_waiting + desk._busy for desk in desks), came, finished


def test_what_is_open_lies_on_the_desks(monkeypatch):
    """No chance: counted by another way, case by case; what came back too."""
    open_cases, back, finished = on_the_desks(monkeypatch)
    assert finished.record.column("petitions").sum() > 100
    assert finished.record.column("open_disputes")[-1].sum() == open_cases > 50
    assert re_opened(finished).sum() == back > 10


def test_a_case_that_is_forgotten_is_noticed(monkeypatch):
    """The twin: a petition that is not counted stays open for ever."""
    right = Disputes.left
    monkeypatch.setattr(
        Disputes, "left", lambda self, case, *when: None if case[ROW] % 50 == 0 else right(self, case, *when)
    )
    open_cases, _, finished = on_the_desks(monkeypatch)
    assert finished.record.column("open_disputes")[-1].sum() != open_cases

"""Oracle: the order as it is declared, written out by hand. No chance."""

from datetime import date
from itertools import pairwise

import pytest
from simpy import Environment

from villagesim.dates import Month, month_key
from villagesim.engine.calendar import CLOSING, OPENING, STAGES, Calendar

FIRSTS = (0.0, 31.0, 59.0, 90.0)  # January to March 2021 and the midnight after


@pytest.fixture
def calendar():
    return Calendar(date(2021, 1, 1), date(2021, 4, 1))


def run(calendar, env=None):
    """Walk to the end; every declared stage notes (stage, day, month)."""
    env = env or Environment()
    happened = []
    for stage in STAGES:
        calendar.declare(stage, "note", lambda month, stage=stage: happened.append((stage, env.now, month.label)))
    env.run(until=env.process(calendar.running(env)))
    return happened


def test_the_past_is_closed_before_the_future_is_opened(calendar):
    labels = [None, "2021-01", "2021-02", "2021-03", None]
    expected = []
    for day, ended, begins in zip(FIRSTS, labels, labels[1:], strict=False):
        expected += [(stage, day, ended) for stage in CLOSING if ended]
        expected += [(stage, day, begins) for stage in OPENING if begins]
    assert run(calendar) == expected


def test_the_stages_are_those_of_the_model_in_their_order():
    assert CLOSING == ("harvest", "ledger", "trust", "rating", "record")
    assert OPENING == ("decree", "policies", "refresh", "births")
    assert STAGES == CLOSING + OPENING


def test_on_the_first_day_nothing_is_closed_and_on_the_last_nothing_opened(calendar):
    happened = run(calendar)
    assert [stage for stage, day, _ in happened if day == FIRSTS[0]] == list(OPENING)
    assert [stage for stage, day, _ in happened if day == FIRSTS[-1]] == list(CLOSING)


def test_the_months_are_real_ones():
    calendar = Calendar(date(2023, 12, 1), date(2024, 4, 1))
    assert calendar.months == (
        Month(month_key(date(2023, 12, 1)), 0.0, 31),
        Month(month_key(date(2024, 1, 1)), 31.0, 31),
        Month(month_key(date(2024, 2, 1)), 62.0, 29),
        Month(month_key(date(2024, 3, 1)), 91.0, 31),
    )
    assert {day for _, day, _ in run(calendar)} == {0.0, 31.0, 62.0, 91.0, 122.0}


def test_the_run_stops_at_the_midnight_after_the_end(calendar):
    env = Environment()
    run(calendar, env)
    assert env.now == FIRSTS[-1]


def test_a_stage_may_be_done_on_some_dates_only(calendar):
    done = []
    dates = (date(2021, 2, 1), date(2021, 3, 1))
    calendar.declare("decree", "opening", lambda month: done.append(("opens", month.label)), dates)
    calendar.declare("ledger", "closing", lambda month: done.append(("closes", month.label)), dates[:1])
    calendar.declare("births", "never", lambda month: done.append("never"), ())
    run(calendar)
    assert done == [("opens", "2021-02"), ("closes", "2021-02"), ("opens", "2021-03")]


def test_within_a_stage_the_order_is_that_of_declaration(calendar):
    done = []
    for owner in ("second", "first", "third"):
        calendar.declare("trust", owner, lambda month, owner=owner: done.append(owner))
    run(calendar)
    assert done[:3] == ["second", "first", "third"]
    assert calendar.order[:3] == [("harvest", "note"), ("ledger", "note"), ("trust", "second")]


@pytest.mark.parametrize(("stage", "following"), list(pairwise(STAGES)))
def test_whoever_is_woken_in_a_stage_acts_before_the_next_one(stage, following):
    calendar, env, done = Calendar(date(2021, 1, 1), date(2021, 3, 1)), Environment(), []
    waiting = env.event()

    def beginning():
        done.append("begun")
        yield env.timeout(0)

    def sleeping():
        yield waiting
        done.append("woken")
        env.process(beginning())

    def wake(month):
        if env.now == FIRSTS[1]:
            done.append(stage)
            waiting.succeed()

    env.process(sleeping())
    calendar.declare(stage, "waker", wake)
    calendar.declare(following, "next", lambda month: done.append(following) if env.now == FIRSTS[1] else None)
    env.run(until=env.process(calendar.running(env)))
    assert done == [stage, "woken", "begun", following]


def test_the_calendar_comes_before_everything_else_of_its_instant(calendar):
    """A timeout that ends at midnight, whenever it was made, finds the month's harvest closed already."""
    env, done = Environment(), []

    def early():
        yield env.timeout(FIRSTS[1])
        done.append("made on the first day")

    def late():
        yield env.timeout(30)
        yield env.timeout(1)
        done.append("made the day before")

    env.process(early())
    env.process(late())
    calendar.declare("harvest", "note", lambda month: done.append(f"harvest of {month.label}"))
    env.run(until=env.process(calendar.running(env)))
    assert done[0] == "harvest of 2021-01"
    assert sorted(done[1:3]) == ["made on the first day", "made the day before"]

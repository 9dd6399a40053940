"""Oracle: simpy.Timeout. A timer is one with its callback, in the same place of the queue. No chance."""

import pytest
from simpy import Environment
from simpy.events import Timeout

from villagesim.engine.timer import Timer


def mixed(kinds):
    """Instants and numbers in the order of events, of timers and timeouts as ``kinds`` says, many at one instant."""
    env, happened = Environment(), []
    note = lambda event: happened.append((env.now, event.value))  # noqa: E731
    for number, kind in enumerate(kinds):
        delay = number * 7 % 5 / 2
        if kind == "timer":
            Timer(env, delay, note, number)
        else:
            Timeout(env, delay, number).callbacks.append(note)
    env.run()
    return happened


def test_timers_come_in_the_order_of_timeouts():
    timeouts = mixed(["timeout"] * 30)
    assert timeouts == sorted(timeouts)
    assert mixed(["timer"] * 30) == mixed(["timer", "timeout"] * 15) == timeouts


def test_a_process_may_wait_for_a_timer_too():
    env, called = Environment(), []

    def waiting():
        return (yield Timer(env, 3, lambda event: called.append(env.now), "rung"))

    assert env.run(env.process(waiting())) == "rung"
    assert called == [env.now] == [3]


def test_time_does_not_run_backwards():
    with pytest.raises(ValueError, match="Negative delay -1"):
        Timer(Environment(), -1, print, None)

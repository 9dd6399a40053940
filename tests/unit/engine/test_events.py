"""Timers; and what `engine/events.py` takes of SimPy without being promised it.

Oracle: simpy.Timeout. A timer is one with its callback, in the same place of the queue. No chance.
"""

import ast
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
import simpy
from simpy import Event
from simpy.events import Timeout

import villagesim
from villagesim.engine.events import Environment, Timer

PRIVATE = {"_queue", "_eid", "_now", "_ok", "_value", "_target", "callbacks"}
"""What only `engine/events.py` may ask SimPy for."""


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


def changed_in(env, event):
    """What SimPy must keep for `engine/events.py`, and does not: each as a sentence."""
    event.succeed("value")
    queue = getattr(env, "_queue", None)
    kept = {
        "Environment._now is the clock": getattr(env, "_now", None) == 0,
        "Environment._eid counts events": isinstance(next(getattr(env, "_eid", iter([None]))), int),
        "Environment._queue is a heap of (instant, priority, number, event)": isinstance(queue, list)
        and len(queue) == 1
        and queue[0][0] == 0
        and queue[0][3] is event,
        "Event._ok says whether it went well": getattr(event, "_ok", None) is True,
        "Event._value is its value": getattr(event, "_value", None) == "value",
        "Event.callbacks is a list of functions": isinstance(getattr(event, "callbacks", None), list),
    }
    return [
        f"SimPy {simpy.__version__} is not as before: {name}. Mend engine/events.py."
        for name, ok in kept.items()
        if not ok
    ]


def test_simpy_keeps_what_events_are_made_of():
    env = simpy.Environment()
    assert changed_in(env, Event(env)) == []


def test_another_simpy_would_be_noticed():
    env, event = SimpleNamespace(_now=0.0), SimpleNamespace(succeed=print, callbacks=())
    assert len(changed_in(env, event)) == 5
    assert "Environment._queue is a heap" in changed_in(env, event)[1]


def uses(path):
    """Private names of SimPy that a file reads or sets, those of its own objects left out."""
    return Counter(
        node.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in PRIVATE and getattr(node.value, "id", "") != "self"
    )


def test_one_file_knows_what_simpy_keeps_to_itself():
    files = sorted(Path(villagesim.__file__).parent.rglob("*.py"))
    assert [path.name for path in files if uses(path)] == ["events.py"]


def test_a_closed_environment_wakes_nobody():
    env, woken = Environment(), []

    def waiting():
        yield env.timeout(1)
        woken.append(env.now)

    env.timeout(2).callbacks.append(lambda event: woken.append(env.now))
    env.close([env.process(waiting())])
    env.run()
    assert woken == []

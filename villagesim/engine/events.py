"""Events at the lowest cost: the one file that knows what SimPy keeps to itself.

Used of SimPy 4.1, though not promised by it: ``Environment._now``, ``_queue`` and ``_eid``; ``Event._ok``, ``_value`` and
``callbacks``. A test says so in words where a later SimPy has them no more.
"""

from collections.abc import Callable, Iterable
from heapq import heappush
from typing import TYPE_CHECKING, Any

import simpy
from simpy import Event, Process
from simpy.events import NORMAL, EventPriority


class Environment(simpy.Environment):
    """SimPy's environment; its clock, ``now`` [days from the start], is read without a call of Python."""

    __slots__ = ("_now",)
    if TYPE_CHECKING:
        now: float

    def close(self, stories: Iterable[Process]) -> None:
        """Forget what was still to come, and who waits for it: the run is over."""
        for story in stories:
            if story.is_alive:
                story.target.callbacks.clear()
        self._queue.clear()


class Timer(Event):
    """Calls ``function(event)`` after ``delay`` days, ``event.value`` being ``value``.

    The same as a :class:`simpy.Timeout` with one callback, in the same place of the queue, at less cost.
    """

    __slots__ = ("_value", "callbacks", "env")
    _ok = True
    if TYPE_CHECKING:
        value: Any

    def __init__(self, env: simpy.Environment, delay: float, function: Callable[[Any], None], value: Any) -> None:
        if delay < 0:
            raise ValueError(f"Negative delay {delay}")
        self.env, self.callbacks, self._value = env, [function], value
        heappush(env._queue, (env._now + delay, NORMAL, next(env._eid), self))


Environment.now = Environment._now  # type: ignore[misc]
Timer.value = Timer._value


def at_once(env: simpy.Environment, delay: float = 0.0, priority: EventPriority = NORMAL) -> Event:
    """Trigger an event after ``delay`` days; urgent ones come before all others of their instant."""
    event = Event(env)
    event._ok, event._value = True, None
    env.schedule(event, priority, delay)
    return event

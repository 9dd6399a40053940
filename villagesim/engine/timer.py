"""A function that is called after some days: most of what happens in a run."""

from collections.abc import Callable
from heapq import heappush
from typing import Any

from simpy import Environment, Event
from simpy.events import NORMAL


class Timer(Event):
    """Calls ``function(event)`` after ``delay`` days, ``event.value`` being ``value``.

    The same as a :class:`simpy.Timeout` with one callback, in the same place of the queue, at less cost.
    """

    _ok = True

    def __init__(self, env: Environment, delay: float, function: Callable[[Event], None], value: Any) -> None:
        if delay < 0:
            raise ValueError(f"Negative delay {delay}")
        self.env, self.callbacks, self._value = env, [function], value
        heappush(env._queue, (env._now + delay, NORMAL, next(env._eid), self))

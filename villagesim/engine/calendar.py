"""One calendar process owns every dated thing, so that what falls on one date happens in one declared order.

At each first of a month the past is closed, then the future opened. On the first day nothing is closed, on the
last date (the midnight after the end) nothing is opened.
"""

from collections.abc import Callable, Generator
from datetime import date

from simpy import Environment, Event
from simpy.events import URGENT

from villagesim.dates import Month, months_between
from villagesim.ending import called
from villagesim.engine.events import at_once
from villagesim.errors import RunError, nearest

CLOSING = ("harvest", "ledger", "trust", "rating", "record")
OPENING = ("decree", "policies", "refresh", "births")
STAGES = CLOSING + OPENING

Stage = Callable[[Month], None]


class Calendar:
    """Months of a run and what is done at their firsts."""

    def __init__(self, start: date, stop: date) -> None:
        self.months = months_between(start, stop)
        self.stop = stop
        self._declared: dict[str, list[tuple[str, Stage, frozenset[int] | None]]] = {stage: [] for stage in STAGES}

    def declare(self, stage: str, owner: str, function: Stage, dates: tuple[date, ...] | None = None) -> None:
        """Do ``function(month)`` at this stage of every first, or of the given ones.

        A closing stage gets the month that has ended, an opening stage the month that begins. Within a stage the
        order is that of declaration.

        Raises
        ------
        RunError
            Where there is no such stage.
        """
        if stage not in STAGES:
            raise RunError(f"{owner}: {stage!r} is not a stage of the month.", fix=nearest(stage, STAGES))
        keys = None if dates is None else frozenset(12 * d.year + d.month - 1 for d in dates)
        self._declared[stage].append((owner, function, keys))

    @property
    def order(self) -> list[tuple[str, str]]:
        """What happens at a first of a month: (stage, owner), in order."""
        return [(stage, owner) for stage in STAGES for owner, _, _ in self._declared[stage]]

    def close(self) -> None:
        """Forget the functions, not who declared them: the run is over."""
        for stage, declared in self._declared.items():
            self._declared[stage] = [(owner, lambda month: None, keys) for owner, _, keys in declared]

    def running(self, env: Environment) -> Generator[Event, None, None]:
        """Walk through all firsts. Between stages, whoever was woken acts before the next stage begins."""
        for ended, begins in zip((None, *self.months), (*self.months, None), strict=True):
            if ended is not None:
                yield at_once(env, delay=ended.start + ended.days - env.now, priority=URGENT)
            for stages, month in ((CLOSING, ended), (OPENING, begins)):
                if month is None:
                    continue
                for stage in stages:
                    for _, function, keys in self._declared[stage]:
                        if keys is None or month.key in keys:
                            called(function, month, error=RunError)
                    if env.peek() <= env.now:
                        yield at_once(env)

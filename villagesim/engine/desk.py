"""A township's desk: a few officers, a queue by priority, cases that give up.

Callbacks instead of one process a case: the same order as :class:`simpy.PriorityResource` with a timeout, case by case,
at a small part of its cost, and independent of how long the queue is.
"""

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any, Protocol

from simpy import Environment

from villagesim.engine.events import Timer

NOTHING = 1e-9
"""Days that are no time."""


class Case(Protocol):
    """What a desk needs of a case; all of it is drawn when the case is born."""

    priority: float
    patience: float
    duration: float


class Desk:
    """``capacity`` officers; the lowest priority number first, then first come; a case leaves when its patience ends.

    A part of an officer hears whole cases, and then is away until its part of the days makes up for the time they took.

    Parameters
    ----------
    env : simpy.Environment
    capacity : float
        Officers, not always whole ones; may change during the run, see :meth:`set_capacity`.
    heard, left : callable
        Called with the case at the instant its hearing ends, or it gives up unheard.
    """

    __slots__ = (
        "_alarm", "_busy", "_busy_days", "_ends", "_n_joined", "_owed", "_part", "_since", "_waiting", "_whole", "capacity",
        "env", "heard", "left",
    )  # fmt: skip

    def __init__(
        self, env: Environment, capacity: float, heard: Callable[[Any], None], left: Callable[[Any], None]
    ) -> None:
        self.env, self.heard, self.left = env, heard, left
        self._waiting: list[list[Any]] = []
        self._ends: list[tuple[float, int, list[Any]]] = []  # when the patience of those who wait ends
        self._alarm = float("inf")  # one for the earliest end
        self._n_joined = 0
        self._busy = 0
        self._since, self._busy_days = env.now, 0.0
        self._part, self._owed = 0.0, 0.0  # days that the part of an officer has worked ahead
        self.set_capacity(capacity)

    @property
    def n_waiting(self) -> int:
        """Cases in the queue, those in hearing left out."""
        return sum(entry[2] is not None for entry in self._waiting)

    def join(self, case: Case) -> None:
        """Hear the case at once if an officer is free, else let it wait."""
        if self._busy < self._whole or self._part_is_free():
            self._serve(case)
            return
        self._n_joined += 1  # breaks ties in order of arrival
        entry = [case.priority, self._n_joined, case]
        heappush(self._waiting, entry)
        if case.patience != float("inf"):
            heappush(self._ends, (self.env.now + case.patience, self._n_joined, entry))
            self._set_alarm()

    def set_capacity(self, capacity: float) -> None:
        """Change the number of officers; hearings that have begun are finished."""
        self._count_days()
        self.capacity, self._whole = capacity, int(capacity)
        self._part = capacity - self._whole
        self._call()
        if self._busy <= self._whole:
            self._come_back()

    def dismiss(self) -> None:
        """Send away all who wait, in their order, as if their patience had ended."""
        while (case := self._next()) is not None:
            self.left(case)

    def take_busy_days(self) -> float:
        """Officer time spent in hearings since this was last asked [officers x calendar days]."""
        self._count_days()
        busy_days, self._busy_days = self._busy_days, 0.0
        return busy_days

    def _count_days(self) -> None:
        now = self.env.now
        days = now - self._since
        self._busy_days += self._busy * days
        if self._part:
            self._owed = max(self._owed + ((self._busy > self._whole) - self._part) * days, 0.0)
        self._since = now

    def _part_is_free(self) -> bool:
        """Whether the part of an officer, where there is one beside those who are busy, can take a case now."""
        if self._busy != self._whole or not self._part:
            return False
        self._count_days()
        return self._owed <= NOTHING

    def _call(self, event: Timer | None = None) -> None:
        """Hear those who wait, as long as an officer is free."""
        while (
            self._waiting and (self._busy < self._whole or self._part_is_free()) and (case := self._next()) is not None
        ):
            self._serve(case)

    def _come_back(self) -> None:
        """Have the part of an officer look again when its time is made up for."""
        if self._part and self._owed > NOTHING:
            Timer(self.env, self._owed / self._part, self._call, None)

    def _next(self) -> Any:
        while self._waiting:
            entry = heappop(self._waiting)
            if entry[2] is not None:
                case, entry[2] = entry[2], None
                return case
        return None

    def _serve(self, case: Case) -> None:
        self._count_days()
        self._busy += 1
        self._hear(case)

    def _hear(self, case: Case) -> None:
        Timer(self.env, case.duration, self._hearing_ends, case)

    def _set_alarm(self) -> None:
        """Wake the desk when the patience of somebody ends, unless it will be woken by then."""
        if self._ends and (end := self._ends[0][0]) < self._alarm:
            self._alarm = end
            Timer(self.env, end - self.env.now, self._patience_ends, end)

    def _patience_ends(self, event: Timer) -> None:
        if event.value != self._alarm:
            return  # somebody less patient has come since, and the alarm was set anew
        while self._ends and (self._ends[0][0] <= self.env.now or self._ends[0][2][2] is None):
            entry = heappop(self._ends)[2]
            if entry[2] is not None:  # None: heard or gone already; the dead entry leaves the queue when it comes up
                case, entry[2] = entry[2], None
                self.left(case)
        self._alarm = float("inf")
        self._set_alarm()

    def _hearing_ends(self, event: Timer) -> None:
        self._count_days()
        if self._waiting and self._busy <= self._whole and (case := self._next()) is not None:
            self._hear(case)  # the officer goes on with the next one
        else:
            self._busy -= 1
            if self._part and self._busy == self._whole:
                self._call()
                self._come_back()
        self.heard(event.value)


class WatchedDesk(Desk):
    """A desk that tells of each case, when its hearing has ended or it has given up, how long it was in the queue [days].

    Parameters
    ----------
    tell : callable
        Called with the days that the case waited, and whether it was heard, before ``heard`` or ``left``.
    """

    __slots__ = ("_joined", "_tell")

    def __init__(
        self,
        env: Environment,
        capacity: float,
        heard: Callable[[Any], None],
        left: Callable[[Any], None],
        tell: Callable[[float, bool], None],
    ) -> None:
        super().__init__(env, capacity, self._telling(heard, True), self._telling(left, False))
        self._joined: dict[int, float] = {}
        self._tell = tell

    def join(self, case: Case) -> None:
        """Note when it comes."""
        self._joined[id(case)] = self.env.now
        super().join(case)

    def _telling(self, then: Callable[[Any], None], heard: bool) -> Callable[[Any], None]:
        def told(case: Any) -> None:
            days = self.env.now - (case.duration if heard else 0.0) - self._joined.pop(id(case))
            self._tell(max(days, 0.0), heard)
            then(case)

        return told

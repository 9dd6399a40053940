"""A township's desk that nobody waits for: its month is worked through when it has ended, case by case, on a clock of its own.

The same cases fare the same as at a :class:`~villagesim.engine.desk.Desk`, to the last bit, without an event of the run.
"""

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from typing import Any

from villagesim.engine.desk import NOTHING

Case = tuple[Any, ...]
"""Priority, patience and duration of its hearing [days], and whatever else its owner knows of it."""
Ended = Callable[[Case, float, float], None]
"""Called with a case, the day on which its hearing ended or it gave up unheard, and the days that it waited."""
COMES, HEARD, GIVES_UP, LOOKS = range(4)
"""What can happen next at a desk."""


class MonthlyDesk:
    """``capacity`` officers; the lowest priority number first, then first come; a case leaves when its patience ends.

    A part of an officer hears whole cases, and then is away until its part of the days makes up for the time they took.

    Parameters
    ----------
    heard, left : Ended
    """

    __slots__ = (
        "_ahead", "_busy", "_busy_days", "_now", "_number", "_owed", "_part", "_since", "_waiting", "_whole", "capacity",
        "heard", "left",
    )  # fmt: skip

    def __init__(self, heard: Ended, left: Ended) -> None:
        self.heard, self.left = heard, left
        self.capacity = 0.0
        self._ahead: list[tuple[float, int, int, Any]] = []
        self._waiting: list[tuple[float, int, list[Any]]] = []
        self._number = count()
        self._now = self._since = self._busy_days = 0.0
        self._busy = self._whole = 0
        self._part, self._owed = 0.0, 0.0  # days that the part of an officer has worked ahead

    @property
    def n_waiting(self) -> int:
        """Cases in the queue, those in hearing left out."""
        return sum(bool(entry) for _, _, entry in self._waiting)

    def expect(self, day: float, case: Case) -> None:
        """Let a case come on a day that is not over yet."""
        heappush(self._ahead, (day, next(self._number), COMES, case))

    def staff(self, capacity: float, day: float) -> None:
        """Change the number of officers, not always a whole one, from a day on; hearings that have begun are finished."""
        self._now = day
        self._count_days()
        self.capacity, self._whole = capacity, int(capacity)
        self._part = capacity - self._whole
        self._call()
        if self._busy <= self._whole:
            self._come_back()

    def work(self, until: float) -> float:
        """Work through all that happens before a day.

        Returns
        -------
        float
            Officer time spent in hearings since the last such day [officers x calendar days].
        """
        ahead = self._ahead
        while ahead and ahead[0][0] < until:
            self._now, _, what, who = heappop(ahead)
            if what == COMES:
                self._join(who)
            elif what == HEARD:
                self._hearing_ends(*who)
            elif what == LOOKS:
                self._call()
            elif who:
                case, joined = who
                who.clear()
                self.left(case, self._now, self._now - joined)
        self._now = until
        self._count_days()
        busy_days, self._busy_days = self._busy_days, 0.0
        return busy_days

    def _count_days(self) -> None:
        days = self._now - self._since
        self._busy_days += self._busy * days
        if self._part:
            self._owed = max(self._owed + ((self._busy > self._whole) - self._part) * days, 0.0)
        self._since = self._now

    def _part_is_free(self) -> bool:
        """Whether the part of an officer, where there is one beside those who are busy, can take a case now."""
        if self._busy != self._whole or not self._part:
            return False
        self._count_days()
        return self._owed <= NOTHING

    def _join(self, case: Case) -> None:
        if self._busy < self._whole or self._part_is_free():
            self._serve(case, self._now)
            return
        entry, number = [case, self._now], next(self._number)
        priority, patience, *_ = case
        heappush(self._waiting, (priority, number, entry))
        if patience != float("inf"):
            heappush(self._ahead, (self._now + patience, number, GIVES_UP, entry))

    def _serve(self, case: Case, joined: float) -> None:
        self._count_days()
        self._busy += 1
        self._hear(case, joined)

    def _hear(self, case: Case, joined: float) -> None:
        heappush(self._ahead, (self._now + case[2], next(self._number), HEARD, (case, joined)))

    def _next(self) -> list[Any]:
        """Case and day of who is next in the queue; nothing where nobody waits."""
        while self._waiting:
            entry = heappop(self._waiting)[2]
            if entry:  # else it gave up
                found = entry.copy()
                entry.clear()
                return found
        return []

    def _call(self) -> None:
        """Hear those who wait, as long as an officer is free."""
        while self._waiting and (self._busy < self._whole or self._part_is_free()) and (found := self._next()):
            self._serve(*found)

    def _come_back(self) -> None:
        """Have the part of an officer look again when its time is made up for."""
        if self._part and self._owed > NOTHING:
            heappush(self._ahead, (self._now + self._owed / self._part, next(self._number), LOOKS, None))

    def _hearing_ends(self, case: Case, joined: float) -> None:
        self._count_days()
        if self._waiting and self._busy <= self._whole and (found := self._next()):
            self._hear(*found)  # the officer goes on with the next one
        else:
            self._busy -= 1
            if self._part and self._busy == self._whole:
                self._call()
                self._come_back()
        self.heard(case, self._now, self._now - case[2] - joined)

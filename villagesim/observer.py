"""Observers: what a script wants to watch of a run while it goes on, without a part in it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simpy import Environment

from villagesim.dates import Month
from villagesim.engine.desk import Desk, WatchedDesk
from villagesim.engine.monthly_desk import Case, Ended
from villagesim.outcomes import Record


@dataclass(frozen=True)
class EndedCase:
    """A case that an officer has heard, or that gave up in the queue.

    Attributes
    ----------
    desk : str
        Whose queue it was in: ``facilitators``, ``mediators`` or ``service_posts``.
    township : int
        Number of the township whose desk it is; 0 where the county has only one.
    day : float
        When it ended, from the start [days].
    waited : float
        In the queue [days].
    heard : bool
        An officer heard it; else it gave up.
    """

    desk: str
    township: int
    day: float
    waited: float
    heard: bool


class Observer:
    """Base of observers: write the methods that you want, keep what you need in attributes, and hand it to ``simulate``.

    An observer sees values and cannot change anything: a run with observers is the same, bit by bit, as one without.
    """

    def month_closed(self, month: Month, record: Record) -> None:
        """A month has ended; ``record`` holds all months so far, the last one at index -1."""

    def happened(self, day: float, kind: str, village: int, facts: Mapping[str, Any]) -> None:
        """Something was logged ``day`` days from the start, of the village in this row (-1: of the county)."""

    def case_ended(self, case: EndedCase) -> None:
        """A case was heard at a desk, or gave up; of mediators and service posts told township by township at the month's end."""


class Observers:
    """All observers of a run, told as one; nobody may be there."""

    def __init__(self, watching: Sequence[Observer] = ()) -> None:
        self.watching = tuple(watching)

    def month_closed(self, month: Month, record: Record) -> None:
        """Show a month to all."""
        for observer in self.watching:
            observer.month_closed(month, record)

    def happened(self, day: float, kind: str, village: int, facts: Mapping[str, Any]) -> None:
        """Tell all what was logged."""
        for observer in self.watching:
            observer.happened(float(day), kind, village, facts)

    def desk(
        self,
        env: Environment,
        name: str,
        township: int,
        heard: Callable[[Any], None],
        left: Callable[[Any], None],
    ) -> Desk:
        """Desk without officers; where somebody watches, it tells what becomes of its cases."""
        if not self.watching:
            return Desk(env, 0, heard, left)

        def tell(waited: float, was_heard: bool) -> None:
            for observer in self.watching:
                observer.case_ended(EndedCase(name, township, float(env.now), waited, was_heard))

        return WatchedDesk(env, 0, heard, left, tell)

    def told(self, name: str, township: int, then: Ended, was_heard: bool) -> Ended:
        """What a desk that nobody waits for calls of a case that has ended; where somebody watches, it tells them first."""
        if not self.watching:
            return then

        def tell(case: Case, day: float, waited: float) -> None:
            for observer in self.watching:
                observer.case_ended(EndedCase(name, township, day, max(waited, 0.0), was_heard))
            then(case, day, waited)

        return tell

"""Observers: what a script wants to watch of a run while it goes on, without a part in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from villagesim.dates import Month
from villagesim.outcomes import Record


@dataclass(frozen=True)
class EndedCase:
    """A case that an officer has heard, or that gave up in the queue.

    Attributes
    ----------
    desk : str
        Whose queue it was in: ``facilitators``, ``mediators``, ``service_posts`` or ``audit_teams``.
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
        """A case was heard at a desk, or gave up."""

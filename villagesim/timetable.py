"""When a run begins and ends and what is dated in it; what the county has for support, from when on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from villagesim.checks import names
from villagesim.dates import first_of_month
from villagesim.errors import ScenarioError
from villagesim.frozen import Frozen


@dataclass(frozen=True)
class Timetable:
    """Dates of a run, all firsts of a month.

    Attributes
    ----------
    start, stop : date
        First day, and the day after the last.
    announcement, decree : date, optional
        None where nothing merges.
    elections : tuple of date
    """

    start: date
    stop: date
    announcement: date | None = None
    decree: date | None = None
    elections: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        days = [self.elections] if isinstance(self.elections, str | date) else self.elections
        object.__setattr__(self, "elections", tuple(first_of_month(day, "elections") for day in days))
        for name in ("start", "stop", "announcement", "decree"):
            if (day := getattr(self, name)) is not None:
                object.__setattr__(self, name, first_of_month(day, name))

    @property
    def januaries(self) -> range:
        """Years whose 1 January lies in the run."""
        return range(self.start.year + (self.start.month > 1), self.stop.year + (self.stop.month > 1))


@dataclass(frozen=True)
class Budget:
    """Money of the county for support.

    Attributes
    ----------
    yearly : float
        Paid in on every 1 January [yuan]; what is not spent is carried over.
    since : int
        First year.
    first : tuple of str
        Labels of policies that are paid before all others, in this order; the others share what is left, pro rata.
    also : dict of int to float
        Paid in besides on 1 January of these years [yuan].
    """

    yearly: float = 0.0
    since: int = 0
    first: tuple[str, ...] = ()
    also: Mapping[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        first = () if len(self.first) == 0 else names(self.first, "first", error=ScenarioError)
        object.__setattr__(self, "first", first)
        object.__setattr__(self, "also", Frozen(self.also))

    def paid_in(self, year: int) -> float:
        """What comes on 1 January of a year [yuan]."""
        return self.yearly * (year >= self.since) + self.also.get(year, 0.0)

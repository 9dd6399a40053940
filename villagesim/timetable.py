"""When a run begins and ends and what is dated in it; what the county has for support, from when on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from villagesim.checks import names
from villagesim.dates import first_of_month
from villagesim.errors import ScenarioError
from villagesim.frozen import Frozen


@dataclass(frozen=True)
class Decree:
    """A decree that merges villages.

    Attributes
    ----------
    announcement, day : date
        Firsts of a month: when it is made known, and when it comes into force.
    """

    announcement: date
    day: date

    def __post_init__(self) -> None:
        object.__setattr__(self, "announcement", first_of_month(self.announcement, "announcement"))
        object.__setattr__(self, "day", first_of_month(self.day, "decree"))
        if self.announcement > self.day:
            raise ScenarioError(
                f"announcement = {self.announcement} comes after its decree, {self.day}.",
                fix="Announce it on the same day, or before.",
            )


@dataclass(frozen=True)
class Timetable:
    """Dates of a run, all firsts of a month.

    Attributes
    ----------
    start, stop : date
        First day, and the day after the last.
    decrees : tuple of Decree
        One after the other; empty where nothing merges. What is decreed on one day is one decree.
    elections : tuple of date
    """

    start: date
    stop: date
    decrees: tuple[Decree, ...] = ()
    elections: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        days = [self.elections] if isinstance(self.elections, str | date) else self.elections
        object.__setattr__(self, "elections", tuple(first_of_month(day, "elections") for day in days))
        for name in ("start", "stop"):
            object.__setattr__(self, name, first_of_month(getattr(self, name), name))
        object.__setattr__(self, "decrees", tuple(self.decrees))
        for one, other in pairwise(self.decrees):
            if other.day <= one.day:
                raise ScenarioError(
                    f"the decree of {other.day} does not come after that of {one.day}.",
                    fix="Give them in the order of their dates; what is decreed on one day is one decree.",
                )

    @property
    def announcement(self) -> date | None:
        """When the first decree is announced; None where nothing merges."""
        return self.decrees[0].announcement if self.decrees else None

    @property
    def decree(self) -> date | None:
        """Day of the first decree; None where nothing merges."""
        return self.decrees[0].day if self.decrees else None

    @property
    def announcements(self) -> tuple[date, ...]:
        """When each decree is announced."""
        return tuple(decree.announcement for decree in self.decrees)

    @property
    def decree_days(self) -> tuple[date, ...]:
        """Day of each decree."""
        return tuple(decree.day for decree in self.decrees)

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

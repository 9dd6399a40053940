"""Dates of a study: those of the decree where it is known, else out of the years of the rolls."""

from dataclasses import dataclass
from datetime import date

from villagesim.dates import first_of_month
from villagesim.study.county import OwnCounty

YEARS = 6
"""Calendar years of a run."""
FIRST = 2021
"""Year in which a run begins where no roll says one."""
ELECTIONS = (date(2021, 1, 1), date(2026, 1, 1))
"""Elections of village committees. Source: assumption, as in Zhangqiu and Yangquan."""


@dataclass(frozen=True)
class Days:
    """Dates that a scenario is written with.

    Attributes
    ----------
    start, end : date
        First and last day of the run.
    elections : tuple of date
    policies : date
        When policies start.
    announcement, decree : date or None
        None where nothing merges.
    decree_is_known : bool
        The user gave it.
    """

    start: date
    end: date
    elections: tuple[date, ...]
    policies: date
    announcement: date | None = None
    decree: date | None = None
    decree_is_known: bool = False

    @classmethod
    def of(cls, county: OwnCounty, decree: str | None) -> "Days":
        """The run begins with the year of the announcement, three months before the decree, else after the roll's.

        Raises
        ------
        ScenarioError
            Where the decree is no first of a month.
        """
        year = county.years[-1]
        if not county.merges:
            return cls._from(FIRST if year is None else year + 1, 0)
        day = first_of_month(decree or date(FIRST if year is None else year, 7, 1), "--decree")
        announced = date(day.year - (day.month <= 3), (day.month - 4) % 12 + 1, 1)
        found = cls._from(announced.year, 1 + day.year - announced.year)
        return cls(found.start, found.end, found.elections, found.policies, announced, day, decree is not None)

    @classmethod
    def _from(cls, year: int, wait: int) -> "Days":
        """A run from this year on, with policies so many years later."""
        start, end = date(year, 1, 1), date(year + YEARS - 1, 12, 31)
        elections = tuple(day for day in ELECTIONS if start < day < end)
        return cls(start, end, elections, date(year + wait, 3, 1))

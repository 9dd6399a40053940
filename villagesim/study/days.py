"""Dates of a study: those of the decrees where they are known, else out of the years of the rolls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from villagesim.dates import first_of_month
from villagesim.errors import ScenarioError
from villagesim.study.county import OwnCounty

YEARS = 6
"""Calendar years of a run, counted from the last decree."""
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
    policies : date
        When policies start.
    decrees : tuple of date
        In order; none where nothing merges.
    are_known : bool
        The user gave them.
    """

    start: date
    end: date
    policies: date
    decrees: tuple[date, ...] = ()
    are_known: bool = False

    @classmethod
    def of(cls, county: OwnCounty, given: Sequence[str]) -> "Days":
        """A run begins with the year of the first announcement; where nothing merges, with the one after the roll's.

        Raises
        ------
        ScenarioError
            Where decrees are no firsts of months, one after the other, one for each roll that follows another.
        """
        if not county.merges:
            year = (county.years[0] or FIRST - 1) + 1
            return cls(date(year, 1, 1), date(year + YEARS - 1, 12, 31), date(year, 3, 1))
        told = county.years[1:]
        years = [year for year in told if year is not None]
        if len(set(years)) < len(told) or years != sorted(years):
            years = [FIRST + k for k in range(len(told))]
        decrees = [first_of_month(day, "--decree") for day in given] or [date(year, 7, 1) for year in years]
        if len(decrees) != len(told) or decrees != sorted(set(decrees)):
            raise ScenarioError(
                f"--decree {' --decree '.join(given)}: not one for each of {len(told)}, in order.",
                fix="Give the day of each, the earliest first, or none.",
            )
        start, end = date(announced(decrees[0]).year, 1, 1), date(decrees[-1].year + YEARS - 1, 12, 31)
        return cls(start, end, date(decrees[0].year + 1, 3, 1), tuple(decrees), bool(given))

    @property
    def elections(self) -> tuple[date, ...]:
        """Elections within the run."""
        return tuple(day for day in ELECTIONS if self.start < day < self.end)


def announced(decree: date) -> date:
    """Three months before a decree."""
    return date(decree.year - (decree.month <= 3), (decree.month - 4) % 12 + 1, 1)

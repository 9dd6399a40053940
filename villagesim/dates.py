"""Real calendar dates: days from the start, firsts of a month, and the lasting key of a calendar month."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from villagesim.errors import ScenarioError, VillagesimError

DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Month:
    """One calendar month of a run.

    Attributes
    ----------
    key : int
        12 x year + month - 1: the same for every run, whenever it starts.
    start : float
        Its first midnight [days from the start of the run].
    days : int
        Its length [days], 28 to 31.
    """

    key: int
    start: float
    days: int

    @property
    def year(self) -> int:
        """Calendar year."""
        return self.key // 12

    @property
    def label(self) -> str:
        """The month as in ``2022-03``."""
        return month_label(self.key)

    @property
    def years(self) -> float:
        """Its length [years of 365.25 days], the step of every yearly rate."""
        return self.days / DAYS_A_YEAR

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.key // 12, self.key % 12 + 1, 1)


def month_key(day: date) -> int:
    """Lasting key of the calendar month that holds ``day``."""
    return 12 * day.year + day.month - 1


def month_label(key: int) -> str:
    """Label, as in ``2022-03``, of the month with this key."""
    return f"{key // 12}-{key % 12 + 1:02d}"


def months_between(start: date, stop: date) -> tuple[Month, ...]:
    """All months from ``start`` up to ``stop``, both firsts of a month, ``stop`` left out."""
    months, offset = [], 0.0
    for key in range(month_key(start), month_key(stop)):
        first = date(key // 12, key % 12 + 1, 1)
        days = (next_first(first) - first).days
        months.append(Month(key, offset, days))
        offset += days
    return tuple(months)


def month_of_run(at: str | None, start: date, stop: date, what: str = "at") -> str:
    """Label of a month of a run from ``start`` to before ``stop``: the one that is asked for, or the last.

    Raises
    ------
    ScenarioError
        Where it is none of them.
    """
    labels = [month.label for month in months_between(start, stop)]
    if at is not None and at not in labels:
        raise ScenarioError(
            f"{what} = {at!r} is not a month of the run, {labels[0]} to {labels[-1]}.", fix="Write it as 2025-12."
        )
    return labels[-1] if at is None else at


def next_first(day: date) -> date:
    """Return the first of the month after the month of ``day``."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def first_of_month(value: date | str, what: str, error: type[VillagesimError] = ScenarioError) -> date:
    """Take a date that must be the first of a month.

    Raises
    ------
    VillagesimError
        Of the type ``error``, where it is not a date, or not a first; the two nearest firsts are named.
    """
    day = as_date(value, what, error)
    if day.day == 1:
        return day
    before, after = day.replace(day=1), next_first(day)
    raise error(
        f"{what} = {day} is not the first of a month.",
        fix=f"Rates and policies change on firsts only, so that arrivals stay exact. The nearest are {before} and"
        f" {after}.",
    )


def last_of_month(value: date | str, what: str) -> date:
    """Take a date that must be the last day of a month (the run ends at the midnight after it)."""
    day = as_date(value, what)
    if (day + timedelta(days=1)).day == 1:
        return day
    before, after = day.replace(day=1) - timedelta(days=1), next_first(day) - timedelta(days=1)
    raise ScenarioError(
        f"{what} = {day} is not the last day of a month.",
        fix=f"A run covers whole months. The nearest are {before} and {after}.",
    )


def as_date(value: date | str, what: str, error: type[VillagesimError] = ScenarioError) -> date:
    """Take a date, its ISO text, or an instant of Python, numpy or pandas that is a midnight."""
    if isinstance(value, np.datetime64) and not np.isnat(value):
        midnight = value.astype("datetime64[D]")
        value = midnight.item() if midnight == value else value
    if isinstance(value, datetime) and value == value and value.time() == time():  # a missing instant is not itself
        value = value.date()
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            raise error(f"{what} = {value!r} is not a date.", fix="Write it as 2022-03-01.") from None
    if type(value) is not date:
        raise error(f"{what} = {value!r} is not a date.", fix="Write it as 2022-03-01, without a time of day.")
    if not 1900 <= value.year <= 2200:
        raise error(f"{what} = {value} lies outside the years 1900 to 2200.", fix="Correct the year.")
    return value

"""Dates: real months, lasting keys, and refusals that name the two nearest dates."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from villagesim.dates import (
    as_date,
    first_of_month,
    last_of_month,
    month_key,
    month_label,
    months_between,
    next_first,
)
from villagesim.errors import ScenarioError


def test_months_cover_the_time_without_gap() -> None:
    """Every day from start to stop lies in one month, and leap years have their day."""
    start, stop = date(2019, 11, 1), date(2024, 4, 1)
    months = months_between(start, stop)
    assert len(months) == 53
    assert months[0].start == 0.0
    for before, month in pairwise(months):
        assert month.start == before.start + before.days
        assert month.key == before.key + 1
    assert months[-1].start + months[-1].days == (stop - start).days
    assert {month.label: month.days for month in months}["2020-02"] == 29
    assert {month.label: month.days for month in months}["2023-02"] == 28
    for month in months:
        assert start + timedelta(days=month.start) == month.first
        assert month.year == month.first.year


def test_the_key_of_a_month_does_not_depend_on_the_start() -> None:
    """March 2022 has the same key in every run."""
    one, other = months_between(date(2021, 1, 1), date(2023, 1, 1)), months_between(date(2022, 2, 1), date(2023, 1, 1))
    key = month_key(date(2022, 3, 17))
    assert key == 12 * 2022 + 2
    assert month_label(key) == "2022-03"
    assert key in {month.key for month in one} & {month.key for month in other}


def test_no_time_has_no_months() -> None:
    """From a day to itself there is no month."""
    assert months_between(date(2021, 1, 1), date(2021, 1, 1)) == ()


@pytest.mark.parametrize(
    ("day", "following"), [("2021-01-31", "2021-02-01"), ("2021-12-01", "2022-01-01"), ("2020-02-29", "2020-03-01")]
)
def test_next_first(day: str, following: str) -> None:
    """The first after a day, also over the turn of the year."""
    assert next_first(date.fromisoformat(day)) == date.fromisoformat(following)


@pytest.mark.parametrize(
    "value",
    [
        "2022-03-01", date(2022, 3, 1), datetime(2022, 3, 1), np.datetime64("2022-03-01"), np.datetime64("2022-03"),
        np.datetime64("2022-03-01T00:00:00.000000000"), pd.Timestamp("2022-03-01"),
        pd.Timestamp("2022-03-01", tz="Asia/Shanghai"),
        pd.Series(pd.to_datetime(["2022-03-01"])).to_numpy()[0],
    ],
)  # fmt: skip
def test_a_first_is_taken_as_date_or_text(value: date | str) -> None:
    """Texts in ISO form, dates and midnights of Python, numpy and pandas mean the same."""
    assert first_of_month(value, "start") == date(2022, 3, 1)


def test_another_day_names_the_two_nearest_firsts() -> None:
    """The way out stands in the message, also at the end of a year."""
    with pytest.raises(ScenarioError, match=r"start = 2022-12-31 is not the first.*\n.* 2022-12-01 and 2023-01-01\."):
        first_of_month("2022-12-31", "start")


def test_the_last_day_of_a_month() -> None:
    """A run ends with a month; other days name the two nearest ends."""
    assert last_of_month("2024-02-29", "end") == date(2024, 2, 29)
    assert last_of_month(date(2023, 12, 31), "end") == date(2023, 12, 31)
    with pytest.raises(ScenarioError, match=r"end = 2023-02-01 is not the last.*\n.* 2023-01-31 and 2023-02-28\."):
        last_of_month("2023-02-01", "end")


@pytest.mark.parametrize(
    "value",
    [
        "spring",
        "2022-13-01",
        "2022-02-30",
        "",
        datetime(2022, 3, 1, 9),
        20220301,
        None,
        pd.NaT,
        np.datetime64("NaT"),
        pd.Timestamp("2022-03-01 09:00"),
        np.datetime64("2022-03-01T09:00"),
    ],
)
def test_what_is_not_a_date_is_refused(value: object) -> None:
    """Words, days that do not exist, times of day and numbers are no dates."""
    with pytest.raises(ScenarioError, match="is not a date. Write it as 2022-03-01"):  # noqa: RUF043
        as_date(value, "start")  # type: ignore[arg-type]

"""A user's own figures of villages, of one year or of several, as county offices keep them: read, checked, and kept as arrays.

A table has a row a village, or a row a village and year. Figures of years that end under the decree are of the villages after
it. Nothing is guessed here: what is missing is NaN.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from villagesim.arrays import Floats
from villagesim.errors import RollError
from villagesim.foreign.headings import (
    BY_SOURCE,
    FIGURES,
    INCOME,
    INVESTMENT,
    LAT,
    LON,
    MEMBERS,
    NAME,
    PERIOD,
    TOWNSHIP,
    UNIT,
    ForeignColumn,
    year_of,
)
from villagesim.foreign.source import piece
from villagesim.foreign.table import ForeignTable, open_table
from villagesim.frozen import Frozen, Value, read_only
from villagesim.places.place import Place
from villagesim.places.rolls import Roll, check_names

__all__ = ["Figures", "FirstDays", "read_figures"]

EMPTY = "Leave the cell empty to have it drawn."
MOST = {"persons": 10**7, "yuan": 10**12, "mu": 10**7}
"""No village has more, by unit."""
ROUNDING = 0.005
"""Share of the whole by which sources may add up to more."""
NEEDED = tuple(column for column in BY_SOURCE if column is not INVESTMENT)
"""Sources that must be known for their sum to be the income; investments are few and often not told apart."""


@dataclass(frozen=True)
class FirstDays:
    """Days that say what a year's figures are of.

    Attributes
    ----------
    start : date
        Years that end before it are the past.
    stop : date
        Years that end after it are not looked at.
    decrees : tuple of date
        Years that end after one are of the villages after that decree.
    """

    start: date
    stop: date
    decrees: tuple[date, ...] = ()

    def is_past(self, year: int) -> bool:
        """The year has ended before the start."""
        return date(year + 1, 1, 1) <= self.start

    def decreed(self, year: int) -> int:
        """Decrees under which the year ends."""
        return sum(date(year + 1, 1, 1) > decree for decree in self.decrees)


@dataclass(frozen=True, eq=False)
class Figures(Value):
    """Figures by year and village, NaN where there is none.

    Attributes
    ----------
    name : str
        Of the file.
    years : tuple of int
        In order.
    values : dict of str to tuple of (n_villages,) arrays
        By column, one array a year: of the constituents, of the villages after a decree in years that end under it.
    """

    name: str
    years: tuple[int, ...]
    values: Mapping[str, tuple[Floats, ...]]

    def __post_init__(self) -> None:
        self._freeze(values=Frozen({name: tuple(map(read_only, rows)) for name, rows in self.values.items()}))

    def of(self, column: str, years: Sequence[int]) -> Floats:
        """One column of some years, ``(n_villages, len(years))``; the villages must be the same in all."""
        rows = [self.values[column][self.years.index(year)] for year in years]
        return np.stack(rows, axis=1)


def read_figures(
    path: Path, place: Place, days: FirstDays, notes: list[str] | None = None, left_out: Collection[str] = ()
) -> Figures:
    """Read a user's own figures, a table with ``code``, perhaps ``year``, and any of the columns of a village.

    Names of townships may stand beside the villages', and where they lie (:mod:`villagesim.places.geography`).

    What must be known of the file is added to ``notes``, as rows that were left out: totals, and townships and counties
    between the villages. Without a column ``year`` all is of the
    year before the start, and a heading of another year is noted.

    Parameters
    ----------
    left_out : collection of str
        Codes of villages that left the county, and so the place: their rows are passed over, and noted.

    Raises
    ------
    RollError
        Where a code or year is unknown or stands twice, most names are not the roll's, or a figure is none.
    """
    notes = [] if notes is None else notes
    found = open_table(path, (UNIT,), (NAME, PERIOD, TOWNSHIP, *FIGURES, LON, LAT), no_others=True, once_a_year=True)
    last, by_year, columns = days.start.year - 1, PERIOD in _there(found), _by_year(found, days.start.year - 1)
    if len(columns) == 1 and not by_year:
        said = {heading: year for heading in found.header if (year := year_of(heading))} or found.titles.years
        notes += [
            f"{path.name}: {text} is of {year}; it is taken for {last}, the year before the start"
            for text, year in said.items()
            if year != last
        ]
    rolls = place.rolls
    table: dict[int, dict[str, Floats]] = {}
    seen: dict[tuple[str, int], int] = {}
    names: tuple[list[tuple[str, str]], ...] = tuple([] for _ in rolls)
    for row, cells in _of_villages(found, left_out, notes):
        code, name, period, at = *cells[:3], (path.name, f"row {row}")
        for year, numbers in columns.items():
            if len(columns) > 1 and not any(cells[number] for number in numbers.values()):
                continue
            year = _year(period, (path.name, f"row {row} ({code})")) if by_year else year
            after = days.decreed(year)
            if code not in rolls[after].row_of:
                raise _unknown(code, year, rolls, after, at)
            if (code, year) in seen:
                raise RollError(
                    f"code = {code} of {year} stands in row {seen[code, year]} already."
                    if by_year
                    else f"code = {code} stands in row {seen[code, year]} already.",
                    fix="Keep one.",
                    at=at,
                )
            seen[code, year] = row
            names[after].append((code, name))
            own = table.setdefault(year, {column.name: np.full(len(rolls[after]), np.nan) for column in FIGURES})
            for column, value in _figures(found, cells, numbers, row):
                own[column.name][rolls[after].row_of[code]] = value
    for roll, told in zip(rolls, names, strict=True):
        check_names(path.name, told, roll, notes)
    return _as_arrays(path.name, table, days, place, notes)


def _of_villages(
    found: ForeignTable, left_out: Collection[str], notes: list[str]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Rows of villages that are in the place; others are noted."""
    gone, above, there = 0, list[str](), False
    for row, cells in found.rows(notes):
        if cells[0] in left_out:
            gone += 1
        elif len(cells[0]) < 12:
            above.append(f"{cells[0]} in row {row}")
        else:
            there = True
            yield row, cells
    if above and not there:
        fix = "A village's code has 12 digits, as 370114001201."
        raise RollError(f"codes are those of townships or counties: {above[0]}.", fix=fix, at=[found.name])
    if gone:
        notes.append(f"{found.name}: rows of villages that left the county are left out: {gone:,}")
    if above:
        more = f" and {len(above) - 1:,} more" if above[1:] else ""
        notes.append(f"{found.name}: rows of townships and counties are no villages and are left out: {above[0]}{more}")


def _as_arrays(
    name: str, table: Mapping[int, Mapping[str, Floats]], days: FirstDays, place: Place, notes: list[str]
) -> Figures:
    """Figures of the years whose end the run sees; of the year before the start where there are none."""
    if late := [str(year) for year in sorted(table) if date(year + 1, 1, 1) > days.stop]:
        notes.append(f"{name}: {', '.join(late)} ends after the run, and is left out")
    years = tuple(sorted(year for year in table if date(year + 1, 1, 1) <= days.stop)) or (days.start.year - 1,)
    nothing = np.full(len(place.whole.before), np.nan)
    columns = (column.name for column in FIGURES)
    return Figures(
        name, years, {each: tuple(table[y][each] if y in table else nothing for y in years) for each in columns}
    )


def _by_year(found: ForeignTable, last: int) -> dict[int, dict[ForeignColumn, int]]:
    """Columns of figures by the year that their headings name, where they name several, with their places; else of the last.

    Raises
    ------
    RollError
        Where there is a column of years as well.
    """
    columns: dict[int, dict[ForeignColumn, int]] = {}
    there = _there(found)
    for number, column in enumerate(found.columns):
        if column.unit not in ("", "degrees") and column in there:
            plain = next(figure for figure in FIGURES if column in (figure, figure.of_year(column.year or 0)))
            columns.setdefault(column.year or last, {})[plain] = number
    places = sorted(found.places[number] or 0 for own in columns.values() for number in own.values())
    named = [found.header[place] for place in places if year_of(found.header[place])]
    if len(columns) == 1 and named and PERIOD in there:
        rule = f"{named[0]} names a year, and there is a column year."
        raise RollError(
            rule, fix="Take the year out of the heading, or the column out.", at=[found.name, f"row {found.titles.row}"]
        )
    if len(columns) > 1 and PERIOD in there:
        rule = f"headings name the years {', '.join(map(str, sorted(columns)))}, and there is a column year."
        raise RollError(
            rule,
            fix="Keep a row a village and year, or a column a figure and year.",
            at=[found.name, f"row {found.titles.row}"],
        )
    return columns or {last: {}}


def _there(found: ForeignTable) -> list[ForeignColumn]:
    """Columns that the table has."""
    return [column for column, place in zip(found.columns, found.places, strict=True) if place is not None]


def _year(said: str, at: tuple[str, ...]) -> int:
    """The year of a row, as 2019 or 2019年."""
    if told := re.fullmatch(r"((?:19|20)[0-9]{2})(?:\.0+)?\s*(?:年度?末?)?", said):
        return int(told[1])
    raise RollError(f"year = {piece(said)!r} is not a year.", fix="Write it with four digits, as 2019.", at=at)


def _figures(
    found: ForeignTable, cells: Sequence[str], numbers: Mapping[ForeignColumn, int], row: int
) -> Iterator[tuple[ForeignColumn, float]]:
    """Figures of a row and year, checked; income is the sum of its sources where only these are given, and all are."""
    at = (found.name, f"row {row} ({cells[0]})")
    told: dict[ForeignColumn, float] = {}
    for column, number in numbers.items():
        if cells[number]:
            told[column] = found.figure(number, cells[number], row, EMPTY)
            _check_figure(told[column], column, at)
    by_source = [told[column] for column in BY_SOURCE if column in told]
    if INCOME in told and sum(by_source) > (1 + ROUNDING) * told[INCOME] + 1:
        raise RollError(
            f"income = {told[INCOME]:,.10g} is less than its sources, {sum(by_source):,.10g} in all.",
            fix="Correct the row; what is no income of the year, as loans or capital, stands in no source.",
            at=at,
        )
    if INCOME not in told and all(column in told for column in NEEDED):
        told[INCOME] = sum(by_source)
    yield from told.items()


def _check_figure(value: float, column: ForeignColumn, at: tuple[str, ...]) -> None:
    """Refuse what no village has."""
    least, most, persons = 1 if column is MEMBERS else 0, MOST[column.unit], column.unit == "persons"
    if least <= value <= most and not (persons and value != round(value)):
        return
    rule = (
        f"a whole number of at least {least} and at most {most:,} persons"
        if persons
        else f"at least {least} and at most {most:,} {column.unit}"
    )
    loss = " A loss cannot be given." if column is INCOME and value < 0 else ""
    raise RollError(f"{column.name} = {value:,.10g} is not {rule}.", fix=f"{EMPTY}{loss}", at=at)


def _unknown(code: str, year: int, rolls: Sequence[Roll], after: int, at: tuple[str, ...]) -> RollError:
    """What to say of a code that is in no roll of its year."""
    which = "after" if after else "before"
    fix = "Leave the row out, or correct the code (12 digits, of the edition of that roll)."
    if any(code in roll.codes for roll in rolls):
        fix = f"Figures of {year} are of the villages {which} the merger: sum up their parts, or leave the row out."
    return RollError(f"code = {code!r} is not in the roll {which} the merger.", fix=fix, at=at)

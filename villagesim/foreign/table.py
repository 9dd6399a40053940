"""A foreign table: its columns by their headings, its rows checked, its figures in the library's units."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path

from villagesim.errors import RollError, VillagesimError, joined, nearest
from villagesim.foreign.cells import (
    NumberError,
    code_in,
    division_of,
    is_code,
    number_in,
    remark_in,
    total_in,
    way_to_a_code,
)
from villagesim.foreign.headings import UNITS, ForeignColumn, Heading, plain, understood, year_of
from villagesim.foreign.sheet import Sheet, open_sheet
from villagesim.foreign.source import cleaned, piece
from villagesim.foreign.titles import Titles

TITLES = 8
"""Rows at the top in which headings are looked for."""


@dataclass(frozen=True)
class ForeignTable:
    """A table that was opened; its rows can be gone through once.

    Attributes
    ----------
    sheet : Sheet
    columns : tuple of ForeignColumn
        Those asked for, in the order in which :meth:`rows` gives them.
    header : list of str
        Headings as they stand in the file.
    places : list of int or None
        Where each of ``columns`` stands, None where it does not.
    factors : list of Decimal
        By which the numbers of each come to its unit.
    error : type of VillagesimError
    titles : Titles
        What stands above the headings.
    """

    sheet: Sheet
    columns: tuple[ForeignColumn, ...]
    header: list[str]
    places: list[int | None]
    factors: list[Decimal]
    error: type[VillagesimError]
    titles: Titles

    @property
    def name(self) -> str:
        """Name of the file."""
        return self.sheet.name

    def rows(self, notes: list[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Go through the rows: number of the row in a spreadsheet, and the text of every column, empty where there is none.

        Rows that are totals or remarks are left out; what must be known of the file is added to ``notes``. Codes come as
        plain digits; one of a township or county, where the column may hold it, without zeros behind.

        Raises
        ------
        VillagesimError
            Where a row has too many or too few cells, or a code is none.
        """
        notes += self.sheet.notes
        pairs = zip(self.columns, self.places, strict=True)
        codes = [(place, column.digits) for column, place in pairs if column.digits and place is not None]
        meant: list[tuple[int, str, str]] = []
        for row, cells in self.cells():
            told = [code_in(cells[place]) for place, _ in codes]
            if damaged := [
                place for code, (place, digits) in zip(told, codes, strict=True) if not _may_be(code, digits)
            ]:
                if word := total_in(cells) or remark_in(cells):
                    notes.append(f"{self.name} row {row} ({word}) is no village: it was left out")
                    continue
                raise self._no_code(row, cells, damaged[0])
            for code, (place, digits) in zip(told, codes, strict=True):
                if code != cells[place]:
                    meant.append((row, cells[place], code))
                cells[place] = (9 in digits and division_of(code)) or code
            yield row, tuple(["" if place is None else cells[place] for place in self.places])
        if meant:
            row, cell, code = meant[0]
            notes.append(
                f"{self.name}: {piece(cell)!r} in row {row} is read as the code {code}"
                f"{f', and {len(meant) - 1:,} more like it' if meant[1:] else ''}"
            )

    def cells(self) -> Iterator[tuple[int, list[str]]]:
        """Go through the rows as they are: number of the row, and as many texts as there are headings, or blank ones more."""
        width = len(self.header)
        for row, cells in self.sheet.rows:
            merged = self.sheet.merged.get(row, ())
            if not self.sheet.separator and len(cells) < width:
                cells = [*cells, *[""] * (width - len(cells))]  # a workbook has no cells behind the last that is filled
            if len(cells) != width and (len(cells) < width or any(cells[width:])):
                raise self._wrong_width(row, cells)
            for one in merged if not total_in(cells) else ():
                read = [k for k in one.columns if not self.columns or k in self.places]
                if read and not (len(one.columns) == 1 and self.columns[self.places.index(read[0])].spans):
                    raise self._merged(one.cells)
                for place in read:
                    cells[place] = cleaned(one.text)
            yield row, cells

    def figure(self, number: int, cell: str, row: int, fix: str = "") -> float:
        """Number of a cell of the column ``number`` of :attr:`columns`, in the column's unit.

        Raises
        ------
        VillagesimError
            Where it is none.
        """
        divides = "," if self.columns[number].unit == "degrees" else self.sheet.separator  # 117.530 can be no thousands
        try:
            return number_in(cell, self.factors[number], separator=divides)
        except NumberError as problem:
            column = self.columns[number]
            is_share = not column.unit or not cell.endswith(("%", "％"))
            way_out = problem.fix if is_share else "It is no share: write the number itself."
            raise self.error(
                f"{column.name} = {piece(cell)!r} {problem.why}.",
                fix=f"{way_out} {fix}".strip(),
                at=(self.name, f"row {row}"),
            ) from None

    def _merged(self, cells: str) -> VillagesimError:
        return self.error(
            f"the cells {cells} are merged, so only the first of them has what is written there.",
            fix="Take the cells apart in a spreadsheet (Merge cells, 取消合并单元格), and write into each what is its own.",
            at=(self.name,),
        )

    def _wrong_width(self, row: int, cells: list[str]) -> VillagesimError:
        fix = "Put a number with commas in quotation marks or leave the commas out, and keep the separators of empty cells."
        return self.error(
            f"has {len(cells)} cells, but {len(self.header)} columns have a heading.",
            fix=fix if self.sheet.separator else "Give every column a heading of its own in the first row.",
            at=(self.name, f"row {row}"),
        )

    def _no_code(self, row: int, cells: list[str], place: int) -> VillagesimError:
        column = self.columns[self.places.index(place)]
        others = [cell for k, cell in enumerate(cells) if k != place and cell]
        who = f" ({piece(others[0], 20)})" if others else ""
        or_above = ", nor of 9 for a township" if 0 in column.digits else ""
        return self.error(
            f"{column.name} = {piece(cells[place])!r} is not a code of 12 digits{or_above}.",
            fix=way_to_a_code(cells[place]),
            at=(self.name, f"row {row}{who}"),
        )


def _may_be(code: str, digits: Sequence[int]) -> bool:
    """Whether a cell holds a code of one of these lengths."""
    return len(code) in digits and (not code or (code.isascii() and code.isdigit()))


def open_table(
    path: Path,
    required: Sequence[ForeignColumn],
    optional: Sequence[ForeignColumn] = (),
    *,
    what: str = "a CSV file",
    no_others: bool = False,
    once_a_year: bool = False,
    unheaded: Sequence[str] = (),
    error: type[VillagesimError] = RollError,
) -> ForeignTable:
    """Open a table and find its columns.

    Parameters
    ----------
    required, optional : sequence of ForeignColumn
    what : str
        Which path should have been given, for a message.
    no_others : bool
        Refuse columns that are not named here, else ignore them.
    once_a_year : bool
        Columns of figures may stand once for each of several years, as 2019年收入(元) and 2020年收入(元): they are given last.
    unheaded : sequence of str
        Headings of a table that has none: it has as many columns at least, and begins with a code.

    Raises
    ------
    VillagesimError
        Of the type ``error``, where it cannot be read, lacks a column, or has one twice.
    """
    sheet = open_sheet(path, what, error=error)
    columns = (*required, *optional)
    top = list(islice(sheet.rows, TITLES)) or [(1, [""])]
    header = top[0][1]
    if unheaded and len(header) >= len(unheaded) and is_code(code_in(header[0])):
        header = [*unheaded, *(f"column {k + 1}" for k in range(len(unheaded), len(header)))]
        sheet, titles = replace(sheet, rows=chain(top, sheet.rows)), Titles()
    else:
        sheet, titles, header = _below_titles(sheet, top, required, columns, error)
    while header and not header[-1]:
        header.pop()
    at = (sheet.name, f"row {titles.row}")
    found = titles.with_units(sheet.name, [understood(heading, columns) for heading in header], error)
    sheet = replace(sheet, notes=(*sheet.notes, *titles.notes(sheet.name, header, found)))
    if once_a_year:
        _check_years(at, header, found, error)
        found = _by_year(header, found)
        columns = (*columns, *(f.column for f in found if f and f.column.year))
    _check_headings(at, header, found, columns, no_others, error)
    where = {f.column.name: k for k, f in enumerate(found) if f}
    places = [where.get(column.name) for column in columns]
    factors = [_factor(found, place) for place in places]
    return ForeignTable(sheet, columns, header, places, factors, error, titles)


def _below_titles(
    sheet: Sheet,
    top: list[tuple[int, list[str]]],
    required: Sequence[ForeignColumn],
    columns: tuple[ForeignColumn, ...],
    error: type[VillagesimError],
) -> tuple[Sheet, Titles, list[str]]:
    """The sheet below the headings, what stands above them, and the headings: the first row that has all required ones."""
    for k, (row, cells) in enumerate(top):
        found = [f.column for cell in cells if (f := understood(cell, columns))]
        if all(column in found for column in required):
            below = replace(sheet, rows=chain(top[k + 1 :], sheet.rows))
            return below, Titles.of(row, [above for _, above in top[:k]]), list(cells)
    raise _missing(sheet.name, top[0][1], required, columns, error)


def _check_years(
    at: tuple[str, str], header: list[str], found: list[Heading | None], error: type[VillagesimError]
) -> None:
    """Refuse a figure that stands with a year and without: nobody can tell of which year the other one is."""
    headed = [(f.column.name, year_of(h)) for h, f in zip(header, found, strict=True) if f and f.column.unit]
    for column, year in headed:
        if year and (column, None) in headed:
            raise error(
                f"{column} stands without a year and of {year}.",
                fix=f"Write into each heading which year it is of, as {column}_{year}; or take one out.",
                at=at,
            )


def _by_year(header: list[str], found: list[Heading | None]) -> list[Heading | None]:
    """Headings of figures told apart by their years, where they name several."""
    years = [year_of(heading) if f and f.column.unit else None for heading, f in zip(header, found, strict=True)]
    if len({*years} - {None}) < 2:
        return found
    return [
        replace(f, column=f.column.of_year(year)) if f and year else f for f, year in zip(found, years, strict=True)
    ]


def _factor(found: list[Heading | None], place: int | None) -> Decimal:
    heading = None if place is None else found[place]
    return Decimal(1) if heading is None else heading.factor


def _missing(
    name: str,
    header: list[str],
    required: Sequence[ForeignColumn],
    columns: tuple[ForeignColumn, ...],
    error: type[VillagesimError],
) -> VillagesimError:
    """What to say where a required column is in none of the first rows."""
    found = [f.column for heading in header if (f := understood(heading, columns))]
    missing = [column for column in required if column not in found]
    names = " and ".join(f"no column {column.name}" for column in missing)
    fix = f"The first row names the columns, divided by commas: at least {','.join(column.name for column in missing)}."
    if also := missing[0].also:
        fix += f" Other headings of {missing[0].name}: {', '.join(also[:4])} ..."
    return error(f"{names}; there are: {piece(','.join(header))}.", fix=fix, at=(name, "row 1"))


def _check_headings(
    at: tuple[str, str],
    header: list[str],
    found: list[Heading | None],
    columns: tuple[ForeignColumn, ...],
    no_others: bool,
    error: type[VillagesimError],
) -> None:
    """Refuse headings that stand twice, say no unit, or are unknown where nothing else is read."""
    for heading, meant in zip(header, found, strict=True):
        if meant and meant.problem:
            raise error(f"the heading {piece(heading)!r} {meant.problem}.", at=at)
    keys = [meant.column.name if meant else plain(heading) for heading, meant in zip(header, found, strict=True)]
    for key, times in Counter(keys).items():
        if times > 1 and key:
            twice = joined(piece(heading, 20) for heading, own in zip(header, keys, strict=True) if own == key)
            raise error(f"{times} columns are headed {key!r} ({twice}).", fix="Keep one of them.", at=at)
    if not no_others:
        return
    for number, (heading, meant) in enumerate(zip(header, found, strict=True), start=1):
        if meant is None and not heading:
            raise error(f"column {number} has no heading.", fix="Name it, or take it out.", at=at)
        if meant is None:
            raise error(f"{piece(heading)!r} is not a column here. {_meant(heading, columns)}", at=at)


def _meant(heading: str, columns: tuple[ForeignColumn, ...]) -> str:
    """Which column was probably meant, with its unit, so that nobody renames a column of 万元 to one of yuan."""
    close = nearest(plain(heading), [column.name for column in columns])
    column = next((column for column in columns if close == f"Did you mean {column.name!r}?"), None)
    if column is None or not column.unit:
        way = f"{close}\n  Nothing would be read from it: rename it, or take it out."
        return way + " A unit goes into the heading, as income(万元) or arable(公顷)."
    units = ", ".join(list(UNITS[column.unit])[:3])
    ways = column.asked(column.name)
    return f"Did you mean {column.name!r} [{column.unit}]?\n  With its unit it is {ways}; units are {units} ..."

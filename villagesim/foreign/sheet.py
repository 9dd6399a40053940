"""Rows of a sheet: of a CSV file in whatever encoding and with whatever separator, or of an Excel workbook."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from villagesim.errors import VillagesimError
from villagesim.extras import way_to
from villagesim.foreign.source import MIB, UNSEEN, cleaned, encoding_of, piece, read_bytes, unzipped

SEPARATORS = ",;\t"
MOST_ROWS, MOST_COLUMNS = 2**20, 2**12
"""As many rows as a spreadsheet has, and a quarter of its columns."""
LONGEST_LINE = 2**20
UNPACKED = 8
"""Size of a workbook when unpacked, at most [MiB]."""
MOST_CELLS = 2**22
"""Cells of a sheet at most, with the blank ones before a cell far to the right."""
BESIDE_VALUES = re.compile(rb"<(?:\w+:)?(?:f|mergeCell)\b|\bhidden=")
"""What a sheet may hold beside values: formulas, merged cells, hidden rows and columns."""


@dataclass(frozen=True)
class Merged:
    """A range of merged cells, as ``B2:B4``, with its columns counted from 0, and what is written there."""

    cells: str
    columns: range
    text: str


@dataclass(frozen=True)
class Sheet:
    """Rows of one sheet, with their numbers as a spreadsheet shows them; blank rows are left out.

    Attributes
    ----------
    name : str
        Of the file.
    rows : iterator of (int, list of str)
    separator : str
        What divides its cells; nothing in a workbook.
    notes : tuple of str
        What a reader must know: another encoding, other sheets.
    merged : mapping of int to tuple of Merged
        Ranges of merged cells by the rows they touch.
    """

    name: str
    rows: Iterator[tuple[int, list[str]]]
    separator: str
    notes: tuple[str, ...] = ()
    merged: Mapping[int, tuple[Merged, ...]] = field(default_factory=dict)


def open_sheet(path: Path, what: str, *, error: type[VillagesimError]) -> Sheet:
    """Open a CSV file, as it is or compressed (gzip), or an Excel workbook: told by what it holds, not by its name.

    Raises
    ------
    VillagesimError
        Of the type ``error``, where it is neither; ``what`` says which path should have been given.
    """
    raw = unzipped(read_bytes(path, what, error=error), path.name, error=error)
    if raw.startswith(b"PK\x03\x04") and _is_workbook(raw):
        cells, notes, merged = _workbook(raw, path.name, error)
        return Sheet(path.name, _numbered(cells, path.name, error, cleaned), "", notes, merged)
    encoding = encoding_of(raw, path.name, error=error)
    begin = raw[: 4 * LONGEST_LINE].decode(encoding, errors="ignore").lstrip("\r\n ,;\t\ufeff")
    if not begin:
        raise error("is empty.", fix="The first row must name the columns, as code,name.", at=[path.name])
    separator = _separator(begin)
    lines = io.TextIOWrapper(io.BytesIO(raw), encoding, newline="")
    notes = ()
    if encoding != "utf-8" and encoding != "utf-8-sig":
        notes = (f"{path.name} was read as {encoding.upper()}: see that its names are right",)
    reader = csv.reader(_lines(lines, path.name, error), delimiter=separator, strict=True)
    is_plain = encoding == "utf-8" and not any(mark.encode() in raw for mark in UNSEEN)
    rows = _numbered(_checked(reader, path.name, error), path.name, error, str.strip if is_plain else cleaned)
    return Sheet(path.name, rows, separator, notes)


def _separator(text: str) -> str:
    """What divides the cells of the first row that is divided: the comma, where nothing else does so more often."""
    rows = ("".join(row.split('"')[::2]) for row in text.splitlines())
    outside = next((row for row in rows if any(row.count(each) for each in SEPARATORS)), "")
    return max(SEPARATORS, key=outside.count)


def _lines(file: io.TextIOWrapper, name: str, error: type[VillagesimError]) -> Iterator[str]:
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            raise error("is longer than any row of a table.", fix="Save the table as CSV.", at=(name, f"row {number}"))
        yield line


def _checked(reader: Any, name: str, error: type[VillagesimError]) -> Iterator[list[str]]:
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            raise error(
                f"cannot be read as CSV ({problem}).",
                fix="Look for a quotation mark that is not closed.",
                at=[name, f"row {reader.line_num}"],
            ) from None
        yield row


def _numbered(
    rows: Iterable[list[str]], name: str, error: type[VillagesimError], clean: Callable[[str], str]
) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, cleaned, with their numbers."""
    for number, cells in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise error(f"has more than {MOST_ROWS:,} rows.", fix="Cut it down to the rows you need.", at=[name])
        if len(cells) > MOST_COLUMNS:
            raise error(f"has more than {MOST_COLUMNS:,} columns.", fix="Cut it down to those you need.", at=[name])
        texts = list(map(clean, cells))
        if any(texts):
            yield number, texts


def _is_workbook(raw: bytes) -> bool:
    try:
        return "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(raw)).namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False


def _workbook(
    raw: bytes, file: str, error: type[VillagesimError]
) -> tuple[list[list[str]], tuple[str, ...], dict[int, tuple[Merged, ...]]]:
    """Rows, notes and merged cells of the first sheet that is shown and not empty."""
    size = sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(raw)).infolist())
    if size > UNPACKED * MIB:
        raise error(f"holds more than {UNPACKED} MiB.", fix="Save the table as 'CSV UTF-8'.", at=[file])
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise error(
            "is an Excel workbook, which needs the library openpyxl.",
            fix=f"Install it with {way_to('excel')}, or save the table as 'CSV UTF-8'.",
            at=[file],
        ) from None
    try:
        sheets = load_workbook(io.BytesIO(raw), read_only=True, data_only=True).worksheets
        filled = [
            (sheet.title, rows)
            for sheet in sheets
            if sheet.sheet_state == "visible" and any(rows := _cells(sheet, file, error))
        ]
        more = load_workbook(io.BytesIO(raw)) if filled and BESIDE_VALUES.search(_parts(raw)) else None
        missing = "" if more is None else _uncalculated(filled[0][1], more[filled[0][0]])
        merged = {} if more is None else _merged(filled[0][1], more[filled[0][0]])
        hidden = "" if more is None else _hidden(filled[0][1], more[filled[0][0]])
    except VillagesimError:
        raise
    except Exception as problem:  # whatever a damaged archive or sheet makes the library raise
        raise error(
            "holds a chart sheet that cannot be read, as an empty one."
            if any(name.startswith("xl/chartsheets/") for name in zipfile.ZipFile(io.BytesIO(raw)).namelist())
            else f"is a workbook that cannot be read ({type(problem).__name__}).",
            fix="Delete sheets that hold no table, or save the table as 'CSV UTF-8'.",
            at=[file],
        ) from None
    if not filled:
        raise error("is empty.", fix="The first row must name the columns, as code,name.", at=[file])
    if missing:
        raise error(
            f"the formula in {missing} has no result.",
            fix="Open it in a spreadsheet, let it calculate, and save.",
            at=[file],
        )
    (title, rows), others = filled[0], len(filled) - 1
    notes = [f"{file}: the sheet {piece(title)!r} was read, {others} more were not"] if others else []
    notes += [f"{file}: {hidden} hidden, and was read too: delete what shall not count"] if hidden else []
    return rows, tuple(notes), merged


def _merged(rows: list[list[str]], sheet: Any) -> dict[int, tuple[Merged, ...]]:
    """Ranges of merged cells by the rows they touch."""
    found: dict[int, tuple[Merged, ...]] = {}
    for each in sheet.merged_cells.ranges:
        first = dict(enumerate(rows[each.min_row - 1] if each.min_row <= len(rows) else ()))
        own = Merged(str(each), range(each.min_col - 1, each.max_col), first.get(each.min_col - 1, ""))
        for row in range(each.min_row, each.max_row + 1):
            found[row] = (*found.get(row, ()), own)
    return found


def _hidden(rows: list[list[str]], sheet: Any) -> str:
    """Rows and columns with cells that are hidden, as by a filter: ``row 3 and 4 more are``."""
    width = max(map(len, rows))
    found = [
        f"row {n}" for n, each in sheet.row_dimensions.items() if each.hidden and any(rows[n - 1 : n] and rows[n - 1])
    ]
    found += [f"column {n}" for n, each in sheet.column_dimensions.items() if each.hidden and (each.min or 0) <= width]
    more = f" and {len(found) - 1} more are" if found[1:] else " is"
    return found[0] + more if found else ""


def _cells(sheet: Any, file: str, error: type[VillagesimError]) -> list[list[str]]:
    """Rows of a sheet as texts."""
    sheet.reset_dimensions()
    rows: list[list[str]] = []
    n_cells = 0
    for row in sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 1):
        n_cells += len(row)
        if n_cells > MOST_CELLS:
            raise error(
                f"has more than {MOST_CELLS:,} cells, blank ones between others included.",
                fix="Cut it down to the rows and columns you need.",
                at=[file],
            )
        rows.append([_text(value) for value in row])
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _text(value: object) -> str:
    """A value of a sheet as a CSV file would have it; whole numbers have no point."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat()).removesuffix("T00:00:00")
    return str(value)


def _parts(raw: bytes) -> bytes:
    archive = zipfile.ZipFile(io.BytesIO(raw))
    return b"".join(archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/"))


def _uncalculated(rows: list[list[str]], sheet: Any) -> str:
    """Cell of a formula whose result was never stored, as B7; else nothing."""
    for row, cells in zip(rows, sheet.iter_rows(), strict=False):
        for value, cell in zip(row, cells, strict=False):
            if not value and cell.data_type == "f":
                return str(cell.coordinate)
    return ""

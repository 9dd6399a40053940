"""Tables of a study: rolls that are cut out, with names of townships, and the table of own figures to fill in."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from villagesim.foreign.headings import CODE, FIGURES, NAME, TOWNSHIP, UNITS, ForeignColumn
from villagesim.places.rolls import Roll
from villagesim.places.units.edition import Edition
from villagesim.runs.exports import ENCODING, escaped

Row = Sequence[str]
COLUMNS = (CODE, NAME, TOWNSHIP, *FIGURES)
"""What a table of own figures may have."""
WORKBOOK = "villages.xlsx"
"""The table of own figures as a workbook."""


def write_roll(path: Path, edition: Edition) -> None:
    """Write all units of an edition, above them townships and counties with codes that end in zeros, as national files have."""
    above = sorted((code.ljust(12, "0"), name) for code, name in edition.named.items() if _is_above(code, edition))
    units = zip(edition.roll.codes, edition.roll.names, edition.roll.townships, strict=True)
    rows = [(code, name, edition.named[township]) for code, name, township in units]
    write_rows(path, ("code", "name", "township"), [*((*pair, "") for pair in above), *rows])


def write_own_figures(folder: Path, roll: Roll, named: Mapping[str, str]) -> str:
    """Write the table of own figures, empty, as CSV file and where it can be as workbook; return the one to fill in.

    Parameters
    ----------
    named : mapping of str to str
        Names of townships by code.
    """
    villages = zip(roll.codes, roll.names, roll.townships, strict=True)
    rows = [(code, name, named[township], *[""] * len(FIGURES)) for code, name, township in villages]
    headings = tuple(map(heading, COLUMNS))
    write_rows(folder / "villages.csv", headings, rows)
    if find_spec("openpyxl") is None:
        return "villages.csv"
    _write_workbook(folder / WORKBOOK, headings, rows)
    return WORKBOOK


def heading(column: ForeignColumn) -> str:
    """A column with its unit, as ``income(元)``."""
    return f"{column.name}({next(iter(UNITS[column.unit]))})" if column.unit else column.name


def write_rows(path: Path, headings: Row, rows: Iterable[Row]) -> None:
    """Write a CSV file that spreadsheets show as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding=ENCODING) as file:
        csv.writer(file).writerows([headings, *(tuple(map(escaped, row)) for row in rows)])


def _is_above(code: str, edition: Edition) -> bool:
    """Whether a division holds units of the edition, and has a name."""
    return edition.named[code] != code and any(own.startswith(code) for own in edition.townships)


def _write_workbook(path: Path, headings: Row, rows: Sequence[Row]) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    sheet.title = "villages"
    for row in (headings, *rows):
        sheet.append([escaped(cell) or None for cell in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = 16 if cell.column > 3 else 20
    for cell in sheet["A"]:
        cell.number_format = "@"  # codes are text
    sheet.freeze_panes = "D2"
    book.save(path)

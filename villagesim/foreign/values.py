"""A foreign table as columns of values: whole numbers, numbers, true or false, else texts."""

import re
import unicodedata
from math import isfinite
from pathlib import Path

from villagesim.errors import VillagesimError
from villagesim.foreign.cells import NumberError, number_in
from villagesim.foreign.sheet import Sheet
from villagesim.foreign.source import piece
from villagesim.foreign.table import open_table

Values = list[int | float | bool | str | None]


def read_values(path: Path, what: str, *, error: type[VillagesimError]) -> dict[str, Values]:
    """Columns of a table by their headings, None where a cell is empty.

    A column holds numbers where all its cells are numbers, and truth where all are ``true`` or ``false``.

    Raises
    ------
    VillagesimError
        Of the type ``error``, where it cannot be read, a heading is missing or there twice, a row has too many or too few
        cells, or a number is not written in plain digits.
    """
    table = open_table(path, (), what=what, error=error)
    for number, heading in enumerate(table.header, start=1):
        if not heading:
            raise error(f"column {number} has no heading.", fix="Name it, or take it out.", at=(table.name, "row 1"))
    rows = list(table.cells())
    numbers = [number for number, _ in rows]
    columns = ([cells[k] for _, cells in rows] for k in range(len(table.header)))
    return {
        heading: _values(heading, column, numbers, table.sheet, error)
        for heading, column in zip(table.header, columns, strict=True)
    }


def _values(heading: str, cells: list[str], rows: list[int], sheet: Sheet, error: type[VillagesimError]) -> Values:
    filled = [cell for cell in cells if cell]
    if all(cell.casefold() in ("true", "false") for cell in filled):
        return [cell.casefold() == "true" if cell else None for cell in cells]
    values: Values = []
    for row, cell in zip(rows, cells, strict=True):
        try:
            value = number_in(cell, separator=sheet.separator) if cell else None
            if value is not None and not isfinite(value):
                raise NumberError("is too large", "Correct it.")
        except NumberError as problem:
            if _looks_like_a_number(cell):
                raise error(
                    f"{piece(heading)} = {piece(cell)!r} {problem.why}.", fix=problem.fix, at=(sheet.name, f"row {row}")
                ) from None
            return list(_texts(cells))
        values.append(value)
    are_whole = all(re.fullmatch(r"[+-]?[0-9]{1,15}", cell) for cell in filled)
    return [int(value) if are_whole and value is not None else value for value in values]


def _texts(cells: list[str]) -> list[str | None]:
    return [cell or None for cell in cells]


def _looks_like_a_number(cell: str) -> bool:
    return re.fullmatch(r"[+-]?[0-9][0-9_., ]*(?:[eE][+-]?[0-9]+)?", unicodedata.normalize("NFKC", cell)) is not None

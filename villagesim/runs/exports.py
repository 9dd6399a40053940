"""Figures as PNG and SVG files; tables as CSV files, for spreadsheets, Stata, R and pandas, and a codebook of their columns.

UTF-8 with a byte order mark, so that spreadsheets show Chinese; numbers with ten digits; dates as 2025-12-31. A text that
a spreadsheet would take for a formula gets an apostrophe before it. Names of columns have at most 32 characters, as Stata
has them: of longer ones, words are cut to their first four letters, the longest word first, until they fit. Points of a
design keep whole paths, so that their file can be the table of another design.

Codes of villages are plain digits, with names beside them: pandas keeps them with ``dtype={"village": str}``, a spreadsheet
where the column is imported as text. Quotation marks would change neither, and what would (``="370114001201"``, a tab) no
other program reads. The Parquet file beside each CSV file has all names whole and all codes as text.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from villagesim.runs.writing import write_whole
from villagesim.text import plain

if TYPE_CHECKING:
    import pandas as pd

LONGEST = 32
CUT = 4
POINTS = "points"
"""Table of the points of a design."""
FORMULA = tuple("=+-@＝＋－＠")
"""What begins a formula in a spreadsheet, in both widths."""
NAMED = {"village": "village_name", "code": "name", "account": "account_name"}
"""Columns of codes, and what the column of their names is called."""
ENCODING = "utf-8-sig"


def write_csv(path: Path, table: "pd.DataFrame", name: str = "") -> None:
    """Write a table, of this name, as every program reads it."""
    from pandas.api.types import is_string_dtype

    written = table.rename(columns=dict(zip(table.columns, headings(name, map(str, table.columns)), strict=True)))
    for column in written.columns:
        values = written[column]
        if is_string_dtype(values):
            written[column] = values.map({value: escaped(value) for value in values.unique()})
        elif values.dtype.kind == "f":  # as with float_format, in a fifth of the time
            written[column] = ["" if value != value else f"{value:.10g}" for value in values.tolist()]
    written.columns = [escaped(name) for name in written.columns]
    written.to_csv(path, index=False, encoding=ENCODING, quoting=csv.QUOTE_MINIMAL)


def write_figure(folder: Path, name: str, figure: Any) -> list[Path]:
    """Write a figure as PNG and SVG; the same figure gives the same bytes."""
    from matplotlib import rc_context

    from villagesim.plots.style import settings

    files = []
    for ending in ("png", "svg"):
        path = folder / f"{name}.{ending}"
        metadata = {"Date": None} if ending == "svg" else {"Software": f"villagesim {version('villagesim')}"}
        with rc_context(settings()):  # else every SVG has other ids
            write_whole(path, partial(figure.savefig, format=ending, metadata=metadata))
        files.append(path)
    return files


def escaped(value: Any) -> Any:
    """A plain text that no spreadsheet takes for a formula; a lone ``-`` is none."""
    if not isinstance(value, str):
        return value
    shown = plain(value, lines=True)
    return f"'{shown}" if shown.lstrip().startswith(FORMULA) and shown != "-" else shown


def headings(table: str, names: Iterable[str]) -> list[str]:
    """What columns are called in the CSV file of the table of this name."""
    return list(names) if table == POINTS else short_names(names)


def short_names(names: Iterable[str]) -> list[str]:
    """Names of at most 32 characters, each once, in the same order."""
    found: list[str] = []
    for name in names:
        short = _short(name)
        number = 2
        while short in found:
            ending = f"_{number}"
            short, number = _short(name)[: LONGEST - len(ending)] + ending, number + 1
        found.append(short)
    return found


def _short(name: str) -> str:
    parts = re.split(r"([_. ])", name)
    while sum(map(len, parts)) > LONGEST:
        longest = max(range(len(parts)), key=lambda k: len(parts[k]))
        if len(parts[longest]) <= CUT:
            break
        parts[longest] = parts[longest][:CUT]
    return "".join(parts)[:LONGEST]


def with_names(table: "pd.DataFrame", names: Mapping[str, str]) -> "pd.DataFrame":
    """A copy with the names of villages beside their codes."""
    table = table.copy()
    for column, name in NAMED.items():
        if column in table.columns and name not in table.columns:
            table.insert(table.columns.get_loc(column) + 1, name, table[column].map(names).fillna(""))
    return table

"""Figures as PNG, SVG and PDF files; tables as CSV files, for spreadsheets, Stata, R and pandas, and a codebook of their columns.

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
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from html import escape
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from villagesim.errors import StoreError
from villagesim.languages import chinese
from villagesim.runs.writing import write_whole
from villagesim.text import plain

if TYPE_CHECKING:
    import pandas as pd

FORMATS = ("png", "svg", "pdf")
"""In which figures can be written."""
USUAL_FORMATS = ("png",)
LONGEST = 32
CUT = 4
POINTS = "points"
"""Table of the points of a design."""
FORMULA = tuple("=+-@＝＋－＠")
"""What begins a formula in a spreadsheet, in both widths."""
NAMED = {"village": "village_name", "code": "name", "account": "account_name"}
"""Columns of codes, and what the column of their names is called."""
ENCODING = "utf-8-sig"


def write_csv(path: Path | BytesIO, table: "pd.DataFrame", name: str = "") -> None:
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


def write_figure(folder: Path, name: str, figure: Any, formats: Sequence[str] = USUAL_FORMATS) -> list[Path]:
    """Write a figure in these formats, with what it says inside; the same figure gives the same bytes."""
    files = []
    with _laid_out(figure):
        for ending in formats:
            path = folder / f"{name}.{ending}"
            write_whole(path, partial(Path.write_bytes, data=_drawn(figure, ending)))
            files.append(path)
    return files


def svg(figure: Any) -> str:
    """A figure as the text of its SVG file."""
    return _as_file(figure, "svg").decode("utf-8")


def png(figure: Any, dpi: float) -> bytes:
    """A figure as its PNG file, of so many points an inch."""
    return _as_file(figure, "png", dpi=dpi)


def _as_file(figure: Any, ending: str, **how: Any) -> bytes:
    with _laid_out(figure):
        return _drawn(figure, ending, **how)


@contextmanager
def _laid_out(figure: Any) -> Iterator[None]:
    """Lay a figure out once for all formats, with the letters of a picture, which are widest, and in fonts that hold them."""
    from matplotlib import rc_context, rcParams

    from villagesim.plots.letters import lend_fonts
    from villagesim.plots.style import settings

    with rc_context(settings()), warnings.catch_warnings():  # else every SVG has other ids
        warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from")  # said by lend_fonts
        lend_fonts(figure)
        if (engine := figure.get_layout_engine()) is not None:
            figure.set_dpi(rcParams["savefig.dpi"])
            engine.execute(figure)
            figure.set_layout_engine(None)  # else each format is drawn twice
        yield


def checked_formats(formats: Any) -> tuple[str, ...]:
    """Take formats of figures, as ``"png,pdf"`` or a sequence; none for no figures.

    Raises
    ------
    StoreError
        Where one is unknown.
    """
    named = formats.split(",") if isinstance(formats, str) else list(formats)
    found = tuple(dict.fromkeys(name.strip().lower() for name in named if name.strip() not in ("", "none")))
    if strange := [name for name in found if name not in FORMATS]:
        raise StoreError(f"figures: {strange[0]!r} is no format.", fix=f"Choose among {', '.join(FORMATS)}.")
    return found


def _drawn(figure: Any, ending: str, **how: Any) -> bytes:
    """A figure in one format, with title and description for who cannot see it."""
    from villagesim.plots.captions import words_of

    file, words = BytesIO(), words_of(figure)
    metadata = {
        "png": {
            "Title": words.title,
            "Description": words.description,
            "Software": f"villagesim {version('villagesim')}",
        },
        "svg": {"Title": words.title, "Date": None},
        "pdf": {"Title": words.title, "Subject": words.description, "CreationDate": None},
    }[ending]
    quickly: dict[str, Any] = (
        {"pil_kwargs": {"compress_level": 3}} if ending == "png" else {}
    )  # 2% larger, in half of the time
    figure.savefig(file, format=ending, metadata=metadata, **quickly, **how)
    if ending != "svg":
        return file.getvalue()
    text = file.getvalue().decode("utf-8")
    if chinese():
        text = text.replace("<svg ", '<svg xml:lang="zh" ', 1)
    head, title, rest = text.partition("</title>")
    return (head + title + f"\n <desc>{escape(words.description)}</desc>" + rest if title else text).encode("utf-8")


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

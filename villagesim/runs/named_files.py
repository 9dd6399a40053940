"""Files that a user names: what stands there is written over only where a command wrote it earlier."""

from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from villagesim.errors import StoreError
from villagesim.runs.exports import write_csv
from villagesim.runs.store import PAGES
from villagesim.runs.writing import printable, results_around, write_whole

if TYPE_CHECKING:
    import pandas as pd

HEAD = 4096
"""Of what stands there so much is read to see who wrote it [bytes]."""


def check_named(path: Path, mark: bytes, room: Path | None = None) -> None:
    """Refuse a file that is none, or lies among results and is no page, or stands there without this mark at its top.

    Parameters
    ----------
    room : Path, optional
        A folder in which it may lie among results.

    Raises
    ------
    StoreError
    """
    try:
        home = path.parent.resolve()
        among = results_around(path) is not None
        there, regular = path.exists(), path.is_file()
        with path.open("rb") if regular else BytesIO() as file:
            known = mark in file.read(HEAD)
    except (OSError, RuntimeError) as problem:
        said = problem.strerror if isinstance(problem, OSError) else "it leads to itself"
        raise StoreError(f"{printable(path)} cannot be written ({said}).", fix="Give another file.") from None
    if there and not regular:
        raise StoreError(f"{printable(path)} is no regular file.", fix="Give the name of a file.")
    if among and path.suffix != PAGES and (room is None or home != room.resolve()):
        raise StoreError(
            f"{printable(path)} is among results, where nothing is put but pages that end with {PAGES}.",
            fix="Give a file elsewhere.",
        )
    if there and not known:
        raise StoreError(
            f"{printable(path)} is there already, and holds something else.",
            fix="Nothing was changed. Give another file, or remove this one first.",
        )


def heading(table: "pd.DataFrame", name: str = "") -> bytes:
    """First line of the CSV file of a table of this name."""
    line = BytesIO()
    write_csv(line, table.head(0), name)
    return line.getvalue()


def write_table(path: Path, table: "pd.DataFrame", name: str = "") -> None:
    """Write a table of this name as CSV; in place of one with the same heading only."""
    check_named(path, heading(table, name))
    write_whole(path, partial(write_csv, table=table, name=name))


def write_text(path: Path, text: str) -> None:
    """Write a text; in place of one with the same first line only."""
    check_named(path, text.partition("\n")[0].encode())
    write_whole(path, partial(Path.write_text, data=text, encoding="utf-8"))

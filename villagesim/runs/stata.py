"""Tables of results as files of Stata (``.dta``), which R reads too: columns have labels, months and days are dates.

A label is meaning and unit of the codebook in the language that is spoken, the meaning cut so that both fit into the 80
characters that Stata has; ``codebook.dta`` has them whole. Strategies are labelled numbers, the same in all tables. What is not a
number is missing; so is what is beyond all bounds.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from villagesim.errors import StoreError
from villagesim.languages import _, chinese, named
from villagesim.runs import codebook
from villagesim.runs.exports import short_names
from villagesim.runs.named_files import check_named
from villagesim.runs.store import read_whole
from villagesim.runs.writing import filled

if TYPE_CHECKING:
    import pandas as pd

STRATEGY = "strategy"
LONGEST_LABEL = 80
"""Characters of a label of a column."""
TOLD = ("meaning", "unit", "period")
"""Columns of the codebook that are in words."""
DATES = {"tm": re.compile(r"\d{4}-\d{2}"), "td": re.compile(r"\d{4}-\d{2}-\d{2}( 00:00:00)?")}
"""How months and days are written, by what Stata calls them."""
WRITTEN_AT, MARK = datetime(1960, 1, 1), b"01 Jan 1960 00:00</timestamp>"
"""Stands in every file in place of the time, so that the same table gives the same bytes, and others' files are known."""
NAME = "stata"
"""Folder for them among results."""


def export(folder: Path, into: Path) -> list[Path]:
    """Write all tables of a folder of results that have rows, and their codebook.

    Raises
    ------
    StoreError
        Where the folder holds no whole results, no table has a row, or a file of another stands in the place of one.
    """
    import pandas as pd

    read_whole(folder)
    tables = {path.stem: pd.read_parquet(path) for path in sorted((folder / "tables").glob("*.parquet"))}
    tables = {name: table for name, table in tables.items() if len(table)}
    if not tables:
        raise StoreError(
            f"{folder} holds no table with rows.", fix="Give the folder of --out of a command that answers."
        )
    book = pd.read_csv(folder / "tables" / codebook.FILE, dtype=str, keep_default_na=False)
    strategies = list(
        dict.fromkeys(name for each in tables.values() if STRATEGY in each for name in each[STRATEGY].dropna())
    )
    told = book.assign(**{name: book[name].map(in_words) for name in TOLD})
    told["column"] = book.groupby("table")["full_name"].transform(variables)
    names = [*tables, Path(codebook.FILE).stem]
    files = [into / f"{name}.dta" for name in names]
    for file in files:
        check_named(file, MARK, room=folder / NAME)
    with filled(into) as half:
        for name, table in zip(names, (*tables.values(), told), strict=True):
            words = book[book["table"] == name].set_index("full_name") if name in tables else book.iloc[:0]
            labels = {column: label(row["meaning"], row["unit"]) for column, row in words.iterrows()}
            write_dta(half / f"{name}.dta", table, labels, strategies)
    return files


def write_dta(path: Path, table: "pd.DataFrame", labels: Mapping[str, str], strategies: Sequence[str]) -> None:
    """Write one table.

    Parameters
    ----------
    labels : mapping
        What columns mean; others have no label.
    strategies : sequence of str
        Those of all tables; the first is number 0.
    """
    import numpy as np
    import pandas as pd

    names = variables(map(str, table.columns))
    columns: dict[str, Any] = {}
    dates = {}
    for name, column in zip(names, table.columns, strict=True):
        values = table[column]
        if column == STRATEGY:
            columns[name] = pd.Categorical(values, categories=list(strategies))
        elif values.dtype.kind in "fiub":
            columns[name] = values.replace([np.inf, -np.inf], np.nan)
        else:
            text = values.astype(object).where(values.notna(), "").astype(str)
            kind = "td" if values.dtype.kind == "M" else _kind_of_dates(text[text != ""])
            if kind:
                columns[name], dates[name] = pd.to_datetime(text.replace("", None).str[:10], errors="coerce"), kind
            else:
                columns[name] = text.astype(object)
    said = {name: labels.get(str(column), "") for name, column in zip(names, table.columns, strict=True)}
    pd.DataFrame(columns).to_stata(
        path,
        write_index=False,
        version=118,
        convert_dates=dates,
        variable_labels={name: words for name, words in said.items() if words},
        time_stamp=WRITTEN_AT,
    )


def _kind_of_dates(texts: "pd.Series[str]") -> str:
    """What Stata calls dates that are written so; empty where one is none, or there are none."""
    found = (kind for kind, form in DATES.items() if len(texts) and texts.map(form.fullmatch).notna().all())
    return next(found, "")


def variables(names: Any) -> list[str]:
    """Names that Stata takes: letters, digits and ``_``, at most 32 of them, each once, none a word of its own as ``end``."""
    from pandas.io.stata import StataParser

    plain = [re.sub(r"\W", "_", name) for name in names]
    own = StataParser().RESERVED_WORDS
    return short_names(f"_{name}" if name[:1].isdigit() or name in own else name for name in plain)


def in_words(said: str) -> str:
    """What the codebook says, in the language that is spoken: whole, or an outcome's title and what it means."""
    what, colon, text = said.partition(": ")
    told = named(said)
    return _("{what}: {text}", what=named(what), text=named(text)) if colon and told == said else told


def label(meaning: str, unit: str) -> str:
    """Meaning and unit of a column in as many characters as Stata takes; a unit that another column names is left out."""
    meaning, unit = in_words(meaning), "" if unit == "-" or unit.startswith("that of") else named(unit)
    room = LONGEST_LABEL - len(_("{words} [{unit}]", words="", unit=unit) if unit else "")
    if len(meaning) > room:
        meaning = meaning[: room - 3]
        meaning = f"{meaning if chinese() else meaning.rsplit(' ', 1)[0]}..."
    return _("{words} [{unit}]", words=meaning, unit=unit) if unit else meaning

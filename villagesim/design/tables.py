"""Designs of one's own: points from a table, or from a CSV file."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.checks import MOST, as_path
from villagesim.design.design import Design
from villagesim.design.factor import Factor, checked_factors
from villagesim.errors import DesignError
from villagesim.foreign.source import read_bytes
from villagesim.foreign.values import read_values

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["from_table"]


def from_table(table: "pd.DataFrame | str | Path") -> Design:
    """Points of one's own: a column a factor, named by its path; a column ``point`` numbers them.

    Raises
    ------
    DesignError
        Where a file cannot be read, or the numbers of the points are not unique whole numbers of at least 0.
    """
    import pandas as pd

    if not isinstance(table, pd.DataFrame):
        path = as_path(table, "table", error=DesignError)
        if (lines := read_bytes(path, "a CSV file", error=DesignError).count(b"\n")) > MOST + 1:  # before they are read
            raise DesignError(
                f"{path.name} has {lines - 1:,} points, more than {MOST:,}.", fix="Take fewer.", at=[path.name]
            )
        table = pd.DataFrame(read_values(path, "a CSV file", error=DesignError))
    if "point" in table.columns:
        table = table.set_index("point")
        numbers = table.index
        if not (pd.api.types.is_integer_dtype(numbers) and numbers.is_unique and (numbers >= 0).all()):
            raise DesignError(
                "the column point must hold different whole numbers of at least 0.", fix="Correct it, or leave it out."
            )
    else:
        table = table.reset_index(drop=True)
    for path in table.columns:
        is_number = pd.to_numeric(table[path], errors="coerce").notna()
        if is_number.any() and not is_number.all() and table[path].notna().all():
            row = (~is_number).idxmax()
            raise DesignError(
                f"{path} = {table.loc[row, path]!r} is not a number, as the others are.",
                fix="Correct it.",
                at=[f"design point {row}"],
            )
    if table.empty:
        raise DesignError("the table of design points holds none.", fix="Give at least one row and one column.")
    if table.isna().to_numpy().any():
        row, column = np.argwhere(table.isna().to_numpy())[0]
        raise DesignError(
            f"{table.columns[column]} is empty.", fix="Give it a value.", at=[f"design point {table.index[row]}"]
        )
    columns = {str(path): [_plain(value) for value in table[path]] for path in table.columns}
    factors = [Factor(path, values=tuple(dict.fromkeys(values))) for path, values in columns.items()]
    points = pd.DataFrame(columns, index=table.index.rename("point"))
    return Design(tuple(checked_factors(factors)), points, "table")


def _plain(value: Any) -> Any:
    """A value of a table as Python has it."""
    if isinstance(value, datetime):
        return value.date()
    return value.item() if isinstance(value, np.generic) else value

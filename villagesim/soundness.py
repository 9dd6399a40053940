"""One look at the record when a run is over: nothing in it may be what it cannot be.

Each column says what it can be. The look costs a pass over the record: numbers from 0 up are in the order of their bits,
and those below 0, or not finite, come after all others.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from villagesim.component import Column
from villagesim.engine.recorder import N_HISTORY, Recorder
from villagesim.errors import RunError
from villagesim.places.place import Place

SLACK = 1e-6
"""What rounding may lead beyond the ends of a domain, in the unit of the column."""


def check_record(recorder: Recorder, columns: Sequence[Column], place: Place, suspects: Callable[[], str]) -> None:
    """Refuse a run whose record holds what cannot be: not finite, a share above 1, an income below 0.

    Parameters
    ----------
    suspects : callable
        Says what may be to blame, for the message.

    Raises
    ------
    RunError
        With the month, the village and the column.
    """
    by_name = {column.name: column for column in columns}
    for column in _doubtful(recorder, by_name):
        values = recorder.column(column.name)
        beyond = ~((values >= column.domain.low - SLACK) & (values <= column.domain.high + SLACK))  # true for NaN
        if beyond.any():
            month, *where = (int(k) for k in np.argwhere(beyond)[0])
            value = float(values[(month, *where)])
            raise RunError(
                f"{value:,.6g} {column.unit} cannot be: {column.meaning} is {column.domain}.",
                fix=suspects(),
                at=[_month(recorder, month), *_who(column, where, place), f"column {column.name}"],
            )


def _doubtful(recorder: Recorder, columns: Mapping[str, Column]) -> Iterator[Column]:
    """Columns that one pass over the bits does not clear."""
    for group, names in recorder.names.items():
        table: NDArray[Any] = getattr(recorder, group)
        if not names:
            continue
        bits = table.view(f"u{table.itemsize}").reshape(len(names), -1).max(axis=1)
        highest = bits.view(table.dtype)
        for name, value in zip(names, highest, strict=True):
            column = columns[name]
            if not 0 <= value <= column.domain.high:
                yield column


def _month(recorder: Recorder, month: int) -> str:
    return "before the start" if month < N_HISTORY else recorder.months[month - N_HISTORY].label


def _who(column: Column, where: Sequence[int], place: Place) -> list[str]:
    """Village or township of a row; nothing for the county."""
    if not where:
        return []
    (row,) = where
    if column.per == "township":
        return [f"township {place.townships[row]}"]
    return [f"{place.before.names[row]} ({place.before.codes[row]})"]

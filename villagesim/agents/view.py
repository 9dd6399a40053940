"""One row of some columns, for people to read and write: user policies, tests, notebooks. Processes use the columns."""

from typing import Any


class RowView:
    """Attributes of one agent: ``view.cash`` reads and ``view.cash = 0`` writes row ``row`` of the column ``cash``."""

    __slots__ = ("_columns", "row")

    def __init__(self, columns: Any, row: int) -> None:
        object.__setattr__(self, "_columns", columns)
        object.__setattr__(self, "row", row)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._columns, name)[self.row]

    def __setattr__(self, name: str, value: Any) -> None:
        getattr(self._columns, name)[self.row] = value

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={getattr(self, name)}" for name in vars(self._columns))
        return f"{type(self._columns).__name__}[{self.row}]({values})"

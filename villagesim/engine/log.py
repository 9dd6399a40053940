"""What happened in a run, event by event, to look at only."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, overload

from villagesim.frozen import Frozen

Event = tuple[float, str, int, Mapping[str, Any]]
"""Something that happened: day from the start, kind, row of the village (-1: the county), facts."""


class Log(Sequence[Event]):
    """Events in the order in which they were logged; facts are frozen when somebody looks at them."""

    __slots__ = ("_logged",)

    def __init__(self, logged: Sequence[Event]) -> None:
        self._logged = logged

    @overload
    def __getitem__(self, which: int) -> Event: ...
    @overload
    def __getitem__(self, which: slice) -> "Log": ...
    def __getitem__(self, which: int | slice) -> "Event | Log":
        return Log(self._logged[which]) if isinstance(which, slice) else _shown(self._logged[which])

    def __iter__(self) -> Iterator[Event]:
        return map(_shown, self._logged)

    def __len__(self) -> int:
        return len(self._logged)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<log: {len(self)} events>"


def _shown(event: Event) -> Event:
    *when, facts = event
    return (*when, Frozen(facts))  # type: ignore[return-value]

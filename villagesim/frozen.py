"""Values that cannot be changed: arrays, mappings, and how they come through to other processes."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

K = TypeVar("K")
V = TypeVar("V")


class Frozen(Mapping[K, V]):
    """A mapping that stays as it was made; it can be sent to another process."""

    __slots__ = ("_items",)
    _items: dict[K, V]

    def __init__(self, items: Mapping[K, V]) -> None:
        object.__setattr__(self, "_items", dict(items))

    def __getitem__(self, key: K) -> V:
        return self._items[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a frozen mapping cannot be changed: take dict(...) of it.")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("a frozen mapping cannot be changed: take dict(...) of it.")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._items,)

    def __repr__(self) -> str:
        return repr(self._items)


class Copies(Frozen[K, V]):
    """A frozen mapping of lists and mappings, as JSON has them: whoever reads one gets a copy."""

    __slots__ = ()

    def __init__(self, items: Mapping[K, V]) -> None:
        super().__init__(deepcopy(dict(items)))

    def __getitem__(self, key: K) -> V:
        return deepcopy(self._items[key])


def read_only(values: NDArray[Any]) -> NDArray[Any]:
    """Copy of an array into which nothing can be written, ever."""
    return np.frombuffer(values.tobytes(), values.dtype).reshape(values.shape)


def locked(values: NDArray[Any]) -> NDArray[Any]:
    """The same memory, to look at only: neither it nor what it is made of can be unlocked."""
    return np.asarray(values.data.toreadonly())


PLAIN = frozenset({str, int, float, bool, type(None)})


def frozen_inside(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts that only the caller holds, with values that cannot be changed: most are plain, and there are thousands."""
    if PLAIN.issuperset(map(type, facts.values())):
        return facts
    return {key: frozen(value) for key, value in facts.items()}


def frozen(value: Any) -> Any:
    """The same, such that nothing in it can be changed, however deep: copies of arrays, lists, sets and mappings."""
    if type(value) in PLAIN:
        return value
    if isinstance(value, np.ndarray):
        return read_only(value)
    if isinstance(value, Mapping):
        return Frozen({key: frozen(inner) for key, inner in value.items()})
    if isinstance(value, list | tuple):
        return tuple(map(frozen, value))
    if isinstance(value, set):
        return frozenset(value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{each.name: frozen(getattr(value, each.name)) for each in fields(value)})
    return value


class Value:
    """Base of frozen dataclasses that hold arrays or mappings: what arrives in another process is made anew, and frozen."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Any, ...]:
        return _made, (type(self), {field.name: getattr(self, field.name) for field in fields(self)})  # type: ignore[arg-type]

    def _freeze(self, **kept: Any) -> None:
        """Put values into attributes while the object is made, and freeze all arrays."""
        for name, value in (vars(self) | kept).items():
            if name in kept or isinstance(value, np.ndarray):
                object.__setattr__(self, name, read_only(value) if isinstance(value, np.ndarray) else value)


class Copied:
    """Attribute of a frozen dataclass that holds a table of its own, or none: whoever reads it gets a copy."""

    def __init__(self, name: str) -> None:
        self._kept = f"_{name}"

    def __get__(self, holder: Any, owner: type | None = None) -> Any:
        return self if holder is None else deepcopy(vars(holder)[self._kept])

    def __set__(self, holder: Any, table: Any) -> None:
        vars(holder)[self._kept] = table


def _made(kind: type, values: Mapping[str, Any]) -> Any:
    return kind(**values)

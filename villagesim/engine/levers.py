"""Levers: named quantities of a run that several owners change together, in an order-free way.

Each kind has one combining rule, fixed by its class: rates multiply, capacities add, coverage is a union.
Contributions are folded in the alphabetical order of their owners, because sums and products of floats depend on
the order. Values change at firsts of a month only, so that arrivals and hazards are exact.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from villagesim.errors import nearest

Contribution = Callable[[], Any]
"""Returns a number or an array of shape ``(n,)``; read at every refresh."""


class Quantity:
    """A base value and named contributions; ``now`` is what was folded at the last refresh."""

    def __init__(self, name: str, base: NDArray[Any]) -> None:
        self.name, self.base, self.now = name, base, base.copy()
        self._contributions: dict[str, Contribution] = {}
        self._folded = False

    def set(self, owner: str, contribution: Contribution) -> None:
        """Let ``owner`` contribute from the next refresh on.

        Raises
        ------
        ValueError
            Where this owner contributes already.
        """
        if owner in self._contributions:
            raise ValueError(f"{self.name} is changed by {owner!r} already: give the second one its own label.")
        self._contributions[owner] = contribution

    def drop(self, owner: str) -> None:
        """End the contribution of ``owner``, if there is one."""
        self._contributions.pop(owner, None)

    def close(self) -> None:
        """Forget the contributions, not who made them: ``now`` stays as it is."""
        self._contributions = dict.fromkeys(self._contributions, lambda: None)

    @property
    def owners(self) -> list[str]:
        """Who contributes, in the order of folding."""
        return sorted(self._contributions)

    @property
    def at_rest(self) -> bool:
        """Whether nobody contributes now, nor did at the last refresh, so that ``now`` is the base."""
        return not (self._contributions or self._folded)

    def refresh(self) -> None:
        """Fold all contributions anew."""
        value = self.base.copy()
        for owner in self.owners:
            self._fold(value, self._contributions[owner]())
        self._keep_within(value)
        self.now, self._folded = value, bool(self._contributions)

    def _fold(self, value: NDArray[Any], part: Any) -> None:
        raise TypeError(f"{type(self).__name__} has no combining rule.")

    def _keep_within(self, value: NDArray[Any]) -> None:
        pass


class Rate(Quantity):
    """Yearly rate by row: a base times factors; a factor of exactly 1.0 leaves every bit as it is."""

    def __init__(self, name: str, base: Any, n: int) -> None:
        super().__init__(name, np.full(n, base, float))

    def _fold(self, value: NDArray[Any], part: Any) -> None:
        value *= part

    def _keep_within(self, value: NDArray[Any]) -> None:
        if not (value.min(initial=0.0) >= 0.0 and value.max(initial=0.0) < np.inf):
            raise ValueError(f"{self.name} is not a rate any more after {self.owners}: {value}")


class Capacity(Quantity):
    """Officers by township, not always whole ones: contributions add."""

    def __init__(self, name: str, n: int, base: Any = 0) -> None:
        super().__init__(name, np.full(n, base, float))

    def _fold(self, value: NDArray[Any], part: Any) -> None:
        value += part


class Level(Quantity):
    """Index or yearly number by row: contributions add, and the sum is kept within [0, ceiling]."""

    def __init__(self, name: str, base: Any, n: int, ceiling: float = 1.0) -> None:
        super().__init__(name, np.full(n, base, float))
        self.ceiling = ceiling

    def _fold(self, value: NDArray[Any], part: Any) -> None:
        value += part

    def _keep_within(self, value: NDArray[Any]) -> None:
        np.minimum(np.maximum(value, 0.0, out=value), self.ceiling, out=value)


class Coverage(Quantity):
    """Rows that somebody reaches: contributions are joined."""

    def __init__(self, name: str, n: int) -> None:
        super().__init__(name, np.zeros(n, bool))

    def _fold(self, value: NDArray[Any], part: Any) -> None:
        value |= part


class Levers:
    """All levers of a run, each under its name: ``levers.attempt_rate.now``; in the order in which they are folded."""

    def __init__(self, by_stage: Mapping[str, Mapping[str, Quantity]]) -> None:
        self._by_stage = {stage: tuple(levers.values()) for stage, levers in by_stage.items()}
        for levers in by_stage.values():
            vars(self).update(levers)

    def __getattr__(self, name: str) -> Quantity:
        known = [] if name.startswith("_") else [lever.name for lever in self]
        raise AttributeError(f"{name!r} is not a lever of this world. {nearest(name, known)}")

    def __getitem__(self, name: str) -> Quantity:
        lever: Quantity = getattr(self, name)
        return lever

    def __iter__(self) -> Iterator[Quantity]:
        return (lever for levers in self._by_stage.values() for lever in levers)

    def refresh(self, stage: str) -> None:
        """Fold the levers of a stage anew; what nobody changes costs nothing."""
        for lever in self._by_stage.get(stage, ()):
            if not lever.at_rest:
                lever.refresh()

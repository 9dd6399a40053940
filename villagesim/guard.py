"""What a component may do with a world, by what it declares; all else it sees, and cannot write.

Code of a user's own stands behind a guard in every run. Components of the library see the world itself, so that they pay
nothing for it; a test keeps them to the same guard.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np

from villagesim.component import Component, name_of
from villagesim.ending import is_shipped, place_of
from villagesim.engine.levers import Contribution, Levers, Quantity
from villagesim.errors import PolicyError, RunError, VillagesimError, nearest
from villagesim.frozen import locked

OPEN = {
    "calendar": ("months", "stop", "order", "declare"),
    "fund": ("level", "capacity"),
    "env": (
        "now", "timeout", "process", "event", "all_of", "any_of", "active_process", "schedule", "peek"
    ),
    "observers": (),
}  # fmt: skip
"""What code of a user's own may use of the parts of a world by which it runs; all else of them is the library's."""
KEPT = "Keep what it knows in attributes of its own"


def seen_by(component: type[Component] | Component, world: Any) -> Any:
    """The world, as this component may use it."""
    kind = component if isinstance(component, type) else type(component)
    return world if is_shipped(kind) else guarded(component, world)


def guarded(component: type[Component] | Component, world: Any) -> Any:
    """The world, kept to what this component declares, be it the library's or not."""
    return WorldGuard(world, "world", _Keeper(component, world))


def today(world: Any) -> str:
    """The day of a run, for messages."""
    return f"on {world.timetable.start + timedelta(days=int(world.now))}"


class Shown(np.ndarray):
    """View of an array that its reader must not write: refused by name; what is made of it is the reader's own."""

    refused: Callable[[], VillagesimError] | None

    def __array_finalize__(self, source: Any) -> None:
        self.refused = getattr(source, "refused", None)

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        is_copy = isinstance(found, Shown) and not np.may_share_memory(found, self)  # which NumPy 1 leaves closed
        return np.array(found) if is_copy else found

    def __setitem__(self, key: Any, value: Any) -> None:
        self.check()
        super().__setitem__(key, value)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, out: tuple[Any, ...] = (), **more: Any) -> Any:
        for written in (*out, *(inputs[:1] if method == "at" else ())):
            if isinstance(written, Shown):
                written.check()
        if out:
            more["out"] = tuple(map(_plain, out))
        return getattr(ufunc, method)(*map(_plain, inputs), **more)

    def check(self) -> None:
        """Refuse to be written, unless it is a copy."""
        if self.refused and not self.flags.writeable:
            raise self.refused()


class Guard:
    """A part of a world that lets through what its component may write, and shows all else."""

    def __init__(self, target: Any, name: str, keeper: "_Keeper") -> None:
        for attribute, value in (("_target", target), ("_name", name), ("_keeper", keeper)):
            object.__setattr__(self, attribute, value)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"{name!r} belongs to the library alone")
        value = getattr(self._target, name)
        is_made = isinstance(getattr(type(self._target), name, None), property)
        return value if is_made else self._keeper.shown(f"{self._name}.{name}", value)

    def __setattr__(self, name: str, value: Any) -> None:
        if f"{self._name}.{name}" not in self._keeper.writes:
            raise self._keeper.refused(f"{self._name}.{name}")
        setattr(self._target, name, value)


class WorldGuard(Guard):
    """A world: its levers are pulled, its offers called as declared; its record is read."""

    @property
    def levers(self) -> "LeversGuard":
        """All levers."""
        return LeversGuard(self._target.levers, self._keeper)

    @property
    def offers(self) -> "OffersGuard":
        """What processes do for others."""
        return OffersGuard(self._target.offers, self._keeper)

    @property
    def recorder(self) -> Any:
        """Raw columns of all months closed so far."""
        return self._target.recorder.read_only()


class PartGuard(Guard):
    """A part by which a world runs: a few of its names are open. It is the same to simpy as what it stands for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name not in OPEN[self._name]:
            raise self._keeper.closed(f"world.{self._name}.{name}", OPEN[self._name])
        return getattr(self._target, name)

    def __setattr__(self, name: str, value: Any) -> None:
        raise self._keeper.closed(f"world.{self._name}.{name}", OPEN[self._name])

    def __eq__(self, other: object) -> bool:
        return other is self._target or (isinstance(other, PartGuard) and other == self._target)

    def __hash__(self) -> int:
        return hash(self._target)


class LeversGuard:
    """Levers of which a component pulls those that it says it pulls."""

    def __init__(self, levers: Levers, keeper: "_Keeper") -> None:
        self._levers, self._keeper = levers, keeper

    def __getattr__(self, name: str) -> Any:
        return LeverGuard(self._levers[name], f"levers.{name}", self._keeper)

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)

    def __iter__(self) -> Iterator[Any]:
        return (self[lever.name] for lever in self._levers)


class LeverGuard(Guard):
    """One lever; what is contributed to it is looked at."""

    def set(self, owner: str, contribution: Contribution) -> None:
        """Let ``owner`` contribute from the next refresh on."""
        self._keeper.component.check_pull(self._target.name)
        self._target.set(owner, partial(self._keeper.contributed, owner, contribution, self._target))

    def drop(self, owner: str) -> None:
        """End the contribution of ``owner``, if there is one."""
        self._keeper.component.check_pull(self._target.name)
        self._target.drop(owner)


class OffersGuard:
    """Offers of which a component calls its own, and those that it says it needs."""

    def __init__(self, offers: Any, keeper: "_Keeper") -> None:
        self._offers, self._keeper = offers, keeper

    def __getattr__(self, name: str) -> Callable[..., Any]:
        component, known = self._keeper.component, self._keeper.world.assembly.offers
        if name not in (*component.needs, *component.offers):
            rule, needs = f"{name_of(component)} calls the offer {name!r}", (*component.needs, name)
            if name not in known:
                raise RunError(f"{rule}, which no process makes.", fix=nearest(name, known))
            raise RunError(f"{rule} without saying so.", fix=f"Say it: needs = {needs}.")
        offer: Callable[..., Any] = getattr(self._offers, name)
        return offer


class _Keeper:
    """What one component may write, and what is said where it writes something else."""

    def __init__(self, component: type[Component] | Component, world: Any) -> None:
        self.component, self.world = component, world
        self.is_shipped = is_shipped(component if isinstance(component, type) else type(component))
        self.writes = frozenset((*component.owns, *component.takes, *component.deposits))
        self._views: dict[str, tuple[Any, Any]] = {}

    def shown(self, name: str, value: Any) -> Any:
        """A value as its reader may have it; the same view of an array each time."""
        if name in self.writes:
            return value
        if isinstance(value, list):
            return tuple(value)
        if isinstance(value, set):
            return frozenset(value)
        if isinstance(value, dict):
            return MappingProxyType({key: self.shown(f"{name}[{key!r}]", inner) for key, inner in value.items()})
        if name in self._views and self._views[name][0] is value:
            return self._views[name][1]
        view: Any = value
        if isinstance(value, np.ndarray):
            view = locked(value).view(Shown)
            view.refused = partial(self.refused, name)
        elif name.removeprefix("world.") in OPEN and not self.is_shipped:
            view = PartGuard(value, name.removeprefix("world."), self)
        elif type(value).__module__.startswith("villagesim.agents."):
            view = Guard(value, name.removeprefix("world."), self)
        self._views[name] = value, view
        return view

    def closed(self, name: str, opened: tuple[str, ...]) -> RunError:
        """Say what of a part of the world is not for code of a user's own, and what is."""
        fix = f"Open are {', '.join(opened)}." if opened else f"{KEPT}."
        return RunError(f"{name_of(self.component)} uses {name}, which is the library's own.", fix=fix)

    def refused(self, name: str) -> RunError:
        """Say what may not be written, whose it is, and what can be done instead."""
        who, assembly = name_of(self.component), self.world.assembly
        owner = assembly.state.get(name)
        if name.startswith("levers."):
            lever = name.split(".")[1]
            return RunError(f"{who} writes the lever {lever!r}.", fix=f"Pull it: pulls = ({lever!r},).")
        if owner is None:
            return RunError(f"{who} writes {name}, which is not its own.", fix=f"{KEPT}.")
        if name in assembly.takes:
            return RunError(f"{who} adds to {name} without saying so.", fix=f"Say it: deposits = ({name!r},).")
        takes = [state for state in owner.takes if state.split(".")[0] == name.split(".")[0]]
        fix = (
            f"{KEPT}, or add to what {name_of(owner)} takes: {', '.join(takes)}."
            if takes
            else f"{KEPT}, or pull a lever."
        )
        return RunError(f"{who} writes {name}, which belongs to {name_of(owner)}.", fix=fix)

    def contributed(self, owner: str, contribution: Contribution, lever: Quantity) -> Any:
        """What it contributes to a lever, if it is one finite number for each."""
        part = contribution()
        values, base = np.asarray(part), lever.base
        fits = np.can_cast(values.dtype, base.dtype, "same_kind") and values.shape in ((), base.shape)
        wrong = ~np.isfinite(values) | np.ma.getmaskarray(part) if fits else np.True_
        if not wrong.any():
            return part
        what, where = repr(part), ""
        if fits and values.shape:
            row = int(np.flatnonzero(wrong)[0])
            what, where = str(values[row]), f" in {self._row(row, len(base))}"
        raise PolicyError(
            f"{owner} contributes {what:.60}{where} to the lever {lever.name!r}.",
            fix=f"Contribute a finite number, or {len(base)} of them ({base.dtype}).",
            at=[today(self.world), name_of(self.component), *place_of(contribution)],
        )

    def _row(self, row: int, n: int) -> str:
        """The village, township or county of a row of a lever."""
        place = self.world.place
        if n == self.world.n_rows:
            return f"{place.before.names[row]} ({place.before.codes[row]})"
        return str(place.township_names[row]) if n == len(place.townships) else f"row {row}"


def _plain(value: Any) -> Any:
    return value.view(np.ndarray) if isinstance(value, Shown) else value

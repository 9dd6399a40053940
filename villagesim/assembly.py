"""All declarations of some processes, put together and checked: a world is made of them, and of nothing else.

Nothing that is declared is listed a second time anywhere: the record has the columns, the world has the levers and the
offers of the processes that it is made with, be they of the library or of a user.
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import CodeType
from typing import Any

from numpy.typing import NDArray

from villagesim.component import Column, Component, Lever, name_of
from villagesim.ending import is_shipped
from villagesim.engine.levers import Capacity, Coverage, Level, Levers, Quantity, Rate
from villagesim.errors import ScenarioError, nearest
from villagesim.frozen import Frozen


@dataclass(frozen=True, eq=False)
class Assembly:
    """All that some processes declare, checked.

    Attributes
    ----------
    processes : tuple of classes
    parameters, state, takes, columns, levers, offers : dict of str to class
        Who brings, writes, takes, records, declares and offers what; levers stand in the order in which they are combined.
    """

    processes: tuple[type[Component], ...]
    parameters: Mapping[str, type[Component]] = field(init=False)
    state: Mapping[str, type[Component]] = field(init=False)
    takes: Mapping[str, type[Component]] = field(init=False)
    columns: Mapping[str, type[Component]] = field(init=False)
    levers: Mapping[str, type[Component]] = field(init=False)
    offers: Mapping[str, type[Component]] = field(init=False)

    def __post_init__(self) -> None:
        ways = {
            "parameters": lambda c: [parameter.name for parameter in c.parameters],
            "state": lambda c: [*c.owns, *c.takes],
            "takes": lambda c: c.takes,
            "columns": lambda c: [column.name for column in c.columns],
            "levers": lambda c: [lever.name for lever in c.levers],
            "offers": lambda c: c.offers,
        }  # fmt: skip
        for what, names in ways.items():
            object.__setattr__(self, what, Frozen(_by_owner(what, self.processes, names)))
        for process in self.processes:
            self.check(process)
            _check_use(process)
        object.__setattr__(self, "levers", Frozen({name: self.levers[name] for name in _in_order(self.all_levers)}))

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """Columns of the record, in the order of the processes."""
        return tuple(column for process in self.processes for column in process.columns)

    @property
    def all_levers(self) -> Mapping[str, Lever]:
        """Levers by name, in the order in which they are combined."""
        declared = {lever.name: lever for process in self.processes for lever in process.levers}
        return Frozen({name: declared[name] for name in self.levers})

    @property
    def groups(self) -> Mapping[str, tuple[str, ...]]:
        """Names of the columns by the array that holds them."""
        found: dict[str, list[str]] = {"rows": [], "counts": [], "townships": [], "county": []}
        for column in self.all_columns:
            group = {"township": "townships", "county": "county"}.get(column.per, "counts" if column.whole else "rows")
            found[group].append(column.name)
        return Frozen({group: tuple(names) for group, names in found.items()})

    def check(self, component: type[Component] | Component) -> None:
        """Refuse a process or policy that pulls, needs or adds to what is not there.

        Raises
        ------
        ScenarioError
        """
        who = name_of(component)
        for names, known, says in (
            (component.pulls, self.levers, "pulls the lever {!r}, which no process declares."),
            (component.needs, self.offers, "needs {!r}, which no process offers."),
            (component.deposits, self.takes, "adds to {!r}, which no process takes."),
        ):
            for name in names:
                if name not in known:
                    raise ScenarioError(f"{who} {says.format(name)}", fix=nearest(name, known))


@cache
def assemble(processes: tuple[type[Component], ...]) -> Assembly:
    """All that these processes declare, checked.

    Raises
    ------
    ScenarioError
        Where something is declared twice, unknown, or never read by who declares it.
    """
    return Assembly(processes)


def _by_owner(
    what: str, processes: Iterable[type[Component]], names: Callable[[type[Component]], Iterable[str]]
) -> dict[str, type[Component]]:
    found: dict[str, type[Component]] = {}
    for process in processes:
        for name in names(process):
            if name in found:
                first = (
                    f"{name_of(found[name])} and {name_of(process)}" if found[name] is not process else name_of(process)
                )
                raise ScenarioError(
                    f"{what}: {name!r} is declared twice, by {first}.",
                    fix="Each has one owner: give the second its own name.",
                )
            found[name] = process
    return found


def _in_order(levers: Mapping[str, Lever]) -> list[str]:
    """Names of levers as they are combined: those first that the contributions of others look at."""
    ordered: list[str] = []
    todo = dict(levers)
    while todo:
        ready = next((name for name, lever in todo.items() if not {*lever.after} & {*todo}), None)
        if ready is None:
            raise ScenarioError(
                f"levers: each of {', '.join(todo)} comes after another one.", fix="Leave one `after` out."
            )
        for name in todo.pop(ready).after:
            if name not in levers:
                raise ScenarioError(
                    f"lever {ready!r} comes after {name!r}, which no process declares.", fix=nearest(name, levers)
                )
        ordered.append(ready)
    return ordered


def _check_use(process: type[Component]) -> None:
    """Refuse a lever that its own process never reads, and an offer without a method: both would be silently dead."""
    used = _names_in(process)
    for lever in process.levers:
        if not any({"levers", lever.name} <= names for names in used):
            raise ScenarioError(
                f"{name_of(process)} declares the lever {lever.name!r} and never reads it, so pulling it would do nothing.",
                fix=f"Read world.levers.{lever.name}.now in it, or leave the lever out.",
            )
    for offer in process.offers:
        if not callable(getattr(process, offer, None)):
            raise ScenarioError(
                f"{name_of(process)} offers {offer!r}, and has no method of this name.", fix="Write it."
            )
    if is_shipped(process):
        return  # its parameters are read in many rooms: a test of the library looks after them
    for parameter in vars(process).get("parameters", ()):
        if not any(parameter.name in names for names in used):
            raise ScenarioError(
                f"{name_of(process)} brings the parameter {parameter.name!r} and never reads it.",
                fix=f"Read world.p.{parameter.name} in it, or leave the parameter out.",
            )


def _names_in(process: type[Component]) -> list[set[str]]:
    """Names that a process uses, function by function: its own and its bases', its module's, its columns' and levers'."""
    module = vars(sys.modules[process.__module__]).values()
    values = [value for owner in process.__mro__ for value in vars(owner).values()]
    values += [value for value in module if getattr(value, "__module__", "") == process.__module__]
    values += [column.read for column in process.columns] + [lever.base for lever in process.levers]
    functions = [part for v in values for part in (v, getattr(v, "fget", None), getattr(v, "__func__", None))]
    found = [_names_of(code) for f in functions if isinstance(code := getattr(f, "__code__", None), CodeType)]
    return found + [{*value.split(".")} for value in values if isinstance(value, str)]


def _names_of(code: CodeType) -> set[str]:
    """Names and texts that a function uses, with the functions inside it."""
    inner = [_names_of(const) for const in code.co_consts if isinstance(const, CodeType)]
    return {*code.co_names, *(const for const in code.co_consts if isinstance(const, str))}.union(*inner)


def levers_of(assembly: Assembly, n_rows: int, n_townships: int, base: Callable[[Lever], NDArray[Any]]) -> Levers:
    """Levers that processes declare, by the stage at which they are combined, each at its base."""
    n = {"township": n_townships, "county": 1}
    by_stage: dict[str, dict[str, Quantity]] = {}
    for name, lever in assembly.all_levers.items():
        by_stage.setdefault(lever.stage, {})[name] = _lever(lever, n.get(lever.per, n_rows), base(lever))
    return Levers(by_stage)


def _lever(lever: Lever, n: int, base: NDArray[Any]) -> Quantity:
    if lever.rule == "rate":
        return Rate(lever.name, base, n)
    if lever.rule == "level":
        return Level(lever.name, base, n, lever.ceiling)
    return Capacity(lever.name, n, base) if lever.rule == "capacity" else Coverage(lever.name, n)

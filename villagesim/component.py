"""What processes and policies declare of themselves; a world is put together from these declarations, and from nothing else.

Nothing that is declared here is listed a second time anywhere: the record has the columns, the world has the levers and the
offers of the processes that it is made with, be they of the library or of a user.
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from operator import attrgetter
from types import CodeType
from typing import Any, ClassVar, Literal, get_args

from villagesim.domains import ANY, Domain, of_column
from villagesim.engine.levers import Levers, Quantity
from villagesim.errors import PolicyError, ScenarioError, nearest
from villagesim.frozen import Frozen
from villagesim.parameters import Parameter

Per = Literal["constituent", "village", "account", "seat", "trust", "township", "county"]
"""What has a value each; all but townships and the county have the rows of constituents, read at the row that holds them."""
Kind = Literal["flow", "level"]
Rule = Literal["rate", "level", "capacity", "coverage"]
When = Literal["policies", "refresh"]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One raw column of the monthly record, written when a month is closed.

    Attributes
    ----------
    name, meaning, unit : str
    per : str
        What has a value each.
    kind : str
        ``flow`` of the month, or ``level`` at its end.
    read : str or callable
        Where the value is found: a path from the process, as ``world.members.trust``, or a function of the process; its
        attribute of the column's own name unless said otherwise.
    whole : bool
        Whole numbers, kept in half the memory.
    before : callable, optional
        The twelve months before the first day, from the world as it starts: ``(12, n)`` or one value for all; zero where
        there is none.
    domain : Domain
        What it can be at all, looked at when a run is over; from the unit, unless said otherwise.
    """

    name: str
    meaning: str
    unit: str
    per: Per
    kind: Kind
    read: str | Callable[[Any], Any] = ""
    whole: bool = False
    before: Callable[[Any], Any] | None = None
    domain: Domain = ANY

    def __post_init__(self) -> None:
        _check_words("column", self.name, per=(self.per, Per), kind=(self.kind, Kind))
        if self.domain is ANY:
            object.__setattr__(self, "domain", of_column(self.unit))

    def reader(self, process: "Component") -> Callable[[], Any]:
        """How its value of the month is had from its process."""
        read = self.read if callable(self.read) else attrgetter(self.read or self.name)
        return partial(read, process)


@dataclass(frozen=True, kw_only=True)
class Lever:
    """A quantity that policies and processes change together; the process that reads it declares it.

    Attributes
    ----------
    name, meaning, unit : str
    per : str
        What has a value each.
    rule : str
        How contributions are combined: rates multiply, levels and capacities add, coverage is a union.
    base : number, str or callable
        Its value where nobody changes it: a number, the name of a parameter, or a function of the world as it starts.
    ceiling : float
        Highest value of a level.
    stage : str
        When contributions are combined: ``policies``, or ``refresh``, when processes have looked at what policies set.
    after : tuple of str
        Levers that its contributions look at, which are combined before it.
    """

    name: str
    meaning: str
    unit: str
    per: Per
    rule: Rule
    base: float | str | Callable[[Any], Any] = 0.0
    ceiling: float = 1.0
    stage: When = "policies"
    after: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_words("lever", self.name, per=(self.per, Per), rule=(self.rule, Rule), stage=(self.stage, When))

    def base_in(self, world: Any) -> Any:
        """Value in a world where nobody changes it."""
        if callable(self.base):
            return self.base(world)
        return world.p[self.base].value if isinstance(self.base, str) else self.base


class Component:
    """What processes and policies have in common: they say what they need, what they change and what they give.

    Attributes
    ----------
    parameters : tuple of Parameter
        Numbers that it brings along, each with its range and source.
    owns, takes : tuple of str
        State that it alone writes, as ``members.trust``; state to which others may add, and which it takes at its stage.
    deposits : tuple of str
        State of others to which it adds.
    columns, levers : tuple of Column, tuple of Lever
        What it puts into the record; what it lets others change.
    pulls : tuple of str
        Levers that it changes.
    offers, needs : tuple of str
        Methods that it lets others call as ``world.offers.name(...)``; those of others that it calls.
    """

    parameters: ClassVar[tuple[Parameter, ...]] = ()
    owns: ClassVar[tuple[str, ...]] = ()
    takes: ClassVar[tuple[str, ...]] = ()
    deposits: ClassVar[tuple[str, ...]] = ()
    columns: ClassVar[tuple[Column, ...]] = ()
    levers: ClassVar[tuple[Lever, ...]] = ()
    pulls: ClassVar[tuple[str, ...]] = ()
    offers: ClassVar[tuple[str, ...]] = ()
    needs: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        holds = {"parameters": Parameter, "columns": Column, "levers": Lever}
        for what in ("parameters", "owns", "takes", "deposits", "columns", "levers", "pulls", "offers", "needs"):
            given, kind = getattr(cls, what), holds.get(what, str)
            if not (isinstance(given, tuple) and all(isinstance(one, kind) for one in given)):
                raise ScenarioError(
                    f"{cls.__name__}: {what} = {given!r} is not a tuple of {kind.__name__}.",
                    fix=f"Write {what} = (...,), with a comma also after a single one.",
                )

    def lever(self, levers: Levers, name: str) -> Quantity:
        """One of the levers that it pulls.

        Raises
        ------
        PolicyError
            Where it has not said that it pulls it.
        """
        if name not in self.pulls:
            names = ", ".join(repr(pulled) for pulled in (*self.pulls, name))
            raise PolicyError(
                f"{type(self).__name__} pulls the lever {name!r} without saying so.", fix=f"Say it: pulls = ({names},)."
            )
        return levers[name]


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
        who = _name(component)
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


def _check_words(what: str, name: str, **said: tuple[str, Any]) -> None:
    """Refuse a name that is none, and a word that is not one of those that there are."""
    if not (isinstance(name, str) and name.isidentifier()):
        raise ScenarioError(f"{what} {name!r} has no usable name.", fix="Write letters, digits and _, as fairs_held.")
    for key, (word, words) in said.items():
        if word not in get_args(words):
            raise ScenarioError(
                f"{what} {name}: {key} = {word!r} is not one of {', '.join(get_args(words))}.",
                fix=nearest(str(word), get_args(words)),
            )


def _name(component: type[Component] | Component) -> str:
    return component.__name__ if isinstance(component, type) else type(component).__name__


def _by_owner(
    what: str, processes: Iterable[type[Component]], names: Callable[[type[Component]], Iterable[str]]
) -> dict[str, type[Component]]:
    found: dict[str, type[Component]] = {}
    for process in processes:
        for name in names(process):
            if name in found:
                first = f"{_name(found[name])} and {_name(process)}" if found[name] is not process else _name(process)
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
                f"{_name(process)} declares the lever {lever.name!r} and never reads it, so pulling it would do nothing.",
                fix=f"Read world.levers.{lever.name}.now in it, or leave the lever out.",
            )
    for offer in process.offers:
        if not callable(getattr(process, offer, None)):
            raise ScenarioError(f"{_name(process)} offers {offer!r}, and has no method of this name.", fix="Write it.")
    if process.__module__.startswith("villagesim."):
        return  # its parameters are read in many rooms: a test of the library looks after them
    for parameter in vars(process).get("parameters", ()):
        if not any(parameter.name in names for names in used):
            raise ScenarioError(
                f"{_name(process)} brings the parameter {parameter.name!r} and never reads it.",
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

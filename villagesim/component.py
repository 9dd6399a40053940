"""What processes and policies declare of themselves: parameters, columns, levers, and what they write, pull, offer and need."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any, ClassVar, Literal, get_args

from villagesim.domains import ANY, Domain, of_column
from villagesim.engine.levers import Levers, Quantity
from villagesim.errors import PolicyError, ScenarioError, nearest
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

    @classmethod
    def check_pull(cls, lever: str) -> None:
        """Refuse a lever that it has not said it pulls.

        Raises
        ------
        PolicyError
        """
        if lever not in cls.pulls:
            names = ", ".join(repr(pulled) for pulled in (*cls.pulls, lever))
            raise PolicyError(
                f"{cls.__name__} pulls the lever {lever!r} without saying so.", fix=f"Say it: pulls = ({names},)."
            )

    def lever(self, levers: Levers, name: str) -> Quantity:
        """One of the levers that it pulls.

        Raises
        ------
        PolicyError
            Where it has not said that it pulls it.
        """
        self.check_pull(name)
        return levers[name]


def name_of(component: type[Component] | Component) -> str:
    """Name of its class."""
    return component.__name__ if isinstance(component, type) else type(component).__name__


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

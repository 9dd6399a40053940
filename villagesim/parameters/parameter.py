"""A parameter is a value with its name, meaning, unit, range and source, checked when it is made."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from re import compile
from types import MappingProxyType
from typing import Any

from villagesim.checks import number
from villagesim.domains import ANY, Domain, of_unit
from villagesim.errors import ParameterError, nearest
from villagesim.notebook import table

CODES, CODE, ARTICLE = compile(r"\(([SABCD](?:[/, ]+[SABCD])*)\)"), compile(r"[SABCD]"), compile(r"S\d")
"""Where a source says how sure it is, as (A/C); one such code; what begins the key of an article."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What we believe about one number.

    Attributes
    ----------
    name, meaning, unit : str
    value, low, high : float
        Central value and the range in which it may lie; a range of zero width means a matter of definition.
    source : str
        Article key (``S0.land_trust``), section of the evidence with its confidence code, or ``assumption``.
    domain : Domain
        What it can be at all; from the unit, unless a closer one is said. No range leads out of it.
    """

    name: str
    meaning: str
    unit: str
    value: float
    low: float
    high: float
    source: str
    domain: Domain = field(default=ANY, kw_only=True)

    def __post_init__(self) -> None:
        if self.domain is ANY:
            object.__setattr__(self, "domain", of_unit(self.unit))
        for name in ("value", "low", "high"):
            found = number(getattr(self, name), f"{self.name}.{name}", fix="Write it as 0.25.", error=ParameterError)
            object.__setattr__(self, name, found)
        if not (isinstance(self.source, str) and self.source.strip()):
            raise ParameterError(
                f"{self.name}: source = {self.source!r} must be text.",
                fix="Say where the range comes from, or write: assumption.",
            )
        self._check_domain()
        if not self.low <= self.value <= self.high:
            raise ParameterError(
                f"{self.name} = {self.value:g} is outside [{self.low:g}, {self.high:g}] {self.unit}.\n  It is:"
                f" {self.meaning}.\n  Range from: {self.source}.",
                fix=f"To go outside it, give a new range and say why, in [parameters.{self.name}]: value, low, high,"
                " source.",
            )

    def _check_domain(self) -> None:
        """Refuse what it cannot be, whoever says so: a value, and a range that leads there."""
        for name, value in ((self.name, self.value), (f"{self.name}.low", self.low), (f"{self.name}.high", self.high)):
            if value not in self.domain:
                raise ParameterError(
                    f"{name} = {value:,.10g} cannot be: it is {self.domain} [{self.unit}], whatever the source.\n"
                    f"  It is: {self.meaning}.",
                    fix="Give a value, and a range, within these ends.",
                )

    def __repr__(self) -> str:
        return f"<{self.name} = {self.value:,g} ({self.low:,g} to {self.high:,g}) {self.unit}: {self.meaning}>"

    @property
    def is_assumption(self) -> bool:
        """Whether no source gives the value."""
        return self.label == "assumption"

    @property
    def label(self) -> str:
        """What its value is: an ``assumption``, ``calibrated``, or, where it has a source, what ``follows`` from that.

        Of a matter of definition the value is what stands behind the colon.
        """
        said = self.source.partition(": ")[2] if self.source.startswith("definition") else self.source
        return next((label for label in ("assumption", "calibrated") if said.startswith(label)), "follows")

    @property
    def is_well_known(self) -> bool:
        """Whether an article or a good study gives the value: confidence S or A, and no lower one beside it."""
        codes = {code for said in CODES.findall(self.source) for code in CODE.findall(said)}
        codes |= {"S"} if ARTICLE.match(self.source) else set()
        return "assumption" not in self.source and bool(codes) and codes <= {"S", "A"}


class Parameters(Mapping[str, Parameter]):
    """All parameters of a run by name; ``parameters.vote_loss`` is the plain value.

    They cannot be changed; :meth:`with_values` gives others.
    """

    __slots__ = ("_by_name",)
    _by_name: Mapping[str, Parameter]

    def __new__(cls, parameters: Iterable[Parameter]) -> "Parameters":
        """Refuse names that stand twice or hide what parameters can do."""
        by_name: dict[str, Parameter] = {}
        for parameter in parameters:
            name = parameter.name
            if name in by_name:
                raise ParameterError(f"two parameters are called {name!r}.", fix="Give one of them another name.")
            by_name[name] = parameter
        made: Parameters = object.__new__(_with_slots(tuple(by_name)))
        for name, parameter in by_name.items():
            object.__setattr__(made, name, parameter.value)
        object.__setattr__(made, "_by_name", MappingProxyType(by_name))
        return made

    def __getattr__(self, name: str) -> float:
        raise AttributeError(f"no parameter {name!r}")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"parameters cannot be changed: take parameters.with_values({{{name!r}: {value!r}}}).")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"parameters cannot be changed, so {name!r} stays.")

    def __reduce__(self) -> tuple[Any, ...]:
        return Parameters, (tuple(self._by_name.values()),)

    def __hash__(self) -> int:
        return hash(frozenset(self._by_name.values()))

    def __repr__(self) -> str:
        return f"<{len(self)} parameters, {sum(p.is_assumption for p in self.values())} of them assumptions>"

    def _repr_html_(self) -> str:
        head = ("name", "value", "unit", "low", "high", "meaning", "source")
        rows = (
            (p.name, f"{p.value:,g}", p.unit, f"{p.low:,g}", f"{p.high:,g}", p.meaning, p.source) for p in self.values()
        )
        return table(f"{len(self)} parameters", head, rows)

    def __getitem__(self, name: str) -> Parameter:
        try:
            return self._by_name[name]
        except KeyError:
            raise ParameterError(f"{name} is not a parameter.", fix=nearest(name, list(self._by_name))) from None

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def with_values(self, changes: Mapping[str, float | Mapping[str, object]]) -> "Parameters":
        """Return a copy with other values, or with whole new ranges (``value``, ``low``, ``high``, ``source``).

        Raises
        ------
        ParameterError
            Where a name is unknown, a key is missing, or a value lies outside its range.
        """
        return self.with_changed({name: self.changed(name, change) for name, change in changes.items()})

    def with_changed(self, changed: Mapping[str, Parameter]) -> "Parameters":
        """Return a copy with these in the place of those of the same names."""
        return Parameters({**self._by_name, **changed}.values())

    def changed(self, name: str, change: float | Mapping[str, object]) -> Parameter:
        """Return one parameter with another value, or with a whole new range, see :meth:`with_values`."""
        old = self[name]
        if not isinstance(change, Mapping):
            return replace(old, value=_number(name, change))
        if set(change) != {"value", "low", "high", "source"}:
            raise ParameterError(
                f"{name} has the keys {sorted(change)}.",
                fix=f"A new range needs exactly, in [parameters.{name}]: value, low, high, source.",
            )
        numbers = {key: _number(f"{name}.{key}", change[key]) for key in ("value", "low", "high")}
        return replace(old, source=change["source"], **numbers)  # type: ignore[arg-type]


@cache
def _with_slots(names: tuple[str, ...]) -> type[Parameters]:
    """Class with a slot for every plain value: read as fast as any attribute, and there is no ``vars`` to change."""
    for name in names:
        if not name.isidentifier() or hasattr(Parameters, name):
            raise ParameterError(
                f"{name!r} cannot be the name of a parameter.", fix="Choose a word that is not in use."
            )
    return type("Parameters", (Parameters,), {"__slots__": names, "__module__": Parameters.__module__})


def _number(what: str, value: object) -> float:
    return number(value, what, fix="Write it without quotation marks, as 0.25.", error=ParameterError)

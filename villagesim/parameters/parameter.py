"""A parameter is a value with its name, meaning, unit, range and source, checked when it is made."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from villagesim.checks import number
from villagesim.errors import ParameterError, nearest


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
    """

    name: str
    meaning: str
    unit: str
    value: float
    low: float
    high: float
    source: str

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:  # also catches NaN
            raise ParameterError(
                f"{self.name} = {self.value:g} is outside [{self.low:g}, {self.high:g}] {self.unit}.\n  It is:"
                f" {self.meaning}.\n  Range from: {self.source}.",
                fix=f"To go outside it, give a new range and say why, in [parameters.{self.name}]: value, low, high,"
                " source.",
            )

    @property
    def is_assumption(self) -> bool:
        """Whether no source gives the value."""
        return self.source.startswith("assumption")


class Parameters(Mapping[str, Parameter]):
    """All parameters of a run by name; ``parameters.vote_loss`` is the plain value."""

    def __init__(self, parameters: Iterable[Parameter]) -> None:
        self._by_name = {p.name: p for p in parameters}
        vars(self).update({name: float(p.value) for name, p in self._by_name.items()})

    def __getattr__(self, name: str) -> float:
        raise AttributeError(f"no parameter {name!r}")

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
        by_name = dict(self._by_name)
        for name, change in changes.items():
            old = self[name]
            if isinstance(change, Mapping):
                if set(change) != {"value", "low", "high", "source"}:
                    raise ParameterError(
                        f"{name} has the keys {sorted(change)}.",
                        fix=f"A new range needs exactly, in [parameters.{name}]: value, low, high, source.",
                    )
                numbers = {key: _number(f"{name}.{key}", change[key]) for key in ("value", "low", "high")}
                by_name[name] = replace(old, source=str(change["source"]), **numbers)  # type: ignore[arg-type]
            else:
                by_name[name] = replace(old, value=_number(name, change))
        return Parameters(by_name.values())


def _number(what: str, value: object) -> float:
    return number(value, what, fix="Write it without quotation marks, as 0.25.", error=ParameterError)

"""Errors that a user can cause: one clear message each, with its place as data.

::

    VillagesimError            anything that the user gave and that is not as it must be
    ├── ParameterError         a parameter lies outside its range, or is unknown
    ├── RollError              a roll of villages, a merger map or a table of figures cannot be read as it is
    ├── ScenarioError          a scenario, or its file, does not say something that can be run
    ├── PolicyError            a policy, its target or its condition does not hold together, or does not fit the place
    ├── OutcomeError           an outcome is unknown, or is not one that can be used so
    ├── DesignError            factors, points, or a question about them cannot be asked as they are
    ├── RunError               runs cannot be made, were broken off, or all failed
    └── StoreError             a folder of results cannot be used as it is

All are a ``ValueError`` too, and can be sent from one process to another.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import NoReturn, Self, TypeVar

__all__ = [
    "DesignError",
    "OutcomeError",
    "ParameterError",
    "PolicyError",
    "RollError",
    "RunError",
    "ScenarioError",
    "StoreError",
    "VillagesimError",
    "nearest",
    "placed",
]

ROWS = ("row ", "第 ")
"""What rows begin with in the languages of `VillagesimError.__str__`: no comma stands before them, nor behind a table."""
TWO = re.compile("[,;:，；：、]| and | or |^['\"]")
"""What could make two names of one, where it stands in a list."""
LINE = 110
"""Characters that a rule and its way out may take together on one line."""


class VillagesimError(ValueError):
    """Something the user gave is not as it must be.

    Attributes
    ----------
    rule : str
        The thing, its value, and the rule with its unit.
    fix : str
        A way out that works.
    at : tuple of str
        Where it is, from outside to inside: file, table, policy, factor, row.
    others : tuple of VillagesimError
        What else is wrong; of their places they have those that are not places of this one.
    """

    def __init__(
        self, rule: str, *, fix: str = "", at: Iterable[object] = (), others: Iterable["VillagesimError"] = ()
    ) -> None:
        super().__init__(rule)
        self.rule, self.fix, self.at = rule, fix, tuple(str(place) for place in at)
        self.others = tuple(others)

    def inside(self, *places: object) -> Self:
        """Return the same error with places in front, from outside to inside; those that it begins with already stay one."""
        outer = tuple(str(place) for place in places)
        own = self.at[len(outer) :] if self.at[: len(outer)] == outer else self.at
        return type(self)(self.rule, fix=self.fix, at=(*outer, *own), others=self.others)

    def __str__(self) -> str:
        comma, colon, blank = ("，", "：", "") if self.rule.endswith((*"。？…",)) else (", ", ": ", " ")
        said = self.rule
        for place, inner in reversed([*pairwise((*self.at, ""))]):
            tight = place.endswith("]") or inner.startswith(ROWS)
            gap = blank or " " * place.isascii()
            said = place + (gap if tight else comma if inner else colon) + said
        if self.fix:
            short = len(self.rule) + len(self.fix) < LINE and "\n" not in self.rule
            said = f"{said}{blank}{self.fix}" if short else f"{said}\n  {self.fix}"
        return "\n  ".join([said, *map(str, self.others)])


E = TypeVar("E", bound=VillagesimError)


class ParameterError(VillagesimError):
    """A parameter lies outside its range, or is unknown."""


class RollError(VillagesimError):
    """A roll of villages, a merger map or a table of figures cannot be read as it is."""


class ScenarioError(VillagesimError):
    """A scenario, or its file, does not say something that can be run."""


class PolicyError(VillagesimError):
    """A policy, its target or its condition does not hold together, or does not fit the place."""


class OutcomeError(VillagesimError):
    """An outcome is unknown, or is not one that can be used so."""


class DesignError(VillagesimError):
    """Factors, points, or a question about them cannot be asked as they are."""


class RunError(VillagesimError):
    """Runs cannot be made, were broken off, or all failed."""


class StoreError(VillagesimError):
    """A folder of results cannot be used as it is."""


@contextmanager
def placed(*places: object) -> Iterator[None]:
    """Put places, from outside to inside, in front of whatever is refused within.

    Examples
    --------
    >>> with placed("mine.toml", "[fund]"):
    ...     raise ScenarioError("yearly = -1 must be at least 0 yuan.", fix="Correct it.")
    Traceback (most recent call last):
    villagesim.errors.ScenarioError: mine.toml, [fund] yearly = -1 must be at least 0 yuan. Correct it.
    """
    try:
        yield
    except VillagesimError as problem:
        raise problem.inside(*places) from problem.__cause__


def joined(names: Iterable[str]) -> str:
    """Names as a list in a text, in quotation marks where one could be taken for two: that is how it is told apart again.

    Examples
    --------
    >>> joined(["land trust", "land, water and trust"])
    "land trust, 'land, water and trust'"
    """
    return ", ".join(repr(name) if TWO.search(name) else name for name in names)


def together(problems: Sequence[E]) -> E:
    """One refusal of several: the first, and below it the others."""
    first, *others = problems
    return type(first)(first.rule, fix=first.fix, at=first.at, others=others)


def check_all(*checks: Callable[[], object]) -> None:
    """Make all checks, and refuse all at once what they refuse.

    Raises
    ------
    VillagesimError
    """
    found: list[VillagesimError] = []
    for check in checks:
        try:
            check()
        except VillagesimError as problem:
            found.append(problem)
    if found:
        raise together(found)


def nearest(name: str, known: Iterable[str], *, there: str = "") -> str:
    """Say which known name was probably meant, or list them all where they are few.

    Parameters
    ----------
    there : str
        How many there are, where several have one name.

    Returns
    -------
    str
        A sentence for the end of a message.
    """
    from difflib import get_close_matches

    known = list(known)
    if not known:
        return "There are none."
    close = get_close_matches(name, known, n=1)
    if close:
        return f"Did you mean {close[0]!r}?"
    if len(known) <= 40:
        return f"Known: {joined(sorted(known))}."
    close = get_close_matches(name, known, n=3, cutoff=0.0)
    return f"There are {there or len(known)}, among them {joined(close)}."


def name_nearest(module: str) -> None:
    """Let a module say which of its public names was probably meant where one is not there."""
    here = vars(sys.modules[module])

    def refused(name: str) -> NoReturn:
        from difflib import get_close_matches

        close = [] if name.startswith("_") else get_close_matches(name, here["__all__"], n=1)
        hint = f": did you mean {close[0]}?" if close else ""
        raise AttributeError(f"module {module!r} has no attribute {name!r}{hint}", name=name)

    here["__getattr__"] = refused  # a type checker knows all names, and need not know this


name_nearest(__name__)

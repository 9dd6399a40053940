"""Code of a user's own that ends the program, or returns what nobody can use: told from the library's own affairs."""

import os
import sys
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from inspect import isawaitable, isgenerator, unwrap
from linecache import getline
from os import _exit as end_process
from traceback import walk_tb
from typing import Any, NoReturn

from villagesim.errors import VillagesimError

__all__ = [
    "called",
    "end_process",
    "exits_refused",
    "is_shipped",
    "modules_of",
    "original",
    "place_of",
    "place_within",
    "said_of",
    "told_of",
]

HOME = os.getpid()


def _refused(status: int = 0) -> NoReturn:
    """Stand in for ``os._exit``: an exit that can be caught; a process that was forked off ends as it would."""
    if os.getpid() != HOME:
        end_process(status)
    raise SystemExit(status)


@contextmanager
def exits_refused() -> Iterator[None]:
    """Let nothing inside end the process on the spot: ``os._exit`` is an exit as ``sys.exit``."""
    os._exit = _refused
    try:
        yield
    finally:
        os._exit = end_process


def is_shipped(code: Any) -> bool:
    """Whether a class or a function is the library's."""
    return str(getattr(code, "__module__", "")).partition(".")[0] == "villagesim"


def place_of(function: Callable[..., Any]) -> tuple[str, ...]:
    """File and line of what is called, outside of the library."""
    bare = _bare(function)
    code = getattr(bare, "__code__", None) or getattr(type(bare).__call__, "__code__", None)
    return () if code is None or is_shipped(bare) else (code.co_filename, f"line {code.co_firstlineno}")


def _bare(code: Any) -> Any:
    """What stands in a partial, or behind what wraps it."""
    return _bare(code.func) if isinstance(code, partial) else unwrap(code)


def modules_of(parts: Iterable[Any]) -> set[str]:
    """Modules of a user's own in which classes, with their bases, and functions are written."""
    found = {
        str(getattr(each, "__module__", ""))
        for part in map(_bare, parts)
        if not is_shipped(part)
        for each in getattr(part, "__mro__", (part,))
    }
    return {module for module in found if module.partition(".")[0] not in {"", "villagesim", *sys.stdlib_module_names}}


def original(problem: BaseException) -> BaseException:
    """The problem itself, where simpy raised a copy of it: that of a story."""
    cause = problem.__cause__
    is_copy = cause is not None and (type(cause), cause.args) == (type(problem), problem.args)
    return original(cause) if is_copy and cause is not None else problem


def place_within(problem: BaseException, modules: Container[str]) -> tuple[tuple[str, ...], str]:
    """Where a problem arose in these modules: class and function, file and line; and what is written there.

    Empty where it arose elsewhere.
    """
    steps = [step for step in walk_tb(problem.__traceback__) if step[0].f_globals.get("__name__") in modules]
    if not steps:
        return (), ""
    frame, line = steps[-1]
    names = [step.f_code.co_qualname for step, _ in reversed(steps)]
    name, file = next((name for name in names if "." in name), names[-1]), frame.f_code.co_filename
    return (name, file, f"line {line}"), getline(file, line, frame.f_globals).strip()


def said_of(problem: BaseException, place: Iterable[str], line: str, error: type[VillagesimError]) -> VillagesimError:
    """What a user is told of a problem at a place of his code: a refusal with that place, else an error of this type."""
    if isinstance(problem, VillagesimError):
        return problem.inside(*place)
    rule = f"{type(problem).__name__}: {problem}."
    if isinstance(problem, SystemExit):
        rule = "it ends the program, and all other runs with it."
    return error(rule, fix=f"The line is: {line}" if line else "Correct it.", at=place)


@contextmanager
def told_of(part: Any, error: type[VillagesimError], otherwise: tuple[str, ...] = ()) -> Iterator[None]:
    """Turn a mistake in the code of a class or function of a user's own into one message; the library's own affairs pass.

    Parameters
    ----------
    otherwise : tuple of str, optional
        Where a mistake is that is in no line of the code, as that it cannot be called so; without it such a one passes.

    Raises
    ------
    VillagesimError
        Of the type ``error``, with class, function, file and line of the mistake.
    """
    modules = modules_of([part])
    try:
        with exits_refused() if modules else nullcontext():
            yield
    except (Exception, SystemExit) as problem:
        place, line = place_within(problem, modules)
        place = place or (otherwise if modules else ())
        if not place or isinstance(problem, VillagesimError):
            raise
        raise said_of(problem, place, line, error) from problem


def called(function: Callable[..., Any], *arguments: object, error: type[VillagesimError]) -> None:
    """Call what does something and returns nothing.

    Raises
    ------
    VillagesimError
        Of the type ``error``, with file and line, where it returns something.
    """
    found = function(*arguments)
    if found is None:
        return
    name = getattr(function, "__name__", "the function")
    if isgenerator(found) or isawaitable(found):
        raise error(
            f"{name}() holds yield or await, so that nothing of it was done.", fix="Take it out.", at=place_of(function)
        )
    raise error(f"{name}() returned {found!r:.60}, and must return nothing.", fix="Take it out.", at=place_of(function))

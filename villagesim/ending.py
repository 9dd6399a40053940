"""Code of a user's own that ends the program, or returns what nobody can use: told from the library's own affairs."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from inspect import isawaitable, isgenerator, unwrap
from os import _exit as end_process
from typing import Any, NoReturn

from villagesim.errors import VillagesimError

__all__ = ["called", "end_process", "exits_refused", "place_of"]

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


def place_of(function: Callable[..., Any]) -> tuple[str, ...]:
    """File and line of a function, outside of the library."""
    code = getattr(unwrap(function), "__code__", None)
    if code is None or str(getattr(function, "__module__", "")).partition(".")[0] == "villagesim":
        return ()
    return code.co_filename, f"line {code.co_firstlineno}"


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

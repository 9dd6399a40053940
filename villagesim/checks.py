"""Checks of what a user gives: whole numbers, numbers, names and paths, from Python, numpy and pandas alike.

Each takes a value and the name it goes by, and returns it as plain Python has it, or says what it must be. Dates are
taken in `villagesim.dates`.
"""

from collections.abc import Iterable
from math import isfinite
from numbers import Integral, Real
from os import PathLike
from pathlib import Path
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from villagesim.errors import VillagesimError


def whole(value: Any, name: str, *, least: int | None = None, error: type[VillagesimError] = VillagesimError) -> int:
    """Take a whole number of at least ``least``; true and false are none.

    Raises
    ------
    VillagesimError
        Of the type ``error``, with name, value and rule.
    """
    if is_whole(value) and (least is None or value >= least):
        return int(value)
    rule = "a whole number" if least is None else f"a whole number of at least {least}"
    raise error(f"{name} = {value!r} must be {rule}.")


def real_numbers(given: Any) -> NDArray[Any]:
    """Take whatever code of a user's own gives as an array of real numbers, without a cast.

    Raises
    ------
    TypeError
        Where it is something else: text, dates, complex or masked numbers.
    """
    values = np.asarray(given)
    if np.ma.isMaskedArray(given):
        raise TypeError("it gives a masked array, where plain numbers are asked: fill it")
    if values.dtype.kind not in "biuf":
        raise TypeError(f"it gives values of the type {values.dtype.name}, where real numbers are asked")
    return values


MOST = 1_000_000
"""Points, replications and the like at most: what is more was hardly meant, and does not fit into a memory."""
MOST_FINITE = 1e308
"""No number is larger: a whole one beyond it fits into no column."""


def size(value: Any, name: str, *, least: int | None = 1, error: type[VillagesimError] = VillagesimError) -> int:
    """Take how many of something there are to be: from ``least``, if any, to a million.

    Raises
    ------
    VillagesimError
        Of the type ``error``, with name, value and rule.
    """
    found = whole(value, name, least=least, error=error)
    if found > MOST:
        raise error(
            f"{name} = {found:,} must be at most {MOST:,}." if found < 10**18 else f"{name} is beyond {MOST:,}."
        )
    return found


def number(
    value: Any,
    name: str,
    *,
    above: float | None = None,
    least: float | None = None,
    below: float | None = None,
    most: float | None = None,
    unit: str = "",
    fix: str = "",
    error: type[VillagesimError] = VillagesimError,
) -> float:
    """Take a finite number [``unit``] within bounds; true and false are none.

    Parameters
    ----------
    above, below : float, optional
        Bounds that are not taken themselves.
    least, most : float, optional
        Bounds that are.

    Raises
    ------
    VillagesimError
        Of the type ``error``, with name, value, rule and the way out ``fix``.
    """
    if (
        is_number(value)
        and (above is None or value > above)
        and (least is None or value >= least)
        and (below is None or value < below)
        and (most is None or value <= most)
    ):
        return float(value)
    if is_whole(value) and not is_number(value):
        raise error(f"{name} is beyond {MOST_FINITE:.0e}.", fix=fix)
    bounds = {"above": above, "at least": least, "below": below, "at most": most}
    rule = " and ".join(f"{word} {bound:g}" for word, bound in bounds.items() if bound is not None)
    if rule and is_number(value):
        raise error(f"{name} = {value!r} must be {rule}{f' {unit}' if unit else ''}.", fix=fix)
    raise error(f"{name} = {value!r} must be a finite number{f', {rule}' if rule else ''}.", fix=fix)


def names(value: Any, what: str, *, error: type[VillagesimError] = VillagesimError) -> tuple[str, ...]:
    """Take names, each once: one text is one name, and a list, an array or a column is as many as it holds.

    Raises
    ------
    VillagesimError
        Of the type ``error``, where there is none, one is there twice, or one is no text.
    """
    if not isinstance(value, Iterable):
        raise error(f"{what} = {value!r} is not a name, nor a list of names.", fix="Give them as text.")
    found = (value,) if isinstance(value, str) else tuple(value)
    for name in found:
        if not isinstance(name, str):
            raise error(f"{what}: {name!r} is not a name.", fix="Give names as text, in quotation marks.")
        if found.count(name) > 1:
            raise error(f"{what}: {name!r} is named twice.", fix="Leave one out.")
    if not found:
        raise error(f"{what} names none.", fix="Name at least one.")
    return tuple(str(name) for name in found)


def as_path(value: Any, name: str, *, error: type[VillagesimError] = VillagesimError) -> Path:
    """Take the path of a file or folder, which need not be there.

    Raises
    ------
    VillagesimError
        Of the type ``error``, where it is no text and no path.
    """
    if not isinstance(value, str | PathLike):
        raise error(f"{name} = {value!r:.60} is not a path.", fix="Give it as text or pathlib.Path.")
    return Path(value)


def is_whole(value: object) -> TypeGuard[int]:
    """Whether it is a whole number, of Python or numpy."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def is_number(value: object) -> TypeGuard[float]:
    """Whether it is a finite number, of Python or numpy."""
    if not isinstance(value, Real) or isinstance(value, bool):
        return False
    try:
        return isfinite(value)
    except OverflowError:  # a whole number beyond all floats
        return False

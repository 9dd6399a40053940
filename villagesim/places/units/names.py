"""How much the names of two units have in common.

What two cores share is told in five levels, by how many old names of the group have the shared character too.
"""

import unicodedata
from collections import Counter
from collections.abc import Sequence

import numpy as np

from villagesim.arrays import Bools, Ints

NONE, COMMON, FEW, ONE, WHOLE = range(5)
"""Levels: nothing shared; a character of many old names; of 2 or 3; of one; the whole core inside the other."""
LEVELS = ("none", "common character", "character of 2 or 3", "character of one", "whole name")
PLACES = frozenset("上下东西南北中前后左右大小新老旧内外里头一二三四五六七八九十甲乙丙丁")
"""Directions, sizes and numerals: they tell villages of one name apart, and say less than other characters."""


def unplaced(name: str) -> str:
    """A core without directions, sizes and numerals: equal ones are siblings, as 上庄子 and 下庄子."""
    return "".join(character for character in name if character not in PLACES)


def levels(old: Sequence[str], new: Sequence[str], pool: Sequence[str], explained: Sequence[str]) -> Ints:
    """Tell what old and new names have in common.

    Parameters
    ----------
    old, new : sequence of str, length n_old and n_new
        Cores.
    pool : sequence of str
        Cores of all old units of the group, in which characters are counted.
    explained : sequence of str, length n_new
        Core of the old unit that lives on in each new one, whose characters say nothing more; empty where there is none.

    Returns
    -------
    int64 array of shape (n_old, n_new)
        From :data:`NONE` to :data:`WHOLE`; a shared piece of two characters lifts by one level.
    """
    n_with = Counter(character for name in pool for character in set(name))
    found = np.zeros((len(old), len(new)), np.int64)
    left = [set(name) - set(host) for name, host in zip(new, explained, strict=True)]
    telling = sorted({c for name in left for c in name if _tells(c)} & set(n_with))
    level = np.array([_level(c, n_with[c]) for c in telling], np.int64)
    mine = np.array([[c in name for c in telling] for name in old], np.float32).reshape(len(old), len(telling))
    theirs = np.array([[c in name for c in telling] for name in left], np.float32).reshape(len(new), len(telling))
    for one in (COMMON, FEW, ONE):
        found[_any(mine[:, level == one], theirs[:, level == one])] = one
    for i, j in zip(*np.nonzero(found), strict=True):
        a, b, host = old[i], new[j], explained[j]
        if _inside(a, b) and not (host and _inside(a, host)):
            found[i, j] = WHOLE
        elif found[i, j] < ONE and any(a[k : k + 2] in b and a[k : k + 2] not in host for k in range(len(a) - 1)):
            found[i, j] += 1
    return found


def lost(name: str) -> bool:
    """Whether no character of a name can be read, so that it says nothing."""
    return not any(map(_tells, name))


def _any(mine: np.ndarray, theirs: np.ndarray) -> Bools:
    shared: Bools = mine @ theirs.T > 0
    return shared


def _tells(character: str) -> bool:
    """Lost characters ("?", private use) never match."""
    return character not in "?\N{REPLACEMENT CHARACTER}" and unicodedata.category(character) != "Co"


def _level(character: str, n_with: int) -> int:
    level = ONE if n_with == 1 else FEW if n_with <= 3 else COMMON
    return max(level - (character in PLACES), NONE)


def _inside(a: str, b: str) -> bool:
    short, long = sorted((a, b), key=len)
    return len(short) > 1 and short in long

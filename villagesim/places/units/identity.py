"""Units that live on: kept, recoded, moved, turned into a community, renamed. The surest signs go first."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from villagesim.arrays import Floats
from villagesim.places.units.edition import Edition, became_community, own_part
from villagesim.places.units.townships import Flow

FOLLOWED = 0.2
"""Probability of a township from which on a name there is the same unit. Source: tried on 301 counties, 2019 to 2020."""
SAME_KIND = 1.0
"""Log odds that a unit of the same kind adds among equal names. Source: as before."""
KEPT, SAME_NAME = 0.999, 0.99
"""Likelihood of code and name, and of a name in a township that names lead to. Source: assumption, above the .96 of codes
alone."""
MOVED = ((0, 0.98), (2, 0.85), (9, 0.63))
"""Likelihood of a move by counties at most that have the name too; with more of them it is none. Source: equal names
across townships against those expected by chance, 301 counties: 54 and 1, 28 and 4, 35 and 13, 122 and 120."""
RENAMED = {1: 0.88, 2: 0.97}
"""Likelihood of a new name under the same code, by shared characters. Source: 836 of 1,249 share one, by chance 12%."""
RECYCLED = 0.35
"""Rate of codes with another unit's name from which on a township gave its codes out anew. Source: as before."""


@dataclass(frozen=True)
class Identity:
    """An old unit that lives on in a new one."""

    old: int
    new: int
    fate: str
    way: str
    likelihood: float


def identities(
    before: Edition,
    after: Edition,
    flow: Flow,
    common: Mapping[str, int],
    taken: Iterable[tuple[int, int]] = (),
    closed: Iterable[int] = (),
) -> list[Identity]:
    """Find the units that live on.

    Parameters
    ----------
    common : mapping of str to int
        Cores that other counties have too, with the number of these.
    taken : iterable of (int, int)
        Rows before and after that the user has linked: old ones are settled, new ones stay free for their own name.
    closed : iterable of int
        Rows after in which nothing lives on.
    """
    cut = own_part(before, after)
    old_left = dict.fromkeys(range(len(before)))
    for old, _ in taken:
        old_left.pop(old, None)
    new_left = dict.fromkeys(set(range(len(after))) - set(closed))
    found: list[Identity] = []

    def take(more: Iterable[Identity]) -> None:
        for each in more:
            del old_left[each.old], new_left[each.new]
            found.append(each)

    code_of = {code[cut:]: k for k, code in enumerate(after.roll.codes)}
    same_code = [(k, code_of[code[cut:]]) for k, code in enumerate(before.roll.codes) if code[cut:] in code_of]
    take(
        Identity(k, j, _kept(before, after, k, j, "kept"), "code+name", KEPT)
        for k, j in same_code
        if k in old_left and j in new_left and before.cores[k] == after.cores[j]
    )
    p = flow.probability()
    take(_by_name(before, after, p, common, list(old_left), list(new_left), lambda e, k: (e.cores[k],)))
    take(_by_name(before, after, p, common, list(old_left), list(new_left), lambda e, k: (e.cores[k], e.aliases[k])))
    rate = recycling(before, after, same_code, flow)
    open_pairs = [(k, j) for k, j in same_code if k in old_left and j in new_left]
    take(_renamed(before, after, rate, open_pairs))
    return found


def _kept(before: Edition, after: Edition, old: int, new: int, otherwise: str) -> str:
    """A unit of another kind that is a community now became one."""
    return "community" if became_community(before, after, old, new) else otherwise


def _by_name(
    before: Edition,
    after: Edition,
    p: Floats,
    common: Mapping[str, int],
    old_left: list[int],
    new_left: list[int],
    names: Callable[[Edition, int], tuple[str, ...]],
) -> list[Identity]:
    """Pair equal names by the way of their townships, the likeliest pairs first."""
    holders: dict[str, list[int]] = {}
    for new in new_left:
        for name in set(names(after, new)) - {""}:
            holders.setdefault(name, []).append(new)
    pairs = []
    for old in old_left:
        for name in set(names(before, old)) - {""}:
            for new in holders.get(name, ()):
                way = float(p[before.township[old], after.township[new]])
                kind = before.roll.kinds[old] == after.roll.kinds[new]
                pairs.append((-np.log(way) - SAME_KIND * kind, old, new, name, way))
    found: dict[int, Identity] = {}
    used: set[int] = set()
    for _, old, new, name, way in sorted(pairs):
        if old in found or new in used:
            continue
        likelihood = SAME_NAME if way >= FOLLOWED else moved(common.get(name, 0))
        if likelihood:
            fate = _kept(before, after, old, new, "recoded" if way >= FOLLOWED else "moved")
            found[old] = Identity(old, new, fate, "name", likelihood)
            used.add(new)
    return list(found.values())


def moved(n_counties: int) -> float:
    """Likelihood that a name in a township that nothing leads to is the same unit, by the counties that have it too."""
    return next((likelihood for most, likelihood in MOVED if n_counties <= most), 0.0)


def recycling(before: Edition, after: Edition, same_code: list[tuple[int, int]], flow: Flow) -> Floats:
    """Rate at which an old township's codes mean another unit now, of codes whose names say where they went.

    Returns
    -------
    float array of shape (n_townships,)
        Never 0, and .05 where nothing is known.
    """
    stands = {(core, flow_to) for core, flow_to in zip(after.cores, after.township.tolist(), strict=True)}
    stood = set(zip(before.cores, flow.heir[before.township].tolist(), strict=True))
    wrong, same = (np.zeros(len(before.townships)) for _ in range(2))
    for old, new in same_code:
        t = before.township[old]
        if before.cores[old] == after.cores[new]:
            same[t] += 1
        elif (before.cores[old], int(flow.heir[t])) in stands or (after.cores[new], int(after.township[new])) in stood:
            wrong[t] += 1
    rate: Floats = (wrong + 0.5) / (wrong + same + 10)
    return rate


def _renamed(before: Edition, after: Edition, rate: Floats, pairs: list[tuple[int, int]]) -> Iterable[Identity]:
    """Take a new name under the same code for the same unit, unless codes of the township were given out anew."""
    for old, new in pairs:
        shared = len(set(before.cores[old]) & set(after.cores[new]))
        r = float(rate[before.township[old]])
        if shared or r <= RECYCLED:
            likelihood = RENAMED[min(shared, 2)] if shared else 1 - r
            yield Identity(old, new, _kept(before, after, old, new, "renamed"), "code", likelihood)

"""Where vanished units went, as links: what each rests on, and how likely it is."""

import numpy as np

from villagesim.arrays import Ints
from villagesim.places.units import names
from villagesim.places.units.edition import Edition, became_community
from villagesim.places.units.evidence import Evidence
from villagesim.places.units.link import Link

NEIGHBOURS = 1.2
"""Likelihood ratio of neighbourhood from which on a link rests on the order of codes. Source: assumption."""


def absorbed(before: Edition, after: Edition, evidence: Evidence, target: Ints) -> list[Link]:
    """Links of what vanished: merged, or renamed where a unit came from one alone."""
    p = evidence.probability
    best = evidence.best
    runner_up = np.where(best[:, 0] == target, best[:, 1], best[:, 0])
    alone = np.bincount(target[target >= 0], minlength=len(after)) + (evidence.place >= 0) == 1
    links = []
    for row, (new, other) in enumerate(zip(target.tolist(), runner_up.tolist(), strict=True)):
        old = int(evidence.vanished[row])
        if new < 0:
            links.append(Link(old, -1, "unknown"))
            continue
        way = _way(evidence, row, new)
        sole = "community" if became_community(before, after, old, new) else "renamed"
        fate = sole if alone[new] else "merged"
        level, apart = int(evidence.level[row, new]), distance(before, old, int(evidence.place[new]))
        next_best = float(p[row, other]) if other >= 0 else 0.0
        links.append(Link(old, new, fate, way, 1.0, float(p[row, new]), other, next_best, level, apart))
    return links


def _way(evidence: Evidence, row: int, new: int) -> str:
    """What a link rests on."""
    if evidence.level[row, new] >= names.FEW:
        return "name part"
    return "order" if evidence.neighbour[row, new] >= NEIGHBOURS else "totals"


def distance(before: Edition, old: int, host: int) -> int:
    """Distance in code order within a township and kind of unit; -1 elsewhere."""
    if host < 0 or before.township[old] != before.township[host] or before.roll.kinds[old] != before.roll.kinds[host]:
        return -1
    return int(abs(before.rank[old] - before.rank[host]))

"""Several editions in a row: one history with a date for each step.

Each step is inferred by itself. Where a unit of the first edition is in the last one follows from all steps together, over
all ways that lead there: a village that may have gone into either of two neighbours is surely in the one that both joined
later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_matrix

from villagesim.frozen import Value
from villagesim.places.units.edition import Edition
from villagesim.places.units.history import UnitHistory, history
from villagesim.places.units.link import Link
from villagesim.places.units.said import Said
from villagesim.randomness import Draws

LEAST = 1e-6
"""Probability below which a way is not followed."""


@dataclass(frozen=True)
class Path:
    """Where an old unit of the first edition, or a share of it, is in the last one.

    Attributes
    ----------
    old, new : int
        Rows in the first and the last edition; -1 where there is none.
    fates : tuple of str
        What became of it, step by step; shorter where it left on the way.
    share : float
        Share of the old unit [0 to 1].
    likelihood : float
        How likely it is there, over all ways that lead there [0 to 1].
    """

    old: int
    new: int
    fates: tuple[str, ...]
    share: float
    likelihood: float


@dataclass(frozen=True, eq=False)
class Chain(Value):
    """The history of all units of a place over two or more editions.

    Attributes
    ----------
    steps : tuple of UnitHistory
        From each edition to the next.
    decrees : tuple of str
        Day or name of each step.
    """

    steps: tuple[UnitHistory, ...]
    decrees: tuple[str, ...]

    def __post_init__(self) -> None:
        self._freeze(steps=tuple(self.steps), decrees=tuple(self.decrees))

    @property
    def first(self) -> Edition:
        """The first edition."""
        return self.steps[0].before

    @property
    def last(self) -> Edition:
        """The last edition."""
        return self.steps[-1].after

    def drawn(self, draws: Draws) -> "Chain":
        """Draw another plausible history, of every step."""
        return Chain(tuple(step.drawn(draws) for step in self.steps), self.decrees)

    @cached_property
    def paths(self) -> tuple[Path, ...]:
        """Of every old unit in the order of codes, then of units of the last edition that no old one reaches."""
        found = [Path(k, k, (), 1.0, 1.0) for k in range(len(self.first))]
        expected = csr_matrix(np.eye(len(self.first)))
        for step in self.steps:
            expected = expected @ transition(step)
            found = _further(step, found, expected)
        found.sort(key=lambda path: (path.old, -path.share, path.new))
        reached = {path.new for path in found}
        found += [Path(-1, k, ("appeared",), 1.0, 1.0) for k in range(len(self.last)) if k not in reached]
        return tuple(found)

    @cached_property
    def returned(self) -> tuple[tuple[int, str], ...]:
        """Step, and code, of units that are missing in one edition only: the next one has their code and name again."""
        found = []
        for k, (one, other) in enumerate(pairwise(self.steps)):
            editions = (one.before, one.after, other.after)
            first, between, last = (set(zip(e.roll.codes, e.cores, strict=True)) for e in editions)
            found += [(k, code) for code, _ in sorted((first & last) - between)]
        return tuple(found)


def chain(
    editions: Sequence[Edition],
    decrees: Sequence[str],
    common: Mapping[str, int] | None = None,
    said: Sequence[Said | None] = (),
) -> Chain:
    """Infer the history over editions in a row; parameters as in :func:`~villagesim.places.units.history.history`.

    Parameters
    ----------
    decrees : sequence of str
        Day or name of each step, one less than editions.
    said : sequence of Said or None
        What the user knows of each step; nothing by default.
    """
    known = [*said, *[None] * (len(editions) - 1 - len(said))]
    steps = [
        history(before, after, common, own) for (before, after), own in zip(pairwise(editions), known, strict=True)
    ]
    return Chain(tuple(steps), tuple(decrees))


def transition(step: UnitHistory) -> csr_matrix:
    """Expected share of each old unit (row) that is in each new one (column); rows sum to at most 1."""
    found = np.zeros((len(step.before), len(step.after)))
    row = {int(old): k for k, old in enumerate(step.evidence.vanished)}
    p = step.evidence.probability
    for link in step.links:
        if link.old < 0 or link.new < 0:
            continue
        if link.old in row and link.level >= 0:
            others = p[row[link.old]].copy()
            others[link.new] = 0
            found[link.old] = others * ((1 - link.likelihood) / max(float(others.sum()), LEAST))
        found[link.old, link.new] += link.share * link.likelihood
    found[found < LEAST] = 0
    return csr_matrix(found)


def _further(step: UnitHistory, paths: list[Path], expected: csr_matrix) -> list[Path]:
    """Go one step on, along the central links; ways that meet again are one."""
    links: dict[int, list[Link]] = {}
    for link in step.links:
        links.setdefault(link.old, []).append(link)
    found: dict[tuple[int, int], Path] = {}
    for path in paths:
        for link in links[path.new] if path.new >= 0 else [STAYS_AWAY]:
            fates = (*path.fates, link.fate) if link.fate else path.fates
            place = path.old, link.new
            share = path.share * link.share + (found[place].share if place in found else 0.0)
            own = path.likelihood * link.likelihood if link.new < 0 else float(expected[place]) / share
            found[place] = Path(*place, fates, share, min(own, 1.0))
    return list(found.values())


STAYS_AWAY = Link(-1, -1, "")
"""What becomes of a unit that left."""

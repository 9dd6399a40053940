"""Who became what: for every old unit one or more fates, each with way, share and likelihood.

Two editions do not say it. Identity (kept, recoded, became a community) can be read nearly without error, renamed and
moved units with a likelihood. Which village took in a vanished one can mostly not be known: two thirds of these links
rest on the order of codes and on totals alone. So a history is an estimate with a likelihood for each link, the central
one of many; a user's own links are kept as they are (:mod:`villagesim.places.units.said`).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from villagesim.arrays import Ints, logistic, logit
from villagesim.frozen import Value
from villagesim.places.units import names, totals
from villagesim.places.units.common import common_names
from villagesim.places.units.edition import Edition
from villagesim.places.units.evidence import Evidence, weigh
from villagesim.places.units.identity import identities
from villagesim.places.units.settle import settle
from villagesim.places.units.townships import Flow, TownshipFate, flow, township_fates

FATES = ("kept", "recoded", "renamed", "moved", "merged", "split", "community", "left", "unknown", "appeared")
WAYS = ("code+name", "name", "code", "name part", "order", "totals", "user")
RECALIBRATED = 0.36, 1.07
"""Intercept and slope of the log odds of links by order into new or renamed units. Source: held-back names in half of
301 counties, 2019 to 2020."""
NEIGHBOURS = 1.2
"""Likelihood ratio of neighbourhood from which on a link rests on the order of codes. Source: assumption."""


@dataclass(frozen=True)
class Link:
    """What became of an old unit, or of a share of it; or a new unit that came from nowhere.

    Attributes
    ----------
    old, new : int
        Rows in the editions; -1 where there is none.
    fate : str
        One of :data:`FATES`.
    way : str
        What the link rests on, one of :data:`WAYS`; empty where there is none.
    share : float
        Share of the old unit that went this way [0 to 1].
    likelihood : float
        How likely the link is [0 to 1].
    runner_up : int
        Row of the likeliest other new unit; -1 where there is none.
    runner_up_likelihood : float
    level : int
        What the names share, as in :mod:`~villagesim.places.units.names`; -1 where it was not asked.
    distance : int
        Distance in code order to the unit that lives on there; -1 where there is none in the township.
    """

    old: int
    new: int
    fate: str
    way: str = ""
    share: float = 1.0
    likelihood: float = 1.0
    runner_up: int = -1
    runner_up_likelihood: float = 0.0
    level: int = -1
    distance: int = -1


@dataclass(frozen=True, eq=False)
class UnitHistory(Value):
    """The history of all units of a place between two editions.

    Attributes
    ----------
    before, after : Edition
    flow : Flow
        What is known of townships.
    evidence : Evidence
        What speaks for each link of what vanished.
    links : tuple of Link
        Of every old unit in the order of codes, then of new units that appeared.
    """

    before: Edition
    after: Edition
    flow: Flow
    evidence: Evidence
    links: tuple[Link, ...]

    @cached_property
    def townships(self) -> tuple[TownshipFate, ...]:
        """What became of townships."""
        return tuple(township_fates(self.before, self.after, self.flow))


def history(before: Edition, after: Edition, common: Mapping[str, int] | None = None) -> UnitHistory:
    """Infer the central history of all units.

    Parameters
    ----------
    common : mapping of str to int, optional
        Cores of names that other counties have too, and how many do; the library's by default.
    """
    found = flow(before, after)
    living = identities(before, after, found, common_names() if common is None else common)
    left = _left(before, found)
    known = [Link(one.old, one.new, one.fate, one.way, likelihood=one.likelihood) for one in living]
    gone = {one.old for one in living}
    known += [
        Link(k, -1, "left" if p >= 0.5 else "unknown", likelihood=max(p, 1 - p))
        for k, p in left.items()
        if k not in gone
    ]
    evidence = weigh(before, after, found, living, list(left), [])
    known += _absorbed(before, after, evidence, settle(evidence, _needy(after, evidence)))
    reached = {one.new for one in known}
    known.sort(key=lambda one: one.old)
    known += [Link(-1, k, "appeared") for k in range(len(after)) if k not in reached]
    return UnitHistory(before, after, found, evidence, tuple(known))


def _left(before: Edition, found: Flow) -> dict[int, float]:
    """Probability of having left the county, of units of townships of which nothing tells."""
    once = Counter(before.cores)
    unique = [once[core] == 1 for core in before.cores]
    p = found.p_left(np.bincount(before.township, unique, len(before.townships)).astype(np.int64))
    return {k: float(p[t]) for k, t in enumerate(before.township.tolist()) if not found.told[t]}


def _needy(after: Edition, evidence: Evidence) -> np.ndarray:
    """New villages that nothing lives on in."""
    village = np.array([kind == "village" for kind in after.roll.kinds], bool)
    return village & (evidence.kind == totals.FRESH)


def _absorbed(before: Edition, after: Edition, evidence: Evidence, target: Ints) -> list[Link]:
    """Links of what vanished: merged, or renamed where a unit came from one alone."""
    p = evidence.probability
    rows = np.arange(len(target))
    others = p.copy()
    others[rows, target] = -1
    runner_up = others.argmax(axis=1)
    alone = np.bincount(target, minlength=len(after)) + (evidence.host >= 0) == 1
    links = []
    for row, new, other in zip(rows.tolist(), target.tolist(), runner_up.tolist(), strict=True):
        old = int(evidence.vanished[row])
        way = _way(evidence, row, new)
        likelihood = _stated(p[row, new], way, int(evidence.kind[new]))
        sole = "community" if after.roll.kinds[new] == "community" != before.roll.kinds[old] else "renamed"
        fate = sole if alone[new] else "merged"
        level, distance = int(evidence.level[row, new]), _distance(before, old, int(evidence.host[new]))
        links.append(Link(old, new, fate, way, 1.0, likelihood, other, float(p[row, other]), level, distance))
    return links


def _way(evidence: Evidence, row: int, new: int) -> str:
    """What a link rests on."""
    if evidence.level[row, new] >= names.FEW:
        return "name part"
    return "order" if evidence.neighbour[row, new] >= NEIGHBOURS else "totals"


def _stated(p: float, way: str, kind: int) -> float:
    """Likelihood as it is stated: links by order into new or renamed units are surer than they seem."""
    return recalibrated(p) if way == "order" and kind in (totals.FRESH, totals.RENAMED) else float(p)


def recalibrated(p: float) -> float:
    """Likelihood of a link by order, from its probability."""
    intercept, slope = RECALIBRATED
    return float(logistic(intercept + slope * logit(np.clip(p, 1e-9, 1 - 1e-9))))


def _distance(before: Edition, old: int, host: int) -> int:
    """Distance in code order within a township and kind of unit; -1 elsewhere."""
    if host < 0 or before.township[old] != before.township[host] or before.roll.kinds[old] != before.roll.kinds[host]:
        return -1
    return int(abs(before.rank[old] - before.rank[host]))

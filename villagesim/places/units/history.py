"""Who became what: for every old unit one or more fates, each with way, share and likelihood.

Two editions do not say it. Identity (kept, recoded, became a community) can be read nearly without error, renamed and
moved units with a likelihood. Which village took in a vanished one can mostly not be known: two thirds of these links
rest on the order of codes and on totals alone. So a history is an estimate with a likelihood for each link, the central
one of many; a user's own links are kept as they are (:mod:`villagesim.places.units.said`).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from villagesim.arrays import Bools, Floats, Ints
from villagesim.errors import RollError
from villagesim.frozen import Value
from villagesim.places.units import totals
from villagesim.places.units.absorbed import absorbed
from villagesim.places.units.common import common_names
from villagesim.places.units.edition import Edition, became_community, own_part
from villagesim.places.units.evidence import Evidence, weigh
from villagesim.places.units.identity import Identity, identities
from villagesim.places.units.link import Link
from villagesim.places.units.said import Said, SaidLink
from villagesim.places.units.settle import Noise, settle
from villagesim.places.units.townships import Flow, TownshipFate, flow, township_fates
from villagesim.randomness import Draws

LEAST_SHARED = 0.1
"""Share of unique names that two editions of counties of different codes must have in common."""


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
    known : tuple of Link
        Of units that live on or left, as far as one can tell: every draw has them.
    said : Said
        What the user knows.
    links : tuple of Link
        Of every old unit in the order of codes, then of new units that appeared.
    """

    before: Edition
    after: Edition
    flow: Flow
    evidence: Evidence
    known: tuple[Link, ...]
    said: Said
    links: tuple[Link, ...]

    @cached_property
    def townships(self) -> tuple[TownshipFate, ...]:
        """What became of townships."""
        return tuple(township_fates(self.before, self.after, self.flow))

    def drawn(self, draws: Draws) -> "UnitHistory":
        """Draw another plausible history: what is known stays, vanished units go elsewhere as likely as that is.

        Gumbel noise on log probabilities draws each link with its probability, but that no new village stays empty. Source:
        Gumbel-max form of the logit (McFadden 1974).

        Parameters
        ----------
        draws : Draws
            Luck of one draw of the place; keyed by the two codes, so the order of rows does not matter.
        """
        before, after = self.before.roll.keys[self.evidence.vanished], self.after.roll.keys

        def noise(rows: Ints, columns: Ints) -> Floats:
            return draws.gumbel("history", before[rows, None], after[columns])

        return replace(self, links=_links(self.before, self.after, self.evidence, self.known, self.said, noise))


def history(
    before: Edition,
    after: Edition,
    common: Mapping[str, int] | None = None,
    said: Said | None = None,
    *,
    place_all: bool = False,
) -> UnitHistory:
    """Infer the history of all units, the central one.

    Parameters
    ----------
    common : mapping of str to int, optional
        Cores of names that other counties have too, and how many do; the library's by default.
    said : Said, optional
        What the user knows; it is kept as it is.
    place_all : bool
        Give the likeliest place also to units of townships of which nothing tells, unless they left more likely than not.

    Raises
    ------
    RollError
        Where the editions have nothing in common, or what is said leaves a unit that lives on without source.
    """
    said = said or Said()
    found = flow(before, after, said.townships, [(link.old, link.new) for link in said.links])
    _check_common(before, after, found)
    taken = [(link.old, link.new) for link in said.links if link.old >= 0]
    living = identities(before, after, found, common_names() if common is None else common, taken, said.appeared)
    _check_said(before, after, said, living)
    left = _left(before, found, {one.old for one in living} | {old for old, _ in taken})
    left = {k: p for k, p in left.items() if p >= 0.5 or not place_all}
    evidence = weigh(before, after, found, living, taken, list(left), said.closed)
    known = [Link(one.old, one.new, one.fate, one.way, likelihood=one.likelihood) for one in living]
    known += [Link(k, -1, "left" if p >= 0.5 else "unknown", likelihood=max(p, 1 - p)) for k, p in left.items()]
    links = _links(before, after, evidence, tuple(known), said)
    _check_fates(before, after, said, links)
    return UnitHistory(before, after, found, evidence, tuple(known), said, links)


def _links(
    before: Edition,
    after: Edition,
    evidence: Evidence,
    known: tuple[Link, ...],
    said: Said,
    noise: Noise | None = None,
) -> tuple[Link, ...]:
    """Settle what vanished, and put all links in order."""
    target = settle(evidence, _needy(after, evidence, said.closed), said.closed, noise)
    links = [*known, *absorbed(before, after, evidence, target)]
    links += _of_said(before, after, said, links)
    reached = {one.new for one in links}
    links.sort(key=lambda one: (one.old < 0, one.old, -one.share))
    links += [Link(-1, k, "appeared") for k in range(len(after)) if k not in reached]
    return tuple(links)


def _left(before: Edition, found: Flow, settled: set[int]) -> dict[int, float]:
    """Probability of having left the county, of units of townships of which nothing tells."""
    n_with = Counter(before.cores)
    unique = [n_with[core] == 1 for core in before.cores]
    p = found.p_left(np.bincount(before.township, unique, len(before.townships)).astype(np.int64))
    return {k: float(p[t]) for k, t in enumerate(before.township.tolist()) if not found.told[t] and k not in settled}


def _needy(after: Edition, evidence: Evidence, closed: Sequence[int]) -> Bools:
    """New villages that nothing lives on in, nor is said to have gone to."""
    village = np.array([kind == "village" for kind in after.roll.kinds], bool)
    needy: Bools = village & (evidence.kind == totals.FRESH) & (evidence.place < 0)
    needy[list(closed)] = False
    return needy


def _of_said(before: Edition, after: Edition, said: Said, others: list[Link]) -> list[Link]:
    """Links that the user gave, with the fates that they mean."""
    n_parts = Counter(link.old for link in said.links if link.old >= 0)
    n_sources = Counter(one.new for one in others) + Counter(link.new for link in said.links)
    return [
        Link(
            link.old, link.new, link.fate or _fate(before, after, link, n_parts[link.old], n_sources[link.new]), "user",
            link.share, link.confidence,
        )
        for link in said.links
    ]  # fmt: skip


def _fate(before: Edition, after: Edition, link: SaidLink, n_parts: int, n_sources: int) -> str:
    """The fate that a link means."""
    if link.old < 0 or link.new < 0:
        return "appeared" if link.old < 0 else "left"
    if n_parts > 1:
        return "split"
    if became_community(before, after, link.old, link.new):
        return "community" if n_sources == 1 else "merged"
    if before.cores[link.old] == after.cores[link.new]:
        return "kept" if before.roll.codes[link.old] == after.roll.codes[link.new] else "recoded"
    return "renamed" if n_sources == 1 else "merged"


def _check_common(before: Edition, after: Edition, found: Flow) -> None:
    """Refuse editions of two counties that have hardly a name in common."""
    most = min(len(set(edition.cores)) for edition in (before, after))
    shared = len(set(before.cores) & set(after.cores))
    if set(before.counties) & set(after.counties) or shared >= LEAST_SHARED * most:
        return
    raise RollError(
        f"{before.counties[0]} before and {after.counties[0]} after share {shared:,} of {most:,} names.",
        fix="Give the same place in both editions. Where a county got another code, say both: --county, once for each roll"
        " (in a scenario file county and county_after).",
    )


def _check_said(before: Edition, after: Edition, said: Said, living: list[Identity]) -> None:
    """Refuse links that take the unit away that a new one has its code and name from, and put none in its place."""
    filled = {link.new for link in said.links} | {one.new for one in living}
    for link in said.links:
        if link.old < 0:
            continue
        code, name = before.roll.codes[link.old], before.roll.names[link.old]
        own = after.row.get(code, -1)
        if own >= 0 and own not in filled and after.cores[own] == before.cores[link.old]:
            raise RollError(
                f"{code} ({name}) is said to have gone elsewhere, but it stands in the roll after too, and is left without"
                " source.",
                fix=f"Write {code},{code} as well, if it was split; or ,{code} if the one after is new.",
                at=(said.file, link.at),
            )


def _check_fates(before: Edition, after: Edition, said: Said, links: Sequence[Link]) -> None:
    """Refuse fates that codes, names and the other links contradict."""
    cut = own_part(before, after)
    n_parts, n_sources = Counter(link.old for link in links), Counter(link.new for link in links)
    for link in said.links:
        if link.old < 0 or link.new < 0 or not link.fate:
            continue
        (code, name), (to, new_name) = (
            (edition.roll.codes[row], edition.roll.names[row])
            for edition, row in ((before, link.old), (after, link.new))
        )
        same_name = before.cores[link.old] == after.cores[link.new]
        alone, other = n_sources[link.new] == 1, code[cut:9] != to[cut:9]
        meaning, holds = {
            "kept": ("code and name stay", same_name and code[cut:] == to[cut:]),
            "recoded": ("the name stays, under another code", same_name and code != to),
            "renamed": ("it has another name, and nobody else went there", alone and not same_name),
            "moved": ("it is in another township", other),
            "merged": ("others went there too", not alone),
            "split": ("it went into several", n_parts[link.old] > 1),
            "community": ("it is a residents' community now", bool(after.is_community[link.new])),
        }[link.fate]
        if n_parts[link.old] > 1 and link.fate != "split":
            meaning, holds = f"all of it went to {to}, and there are {n_parts[link.old]} rows of it", False
        if not holds:
            raise RollError(
                f"fate = {link.fate} would mean that {meaning}: {code} ({name}) went to {to} ({new_name}).",
                fix="Leave fate empty: codes and names say it; or correct the codes, or give the rows of others too.",
                at=(said.file, link.at),
            )

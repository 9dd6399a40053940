"""Mergers in waves: several decrees, one after the other, over constituents that are counted from the first day.

Two ways to say them. Editions in a row, each with a map from the one before, are put one after the other: a village of the
second that merges again takes all its constituents along. Or there is one pair of editions, and each decree is for some
townships or villages alone: who waits for a later one is until then as before.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from villagesim.arrays import Bools, Floats, Ints
from villagesim.errors import RollError, nearest
from villagesim.places.map_of_history import MapOfHistory, Maps
from villagesim.places.merger_map import MergerMap
from villagesim.places.place import Place, Wave
from villagesim.places.rolls import PART, Roll, township_names
from villagesim.randomness import Draws


@dataclass(frozen=True)
class Scope:
    """Whom a decree is for: all who are left, unless townships or villages are named.

    Attributes
    ----------
    townships : tuple of str
        By name, or by code of 9 digits.
    villages : tuple of str
        Codes before.
    """

    townships: tuple[str, ...] = ()
    villages: tuple[str, ...] = ()

    def rows(self, before: Roll, named: Mapping[str, str]) -> Bools:
        """Constituents it is for, ``(n_rows,)``; all where none is named.

        Raises
        ------
        RollError
            Where the roll does not have a township or a village.
        """
        if not (self.townships or self.villages):
            return np.ones(len(before), bool)
        plain = [code.partition(PART)[0] for code in before.codes]
        for name in self.townships:
            if name not in {*named, *named.values()}:
                raise RollError(f"the roll has no township {name!r}.", fix=nearest(name, list(named.values())))
        for code in self.villages:
            if code not in plain:
                raise RollError(f"the roll has no village {code}.", fix=nearest(code, plain))
        told = {code for code, name in named.items() if {code, name} & {*self.townships}}
        both = zip(plain, before.townships, strict=True)
        return np.array([code in self.villages or township in told for code, township in both], bool)


def wave_of(before: Roll, scopes: Sequence[Scope], named: Mapping[str, str] | None = None) -> Ints:
    """Number of the decree, from 0, of each constituent: of the one that names it, or that names none, ``(n_rows,)``.

    Raises
    ------
    RollError
        Where no decree is for a constituent, or two name it.
    """
    named = township_names(before.codes) if named is None else {code: named[code] for code in before.townships}
    wave = np.full(len(before), -1, np.int64)
    for k, scope in enumerate(scopes):
        rows = scope.rows(before, named) & bool(scope.townships or scope.villages)
        if len(twice := np.flatnonzero(rows & (wave >= 0))):
            row = twice[0]
            raise RollError(
                f"decrees {wave[row] + 1} and {k + 1} both name {before.codes[row]} {before.names[row]}"
                f" ({named[before.townships[row]]}){' ...' if len(twice) > 1 else ''}.",
                fix="A village merges by one of them: leave it, or its township, out of the other.",
                at=["[[merger]]"],
            )
        wave[rows] = k
    for k, scope in enumerate(scopes):
        wave[scope.rows(before, named) & (wave < 0)] = k
    left = np.flatnonzero(wave < 0)
    if len(left):
        code, name = before.codes[left[0]], before.names[left[0]]
        raise RollError(
            f"no decree is for {len(left):,} of {len(before):,} villages: {code} {name}"
            f" ({named[before.townships[left[0]]]}){' ...' if len(left) > 1 else ''}.",
            fix="Name their townships in one of the decrees, or let one name none: it is for all who are left.",
        )
    return wave


def in_waves(place: Place, wave: Ints, n: int = 0) -> Place:
    """Let constituents come in one after the other; a new village holds those of its constituents that have come.

    Parameters
    ----------
    wave : (n_rows,)
        Number of the decree, from 0, by which each comes in; parts of a village that is split come in together, with the last.
    n : int
        Decrees, where the last ones may be for nobody.

    Raises
    ------
    RollError
        Where a new village has the code of one that still waits and goes elsewhere.
    """
    np.maximum.at(latest := np.zeros(len(wave), np.int64), place.committee, wave)
    wave = latest[place.committee]
    return replace(place, earlier=tuple(_wave(place, wave <= k) for k in range(max(n - 1, int(wave.max(initial=0))))))


def _wave(place: Place, come: Bools) -> Wave:
    """The villages when these constituents have come in, and the others wait."""
    before, after, to = place.before, place.after, place.map
    there = set(to.village[come].tolist())
    own = {after.codes[village]: village for village in there}
    code, name = list(place.codes), list(before.names)
    joined = come.copy()
    for row, village in enumerate(np.where(come, to.village, to.village[place.committee]).tolist()):
        if not come[row] and code[row] in own:
            if own[code[row]] != village:
                raise RollError(
                    f"{code[row]} is the code of {name[row]}, which still waits, and of"
                    f" {after.names[own[code[row]]]}, which an earlier decree makes.",
                    fix="Let both come in by one decree.",
                )
            joined[row] = True  # the others come into it
        if joined[row]:
            code[row], name[row] = after.codes[village], after.names[village]
    roll = Roll.of(set(zip(code, name, strict=True)))
    row_of = {each: k for k, each in enumerate(roll.codes)}
    village = np.array([row_of[each] for each in code])
    host = np.full(len(roll), -1, np.int64)
    wait = np.flatnonzero(~joined & (place.committee == np.arange(len(before))))
    host[village[wait]] = wait
    for new in there:
        known = int(to.known_host[new])
        if known >= 0 and joined[known]:
            host[row_of[after.codes[new]]] = known
    way = tuple(each if is_in else "kept" for each, is_in in zip(to.way, joined.tolist(), strict=True))
    return Wave(roll, MergerMap(village, way, np.where(joined, to.likelihood, 1.0), host))


def one_after_the_other(steps: Sequence[Place]) -> Place:
    """Put the steps between editions in a row together, as one place that merges in waves.

    A village that leaves in a later step is left out from the first day, and so is what comes from nowhere on the way.
    """
    first = steps[0].whole.before
    ways = [_Way(row, code) for row, code in enumerate(first.codes)]
    for step in steps:
        rows: dict[str, list[int]] = {}
        for row, code in enumerate(step.codes):
            rows.setdefault(code, []).append(row)
        ways = [way.through(step, row) for way in ways for row in rows.get(way.code, ())]
    ways.sort(key=lambda way: (way.row, not way.lives, -way.share, way.code))
    before = Roll(*zip(*_named(first, ways), strict=True))
    *earlier, last = (_reached(step.after, [way.trail[k] for way in ways]) for k, step in enumerate(steps))
    shares = np.array([way.share for way in ways])
    split = shares / _in_all(ways) if (shares < 1).any() else None
    return Place(before, last.after, last.map, tuple(earlier), split, steps[0].named)


@dataclass(frozen=True)
class _Way:
    """Where a constituent, or a share of it, is by now, and whether its village lives on from it.

    ``weakest`` is the likelihood of the least sure link on its way, which was made in this ``way``; ``trail`` what it was after
    each step.
    """

    row: int
    code: str
    share: float = 1.0
    way: str = "kept"
    weakest: float = 2.0
    likelihood: float = 1.0
    lives: bool = True
    trail: "tuple[_Way, ...]" = ()

    def through(self, step: Place, row: int) -> "_Way":
        """The same, one step further from this row of its place."""
        village, link = int(step.map.village[row]), float(step.map.likelihood[row])
        further = _Way(
            self.row,
            step.after.codes[village],
            self.share * (1.0 if step.shares is None else float(step.shares[row])),
            step.map.way[row] if link < self.weakest else self.way,
            min(link, self.weakest),
            self.likelihood * link,
            self.lives and int(step.map.known_host[village]) == row,
        )
        return replace(further, trail=(*self.trail, further))


def _named(first: Roll, ways: Sequence[_Way]) -> Iterator[tuple[str, str]]:
    """Codes and names of constituents; parts of one that is split have numbers."""
    n_parts = Counter(way.row for way in ways)
    for row, parts in n_parts.items():
        for number in range(1, parts + 1):
            yield f"{first.codes[row]}{PART}{number}" if parts > 1 else first.codes[row], first.names[row]


def _in_all(ways: Sequence[_Way]) -> Floats:
    """Share of each constituent's village of the first day that is in the place at all: what left on the way is not."""
    rows, shares = np.array([way.row for way in ways]), np.array([way.share for way in ways])
    return np.bincount(rows, shares)[rows]


def _reached(after: Roll, ways: Sequence[_Way]) -> Wave:
    """The villages that constituents have reached."""
    names = dict(zip(after.codes, after.names, strict=True))
    roll = Roll.of({(way.code, names[way.code]) for way in ways})
    row_of = {code: row for row, code in enumerate(roll.codes)}
    village = np.array([row_of[way.code] for way in ways])
    host = np.full(len(roll), -1, np.int64)
    for row, way in enumerate(ways):
        if way.lives and host[village[row]] < 0:
            host[village[row]] = row
    return Wave(roll, MergerMap(village, tuple(w.way for w in ways), np.array([w.likelihood for w in ways]), host))


@dataclass(frozen=True, eq=False)
class MapsInWaves(Maps):
    """The maps of a place that merges in waves, as :class:`~villagesim.places.map_of_history.MapOfHistory` has those of one.

    Attributes
    ----------
    steps : tuple of MapOfHistory
        From each edition to the next.
    days : tuple of bool
        Of each step, whether it ends a day: what is decreed on one day is one decree.
    scopes : tuple of Scope
        Where there is one step: whom each decree is for.
    """

    steps: tuple[MapOfHistory, ...]
    days: tuple[bool, ...] = (True,)
    scopes: tuple[Scope, ...] = ()

    @cached_property
    def likeliest(self) -> Place:
        """The place with the central maps."""
        return self._place([step.likeliest for step in self.steps])

    @property
    def fates(self) -> tuple[Mapping[str, int], ...]:
        """Villages of each edition but the last, by what became of them."""
        return tuple(fates for step in self.steps for fates in step.fates)

    @property
    def is_given(self) -> bool:
        """Whether all links are the user's, so that there is nothing to draw."""
        return all(step.is_given for step in self.steps)

    @property
    def left_out(self) -> frozenset[str]:
        """Codes before of villages that left, by any step, and are no part of the place."""
        first = self.steps[0]
        all_codes, there = (
            {code.split(PART)[0] for code in roll.codes} for roll in (first.before, self.likeliest.before)
        )
        return first.left_out | (all_codes - there)

    def draw(self, draws: Draws) -> Place:
        """Make other plausible maps, of every step.

        The place has the same villages in every draw: where one would send a village into another that leaves later, the first
        steps keep their likeliest maps.
        """
        drawn, central = [step.drawn(draws) for step in self.steps], [step.likeliest for step in self.steps]
        places = (self._place([*central[:n], *drawn[n:]]) for n in range(len(drawn)))
        return next(place for place in places if place.before.codes == self.likeliest.before.codes)

    def content(self) -> list[object]:
        """All that decides what is drawn, as JSON has it."""
        return [[step.content() for step in self.steps], self.days, repr(self.scopes)]

    @property
    def notes(self) -> tuple[str, ...]:
        """What must be known of the place: who was left out, and who became a community."""
        return tuple(note for step in self.steps for note in step.notes)

    def _place(self, steps: Sequence[Place]) -> Place:
        if len(steps) > 1:
            place = one_after_the_other(steps)
            *earlier, last = (wave for wave, ends in zip(place.waves, self.days, strict=True) if ends)
            return replace(place, after=last.after, map=last.map, earlier=tuple(earlier))
        if not self.scopes:
            return steps[0]
        named = self.steps[0].history.before.named
        return in_waves(steps[0], wave_of(steps[0].before, self.scopes, named), len(self.scopes))

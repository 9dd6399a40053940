"""Editions from files: rolls as they come, of a county that may have another code after, with names of townships."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from villagesim.errors import RollError
from villagesim.foreign.headings import DIVISION, NAME
from villagesim.foreign.table import open_table
from villagesim.places.divisions import UNHEADED, names_beside
from villagesim.places.names import core, stem
from villagesim.places.rolls import KINDS, county_code, path_of, read_roll, rows_of
from villagesim.places.units.edition import Edition

MOST = 20_000
"""Units of one history at most."""
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
MORE, MORE_AT_LEAST = 0.1, 3
"""Villages more than before, as a share of those after and at least, from which on rolls look as if they were swapped. Source:
assumption."""


@dataclass(frozen=True)
class Source:
    """Where an edition is read from.

    Attributes
    ----------
    roll : str or Path
        As :func:`~villagesim.places.rolls.read_roll` takes it.
    county : str or None
        Code or name of the county or prefecture, where the file holds more.
    townships : Path or None
        File with code and name of townships, where the file of the roll does not bring them along.
    """

    roll: str | Path
    county: str | None = None
    townships: Path | None = None

    @property
    def path(self) -> Path:
        """The file of the roll."""
        return path_of(self.roll, None)

    def read(self, notes: list[str]) -> Edition:
        """Read all kinds of units.

        Raises
        ------
        RollError
            Where a file cannot be read, nothing is left, or it is more than one place.
        """
        named: dict[str, str] = {}
        roll = read_roll(self.roll, county=self.county, kinds=tuple(KINDS), notes=notes, above=named)
        if len(roll) > MOST:
            raise RollError(
                f"holds {len(roll):,} units, more than one place has.",
                fix="Say which county: 6 digits, or 4 for a prefecture, or its name.",
                at=[self.path.name],
            )
        named |= names_beside(self.path)
        if self.townships is not None:
            named |= township_file(self.townships)
        return Edition(roll, named)


def read_editions(
    sources: Sequence[Source], notes: list[str], another: str = "Give a county for each roll: --county {} --county {}."
) -> list[Edition]:
    """Read editions in a row; a county that is not in a later one is looked for there by the names of its units.

    A county that is given by name is looked for by the same name in all; where a later edition has none of that name, by the
    code that it had before.

    Parameters
    ----------
    another : str
        How to say that the county has another code later, for a message, with places for its codes before and after.

    Raises
    ------
    RollError
        As :meth:`Source.read`; where the county is not there later, with the county that holds most of its names; where years
        and villages say that the rolls are in the wrong order.
    """
    found: list[Edition] = []
    code: str | None = None
    for source in sources:
        try:
            code = county_code(source.path, source.county)
        except RollError:
            if not found or source.county != sources[0].county:
                raise
        try:
            found.append(replace(source, county=code).read(notes))
        except RollError as problem:
            heir = _heir(found[-1], source) if found and code else None
            if heir is None:
                raise
            there, n, most = heir
            raise RollError(
                f"{code} has no unit in this roll; {n:,} of its {most:,} names stand under {there}.",
                fix=another.format(code, there),
                at=[source.path.name],
            ) from problem
    for steps in pairwise(zip(sources, found, strict=True)):
        _check_order(*steps, notes)
    return found


def year_of(roll: str) -> str:
    """Year of a roll, where its name has one: packaged:370114_2020; else nothing."""
    found = YEAR.findall(Path(roll.removeprefix("packaged:")).name)
    return found[-1] if len(set(found)) == 1 else ""


def _check_order(before: tuple[Source, Edition], after: tuple[Source, Edition], notes: list[str]) -> None:
    """Note what speaks for rolls in the wrong order, of which a merger would be a split; refuse them where years say so too."""
    (first, second), (old, new) = (each[0].path.name for each in (before, after)), (before[1], after[1])
    more, years = _gained(old, new), (year_of(first), year_of(second))
    if more > 0 and all(years) and years[0] > years[1]:
        raise RollError(
            f"{first} stands before {second}, which is of an earlier year and has {more:,} villages more.",
            fix="Give the rolls in the order of their years.",
        )
    if more >= max(MORE_AT_LEAST, MORE * new.roll.kinds.count("village")):
        notes.append(
            f"{second} has {more:,} villages more than {first}, and a merger leaves fewer: are the rolls the wrong way round?"
        )


def _gained(old: Edition, new: Edition) -> int:
    """Villages more than before, in townships that there were before; less than none where there are fewer."""
    known, after = {*old.townships, *old.stems}, zip(new.roll.townships, new.roll.kinds, strict=True)
    there = [kind for code, kind in after if code in known or stem(new.named[code]) in known]
    return (there or new.roll.kinds).count("village") - old.roll.kinds.count("village")


def _heir(old: Edition, after: Source) -> tuple[str, int, int] | None:
    """County of the roll after that holds most names of an edition that stand once there: code, names there, and all."""
    own = {name for name, n in Counter(old.cores).items() if n == 1}
    there: defaultdict[str, set[str]] = defaultdict(set)
    try:
        for _, _, name, county in rows_of(after.path, []):
            if (short := core(name)) in own:
                there[county].add(short)
    except RollError:
        return None
    best = max(there, key=lambda county: len(there[county]), default="")
    return (best, len(there[best]), len(own)) if best and len(there[best]) > len(own) / 10 else None


def township_file(path: Path) -> dict[str, str]:
    """Names of townships, and of what is above, from a table with code and name; a list of all levels will do.

    Raises
    ------
    RollError
        Where it cannot be read, or has no township.
    """
    rows = open_table(path, (DIVISION, NAME), unheaded=UNHEADED).rows([])
    names = {code: name for _, (code, name) in rows if len(code) < 12}
    if not any(len(code) == 9 for code in names):
        raise RollError(
            "has no code of a township.",
            fix="A township's code is the first 9 digits of its villages', as 370114001, or these with 000 behind.",
            at=[path.name],
        )
    return names

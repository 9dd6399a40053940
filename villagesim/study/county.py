"""A county out of rolls as they come: its villages, what became of them, and what that is worth."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from villagesim.errors import RollError
from villagesim.languages import _
from villagesim.places.rolls import KINDS
from villagesim.places.units.chain import Chain, chain
from villagesim.places.units.edition import Edition
from villagesim.places.units.link import WEAK, Link, fates_of
from villagesim.places.units.reading import Source, read_editions
from villagesim.wording import the_first

YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")


@dataclass(frozen=True)
class OwnCounty:
    """The place of a study.

    Attributes
    ----------
    editions : tuple of Edition
        Before, and after each decree; one where nothing merges.
    found : Chain or None
        Who became what; None of one edition.
    years : tuple of int or None
        Years of the editions, as the names of their files tell them.
    notes : tuple of str
        What must be known of the files.
    """

    editions: tuple[Edition, ...]
    found: Chain | None
    years: tuple[int | None, ...]
    notes: tuple[str, ...]

    @classmethod
    def read(cls, sources: Sequence[Source]) -> "OwnCounty":
        """Read rolls, and tell who became what from each to the next.

        Raises
        ------
        RollError
            Where they cannot be read, or the county is not there.
        """
        notes: list[str] = []
        editions = tuple(read_editions(sources, notes))
        notes += _without_name(editions)
        years = tuple(_year(source.path) for source in sources)
        later = years[1:]
        if None in years:
            see = _("start and decree in scenario.toml, or give --decree") if later else _("start in scenario.toml")
            notes.append(
                _(
                    "names of files and folders do not tell the years of all rolls, so dates are guessed: see {keys}",
                    keys=see,
                )
            )
        decrees = [str(year or k) for k, year in enumerate(years)][1:]
        decrees = decrees if len(set(decrees)) == len(decrees) else [str(k) for k in range(1, len(editions))]
        found = chain(editions, decrees) if len(editions) > 1 else None
        return cls(editions, found, years, tuple(dict.fromkeys(notes)))

    @cached_property
    def kind(self) -> str:
        """Kind of committee that the study is about: villages, or what there is in place of them."""
        kinds = set(self.editions[0].roll.kinds)
        return next(kind for kind in KINDS if kind in kinds)

    @property
    def kinds(self) -> str:
        """What many of this kind are called."""
        return {"village": "villages", "community": "communities"}.get(self.kind, "units")

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Villages of each edition."""
        return tuple(edition.roll.kinds.count(self.kind) for edition in self.editions)

    @cached_property
    def name(self) -> str:
        """Names of the counties of the first edition, or their codes."""
        first = self.editions[0]
        return the_first([first.named.get(code, code) for code in first.counties], 3)

    @cached_property
    def links(self) -> tuple[tuple[Link, ...], ...]:
        """What became of the villages of each edition in the next one."""
        steps = () if self.found is None else self.found.steps
        return tuple(
            tuple(one for one in step.links if one.old >= 0 and step.before.roll.kinds[one.old] == self.kind)
            for step in steps
        )

    @cached_property
    def fates(self) -> tuple[Counter[str], ...]:
        """Villages of each edition but the last, by what became of them."""
        return tuple(map(fates_of, self.links))

    @property
    def merges(self) -> bool:
        """Whether any village went into another."""
        return any(link.fate == "merged" for links in self.links for link in links)

    @cached_property
    def vanished(self) -> tuple[Link, ...]:
        """Links of villages that went into another one."""
        return tuple(link for links in self.links for link in links if link.level >= 0)

    @cached_property
    def weak(self) -> tuple[Link, ...]:
        """Those that are rather wrong than right."""
        return tuple(link for link in self.vanished if link.likelihood < WEAK)

    def count(self, fate: str) -> int:
        """Villages that had this fate, at each step."""
        return sum(fates[fate] for fates in self.fates)


def sources_of(rolls: Sequence[str], counties: Sequence[str] = (), townships: Sequence[Path] = ()) -> list[Source]:
    """Where the rolls are read from, each with its county and names of townships.

    Raises
    ------
    RollError
        Where an option is given neither once nor for each roll.
    """
    for option, given in (("county", counties), ("townships", townships)):
        if len(given) not in (0, 1, len(rolls)):
            raise RollError(
                f"--{option} is given {len(given)} times, for {len(rolls)} rolls.",
                fix="Give it once, or for each roll.",
            )
    each = [(list(given) or [None]) for given in (counties, townships)]
    return [Source(roll, *(given[min(k, len(given) - 1)] for given in each)) for k, roll in enumerate(rolls)]  # type: ignore[arg-type]


def _without_name(editions: Sequence[Edition]) -> list[str]:
    """Which townships are called by their codes, and the way to names."""
    codes = {code for edition in editions for code in edition.townships if edition.named[code] == code}
    if not codes:
        return []
    return [
        _(
            "townships without a name in any file: {n:,}, as {code}; tables and figures show their codes: a column township in"
            " the roll names them, or --townships FILE with code and name, as streets.csv or a national list of all levels",
            n=len(codes), code=min(codes),
        )
    ]  # fmt: skip


def _year(path: Path) -> int | None:
    """Year that the name of a file ends with, the last one that stands in it; else that of its folder, as 2020/villages.csv."""
    found = YEAR.findall(path.name) or YEAR.findall(path.absolute().parent.name)
    return int(found[-1]) if found else None

"""Published mergers: where villages went by descriptions of places, asked of what the two rolls alone say.

A description of a village or township tells which villages were merged into it. It was written from records of the place, not
from codes, so it is the only check of links that lead to a village that stood before. What it tells of was found by
searching, not drawn at random: townships whose descriptions could be read.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from counties import half
from held_back import present

from villagesim.places.units import totals
from villagesim.places.units.absorbed import distance
from villagesim.places.units.history import UnitHistory

FILE = Path(__file__).parent / "data" / "published_mergers.csv"
PROVINCES = {"14": "Shanxi", "33": "Zhejiang", "42": "Hubei", "51": "Sichuan"}


@cache
def published() -> dict[str, dict[str, str]]:
    """Code after by code before, by county; villages of which only a part is told are left out."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    with FILE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    parted = {row["old_code"] for row in rows if row["part"] == "1"}
    for row in rows:
        if row["old_code"] not in parted:
            found[row["old_code"][:6]][row["old_code"]] = row["new_code"]
    return dict(found)


@dataclass(frozen=True)
class Told:
    """What the history says of a vanished village whose merger is published.

    Attributes
    ----------
    rank : int
        Of the published unit among all of the county, by likelihood; 0 is the first.
    n : int
        Units of its group of townships.
    stood : bool
        Whether the published unit stood before.
    distance : int
        Of the two in code order; -1 where the published unit has no place in the township.
    stated, right : float, bool
        Likelihood of the central link, and whether it leads there.
    likelihood : float
        Of the published unit.
    present_right : bool or None
        Whether the present merger map has it; None where that maps nothing of the county.
    """

    county: str
    rank: int
    n: int
    stood: bool
    distance: int
    stated: float
    right: bool
    likelihood: float
    present_right: bool | None

    @property
    def half(self) -> str:
        """Half of the counties that it is in."""
        return half(self.county)

    @property
    def province(self) -> str:
        """Province by name."""
        return PROVINCES[self.county[:2]]


def told(county: str, found: UnitHistory) -> tuple[list[Told], list[bool]]:
    """Ask for the published mergers of one county: of what vanished, and whether what lives on is where it should be."""
    before, after, evidence = found.before, found.after, found.evidence
    row = {int(old): k for k, old in enumerate(evidence.vanished)}
    link_of = {link.old: link for link in found.links}
    other = present(before, after)
    vanished, lives = [], []
    for code, target in published()[county].items():
        old, true = before.row[code], after.row[target]
        link = link_of[old]
        if old not in row:
            lives.append(link.new == true)
            continue
        p = evidence.probability[row[old]]
        vanished.append(
            Told(
                county,
                int((p > p[true]).sum()),
                int(evidence.inside[row[old]].sum()),
                int(evidence.kind[true]) in (totals.KEPT, totals.OLD_COMMUNITY),
                distance(before, old, int(evidence.place[true])),
                link.likelihood,
                link.new == true,
                float(p[true]),
                None if other is None else other.get(code) == target,
            )
        )
    return vanished, lives

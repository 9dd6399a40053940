"""The 301 counties that lost a tenth of their villages from 2019 to 2020, as editions."""

import csv
import lzma
from collections import defaultdict
from functools import cache
from pathlib import Path

from villagesim.places.rolls import Roll
from villagesim.places.units.edition import Edition

DATA = Path(__file__).parent / "rolls_national"
YEARS = ("2019", "2020")


def _read(file: str) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Code and name of every row, by county and edition."""
    found = defaultdict(list)
    with lzma.open(DATA / file, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found[row["code"][:6], row["edition"]].append((row["code"], row["name"]))
    return found


@cache
def counties() -> dict[str, tuple[Edition, Edition]]:
    """Editions before and after, by code of the county."""
    units, offices = _read("villages_2019_2020.csv.xz"), _read("townships_2019_2020.csv.xz")

    def edition(county: str, year: str) -> Edition:
        return Edition(Roll.of(units[county, year]), dict(offices[county, year]))

    return {county: (edition(county, YEARS[0]), edition(county, YEARS[1])) for county in sorted({c for c, _ in units})}


def half(county: str) -> str:
    """Half that a county is in, by its place in the order of codes: chosen on one, reported on the other."""
    return ("chosen on", "reported")[sorted(counties()).index(county) % 2]

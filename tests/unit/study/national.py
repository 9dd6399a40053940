"""One county of the national files of 2019 and 2020, in the form in which china_area publishes the whole country."""

import csv
import gzip
import io
import lzma
from functools import cache
from pathlib import Path

from villagesim.places.rolls import Roll
from villagesim.places.units.edition import Edition

ROLLS = Path(__file__).resolve().parents[3] / "benchmarks" / "rolls_national"
EDITIONS = ("2019", "2020")


def national_files(folder: Path, county: str, name: str) -> list[str]:
    """Write the two files, and return their paths: code, name, level, parent, without headings."""
    paths = []
    for edition in EDITIONS:
        units = [row for row in _rows("villages") if row[0] == edition and row[1].startswith(county)]
        townships = [row for row in _rows("townships") if row[0] == edition and row[1].startswith(county)]
        found = [(county.ljust(12, "0"), name, "3", county[:4].ljust(12, "0"))]
        found += [(code.ljust(12, "0"), own, "4", county.ljust(12, "0")) for _, code, own in townships]
        found += [(code, own, "5", code[:9].ljust(12, "0")) for _, code, own in units]
        path = folder / f"area_code_{edition}.csv.gz"
        with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(found)
        paths.append(str(path))
    return paths


def national_editions(county: str) -> tuple[Edition, ...]:
    """Both editions of a county."""
    units, offices = (
        [
            [(code, name) for of, code, name in _rows(what) if of == edition and code.startswith(county)]
            for edition in EDITIONS
        ]
        for what in ("villages", "townships")
    )
    return tuple(Edition(Roll.of(own), dict(named)) for own, named in zip(units, offices, strict=True))


@cache
def _rows(what: str) -> list[list[str]]:
    with lzma.open(ROLLS / f"{what}_2019_2020.csv.xz") as file:
        return list(csv.reader(io.TextIOWrapper(file, encoding="utf-8-sig")))[1:]

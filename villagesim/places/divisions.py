"""What stands above villages: provinces, prefectures, counties and townships, as national files of the codes name them.

Two such files are read as they come. ``villages.csv`` of china-division has ``provinces.csv``, ``cities.csv``, ``areas.csv`` and
``streets.csv`` beside it. ``area_code_2020.csv.gz`` of china_area has no headings, and divisions of all levels in one list.
"""

from collections.abc import Mapping
from pathlib import Path

from villagesim.errors import RollError, nearest
from villagesim.foreign.headings import DIVISION, NAME
from villagesim.foreign.table import open_table

BESIDE = ("provinces.csv", "cities.csv", "areas.csv", "streets.csv")
UNHEADED = ("code", "name", "level", "parent")
"""Columns of a list of all levels, which has no headings."""
MOST_SHOWN = 5


def names_in(path: Path) -> dict[str, str]:
    """Names of divisions that a national file itself brings along, by their 2, 4, 6 or 9 digits."""
    rows = open_table(path, (DIVISION, NAME), unheaded=UNHEADED).rows([])
    return {code: name for _, (code, name) in rows if len(code) < 12}


def names_beside(path: Path) -> dict[str, str]:
    """The same from the files that stand beside ``villages.csv``; none beside any other file."""
    if path.name != "villages.csv":
        return {}
    files = [file for each in BESIDE if (file := path.with_name(each)).is_file()]
    return {code: name for file in files for _, (code, name) in open_table(file, (DIVISION, NAME)).rows([])}


def find_county(path: Path, asked: str) -> str:
    """Code of the county or prefecture of this name: 章丘区, or with what stands above it, 济南市章丘区.

    Raises
    ------
    RollError
        Where no names come with the file, none is so, or several are.
    """
    names = names_beside(path) or names_in(path)
    whole = {code: _whole(code, names) for code in names if len(code) in (4, 6)}
    wanted = "".join(asked.split())
    found = [code for code in whole if wanted.endswith(names[code]) and whole[code].endswith(wanted)]
    found = found or [code for code in whole if names[code].startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        some = ", ".join(f"{code} ({whole[code]})" for code in sorted(found)[:MOST_SHOWN])
        more = f" and {len(found) - MOST_SHOWN} more" if len(found) > MOST_SHOWN else ""
        raise RollError(
            f"county = {asked!r} is the name of {len(found)}: {some}{more}.",
            fix="Give the code, or the name with what stands above it.",
            at=[path.name],
        )
    if whole:
        fix = f"{nearest(wanted, [names[code] for code in whole])} Or give its code, of 6 digits."
        raise RollError(f"no county is called {asked!r}.", fix=fix, at=[path.name])
    raise RollError(
        f"county = {asked!r} is a name, but no names of counties come with this file.",
        fix="Give the code: 6 digits for a county, as 370114, or 4 for a prefecture, as 1403; or put areas.csv of the same"
        " edition beside villages.csv.",
        at=[path.name],
    )


def _whole(code: str, names: Mapping[str, str]) -> str:
    """Name of a division behind the names of what stands above it."""
    return "".join(names.get(code[:cut], "") for cut in (2, 4, 6) if cut <= len(code))

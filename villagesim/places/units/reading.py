"""Editions from files: rolls as they come, of a county that may have another code after, with names of townships."""

from dataclasses import dataclass
from pathlib import Path

from villagesim.errors import RollError
from villagesim.foreign.headings import NAME, ForeignColumn
from villagesim.foreign.table import open_table
from villagesim.places.rolls import KINDS, Roll, read_roll
from villagesim.places.units.edition import Edition
from villagesim.places.units.townships import unique_pairs

MOST = 20_000
"""Units of one history at most."""
TOWNSHIP = ForeignColumn("code", also=("代码", "编码", "乡镇代码"))


@dataclass(frozen=True)
class Source:
    """Where an edition is read from.

    Attributes
    ----------
    roll : str or Path
        As :func:`~villagesim.places.rolls.read_roll` takes it.
    county : str or None
        Code of the county or prefecture, where the file holds more.
    townships : Path or None
        File with code (9 digits) and name of townships.
    """

    roll: str | Path
    county: str | None = None
    townships: Path | None = None

    def read(self, notes: list[str]) -> Edition:
        """Read all kinds of units.

        Raises
        ------
        RollError
            Where a file cannot be read, nothing is left, or it is more than one place.
        """
        roll = read_roll(self.roll, county=self.county, kinds=tuple(KINDS), notes=notes)
        if len(roll) > MOST:
            raise RollError(
                f"holds {len(roll):,} units, more than one place has.",
                fix="Say which county: --county with 6 digits, or 4 for a prefecture.",
                at=[Path(self.roll).name],
            )
        return Edition(roll, {} if self.townships is None else township_file(self.townships))


def read_editions(before: Source, after: Source, notes: list[str]) -> tuple[Edition, Edition]:
    """Read both editions; a county that is not in the roll after is looked for there by the names of its units.

    Raises
    ------
    RollError
        As :meth:`Source.read`; where the county is not there after, with the county that holds most of its names.
    """
    old = before.read(notes)
    try:
        return old, after.read(notes)
    except RollError as problem:
        heir = _heir(old, after) if after.county else None
        if heir is None:
            raise
        code, n, most = heir
        raise RollError(
            f"{after.county} has no unit in the roll after; {n:,} of its {most:,} names stand under {code}.",
            fix=f"Give --county-after {code}.",
            at=[Path(after.roll).name],
        ) from problem


def _heir(old: Edition, after: Source) -> tuple[str, int, int] | None:
    """County of the roll after that holds most names of an edition: code, names there, and all names."""
    try:
        roll = read_roll(after.roll, kinds=tuple(KINDS))
    except RollError:
        return None
    own = len(set(old.cores))
    found = [
        (code, len({old.cores[k] for k, _ in unique_pairs(old, Edition(part, {}))}), own)
        for code, part in _by_county(roll).items()
    ]
    best = max(found, key=lambda each: each[1], default=None)
    return best if best and best[1] > own / 10 else None


def _by_county(roll: Roll) -> dict[str, Roll]:
    """Parts of a roll by code of the county."""
    parts: dict[str, list[tuple[str, str]]] = {}
    for code, name in zip(roll.codes, roll.names, strict=True):
        parts.setdefault(code[:6], []).append((code, name))
    return {code: Roll.of(rows) for code, rows in parts.items()}


def township_file(path: Path) -> dict[str, str]:
    """Names of townships by code of 9 digits, from a table with code and name.

    Raises
    ------
    RollError
        Where it cannot be read, or a code has not 9 digits.
    """
    names = {}
    for row, (code, name) in open_table(path, (TOWNSHIP, NAME)).rows([]):
        if not (len(code) == 9 and code.isascii() and code.isdecimal()):
            raise RollError(
                f"code = {code!r} is not the code of a township (9 digits).",
                fix="A township's code is the first 9 digits of its villages', as 370114001.",
                at=(path.name, f"row {row}"),
            )
        names[code] = name
    return names

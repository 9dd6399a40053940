"""What stands above the headings of a table: its title, perhaps with the unit of its figures."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from villagesim.errors import VillagesimError, joined
from villagesim.foreign.headings import EXAMPLES, PLAIN, UNITS, Heading
from villagesim.foreign.source import piece

NAMED = re.compile(r"(?<![报制写管送表责])单位\s*:?\s*([^()\[\]【】]+)|\bunits?\s*:\s*([^()\[\]]+)", re.IGNORECASE)
IN_BRACKETS = re.compile(r"[(\[【]([^()\[\]【】]+)[)\]】]")
APART = re.compile(r"[、,;\s]+|(?<=[元亩顷人])[和及与]")
OF_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})\s*年(?!\s*[0-9]{1,2}\s*月)")
OFFICE = re.compile(r"(?:局|委|办|部|厅|政府|中心|乡|镇|街道|县|区|市|村|院|所|站|会|公司|社)$")
"""How names of offices end: 单位 is their word too."""


@dataclass(frozen=True)
class Titles:
    """Rows above the headings.

    Attributes
    ----------
    row : int
        Of the headings.
    texts : tuple of str
        What the rows above say, one text a row.
    units : dict of str to (str, Decimal)
        Units that they name, by what they count, and how many of the library's own each is.
    strange : str
        A unit that is not known, or means two things; empty where there is none.
    """

    row: int = 1
    texts: tuple[str, ...] = ()
    units: dict[str, tuple[str, Decimal]] = field(default_factory=dict)
    strange: str = ""

    @classmethod
    def of(cls, row: int, above: Sequence[Sequence[str]]) -> "Titles":
        """Out of the rows above the one of the headings."""
        texts = tuple(" ".join(filter(None, cells)) for cells in above)
        units: dict[str, tuple[str, Decimal]] = {}
        strange = ""
        for unit in _units([cell for cells in above for cell in cells]):
            kinds = [kind for kind, known in UNITS.items() if unit.casefold() in known]
            told = [(unit, UNITS[kind][unit.casefold()]) for kind in kinds]
            if len(kinds) != 1 or units.setdefault(kinds[0], told[0]) != told[0]:
                strange = unit
        return cls(row, texts, units, strange)

    @property
    def years(self) -> dict[str, int]:
        """Years that titles name, by their texts."""
        return {piece(text): int(told[1]) for text in self.texts if (told := OF_YEAR.search(text))}

    def with_units(
        self, name: str, found: Sequence[Heading | None], error: type[VillagesimError]
    ) -> list[Heading | None]:
        """Headings, those that name no unit with the one that stands above them.

        Raises
        ------
        VillagesimError
            Of the type ``error``, where it is not known, and a heading would need it.
        """
        bare = [one for one in found if one and one.column.unit and not one.unit]
        if self.strange and (needy := [one for one in bare if one.column.unit not in PLAIN]):
            column = needy[0].column
            raise error(
                f"above the headings stands the unit {piece(self.strange)!r}, which is not known or means two things.",
                fix=f"Write the unit into each heading, as {column.name}{EXAMPLES[column.unit].format(column.name)}.",
                at=(name, f"row {self.row}"),
            )
        return [
            replace(one, factor=self.units[one.column.unit][1], problem="", unit=self.units[one.column.unit][0])
            if one and not one.unit and one.column.unit in self.units
            else one
            for one in found
        ]

    def notes(self, name: str, headings: Sequence[str], found: Sequence[Heading | None]) -> list[str]:
        """Which row was taken for the headings, what stands above it, and which figures have their unit from there."""
        if not self.texts:
            return []
        notes = [
            f"{name}: row {self.row} was taken for the headings; above it stands {' / '.join(map(piece, self.texts))}"
        ]
        for kind, (unit, _) in self.units.items():
            own = [text for text, one in zip(headings, found, strict=True) if one and one.column.unit == kind]
            bare = [text for text in own if unit.casefold() not in unicodedata.normalize("NFKC", text).casefold()]
            if bare:
                notes.append(
                    f"{name}: {joined(map(piece, bare))} {'are' if bare[1:] else 'is'} in {unit}, as stands above"
                )
        return notes


def _units(cells: Sequence[str]) -> list[str]:
    """Units that titles name: behind 单位, or alone in brackets."""
    found = []
    for cell in cells:
        text = unicodedata.normalize("NFKC", cell)
        for told in NAMED.finditer(text):
            parts = APART.split((told[1] or told[2]).strip(" :."))
            found += [part for part in parts if part and not OFFICE.search(part)]
        money = [
            word for word in IN_BRACKETS.findall(text) if any(word.casefold() in UNITS[kind] for kind in ("yuan", "mu"))
        ]
        found += [word for word in money if word not in ("万", "亿")]
    return list(dict.fromkeys(found))

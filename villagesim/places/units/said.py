"""What the user knows: links that are kept as they are, while the rest is inferred around them."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from villagesim.checks import as_path
from villagesim.errors import RollError, nearest
from villagesim.foreign.headings import NEW_CODE, NEW_NAME, OLD_CODE, OLD_NAME, ForeignColumn
from villagesim.foreign.source import piece
from villagesim.foreign.table import ForeignTable, open_table
from villagesim.frozen import Frozen, Value
from villagesim.places.names import core
from villagesim.places.rolls import check_names
from villagesim.places.units.edition import Edition

GIVEN = ("kept", "recoded", "renamed", "moved", "merged", "split", "community", "left", "appeared")
"""Fates that a user can give."""
OF_LINK = ("kept", "recoded", "renamed", "moved", "merged", "community", "unknown")
"""Fates that go with both codes, so that a row with another new code has another."""
OLD, NEW = (replace(column, digits=(0, 9, 12)) for column in (OLD_CODE, NEW_CODE))
SHARE, FATE, CONFIDENCE, DECREE, LIKELIHOOD = (
    ForeignColumn("share", also=("份额", "比例")),
    ForeignColumn("fate", also=("去向", "变更类型")),
    ForeignColumn("confidence", also=("置信度", "把握")),
    ForeignColumn("decree", also=("批次", "变更日期")),
    ForeignColumn("likelihood"),
)


@dataclass(frozen=True)
class SaidLink:
    """A link that the user knows.

    Attributes
    ----------
    old, new : int
        Rows in the editions; -1 where the unit left or appeared.
    fate : str
        One of :data:`GIVEN`; empty where it is to be told from the link.
    share : float
        Share of the old unit [0 to 1].
    confidence : float
        How sure the user is [0 to 1].
    at : str
        Where it stands, as ``row 7``.
    """

    old: int
    new: int
    fate: str = ""
    share: float = 1.0
    confidence: float = 1.0
    at: str = ""


@dataclass(frozen=True)
class Said(Value):
    """All that the user knows.

    Attributes
    ----------
    links : tuple of SaidLink
    townships : mapping of str to str
        From old to new codes of 9 digits.
    file : str
        Where it was read, for messages.
    """

    links: tuple[SaidLink, ...] = ()
    townships: Mapping[str, str] = field(default_factory=dict)
    file: str = "map"

    def __post_init__(self) -> None:
        self._freeze(links=tuple(self.links), townships=Frozen(self.townships))

    @property
    def appeared(self) -> tuple[int, ...]:
        """Rows after of units that came from nowhere."""
        return tuple(link.new for link in self.links if link.old < 0)

    @property
    def closed(self) -> tuple[int, ...]:
        """Rows after of units that took in nothing else: they came from nowhere, or from one unit that was renamed."""
        return tuple(link.new for link in self.links if link.old < 0 or link.fate == "renamed")


def read_said(
    path: str | Path,
    before: Edition,
    after: Edition,
    notes: list[str] | None = None,
    decree: str = "",
    decrees: Sequence[str] = (),
) -> Said:
    """Read what the user knows: columns ``old_code`` and ``new_code``, and if wanted ``share``, ``fate``, ``confidence``.

    Both codes have 12 digits for a unit, or 9 for a township. A row without new code says that the old unit, or all of an
    old township, left; one without old code that the new unit appeared. Several rows of one old unit split it: by their
    shares, or evenly where none has one. Names beside the codes are compared with the rolls'. A row with a ``likelihood`` is
    copied out of a history: its codes count, and the rest as far as it goes with them.

    Parameters
    ----------
    decree : str
        Of several editions in a row: only rows that say this in their column ``decree``.
    decrees : sequence of str
        All decrees that there are; none where there is but one.

    Raises
    ------
    RollError
        Where a code is unknown, a row names no decree of several, a fate is none, a row stands twice, or shares do not sum to 1.
    """
    path = as_path(path, "map", error=RollError)
    notes = [] if notes is None else notes
    table = open_table(path, (OLD, NEW), (SHARE, FATE, CONFIDENCE, OLD_NAME, NEW_NAME, LIKELIHOOD, DECREE))
    links: list[SaidLink] = []
    copied: set[str] = set()
    townships: dict[str, str] = {}
    gone: dict[str, str] = {}
    names: tuple[list[tuple[str, str]], ...] = ([], [])
    for row, is_copied, (old, new, *parts, old_name, new_name) in _rows_of(table, notes, after, decree, decrees):
        at, (share, fate, confidence) = (path.name, f"row {row}"), parts
        copied |= {at[1]} if is_copied else set()
        _check_row(old, new, fate, share + confidence, at)
        if len(old) == 9:
            _check_townships(old, new, before, after, townships, at)
            townships[old], gone[old] = new, at[1]
            continue
        places = [
            -1 if not code else _row(code, edition, column, at)
            for code, edition, column in zip((old, new), (before, after), ("old_code", "new_code"), strict=True)
        ]  # fmt: skip
        for code, name, told in zip((old, new), (old_name, new_name), names, strict=True):
            told.append((code, name if code else ""))
        part, sure = _part(table, 2, share, row, -1.0), _part(table, 4, confidence, row, 1.0)
        links.append(SaidLink(places[0], places[1], fate, part, sure, at[1]))
    for edition, told in zip((before, after), names, strict=True):
        check_names(path.name, told, edition.roll, notes)
    links, known = _with_others(links, copied), {link.old for link in links}
    links += [
        SaidLink(k, -1, "left", -1.0, at=gone[code])
        for k, code in enumerate(before.roll.townships)
        if townships.get(code) == "" and k not in known
    ]
    return Said(_with_shares(links, before, path.name), {old: new for old, new in townships.items() if new}, path.name)


def _rows_of(
    table: ForeignTable, notes: list[str], after: Edition, decree: str, decrees: Sequence[str]
) -> Iterator[tuple[int, bool, tuple[str, ...]]]:
    """Rows of one decree, all where there is but one; whether they are copied out of a history, and what they say."""
    for row, (*cells, likelihood, own) in table.rows(notes):
        at = (table.name, f"row {row}")
        if decrees and own not in decrees:
            said = f"decree = {own!r} is none of them" if own else "the row says no decree, of which there are several"
            fix = f"Write into a column decree: {' or '.join(decrees)}."
            raise RollError(f"{said}.", fix=fix, at=at)
        if decrees and own != decree:
            continue
        if not likelihood:
            yield row, False, tuple(cells)
        elif cells[1] or cells[3] != "unknown":
            yield row, True, _anew(cells, after, at, notes)


def _anew(cells: Sequence[str], after: Edition, at: tuple[str, str], notes: list[str]) -> tuple[str, ...]:
    """A row that was copied out of a history, without what is of the link that it had there."""
    old, new, share, fate, confidence, old_name, new_name = cells
    name = after.roll.names[after.row[new]] if new in after.row else ""
    is_same = core(new_name) == core(name)
    if name and new_name and not is_same:
        notes.append(f"{' '.join(at)}: {new} is {name}, not {piece(new_name)}; the code counts")
    filled_in = (fate == "left" and new and not new_name) or (fate == "appeared" and old and not old_name)
    of_link = fate in (("merged", "unknown") if is_same else OF_LINK)
    return (
        old, new, "" if share == "1" else share, "" if filled_in or of_link else fate, confidence, old_name,
        new_name if is_same else "",
    )  # fmt: skip


def _with_others(links: list[SaidLink], copied: Collection[str]) -> list[SaidLink]:
    """Links, those of copied rows without a fate that other rows contradict: not renamed, or in parts."""
    parts, sources = Counter(link.old for link in links), Counter(link.new for link in links)

    def holds(link: SaidLink) -> bool:
        alone = link.old < 0 or parts[link.old] == 1 or link.fate == "split"
        return link.at not in copied or (alone and (link.fate != "renamed" or sources[link.new] == 1))

    return [link if holds(link) else replace(link, fate="") for link in links]


def _check_row(old: str, new: str, fate: str, parts: str, at: tuple[str, str]) -> None:
    """Refuse codes of two lengths, and a fate that contradicts them."""
    if old and new and len(old) != len(new):
        raise RollError(
            f"{old} -> {new} links a unit with a township.", fix="Give two codes of 12 digits, or two of 9.", at=at
        )
    if len(old) == 9 and (parts or fate not in ("", "left")):
        fix = "Leave share, fate and confidence empty, or give its villages row by row."
        raise RollError(f"{old}: a township goes as a whole.", fix=fix, at=at)
    if fate and fate not in GIVEN:
        raise RollError(f"fate = {fate!r} is none.", fix=nearest(fate, GIVEN), at=at)
    implied = "appeared" if not old else "left" if not new else ""
    if not old and (not new or len(new) == 9):
        raise RollError("the row names no old unit and no new one.", fix="Give old_code, new_code, or both.", at=at)
    if (fate in ("appeared", "left") or implied) and fate not in ("", implied):
        raise RollError(
            f"fate = {fate} does not go with old_code = {old or 'nothing'} and new_code = {new or 'nothing'}.",
            fix="What left has no new code, what appeared no old one, everything else has both.",
            at=at,
        )


def _check_townships(
    old: str, new: str, before: Edition, after: Edition, said: Mapping[str, str], at: tuple[str, str]
) -> None:
    """Refuse a township that is unknown or stands twice."""
    for column, code, edition in (("old_code", old, before), ("new_code", new, after)):
        if code and code not in edition.townships:
            raise RollError(
                f"{column} = {code} is no township with units there.", fix=nearest(code, edition.townships), at=at
            )
    if old in said:
        where = f"gone to {said[old]}" if said[old] else "left"
        raise RollError(f"township {old} is said to have {where} already.", fix="Take out one row.", at=at)


def _row(code: str, edition: Edition, column: str, at: tuple[str, str]) -> int:
    """Row of a code in its edition."""
    if code not in edition.row:
        near = [one for one in edition.roll.codes if one[:9] == code[:9]] or edition.roll.codes
        raise RollError(
            f"{column} = {code} is not among the {len(edition):,} units of that edition.",
            fix=nearest(code, near),
            at=at,
        )
    return edition.row[code]


def _part(table: ForeignTable, column: int, cell: str, row: int, none: float) -> float:
    """A share or a confidence, above 0 and at most 1; ``none`` where the cell is empty."""
    if not cell:
        return none
    value = table.figure(column, cell, row)
    if not 0 < value <= 1:
        raise RollError(
            f"{table.columns[column].name} = {cell} must be above 0 and at most 1.",
            fix="Write half as 0.5.",
            at=(table.name, f"row {row}"),
        )
    return value


def _with_shares(links: list[SaidLink], before: Edition, file: str) -> tuple[SaidLink, ...]:
    """Fill in shares, and refuse links that contradict each other."""
    by_old: dict[int, list[SaidLink]] = {}
    seen: dict[tuple[int, int], str] = {}
    for link in links:
        place = link.old, link.new
        if place in seen:
            raise RollError(f"the link stands in {seen[place]} already.", fix="Take out one row.", at=(file, link.at))
        seen[place] = link.at
        by_old.setdefault(link.old, []).append(link)
    found = [replace(link, share=1.0) for link in by_old.pop(-1, [])]
    appeared = {link.new: link.at for link in found}
    for link in links:
        if link.old >= 0 and link.new in appeared:
            raise RollError(
                f"an old unit went there, and {appeared[link.new]} says that it appeared.",
                fix="Take out one row.",
                at=(file, link.at),
            )
    for old, own in by_old.items():
        code, name = before.roll.codes[old], before.roll.names[old]
        given = [link.share for link in own if link.share > 0]
        if not given:
            own = [replace(link, share=1 / len(own)) for link in own]
        elif len(given) < len(own) or abs(sum(given) - 1) > 1e-6:
            raise RollError(
                f"the shares of {code} ({name}) sum to {sum(given):g} in {len(own)} rows, not all of which have one; they must"
                " sum to 1."
                if len(given) < len(own)
                else f"the shares of {code} ({name}) sum to {sum(given):g} in {len(own)} row{'s' if len(own) > 1 else ''}; they"
                " must sum to 1.",
                fix=f"Write {code},<new code> with a share in each of its rows, or in none.",
                at=(file, own[-1].at),
            )
        found += own
    return tuple(found)

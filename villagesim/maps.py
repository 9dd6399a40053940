"""The command ``villagesim map``: who became what from roll to roll, as tables and figures."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from villagesim.errors import RollError, StoreError
from villagesim.languages import _, named
from villagesim.options import USUAL, Figures, Width
from villagesim.places.units.reading import year_of
from villagesim.plots.captions import LONGEST_TITLE
from villagesim.plots.style import checked_width
from villagesim.runs.exports import checked_formats
from villagesim.runs.lock import Lock
from villagesim.runs.named_files import check_named, heading
from villagesim.runs.writing import filled
from villagesim.terminal import out, say, say_figures, table_of
from villagesim.wording import the_first

if TYPE_CHECKING:
    from villagesim.places.units.chain import Chain
    from villagesim.places.units.history import UnitHistory

ROLL = "a CSV file or workbook with code and name, the national file as it comes, or packaged:370114_2020."
Given = TypeVar("Given", str, Path)
TABLES = ("history", "townships", "sureness", "weak_links", "paths")
"""Tables that are written; the last one where there are several decrees."""
OWN = re.compile(rf"(?:{'|'.join(TABLES)})\.csv|history(?:_[0-9]+)?\.(?:png|svg|pdf)")
"""Names of what is written."""
KINDS = ("village", "community", "other")
MOST_NAMED = 3
"""Counties that a title names."""
MOST_GONE = 5
"""Townships that are gone of which each is told."""


def map_units(
    before: Annotated[str, typer.Argument(help=f"Roll before: {ROLL}", show_default=False)],
    after: Annotated[str, typer.Argument(help="Roll after.", show_default=False)],
    later: Annotated[
        list[str] | None, typer.Argument(help="Rolls of later editions, in order.", show_default=False)
    ] = None,
    links: Annotated[
        Path | None,
        typer.Option(
            help="Links that you know: old_code,new_code[,share,fate,confidence,decree]; the rest is inferred."
        ),
    ] = None,
    county: Annotated[
        list[str] | None,
        typer.Option(
            help="County, where files hold more: 6 digits, 4 for a prefecture, or its name. Once for all rolls, or once for each."
        ),
    ] = None,
    townships: Annotated[
        list[Path] | None,
        typer.Option(help="Names of townships: code (9 digits), name. Once for all rolls, or for each."),
    ] = None,
    decree: Annotated[
        list[str] | None, typer.Option(help="Day or name of the decree between two rolls; once for each pair.")
    ] = None,
    out_folder: Annotated[Path, typer.Option("--out", help="Folder for tables and figures.")] = Path("out/map"),
    figures: Figures = USUAL,
    width: Width = None,
) -> None:
    """Tell who became what from roll to roll: fates of all units, how sure each is, and what to ask first."""
    from villagesim.places.units.chain import chain
    from villagesim.places.units.reading import Source, read_editions
    from villagesim.places.units.said import read_said

    formats, width = checked_formats(figures), checked_width(width)
    rolls = [before, after, *(later or ())]
    decrees, years = _decrees(rolls, decree or []), list(map(year_of, rolls))
    sources = map(Source, rolls, _each("county", county, len(rolls)), _each("townships", townships, len(rolls)))
    notes: list[str] = []
    editions = read_editions(list(sources), notes)
    several = decrees if len(decrees) > 1 else ()
    said = [
        read_said(links, old, new, notes, own, several) if links else None
        for (old, new), own in zip(pairwise(editions), decrees, strict=True)
    ]
    found = chain(editions, decrees, said=said)
    for note in dict.fromkeys(notes):
        say(_("Note: {note}.", note=named(note)))
    names = write_history(found, out_folder, formats, width, years)
    for step, own, around in zip(found.steps, decrees, pairwise(years), strict=True):
        _tell(step, own if several else "", around)
    _tell_returned(found)
    tables = _(", ").join(f"{name}.csv" for name in TABLES[: 4 + bool(several)])
    say(_("Tables: {folder}/{names}", folder=out_folder, names=tables))
    say_figures(out_folder, names, formats)
    if any(link.level >= 0 for step in found.steps for link in step.links):
        say(_(
            "Next: ask about the first rows of {folder}/weak_links.csv, and give what you learn with --links.",
            folder=out_folder,
        ))  # fmt: skip


def _each(option: str, given: Sequence[Given] | None, n: int) -> list[Given | None]:
    """What an option gives for each roll: one for all, or one for each."""
    if not given or len(given) == 1:
        return [given[0] if given else None] * n
    if len(given) == n:
        return list(given)
    raise RollError(f"--{option} is given {len(given)} times, for {n} rolls.", fix="Give it once for all, or for each.")


def _decrees(rolls: Sequence[str], given: Sequence[str]) -> list[str]:
    """Names of the decrees between rolls: as given, else by the roll that follows, else by number."""
    if given and (len(given) != len(rolls) - 1 or len(set(given)) < len(given)):
        n = len(rolls) - 1
        raise RollError(
            f"--decree {' --decree '.join(given)} names {len(set(given))}, for {n} between {n + 1} rolls.",
            fix="Give one of its own for each, or none.",
        )
    follow = [Path(roll.removeprefix("packaged:")).name.split(".")[0] for roll in rolls[1:]]
    return list(given) or (follow if len(set(follow)) == len(follow) else [str(k + 1) for k in range(len(follow))])


def write_history(
    found: "Chain", folder: Path, formats: Sequence[str], width: float | None, years: Sequence[str] = ()
) -> list[str]:
    """Write tables and figures, into a folder that holds nothing else; return the names of the figures.

    ``years`` are those of the rolls; nothing where one is not known.
    """
    import pandas as pd
    from matplotlib import pyplot as plt

    from villagesim.places.units import tables
    from villagesim.plots.histories import draw_history
    from villagesim.plots.style import drawn
    from villagesim.runs.exports import write_csv, write_figure

    makers = (tables.links_table, tables.townships_table, tables.sureness_table, tables.weak_table)
    steps = list(zip(found.steps, found.decrees, strict=True))
    rows = [[row for step, name in steps for row in maker(step, name)] for maker in makers]
    rows[3].sort(key=lambda row: (row["kind_before"] != "village", -row["weak_links_there"]))
    written = [pd.DataFrame(own) for own in rows]
    links, townships, _, weak = written
    written[3] = weak if len(weak) else links.head(0)
    if len(steps) > 1:
        written.append(pd.DataFrame(tables.paths_table(found)))
    names = ["history"] if len(steps) == 1 else [f"history_{k + 1}" for k in range(len(steps))]
    around = list(pairwise(years)) or [("", "")] * len(steps)
    try:
        with Lock(folder):
            held = _held(folder, heading(links, TABLES[0]))
            with filled(folder) as half:
                for name, table in zip(TABLES, written, strict=False):
                    write_csv(half / f"{name}.csv", table, name)
                for name, (step, decree), own_years in zip(names, steps, around, strict=True):
                    own = [table[table["decree"] == decree] for table in (links, townships)]
                    with drawn(width):
                        figure = draw_history(own[0], own[1], _title(step, decree if len(steps) > 1 else "", own_years))
                    write_figure(half, name, figure, formats)
                    plt.close(figure)
                for path in held:
                    if not (half / path.name).exists():
                        path.unlink()
    except OSError as problem:
        raise StoreError(f"{folder} cannot be written to ({problem.strerror}).", fix="Give another folder.") from None
    return names


def _held(folder: Path, mark: bytes) -> list[Path]:
    """What an earlier map wrote to a folder; anything else is refused.

    ``mark`` is the heading of its first table.
    """
    held = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    strange = [path.name for path in held if not OWN.fullmatch(path.name)]
    if held and not strange:
        first = folder / f"{TABLES[0]}.csv"
        strange = [] if first in held else [held[0].name]
        check_named(first, mark)
    if strange:
        raise StoreError(f"{folder} holds something else ({strange[0]}).", fix="Give a new folder with --out.")
    return held


def _title(found: "UnitHistory", decree: str, years: tuple[str, str] = ("", "")) -> str:
    """Place, sizes and years; as many counties are named as there is room for."""
    counties = [found.before.named.get(code) or _("county {code}", code=code) for code in found.before.counties]
    sizes: dict[str, Any] = {"before": len(found.before), "after": len(found.after)}
    told = _("{before:,} units before, {after:,} after", **sizes)
    if all(years):
        told = _("{before:,} units in {year}, {after:,} in {later}", year=years[0], later=years[1], **sizes)
    what = _("Who became what by {decree}", decree=decree) if decree else _("Who became what")
    for n in range(min(len(counties), MOST_NAMED), 0, -1):
        place = the_first(counties, n)
        if len(title := _("{what}: {place}, {told}", what=what, place=place, told=told)) <= LONGEST_TITLE:
            return title
    return _("{what}: {told}", what=_("Who became what"), told=told)


def _tell(found: "UnitHistory", decree: str, years: tuple[str, str]) -> None:
    """Print how many had which fate, and how sure it is."""
    from villagesim.places.units.link import FATES, as_sum, fates_of

    before, after = found.before.roll.kinds, found.after.roll.kinds
    fates = {kind: fates_of(one for one in found.links if one.old >= 0 and before[one.old] == kind) for kind in KINDS}
    new = Counter(after[one.new] for one in found.links if one.old < 0)
    say(_title(found, decree, years), style="bold")
    table = table_of("", _("fate"), _("villages"), _("communities"), _("others"), _("all units"))
    rows = [(named(fate), [fates[kind][fate] for kind in KINDS]) for fate in FATES]
    rows += [
        (_("before, in all"), [fates[kind].total() for kind in KINDS]),
        (_("after: appeared"), [new[kind] for kind in KINDS]),
    ]
    for name, own in rows:
        if sum(own):
            table.add_row(name, *(f"{n:,}" for n in (*own, sum(own))))
    out.print(table)
    gone = [link for link in found.links if link.level >= 0]
    if gone:
        right, unchecked = sum(link.likelihood for link in gone), sum(link.way != "name part" for link in gone)
        say(
            _(
                "{n:,} units do not live on under their code or name ({fates}). Their links are inferred: about {right:,.0f} are"
                " right by their own likelihood, and {unchecked:.0%} rest on nothing that a name can check.",
                n=len(gone), fates=as_sum(fates_of(gone), named), right=right, unchecked=unchecked / len(gone),
            )
        )  # fmt: skip
    _tell_gone(found)


def _tell_gone(found: "UnitHistory") -> None:
    """Print which townships nothing leads from, and the row that would mend it."""
    gone = Counter(
        found.before.roll.townships[link.old]
        for link in found.links
        if link.fate in ("left", "unknown") and not found.flow.told[found.before.township[link.old]]
    )
    for code, n in gone.most_common(MOST_GONE):
        say(
            _(
                "{name} ({code}, units: {n}) stands in no township after: taken as left or unknown. If it was joined to another,"
                " one row {code},<its code after> in --links says so.",
                name=found.before.named[code], code=code, n=n,
            )
        )  # fmt: skip
    if len(gone) > MOST_GONE:
        say(_("So do {n} townships more: see townships.csv.", n=len(gone) - MOST_GONE))


def _tell_returned(found: "Chain") -> None:
    """Print which units are missing in one edition only."""
    for k in range(len(found.steps)):
        codes = [code for step, code in found.returned if step == k]
        if codes:
            some = the_first(codes, MOST_GONE)
            say(
                _(
                    "Note: units that stand in the rolls before {first} and after {second}, but not between: {n} ({some}). Were"
                    " they left out of that roll, or dissolved and restored?",
                    n=len(codes), some=some, first=found.decrees[k], second=found.decrees[k + 1],
                )
            )  # fmt: skip

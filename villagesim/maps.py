"""The command ``villagesim map``: who became what between two rolls, as tables and a figure."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from villagesim.errors import StoreError
from villagesim.terminal import out, say, table_of

if TYPE_CHECKING:
    from villagesim.places.units.history import UnitHistory

Roll = Annotated[
    str,
    typer.Argument(
        help="Roll: a CSV file or workbook with code and name, the national file, or packaged:370114_2020.",
        show_default=False,
    ),
]
FILES = ("history", "townships", "sureness", "weak_links")
"""Tables that are written."""
MOST_GONE = 5
"""Townships that are gone of which each is told."""


def map_units(
    before: Roll,
    after: Roll,
    links: Annotated[
        Path | None, typer.Option(help="Links that you know: old_code,new_code[,share,fate,confidence].")
    ] = None,
    county: Annotated[
        str | None, typer.Option(help="County, where files hold more: 6 digits, 4 for a prefecture, or its name.")
    ] = None,
    county_after: Annotated[str | None, typer.Option(help="Its code or name after, where it got another.")] = None,
    townships_before: Annotated[
        Path | None, typer.Option(help="Names of townships before: code (9 digits), name.")
    ] = None,
    townships_after: Annotated[Path | None, typer.Option(help="The same after.")] = None,
    decree: Annotated[str, typer.Option(help="Day or name of the decree, for a column of the table.")] = "",
    out_folder: Annotated[Path, typer.Option("--out", help="Folder for tables and figure.")] = Path("out/map"),
) -> None:
    """Tell who became what between two rolls: fates of all units, how sure each is, and what to ask first."""
    from villagesim.places.units.history import history
    from villagesim.places.units.reading import Source, read_editions
    from villagesim.places.units.said import read_said

    notes: list[str] = []
    old, new = read_editions(
        Source(before, county, townships_before), Source(after, county_after or county, townships_after), notes
    )
    said = read_said(links, old, new, notes) if links else None
    found = history(old, new, said=said)
    for note in notes:
        say(f"Note: {note}.")
    _write(found, out_folder, decree)
    _tell(found)
    say(f"Tables: {out_folder}/{', '.join(f'{name}.csv' for name in FILES)}")
    say(f"Figure: {out_folder}/history.png; as SVG too")
    if any(link.level >= 0 for link in found.links):
        say(f"Next: ask about the first rows of {out_folder}/weak_links.csv, and give what you learn with --links.")


def _write(found: "UnitHistory", folder: Path, decree: str) -> None:
    """Write tables and figure, into a folder that holds nothing else."""
    import pandas as pd
    from matplotlib import pyplot as plt

    from villagesim.places.units import tables
    from villagesim.plots.histories import draw_history
    from villagesim.plots.style import settings
    from villagesim.runs.exports import write_csv

    links = pd.DataFrame(tables.links_table(found, decree))
    townships = pd.DataFrame(tables.townships_table(found))
    written = (
        links, townships, pd.DataFrame(tables.sureness_table(found)),
        pd.DataFrame(tables.weak_table(found), columns=[*links.columns, "weak_links_there"]),
    )  # fmt: skip
    try:
        folder.mkdir(parents=True, exist_ok=True)
        own = {f"{name}.csv" for name in FILES} | {"history.png", "history.svg"}
        if strange := {path.name for path in folder.iterdir()} - own:
            raise StoreError(f"{folder} holds something else ({min(strange)}).", fix="Give a new folder with --out.")
        for name, table in zip(FILES, written, strict=True):
            write_csv(folder / f"{name}.csv", table, name)
        figure = draw_history(links, townships, _title(found))
        with plt.rc_context(settings()):
            figure.savefig(folder / "history.png")
            figure.savefig(folder / "history.svg", metadata={"Date": None})
        plt.close(figure)
    except OSError as problem:
        raise StoreError(f"{folder} cannot be written to ({problem.strerror}).", fix="Give another folder.") from None


def _title(found: "UnitHistory") -> str:
    counties = [found.before.named.get(code, code) for code in found.before.counties]
    place = ", ".join(counties[:3]) + (" ..." if len(counties) > 3 else "")
    return f"Who became what: {place}, {len(found.before):,} units before, {len(found.after):,} after"


def _tell(found: "UnitHistory") -> None:
    """Print how many had which fate, and how sure it is."""
    from villagesim.places.units.link import FATES

    kinds = ("village", "community", "other")
    counts = Counter(
        (link.fate, found.before.roll.kinds[link.old] if link.old >= 0 else found.after.roll.kinds[link.new])
        for link in {(one.old, one.fate): one for one in found.links if one.old >= 0}.values()
    )
    counts.update(("appeared", found.after.roll.kinds[one.new]) for one in found.links if one.old < 0)
    say(_title(found), style="bold")
    table = table_of("", "fate", "villages", "communities", "others")
    for fate in FATES:
        if any(counts[fate, kind] for kind in kinds):
            table.add_row(fate, *(f"{counts[fate, kind]:,}" for kind in kinds))
    out.print(table)
    gone = [link for link in found.links if link.level >= 0]
    if gone:
        right, unchecked = sum(link.likelihood for link in gone), sum(link.way != "name part" for link in gone)
        say(
            f"{len(gone):,} units vanished; about {right:,.0f} of their links are right by their own likelihood, and"
            f" {unchecked / len(gone):.0%} rest on nothing that a name can check."
        )
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
            f"{found.before.named[code]} ({code}, {n} unit{'s' if n > 1 else ''}) stands in no township after: taken as"
            f" left or unknown. If it was joined to another, one row {code},<its code after> in --links says so."
        )
    if len(gone) > MOST_GONE:
        say(f"So do {len(gone) - MOST_GONE} townships more: see townships.csv.")

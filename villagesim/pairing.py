"""The command ``villagesim beside``: two comparisons of one county beside each other, as of one wave of mergers and of two."""

import json as plain
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from villagesim.errors import DesignError
from villagesim.languages import _, named
from villagesim.options import USUAL, Figures, Width
from villagesim.plots.style import checked_width, drawn
from villagesim.questions.labels import legend
from villagesim.runs.exports import checked_formats
from villagesim.runs.named_files import write_table
from villagesim.runs.writing import printable
from villagesim.terminal import out, say, say_figures, table_of
from villagesim.verdict_tables import FOLDED, print_outcome
from villagesim.wording import effect, month, number, sums

if TYPE_CHECKING:
    from villagesim.questions.beside import TwoWorlds

NAME = "beside"
TABLE = ".csv"


def beside(
    one: Annotated[Path, typer.Argument(help="Folder of a comparison, as of one wave.", show_default=False)],
    two: Annotated[
        Path, typer.Argument(help="Folder of another one of the same county, as of two waves.", show_default=False)
    ],
    at: Annotated[str | None, typer.Option(help="Month, as 2025-12; the last by default.")] = None,
    into: Annotated[
        Path | None, typer.Option("--out", help="Folder for table and figure; a CSV file for the table alone.")
    ] = None,
    figures: Figures = USUAL,
    width: Width = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object, and nothing else.")] = False,
) -> None:
    """Set two comparisons of one county beside each other, as one wave of mergers and two: the second less the first."""
    from villagesim.questions.answer import open_results
    from villagesim.questions.beside import TwoWorlds
    from villagesim.questions.plain import records

    formats, width = checked_formats(figures), checked_width(width)
    file = into if into is not None and into.suffix == TABLE else None
    if (into is None or file) and (width is not None or figures not in (USUAL, "none")):
        raise DesignError(
            "--figures and --width go with --out.", fix="Give a folder for table and figure, as --out out/difference."
        )
    found = TwoWorlds(open_results(one), open_results(two), at)  # type: ignore[arg-type]
    if file is not None:
        write_table(file, found.table, NAME)
    elif into is not None:
        _write(found, into, formats, width)
    if json:
        said = {"answer": list(found.sentences), "notes": list(found.notes), "table": records(found.table)}
        say(plain.dumps({"first": str(one), "second": str(two), **said}, ensure_ascii=False, allow_nan=False))
        return
    for which, where, answer in ((_("First"), one, found.first), (_("Second"), two, found.second)):
        said = {"which": which, "folder": printable(where), "what": answer.known.source or named(answer.known.title)}
        decrees = _(", ").join(map(month, answer.known.decrees)) or _("none")
        say(_("{which}: {folder}, of {what}; decrees: {decrees}", decrees=decrees, **said))
    for sentence in found.sentences:
        out.print(sentence)
    for note in found.notes:
        out.print(_("Note: {note}.", note=note.rstrip(".。")))
    _print(found)
    if file is not None:
        say(_("Table: {file}", file=printable(file)))
    elif into is not None:
        say_figures(into / "figures", [NAME], formats)
        say(_("Tables:  {folder}/tables/ ({names}; Parquet and CSV)", folder=printable(into), names=NAME))


def _write(found: "TwoWorlds", folder: Path, formats: Sequence[str], width: float | None) -> None:
    """Write table, answer and figure into a folder, which says of which two runs they are."""
    from villagesim.runs.store import Store

    pair = {"first": dict(found.first.about), "second": dict(found.second.about)}
    with Store(folder, {"question": NAME, "at": found.month, **pair}) as store:
        store.outcomes = found.first.known.outcomes
        store.write_table(NAME, found.table)
        store.write_text("answer", "\n".join(found.sentences))
        if formats:
            with drawn(width, found.first.known.strategies):
                store.write_figure(NAME, found.figure(), formats)
        store.write_manifest()


def _print(found: "TwoWorlds") -> None:
    """Differences of each outcome that can be compared with their verdicts, and what either world costs."""
    folded = found.table["verdict"].str.startswith(FOLDED)
    first = next(iter(found.table.loc[~folded, "outcome"]), "")
    for name, own in found.table.groupby("outcome", sort=False):
        print_outcome(found.first.outcome(str(name)), own, head=name == first)
    rows = found.table.drop_duplicates("strategy")
    columns = [name for name in rows if name.startswith("cost_")]
    if rows[columns[:2]].to_numpy().any():
        per, unit = sums(rows[columns].to_numpy(float).flat)
        title = "\n" + _(
            "Paid from the county's fund since the start, by {month} ({unit})", month=month(found.month), unit=unit
        )
        shown = table_of(title, _("strategy"), _("the first"), _("the second"), _("difference"))
        for row in rows.to_dict("records"):
            one, other, *more = (row[name] / per for name in columns)
            told = effect(dict(zip(("value", "low", "high"), more, strict=True)))
            shown.add_row(named(row["strategy"], "strategy"), number(one), number(other), told)
        out.print(shown)
    if found.table["rests_on"].any():
        out.print(legend())
    n = found.first.n_replications
    out.print(
        _(
            "Differences: the second less the first, means of {n} replications in the same luck, with 95% intervals that hold"
            " for all strategies of an outcome together; of what is paid, each by itself. The smallest difference that matters"
            " is that of the first, by its scenario and its baseline. Money: in yuan of the start.",
            n=n,
        )
    )  # fmt: skip

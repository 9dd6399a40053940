"""The command ``villagesim beside``: two comparisons of one county beside each other, as of one wave of mergers and of two."""

import json as plain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from villagesim.languages import _, named
from villagesim.runs.writing import printable
from villagesim.terminal import out, say, table_of
from villagesim.verdict_tables import print_outcome
from villagesim.wording import effect, month, number, sums

if TYPE_CHECKING:
    from villagesim.questions.beside import Beside

NAME = "beside"


def beside(
    first: Annotated[Path, typer.Argument(help="Folder of a comparison, as of one wave.", show_default=False)],
    second: Annotated[
        Path, typer.Argument(help="Folder of another one of the same county, as of two waves.", show_default=False)
    ],
    at: Annotated[str | None, typer.Option(help="Month, as 2025-12; the last by default.")] = None,
    folder: Annotated[Path | None, typer.Option("--out", help="Folder for the table.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object, and nothing else.")] = False,
) -> None:
    """Set two comparisons of one county beside each other, as one wave of mergers and two: the second less the first."""
    from villagesim.questions.answer import open_results
    from villagesim.questions.beside import Beside
    from villagesim.questions.plain import records

    found = Beside(open_results(first), open_results(second), at)  # type: ignore[arg-type]
    if folder is not None:
        _write(found, folder, first, second)
    if json:
        said = {"answer": list(found.sentences), "notes": list(found.notes), "table": records(found.table)}
        say(plain.dumps({"first": str(first), "second": str(second), **said}, ensure_ascii=False, allow_nan=False))
        return
    for which, where, answer in ((_("First"), first, found.first), (_("Second"), second, found.second)):
        said = {"which": which, "folder": printable(where), "title": named(answer.known.title)}
        decrees = _(", ").join(map(month, answer.known.decrees)) or _("none")
        say(_("{which}: {folder}, {title}; decrees: {decrees}", decrees=decrees, **said))
    for sentence in found.sentences:
        out.print(sentence)
    for note in found.notes:
        out.print(_("Note: {note}", note=note))
    _print(found)
    if folder is not None:
        say(_("Tables:  {folder}/tables/ ({names}; Parquet and CSV)", folder=printable(folder), names=NAME))


def _print(found: "Beside") -> None:
    """Differences of each outcome that can be compared with their verdicts, and what either world costs."""
    names = list(dict.fromkeys(found.table["outcome"]))
    for name in names:
        print_outcome(found.first.outcome(name), found.table[found.table["outcome"] == name], head=name == names[0])
    rows = found.table.drop_duplicates("strategy")
    columns = [name for name in rows if name.startswith("cost_")]
    if rows[columns[:2]].to_numpy().any():
        per, unit = sums(rows[columns].to_numpy(float).flat)
        title = _("Paid from the county's fund since the start, by {month} ({unit})", month=month(found.month), unit=unit)
        shown = table_of(title, _("strategy"), _("first"), _("second"), _("difference"))
        for row in rows.to_dict("records"):
            one, other, *more = (row[name] / per for name in columns)
            told = effect(dict(zip(("value", "low", "high"), more, strict=True)))
            shown.add_row(named(row["strategy"], "strategy"), number(one), number(other), told)
        out.print(shown)
    n = found.first.n_replications
    out.print(
        _(
            "Differences: the second less the first, means of {n} replications in the same luck, with 95% intervals that hold"
            " for all strategies of an outcome together; of what is paid, each by itself. In yuan of the start.",
            n=n,
        )
    )  # fmt: skip


def _write(found: "Beside", folder: Path, first: Path, second: Path) -> None:
    from villagesim.runs.store import Store, read_whole

    design = {"first": read_whole(first), "second": read_whole(second), "at": found.month}
    with Store(folder, design) as store:
        store.outcomes = found.first.known.outcomes
        store.write_table(NAME, found.table)
        store.write_text("answer", "\n".join([*found.sentences, *found.notes]))
        store.write_manifest()

"""The command ``villagesim examples``: the places and questions that come with the library, listed or copied."""

from pathlib import Path
from shutil import copyfile
from typing import Annotated

import typer

from villagesim.files.packaged import HOME, SCRIPTS, about, questions, scenarios
from villagesim.languages import _, named
from villagesim.runs.writing import whole_folder
from villagesim.terminal import out, say, table_of


def examples(
    copy: Annotated[Path | None, typer.Option(help="Copy them into this folder, to change them there.")] = None,
) -> None:
    """List the places and questions that come with the library, or copy them."""
    if copy is None:
        _list()
    else:
        _copy(copy)


def _list() -> None:
    for title, found in ((_("Places"), scenarios()), (_("Questions"), questions())):
        table = table_of(title, "packaged:", _("what it is"))
        for name, path in found.items():
            table.add_row(name, named(about(path)) + (_(" (Python)") if path.suffix == ".py" else ""))
        out.print(table)
    commands = _("; ").join(("villagesim compare packaged:one_town", "villagesim ask packaged:best_shares"))
    say(_("Try: {commands}; with (Python) also --allow-code", commands=commands))
    say(_("To change them: {command}", command="villagesim examples --copy examples"))


def _copy(folder: Path) -> None:
    files = [*scenarios().values(), *questions().values(), *HOME.glob(SCRIPTS)]
    with whole_folder(folder) as new:
        for path in files:
            target = new / path.relative_to(HOME)
            target.parent.mkdir(parents=True, exist_ok=True)
            copyfile(path, target)
    say(_("Copied {n} files into {folder}", n=len(files), folder=folder))
    say(_("Try: {command}", command=f"villagesim compare {folder / 'scenarios' / 'one_town.toml'}"))

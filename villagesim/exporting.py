"""The command ``villagesim export``: tables of an answer for Stata and R."""

from pathlib import Path
from typing import Annotated

import typer

from villagesim.languages import _
from villagesim.runs.writing import printable
from villagesim.terminal import say


def export(
    folder: Annotated[Path, typer.Argument(help="Folder that a command which answers wrote.", show_default=False)],
    out: Annotated[Path | None, typer.Option(help="Folder for the files; stata in that folder by default.")] = None,
) -> None:
    """Write the tables of an answer as .dta, with labels, for Stata and R."""
    from villagesim.runs.stata import NAME
    from villagesim.runs.stata import export as write

    files = write(folder, out or folder / NAME)
    names = _(", ").join(file.name for file in files)
    say(_("Tables: {folder}/{names}", folder=printable(files[0].parent), names=names))

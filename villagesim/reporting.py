"""The command ``villagesim report``: one page of an answer, to be sent, printed and read on a phone."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from villagesim.report.page import page
from villagesim.runs.writing import printable, write_whole
from villagesim.terminal import say

NAME = "report.html"


def report(
    folder: Annotated[Path, typer.Argument(help="Folder that a command which answers wrote.", show_default=False)],
    out: Annotated[Path | None, typer.Option(help="File; report.html in the folder by default.")] = None,
) -> None:
    """Write an answer as one page that opens anywhere: what it says, who loses, what it costs, how it was made."""
    path = write_report(folder, out)
    say(f"Report: {printable(path)} ({path.stat().st_size / 1000:.0f} kB)")


def write_report(folder: Path, path: Path | None = None, command: str = "") -> Path:
    """Write the page of the answer in a folder."""
    path = path or folder / NAME
    write_whole(path, partial(Path.write_text, data=page(folder, command), encoding="utf-8"))
    return path

"""The command ``villagesim report``: one page of an answer, to be sent, printed and read on a phone."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from villagesim.errors import DesignError
from villagesim.languages import _
from villagesim.options import USUAL, Width, named
from villagesim.plots.style import checked_width
from villagesim.report.page import page
from villagesim.runs.exports import checked_formats
from villagesim.runs.named_files import check_named
from villagesim.runs.store import Store
from villagesim.runs.writing import printable, write_whole
from villagesim.terminal import say, say_figures

NAME = "report.html"
MARK = b'<meta name="generator" content="villagesim">'
"""Stands at the top of every page."""


def report(
    folder: Annotated[Path, typer.Argument(help="Folder that a command which answers wrote.", show_default=False)],
    out: Annotated[Path | None, typer.Option(help="File; report.html in the folder by default.")] = None,
    figures: Annotated[
        str | None, typer.Option(help="Draw the figures of the folder anew, in formats as png,svg,pdf.")
    ] = None,
    figure: Annotated[
        list[str] | None, typer.Option(help="Draw only this figure, as money or fan; repeat it for more.")
    ] = None,
    strategies: Annotated[
        list[str] | None, typer.Option(help="With --figure: the strategies that it shows, divided by commas.")
    ] = None,
    width: Width = None,
) -> None:
    """Write an answer as one page that opens anywhere: what it says, who loses, what it costs, how it was made."""
    if strategies and not figure:
        raise DesignError("--strategies goes with --figure.", fix="Name the figure, as --figure fan.")
    if out is not None:
        check_named(out, MARK)
    if figures is not None or width is not None or figure:
        formats = checked_formats(USUAL if figures is None else figures)
        names = _drawn_anew(folder, formats, checked_width(width), figure, strategies)
        say_figures(folder / "figures", names, formats)
    path = write_report(folder, out, width=width)
    said = {"path": printable(path), "size": path.stat().st_size / 1000}
    say(_("Report: {path} ({size:.0f} kB)", **said))


def write_report(folder: Path, path: Path | None = None, command: str = "", width: float | None = None) -> Path:
    """Write the page of the answer in a folder."""
    path = path or folder / NAME
    write_whole(path, partial(Path.write_text, data=page(folder, command, width), encoding="utf-8"))
    return path


def _drawn_anew(
    folder: Path, formats: tuple[str, ...], width: float | None, only: Sequence[str] | None,
    strategies: list[str] | None = None,
) -> tuple[str, ...]:  # fmt: skip
    """Draw the figures of an answer that is kept in a folder, or only those named, and return their names."""
    from villagesim.questions.answer import open_results

    answer = open_results(folder)
    names = tuple(only or answer.figures)
    shown: dict[str, Any] = {"strategies": named(strategies, answer.known.strategies)} if strategies else {}
    with Store(folder, answer.about, resume=True, grows=answer.kind.grows) as store:
        answer.write_figures(store, formats, width, names, **shown)
        store.write_manifest()
    return names

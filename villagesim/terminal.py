"""The screen: answers on one stream, how far the runs are and what went wrong on the other; all text is plain."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from errno import EBADF, EIO, ENOSPC
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions
from rich.measure import Measurement
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Column, Table
from rich.text import Text

from villagesim.errors import StoreError
from villagesim.languages import _
from villagesim.text import pieces, plain

if TYPE_CHECKING:
    from villagesim.scenario import Scenario


WIDTH = 80
"""Columns where nobody looks on: in pipes and files."""


def _folded(text: str, width: int) -> str:
    """A text whose lines are no wider than this, where it has letters of Chinese."""
    return text if text.isascii() else "\n".join(part for line in text.split("\n") for part in _lines(line, width))


def _lines(line: str, width: int) -> Iterator[str]:
    found, used = "", 0
    for piece in pieces(line):
        if found and used + cell_len(piece.rstrip()) > width:
            yield found.rstrip()
            found, used = "", 0
        found, used = found + piece, used + cell_len(piece)
    yield found


class Screen(Console):
    """The one door to the screen: all text is plain, and what it cannot show is replaced."""

    def __init__(self, *, stderr: bool = False) -> None:
        stream = sys.stderr if stderr else sys.stdout
        on_screen = stream is not None and stream.isatty()
        super().__init__(
            stderr=stderr, width=None if on_screen else WIDTH, markup=False, emoji=False, highlight=False
        )  # fmt: skip

    def print(self, *objects: Any, soft_wrap: bool | None = None, **ways: Any) -> None:
        """Print objects; lines of Chinese, which has no blanks between words, end between any two letters."""
        folded = (_folded(each, self.width) if isinstance(each, str) and not soft_wrap else each for each in objects)
        super().print(*folded, soft_wrap=soft_wrap, **ways)

    def on_broken_pipe(self) -> None:
        """Go on without a reader, so that what is being written is written whole."""
        give_up("stderr" if self.stderr else "stdout")

    def render_str(self, text: str, **ways: Any) -> Text:
        """Make plain text of whatever is printed, in a line or in a table."""
        return super().render_str(plain(text, lines=True), **ways)


out, beside = Screen(), Screen(stderr=True)
"""Where answers go, and where all goes that is no part of them."""


def say(text: str, style: str | None = None) -> None:
    """Print a line as it is."""
    out.print(text, style=style, soft_wrap=True)


def say_figures(folder: Path, names: Iterable[str], formats: Sequence[str]) -> None:
    """Print where figures were written, and in which formats; nothing where none were."""
    if formats:
        first, *others = formats
        said = _("Figures: {folder}/{names}", folder=folder, names=_(", ").join(f"{name}.{first}" for name in names))
        also = _("; as {formats} too", formats=_(" and ").join(map(str.upper, others))) if others else ""
        say(said + also)


def aside(text: str) -> None:
    """Print a line as it is, where it is no part of an answer."""
    beside.print(text, soft_wrap=True)


@contextmanager
def streams() -> Iterator[None]:
    """Let nothing that is printed end in a traceback: not on a screen of another encoding, a closed or a full one.

    Raises
    ------
    StoreError
        Where what was printed could not be written.
    """
    closed = sys.stdout is None
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - until the program ends
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    if closed:
        raise StoreError(
            "what is printed cannot be written: the output is closed.", fix="Where nobody is to read it: >/dev/null."
        )
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        give_up("stdout")
    except OSError as problem:
        if problem.errno not in (EBADF, EIO, ENOSPC) or problem.filename is not None:
            raise
        give_up("stdout")
        raise StoreError(
            f"what is printed cannot be written ({problem.strerror}).", fix="Send it where there is room."
        ) from None


def give_up(name: str) -> None:
    """Print nothing more on a stream, not what waits in it either: nobody can read it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), getattr(sys, name).fileno())


@contextmanager
def progress_bar(what: str, quiet: bool = False) -> Iterator[Any]:
    """Show how far the runs are, and how long it will take, where somebody looks on."""
    columns = (
        TextColumn(plain(what), markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn(_("left")),
        TimeRemainingColumn(),
    )  # fmt: skip
    try:
        with Progress(*columns, console=beside, transient=True, disable=quiet or not beside.is_terminal) as bar:
            task = bar.add_task(what, total=None)
            yield lambda done, planned: bar.update(task, completed=done, total=planned)
    except KeyboardInterrupt:
        aside(_("Stopped. What is done is kept in the folder of --out, where one was given: go on with --resume."))
        raise


def caution(scenario: "Scenario", central: bool = True) -> str:
    """What figures are not, and under which map and parameters they were found, where those are the central ones."""
    if not central:
        return _("Not a forecast.")
    if not scenario.merges:
        return _("Nothing merges, one draw of endowments, central parameters: not a forecast.")
    if scenario.has_drawn_maps:
        return _("Drawn maps, one draw of endowments, central parameters: not a forecast.")
    return _("One map, one draw of endowments, central parameters: not a forecast.")


class _Cell:
    """Text of a table whose lines end where those of Chinese may: within no number, and before no mark."""

    def __init__(self, text: str) -> None:
        self.text = plain(text, lines=True)

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> Iterator[Text]:
        yield Text(_folded(self.text, options.max_width))

    def __rich_measure__(self, _console: Console, options: ConsoleOptions) -> Measurement:
        widths = ([cell_len(part.rstrip()) for part in parts] for parts in (pieces(self.text), self.text.split("\n")))
        return Measurement(*(max(each, default=0) for each in widths)).with_maximum(options.max_width)


class _Table(Table):
    """A table whose Chinese cells are folded as lines are."""

    def add_row(self, *cells: Any, **ways: Any) -> None:
        super().add_row(*map(_cell, cells), **ways)


def _cell(text: Any) -> Any:
    return _Cell(text) if isinstance(text, str) and not text.isascii() else text


def table_of(title: str, *columns: str) -> Table:
    """An empty table in the house style; what is too long for its column goes on below, also where it has no blanks."""
    folded = (Column(_cell(column), overflow="fold") for column in columns)
    return _Table(*folded, title=title, box=SIMPLE_HEAD, title_justify="left", title_style="bold")


def command() -> list[str]:
    """How this program was started, to be given again."""
    if which("villagesim"):
        return ["villagesim"]
    return ["python", "-m", "villagesim"] if Path(sys.argv[0]).name == "__main__.py" else [sys.argv[0]]

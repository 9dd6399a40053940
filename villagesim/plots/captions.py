"""Title above a figure and a caption below it, broken into lines by the width of their letters, so that nothing is cut."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from villagesim.languages import _, named
from villagesim.plots.letters import LATIN, letters
from villagesim.plots.style import MM, PANEL_TITLE, SMALL, TITLE, strong, without_boxes
from villagesim.text import BEGINS, ENDS, WIDE, pieces, plain
from villagesim.wording import one_after_another

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LONGEST_TITLE = 90
"""Characters of the title of a figure at most: one sentence in words, numbers stand in the caption."""
SPACING = 1.2
"""Of lines, in heights of their letters."""
SLACK = 1.06
"""Letters of a picture are wider than those of the font by up to so much, as they end at its points."""
NEAR = 6
"""Letters of Chinese that a line leaves to the next one, to end at a mark."""
MARKS = re.compile("(?<=[，。、；：！？）］》])(?![，。、；：！？）］》”’%·/])|(?=[（［《])")
"""Where a line of Chinese ends best."""
_legends: "WeakKeyDictionary[Figure, tuple[Any, float]]" = WeakKeyDictionary()
"""Legends below the panels, and their room [inches]."""


class Words(NamedTuple):
    """What is said in and of a figure: its title, its caption, and what one would tell who cannot see it."""

    title: str
    caption: str
    description: str


def title_and_caption(figure: "Figure", title: str, caption: str = "") -> None:
    """Say what a figure shows above it, and what it rests on below it; it grows by the room that both need.

    Parameters
    ----------
    title : str
        One sentence in words, of 90 characters at most.
    caption : str
        Numbers, and what they rest on.
    """
    room = figure.get_size_inches()[0] - 0.1
    before = sum(room_of(figure))
    for write, text, points, how in (
        (figure.suptitle, wrapped(named(title), room, TITLE, bold=True), TITLE, {"fontweight": strong()}),
        (figure.supxlabel, wrapped(caption, room, SMALL), SMALL, {"color": "#333333"}),
    ):
        write(without_boxes(text), fontsize=points, x=0, y=0, ha="left", linespacing=SPACING, **how).set_in_layout(
            False
        )
    _arrange(figure, sum(room_of(figure)) - before)


def legend_below(figure: "Figure", handles: "Sequence[Any]", names: "Sequence[str]", least: float = 58.0) -> None:
    """Say below the panels what lines are, in columns of at least so many mm; the figure grows by the room it needs."""
    wide = figure.get_size_inches()[0]
    columns = max(1, min(len(names), int(MM * wide / least)))
    names = [wrapped(name, wide / columns - 0.5) for name in names]
    deep = -(-len(names) // columns)
    lines = [max(name.count("\n") + 1 for name in names[row::deep]) for row in range(deep)]
    room = SMALL * (1.25 * sum(lines) + 0.5 * deep + 0.5) / 72
    legend = figure.legend(handles, names, loc="lower left", ncols=columns, bbox_to_anchor=(0, 0), borderpad=0)
    legend.set_in_layout(False)
    _legends[figure] = legend, room
    _arrange(figure, room)


def legend_under(ax: "Axes", columns: int = 1, title: str = "") -> None:
    """Say under the label of the horizontal axis what is drawn."""
    from matplotlib.transforms import ScaledTranslation

    lines = ax.get_xlabel().count("\n") + 1 if ax.get_xlabel() else 0
    down = ScaledTranslation(0, -(1.25 * SMALL * (1 + lines) + 8) / 72, ax.figure.dpi_scale_trans)  # type: ignore[union-attr]
    ax.legend(
        loc="upper left",
        bbox_to_anchor=(0, 0),
        bbox_transform=ax.transAxes + down,
        ncols=columns,
        borderpad=0,
        title=title or None,
        alignment="left",
    )


def room_of(figure: "Figure") -> tuple[float, float]:
    """Room that caption and title take, at the bottom and at the top [inches]."""
    return _height(figure.get_supxlabel(), SMALL), _height(figure.get_suptitle(), TITLE)


def _arrange(figure: "Figure", more: float) -> None:
    """Make a figure higher, and put title, caption and legend where the panels leave room for them."""
    wide, high = figure.get_size_inches()
    high += more
    figure.set_figheight(high)
    below, above = room_of(figure)
    for name, y, side in (("_suptitle", 1 - 0.05 / high, "top"), ("_supxlabel", 0.05 / high, "bottom")):
        if (text := getattr(figure, name)) is not None:
            text.set(position=(0.05 / wide, y), verticalalignment=side)
    legend, room = _legends.get(figure, (None, 0.0))
    if legend is not None:
        legend.set_bbox_to_anchor((0.05 / wide, below / high))
    if engine := figure.get_layout_engine():
        edge = 0.04 / wide
        place = {"rect": (edge, (below + room) / high, 1 - 2 * edge, 1 - (below + room + above) / high)}
        engine.set(**place)


def words_of(figure: "Figure") -> Words:
    """What a figure says of itself, in one line each; its description names the panels too."""
    title, caption = map(_in_one_line, (figure.get_suptitle(), figure.get_supxlabel()))
    panels = [
        _in_one_line(text) for ax in figure.get_axes() if (text := ax.get_title("left") or ax.get_title("center"))
    ]
    said = _("Panels: {panels}.", panels=_("; ").join(panels)) if len(panels) > 1 else ""
    return Words(title, caption, one_after_another((caption, said)))


def _in_one_line(text: str) -> str:
    """A text that was broken into lines, whole again: in Chinese a line ends between any two letters."""
    first, *others = text.split("\n")
    for line in others:
        wide = [ord(letter) > WIDE for letter in (first[-1:] or " ") + (line[:1] or " ")]
        marks = first[-1:] in ENDS or line[:1] in BEGINS
        first += ("" if all(wide) or (any(wide) and marks) else " ") + line
    return first.strip()


def wrapped(text: str, inches: float, points: float = SMALL, *, bold: bool = False) -> str:
    """Break a text into lines of at most this width, measured in the letters that it is written with."""
    return "\n".join(_lines(text, 72 * inches / SLACK, points, bold))


def heading(text: str, inches: float) -> str:
    """Break the title of a panel into lines."""
    return wrapped(text, inches, PANEL_TITLE, bold=True)


def text_width(text: str, points: float = SMALL, *, bold: bool = False) -> float:
    """Width of a line of text [points]."""
    return _width(text, bold) * points


def _lines(text: str, most: float, points: float, bold: bool) -> "Iterator[str]":
    for part in plain(text, lines=True).split("\n"):
        line, width = "", 0.0
        for piece in pieces(part):
            if line and width + points * _width(piece.rstrip(), bold) > most:
                end = _end(line, piece)
                yield line[:end].rstrip()
                line = line[end:]
                width = points * _width(line, bold)
            line, width = line + piece, width + points * _width(piece, bold)
        yield line.rstrip()


def _end(line: str, behind: str) -> int:
    """Where a line ends that is full: at a mark that is near, rather than within a word of Chinese."""
    if line[-1] in ENDS or ord(line[-1]) <= WIDE or ord(behind[0]) <= WIDE or behind[0] in BEGINS:
        return len(line)
    ends = (found.start() for found in MARKS.finditer(line) if found.start() >= max(len(line) / 2, len(line) - NEAR))
    return max(ends, default=len(line))


@lru_cache(maxsize=4096)
def _width(text: str, bold: bool) -> float:
    """Width in heights of letters."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    narrow = "".join(letter for letter in text if ord(letter) <= WIDE and letter in letters(LATIN))
    wide = len(text) - len(narrow)
    font = FontProperties(family=LATIN, weight="bold" if bold else "normal", size=100)
    own = text_to_path.get_text_width_height_descent(narrow, font, ismath=False)[0] / 100 if narrow else 0.0
    return float(own) + 1.02 * wide


def _height(text: str, points: float) -> float:
    """Room that lines of text need [inches]."""
    return (len(text.split("\n")) * points * SPACING * 1.17 + 5) / 72 if text else 0.0

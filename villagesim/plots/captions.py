"""Title above a figure and a caption below it, wrapped to its width, so that nothing is cut."""

from textwrap import wrap
from typing import TYPE_CHECKING

from villagesim.text import plain

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CHARACTERS_AN_INCH, TITLE_CHARACTERS_AN_INCH = 14.8, 9.7
"""Of the caption's letters, and of the title's."""


def title_and_caption(figure: "Figure", title: str, caption: str = "") -> None:
    """Say what a figure shows above it, and what it rests on below it; the layout makes room for both."""
    inches = figure.get_size_inches()[0]
    figure.suptitle(
        _wrapped(title, TITLE_CHARACTERS_AN_INCH * inches), fontsize=12, fontweight="bold", x=0.01, ha="left"
    )
    if caption:
        below = _wrapped(caption, CHARACTERS_AN_INCH * inches)
        figure.supxlabel(below, fontsize=8.5, x=0.01, ha="left", color="#333333", linespacing=1.35)


def _wrapped(text: str, characters: float) -> str:
    parts = plain(text, lines=True).split("\n")
    return "\n".join(line for part in parts for line in wrap(part, int(characters)))

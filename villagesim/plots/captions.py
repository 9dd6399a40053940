"""Title above a figure and a caption below it, wrapped to its width, so that nothing is cut."""

from textwrap import wrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CHARACTERS_AN_INCH = 15.5
"""Of the caption's letters."""


def title_and_caption(figure: "Figure", title: str, caption: str = "") -> None:
    """Say what a figure shows above it, and what it rests on below it; the layout makes room for both."""
    figure.suptitle(title, fontsize=12, fontweight="bold", x=0.01, ha="left")
    width = int(CHARACTERS_AN_INCH * figure.get_size_inches()[0])
    lines = [line for part in caption.splitlines() for line in wrap(part, width)]
    if lines:
        figure.supxlabel("\n".join(lines), fontsize=8.5, x=0.01, ha="left", color="#333333", linespacing=1.35)

"""Letters that the fonts of all figures cannot write: another font that is installed here, or a note that there is none."""

import logging
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from villagesim.languages import _

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LOG = logging.getLogger("villagesim")
LATIN = "DejaVu Sans"
"""Font of all letters but Chinese ones; it comes with matplotlib."""
NO_HELP = ("Last Resort", "Emoji", "Color")
"""Parts of names of fonts that write boxes, or pictures that matplotlib cannot draw."""
MOST_NAMED = 8
"""Letters that a note names."""
_told: set[str] = set()


@cache
def letters(family: str) -> frozenset[str]:
    """All that the upright face of a font can write."""
    from matplotlib import font_manager

    return _held(font_manager.findfont(font_manager.FontProperties(family=[family])))


@cache
def _held(path: str) -> frozenset[str]:
    from matplotlib.ft2font import FT2Font

    try:
        return frozenset(map(chr, FT2Font(path).get_charmap()))
    except (OSError, RuntimeError):
        return frozenset()


def lend_fonts(figure: "Figure") -> None:
    """Let other fonts of this computer write what the usual ones cannot, and say once what no font here can write."""
    from matplotlib import rcParams
    from matplotlib.text import Text

    for ax in figure.get_axes():
        for axis in (ax.xaxis, ax.yaxis) if ax.axison else ():
            axis.get_ticklabels()  # else they have no text yet
    texts = figure.findobj(Text)
    said = {letter for text in texts for letter in text.get_text() if not letter.isspace()}  # type: ignore[attr-defined]
    usual = [family for family in rcParams["font.family"] if family != "sans-serif"]
    if not (lost := said.difference(*map(letters, usual))):
        return
    lent = dict(_lent(lost))
    for text in texts if lent else ():
        text.set_fontfamily([*usual, *lent.values()])  # type: ignore[attr-defined]
    _say(sorted(lost.difference(*map(_held, lent)) - _told))


def _lent(lost: set[str]) -> "Iterator[tuple[str, str]]":
    """File and name of fonts that write what is lost, which has a meaning everywhere: in private use each font has its own."""
    from matplotlib import font_manager

    left = {letter for letter in lost if unicodedata.category(letter) not in ("Co", "Cn")}
    for font in sorted(
        font_manager.fontManager.ttflist, key=lambda font: (font.style != "normal", font.name, font.fname)
    ):
        if not left:
            return
        if not any(part in font.name for part in NO_HELP) and (found := left & _held(font.fname)):
            left -= found
            yield font.fname, font.name


def _say(lost: list[str]) -> None:
    if lost:
        _told.update(lost)
        named = [f"{letter} (U+{ord(letter):04X})" for letter in lost[:MOST_NAMED]]
        shown = _(", ").join([*named, *["..."] * (len(lost) > MOST_NAMED)])
        LOG.warning(
            _("No font here can write {letters}: figures have boxes there. Install a font that can.", letters=shown)
        )

"""How figures look: readable in print and for the colour-blind, Chinese only where a font can write it."""

from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from villagesim.text import plain

COLOURS = (
    "#999999", "#000000", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#882255", "#999933",
)  # fmt: skip
"""Okabe and Ito's colours and two of Tol's, which the colour-blind can tell apart; grey and black for the two reference
worlds."""
DASHES: tuple[Any, ...] = (
    (0, (1, 1.2)),
    "-",
    (0, (5, 1.5)),
    (0, (3, 1, 1, 1)),
    (0, (7, 2, 1.5, 2)),
    (0, (2, 1)),
    "-",
    "--",
    "-",
    "--",
)
MARKERS = ("", "", "s", "^", "D", "v", "P", "X", "o", "h")
CHINESE_FONTS = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei",
    "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", "Arial Unicode MS", "Noto Sans CJK JP", "Droid Sans Fallback",
)  # fmt: skip


class Look(NamedTuple):
    """How a strategy is drawn."""

    colour: str
    dash: Any
    marker: str


def look(order: int) -> Look:
    """Colour, line and marker of a strategy, by its rank in the scenario: of its own among the first 64.

    Where colours start over, lines and markers are others; the reference worlds have no marker.
    """
    n = len(COLOURS) - 2
    round_, place = divmod(order - 2, n)
    dash = order if order < 2 else 2 + (place + 3 * round_) % n
    return Look(COLOURS[order if order < 2 else 2 + place], DASHES[dash], MARKERS[dash])


@cache
def chinese_font() -> str | None:
    """Name of an installed font that can write Chinese, if there is one."""
    from matplotlib import font_manager

    installed = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in CHINESE_FONTS if name in installed), None)


def readable(text: str, otherwise: str) -> str:
    """Return the text where it can be written here, else a stand-in: never boxes.

    It is the one door to figures for text of others, which is plain text here: with :func:`settings` no ``$`` begins a
    formula, and a legend does not hide what begins with ``_``.
    """
    chinese = any(ord(character) > 0x2E7F for character in text)
    shown = plain(text) if not chinese or chinese_font() else otherwise
    return f" {shown}" if shown.startswith("_") else shown


def note_on_names(names: Iterable[str]) -> str:
    """Say what stands for names that cannot be written here, and what is missing; nothing where all can be."""
    if all(readable(name, "") == name for name in names):
        return ""
    return f" No font here can write Chinese, so some names are numbers: install one, as {CHINESE_FONTS[0]}."


def settings() -> Any:
    """Matplotlib settings for all figures, to be used with ``rc_context``."""
    family = ["DejaVu Sans"] + ([chinese_font()] if chinese_font() else [])
    return {
        "font.family": family,
        "font.size": 9,
        "text.parse_math": False,
        "text.usetex": False,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlesize": 10,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "savefig.dpi": 200,
        "svg.hashsalt": "villagesim",
    }

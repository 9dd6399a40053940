"""How figures look: readable in print and for the colour-blind, Chinese only where a font can write it."""

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache
from math import ceil
from typing import Any, NamedTuple

from villagesim.checks import number
from villagesim.errors import DesignError
from villagesim.languages import ENGLISH, _, chinese, language, named, spoken
from villagesim.plots.letters import LATIN
from villagesim.text import plain

LOG = logging.getLogger("villagesim")
logging.getLogger("matplotlib.font_manager").addFilter(lambda record: "font weight" not in record.msg)

MM = 25.4
"""Millimetres an inch."""
WIDTH, LEAST_WIDTH, MOST_WIDTH = 180.0, 80.0, 600.0
"""Of a figure, by default that of a journal's page, and what it can be [mm]."""
TITLE, PANEL_TITLE, TEXT, SMALL = 9.5, 8.0, 7.5, 7.0
"""Heights of letters: of titles of figures and panels, of text, and of ticks, legends and captions [points]."""
LEAST = 6.5
"""Height of the smallest letters [points]."""
_width: ContextVar[float] = ContextVar("width", default=WIDTH)
_strategies: ContextVar[Sequence[str]] = ContextVar("strategies", default=())

COLOURS = (
    "#999999", "#000000", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#882255", "#999933",
)  # fmt: skip
"""Okabe and Ito's colours and two of Tol's, which the colour-blind can tell apart; grey and black for the two reference
worlds."""
UNTOLD = "#d9d9d9"
"""Of what cannot be told from zero on a map: the colour of no effect."""
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
    "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", "STHeiti", "Arial Unicode MS", "Noto Sans CJK JP",
    "Droid Sans Fallback",
)  # fmt: skip

FONT_FILES = (
    "cjk",
    "sourcehan",
    "notosanssc",
    "wqy",
    "simhei",
    "msyh",
    "pingfang",
    "hiragino",
    "stheiti",
    "arialuni",
    "droidsansfallback",
)
"""Parts of the names of their files."""


FROM_BOLD = 600
"""Weight of a face that looks bold, and more."""
WIDE = re.compile("[\u2e80-\U0010ffff]+")
"""Letters that only such a font can write."""


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

    known = font_manager.fontManager
    if not {font.name for font in known.ttflist} & {*CHINESE_FONTS}:
        for path in sorted(font_manager.findSystemFonts()):  # installed since matplotlib made its list
            if any(part in path.lower() for part in FONT_FILES):
                with suppress(OSError, RuntimeError):
                    known.addfont(path)
    installed = {font.name for font in known.ttflist}
    return next((name for name in CHINESE_FONTS if name in installed), None)


def strong() -> str:
    """Weight of headings: bold, but not where they hold Chinese whose font has no bold face, as digits alone would be bold."""
    from matplotlib import font_manager

    weights: dict[Any, Any] = font_manager.weight_dict
    faces = [face for face in font_manager.fontManager.ttflist if face.name == chinese_font()]
    bold = any(weights.get(face.weight, face.weight) >= FROM_BOLD for face in faces)
    writes_chinese = chinese() or any(WIDE.search(name) for name in _strategies.get())
    return "normal" if faces and writes_chinese and not bold else "bold"


def readable(text: str, otherwise: str) -> str:
    """Return the text where it can be written here, else a stand-in: never boxes.

    It is the one door to figures for text of others, which is plain text here: with :func:`settings` no ``$`` begins a
    formula, and a legend does not hide what begins with ``_``.
    """
    text = named(text, "strategy")
    has_chinese = any(ord(character) > 0x2E7F for character in text)
    shown = plain(text) if not has_chinese or chinese_font() else otherwise
    return f" {shown}" if shown.startswith("_") else shown


def strategy_name(name: str, order: int) -> str:
    """A strategy by its name; where no font can write that by its number in its file, which is the same in every figure.

    ``order`` is its rank in the scenario, in which two reference worlds come first, where none is known here.
    """
    known = list(_strategies.get())
    return readable(name, _("strategy {n}", n=(known.index(name) if name in known else order) - 1))


def without_boxes(text: str) -> str:
    """A text with dots in place of what no font here can write."""
    return text if chinese_font() else WIDE.sub("...", text)


def note_on_names(names: Iterable[str]) -> str:
    """Say what stands for names that cannot be written here, and what is missing; nothing where all can be."""
    if all(readable(name, "") in (name, named(name, "strategy")) for name in names):
        return ""
    return _(
        "No font here can write Chinese, so some names are numbers: strategies by their place in the scenario,"
        " policies from top to bottom, villages and townships by their codes. Install one, as {font}.", font=CHINESE_FONTS[0],
    )  # fmt: skip


@cache
def _say_that_no_font_is_there() -> None:
    """Say once why figures are English."""
    said = _("No font here can write Chinese, so figures stay English: install one, as {font}.", font=CHINESE_FONTS[0])
    LOG.warning(said)


def settings(width: float | None = None) -> Any:
    """Matplotlib settings for all figures, to be used with ``rc_context``; ``width`` in mm, by default that around it."""
    family = [LATIN, *([chinese_font()] if chinese_font() else []), "sans-serif"]
    inches = (_width.get() if width is None else width) / MM
    return {
        "figure.figsize": (inches, 0.62 * inches),
        "figure.constrained_layout.h_pad": 0.03,
        "figure.constrained_layout.w_pad": 0.03,
        "font.family": family,
        "font.size": TEXT,
        "text.parse_math": False,
        "text.usetex": False,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.linewidth": 0.6,
        "axes.titlesize": PANEL_TITLE,
        "axes.titleweight": strong(),
        "axes.titlelocation": "left",
        "axes.titlepad": 4,
        "axes.labelsize": TEXT,
        "axes.labelpad": 2,
        "axes.formatter.use_mathtext": False,
        "axes.unicode_minus": False,
        "xtick.labelsize": SMALL,
        "ytick.labelsize": SMALL,
        "xtick.major.size": 2.5,
        "ytick.major.size": 2.5,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "legend.fontsize": SMALL,
        "legend.frameon": False,
        "legend.borderaxespad": 0.2,
        "hatch.linewidth": 0.5,
        "savefig.dpi": 200,
        "svg.hashsalt": "villagesim",
        "svg.fonttype": "none",
        "pdf.fonttype": 42,
    }


def inches() -> float:
    """Width of a figure that is drawn now."""
    return _width.get() / MM


def ink_on(ground: Any) -> str:
    """Colour of letters on a coloured ground: the one of black and white that stands out more."""
    from matplotlib.colors import to_rgb

    light = luminance(to_rgb(ground))
    return "white" if 1.05 / (light + 0.05) > (light + 0.05) / 0.05 else "black"


def luminance(rgb: tuple[float, float, float]) -> float:
    """How light a colour is, from 0 to 1.

    Source: relative luminance in W3C, Web Content Accessibility Guidelines 2.1.
    """
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def abreast(n: int, least: float) -> int:
    """How many of ``n`` panels stand beside each other, where each needs so many mm: in rows that are filled alike."""
    most = max(1, min(n, int(_width.get() / least)))
    return ceil(n / ceil(n / most))


def checked_width(width: float | None) -> float | None:
    """Take a width in mm, or none for the usual one.

    Raises
    ------
    DesignError
        Where no figure can be that narrow or wide.
    """
    if width is None:
        return None
    return number(width, "width", least=LEAST_WIDTH, most=MOST_WIDTH, unit="mm", error=DesignError)


@contextmanager
def drawn(width: float | None = None, strategies: Sequence[str] = ()) -> Iterator[None]:
    """All that is drawn within looks as figures of the library do, and is so many mm wide.

    ``strategies`` are all of the scenario, in its order.

    Raises
    ------
    DesignError
        Where no figure can be that narrow or wide.
    """
    from matplotlib import pyplot as plt

    before = _width.set(checked_width(width) or _width.get())
    known = _strategies.set(strategies or _strategies.get())
    boxes = chinese() and chinese_font() is None
    if boxes:
        _say_that_no_font_is_there()
    try:
        with plt.rc_context(settings()), language(ENGLISH if boxes else spoken()):
            yield
    finally:
        _width.reset(before)
        _strategies.reset(known)

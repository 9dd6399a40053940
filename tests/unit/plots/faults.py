"""What is wrong with a figure as it is drawn: letters without a glyph, text cut or on other text, empty panels, two meanings."""

import re
import warnings
from itertools import combinations

from matplotlib.text import Text

from villagesim.plots.captions import LONGEST_TITLE, words_of
from villagesim.plots.style import LEAST

ROUND = 1.5
"""Pixels that two boxes of text may share, as letters seldom fill theirs."""
LEVEL = re.compile(r"(\d[\d,]*000) yuan")
"""A level of income that a panel may speak of; of one only."""
READINGS = ("yuan of the year", "yuan of the start")


def faults(figure):
    """All faults, in words; none where the figure can be shown."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        figure.canvas.draw()
        seen = {text: text.get_window_extent() for text in texts(figure)}
    found = sorted({str(one.message) for one in warned})
    title = words_of(figure).title
    found += [] if 0 < len(title) <= LONGEST_TITLE else [f"title of {len(title)} characters: {title}"]
    found += [f"cut: {short(text)}" for text, box in seen.items() if is_cut(box, figure.bbox)]
    found += [f"too small: {short(text)}" for text in seen if text.get_fontsize() < LEAST - 1e-6]
    found += [
        f"on each other: {short(one)} and {short(other)}"
        for (one, box), (other, under) in combinations(seen.items(), 2)
        if overlap(box, under)
    ]
    for ax in figure.get_axes():
        name = " ".join((ax.get_title("left") or ax.get_title() or ax.get_ylabel()).split())
        found += [f"empty panel: {name!r}"] if ax.axison and not (holds(ax) or ax.texts) else []
        found += [
            f"two definitions in one panel: {name!r}: {', '.join(told)}" for told in definitions(ax) if len(told) > 1
        ]
    return found


def texts(figure):
    """Text that is seen; of ticks those within the limits of their axis."""
    hidden = set()
    for ax in figure.get_axes():
        if not (ax.axison and ax.get_visible()):
            hidden |= set(ax.xaxis.findobj(Text)) | set(ax.yaxis.findobj(Text))
        if not ax.get_visible():
            hidden |= set(ax.findobj(Text))
        for axis in (ax.xaxis, ax.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
                if not low - 1e-9 <= tick.get_loc() <= high + 1e-9:
                    hidden |= {tick.label1, tick.label2}
    return [
        text for text in figure.findobj(Text) if text not in hidden and text.get_visible() and text.get_text().strip()
    ]


def is_cut(box, whole):
    """Whether a part of it lies outside of the figure."""
    return box.x0 < whole.x0 - 1 or box.y0 < whole.y0 - 1 or box.x1 > whole.x1 + 1 or box.y1 > whole.y1 + 1


def overlap(one, other):
    """Whether two boxes of text lie on each other."""
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    high = min(one.y1, other.y1) - max(one.y0, other.y0)
    return wide > ROUND and high > ROUND + 0.12 * min(one.height, other.height)


def holds(ax):
    """Whether there is anything but lines across the panel, marks of dates and zones of what does not matter."""
    lines = [
        line
        for line in ax.lines
        if line.get_transform() == ax.transData and any(y == y for y in map(float, line.get_ydata()))
    ]
    return bool(lines or ax.collections or ax.images or ax.patches)


def definitions(ax):
    """Levels of income, and readings of money, that the words of a panel speak of."""
    words = [*ax.get_legend_handles_labels()[1], ax.get_title("left"), ax.get_title(), ax.get_xlabel(), ax.get_ylabel()]
    said = " ".join(" ".join(words).split())
    return sorted(set(LEVEL.findall(said))), [reading for reading in READINGS if reading in said]


def short(text):
    return repr(" ".join(text.get_text().split())[:60])

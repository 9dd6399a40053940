"""What is wrong with a figure as it is drawn: letters without a glyph, text cut, on other text or on lines, empty panels, lines
that leave their panel or that nothing explains, two meanings."""

import re
import warnings
from itertools import combinations

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from villagesim.languages import chinese
from villagesim.plots.captions import LONGEST_TITLE, words_of
from villagesim.plots.style import LEAST, luminance

ROUND = 1.5
"""Pixels that two boxes of text may share, as letters seldom fill theirs."""
LEVEL = re.compile(r"(\d[\d,]*000) yuan")
"""A level of income that a panel may speak of; of one only."""
BROKEN = re.compile("ashed|otted|[点虚]线")
"""Words that explain broken lines."""
CODE = re.compile(r"[a-z]+_[a-z_]+|\b[a-z]+ sd\b")
"""A name as code has it."""
LATIN = re.compile(r"[a-z]{4,}")
"""Words of no Chinese figure, but for names of people and of tables."""
PEOPLE = ("hapley", "obol", "story")
CONTRAST = 4.5
"""Of letters to white, at least (W3C, Web Content Accessibility Guidelines 2.1); white ones stand on a colour."""
READINGS = ("yuan of the year", "yuan of the start")


def faults(figure):
    """All faults, in words; none where the figure can be shown."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        figure.canvas.draw()
        seen = {text: text.get_window_extent() for text in texts(figure)}
    found = sorted({str(one.message) for one in warned})
    title, said = words_of(figure).title, " ".join(text.get_text() for text in seen)
    found += [] if 0 < len(title) <= LONGEST_TITLE else [f"title of {len(title)} characters: {title}"]
    found += [f"cut: {short(text)}" for text, box in seen.items() if is_cut(box, figure.bbox)]
    found += [f"too small: {short(text)}" for text in seen if text.get_fontsize() < LEAST - 1e-6]
    found += [f"too pale: {short(text)}" for text in seen if is_pale(text)]
    found += [f"code: {short(text)}" for text in seen if CODE.search(text.get_text())]
    found += [f"not in Chinese: {short(text)}" for text in seen if chinese() and has_latin(text.get_text())]
    found += [
        f"on each other: {short(one)} and {short(other)}"
        for (one, box), (other, under) in combinations(seen.items(), 2)
        if overlap(box, under)
    ]
    for ax in figure.get_axes():
        name = " ".join((ax.get_title("left") or ax.get_title() or ax.get_ylabel()).split())
        found += [f"empty panel: {name!r}"] if ax.axison and not (holds(ax) or ax.texts) else []
        found += [f"on a line: {short(text)}" for text in written_in(ax) if text in seen and lies_on_lines(text, ax)]
        found += [f"a line leaves its panel: {name!r}"] if leaves(ax) else []
        found += [f"upright lines, unexplained: {name!r}"] if upright(ax) and not BROKEN.search(said) else []
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


def is_pale(text):
    """Whether letters hardly stand out; what is drawn in white stands on something else."""
    light = luminance(to_rgb(text.get_color()))
    return light < 0.99 and 1.05 / (light + 0.05) < CONTRAST


def has_latin(text):
    """Whether words are left in English."""
    return any(word not in PEOPLE for word in LATIN.findall(text))


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


def written_in(ax):
    """Text of a panel but for that of its axes."""
    return set(ax.findobj(Text)) - set(ax.xaxis.findobj(Text)) - set(ax.yaxis.findobj(Text))


def lies_on_lines(text, ax):
    """Whether a text within its panel hides or is hidden by what is drawn of data, or has a line through it and no ground."""
    box = Bbox.intersection(text.get_window_extent(), ax.bbox)
    if box is None:
        return False
    box = box.padded(-ROUND)
    patch = text.get_bbox_patch()
    across = any(path.intersects_bbox(box, filled=False) for path in paths(ax, of_data=False))
    on_points = any(box.count_contains(path.vertices) for path in paths(ax, joined=False))
    return on_points or any(path.intersects_bbox(box, filled=False) for path in paths(ax)) or (across and patch is None)


def leaves(ax):
    """Whether data that are drawn are cut at the upper or lower edge of their panel."""
    low, high = ax.bbox.padded(ROUND).intervaly
    for path in (*paths(ax), *paths(ax, joined=False)):
        x, y = path.vertices.T
        inside = (x >= ax.bbox.x0) & (x <= ax.bbox.x1) & np.isfinite(y)
        if ((y < low) | (y > high))[inside].any():
            return True
    return False


def upright(ax):
    """Whether there is a broken line from top to bottom, as those of dates, in sight."""
    return any(
        ax.get_xaxis_transform() == line.get_transform()
        and line.get_linestyle() not in ("-", "None")
        and ax.bbox.x0 < at < ax.bbox.x1
        for line in ax.lines
        for at in line.get_transform().transform(line.get_xydata())[:1, 0]
    )


def paths(ax, *, of_data=True, joined=True):
    """What lines, or points that none joins, are drawn along, on the canvas: those of data, or those across the panel."""
    for line in ax.lines:
        own = (line.get_transform() == ax.transData) == of_data and (line.get_linestyle() != "None") == joined
        if own and line.get_visible() and len(line.get_xydata()):
            yield line.get_transform().transform_path(line.get_path())
    for lines in ax.collections if of_data and joined else ():
        if isinstance(lines, LineCollection) and lines.get_transform() == ax.transData:
            yield from (ax.transData.transform_path(path) for path in lines.get_paths() if len(path.vertices))


def definitions(ax):
    """Levels of income, and readings of money, that the words of a panel speak of."""
    words = [*ax.get_legend_handles_labels()[1], ax.get_title("left"), ax.get_title(), ax.get_xlabel(), ax.get_ylabel()]
    said = " ".join(" ".join(words).split())
    return sorted(set(LEVEL.findall(said))), [reading for reading in READINGS if reading in said]


def short(text):
    return repr(" ".join(text.get_text().split())[:60])

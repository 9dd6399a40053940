"""Maps of villages: points where they have coordinates, areas of townships where they have outlines, else tiles by code."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, cos, radians, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.arrays import Floats
from villagesim.languages import _, marked, named
from villagesim.plots.captions import legend_below, title_and_caption
from villagesim.plots.style import LEAST, UNTOLD, abreast, drawn, inches, note_on_names, readable, strategy_name
from villagesim.plots.whiskers import tick_text, width_of
from villagesim.wording import one_after_another, real

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DIVERGING, SEQUENTIAL = "PuOr", "cividis"
"""Scales that the colour-blind can read: losses orange, gains purple; levels from dark to bright."""
GAP, SQUARE, SMALL = 1.4, 0.86, 0.5
"""Room between townships, side of a square, and of one that cannot be told from zero [villages]."""
LABEL = LEAST
"""Height of the name of a township [points]."""
COUNTY = re.compile(r".{1,5}?[县区市旗](?=..)")
OFFICE = re.compile(r"(?<=..)(街道|镇|乡)$")
"""What kind of township it is, which is left out where there is no room for it."""
PANEL = 4.4
"""Width of a panel at most [inches]."""
FLATTEST, STEEPEST = 0.3, 1.3
"""Height of a panel over its width, whatever the place is like."""
EDGE = "#8c8c8c"
HOW = {
    "point": marked("A point a village, where its coordinates are"),
    "area": marked("An area a township: the mean over the members of its villages"),
    "tile": marked(
        "A block a township, named where there is room, and a square a village, in the order of codes: not where they lie"
    ),
}
LOSS, DOTS, UNKNOWN = "//", "..", "white"
"""Patterns of losses and of what cannot be told, and the colour of what is not known."""


@dataclass(frozen=True)
class Tiles:
    """Where the squares of villages stand, and the names of their townships.

    Attributes
    ----------
    corners : (n_villages, 2)
        Lower left of each square, whose side is 1.
    labels : dict of str to (float, float)
        Lower left of the name of each township, by code.
    width, height : float
        Of all of them.
    room : float
        Width that a name may have.
    """

    corners: Floats
    labels: Mapping[str, tuple[float, float]]
    width: float
    height: float
    room: float


def tiles(townships: Sequence[str], inches: float = PANEL, points: float = LABEL) -> Tiles:
    """Lay villages out, given the township of each in the order of their codes.

    Parameters
    ----------
    inches, points : float
        Width of all of it, and height of a name.
    """
    names, place, counts = np.unique(np.array(townships), return_inverse=True, return_counts=True)
    n_columns, side = ceil(sqrt(len(names))), ceil(sqrt(max(counts)))
    width = n_columns * (side + GAP) - GAP
    band = 1.5 * points * width / (72 * inches)
    grid_rows = np.arange(len(names)) // n_columns
    heights = [band + ceil(max(counts[grid_rows == row]) / side) + GAP / 2 for row in range(grid_rows[-1] + 1)]
    tops = -np.cumsum([0.0, *heights])
    left, top = (np.arange(len(names)) % n_columns) * (side + GAP), tops[grid_rows] - band
    rank = np.zeros(len(place), int)
    for k in range(len(names)):
        rank[place == k] = np.arange(counts[k])
    corners = np.stack((left[place] + rank % side, top[place] - rank // side - 1.0), axis=1)
    labels = {str(name): (float(x), float(y) + 0.25 * band) for name, x, y in zip(names, left, top, strict=True)}
    return Tiles(corners, labels, width, -float(tops[-1]), side + 0.7 * GAP)


def draw_map(ax: "Axes", table: "pd.DataFrame", scale: Any, outlines: Mapping[str, Any], shows: str) -> "Axes":
    """Draw one number of every village, or of every township where these have outlines and villages no coordinates.

    Parameters
    ----------
    table : DataFrame
        ``by`` (village or township), ``code, township, township_name, lon, lat`` and what is shown, with ``difference_low`` and
        ``difference_high`` beside a difference; in the order of the codes.
    scale : ScalarMappable
        Colours of the numbers.
    outlines : mapping of str to list
        Polygons of townships by code, each a list of rings.
    shows : str
        ``difference``, ``mean`` or ``baseline``.
    """
    from matplotlib.colors import to_rgba

    kind = kind_of(table, outlines)
    own = table[table["by"] == ("township" if kind == "area" else "village")]
    if kind == "area":
        own = own[own["code"].isin(outlines)]
    elif kind == "point":
        own = own[np.isfinite(own["lon"])]
    values = own[shows].to_numpy(float)
    sign = _signs(own, shows)
    colours = np.array([scale.to_rgba(value) for value in values]).reshape(-1, 4)
    colours[sign == 0] = to_rgba(UNTOLD)
    colours[~np.isfinite(values)] = to_rgba(UNKNOWN)
    names = dict(zip(table["township"], table["township_name"], strict=True))
    if kind == "tile":
        _draw_tiles(ax, tiles(list(own["township"])), names, colours, sign)
    else:
        _draw_outlines(ax, outlines, names, *((own["code"], colours, sign) if kind == "area" else ((), (), ())))
        if kind == "point":
            _draw_points(ax, own[["lon", "lat"]].to_numpy(float), colours, sign)
        ax.autoscale_view()
        ax.set_aspect(1 / cos(radians(np.mean(ax.get_ylim()))))
    ax.set_axis_off()
    return ax


def kind_of(table: "pd.DataFrame", outlines: Mapping[str, Any]) -> str:
    """How villages are drawn: ``point``, ``area`` or ``tile``."""
    return "point" if np.isfinite(table["lon"].to_numpy(float)).any() else "area" if outlines else "tile"


def draw_maps(
    table: "pd.DataFrame", outlines: Mapping[str, Any], title: str, caption: str, shows: str = "difference"
) -> "Figure":
    """Draw one quantity, a panel a strategy, with colours that mean the same in all.

    Parameters
    ----------
    table : DataFrame
        As for :func:`draw_map`, with ``strategy, order`` and ``unit``.
    """
    import matplotlib.pyplot as plt

    orders = dict(zip(table["strategy"], table["order"], strict=True))
    strategies = list(orders)
    kind = kind_of(table, outlines)
    with drawn():
        n_columns = abreast(len(strategies), 80.0)
        n_rows = ceil(len(strategies) / n_columns)
        one = table[(table["strategy"] == strategies[0]) & (table["by"] == "village")]
        panel = min(inches() / n_columns - 0.1, PANEL)
        high = panel * _slope(one, outlines, kind) + 0.3
        figure, grid = plt.subplots(
            n_rows, n_columns, figsize=(inches(), n_rows * high + 0.6), layout="constrained", squeeze=False,
            gridspec_kw={"wspace": 0.1},
        )  # fmt: skip
        own = table[table["by"] == ("township" if kind == "area" else "village")]
        scale, told = scale_of(own, shows), bool(_signs(own, shows).any())
        for ax in grid.ravel()[len(strategies) :]:
            ax.set_axis_off()
        for ax, strategy in zip(grid.ravel(), strategies, strict=False):
            draw_map(ax, table[table["strategy"] == strategy], scale, outlines, shows)
            ax.set_title(strategy_name(strategy, int(orders[strategy])))
        label = real(table["unit"].iloc[0])
        if shows == "difference":
            label = _("{unit}, less the baseline", unit=label)
        if told:
            bar = figure.colorbar(scale, ax=grid, label=label, shrink=0.6, aspect=40, extend="both", location="bottom")
            bar.ax.xaxis.set_major_formatter(tick_text)
            bar.outline.set_linewidth(0.4)  # type: ignore[operator]
        if key := _key(own, kind, scale, shows):
            legend_below(figure, list(key.values()), list(key), 44.0)
        signs = []
        if shows == "difference":
            signs = [_("Told by intervals of 95%, for all of a strategy.")]
            signs += [] if told else [_("None can be told from zero: more replications tell more.")]
        names = [] if kind == "point" and not outlines else one["township_name"]
        where = _("{how}{left_out}.", how=named(HOW[kind]), left_out=_left_out(one, kind))
        said = one_after_another((where, *signs, caption, note_on_names([*names, *strategies])))
        title_and_caption(figure, title, said)
    return figure


def _key(own: "pd.DataFrame", kind: str, scale: Any, shows: str) -> dict[str, Any]:
    """What forms, sizes and patterns mean, of those that are drawn: a handle by its words."""
    sign, known = _signs(own, shows), np.isfinite(own[shows].to_numpy(float))
    nothing = {_("not known"): (~known, UNKNOWN, "o", "", 7.0)}
    ways = {
        _("gains"): (sign > 0, scale.to_rgba(scale.norm.vmax), "o", "", 7.0),
        _("loses"): (sign < 0, scale.to_rgba(scale.norm.vmin), "v", LOSS, 7.0),
        _("cannot be told from zero"): ((sign == 0) & known, UNTOLD, "o", DOTS, 3.5),
    }
    ways = ways | nothing if shows == "difference" else nothing
    return {words: _handle(kind, *look) for words, (there, *look) in ways.items() if there.any()}


def _handle(kind: str, colour: Any, marker: str, hatch: str, size: float) -> Any:
    """How a village, or a township, is drawn, beside its words."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    if kind == "area":
        return Patch(fc=colour, ec=EDGE, lw=0.6, hatch=hatch)
    one = Line2D([], [], marker="s" if kind == "tile" else marker, color=colour, mec=EDGE, mew=0.5, ms=size, lw=0)
    barred = kind == "tile" and hatch == LOSS
    return (one, Line2D([], [], marker="_", color="black", ms=0.6 * size, mew=0.9, lw=0)) if barred else one


def _slope(villages: "pd.DataFrame", outlines: Mapping[str, Any], kind: str) -> float:
    """Height of a panel over its width, within limits where the place is a line."""
    if kind == "tile":
        layout = tiles(list(villages["township"]))
        return layout.height / layout.width
    rings = [np.array(ring) for polygons in outlines.values() for polygon in polygons for ring in polygon]
    points = villages[["lon", "lat"]].to_numpy(float) if kind == "point" else np.empty((0, 2))
    at = np.concatenate([points[np.isfinite(points[:, 0])], *(ring[:, :2] for ring in rings)])
    wide, high = np.ptp(at, axis=0)
    wide *= cos(radians(at[:, 1].mean()))
    return float(np.clip(high / wide if wide > 0 else FLATTEST, FLATTEST, STEEPEST))


def scale_of(table: "pd.DataFrame", shows: str) -> Any:
    """Colours of the numbers of a table: of differences that are told, with 0 in the middle; the outermost 2% share one."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    values = table[shows].to_numpy(float)
    known = np.isfinite(values)
    clear = known & (_signs(table, shows) != 0)
    told = values[clear if clear.any() else known]
    if shows == "difference":
        most = float(np.quantile(np.abs(told), 0.98)) if told.any() else 1.0
        return ScalarMappable(Normalize(-most, most), DIVERGING)
    return ScalarMappable(Normalize(*(np.quantile(told, (0.02, 0.98)) if len(told) else (0, 1))), SEQUENTIAL)


def _signs(table: "pd.DataFrame", shows: str) -> Floats:
    """1 and -1 where the interval of a difference tells its sign, 0 where it does not; 1 of every level that is known."""
    if shows != "difference":
        return np.isfinite(table[shows].to_numpy(float)).astype(float)
    low, high = (table[f"difference_{end}"].to_numpy(float) for end in ("low", "high"))
    return (low > 0).astype(float) - (high < 0)


def _left_out(villages: "pd.DataFrame", kind: str) -> str:
    n = int((~np.isfinite(villages["lon"].to_numpy(float))).sum()) if kind == "point" else 0
    return _("; {n:,} without coordinates are not shown", n=n) if n else ""


def _draw_tiles(ax: "Axes", layout: Tiles, names: Mapping[str, str], colours: Floats, sign: Floats) -> None:
    from matplotlib.collections import LineCollection, PolyCollection

    side = np.where(sign == 0, SMALL, SQUARE)[:, None, None]
    squares = layout.corners[:, None] + 0.5 + side * np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)])
    ax.add_collection(PolyCollection(list(squares), facecolors=colours, edgecolors=EDGE, linewidths=0.35))
    bars = layout.corners[sign < 0][:, None] + np.array([(0.25, 0.5), (0.75, 0.5)])
    ax.add_collection(LineCollection(list(bars), colors="black", linewidths=0.9))
    points = 72 * width_of(ax) * layout.room / layout.width
    front = _front([names[code] for code in layout.labels])
    for code, (x, y) in layout.labels.items():
        name = names[code].removeprefix(front)
        found = (readable(each, code) for each in (name, OFFICE.sub("", name)))
        if text := next((each for each in found if 0.9 * points / _ems(each) >= LABEL), ""):
            ax.text(x, y, text, fontsize=LABEL, va="bottom", color="#333333")
    ax.set_xlim(-0.1, layout.width + 0.1)
    ax.set_ylim(-layout.height, 0.1)
    ax.set_aspect("equal")


def _front(names: Sequence[str]) -> str:
    """Name of a county that stands in front of most names of its townships, as some lists have it: 孝南区新铺镇; else nothing."""
    fronts = Counter(told[0] for name in names if (told := COUNTY.match(name)))
    front, n = max(fronts.items(), key=lambda pair: pair[1], default=("", 0))
    return front if n > max(len(names) / 2, 1) else ""


def _ems(text: str) -> float:
    """Width of a text in heights of its letters."""
    return max(sum(1.02 if ord(letter) > 0x2E7F else 0.62 for letter in text), 1.0)


def _draw_points(ax: "Axes", at: Floats, colours: Floats, sign: Floats) -> None:
    for these, marker, size in ((sign == 0, "o", 4), (sign > 0, "o", 18), (sign < 0, "v", 18)):
        ax.scatter(
            at[these, 0],
            at[these, 1],
            c=colours[these],
            marker=marker,
            s=size,
            edgecolors=EDGE,
            linewidths=0.5,
            zorder=3,
        )


def _draw_outlines(
    ax: "Axes", outlines: Mapping[str, Any], names: Mapping[str, str], codes: Any, colours: Any, sign: Any
) -> None:
    """Townships as areas: filled where they have a colour of their own, else as lines."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path
    from matplotlib.patheffects import withStroke

    of = {code: (colour, own) for code, colour, own in zip(codes, colours, sign, strict=True)}
    for code, polygons in outlines.items():
        rings = [_turned(np.array(ring), k > 0) for rings in polygons for k, ring in enumerate(rings)]
        colour, own = of.get(code, ("none", 0))
        hatch = LOSS if own < 0 else DOTS if code in of and own == 0 else None
        ax.add_patch(
            PathPatch(Path.make_compound_path(*map(_closed, rings)), fc=colour, ec=EDGE, lw=0.6, hatch=hatch, zorder=1)
        )
        largest = max(rings, key=lambda ring: np.ptp(ring, axis=0).prod())
        x, y = (largest.min(axis=0) + largest.max(axis=0)) / 2
        halo = [withStroke(linewidth=1.5, foreground="white")]
        label = readable(names.get(code, code), code)
        ax.text(x, y, label, fontsize=LABEL, ha="center", va="center", color="#333333", path_effects=halo, zorder=2)


def _closed(ring: Floats) -> Any:
    from matplotlib.path import Path

    return Path(ring, closed=True)


def _turned(ring: Floats, is_hole: bool) -> Floats:
    """A ring that goes round to the left, or to the right where it is a hole, so that holes stay empty."""
    x, y = ring.T
    left = float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum()) > 0
    return ring if left != is_hole else ring[::-1]

"""Results of a design: paired differences of one outcome against each factor, or as a heat map over two."""

from collections.abc import Mapping
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.arrays import Floats
from villagesim.plots.captions import heading, legend_below, title_and_caption, wrapped
from villagesim.plots.differences import CLEAR
from villagesim.plots.style import LEAST, MM, TEXT, abreast, drawn, inches, look, readable
from villagesim.wording import number, scale, signed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ZONE = "#E4E4E4"
MOST_FACTORS = 12
"""Panels at most: the factors that go along with the outcome most closely (rank correlation)."""


def draw_points(
    table: "pd.DataFrame", factors: Mapping[str, str], orders: Mapping[str, int], unit: str, title: str, caption: str
) -> "Figure":
    """Draw the outcome, or its differences, against each factor: a panel a factor, a dot a point, a colour a strategy.

    Over a single factor the points are joined and have their intervals; a grey zone holds differences that do not matter.

    Parameters
    ----------
    table : DataFrame
        ``strategy, value, low, high, margin`` and a column a factor; a row a point and strategy. Levels have no margin (NaN).
    factors : dict of str to str
        Axis label of each factor.
    orders : dict of str to int
        Rank of each strategy in the scenario, which gives it the same look in every figure.
    """
    import matplotlib.pyplot as plt

    shown = _closest(table, list(factors))
    columns = abreast(len(shown), 45.0 if len(shown) > 3 else 60.0)
    rows, alone = ceil(len(shown) / columns), len(factors) == 1
    per, words = scale(unit, float(table["value"].abs().max()))
    with drawn():
        figure, axes = plt.subplots(
            rows, columns, figsize=(inches(), (70 if alone else 56) * rows / MM), layout="constrained", sharey=True,
            squeeze=False,
        )  # fmt: skip
        for ax, path in zip(axes.ravel(), shown, strict=False):
            if table["margin"].notna().any():
                ax.axhspan(-table["margin"].max() / per, table["margin"].max() / per, color=ZONE, lw=0, zorder=0)
                ax.axhline(0, color="#333333", lw=0.6, zorder=1)
            for strategy, own in table.groupby("strategy", sort=False):
                _draw_one(ax, own, table[path], orders[str(strategy)], str(strategy), per, path if alone else "")
            _name_places(ax, table[path])
            ax.set_xlabel(wrapped(factors[path], inches() / columns - 0.5, TEXT))
            ax.yaxis.set_major_formatter(lambda value, _: number(value))
            ax.grid(lw=0.3, alpha=0.5)
        for ax in axes.ravel()[len(shown) :]:
            ax.set_axis_off()
        for ax in axes[:, 0]:
            ax.set_ylabel(wrapped(f"{'difference ' if table['margin'].notna().any() else ''}[{words}]", 1.8, TEXT))
        legend_below(figure, *axes[0, 0].get_legend_handles_labels())
        left_out = len(factors) - len(shown)
        more = f" Of {len(factors)} factors those {len(shown)} that go along with it most closely." if left_out else ""
        title_and_caption(figure, title, caption + more)
    return figure


def _draw_one(
    ax: "Axes", own: "pd.DataFrame", every: "pd.Series", order: int, strategy: str, per: float, joined: str
) -> None:
    """Draw one strategy over one factor; over the only one in its order, as a line with intervals."""
    how = look(order)
    if joined and not _is_text(every):
        own = own.sort_values(joined)
    x, value = _numbers(own[every.name], every), own["value"] / per
    dots: dict[str, Any] = {"ms": 4, "mec": "white", "mew": 0.4, "color": how.colour, "marker": how.marker or "o"}
    if joined:
        ax.vlines(x, own["low"] / per, own["high"] / per, color=how.colour, lw=1.8, alpha=0.5)
    line: dict[str, Any] = {"ls": how.dash if joined else "none", "lw": 1.2, "alpha": 1.0 if joined else 0.75}
    ax.plot(x, value, label=readable(strategy, f"strategy {order + 1}"), **dots, **line)


def draw_heat_map(table: "pd.DataFrame", factors: Mapping[str, str], unit: str, title: str, caption: str) -> "Figure":
    """Draw differences over two factors: a panel a strategy, a field a point; only what is clearly better or worse is coloured.

    Parameters
    ----------
    table : DataFrame
        ``strategy, value, verdict`` and a column a factor; a row a point and strategy.
    """
    import matplotlib.pyplot as plt
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    strategies = list(dict.fromkeys(table["strategy"]))
    x, y = (list(dict.fromkeys(sorted(table[path], key=str if _is_text(table[path]) else None))) for path in factors)
    per, words = scale(unit, float(table["value"].abs().max()))
    most = float(table["value"].abs().max()) / per or 1.0
    with drawn():
        columns = abreast(len(strategies), min(max(22.0 + 10.0 * len(x), 55.0), MM * inches()))
        rows = ceil(len(strategies) / columns)
        size = (inches(), (rows * (14 + 6.5 * len(y)) + 16) / MM)
        figure, axes = plt.subplots(rows, columns, figsize=size, layout="constrained", squeeze=False)
        colours = ScalarMappable(Normalize(-most, most), "PuOr")
        for ax, strategy in zip(axes.ravel(), strategies, strict=False):
            _draw_fields(ax, table[table["strategy"] == strategy], list(factors), (x, y), per, colours)
            ax.set_title(heading(readable(str(strategy), "strategy"), inches() / columns - 0.5))
            for axis, label in zip((ax.xaxis, ax.yaxis), factors.values(), strict=True):
                axis.set_label_text(wrapped(label, 0.8 * inches() / columns if axis is ax.xaxis else 1.5, TEXT))
        for ax in axes.ravel()[len(strategies) :]:
            ax.set_axis_off()
        bar = figure.colorbar(colours, ax=axes, label=f"difference [{words}]", location="bottom", shrink=0.5, aspect=40)
        bar.ax.xaxis.set_major_formatter(lambda value, _: number(value))
        title_and_caption(figure, title, caption)
    return figure


def _draw_fields(
    ax: "Axes", own: "pd.DataFrame", paths: list[str], ends: tuple[list[Any], list[Any]], per: float, colours: Any
) -> None:
    """Draw the fields of one strategy: white where a difference does not matter, hatched where it is not decided."""
    from matplotlib.patches import Rectangle

    x, y = ends
    for row in own.to_dict("records"):
        i, j = x.index(row[paths[0]]), y.index(row[paths[1]])
        value = row["value"] / per
        clear = row["verdict"] in CLEAR and value == value
        fill = colours.to_rgba(value) if clear else "white"
        hatch = None if clear or row["verdict"] == "practically equal" else "////"
        ax.add_patch(Rectangle((i, j), 1, 1, fc=fill, ec="#BBBBBB", lw=0.5, hatch=hatch))
        dark = clear and abs(value) > 0.6 * colours.norm.vmax
        box = None if clear else {"fc": "white", "ec": "none", "pad": 1.0}
        ax.text(
            i + 0.5, j + 0.5, signed(value), ha="center", va="center", fontsize=LEAST, color="white" if dark else "black",
            bbox=box,
        )  # fmt: skip
    ax.set_xlim(0, len(x))
    ax.set_ylim(0, len(y))
    ax.set_xticks(np.arange(len(x)) + 0.5, [_short(value) for value in x], rotation=90 if len(x) > 6 else 0)
    ax.set_yticks(np.arange(len(y)) + 0.5, [_short(value) for value in y])
    ax.tick_params(length=0)


def _closest(table: "pd.DataFrame", paths: list[str]) -> list[str]:
    """Factors to show: all, or those that go along with the outcome most closely, in their own order."""
    if len(paths) <= MOST_FACTORS:
        return paths
    value = table.groupby("strategy")["value"].rank()
    close = {path: abs(float(np.corrcoef(_order(table[path]), value)[0, 1])) for path in paths}
    best = sorted(paths, key=lambda path: -np.nan_to_num(close[path]))[:MOST_FACTORS]
    return [path for path in paths if path in best]


def _is_text(column: "pd.Series") -> bool:
    return any(isinstance(value, str | bool) for value in column)


def _numbers(own: "pd.Series", every: "pd.Series") -> list[Any]:
    """Places on the axis: the values, or their number in the list of all where they are words."""
    if not _is_text(every):
        return own.tolist()
    places = {value: place for place, value in enumerate(dict.fromkeys(every))}
    return [places[value] for value in own]


def _order(column: "pd.Series") -> Floats:
    """Rank of each value of a factor, whatever it is."""
    values = _numbers(column, column)
    place = {value: rank for rank, value in enumerate(sorted(set(values)))}
    return np.array([place[value] for value in values], float)


def _name_places(ax: "Axes", column: "pd.Series") -> None:
    if _is_text(column):
        words = list(dict.fromkeys(column))
        ax.set_xticks(range(len(words)), [wrapped(str(word), 0.6) for word in words])
    elif hasattr(column.iloc[0], "year"):
        ax.tick_params(axis="x", labelrotation=45)


def _short(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)

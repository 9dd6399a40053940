"""Results of a design: one outcome against each factor, or as a heat map over two."""

from collections.abc import Mapping
from math import ceil
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.arrays import Floats
from villagesim.plots.captions import title_and_caption
from villagesim.plots.style import look, readable, settings
from villagesim.wording import number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_FACTORS = 12
"""Panels at most: the factors that go along with the outcome most closely (rank correlation)."""


def draw_points(
    table: "pd.DataFrame", factors: Mapping[str, str], orders: Mapping[str, int], unit: str, title: str, caption: str
) -> "Figure":
    """Draw the outcome against each factor: a panel a factor, a dot a point, a colour a strategy.

    Parameters
    ----------
    table : DataFrame
        ``strategy, value`` and a column a factor; a row a point and strategy.
    factors : dict of str to str
        Axis label of each factor.
    orders : dict of str to int
        Rank of each strategy in the scenario, which gives it the same look in every figure.
    """
    import matplotlib.pyplot as plt

    shown = _closest(table, list(factors))
    columns = min(len(shown), 4)
    rows = ceil(len(shown) / columns)
    with plt.rc_context(settings()):
        figure, axes = plt.subplots(
            rows, columns, figsize=(max(3.1 * columns, 6.5), 2.5 * rows + 1.6), layout="constrained", sharey=True,
            squeeze=False,
        )  # fmt: skip
        for ax, path in zip(axes.ravel(), shown, strict=False):
            for strategy, own in table.groupby("strategy", sort=False):
                own_look = look(orders[str(strategy)])
                ax.plot(
                    _numbers(own[path], table[path]), own["value"], own_look.marker or "o", color=own_look.colour, ms=4,
                    alpha=0.75, mec="white", mew=0.3, label=readable(str(strategy), f"strategy {orders[str(strategy)] + 1}"),
                )  # fmt: skip
            _name_places(ax, table[path])
            ax.set_xlabel(fill(factors[path], 34), fontsize=8.5)
            ax.grid(lw=0.4, alpha=0.5)
        for ax in axes.ravel()[len(shown) :]:
            ax.set_axis_off()
        for ax in axes[:, 0]:
            ax.set_ylabel(fill(unit, 34))
        if table["strategy"].nunique() > 1:
            handles, labels = axes[0, 0].get_legend_handles_labels()
            figure.legend(handles, labels, loc="outside right upper", fontsize=8, frameon=False)
        left_out = len(factors) - len(shown)
        more = f" Of {len(factors)} factors those {len(shown)} that go along with it most closely." if left_out else ""
        title_and_caption(figure, title, caption + more)
    return figure


def draw_heat_map(table: "pd.DataFrame", factors: Mapping[str, str], unit: str, title: str, caption: str) -> "Figure":
    """Draw the outcome over two factors: a panel a strategy, a field a point, its value written in it."""
    import matplotlib.pyplot as plt

    (across, x_label), (up, y_label) = factors.items()
    strategies = list(dict.fromkeys(table["strategy"]))
    columns = min(len(strategies), 3)
    rows = ceil(len(strategies) / columns)
    x, y = (list(dict.fromkeys(sorted(table[path], key=str if _is_text(table[path]) else None))) for path in factors)
    per = 1000 if table["value"].abs().max() >= 100_000 else 1
    low, high = (float(end) / per for end in (table["value"].min(), table["value"].max()))
    with plt.rc_context(settings()):
        figure, axes = plt.subplots(
            rows, columns, figsize=(max((0.55 * len(x) + 1.2) * columns, 6.5), (0.36 * len(y) + 1.1) * rows + 1.6),
            layout="constrained", squeeze=False,
        )  # fmt: skip
        for ax, strategy in zip(axes.ravel(), strategies, strict=False):
            own = table[table["strategy"] == strategy].pivot_table(index=up, columns=across, values="value", sort=False)
            field = own.reindex(index=y, columns=x).to_numpy() / per
            drawn = ax.pcolormesh(field, cmap="viridis", vmin=low, vmax=high if high > low else low + 1)
            for (j, i), value in np.ndenumerate(field):
                if np.isfinite(value):
                    bright = (value - low) > 0.6 * (high - low)
                    ax.text(
                        i + 0.5,
                        j + 0.5,
                        number(value),
                        ha="center",
                        va="center",
                        fontsize=7,
                        color="k" if bright else "w",
                    )
            ax.set_xticks(np.arange(len(x)) + 0.5, [_short(value) for value in x], rotation=90 if len(x) > 6 else 0)
            ax.set_yticks(np.arange(len(y)) + 0.5, [_short(value) for value in y])
            ax.set_title(readable(str(strategy), "strategy"))
            ax.set_xlabel(fill(x_label, 40), fontsize=8.5)
            ax.set_ylabel(fill(y_label, 30), fontsize=8.5)
        for ax in axes.ravel()[len(strategies) :]:
            ax.set_axis_off()
        figure.colorbar(
            drawn, ax=axes, label=fill(unit.replace("[", "[thousand ") if per > 1 else unit, 40), shrink=0.9
        )
        title_and_caption(figure, title, caption)
    return figure


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
        ax.set_xticks(range(len(words)), [fill(str(word), 14) for word in words])
    elif hasattr(column.iloc[0], "year"):
        ax.tick_params(axis="x", labelrotation=45)


def _short(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)

"""Results of a design: paired differences of one outcome against each factor, or as a heat map over two."""

from collections.abc import Mapping, Sequence
from math import ceil
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.arrays import Floats
from villagesim.languages import _, named
from villagesim.outcomes import Outcome
from villagesim.plots.captions import heading, legend_below, title_and_caption, wrapped
from villagesim.plots.differences import CLEAR
from villagesim.plots.style import LEAST, MM, TEXT, abreast, drawn, inches, ink_on, look, readable, strategy_name
from villagesim.plots.whiskers import dotted_in_words, series_of, tick_text
from villagesim.statistics.intervals import SAME
from villagesim.wording import divided, factor_in_words, number, one_after_another, real, scale, signed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ZONE = "#E4E4E4"
ENDS = ("value", "low", "high")
MOST_PANELS = 16
"""In one figure: of more outcomes and factors the first outcomes are drawn."""
MOST_DATES = 6
"""Of the marks of an axis."""
ASIDE = 0.02
"""Part of the axis by which intervals of two strategies at one point stand apart."""
MOST_FACTORS = 12
"""Panels at most: the factors that go along with the outcome most closely (rank correlation)."""


def draw_points(
    table: "pd.DataFrame", factors: Mapping[str, str], orders: Mapping[str, int], outcomes: Mapping[str, Outcome], title: str,
    caption: str,
) -> "Figure":  # fmt: skip
    """Draw each outcome, or its differences, against each factor: a panel each, a dot a point, a colour a strategy.

    Over a single factor the points are joined and have their intervals; a grey zone holds differences that do not matter.

    Parameters
    ----------
    table : DataFrame
        ``outcome, strategy, value, low, high, differs, margin`` and a column a factor; a row an outcome, point and strategy.
        Levels have no margin (NaN); what differs in no run has no line.
    factors : dict of str to str
        Unit of each factor.
    orders : dict of str to int
        Rank of each strategy in the scenario, which gives it the same look in every figure.
    outcomes : dict of str to Outcome
    """
    import matplotlib.pyplot as plt

    shown = _closest(table[table["outcome"] == next(iter(outcomes))], list(factors))
    alone, n = len(factors) == 1, len(outcomes) if len(factors) == 1 else len(shown)
    columns = abreast(n, 45.0 if n > 3 else 60.0)
    rows = ceil(n / columns) * (1 if alone else len(outcomes))
    with drawn():
        figure, axes = plt.subplots(
            rows, columns, figsize=(inches(), (62 if alone else 56) * rows / MM), layout="constrained", squeeze=False
        )
        cells = axes.reshape(1 if alone else len(outcomes), -1)
        for k, (name, found) in enumerate(outcomes.items()):
            own = table[table["outcome"] == name]
            panels = [cells[0, k]] if alone else list(cells[k, : len(shown)])
            _draw_outcome(panels, own, {path: factors[path] for path in shown}, orders, found.unit, inches() / columns)
            if len(outcomes) > 1:
                panels[0].set_title(heading(named(found.title), inches() / columns - 0.4))
        for ax in axes.ravel():
            if not ax.has_data():
                ax.set_axis_off()
        handles = {
            name: handle for ax in axes.flat for handle, name in zip(*ax.get_legend_handles_labels(), strict=True)
        }
        legend_below(figure, list(handles.values()), list(handles))
        if len(shown) < len(factors):
            said = _("Of {n} factors those {m} that go along with it most closely.", n=len(factors), m=len(shown))
            caption = one_after_another((caption, said))
        caption = one_after_another((caption, dotted_in_words(table) if alone else ""))
        title_and_caption(figure, title, caption)
    return figure


def _draw_outcome(
    panels: "Sequence[Axes]", table: "pd.DataFrame", factors: Mapping[str, str], orders: Mapping[str, int], unit: str,
    wide: float,
) -> None:  # fmt: skip
    """Draw one outcome over each factor, all panels on one scale."""
    per, words = scale(unit, float(table["value"].abs().max()))
    words = real(unit, words)
    compared = table["margin"].notna().any()
    for ax, (path, unit) in zip(panels, factors.items(), strict=True):
        if compared:
            ax.axhspan(-table["margin"].max() / per, table["margin"].max() / per, color=ZONE, lw=0, zorder=0)
            ax.axhline(0, color="#333333", lw=0.6, zorder=1)
        groups = list(table[table["value"].notna()].groupby("strategy", sort=False))
        for k, (strategy, own) in enumerate(groups):
            joined = path if len(factors) == 1 else ""
            aside = ASIDE * (k - (len(groups) - 1) / 2) if joined else 0.0
            _draw_one(ax, own, table[path], orders[str(strategy)], str(strategy), per, joined, aside)
        times, words_of = scaled(table[path], unit)
        _name_places(ax, table[path], times)
        ax.set_xlabel(wrapped(factor_in_words(path, words_of), wide - 0.5, TEXT))
        ax.yaxis.set_major_formatter(tick_text)
        ax.grid(lw=0.3, alpha=0.5)
    low, high = min(ax.get_ylim()[0] for ax in panels), max(ax.get_ylim()[1] for ax in panels)
    for ax in panels:
        ax.set_ylim(low, high)
        ax.tick_params(labelleft=ax is panels[0])
    panels[0].set_ylabel(wrapped(_("difference [{unit}]", unit=words) if compared else f"[{words}]", 1.6, TEXT))


def _draw_one(
    ax: "Axes",
    own: "pd.DataFrame",
    every: "pd.Series",
    order: int,
    strategy: str,
    per: float,
    joined: str,
    aside: float,
) -> None:
    """Draw one strategy over one factor; over the only one in its order, as a line with intervals, beside those of others."""
    how = look(order)
    if joined and not _is_text(every):
        own = own.sort_values(joined)
    x, value = _beside(_numbers(own[every.name], every), _numbers(every, every), aside), own["value"] / per
    dots: dict[str, Any] = {"ms": 4, "mec": "white", "mew": 0.4, "color": how.colour, "marker": how.marker or "o"}
    line: dict[str, Any] = {"ls": how.dash if joined else "none", "lw": 1.2, "alpha": 1.0 if joined else 0.75}
    ax.plot(x, value, label=strategy_name(strategy, order), **dots, **line)
    if joined:
        at: Floats = np.asarray(ax.convert_xunits(x), np.float64)  # type: ignore[no-untyped-call]
        series_of(divided(own, per, *ENDS), *ENDS).draw_intervals(ax, at, how.colour, upright=True)


def draw_heat_map(
    table: "pd.DataFrame", factors: Mapping[str, str], outcomes: Mapping[str, Outcome], title: str, caption: str
) -> "Figure":
    """Draw differences over two factors: a panel an outcome and strategy, a field a point; coloured is what clearly matters.

    Parameters
    ----------
    table : DataFrame
        ``outcome, strategy, value, verdict`` and a column a factor; a row an outcome, point and strategy.
    factors : dict of str to str
        Unit of each factor.
    outcomes : dict of str to Outcome
        Colours reach to its own largest difference.
    """
    import matplotlib.pyplot as plt
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    table = table[table["value"].notna()]
    strategies = list(dict.fromkeys(table["strategy"]))
    x, y = (list(dict.fromkeys(sorted(table[path], key=str if _is_text(table[path]) else None))) for path in factors)
    cells = list(table.groupby(["outcome", "strategy"], sort=False))
    with drawn():
        columns = abreast(len(cells), min(max(22.0 + 10.0 * len(x), 55.0), MM * inches()))
        rows, room = ceil(len(cells) / columns), inches() / columns
        size = (inches(), rows * (19 + 6.5 * len(y)) / MM)
        figure, axes = plt.subplots(rows, columns, figsize=size, layout="constrained", squeeze=False)
        for ax, ((name, strategy), own) in zip(axes.flat, cells, strict=False):
            most = float(table.loc[table["outcome"] == name, "value"].abs().max())
            per, words = scale(outcomes[name].unit, most)
            colours = ScalarMappable(Normalize(-most / per or -1.0, most / per or 1.0), "PuOr")
            _draw_fields(ax, own, factors, (x, y), per, colours)
            shown = strategy_name(str(strategy), strategies.index(strategy) + 2)
            said = _("{strategy} [{unit}]", strategy=shown, unit=real(outcomes[name].unit, words))
            if len(outcomes) > 1:
                said = _("{title}, {strategy}", title=named(outcomes[name].title), strategy=said)
            ax.set_title(heading(said, room - 0.8))
            for axis, (path, unit) in zip((ax.xaxis, ax.yaxis), factors.items(), strict=True):
                label = factor_in_words(path, scaled(table[path], unit)[1])
                axis.set_label_text(wrapped(label, 0.8 * room if axis is ax.xaxis else 1.5, TEXT))
        for ax in axes.ravel()[len(cells) :]:
            ax.set_axis_off()
        title_and_caption(figure, title, caption)
    return figure


def _draw_fields(
    ax: "Axes",
    own: "pd.DataFrame",
    factors: Mapping[str, str],
    ends: tuple[list[Any], list[Any]],
    per: float,
    colours: Any,
) -> None:
    """Draw the fields of one strategy: white where nothing matters or differs, hatched where it is not decided."""
    from matplotlib.patches import Rectangle

    x, y = ends
    one, other = factors
    for row in own.to_dict("records"):
        i, j = x.index(row[one]), y.index(row[other])
        value = row["value"] / per
        clear = row["verdict"] in CLEAR and value == value
        fill = colours.to_rgba(value) if clear else "white"
        hatch = None if clear or row["verdict"] in ("practically equal", "baseline", SAME) else "////"
        ax.add_patch(Rectangle((i, j), 1, 1, fc=fill, ec="#BBBBBB", lw=0.5, hatch=hatch))
        box = None if clear else {"fc": "white", "ec": "none", "pad": 1.0}
        ax.text(
            i + 0.5, j + 0.5, signed(value), ha="center", va="center", fontsize=LEAST, color=ink_on(fill),
            bbox=box,
        )  # fmt: skip
    ax.set_xlim(0, len(x))
    ax.set_ylim(0, len(y))
    across, up = (scaled(own[path], unit)[0] for path, unit in factors.items())
    ax.set_xticks(np.arange(len(x)) + 0.5, [at_factor(value, across) for value in x], rotation=90 if len(x) > 6 else 0)
    ax.set_yticks(np.arange(len(y)) + 0.5, [at_factor(value, up) for value in y])
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


def _beside(places: list[Any], every: list[Any], aside: float) -> list[Any]:
    """Places on the axis, moved by so much of the axis, as intervals that lie on each other cannot be told apart."""
    shift = aside * (max(every) - min(every))
    return [place + shift for place in places]


def _order(column: "pd.Series") -> Floats:
    """Rank of each value of a factor, whatever it is."""
    values = _numbers(column, column)
    place = {value: rank for rank, value in enumerate(sorted(set(values)))}
    return np.array([place[value] for value in values], float)


def scaled(column: "pd.Series", unit: str) -> tuple[float, str]:
    """What values of a factor are divided by so that they can be read, and their unit then."""
    numbers = [abs(float(value)) for value in column if _is_number(value)]
    return scale(unit, max(numbers)) if unit and len(numbers) == len(column) else (1, named(unit))


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _name_places(ax: "Axes", column: "pd.Series", per: float) -> None:
    if _is_text(column):
        words = list(dict.fromkeys(column))
        ax.set_xticks(range(len(words)), [wrapped(str(word), 0.6) for word in words])
    elif hasattr(column.iloc[0], "year"):
        days = sorted(set(column))
        days = days[:: ceil(len(days) / MOST_DATES)]
        ax.set_xticks(days, [f"{day:%Y-%m}" for day in days], rotation=45)
    else:
        ax.locator_params(axis="x", nbins=5)
        ax.xaxis.set_major_formatter(lambda value, _: tick_text(value / per))


def at_factor(value: Any, per: float) -> str:
    """A value of a factor as it is written, numbers divided by this."""
    return number(value / per) if _is_number(value) else readable(named(str(value)), "?")

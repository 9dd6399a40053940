"""Results of a design: paired differences of one outcome against each factor, or as a heat map over two."""

from collections.abc import Mapping, Sequence
from math import ceil
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.arrays import Floats
from villagesim.languages import _, named
from villagesim.outcomes import Outcome
from villagesim.plots.captions import SLACK, heading, legend_below, text_width, title_and_caption, wrapped
from villagesim.plots.differences import CLEAR
from villagesim.plots.style import LEAST, MM, SMALL, TEXT, abreast, drawn, inches, ink_on, look, readable, strategy_name
from villagesim.plots.whiskers import dotted_in_words, fit_marks, series_of, tick_text
from villagesim.statistics.intervals import SAME
from villagesim.text import pieces
from villagesim.wording import divided, factor_in_words, number, one_after_another, real, scale, signed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ZONE = "#E4E4E4"
ENDS = ("value", "low", "high")
MOST_PANELS = 16
"""In one figure: of more outcomes and factors the first outcomes are drawn."""
DATE = 4.0
"""Room of an upright date below an axis [mm]."""
FIELD, LEAST_HIGH, LEAST_WIDE, LINE, SIDE, HIGH = 6.5, 26.0, 32.0, 3.4, 8.0, 44.0
"""Height of a field, height and width of all of a panel at least, height of a line of text, room left of them beside what is
written there, height of a panel of points [mm]."""
MARKS = 11.0
"""Room of numbers left of a panel of points [mm]."""
MOST_ACROSS = 8
"""Values of a factor that have room beside each other everywhere."""
MOST_ASIDE, LEAST_OF_MARK = 22.0, 6
"""Room of a mark that is upright or stands left of its panel [mm]; letters of it that are always written."""
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
    with drawn():
        columns = abreast(n, 45.0 if n > 3 else 60.0)
        rows, room = ceil(n / columns) * (1 if alone else len(outcomes)), inches() / columns
        labels = {path: _label(table[path], path, factors[path], room - 0.5) for path in shown}
        titles = [heading(named(found.title), room - 0.4) for found in outcomes.values()] if len(outcomes) > 1 else [""]
        more = max(said.count("\n") for said in labels.values()) + max(said.count("\n") for said in titles)
        high = HIGH + 6 * alone + LINE * (more + 2) + max(_below(table[path], room)[2] for path in shown)
        figure, axes = plt.subplots(
            rows, columns, figsize=(inches(), high * rows / MM), layout="constrained", squeeze=False
        )
        cells = axes.reshape(1 if alone else len(outcomes), -1)
        for k, (said, (name, found)) in enumerate(zip(titles, outcomes.items(), strict=True)):
            own = table[table["outcome"] == name]
            panels = [cells[0, k]] if alone else list(cells[k, : len(shown)])
            _draw_outcome(panels, own, {path: factors[path] for path in shown}, labels, orders, found.unit, room)
            panels[0].set_title(said)
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
    panels: "Sequence[Axes]", table: "pd.DataFrame", factors: Mapping[str, str], labels: Mapping[str, str],
    orders: Mapping[str, int], unit: str, wide: float,
) -> None:  # fmt: skip
    """Draw one outcome over each factor, all panels on one scale."""
    per, words = scale(unit, float(table["value"].abs().max()))
    words = real(unit, words)
    compared = table["margin"].notna().any()
    for ax, (path, unit_of) in zip(panels, factors.items(), strict=True):
        if compared:
            ax.axhspan(-table["margin"].max() / per, table["margin"].max() / per, color=ZONE, lw=0, zorder=0)
            ax.axhline(0, color="#333333", lw=0.6, zorder=1)
        groups = list(table[table["value"].notna()].groupby("strategy", sort=False))
        for k, (strategy, own) in enumerate(groups):
            joined = path if len(factors) == 1 else ""
            aside = ASIDE * (k - (len(groups) - 1) / 2) if joined else 0.0
            _draw_one(ax, own, table[path], orders[str(strategy)], str(strategy), per, joined, aside)
        _name_places(ax, table[path], scaled(table[path], unit_of)[0], wide)
        ax.set_xlabel(labels[path])
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
    paths = sorted(factors, key=lambda path: table[path].nunique() > MOST_ACROSS)  # of many values: upright
    ends = [list(dict.fromkeys(sorted(table[path], key=str if _is_text(table[path]) else None))) for path in paths]
    cells = list(table.groupby(["outcome", "strategy"], sort=False))
    with drawn():
        words = [scaled(table[path], factors[path]) for path in paths]
        marks = [[at_factor(value, per) for value in own] for (per, _unit), own in zip(words, ends, strict=True)]
        across, up = (factor_in_words(path, unit) for path, (_per, unit) in zip(paths, words, strict=True))
        up = wrapped(up, max(LEAST_HIGH, FIELD * len(ends[1])) / MM, TEXT)
        aside = [shortened(mark, MOST_ASIDE / MM) for mark in marks[1]]
        side = SIDE + LINE * up.count("\n") + MM * max(map(text_width, aside)) / 72
        columns = abreast(len(cells), min(side + max(10.0 * len(ends[0]), LEAST_WIDE), MM * inches()))
        rows, room = ceil(len(cells) / columns), inches() / columns - side / MM
        fields = _Fields(paths, ends, (marks[0], aside), room)
        high = max(LEAST_HIGH, fields.high * len(ends[1]))
        labels = wrapped(across, room, TEXT), up
        scales = {name: _most_of(table[table["outcome"] == name], outcomes[str(name)].unit) for name in outcomes}
        titles = []
        for name, strategy in (key for key, _own in cells):
            shown = strategy_name(str(strategy), strategies.index(strategy) + 2)
            said = _("{strategy} [{unit}]", strategy=shown, unit=real(outcomes[name].unit, scales[name][1]))
            if len(outcomes) > 1:
                said = _("{title}, {strategy}", title=named(outcomes[name].title), strategy=said)
            titles.append(heading(said, room))
        more = max(said.count("\n") for said in titles) + labels[0].count("\n")
        size = (inches(), rows * (high + 10 + fields.below + LINE * (more + 1)) / MM)
        figure, axes = plt.subplots(rows, columns, figsize=size, layout="constrained", squeeze=False)
        for ax, ((name, _strategy), own), said in zip(axes.flat, cells, titles, strict=False):
            per, _unit, most = scales[name]
            fields.draw(ax, own, per, ScalarMappable(Normalize(-most / per or -1.0, most / per or 1.0), "PuOr"))
            ax.set(title=said, xlabel=labels[0], ylabel=labels[1])
        for ax in axes.ravel()[len(cells) :]:
            ax.set_axis_off()
        title_and_caption(figure, title, caption)
    return figure


def _most_of(own: "pd.DataFrame", unit: str) -> tuple[float, str, float]:
    """What differences of an outcome are divided by, their unit then, and the largest."""
    most = float(own["value"].abs().max())
    return *scale(unit, most), most


class _Fields:
    """Fields of one panel, this wide [inches], over two factors: values and their marks across, and upwards."""

    def __init__(
        self, paths: list[str], ends: list[list[Any]], marks: tuple[list[str], list[str]], wide: float
    ) -> None:
        self.paths, self.ends, self.wide = paths, ends, wide / len(ends[0])
        self.across, self.turned, self.below = marks_below(marks[0], self.wide)
        self.up = marks[1]
        self.upright = 72 * self.wide < text_width(signed(-88_888), LEAST)
        self.high = FIELD if not self.upright else MM * text_width(signed(-8_888_888), LEAST) / 72

    def draw(self, ax: "Axes", own: "pd.DataFrame", per: float, colours: Any) -> None:
        """Draw the fields of one strategy: white where nothing matters or differs, hatched where it is not decided."""
        from matplotlib.patches import Rectangle

        x, y = self.ends
        one, other = self.paths
        for row in own.to_dict("records"):
            i, j = x.index(row[one]), y.index(row[other])
            value = row["value"] / per
            clear = row["verdict"] in CLEAR and value == value
            fill = colours.to_rgba(value) if clear else "white"
            hatch = None if clear or row["verdict"] in ("practically equal", "baseline", SAME) else "////"
            ax.add_patch(Rectangle((i, j), 1, 1, fc=fill, ec="#BBBBBB", lw=0.5, hatch=hatch))
            box = None if clear else {"fc": "white", "ec": "none", "pad": 1.0}
            if 72 * self.wide > LEAST:
                ax.text(
                    i + 0.5, j + 0.5, signed(value), ha="center", va="center", fontsize=LEAST, color=ink_on(fill), bbox=box,
                    rotation=90 * self.upright,
                )  # fmt: skip
        ax.set_xlim(0, len(x))
        ax.set_ylim(0, len(y))
        ax.set_xticks(np.arange(len(x)) + 0.5, self.across, rotation=90 * self.turned)
        ax.set_yticks(np.arange(len(y)) + 0.5, self.up)
        ax.tick_params(length=0)


def marks_below(marks: Sequence[str], wide: float) -> tuple[list[str], bool, float]:
    """Marks below an axis, each with so much room [inches]; whether they are upright, as one is too wide, and how high [mm].

    Of upright ones that are too many for their letters only some are written.
    """
    if all(SLACK * text_width(piece.strip()) < 72 * wide - SMALL / 2 for mark in marks for piece in pieces(mark)):
        told = [wrapped(mark, wide - SMALL / 144) for mark in marks]
        return told, False, LINE * (1 + max(mark.count("\n") for mark in told))
    told = [shortened(mark, MOST_ASIDE / MM) for mark in marks]
    every = ceil(1.3 * SMALL / (72 * wide))
    told = [mark if k % every == 0 else "" for k, mark in enumerate(told)]
    return told, True, 1 + MM * max(map(text_width, told)) / 72


def shortened(text: str, inches: float) -> str:
    """A text of one line, cut where it has more than so much room."""
    shown = text
    while len(shown) > LEAST_OF_MARK and SLACK * text_width(shown) > 72 * inches:
        shown = f"{shown[:-4].rstrip()}..."
    return shown


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


def _label(column: "pd.Series", path: str, unit: str, wide: float) -> str:
    """A factor as its axis says it, with its unit."""
    return wrapped(factor_in_words(path, scaled(column, unit)[1]), wide, TEXT)


def _below(column: "pd.Series", wide: float) -> tuple[list[str], bool, float]:
    """Words of a factor below its panel, whether they are upright, and how high they are [mm]; of numbers none."""
    if not _is_text(column):
        return [], False, 3 * LINE if hasattr(column.iloc[0], "year") else LINE
    words = [readable(named(str(word)), "?") for word in dict.fromkeys(column)]
    return marks_below(words, 0.9 * (wide - (SIDE + MARKS) / MM) / len(words))


def _name_places(ax: "Axes", column: "pd.Series", per: float, wide: float) -> None:
    room = wide - (SIDE + MARKS) / MM
    if _is_text(column):
        words, turned, _high = _below(column, wide)
        ax.set_xticks(range(len(words)), words, rotation=90 * turned)
    elif hasattr(column.iloc[0], "year"):
        shown = sorted(set(column))[:1]
        least = (max(column) - shown[0]) * (DATE / (MM * room))
        for day in sorted(set(column)):
            shown += [day] * (day - shown[-1] >= least and day > shown[-1])
        ax.set_xticks(shown, [f"{day:%Y-%m}" for day in shown], rotation=90)
    else:
        fit_marks(ax, 72 * room, per)
        ax.xaxis.set_major_formatter(lambda value, _: tick_text(value / per))


def at_factor(value: Any, per: float) -> str:
    """A value of a factor as it is written, numbers divided by this."""
    return number(value / per) if _is_number(value) else readable(named(str(value)), "?")

"""A table of numbers with their intervals as a figure: whiskers over names, lines over a number."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from villagesim.errors import DesignError, nearest
from villagesim.languages import _, named
from villagesim.outcomes import Outcome
from villagesim.plots.captions import heading, legend_below, title_and_caption
from villagesim.plots.style import MM, abreast, drawn, inches, readable, strategy_name
from villagesim.plots.whiskers import Series, draw_lines, draw_whiskers, series_of, tick_text
from villagesim.wording import month, real, scale

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ENDS = ["value", "low", "high"]


@dataclass(frozen=True, kw_only=True)
class Panels:
    """Which columns of a table tell panels, places and colours apart.

    Attributes
    ----------
    by : tuple of str
        A panel for each of their values and each unit, in the order of the table.
    along : str
        Names are written one below the other, numbers along an axis.
    colours : str
        A colour for each of its values; empty where there is but one.
    abreast : int
        Panels beside each other, at most.
    """

    by: tuple[str, ...] = ("outcome",)
    along: str = "strategy"
    colours: str = ""
    abreast: int = 3


def draw_panels(
    table: "pd.DataFrame", shown: Panels, outcomes: Mapping[str, Outcome], title: str, caption: str
) -> "Figure":
    """Draw every number of a table as a dot with its interval.

    Parameters
    ----------
    table : DataFrame
        ``value, low, high``, the columns of ``shown``, and ``outcome``, whose unit they have where there is no ``unit``.
    outcomes : mapping of str to Outcome
        They give titles and units; shares are drawn as percentages.

    Raises
    ------
    DesignError
        Where the table has no such column, or two of its rows have the same place and colour.
    """
    from matplotlib import pyplot as plt

    _check(table, shown)
    if "unit" not in table:
        table = table.assign(unit=[outcomes[name].unit for name in table["outcome"]])
    parts = [own for _key, own in table.groupby([*shown.by, "unit"], sort=False)]
    colours = list(table[shown.colours].unique()) if shown.colours else []
    columns = min(abreast(len(parts), 58.0), shown.abreast)
    rows = ceil(len(parts) / columns)
    places = {tuple(own[shown.along].unique()) for own in parts}
    over_number = table[shown.along].dtype.kind in "iuf"
    height = 58.0 if over_number else 20 + (6.5 + 1.6 * len(colours)) * max(map(len, places))
    with drawn():
        figure, axes = plt.subplots(
            rows, columns, figsize=(inches(), height * rows / MM), layout="constrained",
            sharey=not over_number and len(places) == 1, squeeze=False,
        )  # fmt: skip
        for ax, own in zip(axes.flat, parts, strict=False):
            _draw(ax, own, table, shown, colours, outcomes)
            words = _(", ").join(_words(outcomes, table, column, own[column].iloc[0]) for column in shown.by)
            ax.set_title(heading(f"{words[:1].upper()}{words[1:]}", 0.6 * inches() / columns))
        for ax in axes.flat[len(parts) :]:
            ax.set_axis_off()
        if shown.colours:
            legend_below(figure, *axes.flat[0].get_legend_handles_labels())
        title_and_caption(figure, title, caption)
    return figure


def _check(table: "pd.DataFrame", shown: Panels) -> None:
    """Refuse a table that cannot be shown so."""
    told = [*shown.by, shown.along, *([shown.colours] if shown.colours else [])]
    if lost := [name for name in (*told, "outcome", *ENDS) if name not in table]:
        raise DesignError(
            f"the table has no column {lost[0]!r} to be drawn.", fix=nearest(lost[0], list(table.columns))
        )
    if (again := table.duplicated(told)).any():
        place = ", ".join(f"{name} {table.loc[again, name].iloc[0]}" for name in told)
        raise DesignError(
            f"two numbers of the table have one place in the figure: {place}.",
            fix="Name the column that tells them apart among by or colours of Panels.",
        )


def _draw(
    ax: "Axes", own: "pd.DataFrame", table: "pd.DataFrame", shown: Panels, colours: list[Hashable],
    outcomes: Mapping[str, Outcome],
) -> None:  # fmt: skip
    """Draw one panel of a table, with room for every colour of the figure, so that the legend is that of all panels."""
    times, unit = _readable(own["unit"].iloc[0], float(own["value"].abs().max()))
    places = list(own[shown.along].unique())
    groups = [(colour, own[own[shown.colours] == colour]) for colour in colours] or [("", own)]
    series: list[Series] = []
    for value, part in groups:
        here = part.set_index(shown.along).reindex(places)
        here[ENDS] *= times
        series.append(series_of(here, *ENDS, label=_words(outcomes, table, shown.colours, value)))
    if own[shown.along].dtype.kind in "iuf":
        draw_lines(ax, places, series, named(shown.along.replace("_", " ")), unit)
        ax.yaxis.set_major_formatter(tick_text)
    else:
        names = [_words(outcomes, table, shown.along, place) for place in places]
        draw_whiskers(ax, names, series, unit, legend=False)
    ax.locator_params(axis="x", nbins=5)
    ax.xaxis.set_major_formatter(tick_text)


def _words(outcomes: Mapping[str, Outcome], table: "pd.DataFrame", column: str, value: Hashable) -> str:
    """A value as it is written: an outcome by its title, a month as the end of it, by its place what no font can write."""
    if column == "outcome":
        return named(outcomes[str(value)].title)
    if column == "at":
        return _("end of {month}", month=month(str(value)))
    place = list(table[column].unique()).index(value) + 1 if column else 1
    if column == "strategy":
        return strategy_name(str(value), place + 1)
    return readable(str(value), f"{named(column.replace('_', ' '))} {place}")


def _readable(unit: str, largest: float) -> tuple[float, str]:
    """What figures are multiplied with so that they can be read, and their unit then."""
    if unit.startswith("share "):
        return 100.0, f"{named(unit)} [%]"
    per, told = scale(unit, largest)
    return 1 / per, real(unit, told)

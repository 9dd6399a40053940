"""The first figure: what every strategy adds to collective income over time, beside levels, integration and cost.

A row a strategy, on scales that are the same in all rows; the step of the decree, which is no strategy's, has a panel of its own.
Where few runs leave one county's chance unknown, the lowest and the highest of them are lines: as a band they would lie within
the interval of the mean, and one would be read as the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.languages import _, marked, named
from villagesim.plots import style
from villagesim.plots.captions import SLACK, heading, room_of, text_width, title_and_caption, wrapped
from villagesim.plots.months import draw_ends, draw_marks, first_day, months_below, years
from villagesim.plots.step import draw_step, is_narrow
from villagesim.plots.style import LEAST, MM, PANEL_TITLE, SMALL, abreast, drawn, inches, look, strategy_name
from villagesim.plots.whiskers import BEYOND, tick_text
from villagesim.wording import LEAST_FOR_TAILS, effect, in_unit, number, real, scale, signed, sums

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ASIDE = 5.0
"""Between the name of a strategy and what is said beside it [points]."""
LEAST_OF_NAME = 12
"""Letters of a strategy that are written, where there is no room for all."""
TITLE = marked("What each strategy adds to collective income, and what comes with it")
ALONE = marked("What each strategy adds to collective income")
CLEAR = ("better", "worse", "higher", "lower")
"""Verdicts on months that are drawn thick; all others say nothing or no difference."""
GREY, NONE, ZONE, ZONE_EDGE = "#8A8A8A", "#595959", "#EDEDED", "#8A8A8A"
"""Of the baseline, of what cannot be told, and of what does not matter, with its edge."""
DARK, LIGHT = ("low", "high"), ("band_low", "band_high")
EDGE = 0.6
"""Lines of the lowest and highest of few runs [points]."""
DRAWN_DARK, DRAWN_LIGHT = ("uncertain_low", "uncertain_high"), ("total_low", "total_high")
HEAD, STEP_BELOW, LINE, FOOT, NAME, RIGHT, TICKS = 30.0, 28.0, 2.8, 5.0, 5.5, 6.0, (9.5, 11.0)
"""Heights of the legend, of a step below it, of a line of headings, of the years, and of the name above a row; room at the
right, and for the ticks of the first column, at least, and of the others [mm]."""
PAD = 3.5
"""Between a panel and the numbers beside it, and these and the edge [mm]."""
EARLIER = "<"
"""Mark of policies that start before what is drawn."""
LEAST_SPAN = 0.1
"""Of the axis of an index."""


@dataclass(frozen=True)
class Beside:
    """What is drawn: ``solid`` what is so, ``dashed`` what is reported; figures are divided by ``per``."""

    title: str
    solid: str
    dashed: str
    unit: str
    per: float = 1.0


class Page:
    """Where panels stand, in mm: a head with legend and step, headings, a row a strategy, the same room for all ticks.

    The numbers of the first column reach to ``most``.
    """

    def __init__(self, figure: "Figure", columns: "Sequence[Beside]", head: float, most: float) -> None:
        self.figure, self.head, n = figure, head, len(columns)
        ticks = [max(TICKS[0], MM * text_width(number(-most)) / 72 + PAD), *[TICKS[1]] * (n - 1)]
        whole = MM * inches() - RIGHT - sum(ticks)
        parts = np.array([1.45, *[1.0] * (n - 1)])
        self.widths: list[float] = (whole * parts / parts.sum()).tolist()
        self.lefts = [sum(ticks[: k + 1]) + sum(self.widths[:k]) for k in range(n)]
        rooms = [(width + gap - 3) / MM for width, gap in zip(self.widths, [*ticks[1:], RIGHT], strict=True)]
        self.titles = [heading(named(each.title), room) for each, room in zip(columns, rooms, strict=True)]
        self.units = [wrapped(f"[{real(each.unit)}]", room, LEAST) for each, room in zip(columns, rooms, strict=True)]
        self.below = LINE * max(unit.count("\n") + 1 for unit in self.units)
        self.headings = self.below + 1.7 * LINE * max(title.count("\n") + 1 for title in self.titles)

    def legend(self) -> "Axes":
        """Axes of the legend."""
        down = STEP_BELOW if is_narrow() and self.head > HEAD else 0.0
        width = (1.0 if is_narrow() else 0.5) * MM * inches() - 2
        return self._add(1.0, self._below_title - self.head + down, width, max(self.head - down - 1, 1))

    def step(self) -> "Axes":
        """Axes of the step of the decree, right of the legend."""
        bottom = self._below_title - self.head
        if is_narrow():
            return self._add(30.0, bottom + 6, MM * inches() - 32, STEP_BELOW - 15)
        return self._add(0.48 * MM * inches() + 30, bottom + 6, 0.52 * MM * inches() - 32, self.head - 12)

    def rows(self, heights: Sequence[float]) -> "Any":
        """Axes of the rows, ``(n_rows, n_columns)``."""
        y = self._below_title - self.head - self.headings
        found = np.empty((len(heights), len(self.lefts)), object)
        for i, row in enumerate(heights):
            y -= row
            for j, (left, width) in enumerate(zip(self.lefts, self.widths, strict=True)):
                shared = {"sharex": found[0, 0], "sharey": found[0, j]} if i else {"sharex": found[0, 0] if j else None}
                found[i, j] = self._add(left, y, width, row - NAME, **shared)
        return found

    @property
    def _below_title(self) -> float:
        return float(MM * (self.figure.get_size_inches()[1] - room_of(self.figure)[1]))

    def _add(self, left: float, bottom: float, width: float, height: float, **shared: Any) -> "Axes":
        wide, high = MM * self.figure.get_size_inches()
        return self.figure.add_axes((left / wide, bottom / high, width / wide, height / high), **shared)


def draw_differences(
    table: "pd.DataFrame", step: "pd.DataFrame", marks: Mapping[str, str], starts: Mapping[str, str], caption: str = "",
    ends: Mapping[str, Sequence[str]] | None = None, runs: int = LEAST_FOR_TAILS,
) -> "Figure":  # fmt: skip
    """Draw a row a strategy: its difference to the baseline with both bands, levels, integration or trust, cost so far.

    Parameters
    ----------
    table : DataFrame
        From :func:`villagesim.questions.over_time.differences`; the baseline first.
    step : DataFrame
        From :func:`villagesim.questions.over_time.step`; empty where no decree is in the run.
    marks : dict
        Month label (2021-07: its first day) by name.
    starts : dict
        Month in which the first policy of a strategy begins.
    ends : dict, optional
        Months in which policies of a strategy end.
    runs : int
        Replications; of fewer than 20 the lowest and highest are drawn as lines.
    """
    import matplotlib.pyplot as plt

    baseline, *strategies = dict.fromkeys(table["strategy"])
    first = table["month"].min()
    later = {name: [month for month in (ends or {}).get(name, ()) if month > first] for name in strategies}
    with drawn():
        added, *columns = every = _columns(table)
        rows_mm = [height(len(strategies))] * max(len(strategies), 1)
        head = HEAD + STEP_BELOW * len(step[:1]) if is_narrow() else HEAD if len(step) else 15.0
        figure = plt.figure(figsize=(inches(), 1.0))
        page = Page(figure, every, head, farthest(table) / added.per)
        figure.set_figheight((head + page.headings + sum(rows_mm) + FOOT) / MM)
        title_and_caption(figure, TITLE if has_cost() else ALONE, caption)
        axes, ends_of = page.rows(rows_mm), table.groupby("strategy", sort=False).last()
        for own, strategy in zip(axes, strategies or [baseline], strict=True):
            rows = table[table["strategy"] == strategy]
            draw_difference(own[0], rows, added.per, starts.get(strategy), few=runs < LEAST_FOR_TAILS)
            draw_ends(own[0], later.get(strategy, ()), at=0.0)
            draw_marks(own[0], marks)
            for ax, column in zip(own[1:], columns, strict=True):
                draw_levels(ax, rows, table[table["strategy"] == baseline], column)
                draw_marks(ax, marks)
            name_row(own[0], rows, strategy, sums(ends_of["difference"]))
        finish(axes, page, every, table)
        earlier = any(starts.get(each, first) < first for each in strategies)
        shown = ["^", *[EARLIER] * earlier, *["v"] * any(later.values())]
        more = _also(baseline, shown)
        legend(page.legend(), bands_said(table, runs), more, one_column=len(step) > 0 or is_narrow())
        if len(step):
            draw_step(page.step(), step)
    return figure


def draw_difference(
    ax: "Axes", rows: "pd.DataFrame", per: float, start: str | None = None, *, few: bool = False
) -> "Axes":
    """Draw the difference of one strategy: thick where it is clear, thin and grey where it is equal or undecided."""
    x = years(list(rows["month"]))
    colour = look(int(rows["order"].iloc[0])).colour
    margin = rows["margin"].to_numpy(float) / per
    ax.fill_between(x, -margin, margin, fc=ZONE, ec=ZONE_EDGE, lw=0.5, zorder=0)
    for ends, alpha in ((_ends(rows)[1], 0.16), (_ends(rows)[0], 0.38)):
        if set(ends) <= {*rows.columns}:
            low, high = (rows[end].to_numpy(float) / per for end in ends)
            if few and ends == LIGHT:
                ax.plot(x, np.stack([low, high], axis=1), color=colour, lw=EDGE, zorder=2)
            else:
                ax.fill_between(x, low, high, color=colour, alpha=alpha, lw=0, zorder=1)
    mean = rows["difference"].to_numpy(float) / per
    clear = rows["verdict"].isin(CLEAR).to_numpy()
    ax.plot(x, mean, color=NONE, lw=0.8, ls=(0, (2.5, 1.2)), zorder=2)
    ax.plot(x, np.where(_joined(clear), mean, np.nan), color=colour, lw=1.7, solid_capstyle="butt", zorder=3)
    ax.axhline(0, color="#333333", lw=0.6, zorder=1)
    if start is not None and start <= rows["month"].iloc[-1]:
        mark, at = (EARLIER, x[:1]) if start < rows["month"].iloc[0] else ("^", [first_day(start)])
        ax.plot(at, [0], mark, ms=4.5, color="black", mec="white", mew=0.5, zorder=4, clip_on=False)
    return ax


def draw_levels(ax: "Axes", rows: "pd.DataFrame", baseline: "pd.DataFrame", column: Beside) -> "Axes":
    """Draw one strategy as it is and as it is reported, over the baseline as it is."""
    per, colour, x = column.per, look(int(rows["order"].iloc[0])).colour, years(list(rows["month"]))
    if column.solid != "cost":
        ax.plot(
            years(list(baseline["month"])), baseline[column.solid] / per, color=GREY, lw=1.0, ls=(0, (1, 1)), zorder=1
        )
    if column.dashed in rows:
        ax.plot(x, rows[column.dashed] / per, color=colour, lw=1.0, ls=(0, (4, 1.5)), zorder=2)
    ax.plot(x, rows[column.solid] / per, color=colour, lw=1.5, zorder=3)
    return ax


def _columns(table: "pd.DataFrame") -> list[Beside]:
    """The difference, and what has room beside it; sums in the unit that the largest one asks for."""
    added, levels = (
        scale(table["unit"].iloc[0], float(np.nanmax(table.filter(names).abs(), initial=0.0)))
        for names in (["difference", "margin"], ["collective_income", "reported"])
    )
    integration = (
        Beside(marked("Integration"), "real_integration", "reported_integration", marked("share of milestones"))
        if "real_integration" in table
        else Beside("Trust", "trust", "", "index, 0 to 1")
    )
    found = [
        Beside(marked("Difference to the baseline"), "difference", "", *added[::-1]),
        Beside("Collective income", "collective_income", "reported", *levels[::-1]),
        integration,
        Beside(marked("Cost so far"), "cost", "", *sums(table["cost"])[::-1]),
    ]
    return found if has_cost() else found[:2]


def has_cost() -> bool:
    """Whether a figure that is drawn now has room for all columns, the last of which is cost."""
    return abreast(4, 40.0) == 4


def height(n: int) -> float:
    """Of a row [mm]."""
    return 34.0 if n <= 3 else 25.0 if n <= 7 else 19.0 if n <= 10 else 15.5 if n <= 13 else 14.0


def _ends(rows: "pd.DataFrame") -> tuple[tuple[str, str], tuple[str, str]]:
    """Columns of the dark and the light band."""
    return (DRAWN_DARK, DRAWN_LIGHT) if DRAWN_LIGHT[0] in rows else (DARK, LIGHT)


def _joined(clear: Any) -> Any:
    """Clear months, and those beside them, so that a line reaches from one to the next."""
    return clear & (np.r_[clear[1:], True] | np.r_[True, clear[:-1]])


def _said(last: Any, per: float, unit: str, *, whole: bool = True) -> str:
    """What a strategy adds at the end, in words, in the unit of all rows; ``whole`` with its interval."""
    if last["difference"] != last["difference"]:
        return ""
    told = effect({key: last[key] / per for key in ("difference", "low", "high")}, "difference")
    size = in_unit(told if whole else signed(last["difference"] / per), unit)
    if last["low"] != last["low"] and last["verdict"] != "one replication":
        return _("{size} at the end, without an interval: {verdict}", size=size, verdict=_verdict(last))
    return _("{size} at the end: {verdict}", size=size, verdict=_verdict(last))


def _verdict(last: Any) -> str:
    """The verdict on the mean, or over draws in how many of them it is better and worse."""
    said = last.get("in_draws")
    return named(said if isinstance(said, str) else str(last["verdict"]))


def name_row(ax: "Axes", rows: "pd.DataFrame", strategy: str, scaled: tuple[float, str]) -> None:
    """Write the strategy above its row, and what it adds at the end, divided by and in the unit of ``scaled``."""
    from matplotlib.offsetbox import AnchoredOffsetbox, HPacker, TextArea

    last = rows.iloc[-1]
    shown = strategy_name(strategy, int(last["order"]))
    least = text_width(shown[:LEAST_OF_NAME], PANEL_TITLE, bold=True)
    room = 72 * (1 - ax.get_position().x0) * inches() / SLACK - ASIDE
    ways = (_said(last, *scaled), _said(last, *scaled, whole=False), _verdict(last))
    said = next((said for said in ways if text_width(said) + least < room), "")
    while len(shown) > LEAST_OF_NAME and text_width(shown, PANEL_TITLE, bold=True) > room - text_width(said):
        shown = f"{shown[:-4].rstrip()}..."
    texts: list[Any] = [
        TextArea(shown, textprops={"fontweight": style.strong(), "fontsize": PANEL_TITLE}),
        TextArea(said, textprops={"fontsize": SMALL}),
    ]
    box = AnchoredOffsetbox(
        "lower left", child=HPacker(children=texts, sep=ASIDE, align="baseline", pad=0), pad=0, borderpad=0, frameon=False,
        bbox_to_anchor=(0, 1.02), bbox_transform=ax.transAxes,
    )  # fmt: skip
    ax.add_artist(box)


def finish(axes: Any, page: Page, columns: list[Beside], table: "pd.DataFrame") -> None:
    """Headings with units above the columns, years below them."""
    from matplotlib.ticker import MaxNLocator

    x = years(list(dict.fromkeys(table["month"])))
    axes[0, 0].set_xlim(x[0] - (len(x) == 1) / 12, x[-1])
    months_below(axes[0, 0], 4, min(page.widths) / MM)  # one axis of months for all panels
    for j, column in enumerate(axes.T):
        for ax in column:
            ax.tick_params(labelbottom=ax is column[-1])
            ax.grid(axis="y", lw=0.3, alpha=0.5)
        column[0].yaxis.set_major_locator(
            MaxNLocator(nbins=4 - (len(axes) > 7) - (len(axes) > 10), steps=[1, 2, 2.5, 5, 10])
        )
        column[0].yaxis.set_major_formatter(tick_text)
        _widen(column[0], columns[j].solid)
        if j == 0:
            _not_too_wide(column[0], farthest(table) / columns[j].per)
        _headroom(column[0], MM * page.figure.get_figheight())
        above = 72 * (NAME + page.below) / MM
        for words, up, bold in ((page.titles[j], above - 1, True), (page.units[j], above - 2, False)):
            column[0].annotate(
                words, (0, 1), (0, up), xycoords="axes fraction", textcoords="offset points", va="bottom" if bold else "top",
                fontsize=PANEL_TITLE if bold else LEAST, fontweight=style.strong() if bold else "normal", annotation_clip=False,
            )  # fmt: skip


def _widen(ax: "Axes", name: str) -> None:
    """An index is not drawn larger than a tenth of its range, or what is nothing would look like much."""
    low, high = ax.get_ylim()
    if name in ("trust", "real_integration") and high - low < LEAST_SPAN:
        middle = min(max((low + high) / 2, LEAST_SPAN / 2), 1 - LEAST_SPAN / 2)
        ax.set_ylim(middle - LEAST_SPAN / 2, middle + LEAST_SPAN / 2)


def _not_too_wide(ax: "Axes", most: float) -> None:
    """Bands of the mean, where few replications leave them wide, are cut so that differences can be seen."""
    low, high = ax.get_ylim()
    if most:
        ax.set_ylim(max(low, -most), min(high, most))


def farthest(table: "pd.DataFrame") -> float:
    """How far a difference is drawn either way."""
    shown = table[[name for name in ("difference", "margin", *DRAWN_LIGHT, *LIGHT) if name in table]].to_numpy(float)
    return float(BEYOND * np.nanmax(np.abs(shown), initial=0.0))


def _headroom(ax: "Axes", whole: float) -> None:
    """The label of the highest tick stays below what is said above its row, in a figure of this height [mm]."""
    low, high = ax.get_ylim()
    size = whole * ax.get_position().height
    highest = max((tick for tick in ax.get_yticks() if tick <= high), default=low)
    ax.set_ylim(low, max(high, highest + 0.5 * LINE * (high - low) / size))


def bands_said(table: "pd.DataFrame", runs: int) -> list[tuple[Any, str]]:
    """What the bands of differences are, as a legend says it; of a single run there are none."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    dark, light = Patch(color="black", alpha=0.45, lw=0), Patch(color="black", alpha=0.16, lw=0)
    if DRAWN_LIGHT[0] in table:
        return [
            (dark, _("what is not known: 90% of the means of draws")), (light, _("it and luck together: 90%")),
        ]  # fmt: skip
    chance: tuple[Any, str] = (light, _("one county's chance: 90% of runs"))
    if runs < LEAST_FOR_TAILS:
        chance = (Line2D([], [], color="black", lw=EDGE), _("lowest and highest of {n} runs", n=runs))
    return [(dark, _("the mean: 95% interval, where wide cut at the panel")), chance] if runs > 1 else []


def _also(baseline: str, marks: Sequence[str]) -> list[tuple[Any, str]]:
    """What ``marks`` of policies and the other lines of a comparison are."""
    from matplotlib.lines import Line2D

    of_policies = tuple(Line2D([], [], color="black", marker=mark, ms=4.5, lw=0) for mark in marks)
    starts = _("policies start, or started before") if EARLIER in marks else _("policies start")
    return [
        (of_policies, _("{starts}, and end", starts=starts) if "v" in marks else starts),
        (
            Line2D([], [], color=GREY, lw=1.0, ls=(0, (1, 1))),
            _("baseline: {name}", name=strategy_name(baseline, 1)),
        ),
        (Line2D([], [], color="black", lw=1.0, ls=(0, (4, 1.5))), _("the same as it is reported")),
    ]


def legend(ax: "Axes", bands: Sequence[tuple[Any, str]], more: Sequence[tuple[Any, str]], *, one_column: bool) -> None:
    """Say once, for all rows, what lines and bands are."""
    from matplotlib.legend_handler import HandlerTuple
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    said: list[tuple[Any, str]] = [
        (Line2D([], [], color="black", lw=1.7), _("mean, where it is clearly better or worse")),
        (Line2D([], [], color=NONE, lw=0.8, ls=(0, (2.5, 1.2))), _("mean, where it is equal or undecided")),
        *bands,
        (Patch(fc=ZONE, ec=ZONE_EDGE, lw=0.5), _("too small a difference to matter")),
        *more,
    ]
    ax.set_axis_off()
    ax.legend(
        *zip(*said, strict=True),
        loc="upper left",
        bbox_to_anchor=(0, 1),
        borderpad=0,
        ncols=1 if one_column else 2,
        handlelength=2.2,
        labelspacing=0.3,
        handler_map={tuple: HandlerTuple(ndivide=None)},
    )

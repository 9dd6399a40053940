"""One village's story: income, integration, money and disputes of one replication, and when what happened."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.languages import _, marked, named
from villagesim.plots.captions import heading, legend_below, title_and_caption
from villagesim.plots.months import first_day, months_below, years
from villagesim.plots.style import LEAST, MM, SMALL, drawn, inches, readable, strategy_name
from villagesim.plots.whiskers import tick_text
from villagesim.wording import month, number, one_after_another, sums

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LOOKS = (
    ("#0072B2", "o", "-"),
    ("#D55E00", "^", "--"),
    ("#009E73", "s", (0, (5, 1, 1, 1))),
    ("#CC79A7", "D", (0, (1, 1))),
)
"""Colour, marker and line of each strategy beside the others."""
FILLS: Mapping[str, dict[str, Any]] = {
    "spending": {"fc": "0.85"}, "dividends": {"fc": "0.85", "hatch": "////"}, "to_pot": {"fc": "0.55"},
    "invested": {"fc": "0.55", "hatch": "////"}, "repayment": {"fc": "0.3"}, "kept": {"fc": "1.0", "hatch": "...."},
}  # fmt: skip
"""How what a year's money went into is filled: in greys, as colours are strategies."""
INCOME, INTEGRATION, TRUST = "collective_income", "real_integration", "trust"
PANELS = (
    (INCOME, marked("Collective income, last twelve months")), (INTEGRATION, marked("Integration in fact")),
    ("money", marked("Cash less debt")), ("disputes_arising", marked("Disputes that arise in a month")),
)  # fmt: skip
"""What is followed month by month."""
UNMERGED = (TRUST, marked("Trust"))
"""What stands in the place of integration where the village has nobody to integrate with."""
UNITS = {
    INTEGRATION: marked("share of milestones"), TRUST: marked("index, 0 to 1"), "disputes_arising": marked("disputes"),
}  # fmt: skip
"""Units of what is not money."""


def draw_story(
    months: "pd.DataFrame", story: "pd.DataFrame", title: str, caption: str = "", decrees: Sequence[date] = (), *,
    money: "pd.DataFrame", uses: Mapping[str, str],
) -> "Figure":  # fmt: skip
    """Draw what happened in one village: four figures month by month, where its money went, and events by topic.

    Parameters
    ----------
    months : DataFrame
        ``strategy, month, collective_income, real_integration, trust, cash, debt, disputes_arising``.
    story : DataFrame
        ``date, strategy, topic``, a row an event.
    decrees : sequence of date
        Days from which on the parts of merged villages are counted together.
    money : DataFrame
        ``strategy, year``, and a column for each use of the year's money [yuan].
    uses : dict of str to str
        What each use is, in words.
    """
    import matplotlib.pyplot as plt

    strategies = list(dict.fromkeys(months["strategy"]))
    uses = {name: words for name, words in uses.items() if money[name].any()}
    topics = [topic for topic in dict.fromkeys(story["topic"]) if topic != "books"]
    months = months.assign(money=months["cash"] - months["debt"])
    if months[INTEGRATION].isna().all():
        decrees = ()
    panels = [
        UNMERGED if name == INTEGRATION and months[name].isna().all() else (name, words) for name, words in PANELS
    ]
    with drawn():
        wide = 2 if MM * inches() > 120 else 1
        names: list[Any] = [[name for name, _words in panels[k : k + wide]] for k in range(0, len(panels), wide)]
        lanes = 10 + 5.5 * len(topics) * max(1.0, len(strategies) / 2)
        heights = [36.0] * (len(names) + 1) + [lanes]
        figure, axes = plt.subplot_mosaic(
            [*names, ["years"] * wide, ["events"] * wide], figsize=(inches(), sum(heights) / MM),
            height_ratios=heights, layout="constrained",
        )  # fmt: skip
        for name, words in panels:
            _draw_months(axes[name], months, strategies, name)
            said = _("{words} [{unit}]", words=named(words), unit=_scale(months, name)[1])
            axes[name].set_title(heading(said, inches() / wide - 0.4))
            _draw_decrees(axes[name], decrees)
        _draw_years(axes["years"], money, strategies, uses)
        _along_months(axes["years"], months)
        _draw_events(axes["events"], story, strategies, topics)
        _along_months(axes["events"], months)
        axes["events"].set_title(_("What happened, and when"))
        handles, labels = axes[INCOME].get_legend_handles_labels()
        for handle, (_colour, marker, _dash) in zip(handles, LOOKS, strict=False):
            handle.set(marker=marker, markevery=[])
        legend_below(figure, [*handles, *_patches(uses)], [*labels, *map(named, uses.values())])
        title_and_caption(figure, title, one_after_another(filter(None, (caption, _bars(strategies), _jumps(decrees)))))
    return figure


def _scale(months: "pd.DataFrame", name: str) -> tuple[float, str]:
    """What a quantity is divided by, and its unit then."""
    return (1.0, named(UNITS[name])) if name in UNITS else sums(months[name])


def _draw_months(ax: "Axes", months: "pd.DataFrame", strategies: Sequence[str], name: str) -> None:
    """A line a strategy of one quantity."""
    per, _unit = _scale(months, name)
    for strategy, look in zip(strategies, LOOKS, strict=False):
        own = months[months["strategy"] == strategy]
        label = strategy_name(strategy, strategies.index(strategy) + 2)
        ax.plot(years(list(own["month"])), own[name] / per, color=look[0], ls=look[2], lw=1.4, label=label)
    _finish(ax, months)
    if name in UNITS:
        ax.axhline(0, lw=0)  # counts for the room above the lines too
        ax.set_ylim(bottom=0)


def _draw_decrees(ax: "Axes", decrees: Sequence[date]) -> None:
    """An upright line where a decree brings parts together."""
    for at in map(_year_of, decrees):
        if ax.get_xlim()[0] < at < ax.get_xlim()[1]:
            ax.axvline(at, color="#555555", lw=0.8, ls=":")


def _draw_years(ax: "Axes", money: "pd.DataFrame", strategies: Sequence[str], uses: Mapping[str, str]) -> None:
    """A bar a year and strategy of what its money went into; what was taken out again lies below nothing."""
    per, unit = sums(money[[*uses]].abs().sum(axis=1))
    wide = 0.8 / len(strategies)
    for k, strategy in enumerate(strategies):
        own = money[money["strategy"] == strategy]
        left = own["year"].to_numpy(float) + 0.1 + k * wide
        ends = np.zeros((2, len(own)))
        for name in uses:
            size = own[name].to_numpy(float) / per
            side = (size < 0).astype(int)
            ax.bar(left, size, 0.9 * wide, ends[side, range(len(own))], align="edge", ec="black", lw=0.3, **FILLS[name])
            ends[side, range(len(own))] += size
    ax.axhline(0, color="black", lw=0.5)
    said = _("{words} [{unit}]", words=_("Where each year's money went"), unit=named(unit))
    ax.set_title(heading(said, inches() - 0.4))
    ax.yaxis.set_major_formatter(tick_text)
    ax.locator_params(axis="y", nbins=4)


def _patches(uses: Mapping[str, str]) -> list[Any]:
    from matplotlib.patches import Patch

    return [Patch(ec="black", lw=0.3, **FILLS[name]) for name in uses]


def _bars(strategies: Sequence[str]) -> str:
    """In which order bars of a year stand."""
    told = _(
        "Bars add up to what came in in a year, loans and cash of villages that joined included; what was taken out of pot or"
        " cash lies below 0."
    )
    if len(strategies) == 1:
        return told
    return one_after_another((told, _("Bars of a year stand in the order in which strategies are named.")))


def _jumps(decrees: Sequence[date]) -> str:
    """Why income can jump from one month to the next."""
    said = _("Income that comes once, as for land or arrears, counts for twelve months, and can jump both ways.")
    if not decrees:
        return said
    line = _("Upright dotted line: the decree, from which on all parts of the merged village are summed.")
    return one_after_another((line, said))


def _year_of(day: date) -> float:
    return float(day.year + (day.timetuple().tm_yday - 1) / 365.25)


def _draw_events(ax: "Axes", story: "pd.DataFrame", strategies: Sequence[str], topics: Sequence[str]) -> None:
    """A lane a topic, a mark an event, strategies one below the other."""
    for k, (strategy, look) in enumerate(zip(strategies, LOOKS, strict=False)):
        own = story[(story["strategy"] == strategy) & (story["topic"] != "books")]
        x = np.array([_year_of(day) for day in own["date"]])
        y = np.array([topics.index(topic) for topic in own["topic"]]) + 0.22 * (k - (len(strategies) - 1) / 2)
        ax.plot(x, y, ls="none", marker=look[1], color=look[0], ms=3.8, mec="white", mew=0.4, clip_on=False)
    for k in range(len(topics)):
        ax.axhline(k + 0.5, color="#DDDDDD", lw=0.5)
    ax.set_ylim(max(len(topics), 1) - 0.5, -0.5)
    ax.set_yticks(range(len(topics)), map(named, topics), fontsize=SMALL)
    ax.tick_params(axis="y", length=0)


def _along_months(ax: "Axes", months: "pd.DataFrame") -> None:
    x = years(list(months["month"]))
    ax.set_xlim(x.min() - 1 / 12, x.max())
    months_below(ax, 6)


def _finish(ax: "Axes", months: "pd.DataFrame") -> None:
    from matplotlib.ticker import MaxNLocator

    _along_months(ax, months)
    ax.yaxis.set_major_formatter(tick_text)
    ax.yaxis.set_major_locator(MaxNLocator(nbins=4, steps=[1, 2, 5, 10]))
    ax.grid(axis="y", lw=0.3, alpha=0.5)


def draw_policies(
    payments: "pd.DataFrame", spans: "pd.DataFrame", title: str, caption: str = "", months: Sequence[str] = ()
) -> "Figure":
    """Draw when each policy of a strategy is in force, and which share of what it asks of the county's fund it gets.

    Parameters
    ----------
    payments : DataFrame
        ``month, policy, asked, paid, refused_by_cap, refused_by_fund`` [yuan].
    spans : DataFrame
        ``policy, start, end``, months; a row a policy, in order.
    months : sequence of str, optional
        Those of the run, all of which are drawn: a policy that ends before is seen to end.
    """
    import matplotlib.pyplot as plt
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    first, last = min([*spans["start"], *months]), max([*spans["end"], *months])

    with drawn():
        figure, ax = plt.subplots(figsize=(inches(), (14 + 9.5 * len(spans)) / MM), layout="constrained")
        for k, span in enumerate(spans.to_dict("records")):
            begin, end = first_day(span["start"]), years([span["end"]])[0]
            ax.broken_barh([(begin, end - begin)], (k - 0.28, 0.56), fc="#EEEEEE", ec="#777777", lw=0.6)
            own = payments[(payments["policy"] == span["policy"]) & (payments["asked"] > 0)]
            _draw_money(ax, own, k)
            said = _asked(own)
            if span["end"] < last:
                ax.plot([end, end], [k - 0.34, k + 0.34], color="black", lw=2.0, solid_capstyle="butt")
                said = _("{said}; until {month}", said=said, month=month(span["end"]))
            late = begin > (first_day(first) + years([last])[0]) / 2
            where: dict[str, Any] = {"ha": "right", "x": years([last])[0]} if late else {"x": begin}
            ax.text(y=k - 0.36, s=said, fontsize=LEAST, va="bottom", **where)
        names = [
            readable(named(str(name)), _("policy {n}", n=k + 1)).replace("_", " ")
            for k, name in enumerate(spans["policy"])
        ]
        ax.set_yticks(range(len(spans)), names)
        ax.set_ylim(len(spans) - 0.5, -0.75)
        ax.set_xlim(first_day(first), years([last])[0] + 0.02)
        months_below(ax, 8)
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        patches: list[tuple[Any, str]] = [
            (Patch(fc="#EEEEEE", ec="#777777", lw=0.6), _("in force, nothing asked")),
            (Patch(fc="#0072B2"), _("share of what was asked that was paid")),
            (Patch(fc="white", ec="#D55E00", hatch="////", lw=0), _("refused by its own budget or by the fund")),
        ]
        if (spans["end"] < last).any():
            patches.append(
                (Line2D([], [], color="black", marker="|", ms=8, mew=2, lw=0), _("ends before the run does"))
            )
        legend_below(figure, [patch for patch, _words in patches], [words for _patch, words in patches])
        title_and_caption(figure, title, caption)
    return figure


def _draw_money(ax: "Axes", own: "pd.DataFrame", k: int) -> None:
    """Fill each month of a policy with the share that was paid, and hatch the rest."""
    if own.empty:
        return
    left = years(list(own["month"])) - 1 / 12
    share = (own["paid"] / own["asked"]).to_numpy(float)
    how: dict[str, Any] = {"width": 1 / 12, "align": "edge", "lw": 0}
    ax.bar(left, 0.56 * share, bottom=k + 0.28 - 0.56 * share, color="#0072B2", **how)
    ax.bar(left, 0.56 * (1 - share), bottom=k - 0.28, fc="white", ec="#D55E00", hatch="////", **how)


def _asked(own: "pd.DataFrame") -> str:
    """Money of a policy in words."""
    if own.empty:
        return _("asks for nothing")
    whole = own[["asked", "paid", "refused_by_cap", "refused_by_fund"]].sum()
    per, unit = sums(whole)
    asked, paid, cap, fund = (number(each / per) for each in whole)
    said = _("asked {asked}, paid {paid} {unit}", asked=asked, paid=paid, unit=unit)
    if asked == paid:
        return said
    return _("{said}; refused by its budget {cap}, by the fund {fund}", said=said, cap=cap, fund=fund)

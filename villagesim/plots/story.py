"""One village's story: income, integration, money and disputes of one replication, and when what happened."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.plots.captions import heading, legend_below, title_and_caption
from villagesim.plots.style import LEAST, MM, SMALL, drawn, inches, readable
from villagesim.plots.trajectories import years
from villagesim.wording import number

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
PANELS = (
    ("Collective income, last twelve months", "thousand yuan", "collective_income", 1e-3),
    ("Integration in fact", "share of milestones", "real_integration", 1.0),
    ("Cash less debt", "thousand yuan", "money", 1e-3),
    ("Disputes that arise in a month", "disputes", "disputes_arising", 1.0),
)


def draw_story(months: "pd.DataFrame", story: "pd.DataFrame", title: str, caption: str = "") -> "Figure":
    """Draw what happened in one village, a colour a strategy: four figures month by month, below them events by topic.

    Parameters
    ----------
    months : DataFrame
        ``strategy, month, collective_income, real_integration, cash, debt, disputes_arising``.
    story : DataFrame
        ``date, strategy, topic``, a row an event.
    """
    import matplotlib.pyplot as plt

    strategies = list(dict.fromkeys(months["strategy"]))
    topics = [topic for topic in dict.fromkeys(story["topic"]) if topic != "books"]
    months = months.assign(money=months["cash"] - months["debt"])
    with drawn():
        wide = 2 if MM * inches() > 120 else 1
        names: list[Any] = [[name for *_, name, _ in PANELS[k : k + wide]] for k in range(0, len(PANELS), wide)]
        lanes = 10 + 5.5 * len(topics) * max(1.0, len(strategies) / 2)
        heights = [36.0] * len(names) + [lanes]
        figure, axes = plt.subplot_mosaic(
            [*names, ["events"] * wide], figsize=(inches(), sum(heights) / MM), height_ratios=heights, layout="constrained",
        )  # fmt: skip
        for heading_, unit, name, per in PANELS:
            for strategy, look in zip(strategies, LOOKS, strict=False):
                own = months[months["strategy"] == strategy]
                label = readable(strategy, f"strategy {strategies.index(strategy) + 1}")
                axes[name].plot(
                    years(list(own["month"])), per * own[name], color=look[0], ls=look[2], lw=1.4, label=label
                )
            axes[name].set_title(heading(f"{heading_} [{unit}]", inches() / wide - 0.4))
            _finish(axes[name], months)
            if name in ("real_integration", "disputes_arising"):
                axes[name].set_ylim(bottom=0)
        _draw_events(axes["events"], story, strategies, topics)
        _finish(axes["events"], months)
        handles, labels = axes[PANELS[0][2]].get_legend_handles_labels()
        for handle, look in zip(handles, LOOKS, strict=False):
            handle.set(marker=look[1], markevery=[])
        legend_below(figure, handles, labels)
        title_and_caption(figure, title, caption)
    return figure


def _draw_events(ax: "Axes", story: "pd.DataFrame", strategies: Sequence[str], topics: Sequence[str]) -> None:
    """A lane a topic, a mark an event, strategies one below the other."""
    for k, (strategy, look) in enumerate(zip(strategies, LOOKS, strict=False)):
        own = story[(story["strategy"] == strategy) & (story["topic"] != "books")]
        x = np.array([day.year + (day.timetuple().tm_yday - 1) / 365.25 for day in own["date"]])
        y = np.array([topics.index(topic) for topic in own["topic"]]) + 0.22 * (k - (len(strategies) - 1) / 2)
        ax.plot(x, y, ls="none", marker=look[1], color=look[0], ms=3.8, mec="white", mew=0.4, clip_on=False)
    for k in range(len(topics)):
        ax.axhline(k + 0.5, color="#DDDDDD", lw=0.5)
    ax.set_ylim(max(len(topics), 1) - 0.5, -0.5)
    ax.set_yticks(range(len(topics)), topics, fontsize=SMALL)
    ax.tick_params(axis="y", length=0)
    ax.set_title("What happened, and when")


def _finish(ax: "Axes", months: "pd.DataFrame") -> None:
    from matplotlib.ticker import MaxNLocator

    x = years(list(months["month"]))
    ax.set_xlim(x.min() - 1 / 12, x.max())
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    if ax.get_title("left") != "What happened, and when":
        ax.yaxis.set_major_formatter(lambda value, _: number(value))
        ax.yaxis.set_major_locator(MaxNLocator(nbins=4, steps=[1, 2, 5, 10]))
        ax.grid(axis="y", lw=0.3, alpha=0.5)


def draw_policies(payments: "pd.DataFrame", spans: "pd.DataFrame", title: str, caption: str = "") -> "Figure":
    """Draw when each policy of a strategy is in force, and which share of what it asks of the county's fund it gets.

    Parameters
    ----------
    payments : DataFrame
        ``month, policy, asked, paid, refused_by_cap, refused_by_fund`` [yuan].
    spans : DataFrame
        ``policy, start, end``, months; a row a policy, in order.
    """
    import matplotlib.pyplot as plt
    from matplotlib.patches import Patch

    with drawn():
        figure, ax = plt.subplots(figsize=(inches(), (14 + 9.5 * len(spans)) / MM), layout="constrained")
        for k, span in enumerate(spans.to_dict("records")):
            begin, end = years([span["start"]])[0] - 1 / 12, years([span["end"]])[0]
            ax.broken_barh([(begin, end - begin)], (k - 0.28, 0.56), fc="#EEEEEE", ec="#777777", lw=0.6)
            own = payments[(payments["policy"] == span["policy"]) & (payments["asked"] > 0)]
            _draw_money(ax, own, k)
            ax.text(begin, k - 0.32, _asked(own), fontsize=LEAST, va="bottom")
        names = [readable(str(name), f"policy {k + 1}").replace("_", " ") for k, name in enumerate(spans["policy"])]
        ax.set_yticks(range(len(spans)), names)
        ax.set_ylim(len(spans) - 0.5, -0.75)
        _years_of(ax, spans)
        patches = [
            (Patch(fc="#EEEEEE", ec="#777777", lw=0.6), "in force, nothing asked"),
            (Patch(fc="#0072B2"), "share of what was asked that was paid"),
            (Patch(fc="white", ec="#D55E00", hatch="////", lw=0), "refused by its own budget or by the fund"),
        ]
        legend_below(figure, [patch for patch, _ in patches], [words for _, words in patches])
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
    """Money of a policy in words [million yuan]."""
    if own.empty:
        return "asks for nothing"
    asked, paid, cap, fund = (
        number(own[name].sum() / 1e6) for name in ("asked", "paid", "refused_by_cap", "refused_by_fund")
    )
    refused = "" if asked == paid else f"; refused by its budget {cap}, by the fund {fund}"
    return f"asked {asked}, paid {paid} million yuan{refused}"


def _years_of(ax: "Axes", spans: "pd.DataFrame") -> None:
    from matplotlib.ticker import MaxNLocator

    ends = years([*spans["start"], *spans["end"]])
    ax.set_xlim(np.floor(ends.min() - 1 / 12 + 1e-9), ends.max() + 0.02)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8))
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)

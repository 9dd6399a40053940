"""Robustness: how often each strategy is on target, and its regret; a row an outcome."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from villagesim.languages import _, named
from villagesim.plots.captions import heading, title_and_caption
from villagesim.plots.style import MM, drawn, inches, strategy_name
from villagesim.plots.whiskers import SHADES, draw_whiskers, series_of
from villagesim.wording import amount, number, one_after_another, real, scale, sums

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def draw_robustness(main: "pd.DataFrame", titles: Mapping[str, str], title: str, caption: str) -> "Figure":
    """Draw share on target and regret of every strategy, and what a million yuan brings where that is known.

    Parameters
    ----------
    main : DataFrame
        ``outcome, unit, strategy, target, reached`` and the shares and regrets; ``reached`` says at which side of the target.
        With ``cost``, ``per_million`` and its ends, and ``on_frontier``, where these are known.
    titles : dict of str to str
        Of the outcomes, a row each.
    """
    from matplotlib import pyplot as plt

    n_strategies = main["strategy"].nunique()
    columns = [draw_share_on_target, draw_regret, *([draw_for_a_million] if "per_million" in main else [])]
    with drawn():
        figure, grid = plt.subplots(
            len(titles), len(columns), figsize=(inches(), (26 + 8 * n_strategies) * len(titles) / MM), layout="constrained",
            squeeze=False, sharey=True,
        )  # fmt: skip
        for axes, (name, words) in zip(grid, titles.items(), strict=True):
            table = main[main["outcome"] == name]
            per, unit = scale(table["unit"].iloc[0], float(table["mean"].abs().max()))
            for ax, draw in zip(axes, columns, strict=True):
                draw(ax, table, per, real(table["unit"].iloc[0], unit))
            axes[0].set_title(heading(named(words), 0.95 * inches() / len(columns)))
        if "cost" in main:
            caption = one_after_another((caption, *_said_of_cost(main)))
        title_and_caption(figure, title, caption)
    return figure


def draw_share_on_target(ax: "Axes", table: "pd.DataFrame", _per: float, _unit: str) -> None:
    """Draw the share of points at which each strategy reaches its target."""
    row = table.iloc[0]
    target = {"reached": named(row["reached"]), "target": amount(row["target"], row["unit"])}
    table = table.assign(**100 * table[["share_on_target", "share_low", "share_high"]])
    share = series_of(table, "share_on_target", "share_low", "share_high")
    axis = _("points with {reached} {target} [%], 95% intervals", **target)
    draw_whiskers(ax, _rows(table), [share], axis)
    ax.set_xlim(-3, 103)


def draw_regret(ax: "Axes", table: "pd.DataFrame", per: float, unit: str) -> None:
    """Draw the regret of each strategy: a dot at its mean, and a line to the largest where points can be told from luck."""
    columns = ["mean_regret", "mean_regret", "largest_regret"]
    regret = series_of(table.assign(**table[columns[1:]] / per), *columns)
    draw_whiskers(ax, _rows(table), [regret], _("regret [{unit}]: dot at the mean, line to the largest", unit=unit))


def draw_for_a_million(ax: "Axes", table: "pd.DataFrame", per: float, unit: str) -> None:
    """Draw what each strategy adds to the baseline for a million yuan: hollow where another one brings more for no more."""
    columns = ["per_million", "per_million_low", "per_million_high"]
    figures = (table[columns] / per).where(np.isfinite(table[columns]))
    series = series_of(figures, *columns)
    draw_whiskers(ax, _rows(table), [series], _("for a million yuan [{unit}], 95% intervals", unit=unit))
    for y, (value, word) in enumerate(zip(series.value, table["on_frontier"], strict=True)):
        if word == "no":
            ax.plot(value, y, "o", color="white", mec=SHADES[0], ms=5)


def _rows(table: "pd.DataFrame") -> list[str]:
    """Strategies, each with what it costs, where that is known."""
    names = [strategy_name(str(name), k) for k, name in enumerate(table["strategy"], start=2)]
    if "cost" not in table:
        return names
    per = sums(table["cost"])[0]
    return [
        _("{strategy} ({cost})", strategy=name, cost=number(cost / per))
        for name, cost in zip(names, table["cost"], strict=True)
    ]


def _said_of_cost(main: "pd.DataFrame") -> Iterator[str]:
    yield _(
        "In brackets: paid from the county's fund since the start, {unit}, mean of the points.",
        unit=sums(main["cost"])[1],
    )
    if "per_million" in main:
        yield _(
            "For a million: what a strategy adds to the baseline, for each million yuan paid; none where what is paid cannot be"
            " told from nothing. Hollow: another strategy, or none, has a better mean at no more cost."
        )

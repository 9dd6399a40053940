"""Robustness: how often each strategy is on target, and its regret; a row an outcome."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from villagesim.plots.captions import title_and_caption
from villagesim.plots.style import MM, drawn, inches
from villagesim.plots.whiskers import draw_whiskers, series_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def draw_robustness(main: "pd.DataFrame", titles: Mapping[str, str], title: str, caption: str) -> "Figure":
    """Draw share on target and regret of every strategy.

    Parameters
    ----------
    main : DataFrame
        ``outcome, unit, strategy, target, reached`` and the shares and regrets; ``reached`` says at which side of the target.
    titles : dict of str to str
        Of the outcomes, a row each.
    """
    from matplotlib import pyplot as plt

    n_strategies = main["strategy"].nunique()
    with drawn():
        figure, grid = plt.subplots(
            len(titles), 2, figsize=(inches(), (20 + 8 * n_strategies) * len(titles) / MM), layout="constrained",
            squeeze=False, sharey=True,
        )  # fmt: skip
        for (left, right), (name, words) in zip(grid, titles.items(), strict=True):
            table = main[main["outcome"] == name]
            draw_share_on_target(left, table)
            left.set_title(words)
            draw_regret(right, table)
        title_and_caption(figure, title, caption)
    return figure


def draw_share_on_target(ax: "Axes", table: "pd.DataFrame") -> None:
    """Draw the share of points at which each strategy reaches its target."""
    row = table.iloc[0]
    target = f"{row['reached']} {row['target']:,g} {row['unit']}"
    share = series_of(table, "share_on_target", "share_low", "share_high")
    draw_whiskers(ax, list(table["strategy"]), [share], f"share of points with {target}, 95% interval")
    ax.set_xlim(-0.03, 1.03)


def draw_regret(ax: "Axes", table: "pd.DataFrame") -> None:
    """Draw the regret of each strategy: from its mean to the largest, with a dot at 90% of the points."""
    regret = series_of(table, "regret_90", "mean_regret", "largest_regret")
    axis = f"regret [{table['unit'].iloc[0]}]: mean, dot at 90% of the points, largest"
    draw_whiskers(ax, list(table["strategy"]), [regret], axis)

"""Allocation: the score of each allocation that was run again, beside what it seemed to be when it was found."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from villagesim.plots.captions import title_and_caption
from villagesim.plots.style import settings
from villagesim.plots.whiskers import Series, draw_whiskers, series_of
from villagesim.wording import effect

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def draw_allocations(main: "pd.DataFrame", labels: Sequence[str], caption: str) -> "Figure":
    """Draw all allocations that were run again; the second one is the best of those found.

    Parameters
    ----------
    main : DataFrame
        ``allocation, score, low, high, score_when_found``.
    labels : sequence of str
        Policies in the order of the shares.
    """
    from matplotlib import pyplot as plt

    best = main.iloc[1]
    with plt.rc_context(settings()):
        figure, ax = plt.subplots(figsize=(9.5, 2.8 + 0.36 * len(main)), layout="constrained")
        draw_scores(ax, main)
        ax.set_title("Shares of " + " / ".join(labels))
        title = f"Best found: {best['allocation']}, {effect(best, 'score')} smallest differences from equal shares"
        title_and_caption(figure, title, caption)
    return figure


def draw_scores(ax: "Axes", main: "pd.DataFrame") -> None:
    """Draw each score with other luck, and without an interval what it seemed to be."""
    nothing = np.full(len(main), np.nan)
    series = [
        series_of(main, "score", "low", "high", label="with other luck"),
        Series("when it was found", main["score_when_found"].to_numpy(float), nothing, nothing),
    ]
    draw_whiskers(ax, list(main["allocation"]), series, "score against equal shares [smallest differences that matter]")

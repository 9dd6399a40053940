"""Allocation: the score of each allocation that was run again, beside what it seemed to be, and what it is made of."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from villagesim.outcomes import Outcome
from villagesim.plots.captions import title_and_caption
from villagesim.plots.style import MM, drawn, inches
from villagesim.plots.whiskers import Series, draw_whiskers, series_of
from villagesim.wording import percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

AXIS = "against equal shares [smallest differences that matter]"


def draw_allocations(
    main: "pd.DataFrame",
    gains: "pd.DataFrame",
    outcomes: Mapping[str, Outcome],
    title: str,
    labels: Sequence[str],
    caption: str,
) -> "Figure":
    """Draw all allocations that were run again; the first one is equal shares.

    Parameters
    ----------
    main : DataFrame
        ``allocation, score, low, high, score_when_found``, and the cap of each policy.
    gains : DataFrame
        ``allocation, outcome, margins, low, high``.
    labels : sequence of str
        Policies, columns of ``main``.
    """
    from matplotlib import pyplot as plt

    shares = main[list(labels)].div(main[list(labels)].sum(axis=1), axis=0)
    rows = [
        ", ".join(f"{label} {percent(share)}" for label, share in own.items() if share > 0) if k else "equal shares"
        for k, own in enumerate(shares.to_dict("records"))
    ]
    with drawn():
        size = (inches(), (30 + 11 * len(main)) / MM)
        figure, (left, right) = plt.subplots(1, 2, figsize=size, layout="constrained", sharey=True)
        draw_scores(left, main, rows)
        draw_gains(right, gains, outcomes, rows)
        title_and_caption(figure, title, caption)
    return figure


def draw_scores(ax: "Axes", main: "pd.DataFrame", rows: Sequence[str]) -> None:
    """Draw each score with other luck, and without an interval what it seemed to be."""
    nothing = np.full(len(main), np.nan)
    series = [
        series_of(main, "score", "low", "high", label="with other luck"),
        Series("when it was found", main["score_when_found"].to_numpy(float), nothing, nothing),
    ]
    draw_whiskers(ax, rows, series, f"score {AXIS}")
    ax.set_title("Score")


def draw_gains(ax: "Axes", gains: "pd.DataFrame", outcomes: Mapping[str, Outcome], rows: Sequence[str]) -> None:
    """Draw what each outcome gives to the score, before it is weighted."""
    series = [
        series_of(own, "margins", "low", "high", label=outcomes[str(name)].title)
        for name, own in gains.groupby("outcome", sort=False)
    ]
    draw_whiskers(ax, rows, series, f"gain {AXIS}")
    ax.set_title("Of which, unweighted")

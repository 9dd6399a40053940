"""Allocation: the score of each allocation that was run again, beside what it seemed to be, and what it is made of."""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.languages import _, marked, named
from villagesim.outcomes import Outcome
from villagesim.plots.captions import heading, legend_below, title_and_caption
from villagesim.plots.style import MM, abreast, drawn, inches
from villagesim.plots.whiskers import Series, dotted_in_words, draw_whiskers, series_of, width_of
from villagesim.wording import divided, label_in_words, number, one_after_another, real, scale, sums

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

EQUAL = marked("equal shares")
"""Name of the first allocation."""


def draw_allocations(
    main: "pd.DataFrame",
    gains: "pd.DataFrame",
    outcomes: Mapping[str, Outcome],
    title: str,
    labels: Sequence[str],
    caption: str,
) -> "Figure":
    """Draw all allocations that were run again: the score, and what each outcome is, in its unit; the first is equal shares.

    Parameters
    ----------
    main : DataFrame
        ``allocation, score, low, high, differs, score_when_found``, the cap of each policy, and ``cost`` where that is known.
    gains : DataFrame
        ``allocation, outcome, difference`` and its ends, ``differs`` and ``margins``.
    labels : sequence of str
        Policies, columns of ``main``.
    """
    from matplotlib import pyplot as plt

    names = list(gains["outcome"].unique())
    columns = abreast(1 + len(names), 58.0)
    rows = ceil((1 + len(names)) / columns)
    with drawn():
        size = (inches(), (24 + 13 * len(main)) * rows / MM)
        figure, grid = plt.subplots(rows, columns, figsize=size, layout="constrained", sharey=True, squeeze=False)
        per, unit = sums(main[[*labels, *main.columns.intersection(["cost"])]].to_numpy(float).flat)
        words = [_row(row, labels, per) for row in main.to_dict("records")]
        draw_scores(grid.flat[0], main, words)
        for ax, name in zip(grid.flat[1:], names, strict=False):
            draw_gain(ax, gains[gains["outcome"] == name], outcomes[name], words)
        for ax in grid.flat[1 + len(names) :]:
            ax.set_axis_off()
        legend_below(figure, *grid.flat[0].get_legend_handles_labels())
        said = _("Rows: what each policy may cost at most, {unit}; grey: differences too small to matter.", unit=unit)
        if "cost" in main:
            said = one_after_another((said, _("Paid: by the county's fund since the start.")))
        few = dotted_in_words(main) or dotted_in_words(gains)
        title_and_caption(figure, title, one_after_another((caption, said, few)))
    return figure


def draw_scores(ax: "Axes", main: "pd.DataFrame", rows: Sequence[str]) -> None:
    """Draw each score with other luck, and without an interval what it seemed to be."""
    nothing = np.full(len(main), np.nan)
    series = [
        series_of(main, "score", "low", "high", label=_("with other luck and endowments")),
        Series(_("when it was found"), main["score_when_found"].to_numpy(float), nothing, nothing),
    ]
    ax.axvspan(-1, 1, color="#E8E8E8", lw=0)
    draw_whiskers(ax, rows, series, _("score [smallest differences that matter]"), legend=False)
    ax.set_title(_("Score"))


def draw_gain(ax: "Axes", own: "pd.DataFrame", found: Outcome, rows: Sequence[str]) -> None:
    """Draw what an outcome is against equal shares."""
    columns = ["difference", "difference_low", "difference_high"]
    per, unit = scale(found.unit, float(own["difference"].abs().max()))
    margin = (own["difference"] / own["margins"]).abs().max() / per
    if np.isfinite(margin):
        ax.axvspan(-margin, margin, color="#E8E8E8", lw=0)
    series = series_of(divided(own, per, *columns), *columns)
    draw_whiskers(ax, rows, [series], _("difference [{unit}]", unit=real(found.unit, unit)))
    ax.set_title(heading(named(found.title), 0.6 * width_of(ax)))


def _row(row: Mapping[str, Any], labels: Sequence[str], per: float) -> str:
    """What an allocation gives to whom, and what was paid of it."""
    given = [(label_in_words(label), number(row[label] / per)) for label in labels if row[label]]
    said = _(", ").join(_("{what} {size}", what=what, size=size) for what, size in given)
    if row["allocation"] == EQUAL:
        said = _("equal shares: {sums}", sums=said)
    return _("{sums}; paid {paid}", sums=said, paid=number(row["cost"] / per)) if "cost" in row else said

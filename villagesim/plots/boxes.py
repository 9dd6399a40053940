"""Discovery: the limits of the boxes within the ranges of their factors, and the points over two of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from math import ceil, floor, inf
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.arrays import Bools
from villagesim.dates import month_label
from villagesim.languages import _
from villagesim.plots.captions import legend_under, title_and_caption, wrapped
from villagesim.plots.style import LEAST, MM, TEXT, drawn, inches
from villagesim.plots.sweeps import scaled
from villagesim.plots.whiskers import SHADES, tick_text
from villagesim.wording import factor_in_words, number, one_after_another, percent, percentage

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class FactorWords:
    """How factors and their values are written."""

    units: Mapping[str, str]
    dated: Collection[str]
    scales: Mapping[str, tuple[float, str]]

    @classmethod
    def of(cls, points: "pd.DataFrame", units: Mapping[str, str], dated: Collection[str]) -> "FactorWords":
        """Words for factors over these points."""
        return cls(units, dated, {path: scaled(points[path], unit) for path, unit in units.items()})

    def name(self, factor: str) -> str:
        """A factor with its unit."""
        return factor_in_words(factor, self.scales[factor][1])

    def value(self, factor: str, value: float) -> str:
        """A value in this unit, a date as its month."""
        return month_label(round(value)) if factor in self.dated else number(value / self.scales[factor][0])

    def limit(self, row: Mapping[Any, Any]) -> str:
        """Limits of a box in a factor, with its unit."""
        per, unit = self.scales[row["factor"]]
        said = limit(row, self.dated, per)
        return _("{limit} {unit}", limit=said, unit=unit) if unit else said

    def tick(self, factor: str, value: float, place: int | None = None) -> str:
        """A value as a mark of an axis, which says its place too."""
        return self.value(factor, value) if factor in self.dated else tick_text(value / self.scales[factor][0])


def limit(row: Mapping[Any, Any], dated: Collection[str], per: float = 1) -> str:
    """Limits of a box in a factor, on one side or on both, as one says them."""
    low, high = (
        "" if abs(end) == inf else month_label(inside(end)) if row["factor"] in dated else number(end / per)
        for end, inside in ((row["low"], ceil), (row["high"], floor))
    )
    if low and high:
        return _("{low} to {high}", low=low, high=high)
    return _("from {low}", low=low) if low else _("up to {high}", high=high)


def draw_boxes(
    points: "pd.DataFrame",
    boxes: "pd.DataFrame",
    quality: "pd.DataFrame",
    units: Mapping[str, str],
    dated: Collection[str],
    what: str,
) -> "Figure":
    """Draw the limits of all boxes, and the points over the two surest factors of the first one.

    Parameters
    ----------
    points : DataFrame
        ``missed`` and a column a factor, all numbers.
    boxes, quality : DataFrame
        From `find_boxes`.
    units : dict of str to str
        Of the factors.
    dated : collection of str
        Factors whose numbers are months since the year 0.
    what : str
        What is missed, and when.
    """
    from matplotlib import pyplot as plt

    missed, points = points["missed"].to_numpy(bool), points.drop(columns="missed")
    words = FactorWords.of(points, units, dated)
    factors = list(dict.fromkeys(boxes.sort_values("p", kind="stable").sort_values("box", kind="stable")["factor"]))
    shown = [*factors, *points.columns.drop(factors)][:2]
    with drawn():
        figure, (left, right) = plt.subplots(
            1, 2, figsize=(inches(), (70 + 6 * len(factors)) / MM), layout="constrained"
        )
        draw_limits(left, points, boxes, factors, words)
        draw_missed(right, points, missed, boxes, (shown[0], shown[-1]), words)
        caption = _(
            "Missed: {what}. Boxes were found on one half of the {n} points and judged on the other half; the shares are of the"
            " other half, with 95% intervals. Limits that chance would give in 5% or more are dropped.",
            what=what, n=len(points),
        )  # fmt: skip
        title = _("Under which conditions the target is missed")
        title_and_caption(figure, title, one_after_another((_said(quality), caption)))
    return figure


def draw_limits(
    ax: "Axes", points: "pd.DataFrame", boxes: "pd.DataFrame", factors: list[str], words: FactorWords
) -> None:
    """Draw the limits of the boxes as bars within the range of each factor."""
    small: dict[str, Any] = {"textcoords": "offset points", "fontsize": LEAST}
    for y, factor in enumerate(factors):
        low, high = points[factor].min(), points[factor].max()
        ax.plot([0, 1], [y, y], color="#bbbbbb", lw=1)
        for x, end, side in ((0, low, "left"), (1, high, "right")):
            ax.annotate(words.value(factor, end), (x, y), (0, 7), color="#666666", ha=side, **small)
        for row in boxes[boxes["factor"] == factor].to_dict("records"):
            ends = [(end - low) / (high - low) for end in (max(row["low"], low), min(row["high"], high))]
            height, colour = y + 0.16 * row["box"], SHADES[(row["box"] - 1) % len(SHADES)]
            ax.plot(ends, [height, height], color=colour, lw=5, solid_capstyle="butt")
            said = limit(row, dated=words.dated, per=words.scales[factor][0])
            ax.annotate(
                _("box {n}: {limit}", n=row["box"], limit=said), (max(ends), height), (4, -3), color=colour, **small
            )
    ax.set_yticks(range(len(factors)), [wrapped(words.name(factor), 0.8) for factor in factors])
    ax.set_xlim(-0.03, 1.25)
    ax.set_ylim(len(factors) - 0.3, -0.6)
    ax.set_xticks([0, 1], [_("lowest value"), _("highest value")])
    ax.set_title(_("Limits of the boxes, within the range of each factor"))


def draw_missed(
    ax: "Axes",
    points: "pd.DataFrame",
    missed: Bools,
    boxes: "pd.DataFrame",
    shown: tuple[str, str],
    words: FactorWords,
) -> None:
    """Draw the points over two factors, those that miss marked, with the first box around them."""
    from matplotlib.patches import Rectangle
    from matplotlib.ticker import MaxNLocator

    for which, mark, colour, label in (
        (~missed, "o", "#bbbbbb", _("target reached")),
        (missed, "X", SHADES[1], _("target missed")),
    ):
        x, y = (points.loc[which, factor] for factor in shown)
        ax.scatter(x, y, s=22, marker=mark, c=colour, edgecolors="white", linewidths=0.4, label=label)
    first = boxes[boxes["box"] == 1].set_index("factor")
    if len(first):
        ends = points.agg(["min", "max"])
        ends[first.index] = np.clip(first[["low", "high"]].T.to_numpy(), *ends[first.index].to_numpy())
        (x0, x1), (y0, y1) = (ends[factor] for factor in shown)
        ax.add_patch(Rectangle((x0, y0), x1 - x0, y1 - y0, fill=False, ec=SHADES[0], lw=1.8, label=_("box {n}", n=1)))
    for axis, factor in zip((ax.xaxis, ax.yaxis), shown, strict=True):
        axis.set_label_text(wrapped(words.name(factor), 2.0, TEXT))
        axis.set_major_formatter(partial(words.tick, factor))
        if factor in words.dated:
            axis.set_major_locator(MaxNLocator(nbins="auto", steps=[1, 2, 5, 10], integer=True))
    legend_under(ax, 2)
    ax.set_title(_("All points over two factors"))


def _said(quality: "pd.DataFrame") -> str:
    if not quality["clear"].any():
        return _("No condition was found under which the target is missed clearly more often.")
    row, base = quality[quality["clear"]].iloc[0], quality.iloc[0]
    return _(
        "Missed at {share} of the points of box {n}, and at {all} of all points.",
        share=percentage(row, "density", "density_low", "density_high"), n=f"{row['box']:.0f}", all=percent(base["density"]),
    )  # fmt: skip

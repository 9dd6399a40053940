"""Under which conditions a strategy misses its target: boxes in the space of what is not known, found by PRIM.

Boxes are found on the even points and judged on the odd ones, as a box always looks better where it was found. Every point
has luck of its own. Map and endowments are those of draw 0 at all points, but where a factor `draw` varies them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from math import ceil, floor, inf
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from villagesim.arrays import Bools
from villagesim.checks import whole
from villagesim.dates import month_label
from villagesim.design import Design, Factor, in_words, latin_hypercube, uncertain
from villagesim.errors import DesignError, OutcomeError
from villagesim.outcomes import outcome
from villagesim.outcomes.criterion import check_level
from villagesim.questions.question import (
    Answer,
    Question,
    Runs,
    check_names,
    last_month,
    values,
)
from villagesim.runs.sweep import Sweep
from villagesim.statistics.boxes import find_boxes, prim
from villagesim.statistics.regret import on_target

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, kw_only=True)
class Discovery(Question):
    """Under which conditions a strategy misses its target.

    Attributes
    ----------
    strategy : str
    outcome : str
    target : float
        Value to be reached, in the outcome's unit.
    at : str, optional
        Month, as 2025-12; the last of the run by default.
    factors : tuple of Factor
        All assumptions over their ranges where none are given.
    n : int
        Points, one half to find boxes, the other to judge them.
    replications : int
        Of each point, whose mean is judged.
    most_boxes : int
    """

    name: ClassVar[str] = "discover"
    strategy: str
    outcome: str
    target: float
    at: str | None = None
    factors: tuple[Factor, ...] = ()
    n: int = 400
    replications: int = 1
    most_boxes: int = 3

    def __post_init__(self) -> None:
        whole(self.n, "n", least=40, error=DesignError)
        whole(self.replications, "replications", least=1, error=DesignError)
        whole(self.most_boxes, "most_boxes", least=1, error=DesignError)

    def answer(self, runs: Runs) -> Answer:
        """Run the strategy at all points, and look where it misses."""
        check_names(runs.scenario, [self.strategy], [self.outcome])
        if outcome(self.outcome).direction == 0:
            raise OutcomeError(f"{self.outcome}: neither more nor less of it is better.", fix="Choose another outcome.")
        check_level(self.outcome, self.target)
        prim()  # refused now rather than after the runs
        design = latin_hypercube(self.factors or tuple(uncertain(runs.scenario)), self.n, runs.seed)
        found = runs.sweep(
            "points", design, strategies=[self.strategy], replications=self.replications, own_luck=True,
            outcomes=[self.outcome], at=self.at,
        )  # fmt: skip
        return self.of(found)

    def of(self, found: Sweep) -> Answer:
        """Answer from a sweep that was run before."""
        means = values(found, self.outcome)[found.strategies.index(self.strategy)].mean(axis=1)
        whole, month = np.isfinite(means), last_month(found.scenario, self.at)
        if not whole.any():
            raise OutcomeError(
                f"{self.outcome} of {self.strategy!r} is not defined at any point at the end of {month}.",
                fix="Choose another outcome or a later month.",
            )
        points = found.design.numbers.loc[whole].reset_index(drop=True)
        missed = ~on_target(means[np.newaxis, whole], outcome(self.outcome).direction, self.target)[0]
        boxes, quality = find_boxes(points, missed, self.most_boxes)
        boxes = boxes.assign(limit=[_in_words(row, found.design) for row in boxes.to_dict("records")])
        rows = points.assign(missed=missed)
        return Answer(
            self._headline(boxes, quality, month, int((~whole).sum())),
            {"discover": boxes, "quality": quality, "points": rows},
            partial(_draw, found.design, points, missed, boxes, quality, f"{self._what()}, end of {month}"),
        )

    def _what(self) -> str:
        found = outcome(self.outcome)
        side = "below" if found.direction > 0 else "above"
        return f"{found.title} of {self.strategy!r} {side} {self.target:,g} {found.unit}"

    def _headline(self, boxes: "pd.DataFrame", quality: "pd.DataFrame", month: str, n_left_out: int) -> str:
        everywhere = quality.iloc[0]
        words = [
            f"{self._what()} at the end of {month}: at {everywhere['density']:.0%} of the points"
            f" ({everywhere['density_low']:.0%} to {everywhere['density_high']:.0%})."
        ]
        for row in quality.iloc[1:].to_dict("records"):
            which = "Box 1" if row["box"] == 1 else f"Outside of that, box {row['box']:.0f}"
            share = f"{row['density']:.0%} of its points ({row['density_low']:.0%} to {row['density_high']:.0%})"
            words.append(
                f"{which} ({_limits(boxes, row['box'])}): {share}, which are {row['coverage']:.0%} of all misses, judged on"
                " points it was not found on."
                if row["clear"]
                else f"{which} ({_limits(boxes, row['box'])}) is not confirmed by points it was not found on:"
                f" {share if row['n'] else 'none lies in it'}."
            )
        if not quality["clear"].any():
            words.append("No condition was found under which it misses clearly more often.")
        if n_left_out:
            words.append(f"{n_left_out} points are left out, where a run failed or the outcome is not defined.")
        return " ".join(words)


def _limits(boxes: "pd.DataFrame", box: int) -> str:
    """Limits of a box in words."""
    rows = boxes[boxes["box"] == box].to_dict("records")
    return ", ".join(f"{in_words(row['factor'])} {row['limit']}" for row in rows)


def _in_words(row: Mapping[Any, Any], design: Design) -> str:
    """A limit on one side, or on both."""
    low, high = (
        "" if abs(end) == inf else _written(design, row["factor"], end, inside)
        for end, inside in ((row["low"], ceil), (row["high"], floor))
    )
    return f"{low} to {high}" if low and high else f"from {low}" if low else f"up to {high}"


def _written(design: Design, factor: str, value: float, whole: Callable[[float], int] = round) -> str:
    """A value of a factor; a date, which is a number of months here, as its month."""
    dated = isinstance(design.points[factor].iloc[0], date)
    return month_label(whole(value)) if dated else f"{value:.3g}"


def _draw(
    design: Design, points: "pd.DataFrame", missed: Bools, boxes: "pd.DataFrame", quality: "pd.DataFrame", what: str
) -> "Figure":
    """Limits of the boxes within the ranges, and the points over the two surest factors of the first box."""
    from matplotlib import pyplot as plt
    from matplotlib.patches import Rectangle

    from villagesim.plots.captions import title_and_caption
    from villagesim.plots.style import settings
    from villagesim.plots.whiskers import SHADES

    factors = list(dict.fromkeys(boxes.sort_values("p", kind="stable").sort_values("box", kind="stable")["factor"]))
    shown = [*factors, *points.columns.drop(factors)][:2]
    with plt.rc_context(settings()):
        figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.6 + 0.25 * len(factors)), layout="constrained")
        for y, factor in enumerate(factors):
            low, high = points[factor].min(), points[factor].max()
            left.plot([0, 1], [y, y], color="#bbbbbb", lw=1)
            for x, end, side in ((0, low, "left"), (1, high, "right")):
                said = _written(design, factor, end)
                left.annotate(said, (x, y), (0, 7), textcoords="offset points", fontsize=7, color="#666666", ha=side)
            for row in boxes[boxes["factor"] == factor].to_dict("records"):
                ends = [(end - low) / (high - low) for end in (max(row["low"], low), min(row["high"], high))]
                height, colour = y + 0.16 * row["box"], SHADES[(row["box"] - 1) % len(SHADES)]
                left.plot(ends, [height, height], color=colour, lw=5, solid_capstyle="butt")
                said = f"box {row['box']}: {row['limit']}"
                left.annotate(
                    said, (max(ends), height), (4, -3), textcoords="offset points", fontsize=7.5, color=colour
                )
        left.set_yticks(range(len(factors)), [in_words(f) for f in factors], fontsize=8)
        left.set_xlim(-0.03, 1.25)
        left.set_ylim(len(factors) - 0.3, -0.6)
        left.set_xticks([0, 1], ["lowest", "highest"])
        left.set_title("Limits of the boxes, within the range of each factor")
        for which, mark, colour, label in ((~missed, "o", "#bbbbbb", "on target"), (missed, "X", SHADES[1], "missed")):
            x, y = (points.loc[which, factor] for factor in (shown[0], shown[-1]))
            right.scatter(x, y, s=22, marker=mark, c=colour, edgecolors="white", linewidths=0.4, label=label)
        first = boxes[boxes["box"] == 1].set_index("factor")
        if len(first):
            ends = points.agg(["min", "max"])
            ends[first.index] = np.clip(first[["low", "high"]].T.to_numpy(), *ends[first.index].to_numpy())
            (x0, x1), (y0, y1) = ends[shown[0]], ends[shown[-1]]
            right.add_patch(Rectangle((x0, y0), x1 - x0, y1 - y0, fill=False, ec=SHADES[0], lw=1.8, label="box 1"))
        for axis, factor in ((right.xaxis, shown[0]), (right.yaxis, shown[-1])):
            axis.set_label_text(in_words(factor))
            axis.set_major_formatter(lambda value, _, factor=factor: _written(design, factor, value))
        right.legend(fontsize=8, frameon=False, loc="upper left", bbox_to_anchor=(0, -0.14), ncols=3)
        right.set_title("All points over two factors")
        if quality["clear"].any():
            row, base = quality[quality["clear"]].iloc[0], quality.iloc[0]
            title = (
                f"Missed at {row['density']:.0%} ({row['density_low']:.0%} to {row['density_high']:.0%}) of the points of"
                f" box {row['box']:.0f}, and at {base['density']:.0%} of all points"
            )
        else:
            title = "No condition was found under which the target is missed clearly more often"
        title_and_caption(
            figure, title,
            f"Missed: {what}. Boxes were found on one half of the {len(points)} points and judged on the other half; the"
            " shares are of the other half, with 95% intervals. Limits that chance would give in 5% or more are dropped.",
        )  # fmt: skip
    return figure

"""Under which conditions a strategy misses its target: boxes in the space of what is not known, found by PRIM.

Boxes are found on the even points and judged on the odd ones, as a box always looks better where it was found. Every point
has luck of its own. Map and endowments are those of draw 0 at all points, but where a factor `draw` varies them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, inf
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from villagesim.checks import size, whole
from villagesim.dates import month_label
from villagesim.design import Design, Factor, held, in_words, latin_hypercube, uncertain
from villagesim.errors import DesignError, OutcomeError
from villagesim.outcomes import Outcome
from villagesim.outcomes.criterion import check_level
from villagesim.plots.boxes import draw_boxes
from villagesim.questions.answer import Answer
from villagesim.questions.question import Chosen, Question, Runs, check_names, last_month, values
from villagesim.runs.sweep import Swept
from villagesim.statistics.boxes import find_boxes, prim
from villagesim.statistics.regret import on_target
from villagesim.wording import number, percent, percentage

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


DENSITY = ("density", "density_low", "density_high")
"""Columns of the share of misses in a box and its interval."""


@dataclass(frozen=True, kw_only=True)
class Discovery(Question):
    """Under which conditions a strategy misses its target.

    Attributes
    ----------
    strategy : name or mapping of a name to policies
        Its name in the scenario.
    outcome : str
        What has a target.
    target : float
        Reached where the outcome is at least (or at most, where less is better) so much [that of the outcome].
    at : str
        Month, as ``"2023-12"``; the last of the run by default.
    factors : tuple of Factor
        What is varied; all that is not well known, over its range, where none are given.
    n : int
        Points, one half to find conditions, the other to judge them.
    replications : int
        Of each point, with luck of its own; their mean is judged.
    most_boxes : int
        Conditions looked for.
    """

    name: ClassVar[str] = "discover"
    read_as: ClassVar[Mapping[str, Any]] = {"strategy": str}
    strategy: Chosen
    outcome: str
    target: float
    at: str | None = None
    factors: tuple[Factor, ...] = ()
    n: int = 400
    replications: int = 1
    most_boxes: int = 3

    def __post_init__(self) -> None:
        size(self.n, "n", least=40, error=DesignError)
        size(self.replications, "replications", least=1, error=DesignError)
        whole(self.most_boxes, "most_boxes", least=1, error=DesignError)

    def answer(self, runs: Runs) -> Answer:
        """Run the strategy at all points, and look where it misses."""
        check_names(runs.scenario, [self.chosen], [self.outcome])
        if runs.scenario.outcomes[self.outcome].direction == 0:
            raise OutcomeError(f"{self.outcome}: neither more nor less of it is better.", fix="Choose another outcome.")
        check_level(self.outcome, self.target, runs.scenario.outcomes)
        prim()  # refused now rather than after the runs
        design = latin_hypercube(self.factors or tuple(uncertain(runs.scenario, [self.chosen])), self.n, runs.seed)
        found = runs.sweep(
            "points", design, strategies=[self.chosen], replications=self.replications, independent_points=True,
            outcomes=[self.outcome], at=self.at,
        )  # fmt: skip
        return self.of(found)

    def of(self, found: Swept) -> Answer:
        """Answer from a sweep that was run before."""
        means = values(found, self.outcome)[found.strategies.index(self.chosen)].mean(axis=1)
        whole, month = np.isfinite(means), last_month(found.scenario, self.at)
        if not whole.any():
            raise OutcomeError(
                f"{self.outcome} of {self.chosen!r} is not defined at any point at the end of {month}.",
                fix="Choose another outcome or a later month.",
            )
        points = found.design.numbers.loc[whole].reset_index(drop=True)
        outcome = found.scenario.outcomes[self.outcome]
        what = self._what(outcome)
        missed = ~on_target(means[np.newaxis, whole], outcome.direction, self.target)[0]
        boxes, quality = find_boxes(points, missed, self.most_boxes)
        boxes = boxes.assign(limit=[_in_words(row, found.design) for row in boxes.to_dict("records")])
        rows = points.assign(missed=missed)
        names = {path: in_words(path) for path in points}
        dated = [path for path in points if _is_dated(found.design, path)]
        return self.said(
            self._headline(what, boxes, quality, month, int((~whole).sum())),
            {"discover": boxes, "quality": quality, "points": rows,
             "held": held(found.scenario, found.design.factors, [self.chosen])},
            names=names, dated=list(dated), what=f"{what}, end of {month}",
        )  # fmt: skip

    @staticmethod
    def draw(answer: Answer, name: str) -> "Figure":
        """Draw the limits of the boxes, and the points over two factors."""
        boxes, quality, points = (answer.tables[table] for table in ("discover", "quality", "points"))
        return draw_boxes(points, boxes, quality, **answer.facts)

    def _what(self, found: Outcome) -> str:
        side = "below" if found.direction > 0 else "above"
        return f"{found.title} of {self.chosen!r} {side} {self.target:,g} {found.unit}"

    def _headline(self, what: str, boxes: "pd.DataFrame", quality: "pd.DataFrame", month: str, n_left_out: int) -> str:
        everywhere = quality.iloc[0]
        words = [f"{what} at the end of {month}: at {percentage(everywhere, *DENSITY)} of the points."]
        for row in quality.iloc[1:].to_dict("records"):
            which = "Box 1" if row["box"] == 1 else f"Outside of that, box {row['box']:.0f}"
            share = f"{percentage(row, *DENSITY)} of its points"
            words.append(
                f"{which} ({_limits(boxes, row['box'])}): {share}, which are {percent(row['coverage'])} of all misses, judged on"
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
        "" if abs(end) == inf else month_label(inside(end)) if _is_dated(design, row["factor"]) else f"{number(end)}"
        for end, inside in ((row["low"], ceil), (row["high"], floor))
    )
    return f"{low} to {high}" if low and high else f"from {low}" if low else f"up to {high}"


def _is_dated(design: Design, factor: str) -> bool:
    """Whether the values of a factor are dates, which are numbers of months here."""
    return isinstance(design.points[factor].iloc[0], date)

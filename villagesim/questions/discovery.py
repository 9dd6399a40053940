"""Under which conditions a strategy misses its target: boxes in the space of what is not known, found by PRIM.

Boxes are found on the even points and judged on the odd ones, as a box always looks better where it was found. Every point
has luck of its own. Map and endowments are those of draw 0 at all points, but where a factor `draw` varies them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from villagesim.checks import size, whole
from villagesim.design import Design, Factor, held, in_words, latin_hypercube, uncertain, unit_of
from villagesim.errors import DesignError, OutcomeError
from villagesim.languages import _, named
from villagesim.outcomes import Outcome
from villagesim.outcomes.criterion import check_level
from villagesim.plots.boxes import FactorWords, draw_boxes, limit
from villagesim.questions.answer import Answer
from villagesim.questions.question import Chosen, Question, Runs, check_names, last_month, values
from villagesim.runs.sweep import Swept
from villagesim.statistics.boxes import find_boxes, prim
from villagesim.statistics.regret import on_target
from villagesim.wording import month, one_after_another, percent, percentage, quoted, scale

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
        whole, at = np.isfinite(means), last_month(found.scenario, self.at)
        if not whole.any():
            raise OutcomeError(
                f"{self.outcome} of {self.chosen!r} is not defined at any point at the end of {at}.",
                fix="Choose another outcome or a later month.",
            )
        points = found.design.numbers.loc[whole].reset_index(drop=True)
        outcome = found.scenario.outcomes[self.outcome]
        missed = ~on_target(means[np.newaxis, whole], outcome.direction, self.target)[0]
        boxes, quality = find_boxes(points, missed, self.most_boxes)
        rows, left_out = points.assign(missed=missed), int((~whole).sum())
        dated = [path for path in points if _is_dated(found.design, path)]
        boxes = boxes.assign(limit=[limit(row, dated) for row in boxes.to_dict("records")])
        units = {path: unit_of(path, found.scenario) for path in points}
        tables = {"discover": boxes, "quality": quality, "points": rows}
        return self.said(
            lambda: self._headline(self._what(outcome), boxes, quality, at, FactorWords.of(points, units, dated), left_out),
            {**tables, "held": held(found.scenario, found.design.factors, [self.chosen])},
            units=units, dated=dated,
            what=lambda: _("{what}, end of {month}", what=self._what(outcome), month=month(at)),
        )  # fmt: skip

    @staticmethod
    def draw(answer: Answer, name: str) -> "Figure":
        """Draw the limits of the boxes, and the points over two factors."""
        boxes, quality, points = (answer.tables[table] for table in ("discover", "quality", "points"))
        facts = answer.facts
        return draw_boxes(points, boxes, quality, facts["units"], facts["dated"], answer.fact("what"))

    def _what(self, found: Outcome) -> str:
        per, unit = scale(found.unit, self.target)
        places = {"title": named(found.title), "strategy": quoted(self.chosen)}
        places |= {"target": f"{self.target / per:,g}", "unit": unit}
        if found.direction > 0:
            return _("{title} of {strategy} below {target} {unit}", **places)
        return _("{title} of {strategy} above {target} {unit}", **places)

    def _headline(
        self, what: str, boxes: "pd.DataFrame", quality: "pd.DataFrame", at: str, factors: FactorWords, n_left_out: int
    ) -> str:
        share = percentage(quality.iloc[0], *DENSITY)
        words = [_("{what} at the end of {month}: at {share} of the points.", what=what, month=month(at), share=share)]
        for row in quality.iloc[1:].to_dict("records"):
            places = {"n": f"{row['box']:.0f}", "limits": _limits(boxes, row["box"], factors)}
            places |= {"share": percentage(row, *DENSITY), "of_all": percent(row["coverage"])}
            which = _("Box {n} ({limits})") if row["box"] == 1 else _("Outside of that, box {n} ({limits})")
            places["which"] = which.format(**places)
            if row["clear"]:
                words.append(
                    _(
                        "{which}: {share} of its points, which are {of_all} of all misses, judged on points it was not found"
                        " on.", **places,
                    )
                )  # fmt: skip
            elif row["n"]:
                words.append(
                    _("{which} is not confirmed by points it was not found on: {share} of its points.", **places)
                )
            else:
                words.append(_("{which} is not confirmed by points it was not found on: none lies in it.", **places))
        if not quality["clear"].any():
            words.append(_("No condition was found under which it misses clearly more often."))
        if n_left_out:
            words.append(_("{n} points are left out, where a run failed or the outcome is not defined.", n=n_left_out))
        return one_after_another(words)


def _limits(boxes: "pd.DataFrame", box: int, factors: FactorWords) -> str:
    """Limits of a box in words."""
    rows = boxes[boxes["box"] == box].to_dict("records")
    return _(", ").join(_("{factor} {limit}", factor=in_words(row["factor"]), limit=factors.limit(row)) for row in rows)


def _is_dated(design: Design, factor: str) -> bool:
    """Whether the values of a factor are dates, which are numbers of months here."""
    return isinstance(design.points[factor].iloc[0], date)

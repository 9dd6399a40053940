"""Sweeps: the same strategies and replications at every point of a design, results joined to inputs by point."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from villagesim.arrays import Floats
from villagesim.design import Design, in_words
from villagesim.design.files import design_of, read_factor
from villagesim.errors import DesignError
from villagesim.files.tables import checked
from villagesim.outcomes import Outcome
from villagesim.questions.answer import Answer
from villagesim.questions.files import SweepFile, listed
from villagesim.questions.margin import margin
from villagesim.questions.question import Question, Runs, Strategies
from villagesim.runs.runner import ExecutorFactory, Progress
from villagesim.runs.sweep import joined
from villagesim.runs.table import RunTable
from villagesim.scenario import NO_MERGER, Scenario
from villagesim.statistics.differences import UNBOUNDED, difference_intervals, paired
from villagesim.statistics.intervals import verdict

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False, repr=False)
class SweepAnswer(Answer):
    """Results of all points of a design."""

    @property
    def strategies(self) -> tuple[str, ...]:
        """Strategies in the order of the scenario."""
        return tuple(self.facts["strategies"])

    @property
    def points(self) -> "pd.DataFrame":
        """What each point sets: a row a point, a column a factor."""
        points = self.stages[""].points
        assert points is not None
        return points.set_index("point")

    @property
    def table(self) -> RunTable:
        """The runs by label."""
        return RunTable(self.stages[""].runs, self.strategies, self.failures, self.points.index.tolist())

    def values(self, name: str, at: str | None = None) -> Floats:
        """Values of an outcome, ``(n_strategies, n_points, n_replications)``; NaN where a run failed."""
        return self.table.at(name, at)

    def joined(self) -> "pd.DataFrame":
        """Results with the inputs of their point beside them."""
        return joined(self.runs, self.points)

    def drawing(self, name: str) -> "Callable[..., Figure]":
        """What draws a figure."""
        return self.drawn

    def drawn(self, *, outcome: str | None = None, at: str | None = None) -> "Figure":
        """Draw an outcome (by default the first) over the design: a heat map of two factors of a grid, else panels.

        Differences to the baseline in the same replications where it was run too; else to the first point, where all points
        have the same luck; else the means of the points.
        """
        return _figure(self, outcome, at)


@dataclass(frozen=True, kw_only=True)
class Sweep(Question):
    """What comes out at every point of a design.

    Attributes
    ----------
    design : Design
    strategies : names, or mapping of names to policies, optional
        All of the scenario by default.
    replications : int
        How often each strategy is run at each point; the same luck at every point, so that points are paired.
    independent_points : bool
        Each point has luck of its own, the same for all strategies: the first replications of all points are numbered one
        after the other, then the second ones. Needed wherever a mean, a share or a spread over the points is taken, as luck
        that all points share does not average out, however many there are. A factor ``replication`` goes before it.
    outcomes : names, optional
        All by default; the first is drawn.
    at : month or months, optional
        Those to keep, as 2025-12; the last of the run by default.
    """

    name: ClassVar[str] = "sweep"
    answers: ClassVar[type[Answer]] = SweepAnswer
    design: Design
    strategies: Strategies | None = None
    replications: int = 1
    independent_points: bool = False
    outcomes: str | Sequence[str] | None = None
    at: str | Sequence[str] | None = None

    @classmethod
    def read(cls, content: dict[str, Any], scenario: Scenario, folder: Path, seed: int) -> "Sweep":
        """Make a sweep of the keys of its file, and its design."""
        factors = listed(content, "factor", read_factor, scenario)
        file: SweepFile = checked(SweepFile, content, DesignError)
        design = design_of(file.design, factors, folder, seed).resolved(scenario)
        return cls(
            design=design,
            strategies=file.strategies,
            replications=file.replications,
            outcomes=file.outcomes,
            at=file.at,
        )

    def answer(self, runs: Runs) -> Answer:
        """Run all points, and say between which values each outcome lies."""
        what = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "design"}
        if isinstance(self.outcomes, str):
            what["outcomes"] = (self.outcomes,)
        found = runs.sweep("", self.design, **what)
        main = spans(found.runs)
        n, paths, chance = len(found.design.points), list(found.design.paths), found.runs.n_replications
        shown = [path for path in paths if path != "replication"] or ["replication"]
        return self.said(
            f"{n} points ({self.design.kind.replace('_', ' ')}) over {len(paths)} factors, strategies:"
            f" {', '.join(found.strategies)}.",
            {"sweep": main},
            strategies=list(found.strategies), labels={path: in_words(path, runs.scenario) for path in shown},
            kind=self.design.kind, replications=chance, seed=runs.seed,
        )  # fmt: skip

    def kept(self) -> dict[str, Any]:
        """Fields as the manifest keeps them; of the design it keeps a hash of its points."""
        return {name: value for name, value in super().kept().items() if name != "design"}

    def own_design(self, scenario: Scenario, seed: int) -> Design:
        """Its design."""
        return self.design

    @staticmethod
    def draw(answer: Answer, name: str) -> "Figure":
        """Draw the first outcome in the last month."""
        assert isinstance(answer, SweepAnswer)
        return _figure(answer, None, None)


def sweep(
    scenario: Scenario,
    design: Design,
    *,
    seed: int = 1,
    strategies: Strategies | None = None,
    replications: int = 1,
    independent_points: bool = False,
    outcomes: str | Sequence[str] | None = None,
    at: str | Sequence[str] | None = None,
    workers: int | None = None,
    out: str | Path | None = None,
    resume: bool = False,
    executors: ExecutorFactory | None = None,
    progress: Progress | None = None,
) -> SweepAnswer:
    """Run every point of a design.

    Short for :class:`Sweep` and its ``ask``, which say what the arguments mean.

    Raises
    ------
    VillagesimError
        Where a name is unknown, a point cannot be run, or the folder cannot be used.
    """
    question = Sweep(
        design=design,
        strategies=strategies,
        replications=replications,
        independent_points=independent_points,
        outcomes=outcomes,
        at=at,
    )
    answer = question.ask(
        scenario, seed, workers=workers, out=out, resume=resume, executors=executors, progress=progress
    )
    assert isinstance(answer, SweepAnswer)
    return answer


def spans(runs: RunTable) -> "pd.DataFrame":
    """Between which values outcomes lie over all points in the last month: the least, median and largest mean of a point."""
    import pandas as pd

    rows = []
    for name in runs.outcomes:
        means = _means(runs, name)
        for strategy, own in zip(runs.strategies, means, strict=True):
            row = {"outcome": name, "strategy": strategy, "at": runs.months[-1]}
            column = pd.Series(own)
            rows.append(row | {"least": column.min(), "median": column.median(), "most": column.max()})
    return pd.DataFrame(rows)


def _means(runs: RunTable, name: str, at: str | None = None) -> Floats:
    """Mean of the replications of every point, ``(n_strategies, n_points)``, of those that are defined."""
    found: Floats = np.ma.masked_invalid(runs.at(name, at)).mean(axis=2).filled(np.nan)
    return found


def _figure(answer: SweepAnswer, name: str | None, at: str | None) -> "Figure":
    from villagesim.plots.sweeps import draw_heat_map, draw_points

    runs, labels = answer.table, answer.facts["labels"]
    found = answer.known.outcomes[name or runs.outcomes[0]]
    month = at or runs.months[-1]
    table, against = _compared(answer, found, month)
    n, chance, kind = len(answer.points), answer.facts["replications"], answer.facts["kind"].replace("_", " ")
    each = f"each {chance} replications" if chance > 1 else "one replication each: chance is in every point"
    caption = f"At the end of {month}. {against} {n} points ({kind}), {each}, seed {answer.facts['seed']}."
    said: dict[str, str] = {"unit": found.unit, "title": f"{found.title}, point by point of the design"}
    orders = {strategy: answer.known.order(strategy) for strategy in answer.strategies}
    if answer.facts["kind"] == "grid" and len(labels) == 2 and table["margin"].notna().any():
        caption += " Coloured: clearly better or worse; white: too small to matter; hatched: undecided."
        return draw_heat_map(table, labels, **said, caption=caption)
    if table["margin"].notna().any():
        caption += " Grey: too small to matter."
    lines = " Lines: 95% intervals of the mean." if len(labels) == 1 and chance > 1 else ""
    return draw_points(table, labels, orders, **said, caption=caption + lines)


def _compared(answer: SweepAnswer, found: Outcome, month: str) -> tuple["pd.DataFrame", str]:
    """A row a strategy and point, with ``value, low, high, margin, verdict``, and in words what it is held against."""
    import pandas as pd

    runs, baseline = answer.table, answer.known.baseline
    values, strategies = runs.at(found.name, month), list(runs.strategies)
    matters = margin(answer.known, found.name, values, strategies.index(baseline) if baseline in strategies else 0)
    others = [s for s in strategies if s != baseline and not (s == NO_MERGER and found.per_village)]
    shown = others if baseline in strategies and others else strategies
    if shown is others:
        x = paired(values, values[strategies.index(baseline)])
        said = f"Differences to {baseline} in the same replications."
    elif not answer.about.get("independent_points") and len(answer.points) > 1:
        x, said = paired(values, values[:, :1]), "Differences to the first point in the same replications."
    else:
        x, said, matters = values, "Means.", np.nan
    rows = []
    for strategy in shown:
        intervals = difference_intervals(
            x[strategies.index(strategy)], found.bounds if matters == matters else UNBOUNDED
        )
        table = answer.points[list(answer.facts["labels"])].assign(strategy=strategy, margin=matters)
        table["value"], table["low"], table["high"] = zip(*((d.mean, d.low, d.high) for d in intervals), strict=True)
        words = [verdict(d, matters, found.direction).word if matters == matters else "-" for d in intervals]
        rows.append(table.assign(verdict=words))
    return pd.concat(rows).rename_axis(index="point").reset_index(), said

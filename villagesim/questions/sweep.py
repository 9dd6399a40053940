"""Sweeps: the same strategies and replications at every point of a design, results joined to inputs by point."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from villagesim.arrays import Floats, Ints
from villagesim.design import Design, unit_of
from villagesim.design.files import design_of, read_factor
from villagesim.errors import DesignError
from villagesim.files.tables import checked
from villagesim.languages import _, marked, named
from villagesim.outcomes import Outcome
from villagesim.plots.style import readable
from villagesim.plots.whiskers import ends_seen
from villagesim.questions.answer import Answer
from villagesim.questions.files import SweepFile, listed
from villagesim.questions.margin import margin
from villagesim.questions.over_time import barred
from villagesim.questions.question import Question, Runs, Strategies
from villagesim.runs.runner import ExecutorFactory, Progress
from villagesim.runs.sweep import joined
from villagesim.runs.table import RunTable
from villagesim.scenario import NO_MERGER, Scenario
from villagesim.statistics.differences import UNBOUNDED, difference_intervals, paired
from villagesim.statistics.intervals import verdict
from villagesim.wording import factor_in_words, month, one_after_another

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


FIRST, NOTHING = marked("the first point"), "-"
"""What points are held against where the baseline was not run."""
FUND, PAID = "fund.yearly", "support_cost"
KINDS = {
    "grid": marked("grid"), "table": marked("table"), "latin_hypercube": marked("latin hypercube"), "morris": "Morris",
    "sobol": "Sobol'",
}  # fmt: skip
"""Kinds of designs, in words."""


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
        """Draw an outcome (by default all that are shown) over the design: heat maps of two factors of a grid, else panels.

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
            independent_points=file.independent_points,
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
        varied = [path for path in paths if path != "replication"] or ["replication"]
        idle = without_effect(found.design, found.runs)

        def headline() -> str:
            told = {
                "n": n,
                "kind": named(KINDS[self.design.kind]),
                "names": _(", ").join(named(each, "strategy") for each in found.strategies),
            }
            said = [
                _("{n} points ({kind}) over {factors} factors, strategies: {names}.", factors=len(paths), **told)
                if len(paths) > 1
                else _("{n} points ({kind}) over one factor, strategies: {names}.", **told)
            ]
            if idle:
                words = _(", ").join(map(factor_in_words, idle))
                said.append(_("No outcome asked for, in the months kept, changes with: {factors}.", factors=words))
                said.append(enough_money(runs.scenario, found.runs) if FUND in idle else "")
            return one_after_another(said)

        return self.said(
            headline, {"sweep": main}, strategies=list(found.strategies),
            units={path: unit_of(path, runs.scenario) for path in varied}, kind=self.design.kind, replications=chance,
            seed=runs.seed,
        )  # fmt: skip

    def _answered(self, runs: Runs, about: Mapping[str, Any]) -> Answer:
        """Answer, and compare point by point what is shown first."""
        answer = super()._answered(runs, about)
        assert isinstance(answer, SweepAnswer)
        return replace(answer, tables={**answer.tables, "by_point": points(answer, shown(answer))})

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


def without_effect(design: Design, runs: RunTable) -> list[str]:
    """Factors that change no outcome that is kept: points that differ in nothing else have the same ones, bit by bit."""
    numbers, found = design.numbers.reset_index(drop=True), []
    singular = [path for path in design.paths if not numbers[path].duplicated(keep=False).all()]
    for path in singular if len(singular) == 1 else () if singular else design.paths:
        others = [other for other in design.paths if other != path]
        groups = list(numbers.groupby(others, sort=False).indices.values()) if others else [np.arange(len(numbers))]
        if min(map(len, groups)) > 1 and _equal(runs, groups):
            found.append(path)
    return found


def enough_money(scenario: Scenario, runs: RunTable) -> str:
    """Why more or less money in the fund changes nothing, in a sentence: what is short of it is paid more where there is more."""
    since = scenario.budget.since
    if not any(year >= since for year in scenario.timetable.januaries):
        return _("The fund never gets it: no 1 January from {since} on lies in the run.", since=since)
    if PAID not in runs.outcomes:
        return ""
    if not np.nan_to_num(runs.values(PAID)).any():
        return _("Nothing is paid from the fund in the months that are kept.")
    return _(
        "The fund pays the same at every point, in the months that are kept: the least of these sums pays for all that the"
        " largest does."
    )


def _equal(runs: RunTable, groups: Sequence[Ints]) -> bool:
    """Whether all outcomes are equal at the points of each group, strategy by strategy and replication by replication."""
    each = (values[:, points] for values in map(runs.values, runs.outcomes) for points in groups)
    return all(np.array_equal(values, np.broadcast_to(values[:, :1], values.shape), equal_nan=True) for values in each)


def _means(runs: RunTable, name: str, at: str | None = None) -> Floats:
    """Mean of the replications of every point, ``(n_strategies, n_points)``, of those that are defined."""
    found: Floats = np.ma.masked_invalid(runs.at(name, at)).mean(axis=2).filled(np.nan)
    return found


def shown(answer: SweepAnswer) -> list[str]:
    """Outcomes that are compared point by point: those asked for, else what is shown first of any answer; and one's own."""
    asked = answer.about.get("outcomes")
    own = [outcome.name for outcome in answer.known.outcomes.own]
    wanted = answer.table.outcomes if asked else [*answer.known.headline_outcomes, *own]
    return [name for name in dict.fromkeys(wanted) if name in answer.table.outcomes] or list(answer.table.outcomes[:1])


def points(answer: SweepAnswer, names: Sequence[str], at: str | None = None) -> "pd.DataFrame":
    """A row an outcome, strategy and point: how it differs from what it is held against, in the same replications.

    Columns: ``outcome, unit, at, strategy, point`` and a column a factor; ``against``: the baseline where it was run too, else
    the first point where all points have the same luck, else nothing: the values are means; ``value, low, high`` with
    ``differs``, ``margin`` and ``verdict``.
    """
    import pandas as pd

    parts = [_compared(answer, answer.known.outcomes[name], at or answer.table.months[-1]) for name in names]
    return pd.concat(parts, ignore_index=True)


def has_intervals(table: "pd.DataFrame") -> bool:
    """Whether any point has an interval that is shown."""
    low, high = ends_seen(table, "low", "high")
    return bool((low < high).any())


def _compared(answer: SweepAnswer, found: Outcome, at: str) -> "pd.DataFrame":
    import pandas as pd

    runs, baseline = answer.table, answer.known.baseline
    values, strategies = runs.at(found.name, at), list(runs.strategies)
    matters = margin(answer.known, found.name, values, strategies.index(baseline) if baseline in strategies else 0)
    others = [s for s in strategies if s != baseline and not (s == NO_MERGER and found.per_village)]
    told = others if baseline in strategies and others else strategies
    if told is others:
        x, against = paired(values, values[strategies.index(baseline)]), baseline
    elif not answer.about.get("independent_points") and len(answer.points) > 1:
        x, against = paired(values, values[:, :1]), FIRST
    else:
        x, against, matters = values, NOTHING, np.nan
    rows = []
    for strategy in told:
        bounds = found.bounds if matters == matters else UNBOUNDED
        word = barred(answer.known, strategy, found.name) if told is others else ""
        intervals = difference_intervals(x[strategies.index(strategy)] * (np.nan if word else 1), bounds)
        table = answer.points[list(answer.facts["units"])].rename_axis(index="point").reset_index()
        for column in ("mean", "low", "high", "differs"):
            table["value" if column == "mean" else column] = [getattr(each, column) for each in intervals]
        words = [str(verdict(d, matters, found.direction)) if matters == matters else "-" for d in intervals]
        if word:
            words = [word] * len(table)
        if against == FIRST:
            words[0] = "baseline"
            table.loc[0, ["low", "high"]] = 0.0
        first = {"outcome": found.name, "unit": found.unit, "at": at, "strategy": strategy}
        rows.append(
            pd.DataFrame({**{k: [v] * len(table) for k, v in first.items()}, **table}).assign(
                against=against, margin=matters, verdict=words
            )
        )
    return pd.concat(rows, ignore_index=True)


def _figure(answer: SweepAnswer, name: str | None, at: str | None) -> "Figure":
    """Draw one outcome, or all that are shown, each in panels of its own, where a figure has room for them."""
    from villagesim.plots.sweeps import MOST_PANELS, draw_heat_map, draw_points

    facts, names = answer.facts, [name] if name else shown(answer)
    units = facts["units"]
    n_panels = len(names) * (len(answer.strategies) if len(units) == 2 else len(units))
    every = len(names)
    names = names if n_panels <= MOST_PANELS else names[: max(1, MOST_PANELS * every // n_panels)]
    table = points(answer, names, at)
    against, compared = table["against"].iloc[0], table["margin"].notna().any()
    found = {each: answer.known.outcomes[each] for each in names}
    title = _("What each outcome is, point by point of the design")
    if compared:
        title = _("What changes in each outcome, point by point of the design")
    if len(names) == 1:
        title = _("{title}, point by point of the design", title=named(found[names[0]].title))
    caption = [_("At the end of {month}.", month=month(table["at"].iloc[0])), _held(answer, against)]
    if len(names) < every:
        caption.append(_("Of {n} outcomes the first {m}; the others: table by_point.", n=every, m=len(names)))
    if facts["kind"] == "grid" and len(units) == 2 and compared:
        fields = _("Coloured: clearly higher or lower; white: too small to matter, or none; hatched: undecided.")
        caption += [fields, *[_("By 95% intervals of the mean, each by itself.")] * has_intervals(table)]
        return draw_heat_map(table, units, found, title, one_after_another(caption))
    orders = {strategy: answer.known.order(strategy) for strategy in answer.strategies}
    caption += [_("Grey: too small to matter.")] if compared else []
    if len(units) == 1:
        bars = _("Bars: 95% intervals of the mean, each by itself.")
        beside = _("At each point strategies stand a little beside each other, so that none hides another.")
        caption += [bars] * has_intervals(table)
        caption += [beside] * (table.loc[table["value"].notna(), "strategy"].nunique() > 1)
    return draw_points(table, units, orders, found, title, one_after_another(caption))


def _first_point(answer: SweepAnswer) -> str:
    """The first point, with what it sets."""
    from villagesim.plots.sweeps import at_factor, scaled

    units, first = answer.facts["units"], answer.points.iloc[0]
    values = [at_factor(first[path], scaled(answer.points[path], unit)[0]) for path, unit in units.items()]
    return _("the first point ({values})", values=_(", ").join(values)) if len(values) <= 2 else named(FIRST)


def _held(answer: SweepAnswer, against: str) -> str:
    """What points are held against, and what they rest on, in a sentence or two."""
    chance, places = answer.facts["replications"], {"n": len(answer.points), "seed": answer.facts["seed"]}
    baseline = _first_point(answer) if against == FIRST else readable(against, _("the baseline"))
    held = _("Differences to {baseline} in the same replications.", baseline=baseline)
    said = {"held": _("Means.") if against == NOTHING else held, "kind": named(KINDS[answer.facts["kind"]]), **places}
    if chance > 1:
        return _("{held} {n} points ({kind}), each {chance} replications, seed {seed}.", chance=chance, **said)
    return _("{held} {n} points ({kind}), one replication each: chance is in every point; seed {seed}.", **said)

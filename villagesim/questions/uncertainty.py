"""Strategies under uncertainty of parameters, maps and dates: simulation error, one county's chance, and it, shown apart.

Every draw is one state of what is uncertain, run by all strategies in the same few replications, which are the draw's own:
luck that all draws share would not average out. Luck is taken out of a draw before it is counted as better or worse. Intervals
hold for each strategy by itself, not for all of them together. Bands are quantiles, and never leave the outcome's bounds.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from villagesim.arrays import Floats
from villagesim.checks import size
from villagesim.design import Design, held, latin_hypercube, uncertain
from villagesim.errors import DesignError, RunError
from villagesim.questions.answer import Answer, Stage, Tables
from villagesim.questions.comparison import chosen
from villagesim.questions.margin import margin
from villagesim.questions.question import Question, Runs, Strategies
from villagesim.questions.setting import Setting
from villagesim.runs.table import RunTable
from villagesim.scenario import BASELINE, NO_MERGER, Scenario
from villagesim.statistics.intervals import mean_interval
from villagesim.statistics.luck import chance_alone, share_above, told
from villagesim.statistics.variance import split_variance
from villagesim.wording import percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

BAND = (0.05, 0.95)
"""Shares below the ends of a band."""
COLUMNS = (
    "strategy", "mean", "low", "high", "chance_low", "chance_high", "uncertain_low", "uncertain_high",
    "total_low", "total_high",
    *(f"share_{what}{end}" for what in ("uncertain", "better", "worse") for end in ("", "_low", "_high")),
    "luck_better", "luck_worse",
)  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class UncertaintyAnswer(Answer):
    """Results of all strategies in the same draws, each with replications of its own; draws with a failure are left out."""

    @property
    def strategies(self) -> tuple[str, ...]:
        """Those shown, the baseline among them."""
        return tuple(self.facts["strategies"])

    @cached_property
    def _table(self) -> RunTable:
        return RunTable(self.stages[""].runs, self.strategies)

    @property
    def month(self) -> str:
        """Month of the results."""
        return self._table.months[-1]

    @property
    def n_draws(self) -> int:
        """Draws in which no run failed."""
        assert self._table.points is not None
        return len(self._table.points)

    @property
    def n_replications(self) -> int:
        """Replications of each draw."""
        return self._table.n_replications

    def values(self, name: str) -> Floats:
        """All values of one outcome, ``(n_strategies, n_draws, n_replications)``."""
        return self._table.at(self.known.outcomes[name].name)

    def table(self, name: str, *, difference: bool = True) -> "pd.DataFrame":
        """One outcome, a row a strategy: its difference to the baseline in the same runs, or itself.

        Columns: ``mean`` over the draws with its 95% simulation error ``low, high``; ``chance_low, chance_high`` (one
        county's chance, parameters and map being known); ``uncertain_low, uncertain_high`` (uncertainty: where the mean may
        lie); ``total_low, total_high`` (both together), each holding 90%; ``share_uncertain`` of the variance with its
        interval; ``share_better``, ``share_worse`` (draws in which it differs from the baseline by more than the margin, luck
        taken out, with the intervals); ``luck_better``, ``luck_worse`` (what luck alone would give, were it counted).
        """
        import pandas as pd

        found, values = self.known.outcomes[name], self.values(name)
        baseline = values[self.strategies.index(BASELINE)]
        matters, (least, most) = self.margin(name), found.bounds
        bounds = (least - most, most - least) if difference else (least, most)
        rows = []
        for strategy, own in zip(self.strategies, values, strict=True):
            if difference and not self._compares(strategy, found.per_village):
                continue
            x = own - baseline if difference else own
            row = {"strategy": strategy} | _spreads(x, bounds)
            if strategy != BASELINE and np.isfinite(own - baseline).all():
                row |= _shares(own - baseline, matters, found.direction or 1)
            rows.append(row)
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def several(self, names: Sequence[str] | None = None, *, difference: bool = True) -> "pd.DataFrame":
        """Tables of several outcomes, by default of all, in one, with columns ``outcome, unit, at, margin``."""
        import pandas as pd

        tables = []
        for name in self.known.outcomes if names is None else names:
            first = {
                "outcome": name, "unit": self.known.outcomes[name].unit, "at": self.month, "margin": self.margin(name),
            }  # fmt: skip
            table = self.table(name, difference=difference)
            tables.append(table.assign(**first)[[*first, *table.columns]])
        return pd.concat(tables, ignore_index=True)

    def margin(self, name: str) -> float:
        """Smallest difference that matters, in the outcome's unit; a relative one is taken of the baseline's mean."""
        return margin(self.known, name, self.values(name), self.strategies.index(BASELINE))

    def _compares(self, strategy: str, per_village: bool) -> bool:
        """Whether a difference to the baseline means something: not to itself, nor over other numbers of villages."""
        return strategy != BASELINE and not (strategy == NO_MERGER and per_village and self.known.merges)


@dataclass(frozen=True, kw_only=True)
class Uncertainty(Question):
    """How strategies differ from nothing but the merger over draws of what is uncertain.

    A draw is a point of a Latin hypercube over the ranges of all that is not well known and the dates on which the decree may
    have come, with a map, endowments and luck of its own. More draws say more than more replications: two replications a draw
    are enough to tell chance from uncertainty.

    Attributes
    ----------
    strategies : names, or mapping of names to policies, optional
        All of the scenario by default; `no merger` and the baseline always run.
    draws, replications : int
        At least 2 of each; the k-th draw has replications k x replications and those that follow.
    at : str, optional
        Month, as 2025-12; by default the last.
    """

    name: ClassVar[str] = "uncertainty"
    lists: ClassVar[Mapping[str, Any]] = {}
    answers: ClassVar[type[Answer]] = UncertaintyAnswer
    read_as: ClassVar[Mapping[str, Any]] = {"strategies": tuple[str, ...]}
    strategies: Strategies | None = None
    draws: int = 100
    replications: int = 2
    at: str | None = None

    def __post_init__(self) -> None:
        size(self.draws, "draws", least=2, error=DesignError)
        size(self.replications, "replications", least=2, error=DesignError)

    def answer(self, runs: Runs) -> UncertaintyAnswer:
        """Run all draws, and show the three intervals apart."""
        names = chosen(runs.scenario, self.strategies)
        design = uncertainty_design(runs.scenario, self.draws, runs.seed, names)
        found = runs.sweep(
            "", design, strategies=names, replications=self.replications, independent_points=True, at=self.at
        )
        answer = over_draws(runs.scenario, found.runs, found.design.points.reset_index())
        runs.stages.update(answer.stages)
        made: dict[str, Any] = {"uncertainty": answer.several, "own": partial(answer.several, difference=False)}
        made["held"] = partial(held, runs.scenario, design.factors, names)
        return replace(answer, headline=_headline(answer), tables=Tables(made))

    @staticmethod
    def draw(answer: Answer, name: str) -> "Figure":
        """Draw the differences of the outcomes that are shown first, the three intervals apart."""
        from villagesim.plots.uncertainty import draw_uncertainty

        assert isinstance(answer, UncertaintyAnswer)
        table = answer.tables["uncertainty"].dropna(subset="mean")
        shown = {name: table[table["outcome"] == name] for name in answer.known.headline_outcomes}
        caption = (
            f"Differences to {BASELINE!r} in the same runs, {answer.n_draws} draws of what is not well known, maps and dates,"
            f" {answer.n_replications} replications each. Grey: differences too small to matter."
        )
        margins = {name: answer.margin(name) for name in shown}
        titles = {name: answer.known.outcomes[name] for name in shown}
        return draw_uncertainty(
            shown, titles, margins, f"What is sure and what is not, at the end of {answer.month}", caption
        )


def over_draws(scenario: Scenario, runs: RunTable, points: "pd.DataFrame | None" = None) -> UncertaintyAnswer:
    """Compare runs of draws that were made before; draws in which one failed are left out whole.

    Raises
    ------
    RunError
        Where fewer than two are left.
    """
    assert runs.failures is not None
    whole = runs.whole("point")
    assert whole.points is not None
    if len(whole.points) < 2:
        first = f" The first failure: {runs.failures['message'].iloc[0]}" if len(runs.failures) else ""
        raise RunError(f"{len(whole.points)} draw is whole, and two at least are needed.{first}")
    return UncertaintyAnswer(
        Uncertainty, "", {}, {"strategies": list(runs.strategies)}, {"": Stage(whole.frame, points, runs.failures)},
        Setting.of(scenario),
    )  # fmt: skip


def uncertainty_design(scenario: Scenario, draws: int, seed: int, strategies: Collection[str] | None = None) -> Design:
    """Draw what is uncertain: a Latin hypercube, and a map and endowments for each of its points.

    Raises
    ------
    DesignError
        Where everything is known.
    """
    factors = uncertain(scenario, strategies)
    if not factors:
        raise DesignError("all is well known or has no range, so there is nothing to draw.", fix="Leave out draws.")
    design = latin_hypercube(factors, draws, seed)
    points = design.points.assign(draw=range(1, draws + 1))
    return replace(design, points=points)


def _headline(answer: UncertaintyAnswer) -> str:
    name = answer.known.headline_outcomes[0]
    rows = [row for row in answer.table(name).dropna(subset="mean").to_dict("records") if row["strategy"] != NO_MERGER]
    if not rows:
        return f"{answer.n_draws} draws of nothing but the merger."
    said = [
        f"{row['strategy']} better in {percent(row['share_better'])}, worse in {percent(row['share_worse'])}"
        for row in rows
    ]
    luck = max(row[f"luck_{word}"] for row in rows for word in ("better", "worse"))
    return (
        f"{answer.known.outcomes[name].title} at the end of {answer.month}, by more than the margin, of {answer.n_draws} draws:"
        f" {'; '.join(said)}. Luck is taken out; alone it would give up to {percent(luck)}."
    )


def _spreads(x: Floats, bounds: tuple[float, float]) -> dict[str, Any]:
    """Mean, its error, and the bands of luck, of what is not known, and of both, within the bounds."""
    mean, split = mean_interval(x.mean(axis=1)), split_variance(x)
    row: dict[str, Any] = {
        "mean": mean.mean, "low": mean.low, "high": mean.high,
        "share_uncertain": split.share, "share_uncertain_low": split.low, "share_uncertain_high": split.high,
    }  # fmt: skip
    if not np.isfinite(x).all():
        return row
    found = told(x)
    for name, spread in (("chance", found.mean + found.luck), ("uncertain", found.points), ("total", x)):
        low, high = np.clip(np.quantile(spread, BAND), *bounds)
        row |= {f"{name}_low": low, f"{name}_high": high}
    return row


def _shares(x: Floats, matters: float, direction: int) -> dict[str, float]:
    """Draws that are better and worse by more than what matters, and what luck alone would give."""
    row: dict[str, float] = {}
    for word, sign in (("better", direction), ("worse", -direction)):
        found = told(sign * x)
        share = share_above(found, matters)
        row |= {f"share_{word}": share.value, f"share_{word}_low": share.low, f"share_{word}_high": share.high}
        row[f"luck_{word}"] = chance_alone(found, matters)
    return row

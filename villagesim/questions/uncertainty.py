"""Strategies under uncertainty of parameters, maps and dates: simulation error, luck alone, and it, shown apart.

Every draw is one state of what is uncertain, run by all strategies in the same few replications, which are the draw's own:
luck that all draws share would not average out. Luck is taken out of a draw before it is counted as better or worse. Intervals
hold for each strategy by itself, not for all of them together. Bands are quantiles, and never leave the outcome's bounds.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from villagesim.arrays import Floats
from villagesim.checks import number, size
from villagesim.design import Design, held, latin_hypercube, uncertain
from villagesim.design.joint import from_posterior, informed
from villagesim.errors import DesignError, RunError
from villagesim.evidence import read_posterior
from villagesim.languages import _, named
from villagesim.questions.answer import Answer, Stage
from villagesim.questions.comparison import chosen
from villagesim.questions.hindcast import by_village, kept_in
from villagesim.questions.labels import carried_by
from villagesim.questions.over_time import BARRED, INCOME, NEVER_ACTED
from villagesim.questions.question import Question, Runs, Strategies, last_month
from villagesim.questions.setting import Setting
from villagesim.questions.side_by_side import shared_tables, with_ledgers
from villagesim.questions.spreads import bands as spread_bands
from villagesim.questions.spreads import beyond, changes, in_how_many, levels
from villagesim.questions.spreads import shares as spread_shares
from villagesim.questions.strategies_answer import StrategiesAnswer
from villagesim.questions.verdicts import answered, listed, sizes, with_names
from villagesim.runs.table import RunTable
from villagesim.scenario import Scenario
from villagesim.statistics.differences import difference_intervals, never_differs, paired
from villagesim.statistics.intervals import SAME
from villagesim.wording import informed_in_words, month, one_after_another, quoted

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

MEAN = ("mean", "low", "high")
SHARES = (
    *(f"share_{what}{end}" for what in ("better", "worse") for end in ("", "_low", "_high")), "luck_better", "luck_worse",
)  # fmt: skip
COLUMNS = (
    "strategy", "mean", "low", "high", "differs", "chance_low", "chance_high", "uncertain_low", "uncertain_high",
    "total_low", "total_high",
    *(f"share_uncertain{end}" for end in ("", "_low", "_high")), *SHARES,
)  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class UncertaintyAnswer(StrategiesAnswer):
    """Results of all strategies in the same draws, each with replications of its own; draws with a failure are left out."""

    of_draws: ClassVar[bool] = True

    @property
    def n_draws(self) -> int:
        """Draws in which no run failed."""
        return len(self._points)

    @property
    def n_merged(self) -> Floats:
        """Villages of two or more constituents of each draw's map, ``(n_draws,)``."""
        n = self.facts.get("n_merged")
        return (
            np.full(self.n_draws, float(self.known.n_merged)) if n is None else np.array(n, float)[list(self._points)]
        )

    @property
    def _decrees(self) -> "pd.Series | None":
        """Days of the first decree by draw, where they differ."""
        points = self.stages[""].points
        return points.set_index("point")["merger.decree"] if points is not None and "merger.decree" in points else None

    @property
    def one_decree(self) -> bool:
        """Whether the decrees come on the same days in all runs."""
        return self._decrees is None

    @property
    def decrees(self) -> Sequence[tuple[str, ...]]:
        """Months of the decrees of every draw."""
        if (days := self._decrees) is None:
            return [self.known.decrees] * self.n_draws
        return [(f"{days[point]:%Y-%m}", *self.known.later_decrees) for point in self._points]

    @property
    def after_the_decree(self) -> str | None:
        """The first month in which the decree is in force in all runs."""
        return self.known.decree if self._decrees is None else f"{self._decrees.max():%Y-%m}"

    @property
    def sample(self) -> str:
        """How many runs of what, in words."""
        n, each = self.n_draws, self.n_replications
        return _("{n} draws of what is not well known, {each} replications each", n=n, each=each)

    @property
    def rests_on(self) -> str:
        """What the figures rest on, in a sentence."""
        when = ""
        if (days := self._decrees) is not None:
            first, last = (month(f"{day:%Y-%m}") for day in (days.min(), days.max()))
            when = _("The decree comes from {first} to {last}.", first=first, last=last)
        ranges = _("The ranges are assumptions: not a forecast.")
        return one_after_another((when, informed_in_words(self.facts.get("informed", ())), ranges))

    @property
    def lines(self) -> str:
        """What lines and bands of figures are, in a sentence."""
        return _(
            "Lines: medians of {sample}; light band: 90% of them ({baseline}, and the last strategy), dark band:"
            " uncertainty, 90% of the means of draws, none where all months together cannot tell it from luck; between thin"
            " lines: luck alone. Dates are the scenario's.", sample=self.sample, baseline=named(self.baseline),
        )  # fmt: skip

    @property
    def differences_mean(self) -> str:
        """What lines and bands of differences over time are, in a sentence or two."""
        return _(
            "Lines: means over {sample}, in the same luck, in yuan of the start; thick where the 95% interval of that mean lies"
            " beyond what matters, which counts no draws. Dark: what is not known, 90% of the means of draws, none where it"
            " cannot be told from luck; light: that and luck, 90% of runs.", sample=self.sample,
        )  # fmt: skip

    def values(self, name: str) -> Floats:
        """Means of one outcome over the replications of each draw, ``(n_strategies, n_draws, n_months)``."""
        return self.runs_of(name).mean(axis=2)

    def table(self, name: str, at: str | None = None, *, difference: bool = True) -> "pd.DataFrame":
        """One outcome at the end of a month, a row a strategy: its difference to the baseline in the same runs, or itself.

        Columns: ``mean`` over the draws with its 95% simulation error ``low, high`` (none where too few draws differ, see
        ``differs``: in how many of the draws there is any difference); ``chance_low, chance_high`` (luck alone,
        parameters and map being known); ``uncertain_low, uncertain_high`` (uncertainty: where the mean may lie; none where it
        cannot be told from luck); ``total_low, total_high`` (both together), each holding 90%, and none where too few draws
        differ; ``share_uncertain`` of the variance with its interval; ``share_better``, ``share_worse`` (draws in which it
        differs from the baseline by more than the margin, luck taken out, with the intervals); ``luck_better``, ``luck_worse``
        (shares, had all draws the mean of all, and luck of their own).
        """
        import pandas as pd

        return pd.DataFrame(self._rows(name, at, difference=difference), columns=list(COLUMNS))

    def _rows(self, name: str, at: str | None, *, difference: bool = True, **how: Any) -> list[dict[str, Any]]:
        found, values = self.outcome(name), self.runs_of(name)[..., self.rank(at or self.month)]
        baseline = values[self.strategies.index(self.baseline)]
        rows = []
        for strategy, own in zip(self.strategies, values, strict=True):
            if difference and not self.compares(strategy, name):
                continue
            change = paired(own, baseline)
            row = dict.fromkeys(COLUMNS, np.nan) | {"strategy": strategy}
            row |= changes(change, found.bounds) if difference else levels(own, found.bounds)
            if strategy != self.baseline:
                row |= self.shares(strategy, name, at or self.month)
            rows.append(row)
        return rows

    def shares(self, strategy: str, name: str, at: str) -> dict[str, float]:
        """Shares of the draws in which a strategy is better and worse than the baseline by more than the margin, luck taken out.

        With their intervals, and what draws that are all alike would give; NaN where a difference is not defined.
        """
        change = self._change(strategy, name, at)
        if not np.isfinite(change).all():
            return dict.fromkeys(SHARES, np.nan)
        return spread_shares(change, self.margin(name, at), self.outcome(name).direction or 1)

    def _change(self, strategy: str, name: str, at: str) -> Floats:
        """Differences of a strategy to the baseline in the same runs, ``(n_draws, n_replications)``."""
        values = self.runs_of(name)[..., self.rank(at)]
        return paired(values[self.strategies.index(strategy)], values[self.strategies.index(self.baseline)])

    def in_words(self, row: dict[str, Any]) -> dict[str, Any]:
        """The mean over the draws, both bands, and in how many draws it is better and worse; never a verdict without these."""
        said = {"difference": row["mean"], "difference_low": row["low"], "difference_high": row["high"]}
        said |= {name: row[name] for name in ("differs", "total_low", "total_high", *SHARES)}
        word = "-"
        if row["strategy"] in self.idle:
            word = NEVER_ACTED
        elif never_differs(row["differs"]) and row["mean"] == 0:
            word = SAME
        elif row["share_better"] == row["share_better"]:
            word = in_how_many(row)
        return said | {"verdict": word}

    def sentence(self, what: str, name: str, rows: "pd.DataFrame") -> str:
        """By how much each differs on average, and in how many draws it is better or worse; of income, what these words mean."""
        outcome, alone = self.outcome(name), (SAME, NEVER_ACTED, *BARRED)
        said = [
            _(
                "{strategy}{sizes}, {beyond}",
                strategy=listed([row["strategy"]]),
                sizes=sizes(outcome, [row]),
                beyond=beyond(row),
            )
            for row in rows[~rows["verdict"].isin(alone)].to_dict("records")
        ]
        for word in alone:
            if len(own := rows[rows["verdict"] == word]):
                said.append(with_names(word, listed(own["strategy"])))
        if name != INCOME:
            return _("{what}: {said} (95%).", what=what, said=_("; ").join(said))
        n = len(self.facts.get("informed", ()))
        drawn = _(", {n} parameters from their posterior", n=n) if n else ""
        return _(
            "{what}, mean of {n} draws of what is not well known{drawn}: {said} (95%; better, worse: by more than the margin,"
            " luck taken out).", what=what, n=self.n_draws, drawn=drawn, said=_("; ").join(said),
        )  # fmt: skip

    def verdict_at_the_end(self, strategy: str, name: str) -> str:
        """In how many draws a strategy is better and worse at the end, in words; empty where that is not defined."""
        if not self._change(strategy, name, self.months[-1]).any():
            return SAME
        shares = self.shares(strategy, name, self.months[-1])
        return in_how_many(shares) if shares["share_better"] == shares["share_better"] else ""

    def bands(self, name: str, runs: Floats) -> dict[str, Floats]:
        """Bands of luck alone, of uncertainty, and of both, 90% each, by month."""
        return spread_bands(runs, self.outcome(name).bounds, series=True)

    def changes_over_time(self, name: str) -> dict[str, dict[str, Any]]:
        """Of each strategy that can be compared, by month: ``intervals`` of its mean difference, and the ends of both bands."""
        values = self.runs_of(name)
        baseline = values[self.strategies.index(self.baseline)]
        least, most = self.outcome(name).bounds
        found = {}
        for strategy in self.strategies:
            if self.compares(strategy, name):
                change = paired(values[self.strategies.index(strategy)], baseline)
                bands = (
                    spread_bands(change, (least - most, most - least), series=True) if np.isfinite(change).all() else {}
                )
                intervals = difference_intervals(change.mean(axis=1).T, (least, most))
                found[strategy] = {"intervals": intervals} | {key: x for key, x in bands.items() if "chance" not in key}
        return found

    def drawing(self, name: str) -> "Callable[..., Figure]":
        """What draws a figure."""
        return self.end if name == "uncertainty" else super().drawing(name)

    def end(self) -> "Figure":
        """Draw the differences of the outcomes that are shown first, at the end, the three intervals apart."""
        from villagesim.plots.uncertainty import draw_uncertainty

        table = self.tables["uncertainty"].dropna(subset="mean")
        table.loc[table["total_low"].isna(), ["low", "high"]] = np.nan
        shown = {name: table[table["outcome"] == name] for name in self.known.headline_outcomes}
        caption = _(
            "Differences to {baseline} in the same runs, {sample}. Grey: differences too small to matter."
            " A point without bars: too few draws differ; without an orange bar: uncertainty cannot be told from luck."
            " {rests_on}", baseline=quoted(self.baseline), sample=self.sample, rests_on=self.rests_on,
        )  # fmt: skip
        margins, titles = {name: self.margin(name) for name in shown}, {name: self.outcome(name) for name in shown}
        title = _("What is sure and what is not, at the end of {month}", month=month(self.month))
        return draw_uncertainty(shown, titles, margins, title, caption)

    @property
    def _points(self) -> Sequence[int]:
        assert self._table.points is not None
        return self._table.points


@dataclass(frozen=True, kw_only=True)
class Uncertainty(Question):
    """How strategies differ from the baseline over draws of what is uncertain.

    A draw is a point of a Latin hypercube over the ranges of all that is not well known and the dates on which the decree may
    have come, with a map, endowments and luck of its own. What published numbers inform comes from their posterior, all of it
    together, where the scenario leaves it alone. More draws say more than more replications: two replications a draw
    are enough to tell chance from uncertainty.

    Attributes
    ----------
    strategies : names, or mapping of names to policies, optional
        All of the scenario by default; `no merger` and the baseline always run.
    draws, replications : int
        At least 2 of each; the k-th draw has replications k x replications and those that follow.
    at : str, optional
        Month, as 2025-12; by default the last.
    villages : bool
        Keep the rows of all villages too (large); needs a folder.
    discount : float
        As of :class:`villagesim.questions.comparison.Comparison`.
    posterior : bool
        Draw what published numbers inform from their posterior; else over its range, as all the rest.
    """

    name: ClassVar[str] = "uncertainty"
    figures: ClassVar[tuple[str, ...]] = ("differences", "uncertainty", "distribution")
    lists: ClassVar[Mapping[str, Any]] = {}
    grows: ClassVar[tuple[str, ...]] = ("replications", "discount")
    answers: ClassVar[type[Answer]] = UncertaintyAnswer
    read_as: ClassVar[Mapping[str, Any]] = {"strategies": tuple[str, ...]}
    strategies: Strategies | None = None
    draws: int = 100
    replications: int = 2
    at: str | None = None
    villages: bool = False
    discount: float = 0.0
    posterior: bool = True

    def __post_init__(self) -> None:
        number(self.discount, "discount", least=0, most=1, unit="per year", error=DesignError)
        size(self.draws, "draws", least=2, error=DesignError)
        size(self.replications, "replications", least=2, error=DesignError)

    def own_design(self, scenario: Scenario, seed: int) -> Design:
        """Draws of what is uncertain."""
        strategies = chosen(scenario, self.strategies)
        return uncertainty_design(scenario, self.draws, seed, strategies, posterior=self.posterior)

    def answer(self, runs: Runs) -> UncertaintyAnswer:
        """Run all draws, and show the three intervals apart."""
        names, design = chosen(runs.scenario, self.strategies), self.own_design(runs.scenario, runs.seed)
        scenario, at = runs.scenario, last_month(runs.scenario, self.at)
        kept = kept_in(runs.store) if self.villages else None
        found = runs.sweep(
            "", design, strategies=names, replications=self.replications, independent_points=True, every_month=True,
            villages=self.villages,
        )  # fmt: skip
        answer = over_draws(scenario, found.runs, found.design.points.reset_index())
        answer = by_village(answer, scenario.observed, kept)
        runs.stages.update(answer.stages)
        n_merged = [scenario.place_of(runs.seed, draw).n_merged for draw in design.points["draw"]]
        told = informed(design, scenario, read_posterior()) if self.posterior else []
        facts = {"at": at, "n_merged": n_merged, "discount": self.discount, "informed": told}
        facts["labels"] = carried_by(scenario, answer.strategies)
        answer = replace(answer, facts={**answer.facts, **facts})
        made: dict[str, Any] = {
            "uncertainty": answer.several, "own": partial(answer.several, difference=False), **shared_tables(answer),
            "held": partial(held, scenario, design.factors, names, joint=design.points[told]),
        }  # fmt: skip
        return answered(answer, made, scenario.parameters)

    @staticmethod
    def draw(answer: Answer, name: str) -> "Figure":
        """Draw what a comparison draws, or the differences of what is shown first, the three intervals apart."""
        return answer.drawing(name)()


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
        message = runs.failures["message"].iloc[0] if len(runs.failures) else ""
        first = f" The first failure: {message}" if message else ""
        raise RunError(f"{len(whole.points)} draw is whole, and two at least are needed.{first}")
    answer = UncertaintyAnswer(
        Uncertainty, "", {}, {"strategies": list(runs.strategies)}, {"": Stage(whole.frame, points, runs.failures)},
        Setting.of(scenario),
    )  # fmt: skip
    return with_ledgers(answer, scenario, whole)


def uncertainty_design(
    scenario: Scenario, draws: int, seed: int, strategies: Collection[str] | None = None, *, posterior: bool = True
) -> Design:
    """Draw what is uncertain: a Latin hypercube, and a map and endowments for each of its points.

    What published numbers inform comes from their posterior instead, unless ``posterior`` is false.

    Raises
    ------
    DesignError
        Where everything is known.
    """
    factors = uncertain(scenario, strategies)
    if not factors:
        raise DesignError("all is well known or has no range, so there is nothing to draw.", fix="Leave out draws.")
    design = latin_hypercube(factors, draws, seed)
    if posterior:
        design = from_posterior(design, scenario, read_posterior(), seed)
    return replace(design, points=design.points.assign(draw=range(1, draws + 1)))

"""Which strategy does well whatever is not known: regret, share of points on target, worst and bad cases.

Each point is one state of what is not known, with few replications: many points tell more than many replications. Its luck
is its own, and the same for all strategies.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from scipy.special import bdtr

from villagesim.arrays import Bools, Floats
from villagesim.checks import size
from villagesim.design import Factor, held, latin_hypercube, uncertain
from villagesim.errors import DesignError, OutcomeError
from villagesim.languages import _, marked, named
from villagesim.outcomes import Outcomes
from villagesim.outcomes.criterion import check_level
from villagesim.plots.robustness import draw_robustness
from villagesim.questions.answer import Answer
from villagesim.questions.margin import margin
from villagesim.questions.question import Question, Runs, check_names, last_month, values
from villagesim.questions.spent import COST, months_of_cost, spent
from villagesim.questions.verdicts import on_frontier, readable
from villagesim.runs.sweep import Swept
from villagesim.scenario import Scenario
from villagesim.statistics.intervals import mean_interval
from villagesim.statistics.luck import chance_alone, share_above, told
from villagesim.statistics.ratios import ratio_of_means
from villagesim.statistics.regret import Share, bad_case, on_target, regret, share_on_target, worst
from villagesim.statistics.variance import split_variance
from villagesim.wording import month as month_in_words
from villagesim.wording import number, one_after_another, percent, percentage, quoted, sums, tells_nothing

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

MAPS = Factor("draw", 0, 999)
BAD = 0.10


@dataclass(frozen=True, kw_only=True)
class Robustness(Question):
    """Which of these strategies does well over what is not known.

    Attributes
    ----------
    strategies : tuple of str
        At least two; the world without merger is no choice.
    targets : dict of str to float
        For each outcome the value that is to be reached, in its unit.
    at : str
        Month, as ``"2023-12"``; the last of the run by default.
    factors : tuple of Factor
        What is not known; all that is not well known, over its range, and the map of the merger, where none are given.
    n : int
        Points; without ``[[factor]]`` each has a map and endowments of its own as well.
    replications : int
        Of each point, with luck of its own, the same for all strategies; with two or more, luck is taken out of the points.
    """

    name: ClassVar[str] = "robust"
    strategies: tuple[str, ...]
    targets: Mapping[str, float] = field(default_factory=dict)
    at: str | None = None
    factors: tuple[Factor, ...] = ()
    n: int = 100
    replications: int = 2

    def __post_init__(self) -> None:
        size(self.n, "n", least=2, error=DesignError)
        size(self.replications, "replications", least=1, error=DesignError)
        if isinstance(self.strategies, str) or len(set(self.strategies)) < 2:
            raise DesignError("strategies: there is nothing to choose from.", fix="Name at least two.")
        if not self.targets:
            raise DesignError(
                "is empty.", fix="Name at least one outcome and the value to be reached.", at=["[targets]"]
            )

    def answer(self, runs: Runs) -> Answer:
        """Run all strategies at all points, and compare them."""
        check_names(runs.scenario, self.strategies, tuple(self.targets))
        for name in self.targets:
            if runs.scenario.outcomes[name].direction == 0:
                raise OutcomeError(
                    "neither more nor less of it is better.", fix="Choose another outcome.", at=["[targets]", name]
                )
            check_level(name, self.targets[name], runs.scenario.outcomes)
        design = latin_hypercube(self.factors or (*uncertain(runs.scenario, self.strategies), MAPS), self.n, runs.seed)
        found = runs.sweep(
            "points", design, strategies=self.strategies, replications=self.replications, independent_points=True,
            outcomes=tuple(dict.fromkeys((*self.targets, COST))),
            at=months_of_cost(runs.scenario, last_month(runs.scenario, self.at)),
        )  # fmt: skip
        return self.of(found)

    def of(self, found: Swept) -> Answer:
        """Answer from a sweep that was run before."""
        import pandas as pd

        order = [found.strategies.index(name) for name in self.strategies]
        runs = {name: values(found, name)[order] for name in self.targets}
        at = last_month(found.scenario, self.at)
        every = np.stack(list(runs.values()))
        whole = np.isfinite(every).all(axis=(0, 1, 3))  # points where every run has all outcomes
        if whole.sum() < 2:
            raise DesignError(f"{self._missing(found, runs)} at the end of {at}: fewer than two points are left.")
        runs = {name: x[:, whole] for name, x in runs.items()}
        cost = spent(found, at)
        paid = None if cost is None else cost[order][:, whole].mean(axis=2)
        tables_of = [self._table(found.scenario, name, x, paid) for name, x in runs.items()]
        main = pd.concat(tables_of, ignore_index=True)
        outcomes = found.scenario.outcomes
        reached = [on_target(without_luck(x), outcomes[n].direction, self.targets[n]) for n, x in runs.items()]
        both = np.asarray(np.stack(reached).all(axis=0))
        together = self._together(both, main)
        points = self._points(found, runs, found.design.points.index[whole])
        tables = {"robust": main, "all_targets": together, "points": points}
        tables["held"] = held(found.scenario, found.design.factors, self.strategies)
        n, lost = int(whole.sum()), int((~whole).sum())
        return self.said(
            lambda: self._headline(outcomes, main, both, together, at), tables,
            titles={name: outcomes[name].title for name in self.targets},
            title=lambda: self._title(both, together), caption=lambda: self._caption(n, lost, month_in_words(at)),
        )  # fmt: skip

    @staticmethod
    def draw(answer: Answer, name: str) -> "Figure":
        """Draw share on target, regret, and what a million brings, of every strategy."""
        return draw_robustness(answer.tables["robust"], answer.facts["titles"], **answer.worded(answer.fact("caption")))

    def _title(self, reached: Bools, together: "pd.DataFrame") -> str:
        names, share = self._leaders(together)
        if not share:
            return _("Too few points to tell who is on all targets most often")
        if not names:
            return _("No strategy is on all targets at any point")
        said = {
            "names": _(", ").join(named(each, "strategy") for each in names),
            "share": share,
            "rivals": self._rivals(reached),
        }
        return _("On all targets most often: {names}, at {share} of the points{rivals}", **said)

    def _caption(self, whole: int, left_out: int, month: str) -> str:
        n, each = whole, self.replications
        lines = [
            _("{n} points, one replication each, end of {month}.", n=n, month=month)
            if each == 1
            else _("{n} points, {each} replications each, end of {month}.", n=n, each=each, month=month)
        ]
        if left_out:
            lines.append(_left_out(left_out))
        lines.append(_("Regret: how much worse than the best strategy of the same point."))
        lines.append(_("Luck is taken out of the points.") if each > 1 else _one_replication())
        return one_after_another(lines)

    def _missing(self, found: Swept, runs: Mapping[str, Floats]) -> str:
        """Why points are not whole."""
        if len(found.failures):
            message = found.failures["message"].iloc[0]
            return f"{len(found.failures)} runs failed (the first: {message})"
        bare = {(n, s): np.isnan(x[k]).mean() for n, x in runs.items() for k, s in enumerate(self.strategies)}
        name, strategy = max(bare, key=lambda pair: bare[pair])
        return f"[targets] {name} is not defined for {strategy!r}"

    def _table(self, scenario: Scenario, name: str, x: Floats, paid: Floats | None) -> "pd.DataFrame":
        """One outcome, a row a strategy; with what each cost, where that is known, ``(n_strategies, n_points)``."""
        import pandas as pd

        found, target, means = scenario.outcomes[name], self.targets[name], _as_told(x)
        direction = found.direction
        safe, bad = worst(means, direction), bad_case(means, direction, BAD)
        regrets, at_points = _regrets(x, direction)
        matters = None
        baseline = scenario.baseline
        if baseline in self.strategies:
            matters = margin(scenario, name, x.mean(axis=2), self.strategies.index(baseline))
        rows = []
        for k, strategy in enumerate(self.strategies):
            share, luck = _above(direction * x[k], np.nextafter(direction * target, -np.inf))
            row: dict[str, Any] = {
                "outcome": name, "unit": found.unit, "strategy": strategy, "mean": x[k].mean(),
                "target": target, "reached": marked("at least") if direction > 0 else marked("at most"),
                "share_on_target": share.value, "share_low": share.low, "share_high": share.high, "luck_on_target": luck,
                "largest_regret": at_points[k].max(), "regret_90": np.quantile(at_points[k], 0.9),
                "mean_regret": regrets[k].mean(), "worst": safe[k], "bad_case": bad[k],
            }  # fmt: skip
            if self.replications > 1:
                split = split_variance(x[k])
                row |= {
                    "chance": split.chance, "uncertainty": split.uncertainty, "share_uncertainty": split.share,
                    "share_uncertainty_low": split.low, "share_uncertainty_high": split.high,
                }  # fmt: skip
            if matters is not None and strategy != baseline:
                better, luck = _above(direction * (x[k] - x[self.strategies.index(baseline)]), matters)
                row |= {
                    "better_than_baseline": better.value, "better_low": better.low, "better_high": better.high,
                    "luck_better": luck,
                }  # fmt: skip
            rows.append(row)
        table = pd.DataFrame(rows)
        return table if paid is None else table.assign(**self._beside(x.mean(axis=2), paid, direction, baseline))

    def _beside(self, x: Floats, paid: Floats, direction: int, baseline: str) -> dict[str, Any]:
        """Columns of cost since the start, and of what it brings beside the baseline: by the million, and on the frontier."""
        intervals = [mean_interval(own) for own in paid]
        columns: dict[str, Any] = {
            "cost": [each.mean for each in intervals], "cost_low": [each.low for each in intervals],
            "cost_high": [each.high for each in intervals],
        }  # fmt: skip
        if baseline not in self.strategies:
            return columns
        base = self.strategies.index(baseline)
        ratios = np.array([ratio_of_means(x[k] - x[base], (paid[k] - paid[base]) / 1e6) for k in range(len(x))])
        columns |= dict(zip(("per_million", "per_million_low", "per_million_high"), ratios.T, strict=True))
        others = [k for k in range(len(x)) if k != base]
        extra = [float((x[k] - x[base]).mean()) for k in others]
        best = on_frontier([float((paid[k] - paid[base]).mean()) for k in others], extra, direction)
        found = dict(zip(others, best, strict=True))
        return columns | {"on_frontier": [found.get(k, "-") for k in range(len(x))]}

    def _together(self, reached: Bools, main: "pd.DataFrame") -> "pd.DataFrame":
        """Share of points on all targets; its interval is as wide as that of the target that is least sure."""
        import pandas as pd

        rows = []
        for strategy, own in zip(self.strategies, reached, strict=True):
            share, each = share_on_target(own), main[main["strategy"] == strategy]
            below, above = (
                (each["share_on_target"] - each["share_low"]).max(), (each["share_high"] - each["share_on_target"]).max()
            )  # fmt: skip
            low, high = max(min(share.low, share.value - below), 0.0), min(max(share.high, share.value + above), 1.0)
            row = {"strategy": strategy, "share_on_all_targets": share.value, "low": low, "high": high}
            rows.append(row | {"n_points": share.n})
        return pd.DataFrame(rows)

    def _points(self, found: Swept, runs: Mapping[str, Floats], numbers: Any) -> "pd.DataFrame":
        """Mean and regret of every strategy at every point."""
        import pandas as pd

        tables = []
        for name, x in runs.items():
            means = x.mean(axis=2)
            regrets = regret(means, found.scenario.outcomes[name].direction)
            tables += [
                pd.DataFrame({"point": numbers, "outcome": name, "strategy": s, "mean": means[k], "regret": regrets[k]})
                for k, s in enumerate(self.strategies)
            ]
        return pd.concat(tables, ignore_index=True)

    def _leaders(self, together: "pd.DataFrame") -> tuple[list[str], str]:
        """Strategies that are on all targets at the most points, none where there is no such point, and at which share.

        Nothing where no share can be told.
        """
        best = together[together["share_on_all_targets"] == together["share_on_all_targets"].max()]
        row = {"value": best["share_on_all_targets"].iloc[0], "low": best["low"].min(), "high": best["high"].max()}
        if tells_nothing(row["low"], row["high"]):
            return [], ""
        if row["value"] == 0:
            return [], percent(row["high"])
        return list(best["strategy"]), percentage(row)

    def _headline(
        self, outcomes: Outcomes, main: "pd.DataFrame", reached: Bools, together: "pd.DataFrame", at: str
    ) -> str:
        names, share = self._leaders(together)
        said = {"names": _quoted(names), "share": share, "rivals": self._rivals(reached)}
        if not share:
            words = [_("The points are too few to tell who reaches all targets most often.")]
        elif len(names) > 1:
            words = [_("All targets are reached most often by {names}: each at {share} of the points{rivals}.", **said)]
        elif names:
            words = [_("All targets are reached most often by {names}: at {share} of the points{rivals}.", **said)]
        else:
            words = [_("No strategy reaches all targets at any point (0%; up to {share} are possible).", share=share)]
        for name, table in main.groupby("outcome", sort=False):
            found = outcomes[str(name)]
            if table["largest_regret"].isna().any():
                words.append(_("{title}: the largest regret cannot be told from luck.", title=named(found.title)))
                continue
            per, unit = readable(found, table["largest_regret"].max())
            least = table[table["largest_regret"] == table["largest_regret"].min()]
            words.append(
                _(
                    "{title}: the largest regret is smallest with {names} ({size}).",
                    title=named(found.title), names=_quoted(least["strategy"]),
                    size=f"{number(least['largest_regret'].iloc[0] / per)} {unit}".rstrip(),
                )
            )  # fmt: skip
        if "cost" in main:
            costs = main.drop_duplicates("strategy").to_dict("records")
            per, unit = sums(row["cost"] for row in costs)
            paid = _(", ").join(f"{_quoted([row['strategy']])} {number(row['cost'] / per)}" for row in costs)
            words.append(_("Paid since the start, {unit} on average: {paid}.", unit=unit, paid=paid))
        if self.replications == 1:
            words.append(_one_replication())
        words.append(_("End of {month}; intervals: 95%.", month=month_in_words(at)))
        return one_after_another(words)

    def _rivals(self, reached: Bools) -> str:
        """Strategies that are on target at other points, but not clearly at fewer, by the points where only one of both is.

        Notes
        -----
        Source: McNemar 1947, Psychometrika 12, 153-157 (exact, two-sided 5%).
        """
        times = reached.sum(axis=1)
        best, near = int(times.argmax()), []
        for name, own in zip(self.strategies, reached, strict=True):
            lost, won = int((own & ~reached[best]).sum()), int((reached[best] & ~own).sum())
            if own.sum() < times[best] and bdtr(lost, lost + won, 0.5) > 0.025:
                near.append(name)
        return _(", not clearly more often than by {names}", names=_quoted(near)) if near else ""


def _quoted(names: Iterable[str]) -> str:
    return _(", ").join(quoted(name) for name in names)


def _left_out(n: int) -> str:
    return _("{n} points are left out, where a run failed or an outcome is not defined.", n=n)


def _one_replication() -> str:
    return _("With one replication a point luck counts as not knowing: shares and regrets are no findings.")


def without_luck(x: Floats) -> Floats:
    """Points of each strategy without their luck, ``(n_strategies, n_points)``; with one replication they keep it."""
    return np.stack([told(own).points for own in x]) if x.shape[2] > 1 else x[..., 0]


def _as_told(x: Floats) -> Floats:
    """The same, NaN at all points of a strategy whose points cannot be told from luck."""
    return np.stack([told(own).as_told for own in x]) if x.shape[2] > 1 else x[..., 0]


def _regrets(x: Floats, direction: int) -> tuple[Floats, Floats]:
    """Regret of each strategy at each point, from what it is beside the others in the same runs, luck taken out.

    And the same with NaN where it is the same at all points only because they cannot be told from luck.
    """
    beside = x - x.mean(axis=0)
    regrets = regret(without_luck(beside), direction)
    alike = (np.ptp(regrets, axis=1) == 0) & np.isnan(_as_told(beside)).any(axis=1)
    return regrets, np.where(alike[:, np.newaxis], np.nan, regrets)


def _above(x: Floats, level: float) -> tuple[Share, float]:
    """Share of points above a level, and what points that are all alike would give."""
    if x.shape[1] == 1:
        return share_on_target(x[:, 0] > level), np.nan
    found = told(x)
    return share_above(found, level), chance_alone(found, level)

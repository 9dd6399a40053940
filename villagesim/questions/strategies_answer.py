"""What all answers about strategies in the same runs have in common: values by label, tables over months, figures.

A unit is what is independent of all others: a replication of a plain comparison, or a draw of what is not known.
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial, wraps
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from villagesim.arrays import Floats
from villagesim.errors import DesignError, nearest
from villagesim.languages import _, marked, named
from villagesim.outcomes import Outcome
from villagesim.outcomes.of_levels import NOMINAL, REPORTED
from villagesim.plots.style import note_on_names
from villagesim.questions import over_time
from villagesim.questions.answer import Answer
from villagesim.questions.fan import draw_fan_of
from villagesim.questions.gains import draw_gains_of
from villagesim.questions.margin import margin
from villagesim.questions.over_time import INCOME
from villagesim.questions.pockets import draw_cost_and_effect_of, draw_money_of
from villagesim.questions.shown import shown
from villagesim.runs.table import RunTable
from villagesim.scenario import NO_MERGER
from villagesim.statistics.intervals import median
from villagesim.wording import one_after_another

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False, repr=False)
class StrategiesAnswer(Answer):
    """Results of all strategies in the same runs, or draws; units in which a run failed are left out whole."""

    of_draws: ClassVar[bool] = False

    @cached_property
    def strategies(self) -> tuple[str, ...]:
        """Those shown, the baseline among them."""
        return tuple(self.facts["strategies"])

    @property
    def baseline(self) -> str:
        """The one that all others are held against."""
        return self.known.baseline

    @cached_property
    def _table(self) -> RunTable:
        return RunTable(self.stages[""].runs, self.strategies)

    @property
    def idle(self) -> tuple[str, ...]:
        """Strategies whose policies never acted, by the ledger of their runs."""
        return tuple(self.facts.get("never_acted", ()))

    @property
    def months(self) -> tuple[str, ...]:
        """Months by their labels; the first is the state at the start."""
        return self._table.months

    @property
    def month(self) -> str:
        """Month of the results, where no other is asked for."""
        return str(self.facts.get("at") or self.months[-1])

    @property
    def n_replications(self) -> int:
        """Replications of each strategy, or of each draw, in which no run failed."""
        return self._table.n_replications

    @property
    def n_runs(self) -> int:
        """Runs of each strategy."""
        assert self._table.points is not None
        return len(self._table.points) * self.n_replications

    @property
    def n_merged(self) -> "float | Floats":
        """Villages of two or more constituents, of all units or of each."""
        return self.known.n_merged

    @property
    def one_decree(self) -> bool:
        """Whether the decrees come on the same days in all runs."""
        return True

    def verdict_at_the_end(self, strategy: str, name: str) -> str:
        """What stands in place of the verdict on the mean; empty where nothing does."""
        return ""

    @property
    def decrees(self) -> Sequence[tuple[str, ...]]:
        """Months of the decrees of every unit."""
        return [self.known.decrees] * self.n_runs

    @property
    def after_the_decree(self) -> str | None:
        """The first month in which the decree is in force in all runs."""
        return self.known.decree

    @property
    @abstractmethod
    def sample(self) -> str:
        """How many runs of what, in words."""

    @property
    @abstractmethod
    def rests_on(self) -> str:
        """What the figures rest on, in a sentence."""

    @property
    @abstractmethod
    def lines(self) -> str:
        """What lines and bands of figures are, in a sentence."""

    @property
    @abstractmethod
    def differences_mean(self) -> str:
        """What lines and bands of differences over time are, in a sentence or two."""

    @abstractmethod
    def values(self, name: str) -> Floats:
        """One outcome of every unit, ``(n_strategies, n_units, n_months)``."""

    @abstractmethod
    def table(self, name: str, at: str | None = None) -> "pd.DataFrame":
        """One outcome at the end of a month: a row a strategy."""

    @abstractmethod
    def _rows(self, name: str, at: str | None, **how: Any) -> list[dict[str, Any]]:
        """Rows of that table."""

    @abstractmethod
    def in_words(self, row: dict[str, Any]) -> dict[str, Any]:
        """What a row of that table says: ``difference`` with its interval, ``differs``, ``verdict``."""

    @abstractmethod
    def sentence(self, what: str, name: str, rows: "pd.DataFrame") -> str:
        """One sentence on an outcome, out of the rows of its verdicts."""

    @abstractmethod
    def bands(self, name: str, runs: Floats) -> dict[str, Floats]:
        """Ends of the bands of one strategy by month, from its runs, ``(n_points, n_replications, n_months)``."""

    @abstractmethod
    def changes_over_time(self, name: str) -> dict[str, dict[str, Any]]:
        """Of each strategy that can be compared, by month: ``intervals`` of its difference to the baseline, and ends of bands."""

    def shares(self, strategy: str, name: str, at: str) -> dict[str, float]:
        """Shares of the draws in which a strategy is better and worse than the baseline; nothing where nothing is drawn."""
        return {}

    def runs_of(self, name: str) -> Floats:
        """One outcome of all runs, ``(n_strategies, n_points, n_replications, n_months)``."""
        return self._table.values(self.outcome(name).name)

    def each_run(self, name: str) -> Floats:
        """One outcome of all runs, ``(n_strategies, n_runs, n_months)``."""
        return self.runs_of(name).reshape(len(self.strategies), -1, len(self.months))

    def at(self, name: str, at: str | None = None) -> Floats:
        """One outcome of every unit at the end of a month, ``(n_strategies, n_units)``; by default of that of the results.

        Raises
        ------
        RunError
            Where the month is not in the run.
        """
        return self.values(name)[..., self.rank(at or self.month)]

    def rank(self, month: str | None = None) -> int:
        """Place of a month among those of the results; by default of the last."""
        return self._table.rank(month)

    def several(self, names: Sequence[str] | None = None, at: str | None = None, **how: Any) -> "pd.DataFrame":
        """Tables of several outcomes, by default of all, in one, with columns ``outcome``, ``unit``, ``at``, ``margin``."""
        import pandas as pd

        rows = []
        for name in self.known.outcomes if names is None else names:
            first = {
                "outcome": name,
                "unit": self.outcome(name).unit,
                "at": at or self.month,
                "margin": self.margin(name, at),
            }
            rows += [first | row for row in self._rows(name, at, **how)]
        return pd.DataFrame(rows)

    def margin(self, name: str, at: str | None = None) -> float:
        """Smallest difference that matters, in the outcome's unit; a relative one is taken of the baseline's mean."""
        return margin(self.known, name, self.at(name, at), self.strategies.index(self.baseline))

    def compares(self, strategy: str, name: str) -> bool:
        """Whether a difference to the baseline means something: not to itself, nor over other villages or more of them."""
        return strategy != self.baseline and not over_time.barred(self.known, strategy, name)

    def outcome(self, name: str) -> Outcome:
        """An outcome by its name."""
        return self.known.outcomes[name]

    def trajectories(self, name: str) -> "pd.DataFrame":
        """One outcome by strategy and month: mean and median over all runs, and the ends of bands.

        ``order`` is the strategy's rank in the scenario, which gives it the same look in every figure. Where something was
        observed of the outcome, ``observed`` and its standard error ``observed_error`` stand beside it.
        """
        return self._over_time([name]).drop(columns="outcome")

    def all_trajectories(self) -> "pd.DataFrame":
        """The :meth:`trajectories` of all outcomes, one below the other, ``outcome`` first."""
        return self._over_time(list(self.known.outcomes))

    def _over_time(self, outcomes: Sequence[str]) -> "pd.DataFrame":
        import pandas as pd

        parts = [self._trajectory(name) for name in outcomes]
        n, own = len(self.months), len(self.months) * len(self.strategies)
        labels = {
            "outcome": np.repeat(np.array(outcomes, object), own),
            "strategy": np.tile(np.repeat(np.array(self.strategies, object), n), len(outcomes)),
            "order": np.tile(np.repeat([self.known.order(strategy) for strategy in self.strategies], n), len(outcomes)),
            "month": list(self.months) * (len(self.strategies) * len(outcomes)),
        }
        columns = dict.fromkeys(column for part in parts for column in part)
        unknown = np.full(own, np.nan)
        found = {column: np.concatenate([part.get(column, unknown) for part in parts]) for column in columns}
        return pd.DataFrame(labels | found)

    def _trajectory(self, name: str) -> dict[str, Floats]:
        """Values of one outcome by column, strategy after strategy, month after month."""
        found = [
            {"mean": x.mean(axis=0), "median": median(x), **self.bands(name, own)}
            for own, x in zip(self.runs_of(name), self.each_run(name), strict=True)
        ]
        values = {column: np.concatenate([one[column] for one in found]) for column in found[0]}
        if seen := {each.at: each for each in self.known.observed if each.outcome == name and each.value is not None}:
            for column, value in (("observed", "value"), ("observed_error", "error")):
                told = [getattr(seen[at], value) if at in seen else np.nan for at in self.months]
                values[column] = np.tile(np.array(told, float), len(self.strategies))
        return values

    def plot(
        self,
        outcome: str = INCOME,
        *,
        title: str = "",
        labels: Mapping[str, str] | None = None,
        units: str | tuple[str, float] = "",
        strategies: Sequence[str] | None = None,
        reported: bool = False,
        ax: "Axes | None" = None,
    ) -> "Axes":
        """Draw one outcome by strategy over time, with its bands; in a figure of its own with its caption.

        Parameters
        ----------
        outcome : str
            Its name. Beside a published share stands what summing the parts alone makes of it.
        title : str, optional
            By default that of the outcome.
        labels : dict of str to str, optional
            What strategies are called in the legend.
        units : str or (str, float), optional
            What is written at the axis in place of the unit; with what figures are divided by, as ``("万元", 10_000)``.
        strategies : sequence of str, optional
            Those that are drawn, in this order; by default the baseline and the last, eight at most, but no merger where
            nothing merges: it is the baseline.
        reported : bool
            Draw dashed what is reported beside what is earned, both in yuan of the start.
        ax : Axes, optional
            Axes of one's own, which get no caption.

        Raises
        ------
        VillagesimError
            Where an outcome or a strategy is unknown, or nothing is reported of the outcome.
        """
        from villagesim.plots.trajectories import draw_one

        own = [name for name in self.strategies if name != NO_MERGER or self.known.merges]
        found = self.outcome(outcome)
        for name in [*(strategies or ()), *(labels or {})]:
            if name not in self.strategies:
                raise DesignError(f"the results have no strategy {name!r}.", fix=nearest(name, self.strategies))
        there = own if strategies is None else self.strategies
        order, lost = shown("trajectories", strategies, there, self.known, [self.baseline])
        table = self.trajectories(outcome)
        if reported:
            table["reported"] = self._reported(outcome)
        if outcome == self.known.published_share and self.known.merges and self.known.n_merged > 0:
            table["mechanical"] = self.trajectories(self.known.mechanical_share)["median"]
        parts = [table[table["strategy"] == name] for name in order]
        caption = one_after_another((self.caption(outcome), lost))
        return draw_one(parts, found, self.marks(), caption, ax, title=title, labels=labels or {}, units=units)

    def _reported(self, outcome: str) -> Floats:
        """Medians over all runs of an outcome as it is reported, a number a strategy and month."""
        if f"{REPORTED}{outcome}" not in self.known.outcomes:
            known = [name.removeprefix(REPORTED) for name in self.known.outcomes if name.startswith(REPORTED)]
            raise DesignError(f"nothing is reported of {outcome}.", fix=f"There is of {', '.join(known)}.")
        return np.concatenate([median(runs) for runs in over_time.as_reported(self, outcome, self.each_run)])

    def marks(self) -> dict[str, str]:
        """Dates worth a line in a figure: month label by name."""
        marks = dict(self.known.dates)
        if starts := [self.known.starts[name] for name in self.strategies if name in self.known.starts]:
            first, most = min(starts), max(sorted(set(starts)), key=starts.count)
            several = {marked("first policies start"): first, marked("most policies start"): most}
            marks |= {marked("policies start"): first} if first == most else several
        if ends := [month for name in self.strategies for month in self.known.ends.get(name, ())]:
            several = {marked("first policies end"): min(ends), marked("last policies end"): max(ends)}
            marks |= {marked("policies end"): ends[0]} if len({*ends}) == 1 else several
        return marks

    def caption(self, *outcomes: str) -> str:
        """One line on what a figure of these outcomes rests on."""
        said = {"n": len(self.known.decrees), "before": self.known.n_before, "after": self.known.n_after}
        merged = _("At the decree {before} villages become {after}: the same money over fewer villages.", **said)
        if said["n"] > 1:
            merged = _("By {n} decrees {before} villages become {after}: the same money over fewer villages.", **said)
        first = [merged] if said["n"] and said["after"] < said["before"] else []
        seen = [each for each in self.known.observed if each.value is not None and each.outcome in outcomes]
        sources = _("; ").join(dict.fromkeys(named(each.source) for each in seen))
        bars = _("Bars: 90% of their error.") if any(each.error for each in seen) else ""
        points = [_("Diamonds: observed ({sources}); unknown to every run.", sources=sources), bars] if seen else []
        return one_after_another([*first, self.lines, *points, self.rests_on, note_on_names(self.strategies)])

    @property
    def more_figures(self) -> tuple[str, ...]:
        """Names of figures that can be drawn besides."""
        money = ["money", "cost_and_effect"] if self.known.others(self.strategies) else []
        return (*super().more_figures, "trajectories", "fan", *money)

    @property
    def observed_outcomes(self) -> tuple[str, ...]:
        """Outcomes of which something was observed, each in the reading in which it was reported."""
        seen = dict.fromkeys(each.outcome for each in self.known.observed if each.value is not None)
        return tuple(name for name in seen if f"{REPORTED}{name.removeprefix(NOMINAL)}" not in seen)

    @property
    def figures(self) -> tuple[str, ...]:
        """Names of the figures, the main one first; what was observed last, where something was."""
        merged = self.known.merges and np.max(self.n_merged) > 0
        own = tuple(name for name in super().figures if name != "distribution" or merged)
        return (*own, *(["hindcast"] if self.observed_outcomes else []))

    def drawing(self, name: str) -> "Callable[..., Figure]":
        """What draws a figure."""
        ways: dict[str, Callable[..., Figure]] = {
            "differences": self.differences, "distribution": partial(draw_gains_of, self), "hindcast": self.hindcast,
            "trajectories": self.paths, "fan": partial(draw_fan_of, self), "money": partial(draw_money_of, self),
            "cost_and_effect": partial(draw_cost_and_effect_of, self),
        }  # fmt: skip
        return ways[name]

    @wraps(plot)
    def paths(self, *what: Any, **how: Any) -> "Figure":  # noqa: D102
        return self.plot(*what, **how).figure.figure  # type: ignore[return-value]

    def hindcast(self, strategies: Sequence[str] | None = None) -> "Figure":
        """Draw all that was observed over what was simulated."""
        from villagesim.plots.trajectories import draw_several

        chosen, lost = shown("hindcast", strategies, self.strategies, self.known, [self.baseline])
        tables = {name: self.trajectories(name) for name in self.observed_outcomes}
        tables = {name: table[table["strategy"].isin(chosen)] for name, table in tables.items()}
        titles = {name: self.outcome(name) for name in tables}
        title = _("What was observed, and what was simulated")
        return draw_several(tables, titles, self.marks(), title, one_after_another((self.caption(*tables), lost)))

    def differences(self) -> "Figure":
        """Draw what every strategy adds over time, beside levels, integration and cost."""
        from villagesim.plots.differences import draw_differences, has_cost

        table = self.tables["differences"] if "differences" in self.tables else over_time.differences(self)
        marks, lines = over_time.upright(self)
        cost = _("Cost: from the county's fund, beyond the baseline.") if has_cost() else ""
        notes = over_time.left_out(self), self.rests_on, note_on_names(self.strategies)
        caption = one_after_another((self.differences_mean, cost, lines, *notes))
        return draw_differences(
            table, over_time.step(self), marks, self.known.starts, caption, self.known.ends, self.n_runs
        )

    @property
    def discount(self) -> float:
        """What a yuan of next year is worth less [share]."""
        return float(self.facts.get("discount", 0.0))

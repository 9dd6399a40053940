"""What all answers about strategies in the same runs have in common: values by label, tables over months, figures.

A unit is what is independent of all others: a replication of a plain comparison, or a draw of what is not known.
"""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.arrays import Floats
from villagesim.outcomes import Outcome
from villagesim.outcomes.of_levels import NOMINAL, REPORTED
from villagesim.questions.answer import Answer
from villagesim.questions.margin import margin
from villagesim.runs.table import RunTable
from villagesim.scenario import NO_MERGER
from villagesim.statistics.intervals import median

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NEVER_ACTED = "never acted"
"""Verdict on a strategy none of whose policies was begun, reached anybody, and was paid enough to do anything."""
GROUPS_CAPTION = (
    "Constituents of merged villages in groups of the first day: thirds by members, thirds by income per member, hosts and"
    " joined parts. Points: differences of means over the members of a group; lines: 95% simulation error, for all groups and"
    " strategies together; a point without a line: too few of the runs differ to say."
)


@dataclass(frozen=True, eq=False, repr=False)
class StrategiesAnswer(Answer):
    """Results of all strategies in the same runs; units in which a run failed are left out whole."""

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
        """Whether a difference to the baseline means something: not to itself, nor over other numbers of villages."""
        others = strategy in self.known.other_number and self.outcome(name).per_village
        return strategy != self.baseline and not others

    def outcome(self, name: str) -> Outcome:
        """An outcome by its name."""
        return self.known.outcomes[name]

    def trajectories(self, name: str) -> "pd.DataFrame":
        """One outcome by strategy and month: mean and median over all runs, and the ends of bands.

        ``order`` is the strategy's rank in the scenario, which gives it the same look in every figure. Where something was
        observed of the outcome, ``observed`` and its standard error ``observed_error`` stand beside it.
        """
        import pandas as pd

        n, runs = len(self.months), self.runs_of(name)
        each = self.each_run(name)
        found = [
            {"mean": x.mean(axis=0), "median": median(x), **self.bands(name, own)}
            for own, x in zip(runs, each, strict=True)
        ]
        labels = {
            "strategy": np.repeat(np.array(self.strategies, object), n),
            "order": np.repeat([self.known.order(strategy) for strategy in self.strategies], n),
            "month": self.months * len(self.strategies),
        }
        table = pd.DataFrame(labels | {column: np.concatenate([one[column] for one in found]) for column in found[0]})
        if seen := {each.at: each for each in self.known.observed if each.outcome == name and each.value is not None}:
            for column, value in (("observed", "value"), ("observed_error", "error")):
                table[column] = [getattr(seen[at], value) if at in seen else np.nan for at in table["month"]]
        return table

    def plot(self, name: str, ax: "Axes | None" = None) -> "Axes":
        """Draw one outcome by strategy over time, with its bands; in a figure of its own with its caption."""
        from villagesim.plots.trajectories import draw_one

        return draw_one(self.trajectories(name), self.outcome(name), self.marks(), self.caption(), ax)

    def marks(self) -> dict[str, str]:
        """Dates worth a line in a figure: month label by name."""
        marks = dict(self.known.dates)
        if starts := [self.known.starts[name] for name in self.strategies if name in self.known.starts]:
            first, most = min(starts), max(sorted(set(starts)), key=starts.count)
            marks |= (
                {"policies start": first}
                if first == most
                else {"first policies start": first, "most policies start": most}
            )
        return marks

    def caption(self) -> str:
        """One line on what the figure rests on."""
        from villagesim.plots.style import note_on_names

        n = len(self.known.decrees)
        when = "At the decree" if n == 1 else f"By {n} decrees"
        merged = (
            f"{when} {self.known.n_before} villages become {self.known.n_after}: the same money over fewer villages."
        )
        said = [merged] if self.known.merges else []
        seen = dict.fromkeys(each.source for each in self.known.observed if each.value is not None)
        points = [f"Diamonds: observed ({'; '.join(seen)}); unknown to every run."] if seen else []
        return " ".join([*said, self.lines, *points, self.rests_on]) + note_on_names(self.strategies)

    @property
    def observed_outcomes(self) -> tuple[str, ...]:
        """Outcomes of which something was observed, each in the reading in which it was reported."""
        seen = dict.fromkeys(each.outcome for each in self.known.observed if each.value is not None)
        return tuple(name for name in seen if f"{REPORTED}{name.removeprefix(NOMINAL)}" not in seen)

    @property
    def figures(self) -> tuple[str, ...]:
        """Names of the figures, the main one first; what was observed last, where something was."""
        return (*super().figures, *(["hindcast"] if self.observed_outcomes else []))

    def figure(self, name: str | None = None) -> "Figure":
        """Draw a figure, by default the main one."""
        return self.hindcast() if name == "hindcast" and name in self.figures else super().figure(name)

    def hindcast(self) -> "Figure":
        """Draw all that was observed over what was simulated."""
        from villagesim.plots.trajectories import draw_several

        tables = {name: self.trajectories(name) for name in self.observed_outcomes}
        titles = {name: self.outcome(name) for name in tables}
        return draw_several(tables, titles, self.marks(), "What was observed, and what was simulated", self.caption())

    def overview(self) -> "Figure":
        """Draw income, integration, and the published share beside what arithmetic makes of it."""
        from villagesim.plots.overview import draw_overview

        known = self.known
        merges = known.merges and known.n_merged > 0
        middle = ("real_integration", "accounts_per_village") if merges else ("trust", "debt")
        names = ("collective_income", "income_per_resident", *middle, known.published_share)
        shown = {name: self.trajectories(name) for name in names}
        if merges:
            shown[known.mechanical_share] = self.trajectories(known.mechanical_share)
        else:  # the world without merger is the baseline itself
            shown = {name: table[table["strategy"] != NO_MERGER] for name, table in shown.items()}
        titles = {name: known.outcomes[name] for name in shown}
        mechanical = known.mechanical_share if merges else None
        return draw_overview(shown, titles, self.marks(), self.caption(), known.published_share, mechanical)

    def gains(self) -> "Figure":
        """Draw who gains and who loses, at the end of the run."""
        from villagesim.plots.distribution import draw_distribution
        from villagesim.plots.style import note_on_names

        table, last = self.tables["distribution"], self.months[-1]
        caption = (
            f"At the end of {last}, {self.sample}. {GROUPS_CAPTION} {self.rests_on}{note_on_names(self.strategies)}"
        )
        return draw_distribution(table[table["at"] == last], caption)

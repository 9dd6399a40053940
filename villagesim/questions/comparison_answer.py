"""Strategies side by side: means, bands, paired differences to the baseline, verdicts.

Three intervals that are never mixed: simulation error of a mean (``low``, ``high``; shrinks with replications), one
county's chance (``band_low``, ``band_high``: 5 to 95%; does not shrink), and uncertainty (parameters, maps, dates), which
is not in here: one map, central parameters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.arrays import Floats
from villagesim.outcomes import Outcome
from villagesim.questions.answer import Answer
from villagesim.questions.margin import margin
from villagesim.runs.table import RunTable
from villagesim.scenario import BASELINE, NO_MERGER
from villagesim.statistics.differences import difference_interval, paired
from villagesim.statistics.intervals import chance_of_best, mean_interval, median, prediction_band, verdict
from villagesim.statistics.simultaneous import simultaneous_quantile
from villagesim.wording import effect, number, scale, signed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

NEVER_ACTED = "never acted"
"""Verdict on a strategy none of whose policies was begun, reached anybody, and was paid enough to do anything."""
DIFFERENCE = ("difference", "difference_low", "difference_high")
"""Columns of a difference to the baseline and its interval."""


@dataclass(frozen=True, eq=False, repr=False)
class ComparisonAnswer(Answer):
    """Results of all strategies in the same replications; replications in which a run failed are left out whole."""

    @property
    def strategies(self) -> tuple[str, ...]:
        """Those shown, the baseline among them."""
        return tuple(self.facts["strategies"])

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
    def n_replications(self) -> int:
        """Replications in which no run failed."""
        return self._table.n_replications

    def values(self, name: str) -> Floats:
        """All values of one outcome, ``(n_strategies, n_replications, n_months)``."""
        return self._table.values(self._outcome(name).name)[:, 0]

    def at(self, name: str, at: str | None = None) -> Floats:
        """Values of one outcome at the end of a month, ``(n_strategies, n_replications)``; by default of the last.

        Raises
        ------
        RunError
            Where the month is not in the run.
        """
        return self._table.at(self._outcome(name).name, at)[:, 0]

    def table(self, name: str, at: str | None = None) -> "pd.DataFrame":
        """One outcome at the end of a month: a row a strategy.

        Columns: ``mean`` with its 95% simulation error ``low, high``; ``band_low, band_high`` (one county's chance, 5 to
        95%); ``difference`` to the baseline in the same replications with its interval, simultaneous over the strategies
        shown (Bonferroni; above ten by their correlation; none where too few replications differ); ``differs``: in how
        many of the replications there is any difference; ``verdict`` by the margin;
        ``chance_of_best`` (bootstrap of whole replications: about simulation error only).
        """
        import pandas as pd

        found, values = self._outcome(name), self.at(name, at)
        baseline = values[self.strategies.index(BASELINE)]
        matters = self.margin(name, at)
        best = self._chance_of_best(name, values)
        others = [i for i, strategy in enumerate(self.strategies) if strategy != BASELINE]
        quantile = simultaneous_quantile(paired(values[others], baseline), 0.95, self.facts["seed"]) if others else None
        rows = []
        for strategy, own, chance in zip(self.strategies, values, best, strict=True):
            mean, (band_low, band_high) = mean_interval(own), prediction_band(own)
            row: dict[str, Any] = {
                "strategy": strategy, "mean": mean.mean, "low": mean.low, "high": mean.high,
                "band_low": float(band_low), "band_high": float(band_high),
                "difference": np.nan, "difference_low": np.nan, "difference_high": np.nan, "differs": "-",
                "verdict": "baseline", "chance_of_best": chance,
            }  # fmt: skip
            if strategy == NO_MERGER and found.per_village and self.known.merges:
                row["verdict"] = "other number of villages"
            elif strategy != BASELINE:
                difference = difference_interval(paired(own, baseline), found.bounds, quantile=quantile)
                row |= {
                    "difference": difference.mean, "difference_low": difference.low, "difference_high": difference.high,
                    "differs": difference.differs,
                    "verdict": NEVER_ACTED if strategy in self.idle else str(verdict(difference, matters, found.direction)),
                }  # fmt: skip
            rows.append(row)
        return pd.DataFrame(rows)

    def several(self, names: Sequence[str] | None = None, at: str | None = None) -> "pd.DataFrame":
        """Tables of several outcomes, by default of all, in one, with columns ``outcome``, ``unit``, ``at``, ``margin``."""
        import pandas as pd

        tables = []
        for name in self.known.outcomes if names is None else names:
            first = {
                "outcome": name, "unit": self._outcome(name).unit, "at": at or self.months[-1],
                "margin": self.margin(name, at),
            }  # fmt: skip
            table = self.table(name, at)
            tables.append(table.assign(**first)[[*first, *table.columns]])
        return pd.concat(tables, ignore_index=True)

    def margin(self, name: str, at: str | None = None) -> float:
        """Smallest difference that matters, in the outcome's unit; a relative one is taken of the baseline's mean."""
        return margin(self.known, name, self.at(name, at), self.strategies.index(BASELINE))

    def trajectories(self, name: str) -> "pd.DataFrame":
        """One outcome by strategy and month: mean, median, bands of 50 and 90% over replications.

        ``order`` is the strategy's rank in the scenario, which gives it the same look in every figure.
        """
        import pandas as pd

        tables = []
        for strategy, values in zip(self.strategies, self.values(name), strict=True):
            low90, high90 = prediction_band(values, 0.90)
            low50, high50 = prediction_band(values, 0.50)
            columns = {
                "strategy": strategy, "order": self.known.order(strategy),
                "month": self.months, "mean": values.mean(axis=0), "median": median(values),
                "low_50": low50, "high_50": high50, "low_90": low90, "high_90": high90,
            }  # fmt: skip
            tables.append(pd.DataFrame(columns))
        return pd.concat(tables, ignore_index=True)

    def plot(self, name: str, ax: "Axes | None" = None) -> "Axes":
        """Draw one outcome by strategy over time: median, bands of 50 and 90%; in a figure of its own with its caption."""
        from villagesim.plots.trajectories import draw_one

        caption = self.caption()
        return draw_one(self.trajectories(name), self._outcome(name), self.marks(), caption, ax)

    def marks(self) -> dict[str, str]:
        """Dates worth a line in a figure: month label by name."""
        marks = dict(self.known.dates)
        if starts := [self.known.starts[name] for name in self.strategies if name in self.known.starts]:
            marks["policies start"] = min(starts)
        return marks

    def caption(self) -> str:
        """One line on what the figure rests on."""
        from villagesim.plots.style import note_on_names

        parts = []
        if self.known.merges:
            parts.append(
                f"At the decree {self.known.n_before} villages become {self.known.n_after}: the same money over fewer"
                " villages."
            )
        if self.n_replications > 1:
            parts.append(
                f"Lines: medians of {self.n_replications} replications; dark band: their middle half, light band: 90% of them"
                f" ({BASELINE}, and the last strategy)."
            )
        else:
            parts.append("One replication: it says nothing about chance.")
        said = " ".join([*parts, "One map, one draw of endowments, central parameters: not a forecast."])
        return said + note_on_names(self.strategies)

    def _outcome(self, name: str) -> Outcome:
        return self.known.outcomes[name]

    def _chance_of_best(self, name: str, values: Floats) -> Floats:
        """Chance of being best among the strategies that can be chosen and compared."""
        choices = [i for i, strategy in enumerate(self.strategies) if strategy != NO_MERGER or not self.known.merges]
        chances = np.full(len(self.strategies), np.nan)
        chances[choices] = chance_of_best(values[choices], self._outcome(name).direction, self.facts["seed"])
        return chances


def headline(answer: ComparisonAnswer) -> str:
    """Say in words what came out at the end of the run."""
    merges = answer.known.merges
    parts = [_arithmetic(answer) if merges else _share(answer)]
    policies = [s for s in answer.strategies if s not in (BASELINE, NO_MERGER, *answer.idle)]
    if policies:
        parts.append(_income(answer, policies))
    if policies and merges:
        parts.append(_integration(answer, policies))
    if answer.idle:
        parts.append(
            f"{'; '.join(answer.idle)}: {NEVER_ACTED}. No policy was begun, reached anybody and was paid enough to do"
            " anything: this says nothing about what it would do."
        )
    return " ".join(parts)


def _arithmetic(answer: ComparisonAnswer) -> str:
    baseline = answer.strategies.index(BASELINE)
    name = answer.known.published_share
    before = float(answer.values(name)[baseline, :, 0].mean())
    published = float(answer.at(name)[baseline].mean())
    assert answer.known.decree is not None
    now = answer.months.index(answer.known.decree)
    mechanical = answer.values(answer.known.mechanical_share)[baseline]
    jump = float((mechanical[:, now] - mechanical[:, now - 1]).mean())
    return (
        f"{answer.known.outcomes[name].title}: {before:.1%} at the start, {published:.1%} at the end with nothing but the"
        f" merger; summing the parts alone adds {100 * jump:.1f} points in the month of the decree."
    )


def _share(answer: ComparisonAnswer) -> str:
    name = answer.known.published_share
    values = answer.values(name)[answer.strategies.index(BASELINE)].mean(axis=0)
    title = answer.known.outcomes[name].title
    return f"{title}: {values[0]:.1%} at the start, {values[-1]:.1%} at the end without any policy."


def _income(answer: ComparisonAnswer, policies: list[str]) -> str:
    rows = answer.table("collective_income").set_index("strategy")
    base = rows.loc[BASELINE, "mean"]
    per, unit = scale("yuan", rows["mean"].max())
    words = []
    for name in policies:
        row = rows.loc[name]
        change = effect(row[[*DIFFERENCE]] / per, *DIFFERENCE)
        words.append(f"{name} {change}, or {signed(100 * row['difference'] / base)}%: {row['verdict']}")
    when = f"at the end of {answer.months[-1]}, against nothing but the merger"
    return f"Collective income per village {when} [{unit} a year]: {'; '.join(words)}."


def _integration(answer: ComparisonAnswer, policies: list[str]) -> str:
    real, pooled = answer.at("real_integration").mean(axis=1), answer.at("share_accounts_pooled").mean(axis=1)
    words = [
        f"{name} {number(real[i])}, with one account in {number(100 * pooled[i])}%"
        for i, name in enumerate(answer.strategies)
        if name in (BASELINE, *policies)
    ]
    return f"Integration in fact of merged villages: {'; '.join(words)}."

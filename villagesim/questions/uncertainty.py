"""Strategies under what is not known: simulation error, one county's chance, and not knowing, shown apart.

Every draw is one state of parameters, map and dates, run by all strategies in the same few replications, which are the
draw's own: luck that all draws share would not average out. The split is by analysis of variance. Intervals hold for each
strategy by itself, not for all of them together. Bands are 1.645 standard deviations wide on either side, which holds 90%
where the spread is normal.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.arrays import Floats
from villagesim.errors import RunError
from villagesim.outcomes import outcome
from villagesim.questions.comparison import headline_outcomes
from villagesim.questions.margin import smallest_difference
from villagesim.scenario import BASELINE, NO_MERGER, Scenario
from villagesim.statistics.intervals import mean_interval
from villagesim.statistics.regret import Share, share_better
from villagesim.statistics.variance import split_variance

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

BAND = 1.645
"""Standard deviations on either side that hold 90% of a normal distribution."""


@dataclass(eq=False)
class NotKnowing:
    """Results of all strategies in the same draws, each with replications of its own.

    Attributes
    ----------
    scenario : Scenario
    strategies : tuple of str
    county : DataFrame
        ``point`` (the draw), ``strategy, replication, month`` and a column an outcome, at one month.
    failures : DataFrame
        Runs that failed; their draws are left out of ``county`` whole.
    """

    scenario: Scenario
    strategies: tuple[str, ...]
    county: "pd.DataFrame"
    failures: "pd.DataFrame"

    @property
    def at(self) -> str:
        """Month of the results."""
        return str(self.county["month"].iloc[0])

    @property
    def n_draws(self) -> int:
        """Draws in which no run failed."""
        return int(self.county["point"].nunique())

    @property
    def n_replications(self) -> int:
        """Replications of each draw."""
        return len(self.county) // (self.n_draws * len(self.strategies))

    def values(self, name: str) -> Floats:
        """All values of one outcome, ``(n_strategies, n_draws, n_replications)``."""
        shape = (self.n_draws, len(self.strategies), self.n_replications)
        return self.county[outcome(name).name].to_numpy().reshape(shape).swapaxes(0, 1)

    def table(self, name: str, *, difference: bool = True) -> "pd.DataFrame":
        """One outcome, a row a strategy: its difference to the baseline in the same runs, or itself.

        Columns: ``mean`` over the draws with its 95% simulation error ``low, high``; ``chance_low, chance_high`` (one
        county's chance, parameters and map being known); ``unknown_low, unknown_high`` (not knowing: where the mean may
        lie); ``share_unknown`` of the variance with its interval; ``share_better``, ``share_worse`` (draws in which it
        differs from the baseline by more than the smallest difference that matters, with the intervals).
        """
        import pandas as pd

        found, values = outcome(name), self.values(name)
        baseline = values[self.strategies.index(BASELINE)]
        smallest = self.smallest(name)
        rows = []
        for strategy, own in zip(self.strategies, values, strict=True):
            if difference and not self._compares(strategy, found.per_village):
                continue
            x = own - baseline if difference else own
            split, mean = split_variance(x), mean_interval(x.mean(axis=1))
            row: dict[str, Any] = {
                "strategy": strategy, "mean": mean.mean, "low": mean.low, "high": mean.high,
                "chance_low": split.mean - BAND * split.chance, "chance_high": split.mean + BAND * split.chance,
                "unknown_low": split.mean - BAND * split.uncertainty,
                "unknown_high": split.mean + BAND * split.uncertainty,
                "share_unknown": split.share, "share_unknown_low": split.low, "share_unknown_high": split.high,
            }  # fmt: skip
            direction = found.direction or 1
            for word, sign in (("better", direction), ("worse", -direction)):
                share = share_better(own.mean(axis=1), baseline.mean(axis=1), smallest, sign)
                row |= _share(word, share if strategy != BASELINE and np.isfinite(x).all() else None)
            rows.append(row)
        return pd.DataFrame(rows)

    def tables(self, names: tuple[str, ...] | None = None, *, difference: bool = True) -> "pd.DataFrame":
        """Tables of several outcomes (by default the headline ones) in one, with columns ``outcome, unit, at``."""
        import pandas as pd

        tables = []
        for name in names or headline_outcomes(self.scenario):
            table = self.table(name, difference=difference)
            table.insert(0, "at", self.at)
            table.insert(0, "unit", outcome(name).unit)
            table.insert(0, "outcome", name)
            tables.append(table)
        return pd.concat(tables, ignore_index=True)

    def figure(self) -> "Figure":
        """Draw the differences of the outcomes that are shown first, the three intervals apart."""
        from villagesim.plots.uncertainty import draw_not_knowing

        shown = {name: self.table(name).dropna(subset="mean") for name in headline_outcomes(self.scenario)}
        caption = (
            f"Differences to {BASELINE!r} in the same runs, {self.n_draws} draws of all assumptions, maps and dates,"
            f" {self.n_replications} replications each. Grey: differences too small to matter."
        )
        smallest = {name: self.smallest(name) for name in shown}
        return draw_not_knowing(shown, smallest, f"What is sure and what is not, at the end of {self.at}", caption)

    def smallest(self, name: str) -> float:
        """Smallest difference that matters, in the outcome's unit; a relative one is taken of the baseline's mean."""
        return smallest_difference(self.scenario, name, self.values(name), self.strategies.index(BASELINE))

    def _compares(self, strategy: str, per_village: bool) -> bool:
        """Whether a difference to the baseline means something: not to itself, nor over other numbers of villages."""
        return strategy != BASELINE and not (strategy == NO_MERGER and per_village and self.scenario.merges)


def whole_draws(county: "pd.DataFrame", failures: "pd.DataFrame") -> "pd.DataFrame":
    """Only the draws in which no run failed, so that pairs stay together.

    Raises
    ------
    RunError
        Where fewer than two are left.
    """
    whole = county[~county["point"].isin(failures["point"])].reset_index(drop=True)
    if whole["point"].nunique() < 2:
        raise RunError(
            f"{whole['point'].nunique()} draws are whole, and two at least are needed.",
            fix=f"The first failure: {failures['message'].iloc[0]}" if len(failures) else "Give more draws.",
        )
    return whole


def _share(word: str, share: Share | None) -> dict[str, float]:
    value, low, high = (share.value, share.low, share.high) if share else (np.nan,) * 3
    return {f"share_{word}": value, f"share_{word}_low": low, f"share_{word}_high": high}

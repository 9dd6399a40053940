"""Strategies side by side: means, bands, paired differences to the baseline, verdicts.

Three intervals that are never mixed: simulation error of a mean (``low``, ``high``; shrinks with replications), one
county's chance (``band_low``, ``band_high``: 5 to 95%; does not shrink), and not knowing (parameters, maps, dates), which
is not in here: one map, central parameters.
"""

from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.arrays import Floats
from villagesim.dates import month_key, month_label
from villagesim.errors import ScenarioError, nearest
from villagesim.outcomes import OUTCOMES, outcome
from villagesim.questions.margin import smallest_difference
from villagesim.scenario import BASELINE, NO_MERGER, Scenario
from villagesim.statistics.intervals import chance_of_best, mean_interval, median, prediction_band, verdict
from villagesim.statistics.simultaneous import simultaneous_quantile
from villagesim.wording import effect, number, scale, signed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DIFFERENCE = ("difference", "difference_low", "difference_high")
"""Columns of a difference to the baseline and its interval."""
THRESHOLDS = {50_000: "share_above_50k", 100_000: "share_above_100k", 500_000: "share_above_500k"}


@dataclass(eq=False)
class Comparison:
    """Results of all strategies in the same replications.

    Attributes
    ----------
    scenario : Scenario
    strategies : tuple of str
        Those shown, the baseline among them.
    county : DataFrame
        ``strategy, replication, month`` and a column an outcome; the first month is the state at the start.
    seed : int
    failures : DataFrame, optional
        Runs that failed; their replications are left out of ``county`` whole.
    """

    scenario: Scenario
    strategies: tuple[str, ...]
    county: "pd.DataFrame"
    seed: int
    failures: "pd.DataFrame | None" = None

    def __post_init__(self) -> None:
        self.months = list(dict.fromkeys(self.county["month"]))
        self.n_replications = int(self.county["replication"].nunique())
        names = list(OUTCOMES)
        shape = (len(self.strategies), self.n_replications, len(self.months), len(names))
        self._values = self.county[names].to_numpy().reshape(shape)

    def values(self, name: str) -> Floats:
        """All values of one outcome, ``(n_strategies, n_replications, n_months)``."""
        outcome(name)
        found: Floats = self._values[..., list(OUTCOMES).index(name)]
        return found

    def at(self, name: str, at: str | None = None) -> Floats:
        """Values of one outcome at the end of a month, ``(n_strategies, n_replications)``; by default of the last.

        Raises
        ------
        ScenarioError
            Where the month is not in the run.
        """
        month = at or self.months[-1]
        if month not in self.months:
            raise ScenarioError(
                f"at = {month!r} is not a month of the run, {self.months[0]} to {self.months[-1]}.",
                fix="Write it as 2025-12.",
            )
        return self.values(name)[..., self.months.index(month)]

    def table(self, name: str, at: str | None = None) -> "pd.DataFrame":
        """One outcome at the end of a month: a row a strategy.

        Columns: ``mean`` with its 95% simulation error ``low, high``; ``band_low, band_high`` (one county's chance, 5 to
        95%); ``difference`` to the baseline in the same replications with its interval, simultaneous over the strategies
        shown (Bonferroni; above ten by their correlation); ``verdict`` by the smallest difference that matters;
        ``chance_of_best`` (bootstrap of whole replications: about simulation error only).
        """
        import pandas as pd

        found, values = outcome(name), self.at(name, at)
        baseline = values[self.strategies.index(BASELINE)]
        smallest = self.smallest(name, at)
        best = self._chance_of_best(name, values)
        others = [i for i, strategy in enumerate(self.strategies) if strategy != BASELINE]
        quantile = simultaneous_quantile(values[others] - baseline, 0.95, self.seed) if others else None
        rows = []
        for strategy, own, chance in zip(self.strategies, values, best, strict=True):
            mean, (band_low, band_high) = mean_interval(own), prediction_band(own)
            row: dict[str, Any] = {
                "strategy": strategy, "mean": mean.mean, "low": mean.low, "high": mean.high,
                "band_low": float(band_low), "band_high": float(band_high),
                "difference": np.nan, "difference_low": np.nan, "difference_high": np.nan,
                "verdict": "baseline", "chance_of_best": chance,
            }  # fmt: skip
            if strategy == NO_MERGER and found.per_village and self.scenario.merges:
                row["verdict"] = "other number of villages"
            elif strategy != BASELINE:
                difference = mean_interval(own - baseline, quantile=quantile)
                row |= {
                    "difference": difference.mean, "difference_low": difference.low, "difference_high": difference.high,
                    "verdict": str(verdict(difference, smallest, found.direction)),
                }  # fmt: skip
            rows.append(row)
        return pd.DataFrame(rows)

    def smallest(self, name: str, at: str | None = None) -> float:
        """Smallest difference that matters, in the outcome's unit; a relative one is taken of the baseline's mean."""
        return smallest_difference(self.scenario, name, self.at(name, at), self.strategies.index(BASELINE))

    def trajectories(self, name: str) -> "pd.DataFrame":
        """One outcome by strategy and month: mean, median, bands of 50 and 90% over replications.

        ``place`` is the strategy's place in the scenario, which gives it the same look in every figure.
        """
        import pandas as pd

        tables = []
        for strategy, values in zip(self.strategies, self.values(name), strict=True):
            low90, high90 = prediction_band(values, 0.90)
            low50, high50 = prediction_band(values, 0.50)
            columns = {
                "strategy": strategy, "place": list(self.scenario.strategies).index(strategy),
                "month": self.months, "mean": values.mean(axis=0), "median": median(values),
                "low_50": low50, "high_50": high50, "low_90": low90, "high_90": high90,
            }  # fmt: skip
            tables.append(pd.DataFrame(columns))
        return pd.concat(tables, ignore_index=True)

    def plot(self, name: str, ax: "Axes | None" = None) -> "Axes":
        """Draw one outcome by strategy over time: median, bands of 50 and 90%."""
        from villagesim.plots.trajectories import draw_trajectories, marks_in_words, new_axes, number_marks

        ax = ax or new_axes()
        draw_trajectories(ax, self.trajectories(name), outcome(name), self.marks())
        number_marks(ax, self.marks())
        ax.set_title(outcome(name).title, pad=14)
        ax.legend(fontsize=8, frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=3)
        ax.set_xlabel(
            "\n".join(wrap(f"{self.caption()} Dotted lines: {marks_in_words(self.marks())}.", 110)), fontsize=7
        )
        ax.xaxis.set_label_coords(0.5, -0.34)
        return ax

    def figure(self) -> "Figure":
        """Draw the overview: income, integration and accounts, published and mechanical share."""
        from villagesim.plots.overview import draw_overview

        middle = ("real_integration", "accounts_per_village") if self.scenario.merges else ("trust", "debt")
        names = ("collective_income", "income_per_resident", *middle, published_share(self.scenario))
        tables = {name: self.trajectories(name) for name in names}
        if self.scenario.merges:
            tables["mechanical_share_above_500k"] = self.trajectories("mechanical_share_above_500k")
        else:  # the world without merger is the baseline itself
            tables = {name: table[table["strategy"] != NO_MERGER] for name, table in tables.items()}
        return draw_overview(tables, self.marks(), self.caption(), published_share(self.scenario))

    def marks(self) -> dict[str, str]:
        """Dates worth a line in a figure: month label by name."""
        dates = self.scenario.timetable
        marks: dict[str, str] = {}
        if dates.announcement and dates.decree:
            marks |= {"announcement": _month(dates.announcement), "decree": _month(dates.decree)}
        starts = [p.start for name in self.strategies for p in self.scenario.strategies[name]]
        if starts:
            marks["policies start"] = _month(min(starts))
        return marks | {f"election {day.year}": _month(day) for day in dates.elections}

    def caption(self) -> str:
        """One line on what the figure rests on."""
        n_before, n_after = len(self.scenario.place.before), len(self.scenario.place.after)
        parts = []
        if self.scenario.merges:
            parts.append(f"At the decree {n_before} villages become {n_after}: the same money over fewer villages.")
        if self.n_replications > 1:
            parts.append(
                f"Lines: medians of {self.n_replications} replications; dark band: their middle half, light band: 90% of them"
                f" ({BASELINE}, and the last strategy)."
            )
        else:
            parts.append("One replication: it says nothing about chance.")
        return " ".join([*parts, "One map, one draw of endowments, central parameters: not a forecast."])

    def headline(self) -> str:
        """Say in words what came out at the end of the run."""
        parts = [self._headline_arithmetic() if self.scenario.merges else self._headline_share()]
        policies = [s for s in self.strategies if s not in (BASELINE, NO_MERGER)]
        if policies:
            parts.append(self._headline_income(policies))
        if policies and self.scenario.merges:
            parts.append(self._headline_integration(policies))
        return " ".join(parts)

    def summary(self, at: str | None = None) -> "pd.DataFrame":
        """Tables of the headline outcomes in one, with a column ``outcome``."""
        return self.tables(headline_outcomes(self.scenario), at)

    def losers(self, at: str | None = None) -> "pd.DataFrame":
        """Who gains and who loses, by group: see :func:`villagesim.questions.distribution.losers`."""
        from villagesim.questions.distribution import losers

        return losers(self, at)

    def money(self, at: str | None = None) -> "pd.DataFrame":
        """Cost, return and break-even of every strategy: see :func:`villagesim.questions.money.money`."""
        from villagesim.questions.money import money

        return money(self, at)

    def tables(self, names: "tuple[str, ...]" = tuple(OUTCOMES), at: str | None = None) -> "pd.DataFrame":
        """Tables of several outcomes in one, with columns ``outcome``, ``unit`` and ``at``."""
        import pandas as pd

        tables = []
        for name in names:
            table = self.table(name, at)
            table.insert(0, "at", at or self.months[-1])
            table.insert(0, "unit", outcome(name).unit)
            table.insert(0, "outcome", name)
            tables.append(table)
        return pd.concat(tables, ignore_index=True)

    def _headline_arithmetic(self) -> str:
        before = float(self.values("share_above_500k")[self.strategies.index(BASELINE), :, 0].mean())
        published = float(self.at("share_above_500k")[self.strategies.index(BASELINE)].mean())
        month = month_label(month_key(self.scenario.timetable.decree))  # type: ignore[arg-type]
        now = self.months.index(month)
        start = self.values("mechanical_share_above_500k")[0, :, now - 1]
        jump = float((self.values("mechanical_share_above_500k")[0, :, now] - start).mean())
        return (
            f"Villages at or above 500,000 yuan: {before:.1%} at the start, {published:.1%} at the end with nothing but the"
            f" merger; summing the parts alone adds {100 * jump:.1f} points in the month of the decree."
        )

    def _headline_share(self) -> str:
        published = published_share(self.scenario)
        values = self.values(published)[self.strategies.index(BASELINE)].mean(axis=0)
        title = outcome(published).title
        return f"{title}: {values[0]:.1%} at the start, {values[-1]:.1%} at the end without any policy."

    def _headline_income(self, policies: list[str]) -> str:
        rows = self.table("collective_income").set_index("strategy")
        base = rows.loc[BASELINE, "mean"]
        per, unit = scale("yuan", rows["mean"].max())
        words = []
        for name in policies:
            row = rows.loc[name]
            change = effect(row[[*DIFFERENCE]] / per, *DIFFERENCE)
            words.append(f"{name} {change}, or {signed(100 * row['difference'] / base)}%: {row['verdict']}")
        when = f"at the end of {self.months[-1]}, against nothing but the merger"
        return f"Collective income per village {when} [{unit} a year]: {'; '.join(words)}."

    def _headline_integration(self, policies: list[str]) -> str:
        real, pooled = self.at("real_integration").mean(axis=1), self.at("share_accounts_pooled").mean(axis=1)
        words = [
            f"{name} {number(real[i])}, with one account in {number(100 * pooled[i])}%"
            for i, name in enumerate(self.strategies)
            if name in (BASELINE, *policies)
        ]
        return f"Integration in fact of merged villages: {'; '.join(words)}."

    def _chance_of_best(self, name: str, values: Floats) -> Floats:
        """Chance of being best among the strategies that can be chosen and compared."""
        choices = [i for i, strategy in enumerate(self.strategies) if strategy != NO_MERGER or not self.scenario.merges]
        chances = np.full(len(self.strategies), np.nan)
        chances[choices] = chance_of_best(values[choices], outcome(name).direction, self.seed)
        return chances


def headline_outcomes(scenario: Scenario) -> tuple[str, ...]:
    """Outcomes that are shown first."""
    merged = ("real_integration", "share_accounts_pooled") if scenario.merges else ("debt", "trust")
    return ("collective_income", *merged, published_share(scenario))


def published_share(scenario: Scenario) -> str:
    """Outcome that belongs to the scenario's published threshold."""
    return THRESHOLDS.get(round(scenario.published.threshold), "share_above_500k")


def chosen(scenario: Scenario, names: "tuple[str, ...] | list[str] | None") -> tuple[str, ...]:
    """Strategies to run: no merger and the baseline always, then those asked for, or all.

    Raises
    ------
    ScenarioError
        Where one is unknown.
    """
    known = list(scenario.strategies)
    for name in names or ():
        if name not in known:
            raise ScenarioError(f"{name!r} is not a strategy here.", fix=nearest(name, known))
    return tuple(name for name in known if names is None or name in names or name in (NO_MERGER, BASELINE))


def _month(day: Any) -> str:
    return month_label(month_key(day))

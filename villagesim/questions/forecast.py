"""What a county will show, as quantiles that can be held against what comes: by bracket of income, real and as reported.

Every draw is one state of what is not well known, with a map, endowments and luck of its own, as in ``compare --draws``.
Beside the strategy stand the same without each kind of its policies. How wide the forecast is comes from chance, from the map
and what villages began with, from parameters and settings, and among these from what decides how much is booked that was not
earned.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from villagesim.arrays import Floats
from villagesim.checks import size
from villagesim.design import Design, from_table
from villagesim.errors import DesignError
from villagesim.languages import _, marked, named
from villagesim.outcomes import Outcome, Outcomes
from villagesim.outcomes.of_income import NOMINAL, REAL, REPORTED, median_income
from villagesim.outcomes.of_levels import COUNTED, in_words, level_name
from villagesim.outcomes.outcome import FROM_ZERO
from villagesim.policies import Strategy
from villagesim.questions.answer import Answer
from villagesim.questions.question import Chosen, Question, Runs, last_month
from villagesim.questions.uncertainty import uncertainty_design
from villagesim.runs.sweep import Swept
from villagesim.scenario import Scenario
from villagesim.statistics.differences import difference_interval
from villagesim.statistics.variance import explained, split_variance
from villagesim.wording import as_said, between, number, percent
from villagesim.wording import month as month_in_words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
READINGS: Mapping[str, tuple[str, str]] = {
    REAL: ("", marked("as earned, in yuan of the start")),
    NOMINAL: ("nominal_", marked("as earned, in yuan of the year")),
    REPORTED: ("reported_", marked("as reported, in yuan of the year")),
}
"""Beginning of the names of outcomes, and words, by reading."""
ONCE = ("accounts_per_village", "share_accounts_pooled", "real_integration", "reported_integration", "debt")
"""Outcomes that have one reading."""
BOOKING = ("parameters.book", "parameters.list_", "kinds.weak_village_list")
"""What paths of factors begin with that decide how much is booked."""
A_FACTOR = 5
"""Draws that it takes to tell one factor of these from luck."""
LEFT_OUT = "{}, without {}"
AT_OR_ABOVE = "at or above"


def medians(reading: str) -> tuple[Outcome, ...]:
    """Median income per village and per resident, in one reading."""
    name, words = READINGS[reading]
    return tuple(
        Outcome(
            f"{name}median_income{per}", f"Median collective income{said}", unit, f"{words}; median over villages", 0,
            median_income(reading, heads), per_village=True, bounds=FROM_ZERO,
        )
        for per, said, unit, heads in (
            ("", " per village", "yuan per village and year", ""),
            ("_per_resident", " per resident", "yuan per resident and year", "residents"),
        )
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Forecast(Question):
    """What a strategy will show at some dates, and what each kind of its policies does to that.

    Attributes
    ----------
    strategy : name or mapping of a name to policies
    at : tuple of str
        Months, as 2024-12; ends of years by default.
    levels : tuple of float
        Incomes between which villages are counted [yuan per year].
    left_out : bool
        The strategy is run without each kind of its policies too.
    draws, replications : int
        Of what is not known, and of luck within each; two replications tell chance from the rest.
    """

    name: ClassVar[str] = "forecast"
    lists: ClassVar[Mapping[str, Any]] = {}
    read_as: ClassVar[Mapping[str, Any]] = {"strategy": str, "at": tuple[str, ...], "levels": tuple[float, ...]}
    grows: ClassVar[tuple[str, ...]] = ()
    strategy: Chosen = ""
    at: tuple[str, ...] = ()
    levels: tuple[float, ...] = (100_000.0, 200_000.0, 300_000.0, 500_000.0, 1_000_000.0)
    left_out: bool = False
    draws: int = 100
    replications: int = 2

    def __post_init__(self) -> None:
        size(self.draws, "draws", least=20, error=DesignError)
        size(self.replications, "replications", least=2, error=DesignError)
        if list(self.levels) != sorted(set(self.levels)) or not self.levels or self.levels[0] <= 0:
            raise DesignError(f"levels = {self.levels} must rise from above 0.", fix="Write them from low to high.")

    def resolved(self, scenario: Scenario) -> "tuple[Forecast, Scenario]":
        """The scenario counts villages at these levels, knows medians, and has the strategies without a kind of policy."""
        question, scenario = super().resolved(scenario)
        assert isinstance(question, Forecast)
        own = {} if not question.left_out else without_each(question.chosen, scenario)
        known = (*scenario.outcomes.own, *(outcome for reading in READINGS for outcome in medians(reading)))
        levels = tuple(dict.fromkeys((*scenario.published.thresholds, *question.levels)))
        scenario = replace(
            scenario, strategies={**scenario.strategies, **own}, outcomes=Outcomes(known),
            published=replace(scenario.published, thresholds=levels),
        )  # fmt: skip
        return question, scenario

    def own_design(self, scenario: Scenario, seed: int) -> Design:
        """Draws of what is not well known."""
        return uncertainty_design(scenario, self.draws, seed, [self.chosen])

    def answer(self, runs: Runs) -> Answer:
        """Run all draws, and those of the map alone; quantiles, differences, and where the spread comes from."""
        import pandas as pd

        scenario, months = runs.scenario, self._months(runs.scenario)
        names = [self.chosen, *(without_each(self.chosen, scenario) if self.left_out else ())]
        asked: dict[str, Any] = {
            "outcomes": self._outcomes(), "at": months, "replications": self.replications, "independent_points": True,
        }  # fmt: skip
        found = runs.sweep("", self.own_design(scenario, runs.seed), strategies=names, **asked)
        maps = from_table(pd.DataFrame({"draw": range(1, self.draws + 1)}))
        alone = runs.sweep("map", maps, strategies=[self.chosen], **asked)
        decides = [path for path in found.design.paths if path.startswith(BOOKING)]
        booking = found.design.numbers[decides].to_numpy(float)
        main, spread, without = [], [], []
        for label, reading, unit, values in self._lines(scenario, found):
            of_map = self._value(alone, label, reading)
            for k, month in enumerate(months):
                about = {"outcome": label, "reading": reading, "unit": unit, "at": month}
                main += [
                    {"strategy": name, **about, **_quantiles(x)}
                    for name, x in zip(found.strategies, values[..., k], strict=True)
                ]
                of_booking = booking if reading == REPORTED else None
                spread.append({**about, **_spread(values[0, ..., k], of_map[0, ..., k], of_booking)})
                without += [
                    {
                        "left_out": name.removeprefix(LEFT_OUT.format(self.chosen, "")),
                        **about,
                        **_change(values[0, ..., k], x),
                    }
                    for name, x in zip(found.strategies[1:], values[1:, ..., k], strict=True)
                ]
        tables = {"forecast": pd.DataFrame(main), "spread": pd.DataFrame(spread)}
        if without:
            tables["left_out"] = pd.DataFrame(without)

        def headline() -> str:
            return _headline(tables["forecast"], tables["spread"], self.chosen, self.draws)

        def caption() -> str:
            return _(
                "'{strategy}': {draws} draws of {n} parameters and settings, with a map, endowments and luck of their own,"
                " {replications} replications each. Thick lines: half of all runs, thin ones: 90% of them. Real: as earned, in"
                " yuan of the start; nominal: the same in yuan of the year; reported: with what is booked. The ranges are"
                " assumptions.",
                strategy=named(self.chosen, "strategy"),
                draws=self.draws, n=len(found.design.factors), replications=self.replications,
            )  # fmt: skip

        return self.said(headline, tables, caption=caption)

    @staticmethod
    def draw(answer: Answer, name: str) -> "Figure":
        """Draw the brackets and the incomes at all dates."""
        from villagesim.plots.forecast import draw_forecast

        table = answer.tables["forecast"]
        first = table["strategy"].iloc[0]
        shown = (table["strategy"] == first) & ~table["outcome"].str.startswith(AT_OR_ABOVE)
        title = _("What a strategy will show: villages by their income, and what they earn")
        return draw_forecast(table[shown], title, answer.fact("caption"))

    def _months(self, scenario: Scenario) -> list[str]:
        """Months that are asked for, or the ends of all years."""
        if self.at:
            return sorted({last_month(scenario, month) for month in self.at})
        start, stop = scenario.timetable.start, scenario.timetable.stop
        return [f"{year}-12" for year in range(start.year, stop.year)]

    def _outcomes(self) -> tuple[str, ...]:
        """Outcomes that the lines are put together from."""
        levels = [f"{COUNTED}{level_name(level)}" for level in self.levels]
        each = [*levels, "collective_income", "income_per_resident", "median_income", "median_income_per_resident"]
        return (*(f"{name}{outcome}" for name, _words in READINGS.values() for outcome in each), *ONCE)

    def _lines(self, scenario: Scenario, found: Swept) -> "list[tuple[str, str, str, Floats]]":
        """Label, reading, unit and values ``(n_strategies, n_draws, n_replications, n_months)`` of every line."""
        labels = [(label, reading) for reading in READINGS for label in (*self._shares(), *INCOMES)]
        known = scenario.outcomes
        units = dict.fromkeys(self._shares(), "share of villages") | {
            label: known[name].unit for label, name in INCOMES.items()
        }
        lines = [(label, reading, units[label], self._value(found, label, reading)) for label, reading in labels]
        return [*lines, *((known[name].title, "", known[name].unit, found.runs.values(name)) for name in ONCE)]

    def _value(self, found: Swept, label: str, reading: str) -> Floats:
        """Values of a line, of any runs."""
        if not reading:
            name = next(name for name in ONCE if found.scenario.outcomes[name].title == label)
            return found.runs.values(name)
        begins = READINGS[reading][0]
        if label in INCOMES:
            return found.runs.values(f"{begins}{INCOMES[label]}")
        low, high = self._shares()[label]
        ends = [
            default if level is None else found.runs.values(f"{begins}{COUNTED}{level_name(level)}")
            for level, default in ((low, 1.0), (high, 0.0))
        ]
        return np.asarray(ends[0] - ends[1], float)

    def _shares(self) -> dict[str, tuple[float | None, float | None]]:
        """Ends of each bracket by its words, and of all that lies at or above a level between them."""
        first, last = self.levels[0], self.levels[-1]
        middle = {f"{in_words(low)} to {in_words(high)} yuan": (low, high) for low, high in pairwise(self.levels)}
        return {
            f"below {in_words(first)} yuan": (None, first),
            **middle,
            f"{in_words(last)} yuan and more": (last, None),
            **{f"{AT_OR_ABOVE} {in_words(level)} yuan": (level, None) for level in self.levels[:-1]},
        }


INCOMES = {
    marked("mean income per village"): "collective_income", marked("median income per village"): "median_income",
    marked("mean income per resident"): "income_per_resident",
    marked("median income per resident"): "median_income_per_resident",
}  # fmt: skip
"""Outcomes of income by their words."""


def without_each(name: str, scenario: Scenario) -> dict[str, Strategy]:
    """A strategy without each kind of its policies, by the words for it."""
    strategy = scenario.strategy(name)[1]
    kinds = dict.fromkeys(policy.kind for policy in strategy)
    return {
        LEFT_OUT.format(name, kind): replace(strategy, policies=tuple(p for p in strategy if p.kind != kind))
        for kind in kinds
    }


def _quantiles(x: Floats) -> dict[str, float]:
    known = x[np.isfinite(x)]
    ends = np.quantile(known, QUANTILES) if len(known) else np.full(len(QUANTILES), np.nan)
    names = [f"q{round(100 * share):02}" for share in QUANTILES]
    return {
        "mean": float(known.mean()) if len(known) else np.nan,
        **dict(zip(names, ends.tolist(), strict=True)),
        "runs": len(known),
    }


def _spread(x: Floats, of_map: Floats, of_booking: Floats | None) -> dict[str, float]:
    """Standard deviation of one run, and shares of its variance, of draws with all in them and of draws of the map alone.

    What goes with booking is not known of what is never booked, nor of fewer than :data:`A_FACTOR` draws a factor.
    """
    if not (np.isfinite(x).all() and np.isfinite(of_map).all()):
        return dict.fromkeys(("sd", "chance", "map", "parameters", "booking"), np.nan)
    both, of = split_variance(x), split_variance(of_map)
    total = both.chance**2 + both.uncertainty**2
    if not total:
        return {"sd": 0.0, **dict.fromkeys(("chance", "map", "parameters", "booking"), np.nan)}
    by_map = min(of.uncertainty, both.uncertainty) ** 2
    booking = np.nan
    if of_booking is not None and len(x) >= A_FACTOR * of_booking.shape[1]:
        booking = explained(x.mean(axis=1), of_booking) * (both.uncertainty**2 + both.chance**2 / x.shape[1])
    return {
        "sd": total**0.5, "chance": both.chance**2 / total, "map": by_map / total,
        "parameters": (both.uncertainty**2 - by_map) / total, "booking": min(booking, both.uncertainty**2) / total,
    }  # fmt: skip


def _change(full: Floats, without: Floats) -> dict[str, float]:
    """What a kind of policy adds to a line: over draws, and the middle 90% of single runs."""
    change = full - without
    mean = difference_interval(change.mean(axis=1))
    low, high = np.quantile(change, (0.05, 0.95)) if np.isfinite(change).all() else (np.nan, np.nan)
    return {"difference": mean.mean, "low": mean.low, "high": mean.high, "q05": float(low), "q95": float(high)}


def _headline(table: "pd.DataFrame", spread: "pd.DataFrame", chosen: str, draws: int) -> str:
    """Median over runs of the mean income as reported and as earned at the last date, and where the spread comes from."""
    last, mean = table["at"].iloc[-1], "mean income per village"
    own = table[(table["strategy"] == chosen) & (table["outcome"] == mean) & (table["at"] == last)]
    own, unit = as_said(own.set_index("reading"), own["unit"].iloc[0], "q50", "q05", "q95")
    said = [
        _(
            "{value} ({ends}) {reading}",
            value=number(row["q50"]), ends=between(row["q05"], row["q95"]), reading=named(READINGS[reading][1]),
        )
        for reading, row in own.iterrows()
    ]  # fmt: skip
    of = spread[(spread["outcome"] == mean) & (spread["reading"] == REPORTED) & (spread["at"] == last)].iloc[0]
    shares = [_("{share} {what}", share=percent(of[name]), what=named(what)) for name, what in SHARES_IN_WORDS.items()]
    return _(
        "Mean collective income per village at the end of {month} with '{strategy}', median of the runs and 90% of them"
        " [{unit}]: {said}. Of the variance as reported, by {draws} draws and without intervals, about {shares}.",
        draws=draws,
        month=month_in_words(last), strategy=named(chosen, "strategy"), unit=unit,
        said=_("; ").join(said), shares=_(", ").join(shares),
    )  # fmt: skip


SHARES_IN_WORDS = {
    "chance": marked("is one county's chance"), "map": marked("map and endowments"),
    "parameters": marked("parameters and settings"),
}  # fmt: skip

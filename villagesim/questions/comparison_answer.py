"""Strategies side by side: means, bands, paired differences to the baseline, verdicts.

Three intervals that are never mixed: simulation error of a mean (``low``, ``high``; shrinks with replications), one
county's chance (``band_low``, ``band_high``: 5 to 95%; does not shrink), and uncertainty (parameters, maps, dates), which
is not in here: central parameters, and one map, unless each replication has a drawn one, which is then part of its chance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.arrays import Floats
from villagesim.errors import DesignError, nearest
from villagesim.outcomes.of_groups import QUANTITIES
from villagesim.parameters import Parameters
from villagesim.questions.labels import ARITHMETIC, bracketed, label, label_of, with_legend
from villagesim.questions.strategies_answer import NEVER_ACTED, StrategiesAnswer
from villagesim.scenario import NO_MERGER
from villagesim.statistics.differences import difference_intervals, paired
from villagesim.statistics.intervals import chance_of_best, mean_interval, prediction_band, verdict
from villagesim.statistics.simultaneous import simultaneous_quantile
from villagesim.wording import band_of, effect, number, scale, signed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

DIFFERENCE = ("difference", "difference_low", "difference_high")
"""Columns of a difference to the baseline and its interval."""


@dataclass(frozen=True, eq=False, repr=False)
class ComparisonAnswer(StrategiesAnswer):
    """Results of all strategies in the same replications; replications in which a run failed are left out whole."""

    @property
    def rests_on(self) -> str:
        """What the figures rest on, in a sentence."""
        maps = self.known.maps(self.n_replications)
        return f"{maps[0].upper()}{maps[1:]}, one draw of endowments, central parameters: not a forecast."

    @property
    def sample(self) -> str:
        """How many runs of what, in words."""
        return f"{self.n_replications} replications{' with a drawn map each' if self.known.drawn_maps else ''}"

    @property
    def n_merged(self) -> "float | Floats":
        """Villages of two or more constituents, of each replication where each has a map of its own."""
        n = self.facts.get("n_merged")
        return self.known.n_merged if n is None else np.array(n, float)

    @property
    def lines(self) -> str:
        """What lines and bands of figures are, in a sentence."""
        if self.n_replications == 1:
            return "One replication: it says nothing about chance."
        light = band_of(self.n_replications, "90% of them")
        return (
            f"Lines: medians of {self.sample}; dark band: their middle half, light band: {light}"
            f" ({self.baseline}, and the last strategy)."
        )

    @property
    def figures(self) -> tuple[str, ...]:
        """Names of the figures, the main one first; a map last, where villages were followed."""
        return (*super().figures, *(["map"] if "map" in self.tables and self._mapped else []))

    @property
    def _mapped(self) -> list[str]:
        """Strategies that a map can show: the world without merger is the baseline itself where nothing merges."""
        return [s for s in self.strategies if s != self.baseline and (s != NO_MERGER or self.known.merges)]

    def map(
        self, quantity: str = "income_per_member", strategies: Sequence[str] | None = None, shows: str = "difference"
    ) -> "Figure":
        """Draw where who gains and who loses, at the end of the run.

        Parameters
        ----------
        quantity : str
            ``income_per_member`` or ``trust``.
        strategies : sequence of str, optional
            By default all; six are drawn at most, the last ones.
        shows : str
            ``difference`` to the baseline, or the levels ``mean`` and ``baseline``.

        Raises
        ------
        VillagesimError
            Where one of them is unknown, or villages were not followed.
        """
        from villagesim.plots.maps import draw_maps

        if "map" not in self.tables or not (self._mapped if strategies is None else strategies):
            raise DesignError("there is nothing to draw a map of.", fix="Name a strategy, and run it with compare.")
        table = self.tables["map"]
        others = self._mapped
        chosen = others if strategies is None else list(strategies)
        for what, asked, known in (
            ("quantity", [quantity], [*dict.fromkeys(table["quantity"])]), ("strategy", chosen, others),
            ("number to show", [shows], ["difference", "mean", "baseline"]),
        ):  # fmt: skip
            if strange := [each for each in asked if each not in known]:
                raise DesignError(f"{strange[0]!r} is no {what} of the map.", fix=nearest(str(strange[0]), known))
        shown = table[(table["quantity"] == quantity) & table["strategy"].isin(chosen)]
        title = f"{QUANTITIES[quantity]['title']}, village by village"
        caption = f"At the end of {self.months[-1]}, {self.sample}. {self.rests_on}"
        return draw_maps(shown, self.facts.get("outlines", {}), title, caption, shows)

    def values(self, name: str) -> Floats:
        """All values of one outcome, ``(n_strategies, n_replications, n_months)``."""
        return self.runs_of(name)[:, 0]

    def bands(self, name: str, runs: Floats) -> dict[str, Floats]:
        """Bands of 50 and 90% over replications, by month."""
        low90, high90 = prediction_band(runs[0], 0.90)
        low50, high50 = prediction_band(runs[0], 0.50)
        return {"low_50": low50, "high_50": high50, "low_90": low90, "high_90": high90}

    def table(self, name: str, at: str | None = None) -> "pd.DataFrame":
        """One outcome at the end of a month: a row a strategy.

        Columns: ``mean`` with its 95% simulation error ``low, high``; ``band_low, band_high`` (one county's chance, 5 to
        95%; lowest and highest of fewer than 20); ``difference`` to the baseline in the same replications with its interval,
        simultaneous over the strategies shown (Bonferroni; above ten by their correlation; none where too few replications
        differ); ``differs``: in how many of the replications there is any difference; ``verdict`` by the margin;
        ``chance_of_best`` (bootstrap of whole replications: about simulation error only).
        """
        import pandas as pd

        return pd.DataFrame(self._rows(name, at))

    def _rows(self, name: str, at: str | None, **how: Any) -> list[dict[str, Any]]:
        found, values = self.outcome(name), self.at(name, at)
        baseline = values[self.strategies.index(self.baseline)]
        matters = self.margin(name, at)
        best = self._chance_of_best(name, values)
        others = [i for i, strategy in enumerate(self.strategies) if strategy != self.baseline]
        changes = paired(values, baseline)
        quantile = simultaneous_quantile(changes[others], 0.95, self.facts["seed"]) if others else None
        differences = difference_intervals(changes, found.bounds, quantile=quantile)
        bands = prediction_band(values.T)
        rows = []
        for strategy, own, difference, chance, band_low, band_high in zip(
            self.strategies, values, differences, best, *bands, strict=True
        ):
            mean = mean_interval(own)
            row: dict[str, Any] = {
                "strategy": strategy, "mean": mean.mean, "low": mean.low, "high": mean.high,
                "band_low": float(band_low), "band_high": float(band_high),
                "difference": np.nan, "difference_low": np.nan, "difference_high": np.nan, "differs": "-",
                "verdict": "baseline", "chance_of_best": chance,
            }  # fmt: skip
            if self.compares(strategy, name):
                row |= {
                    "difference": difference.mean, "difference_low": difference.low, "difference_high": difference.high,
                    "differs": difference.differs,
                    "verdict": NEVER_ACTED if strategy in self.idle else str(verdict(difference, matters, found.direction)),
                }  # fmt: skip
            elif strategy != self.baseline:
                row["verdict"] = "other number of villages"
            rows.append(row)
        return rows

    def _chance_of_best(self, name: str, values: Floats) -> Floats:
        """Chance of being best among the strategies that can be chosen and compared."""
        choices = [i for i, strategy in enumerate(self.strategies) if strategy != NO_MERGER or not self.known.merges]
        chances = np.full(len(self.strategies), np.nan)
        chances[choices] = chance_of_best(values[choices], self.outcome(name).direction, self.facts["seed"])
        return chances


def headline(answer: ComparisonAnswer, parameters: Parameters) -> str:
    """Say in words what came out at the end of the run, and what each figure rests on."""
    merges = bool({*answer.known.decrees} & {*answer.months})
    parts = [_arithmetic(answer, parameters) if merges else _share(answer, parameters)]
    policies = [s for s in answer.strategies if s not in (answer.baseline, NO_MERGER, *answer.idle)]
    if policies:
        parts.append(_income(answer, policies, parameters))
    if policies and merges:
        parts.append(_integration(answer, policies, parameters))
    if answer.known.drawn_maps:
        parts.insert(0, f"Over {answer.known.maps(answer.n_replications)} of the merger.")
    return " ".join([with_legend(" ".join(parts)), *who_never_acted(answer)])


def who_never_acted(answer: StrategiesAnswer) -> list[str]:
    """Say of which strategies nothing can be said, as none of their policies acted."""
    if not answer.idle:
        return []
    return [
        f"{'; '.join(answer.idle)}: {NEVER_ACTED}. No policy was begun, reached anybody and was paid enough to do"
        " anything: this says nothing about what it would do."
    ]


def _arithmetic(answer: ComparisonAnswer, parameters: Parameters) -> str:
    baseline = answer.strategies.index(answer.baseline)
    name = answer.known.published_share
    before = float(answer.values(name)[baseline, :, 0].mean())
    published = float(answer.at(name)[baseline].mean())
    decreed = [answer.months.index(month) for month in answer.known.decrees if month in answer.months]
    mechanical = answer.values(answer.known.mechanical_share)[baseline]
    jump = sum(float((mechanical[:, now] - mechanical[:, now - 1]).mean()) for now in decreed)
    summed = bracketed(ARITHMETIC if jump else "")
    return (
        f"{answer.known.outcomes[name].title}: {before:.1%} at the start, {published:.1%} at the end with"
        f" {answer.baseline}{goes_on(answer, name, parameters)}, {_nominal(answer, parameters)}; summing the parts alone"
        f" adds {100 * jump:.1f} points in the {'month of the decree' if len(decreed) == 1 else 'months of the decrees'}{summed}."
    )


def goes_on(answer: ComparisonAnswer, name: str, parameters: Parameters) -> str:
    """In brackets, what an outcome rests on without any policy."""
    return bracketed(label_of(answer.known.outcomes[name].rests_on, parameters))


def _share(answer: ComparisonAnswer, parameters: Parameters) -> str:
    name = answer.known.published_share
    values = answer.values(name)[answer.strategies.index(answer.baseline)].mean(axis=0)
    title = answer.known.outcomes[name].title
    return (
        f"{title}: {values[0]:.1%} at the start, {values[-1]:.1%} at the end without any"
        f" policy{goes_on(answer, name, parameters)}, {_nominal(answer, parameters)}."
    )


def _nominal(answer: ComparisonAnswer, parameters: Parameters) -> str:
    """The share at the end as it is published, without any policy."""
    name = answer.known.nominal_share
    share = float(answer.at(name)[answer.strategies.index(answer.baseline)].mean())
    return f"{share:.1%} in yuan of that year{goes_on(answer, name, parameters)}"


def _income(answer: ComparisonAnswer, policies: list[str], parameters: Parameters) -> str:
    rows = answer.table("collective_income").set_index("strategy")
    base = rows.loc[answer.baseline, "mean"]
    per, unit = scale("yuan", rows["mean"].max())
    words = []
    for name in policies:
        row = rows.loc[name]
        change = effect(row[[*DIFFERENCE]] / per, *DIFFERENCE)
        rests_on = label(answer, name, "collective_income", parameters)
        words.append(f"{name} {change}, or {signed(100 * row['difference'] / base)}%: {row['verdict']}{rests_on}")
    when = f"at the end of {answer.months[-1]}, against {answer.baseline}"
    luck = f"intervals: luck of {answer.known.maps(answer.n_replications)} and central parameters alone"
    unit += f" a year; {luck}, --draws for what is not known"
    return f"Collective income per village {when} [{unit}]: {'; '.join(words)}."


def _integration(answer: ComparisonAnswer, policies: list[str], parameters: Parameters) -> str:
    real, pooled = answer.at("real_integration").mean(axis=1), answer.at("share_accounts_pooled").mean(axis=1)
    rests_on = {name: label(answer, name, "real_integration", parameters) for name in policies}
    rests_on[answer.baseline] = goes_on(answer, "real_integration", parameters)
    words = [
        f"{name} {number(real[i])}, with one account in {number(100 * pooled[i])}%{rests_on[name]}"
        for i, name in enumerate(answer.strategies)
        if name in rests_on
    ]
    return f"Integration in fact of merged villages: {'; '.join(words)}."

"""Strategies side by side: means, bands, paired differences to the baseline, verdicts.

Three intervals that are never mixed: simulation error of a mean (``low``, ``high``; shrinks with replications), one
county's chance (``band_low``, ``band_high``: 5 to 95%; does not shrink), and uncertainty (parameters, maps, dates), which
is not in here: central parameters, one draw of endowments, and one map, unless each replication has a drawn one, which is
then part of its chance.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.arrays import Floats
from villagesim.errors import DesignError, nearest
from villagesim.languages import _, named
from villagesim.outcomes.of_groups import QUANTITIES
from villagesim.plots.style import note_on_names, strategy_name
from villagesim.questions.over_time import NEVER_ACTED, barred
from villagesim.questions.shown import shown
from villagesim.questions.strategies_answer import StrategiesAnswer
from villagesim.questions.verdicts import DIFFERENCE, NOT_COMPARED, sentence
from villagesim.scenario import NO_MERGER
from villagesim.statistics.differences import difference_interval, difference_intervals, paired
from villagesim.statistics.intervals import chance_of_best, mean_interval, prediction_band, verdict
from villagesim.statistics.simultaneous import simultaneous_quantile
from villagesim.wording import LEAST_FOR_TAILS, band_of, month, one_after_another, quoted

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

FEW = 3
"""Replications up to which their middle half is all of them."""


@dataclass(frozen=True, eq=False, repr=False)
class ComparisonAnswer(StrategiesAnswer):
    """Results of all strategies in the same replications; replications in which a run failed are left out whole."""

    @property
    def rests_on(self) -> str:
        """What the figures rest on, in a sentence or two."""
        maps = self.known.maps(self.n_replications)
        maps = f"{maps[0].upper()}{maps[1:]}"
        said = _("{maps}, one draw of endowments, central parameters: not a forecast.", maps=maps)
        own = _(", ").join(quoted(name) for name in self.strategies if name in self.known.own_maps)
        return one_after_another((said, _("With a map of their own: {names}.", names=own) if own else ""))

    @property
    def sample(self) -> str:
        """How many runs of what, in words."""
        n = self.n_replications
        if self.known.drawn_maps:
            return _("one replication with a drawn map") if n == 1 else _("{n} replications with a drawn map each", n=n)
        return _("one replication") if n == 1 else _("{n} replications", n=n)

    @property
    def n_merged(self) -> "float | Floats":
        """Villages of two or more constituents, of each replication where each has a map of its own."""
        n = self.facts.get("n_merged")
        return self.known.n_merged if n is None else np.array(n, float)

    @property
    def lines(self) -> str:
        """What lines and bands of figures are, in a sentence."""
        if self.n_replications == 1:
            return _("One replication: it says nothing about chance.")
        light = band_of(self.n_replications, _("90% of them"))
        if self.n_replications <= FEW:
            return _(
                "Lines: medians of {sample}; band: {light} ({baseline}, and the last strategy).",
                sample=self.sample, light=light, baseline=named(self.baseline),
            )  # fmt: skip
        return _(
            "Lines: medians of {sample}; dark band: their middle half, light band: {light} ({baseline}, and the last strategy).",
            sample=self.sample, light=light, baseline=named(self.baseline),
        )  # fmt: skip

    @property
    def differences_mean(self) -> str:
        """What lines and bands of differences over time are, in a sentence or two."""
        if self.n_replications == 1:
            return _("One replication, in yuan of the start: it says nothing about chance.")
        chance = _("light: one county's chance, 90% of replications")
        if (n := self.n_replications) < LEAST_FOR_TAILS:
            chance = _("thin lines: the lowest and the highest of {n} runs, which do not tell one county's chance", n=n)
        return _(
            "Lines: means of {sample}, in the same luck, in yuan of the start. Dark: 95% interval of the mean, for all strategies"
            " together, each month by itself; {chance}.",
            sample=self.sample, chance=chance,
        )  # fmt: skip

    @property
    def figures(self) -> tuple[str, ...]:
        """Names of the figures, the main one first; a single replication, a first look, has but that one."""
        return self._drawable[:1] if self.n_replications == 1 else self._drawable

    @property
    def _drawable(self) -> tuple[str, ...]:
        """Those of several replications; a map last, where villages were followed."""
        return (*super().figures, *(["map"] if "map" in self.tables and self._mapped else []))

    def drawing(self, name: str) -> "Callable[..., Figure]":
        """What draws a figure."""
        own: dict[str, Callable[..., Figure]] = {"map": self.map, "villages": self.villages}
        return own[name] if name in own else super().drawing(name)

    @property
    def more_figures(self) -> tuple[str, ...]:
        """Names of figures that can be drawn besides."""
        villages = ["villages"] if "map" in self._drawable else []
        return (*self._drawable[len(self.figures) :], *super().more_figures, *villages)

    def villages(
        self, strategy: str | None = None, quantity: str = "income_per_member", strategies: Sequence[str] = ()
    ) -> "Figure":
        """Draw which villages gain and which lose by a strategy, by default the last of some or all, and both ends by name.

        Raises
        ------
        VillagesimError
            Where strategy or quantity is unknown.
        """
        from villagesim.plots.villages import draw_villages

        table, strategy = self.tables["map"], strategy or (strategies or self._mapped)[-1]
        _check_map("strategy", strategy, self._mapped)
        _check_map("quantity", quantity, table["quantity"].unique())
        own = table[(table["by"] == "village") & (table["strategy"] == strategy) & (table["quantity"] == quantity)]
        name = strategy_name(strategy, self.known.order(strategy))
        caption = _(
            "{quantity} with {strategy}, less {baseline}, at the end of {month}, {sample}."
            " A village is one of the first day. Lines: 95%, for all villages together, on beyond an arrow; told: by these lines;"
            " a point without a line: too few of the runs differ to say, at zero none. {rests_on}",
            quantity=named(QUANTITIES[quantity]["title"]), strategy=name, baseline=named(self.baseline),
            month=month(self.months[-1]), sample=self.sample, rests_on=self.rests_on,
        )  # fmt: skip
        names = note_on_names([strategy, *own["name"], *own["township_name"]])
        return draw_villages(own, one_after_another((caption, names)))

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
            By default the last four.
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
        chosen, lost = shown("map", strategies, self._mapped, self.known)
        _check_map("quantity", quantity, table["quantity"].unique())
        _check_map("number to show", shows, ["difference", "mean", "baseline"])
        own = table[(table["quantity"] == quantity) & table["strategy"].isin(chosen)]
        title = _("{quantity}, village by village", quantity=named(QUANTITIES[quantity]["title"]))
        caption = _("At the end of {month}, {sample}.", month=month(self.months[-1]), sample=self.sample)
        caption = one_after_another((caption, self.rests_on, lost))
        return draw_maps(own, self.facts.get("outlines", {}), title, caption, shows)

    def values(self, name: str) -> Floats:
        """All values of one outcome, ``(n_strategies, n_replications, n_months)``."""
        return self.runs_of(name)[:, 0]

    def bands(self, name: str, runs: Floats) -> dict[str, Floats]:
        """Bands of 50 and 90% over replications, by month."""
        low90, high90 = prediction_band(runs[0], 0.90)
        low50, high50 = prediction_band(runs[0], 0.50)
        return {"low_50": low50, "high_50": high50, "low_90": low90, "high_90": high90}

    def changes_over_time(self, name: str) -> dict[str, dict[str, Any]]:
        """Of each strategy that can be compared, by month: ``intervals`` of its difference, and ends of one county's chance."""
        values = self.values(name)
        baseline = values[self.strategies.index(self.baseline)]
        others = [k for k, strategy in enumerate(self.strategies) if strategy != self.baseline]
        changes, bounds = paired(values, baseline), self.outcome(name).bounds
        quantiles = [
            simultaneous_quantile(month, 0.95, self.facts["seed"]) for month in np.moveaxis(changes[others], 2, 0)
        ]
        found = {}
        for k in others:
            if self.compares(self.strategies[k], name):
                months = zip(changes[k].T, quantiles, strict=True)
                low, high = prediction_band(changes[k])
                found[self.strategies[k]] = {
                    "intervals": [difference_interval(x, bounds, quantile=quantile) for x, quantile in months],
                    "band_low": low, "band_high": high,
                }  # fmt: skip
        return found

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
                "strategy": strategy, "mean": mean.mean,
                "low": max(mean.low, found.bounds[0]), "high": min(mean.high, found.bounds[1]),
                "band_low": float(band_low), "band_high": float(band_high), **NOT_COMPARED, "chance_of_best": chance,
            }  # fmt: skip
            if self.compares(strategy, name):
                row |= {
                    "difference": difference.mean, "difference_low": difference.low, "difference_high": difference.high,
                    "differs": difference.differs,
                    "verdict": NEVER_ACTED if strategy in self.idle else str(verdict(difference, matters, found.direction)),
                }  # fmt: skip
            else:
                row["verdict"] = "baseline" if strategy == self.baseline else barred(self.known, strategy, name)
            rows.append(row)
        return rows

    def in_words(self, row: dict[str, Any]) -> dict[str, Any]:
        """Its difference and its verdict, as they are."""
        return {name: row[name] for name in (*DIFFERENCE, "differs", "verdict")}

    def sentence(self, what: str, name: str, rows: "pd.DataFrame") -> str:
        """Who is better, worse, practically equal, the same in all runs, undecided."""
        drawn = self.known.drawn_maps
        how = _("95%, luck and map, one draw of endowments") if drawn else _("95%, luck, one draw of endowments")
        return sentence(what, self.outcome(name), rows, how)

    def _chance_of_best(self, name: str, values: Floats) -> Floats:
        """Chance of being best among the strategies that can be chosen and compared."""
        can_be_chosen = [s for s in self.strategies if s != NO_MERGER or not self.known.merges]
        choices = [self.strategies.index(s) for s in can_be_chosen if not barred(self.known, s, name)]
        chances = np.full(len(self.strategies), np.nan)
        chances[choices] = chance_of_best(values[choices], self.outcome(name).direction, self.facts["seed"])
        return chances


def _check_map(what: str, asked: object, known: Iterable[str]) -> None:
    """Refuse what a map cannot show."""
    if asked not in (there := list(known)):
        raise DesignError(f"{asked!r} is no {what} of the map.", fix=nearest(str(asked), there))

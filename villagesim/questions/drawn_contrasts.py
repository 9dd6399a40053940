"""Contrasts over draws of what is not known: luck and what is not known shown apart, beside the error of the mean."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from villagesim.arrays import Floats
from villagesim.checks import size
from villagesim.errors import DesignError
from villagesim.languages import _, named
from villagesim.outcomes import Outcome
from villagesim.plots.uncertainty import draw_uncertainty
from villagesim.questions.answer import Answer
from villagesim.questions.margin import margin
from villagesim.questions.question import Runs
from villagesim.questions.spreads import changes
from villagesim.questions.study import Contrasts
from villagesim.questions.uncertainty import uncertainty_design
from villagesim.runs.table import RunTable
from villagesim.statistics.differences import paired
from villagesim.wording import between, in_unit, month, quoted, scale, signed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

ENDS = ("low", "high", "chance_low", "chance_high", "uncertain_low", "uncertain_high")


@dataclass(frozen=True, kw_only=True)
class DrawnContrasts(Contrasts):
    """What strategies add to another one, over draws of what is not known: its parameters, maps and dates, with luck of its own.

    The table has ``chance_low, chance_high`` (luck alone), ``uncertain_low, uncertain_high`` (what is not known) and
    ``total_low, total_high`` (both) besides; each holds 90%.

    Attributes
    ----------
    draws : int
        At least 2, each with ``replications`` of its own.
    """

    in_figure: ClassVar[tuple[str, ...]] = ()
    """Outcomes of the figure; by default all that are in the table."""
    draws: int
    replications: int = 2

    def __post_init__(self) -> None:
        super().__post_init__()
        size(self.draws, "draws", least=2, error=DesignError)
        size(self.replications, "replications", least=2, error=DesignError)

    def answer(self, runs: Runs) -> Answer:
        """Run all strategies in all draws, and take differences in the same runs."""
        import pandas as pd

        table = pd.DataFrame(self.rows(self.found(runs), runs))
        return self.said(self.sentence(table), {self.name: table})

    def found(self, runs: Runs) -> RunTable:
        """All strategies in all draws; draws in which a run failed are left out."""
        worlds = list(dict.fromkeys((self.against, *self.strategies)))
        return runs.sweep(
            "draws", uncertainty_design(runs.scenario, self.draws, runs.seed, worlds), strategies=worlds,
            outcomes=self.outcomes, replications=self.replications, independent_points=True, at=self.at,
        ).runs.whole("point")  # fmt: skip

    def rows(self, found: RunTable, runs: Runs) -> Iterator[dict[str, Any]]:
        """A row a month, contrast and outcome."""
        others = {name: (name, self.against) for name in found.strategies if name != self.against}
        for at in self.at:
            for label, (one, other) in (others | dict(self.pairs)).items():
                for name in self.outcomes:
                    mine, theirs = (found.at(name, at)[found.strategies.index(world)] for world in (one, other))
                    yield self.row(runs, name, mine, theirs, at=at, strategy=label)

    def row(self, runs: Runs, name: str, own: Floats, other: Floats, **told: Any) -> dict[str, Any]:
        """One difference of values ``(n_draws, n_replications)`` with its intervals, and the margin."""
        outcome = runs.scenario.outcomes[name]
        found = changes(paired(own, other), outcome.bounds)
        matters = margin(runs.scenario, name, other[np.newaxis], 0)
        return told | {"outcome": name, "unit": outcome.unit, "value": found.pop("mean")} | found | {"margin": matters}

    @staticmethod
    def words(row: Mapping[str, Any], unit: str | None = None, per: float = 1.0, *, bands: bool = False) -> str:
        """A difference of a row, shares in points: with the error of its mean, or with both bands.

        ``unit`` is written behind it in place of its own, with ``per`` of that in one of them.
        """
        if unit is None:
            per, unit = (0.01, _("points")) if row["unit"].startswith("share ") else scale(row["unit"], row["value"])
        value, *ends = (row[key] / per for key in ("value", *ENDS))
        low, high, luck_low, luck_high, unknown_low, unknown_high = ends
        said = in_unit(signed(value), unit)
        if bands:
            unknown = (
                between(unknown_low, unknown_high) if unknown_low == unknown_low else _("cannot be told from luck")
            )
            luck = between(luck_low, luck_high)
            return _(
                "{size} (one county's luck: {luck}; what is not known: {unknown})",
                size=said,
                luck=luck,
                unknown=unknown,
            )
        return f"{said} ({between(low, high)})" if low == low else said

    @staticmethod
    def draw(answer: Answer, name: str) -> "Figure":
        """Draw a panel an outcome, a row a contrast and month, with the error of the mean, luck, and what is not known."""
        asked, kind = answer.asked, answer.kind
        assert issubclass(kind, DrawnContrasts)
        table = answer.tables[kind.name].rename(columns={"value": "mean"})
        alone = table["strategy"].nunique() == 1
        table["strategy"] = [
            month(row.at)
            if alone
            else _("{strategy}, {month}", strategy=named(row.strategy, "strategy"), month=month(row.at))
            for row in table.itertuples()
        ]
        table.loc[table["total_low"].isna(), ["low", "high"]] = np.nan
        of = kind.in_figure or tuple(table["outcome"].unique())
        shown: dict[str, pd.DataFrame] = {name: table[table["outcome"] == name] for name in of}
        outcomes: dict[str, Outcome] = {each: answer.known.outcomes[each] for each in shown}
        margins = {each: float(own["margin"].iloc[-1]) for each, own in shown.items()}
        caption = _(
            "{place}. {note} Differences to {against} in the same runs: {draws} draws of all that is not well known,"
            " {replications} replications each, seed {seed}. Grey: too small to matter. A point without bars: too few draws"
            " differ; without an orange bar: what is not known cannot be told from luck. The ranges are assumptions: not a"
            " forecast.",
            place=named(answer.known.title), note=named(kind.note), against=quoted(asked.against), draws=asked.draws,
            replications=asked.replications, seed=asked.seed,
        )  # fmt: skip
        return draw_uncertainty(shown, outcomes, margins, **answer.worded(caption))

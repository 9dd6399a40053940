"""How much of a rise is arithmetic, trend, the merger, and each policy of a strategy: parts that add up to the whole.

Nested, as neither the merger nor the trend can be switched on in any order: first what summing the parts of merged
villages does to a figure per village (an identity), then the trend of the world without merger, then the merger (the
baseline less that world), then the policies by Shapley values over all their sets. All in the same replications.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from villagesim.arrays import Floats, Ints
from villagesim.checks import size, whole
from villagesim.design import from_table
from villagesim.errors import DesignError
from villagesim.outcomes import Outcome
from villagesim.outcomes.of_levels import COUNTED, MECHANICAL, USUAL
from villagesim.plots.parts import draw_parts
from villagesim.questions.answer import Answer
from villagesim.questions.margin import margin
from villagesim.questions.question import Chosen, Question, Runs, check_names, last_month, values
from villagesim.runs.sweep import Swept
from villagesim.scenario import BASELINE, NO_MERGER, Scenario
from villagesim.simulation import simulate
from villagesim.statistics.differences import difference_interval, paired, without_rounding
from villagesim.statistics.intervals import mean_interval, prediction_band, widened
from villagesim.statistics.shapley import coalitions, leave_one_out, order_error, order_half_width, orders, shapley
from villagesim.wording import effect, signed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

SUMS = ("collective_income", "recurrent_income", "operating_income")
"""Outcomes per village that are a sum over villages divided by their number."""
ALL = "all together"
LUCK = "Intervals: 95% of the mean, luck of one map and central parameters alone."


@dataclass(frozen=True, kw_only=True)
class Attribution(Question):
    """What the parts of a rise are.

    Attributes
    ----------
    strategy : name or mapping of a name to policies
        With at least one policy.
    outcome : str
        Per village only where its arithmetic is known: the three incomes, and the share of villages above any level.
    at : str
        Month, as ``"2023-12"``; the last of the run by default.
    replications : int
        Of every set of policies.
    pairs : int
        Orders drawn, with their reverse, where there are more than six policies.
    """

    name: ClassVar[str] = "attribute"
    read_as: ClassVar[Mapping[str, Any]] = {"strategy": str}
    strategy: Chosen
    outcome: str = "collective_income"
    at: str | None = None
    replications: int = 30
    pairs: int = 50

    def __post_init__(self) -> None:
        size(self.replications, "replications", least=2, error=DesignError)
        whole(self.pairs, "pairs", least=2, error=DesignError)

    def answer(self, runs: Runs) -> Answer:
        """Run every set of policies in the same replications, and take the whole apart."""
        scenario = runs.scenario
        check_names(scenario, [self.chosen], [self.outcome])
        policies = scenario.strategies[self.chosen]
        if not policies:
            raise DesignError(
                f"strategy = {self.chosen!r} has no policies to be told apart.", fix="Choose another one."
            )
        found = scenario.outcomes[self.outcome]
        if scenario.merges and found.per_village and self.outcome not in SUMS and not mechanical_part(self.outcome):
            known = ", ".join((*SUMS, *filter(mechanical_part, scenario.outcomes)))
            raise DesignError(
                f"outcome = {self.outcome!r}: how much of it is arithmetic is not known.",
                fix=f"Take one that does not count villages, as income_per_resident, or {known}.",
            )
        joining = orders(len(policies), self.pairs, runs.seed)
        swept = self._sweep(runs, coalitions(joining))
        labels = [policy.label for policy in policies]  # type: ignore[union-attr]
        steps, by_replication = self._steps(runs, swept, joining, labels)
        together = self._together(swept, joining, labels)
        caption = (
            f"{found.title}, {self.chosen!r}, end of {last_month(scenario, self.at)}, {by_replication.shape[1]} replications."
            " Arithmetic: fewer villages share the same money. Trend: the world without merger. Merger: nothing but the merger,"
            " less that world. Policies: Shapley values over all their sets. One map, central parameters: not a forecast."
        )
        change, first = steps.iloc[-1], steps[~steps["kind"].isin(["level", "change"])].iloc[0]
        added = effect(together.set_index("policy").loc[ALL], "shapley", "shapley_low", "shapley_high")
        title = f"{found.title}: {effect(change, 'value')}, of which {first['step']} {signed(first['value'])}, policies {added}"
        matters = margin(scenario, self.outcome, self._worth(swept, coalitions(joining)), reference=0)
        return self.said(
            self._headline(found, steps, together, matters), {"attribute": steps, "together": together},
            unit=found.unit, change=signed(change["value"]), title=title, caption=caption,
        )  # fmt: skip

    @staticmethod
    def draw(answer: Answer, name: str) -> "Figure":
        """Draw the steps, and each policy among the others."""
        return draw_parts(answer.tables["attribute"], answer.tables["together"], **answer.facts)

    def _sweep(self, runs: Runs, sets: Ints) -> Swept:
        """All sets of policies, and the two worlds without any, in the same replications."""
        import pandas as pd

        scenario = runs.scenario
        whole = scenario.strategies[self.chosen]
        named = {
            _name(int(one)): replace(whole, policies=tuple(policy for k, policy in enumerate(whole) if one >> k & 1))
            for one in sets
            if one
        }
        worlds = {name: scenario.strategies[name] for name in (NO_MERGER, BASELINE)}
        published = replace(scenario.published, thresholds=(*scenario.published.thresholds, *USUAL))
        own = replace(scenario, strategies=worlds | named, published=published)
        months = [last_month(scenario, self.at)]
        outcomes = [self.outcome]
        if (part := mechanical_part(self.outcome)) and self._merged(scenario):
            months += list(_around(scenario))
            outcomes.append(part)
        return runs.sweep(
            "sets", from_table(pd.DataFrame({"draw": [0]})), scenario=own, replications=self.replications,
            outcomes=outcomes, at=list(dict.fromkeys(months)),
        )  # fmt: skip

    def _merged(self, scenario: Scenario) -> bool:
        """Whether there are fewer villages at the end."""
        return scenario.merges and last_month(scenario, self.at) >= _around(scenario)[1]

    def _steps(self, runs: Runs, found: Swept, joining: Ints, labels: Sequence[str]) -> "tuple[pd.DataFrame, Floats]":
        """All steps from the first day to the end, and their values by replication."""
        import pandas as pd

        scenario, end = runs.scenario, last_month(runs.scenario, self.at)
        worth = self._worth(found, coalitions(joining))
        whole = np.isfinite(worth).all(axis=0)
        without = _value(found, self.outcome, NO_MERGER, end)
        known = np.isfinite(without).any()
        whole &= np.isfinite(without) | ~known
        if whole.sum() < 2:
            raise DesignError(
                f"outcome = {self.outcome!r} is defined for all sets of policies at the end of {end} in {whole.sum()}"
                f" of {len(whole)} replications, and two are needed.",
                fix="Choose another outcome or month.",
            )
        start = np.full(len(without), float(simulate(scenario, NO_MERGER, runs.seed).start[self.outcome]))
        arithmetic = np.zeros(len(without))
        if (part := mechanical_part(self.outcome)) and self._merged(scenario):
            before, after = (_value(found, part, NO_MERGER, month) for month in _around(scenario))
            arithmetic, without = after - before, _value(found, part, NO_MERGER, end)
        elif self.outcome in SUMS and self._merged(scenario):
            fewer = len(scenario.place.before) / len(scenario.place.after)
            arithmetic, without = start * (fewer - 1), without * fewer
        rows = [("start", "level", start), ("arithmetic", "arithmetic", arithmetic)]
        rows += [("trend", "trend", without - start - arithmetic), ("merger", "merger", paired(worth[0], without))]
        if not known:  # integration: not defined where nothing is merged
            rows = [(BASELINE, "level", worth[0])]
        elif not scenario.outcomes[self.outcome].history:
            rows = [(NO_MERGER, "level", without), rows[-1]]
        rows += [(label, "policy", x) for label, x in zip(labels, shapley(worth, joining), strict=True)]
        rows += [("end", "level", worth[-1]), ("change", "change", worth[-1] - rows[0][2])]
        if not scenario.merges:
            rows = [row for row in rows if row[1] not in ("arithmetic", "merger")]
        drawn = dict(zip(labels, order_half_width(worth[:, whole], joining), strict=True))
        rows = [(step, kind, without_rounding(x, worth[:, whole])) for step, kind, x in rows]
        table = [
            {"step": step, "kind": kind, "unit": scenario.outcomes[self.outcome].unit}
            | _interval(x[whole], kind, scenario.outcomes[self.outcome].bounds, drawn.get(step, 0.0))
            for step, kind, x in rows
        ]
        return pd.DataFrame(table), np.stack([x[whole] for _, _, x in rows])

    def _together(self, found: Swept, joining: Ints, labels: Sequence[str]) -> "pd.DataFrame":
        """Of each policy: its Shapley value, what is lost without it, and the difference of the two."""
        import pandas as pd

        worth = self._worth(found, coalitions(joining))
        worth = worth[:, np.isfinite(worth).all(axis=0)]
        values_, lost, error = shapley(worth, joining), leave_one_out(worth, joining), order_error(worth, joining)
        drawn = order_half_width(worth, joining)
        rows: list[dict[str, Any]] = []
        least, most = found.scenario.outcomes[self.outcome].bounds
        whole = worth[-1] - worth[0]
        parts = [*zip(labels, values_, lost, error, drawn, strict=True), (ALL, whole, whole, 0.0, 0.0)]
        for label, shared, alone, one_error, width in parts:
            row: dict[str, Any] = {"policy": label}
            for name, x, further in (
                ("shapley", shared, width), ("left_out", alone, 0.0), ("interaction", alone - shared, width),
            ):  # fmt: skip
                bounds = (2 * least, 2 * most) if name == "interaction" else (least, most)
                one = widened(difference_interval(without_rounding(x, worth), bounds), further)
                row |= {name: one.mean, f"{name}_low": one.low, f"{name}_high": one.high}
            rows.append(row | {"order_error": one_error})
        return pd.DataFrame(rows)

    def _worth(self, found: Swept, sets: Ints) -> Floats:
        """Outcome of every set in every replication, ``(n_sets, n_replications)``; the baseline is the empty set."""
        every = values(found, self.outcome, last_month(found.scenario, self.at))[:, 0]
        return np.asarray(every[[found.strategies.index(_name(int(one))) for one in sets]])

    def _headline(self, found: Outcome, steps: "pd.DataFrame", together: "pd.DataFrame", matters: float) -> str:
        parts = [f"{row['step']} {effect(row, 'value')}" for row in steps.iloc[1:-2].to_dict("records")]
        clear = together[(together["interaction_low"] >= matters) | (together["interaction_high"] <= -matters)]
        said = [
            f"{row['policy']} {'needs' if abs(row['left_out']) > abs(row['shapley']) else 'does the work of'} the others"
            f" ({signed(row['left_out'])} joining last, {signed(row['shapley'])} on average)"
            for row in clear.to_dict("records")
        ]
        helps = f" Policies act on each other: {', '.join(said)}."
        if not said:
            helps = f" No policy surely acts on the others by as much as matters ({signed(matters)[1:]})."
        return (
            f"{found.title} changes by {effect(steps.iloc[-1], 'value')} {found.unit}: {', '.join(parts)}. {LUCK}"
            f"{helps if len(together) > 2 else ''}"
        )


def mechanical_part(outcome: str) -> str | None:
    """Outcome that says what summing alone makes of a share of villages above a level; None for all other outcomes."""
    level = outcome.removeprefix(COUNTED)
    return f"{MECHANICAL}{level}" if level != outcome else None


def _name(one: int) -> str:
    """Name of a set of policies as a strategy."""
    return f"set {one}" if one else BASELINE


def _around(scenario: Scenario) -> tuple[str, str]:
    """The month before the decree, and its own."""
    decree = scenario.timetable.decree
    assert decree is not None
    before = (decree.year, decree.month - 1) if decree.month > 1 else (decree.year - 1, 12)
    return f"{before[0]}-{before[1]:02d}", f"{decree.year}-{decree.month:02d}"


def _value(found: Swept, name: str, strategy: str, month: str) -> Floats:
    return np.asarray(values(found, name, month)[found.strategies.index(strategy), 0])


def _interval(x: Floats, kind: str, bounds: tuple[float, float], drawn: float) -> dict[str, Any]:
    """Simulation error and one county's chance of a step; levels and arithmetic are no differences between strategies.

    What is the same in all replications, as the first day and what follows from it alone, has no interval there.
    """
    difference = difference_interval(x, bounds)
    found, differs = widened(difference, drawn), difference.differs
    if kind in ("level", "arithmetic"):
        found, differs = mean_interval(x), "-"
    band_low, band_high = prediction_band(x)
    return {
        "value": found.mean, "low": found.low, "high": found.high, "band_low": float(band_low), "band_high": float(band_high),
        "differs": differs,
    }  # fmt: skip

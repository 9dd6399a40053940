"""Who gains and who loses, village by village and township by township: differences in the same replications.

A village here is a constituent, one of the first day: it is the same in all replications, however they merge.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.arrays import Floats, Ints, sum_by
from villagesim.outcomes.of_groups import QUANTITIES
from villagesim.outcomes.outcome import UNBOUNDED
from villagesim.questions.strategies_answer import StrategiesAnswer
from villagesim.runs.parts import BY_VILLAGE
from villagesim.runs.table import RunTable
from villagesim.scenario import Scenario
from villagesim.statistics.differences import difference_intervals, paired

if TYPE_CHECKING:
    import pandas as pd

ENDS = {"difference": "mean", "difference_low": "low", "difference_high": "high", "differs": "differs"}


def gains_by_village(answer: StrategiesAnswer, scenario: Scenario, runs: RunTable) -> "pd.DataFrame":
    """A row a quantity, strategy and constituent at the end of the run, and below them one a township.

    Columns: ``at, quantity, unit, strategy, order``; ``by`` (village or township) with ``code, name, township, township_name``
    and, where it is known, ``lon, lat``; ``baseline`` and ``mean``; ``difference`` with an interval that holds for all villages
    (or townships) of a strategy together, else as in :func:`distribution`. Townships are means over members.
    """
    import pandas as pd

    place, weights = scenario.place, scenario.endow(answer.facts["seed"]).members.astype(float)
    labels = _labels(scenario)
    parts = []
    for quantity in BY_VILLAGE.values():
        values = runs.by_village(quantity)
        whole = _by_township(values, weights, place.township)
        for level, each in (("village", values), ("township", whole)):
            for strategy, columns in _differences(answer, quantity, each):
                told = {"at": answer.months[-1], "quantity": quantity, "unit": QUANTITIES[quantity]["unit"]}
                named = labels[labels["by"] == level].reset_index(drop=True)
                order = {"strategy": strategy, "order": answer.known.order(strategy)}
                parts.append(named.assign(**columns)[[*named, *columns]].assign(**told, **order))
    if not parts:
        return pd.DataFrame()
    table = pd.concat(parts, ignore_index=True)
    first = ["at", "quantity", "unit", "strategy", "order"]
    return table[[*first, *table.columns.drop(first)]]


def plain_outlines(scenario: Scenario) -> dict[str, Any]:
    """Outlines of townships as lists, by code: to a metre or so; none where none are known."""
    where = scenario.geography
    found = where.outlines if where else {}
    return {
        code: [[ring.round(5).tolist() for ring in rings] for rings in polygons] for code, polygons in found.items()
    }


def _differences(answer: StrategiesAnswer, quantity: str, values: Floats) -> Iterator[tuple[str, dict[str, Any]]]:
    """Of each strategy its columns, from values ``(n_strategies, n_replications, n)``."""
    baseline = values[answer.strategies.index(answer.baseline)]
    others = [strategy for strategy in answer.strategies if strategy != answer.baseline]
    bounds, n = QUANTITIES[quantity].get("bounds", UNBOUNDED), values.shape[2]
    for strategy in others:
        own = values[answer.strategies.index(strategy)]
        found = difference_intervals(paired(own, baseline).T, bounds, n_comparisons=n)
        columns: dict[str, Any] = {"baseline": baseline.mean(axis=0), "mean": own.mean(axis=0)}
        yield strategy, columns | {name: [getattr(one, of) for one in found] for name, of in ENDS.items()}


def _by_township(values: Floats, weights: Floats, township: Ints) -> Floats:
    """Means over the members of each township, ``(n_strategies, n_replications, n_townships)``."""
    n = int(township.max()) + 1
    sums = np.array([[sum_by(township, weights * run, n) for run in own] for own in values])
    means: Floats = sums / sum_by(township, weights, n)
    return means


def _labels(scenario: Scenario) -> "pd.DataFrame":
    """What tells villages and townships apart: by, code, name, township, its name, lon and lat where they are known."""
    import pandas as pd

    place, where = scenario.place, scenario.geography
    names = {**dict(zip(place.townships, place.township_names, strict=True)), **(where.names if where else {})}
    villages = pd.DataFrame(
        {"code": place.before.codes, "name": place.before.names, "township": place.before.townships}
    )
    townships = pd.DataFrame(
        {"code": place.townships, "name": [names[c] for c in place.townships], "township": place.townships}
    )
    table = pd.concat([villages.assign(by="village"), townships.assign(by="township")], ignore_index=True)
    table["township_name"] = table["township"].map(names)
    for axis in ("lon", "lat"):
        known = getattr(where, axis) if where else np.full(len(villages), np.nan)
        table[axis] = np.concatenate([known, np.full(len(townships), np.nan)])
    return table[["by", "code", "name", "township", "township_name", "lon", "lat"]]

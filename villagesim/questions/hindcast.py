"""How far what was simulated lies off what was observed, by outcome and year; by village too, where their rows are kept."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from villagesim.errors import DesignError
from villagesim.outcomes import Observed
from villagesim.questions.strategies_answer import StrategiesAnswer
from villagesim.runs.store import Store
from villagesim.statistics.intervals import median, prediction_band

if TYPE_CHECKING:
    import pandas as pd

Found = TypeVar("Found", bound=StrategiesAnswer)
KEYS = ("point", "replication", "strategy", "month", "village")
COLUMNS = (
    "outcome", "unit", "at", "strategy", "observed", "error", "median", "band_low", "band_high", "miss", "within",
    "n_observed", "share_within", "source",
)  # fmt: skip


def hindcast(answer: StrategiesAnswer) -> "pd.DataFrame":
    """How far each strategy lies off what was observed: a row an outcome, month and strategy.

    Columns: ``observed`` with its standard ``error``; ``median`` of the runs, ``band_low, band_high`` (5 to 95%; lowest and
    highest of fewer than 20 runs); ``miss``, the median less what was observed; ``within``: the band holds it; ``n_observed``
    villages of which ``share_within`` lie within their own bands, where the rows of villages were kept; ``source``.
    """
    import pandas as pd

    own_bands = {(row["outcome"], row["at"], row["strategy"]): row for row in answer.facts.get("within", ())}
    rows = []
    for seen in answer.known.observed:
        if seen.at not in answer.months[1:]:
            continue
        value = np.nan if seen.value is None else seen.value
        runs = answer.each_run(seen.outcome)[..., answer.rank(seen.at)]
        for strategy, own in zip(answer.strategies, runs, strict=True):
            low, high = map(float, prediction_band(own))
            middle = float(median(own))
            row: dict[str, Any] = {
                "outcome": seen.outcome, "unit": answer.outcome(seen.outcome).unit, "at": seen.at, "strategy": strategy,
                "observed": value, "error": seen.error, "median": middle, "band_low": low, "band_high": high,
                "miss": middle - value, "within": bool(low <= value <= high) if np.isfinite([value, low]).all() else None,
                "source": seen.source,
            }  # fmt: skip
            rows.append(row | own_bands.get((seen.outcome, seen.at, strategy), {}))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def kept_in(store: Store | None) -> Store:
    """Where the rows of all villages are kept; refused where they have no folder."""
    if store is None:
        raise DesignError("the rows of all villages need a folder to be kept in.", fix="Give out as well.")
    return store


def by_village(answer: Found, observed: Sequence[Observed], store: Store | None) -> Found:
    """The answer, with how many villages lie within their own bands of what was observed of them, from all rows that are kept."""
    seen = [each for each in observed if each.villages and each.at in answer.months[1:]]
    if store is None or not seen:
        return answer
    columns = [*KEYS, *dict.fromkeys(each.outcome for each in seen)]
    months = sorted({each.at for each in seen})
    villages = store.parts.rows("villages", store.parts.held(), columns=columns, filters=[("month", "in", months)])
    return replace(answer, facts={**answer.facts, "within": list(_within(seen, villages, answer.strategies))})


def _within(
    observed: Sequence[Observed], villages: "pd.DataFrame", strategies: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Of each figure, how many villages lie within their own bands."""
    import pandas as pd

    for seen in observed:
        values = pd.Series(dict(seen.villages))
        for strategy in strategies:
            rows = villages[(villages["strategy"] == strategy) & (villages["month"] == seen.at)]
            runs = rows.pivot(index="village", columns=["point", "replication"], values=seen.outcome)
            runs = runs.reindex(values.index).dropna(how="all")
            if runs.empty:
                continue
            low, high = prediction_band(runs.to_numpy().T)
            own = values[runs.index].to_numpy()
            yield {
                "outcome": seen.outcome, "at": seen.at, "strategy": strategy, "n_observed": len(own),
                "share_within": float(((low <= own) & (own <= high)).mean()),
            }  # fmt: skip

"""Tables that all answers about strategies have: goals, money, who gains and who loses, what is not defined, trajectories."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.questions.distribution import distribution
from villagesim.questions.goals import progress
from villagesim.questions.money import money
from villagesim.questions.strategies_answer import StrategiesAnswer

if TYPE_CHECKING:
    import pandas as pd


def ends(answer: StrategiesAnswer) -> list[str]:
    """Ends of all years, and of the run."""
    last = answer.months[-1]
    return [month for month in answer.months[1:] if month.endswith("-12") or month == last]


def at_ends(answer: StrategiesAnswer, make: "Callable[[str], pd.DataFrame]") -> "pd.DataFrame":
    """A table of all ends of years, and of the run, one below the other."""
    import pandas as pd

    return pd.concat([make(month) for month in ends(answer)], ignore_index=True)


def shared_tables(answer: StrategiesAnswer) -> dict[str, Any]:
    """Tables that all answers about strategies have; each is made when it is looked at."""
    import pandas as pd

    def trajectories() -> "pd.DataFrame":
        found = [answer.trajectories(name).assign(outcome=name) for name in answer.known.outcomes]
        table = pd.concat(found, ignore_index=True)
        return table[["outcome", *table.columns.drop("outcome")]]

    made: dict[str, Any] = {}
    if answer.known.goals:
        made["goals"] = partial(progress, answer)
    for name, table in (("distribution", distribution), ("money", money)):
        made[name] = partial(at_ends, answer, partial(table, answer))
    return made | {"undefined": partial(undefined_table, answer), "trajectories": trajectories}


def undefined(answer: StrategiesAnswer, name: str) -> dict[str, int]:
    """Strategies for which an outcome is not defined at the end, with the number of replications in which it is not."""
    missing = np.isnan(answer.each_run(name)[..., -1]).sum(axis=1)
    return {strategy: int(n) for strategy, n in zip(answer.strategies, missing, strict=True) if n}


def undefined_table(answer: StrategiesAnswer) -> "pd.DataFrame":
    """Where outcomes are not defined at the end: ``outcome, strategy, replications`` (how many)."""
    import pandas as pd

    rows = [(name, *found) for name in answer.known.outcomes for found in undefined(answer, name).items()]
    return pd.DataFrame(rows, columns=["outcome", "strategy", "replications"])

"""Tables that all answers about strategies have: goals, money, who gains and who loses, what is not defined, trajectories."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from villagesim.questions.distribution import distribution
from villagesim.questions.goals import progress
from villagesim.questions.hindcast import hindcast
from villagesim.questions.money import money
from villagesim.questions.over_time import differences
from villagesim.questions.strategies_answer import StrategiesAnswer
from villagesim.runs.table import RunTable
from villagesim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

Found = TypeVar("Found", bound=StrategiesAnswer)


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
    made: dict[str, Any] = {}
    if answer.known.goals:
        made["goals"] = partial(progress, answer)
    if any(seen.at in answer.months[1:] for seen in answer.known.observed):
        made["hindcast"] = partial(hindcast, answer)
    for name, table in (("distribution", distribution), ("money", money)):
        made[name] = partial(at_ends, answer, partial(table, answer))
    made |= {"undefined": partial(undefined_table, answer), "never_acted": partial(never_acted, answer)}
    return made | {"differences": partial(differences, answer), "trajectories": answer.all_trajectories}


def undefined(answer: StrategiesAnswer, name: str) -> dict[str, int]:
    """Strategies for which an outcome is not defined at the end, with the number of replications in which it is not."""
    missing = np.isnan(answer.each_run(name)[..., -1]).sum(axis=1)
    return {strategy: int(n) for strategy, n in zip(answer.strategies, missing, strict=True) if n}


def undefined_table(answer: StrategiesAnswer) -> "pd.DataFrame":
    """Where outcomes are not defined at the end: ``outcome, strategy, replications`` (how many)."""
    import pandas as pd

    rows = [(name, *found) for name in answer.known.outcomes for found in undefined(answer, name).items()]
    return pd.DataFrame(rows, columns=["outcome", "strategy", "replications"])


def with_ledgers(answer: Found, scenario: Scenario, runs: RunTable) -> Found:
    """The answer, with which policies never acted in which share of its runs, and strategies of which nothing can be said."""
    columns = ["strategy", "policy", "why"]
    idle: list[dict[str, Any]] = []
    if runs.idle is not None and len(runs.idle):
        table = runs.idle.groupby(columns, sort=False).size().rename("runs").reset_index()
        idle = table.assign(share=table["runs"] / answer.n_runs).to_dict("records")
    never = {(row["strategy"], row["policy"]): 0 for row in idle}
    for row in idle:
        never[row["strategy"], row["policy"]] += row["runs"]
    same = [
        name for name in answer.strategies
        if (held := scenario.strategies.get(name, ()))
        and all(never.get((name, policy.label)) == answer.n_runs for policy in held)
    ]  # fmt: skip
    return replace(answer, facts={**answer.facts, "idle": idle, "never_acted": _as_the_baseline(answer, same)})


def _as_the_baseline(answer: StrategiesAnswer, same: list[str]) -> list[str]:
    """Those of the strategies that are as the baseline to the bit in all runs, but for what was paid and did nothing."""
    baseline = answer.strategies.index(answer.baseline)
    for name in answer.known.outcomes if same else ():
        if name != "support_cost":
            values = answer.runs_of(name)
            same = [
                s for s in same if np.array_equal(values[answer.strategies.index(s)], values[baseline], equal_nan=True)
            ]
    return same


def never_acted(answer: StrategiesAnswer) -> "pd.DataFrame":
    """Policies that never acted, by the ledgers of all runs: ``strategy, policy, why``, in how many ``runs``, their ``share``."""
    import pandas as pd

    return pd.DataFrame(list(answer.facts.get("idle", ())), columns=["strategy", "policy", "why", "runs", "share"])

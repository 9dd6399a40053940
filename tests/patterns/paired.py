"""Runs of patterns: several strategies in the same replications."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pandas as pd

import villagesim as vs

REPLICATIONS = 24


def runs(scenario: vs.Scenario, *strategies, n=REPLICATIONS) -> list[list[vs.Run]]:
    """Runs of several strategies in the same replications: a list a strategy."""
    return [each(scenario, strategy, lambda run: run, n) for strategy in strategies]


def each(scenario: vs.Scenario, strategy: str | Sequence[vs.Policy], look: Callable, n=REPLICATIONS) -> list:
    """What ``look`` sees in every replication; the runs themselves are let go."""
    return [look(vs.simulate(scenario, strategy, 1, r)) for r in range(n)]


def paths(scenario: vs.Scenario, strategy: str | Sequence[vs.Policy], *names: str, n=REPLICATIONS) -> dict:
    """Outcomes of the county by name: a table with a row a replication and a column a month."""
    found = each(scenario, strategy, partial(_outcomes, names), n)
    return {name: pd.DataFrame([path[name] for path in found], columns=found[0]["months"]) for name in names}


def at(outcomes: list[vs.Run], name: str, month: str) -> np.ndarray:
    """One outcome at the end of a month, a value a replication."""
    return np.array([run.outcomes[name][run.record.labels.index(month)] for run in outcomes])


def _outcomes(names: Sequence[str], run: vs.Run) -> dict:
    return {name: np.array(run.outcomes[name]) for name in names} | {"months": list(run.record.labels)}

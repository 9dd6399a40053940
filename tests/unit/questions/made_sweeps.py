"""Sweeps made by hand, for tests of what is said about sweeps."""

import numpy as np
import pandas as pd

from villagesim.design import Design
from villagesim.runs.sweep import Sweep


def sweep_of(scenario, design: Design, outcomes, month="2023-12", seed=1) -> Sweep:
    """A sweep with these outcomes: name to strategy to values, ``(n_points, n_replications)``."""
    strategies = tuple(next(iter(outcomes.values())))
    rows = []
    for strategy in strategies:
        shape = np.shape(next(iter(outcomes.values()))[strategy])
        for place, point in enumerate(design.points.index):
            for r in range(shape[1]):
                row = {"point": point, "strategy": strategy, "replication": r, "month": month}
                rows.append(row | {name: by[strategy][place][r] for name, by in outcomes.items()})
    failures = pd.DataFrame(columns=["point", "replication", "strategy", "message"])
    return Sweep(scenario, design, strategies, pd.DataFrame(rows), failures, seed, shape[1])

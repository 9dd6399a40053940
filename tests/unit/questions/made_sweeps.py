"""Sweeps made by hand, for tests of what is said about sweeps."""

import numpy as np
import pandas as pd

from villagesim.design import Design
from villagesim.runs.sweep import Swept
from villagesim.runs.table import RunTable


def sweep_of(scenario, design: Design, outcomes, month="2023-12", seed=1) -> Swept:
    """A sweep with these outcomes: name to strategy to values, ``(n_points, n_replications)``."""
    strategies = tuple(next(iter(outcomes.values())))
    rows = []
    for strategy in strategies:
        shape = np.shape(next(iter(outcomes.values()))[strategy])
        for place, point in enumerate(design.points.index):
            for r in range(shape[1]):
                row = {"point": point, "strategy": strategy, "replication": r, "month": month}
                rows.append(row | {name: by[strategy][place][r] for name, by in outcomes.items()})
    runs = RunTable(pd.DataFrame(rows), strategies, points=design.points.index.tolist())
    return Swept(scenario, design, runs, seed)

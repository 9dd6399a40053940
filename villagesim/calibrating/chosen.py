"""Which parameters are calibrated: by a rule that looks at no published value, only at what moves what, and at errors.

Each figure is explained, one parameter after the other, by those that surely move it. All numbers together then foretell by
how much each parameter's range would shrink, were everything linear and normal. Those that would by a tenth or more are taken,
15 at most, the strongest first. All others stay drawn over their ranges in every run, and are noise: so is what every place has
of its own, as its growth.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from villagesim.arrays import Floats
from villagesim.calibrating.numbers import Bounds, Number, own_values
from villagesim.statistics.surfaces import movers, shrunk_covariance

if TYPE_CHECKING:
    import pandas as pd

MOST = 15
"""Parameters that are calibrated at most."""
SHRINKS = 0.9
"""Posterior standard deviation over that of the range below which a parameter can be informed."""

OF_A_PLACE = frozenset({"parameters.income_growth", "parameters.prices"})
"""What every place has a value of its own for, as for its mean income: figures of others do not tell it."""


def widths(slopes: Floats, covariance: Floats) -> Floats:
    """Posterior over prior standard deviation of each parameter, were everything linear and normal, ``(n_parameters,)``."""
    precision = np.eye(len(slopes)) + slopes @ np.linalg.solve(covariance, slopes.T)
    return np.asarray(np.sqrt(np.diag(np.linalg.inv(precision))))


def expected(bounds: Bounds, unit: Floats, figures: Floats, numbers: Sequence[Number]) -> "pd.DataFrame":
    """Foretell what the numbers can say of each parameter that moves one: ``path, width, moves``, the narrowest first.

    Parameters
    ----------
    unit : (n_points, n_paths)
    figures : (n_points, n)
        Of the numbers that runs speak of, which stand first among ``numbers``, on their scales.
    """
    import pandas as pd

    paths = list(bounds)
    direct = {k: paths.index(number.path) for k, number in enumerate(numbers) if number.path}
    slopes, left = np.zeros((len(paths), len(numbers))), figures - np.nanmean(figures, axis=0)
    for k, figure in enumerate(figures.T):
        for column, slope in movers(unit, figure).items():
            slopes[column, k] = slope
            left[:, k] -= slope * (unit[:, column] - unit[:, column].mean()) * np.sqrt(12)
    for k, column in direct.items():
        low, high = bounds[paths[column]]
        slopes[column, k] = (high - low) / np.sqrt(12)
    moving = np.flatnonzero(slopes.any(axis=1))
    errors = np.array([number.error for number in numbers])
    covariance = np.zeros((len(numbers), len(numbers)))
    n = figures.shape[1]
    covariance[:n, :n] = shrunk_covariance(left)
    return pd.DataFrame(
        {
            "path": [paths[column] for column in moving],
            "width": widths(slopes[moving], covariance + own_values(numbers, slopes[moving]) + np.diag(errors**2)),
            "moves": [
                ", ".join(n.id for n, slope in zip(numbers, slopes[column], strict=True) if slope) for column in moving
            ],
        }
    ).sort_values("width", ignore_index=True)


def chosen(table: "pd.DataFrame") -> list[str]:
    """Paths that are calibrated."""
    return table.loc[(table["width"] < SHRINKS) & ~table["path"].isin(OF_A_PLACE), "path"].tolist()[:MOST]

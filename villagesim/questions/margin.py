"""How large a difference must be to matter: one rule for all tables."""

import numpy as np
from numpy.typing import ArrayLike

from villagesim.questions.setting import Setting
from villagesim.scenario import Scenario


def margin(where: Scenario | Setting, name: str, values: ArrayLike, reference: int) -> float:
    """Smallest difference that matters of an outcome, in its unit: the margin of practical equality.

    The scenario's where it names one. A relative one is a share of the reference's mean; where that is zero or not defined,
    of the largest mean; where nothing is above zero, the number itself.

    Parameters
    ----------
    where : Scenario or Setting
    values : array, shape (n_strategies, ...)
        Runs that are not defined are left out.
    reference : int
        Row of the strategy that the others are compared with.
    """
    found = where.outcomes[name]
    size = where.margins.get(name, found.margin)
    if not found.relative:
        return size
    runs = np.asarray(values, float)
    runs = runs.reshape(len(runs), -1)
    defined = np.isfinite(runs)
    means = np.abs(np.where(defined, runs, 0.0).sum(axis=1) / np.maximum(defined.sum(axis=1), 1))
    return size * float(means[reference] or means.max()) or size

"""Which inputs decide an output: elementary effects to screen many, Sobol' indices to split the variance over a few.

The first-order index of a factor is the share of the variance that goes away once the factor is known; its total-order
index is the share that stays as long as it alone is not known, interactions with all others included. Estimates may fall
below 0 or above 1; intervals come from drawing whole base samples or trajectories again.

Left out: second-order indices, and factors that depend on each other.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from villagesim.arrays import Floats
from villagesim.errors import DesignError
from villagesim.statistics.intervals import resamples

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NOTHING", "as_shares", "elementary_effects", "sobol_indices"]

NOTHING = "not distinguishable from zero"
N_RESAMPLES = 1000


def sobol_indices(factors: Sequence[str], y: ArrayLike, seed: int, confidence: float = 0.95) -> "pd.DataFrame":
    """First-order and total-order indices of a Sobol' design, with bootstrap intervals.

    Parameters
    ----------
    factors : sequence of str
        Names, in the order of the design.
    y : (n_points,) array
        In the order of the design; a base sample with a NaN is left out whole.
    seed : int
        Key of the resamples.

    Returns
    -------
    DataFrame
        ``factor, first_order, first_low, first_high, total_order, total_low, total_high, verdict``.

    Notes
    -----
    Source: Saltelli et al. 2010, Computer Physics Communications 181, 259-270, table 2 (b) and (f).
    """
    import pandas as pd

    blocks = _whole(y, len(factors) + 2)
    x = (blocks - blocks.mean())[:, :, np.newaxis]
    a, mixed, b = x[:, 0], x[:, 1:-1, 0], x[:, -1]
    parts = np.hstack([b * (mixed - a), (a - mixed) ** 2 / 2, a + b, a**2 + b**2])
    every = np.vstack([np.ones(len(x)), resamples(seed, len(x), N_RESAMPLES)]) @ parts / len(x)
    variance = every[:, [-1]] / 2 - (every[:, [-2]] / 2) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        found = every[:, :-2] / np.where(variance > 0, variance, np.nan)
    half = ndtri(0.5 + confidence / 2) * np.nanstd(found[1:], axis=0, ddof=1)
    first, total = np.split(found[0], 2)
    first_half, total_half = np.split(half, 2)
    frame = pd.DataFrame(
        {
            "factor": list(factors),
            "first_order": first, "first_low": first - first_half, "first_high": first + first_half,
            "total_order": total, "total_low": total - total_half, "total_high": total + total_half,
        }
    )  # fmt: skip
    nothing = (frame["total_low"] <= 0) & (frame["first_low"] <= 0)
    through_others = (frame["total_low"] > 0) & (frame["first_low"] <= 0)
    return frame.assign(
        verdict=np.select([nothing, through_others], [NOTHING, "only together with others"], "by itself")
    )


def elementary_effects(
    factors: Sequence[str], unit: Floats, y: ArrayLike, seed: int, confidence: float = 0.95
) -> "pd.DataFrame":
    """Mean absolute elementary effect of every factor of a Morris design, in the unit of ``y``.

    Parameters
    ----------
    factors : sequence of str
        Names, in the order of the columns.
    unit : (n_points, n_factors) array
        Places of the points in the unit cube: trajectories, in each of which every factor moves once.
    y : (n_points,) array
        A trajectory with a NaN is left out whole.
    seed : int
        Key of the resamples.

    Returns
    -------
    DataFrame
        ``factor, effect, low, high, spread``: spread is the standard deviation over trajectories.

    Notes
    -----
    Source: Campolongo, Cariboni and Saltelli 2007, Environmental Modelling and Software 22, 1509-1518.
    """
    import pandas as pd

    k = len(factors)
    blocks = _whole(y, k + 1)
    moves = np.diff(
        unit.reshape(-1, k + 1, k)[np.isfinite(np.asarray(y, float)).reshape(-1, k + 1).all(axis=1)], axis=1
    )
    effects = np.diff(blocks, axis=1) / moves.sum(axis=2)
    step = np.abs(moves).argmax(axis=1)  # in which each factor moves
    effects = np.take_along_axis(effects, step, axis=1)
    effect = np.abs(effects).mean(axis=0)
    resampled = resamples(seed, len(effects), N_RESAMPLES) @ np.abs(effects) / len(effects)
    half = ndtri(0.5 + confidence / 2) * resampled.std(axis=0, ddof=1)
    return pd.DataFrame(
        {
            "factor": list(factors), "effect": effect, "low": effect - half, "high": effect + half,
            "spread": effects.std(axis=0, ddof=1),
        }
    )  # fmt: skip


def as_shares(table: "pd.DataFrame") -> "pd.DataFrame":
    """Total-order indices as they are said: estimates and ends below 0 or above 1 are as good as these."""
    said = ["total_order", "total_low", "total_high"]
    return table.assign(**table[said].clip(0, 1))


def _whole(y: ArrayLike, size: int) -> Floats:
    """Blocks of the design in which every value is known, ``(n_blocks, size)``."""
    blocks = np.asarray(y, float).reshape(-1, size)
    whole = blocks[np.isfinite(blocks).all(axis=1)]
    if len(whole) < 2:
        raise DesignError(
            f"{len(whole)} of {len(blocks)} samples are known at all of their {size} points, and two are needed.",
            fix="See the failures in the folder, or take narrower ranges.",
        )
    return whole

"""A sample with weights, as approximate Bayesian computation leaves it: quantiles, and what it says beside its prior.

A parameter is informed where its posterior is surely narrower than its prior. The bootstrap draws as many places as the
weights are worth (Kish 1965, Survey Sampling): few heavy places inform of nothing.

Left out: how parameters go together, and whether the model that gave the sample is right.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from villagesim.arrays import Floats
from villagesim.randomness import Draws

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "DOES_NOT_FIT", "FITS", "LEAST", "NARROWER", "NOT_INFORMED", "NO_FIT", "TOO_FEW", "posterior_table", "surprise",
    "weighted_quantiles", "worth",
]  # fmt: skip

NOT_INFORMED = "not informed"
NARROWER = 0.9
"""A posterior is informed where it is surely narrower than this share of its prior (standard deviations)."""

LEAST = 12
"""Fewer places than this, as their weights count, say nothing: more than 5% of parameters that nothing informs would be
called narrower."""
TOO_FEW = "too few to say"

NO_FIT = 0.01
"""No value fits where something published, of all that is, would be so surprising."""
FITS, DOES_NOT_FIT = "fits", "does not fit"


def posterior_table(
    bounds: Mapping[str, tuple[float, float]], sample: Floats, weights: Floats, seed: int, n_boot: int = 1000
) -> "pd.DataFrame":
    """Prior beside posterior, and which parameters the figures say something about.

    Parameters
    ----------
    bounds : dict of path to (low, high)
        Of the uniform priors.
    sample, weights : arrays, shapes (n, n_factors), (n,)
        Places of the last population, and their weights, which add to 1.
    n_boot : int
        Resamples of as many places as the weights are worth.

    Returns
    -------
    DataFrame
        ``factor, low, high`` (prior), ``posterior`` (median) with 5 to 95%, ``width`` (standard deviation of the posterior
        over that of the prior) with its 95% interval, ``verdict``.
    """
    import pandas as pd

    n_worth = max(int(worth(weights)), 2)
    u = Draws(seed, "calibrate").uniform("particle", np.arange(n_boot)[:, np.newaxis], np.arange(n_worth))
    drawn = np.searchsorted(np.cumsum(weights), u).clip(max=len(weights) - 1)
    rows = []
    for k, (path, (low, high)) in enumerate(bounds.items()):
        x, prior = sample[:, k], (high - low) / np.sqrt(12)
        at_5, middle, at_95 = weighted_quantiles(x, weights, (0.05, 0.5, 0.95))
        width = float(np.sqrt(weights @ (x - weights @ x) ** 2 * n_worth / (n_worth - 1)) / prior)
        width_low, width_high = np.quantile(x[drawn].std(axis=1, ddof=1) / prior, (0.025, 0.975))
        rows.append(
            {"factor": path, "low": low, "high": high, "posterior": middle, "posterior_low": at_5, "posterior_high": at_95,
             "width": width, "width_low": width_low, "width_high": width_high,
             "verdict": TOO_FEW if n_worth < LEAST else "narrower" if width_high < NARROWER else NOT_INFORMED}
        )  # fmt: skip
    return pd.DataFrame(rows)


def worth(weights: Floats) -> float:
    """How many places of equal weight would say as much (Kish)."""
    return float(1 / (weights**2).sum())


def surprise(figures: Floats, weights: Floats, published: float, error: float) -> float:
    """Chance that the posterior gives a figure, with its error, as far on the same side as what was published, twice.

    Where the model is right, it lies below a share s in no more than 2 s of all cases, and mostly in far fewer.

    Notes
    -----
    Source: Gelman, Meng and Stern 1996, Statistica Sinica 6, 733-807; the bound is of Meng 1994, Annals of Statistics 22,
    1142-1160.
    """
    below = float(weights @ ndtr((published - figures) / error))
    return min(2 * min(below, 1 - below), 1.0)


def weighted_quantiles(x: Floats, weights: Floats, shares: tuple[float, ...]) -> list[float]:
    """Values below which these shares of the weight lie."""
    order = np.argsort(x, kind="stable")
    below = np.cumsum(weights[order]) - weights[order] / 2
    return [float(value) for value in np.interp(shares, below, x[order])]

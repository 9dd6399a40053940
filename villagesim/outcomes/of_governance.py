"""Outcomes of ratings, requests and grids, and how each follows from the raw record."""

import numpy as np

from villagesim.agents.ratings import WEAK
from villagesim.arrays import Floats
from villagesim.outcomes import figures
from villagesim.outcomes.outcome import Outcome
from villagesim.outcomes.record import Record


def stars(record: Record) -> Floats:
    """Stars at the last rating, by village; NaN where nobody rates it."""
    given = record.column("stars").astype(float)
    return np.where((given > 0) & record.is_village, given, np.nan)


def mean_of_rated(values: Floats, record: Record) -> Floats:
    """Mean over rated villages, by month; NaN where there are none."""
    rated = ~np.isnan(stars(record))
    n = rated.sum(axis=1)
    with np.errstate(invalid="ignore"):
        return np.where(n > 0, np.where(rated, values, 0.0).sum(axis=1) / n, np.nan)


GOVERNANCE = (
    Outcome(
        "stars", "Stars", "stars, 1 to 5", "mean at the last rating, over rated villages; quotas fix it, so look at villages",
        0, lambda record: mean_of_rated(record.column("stars"), record), stars,
    ),
    Outcome(
        "share_rated_weak", "Rated weak and lax", "share of rated villages",
        "one star at the last rating; the quota fixes it", 0,
        lambda record: mean_of_rated(record.column("stars") == WEAK, record), smallest=0.01, relative=False,
    ),
    Outcome(
        "weak_turned_round", "Weak organisations turned round", "villages a year",
        "rated weak, and better at the next rating, last twelve months; many are without any help", 0,
        figures.total("turned_round"), figures.village_sum("turned_round"),
    ),
)  # fmt: skip

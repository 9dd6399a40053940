"""Outcomes of ratings, requests and grids, and how each follows from the raw record."""

import numpy as np

from villagesim.agents.ratings import WEAK
from villagesim.arrays import Floats
from villagesim.outcomes import formulas
from villagesim.outcomes.outcome import ZERO_TO_ONE, Outcome
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


def share_requests_handled(record: Record) -> Floats:
    """Requests handled, of all that were handled or given up in the last twelve months; NaN where there were none."""
    handled, given_up = (record.rolling(f"requests_{end}").sum(axis=1) for end in ("heard", "unheard"))
    with np.errstate(invalid="ignore"):
        return np.where(handled + given_up > 0, handled / (handled + given_up), np.nan)


def mean_request_wait(record: Record) -> Floats:
    """Days in the queue of the requests handled in the last twelve months; NaN where none was."""
    handled = record.rolling("requests_heard").sum(axis=1)
    with np.errstate(invalid="ignore"):
        return np.where(handled > 0, record.rolling("request_waited").sum(axis=1) / handled, np.nan)


def share_residents_served(record: Record) -> Floats:
    """Residents whom a service centre serves."""
    residents = record.endowment.residents
    return (record.column("served") * residents).sum(axis=1) / max(float(residents.sum()), 1.0)


GOVERNANCE = (
    Outcome(
        "stars", "Stars", "stars, 1 to 5", "mean at the last rating, over rated villages; quotas fix it, so look at villages",
        0, lambda record: mean_of_rated(record.column("stars"), record), stars,
    ),
    Outcome(
        "share_rated_weak", "Rated weak and lax", "share of rated villages",
        "one star at the last rating; the quota fixes it", 0,
        lambda record: mean_of_rated(record.column("stars") == WEAK, record),
        margin=0.01, relative=False, bounds=ZERO_TO_ONE,
    ),
    Outcome(
        "weak_turned_round", "Weak organisations turned round", "villages a year",
        "rated weak, and better at the next rating, last twelve months; many are without any help", 0,
        formulas.total("turned_round"), formulas.village_sum("turned_round"), margin=1.0, relative=False,
    ),
    Outcome(
        "requests", "Requests", "per 1,000 residents and year", "that residents bring, last twelve months", 0,
        **formulas.per_thousand("requests"), margin=5.0, relative=False,
    ),
    Outcome(
        "share_requests_handled", "Requests handled", "share of requests",
        "of those handled or given up in the last twelve months", +1, share_requests_handled,
        margin=0.01, relative=False, bounds=ZERO_TO_ONE,
    ),
    Outcome(
        "mean_request_wait", "Wait for a service post", "days", "of requests handled in the last twelve months, in the queue",
        -1, mean_request_wait, margin=0.5, relative=False,
    ),
    Outcome(
        "service_utilisation", "Service posts at work", "share of working time",
        "last twelve months; below one half more of them cannot help", 0, formulas.utilisation("service"),
        margin=0.02, relative=False, bounds=ZERO_TO_ONE,
    ),
    Outcome(
        "share_residents_served", "Residents served by a centre", "share of residents",
        "who have a post of a service centre to turn to", 0, share_residents_served,
        margin=0.01, relative=False, bounds=ZERO_TO_ONE,
    ),
)  # fmt: skip

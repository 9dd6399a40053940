"""What runs give for a target, in the unit of the target."""

from collections.abc import Callable

import numpy as np

from villagesim.arrays import Floats
from villagesim.errors import DesignError
from villagesim.evidence.measures import MEASURES
from villagesim.evidence.places import PublishedPlace
from villagesim.evidence.targets import PublishedTarget
from villagesim.parameters import Parameters
from villagesim.run import Run

At = Callable[[str], Floats]
"""Values of the target's outcome at the end of a month, one a run."""


def compared(target: PublishedTarget, place: PublishedPlace, values: At, without: At | None = None) -> Floats:
    """What runs of a place give for a target, by the values of its outcome; NaN where it is not defined.

    Parameters
    ----------
    without : month -> (n_runs,), optional
        Values of the same runs without the programme; needed where the target is a ``gain``.

    Raises
    ------
    DesignError
        Where the target speaks to a parameter, or ``without`` is missing.
    """
    if not target.is_outcome:
        raise DesignError(f"{target.id} speaks to the parameter {target.outcome}.", fix="No run says anything of it.")
    apart = place.parts if place.decree is None and "per village" in target.unit else 1
    now = apart * values(target.at)
    if target.how == "level":
        return now
    if target.how == "gain":
        if without is None or not place.helped:
            raise DesignError(f"{target.id} is a gain: it needs runs without, and how many were helped.")
        n = place.n_villages if "per village" in target.unit else 1
        return (now - apart * without(target.at)) * n / place.helped
    before = apart * values(target.since)
    if target.how == "rise":
        return now - before
    years = years_between(target.since, target.at) if target.how == "growth" else 1.0
    ratio: Floats = np.divide(now, before, out=np.full(np.shape(now), np.nan), where=np.asarray(before) > 0)
    return ratio ** (1 / years) - 1


def years_between(first: str, last: str) -> float:
    """Years from the end of one month to that of another."""
    months = [12 * int(month[:4]) + int(month[5:]) for month in (first, last)]
    return (months[1] - months[0]) / 12


def figure_of(
    target: PublishedTarget, place: PublishedPlace, run: Run, parameters: Parameters, without: Run | None = None
) -> float:
    """What one run of the place gives for a target; NaN where it is not defined.

    Parameters
    ----------
    parameters : Parameters
        Those of the run.
    without : Run, optional
        The same without the programme; needed where the target is a ``gain``.

    Raises
    ------
    DesignError
        Where the target speaks to a parameter, its months lie outside of the run, or ``without`` is missing.
    """

    def values_of(run: Run) -> At:
        return lambda month: np.array([_at(target, month, run, parameters)])

    return float(compared(target, place, values_of(run), None if without is None else values_of(without))[0])


def _at(target: PublishedTarget, month: str, run: Run, parameters: Parameters) -> float:
    """The outcome or measure at the end of a month; the first row of the record is the month before the start."""
    labels = run.record.labels
    if month not in labels:
        raise DesignError(f"{month} is not in the run, {labels[0]} to {labels[-1]}.")
    row = labels.index(month)
    if target.outcome in MEASURES:
        return MEASURES[target.outcome].value(run, row, parameters)
    return float(run.values(target.outcome)[row])

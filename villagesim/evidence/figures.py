"""What a run gives for a target, in the unit of the target."""

from villagesim.arrays import Floats
from villagesim.errors import DesignError
from villagesim.evidence.measures import MEASURES
from villagesim.evidence.places import PublishedPlace
from villagesim.evidence.targets import PublishedTarget
from villagesim.parameters import Parameters
from villagesim.run import Run


def figure_of(
    target: PublishedTarget, place: PublishedPlace, run: Run, parameters: Parameters, without: Run | None = None
) -> float:
    """What a run of the place gives for a target; NaN where it is not defined.

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
    if not target.is_outcome:
        raise DesignError(f"{target.id} speaks to the parameter {target.outcome}.", fix="No run says anything of it.")
    now = _at(target, place, target.at, run, parameters)
    if target.how == "level":
        return now
    if target.how == "gain":
        if without is None or not place.helped:
            raise DesignError(f"{target.id} is a gain: it needs a run without, and how many were helped.")
        per_village = run.definitions[target.outcome].per_village
        n = run.record.n_villages[-1] if per_village else 1.0
        return float((now - _at(target, place, target.at, without, parameters)) * n / place.helped)
    before = _at(target, place, target.since, run, parameters)
    if target.how == "rise":
        return now - before
    if before <= 0:
        return float("nan")
    years = (_row(target.at, run) - _row(target.since, run)) / 12 if target.how == "growth" else 1.0
    return float((now / before) ** (1 / years) - 1)


def _row(month: str, run: Run) -> int:
    """Row of a month in the record; the first is the one before the start."""
    if month not in run.record.labels:
        raise DesignError(f"{month} is not in the run, {run.record.labels[0]} to {run.record.labels[-1]}.")
    return run.record.labels.index(month)


def _at(target: PublishedTarget, place: PublishedPlace, month: str, run: Run, parameters: Parameters) -> float:
    """The outcome or measure at the end of a month; what is told of a village of several parts is that of all of them."""
    row = _row(month, run)
    if target.outcome not in MEASURES:
        values: Floats = run.values(target.outcome)
        return float(values[row])
    measure = MEASURES[target.outcome]
    parts = place.parts if place.decree is None and "per village" in measure.unit else 1
    return parts * measure.value(run, row, parameters)

"""Two forecasts that need no model: nothing changes, and everybody grows as the nation did."""

from villagesim.arrays import Floats
from villagesim.dates import month_key, month_label
from villagesim.evidence.figures import years_between
from villagesim.evidence.places import PublishedPlace
from villagesim.evidence.targets import PublishedTarget
from villagesim.outcomes.of_income import share_at_or_above
from villagesim.outcomes.of_levels import named

NATION = 0.086
"""Growth of the national total of net collective results, 2012 to 2020, nominal [per year]. Source: I1.43 (D)."""
MEANS = ("reported_collective_income", "nominal_collective_income")


def naive(target: PublishedTarget, place: PublishedPlace, incomes: Floats, before: float) -> tuple[float, float]:
    """What a target would be if nothing changed, and if all incomes grew as the nation's total did.

    Parameters
    ----------
    incomes : (n_villages,)
        Reported in the year before the start [yuan].
    before : float
        Its outcome in the month before the start; NaN where it is not defined, and then there was none of it.
    """
    start = _month_before(place)

    def grown(month: str) -> float | None:
        return _level(target, incomes * (1 + NATION) ** years_between(start, month))

    now = grown(target.at)
    if target.how == "level":
        as_before = before if before == before else 0.0
        return (as_before, as_before) if now is None else (float(_level(target, incomes) or 0.0), now)
    then = grown(target.since) if target.since else None
    if target.how == "gain" or now is None or not then:
        return 0.0, 0.0
    if target.how == "rise":
        return 0.0, now - then
    years = years_between(target.since, target.at) if target.how == "growth" else 1.0
    return 0.0, (now / then) ** (1 / years) - 1


def _month_before(place: PublishedPlace) -> str:
    assert place.start is not None
    return month_label(month_key(place.start) - 1)


def _level(target: PublishedTarget, incomes: Floats) -> float | None:
    """What these incomes are, in the target's outcome; None where it is no outcome of income."""
    if target.outcome in MEANS:
        return float(incomes.mean())
    made = getattr(named(target.outcome), "county", None)
    if made is None or made.maker is not share_at_or_above:
        return None
    return float((incomes >= made.arguments[0]).mean())

"""Outcomes that were published somewhere and that only counties made of such places have."""

from collections.abc import Callable

import numpy as np

from villagesim.arrays import Floats
from villagesim.outcomes import OUTCOMES, Outcome, Record
from villagesim.outcomes.of_income import REPORTED, share_at_or_above
from villagesim.outcomes.outcome import FROM_ZERO, UNBOUNDED, ZERO_TO_ONE

YEAR = 12
"""Months."""
WEAK = 1
"""Stars of a weak organisation."""


def nominal_operating_income(record: Record) -> Floats:
    """Operating income in yuan of the year."""
    return OUTCOMES["operating_income"].county(record) * record.column("price_level")


def clean_up_gain(record: Record) -> Floats:
    """What settled contracts, land and buildings bring a village in a year."""
    return record.column("gain").sum(axis=1) / record.n_villages


def assets_bought(record: Record) -> Floats:
    """Paid for assets of own business in twelve months, in those of a year before."""
    return _over_a_year_before(record.rolling("invested").sum(axis=1), record.column("operating_assets").sum(axis=1))


def villages_with_a_petition(record: Record) -> Floats:
    """Villages with at least one petition in twelve months."""
    some = record.by_village(record.rolling("petitions")) > 0
    return (some & record.is_village).sum(axis=1) / record.n_villages


def villages_owing_1m(record: Record) -> Floats:
    """Villages with a debt above 1 M yuan."""
    return (record.by_village(record.column("debt")) > 1e6).sum(axis=1) / record.n_villages


def left_the_class_below_10k(record: Record) -> Floats:
    """Of villages below 10,000 yuan at the start, those by which more report as much or more."""
    above = share_at_or_above(10_000.0, REPORTED)(record)
    return (above - above[0]) / (1 - above[0]) if above[0] < 1 else np.full(len(above), np.nan)


def listed_twice(record: Record) -> Floats:
    """Villages that were weak in two or more of five years, looked at in the same month."""
    weak = (record.column("stars") == WEAK).astype(float)
    times = sum(_shifted(weak, YEAR * back, 0.0) for back in range(5))
    return ((times >= 2) & record.is_village).sum(axis=1) / record.n_villages


def land_sown(record: Record) -> Floats:
    """Land that a village farms in trust, where it has some."""
    sown = record.column("sown")
    return _ratio(sown.sum(axis=1), (sown > 0).sum(axis=1))


def own_farming_a_village(record: Record) -> Floats:
    """Gain of own farming that the collective keeps, a village that sowed the year before."""
    return _over_a_year_before(OUTCOMES["own_farming_result"].county(record), (record.column("sown") > 0).sum(axis=1))


def own_farming_so_far(record: Record) -> Floats:
    """Gain of own farming that the collective has kept since the start, a village that farms."""
    gain = OUTCOMES["own_farming_result"].county(record)
    so_far = np.sum([_shifted(gain, back, 0.0) for back in range(0, len(gain), YEAR)], axis=0)
    return _ratio(so_far, (record.column("sown") > 0).sum(axis=1))


def _ratio(part: Floats, whole: Floats) -> Floats:
    """NaN where there is no whole."""
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), np.nan)


def _shifted(values: Floats, months: int, before: float) -> Floats:
    """Values of so many months before; ``before`` where the run had not begun."""
    first = np.full((min(months, len(values)), *values.shape[1:]), before)
    return np.concatenate([first, values[: len(values) - len(first)]])


def _over_a_year_before(part: Floats, whole: Floats) -> Floats:
    return _ratio(part, _shifted(np.asarray(whole, float), YEAR, 0.0))


def _made(
    function: Callable[[Record], Floats], unit: str, bounds: tuple[float, float], *, per_village: bool = False
) -> Outcome:
    meaning = (function.__doc__ or "").strip().rstrip(".")
    title = function.__name__.replace("_", " ").capitalize()
    return Outcome(
        function.__name__, title, unit, meaning, 0, function, per_village=per_village, bounds=bounds
    )  # fmt: skip


MEASURED: tuple[Outcome, ...] = (
    _made(nominal_operating_income, "yuan of the year per village and year", FROM_ZERO, per_village=True),
    _made(clean_up_gain, "yuan per village and year", FROM_ZERO, per_village=True),
    _made(assets_bought, "of them per year", FROM_ZERO),
    _made(villages_with_a_petition, "share of villages", ZERO_TO_ONE, per_village=True),
    _made(villages_owing_1m, "share of villages", ZERO_TO_ONE, per_village=True),
    _made(left_the_class_below_10k, "share of villages below it", UNBOUNDED),
    _made(listed_twice, "share of villages", ZERO_TO_ONE, per_village=True),
    _made(land_sown, "mu per village", FROM_ZERO),
    _made(own_farming_a_village, "yuan per village and year", UNBOUNDED),
    _made(own_farming_so_far, "yuan per village", UNBOUNDED),
)
"""Outcomes of made counties, beside those of the library."""

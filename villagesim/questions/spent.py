"""What was paid from the county's fund since the start, in sweeps that keep a few months."""

from villagesim.arrays import Floats
from villagesim.dates import month_key, month_label
from villagesim.engine.recorder import N_HISTORY
from villagesim.runs.sweep import Swept
from villagesim.scenario import Scenario

COST = "support_cost"


def months_of_cost(scenario: Scenario, at: str) -> tuple[str, ...]:
    """Months that such a sum needs, the one that is looked at last: cost is kept as a sum over twelve months."""
    year, month = map(int, at.split("-"))
    last = 12 * year + month - 1
    return tuple(month_label(key) for key in range(last, month_key(scenario.timetable.start) - 1, -N_HISTORY))[::-1]


def spent(found: Swept, at: str) -> Floats | None:
    """Sum since the start, ``(n_strategies, n_points, n_replications)`` [yuan]; None where the sweep has no cost."""
    if COST not in found.runs.outcomes:
        return None
    months = [month for month in months_of_cost(found.scenario, at) if month in found.runs.months]
    total: Floats = sum((found.runs.at(COST, month) for month in months[1:]), found.runs.at(COST, months[0]))
    return total

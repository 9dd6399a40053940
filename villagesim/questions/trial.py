"""Controlled trials: a policy for villages chosen by lot, its effect on those it reaches and on those it does not.

The same replications are run without the policy, so both effects are paired differences: *direct*, on the villages that
the lot picked, and *spill-over*, on all others (queues they share, money, disputes). A trial in the world sees neither,
only the difference between the two groups; it stands beside them.
"""

from typing import TYPE_CHECKING

import numpy as np

from villagesim.arrays import Floats, sum_by
from villagesim.checks import whole
from villagesim.dates import month_of_run
from villagesim.errors import DesignError, nearest
from villagesim.outcomes import OUTCOMES, outcome
from villagesim.policies import Policy
from villagesim.run import Run
from villagesim.runs.runner import Progress
from villagesim.scenario import Scenario
from villagesim.simulation import simulate
from villagesim.statistics.intervals import mean_interval

if TYPE_CHECKING:
    import pandas as pd

EFFECTS = ("direct", "spill-over", "as a trial would measure it")


def trial(
    scenario: Scenario,
    strategy: str,
    name: str,
    *,
    label: str | None = None,
    at: str | None = None,
    replications: int = 30,
    seed: int = 1,
    progress: Progress | None = None,
) -> "pd.DataFrame":
    """Measure what a policy with a random target does, directly and by spill-over.

    Parameters
    ----------
    strategy : str
        One that holds a policy with the target rule ``random``.
    name : str
        An outcome that is known by village.
    label : str, optional
        Which policy, where several have a random target.
    at : str, optional
        Month, as 2025-12; by default the last.

    Returns
    -------
    DataFrame
        ``effect`` (direct, spill-over, as a trial would measure it), ``mean`` with its 95% interval ``low, high`` over
        replications, in the outcome's unit; each replication counts once.

    Raises
    ------
    VillagesimError
        Where there is no such policy, outcome or month.
    """
    import pandas as pd

    whole(replications, "replications", least=2, error=DesignError)
    policy = _policy(scenario, strategy, label)
    if outcome(name).village is None:
        known = [other for other, found in OUTCOMES.items() if found.village is not None]
        raise DesignError(f"{name} is not known by village.", fix=nearest(name, known))
    at = month_of_run(at, scenario.timetable.start, scenario.timetable.stop)
    rest = [other for other in scenario.strategy(strategy)[1] if other is not policy]
    endowment, effects = scenario.endow(seed), []
    for replication in range(replications):
        (progress or (lambda done, planned: None))(replication, replications)
        treated = simulate(scenario, strategy, seed, replication, endowment=endowment)
        untreated = simulate(scenario, rest, seed, replication, endowment=endowment)
        effects.append(_effects(treated, untreated, policy.label, name, at))
    rows = []
    for effect, values in zip(EFFECTS, np.array(effects).T, strict=True):
        found = mean_interval(values)
        rows.append({"effect": effect, "mean": found.mean, "low": found.low, "high": found.high})
    return pd.DataFrame(rows)


def _policy(scenario: Scenario, strategy: str, label: str | None) -> Policy:
    policies = scenario.strategy(strategy)[1]
    found = [p for p in policies if p.target.rule == "random" and label in (None, p.label)]
    if len(found) != 1:
        labels = ", ".join(p.label for p in found) or "none"
        raise DesignError(
            f"{strategy!r} has {len(found)} policies with the target rule 'random' to look at ({labels}).",
            fix='Give one the target {rule = "random", n = ...}, or name it by its label where there are several.',
        )
    return found[0]


def _effects(treated: Run, untreated: Run, label: str, name: str, at: str) -> tuple[float, float, float]:
    """Direct effect, spill-over and the difference between the groups, in one replication."""
    record, village = treated.record, outcome(name).village
    assert village is not None
    index = record.labels.index(at)
    with_it, without_it = village(record)[index], village(untreated.record)[index]
    picked = treated.history.picked.get(label, np.zeros(record.is_village.shape[1], bool))
    reached = sum_by(record.village_of[index], picked, len(picked)) > 0
    known = record.is_village[index] & np.isfinite(with_it) & np.isfinite(without_it)
    change = with_it - without_it
    direct, spill_over = _mean(change[known & reached]), _mean(change[known & ~reached])
    return direct, spill_over, _mean(with_it[known & reached]) - _mean(with_it[known & ~reached])


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else float("nan")

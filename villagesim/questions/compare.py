"""Compare strategies: every strategy in the same replications, under common random numbers, on all cores."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from villagesim.checks import whole
from villagesim.errors import DesignError, OutcomeError, RunError
from villagesim.outcomes import outcome
from villagesim.questions.comparison import Comparison, chosen
from villagesim.questions.goals import progress
from villagesim.runs.parts import Chunk, Task
from villagesim.runs.runner import ExecutorFactory, Progress
from villagesim.runs.store import Store
from villagesim.runs.sweep import carry_out, opened, results
from villagesim.scenario import BASELINE, NO_MERGER, Scenario
from villagesim.statistics.selection import Selection, select
from villagesim.statistics.stopping import LOOK_AHEAD, START, Stopping, stopping

if TYPE_CHECKING:
    import pandas as pd

MOST_UNTIL_SETTLED = 500
"""Replications at most, where they are run until an outcome is settled."""

LOSERS = (
    "Constituents of merged villages in groups of the first day: thirds by members, thirds by income per member, hosts and"
    " joined parts. Points: differences of means over the members of a group; lines: 95% simulation error, for all groups and"
    " strategies together. One map, one draw of endowments, central parameters: not a forecast."
)


def compare(
    scenario: Scenario,
    replications: int | None = None,
    seed: int = 1,
    *,
    strategies: Sequence[str] | None = None,
    workers: int | None = None,
    out: str | Path | None = None,
    villages: bool = False,
    until_settled: str | None = None,
    until_best: str | None = None,
    resume: bool = False,
    progress: Progress | None = None,
    executors: ExecutorFactory | None = None,
) -> Comparison:
    """Run every strategy in the same replications and compare it with nothing but the merger.

    Parameters
    ----------
    replications : int
        How often each strategy is run, each time with other luck; at least 1, by default 30. At most so often, by
        default 500, where ``until_settled`` or ``until_best`` is given.
    strategies : sequence of str, optional
        Names; all by default. `no merger` and the baseline always run.
    workers : int, optional
        Processes; by default one a core. 1 runs in this process.
    out : path, optional
        Folder for figures, tables and the manifest; new, empty, or of the same comparison.
    villages : bool
        Keep the rows of all villages too (large); needs ``out``.
    until_settled : str, optional
        An outcome: run until its differences to the baseline at the end are known to within half the smallest difference
        that matters, and stay so for some replications more.
    until_best : str, optional
        An outcome: run until it is known which strategy is best by it, see :func:`race`.
    resume : bool
        Go on with what is in the folder.
    progress : callable, optional
        Called with the number of replications done and planned.
    executors : callable, optional
        Makes the executor for a number of workers, for instance one of Dask or MPI.

    Raises
    ------
    VillagesimError
        Where a strategy is unknown, a number makes no sense, or the folder cannot be used.
    """
    names = chosen(scenario, None if strategies is None else list(strategies))
    if replications is None:
        replications = MOST_UNTIL_SETTLED if until_settled or until_best else 30
    whole(replications, "replications", least=1, error=DesignError)
    whole(seed, "seed", least=0, error=DesignError)
    if villages and out is None:
        raise DesignError("the rows of all villages need a folder to be kept in: give out as well.")
    if until_settled is not None and until_best is not None:
        raise DesignError("until_settled and until_best do not go together.", fix="Leave one out.")
    for name in (until_settled, until_best):
        if name is not None:
            _comparable(scenario, names, name)
    if until_best is not None and outcome(until_best).direction == 0:
        raise OutcomeError(
            f"nothing is best by {until_best}: neither more nor less of it is better.", fix="Choose another."
        )
    scenario.endow(seed)  # totals and table that cannot both be true are refused before anything is written
    task = Task(scenario, names, seed, villages=villages)
    about = {
        "replications": replications,
        "villages": villages,
        "until_settled": until_settled,
        "until_best": until_best,
    }
    with opened(out, task, about, resume=resume) as store:

        def compared(n: int, chunks_a_part: int | None = None) -> Comparison:
            lost = carry_out(
                store, task, [Chunk(0, replication) for replication in range(n)],
                workers=workers, executors=executors, progress=progress, chunks_a_part=chunks_a_part,
            )  # fmt: skip
            county, failures = results(store, task, lost)
            return Comparison(scenario, names, _whole(county, failures), seed, failures)

        if until_settled is None and until_best is None:
            comparison = compared(replications)
        else:
            n = min(START + LOOK_AHEAD, replications)
            comparison = compared(n, chunks_a_part=1)
            while n < replications and (more := _missing(comparison, until_settled, until_best)):
                n = min(n + min(max(more, LOOK_AHEAD), n), replications)  # at most twice as many at a time
                comparison = compared(n, chunks_a_part=1)
        if out is not None:
            _write(store, comparison)
    return comparison


def settled(comparison: Comparison, name: str) -> Stopping:
    """Say whether the differences of an outcome are known well enough, or about how many more replications it takes.

    Strategies for which the outcome is not defined in every replication are left out, see :func:`undefined`.
    """
    rows, values = _judged(comparison, name), comparison.at(name)
    if rows[0] != comparison.strategies.index(BASELINE):
        raise _not_defined(comparison, name)
    return stopping(values[rows[1:]] - values[rows[0]], comparison.smallest(name) / 2)


def race(comparison: Comparison, name: str) -> tuple[tuple[str, ...], Selection]:
    """Strategies for which an outcome is defined, the baseline first, and which of them is best at the end.

    The best is selected with a probability of 95% at least, if it is better than all others by the smallest difference that
    matters; all run on in the same replications, those that have fallen behind too.
    """
    rows = _judged(comparison, name)
    selection = select(comparison.at(name)[rows], comparison.smallest(name), outcome(name).direction)
    return tuple(comparison.strategies[row] for row in rows), selection


def undefined(comparison: Comparison, name: str) -> dict[str, int]:
    """Strategies for which an outcome is not defined at the end, with the number of replications in which it is not."""
    missing = np.isnan(comparison.at(name)).sum(axis=1)
    return {strategy: int(n) for strategy, n in zip(comparison.strategies, missing, strict=True) if n}


def _judged(comparison: Comparison, name: str) -> list[int]:
    """Places of the strategies for which an outcome is defined in every replication, the baseline first."""
    without = undefined(comparison, name)
    others = _comparable(comparison.scenario, comparison.strategies, name)
    rows = [comparison.strategies.index(BASELINE), *others]
    rows = [row for row in rows if comparison.strategies[row] not in without]
    if len(rows) < 2:
        raise _not_defined(comparison, name)
    return rows


def _not_defined(comparison: Comparison, name: str) -> OutcomeError:
    where = ", ".join(f"{strategy} in {n}" for strategy, n in undefined(comparison, name).items())
    return OutcomeError(
        f"{name} at the end cannot be compared: it is not defined for {where} of {comparison.n_replications}"
        " replications.",
        fix="Choose another outcome, or strategies for which it is.",
    )


def _missing(comparison: Comparison, until_settled: str | None, until_best: str | None) -> int:
    """About how many more replications it takes."""
    if until_settled is not None:
        return settled(comparison, until_settled).n_more
    return race(comparison, str(until_best))[1].at_most


def _comparable(scenario: Scenario, names: Sequence[str], name: str) -> list[int]:
    """Places of the strategies whose difference to the baseline means something."""
    per_village = outcome(name).per_village and scenario.merges
    found = [k for k, own in enumerate(names) if own != BASELINE and not (own == NO_MERGER and per_village)]
    if not found:
        raise DesignError(
            f"no strategy can be compared by {name}, so nothing settles.", fix="Name at least one strategy."
        )
    return found


def _whole(county: "pd.DataFrame", failures: "pd.DataFrame") -> "pd.DataFrame":
    """Only the replications in which no run failed, so that pairs stay together."""
    whole = county[~county["replication"].isin(failures["replication"])]
    if whole.empty:
        raise RunError(f"a run failed in every replication; the first: {failures['message'].iloc[0]}")
    return whole.drop(columns="point").reset_index(drop=True)


def _write(store: Store, comparison: Comparison) -> None:
    """Write tables and figures, then the manifest."""
    import pandas as pd
    from matplotlib import pyplot as plt

    from villagesim.outcomes import OUTCOMES
    from villagesim.plots.distribution import draw_losers

    ends = [month for month in comparison.months[1:] if month.endswith("-12")] or [comparison.months[-1]]
    store.write_table("comparison", pd.concat([comparison.tables(at=month) for month in ends], ignore_index=True))
    trajectories = []
    for name in OUTCOMES:
        table = comparison.trajectories(name)
        table.insert(0, "outcome", name)
        trajectories.append(table)
    store.write_table("trajectories", pd.concat(trajectories, ignore_index=True))
    store.write_table("county", comparison.county)
    if comparison.failures is not None and len(comparison.failures):
        store.write_table("failures", comparison.failures)
    if comparison.scenario.goals:
        store.write_table("goals", progress(comparison))
    for name, make in (("losers", comparison.losers), ("money", comparison.money)):
        store.write_table(name, pd.concat([make(month) for month in ends], ignore_index=True))
    caption = f"At the end of {comparison.months[-1]}, {comparison.n_replications} replications. {LOSERS}"
    for name, figure in (("overview", comparison.figure()), ("losers", draw_losers(comparison.losers(), caption))):
        store.write_figure(name, figure)
        plt.close(figure)
    store.write_manifest()

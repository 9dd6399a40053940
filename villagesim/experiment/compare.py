"""Compare strategies: every strategy in the same replications, under common random numbers, on all cores."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from villagesim.errors import ScenarioError, VillagesimError
from villagesim.experiment.parts import Chunk, Task
from villagesim.experiment.runner import ExecutorFactory, Progress
from villagesim.experiment.store import Store
from villagesim.experiment.sweep import carry_out, opened, results, whole_numbers
from villagesim.results.comparison import Comparison, chosen
from villagesim.results.goals import progress
from villagesim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd


def compare(
    scenario: Scenario,
    replications: int = 30,
    seed: int = 1,
    *,
    strategies: Sequence[str] | None = None,
    workers: int | None = None,
    out: str | Path | None = None,
    villages: bool = False,
    resume: bool = False,
    progress: Progress | None = None,
    executors: ExecutorFactory | None = None,
) -> Comparison:
    """Run every strategy in the same replications and compare it with nothing but the merger.

    Parameters
    ----------
    replications : int
        How often each strategy is run, each time with other luck; at least 1.
    strategies : sequence of str, optional
        Names; all by default. `no merger` and the baseline always run.
    workers : int, optional
        Processes; by default one a core. 1 runs in this process.
    out : path, optional
        Folder for figures, tables and the manifest; new, empty, or of the same comparison.
    villages : bool
        Keep the rows of all villages too (large); needs ``out``.
    resume : bool
        Go on with what is in the folder.
    progress : callable, optional
        Called with the number of replications done and planned.
    executors : callable, optional
        Makes the executor for a number of workers, for instance one of Dask or MPI.

    Raises
    ------
    ScenarioError, StoreError
        Where a strategy is unknown, a number makes no sense, or the folder cannot be used.
    """
    names = chosen(scenario, None if strategies is None else list(strategies))
    whole_numbers(replications=(replications, 1), seed=(seed, 0))
    if villages and out is None:
        raise ScenarioError("the rows of all villages need a folder to be kept in: give out as well.")
    scenario.endow(seed)  # totals and table that cannot both be true are refused before anything is written
    task = Task(scenario, names, seed, villages=villages)
    about = {"replications": replications, "villages": villages}
    with opened(out, task, about, resume=resume) as store:
        planned = [Chunk(0, replication) for replication in range(replications)]
        lost = carry_out(store, task, planned, workers=workers, executors=executors, progress=progress)
        county, failures = results(store, task, lost)
        comparison = Comparison(scenario, names, _whole(county, failures), seed, failures)
        if out is not None:
            _write(store, comparison)
    return comparison


def _whole(county: "pd.DataFrame", failures: "pd.DataFrame") -> "pd.DataFrame":
    """Only the replications in which no run failed, so that pairs stay together."""
    whole = county[~county["replication"].isin(failures["replication"])]
    if whole.empty:
        raise VillagesimError(f"a run failed in every replication; the first: {failures['message'].iloc[0]}")
    return whole.drop(columns="point").reset_index(drop=True)


def _write(store: Store, comparison: Comparison) -> None:
    """Write tables and figures, then the manifest."""
    import pandas as pd
    from matplotlib import pyplot as plt

    from villagesim.outcomes import OUTCOMES

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
    figure = comparison.figure()
    store.write_figure("overview", figure)
    plt.close(figure)
    store.write_manifest()

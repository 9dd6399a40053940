"""Many runs on all cores: a chunk is all strategies of one replication, so pairs stay together.

Which worker does what, and in which order, never shows in the results.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from villagesim.errors import VillagesimError
from villagesim.experiment.store import write_parquet
from villagesim.outcomes import OUTCOMES
from villagesim.places.endowments import Endowment
from villagesim.run import Run
from villagesim.scenario import NO_MERGER, Scenario
from villagesim.simulation import simulate

if TYPE_CHECKING:
    import pandas as pd

MOST_PARTS = 64
ExecutorFactory = Callable[[int], Executor]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Job:
    """All that a worker needs to make one part.

    Attributes
    ----------
    strategies : tuple of str
    seed : int
    replications : tuple of int
    county, villages : Path
        Where the part goes; no villages where None.
    """

    scenario: Scenario
    strategies: tuple[str, ...]
    seed: int
    replications: tuple[int, ...]
    county: Path
    villages: Path | None = None


def batches(n_replications: int) -> Iterator[tuple[int, ...]]:
    """Replications of each part; they depend on nothing but their number."""
    size = -(-n_replications // MOST_PARTS)
    for first in range(0, n_replications, size):
        yield tuple(range(first, min(first + size, n_replications)))


def run_jobs(jobs: Sequence[Job], workers: int, progress: Progress, executors: ExecutorFactory | None = None) -> None:
    """Do all jobs, in this process where there is one worker, else on an executor.

    Parameters
    ----------
    progress : callable
        Called with the number of replications done and planned.
    executors : callable, optional
        Makes an executor of ``workers`` workers; by default fresh processes.

    Raises
    ------
    VillagesimError
        Where a worker died.
    """
    planned = sum(len(job.replications) for job in jobs)
    done = 0
    progress(done, planned)
    if workers == 1:
        for job in jobs:
            make_part(job)
            progress(done := done + len(job.replications), planned)
        return
    with (executors or processes)(workers) as executor:
        futures = {executor.submit(make_part, job): job for job in jobs}
        try:
            for future in as_completed(futures):
                future.result()
                progress(done := done + len(futures[future].replications), planned)
        except BrokenProcessPool:
            raise VillagesimError(
                'a worker process died.\n  In a script, put what it does under `if __name__ == "__main__":`, so that workers'
                " do not run it again. If memory is short, use fewer workers (--workers 1)."
            ) from None
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            raise


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def processes(workers: int) -> Executor:
    """Fresh processes with one thread each for linear algebra."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_leave_with_parent)


def _leave_with_parent() -> None:
    """End this worker when its parent is killed, so that none is left behind."""
    parent = parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    Thread(target=watch, daemon=True).start()


def make_part(job: Job) -> None:
    """Run all strategies of some replications and write what came out."""
    import pandas as pd

    endowment = job.scenario.endow(job.seed)
    county, villages = [], []
    for replication in job.replications:
        for table, own in _chunk(job, replication, endowment):
            county.append(table)
            if own is not None:
                villages.append(own)
    write_parquet(job.county, pd.concat(county, ignore_index=True))
    if job.villages is not None:
        write_parquet(job.villages, pd.concat(villages, ignore_index=True))


def _chunk(job: Job, replication: int, endowment: Endowment) -> Iterator[tuple["pd.DataFrame", "pd.DataFrame | None"]]:
    """All strategies of one replication; the mechanical share of its world without merger is joined to each."""
    mechanical = None
    for strategy in (NO_MERGER, *(name for name in job.strategies if name != NO_MERGER)):
        run = simulate(job.scenario, strategy, job.seed, replication, endowment=endowment)
        table = _county(run)
        mechanical = table["mechanical_share_above_500k"].to_numpy() if mechanical is None else mechanical
        table["mechanical_share_above_500k"] = mechanical
        own = None
        if job.villages is not None:
            own = run.villages
            own.insert(0, "replication", replication)
            own.insert(0, "strategy", strategy)
        yield table, own


def _county(run: Run) -> "pd.DataFrame":
    """Outcomes of the county, the state at the start first."""
    import pandas as pd

    keys = {"strategy": run.strategy, "replication": run.replication, "month": run.record.labels}
    return pd.DataFrame(keys | {name: run.outcomes[name] for name in OUTCOMES})

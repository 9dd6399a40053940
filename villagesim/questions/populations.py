"""Approximate Bayesian computation: populations of runs, each nearer to what was published, kept so that they can go on.

Source: Toni et al. 2009, Journal of the Royal Society Interface 6, 187-202, through pyABC.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from villagesim.arrays import Floats
from villagesim.errors import RunError
from villagesim.questions.question import Runs
from villagesim.runs.runner import cores

NEEDS = "calibration needs the extra [calibration]: pip install 'villagesim[calibration]'."
HISTORY = "history.db"


@dataclass(frozen=True, eq=False)
class Posterior:
    """The last population.

    Attributes
    ----------
    places : (n, n_factors) array
    weights : (n,) array
        Add to 1.
    figures : (n, n_figures) array
        What the runs gave for what was published.
    n_runs : int
        That it took.
    """

    places: Floats
    weights: Floats
    figures: Floats
    n_runs: int


def posterior(
    model: Callable[[Mapping[str, float]], Mapping[str, float]],
    bounds: Mapping[str, tuple[float, float]],
    distance: Callable[..., float],
    published: Mapping[str, float],
    runs: Runs,
    *,
    particles: int,
    populations: int,
    most_runs: int,
) -> Posterior:
    """Run population after population, each nearer to what was published.

    Parameters
    ----------
    model : callable
        From a place of the prior to figures, by the keys of ``published``.
    bounds : dict of path to (low, high)
        Of the uniform priors.
    distance : callable
        From two sets of figures, the second being what was published.
    particles : int
        Accepted runs of each population.
    populations : int
    most_runs : int
        No population is begun after so many runs.
    """
    pyabc = library()
    prior = pyabc.Distribution({path: pyabc.RV("uniform", low, high - low) for path, (low, high) in bounds.items()})
    file = None if runs.folder is None else runs.folder / HISTORY
    if file is not None and file.exists() and not runs.resume:
        file.unlink()
    address = "sqlite://" if file is None else f"sqlite:///{file.resolve()}"
    with seeded(runs.seed), sampler_of(pyabc, runs) as sampler:
        smc = pyabc.ABCSMC(model, prior, distance, population_size=particles, sampler=sampler)
        begun = file is not None and file.exists() and _begun(file)
        history = smc.load(address) if begun else smc.new(address, dict(published))
        tell = runs.progress or (lambda done, planned: None)
        tell(history.n_populations, populations)
        while history.n_populations < populations and history.total_nr_simulations < most_runs:
            history = smc.run(max_nr_populations=1)
            tell(history.n_populations, populations)
    found = history.get_population().particles
    places = np.array([[particle.parameter[path] for path in bounds] for particle in found], float)
    figures = np.array([[particle.sum_stat[key] for key in published] for particle in found], float)
    weights = np.array([particle.weight for particle in found], float)
    return Posterior(places, weights / weights.sum(), figures, int(history.total_nr_simulations))


@contextmanager
def sampler_of(pyabc: Any, runs: Runs) -> Iterator[Any]:
    """Who runs the model: the executor that was asked for, this process, or processes of this machine."""
    workers = cores() if runs.workers is None else runs.workers
    if runs.executors is None:
        yield pyabc.SingleCoreSampler() if workers == 1 else pyabc.MulticoreEvalParallelSampler(workers)
        return
    executor = runs.executors(workers)
    try:
        yield pyabc.ConcurrentFutureSampler(executor, client_max_jobs=2 * workers)
    except Exception as problem:
        if not isinstance(problem, CancelledError | BrokenExecutor) and type(problem).__name__ != "KilledWorker":
            raise
        raise RunError(
            "the cluster has given up its work: its scheduler or its workers may be gone.",
            fix="--resume goes on after the last population that is whole.",
        ) from None
    finally:
        executor.shutdown(wait=False)


def library() -> Any:
    """Import the library of the algorithm; refused with what to install where it is not there."""
    try:
        import pyabc
    except ImportError:
        raise RunError(NEEDS) from None
    import logging

    logging.getLogger("ABC").setLevel(logging.WARNING)
    return pyabc


def _begun(file: Path) -> bool:
    """Whether a history holds a whole population."""
    with sqlite3.connect(file) as database:
        return bool(database.execute("select count(*) from populations where t >= 0").fetchone()[0])


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Give numpy's common generator, from which the algorithm draws, a seed, and put it back as it was."""
    state = np.random.get_state()  # noqa: NPY002
    np.random.seed(seed)  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(state)  # noqa: NPY002

"""Approximate Bayesian computation with the published error as likelihood, kept so that it can go on.

A run is accepted with the probability that the published figure, with its error, came from what the run gives. Population
after population the errors are taken for smaller, down to what was published; a run that fails is infinitely far off.
What is likelier than the density that is always accepted counts for more instead. That density is known, as that of errors is:
the one that few runs exceed where the figures can be reached, and the best that there was where they cannot.

Source: Wilkinson 2013, Statistical Applications in Genetics and Molecular Biology 12, 129-141; temperatures by Schaelte and
Hasenauer 2020, Bioinformatics 36, i551-i559, through pyABC.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import gammaincinv

from villagesim.arrays import Floats
from villagesim.errors import RunError
from villagesim.extras import way_to
from villagesim.questions.question import Runs
from villagesim.runs.runner import cores
from villagesim.text import plain

HISTORY = "history.db"
NEARER, HALF = 0.1, 0.5
"""Shares of a population that is nearer than what is always accepted, and than the middle, where figures can be reached."""


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
    temperature : float
        1 where the published errors were reached; else the errors count as if they were larger by its root.
    """

    places: Floats
    weights: Floats
    figures: Floats
    n_runs: int
    temperature: float = 1.0


def posterior(
    model: Callable[[Mapping[str, float]], Mapping[str, float]],
    bounds: Mapping[str, tuple[float, float]],
    published: Mapping[str, tuple[float, float]],
    runs: Runs,
    *,
    particles: int,
    populations: int,
    most_runs: int,
) -> Posterior:
    """Run population after population, until the published errors are reached.

    Parameters
    ----------
    model : callable
        From a place of the prior to figures, by the keys of ``published``; infinite ones where there are none.
    bounds : dict of path to (low, high)
        Of the uniform priors.
    published : dict of key to (value, error)
        The error is a standard deviation.
    particles : int
        Accepted runs of each population.
    populations : int
        The last one at most, in which the errors are those published.
    most_runs : int
        No population is begun after so many runs, and one that takes more is given up.
    """
    pyabc = library()
    prior = pyabc.Distribution({path: pyabc.RV("uniform", low, high - low) for path, (low, high) in bounds.items()})
    file = None if runs.folder is None else runs.folder / HISTORY
    if file is not None and file.exists() and not runs.resume:
        file.unlink()
    address = "sqlite://" if file is None else f"sqlite:///{file.resolve()}"
    begun = file is not None and file.exists() and _begun(file)
    kernel = pyabc.IndependentNormalKernel([error**2 for _, error in published.values()], keys=list(published))
    size, temperature = _size(pyabc, particles, populations, runs), pyabc.Temperature()
    with sampler_of(pyabc, runs) as sampler, refused_in_words():
        smc = pyabc.ABCSMC(
            model, prior, kernel, population_size=size, eps=temperature, sampler=sampler,
            acceptor=pyabc.StochasticAcceptor(pdf_norm_method=partial(always_accepted, figures=len(published))),
        )  # fmt: skip
        history = (
            smc.load(address) if begun else smc.new(address, {key: value for key, (value, _) in published.items()})
        )
        if begun:
            temperature.temperatures[history.max_t] = _temperature(history)
            smc.acceptor.pdf_norm_method = partial(always_accepted, figures=len(published), last=_temperature(history))
        with seeded(runs.seed, history.n_populations), np.errstate(over="ignore"):  # certain is certain
            if not begun or (_temperature(history) > 1 and history.total_nr_simulations < most_runs):
                smc.run(
                    max_nr_populations=populations, max_total_nr_simulations=most_runs,
                    min_acceptance_rate=min(particles / most_runs, 1.0),
                )  # fmt: skip
    if not history.n_populations:
        raise RunError(
            f"fewer than {particles} of {most_runs} runs were accepted.", fix="Give more most_runs, or fewer particles."
        )
    return _last_population(history, bounds, published)


def _last_population(history: Any, bounds: Mapping[str, Any], published: Mapping[str, Any]) -> Posterior:
    found = history.get_population().particles
    places = np.array([[particle.parameter[path] for path in bounds] for particle in found], float)
    figures = np.array([[particle.sum_stat[key] for key in published] for particle in found], float)
    weights = np.array([particle.weight for particle in found], float)
    return Posterior(places, weights / weights.sum(), figures, int(history.total_nr_simulations), _temperature(history))


def always_accepted(
    kernel_val: float,
    get_weighted_distances: Callable[[], Any],
    *,
    figures: int,
    prev_temp: float | None = None,
    last: float | None = None,
    **_: Any,
) -> float:
    """Logarithm of the density from which on a run is accepted for certain.

    Below the largest there is, half a sum of squares of as many errors as there are figures has the gamma distribution, times
    the temperature.

    Parameters
    ----------
    kernel_val : float
        Logarithm of the largest density, that of a run which gives the published figures.
    get_weighted_distances : callable
        Logarithms of the densities of the last population, as ``distance``.
    figures : int
    prev_temp, last : float, optional
        Temperature of the last population; of the one with which it goes on.
    """
    temperature = prev_temp or last
    if temperature is not None:
        best = float(get_weighted_distances()["distance"].max())
        if kernel_val - best > temperature * gammaincinv(figures / 2, HALF):
            return best
    return kernel_val - float(gammaincinv(figures / 2, NEARER))


def _temperature(history: Any) -> float:
    """Of the last population; the square of how many times larger than published the errors count."""
    return float(history.get_all_populations()["epsilon"].iloc[-1])


def _size(pyabc: Any, particles: int, populations: int, runs: Runs) -> Any:
    """Size of all populations, which tells the progress when it is asked for the next one."""

    class Announced(pyabc.ConstantPopulationSize):  # type: ignore[misc]
        def __call__(self, t: int | None = None) -> int:
            if runs.progress and t is not None:
                runs.progress(max(t, 0), populations)
            return particles

    return Announced(particles)


@contextmanager
def sampler_of(pyabc: Any, runs: Runs) -> Iterator[Any]:
    """Who runs the model: the executor that was asked for, this process, or processes of this machine."""
    workers = cores() if runs.workers is None else runs.workers
    if runs.executors is None:
        yield (
            pyabc.SingleCoreSampler(check_max_eval=True)
            if workers == 1
            else pyabc.MulticoreEvalParallelSampler(workers, check_max_eval=True)
        )
        return
    executor = runs.executors(workers)
    try:
        yield _bounded(pyabc)(cfuture_executor=executor, client_max_jobs=2 * workers)
    except Exception as problem:
        if not isinstance(problem, CancelledError | BrokenExecutor) and type(problem).__name__ != "KilledWorker":
            raise
        raise RunError(
            "the cluster has given up its work: its scheduler or its workers may be gone.",
            fix="--resume goes on after the last population that is whole.",
        ) from None
    finally:
        executor.shutdown(wait=False)


def _bounded(pyabc: Any) -> Any:
    """Sampler by an executor, which gives a population up after ``max_eval`` runs, as the other samplers do."""

    class Bounded(pyabc.ConcurrentFutureSampler):  # type: ignore[misc]
        def sample_until_n_accepted(
            self, n: int, simulate_one: Any, t: int, *, max_eval: float = np.inf, **how: Any
        ) -> Any:
            executor, self.nr_evaluations_ = self.client, 0
            self.client: Any = _Counted(executor, max_eval)
            try:
                return super().sample_until_n_accepted(n, simulate_one, t, **how)
            except _GivenUpError:
                sample = self._create_empty_sample()
                sample.ok = False
                return sample
            finally:
                self.client = executor

    return Bounded


class _GivenUpError(Exception):
    """A population takes more runs than it may."""


@dataclass
class _Counted:
    """An executor that takes so many runs."""

    executor: Any
    left: float

    def submit(self, *what: Any) -> Any:
        if self.left <= 0:
            raise _GivenUpError
        self.left -= 1
        return self.executor.submit(*what)


@contextmanager
def refused_in_words() -> Iterator[None]:
    """Say what the algorithm cannot do with few or one-sided populations, of which it only says that a number is wrong."""
    try:
        yield
    except (ValueError, ArithmeticError, np.linalg.LinAlgError) as problem:
        raise RunError(
            f"the populations cannot be gone on with: {plain(str(problem).strip())}",
            fix="Give more particles and more populations, narrower priors, or fewer factors.",
        ) from problem


def library() -> Any:
    """Import the library of the algorithm; refused with what to install where it is not there."""
    try:
        import pyabc
    except ImportError:
        raise RunError(
            "calibration needs the extra [calibration].", fix=f"Install it: {way_to('calibration')}"
        ) from None
    import logging

    logging.getLogger("ABC").setLevel(logging.WARNING)
    return pyabc


def _begun(file: Path) -> bool:
    """Whether a history holds a whole population."""
    with sqlite3.connect(file) as database:
        return bool(database.execute("select count(*) from populations where t >= 0").fetchone()[0])


@contextmanager
def seeded(seed: int, done: int) -> Iterator[None]:
    """Give numpy's common generator, from which the algorithm draws, a seed, and put it back as it was.

    What goes on after some populations draws other numbers than those that made them.
    """
    state = np.random.get_state()  # noqa: NPY002
    np.random.seed([seed % 2**32, seed // 2**32 % 2**32, done])  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(state)  # noqa: NPY002

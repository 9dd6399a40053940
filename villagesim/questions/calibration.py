"""What published figures say about parameters: prior beside posterior, by approximate Bayesian computation.

A few published shares cannot tell dozens of parameters apart. What did not move is called not informed, and keeps its
prior range. The posterior holds for this model: it says nothing about whether the model is right.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from concurrent.futures import BrokenExecutor, CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from math import inf, isfinite, nan
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from villagesim.arrays import Floats
from villagesim.checks import number, whole
from villagesim.design import Factor, applied, in_words, latin_hypercube, uncertain
from villagesim.design.factor import WHOLE
from villagesim.design.factors import is_whole
from villagesim.errors import DesignError, OutcomeError, RunError
from villagesim.files.tables import checked
from villagesim.outcomes import outcome
from villagesim.outcomes.criterion import check_level
from villagesim.plots.posterior import draw_posterior
from villagesim.questions.files import read_factor
from villagesim.questions.question import Answer, Question, Runs, check_names, last_month, values
from villagesim.runs.runner import cores
from villagesim.runs.sweep import Sweep
from villagesim.scenario import BASELINE, Scenario
from villagesim.simulation import simulate
from villagesim.statistics.posterior import NOT_INFORMED, posterior_table, weighted_quantiles
from villagesim.wording import estimate, percent

if TYPE_CHECKING:
    import pandas as pd

NEEDS = "calibration needs the extra [calibration]: pip install 'villagesim[calibration]'."
HISTORY = "history.db"
LUCK = Factor("replication", 0, 999_999)


@dataclass(frozen=True)
class PublishedFigure:
    """A published figure.

    Attributes
    ----------
    outcome : str
    value : float
        As published, in the outcome's unit.
    error : float
        Its standard error, or half its last digit; above 0.
    source : str
        Where it was published.
    at : str, optional
        Month whose last midnight it tells of, as 2025-12; the last of the run by default.
    """

    outcome: str
    value: float
    error: float
    source: str
    at: str | None = None

    def __post_init__(self) -> None:
        check_level(self.outcome, self.value)
        number(self.error, "error", above=0, fix=f"Half the last digit of {self.value} at least.", error=DesignError)
        if not self.source.strip():
            raise DesignError("source is empty.", fix="Say where the figure was published.")


def read_figure(scenario: Scenario, table: Any) -> PublishedFigure:
    """Figure of a ``[[target]]``."""
    target: PublishedFigure = checked(PublishedFigure, table)
    return target


@dataclass(frozen=True, kw_only=True)
class Calibration(Question):
    """Which values of parameters go with published figures.

    Attributes
    ----------
    targets : tuple of PublishedFigure
    strategy : str
        What was really done.
    factors : tuple of Factor
        Ranges of numbers with uniform priors; all assumptions where none are given.
    particles : int
        Accepted runs of each population.
    populations : int
        Each nearer to the targets than the one before.
    most_runs : int
        No population is begun after so many runs.
    """

    name: ClassVar[str] = "calibrate"
    lists: ClassVar[Mapping[str, Any]] = {"factor": ("factors", read_factor), "target": ("targets", read_figure)}
    targets: tuple[PublishedFigure, ...]
    strategy: str = BASELINE
    factors: tuple[Factor, ...] = ()
    particles: int = 100
    populations: int = 5
    most_runs: int = 5_000

    def __post_init__(self) -> None:
        whole(self.particles, "particles", least=20, error=DesignError)
        whole(self.populations, "populations", least=1, error=DesignError)
        whole(self.most_runs, "most_runs", least=1, error=DesignError)
        if not self.targets:
            raise DesignError("there is no [[target]].", fix="Add at least one published figure with its source.")
        for factor in self.factors:
            if not isinstance(factor.low, int | float) or not isinstance(factor.high, int | float):
                raise DesignError("a prior needs low and high as numbers.", at=[f"factor {factor.path}"])
            if factor.path in WHOLE:
                raise DesignError(
                    "luck is no parameter, and is new in every run.", fix="Leave it out.", at=[f"factor {factor.path}"]
                )

    def answer(self, runs: Runs) -> Answer:
        """Run the prior, then population after population towards the targets."""
        import pandas as pd

        pyabc = _pyabc()
        check_names(runs.scenario, [self.strategy], list(dict.fromkeys(target.outcome for target in self.targets)))
        at = [last_month(runs.scenario, target.at) for target in self.targets]
        factors = self.factors or tuple(f for f in uncertain(runs.scenario) if f.path != "merger.decree")
        prior = runs.sweep(
            "prior", latin_hypercube((*factors, LUCK), self.particles, runs.seed), strategies=[self.strategy],
            outcomes=tuple(dict.fromkeys(target.outcome for target in self.targets)), at=sorted(set(at)),
        )  # fmt: skip
        for target, month in zip(self.targets, at, strict=True):
            known = int(np.isfinite(values(prior, target.outcome, month)).sum())
            if 2 * known <= self.particles:
                raise OutcomeError(
                    f"{target.outcome} of {self.strategy!r} is not defined at the end of {month} in"
                    f" {self.particles - known} of {self.particles} runs, of which {len(prior.failures)} failed.",
                    fix="Choose another outcome, strategy or month, or narrower ranges.",
                )
        whole = frozenset(factor.path for factor in factors if is_whole(runs.scenario, factor.path))
        model = _Model(runs.scenario, self.strategy, runs.seed, tuple(zip(self.targets, at, strict=True)), whole)
        bounds = {factor.path: _bounds(factor, factor.path in whole) for factor in factors}
        distance = partial(_distance, {str(k): target for k, target in enumerate(self.targets)})
        with _seeded(runs.seed):
            sample, weights, stats, n_runs = _posterior(pyabc, model, bounds, distance, self, runs)
        main = posterior_table(bounds, sample, weights, runs.seed)
        fit = self._fit(prior, at, stats, weights)
        caption = (
            f"Strategy {self.strategy!r}; {self.particles} particles, {n_runs:,} runs, after those of the prior. Left: prior and"
            " posterior, 5 to 95% with the median, within the prior's range. Right: the published figures, in their own"
            " errors, before and after. What is not surely narrower than nine tenths of its prior is not informed."
        )
        draw = partial(draw_posterior, main, fit, {path: in_words(path) for path in bounds}, caption)
        summary = pd.DataFrame({"runs": [n_runs], "particles": [self.particles], "effective": [1 / (weights**2).sum()]})
        return Answer(self._headline(main, fit), {"calibrate": main, "fit": fit, "effort": summary}, draw)

    def _fit(self, prior: Sweep, at: list[str], stats: Floats, weights: Floats) -> "pd.DataFrame":
        """Published figures beside what the prior and the posterior give."""
        import pandas as pd

        rows = []
        for k, (target, month) in enumerate(zip(self.targets, at, strict=True)):
            before = values(prior, target.outcome, month)[0, :, 0]
            before = before[np.isfinite(before)]
            row: dict[str, Any] = {
                "target": f"{outcome(target.outcome).title}, {month}", "unit": outcome(target.outcome).unit,
                "published": target.value, "error": target.error, "source": target.source,
            }  # fmt: skip
            for name, x, w in (
                ("prior", before, np.full(len(before), 1 / len(before))),
                ("posterior", stats[:, k], weights),
            ):
                low, middle, high = weighted_quantiles(x, w, (0.05, 0.5, 0.95))
                row |= {name: middle, f"{name}_low": low, f"{name}_high": high}
            rows.append(row)
        return pd.DataFrame(rows)

    def _headline(self, main: "pd.DataFrame", fit: "pd.DataFrame") -> str:
        moved = main[main["verdict"] != NOT_INFORMED]
        said = [
            f"{in_words(row['factor'])} {estimate(row, 'posterior', 'posterior_low', 'posterior_high')},"
            f" {percent(row['width'])} as wide as its prior)"
            for row in moved.to_dict("records")
        ]
        reached = ((fit["published"] >= fit["posterior_low"]) & (fit["published"] <= fit["posterior_high"])).sum()
        return (
            f"{len(moved)} of {len(main)} parameters are informed{': ' + ', '.join(said) if said else ''}."
            f" {len(main) - len(moved)} are not informed. {reached} of {len(fit)} published figures lie within what the"
            " posterior gives (5 to 95%)."
        )


@dataclass(frozen=True, eq=False)
class _Model:
    """One run at a place of the prior, with new luck each time: the figures that correspond to the targets.

    A run that fails has none, and is infinitely far from the targets.
    """

    scenario: Scenario
    strategy: str
    seed: int
    targets: tuple[tuple[PublishedFigure, str], ...]
    whole: frozenset[str] = frozenset()

    def __call__(self, place: Mapping[str, float]) -> dict[str, float]:
        replication = int(np.random.randint(1, 2**31 - 1))  # noqa: NPY002 - the luck of the library that calls
        values = {path: round(value) if path in self.whole else value for path, value in place.items()}
        try:
            run = simulate(applied(self.scenario, values), self.strategy, self.seed, replication)
        except Exception:
            return {str(k): nan for k in range(len(self.targets))}
        county = run.county.set_index("month")
        return {str(k): float(county.loc[month, target.outcome]) for k, (target, month) in enumerate(self.targets)}


def _bounds(factor: Factor, whole: bool) -> tuple[float, float]:
    """Ends of a prior; a whole number has the half on either side of it, so that all are equally likely."""
    assert isinstance(factor.low, int | float)
    assert isinstance(factor.high, int | float)
    half = 0.5 if whole else 0.0
    return factor.low - half, factor.high + half


def _distance(targets: Mapping[str, PublishedFigure], x: Mapping[str, float], x_0: Mapping[str, float]) -> float:
    """Root of the mean squared difference to the published figures, in their errors."""
    squares = [((float(x[k]) - target.value) / target.error) ** 2 for k, target in targets.items()]
    return float(np.sqrt(np.mean(squares))) if all(map(isfinite, squares)) else inf


def _posterior(
    pyabc: Any, model: Any, bounds: Mapping[str, tuple[float, float]], distance: Any, question: Calibration, runs: Runs
) -> tuple[Floats, Floats, Floats, int]:
    """Last population: places (n, n_factors), weights (n,), figures (n, n_targets); and how many runs it took."""
    prior = pyabc.Distribution({path: pyabc.RV("uniform", low, high - low) for path, (low, high) in bounds.items()})
    file = None if runs.folder is None else runs.folder / HISTORY
    if file is not None and file.exists() and not runs.resume:
        file.unlink()
    address = "sqlite://" if file is None else f"sqlite:///{file.resolve()}"
    with _sampler(pyabc, runs) as sampler:
        smc = pyabc.ABCSMC(model, prior, distance, population_size=question.particles, sampler=sampler)
        if file is not None and file.exists() and _begun(file):
            history = smc.load(address)
        else:
            history = smc.new(address, {str(k): target.value for k, target in enumerate(question.targets)})
        tell = runs.progress or (lambda done, planned: None)
        tell(history.n_populations, question.populations)
        while history.n_populations < question.populations and history.total_nr_simulations < question.most_runs:
            history = smc.run(max_nr_populations=1)
            tell(history.n_populations, question.populations)
    found = history.get_population().particles
    places = np.array([[particle.parameter[path] for path in bounds] for particle in found], float)
    figures = np.array([[particle.sum_stat[str(k)] for k in range(len(question.targets))] for particle in found], float)
    weights = np.array([particle.weight for particle in found], float)
    return places, weights / weights.sum(), figures, int(history.total_nr_simulations)


@contextmanager
def _sampler(pyabc: Any, runs: Runs) -> Iterator[Any]:
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


def _pyabc() -> Any:
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
def _seeded(seed: int) -> Iterator[None]:
    """Give numpy's common generator, from which the algorithm draws, a seed, and put it back as it was."""
    state = np.random.get_state()  # noqa: NPY002
    np.random.seed(seed)  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(state)  # noqa: NPY002

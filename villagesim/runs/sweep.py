"""Run every point of a design: the same strategies and replications at each, results joined to inputs by point."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from villagesim.checks import names, whole
from villagesim.dates import month_of_run
from villagesim.design import Design
from villagesim.design.factors import check_reach
from villagesim.errors import DesignError, RunError, StoreError
from villagesim.runs.parts import Chunk, Part, Task, failed
from villagesim.runs.runner import ExecutorFactory, Progress, cores, run_parts
from villagesim.runs.store import Store, code_hash
from villagesim.runs.table import FAILED, RunTable
from villagesim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Swept:
    """Results of all points of a design.

    Attributes
    ----------
    scenario : Scenario
    design : Design
        As it was run: dates as dates, targets in words.
    runs : RunTable
    seed : int
    """

    scenario: Scenario
    design: Design
    runs: RunTable
    seed: int

    @property
    def strategies(self) -> tuple[str, ...]:
        """Strategies in the order of the scenario."""
        return self.runs.strategies

    @property
    def failures(self) -> "pd.DataFrame":
        """Runs that failed: ``point, replication, strategy, message``."""
        assert self.runs.failures is not None
        return self.runs.failures

    def joined(self) -> "pd.DataFrame":
        """Results with the inputs of their point beside them."""
        return joined(self.runs.frame, self.design.points)


def joined(frame: "pd.DataFrame", points: "pd.DataFrame") -> "pd.DataFrame":
    """Rows of runs with the inputs of their point beside them."""
    inputs = points.drop(columns=["replication", "draw"], errors="ignore")
    table = frame.merge(inputs, left_on="point", right_index=True, how="left")
    return table[["point", *inputs.columns, *frame.columns.drop("point")]]


@dataclass(frozen=True, eq=False)
class Plan:
    """What a design comes to: which runs to make, and what tells them from others.

    Attributes
    ----------
    design : Design
    task : Task
    chunks : Chunks
    """

    design: Design
    task: Task
    chunks: "Chunks"

    @classmethod
    def of(
        cls,
        scenario: Scenario,
        design: Design,
        seed: int = 1,
        *,
        strategies: Sequence[str] | None = None,
        replications: int = 1,
        independent_points: bool = False,
        outcomes: Sequence[str] | None = None,
        at: Sequence[str] | str | None = None,
    ) -> "Plan":
        """Plan every point of a design.

        Parameters
        ----------
        strategies : sequence of str, optional
            Names; all by default.
        replications : int
            How often each strategy is run at each point; the same luck at every point, so that points are paired.
        independent_points : bool
            Each point has luck of its own, the same for all strategies: the k-th point has the replications that follow
            those of the point before. Needed wherever a mean, a share or a spread over the points is taken, as luck that
            all points share does not average out, however many there are. A factor ``replication`` goes before it.
        outcomes : sequence of str, optional
            Names; all by default.
        at : month or sequence of months, optional
            Months to keep, as 2025-12; the last of the run by default.

        Raises
        ------
        ScenarioError
            Where a name is unknown, or a point cannot be run.
        """
        whole(replications, "replications", least=1, error=DesignError)
        whole(seed, "seed", least=0, error=DesignError)
        if "replication" in design.paths and replications != 1:
            raise DesignError(
                f"replications = {replications}, but replication is a factor: each point has its own.",
                fix="Leave one out.",
            )
        design = design.resolved(scenario)
        task = Task(
            scenario, _strategies(scenario, strategies), seed, _outcomes(scenario, outcomes), _months(scenario, at)
        )
        check_reach(scenario, design.paths, task.strategies)
        return cls(design, task, Chunks(design, replications, independent_points))

    @property
    def about(self) -> dict[str, Any]:
        """What the results follow from, as the manifest says it."""
        return {
            **about(self.task), "points": digest(self.design), "kind": self.design.kind,
            "replications": self.chunks.replications, "independent_points": self.chunks.independent_points,
            "outcomes": list(self.task.outcomes), "months": list(self.task.months or ()),
        }  # fmt: skip

    def carry_out(
        self,
        store: Store,
        *,
        workers: int | None = None,
        executors: ExecutorFactory | None = None,
        progress: Progress | None = None,
    ) -> Swept:
        """Run what the store does not hold yet."""
        lost = carry_out(store, self.task, self.chunks, workers=workers, executors=executors, progress=progress)
        runs = results(store, self.task, lost, self.design.points.index.tolist())
        return Swept(self.task.scenario, self.design, runs, self.task.seed)


def about(task: Task) -> dict[str, Any]:
    """What all results of a task follow from, as the manifest says it."""
    scenario = task.scenario
    return {
        "title": scenario.title, "scenario": scenario.digest, "code": code_hash(), "strategies": list(task.strategies),
        "seed": task.seed,
    }  # fmt: skip


@contextmanager
def scratch() -> Iterator[Store]:
    """Open a store that is removed in the end."""
    with TemporaryDirectory(prefix="villagesim-") as folder, Store(Path(folder) / "store", {}) as store:
        yield store


class Chunks(Sequence[Chunk]):
    """Chunks of a design, made when they are asked for."""

    def __init__(self, design: Design, replications: int, independent_points: bool) -> None:
        self.points, self.replications, self.independent_points = (
            design.points.index.tolist(),
            replications,
            independent_points,
        )
        self.columns = {path: design.points[path].tolist() for path in design.paths}

    def __len__(self) -> int:
        return len(self.points) * self.replications

    def __getitem__(self, k: Any) -> Any:
        if isinstance(k, slice):
            return tuple(self[place] for place in range(*k.indices(len(self))))
        row, replication = divmod(k, self.replications)
        values: dict[str, Any] = {path: column[row] for path, column in self.columns.items()}
        luck = values.get("replication", k if self.independent_points else replication)
        return Chunk(self.points[row], luck, values.get("draw", 0), values)


def carry_out(
    store: Store,
    task: Task,
    chunks: Sequence[Chunk],
    *,
    workers: int | None = None,
    executors: ExecutorFactory | None = None,
    progress: Progress | None = None,
    chunks_a_part: int | None = None,
) -> list[dict[str, object]]:
    """Run what the store does not hold yet.

    Returns
    -------
    list of dict
        Runs whose worker died every time.
    """
    workers = cores() if workers is None else workers
    whole(workers, "workers", least=1, error=DesignError)
    size = chunks_a_part or task.chunks_a_part(len(chunks))
    n_parts = -(-len(chunks) // size)
    present = {number for number in store.present() if number < n_parts}
    n_done = sum(len(range(size * number, min(size * number + size, len(chunks)))) for number in present)
    tell = progress or (lambda done, planned: None)
    tell(n_done, len(chunks))

    def parts() -> Iterable[Part]:
        for number in range(n_parts):
            if number not in present:
                own = tuple(chunks[size * number : size * number + size])
                yield Part(task, number, own, store.part("county", number), store.part("villages", number))

    def done(part: Part, written: Path) -> None:
        nonlocal n_done
        if not written.exists():
            raise StoreError(
                f"a worker wrote {written}, but it is not there: it has another disk.",
                fix="Give a folder with --out that all workers share.",
            )
        n_done += len(part.chunks)
        tell(n_done, len(chunks))

    lost = run_parts(parts(), min(workers, max(n_parts - len(present), 1)), done, executors, len(present))
    message = "the worker process died every time: there may be too little memory"
    return [row for part in lost for chunk in part.chunks for row in failed(chunk, task.strategies, message)]


def results(store: Store, task: Task, lost: list[dict[str, object]], points: Sequence[int] | None = None) -> RunTable:
    """Results and failures, however they came in.

    Raises
    ------
    VillagesimError
        Where every run failed.
    """
    import pandas as pd

    failures = pd.DataFrame(store.failures() + lost, columns=list(FAILED))
    strategy = {name: place for place, name in enumerate(task.strategies)}
    ranks = failures.assign(strategy=failures["strategy"].map(strategy))
    failures = failures.loc[ranks.sort_values(["point", "strategy", "replication"], kind="stable").index]
    frame = store.read("county")
    if frame.empty:
        raise RunError(f"every run failed; the first: {failures['message'].iloc[0]}")
    runs = RunTable(frame, task.strategies, failures.reset_index(drop=True), points)
    return runs.with_world_without_merger(name for name in task.outcomes if task.scenario.outcomes[name].of_no_merger)


def _strategies(scenario: Scenario, wanted: Sequence[str] | str | None) -> tuple[str, ...]:
    known = tuple(scenario.strategies)
    if wanted is None:
        return known
    chosen = names(wanted, "strategies", error=DesignError)
    for name in chosen:
        scenario.strategy(name)
    return tuple(name for name in known if name in chosen)


def _outcomes(scenario: Scenario, wanted: Sequence[str] | str | None) -> tuple[str, ...]:
    if wanted is None:
        return tuple(scenario.outcomes)
    return tuple(scenario.outcomes[name].name for name in names(wanted, "outcomes", error=DesignError))


def _months(scenario: Scenario, at: Sequence[str] | str | None) -> tuple[str, ...]:
    start, stop = scenario.timetable.start, scenario.timetable.stop
    wanted = [None] if at is None else names(at, "at", error=DesignError)
    return tuple(sorted(month_of_run(month, start, stop) for month in wanted))


def digest(design: Design) -> str:
    """Hash of the points of a design."""
    text = design.points.to_csv()
    return blake2b(text.encode(), digest_size=12).hexdigest()

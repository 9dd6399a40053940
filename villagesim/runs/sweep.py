"""Run every point of a design: the same strategies and replications at each, results joined to inputs by point."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from villagesim.checks import MOST, names, size, whole
from villagesim.dates import month_of_run
from villagesim.design import Design
from villagesim.design.factors import check_reach
from villagesim.errors import DesignError, RunError, StoreError
from villagesim.languages import marked
from villagesim.runs.effort import Announce, effort
from villagesim.runs.part_files import HeldPart, Key
from villagesim.runs.parts import BY_VILLAGE, Chunk, Part, Task, failed
from villagesim.runs.runner import ExecutorFactory, Progress, cores, run_parts
from villagesim.runs.store import Store, code_hash
from villagesim.runs.table import FAILED, IDLE, RunTable
from villagesim.runs.writing import printable
from villagesim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

LOG = logging.getLogger("villagesim")


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
        every_month: bool = False,
        villages: bool = False,
    ) -> "Plan":
        """Plan every point of a design.

        Parameters
        ----------
        strategies : sequence of str, optional
            Names; all by default.
        replications : int
            How often each strategy is run at each point; the same luck at every point, so that points are paired.
        independent_points : bool
            Each point has luck of its own, the same for all strategies: the first replications of all points are numbered
            one after the other, then the second ones. Needed wherever a mean, a share or a spread over the points is
            taken, as luck that all points share does not average out, however many there are. A factor ``replication``
            goes before it.
        outcomes : sequence of str, optional
            Names; all by default.
        at : month or sequence of months, optional
            Months to keep, as 2025-12; the last of the run by default.
        every_month : bool
            Keep all months, and the state at the start.
        villages : bool
            Keep the rows of all villages too.

        Raises
        ------
        ScenarioError
            Where a name is unknown, or a point cannot be run.
        """
        size(replications, "replications", least=1, error=DesignError)
        whole(seed, "seed", least=0, error=DesignError)
        if "replication" in design.paths and replications != 1:
            raise DesignError(
                f"replications = {replications}, but replication is a factor: each point has its own.",
                fix="Leave one out.",
            )
        if (n := len(design.points) * replications) > MOST:
            raise DesignError(
                f"{len(design.points):,} points with {replications:,} replications are {n:,}, more than {MOST:,}.",
                fix="Take fewer.",
            )
        design = design.resolved(scenario)
        months = None if every_month else _months(scenario, at)
        task = Task(
            scenario, _strategies(scenario, strategies), seed, _outcomes(scenario, outcomes), months, villages=villages
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

    def carry_out(self, store: Store, **how: Any) -> Swept:
        """Run what the store does not hold yet; ``how`` as for :func:`carry_out`."""
        runs = carry_out(store, self.task, self.chunks, points=self.design.points.index.tolist(), **how)
        return Swept(self.task.scenario, self.design, runs, self.task.seed)


def about(task: Task) -> dict[str, Any]:
    """What all results of a task follow from, as the manifest says it."""
    scenario = task.scenario
    return {
        "title": scenario.title, "scenario": scenario.digest, "code": code_hash(), "strategies": list(task.strategies),
        "seed": task.seed, **positions(scenario, task.villages),
    }  # fmt: skip


def positions(scenario: Scenario, villages: bool) -> dict[str, Any]:
    """Where villages lie, for the manifest of a folder that keeps their rows."""
    return {"positions": scenario.geography.digest} if villages and scenario.geography else {}


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
        luck = values.get(
            "replication", replication * len(self.points) + row if self.independent_points else replication
        )
        return Chunk(self.points[row], luck, values.get("draw", 0), values)


def carry_out(
    store: Store,
    task: Task,
    chunks: Sequence[Chunk],
    *,
    points: Sequence[int] | None = None,
    workers: int | None = None,
    executors: ExecutorFactory | None = None,
    progress: Progress | None = None,
    chunks_a_part: int | None = None,
    time_limit: float | None = None,
    announce: Announce | None = None,
) -> RunTable:
    """Run what the store does not hold yet, and give what came out of these chunks, however it came in.

    Runs whose worker died every time have failed, for now: they are no part of the store.

    Raises
    ------
    VillagesimError
        Where every run failed, or parts that were made have gone.
    """
    workers = cores() if workers is None else workers
    whole(workers, "workers", least=1, error=DesignError)
    job = _Job(store, task, chunks, chunks_a_part or task.chunks_a_part(len(chunks)), time_limit, progress)
    tries = 0
    while (parts := job.parts()) and tries < TRIES:
        tries += 1
        if announce is not None and tries == 1:
            announce(effort(parts, min(workers, len(parts))))
        LOG.info(marked("%s of %s chunks of runs to make, in %s"), len(chunks) - job.n_done, len(chunks), store.folder)
        job.lost += run_parts(parts, min(workers, len(parts)), job.done, executors, len(job.held))
    return job.results(points)


DIED = "the worker process died every time: there may be too little memory, or code of your own ends the process"
TRIES = 3
"""How often what is missing is made, where parts go while others are made."""


class _Job:
    """Chunks to be made, those that are there, and those that are lost."""

    def __init__(
        self, store: Store, task: Task, chunks: Sequence[Chunk], size: int, time_limit: float | None,
        progress: Progress | None,
    ) -> None:  # fmt: skip
        self.store, self.task, self.chunks, self.size, self.time_limit = store, task, chunks, size, time_limit
        self.tell = progress or (lambda done, planned: None)
        self.lost: list[Part] = []
        self.held: dict[Key, HeldPart] = {}
        self.n_done = 0

    def parts(self) -> list[Part]:
        """What is missing, in parts: of the same chunks as in a run made at once, where their number is free."""
        held = self.store.parts.held()
        wanted = {(chunk.point, chunk.replication) for part in self.lost for chunk in part.chunks}
        missing: dict[int, list[Chunk]] = {}
        self.held = {}
        for place, chunk in enumerate(self.chunks):
            key = (chunk.point, chunk.replication)
            if key in held:
                self.held[key] = held[key]
            elif key not in wanted:
                missing.setdefault(place // self.size, []).append(chunk)
        self.n_done = len(self.held)
        self.tell(self.n_done, len(self.chunks))
        taken = {part.about.number for part in held.values()} | {part.number for part in self.lost}
        free = (number for number in count(-(-len(self.chunks) // self.size)) if number not in taken)
        return [
            self._part(next(free) if number in taken else number, tuple(found)) for number, found in missing.items()
        ]

    def _part(self, number: int, chunks: tuple[Chunk, ...]) -> Part:
        county, villages = (self.store.parts.file(kind, number) for kind in ("county", "villages"))
        return Part(self.task, number, chunks, county, villages, self.store.id, self.time_limit)

    def done(self, part: Part, written: Path) -> None:
        """Count what was made."""
        if not written.parent.exists():
            raise StoreError(
                f"a worker wrote {printable(written)}, but it is not there: it has another disk, or it was removed.",
                fix="Give a folder with --out that all workers share, and leave it alone while it is written to.",
            )
        self.n_done += len(part.chunks)
        LOG.info(marked("part %s is done: %s of %s"), part.number, self.n_done, len(self.chunks))
        self.tell(self.n_done, len(self.chunks))

    def results(self, points: Sequence[int] | None) -> RunTable:
        """Rows and failures of all chunks, which are exactly those of the plan."""
        import pandas as pd

        failures, idle = (
            [
                row for part in dict.fromkeys(self.held.values()) for row in getattr(part, name)
                if self.held.get((row["point"], row["replication"])) is part
            ]
            for name in ("failures", "idle")
        )  # fmt: skip
        for part in self.lost:
            for chunk in part.chunks:
                failures += failed(chunk, self.task.strategies, DIED)
        for row in failures:
            LOG.info(marked("a run failed: point %s, replication %s, %s: %s"), *(row[name] for name in FAILED))
        rank = {name: place for place, name in enumerate(self.task.strategies)}
        failures.sort(key=lambda row: (row["point"], rank[str(row["strategy"])], row["replication"]))
        if not self.held and self.lost:
            raise RunError(f"every run failed; the first: {DIED}")
        frame = self.store.parts.rows("county", self.held)
        if frame.empty and failures:
            message = failures[0]["message"]
            raise RunError(f"every run failed; the first: {message}")
        made = {*zip(frame["point"].tolist(), frame["replication"].tolist(), strict=True)}
        made |= {(row["point"], row["replication"]) for row in failures}
        if len(made) != len(self.chunks):
            raise StoreError(
                f"{printable(self.store.folder)} holds {len(made)} of {len(self.chunks)} points and replications: parts"
                " were removed while it was written to.",
                fix="Go on with --resume, and leave the folder alone.",
            )
        table, lists = pd.DataFrame(failures, columns=list(FAILED)), None
        if self.task.constituents:
            kept = frame[["point", "strategy", "replication", *BY_VILLAGE]].dropna().rename(columns=BY_VILLAGE)
            frame, lists = frame.drop(columns=list(BY_VILLAGE)), kept
        runs = RunTable(frame, self.task.strategies, table, points, pd.DataFrame(idle, columns=list(IDLE)), lists)
        return with_all_outcomes(self.task, runs)


def with_all_outcomes(task: Task, runs: RunTable) -> RunTable:
    """Runs of a task, with what all strategies take from the world without merger."""
    scenario, outcomes = task.scenario, task.scenario.outcomes
    own = [name for name in task.strategies if scenario.strategy(name)[1].map is not None]
    return runs.with_world_without_merger((o for o in task.outcomes if outcomes[o].of_no_merger), own)


def village_rows(store: Store, chunks: Sequence[Chunk]) -> "pd.DataFrame":
    """Rows of all villages of these chunks, which have been made."""
    keys = {(chunk.point, chunk.replication) for chunk in chunks}
    return store.parts.rows("villages", {key: part for key, part in store.parts.held().items() if key in keys})


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

"""What is run at once: a chunk is all strategies of one replication, so that pairs stay together.

A part holds some chunks and becomes one file. A worker needs nothing but the part to make it.
"""

import pickle
import platform
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.arrays import Bools
from villagesim.design.factors import applied
from villagesim.errors import RunError, StoreError, VillagesimError
from villagesim.outcomes.of_groups import by_constituent
from villagesim.places.endowments import Endowment
from villagesim.policies import Strategy
from villagesim.run import Run
from villagesim.runs.exports import with_names
from villagesim.runs.limits import limited
from villagesim.runs.part_files import PartAbout, write_part
from villagesim.runs.store import code_hash
from villagesim.runs.table import KEYS
from villagesim.scenario import Scenario
from villagesim.simulation import simulate

if TYPE_CHECKING:
    import pyarrow as pa

WORK = 2_000_000
"""Work of a part [rows x months x strategies]: some ten seconds."""
MOST_RUNS, FEW_PARTS = 1_000, 64
"""Runs of a part at most, so that files stay few; parts up to which a small job is divided, so that workers share it."""

BY_VILLAGE = {f"by_village.{name}": name for name in ("income_per_member", "trust")}
"""Columns of what is kept of every constituent at the end of a run, as lists, and the quantity of each."""


@dataclass(frozen=True)
class Chunk:
    """All strategies of one replication at one design point.

    Attributes
    ----------
    point, replication, draw : int
    values : dict
        What the design point sets, by path.
    """

    point: int
    replication: int
    draw: int = 0
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Task:
    """What all parts have in common.

    Attributes
    ----------
    strategies, outcomes : tuple of str
    months : tuple of str, optional
        Those to keep, as 2025-12; all, with the state at the start, where None.
    villages : bool
        Keep the rows of all villages too.
    constituents : bool
        Keep some quantities of every constituent at the end too, see :data:`BY_VILLAGE`.
    lot : str, optional
        Label of a policy: rows of villages say which of them its lot picked.
    code : str
        Hash of the library that asked for it.
    """

    scenario: Scenario
    strategies: tuple[str, ...]
    seed: int
    outcomes: tuple[str, ...]
    months: tuple[str, ...] | None = None
    villages: bool = False
    constituents: bool = False
    lot: str | None = None
    code: str = field(default_factory=code_hash)

    def __reduce__(self) -> Any:
        """Pack it once, however many parts are sent; a worker unpacks it once."""
        return _unpacked, (self._packed,)

    @cached_property
    def _packed(self) -> bytes:
        try:
            return pickle.dumps((type(self), {each.name: getattr(self, each.name) for each in fields(self)}))
        except (pickle.PicklingError, AttributeError, TypeError) as problem:
            raise RunError(
                f"code of your own cannot be sent to other processes: {problem}.",
                fix="Define it with def or class at the top of a file, not in a function or as a lambda; or workers = 1.",
            ) from None

    def chunks_a_part(self, n_chunks: int) -> int:
        """Chunks of a part: some ten seconds of work; fewer where there is little to do."""
        dates = self.scenario.timetable
        n_months = 12 * (dates.stop.year - dates.start.year) + dates.stop.month - dates.start.month
        work = len(self.strategies) * n_months * len(self.scenario.place.before)
        return max(min(WORK // work, MOST_RUNS // len(self.strategies), -(-n_chunks // FEW_PARTS)), 1)


@lru_cache(maxsize=1)
def _unpacked(packed: bytes) -> Task:
    kind, content = pickle.loads(packed)
    task: Task = kind(**content)
    return task


@lru_cache(maxsize=1)
def _at_point(task: Task, values: tuple[tuple[str, object], ...]) -> Scenario:
    """Scenario of a design point, which chunks that follow each other share."""
    return applied(task.scenario, dict(values))


@lru_cache(maxsize=1)
def endowed(scenario: Scenario, seed: int, draw: int, replication: int) -> Endowment:
    """Endowment that chunks share which follow each other, but for maps of their own."""
    return scenario.endow(seed, draw, replication)


@dataclass(frozen=True, eq=False)
class Part:
    """All that a worker needs to make one part, and where it goes.

    Attributes
    ----------
    task : Task
    number : int
    chunks : tuple of Chunk
    county, villages : Path
        Files, which a hash of their content is added to.
    design : str
        Id of the runs that it is a part of.
    time_limit : float, optional
        Of each run [seconds]; one that takes longer has failed.
    """

    task: Task
    number: int
    chunks: tuple[Chunk, ...]
    county: Path
    villages: Path
    design: str = ""
    time_limit: float | None = None

    @property
    def about(self) -> PartAbout:
        """What it says of itself."""
        chunks = tuple((chunk.point, chunk.replication) for chunk in self.chunks)
        return PartAbout(self.design, self.number, chunks, self.task.villages)


def make_part(part: Part) -> Path:
    """Run all chunks of a part and write what came out.

    Returns
    -------
    Path
        File of the county's rows, written last.

    Raises
    ------
    StoreError
        Where this worker has another version of the library, or the disk refuses.
    """
    import pyarrow as pa

    check_code(part.task)
    made = PartWriter(part.task, part.time_limit)
    made.run(part.chunks)
    if part.task.villages:
        rows = made.villages or [pa.table({key: pa.array([], pa.int64()) for key in ("point", "replication")})]
        write_part(part.villages, pa.concat_tables(rows, promote_options="default"), part.about)
    return write_part(part.county, made.table(), part.about, made.failures, made.idle)


def check_code(task: Task) -> None:
    """Refuse a task of another version of the library.

    Raises
    ------
    StoreError
    """
    if task.code != code_hash():
        raise StoreError(
            f"a worker on {platform.node()} runs another villagesim than this process.",
            fix="Install the same one everywhere.",
        )


class PartWriter:
    """Runs the chunks of a part and holds the rows that are written; a run that fails is written down and stops no other.

    ``wanted`` is asked before each run: where it says no, the rest of the chunk is left out.
    """

    def __init__(self, task: Task, time_limit: float | None = None, wanted: Callable[[], bool] = lambda: True) -> None:
        self.task, self.time_limit, self.wanted = task, time_limit, wanted
        self.county: list[dict[str, Any]] = []
        self.villages: list[pa.Table] = []
        self.failures: list[dict[str, object]] = []
        self.idle: list[dict[str, object]] = []
        self.lists = BY_VILLAGE if task.constituents else {}

    def run(self, chunks: tuple[Chunk, ...]) -> None:
        """Run all chunks."""
        for chunk in chunks:
            with self.noting(chunk, *self.task.strategies):
                values = tuple(item for item in chunk.values.items() if item[0] != "replication")
                scenario = _at_point(self.task, values)
                own = chunk.replication if scenario.has_drawn_maps and not chunk.draw else 0
                self.run_strategies(chunk, scenario, endowed(scenario, self.task.seed, chunk.draw, own))

    def run_strategies(self, chunk: Chunk, scenario: Scenario, endowment: Endowment) -> None:
        """All strategies of one replication."""
        for strategy in self.task.strategies:
            if not self.wanted():
                return
            with self.noting(chunk, strategy), limited(self.time_limit):
                run = simulate(
                    scenario, strategy, self.task.seed, chunk.replication, draw=chunk.draw, endowment=endowment
                )
                values = {name: run.values(name) for name in self.task.outcomes}
                values |= self.without_merger(chunk, scenario, strategy, endowment)
                rows = self.rows(chunk, strategy, run.record.labels, values)
                for column, name in self.lists.items():
                    rows[column] = [None] * (len(rows["month"]) - 1) + [by_constituent(name, run.record)[-1]]
                if self.task.villages:
                    self.villages.append(self.village_rows(chunk, strategy, run))
                self.county.append(rows)
                run_of = {"point": chunk.point, "replication": chunk.replication, "strategy": strategy}
                self.idle += [run_of | {"policy": label, "why": why} for label, why in run.history.idle.items()]

    def without_merger(self, chunk: Chunk, scenario: Scenario, strategy: str, endowment: Endowment) -> dict[str, Any]:
        """Outcomes of the world without merger that go by the strategy's own map of it."""
        own, outcomes = scenario.strategy(strategy)[1], scenario.outcomes
        names = [name for name in self.task.outcomes if own.map is not None and outcomes[name].of_no_merger]
        if not names or not own.merger:
            return {}
        alone = Strategy(merger=False, map=own.map)
        run = simulate(scenario, alone, self.task.seed, chunk.replication, draw=chunk.draw, endowment=endowment)
        return {name: run.values(name) for name in names}

    def rows(self, chunk: Chunk, strategy: str, labels: list[str], values: Mapping[str, Any]) -> dict[str, Any]:
        """Outcomes of the county in the months that are kept, by column."""
        kept = list(range(len(labels))) if self.task.months is None else [labels.index(m) for m in self.task.months]
        same = {
            "place": self.task.scenario.title, "point": chunk.point, "draw": chunk.draw, "strategy": strategy,
            "replication": chunk.replication,
        }  # fmt: skip
        keys = {key: [value] * len(kept) for key, value in same.items()} | {"month": [labels[k] for k in kept]}
        return keys | {name: values[name][kept] for name in self.task.outcomes}

    def table(self) -> "pa.Table":
        """Rows of all runs; none where every run failed."""
        import pyarrow as pa

        numbers = ("point", "draw", "replication")
        keys = {key: pa.int64() if key in numbers else pa.string() for key in KEYS}
        lists = dict.fromkeys(self.lists, pa.list_(pa.field("element", pa.float64())))  # as it is read again
        schema = pa.schema(keys | dict.fromkeys(self.task.outcomes, pa.float64()) | lists)
        if not self.county:
            return schema.empty_table()
        columns = {
            name: list(chain.from_iterable(parts)) if name in lists else np.concatenate(parts)
            for name in schema.names
            for parts in ([rows[name] for rows in self.county],)
        }
        return pa.table(columns, schema=schema)

    def village_rows(self, chunk: Chunk, strategy: str, run: Run) -> "pa.Table":
        """Outcomes of all villages in force."""
        import pyarrow as pa

        table = run.villages
        if self.task.lot is not None:
            table = table.assign(picked=picked(run, self.task.lot))
        if self.task.months is not None:
            table = table[table["month"].isin(self.task.months)]
        table = table.assign(
            place=self.task.scenario.title,
            point=chunk.point,
            draw=chunk.draw,
            strategy=strategy,
            replication=chunk.replication,
        )
        table = with_names(table[[*KEYS, *table.columns.drop(list(KEYS))]], run.history.place.names)
        return pa.Table.from_pandas(table, preserve_index=False)

    @contextmanager
    def noting(self, chunk: Chunk, *strategies: str) -> Iterator[None]:
        """Write down what fails inside, and go on."""
        try:
            yield
        except (Exception, SystemExit) as problem:
            message = str(problem) if isinstance(problem, VillagesimError) else f"{type(problem).__name__}: {problem}"
            self.failures += failed(chunk, strategies, message)


def simulated(task: Task, chunk: Chunk, strategy: str) -> Run:
    """One run of a chunk."""
    values = {path: value for path, value in chunk.values.items() if path != "replication"}
    return simulate(applied(task.scenario, values), strategy, task.seed, chunk.replication, draw=chunk.draw)


def picked(run: Run, label: str) -> Bools:
    """Which rows of the villages' table hold a constituent that the lot of a policy picked."""
    record = run.record
    reached = np.zeros(record.is_village.shape)
    if label in run.history.picked:
        reached = record.by_village(np.broadcast_to(run.history.picked[label], reached.shape).astype(float))
    return np.asarray(reached[1:][record.is_village[1:]] > 0)


def failed(chunk: Chunk, strategies: tuple[str, ...], message: str) -> list[dict[str, object]]:
    """Rows of a table of failures."""
    return [
        {"point": chunk.point, "replication": chunk.replication, "strategy": strategy, "message": message}
        for strategy in strategies
    ]

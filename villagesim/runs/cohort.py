"""Runs of many counties: some replications of one county are a part, and one county at a time is looked at.

Whoever asks holds a list of who is there, and no rows: a worker makes the county, runs it and writes a file, and what came out
is read again county by county. A county that cannot be made has a part without rows that says why.
"""

import logging
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from villagesim.dates import month_of_run, months_between
from villagesim.errors import StoreError, VillagesimError
from villagesim.languages import marked
from villagesim.runs.counties import TRAITS, CohortCounty, Template, traits_of
from villagesim.runs.effort import Announce, Effort
from villagesim.runs.part_files import HeldPart, Key, PartAbout, write_part
from villagesim.runs.parts import WORK, Chunk, PartWriter, Task, check_code, endowed, failed
from villagesim.runs.runner import ExecutorFactory, Progress, cores, run_parts
from villagesim.runs.store import Store, read_whole
from villagesim.runs.sweep import DIED, TRIES
from villagesim.runs.writing import printable
from villagesim.scenario import BASELINES, Scenario

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow.dataset as ds

LOG = logging.getLogger("villagesim")


@dataclass(frozen=True, eq=False)
class CountyTask(Task):
    """What all counties have in common: the task of the template, and how counties are made of it.

    Attributes
    ----------
    kinds : tuple of str
    spread : dict of str to float
        As :class:`~villagesim.runs.counties.Template` has them.
    last : str
        Month that is looked at, as 2025-12; empty: the last of each county's run.
    """

    kinds: tuple[str, ...] = ("village",)
    spread: dict[str, float] = field(default_factory=dict)
    last: str = ""

    def of(self, county: CohortCounty) -> "tuple[Task, tuple[float, ...]]":
        """The task of one county, and what is told of it.

        Raises
        ------
        VillagesimError
            Where the county cannot be run.
        """
        seed = county.seed(self.seed)
        scenario = Template(self.scenario, self.kinds, self.spread, self.strategies).made(county, seed)
        strategies = tuple(
            scenario.baseline if name in BASELINES.values() else scenario.strategy(name)[0] for name in self.strategies
        )
        outcomes = tuple(scenario.outcomes[name].name for name in self.outcomes)
        task = Task(scenario, strategies, seed, outcomes, months_of(scenario, self.last))
        return task, traits_of(scenario, endowed(scenario, seed, 0, 0))


def months_of(scenario: Scenario, last: str = "") -> tuple[str, ...]:
    """Ends of the years of a run, and the month that is looked at.

    Raises
    ------
    ScenarioError
        Where that is no month of the run.
    """
    start, stop = scenario.timetable.start, scenario.timetable.stop
    labels = [month.label for month in months_between(start, stop)]
    return tuple(sorted({month_of_run(last or None, start, stop), *(each for each in labels if each.endswith("-12"))}))


@dataclass(frozen=True, eq=False)
class CountyPart:
    """Some replications of one county, and where they go."""

    task: CountyTask
    county: CohortCounty
    number: int
    chunks: tuple[Chunk, ...]
    path: Path
    design: str
    time_limit: float | None = None

    @property
    def about(self) -> PartAbout:
        """What it says of itself."""
        return PartAbout(self.design, self.number, tuple((chunk.point, chunk.replication) for chunk in self.chunks))


@lru_cache(maxsize=1)
def _made(task: CountyTask, county: CohortCounty) -> tuple[Task, tuple[float, ...]]:
    """The task of a county, which parts that follow each other share."""
    return task.of(county)


def make_county(part: CountyPart) -> Path:
    """Make the county, run it and write what came out; what cannot be made is written down as failed.

    Raises
    ------
    StoreError
        Where this worker has another version of the library, or the disk refuses.
    """
    check_code(part.task)
    made = PartWriter(part.task, part.time_limit)
    traits: tuple[float, ...] = (math.nan,) * len(TRAITS)
    for chunk in part.chunks:
        with made.noting(chunk, *part.task.strategies):
            made.task, traits = _made(part.task, part.county)
            made.run((chunk,))
    rows = _labelled(made, part, traits)
    return write_part(part.path, rows, part.about, made.failures, made.idle)


def _labelled(made: PartWriter, part: CountyPart, traits: tuple[float, ...]) -> Any:
    """Rows with the county and its traits, and strategies by the names that the question has for them."""
    import pyarrow as pa

    table = made.table()
    named = dict(zip(made.task.strategies, part.task.strategies, strict=True))
    strategies = pa.array([named[name] for name in table["strategy"].to_pylist()], pa.string())
    table = table.set_column(table.schema.get_field_index("strategy"), "strategy", strategies)
    table = table.add_column(0, "county", pa.array([part.county.key] * len(table), pa.string()))
    for name, value in zip(TRAITS, traits, strict=True):
        table = table.append_column(f"trait_{name}", pa.array([value] * len(table), pa.float64()))
    for failure in made.failures:
        failure["strategy"] = named.get(str(failure["strategy"]), failure["strategy"])
    return table


@dataclass(frozen=True, eq=False)
class CountyRuns:
    """What came out of one county.

    Attributes
    ----------
    county : CohortCounty
    frame : DataFrame
        A row a run and month; none where it was refused.
    failures : list of dict
        ``point, replication, strategy, message``.
    """

    county: CohortCounty
    frame: "pd.DataFrame"
    failures: list[dict[str, Any]]


@dataclass(frozen=True, eq=False)
class CohortRuns:
    """Runs of all counties in a store: made where they are missing, and read county by county.

    Attributes
    ----------
    store : Store
    task : CountyTask
    counties : sequence of CohortCounty
        Their place is their point.
    replications : int
    """

    store: Store
    task: CountyTask
    counties: Sequence[CohortCounty]
    replications: int
    lost: list[CountyPart] = field(default_factory=list)

    def carry_out(
        self,
        *,
        workers: int | None = None,
        executors: ExecutorFactory | None = None,
        progress: Progress | None = None,
        time_limit: float | None = None,
        announce: Announce | None = None,
    ) -> None:
        """Run what the store does not hold yet."""
        workers, tell = cores() if workers is None else workers, progress or (lambda done, planned: None)
        total = len(self.counties) * self.replications
        for tries in range(TRIES):
            held = self._held()
            n_missing = total - len(held) - sum(len(part.chunks) for part in self.lost)
            if not n_missing:
                return
            if announce is not None and not tries:
                announce(self._effort(n_missing, min(workers, n_missing)))
            done = [len(held)]
            tell(done[0], total)

            def made(part: CountyPart, written: Path, done: list[int] = done) -> None:
                if not written.parent.exists():
                    raise StoreError(
                        f"a worker wrote {printable(written)}, but it is not there: it has another disk, or it was removed.",
                        fix="Give a folder with --out that all workers share, and leave it alone while it is written to.",
                    )
                done[0] += len(part.chunks)
                LOG.info(marked("%s: part %s is done"), part.county.key, part.number)
                tell(done[0], total)

            parts = self._parts(held, time_limit)
            self.lost.extend(run_parts(parts, min(workers, n_missing), made, executors, len(held), make=make_county))

    def by_county(self) -> Iterator[CountyRuns]:
        """What came out, one county after the other.

        Raises
        ------
        StoreError
            Where parts have gone since they were made.
        """
        held, lost = self._held(), {(c.point, c.replication) for part in self.lost for c in part.chunks}
        for point, county in enumerate(self.counties):
            own = {key: held[key] for key in self._keys(point) if key in held}
            gone = [key for key in self._keys(point) if key not in held]
            if any(key not in lost for key in gone):
                raise StoreError(
                    f"{printable(self.store.folder)} has lost runs of {county.key}: parts were removed while it was written to.",
                    fix="Go on with --resume, and leave the folder alone.",
                )
            failures = [
                dict(row) for part in dict.fromkeys(own.values()) for row in part.failures
                if own.get((row["point"], row["replication"])) is part
            ]  # fmt: skip
            for key in gone:
                failures += failed(Chunk(*key), self.task.strategies, DIED)
            yield CountyRuns(county, self._rows(own), failures)

    def _rows(self, own: dict[Key, HeldPart]) -> "pd.DataFrame":
        import pandas as pd

        return self.store.parts.rows("county", own) if own else pd.DataFrame()

    def _held(self) -> dict[Key, HeldPart]:
        return self.store.parts.held()

    def _keys(self, point: int) -> list[Key]:
        return [(point, replication) for replication in range(self.replications)]

    def _size(self, county: CohortCounty) -> int:
        """Replications of a part: some ten seconds of work."""
        dates = self.task.scenario.timetable
        months = 12 * (dates.stop.year - dates.start.year) + dates.stop.month - dates.start.month
        return max(WORK // (len(self.task.strategies) * months * max(county.n_villages, 1)), 1)

    def _parts(self, held: dict[Key, HeldPart], time_limit: float | None) -> Iterator[CountyPart]:
        """What is missing, county by county, made when it is asked for."""
        free = count(1 + max((part.about.number for part in held.values()), default=-1))
        lost = {(chunk.point, chunk.replication) for part in self.lost for chunk in part.chunks}
        for point, county in enumerate(self.counties):
            missing = [Chunk(*key) for key in self._keys(point) if key not in held and key not in lost]
            size = self._size(county)
            for first in range(0, len(missing), size):
                number = next(free)
                path = self.store.parts.file("county", number)
                chunks = tuple(missing[first : first + size])
                yield CountyPart(self.task, county, number, chunks, path, self.store.id, time_limit)

    def _effort(self, n_missing: int, processes: int) -> Effort:
        """Judge all by the first strategy of the county in the middle."""
        runs = len(self.task.strategies) * n_missing
        county = sorted(self.counties, key=lambda each: each.n_villages)[len(self.counties) // 2]
        begun = time.perf_counter()
        try:
            task, _ = self.task.of(county)
            PartWriter(task).run((Chunk(0, 0),))
        except VillagesimError:
            return Effort(runs, processes, math.nan, math.nan)
        of_one = (time.perf_counter() - begun) / max(county.n_villages, 1)
        villages = sum(each.n_villages for each in self.counties) / len(self.counties)
        return Effort(runs, processes, of_one * villages * n_missing / processes, math.nan)


def dataset(folder: str | Path) -> "ds.Dataset":
    """Rows of all runs of a cohort as a data set of Arrow, which reads no more than it is asked for.

    Parameters
    ----------
    folder : path
        What ``villagesim cohort`` wrote.

    Raises
    ------
    StoreError
        Where it holds no complete cohort.
    """
    import pyarrow.dataset as ds

    if read_whole(Path(folder)).get("question") != "cohort":
        raise StoreError(f"{folder} holds no cohort.", fix="Give the folder that villagesim cohort wrote.")
    files = sorted(str(path) for path in (Path(folder) / "parts").glob("county-*.parquet"))
    return ds.dataset(files, format="parquet")

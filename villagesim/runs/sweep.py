"""Run every point of a design: the same strategies and replications at each, results joined to inputs by point."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from villagesim.checks import names, whole
from villagesim.dates import month_of_run
from villagesim.design import Design, in_words
from villagesim.design.factors import check_reach
from villagesim.errors import DesignError, RunError, StoreError
from villagesim.outcomes import OUTCOMES, outcome
from villagesim.runs.parts import Chunk, Part, Task, failed
from villagesim.runs.runner import ExecutorFactory, Progress, cores, run_parts
from villagesim.runs.store import Store, code_hash
from villagesim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

KEYS = ["point", "strategy", "replication", "month"]


@dataclass(eq=False)
class Sweep:
    """Results of all points of a design.

    Attributes
    ----------
    scenario : Scenario
    design : Design
        As it was run: dates as dates, targets in words.
    strategies : tuple of str
    table : DataFrame
        ``point, strategy, replication, month`` and a column an outcome, sorted by these four (strategies in the order
        of the scenario).
    failures : DataFrame
        Runs that failed: ``point, replication, strategy, message``.
    seed : int
    replications : int
        Of each strategy at each point.
    """

    scenario: Scenario
    design: Design
    strategies: tuple[str, ...]
    table: "pd.DataFrame"
    failures: "pd.DataFrame"
    seed: int
    replications: int = 1

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Outcomes that were kept."""
        return tuple(name for name in self.table.columns if name not in KEYS)

    @property
    def months(self) -> tuple[str, ...]:
        """Months that were kept."""
        return tuple(dict.fromkeys(self.table["month"]))

    def joined(self) -> "pd.DataFrame":
        """Results with the inputs of their point beside them."""
        points = self.design.points.drop(columns="replication", errors="ignore")
        table = self.table.merge(points, left_on="point", right_index=True, how="left")
        return table[["point", *points.columns, *self.table.columns.drop("point")]]

    def figure(self, name: str | None = None, at: str | None = None) -> "Figure":
        """Draw an outcome (by default the first) over the design: a heat map of two factors of a grid, else panels.

        Each point is the mean of its replications.
        """
        from villagesim.plots.sweeps import draw_heat_map, draw_points

        found, month = outcome(name or self.outcomes[0]), at or self.months[-1]
        paths = [path for path in self.design.paths if path != "replication"] or ["replication"]
        joined = self.joined().query("month == @month").rename(columns={found.name: "value"})
        table = joined.groupby(["point", "strategy"], sort=False)[["value", *paths]].first().reset_index()
        table["value"] = joined.groupby(["point", "strategy"], sort=False)["value"].mean().to_numpy()
        labels = {path: in_words(path, self.scenario) for path in paths}
        unit, n = f"{found.title} [{found.unit}]", len(self.design.points)
        chance = self.table.groupby(["point", "strategy"])["replication"].nunique().max()
        title = f"{found.title} at the end of {month}"
        caption = (
            f"{n} points ({self.design.kind.replace('_', ' ')}), each the mean of {chance} replications, seed {self.seed}."
            if chance > 1
            else f"{n} points ({self.design.kind.replace('_', ' ')}), one replication each: chance is in every point."
        )
        if self.design.kind == "grid" and len(paths) == 2:
            return draw_heat_map(table, labels, unit, title, caption)
        places = {strategy: place for place, strategy in enumerate(self.scenario.strategies)}
        return draw_points(table, labels, places, unit, title, caption)


def sweep(
    scenario: Scenario,
    design: Design,
    *,
    strategies: Sequence[str] | None = None,
    replications: int = 1,
    own_luck: bool = False,
    outcomes: Sequence[str] | None = None,
    at: Sequence[str] | str | None = None,
    seed: int = 1,
    workers: int | None = None,
    out: str | Path | None = None,
    resume: bool = False,
    executors: ExecutorFactory | None = None,
    progress: Progress | None = None,
    write: "Callable[[Store, Sweep], None] | None" = None,
) -> Sweep:
    """Run every point of a design.

    Parameters
    ----------
    strategies : sequence of str, optional
        Names; all by default.
    replications : int
        How often each strategy is run at each point; the same luck at every point, so that points are paired.
    own_luck : bool
        Each point has luck of its own, the same for all strategies: the k-th point has the replications that follow those
        of the point before. Needed wherever a mean, a share or a spread over the points is taken, as luck that all points
        share does not average out, however many there are. A factor ``replication`` goes before it.
    outcomes : sequence of str, optional
        Names; all by default.
    at : month or sequence of months, optional
        Months to keep, as 2025-12; the last of the run by default.
    workers : int, optional
        Processes; by default one a core. 1 runs in this process.
    out : path, optional
        Folder for tables and manifest; new, empty, or of the same sweep.
    resume : bool
        Go on with what is in the folder.
    executors : callable, optional
        Makes the executor for a number of workers, for instance one of Dask or MPI.
    progress : callable, optional
        Called with the number of replications done and planned.
    write : callable, optional
        Writes tables and figures of its own to the folder, in place of the sweep's figure.

    Raises
    ------
    VillagesimError
        Where a name is unknown, a point cannot be run, or the folder cannot be used.
    """
    whole(replications, "replications", least=1, error=DesignError)
    whole(seed, "seed", least=0, error=DesignError)
    if "replication" in design.paths and replications != 1:
        raise DesignError(
            f"replications = {replications}, but replication is a factor: each point has its own.", fix="Leave one out."
        )
    design = design.resolved(scenario)
    task = Task(scenario, _strategies(scenario, strategies), seed, _outcomes(outcomes), _months(scenario, at))
    check_reach(scenario, design.paths, task.strategies)
    planned = Chunks(design, replications, own_luck)
    about = {
        "points": _digest(design), "kind": design.kind, "replications": replications, "own_luck": own_luck,
        "outcomes": list(task.outcomes), "months": list(task.months or ()),
    }  # fmt: skip
    with opened(out, task, about, resume=resume) as store:
        lost = carry_out(store, task, planned, workers=workers, executors=executors, progress=progress)
        tables = results(store, task, lost, design.points.index)
        found = Sweep(scenario, design, task.strategies, *tables, seed, replications)
        if out is not None:
            store.write_table("points", design.points.reset_index())
            store.write_table("runs", found.table)
            store.write_table("failures", found.failures)
            (write or _write_figure)(store, found)
            store.write_manifest()
    return found


@contextmanager
def opened(out: str | Path | None, task: Task, about: dict[str, Any], *, resume: bool = False) -> Iterator[Store]:
    """Open the folder of a task, or one that is removed in the end."""
    scenario = task.scenario
    design = {
        "title": scenario.title, "scenario": scenario.digest, "code": code_hash(), "strategies": list(task.strategies),
        "seed": task.seed, **about,
    }  # fmt: skip
    with (
        TemporaryDirectory(prefix="villagesim-") as scratch,
        Store(Path(scratch) / "store" if out is None else Path(out), design, resume=resume) as store,
    ):
        yield store


def _write_figure(store: Store, found: Sweep) -> None:
    from matplotlib import pyplot as plt

    figure = found.figure()
    store.write_figure("sweep", figure)
    plt.close(figure)


class Chunks(Sequence[Chunk]):
    """Chunks of a design, made when they are asked for."""

    def __init__(self, design: Design, replications: int, own_luck: bool) -> None:
        self.points, self.replications, self.own_luck = design.points.index.tolist(), replications, own_luck
        self.columns = {path: design.points[path].tolist() for path in design.paths}

    def __len__(self) -> int:
        return len(self.points) * self.replications

    def __getitem__(self, k: Any) -> Any:
        if isinstance(k, slice):
            return tuple(self[place] for place in range(*k.indices(len(self))))
        row, replication = divmod(k, self.replications)
        values: dict[str, Any] = {path: column[row] for path, column in self.columns.items()}
        luck = values.get("replication", k if self.own_luck else replication)
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


def results(
    store: Store, task: Task, lost: list[dict[str, object]], points: Iterable[int] = (0,)
) -> "tuple[pd.DataFrame, pd.DataFrame]":
    """Results and failures by point, strategy, replication and month, however they came in.

    Raises
    ------
    VillagesimError
        Where every run failed.
    """
    import pandas as pd

    failures = pd.DataFrame(store.failures() + lost, columns=["point", "replication", "strategy", "message"])
    table = store.read("county")
    if table.empty:
        raise RunError(f"every run failed; the first: {failures['message'].iloc[0]}")
    order = list(points)
    return in_order(table, task, order), in_order(failures, task, order)


def in_order(table: "pd.DataFrame", task: Task, points: Iterable[int] = (0,)) -> "pd.DataFrame":
    """Rows by point, strategy, replication and month, however they came in."""
    point = {number: place for place, number in enumerate(points)}
    strategy = {name: place for place, name in enumerate(task.strategies)}
    keys = [name for name in KEYS if name in table]
    ranks = table[keys].assign(point=table["point"].map(point), strategy=table["strategy"].map(strategy))
    return table.loc[ranks.sort_values(keys, kind="stable").index].reset_index(drop=True)


def _strategies(scenario: Scenario, wanted: Sequence[str] | str | None) -> tuple[str, ...]:
    known = tuple(scenario.strategies)
    if wanted is None:
        return known
    chosen = names(wanted, "strategies", error=DesignError)
    for name in chosen:
        scenario.strategy(name)
    return tuple(name for name in known if name in chosen)


def _outcomes(wanted: Sequence[str] | str | None) -> tuple[str, ...]:
    if wanted is None:
        return tuple(OUTCOMES)
    return tuple(outcome(name).name for name in names(wanted, "outcomes", error=DesignError))


def _months(scenario: Scenario, at: Sequence[str] | str | None) -> tuple[str, ...]:
    start, stop = scenario.timetable.start, scenario.timetable.stop
    wanted = [None] if at is None else names(at, "at", error=DesignError)
    return tuple(sorted(month_of_run(month, start, stop) for month in wanted))


def _digest(design: Design) -> str:
    text = design.points.to_csv()
    return blake2b(text.encode(), digest_size=12).hexdigest()

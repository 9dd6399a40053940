"""Compare strategies: every strategy in the same replications, under common random numbers, on all cores."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from villagesim.errors import ScenarioError
from villagesim.experiment.runner import ExecutorFactory, Job, Progress, batches, cores, run_jobs
from villagesim.experiment.store import Store, code_hash
from villagesim.results.comparison import Comparison, chosen
from villagesim.results.goals import progress
from villagesim.scenario import Scenario

LOSERS = (
    "Constituents of merged villages in groups of the first day: thirds by members, thirds by income per member, hosts and"
    " joined parts. Points: differences of means over the members of a group; lines: 95% simulation error, for all groups and"
    " strategies together. One map, one draw of endowments, central parameters: not a forecast."
)


def compare(
    scenario: Scenario,
    replications: int = 30,
    seed: int = 1,
    *,
    strategies: Sequence[str] | None = None,
    workers: int | None = None,
    out: str | Path | None = None,
    villages: bool = False,
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
    workers = cores() if workers is None else workers
    for what, value, least in (("replications", replications, 1), ("seed", seed, 0), ("workers", workers, 1)):
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise ScenarioError(f"{what} = {value!r} must be a whole number of at least {least}.")
    if villages and out is None:
        raise ScenarioError("the rows of all villages need a folder to be kept in: give out as well.")
    scenario.endow(seed)  # totals and table that cannot both be true are refused before anything is written
    design = {
        "title": scenario.title, "scenario": scenario.digest, "code": code_hash(), "strategies": list(names),
        "seed": seed, "replications": replications, "draw": 0, "villages": villages,
    }  # fmt: skip
    with TemporaryDirectory(prefix="villagesim-") as scratch:
        store = Store(Path(out) if out is not None else Path(scratch) / "store", design)
        jobs = [
            Job(
                scenario, names, seed, batch, store.part("county", number),
                store.part("villages", number) if villages else None,
            )
            for number, batch in enumerate(batches(replications))
        ]  # fmt: skip
        try:
            run_jobs(jobs, min(workers, len(jobs)), progress or (lambda done, planned: None), executors)
        except BaseException:
            store.discard()
            raise
        county = store.read("county")
        order = {name: number for number, name in enumerate(names)}
        county = county.iloc[county["strategy"].map(order).argsort(kind="stable")]
        comparison = Comparison(scenario, names, county.reset_index(drop=True), seed)
        if out is not None:
            _write(store, comparison)
    return comparison


def _write(store: Store, comparison: Comparison) -> None:
    """Write tables and figures, then the manifest."""
    import pandas as pd
    from matplotlib import pyplot as plt

    from villagesim.outcomes import OUTCOMES
    from villagesim.plots.losers import draw_losers

    ends = [month for month in comparison.months[1:] if month.endswith("-12")] or [comparison.months[-1]]
    store.write_table("comparison", pd.concat([comparison.tables(at=month) for month in ends], ignore_index=True))
    trajectories = []
    for name in OUTCOMES:
        table = comparison.trajectories(name)
        table.insert(0, "outcome", name)
        trajectories.append(table)
    store.write_table("trajectories", pd.concat(trajectories, ignore_index=True))
    store.write_table("county", comparison.county)
    if comparison.scenario.goals:
        store.write_table("goals", progress(comparison))
    for name, make in (("losers", comparison.losers), ("money", comparison.money)):
        store.write_table(name, pd.concat([make(month) for month in ends], ignore_index=True))
    caption = f"At the end of {comparison.months[-1]}, {comparison.n_replications} replications. {LOSERS}"
    for name, figure in (("overview", comparison.figure()), ("losers", draw_losers(comparison.losers(), caption))):
        store.write_figure(name, figure)
        plt.close(figure)
    store.write_manifest()

"""What the scripts of the ten questions share: a quick and a full version, paired runs, and figures that state an answer."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import fill
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd

import villagesim as vs
from villagesim.arrays import Floats
from villagesim.design import from_table
from villagesim.policies import Policy
from villagesim.questions.question import Question, Runs, values
from villagesim.runs.runner import cores, processes
from villagesim.scenario import ALWAYS, Scenario
from villagesim.statistics.intervals import Interval, mean_interval
from villagesim.terminal import progress_bar

ROOT = Path(__file__).parents[1]
SMALL = ROOT / "experiments" / "places" / "three_townships.toml"
ZHANGQIU = ROOT / "scenarios" / "zhangqiu.toml"
NOT_A_FORECAST = "One map, one draw of endowments, central parameters: not a forecast."


@dataclass(frozen=True)
class Version:
    """A question, the place where it is asked, and how long the answer takes on two cores [minutes, in words]."""

    place: Path
    question: Question
    takes: str

    def scenario(self) -> Scenario:
        return vs.load_scenario(self.place)


def main(file: str, quick: Version, full: Version) -> None:
    """Ask the quick or the full version, and leave tables, figure and manifest in a folder."""
    module = sys.modules["__main__"]
    words = str(module.__doc__)
    name = Path(file).stem
    parser = argparse.ArgumentParser(description=words, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help=f"on Zhangqiu, {full.takes}; else {quick.takes}")
    parser.add_argument("--out", type=Path, help=f"folder; by default out/{name}")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--resume", action="store_true", help="go on with the runs that are in the folder")
    given = parser.parse_args()
    version = full if given.full else quick
    out = given.out or ROOT / "out" / name
    begun = perf_counter()
    try:
        with progress_bar("replications") as progress:
            answer = version.question.ask(
                version.scenario(), given.seed, workers=given.workers, out=out, resume=given.resume, progress=progress
            )
    except vs.VillagesimError as problem:
        print(f"{name}: {problem}", file=sys.stderr)
        sys.exit(2)
    print(
        f"{words.splitlines()[0]}\n{fill(answer.headline, 118)}\n{out} ({perf_counter() - begun:.0f} s)\n", flush=True
    )


def each(work: Callable[[Any], Any], items: Sequence[Any], runs: Runs) -> list[Any]:
    """What a piece of work returns for each item, for what no table of runs holds; nothing of it is kept for later.

    Raises
    ------
    VillagesimError
        Where a worker dies.
    """
    tell = runs.progress or (lambda done, planned: None)
    workers = cores() if runs.workers is None else runs.workers
    found = []
    with ExitStack() as stack:
        results = map(work, items) if workers == 1 else stack.enter_context(processes(workers)).map(work, items)
        try:
            for result in results:
                found.append(result)
                tell(len(found), len(items))
        except BrokenExecutor:
            raise vs.VillagesimError(
                "a worker process died. Begin anew, if memory is short with --workers 1."
            ) from None
    return found


def paired(
    runs: Runs,
    name: str,
    strategies: Mapping[str, Sequence[Policy]],
    outcomes: Sequence[str],
    replications: int,
    at: Sequence[str],
) -> dict[str, Floats]:
    """Run strategies in the same replications.

    Returns
    -------
    dict of outcome to array
        ``(n_strategies, n_months, n_replications)``, without the replications in which a run failed.
    """
    own = replace(runs.scenario, strategies={**ALWAYS, **strategies})
    found = runs.sweep(
        name, from_table(pd.DataFrame({"draw": [0]})), scenario=own, strategies=list(strategies), outcomes=outcomes,
        replications=replications, at=at,
    )  # fmt: skip
    places = [found.strategies.index(key) for key in strategies]
    failed = found.failures["replication"].unique() if len(found.failures) else []
    whole = np.setdiff1d(np.arange(replications), failed)
    return {
        key: np.stack([values(found, key, month)[places, 0] for month in at], axis=1)[..., whole] for key in outcomes
    }


def scaled(scenario: Scenario, number: float) -> int:
    """As many for this place as there are in Zhangqiu, by villages; at least one."""
    return max(round(number * len(scenario.place.after) / 532), 1)


def gain(own: Floats, base: Floats) -> Interval:
    """Mean of the paired difference with its 95% simulation error."""
    return mean_interval(own - base)


def row(interval: Interval) -> dict[str, float]:
    """As the columns of a table; a difference that is the same in every replication has no width."""
    low, high = (interval.mean if np.isnan(end) else end for end in (interval.low, interval.high))
    return {"value": interval.mean, "low": low, "high": high}


def said(one: Mapping[str, Any], form: str = "{:+,.0f}", size: float = 1.0) -> str:
    """A value with its interval."""
    value, low, high = (form.format(one[key] * size) for key in ("value", "low", "high"))
    return f"{value} ({low} to {high})"


def unit(name: str) -> str:
    """Unit of an outcome behind a number in a sentence; an index needs none."""
    own = vs.outcomes.OUTCOMES[name].unit
    return "" if own.startswith("index") else f" {own}"

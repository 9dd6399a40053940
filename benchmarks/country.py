"""What a whole country costs: every county of one edition for ten years, without policy and with one strategy.

QUESTION: how long do all counties take on two free cores, and how much memory does the parent need?
DESIGN: all counties are read and held by the parent as a cohort holds them; every k-th by size is loaded and run, one
replication, with the outcomes of a cohort. The sum over all is the sample's cost by the village-year times all village-years
(ratio estimate), with its jackknife error. Processor seconds are measured, not the clock, so that a busy machine tells the same.
Prefectures, whose counties share an environment, fund and luck, are run beside: they are another question, and show what larger
environments would save.
OUTPUT: printed, with goals and whether they are met.

    python benchmarks/country.py [--roll villages.csv] [--sample 60] [--years 10]
    python benchmarks/country.py --whole out/country [--dask] [--roll villages.csv] [--years 10]

``--whole`` runs all of it by the clock, as ``villagesim cohort`` does on two cores, and keeps it in a folder. With ``--dask`` it
goes through a cluster of two worker processes, one of which is killed on the way.

``--roll`` is a published file of one edition, as ``villages.csv`` of china-division; it is not part of the library. Without it a
country of the size of China's is put together out of the 2019 edition of benchmarks/rolls_national: its counties, again and again
under other codes, up to 487,000 villages.
"""

import argparse
import csv
import lzma
import math
import multiprocessing
import os
import resource
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import numpy as np

import villagesim as vs
from villagesim.questions import Cohort
from villagesim.runs.cohort import CohortRuns, CountyTask, make_county
from villagesim.runs.counties import CohortCounty, Template, of_rolls
from villagesim.runs.store import Store

ROLLS = Path(__file__).parent / "rolls_national" / "villages_2019_2020.csv.xz"
VILLAGES = 487_000
STRATEGIES, OUTCOMES = ("nothing but the merger", "clean-up"), ("collective_income", "trust", "debt")
MOST_MINUTES, MOST_LOADING, MOST_MEMORY, MOST_RATIO = 10.0, 0.05, 1.0, 1.25
USUAL_SIZE = (700, 1_400)
PARTS_BEFORE_THE_KILL = 100


@dataclass(frozen=True)
class Measured:
    """One county that was run: villages, and processor seconds of loading, running and writing."""

    villages: int
    loading: float
    running: float


def made_up(path: Path) -> int:
    """Write a country of the size of China's out of the counties that ship, under codes of their own; how often each stands."""
    by_county: dict[str, list[tuple[str, str]]] = {}
    with lzma.open(ROLLS, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["edition"] == "2019":
                by_county.setdefault(row["code"][:6], []).append((row["code"][6:], row["name"]))
    n, written, numbers = 0, 0, {province: count(101) for province in {code[:2] for code in by_county}}
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(("code", "name"))
        while written < VILLAGES:
            n += 1
            for county, rows in by_county.items():
                code = f"{county[:2]}{next(numbers[county[:2]]):04d}"
                writer.writerows((code + rest, name) for rest, name in rows)
                written += sum(200 <= int(rest[3:]) < 400 for rest, _ in rows)
    return n


def measured(task: CountyTask, counties: Sequence[CohortCounty]) -> list[Measured]:
    """Load and run counties one after the other, in this process."""
    found = []
    with TemporaryDirectory() as folder:
        store = Store(Path(folder) / "store", {})
        for place, county in enumerate(counties):
            runs = CohortRuns(store, task, [county], 1)
            begun = time.process_time()
            Template(task.scenario, task.kinds, task.spread, task.strategies).made(county, county.seed(1))
            loaded = time.process_time()
            for part in runs._parts({}, None):
                make_county(replace(part, number=place, path=store.parts.file("county", place)))
            ended = time.process_time()
            found.append(Measured(county.n_villages, loaded - begun, ended - loaded))
        store.parts.clear()
        store.__exit__()
    return found


def apart(task: CountyTask, counties: Sequence[CohortCounty]) -> list[Measured]:
    """The same in a process of its own, so that this one stays as small as a parent of workers."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measured, (task, [counties[0], *counties]))[1:]  # the first loads what all need


def prefectures(counties: Sequence[CohortCounty]) -> Iterator[CohortCounty]:
    """All counties of a prefecture as one."""
    groups: dict[str, list[CohortCounty]] = {}
    for county in counties:
        groups.setdefault(county.code[:4], []).append(county)
    for code, own in groups.items():
        rows = b"".join(each.before for each in own)
        yield CohortCounty(code, code, code, sum(each.n_villages for each in own), before=rows)


def cost(found: Sequence[Measured], years: int) -> tuple[float, float]:
    """Microseconds by village-year of a strategy, and the jackknife error of the ratio."""
    seconds, villages = (
        np.array(column, float) for column in zip(*((m.running, m.villages) for m in found), strict=True)
    )
    per = 1e6 / (years * len(STRATEGIES))
    ratio = per * seconds.sum() / villages.sum()
    if len(found) == 1:
        return float(ratio), math.nan
    left_out = per * (seconds.sum() - seconds) / (villages.sum() - villages)
    n = len(found)
    return float(ratio), float(math.sqrt((n - 1) / n * ((left_out - left_out.mean()) ** 2).sum()))


def memory() -> float:
    """Most that this process has had [GB]."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def goals(roll: Path, sample: int, years: int, told: str) -> list[tuple[str, str, str, bool]]:
    """What is asked of a country: what, what was measured, the goal, whether it is met; by the way, costs are printed."""
    begun = time.process_time()
    counties = [each for each in of_rolls(roll) if isinstance(each, CohortCounty)]
    reading = time.process_time() - begun
    villages = sum(each.n_villages for each in counties)
    print(f"{told}: {len(counties):,} counties, {villages:,} villages; read in {reading:.1f} processor seconds")
    task = CountyTask(of_years(years), STRATEGIES, 1, OUTCOMES)
    by_size = sorted(counties, key=lambda each: each.n_villages)
    step = max(len(by_size) // sample, 1)
    found = apart(task, by_size[step // 2 :: step])
    own, error = cost(found, years)
    all_of_it = own * 1e-6 * villages * years * len(STRATEGIES) + reading
    usual = [m for m in found if USUAL_SIZE[0] <= m.villages <= USUAL_SIZE[1]]
    print(
        f"{len(found)} counties of {found[0].villages} to {found[-1].villages} villages were run: {years} years, 2 strategies"
    )
    print(f"{own:.0f} microseconds a village-year (standard error {error:.0f}); by size of the county:")
    for low, high in ((0, 100), (100, 300), (300, 700), USUAL_SIZE, (1_400, 10**6)):
        if some := [m for m in found if low <= m.villages < high]:
            print(f"  {low} to {high} villages: {cost(some, years)[0]:.0f} ({len(some)} counties)")
    share = 1.96 * error / own
    print(f"all of it: {all_of_it:,.0f} processor seconds (95%: {1 - share:.2f} to {1 + share:.2f} of it)")
    largest = sorted(prefectures(counties), key=lambda each: each.n_villages)
    step = max(len(largest) // 6, 1)
    together, _ = cost(apart(task, largest[step // 2 :: step][:6]), years)
    print(
        f"prefectures as one, 6 of {len(largest)}: {together:.0f} microseconds a village-year,"
        f" {together / own:.2f} of counties alone"
    )
    minutes, loading = all_of_it / 120, [m.loading for m in found]
    rows = [
        ("minutes on two free cores, stretch 6", f"{minutes:.1f}", MOST_MINUTES, minutes),
        ("loading a county [s]", f"{np.mean(loading):.4f}", MOST_LOADING, np.mean(loading)),
        ("memory of the parent [GB]", f"{memory():.2f}", MOST_MEMORY, memory()),
    ]
    if usual:
        ratio = own / cost(usual, years)[0]
        rows.append(("a village-year of all over one of about 1,000 rows", f"{ratio:.2f}", MOST_RATIO, ratio))
    return [(f"a country: {what}", told, f"at most {most:g}", bool(value <= most)) for what, told, most, value in rows]


def whole(roll: Path, out: Path, years: int, through_dask: bool) -> list[tuple[str, str, str, bool]]:
    """All counties by the clock on two cores, or through a cluster that loses a worker: minutes, and memory of the parent."""
    question = Cohort(strategies=(STRATEGIES[1],), outcomes=OUTCOMES, before=str(roll), replications=1)
    begun = time.perf_counter()
    with losing_a_worker(out / "parts") if through_dask else nullcontext({"workers": 2}) as how:
        answer = question.ask(of_years(years), out=out, **how)
    minutes = (time.perf_counter() - begun) / 60
    print(
        f"{len(question.found[0]):,} counties, {sum(each.n_villages for each in question.found[0]):,} villages: {answer}"
    )
    told = "a country by the clock" + (", one of two Dask workers killed" if through_dask else "")
    return [
        (f"{told}: minutes on two cores", f"{minutes:.1f}", f"at most {MOST_MINUTES:g}", minutes <= MOST_MINUTES),
        (f"{told}: memory of the parent [GB]", f"{memory():.2f}", f"at most {MOST_MEMORY:g}", memory() <= MOST_MEMORY),
    ]


@contextmanager
def losing_a_worker(parts: Path) -> Iterator[dict[str, Any]]:
    """Executors of a Dask cluster of two worker processes, one of which is killed when some parts are written."""
    from distributed import LocalCluster

    from villagesim.runs.cluster import Dask

    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        Dask(cluster.scheduler_address) as dask,
    ):

        def kill() -> None:
            while sum(1 for _ in parts.glob("county-*")) < PARTS_BEFORE_THE_KILL:
                time.sleep(1)
            victim = next(iter(cluster.workers.values())).pid
            os.kill(victim, signal.SIGKILL)
            print(f"worker {victim} was killed")

        Thread(target=kill, daemon=True).start()
        yield {"workers": 2, "executors": dask}


def of_years(years: int) -> vs.Scenario:
    """The scenario that all counties are made by."""
    zhangqiu = vs.load_scenario("packaged:zhangqiu")
    start = zhangqiu.timetable.start
    return replace(zhangqiu, timetable=replace(zhangqiu.timetable, stop=start.replace(year=start.year + years)))


def main(given: argparse.Namespace) -> list[tuple[str, str, str, bool]]:
    """Goals of a published roll, or of a made-up country."""
    with TemporaryDirectory() as folder:
        roll, told = given.roll, str(given.roll)
        if roll is None:
            roll = Path(folder) / "villages.csv"
            told = f"a made-up country, the 2019 edition of 301 counties {made_up(roll)} times"
        if given.whole is not None:
            return whole(roll, given.whole, given.years, given.dask)
        return goals(roll, given.sample, given.years, told)


ASKED = argparse.ArgumentParser()
ASKED.add_argument("--roll", type=Path)
ASKED.add_argument("--sample", type=int, default=60)
ASKED.add_argument("--years", type=int, default=10)
ASKED.add_argument("--whole", type=Path)
ASKED.add_argument("--dask", action="store_true")

if __name__ == "__main__":
    for what, told, goal, met in main(ASKED.parse_args()):
        print(f"{'met   ' if met else 'MISSED'} {what}: {told} ({goal})")

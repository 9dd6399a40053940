"""What one replication does, in counts that no load can move: SimPy events, draws, calls of functions and of arrays.

Run with ``make bench``; a change that should cost nothing leaves all of them as they were or lower.
"""

import csv
import lzma
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

import simpy.core

import villagesim as vs
from villagesim.runs.counties import CohortCounty, Template, of_rolls

SCENARIOS = Path(__file__).parents[1] / "scenarios"
CASES = (("one_town", "both"), ("zhangqiu", "no merger"), ("zhangqiu", "four together"), ("zhangqiu", "1226"))
DRAWS = ("uniform", "uniform_by_decision")
ROLLS = Path(__file__).parent / "rolls_national" / "villages_2019_2020.csv.xz"
SMALL, YEARS = "513230", 10
"""A county of 60 villages in the edition of 2019, and how long it is run."""


def counts(name: str, strategy: str) -> Counter[str]:
    """Counts of one replication of a place, without its tables."""
    return counted(vs.load_scenario(SCENARIOS / f"{name}.toml"), strategy)


def small_county() -> vs.Scenario:
    """A small county as a cohort makes it out of Zhangqiu's scenario."""
    scenario = vs.load_scenario(SCENARIOS / "zhangqiu.toml")
    dates = scenario.timetable
    scenario = replace(scenario, timetable=replace(dates, stop=dates.start.replace(year=dates.start.year + YEARS)))
    with TemporaryDirectory() as folder, lzma.open(ROLLS, "rt", encoding="utf-8", newline="") as rows:
        roll = Path(folder) / "villages.csv"
        with roll.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines)
            writer.writerow(("code", "name"))
            writer.writerows(
                (row["code"], row["name"])
                for row in csv.DictReader(rows)
                if row["edition"] == "2019" and row["code"].startswith(SMALL)
            )
        (county,) = (each for each in of_rolls(roll) if isinstance(each, CohortCounty))
    strategy = next(iter(scenario.strategies))
    return Template(scenario, ("village",), {}, (strategy,)).made(county, county.seed(1))


def counted(scenario: vs.Scenario, strategy: str) -> Counter[str]:
    """Counts of one replication, without its tables."""
    vs.simulate(scenario, strategy, 1, 0)  # what is loaded or known after the first run is not counted
    endowment = scenario.endow(1, 0, 1)
    found: Counter[str] = Counter()
    step = simpy.core.Environment.step

    def watch(frame: FrameType, event: str, argument: Any) -> None:
        if event == "call":
            found["python calls"] += 1
            if frame.f_code.co_name in DRAWS and frame.f_code.co_filename.endswith("randomness.py"):
                found["draws"] += 1
        elif event == "c_call":
            found[
                "array calls"
                if "numpy" in str(getattr(argument, "__module__", "")) or _of_array(argument)
                else "c calls"
            ] += 1

    def counted_step(env: simpy.core.Environment) -> None:
        found["events"] += 1
        step(env)

    simpy.core.Environment.step = counted_step  # type: ignore[method-assign]
    sys.setprofile(watch)
    try:
        vs.simulate(scenario, strategy, 1, 1, endowment=endowment)
    finally:
        sys.setprofile(None)
        simpy.core.Environment.step = step  # type: ignore[method-assign]
    return found


def _of_array(function: Any) -> bool:
    return type(getattr(function, "__self__", None)).__module__.startswith("numpy")


def main() -> None:
    kinds = ("events", "draws", "array calls", "c calls", "python calls")
    print(f"{'':32}" + "".join(f"{kind:>16}" for kind in kinds))
    for name, strategy in CASES:
        found = counts(name, strategy)
        print(f"{name + ', ' + strategy:32}" + "".join(f"{found[kind]:16,}" for kind in kinds))
    small = small_county()
    found = counted(small, small.baseline)
    print(f"{'60 villages, ten years':32}" + "".join(f"{found[kind]:16,}" for kind in kinds))


if __name__ == "__main__":
    main()

"""All goals of speed in one table, and whether each is met: what ``make bench`` prints.

Counts come first: events, draws and calls of arrays of a replication, which nothing that the machine does besides can move. They
are the gate: a change may not raise one beyond what stands here. Instructions, where valgrind is installed, are shown to set two
versions side by side. Times stand behind, in B, the cost of a bare SimPy timeout, or as ratios of runs that take turns; on a
machine that is busy they are missed without anybody's fault.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from statistics import median
from tempfile import TemporaryDirectory

import country
import counts
import reduced_model
import replication
import runner

HERE = Path(__file__).parent
KINDS = ("events", "draws", "array calls")
MOST: dict[tuple[str, str], tuple[int, int, int]] = {
    ("one_town", "both"): (1_144, 429, 11_878),
    ("zhangqiu", "no merger"): (2_641, 674, 28_983),
    ("zhangqiu", "four together"): (11_913, 1_582, 43_197),
    ("zhangqiu", "1226"): (12_555, 1_881, 54_411),
}
"""Events, draws and calls of arrays of one replication: what was counted, and a twentieth."""
ONE = """
import villagesim as vs
scenario = vs.load_scenario("packaged:one_town")
for replication in range({n}):
    vs.simulate(scenario, "both", 1, replication)
"""
WRITING = """
import time
import villagesim as vs
from villagesim.questions import Comparison
answer = Comparison(replications=1).ask(vs.load_scenario("packaged:one_town"), 1, workers=1)
begun = time.process_time()
answer.save({folder!r})
print(time.process_time() - begun)
"""
MOST_WRITING = 1.0
"""Processor seconds of tables and figures of a comparison of one replication, with what draws loaded."""
COUNTIES, YEARS = 20, 10
"""Of a country, those that are run, and how long."""


@dataclass(frozen=True)
class Goal:
    """One goal, what was measured, and whether load can move it."""

    what: str
    measured: str
    goal: str
    met: bool
    moved: str = "no"


def counted() -> list[Goal]:
    """Counts of one replication."""
    goals = []
    for (name, strategy), most in MOST.items():
        found = counts.counts(name, strategy)
        for kind, limit in zip(KINDS, most, strict=True):
            goals.append(
                Goal(f"{name}, {strategy}: {kind}", f"{found[kind]:,}", f"at most {limit:,}", found[kind] <= limit)
            )
    return goals


def instructions() -> list[Goal]:
    """Instructions of one replication, its endowment made: of three runs, less those of one, by half."""
    if which("valgrind") is None:
        return []
    one, three = (_instructions(n) for n in (1, 3))
    return [
        Goal(
            "one_town, both: million instructions", f"{(three - one) / 2e6:,.0f}", "none: other processors differ", True
        )
    ]


def _instructions(n: int) -> int:
    with TemporaryDirectory() as folder:
        command = [
            "valgrind",
            "--tool=cachegrind",
            "--cache-sim=no",
            f"--cachegrind-out-file={folder}/out",
            sys.executable,
            "-c",
        ]
        threads = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
        ran = subprocess.run(
            [*command, ONE.format(n=n)],
            env=os.environ | {"PYTHONHASHSEED": "0"} | threads,
            text=True,
            capture_output=True,
            check=True,
        )
    told = re.search(r"I\s+refs:\s+([\d,]+)", ran.stderr)
    assert told is not None, ran.stderr[-300:]
    return int(told[1].replace(",", ""))


def timed() -> list[Goal]:
    """Times in B, and ratios of what takes turns."""
    goals = []
    for (name, strategy, stop), most in replication.GOALS.items():
        found = median(replication.replication_cost(name, strategy, stop))
        until = f" until {stop}" if stop else ""
        goals.append(Goal(f"{name}, {strategy}{until}: B", f"{found:,.0f}", f"at most {most:,}", found <= most, "yes"))
    ratio = reduced_model.ratio()
    goals.append(
        Goal(
            "textbook SimPy over columns",
            f"{ratio:.1f}",
            f"at least {reduced_model.GOAL:g}",
            ratio >= reduced_model.GOAL,
            "little",
        )
    )
    found, most = runner.overhead(), runner.MOST_OVERHEAD
    goals.append(Goal("what a sweep adds to its runs", f"{found:.1%}", f"at most {most:.0%}", found <= most, "yes"))
    two, least = median(runner.speed(3)), runner.LEAST_SPEED
    goals.append(
        Goal("two workers over two plain processes", f"{two:.2f}", f"at least {least}", two >= least, "little")
    )
    return goals


def writing() -> Goal:
    """Processor seconds that the tables and figures of a small comparison take, in a process of its own."""
    seconds = []
    for _ in range(3):
        with TemporaryDirectory() as folder:
            code = WRITING.format(folder=f"{folder}/out")
            ran = subprocess.run([sys.executable, "-c", code], text=True, capture_output=True, check=True)
        seconds.append(float(ran.stdout))
    found = median(seconds)
    what = "writing one replication [processor s]"
    return Goal(what, f"{found:.2f}", f"at most {MOST_WRITING:g}", found <= MOST_WRITING, "yes")


def main() -> None:
    of_country = [
        Goal(*row, "yes")
        for row in country.main(country.ASKED.parse_args(["--sample", str(COUNTIES), "--years", str(YEARS)]))
    ]
    goals = [*counted(), *instructions(), *timed(), writing(), *of_country]
    wide = max(len(goal.what) for goal in goals)
    print(f"\n{'goal':<{wide}}  {'measured':>16}  {'asked':<30}{'met':<8}moved by load")
    for goal in goals:
        print(
            f"{goal.what:<{wide}}  {goal.measured:>16}  {goal.goal:<30}{'met' if goal.met else 'MISSED':<8}{goal.moved}"
        )
    gate = [goal for goal in goals if goal.moved == "no" and not goal.met]
    print(
        f"{sum(goal.met for goal in goals)} of {len(goals)} goals are met; of counts {'some are MISSED' if gate else 'all'}"
    )
    sys.exit(bool(gate))


if __name__ == "__main__":
    main()

"""What it costs to run many runs: overhead as a share of the work, and what two workers reach.

Overhead is all that a sweep does beside simulating and working outcomes out: making points, sending parts to workers,
storing them, reading them again to resume. Two workers are timed against two processes that run the same replications in
a plain loop and share nothing, in alternating pairs. Run with ``make bench``, on an idle machine: the clock on the wall
counts the work of others too. Number of pairs: first argument.
"""

import pickle
import sys
import time
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from statistics import median
from subprocess import PIPE, Popen
from tempfile import TemporaryDirectory
from typing import Any

import villagesim as vs
from villagesim.experiment import parts
from villagesim.experiment.design import Factor, grid
from villagesim.experiment.runner import processes
from villagesim.experiment.sweep import sweep

SCENARIO = Path(__file__).parents[1] / "scenarios" / "one_town.toml"
REPLICATIONS, FOR_OVERHEAD, PAIRS = 64, 256, 7
MOST_OVERHEAD, LEAST_SPEED = 0.02, 0.95
STRATEGIES, OUTCOMES = ("nothing but the merger", "both"), ("collective_income", "trust", "real_integration")


def plain_loop(first: int, n: int) -> None:
    """Run replications one after the other, outcomes included; print the clock before and after."""
    scenario = vs.load_scenario(SCENARIO)
    warm_up()
    endowment = scenario.endow(1)
    begun = time.time()
    for replication in range(first, first + n):
        for strategy in STRATEGIES:
            run = vs.simulate(scenario, strategy, 1, replication, endowment=endowment)
            assert all(vs.OUTCOMES[name].county(run.record)[-1] >= 0 for name in OUTCOMES)
    print(begun, time.time(), flush=True)


def warm_up() -> None:
    """Load what a run needs."""
    vs.simulate(vs.load_scenario(SCENARIO), "both")


def swept(folder: Path, replications: int = REPLICATIONS, **how: Any) -> float:
    """Seconds of a sweep over the same replications into a folder."""
    scenario = vs.load_scenario(SCENARIO)
    design = grid([Factor("draw", values=(0,))])
    begun = time.perf_counter()
    sweep(
        scenario, design, replications=replications, strategies=STRATEGIES, outcomes=OUTCOMES, out=folder,
        write=lambda *found: None, **how,
    )  # fmt: skip
    return time.perf_counter() - begun


def timed(function: Callable[..., Any], spent: list[float]) -> Callable[..., Any]:
    """Let a function note how long each of its calls takes [s]."""

    def timing(*arguments: Any, **rest: Any) -> Any:
        begun = time.perf_counter()
        result = function(*arguments, **rest)
        spent.append(time.perf_counter() - begun)
        return result

    return timing


def overhead() -> float:
    """Share of the work that sending, storing and resuming add."""
    working: list[float] = []
    sending: list[float] = []
    simulate, outcomes_of, make_part = parts.simulate, parts.outcomes_of, parts.make_part
    parts.simulate, parts.outcomes_of = timed(simulate, working), timed(outcomes_of, working)

    class Here(Executor):
        """Sends parts as a pool of processes does, and makes them here."""

        def submit(self, make: Any, part: Any) -> Any:  # type: ignore[override]
            from concurrent.futures import Future

            sent = timed(lambda: pickle.loads(pickle.dumps(part)), sending)()
            future: Future[Path] = Future()
            future.set_result(make_part(sent))
            return future

    with TemporaryDirectory() as folder:
        whole = swept(Path(folder) / "out", FOR_OVERHEAD, workers=2, executors=lambda workers: Here())
        resumed = swept(Path(folder) / "out", FOR_OVERHEAD, workers=1, resume=True)
    parts.simulate, parts.outcomes_of = simulate, outcomes_of
    work = sum(working)
    print(
        f"work {work:.2f} s; beside it {(whole - work) / work:.2%} (sending {sum(sending) / work:.2%});"
        f" resuming where all is there {resumed / work:.2%}"
    )
    return (whole - work + resumed) / work


def speed(pairs: int) -> list[float]:
    """Speed of two workers over that of two plain processes, pair by pair."""
    ratios = []
    for _ in range(pairs):
        half = REPLICATIONS // 2
        command = [sys.executable, __file__, "plain"]
        both = [Popen([*command, str(k * half), str(half)], stdout=PIPE, text=True) for k in range(2)]
        clocks = [[float(word) for word in process.communicate()[0].split()] for process in both]
        plain = max(end for _, end in clocks) - min(begun for begun, _ in clocks)
        pool = processes(2)
        for ready in [pool.submit(warm_up) for _ in range(4)]:  # so that both have started and loaded the library
            ready.result()
        with TemporaryDirectory() as folder:
            ratios.append(plain / swept(Path(folder) / "out", workers=2, executors=lambda workers, pool=pool: pool))
    return ratios


def main(pairs: int) -> None:
    found = overhead()
    print(f"overhead {found:.2%} of the work; goal at most {MOST_OVERHEAD:.0%}: {said(found <= MOST_OVERHEAD)}")
    ratios = speed(pairs)
    print(
        f"two workers: {median(ratios):.3f} of two plain processes, median of {pairs} pairs"
        f" (from {min(ratios):.3f} to {max(ratios):.3f}); goal at least {LEAST_SPEED}: {said(median(ratios) >= LEAST_SPEED)}"
    )


def said(holds: bool) -> str:
    return "met" if holds else "missed"


if __name__ == "__main__":
    if sys.argv[1:2] == ["plain"]:
        plain_loop(int(sys.argv[2]), int(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else PAIRS)

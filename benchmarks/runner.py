"""What it costs to run many runs: overhead as a share of the work, and what two workers reach.

Overhead is all that a sweep does beside simulating and working outcomes out: making points, sending parts to workers,
storing them, reading them again to resume. Two workers are timed against two processes that run the same replications in
a plain loop and share nothing. Both are started first, then take turns of half a second: whoever's turn it is not is
stopped, so that whatever else the machine does hits both alike. Loading libraries is not counted: every process does it
once. The place is the smallest that ships, where a run takes least and all that is beside it weighs most. Run with
``make bench``. Number of pairs: first argument.
"""

import os
import pickle
import signal
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path
from select import select
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
REPLICATIONS, PAIRS, TURN = 256, 7, 0.5
MOST_OVERHEAD, LEAST_SPEED = 0.02, 0.95
STRATEGIES, OUTCOMES = ("nothing but the merger", "both"), ("collective_income", "trust", "real_integration")


def plain_loop(first: int, n: int) -> None:
    """Run replications one after the other, outcomes included, when told to."""
    warm_up()
    scenario = vs.load_scenario(SCENARIO)
    endowment = scenario.endow(1)
    wait_for_the_start()
    for replication in range(first, first + n):
        for strategy in STRATEGIES:
            run = vs.simulate(scenario, strategy, 1, replication, endowment=endowment)
            assert all(vs.OUTCOMES[name].county(run.record)[-1] >= 0 for name in OUTCOMES)
    print("done", flush=True)


def two_workers(n: int) -> None:
    """Run the same as a sweep, when told to."""
    warm_up()
    pool = processes(2)
    for ready in [pool.submit(warm_up) for _ in range(4)]:  # so that both have started
        ready.result()
    with TemporaryDirectory() as folder:
        wait_for_the_start()
        swept(Path(folder) / "out", n, workers=2, executors=lambda workers: pool)
        print("done", flush=True)


def wait_for_the_start() -> None:
    print("ready", flush=True)
    sys.stdin.readline()


def warm_up() -> None:
    """Load what a run and its storing need."""
    with TemporaryDirectory() as folder:
        swept(Path(folder) / "out", 1, workers=1)


def swept(folder: Path, replications: int, **how: Any) -> float:
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
    warm_up()
    working: list[float] = []
    sending: list[float] = []
    simulate, outcomes_of, make_part = parts.simulate, parts.outcomes_of, parts.make_part
    parts.simulate, parts.outcomes_of = timed(simulate, working), timed(outcomes_of, working)

    class Here(Executor):
        """Sends parts as a pool of processes does, and makes them here."""

        def submit(self, make: Any, part: Any) -> Any:  # type: ignore[override]
            sent = timed(lambda: pickle.loads(pickle.dumps(part)), sending)()
            future: Future[Path] = Future()
            future.set_result(make_part(sent))
            return future

    with TemporaryDirectory() as folder:
        whole = swept(Path(folder) / "out", REPLICATIONS, workers=2, executors=lambda workers: Here())
        resumed = swept(Path(folder) / "out", REPLICATIONS, workers=1, resume=True)
    parts.simulate, parts.outcomes_of = simulate, outcomes_of
    work = sum(working)
    print(
        f"work {work:.2f} s; beside it {(whole - work) / work:.2%} (sending {sum(sending) / work:.2%});"
        f" resuming where all is there {resumed / work:.2%}"
    )
    return (whole - work + resumed) / work


def speed(pairs: int) -> list[float]:
    """Speed of two workers over that of two plain processes, pair by pair."""
    half = REPLICATIONS // 2
    plain, workers = [("plain", 0, half), ("plain", half, half)], [("workers", REPLICATIONS)]
    ratios = []
    for pair in range(pairs):
        both = [[started(*how) for how in side] for side in (plain, workers)]
        seconds = in_turns(both[:: -1 if pair % 2 else 1])[:: -1 if pair % 2 else 1]
        ratios.append(seconds[0] / seconds[1])
    return ratios


def started(*how: str | int) -> "Popen[str]":
    """Start a process of this file with its own group; it is ready, and waits."""
    command = [sys.executable, __file__, *map(str, how)]
    process = Popen(command, stdin=PIPE, stdout=PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def in_turns(sides: "Sequence[Sequence[Popen[str]]]") -> list[float]:
    """Let sides run by turns until they are done; seconds that each had."""
    seconds, left = [0.0] * len(sides), [{process.stdout for process in side if process.stdout} for side in sides]
    for process in (process for side in sides for process in side):
        os.killpg(process.pid, signal.SIGSTOP)
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    while any(left):
        for k, side in enumerate(sides):
            begun = time.perf_counter()
            for process in side:
                os.killpg(process.pid, signal.SIGCONT)
            while left[k] and (rest := begun + TURN - time.perf_counter()) > 0:
                left[k] -= set(select(left[k], [], [], rest)[0])
            seconds[k] += time.perf_counter() - begun
            if left[k]:
                for process in side:
                    os.killpg(process.pid, signal.SIGSTOP)
    for process in (process for side in sides for process in side):
        process.communicate()
    return seconds


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
        plain_loop(*map(int, sys.argv[2:]))
    elif sys.argv[1:2] == ["workers"]:
        two_workers(int(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else PAIRS)

"""What it costs to run many runs: overhead as a share of the work, and what two workers reach.

Overhead is all that a sweep does beside endowing, simulating and working outcomes out: making points, sending parts to workers,
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
from villagesim.design import Factor, grid
from villagesim.runs import parts
from villagesim.runs.runner import processes
from villagesim.runs.store import Store
from villagesim.runs.sweep import Plan

SCENARIO = Path(__file__).parents[1] / "scenarios" / "one_town.toml"
REPLICATIONS, PAIRS, TURN = 256, 7, 0.5
MOST_OVERHEAD, LEAST_SPEED = 0.02, 0.95
STRATEGIES, OUTCOMES = ("nothing but the merger", "both"), ("collective_income", "trust", "real_integration")


def plain_loop(first: int, n: int) -> None:
    """Run replications one after the other, outcomes included, when told to."""
    warm_up()
    scenario = vs.load_scenario(SCENARIO)
    wait_for_the_start()
    for replication in range(first, first + n):
        endowment = scenario.endow(1, 0, replication)
        for strategy in STRATEGIES:
            run = vs.simulate(scenario, strategy, 1, replication, endowment=endowment)
            assert all(vs.outcomes.OUTCOMES[name].county(run.record)[-1] >= 0 for name in OUTCOMES)
    print("done", flush=True)


def plain_loops(n: int) -> None:
    """Run two loops, each a process of its own, when told to."""
    both = [started("loop", k * n // 2, n // 2) for k in range(2)]
    wait_for_the_start()
    for process in both:
        go(process)
    for process in both:
        process.communicate()
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


def swept(folder: Path, replications: int, *, resume: bool = False, **how: Any) -> float:
    """Seconds of a sweep over the same replications into a folder, before tables and figures are made."""
    scenario, design = vs.load_scenario(SCENARIO), grid([Factor("draw", values=(0,))])
    begun = time.perf_counter()
    plan = Plan.of(scenario, design, replications=replications, strategies=STRATEGIES, outcomes=OUTCOMES)
    with Store(folder, plan.about, resume=resume) as store:
        plan.carry_out(store, **how)
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
    endowed, simulate, values, make_part = parts.endowed, parts.simulate, vs.Run.values, parts.make_part
    parts.endowed, parts.simulate, vs.Run.values = (timed(each, working) for each in (endowed, simulate, values))

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
    parts.endowed, parts.simulate, vs.Run.values = endowed, simulate, values
    work = sum(working)
    print(
        f"work {work:.2f} s; beside it {(whole - work) / work:.2%} (sending {sum(sending) / work:.2%});"
        f" resuming where all is there {resumed / work:.2%}"
    )
    return (whole - work + resumed) / work


def speed(pairs: int) -> list[float]:
    """Speed of two workers over that of two plain processes, pair by pair."""
    ratios = []
    for pair in range(pairs):
        order = ("loops", "workers")[:: -1 if pair % 2 else 1]
        seconds = dict(zip(order, in_turns([started(how, REPLICATIONS, own_group=True) for how in order]), strict=True))
        ratios.append(seconds["loops"] / seconds["workers"])
    return ratios


def started(how: str, *numbers: int, own_group: bool = False) -> "Popen[str]":
    """Start a process of this file; it is ready, and waits."""
    command = [sys.executable, __file__, how, *map(str, numbers)]
    process = Popen(command, stdin=PIPE, stdout=PIPE, text=True, start_new_session=own_group)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def go(process: "Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def in_turns(sides: "Sequence[Popen[str]]") -> list[float]:
    """Let groups of processes run by turns until they are done; seconds that each had."""
    seconds, running = [0.0] * len(sides), [True] * len(sides)
    for side in sides:
        os.killpg(side.pid, signal.SIGSTOP)
        go(side)
    while any(running):
        for k, side in enumerate(sides):
            if running[k]:
                begun = time.perf_counter()
                os.killpg(side.pid, signal.SIGCONT)
                running[k] = not select([side.stdout], [], [], TURN)[0]
                seconds[k] += time.perf_counter() - begun
                if running[k]:
                    os.killpg(side.pid, signal.SIGSTOP)
    for side in sides:
        side.communicate()
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
    roles = {"loop": plain_loop, "loops": plain_loops, "workers": two_workers}
    if sys.argv[1:] and sys.argv[1] in roles:
        roles[sys.argv[1]](*map(int, sys.argv[2:]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else PAIRS)

"""What runs will take, judged by a first one: said before they are begun."""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from math import nan

from villagesim.runs.limits import limited
from villagesim.runs.parts import Part, simulated

WIDTH = 8
"""Bytes of a number."""
COPIES = 3
"""How often the results are held at once while they are put in order and written."""


@dataclass(frozen=True)
class Effort:
    """What is to be run.

    Attributes
    ----------
    runs : int
    processes : int
    seconds : float
        All of them together, by the clock; NaN where the first one failed.
    memory : float
        At the same time, of all processes and the results [bytes]; NaN where it is not known.
    """

    runs: int
    processes: int
    seconds: float
    memory: float


Announce = Callable[[Effort], None]


def effort(parts: list[Part], processes: int) -> Effort:
    """Run the first chunk's last strategy, and judge all by it."""
    task, chunk = parts[0].task, parts[0].chunks[0]
    runs = len(task.strategies) * sum(len(part.chunks) for part in parts)
    begun = time.perf_counter()
    try:
        with limited(parts[0].time_limit):
            run = simulated(task, chunk, task.strategies[-1])
            for name in task.outcomes:
                run.values(name)
    except (Exception, SystemExit):
        return Effort(runs, processes, nan, nan)
    seconds = (time.perf_counter() - begun) * runs / processes
    months = len(run.record.labels) if task.months is None else len(task.months)
    rows = runs * months * (1 + run.record.is_village.shape[1] * task.villages)
    return Effort(runs, processes, seconds, processes * _largest() + COPIES * WIDTH * len(task.outcomes) * rows)


def memory_of_machine() -> float:
    """Memory of this machine [bytes], or NaN where it does not say."""
    try:
        return float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, OSError, ValueError):
        return nan


def _largest() -> float:
    """What this process has used at most, after one run, as each worker will [bytes]."""
    try:
        import resource
    except ImportError:
        return nan
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(most) * (1 if sys.platform == "darwin" else 1024)

"""How much does the parent of many runs grow from run 2,000 on [MB]?

With ``empty`` eight thousand runs do nothing; with ``real`` twenty thousand are those of a small county, on two worker processes.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from unit.runs.faulty_policies import small_scenario

import villagesim as vs
from villagesim.design import Factor, latin_hypercube
from villagesim.questions.sweep import sweep
from villagesim.runs import parts


def in_use() -> float:
    """Memory in use, wherever the system keeps it [MB]: what was idle may be swapped out, and files read in are not counted."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return sum(int(status[name].split()[0]) * 1024 for name in ("RssAnon", "VmSwap")) / 1e6


def main(real: bool) -> None:
    n, scenario = 20_000 if real else 8_000, small_scenario()
    if not real:
        run = vs.simulate(scenario, "trouble")
        parts.simulate = lambda *arguments, **rest: run
        vs.Scenario.endow = lambda *arguments: None
    seen = {}

    def progress(done: int, planned: int) -> None:
        if done >= 2_000:
            seen.setdefault("at 2,000", in_use())
        seen["most"] = max(seen.get("most", 0.0), in_use()) if "at 2,000" in seen else 0.0

    design = latin_hypercube([Factor("parameters.income_growth", 0.0, 0.06)], n, seed=1)
    found = sweep(
        scenario, design, strategies=["trouble"], outcomes=["trust"], progress=progress, workers=2,
        executors=None if real else ThreadPoolExecutor,
    )  # fmt: skip
    assert len(found.runs) == n
    print(seen["most"] - seen["at 2,000"])


if __name__ == "__main__":
    main(sys.argv[1:] == ["real"])

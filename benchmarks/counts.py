"""What one replication does, in counts that no load can move: SimPy events, draws, calls of functions and of arrays.

Run with ``make bench``; a change that should cost nothing leaves all of them as they were or lower.
"""

import sys
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

import simpy.core

import villagesim as vs

SCENARIOS = Path(__file__).parents[1] / "scenarios"
CASES = (("one_town", "both"), ("zhangqiu", "no merger"), ("zhangqiu", "four together"), ("zhangqiu", "1226"))
DRAWS = ("uniform", "uniform_by_decision")


def counts(name: str, strategy: str) -> Counter[str]:
    """Counts of one replication, without its tables."""
    scenario = vs.load_scenario(SCENARIOS / f"{name}.toml")
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


if __name__ == "__main__":
    main()

"""Cost of one replication, in B: the cost of a bare SimPy timeout in the same process.

Seconds say as much about the machine as about the library; B does not. Run with ``make bench``. Figures are medians of
seven runs, each beside its own timing of B, outcomes included.
"""

import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import median

import simpy

import villagesim as vs

SCENARIOS = Path(__file__).parents[1] / "scenarios"
GOALS = {
    ("zhangqiu", "both", None): 400_000,
    ("zhangqiu", "four together", None): 400_000,
    ("zhangqiu", "1226", date(2031, 1, 1)): 900_000,
    ("one_town", "both", None): 60_000,
}
"""B for one replication of a strategy up to a date (None: that of the file), all outcomes of the county included."""


def timeout_seconds(n: int = 200_000) -> float:
    """Seconds that one bare timeout takes."""
    env = simpy.Environment()

    def ticking():  # type: ignore[no-untyped-def]
        for _ in range(n):
            yield env.timeout(1)

    env.process(ticking())
    begun = time.perf_counter()
    env.run()
    return (time.perf_counter() - begun) / n


def replication_cost(name: str, strategy: str, stop: date | None, runs: int = 7) -> list[float]:
    """Cost of one replication [B], run by run."""
    scenario = vs.load_scenario(SCENARIOS / f"{name}.toml")
    if stop is not None:
        scenario = replace(scenario, timetable=replace(scenario.timetable, stop=stop))
    costs = []
    for replication in range(runs + 1):
        endowment = scenario.endow(1, 0, replication)
        one_timeout = timeout_seconds()
        begun = time.perf_counter()
        assert vs.simulate(scenario, strategy, 1, replication, endowment=endowment).outcomes
        costs.append((time.perf_counter() - begun) / one_timeout)
    return costs[1:]


def main() -> None:
    print(f"B = {timeout_seconds() * 1e6:.2f} microseconds")
    for (name, strategy, stop), goal in GOALS.items():
        costs = replication_cost(name, strategy, stop)
        until = f" until {stop}" if stop else ""
        print(
            f"{name}, {strategy}{until}: median {median(costs):,.0f} B (from {min(costs):,.0f} to {max(costs):,.0f});"
            f" goal at most {goal:,} B: {'met' if median(costs) <= goal else 'missed'}"
        )


if __name__ == "__main__":
    main()

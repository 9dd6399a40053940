"""Races run by another implementation of Kim and Nelson's selection: `pip install sim-tools`, then run this file.

Written to tests/oracles/selection.json. In the first replications all differences vary alike: with more than two
strategies sim-tools 1.3.0 looks some variances up for another pair, which does not show then.
"""

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np

from villagesim.randomness import Draws

ORACLE = Path(__file__).parents[1] / "tests" / "oracles" / "selection.json"
MARGIN, START, N = 0.3, 20, 1200
RACES = [(k, seed) for k in (2, 4) for seed in range(10)]


def race(k: int, seed: int) -> np.ndarray:
    """Common luck, own luck, and a lead of the last: (k, N) values."""
    draws, row, replication = Draws(seed, "selection"), np.arange(k)[:, np.newaxis], np.arange(N)
    values = 3 * draws.normal("county", replication) + draws.normal("own", row, replication)
    values[-1] += 0.2
    first = values[:, :START]
    means = first.mean(axis=1, keepdims=True)
    apart = np.linalg.qr(np.column_stack([np.ones(START), (first - means).T]))[0][:, 1:].T
    apart *= np.sign((apart * (first - means)).sum(axis=1, keepdims=True))  # the sign is free
    values[:, :START] = means + apart * np.sqrt(START - 1)
    return values


class Strategies:
    """Gives out the values of a race one by one, as sim-tools asks for them."""

    def __init__(self, values: np.ndarray) -> None:
        self.values, self.n_run = values, [0] * len(values)

    def register_observer(self, observer: object) -> None:
        """Who is told of each value."""
        self.observer = observer

    def simulate(self, design: int) -> None:
        """One replication of one strategy."""
        self.n_run[design] += 1
        self.observer.feedback(self, design, self.values[design, self.n_run[design] - 1])


def main() -> None:
    """Run all races, and write who won and how long each ran."""
    from sim_tools.ovs.indifference_zone import KN

    found = []
    for k, seed in RACES:
        strategies = Strategies(race(k, seed))
        best = KN(strategies, k, MARGIN, alpha=0.05, n_0=START).solve()
        found.append({"k": k, "seed": seed, "best": int(best[0]), "n_run": strategies.n_run})
    content = {
        "oracle_of": "Kim and Nelson's selection",
        "made_by": "benchmarks/oracle_selection.py",
        "with": f"sim-tools {version('sim-tools')}",
        "races": found,
    }
    ORACLE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

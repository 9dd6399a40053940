"""Oracles: the rule of Kim and Nelson, written once more as a plain loop, and races run by sim-tools."""

import json
from pathlib import Path

import numpy as np
import pytest
from oracle_selection import MARGIN, START
from oracle_selection import race as oracle_race

from villagesim.errors import VillagesimError
from villagesim.randomness import Draws
from villagesim.statistics.selection import Selection, select


def race(name: str, k: int, n: int, *, lead: float = 0.0) -> np.ndarray:
    draws, (row, r) = Draws(13, "test_selection"), np.ogrid[:k, :n]
    values = 4 * draws.normal(name + ".county", r) + draws.normal(name, row, r)
    values[-1] += lead
    return values


def by_hand(values: np.ndarray, margin: float, start: int, alpha: float = 0.05) -> tuple[int | None, list[int | None]]:
    """One replication after the other, one pair after the other."""
    k, n = values.shape
    h2 = (start - 1) * ((2 * alpha / (k - 1)) ** (-2 / (start - 1)) - 1)
    s2 = [[np.var(values[i, :start] - values[j, :start], ddof=1) for j in range(k)] for i in range(k)]
    inside, dropped = list(range(k)), [None] * k
    for r in range(start, n + 1):
        mean = values[:, :r].mean(axis=1)
        out = [
            i
            for i in inside
            if any(mean[i] < mean[j] - max(0, margin / (2 * r) * (h2 * s2[i][j] / margin**2 - r)) for j in inside)
        ]
        for i in out:
            dropped[i] = r
            inside.remove(i)
        if len(inside) == 1:
            return inside[0], dropped
    return None, dropped


@pytest.mark.parametrize("number", range(8))
def test_equals_the_plain_loop(number):
    values = race(f"race {number}", 5, 150, lead=0.3)
    found = select(values, 0.5, 1, start=10)
    best, dropped = by_hand(values, 0.5, 10)
    assert found.dropped_after == tuple(dropped)
    assert found.best == best


RACES = json.loads((Path(__file__).parents[2] / "oracles" / "selection.json").read_text(encoding="utf-8"))["races"]


@pytest.mark.parametrize("race", RACES, ids=lambda race: f"{race['k']} strategies, seed {race['seed']}")
def test_equals_the_races_of_another_implementation(race):
    """Each strategy ran as long; sim-tools runs the winner once more after the race is decided."""
    found = select(oracle_race(race["k"], race["seed"]), MARGIN, 1, start=START)
    assert found.best == race["best"]
    n_run = [after or race["n_run"][race["best"]] for after in found.dropped_after]
    assert n_run == race["n_run"]


def test_races_are_long_enough_to_tell_rules_apart():
    """The twin: with eleven tenths of the margin most races run otherwise."""
    same = 0
    for race in RACES:
        found = select(oracle_race(race["k"], race["seed"]), 1.1 * MARGIN, 1, start=START)
        same += [after or race["n_run"][race["best"]] for after in found.dropped_after] == race["n_run"]
    assert same < len(RACES) / 2


def test_what_came_after_being_dropped_is_never_looked_at():
    values = race("dropped", 5, 150, lead=0.4)
    found = select(values, 0.5, 1)
    for row, after in enumerate(found.dropped_after):
        if after is not None:
            values[row, after:] = np.nan
    assert select(values, 0.5, 1) == found
    assert found.best is not None


def test_a_shorter_race_is_the_same_race():
    values = race("long", 5, 150, lead=0.3)
    whole = select(values, 0.5, 1)
    for n in (20, 30, 60):
        part = select(values[:, :n], 0.5, 1)
        expected = tuple(d if d is not None and d <= n else None for d in whole.dropped_after)
        assert part.dropped_after == expected


def test_at_most_so_many_more_settle_it():
    """Equals take longest; whatever comes, the race is over when it was said to be."""
    values = race("equals", 4, 600)
    at_most = select(values[:, :20], 0.5, 1).at_most
    assert at_most > 0
    assert select(values[:, : 20 + at_most], 0.5, 1).best is not None


def test_before_the_first_screening_it_waits():
    assert select(race("early", 3, 12), 0.5, 1) == Selection(None, (None, None, None), 8)


def test_the_lower_is_better():
    values = race("lower", 4, 200, lead=-2.0)
    assert select(values, 0.5, -1).best == 3
    assert select(values, 0.5, -1).dropped_after == select(-values, 0.5, 1).dropped_after


def test_equals_to_the_bit_and_one_alone():
    same = np.tile(race("same", 1, 30), (3, 1))
    assert select(same, 0.5, 1) == Selection(0, (None, None, None), 0, too_sparse=(1, 2))
    assert select(same[:1], 0.5, 1) == Selection(0, (None,), 0)


def test_twins_ahead_of_the_others_end_the_race():
    """They cannot drop each other; the first is selected as soon as all others are dropped."""
    apart = race("twins", 3, 150, lead=1.0)
    found, alone = select(apart[[2, 0, 2, 1]], 0.5, 1), select(apart, 0.5, 1)
    assert alone.best == 2
    assert (found.best, found.at_most) == (0, 0)
    assert found.dropped_after[0] is found.dropped_after[2] is None
    assert max(found.dropped_after[1], found.dropped_after[3]) < 150


def test_a_size_and_a_direction_are_needed():
    with pytest.raises(VillagesimError, match="above 0"):
        select(race("no size", 3, 30), 0.0, 1)
    with pytest.raises(VillagesimError, match="neither more nor less"):
        select(race("no direction", 3, 30), 1.0, 0)

"""Grids and samples: every column of a sample depends on seed, path and number of points, and on nothing else.

A factor more or less, or another order of factors, moves no other column: results change for what has changed alone.

Sobol' designs pay for this. In one net over all factors each has a dimension that no other has, so a column depends on which
others there are. Columns that know nothing of each other, drawn by one law, integrate a product of two factors no better than
independent points do; what is kept is the net of a factor's own two columns. Measured with 128 base samples, errors of indices
are 10 to 30% larger than with one net for Ishigami's function and Sobol's g, and about twice as large, but small, for a plain
sum of eleven; of total-order indices they are 60 to 70% of those of independent points. Hashing factors into the thousands of
dimensions of one net is worse: some pairs of these go together.
"""

from collections.abc import Callable, Sequence
from itertools import product
from math import prod

import numpy as np

from villagesim.arrays import Floats, Ints
from villagesim.checks import MOST, size, whole
from villagesim.design.design import Design, table_of
from villagesim.design.factor import WHOLE, Factor, checked_factors
from villagesim.errors import DesignError
from villagesim.randomness import Draws

__all__ = ["grid", "latin_hypercube", "morris", "sobol"]


MOST_VALUES = 10_000_000
"""Points times factors of a sample."""


def grid(factors: Sequence[Factor]) -> Design:
    """Every combination of the values of all factors; the last factor changes fastest.

    Raises
    ------
    DesignError
        Where a factor has a range instead of values.
    """
    for factor in checked_factors(factors):
        if factor.values is None:
            raise DesignError(
                "a grid needs values.",
                fix="Give some, as values = [1, 2, 3], or choose another kind of design.",
                at=[f"factor {factor.path}"],
            )
    _check_size(prod(len(factor.values or ()) for factor in factors), "a grid of these values")
    rows = list(product(*(factor.values or () for factor in factors)))
    return Design(tuple(factors), table_of(factors, rows), "grid")


def latin_hypercube(factors: Sequence[Factor], n: int, seed: int) -> Design:
    """``n`` points such that each factor takes ``n`` values spread evenly over its range.

    Notes
    -----
    Source: McKay, Beckman and Conover 1979, Technometrics 21, 239-245.
    """
    size(n, "n", least=1, error=DesignError)
    _check_values(n, factors)
    points = np.arange(n)

    def column(draws: Draws) -> Floats:
        stratum = draws.uniform("stratum", points).argsort()
        return (stratum + draws.uniform("place", points)) / n

    return _sampled(factors, _columns(factors, seed, "latin_hypercube", column), "latin_hypercube")


def sobol(factors: Sequence[Factor], n: int, seed: int) -> Design:
    """Points for first-order and total-order indices: ``n`` x (number of factors + 2).

    A base sample is a row of two samples A and B, and between them A with one factor after the other from B. The two columns
    of a factor are a (0, m, 2)-net, scrambled and put in an order of their own (Latin supercube).

    Parameters
    ----------
    n : int
        Base sample, a power of two.

    Notes
    -----
    Source: Saltelli et al. 2010, Computer Physics Communications 181, 259-270; Owen 1998, ACM Transactions on Modeling and
    Computer Simulation 8, 71-102.
    """
    size(n, "n", least=2, error=DesignError)
    if n & (n - 1):
        raise DesignError(
            f"n = {n} must be a power of two for a Sobol' design, as {2 ** (n.bit_length() - 1)} or"
            f" {2 ** n.bit_length()}."
        )
    _check_size(n * (len(factors) + 2), f"a Sobol' design with n = {n}")
    _check_values(n * (len(factors) + 2), factors)
    points = np.arange(n)

    def columns(draws: Draws) -> Floats:
        order = draws.uniform("order", points).argsort()
        pair = [_scrambled(digits, draws, name) for digits, name in zip(_net(n), ("a", "b"), strict=True)]
        return np.stack(pair, axis=1)[order]

    pairs = _columns(factors, seed, "sobol", columns)
    first, second = pairs[:, 0], pairs[:, 1]
    k = len(factors)
    blocks = np.repeat(first[:, np.newaxis], k + 2, axis=1)
    blocks[:, np.arange(1, k + 1), np.arange(k)] = second
    blocks[:, -1] = second
    return _sampled(factors, blocks.reshape(-1, k), "sobol")


def morris(factors: Sequence[Factor], r: int, seed: int) -> Design:
    """Points for elementary effects: ``r`` trajectories x (number of factors + 1), on four levels.

    Every factor moves once along a trajectory, by two thirds of its range, up or down. What only counts (replications, draws)
    has no levels: every trajectory has a value of its own, and moves to another one.

    Notes
    -----
    Source: Morris 1991, Technometrics 33, 161-174.
    """
    size(r, "r", least=1, error=DesignError)
    _check_size(r * (len(factors) + 1), f"a Morris design with r = {r}")
    _check_values(r * (len(factors) + 1), factors)
    trajectories, k = np.arange(r), len(factors)

    def moves(draws: Draws) -> Floats:
        low, up, turn = (draws.uniform(name, trajectories) for name in ("low", "up", "turn"))
        level = (low < 0.5) + np.where(up < 0.5, [[0], [2]], [[2], [0]])
        return np.stack([level[0] / 3, level[1] / 3, turn], axis=1)

    def others(draws: Draws) -> Floats:
        first, further, turn = (draws.uniform(name, trajectories) for name in ("first", "further", "turn"))
        return np.stack([first, (first + (1 + further) / 3) % 1, turn], axis=1)

    counts = [factor.path in WHOLE for factor in factors]
    columns = np.where(counts, _columns(factors, seed, "morris", others), _columns(factors, seed, "morris", moves))
    before, after, turn = columns.swapaxes(0, 1)
    moved = np.arange(k + 1)[:, np.newaxis] > turn.argsort(axis=1).argsort(axis=1)[:, np.newaxis]
    unit = np.where(moved, after[:, np.newaxis], before[:, np.newaxis])
    return _sampled(factors, unit.reshape(-1, k), "morris")


def _check_size(n: int, what: str) -> None:
    if n > MOST:
        said = f"{n:,}" if n < 10**18 else f"10^{len(str(n)) - 1}"
        raise DesignError(f"{what} has {said} points, more than {MOST:,}.", fix="Take fewer values or factors.")


def _check_values(n: int, factors: Sequence[Factor]) -> None:
    """Count before anything is drawn: a large sample of many factors takes minutes."""
    if (values := n * len(factors)) > MOST_VALUES:
        raise DesignError(
            f"{n:,} points of {len(factors)} factors are {values:,} values, more than {MOST_VALUES:,}.",
            fix="Take fewer points or factors.",
        )


def _columns(factors: Sequence[Factor], seed: int, kind: str, column: Callable[[Draws], Floats]) -> Floats:
    """Columns of all factors side by side, each from draws of its own path."""
    whole(seed, "seed", least=0, error=DesignError)
    paths = [factor.path for factor in checked_factors(factors)]
    return np.stack([column(Draws(seed, "design", kind, path)) for path in paths], axis=-1)


def _net(n: int) -> tuple[Ints, Ints]:
    """The first two dimensions of Sobol''s sequence, times ``n``: every interval of area 1/n holds one point."""
    points, m = np.arange(n), n.bit_length() - 1
    x, y, direction = np.zeros(n, np.int64), np.zeros(n, np.int64), 1
    for digit in range(m):
        is_set = points >> digit & 1
        x |= is_set << (m - 1 - digit)
        y ^= is_set * direction << (m - 1 - digit)
        direction ^= direction << 1
    return x, y


def _scrambled(cells: Ints, draws: Draws, name: str) -> Floats:
    """Places in the unit interval of a column of a net, each digit changed by those before it (Owen's scrambling)."""
    n = len(cells)
    m = n.bit_length() - 1
    changed = np.zeros(n, np.int64)
    for digit in range(m):
        changes = draws.uniform(name, digit, cells >> (m - digit)) < 0.5
        changed = changed << 1 | (cells >> (m - 1 - digit) & 1) ^ changes
    return (changed + draws.uniform(f"{name}.place", np.arange(n))) / n


def _sampled(factors: Sequence[Factor], unit: Floats, kind: str) -> Design:
    rows = [[factor.at(float(u)) for factor, u in zip(factors, row, strict=True)] for row in unit]
    return Design(tuple(factors), table_of(factors, rows), kind, unit)

"""The central history: every vanished unit gets one place, such that the whole is likeliest.

The best place of each alone would crowd some new units and leave others empty. So places are given out together, group
by group: a further seat in a unit costs a little, and the first one of a new village that nothing lives on in goes
before everything else. A draw needs no price of seats: its noise spreads units as the probabilities say.
"""

from collections.abc import Callable, Sequence

import numpy as np

from villagesim.arrays import Bools, Floats, Ints
from villagesim.places.units.evidence import Evidence

CROWDED = 0.5
"""Log odds that a seat of the central history loses by the log of its number. Source: tried on 301 counties, 2019 to
2020."""
WITHIN_REACH = 0.1
"""Share of its best probability from which on a unit wants a seat. Source: assumption."""
_FIRST = 1e4  # above any sum of log probabilities
_TIE = 1e-9  # below any difference that means something


Noise = Callable[[Ints, Ints], Floats]
"""Noise on the log probabilities of these vanished units (rows) and new ones (columns)."""


def settle(evidence: Evidence, needy: Bools, closed: Sequence[int] = (), noise: Noise | None = None) -> Ints:
    """Give each vanished unit a place.

    Parameters
    ----------
    needy : bool array of shape (n_new,)
        New units that must come from some old one.
    closed : sequence of int
        Columns of new units that took in nothing.
    noise : callable, optional
        Gumbel noise, for a draw; without it comes the central history.

    Returns
    -------
    int64 array of shape (n_vanished,)
        Column of each; where no new unit stands in the group, the likeliest of all; -1 where there is none at all.
    """
    target = np.full(len(evidence.vanished), -1, np.int64)
    is_open = np.ones(len(needy), bool)
    is_open[list(closed)] = False
    crowded = CROWDED if noise is None else 0.0
    inside = evidence.inside & is_open
    todo: Bools = np.any(inside, axis=1)

    def score(rows: Ints, columns: Ints) -> Floats:
        found: Floats = np.log(np.maximum(evidence.probability[np.ix_(rows, columns)], 1e-300))
        return found if noise is None else found + noise(rows, columns)

    while todo.any():
        columns = np.flatnonzero(inside[todo.argmax()])
        rows = np.flatnonzero(inside[:, columns[0]])
        hosted = evidence.place[columns] >= 0
        target[rows] = columns[_seat(score(rows, columns), hosted, needy[columns], crowded)]
        todo[rows] = False
    stray, columns = np.flatnonzero(target < 0), np.flatnonzero(is_open)
    if len(stray) and len(columns):
        target[stray] = columns[score(stray, columns).argmax(axis=1)]
    return target


def _seat(score: Floats, hosted: Bools, needy: Bools, crowded: float) -> Ints:
    """Settle one group: the column of each row."""
    from scipy.optimize import linear_sum_assignment

    wanted = (score >= score.max(axis=1, keepdims=True) + np.log(WITHIN_REACH)).sum(axis=0)
    n_seats = np.maximum(wanted, needy)
    column = np.repeat(np.arange(len(n_seats)), n_seats)
    number = np.arange(len(column)) - np.repeat(np.cumsum(n_seats) - n_seats, n_seats)
    code_order = np.outer(np.arange(len(score)) - len(score), np.arange(score.shape[1]))
    value = (score + _TIE * code_order)[:, column] - crowded * np.log1p(number + hosted[column])
    value += _FIRST * ((number == 0) & needy[column])
    _, chosen = linear_sum_assignment(value, maximize=True)
    seated: Ints = column[chosen]
    return seated

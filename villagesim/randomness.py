"""Keyed draws: every number depends on (seed, replication, decision, who) and on nothing else.

There is no state and no order: a policy that adds or removes a case never shifts the luck of another one.
Uniforms come from integer hashing (splitmix64 finaliser over a chain of words), exact on every processor.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from villagesim.arrays import Floats, Ints, rows_where
from villagesim.dates import DAYS_A_YEAR
from villagesim.errors import RunError

_NOTHING = np.zeros(0)
MOST = 700
"""Highest mean of a Poisson count: beyond it the inversion loses its smallest probabilities."""
_WORD = 2**64 - 1
_STEP, _MULTIPLY_1, _MULTIPLY_2 = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_STEPS, _MULTIPLIERS_1, _MULTIPLIERS_2, _BY_30, _BY_27, _BY_31, _BY_12 = (
    np.array(k, np.uint64) for k in (_STEP, _MULTIPLY_1, _MULTIPLY_2, 30, 27, 31, 12)
)  # arrays without axes: numpy takes them in faster than numbers


def _mix(x: NDArray[np.uint64]) -> None:
    """Apply the splitmix64 finaliser, a bijection of 64-bit words, in place."""
    x ^= x >> _BY_30
    x *= _MULTIPLIERS_1
    x ^= x >> _BY_27
    x *= _MULTIPLIERS_2
    x ^= x >> _BY_31


def _mix_one(x: int) -> int:
    """As :func:`_mix`, of one word: plain numbers cost a tenth of an array of one."""
    x = (x ^ x >> 30) * _MULTIPLY_1 & _WORD
    x = (x ^ x >> 27) * _MULTIPLY_2 & _WORD
    return x ^ x >> 31


def _words(part: ArrayLike, decision: str) -> NDArray[np.uint64]:
    """Words of a key; what is no whole number from 0 up would be cut to one in silence."""
    if type(part) is int and 0 <= part <= _WORD:
        return np.array(part, np.uint64)
    words = np.asarray(part)
    if words.dtype == np.uint64:
        return words
    if words.dtype == np.int64 and words.size and np.minimum.reduce(words, axis=None) >= 0:
        return words.view(np.uint64)
    if words.size and (words.dtype.kind not in "biu" or (words.dtype.kind == "i" and words.min() < 0)):
        raise RunError(f"draws of {decision!r}: the key {part!r} is no whole number, or none from 0 to 2^64 - 1.")
    return words.astype(np.uint64)


def _chain(x: NDArray[np.uint64], who: Sequence[ArrayLike], decision: str) -> Floats:
    """Chain words of a key to the hash so far, and make it a uniform."""
    for part in who:
        x = x ^ _words(part, decision)
        x += _STEPS
        _mix(x)
    unit: Floats = ((x >> _BY_12).astype(np.float64) + 0.5) * 2.0**-52
    return unit


class Draws:
    """Random numbers by name of the decision and lasting ids (codes, months, ordinals), never by position."""

    def __init__(self, *root: object) -> None:
        self._root = "/".join(map(str, root)) + "/"
        self._words: dict[str, int] = {}
        self._years: dict[str, tuple[Any, int, Floats]] = {}

    @classmethod
    def of_replication(cls, seed: int, replication: int) -> "Draws":
        """Luck of one replication: careers, votes, weather, prices."""
        return cls(seed, replication)

    @classmethod
    def of_draw(cls, seed: int, draw: int) -> "Draws":
        """Luck of what is not known about the place: maps, endowments, dates. Draw 0 is the central one."""
        return cls(seed, f"draw{draw}")

    @property
    def name(self) -> str:
        """What tells its luck from any other."""
        return self._root

    def uniform(self, decision: str, *who: ArrayLike) -> Floats:
        """Uniforms in the open interval (0, 1).

        Parameters
        ----------
        decision : str
            What is decided, as ``"vote"``.
        who : arrays of non-negative integers
            Lasting ids, broadcast together; at least one-dimensional results.

        Raises
        ------
        RunError
            Where an id is no whole number from 0 to 2^64 - 1.
        """
        word, n = self._word(decision), 0
        while n < len(who) and isinstance(part := who[n], int | np.integer) and 0 <= part <= _WORD:
            word, n = _mix_one((word ^ int(part)) + _STEP & _WORD), n + 1
        return _chain(np.array([word], np.uint64), who[n:], decision)

    def of_month(self, decision: str, who: ArrayLike, month: int) -> Floats:
        """Uniforms of one month, as ``uniform(decision, who, month)``.

        Ids that nobody can change are asked about month by month: theirs are drawn for a year at once, at a third of the cost
        or less.
        """
        if not isinstance(who, np.ndarray) or who.flags.writeable:
            return self.uniform(decision, who, month)
        year, place = divmod(month, 12)
        known, drawn_for, drawn = self._years.get(decision, (None, year, _NOTHING))
        if known is not who or drawn_for != year:
            drawn = self.uniform(decision, who, np.arange(12 * year, 12 * year + 12)[:, None])
            self._years[decision] = who, year, drawn
        return drawn[place]

    def uniform_by_decision(self, decisions: Sequence[str], *who: ArrayLike) -> Floats:
        """Uniforms of several decisions about the same ones, shape ``(n_decisions, n)``: as one by one, at less cost."""
        words = np.array([[self._word(decision)] for decision in decisions], np.uint64)
        return _chain(words, who, ", ".join(decisions))

    def _word(self, decision: str) -> int:
        """Word that the chain of hashes of a decision begins with."""
        if decision not in self._words:
            digest = blake2b((self._root + decision).encode(), digest_size=8).digest()
            self._words[decision] = int.from_bytes(digest, "little")
        return self._words[decision]

    def normal(self, decision: str, *who: ArrayLike) -> Floats:
        """Draw standard normal numbers, by inversion of one uniform each."""
        from scipy.special import ndtri

        result: Floats = ndtri(self.uniform(decision, *who))
        return result

    def gumbel(self, decision: str, *who: ArrayLike) -> Floats:
        """Draw standard Gumbel numbers: added to log probabilities, the highest of them is a draw."""
        result: Floats = -np.log(-np.log(self.uniform(decision, *who)))
        return result


def poisson(u: Floats, mean: ArrayLike, what: str) -> Ints:
    """Poisson counts of ``what`` by inversion of ``u``: a higher mean never gives a lower count.

    Raises
    ------
    RunError
        Where a mean is not one from 0 to 700.
    """
    mean = np.asarray(mean, float)
    if mean.size and not (mean.min() >= 0 and mean.max() <= MOST):
        wrong = mean[~((mean >= 0) & (mean <= MOST))].flat[0]
        raise RunError(f"{what}: a mean number of {wrong:,.6g} at a time cannot be drawn: it must be from 0 to {MOST}.")
    p = np.exp(-mean)
    cumulative, k = p.copy(), 0
    count = np.zeros(np.broadcast_shapes(u.shape, mean.shape), np.int64)
    while np.count_nonzero(more := u > cumulative) and k < 10_000:
        k += 1
        p *= mean / k
        count += more
        cumulative += p
    return count


def _of_month(draws: Draws, decision: str, ids: Any, step: int) -> Floats:
    return draws.uniform(decision, *ids, step) if isinstance(ids, tuple) else draws.of_month(decision, ids, step)


def arrivals(
    draws: Draws, decision: str, ids: Any, step: int, start: float, days: float, yearly_rate: ArrayLike
) -> tuple[Ints, Ints, Floats]:
    """All arrivals of one calendar month, each with a lasting key (id, step, ordinal).

    Exact for rates that are constant within the month, and nested: a higher rate only adds arrivals.

    Parameters
    ----------
    ids : sequence of non-negative integers, shape (n,), or a tuple of such (a key of several words)
    step : int
        Lasting key of the month.
    start, days : float
        First day and length of the month [days].
    yearly_rate : float or shape (n,)

    Returns
    -------
    rows, ordinal, when
        Position in ``ids``, number within the month, and instant [days] of every arrival.
    """
    who = ids if isinstance(ids, tuple) else (ids,)
    _, rows, ordinal = births(draws, decision, ids, step, days, yearly_rate)
    when = start + days * draws.uniform(decision + ".when", *(np.asarray(w)[rows] for w in who), step, ordinal)
    return rows, ordinal, when


def births(
    draws: Draws, decision: str, ids: Any, step: int, days: float, yearly_rate: ArrayLike
) -> tuple[Ints, Ints, Ints]:
    """As :func:`arrivals`, without their instants, for those of which only some will be followed.

    Returns
    -------
    n, rows, ordinal
        Number by id, then position in ``ids`` and number within the month of every arrival.
    """
    mean = np.asarray(yearly_rate) * (days / DAYS_A_YEAR)
    n = poisson(_of_month(draws, decision + ".n", ids, step), mean, decision)
    rows = np.repeat(np.arange(len(n)), n)
    return n, rows, np.arange(len(rows)) - np.repeat(np.cumsum(n) - n, n)


def occurs(
    draws: Draws, decision: str, ids: Any, step: int, days: float, yearly_rate: ArrayLike, among: Ints | None = None
) -> tuple[Ints, Floats]:
    """Rows where a hazard strikes within this month, and after how many days from its first.

    ``ids`` as in :func:`arrivals`; of these only those in the rows ``among`` are struck, where it is given.
    """
    u = _of_month(draws, decision, ids, step)
    u = u if among is None else u[among]
    rate = np.asarray(yearly_rate, float)
    rows = rows_where(u > np.exp(-rate * (days / DAYS_A_YEAR)))
    struck = rate[rows] if rate.ndim else np.full(len(rows), rate)
    return rows, -np.log(u[rows]) * (DAYS_A_YEAR / struck)

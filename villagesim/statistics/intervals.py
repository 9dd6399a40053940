"""How sure a number is: simulation error, one county's chance, and what a comparison may say.

Two intervals that are never mixed. The *simulation error* of a mean (`mean_interval`) shrinks with the number of
replications and decides only whether to run more. *One county's chance* (`prediction_band`) does not shrink: it is
what a single county will see. Not knowing (parameters, maps, dates) is neither; it needs several draws of those.

Left out: differences between strategies, most of which are zero where they share their luck: see `differences`.
Student's t covers less than it says for means of very skewed outcomes (petitions, defaults).
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from villagesim.arrays import Floats
from villagesim.checks import number
from villagesim.errors import DesignError
from villagesim.randomness import Draws

__all__ = [
    "Interval",
    "Verdict",
    "chance_of_best",
    "mean_interval",
    "median",
    "prediction_band",
    "resamples",
    "verdict",
    "widened",
]

MOST_MORE = 100_000
"""Above this many further replications a verdict gives no number [replications]."""

FEWEST = 4
"""With fewer replications a verdict does not say how many more it takes: their spread is hardly known."""

NEAR_MARGIN = 0.02
"""A difference this close to the margin, as a share of it, is not settled by running more."""

SAME, SAME_DIFFERENCE = "the same in all runs", "the same difference in all runs"
"""Verdicts on what no replication has, and on what all have alike, where nothing says how large a rare one may be."""

ROUNDING = 1e-12
"""Two sums or two columns closer than this share of their size are the same number."""


@dataclass(frozen=True)
class Interval:
    """A mean with its simulation error, in the unit of the outcome; bounds are NaN where they cannot be known.

    What is the same in all replications has none: they say nothing of how far others may be from it. The half width falls as
    the number of replications to the power ``-falls``. ``same``: all of several replications have the same number.
    """

    mean: float
    low: float
    high: float
    half_width: float
    n: int
    falls: float = 0.5
    same: bool = False

    @property
    def sparse(self) -> bool:
        """Whether too few replications differ for an interval."""
        return self.n > 1 and math.isnan(self.low) and not math.isnan(self.mean)

    @property
    def differs(self) -> str:
        """In how many replications a mean that has no interval differs, in words; ``-`` where it has one, or is of one."""
        return f"0 of {self.n}" if self.sparse else "-"

    def row(self) -> dict[str, float | str]:
        """Mean and ends as the columns ``value, low, high`` of a table, and why there are none, ``differs``."""
        return {"value": self.mean, "low": self.low, "high": self.high, "differs": self.differs}


@dataclass(frozen=True)
class Verdict:
    """What a comparison may say, and about how many more replications would settle it if it may not.

    ``n_more`` is None for every word but "undecided", and for an "undecided" that no reasonable number settles.
    ``too_sparse_at`` is the number of replications of which too few differ for any interval, else 0; ``too_few`` that of
    replications which are too few to say how many more it takes, else 0.
    """

    word: str
    n_more: int | None = None
    too_sparse_at: int = 0
    too_few: int = 0

    def __str__(self) -> str:
        if self.word != "undecided":
            return self.word
        if self.too_sparse_at:
            return f"undecided (too sparse at {self.too_sparse_at})"
        if self.too_few:
            return f"undecided (not known with {self.too_few})"
        n_more = f"more than {MOST_MORE:,}" if self.n_more is None else f"about {self.n_more:,}"
        return f"undecided ({n_more} more)"


def mean_interval(
    values: ArrayLike, confidence: float = 0.95, n_comparisons: int = 1, quantile: float | None = None
) -> Interval:
    """Mean of independent replications with its simulation error, by Student's t.

    Parameters
    ----------
    values : array, shape (n,)
        One number a replication; a NaN makes the whole interval NaN. Equal numbers have a mean and no interval.
    confidence : float
        Of all ``n_comparisons`` intervals together.
    n_comparisons : int
        How many intervals are read side by side (Bonferroni).
    quantile : float, optional
        Standard errors either way, instead of those that follow from ``confidence`` and ``n_comparisons``.

    Notes
    -----
    Source: Law, Simulation Modeling and Analysis, 5th edition, sections 4.5 (t) and 10.3 (Bonferroni).
    """
    x = np.asarray(values, float)
    n = len(x)
    if n == 0 or not np.isfinite(x).all():
        return Interval(math.nan, math.nan, math.nan, math.nan, n)
    if (x == x[0]).all():  # rounding in the mean of equal numbers must not look like chance
        return Interval(float(x[0]), math.nan, math.nan, math.nan, n, same=n > 1)
    mean, half_width = float(x.mean()), _half_width(x, confidence, n_comparisons, quantile)
    return Interval(mean, mean - half_width, mean + half_width, half_width, n)


def widened(interval: Interval, further: float) -> Interval:
    """Widen an interval by the half width of a further error that is independent of it, in quadrature, on either side."""
    low, high = np.hypot([interval.mean - interval.low, interval.high - interval.mean], further)
    mean = interval.mean
    return Interval(mean, float(mean - low), float(mean + high), float(low + high) / 2, interval.n)


def prediction_band(values: ArrayLike, coverage: float = 0.90) -> tuple[Floats, Floats]:
    """One county's chance: where a further replication falls with probability ``coverage``.

    Parameters
    ----------
    values : array, shape (n, ...)
        Replications first, as ``(n_replications, n_months)``. A column with a NaN gives NaN.
    coverage : float
        0.90 for the 5 to 95% band, 0.50 for the middle half.

    Returns
    -------
    low, high : arrays, shape (...)
        NaN for a single replication, which says nothing of chance.

    Notes
    -----
    The k-th smallest of n stands for k / (n + 1), so that the band covers a further replication with the stated
    probability, whatever the distribution, from n = 2 / (1 - coverage) - 1 on (19 for 0.90). With fewer it is the
    range of what was seen, and covers (n - 1) / (n + 1).

    Source: Wilks 1941, Annals of Mathematical Statistics 12, 91-96.
    """
    x = np.asarray(values, float)
    if len(x) < 2:
        return np.full(x.shape[1:], np.nan), np.full(x.shape[1:], np.nan)
    tail = (1 - coverage) / 2
    low, high = np.quantile(x, (tail, 1 - tail), axis=0, method="weibull")
    return np.asarray(low), np.asarray(high)


def median(values: ArrayLike) -> Floats:
    """Middle of the replications, to be drawn inside a band: shape (n, ...) to (...). NaN where one is NaN."""
    x = np.asarray(values, float)
    return np.asarray(np.median(x, axis=0)) if len(x) else np.full(x.shape[1:], np.nan)


def verdict(interval: Interval, margin: float, direction: int, n: int | None = None) -> Verdict:
    """Say whether a paired difference matters: it does, it does not, or more replications are needed.

    Parameters
    ----------
    interval : Interval
        Of the paired difference, strategy minus the other.
    margin : float
        The smallest difference that matters, in the unit of the outcome; above zero.
    direction : int
        1 if higher is better, -1 if lower is better, 0 if neither.
    n : int, optional
        Replications behind the interval; by default its own.

    Returns
    -------
    Verdict
        "practically equal" if the interval lies within the margin either way; "better", "worse" (or
        "higher", "lower") if it lies beyond; else "the same in all runs" or "the same difference in all runs", "undecided", "one
        replication", or "-" for what is not defined. What is too sparse for an interval is undecided.
    """
    number(
        margin, "smallest difference that matters", above=0, unit="in the unit of the outcome", error=DesignError,
        fix="Without a size every difference matters once there are enough replications: give the one you would act on.",
    )  # fmt: skip
    n = interval.n if n is None else n
    if math.isnan(interval.mean):
        return Verdict("-")
    if n == 1:
        return Verdict("one replication")
    if -margin <= interval.low and interval.high <= margin:
        return Verdict("practically equal")
    if interval.low >= margin:
        return Verdict(_word(1, direction))
    if interval.high <= -margin:
        return Verdict(_word(-1, direction))
    if interval.same:
        return Verdict(SAME if interval.mean == 0 else SAME_DIFFERENCE)
    if math.isnan(interval.low):
        return Verdict("undecided", too_sparse_at=n)
    return Verdict("undecided", too_few=n) if n < FEWEST else Verdict("undecided", _n_more(interval, margin, n))


def chance_of_best(values: ArrayLike, direction: int, seed: int, n_boot: int = 2000) -> Floats:
    """Chance that each strategy has the best mean, as far as simulation error goes, and no further.

    Whole replications are drawn again with replacement, all strategies together, so that pairing is kept.

    Parameters
    ----------
    values : array, shape (n_strategies, n_replications)
        A row with a NaN is left out and gets NaN.
    direction : int
        1 if higher is better, -1 if lower is better; 0 gives NaN, as nothing is best.
    seed : int
        Key of the resamples: the same seed gives the same answer.
    n_boot : int
        Resamples.

    Returns
    -------
    array, shape (n_strategies,)
        Adds to 1 over the rows that take part; ties are split equally. NaN for fewer than two replications.
    """
    x = np.asarray(values, float)
    chance = np.full(len(x), np.nan)
    takes_part = np.isfinite(x).all(axis=1)
    if direction == 0 or x.shape[1] < 2 or not takes_part.any():
        return chance
    score = math.copysign(1, direction) * x[takes_part]
    sums = score @ resamples(seed, x.shape[1], n_boot).T
    best = sums >= sums.max(axis=0) - ROUNDING * np.abs(score).sum(axis=1).max()
    chance[takes_part] = (best / best.sum(axis=0)).mean(axis=1)
    return chance


@lru_cache(maxsize=4)
def resamples(seed: int, n: int, n_boot: int) -> Floats:
    """How often each of ``n`` replications is drawn in each resample: shape (n_boot, n), rows add to n."""
    which = np.arange(n_boot)[:, np.newaxis]
    u = Draws(seed, "intervals").uniform("resample", which, np.arange(n))
    drawn = (u * n).astype(np.int64) + n * which
    times = np.bincount(drawn.ravel(), minlength=n_boot * n).reshape(n_boot, n).astype(float)
    times.flags.writeable = False
    return times


def _half_width(x: Floats, confidence: float, n_comparisons: int, quantile: float | None) -> float:
    """Half the width of one of ``n_comparisons`` intervals."""
    from scipy.special import stdtrit  # the quantile of scipy.stats.t, a hundred times faster for one number

    if quantile is None:
        quantile = stdtrit(len(x) - 1, 1 - (1 - confidence) / (2 * n_comparisons))
    return float(quantile * x.std(ddof=1) / math.sqrt(len(x)))


def _word(sign: int, direction: int) -> str:
    """Word for a difference of this sign."""
    if direction == 0:
        return "higher" if sign > 0 else "lower"
    return "better" if sign * direction > 0 else "worse"


def _n_more(interval: Interval, margin: float, n: int) -> int | None:
    """Replications until the interval lies on one side of the margin."""
    room = abs(abs(interval.mean) - margin)
    if room <= NEAR_MARGIN * margin:
        return None
    more = n * ((interval.half_width / room) ** (1 / interval.falls) - 1)
    return max(1, math.ceil(more)) if more <= MOST_MORE else None

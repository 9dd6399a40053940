"""What knowing something first would be worth for a choice: expected value of information, perfect about a part.

Who chooses now takes what is best on average over all draws. Who knew the value of a factor first would take what is best at
that value. What is won by it on average is what knowing is worth. Needed is what each choice gives at each value, all else
being averaged: a curve through the draws. Luck and all other factors lie around the curve and not in it, so that luck is never
taken for something that can be known, and one replication a draw is enough. Draws may hang together: what a factor tells of
others then counts as its own.

A fitted curve is wider than the true one by what it takes up of luck, and the best of several curves looks better than it is.
So a curve is drawn together until its variance is that of the true one, and is flat where nothing is left.

Left out: what factors do only together with others that are not known with them, curves with more than one bend, and what is
chosen once more is known of the rest. Choices that are as good as each other on average are worth a little more than said, as
one of them seems better by luck.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ncfdtrinc, stdtrit

from villagesim.arrays import Floats
from villagesim.errors import DesignError
from villagesim.randomness import Draws

__all__ = ["Knowing", "along", "enough_draws", "of_all", "of_luck", "of_part"]

FEWEST = 10
"""Draws that a curve is laid through."""
N_DEALS = 199


@dataclass(frozen=True)
class Knowing:
    """What knowing factors first is worth, in the unit of the values.

    Attributes
    ----------
    value, low, high : float
        With an interval that covers at least as often as stated.
    changes : float
        Share of the draws at whose values something else is best than what is best on average.
    """

    value: float
    low: float
    high: float
    changes: float


def of_part(values: ArrayLike, factors: ArrayLike, confidence: float = 0.95) -> Knowing:
    """What knowing some factors together is worth (EVPPI).

    Parameters
    ----------
    values : array, shape (n_choices, n_draws)
        More is better; means of the replications of each draw, in which all choices share their luck.
    factors : array, shape (n_draws,) or (n_draws, n_factors)
        A curve with one bend for each, added up; straight lines where there are fewer than six draws a factor.

    Notes
    -----
    The interval is for the width of the curves (exact for normal luck) and the mean differences between choices, all at those of
    their ends at which knowing is worth least, and most.

    Source: Strong, Oakley and Brennan 2014, Medical Decision Making 34, 311-326 (regression); Louis 1984, Journal of the American
    Statistical Association 79, 393-398 (estimates as wide as what they estimate).
    """
    losses = _losses(values)
    fitted = _Curves(_basis(factors), losses)
    means = losses.mean(axis=0)
    half = stdtrit(len(losses) - 1, 0.5 + confidence / 2) * losses.std(axis=0, ddof=1) / np.sqrt(len(losses))
    least, most = fitted.ends(confidence)
    best = (means + fitted.curves).argmax(axis=1)
    return Knowing(
        float(_won(means, fitted.curves)), float(_won(means - half, fitted.as_wide_as(least))),
        float(_won(np.minimum(means + half, 0.0), fitted.as_wide_as(most))), float((best != means.argmax()).mean()),
    )  # fmt: skip


def of_luck(values: ArrayLike, parts: Iterable[ArrayLike], share: float = 0.95, seed: int = 1) -> float:
    """What knowing any one of the parts seems worth at most by luck alone, in this share of cases.

    Parameters
    ----------
    values : array, shape (n_choices, n_draws)
    parts : arrays, shape (n_draws,) or (n_draws, n_factors)
        Each a factor, or several that are known together.

    Notes
    -----
    The values are dealt out to the draws anew, so that they hang on no factor; factors keep what they have to do with each other.

    Source: Westfall and Young 1993, Resampling-Based Multiple Testing (largest of all, by deals).
    """
    losses = _losses(values)
    deals = np.argsort(Draws(seed, "worth").uniform("deal", *np.ogrid[:N_DEALS, : len(losses)]), axis=1)
    dealt, means = losses[deals], losses.mean(axis=0)
    won = [_won(means, _Curves(_basis(part), dealt).curves) for part in parts]
    return float(np.quantile(np.max(won, axis=0), share, method="higher"))


def of_all(values: ArrayLike) -> float:
    """What knowing everything is worth, of values ``(n_choices, n_draws)`` without their luck (EVPI)."""
    return float(_won(0.0, _losses(values)))


def along(values: ArrayLike, factors: ArrayLike, confidence: float = 0.95) -> Floats:
    """How far values move from the lowest to the highest value of each factor, by straight lines; intervals hold together.

    One after the other, the factor that moves the values most, where that is more than luck, is held for all that follow, as
    what it does would blur them. Where factors hang together, an effect is beside those that are held.

    Parameters
    ----------
    values : array, shape (n_draws,)
    factors : array, shape (n_draws, n_factors)

    Returns
    -------
    array, shape (3, n_factors)
        Effect, low and high; zeros for a factor that is the same in all draws.
    """
    y, x = np.asarray(values, float), np.asarray(factors, float)
    y, x, spans = y - y.mean(), x - x.mean(axis=0), np.ptp(x, axis=0)
    told, least = np.zeros(x.shape[1], bool), 1e-9 * float(np.linalg.norm(y))
    quantile = 1 - (1 - confidence) / 2 / len(told)
    for _ in range(len(y) // 10):
        slope, half, size = _lines(y, x, x[:, told], quantile)
        strength = np.where((np.abs(slope) > half) & ~told, np.abs(slope) * size, 0.0)
        if strength.max() <= least:
            break
        told[strength.argmax()] = True
    slope, half, _ = _lines(y, x, x[:, told], quantile)
    for k in np.flatnonzero(told):
        others = told & (np.arange(len(told)) != k)
        slope[k], half[k] = (one[0] for one in _lines(y, x[:, [k]], x[:, others], quantile)[:2])
    return np.stack([slope, slope - half, slope + half]) * spans


def enough_draws(n_factors: int) -> int:
    """Draws that are needed to say what so many factors together are worth."""
    return max(2 * n_factors, FEWEST)


def _lines(y: Floats, x: Floats, held: Floats, quantile: float) -> tuple[Floats, Floats, Floats]:
    """Slopes of values along each factor ``(n_draws, n_factors)`` beside those that are held, half intervals, and sizes."""
    model = np.linalg.qr(held)[0]
    y, own = y - model @ (model.T @ y), x - model @ (model.T @ x)
    free, size = len(y) - 2 - model.shape[1], np.linalg.norm(own, axis=0)
    varies = size > 1e-6 * np.linalg.norm(x, axis=0)
    slope = np.divide(own.T @ y, size**2, out=np.zeros(len(size)), where=varies)
    error = np.sqrt(np.maximum(y @ y - (slope * size) ** 2, 0.0) / free)
    half = float(stdtrit(free, quantile)) * np.divide(error, size, out=np.zeros(len(size)), where=varies)
    return slope, half, size


def _losses(values: ArrayLike) -> Floats:
    """What each choice gives beyond the one that is best on average, ``(n_draws, n_choices)``."""
    y = np.asarray(values, float).T
    if len(y) < FEWEST:
        raise DesignError(f"{len(y)} draws say nothing about what knowing is worth.", fix=f"Take {FEWEST} at least.")
    return y - y[:, [y.mean(axis=0).argmax()]]


def _won(means: ArrayLike, curves: Floats) -> Floats:
    """What is won by choosing at each draw, curves ``(..., n_draws, n_choices)``; the best on average has zeros."""
    y = np.asarray(means) + curves
    won: Floats = y.max(axis=-1).mean(axis=-1) - y.mean(axis=-2).max(axis=-1)
    return won


def _basis(factors: ArrayLike) -> Floats:
    """Directions in which the factors vary, orthonormal, ``(n_draws, n_directions)``: lines, and bends where draws are enough."""
    x = np.asarray(factors, float)
    x = x.reshape(len(x), -1)
    n, n_factors = x.shape
    if n < (needed := enough_draws(n_factors)):
        raise DesignError(f"{n} draws are too few for {n_factors} factors together.", fix=f"Take {needed} at least.")
    spread = x.std(axis=0)
    x = (x - x.mean(axis=0))[:, spread > 0] / spread[spread > 0]
    if n >= 6 * n_factors:
        x = np.concatenate([x, x**2], axis=1)
    x = x - x.mean(axis=0)
    directions, size, _ = np.linalg.svd(x, full_matrices=False)
    kept: Floats = directions[:, size > 1e-9 * size.max(initial=0.0)]
    return kept


class _Curves:
    """Curves through losses ``(..., n_draws, n_choices)``, in the directions of a basis, around their means."""

    def __init__(self, basis: Floats, losses: Floats) -> None:
        y = losses - losses.mean(axis=-2, keepdims=True)
        self.n, self.n_directions = basis.shape
        self.fitted = basis @ (basis.T @ y)
        self.size, whole = (self.fitted**2).sum(axis=-2), (y**2).sum(axis=-2)
        self.luck = np.maximum(whole - self.size, 0.0) / (self.n - 1 - self.n_directions)
        self.curves = self.as_wide_as(np.maximum(self.size - self.n_directions * self.luck, 0.0))

    def as_wide_as(self, size: Floats) -> Floats:
        """The same curves with another sum of squares."""
        narrower = np.divide(size, self.size, out=np.zeros_like(self.size), where=self.size > 0)
        curves: Floats = self.fitted * np.sqrt(narrower)[..., np.newaxis, :]
        return curves

    def ends(self, confidence: float) -> tuple[Floats, Floats]:
        """Sums of squares between which those of the true curves lie."""
        if not self.n_directions:
            return np.zeros_like(self.size), np.zeros_like(self.size)
        with_luck = self.luck > 1e-9 * self.size
        ratio = np.divide(self.size, self.n_directions * self.luck, out=np.ones_like(self.size), where=with_luck)
        shares, rest = np.array([[0.5 + confidence / 2], [0.5 - confidence / 2]]), self.n - 1 - self.n_directions
        low, high = np.where(with_luck, self.luck * ncfdtrinc(self.n_directions, rest, shares, ratio), self.size)
        return low, high

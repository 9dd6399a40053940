"""Effects of many places as one: how large on average, how far places differ, and what a further place may have.

Effects are taken as drawn around a mean, or around a line over traits of the places, with a variance between places beside
that of each effect. The variance between places is Paule and Mandel's: the one with which the weighted squares around the
fit come to their expectation. Intervals are Hartung and Knapp's (and Sidik and Jonkman's) with Student's t, which hold
whatever the weights are, so that little harm is done where the variances of few replications are badly known. The prediction
interval is for the true effect of one further place. It averages over the variances between places that the weighted squares
leave possible, as the one that is estimated is often far too small, or zero; where effects are known without error it is
Student's.

Left out: places that have something in common beyond the traits, as neighbours; a distribution between places with heavy tails.

Source: Paule and Mandel 1982, Journal of Research of the National Bureau of Standards 87, 377-385; Hartung and Knapp 2001,
Statistics in Medicine 20, 3875-3889; Knapp and Hartung 2003, 22, 2693-2710 (regression); Viechtbauer 2007, 26, 37-52 (interval of
the variance); Nagashima, Noma and Furukawa 2019, Statistical Methods in Medical Research 28, 1689-1702 (prediction; here with
nodes in place of draws, and the mean normal given the variance).
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtri, ndtr, stdtrit

from villagesim.arrays import Floats
from villagesim.errors import DesignError

__all__ = ["Pooled", "pool", "shared_variances"]

ENOUGH = 10
"""Replications of every place from which on its own variance is believed. Source: assumption."""
MOST = 1e12
"""Largest variance between places that is looked for, beside the spread of effects [1]."""
NODES, STEPS = 200, 30
"""Variances between places that a prediction averages over, and those at which squares are reckoned for that."""


@dataclass(frozen=True, eq=False)
class Pooled:
    """A mean of effects, or a line over traits.

    Attributes
    ----------
    coefficients, low, high : (n_coefficients,) arrays
        The mean, or the value where all traits are zero, then a slope a trait, with 95% intervals; NaN where too few places
        tell, or all effects are equal.
    tau, tau_low, tau_high : float
        Standard deviation of the true effects between places, with its 95% interval, in the unit of the effect.
    prediction_low, prediction_high : float
        95% interval for the true effect of a further place, whose traits are zero.
    n : int
        Places.
    """

    coefficients: Floats
    low: Floats
    high: Floats
    tau: float
    tau_low: float
    tau_high: float
    prediction_low: float
    prediction_high: float
    n: int

    @property
    def value(self) -> float:
        """The mean, or the value where all traits are zero."""
        return float(self.coefficients[0])


def pool(effects: ArrayLike, variances: ArrayLike, traits: ArrayLike | None = None, confidence: float = 0.95) -> Pooled:
    """Estimate a mean of effects over places, or a line over their traits.

    Parameters
    ----------
    effects, variances : arrays, shape (n,)
        Of every place, and the variance of the effect that is due to few replications; 0 where it is not known: then it is
        part of the variance between places.
    traits : array, shape (n, n_traits), optional
        Best centred, so that the first coefficient is that of a usual place.

    Raises
    ------
    DesignError
        Where an effect is no number, a variance is below 0, or traits follow from each other.
    """
    y, v = np.asarray(effects, float), np.asarray(variances, float)
    if not (len(y) and np.isfinite(y).all() and np.isfinite(v).all() and (v >= 0).all()):
        raise DesignError("effects and variances must be finite numbers, and variances not below 0.")
    x = np.ones((len(y), 1)) if traits is None else np.column_stack([np.ones(len(y)), np.asarray(traits, float)])
    free, nothing = len(y) - x.shape[1], np.full(x.shape[1], math.nan)
    if free >= 0 and np.linalg.matrix_rank(x) < x.shape[1]:
        raise DesignError("a trait is the same everywhere, or follows from others.", fix="Leave it out.")
    unknown = Pooled(nothing, nothing, nothing, math.nan, math.nan, math.nan, math.nan, math.nan, len(y))
    if free < 1:
        return replace(unknown, coefficients=y[:1]) if x.shape[1] == 1 else unknown
    tail = (1 - confidence) / 2
    between, least, most = (_between(y, v, x, wanted) for wanted in (free, chdtri(free, tail), chdtri(free, 1 - tail)))
    if not (v + between > 0).all():
        return replace(unknown, coefficients=_fitted(y, v + _tiny(y), x)[0], tau=0.0)
    coefficients, squares, inverse = _fitted(y, v + between, x)
    reach = float(stdtrit(free, 1 - tail)) * np.sqrt(np.diag(inverse) * (squares / free))
    tau, tau_low, tau_high = (math.sqrt(each) for each in (between, least, most))
    low, high = _prediction(y, v, x, free, tail)
    return Pooled(coefficients, coefficients - reach, coefficients + reach, tau, tau_low, tau_high, low, high, len(y))


def shared_variances(variances: ArrayLike, n: ArrayLike) -> Floats:
    """Variances of the means of ``n`` replications each: a place's own, or the same for all where a place has few.

    Two or three replications say nothing of a variance, and a weight that follows from them is luck.

    Parameters
    ----------
    variances : array, shape (n_places,)
        Of single replications; NaN where a place has but one.
    n : array, shape (n_places,)
        Replications.

    Returns
    -------
    array, shape (n_places,)
        0 where no place has more than one replication: luck and differences between places cannot be told apart.
    """
    own, n = np.asarray(variances, float), np.asarray(n, float)
    told = n > 1
    if not told.any():
        return np.zeros(len(n))
    if (n < ENOUGH).any():
        own = np.full(len(n), np.average(own[told], weights=n[told] - 1))
    return own / n


def _tiny(y: Floats) -> float:
    return max(float(np.abs(y).max()) ** 2, 1.0) * 1e-24


def _fitted(y: Floats, variances: Floats, x: Floats) -> tuple[Floats, float, Floats]:
    """Coefficients of weighted least squares, the weighted squares around them, and the inverse of the normal matrix."""
    root = 1 / np.sqrt(variances)
    scaled = x * root[:, None]
    inverse: Floats = np.asarray(np.linalg.inv(scaled.T @ scaled), float)
    coefficients = inverse @ (scaled.T @ (y * root))
    return coefficients, float(((y - x @ coefficients) ** 2 / variances).sum()), inverse


def _between(y: Floats, v: Floats, x: Floats, wanted: float) -> float:
    """Variance between places with which the weighted squares are as wanted; 0 where they are less without any."""
    from scipy.optimize import brentq

    plain = np.linalg.lstsq(x, y, rcond=None)[0]
    spread = float(((y - x @ plain) ** 2).sum())
    floor = _tiny(y)
    if spread <= floor * len(y) or _fitted(y, v + floor, x)[1] <= wanted:
        return 0.0

    def beyond(log_variance: float) -> float:
        return _fitted(y, v + math.exp(log_variance), x)[1] - wanted

    found = brentq(beyond, math.log(floor), math.log(spread * MOST), xtol=1e-13)
    return math.exp(found)


def _prediction(y: Floats, v: Floats, x: Floats, free: int, tail: float) -> tuple[float, float]:
    """Ends of the interval for the true effect of a further place: a mixture of normals over variances between places."""
    from scipy.optimize import brentq

    shares = (np.arange(NODES) + 0.5) / NODES
    wanted = chdtri(free, shares)  # falling from the least variance to the largest
    least, most = (math.sqrt(_between(y, v, x, q)) for q in (wanted[0], wanted[-1]))
    taus = np.linspace(least, most, STEPS)
    usual = [_fitted(y, v + max(tau**2, _tiny(y)), x) for tau in taus]
    squares = np.array([each[1] for each in usual])
    nodes = np.interp(-wanted, -squares, taus)
    means = np.interp(nodes, taus, [each[0][0] for each in usual])
    sds = np.sqrt(nodes**2 + np.interp(nodes, taus, [each[2][0, 0] for each in usual]))
    ends = float((means - 40 * sds).min()), float((means + 40 * sds).max())
    low, high = (
        brentq(lambda at, share=share: float(ndtr((at - means) / sds).mean()) - share, *ends)
        for share in (tail, 1 - tail)
    )
    return float(low), float(high)

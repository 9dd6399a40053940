"""What lasts in many short series, and what was the luck of a year: level, trend and noise of each, and what is missing.

One village's five figures say little of its own trend, and less of its own noise; all villages together say how far
villages differ in both. So each estimate is drawn towards that of all, the more the less its own figures can tell
(empirical Bayes):

    z = effect of the year, common to all + level of its own + trend of its own x years from the middle + deviation

Levels and trends of their own are normal, independent in the middle of the years; deviations are an AR(1) of known
persistence, with a variance of each series' own, an inverse chi square. Years need not be complete; what is missing must not
depend on what would have stood there.

Left out: correlation between level and trend, jumps, and what neighbours say of each other.
"""

from dataclasses import dataclass
from math import inf, log, sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import digamma, polygamma, stdtrit

from villagesim.arrays import Floats, Ints
from villagesim.errors import DesignError

__all__ = ["LEAST_SERIES", "Lasting", "lasting"]

LEAST_SERIES = 8
"""Series of two figures at least, from which differences between series can be told."""
LEAST_FOR_TREND = 4
"""Years from which a trend of its own is told from noise."""
LEAST_RATIO = 1e-6
"""Noise variance of a series that never deviates, in those of all: figures that are the same every year stay solvable."""
SMALLEST = 1e-3
"""Least variance of a series, in that of the middle one: figures that never change are not known without error."""


@dataclass(frozen=True, eq=False)
class Lasting:
    """What lasts of each series; arrays have the shape ``(n,)`` unless said otherwise.

    Attributes
    ----------
    level, level_error : of its own in the last year, the effect of that year included, without its deviation
    trend, trend_error : per year, beyond that of all
    together : correlation of the errors of both
    noise : standard deviation of its deviations
    cells, cells_error : (n, n_years) what stood there; where nothing did, what is expected, with its standard error
    common, common_error : float
        Trend of all per year; its error by how far the effects of years lie off their line, infinite for two years.
    freedom : int
        Degrees of freedom of that error.
    sd_level, sd_trend, sd_noise : float
        Spreads between series, and of deviations of a middle one.
    worth : float
        Degrees of freedom that the noise of all counts for beside a series' own; infinite where all have the same.
    """

    level: Floats
    level_error: Floats
    trend: Floats
    trend_error: Floats
    together: Floats
    noise: Floats
    cells: Floats
    cells_error: Floats
    common: float
    common_error: float
    freedom: int
    sd_level: float
    sd_trend: float
    sd_noise: float
    worth: float

    def common_interval(self, confidence: float = 0.9) -> tuple[float, float]:
        """Interval of the trend of all, by Student's distribution; infinite for two years."""
        half = float(stdtrit(self.freedom, (1 + confidence) / 2)) * self.common_error if self.freedom else inf
        return self.common - half, self.common + half


def lasting(values: ArrayLike, persistence: float = 0.0, years: ArrayLike | None = None) -> Lasting:
    """Tell what lasts from the luck of a year.

    Parameters
    ----------
    values : array, shape (n, n_years)
        A row a series, NaN where nothing is known; every year is known of one series at least.
    persistence : float
        What remains of a deviation after a year, 0 to below 1.
    years : array of int, shape (n_years,), optional
        Which year each column is of, rising; one after the other by default.

    Raises
    ------
    DesignError
        Where too few series have two figures.

    Notes
    -----
    Variances by restricted likelihood, levels and trends by best linear prediction, first with one noise for all, then with
    each series' own. The noise of all counts as so many figures as its moments say.

    Source: Efron and Morris 1975, Journal of the American Statistical Association 70, 311-319; Morris 1983, ibid. 78, 47-55;
    Laird and Ware 1982, Biometrics 38, 963-974; Smyth 2004, Statistical Applications in Genetics and Molecular Biology 3(1).
    """
    z = np.asarray(values, float)
    known = np.isfinite(z)
    n_twice = int((known.sum(axis=1) >= 2).sum())
    if n_twice < LEAST_SERIES or not known.any(axis=0).all():
        raise DesignError(
            f"{n_twice} series have two figures at least, and every year must have some.",
            fix=f"Give two figures of {LEAST_SERIES} series, and leave out years without any.",
        )
    panel = _Panel.of(z, persistence, np.arange(z.shape[1]) if years is None else np.asarray(years, np.int64))
    first = panel.spreads(1.0)
    variances, worth = _own_variances(*panel.residuals(first))
    if worth == inf:
        return panel.predicted(first, np.ones(len(z)), worth)
    ratios = np.maximum(variances / first[2] ** 2, LEAST_RATIO)
    return panel.predicted(panel.spreads(ratios), ratios, worth)


@dataclass(frozen=True, eq=False)
class _Panel:
    """Figures with zeros where nothing is known, which are known, all ways to know some, and what their model is made of."""

    z: Floats
    known: Floats
    ways: Floats
    way: Ints
    times: Floats
    ar: Floats

    @classmethod
    def of(cls, z: Floats, persistence: float, years: Ints) -> "_Panel":
        known = np.isfinite(z).astype(float)
        ways, way = np.unique(known, axis=0, return_inverse=True)
        return cls(
            np.where(known > 0, z, 0.0), known, ways, way.ravel(), years - (years[0] + years[-1]) / 2,
            persistence ** np.abs(years[:, None] - years),
        )  # fmt: skip

    @property
    def has_trends(self) -> bool:
        """Years enough to tell trends from noise."""
        return self.z.shape[1] >= LEAST_FOR_TREND

    def spreads(self, ratios: Floats | float) -> tuple[float, float, float]:
        """Standard deviations of levels, trends and noise, by restricted likelihood; ``ratios`` of noise variances are known."""
        from scipy.optimize import minimize

        apart = max(float(np.std(self.z[self.known > 0])), 1e-9)
        within = [row[have > 0] for row, have in zip(self.z, self.known, strict=True) if have.sum() > 1]
        noise = max(sqrt(float(np.mean([row.var(ddof=1) for row in within]))), 1e-3 * apart, 1e-9)
        start, most = (min(apart / noise, 300.0), 0.04), ((0.0, 1000.0), (0.0, 100.0 if self.has_trends else 0.0))

        def deviance(x: Floats) -> float:
            """By the variance of trends: by their spread it is flat at zero, where a search would stop."""
            return self._deviance(x[0], sqrt(x[1]), ratios)[0]

        found = minimize(deviance, start, method="L-BFGS-B", bounds=most)
        level, trend = float(found.x[0]), sqrt(found.x[1])
        sigma = sqrt(max(self._deviance(level, trend, ratios)[1], 1e-18))
        return level * sigma, trend * sigma, sigma

    def covariance(self, level: float, trend: float, noise: Floats | float) -> Floats:
        """Of the years of a series, ``(n, n_years, n_years)`` for ``(n,)`` variances of noise."""
        fixed = level**2 + trend**2 * np.outer(self.times, self.times)
        return np.asarray(fixed + np.reshape(noise, (-1, 1, 1)) * self.ar)

    def weights(self, covariance: Floats) -> tuple[Floats, Floats]:
        """Inverse covariances of what is known, zero elsewhere, and the logarithms of their determinants."""
        known = self.ways if len(covariance) == 1 else self.known
        both = known[:, :, None] * known[:, None, :]
        filled = covariance * both + np.eye(self.z.shape[1]) * (1 - known)[:, None, :]
        weights, log_det = np.linalg.inv(filled) * both, np.linalg.slogdet(filled)[1]
        return (weights[self.way], log_det[self.way]) if len(covariance) == 1 else (weights, log_det)

    def effects(self, weights: Floats) -> tuple[Floats, Floats]:
        """Effects of years, and their covariance."""
        precision = weights.sum(axis=0)
        covariance = np.linalg.inv(precision)
        return covariance @ _times(weights, self.z).sum(axis=0), covariance

    def off(self, effects: Floats) -> Floats:
        """Figures less the effects of years."""
        return (self.z - effects) * self.known

    def _deviance(self, level: float, trend: float, ratios: Floats | float) -> tuple[float, float]:
        """Twice the negative restricted log likelihood for spreads in units of the noise, and the variance of that."""
        weights, log_det = self.weights(self.covariance(level, trend, ratios))
        effects, covariance = self.effects(weights)
        off, freedom = self.off(effects), self.known.sum() - len(effects)
        variance = float((off * _times(weights, off)).sum() / freedom)
        deviance = freedom * log(max(variance, 1e-300)) + log_det.sum() - np.linalg.slogdet(covariance)[1]
        return float(deviance), variance

    def residuals(self, sds: tuple[float, float, float]) -> tuple[Floats, Floats]:
        """Variance of each series around a line of its own, the effects of years taken out, and its degrees of freedom."""
        weights, _ = self.weights(self.covariance(sds[0], sds[1], sds[2] ** 2))
        off = self.off(self.effects(weights)[0])
        plain, _ = self.weights(self.ar[None])
        line = np.stack([np.ones_like(self.times), self.times][: 1 + self.has_trends], axis=1)
        inner = np.einsum("ta,nts,sb->nab", line, plain, line)
        right = _times(plain, off) @ line
        fitted = np.einsum("na,nab,nb->n", right, np.linalg.pinv(inner, hermitian=True), right)
        squares = np.maximum((off * _times(plain, off)).sum(axis=1) - fitted, 0.0)
        freedom = np.maximum(self.known.sum(axis=1) - line.shape[1], 0.0)
        return np.divide(squares, freedom, out=np.zeros(len(off)), where=freedom > 0), freedom

    def predicted(self, sds: tuple[float, float, float], ratios: Floats, worth: float) -> Lasting:
        """Best linear predictions of what lasts and of what is missing."""
        level, trend, noise = sds
        whole = self.covariance(level, trend, noise**2 * ratios)
        weights, _ = self.weights(whole)
        effects, of_effects = self.effects(weights)
        off, n_years = self.off(effects), self.z.shape[1]
        weighted = _times(weights, off)
        lasts = np.broadcast_to(self.covariance(level, trend, 0.0)[0], whole.shape)
        last, ones = np.eye(n_years)[-1], np.zeros(n_years)
        slope = np.broadcast_to(trend**2 * self.times, (len(off), n_years))
        at_end = np.full(len(off), trend**2 * self.times[-1])

        def told(first: Floats, shown: Floats, other: Floats, shown_other: Floats, both: Floats | float) -> Floats:
            """Covariance of the errors of two predictions, each by its covariance with the figures and its effects."""
            h, k = (s - _times(weights, c) for s, c in ((shown, first), (shown_other, other)))
            return np.asarray(both - (first * _times(weights, other)).sum(axis=1) + (h @ of_effects * k).sum(axis=1))

        def best(covariance: Floats) -> Floats:
            return np.asarray((covariance * weighted).sum(axis=1))

        to_last = lasts[:, -1]
        var_level = told(to_last, last, to_last, last, lasts[:, -1, -1])
        var_trend = told(slope, ones, slope, ones, trend**2)
        both = told(to_last, last, slope, ones, at_end)
        cells, errors = self.z.copy(), np.zeros_like(self.z)
        for year in range(n_years):
            missing, shown = self.known[:, year] == 0, np.eye(n_years)[year]
            expected = effects[year] + best(whole[:, year])
            variance = told(whole[:, year], shown, whole[:, year], shown, whole[:, year, year])
            cells[missing, year], errors[missing, year] = expected[missing], np.sqrt(np.maximum(variance[missing], 0.0))
        sd = [np.sqrt(np.maximum(variance, 0.0)) for variance in (var_level, var_trend)]
        scale = sd[0] * sd[1]
        return Lasting(
            effects[-1] + best(to_last), sd[0], best(slope), sd[1],
            np.divide(both, scale, out=np.zeros(len(off)), where=scale > 0), noise * np.sqrt(ratios), cells, errors,
            *self._common(effects), level, trend, noise, worth,
        )  # fmt: skip

    def _common(self, effects: Floats) -> tuple[float, float, int]:
        """Slope of the effects of years, its standard error, and its degrees of freedom."""
        line, inverse = np.stack([np.ones_like(self.times), self.times], axis=1), np.linalg.inv(self.ar)
        if len(effects) < 2:
            return 0.0, inf, 0
        precision = np.linalg.inv(line.T @ inverse @ line)
        found = precision @ line.T @ inverse @ effects
        off, freedom = effects - line @ found, len(effects) - 2
        if not freedom:
            return float(found[1]), inf, 0
        return float(found[1]), sqrt(float(off @ inverse @ off) / freedom * precision[1, 1]), freedom


def _times(matrices: Floats, vectors: Floats) -> Floats:
    """Each matrix times its vector, ``(n, k, k)`` and ``(n, k)``."""
    return np.asarray((matrices @ vectors[:, :, None])[:, :, 0])


def _own_variances(variances: Floats, freedom: Floats) -> tuple[Floats, float]:
    """Variance of each series, drawn towards that of all, and how many degrees of freedom that counts for: infinite for alike.

    The moments of log variances say how far the true ones differ: their variance beyond what chance alone gives.
    """
    own = freedom > 0
    if own.sum() < LEAST_SERIES:
        return variances, inf
    of = np.maximum(variances[own], SMALLEST * max(float(np.median(variances[own])), 1e-18))
    logs = np.log(of) - digamma(freedom[own] / 2) + np.log(freedom[own] / 2)
    mean = float(logs.mean())
    beyond = float(((logs - mean) ** 2).sum() / (own.sum() - 1) - polygamma(1, freedom[own] / 2).mean())
    worth = 2 * _inverse_trigamma(beyond)
    if worth == inf:
        return variances, inf
    middle = np.exp(mean + digamma(worth / 2) - np.log(worth / 2))
    drawn = np.full(len(variances), middle)
    drawn[own] = (worth * middle + freedom[own] * of) / (worth + freedom[own])
    return drawn, worth


def _inverse_trigamma(value: float) -> float:
    """Argument at which the trigamma function has this value; infinite where that is nearly zero."""
    from scipy.optimize import brentq

    if value < 1e-4:
        return inf
    return float(np.exp(brentq(lambda x: float(polygamma(1, np.exp(x))) - value, -7.0, 10.0)))

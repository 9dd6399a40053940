"""What lasts in many short series, and what was the luck of a year: level, trend and noise of each, and what is missing.

One village's five figures say little of its own trend, and less of its own noise; all villages together say how far
villages differ in both. So each estimate is drawn towards that of all, the more the less its own figures can tell
(empirical Bayes):

    z = effect of the year, common to all + level of its own + trend of its own x years from the middle + deviation

Levels and trends of their own are normal, independent in the middle of the years; deviations are an AR(1) of known
persistence, with a standard deviation of each series' own, lognormal. That is never known: what is said of a series holds
over all that its figures leave open, so errors are those of a mixture. Years need not be complete; what is missing must not
depend on what would have stood there.

Left out: correlation between level and trend, jumps, what neighbours say of each other, and, but for a penalty, that spreads
between series are estimates.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from math import inf, log, sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from villagesim.arrays import Floats, Ints
from villagesim.errors import DesignError

__all__ = ["LEAST_SERIES", "Lasting", "lasting"]

LEAST_SERIES = 8
"""Series of two figures at least, from which differences between series can be told."""
LEAST_FOR_TREND = 4
"""Years from which a trend of its own is told from noise."""
NOISES = np.linspace(-3.0, 3.0, 9)
"""Noises that a series may have, in standard deviations of its logarithm from the middle one."""
ROUNDS = 2
"""How often effects of years and spreads are estimated in turn; both hardly move after the second time."""
BOUNDS = {"level": (-12.0, 3.0), "noise": (-9.0, 2.0), "apart": (log(0.01), 0.0), "trend": (-9.0, 2.0)}
"""Logarithms of spreads: of levels, of noise and of trends in the standard deviation of all figures, of log noise as it is."""


@dataclass(frozen=True, eq=False)
class Lasting:
    """What lasts of each series; arrays have the shape ``(n,)`` unless said otherwise.

    Attributes
    ----------
    level, level_error : of its own in the last year, the effect of that year included, without its deviation
    trend, trend_error : per year, beyond that of all
    together : correlation of the errors of both
    noise, noise_error : standard deviation of its deviations, the error that of the logarithm
    cells, cells_error : (n, n_years) what stood there; where nothing did, what is expected, with its standard error
    common, common_error : float
        Trend of all per year; its error by how far the effects of years lie off their line, infinite for two years.
    freedom : int
        Degrees of freedom of that error.
    sd_level, sd_trend, sd_noise, sd_log_noise : float
        Spreads between series, of deviations of a middle one, and of the logarithm of noise between series.
    """

    level: Floats
    level_error: Floats
    trend: Floats
    trend_error: Floats
    together: Floats
    noise: Floats
    noise_error: Floats
    cells: Floats
    cells_error: Floats
    common: float
    common_error: float
    freedom: int
    sd_level: float
    sd_trend: float
    sd_noise: float
    sd_log_noise: float

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
    Spreads by restricted likelihood, each series' noise integrated out, with the weakest penalty that keeps the spread of
    trends off zero; levels and trends by best linear prediction for each noise, weighed by how likely that is.

    Source: Efron and Morris 1975, Journal of the American Statistical Association 70, 311-319; Morris 1983, ibid. 78, 47-55;
    Laird and Ware 1982, Biometrics 38, 963-974; Chung, Rabe-Hesketh, Dorie, Gelman and Liu 2013, Psychometrika 78, 685-709.
    """
    z = np.asarray(values, float)
    known = np.isfinite(z)
    n_twice = int((known.sum(axis=1) >= 2).sum())
    if n_twice < LEAST_SERIES or not known.any(axis=0).all():
        raise DesignError(
            f"{n_twice} series have two figures at least, and every year must have some.",
            fix=f"Give two figures of at least {LEAST_SERIES} series, and leave out years without any.",
        )
    panel = _Panel.of(z, persistence, np.arange(z.shape[1]) if years is None else np.asarray(years, np.int64))
    return panel.likeliest().predicted()


@dataclass(frozen=True, eq=False)
class _Panel:
    """Figures less effects of years, and what their model is made of; series of which the same years are known share a way.

    Attributes
    ----------
    z, known : (n, n_years) figures, zero where there is none, and whether there is one
    effects : (n_years,) of years
    way : (n,) which way each series goes
    line : (n_years, 2) what level and trend add in a year
    ar : (n_years, n_years) correlation of deviations
    inverse : (n_ways, n_years, n_years) that of the years that are known, inverted, zero elsewhere
    """

    z: Floats
    known: Floats
    effects: Floats
    way: Ints
    line: Floats
    ar: Floats
    inverse: Floats

    @classmethod
    def of(cls, z: Floats, persistence: float, years: Ints) -> "_Panel":
        known = np.isfinite(z).astype(float)
        ways, way = np.unique(known, axis=0, return_inverse=True)
        both, ar = ways[:, :, None] * ways[:, None, :], persistence ** np.abs(years[:, None] - years)
        inverse = np.linalg.inv(ar * both + np.eye(len(years)) * (1 - ways)[:, None, :]) * both
        line = np.stack([np.ones(len(years)), years - (years[0] + years[-1]) / 2], axis=1)
        return cls(np.where(known > 0, z, 0.0), known, np.nanmean(z, axis=0), way.ravel(), line, ar, inverse)

    @cached_property
    def off(self) -> Floats:
        """Figures less the effects of years."""
        return (self.z - self.effects) * self.known

    @cached_property
    def weighted(self) -> Floats:
        """These, times the inverse correlations of their deviations."""
        return _times(self.inverse[self.way], self.off)

    @cached_property
    def lines(self) -> Floats:
        """Inverse correlations of deviations, times what level and trend add, ``(n_ways, n_years, 2)``."""
        return self.inverse @ self.line

    def likeliest(self) -> "_Fit":
        """Spreads that are likeliest, and the effects of years that go with them."""
        from scipy.optimize import minimize

        names = tuple(BOUNDS) if len(self.line) >= LEAST_FOR_TREND else tuple(BOUNDS)[:-1]
        scale = log(max(float(np.std(self.z[self.known > 0])), 1e-9))
        zero = np.array([0.0 if name == "apart" else scale for name in names])
        bounds = [BOUNDS[name] for name in names]
        x, panel = np.log([0.9, 0.2, 0.3, 0.1])[: len(names)], self

        def deviance(x: Floats) -> float:
            return _Fit(panel, *np.exp(x + zero)).deviance

        for _ in range(ROUNDS):
            panel = replace(panel, effects=_Fit(panel, *np.exp(x + zero)).effects)
            x = minimize(deviance, x, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-7}).x
        return _Fit(panel, *np.exp(x + zero))

    def common(self) -> tuple[float, float, int]:
        """Slope of the effects of years, its standard error, and its degrees of freedom."""
        line, inverse, freedom = self.line, np.linalg.inv(self.ar), len(self.effects) - 2
        if freedom < 0:
            return 0.0, inf, 0
        precision = np.linalg.inv(line.T @ inverse @ line)
        found = precision @ line.T @ inverse @ self.effects
        off = self.effects - line @ found
        error = sqrt(float(off @ inverse @ off) / freedom * precision[1, 1]) if freedom else inf
        return float(found[1]), error, freedom


@dataclass(frozen=True, eq=False)
class _Fit:
    """What figures tell if these are the spreads: of levels, of noise, of its logarithm, and of trends.

    First axis a series or a way, second axis the noises that a series may have.
    """

    panel: _Panel
    level: float
    noise: float
    apart: float
    trend: float = 0.0

    @cached_property
    def variance(self) -> Floats:
        """Noise variances that a series may have."""
        return np.asarray(self.noise**2 * np.exp(2 * self.apart * NOISES))

    @cached_property
    def own(self) -> tuple[Floats, Floats]:
        """Covariance of level and trend given the figures, ``(n_ways, n_noises, 2, 2)``, and by what log these made it less."""
        told, spread = np.swapaxes(self.panel.lines, 1, 2) @ self.panel.line, np.array([self.level, self.trend])
        both = np.outer(spread, spread)
        precision = np.eye(2) + both * told[:, None] / self.variance[:, None, None]
        return both * np.linalg.inv(precision), np.linalg.slogdet(precision)[1]

    @cached_property
    def mean(self) -> Floats:
        """Expected level and trend, ``(n, n_noises, 2)``."""
        told = self.panel.weighted @ self.panel.line
        return _times(self.own[0][self.panel.way], told[:, None]) / self.variance[:, None]

    @cached_property
    def likelihood(self) -> tuple[Floats, float]:
        """How likely each noise is, ``(n, n_noises)``, and the log likelihood of all figures."""
        panel, way = self.panel, self.panel.way
        told = (self.mean * (panel.weighted @ panel.line)[:, None]).sum(axis=-1)
        squares = ((panel.off * panel.weighted).sum(axis=1)[:, None] - told) / self.variance
        spread = panel.known.sum(axis=1)[:, None] * np.log(self.variance) + self.own[1][way]
        logs = -(squares + spread + NOISES**2) / 2
        top = logs.max(axis=1, keepdims=True)
        likely = np.exp(logs - top)
        of_all = likely.sum(axis=1, keepdims=True)
        return likely / of_all, float((top + np.log(of_all)).sum())

    @cached_property
    def precision(self) -> Floats:
        """Of the effects of years."""
        panel, likely = self.panel, np.zeros(self.own[1].shape)
        np.add.at(likely, panel.way, self.likelihood[0])
        taken = np.einsum("wk,wkab->wab", likely / self.variance**2, self.own[0])
        taken = panel.lines @ taken @ np.swapaxes(panel.lines, 1, 2)
        return np.asarray(np.tensordot(likely @ (1 / self.variance), panel.inverse, 1) - taken.sum(axis=0))

    @property
    def effects(self) -> Floats:
        """Effects of years, by generalised least squares."""
        panel, by_noise = self.panel, self.likelihood[0] / self.variance
        taken = _times(panel.lines[panel.way], np.einsum("nk,nka->na", by_noise, self.mean))
        left = by_noise.sum(axis=1)[:, None] * panel.weighted - taken
        return np.asarray(panel.effects + np.linalg.solve(self.precision, left.sum(axis=0)))

    @property
    def deviance(self) -> float:
        """Twice the negative restricted log likelihood, less a penalty: the logarithm of the spread of trends."""
        penalty = log(self.trend / self.noise) if self.trend else 0.0
        return float(np.linalg.slogdet(self.precision)[1]) - 2 * (self.likelihood[1] + penalty)

    def said(
        self, year: Floats, line: Floats, near: Floats | float = 0.0, chance: Floats | float = 0.0
    ) -> tuple[Floats, Floats]:
        """Expectation and variance of a sum, of each series.

        Parameters
        ----------
        year : (n_years,) weights of the effects of years
        line : (n, 2) or (2,) those of level and trend
        near : (n, n_years) those of figures less effects of years
        chance : (n,) variance besides, in that of the noise
        """
        panel, (likely, _) = self.panel, self.likelihood
        line = np.broadcast_to(line, (len(panel.z), 2))
        means = (self.mean * line[:, None]).sum(axis=-1)
        along = _times(self.own[0][panel.way], line[:, None])
        within = (along * line[:, None]).sum(axis=-1) + self.variance * np.reshape(chance, (-1, 1))
        mean = (likely * means).sum(axis=1)
        variance = (likely * (within + (means - mean[:, None]) ** 2)).sum(axis=1)
        by_effects = (
            year - near - _times(panel.lines[panel.way], np.einsum("nk,nka->na", likely / self.variance, along))
        )
        variance += (by_effects @ np.linalg.inv(self.precision) * by_effects).sum(axis=1)
        return panel.effects @ year + (near * panel.off).sum(axis=1) + mean, variance

    def predicted(self) -> Lasting:
        """Best predictions of what lasts and of what is missing."""
        panel, shown = self.panel, np.eye(len(self.panel.line))
        slope = np.array([0.0, 1.0])
        level, var_level = self.said(shown[-1], panel.line[-1])
        trend, var_trend = self.said(0 * shown[-1], slope)
        both = (self.said(shown[-1], panel.line[-1] + slope)[1] - var_level - var_trend) / 2
        cells, errors = panel.z.copy(), np.zeros_like(panel.z)
        for year, missing in enumerate(panel.known.T == 0):
            near = (panel.inverse @ panel.ar[year])[panel.way]
            found, variance = self.said(
                shown[year], panel.line[year] - near @ panel.line, near, 1 - near @ panel.ar[year]
            )
            cells[missing, year], errors[missing, year] = found[missing], np.sqrt(variance[missing])
        likely, logs = self.likelihood[0], self.apart * NOISES
        log_noise = likely @ logs
        scale = np.sqrt(var_level * var_trend)
        return Lasting(
            level, np.sqrt(var_level), trend, np.sqrt(var_trend),
            np.divide(both, scale, out=np.zeros(len(both)), where=scale > 0),
            self.noise * np.exp(log_noise), np.sqrt(np.maximum(likely @ logs**2 - log_noise**2, 0.0)), cells, errors,
            *panel.common(), self.level, self.trend, self.noise, self.apart,
        )  # fmt: skip


def _times(matrices: Floats, vectors: Floats) -> Floats:
    """Each matrix times its vector, ``(..., j, k)`` and ``(..., k)``."""
    return np.asarray((matrices @ vectors[..., None])[..., 0])

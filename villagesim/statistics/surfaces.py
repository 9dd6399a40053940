"""Response surfaces of many figures over the same parameters, with their errors at points that were left out.

Terms are Legendre polynomials of the place within the range: one and two of a parameter, and products of two parameters. Over
uniform parameters they are orthonormal, so that squares of coefficients add up to the variance of a surface. Each figure has
its own two penalties, on first terms and on those of the second degree, of which leave-one-out chooses.

Source: Sudret 2008, Reliability Engineering and System Safety 93, 964-979 (polynomials); Golub, Heath and Wahba 1979,
Technometrics 21, 215-223 (leaving one out); Ledoit and Wolf 2004, Journal of Multivariate Analysis 88, 365-411 (covariance).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from villagesim.arrays import Bools, Floats, Ints

__all__ = ["Surfaces", "fitted_surfaces", "movers", "shrunk_covariance", "terms"]

PENALTIES = tuple(float(x) for x in 10.0 ** np.arange(-2, 3.1, 0.5))
"""Of first terms, in points."""
SECOND = (1.0, 4.0, 16.0, 1e6)
"""Times that, of terms of the second degree; the last leaves them out."""
SURE = 4.2
"""Correlations of a sample of ``n`` count from this over the root of ``n`` on: one in 40,000 does by chance."""


def terms(unit: Floats) -> Floats:
    """Polynomials at places of the unit cube: ``(n, k)`` to ``(n, 1 + 2 k + k (k - 1) / 2)``, orthonormal over the cube."""
    x = 2 * unit - 1
    first = np.sqrt(3.0) * x
    i, j = _pairs(unit.shape[1])
    return np.concatenate(
        [np.ones((len(x), 1)), first, np.sqrt(5.0) * (3 * x**2 - 1) / 2, first[:, i] * first[:, j]], axis=1
    )


@cache
def _pairs(k: int) -> tuple[Ints, Ints]:
    """Every two of ``k`` parameters."""
    return np.triu_indices(k, 1)


@dataclass(frozen=True, eq=False)
class Surfaces:
    """Surfaces of figures over parameters.

    Attributes
    ----------
    coefficients : (n_terms, n_figures)
    left_out : (n_points, n_figures)
        What a point was less what the surface without it said; NaN where the figure is not defined.
    explained : (n_figures,)
        Share of the variance, by points left out.
    """

    coefficients: Floats
    left_out: Floats
    explained: Floats

    def at(self, unit: Floats) -> Floats:
        """Figures at places of the unit cube, ``(n, n_figures)``."""
        return terms(unit) @ self.coefficients

    @property
    def n_parameters(self) -> int:
        """Parameters that the surfaces are over."""
        return int((np.sqrt(8 * len(self.coefficients) + 1) - 3) / 2)

    @property
    def slopes(self) -> Floats:
        """First terms ``(n_parameters, n_figures)``: what a parameter moves a figure, a standard deviation of its range."""
        return self.coefficients[1 : self.n_parameters + 1]


def fitted_surfaces(unit: Floats, figures: Floats) -> Surfaces:
    """Fit a surface to each figure.

    Parameters
    ----------
    unit : (n_points, n_parameters)
        Places of the points in the unit cube.
    figures : (n_points, n_figures)
        NaN where one is not defined: its surface rests on the other points.
    """
    x = terms(unit)
    second = np.arange(x.shape[1]) > unit.shape[1]
    found = [_fitted(x, second, figure) for figure in figures.T]
    left_out = np.stack([errors for _, errors in found], axis=1)
    explained = 1 - np.nanmean(left_out**2, axis=0) / np.nanvar(figures, axis=0)
    return Surfaces(np.stack([coefficients for coefficients, _ in found], axis=1), left_out, explained)


def _fitted(x: Floats, second: Bools, figure: Floats) -> tuple[Floats, Floats]:
    """Coefficients and errors of points left out, by the penalties for which these are least."""
    known = np.isfinite(figure)
    best: tuple[float, Floats, Floats] | None = None
    for times in SECOND:
        weight = np.where(second, times, 1.0) ** -0.5
        u, s, vt = np.linalg.svd(
            x[known, 1:] * weight[1:] - (means := (x[known, 1:] * weight[1:]).mean(axis=0)), full_matrices=False
        )
        y = figure[known] - figure[known].mean()
        for penalty in PENALTIES:
            kept = s**2 / (s**2 + penalty)
            leverage = (u**2) @ kept + 1 / known.sum()
            errors = (y - u @ (kept * (u.T @ y))) / (1 - leverage)
            if best is None or (errors**2).mean() < best[0]:
                slopes = vt.T @ (kept / s * (u.T @ y))
                constant = figure[known].mean() - means @ slopes
                best = float((errors**2).mean()), np.concatenate([[constant], slopes * weight[1:]]), errors
    assert best is not None
    left_out = np.full(len(figure), np.nan)
    left_out[known] = best[2]
    return best[1], left_out


def movers(unit: Floats, figure: Floats, most: int = 20) -> Mapping[int, float]:
    """Parameters that surely move a figure, one after the other by what is left, and by how much.

    Returns
    -------
    dict of column to slope
        Of the figure on the parameter in standard deviations of its range, all chosen ones taken together.
    """
    known = np.isfinite(figure)
    x, y = (unit[known] - unit[known].mean(axis=0)) * np.sqrt(12), figure[known] - figure[known].mean()
    chosen: list[int] = []
    slopes, left = np.empty(0), y
    while len(chosen) < most and left.std() > 0:
        correlation = np.abs(x.T @ left) / np.sqrt((x**2).sum(axis=0) * (left**2).sum())
        correlation[chosen] = 0
        if correlation.max() < SURE / np.sqrt(len(y)):
            break
        chosen.append(int(correlation.argmax()))
        slopes = np.linalg.lstsq(x[:, chosen], y, rcond=None)[0]
        left = y - x[:, chosen] @ slopes
    return dict(zip(chosen, slopes.tolist(), strict=True))


def shrunk_covariance(errors: Floats) -> Floats:
    """Covariance of columns whose mean is zero, correlations drawn towards none as far as luck makes them (Ledoit and Wolf).

    Parameters
    ----------
    errors : (n, n_figures)
        NaN where one is not known, which then counts as zero, in its own standard deviations.
    """
    spread = np.sqrt(np.nanmean(errors**2, axis=0))
    z = np.nan_to_num(errors / spread)
    n, k = z.shape
    sample = z.T @ z / n
    towards = np.trace(sample) / k * np.eye(k)
    apart = ((sample - towards) ** 2).sum()
    luck = ((z**2).T @ (z**2) / n - sample**2).sum() / n
    share = min(luck / apart, 1.0) if apart else 1.0
    correlation = (1 - share) * sample + share * towards
    scale = spread / np.sqrt(np.diag(correlation))
    return correlation * np.outer(scale, scale)

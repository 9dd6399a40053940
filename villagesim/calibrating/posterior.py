"""From figures at the points of a design to a posterior: surfaces, what no value fits, and walks.

Published numbers are taken as normal about what the surfaces say of one common value of each parameter. Their covariance is
that of what the surfaces leave (luck, one county's chance, all that is not calibrated, and the surfaces' own errors, each
point left out in turn), of places' own values, and of the figures' errors. Before that, history is matched: a number that lies
beyond three standard deviations whatever the parameters are fits no value. It is named, and sets nothing: it tells that
something is missing, and parameters would be bent to make up for it.

The covariance is taken larger by as much as the inverse of one that is estimated is too sure of itself.

Source: Kennedy and O'Hagan 2001, Journal of the Royal Statistical Society B 63, 425-464 (calibration); Craig et al. 1997 in
Case Studies in Bayesian Statistics III, 37-93 (history matching); Pukelsheim 1994, American Statistician 48, 88-91 (three
standard deviations); Hartlap, Simon and Schneider 2007, Astronomy and Astrophysics 464, 399-404 (inverse covariance).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from villagesim.arrays import Bools, Floats
from villagesim.calibrating.numbers import FAR, Bounds, Number, own_values
from villagesim.randomness import Draws
from villagesim.statistics.ensemble import convergence, walked
from villagesim.statistics.surfaces import Surfaces, fitted_surfaces, shrunk_covariance, terms

TRIED = 20_000
"""Values of all parameters at which it is looked for one that fits."""


@dataclass(frozen=True, eq=False)
class Matched:
    """All that stands between published numbers and a posterior.

    Attributes
    ----------
    bounds : dict of path to (low, high)
        Of the parameters that are calibrated; their priors are uniform.
    numbers : tuple of Number
    surfaces : Surfaces
        Of all numbers over these parameters, on the scales of the numbers.
    covariance : (n, n)
        Of all numbers about their surfaces, without the errors of the figures.
    """

    bounds: Bounds
    numbers: tuple[Number, ...]
    surfaces: Surfaces
    covariance: Floats

    @classmethod
    def of(cls, bounds: Bounds, unit: Floats, figures: Floats, numbers: Sequence[Number]) -> "Matched":
        """Fit surfaces to figures on the scales of the numbers.

        Parameters
        ----------
        unit : (n_points, n_parameters)
        figures : (n_points, n)
            Of the numbers that runs speak of, which stand first.
        """
        fitted = fitted_surfaces(unit, figures)
        direct = _direct(bounds, [number for number in numbers if number.path])
        surfaces = replace(fitted, coefficients=np.hstack([fitted.coefficients, direct]))
        left = np.zeros((len(numbers), len(numbers)))
        n, whole = figures.shape[1], int(np.isfinite(figures).all(axis=1).sum())
        left[:n, :n] = shrunk_covariance(fitted.left_out) * (whole - 1) / (whole - n - 2)
        return cls(bounds, tuple(numbers), surfaces, left + own_values(numbers, surfaces.slopes))

    @property
    def values(self) -> Floats:
        """What was published, on the scales."""
        return np.array([number.value for number in self.numbers])

    @property
    def errors(self) -> Floats:
        """Errors of the figures, on the scales."""
        return np.array([number.error for number in self.numbers])

    def implausible(self, values: Floats, said: Floats) -> Floats:
        """How many standard deviations each number is from what surfaces say at some places, ``(n_places, n)``."""
        spread = np.sqrt(np.diag(self.covariance) + self.errors**2)
        return np.asarray(np.abs(values - said) / spread)

    def fits(self, values: Floats) -> Bools:
        """Which numbers some value of the parameters fits, ``(n,)``."""
        return self.implausible(values, self._everywhere).min(axis=0) <= FAR

    def share_left(self, values: Floats) -> float:
        """Share of the prior at which no figure of runs that some value fits is implausible."""
        used = self.fits(values) & np.array([not number.path for number in self.numbers])
        return float((self.implausible(values, self._everywhere)[:, used].max(axis=1) <= FAR).mean())

    @cached_property
    def _everywhere(self) -> Floats:
        """What surfaces say at many places, ``(n_places, n)``."""
        tried = np.arange(TRIED)[:, np.newaxis]
        return self.surfaces.at(Draws("calibrating").uniform("tried", tried, np.arange(len(self.bounds))))

    def posterior(self, values: Floats, used: Bools, seed: int, steps: int) -> "Walks":
        """Walk over the posterior of these numbers, of which some are used."""
        lower = np.linalg.cholesky(self.covariance[np.ix_(used, used)] + np.diag(self.errors[used] ** 2))
        whitened = np.linalg.solve(lower, np.column_stack([values[used], self.surfaces.coefficients[:, used].T]))
        y, coefficients = whitened[:, 0], whitened[:, 1:].T

        def log_density(unit: Floats) -> Floats:
            return np.asarray(-0.5 * ((y - terms(unit) @ coefficients) ** 2).sum(axis=1))

        k = len(self.bounds)
        return Walks(
            walked(
                log_density,
                k,
                Draws(seed, "posterior"),
                walkers=max(8 * k, 40),
                steps=steps,
                every=max(steps // 200, 1),
            )
        )


@dataclass(frozen=True, eq=False)
class Walks:
    """Places of the unit cube that walkers were at, ``(n_kept, n_walkers, n_parameters)``."""

    kept: Floats

    @property
    def unit(self) -> Floats:
        """All of them, ``(n, n_parameters)``."""
        return self.kept.reshape(-1, self.kept.shape[2])

    @property
    def convergence(self) -> float:
        """Potential scale reduction of the worst parameter."""
        return float(convergence(self.kept).max())

    def rows(self, n: int, seed: int) -> Floats:
        """Draw ``n`` of them without putting any back, ``(n, n_parameters)``."""
        order = Draws(seed, "rows").uniform("row", np.arange(len(self.unit))).argsort()
        return self.unit[order[:n]]


def _direct(bounds: Bounds, numbers: Sequence[Number]) -> Floats:
    """Coefficients of numbers that are parameters themselves."""
    k, paths = len(bounds), list(bounds)
    coefficients = np.zeros((1 + 2 * k + k * (k - 1) // 2, len(numbers)))
    for column, number in enumerate(numbers):
        low, high = bounds[number.path]
        coefficients[0, column] = (low + high) / 2
        coefficients[1 + paths.index(number.path), column] = (high - low) / np.sqrt(12)
    return coefficients

"""The chain from figures to a posterior, against a linear model whose posterior is known in closed form."""

from dataclasses import replace

import numpy as np
import pytest

from villagesim.calibrating.chosen import chosen, expected
from villagesim.calibrating.numbers import OWN, Number
from villagesim.calibrating.posterior import Matched
from villagesim.randomness import Draws
from villagesim.statistics.ensemble import walked
from villagesim.statistics.surfaces import fitted_surfaces, movers, shrunk_covariance, terms

BOUNDS = {f"parameters.p{k}": (0.0, 10.0) for k in range(3)}
SLOPES = np.array([[4.0, 0.0, 1.0, 0.0], [0.0, 3.0, 1.0, 0.0], [0.0, 0.0, 0.0, 0.0]])
"""Of four figures on three parameters, in standard deviations of their ranges; the last of each moves nothing."""
NUMBERS = [Number(f"T{k}", f"place {k % 2}", value, 0.3) for k, value in enumerate((1.0, -0.5, 0.2, 0.1))]


def made(n: int = 400, noise: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    unit = rng.random((n, 3))
    return unit, (2 * unit - 1) * np.sqrt(3) @ SLOPES + rng.normal(0, noise, (n, 4))


def closed_form(chain: Matched) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of the posterior were the prior normal with the same two moments, in those standard deviations."""
    weight = np.linalg.inv(chain.covariance + np.diag(chain.errors**2))
    covariance = np.linalg.inv(SLOPES @ weight @ SLOPES.T + 1e-12 * np.eye(3))
    return covariance @ SLOPES @ weight @ chain.values, covariance


def test_the_posterior_is_that_of_the_closed_form() -> None:
    chain = Matched.of(BOUNDS, *made(), NUMBERS)
    z = (2 * chain.posterior(chain.values, np.ones(4, bool), 1, 1500).unit - 1) * np.sqrt(3)
    mean, covariance = closed_form(chain)
    assert z.mean(axis=0)[:2] == pytest.approx(mean[:2], abs=0.1)
    assert np.cov(z.T)[:2, :2] == pytest.approx(covariance[:2, :2], rel=0.2, abs=0.05)
    assert z[:, 2].std() == pytest.approx(1, abs=0.1)  # nothing speaks of it


def test_a_posterior_of_halved_errors_is_told_from_it() -> None:
    """The twin: the same with what is the fault in the rank test."""
    chain = Matched.of(BOUNDS, *made(), NUMBERS)
    z = (
        2 * replace(chain, covariance=chain.covariance / 4).posterior(chain.values, np.ones(4, bool), 1, 1500).unit - 1
    ) * 3**0.5
    assert z[:, 0].std() < 0.8 * np.sqrt(closed_form(chain)[1][0, 0])


def test_covariance_holds_what_surfaces_leave_and_own_values_of_places() -> None:
    chain = Matched.of(BOUNDS, *made(), NUMBERS)
    own = OWN**2 * SLOPES.T @ SLOPES
    assert np.diag(chain.covariance) == pytest.approx(0.25 + np.diag(own), rel=0.1)
    assert chain.covariance[0, 2] == pytest.approx(own[0, 2], abs=0.1)  # of one place
    assert chain.covariance[1, 2] == pytest.approx(0, abs=0.05)  # of two


def test_a_number_that_speaks_to_a_parameter_is_a_surface_without_error() -> None:
    number = Number("D1", "elsewhere", 8.0, 0.2, path="parameters.p2")
    chain = Matched.of(BOUNDS, *made(), [*NUMBERS, number])
    assert chain.surfaces.at(np.array([[0.1, 0.1, 0.75]]))[0, -1] == pytest.approx(7.5)
    told = chain.posterior(chain.values, np.ones(5, bool), 1, 1500).unit[:, 2]
    assert told.mean() == pytest.approx(0.75, abs=0.05)


def test_what_no_value_fits_is_named_and_sets_nothing() -> None:
    chain = Matched.of(BOUNDS, *made(), [*NUMBERS[:3], replace(NUMBERS[3], value=5.0)])
    assert chain.fits(chain.values).tolist() == [True, True, True, False]
    assert 0 < chain.share_left(chain.values) < 1


def test_those_are_chosen_that_numbers_can_inform_and_no_value_is_looked_at() -> None:
    table = expected(BOUNDS, *made(), NUMBERS)
    assert sorted(chosen(table)) == ["parameters.p0", "parameters.p1"]
    others = [replace(number, value=number.value + 50) for number in NUMBERS]
    assert expected(BOUNDS, *made(), others).equals(table)
    useless = [replace(number, error=100.0) for number in NUMBERS]
    assert chosen(expected(BOUNDS, *made(), useless)) == []


def test_terms_are_orthonormal_and_surfaces_find_them_again() -> None:
    rng = np.random.default_rng(1)
    unit = rng.random((100_000, 2))
    assert terms(unit).T @ terms(unit) / len(unit) == pytest.approx(np.eye(6), abs=0.03)
    coefficients = np.array([[1.0], [2.0], [0.0], [0.5], [0.0], [-1.0]])
    few = unit[:200]
    figures = terms(few) @ coefficients + rng.normal(0, 0.1, (200, 1))
    found = fitted_surfaces(few, figures)
    assert found.coefficients == pytest.approx(coefficients, abs=0.03)
    assert found.left_out.std() == pytest.approx(0.1, rel=0.15)
    assert found.explained[0] == pytest.approx(1 - 0.1**2 / 5.25, abs=0.005)


def test_errors_of_points_left_out_are_those_of_fits_without_them() -> None:
    unit, figures = made(30)
    figures[4, 0] = np.nan
    found = fitted_surfaces(unit, figures)
    assert np.isnan(found.left_out[4, 0])
    assert np.isfinite(found.left_out[:, 1:]).all()
    flat = fitted_surfaces(unit, np.ones((30, 1)) + 1e-9 * unit[:, :1])
    assert flat.at(unit)[:, 0] == pytest.approx(1.0)


def test_movers_are_those_that_move() -> None:
    unit, figures = made()
    assert movers(unit, figures[:, 2]) == pytest.approx({0: 1.0, 1: 1.0}, abs=0.15)
    assert movers(unit, figures[:, 3]) == {}


def test_covariance_is_drawn_towards_none_as_far_as_luck_makes_it() -> None:
    rng = np.random.default_rng(2)
    true = np.array([[1.0, 0.8], [0.8, 1.0]])
    many = rng.multivariate_normal([0, 0], true, 5000)
    assert shrunk_covariance(many) == pytest.approx(true, abs=0.05)
    few = rng.normal(0, 3, (10, 8))
    found = shrunk_covariance(few)
    assert np.diag(found) == pytest.approx((few**2).mean(axis=0))
    apart = np.abs(found - np.diag(np.diag(found))).sum()
    assert apart < 0.5 * np.abs(few.T @ few / 10 - np.diag(np.diag(few.T @ few / 10))).sum()


def test_walks_keep_to_the_cube_and_its_density() -> None:
    """A uniform density, and one that leans on an edge: the mean of exp(-5 u) over the cube is .2 less what is cut off."""
    for slope, mean in ((0.0, 0.5), (-5.0, 0.2 - np.exp(-5) / (1 - np.exp(-5)))):
        kept = walked(lambda u, slope=slope: slope * u[:, 0], 2, Draws(1, "t"), walkers=40, steps=800, every=10)
        unit = kept.reshape(-1, 2)
        assert unit[:, 0].mean() == pytest.approx(mean, abs=0.03)
        assert np.quantile(unit[:, 1], [0.1, 0.9]) == pytest.approx([0.1, 0.9], abs=0.05)

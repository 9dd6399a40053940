"""Quantiles of a weighted sample by hand, and which parameters it informs."""

import numpy as np
import pytest

from villagesim.randomness import Draws
from villagesim.statistics.posterior import (
    LEAST,
    NARROWER,
    NOT_INFORMED,
    TOO_FEW,
    posterior_table,
    surprise,
    weighted_quantiles,
)

BOUNDS = {"moves": (0.0, 10.0), "idle": (-1.0, 1.0)}


def test_weighted_quantiles_by_hand():
    assert weighted_quantiles(np.array([3.0, 1.0, 2.0]), np.full(3, 1 / 3), (0.5,)) == [2.0]
    assert weighted_quantiles(np.array([1.0, 2.0]), np.array([0.9, 0.1]), (0.45, 0.95)) == [1.0, 2.0]


def test_what_did_not_move_is_not_informed():
    """A sample like the prior, and one a tenth as wide."""
    u = Draws(1, "calibrate").uniform("u", *np.ogrid[:200, :2])
    sample = np.column_stack([4.5 + u[:, 0], 2 * u[:, 1] - 1])
    found = posterior_table(BOUNDS, sample, np.full(200, 1 / 200), seed=1).set_index("factor")
    assert found["verdict"].to_dict() == {"moves": "narrower", "idle": NOT_INFORMED}
    assert found.loc["moves", "width"] == pytest.approx(0.1, rel=0.15)
    assert found.loc["idle", "width"] == pytest.approx(1.0, rel=0.15)


def test_a_place_that_has_all_the_weight_says_nothing():
    """It would have width 0.0 (0.0 to 0.0); the twin has as many as are needed."""
    sample = np.column_stack([np.linspace(4.9, 5.1, 40), np.zeros(40)])
    for n, verdict in ((1, TOO_FEW), (LEAST - 1, TOO_FEW), (LEAST, "narrower")):
        weights = np.full(40, 1e-9)
        weights[:n] = 1 / n
        assert set(posterior_table(BOUNDS, sample, weights / weights.sum(), seed=1)["verdict"]) == {verdict}


def test_surprise_by_hand():
    """Half the weight at 0 and half at 2, published 1 with error 1: on either side alike; 6 lies five errors beyond."""
    figures, weights = np.array([0.0, 2.0]), np.full(2, 0.5)
    assert surprise(figures, weights, 1.0, 1.0) == pytest.approx(1.0)
    assert surprise(figures, weights, 6.0, 1.0) == pytest.approx(3.167e-5, rel=1e-3)
    assert surprise(figures, weights, -4.0, 1.0) == pytest.approx(3.167e-5, rel=1e-3)


def test_few_places_that_weigh_much_inform_of_nothing():
    """Nearly all weight on fourteen places, 0.83 as wide as the prior: too few to be sure that it is narrower."""
    sample = np.column_stack([np.linspace(0, 10, 40), np.zeros(40)])
    weights = np.full(40, 1e-9)
    weights[[6, 8, 9, 11, 13, 15, 17, 22, 24, 26, 28, 30, 31, 33]] = 1 / 14
    found = posterior_table(BOUNDS, sample, weights / weights.sum(), seed=1)
    assert found["width"][0] < NARROWER
    assert found["verdict"][0] == NOT_INFORMED

"""Samples: each column by itself, with the properties of its method.

Oracles: definitions of strata, nets and trajectories, to the last point; scipy's discrepancy. No chance of a false alarm but
where it is said.
"""

from datetime import date
from inspect import signature

import numpy as np
import pandas as pd
import pytest
from scipy.stats import qmc

from villagesim.design import Factor, grid, latin_hypercube, morris, sobol
from villagesim.errors import VillagesimError

GROWTH = Factor("parameters.income_growth", 0.0, 0.06)
DECREE = Factor("merger.decree", date(2021, 2, 1), date(2021, 10, 1))
FUND = Factor("fund.yearly", 1e6, 2e6)
LUCK = Factor("replication", 0, 999)


def column(make, factors, path) -> np.ndarray:
    """Column of a factor over all points but those at which another one has moved from its point to the next."""
    found = make(factors, 16, 3)
    k, j = len(factors), found.paths.index(path)
    if found.kind == "latin_hypercube":
        return found.unit[:, j]
    if found.kind == "sobol":
        return found.unit.reshape(16, k + 2, k)[:, [0, 1 + j, -1], j]
    return found.unit.reshape(16, k + 1, k)[:, [0, -1], j]


@pytest.mark.parametrize("make", [latin_hypercube, sobol, morris])
def test_a_factor_more_or_in_another_place_moves_no_other_column(make):
    """To the bit, beside none, one or three others, in any order; another seed or path gives another column."""
    alone = column(make, [GROWTH], GROWTH.path)
    for others in ([DECREE, GROWTH], [GROWTH, FUND], [LUCK, FUND, GROWTH, DECREE]):
        np.testing.assert_array_equal(column(make, others, GROWTH.path), alone)
    assert (column(make, [FUND], FUND.path) != alone).any()
    assert (make([GROWTH], 16, 4).unit != make([GROWTH], 16, 3).unit).any()


def test_trajectories_keep_their_way_when_a_factor_is_left_out():
    """Of a Morris design, points where the factor left out has just moved go; all others stay, in their order."""
    four, three = (morris(factors, 50, 3).unit for factors in ([GROWTH, LUCK, DECREE, FUND], [GROWTH, DECREE, FUND]))
    moved = np.diff(four.reshape(50, 5, 4), axis=1, prepend=0)[:, :, 1] != 0
    moved[:, 0] = False
    np.testing.assert_array_equal(np.delete(four, 1, axis=1)[~moved.ravel()], three)


def test_a_sobol_block_takes_one_factor_after_the_other_from_the_second_sample():
    """Saltelli's order: A, A with each column of B, B."""
    blocks = sobol([GROWTH, DECREE, FUND], 8, 1).unit.reshape(8, 5, 3)
    for j in range(3):
        expected = blocks[:, 0].copy()
        expected[:, j] = blocks[:, -1, j]
        np.testing.assert_array_equal(blocks[:, 1 + j], expected)
    assert (blocks[:, 0] != blocks[:, -1]).all()


def cells(x: np.ndarray, y: np.ndarray) -> set[int]:
    """How many points the intervals of area 1/n hold, over all their shapes."""
    n, found = len(x), set()
    for digits in range(n.bit_length()):
        wide, high = 2**digits, n // 2**digits
        found |= set(np.bincount((x * wide).astype(int) * high + (y * high).astype(int), minlength=n).tolist())
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_the_two_columns_of_a_factor_are_a_net(seed):
    """Each interval of area 1/64, long or flat, holds one point; the twin pairs columns of two factors."""
    blocks = sobol([GROWTH, DECREE], 64, seed).unit.reshape(64, 4, 2)
    assert cells(blocks[:, 0, 0], blocks[:, -1, 0]) == {1}
    assert cells(blocks[:, 0, 0], blocks[:, -1, 1]) != {1}


def test_nets_are_as_even_as_those_of_scipy():
    """Mean discrepancy of forty nets within 15% of scipy's scrambled Sobol' points; of independent points three times that.

    The standard deviation from net to net is some 15%, of the mean of forty 3%: false alarm 1e-5.
    """
    ours = [sobol([GROWTH], 128, seed).unit.reshape(128, 3)[:, [0, -1]] for seed in range(40)]
    word = "rng" if "rng" in signature(qmc.Sobol).parameters else "seed"  # as SciPy calls it from 1.15 on, and before
    theirs = [qmc.Sobol(2, **{word: np.random.default_rng(seed)}).random(128) for seed in range(40)]
    loose = [np.random.default_rng(seed).random((128, 2)) for seed in range(40)]
    ours, theirs, loose = (
        np.mean([qmc.discrepancy(x, method="L2-star") for x in many]) for many in (ours, theirs, loose)
    )
    assert ours == pytest.approx(theirs, rel=0.15)
    assert loose > 3 * ours


def test_columns_of_two_factors_do_not_go_together():
    """Correlations of 45 pairs of a hypercube and of 45 pairs of first columns of Sobol', 128 points: largest below 0.45.

    Each is about normal with standard deviation 0.09: one beyond five of them has a chance of 5e-5.
    """
    factors = [Factor(f"x{k}", 0.0, 1.0) for k in range(10)]
    for unit in (latin_hypercube(factors, 128, 1).unit, sobol(factors, 128, 1).unit[::12]):
        off = np.corrcoef(unit.T)[np.triu_indices(10, 1)]
        assert np.abs(off).max() < 0.45


def test_steps_of_morris_go_up_and_down_alike():
    """Two thirds of the range, from each of the four levels; 400 steps each way of 800 by chance: five deviations, 1e-6."""
    unit = morris([GROWTH, DECREE], 400, 1).unit.reshape(400, 3, 2)
    steps = np.diff(unit, axis=1)
    np.testing.assert_allclose(np.abs(steps).max(axis=1), 2 / 3)
    assert abs((steps > 0).sum() - 400) < 5 * np.sqrt(200)
    assert sorted(set(np.rint(3 * unit).ravel())) == [0, 1, 2, 3]


def test_a_grid_holds_every_combination_once():
    """The last factor changes fastest, and points count from 0."""
    design = grid([Factor("a", values=(1, 2)), Factor("b", values=("x", "y", "z"))])
    assert design.points["a"].tolist() == [1, 1, 1, 2, 2, 2]
    assert design.points["b"].tolist() == ["x", "y", "z"] * 2
    assert design.points.index.tolist() == [0, 1, 2, 3, 4, 5]
    assert design.points.index.name == "point"


def test_a_latin_hypercube_takes_every_stratum_once():
    """Each of ten equal parts of each range holds one point; another seed gives other points."""
    design = latin_hypercube([GROWTH, Factor("fund.yearly", 1e6, 2e6)], 10, seed=4)
    for column, low, high in (("parameters.income_growth", 0.0, 0.06), ("fund.yearly", 1e6, 2e6)):
        strata = ((design.points[column] - low) / (high - low) * 10).astype(int)
        assert sorted(strata) == list(range(10))
    again, other = latin_hypercube([GROWTH], 10, seed=4), latin_hypercube([GROWTH], 10, seed=5)
    assert not again.points.equals(other.points)
    pd.testing.assert_frame_equal(again.points, latin_hypercube([GROWTH], 10, seed=4).points)


@pytest.mark.parametrize(
    ("design", "n"), [(sobol([GROWTH, DECREE], 8, 1), 8 * 4), (morris([GROWTH, DECREE], 5, 1), 15)]
)
def test_samples_for_sensitivity_have_the_size_of_their_method(design, n):
    """And keep their places in the unit cube, which the analysis needs."""
    assert len(design.points) == n
    assert design.unit.shape == (n, 2)
    ours = design.points["parameters.income_growth"].to_numpy()
    np.testing.assert_allclose(ours, 0.06 * design.unit[:, 0], atol=1e-15)


def test_morris_changes_one_factor_at_a_time():
    """Steps of a trajectory differ in one place of the unit cube."""
    unit = morris([GROWTH, DECREE, Factor("fund.yearly", 0.0, 1.0)], 4, 1).unit.reshape(4, 4, 3)
    assert ((np.diff(unit, axis=1) != 0).sum(axis=2) == 1).all()


@pytest.mark.parametrize("make", [latin_hypercube, sobol, morris])
def test_a_seed_below_zero_is_refused(make):
    """In one sentence, as everywhere."""
    with pytest.raises(VillagesimError, match="seed = -1 must be a whole number of at least 0"):
        make([GROWTH], 4, seed=-1)

"""Oracles: Ishigami's function and Sobol''s g, whose indices are known; a sum for Morris."""

import math

import numpy as np
import pytest

from villagesim.design import Factor, morris, sobol
from villagesim.errors import VillagesimError
from villagesim.randomness import Draws
from villagesim.statistics.indices import NOTHING, TOO_WIDE, elementary_effects, sobol_indices

CHANCE = Factor("replication", 0, 999_999)
A, B = 7.0, 0.1
V1, V2, V13 = (1 + B * np.pi**4 / 5) ** 2 / 2, A**2 / 8, 8 * B**2 * np.pi**8 / 225
CHANCE_SD = 2.0
WHOLE = V1 + V2 + V13 + CHANCE_SD**2
FIRST = np.array([V1, V2, 0.0, CHANCE_SD**2]) / WHOLE
TOTAL = np.array([V1 + V13, V2, V13, CHANCE_SD**2]) / WHOLE
ANGLES = tuple(Factor(f"x{k}", -np.pi, np.pi) for k in (1, 2, 3))


def ishigami(design) -> np.ndarray:
    """Ishigami and Homma 1990, and normal chance that depends on the replication only."""
    x1, x2, x3, replication = design.points.to_numpy().T
    chance = Draws(5, "ishigami").normal("chance", replication.astype(np.int64))
    return np.sin(x1) + A * np.sin(x2) ** 2 + B * x3**4 * np.sin(x1) + CHANCE_SD * chance


def test_indices_of_ishigami_with_the_replication_as_a_factor():
    """Eight intervals at 99.9% hold the truth: false alarm below 0.01; and the estimates lie near it."""
    design = sobol((*ANGLES, CHANCE), 2048, seed=1)
    found = sobol_indices(design.paths, ishigami(design), seed=1, confidence=0.999)
    for name, start, truth in (("first_order", "first", FIRST), ("total_order", "total", TOTAL)):
        assert ((found[f"{start}_low"] <= truth) & (truth <= found[f"{start}_high"])).all()
        np.testing.assert_allclose(found[name], truth, atol=0.05)
    assert found["verdict"].tolist() == ["by itself", "by itself", "only together with others", "by itself"]


def test_indices_of_sobols_g_lie_in_their_intervals():
    """Eight factors, most of which do nothing; sixteen intervals at 99.9%: false alarm 0.016."""
    a = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])
    own = 1 / (3 * (1 + a) ** 2)
    first, whole = own / (np.prod(1 + own) - 1), np.prod(1 + own)
    total = first * whole / (1 + own)
    design = sobol([Factor(f"x{k}", 0.0, 1.0) for k in range(8)], 512, seed=1)
    y = np.prod((np.abs(4 * design.unit - 2) + a) / (1 + a), axis=1)
    found = sobol_indices(design.paths, y, seed=1, confidence=0.999)
    for start, truth in (("first", first), ("total", total)):
        assert ((found[f"{start}_low"] <= truth) & (truth <= found[f"{start}_high"])).all()
        assert not ((found[f"{start}_low"] <= truth[::-1]) & (truth[::-1] <= found[f"{start}_high"])).all()


def test_a_model_with_another_interaction_is_noticed():
    """The twin: with half of the interaction the third total-order index is far from Ishigami's."""
    design = sobol((*ANGLES, CHANCE), 2048, seed=1)
    x1, _, x3, _ = design.points.to_numpy().T
    found = sobol_indices(design.paths, ishigami(design) - B / 2 * x3**4 * np.sin(x1), seed=1)
    assert found["total_high"][2] < TOTAL[2]


def test_a_factor_that_does_nothing_is_not_distinguishable_from_zero():
    design = sobol((*ANGLES, Factor("idle", 0.0, 1.0), CHANCE), 256, seed=1)
    y = ishigami(type(design)(design.factors, design.points.drop(columns="idle"), design.kind))
    found = sobol_indices(design.paths, y, seed=1).set_index("factor")
    assert found.loc["idle", "verdict"] == NOTHING
    assert found.loc["x2", "verdict"] != NOTHING


def test_base_samples_with_a_failure_are_left_out_whole():
    design = sobol((*ANGLES, CHANCE), 64, seed=1)
    y = ishigami(design)
    broken = y.copy()
    broken[6 * 3 + 2] = np.nan
    kept = np.delete(y.reshape(-1, 6), 3, axis=0).ravel()
    np.testing.assert_array_equal(
        sobol_indices(design.paths, broken, 1)["total_order"], sobol_indices(design.paths, kept, 1)["total_order"]
    )
    with pytest.raises(VillagesimError, match="known at all of their 6 points"):
        sobol_indices(design.paths, np.full_like(y, np.nan), 1)


def test_elementary_effects_of_a_sum_are_its_slopes():
    """Times the range, without any spread over trajectories."""
    design = morris((Factor("a", 0.0, 10.0), Factor("b", -1.0, 1.0), Factor("c", 0.0, 1.0)), 6, seed=1)
    a, b, _ = design.points.to_numpy().T
    found = elementary_effects(design.paths, design.unit, 3 * a - 2 * b, seed=1)
    np.testing.assert_allclose(found["effect"], [30, 4, 0], atol=1e-9)
    np.testing.assert_allclose(found["spread"], 0, atol=1e-9)
    y = 3 * a - 2 * b
    y[5] = np.nan  # its trajectory is left out
    np.testing.assert_allclose(
        elementary_effects(design.paths, design.unit, y, seed=1)["effect"], [30, 4, 0], atol=1e-9
    )


def screened(seed, *, on_levels):
    """Effects of chance, of a factor that acts through luck, and whether their 95% intervals hold the truth.

    y is 2 luck(r) + x (1 + other luck(r)): two lucks are 4 / root(pi) apart at x = 0; x moves y by |1 + a normal|.
    """
    luck = Draws(seed, "screened")
    design = morris((Factor("x", 0.0, 1.0), Factor("replication" if not on_levels else "level", 0, 999_999)), 20, seed)
    x, replication = design.points.to_numpy().T
    first, other = (luck.normal(name, np.rint(replication).astype(np.int64)) for name in ("first", "other"))
    y = 2 * first + x * (1 + other)
    found = elementary_effects(design.paths, design.unit, y, seed, counts=("replication",)).to_dict("records")
    truth = np.sqrt(2 / np.pi) * np.exp(-0.5) + math.erf(1 / np.sqrt(2))
    return found[0]["low"] <= truth <= found[0]["high"]


@pytest.mark.parametrize("on_levels", [False, True])
def test_every_trajectory_has_luck_of_its_own(on_levels):
    """A factor that acts through luck: its 95% interval from 20 trajectories covers in 0.88 at least of 300 trials.

    A true 0.92, as of means of 20, falls short once in 100. The twin, chance on four levels, knows four lucks only.
    """
    covered = np.mean([screened(seed, on_levels=on_levels) for seed in range(300)])
    assert (covered >= 0.88) is not on_levels


def test_the_effect_of_chance_is_the_difference_between_two_lucks():
    """4 / root(pi) for a standard deviation of 2; 400 trajectories, standard error 4%: allowed four of them."""
    design = morris((Factor("x", 0.0, 1.0), CHANCE, Factor("draw", 0, 5)), 400, 1)
    y = 2 * Draws(1, "two").normal("luck", design.points["replication"].to_numpy(np.int64))
    found = elementary_effects(design.paths, design.unit, y, 1, counts=("replication", "draw"))
    assert found["effect"].tolist() == pytest.approx([0, 4 / np.sqrt(np.pi), 0], rel=0.16)
    assert design.points["replication"].nunique() == 800
    moves = design.points["draw"].to_numpy().reshape(400, 4)
    assert (np.abs(np.diff(moves, axis=1)).max(axis=1) > 0).all()


def test_an_interval_that_holds_half_of_all_says_nothing():
    """Eight base samples of Ishigami; with 2,048 the same factors have words."""
    design = sobol((*ANGLES, CHANCE), 8, seed=2)
    assert (sobol_indices(design.paths, ishigami(design), 1)["verdict"] == TOO_WIDE).sum() >= 2


def test_an_interval_wholly_outside_of_what_an_index_can_be_says_nothing(monkeypatch):
    """Cut to 100% to 100% it would look like knowledge; a narrow one just above 1 is knowledge."""
    import SALib.analyze.sobol as salib

    ends = {"S1": [0.9, 0.9], "S1_conf": [0.1, 0.1], "ST": [3.0, 1.1], "ST_conf": [1.5, 0.05]}
    monkeypatch.setattr(salib, "analyze", lambda *_, **__: {key: np.array(x) for key, x in ends.items()})
    assert sobol_indices(["a", "b"], np.arange(8.0), 1)["verdict"].tolist() == [TOO_WIDE, "by itself"]

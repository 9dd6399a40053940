"""Oracles: Ishigami's function, whose indices are known, with chance of known size added; a sum for Morris."""

import numpy as np
import pandas as pd
import pytest
from unit.questions.made_sweeps import sweep_of
from unit.runs.faulty_policies import small_scenario

from villagesim.design.design import Factor, morris, sobol
from villagesim.errors import VillagesimError
from villagesim.questions.sensitivity import CHANCE, NOTHING, Sensitivity, elementary_effects, sobol_indices
from villagesim.randomness import Draws

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
    with pytest.raises(VillagesimError, match="so many runs failed"):
        sobol_indices(design.paths, np.full_like(y, np.nan), 1)


def test_elementary_effects_of_a_sum_are_its_slopes():
    """Times the range, without any spread over trajectories."""
    design = morris((Factor("a", 0.0, 10.0), Factor("b", -1.0, 1.0), Factor("c", 0.0, 1.0)), 6, seed=1)
    a, b, _ = design.points.to_numpy().T
    found = elementary_effects(design, 3 * a - 2 * b, seed=1)
    np.testing.assert_allclose(found["effect"], [30, 4, 0], atol=1e-9)
    np.testing.assert_allclose(found["spread"], 0, atol=1e-9)
    y = 3 * a - 2 * b
    y[5] = np.nan  # its trajectory is left out
    np.testing.assert_allclose(elementary_effects(design, y, seed=1)["effect"], [30, 4, 0], atol=1e-9)


def test_screening_keeps_what_matters_and_chance_is_always_there():
    """The county's growth moves income, the yearly rate of disputes does not; chance goes on by itself."""
    factors = (Factor("parameters.incident_rate", 10.0, 50.0), Factor("parameters.income_growth", 0.0, 0.1))
    question = Sensitivity(
        strategy="trouble", outcomes=("income_per_resident",), factors=factors, keep=1, n=8, trajectories=3
    )
    answer = question.ask(small_scenario(), workers=1)
    screening = answer.tables["screening"].set_index("factor")
    assert screening["kept"].to_dict() == {
        "parameters.incident_rate": False, "parameters.income_growth": True, "replication": False,
    }  # fmt: skip
    assert answer.tables["sensitivity"]["factor"].tolist() == ["parameters.income_growth", "replication"]
    assert answer.headline.startswith("Collective income per resident of 'trouble': chance is")


def test_chance_is_no_factor_of_ones_own():
    """It is added by itself."""
    with pytest.raises(VillagesimError, match="factor replication: chance is added by itself"):
        Sensitivity(strategy="trouble", factors=(Factor("replication", 0, 9),))


def test_no_share_in_words_is_below_none_or_above_all():
    """Estimates and their ends can be; the table says what they are."""
    columns = ["factor", "first_order", "first_low", "first_high", "total_order", "total_low", "total_high", "verdict"]
    rows = [["a", 0.4, 0.1, 0.7, 1.1, 0.2, 1.9, "by itself"], ["replication", 0.6, -1, 3, 0.6, -1.2, 2.71, NOTHING]]
    main = pd.DataFrame(rows, columns=columns).assign(outcome="trust")
    said = Sensitivity(strategy="trouble", outcomes=("trust",))._headline(main)
    assert "chance is 60% of the variance (0% to 100%)" in said
    assert "a 1.00 (0.20 to 1.00)" in said


def test_what_is_constant_is_refused():
    """The land in trust of a strategy without land trust is zero at all points."""
    question = Sensitivity(strategy="trouble", outcomes=("land_trust_area",), n=2, factors=(Factor("draw", 0, 5),))
    with pytest.raises(
        VillagesimError, match="land_trust_area of 'trouble' is the same at all points: there is nothing"
    ):
        question.ask(small_scenario(), workers=1)


def test_a_difference_to_another_strategy_can_be_explained():
    design = sobol((Factor("draw", 0, 9),), 4, seed=1)
    n = len(design.points)
    own, other = np.arange(n)[:, np.newaxis] * 2.0, np.arange(n)[:, np.newaxis] * 0.5
    found = sweep_of(None, design, {"trust": {"a": own, "b": other}})
    question = Sensitivity(strategy="a", against="b", outcomes=("trust",))
    assert question._explained(found, "trust").tolist() == [1.5 * k for k in range(n)]
    with pytest.raises(VillagesimError, match="'a' less 'b' is the same"):
        question._explained(sweep_of(None, design, {"trust": {"a": own, "b": own - 1}}), "trust")

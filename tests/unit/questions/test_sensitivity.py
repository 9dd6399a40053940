"""What is screened, said and refused; the indices themselves are tested with the statistics."""

import numpy as np
import pandas as pd
import pytest
from unit.questions.made_sweeps import sweep_of
from unit.runs.faulty_policies import small_scenario

from villagesim.design import Factor, sobol
from villagesim.errors import VillagesimError
from villagesim.questions.question import last_month
from villagesim.questions.sensitivity import Sensitivity
from villagesim.statistics.indices import TOO_WIDE


def test_screening_keeps_what_matters_and_chance_is_always_there():
    """The county's growth moves income, the yearly rate of disputes does not; chance goes on by itself."""
    factors = (Factor("parameters.incident_rate", 10.0, 50.0), Factor("parameters.income_growth", 0.0, 0.06))
    question = Sensitivity(
        strategy="trouble", outcomes=("income_per_resident",), factors=factors, keep=1, n=8, trajectories=3
    )
    answer = question.ask(small_scenario(), workers=1)
    screening = answer.tables["screening"].set_index("factor")
    assert screening["kept"].to_dict() == {
        "parameters.incident_rate": False, "parameters.income_growth": True, "replication": False,
    }  # fmt: skip
    assert answer.tables["sensitivity"]["factor"].tolist() == ["parameters.income_growth", "replication"]
    assert answer.headline.startswith(
        f"Collective income per resident of 'trouble', end of {last_month(small_scenario(), None)}: chance, alone and with the"
        " others, is"
    )
    assert "Intervals: 95%." in answer.headline


def test_chance_is_no_factor_of_ones_own():
    """It is added by itself."""
    with pytest.raises(VillagesimError, match="factor replication: chance is added by itself"):
        Sensitivity(strategy="trouble", factors=(Factor("replication", 0, 9),))


def test_no_share_in_words_is_below_none_or_above_all():
    """Estimates and their ends can be; the table says what they are."""
    columns = ["factor", "first_order", "first_low", "first_high", "total_order", "total_low", "total_high", "verdict"]
    rows = [["a", 0.4, 0.1, 0.7, 1.1, 0.2, 1.9, "by itself"], ["replication", 0.6, -1, 3, 0.6, -1.2, 2.71, TOO_WIDE]]
    main = pd.DataFrame(rows, columns=columns).assign(outcome="trust")
    said = Sensitivity(strategy="trouble", outcomes=("trust",))._said("Trust", main, "'trouble'")
    assert "chance, alone and with the others, is 60% (0% to 100%) of the variance, too wide to say;" in said
    assert "a 100% (20% to 100%)" in said


def test_what_is_constant_is_refused():
    """Top-ups of a strategy without any are zero at all points."""
    question = Sensitivity(strategy="trouble", outcomes=("top_up_income",), n=2, factors=(Factor("draw", 0, 5),))
    with pytest.raises(VillagesimError, match="top_up_income of 'trouble' is the same at all points: there is nothing"):
        question.ask(small_scenario(), workers=1)


def test_one_outcome_that_is_constant_does_not_hold_up_the_others():
    """It is named; the others are screened and explained."""
    factors = (Factor("parameters.incident_rate", 10.0, 50.0), Factor("parameters.income_growth", 0.0, 0.06))
    outcomes = ("top_up_income", "income_per_resident")
    question = Sensitivity(strategy="trouble", outcomes=outcomes, n=2, keep=1, trajectories=2, factors=factors)
    answer = question.ask(small_scenario(), workers=1)
    assert set(answer.tables["sensitivity"]["outcome"]) == {"income_per_resident"}
    assert "top_up_income of 'trouble' is the same at all points" in answer.headline


def test_a_difference_to_another_strategy_can_be_explained():
    design = sobol((Factor("draw", 0, 9),), 4, seed=1)
    n = len(design.points)
    own, other = np.arange(n)[:, np.newaxis] * 2.0, np.arange(n)[:, np.newaxis] * 0.5
    found = sweep_of(None, design, {"trust": {"a": own, "b": other}})
    question = Sensitivity(strategy="a", against="b", outcomes=("trust",))
    assert question._explained(found)[0]["trust"].tolist() == [1.5 * k for k in range(n)]
    with pytest.raises(VillagesimError, match="'a' less 'b' is the same"):
        question._explained(sweep_of(None, design, {"trust": {"a": own, "b": own - 1}}))


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({0: 1.0, 1: 2.0, 2: 3.0, 4: 1.0}, "1 of 4 samples are known at all of their 3 points, and two are needed"),
        ({0: 1.0, 1: 1.0, 2: 1.0, 3: 1.0, 4: 9.0, 5: 1.0, 7: 2.0}, "the same at all base points of the 2 samples"),
    ],
)
def test_an_outcome_known_in_too_few_samples_does_not_hold_up_the_others(known, said):
    """Nor is it called not distinguishable from zero where the points that tell its variance are all alike."""
    design = sobol((Factor("draw", 0, 9),), 4, seed=1)
    rare = np.full((12, 1), np.nan)
    rare[list(known), 0] = list(known.values())
    found = sweep_of(None, design, {"trust": {"a": np.arange(12.0)[:, np.newaxis]}, "rare": {"a": rare}})
    explained, left_out = Sensitivity(strategy="a", outcomes=("trust", "rare"))._explained(found)
    assert list(explained) == ["trust"]
    assert said in left_out["rare"]

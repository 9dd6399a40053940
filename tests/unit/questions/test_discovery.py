"""What is said of boxes, and what is refused before anything runs."""

from datetime import date

import numpy as np
import pytest
from unit.questions.made_sweeps import sweep_of

from villagesim.design import Factor, latin_hypercube
from villagesim.errors import OutcomeError, VillagesimError
from villagesim.questions import discovery as module
from villagesim.questions.discovery import Discovery
from villagesim.questions.question import Runs
from villagesim.randomness import Draws

N = 600


def test_without_its_library_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "ema_workbench.analysis.prim", None)
    from unit.runs.faulty_policies import small_scenario

    with pytest.raises(VillagesimError, match=r"pip install .*\[discovery\]"):
        Discovery(strategy="trouble", outcome="trust", target=0.5).ask(small_scenario())


def test_what_has_no_target_is_refused_before_anything_runs(one_town, monkeypatch):
    """Neither more nor less land in trusts is better; with a target every point has luck of its own."""
    monkeypatch.setattr(Runs, "sweep", lambda runs, name, design, **how: 1 / (not how["independent_points"]))
    monkeypatch.setattr(module, "prim", lambda: None)
    with pytest.raises(OutcomeError, match="land_trust_area: neither more nor less of it is better"):
        Discovery(strategy="both", outcome="land_trust_area", target=1.0).answer(Runs(one_town, 1))
    with pytest.raises(ZeroDivisionError):
        Discovery(strategy="both", outcome="trust", target=0.5).answer(Runs(one_town, 1))


def test_an_outcome_that_is_not_defined_is_no_target(one_town):
    design = latin_hypercube([Factor("parameters.income_growth", 0.0, 0.06)], 40, seed=1)
    found = sweep_of(one_town, design, {"trust": {"both": np.full((40, 1), np.nan)}})
    with pytest.raises(OutcomeError, match="trust of 'both' is not defined at any point at the end of 2023-12"):
        Discovery(strategy="both", outcome="trust", target=0.5, at="2023-12").of(found)


@pytest.mark.extras
@pytest.mark.parametrize("holds", [True, False])
def test_words_and_figure_say_whether_a_box_holds(one_town, holds):
    """A limit on one side is written as such, a date as a date; what does not hold elsewhere is not announced."""
    factors = [
        Factor("parameters.income_growth", 0.0, 0.06),
        Factor("merger.decree", date(2021, 1, 1), date(2022, 12, 1)),
    ]
    design = latin_hypercube(factors, N, seed=1)
    growth, decree = (design.points[factor.path].to_numpy() for factor in factors)
    misses = (growth < 0.04) & (decree > date(2021, 12, 1)) & (holds | (np.arange(N) % 2 == 0))
    noise = Draws(3, "discover").uniform("miss", np.arange(N)) < 0.05
    trust = np.where(misses | noise, 0.4, 0.6)[:, np.newaxis]
    trust[:8] = np.nan
    question = Discovery(strategy="both", outcome="trust", target=0.5, at="2023-12", n=N, most_boxes=1)
    answer = question.of(sweep_of(one_town, design, {"trust": {"both": trust}}))
    limits = answer.tables["discover"].set_index("factor")["limit"]
    assert limits["parameters.income_growth"].startswith("up to 0.0")
    assert limits["merger.decree"] in ("from 2021-12", "from 2022-01", "from 2022-02")
    assert f"date of the decree {limits['merger.decree']}" in answer.headline
    assert ("No condition was found" in answer.headline) is not holds
    assert ("is not confirmed by points it was not found on: " in answer.headline) is not holds
    assert answer.headline.endswith("8 points are left out, where a run failed or the outcome is not defined.")
    assert ("Missed at" in answer.figure().get_supxlabel()) is holds

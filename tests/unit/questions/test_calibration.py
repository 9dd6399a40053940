"""Posteriors of a model whose answer is known; the algorithm's own library is needed for those marked so."""

from concurrent.futures import BrokenExecutor, CancelledError, ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest
from unit.runs.faulty_policies import small_scenario

from villagesim.design import Factor
from villagesim.errors import VillagesimError
from villagesim.questions import calibration, populations, published
from villagesim.questions.calibration import Calibration
from villagesim.questions.populations import Posterior, posterior
from villagesim.questions.published import PublishedFigure, SimulatedFigures, distance
from villagesim.questions.question import Runs
from villagesim.statistics.posterior import NOT_INFORMED, posterior_table

BOUNDS = {"moves": (0.0, 10.0), "idle": (-1.0, 1.0)}


def test_without_its_library_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyabc", None)
    with pytest.raises(VillagesimError, match=r"villagesim\[calibration\]"):
        Calibration(targets=(PublishedFigure("trust", 0.6, 0.1, "a survey"),)).ask(small_scenario())


def test_a_figure_of_what_is_never_defined_is_refused(monkeypatch, one_town):
    """Without a programme there are no facilitators to be busy."""
    monkeypatch.setattr(calibration, "library", lambda: None)
    target = PublishedFigure("facilitator_utilisation", 0.6, 0.1, "a survey")
    with pytest.raises(VillagesimError, match="not defined at the end of 2023-12 in 20 of 20 runs"):
        Calibration(targets=(target,), particles=20).ask(one_town, workers=1)


def test_a_run_that_fails_ends_nothing():
    """Whatever goes wrong in it: it is infinitely far from the figures. The twin is a run that goes well."""
    target = PublishedFigure("trust", 0.6, 0.1, "a survey")
    far = {}
    for what in ("raise", "nothing"):
        model = SimulatedFigures(small_scenario(what), "trouble", 1, ((target, "2022-03"),))
        far[what] = distance({"0": target}, model({"parameters.income_growth": 0.03}), {})
    assert far["raise"] == np.inf
    assert far["nothing"] < 10


@pytest.mark.parametrize("lost", [CancelledError(), BrokenExecutor(), type("KilledWorker", (Exception,), {})()])
def test_a_cluster_that_is_lost_is_said(lost):
    """One message with a way out; whatever else goes wrong is not hidden."""
    pyabc = SimpleNamespace(ConcurrentFutureSampler=lambda executor, **how: executor)
    runs = Runs(small_scenario(), 1, 2, executors=ThreadPoolExecutor)
    with pytest.raises(VillagesimError, match=r"given up its work.*\n.*--resume"), populations.sampler_of(pyabc, runs):
        raise lost
    with pytest.raises(ZeroDivisionError), populations.sampler_of(pyabc, runs):
        raise ZeroDivisionError


def test_where_most_runs_fail_nothing_is_learnt(monkeypatch):
    """Eleven of twenty: half of what is accepted first would be runs that failed."""
    monkeypatch.setattr(calibration, "library", lambda: None)
    sweep = Runs.sweep

    def failing(self, *arguments, **what):
        found = sweep(self, *arguments, **what)
        found.runs.frame.loc[:10, "trust"] = np.nan
        return found

    monkeypatch.setattr(Runs, "sweep", failing)
    question = Calibration(
        targets=(PublishedFigure("trust", 0.6, 0.1, "a survey"),), factors=(Factor("parameters.income_growth", 0.0, 0.1),),
        particles=20,
    )  # fmt: skip
    with pytest.raises(VillagesimError, match="not defined at the end of 2022-03 in 11 of 20 runs"):
        question.ask(small_scenario(), workers=1)


def test_whole_numbers_of_a_prior_are_equally_likely(monkeypatch, one_town):
    """One to four facilitators: the prior goes from a half to four and a half, and each number has the places nearest to it."""
    seen = {}

    def found(model, bounds, *rest, **how):
        seen.update(bounds=bounds, model=model)
        return Posterior(np.full((20, 2), 0.05), np.full(20, 0.05), np.full((20, 1), 0.6), 20)

    def simulate(scenario, *rest):
        seen.setdefault("facilitators", []).append(scenario.strategies["five integrations"][0].facilitators)
        raise VillagesimError("seen enough")

    monkeypatch.setattr(calibration, "library", lambda: None)
    monkeypatch.setattr(calibration, "posterior", found)
    path = "policies.five_integrations.facilitators"
    factors = (Factor(path, 1, 4), Factor("parameters.income_growth", 0.0, 0.1))
    target = PublishedFigure("trust", 0.6, 0.1, "a survey")
    Calibration(strategy="five integrations", targets=(target,), factors=factors, particles=20).ask(one_town, workers=1)
    assert seen["bounds"] == {path: (0.5, 4.5), "parameters.income_growth": (0.0, 0.1)}
    monkeypatch.setattr(published, "simulate", simulate)
    for place in np.linspace(0.5, 4.5, 42)[1:-1]:
        seen["model"]({path: place, "parameters.income_growth": 0.05})
    assert [seen["facilitators"].count(n) for n in (1, 2, 3, 4)] == [10, 10, 10, 10]


@pytest.mark.extras
def test_a_planted_posterior_is_found_and_the_idle_parameter_is_not_informed(tmp_path):
    """Oracle: 3 with error 0.3 and chance 0.2 gives a posterior about normal(3, 0.36) under a flat prior.

    With 150 particles worth some 100, its mean has a standard error of 0.04: allowed 0.2, for the tolerance of the last
    population as well.
    """
    pyabc = pytest.importorskip("pyabc")

    def model(place):
        return {"0": place["moves"] + 0.2 * float(np.random.standard_normal())}  # noqa: NPY002 - luck of the library

    def far(x, x_0):
        return abs(x["0"] - x_0["0"])

    def ask(seed):
        runs = Runs(small_scenario(), seed, 1)
        return posterior(model, BOUNDS, far, {"0": 3.0}, runs, particles=150, populations=6, most_runs=5_000)

    last = ask(1)
    sample, weights, figures, n_runs = last.places, last.weights, last.figures, last.n_runs
    found = posterior_table(BOUNDS, sample, weights, seed=1).set_index("factor")
    assert found["verdict"].to_dict() == {"moves": "narrower", "idle": NOT_INFORMED}
    assert weights @ sample[:, 0] == pytest.approx(3.0, abs=0.2)
    assert weights @ figures[:, 0] == pytest.approx(3.0, abs=0.2)
    assert sample.shape == (150, 2)
    assert n_runs > 6 * 150
    np.testing.assert_array_equal(ask(1).places, sample)  # the same seed, the same posterior
    assert pyabc.__version__


@pytest.mark.extras
def test_a_calibration_of_a_county_and_going_on_with_it(tmp_path):
    """A figure from a run with growth of 9%: the posterior lies high, and nothing is run again once it is done."""
    pytest.importorskip("pyabc")
    county = small_scenario()
    target = PublishedFigure("income_per_resident", 4900.0, 50.0, "planted")
    question = Calibration(
        targets=(target,), factors=(Factor("parameters.income_growth", 0.0, 0.1),), particles=20, populations=2
    )
    answer = question.ask(county, workers=1, out=tmp_path / "c")
    again = question.ask(county, workers=1, out=tmp_path / "c", resume=True)
    assert answer.tables["effort"].equals(again.tables["effort"])
    assert answer.tables["calibrate"].equals(again.tables["calibrate"])
    assert (tmp_path / "c" / "history.db").exists()
    assert answer.tables["fit"]["source"].tolist() == ["planted"]


@pytest.mark.extras
def test_runs_go_to_the_executor_that_was_asked_for(monkeypatch):
    """All of them, on as many workers as there are; no processes are started beside it."""
    pyabc = pytest.importorskip("pyabc")
    monkeypatch.setattr(pyabc, "MulticoreEvalParallelSampler", None)
    asked = []

    class Counting(ThreadPoolExecutor):
        def submit(self, do, *what, **more):
            asked.append(do.__name__)
            return super().submit(do, *what, **more)

    question = Calibration(
        targets=(PublishedFigure("income_per_resident", 4900.0, 50.0, "planted"),),
        factors=(Factor("parameters.income_growth", 0.0, 0.1),), particles=20, populations=2,
    )  # fmt: skip
    answer = question.ask(small_scenario(), workers=2, executors=Counting)
    assert sum(name != "make_part" for name in asked) >= answer.tables["effort"]["runs"][0] >= 40

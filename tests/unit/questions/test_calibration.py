"""Posteriors of a model whose answer is known; the algorithm's own library is needed for those marked so."""

from concurrent.futures import BrokenExecutor, CancelledError, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.special import chdtrc
from unit.runs.faulty_policies import small_scenario

from villagesim.design import Factor
from villagesim.errors import VillagesimError
from villagesim.questions import calibration, populations, published
from villagesim.questions.calibration import Calibration
from villagesim.questions.populations import Posterior, posterior
from villagesim.questions.published import PublishedFigure, SimulatedFigures
from villagesim.questions.question import Runs
from villagesim.randomness import Draws
from villagesim.runs.store import Store
from villagesim.statistics.posterior import LEAST, NO_FIT, TOO_FEW, surprise


def test_without_its_library_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyabc", None)
    with pytest.raises(VillagesimError, match=r"pip install .*\[calibration\]"):
        Calibration(targets=(PublishedFigure("trust", 0.6, 0.1, "a survey"),)).ask(small_scenario())


def test_a_figure_of_what_is_never_defined_is_refused(monkeypatch, one_town):
    """Without a programme there are no facilitators to be busy."""
    monkeypatch.setattr(calibration, "library", lambda: None)
    target = PublishedFigure("facilitator_utilisation", 0.6, 0.1, "a survey")
    with pytest.raises(VillagesimError, match="not defined at the end of 2023-12 in 20 of 20 runs"):
        Calibration(targets=(target,), particles=20).ask(one_town, workers=1)


def test_a_figure_of_one_source_counts_once(monkeypatch, one_town):
    """Twice the same would be taken for two measurements; the month may be written or left out."""
    monkeypatch.setattr(calibration, "library", lambda: None)
    targets = (
        PublishedFigure("trust", 0.6, 0.1, "a survey"),
        PublishedFigure("trust", 0.6, 0.1, "a survey ", "2023-12"),
    )
    with pytest.raises(
        VillagesimError, match=r"\[\[target\]\] 2: trust at the end of 2023-12 .*\[\[target\]\] 1 already"
    ):
        Calibration(targets=targets, particles=20).ask(one_town, workers=1)


def test_a_run_that_fails_ends_nothing():
    """Whatever goes wrong in it: it is infinitely far from the figures. The twin is a run that goes well."""
    target = PublishedFigure("trust", 0.6, 0.1, "a survey")
    for what, fails in (("raise", True), ("nothing", False)):
        model = SimulatedFigures(small_scenario(what), "trouble", 1, ((target, "2022-03"),))
        assert (model({"parameters.income_growth": 0.03})["0"] == np.inf) is fails


@pytest.mark.parametrize("lost", [CancelledError(), BrokenExecutor(), type("KilledWorker", (Exception,), {})()])
def test_a_cluster_that_is_lost_is_said(lost):
    """One message with a way out; whatever else goes wrong is not hidden."""
    pyabc = SimpleNamespace(ConcurrentFutureSampler=SimpleNamespace)
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
        targets=(PublishedFigure("trust", 0.6, 0.1, "a survey"),), factors=(Factor("parameters.income_growth", 0.0, 0.06),),
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
    factors = (Factor(path, 1, 4), Factor("parameters.income_growth", 0.0, 0.06))
    target = PublishedFigure("trust", 0.6, 0.1, "a survey")
    Calibration(strategy="five integrations", targets=(target,), factors=factors, particles=20).ask(one_town, workers=1)
    assert seen["bounds"] == {path: (0.5, 4.5), "parameters.income_growth": (0.0, 0.06)}
    monkeypatch.setattr(published, "simulate", simulate)
    for place in np.linspace(0.5, 4.5, 42)[1:-1]:
        seen["model"]({path: place, "parameters.income_growth": 0.05})
    assert [seen["facilitators"].count(n) for n in (1, 2, 3, 4)] == [10, 10, 10, 10]


PRIORS = {"a": (-1.0, 2.0), "b": (0.0, 4.0), "idle": (0.0, 1.0)}
ERRORS = {"0": 0.2, "1": 0.3}


def two_figures(place):
    """The first parameter, and the sum of the first two, each with chance; the third does nothing."""
    chance = 0.1 * np.random.standard_normal(2)  # noqa: NPY002 - luck of the library
    return {"0": place["a"] + chance[0], "1": place["a"] + place["b"] + chance[1]}


def quantities(places, published):
    """The three parameters, and how far the figures that they lead to are from the published ones."""
    off = np.abs(places[:, :2].cumsum(axis=1) - [value for value, _ in published.values()])
    return np.column_stack([places, off])


def sabotaged(monkeypatch, fault):
    """Plant one of two faults: the tolerance stays that of the prior, or the published error does not count."""
    import pyabc

    if fault == "frozen":
        monkeypatch.setattr(pyabc, "Temperature", lambda: pyabc.ListTemperature([500.0] * 20))
    if fault == "ignored":
        kernel = pyabc.IndependentNormalKernel
        monkeypatch.setattr(pyabc, "IndependentNormalKernel", lambda var, keys: kernel([0.05**2] * len(var), keys=keys))


def asked(model, bounds, published, seed=1, particles=100, most_runs=20_000, populations=4):
    runs = Runs(small_scenario(), seed, 1)
    return posterior(model, bounds, published, runs, particles=particles, populations=populations, most_runs=most_runs)


@pytest.mark.extras
@pytest.mark.parametrize("fault", ["none", "frozen", "ignored"])
def test_a_posterior_is_as_wide_as_its_closed_form_for_two_published_errors(monkeypatch, fault):
    """Oracle: flat prior, chance 0.02: normal, sd = root of 0.02 squared plus the error squared.

    Each sd is that of 140 places worth some 100, standard error 7%: within 25% in all but 1 of 1,000 such tests.
    """
    sabotaged(monkeypatch, fault)

    def model(place):
        return {"0": place["a"] + 0.02 * float(np.random.standard_normal())}  # noqa: NPY002 - luck of the library

    wide = []
    for error in (0.05, 0.2):
        found = asked(model, {"a": (-1.0, 2.0)}, {"0": (0.5, error)}, particles=140)
        mean = found.weights @ found.places[:, 0]
        wide.append(np.sqrt(found.weights @ (found.places[:, 0] - mean) ** 2) / np.hypot(0.02, error))
    assert (np.abs(np.array(wide) - 1) < 0.25).all() == (fault == "none")


@pytest.mark.extras
@pytest.mark.long
@pytest.mark.parametrize(("fault", "n"), [("none", 40), ("frozen", 10), ("ignored", 10)])
def test_ranks_of_planted_truths_in_their_posteriors_are_uniform(monkeypatch, fault, n):
    """Simulation-based calibration (Talts et al. 2018): truths from the prior, figures with chance and error.

    Ranks of the parameters, and of how far the figures expected of them are from those published (Modrak et al. 2023: a
    posterior that is the prior has right ranks of all parameters). Chi-square over four bins for each of the five: a right
    calibration fails in 1% of all tests. Right figures are called misfits in at most 2% of the truths: four of 40 in 1%.
    """
    sabotaged(monkeypatch, fault)
    u, misfits, ranks = Draws(7, "truths"), 0, []
    for k in range(n):
        truth = {name: low + (high - low) * u.uniform(name, k).item() for name, (low, high) in PRIORS.items()}
        noise = [u.normal(key, k).item() for key in ("chance 0", "chance 1", "error 0", "error 1")]
        figures = {"0": truth["a"] + 0.1 * noise[0], "1": truth["a"] + truth["b"] + 0.1 * noise[1]}
        published = {key: (figures[key] + ERRORS[key] * noise[2 + j], ERRORS[key]) for j, key in enumerate(ERRORS)}
        found = asked(two_figures, PRIORS, published, seed=k, particles=40)
        own, all_places = (quantities(x, published) for x in (np.array([list(truth.values())]), found.places))
        ranks.append(found.weights @ (all_places < own))
        surprises = [surprise(found.figures[:, j], found.weights, *pair) for j, pair in enumerate(published.values())]
        misfits += min(surprises) < NO_FIT / 2
    counts = np.array([np.histogram(column, bins=4, range=(0, 1))[0] for column in np.array(ranks).T])
    p = chdtrc(3, ((counts - n / 4) ** 2 / (n / 4)).sum(axis=1))
    assert (p.min() > 0.01 / 5) == (fault == "none"), counts
    assert misfits <= 3 or fault != "none"


@pytest.mark.extras
def test_that_no_value_fits_is_an_answer_and_failing_runs_are_never_accepted():
    """Two figures that contradict each other; the twin is one that fits. Above 1.5 runs fail."""

    def model(place):
        return dict.fromkeys("01", place["a"] if place["a"] < 1.5 else np.inf)

    for second, fits in ((0.7, True), (1.4, False)):
        published = {"0": (0.6, 0.1), "1": (second, 0.1)}
        found = asked(model, {"a": (0.0, 2.0)}, published, particles=50)
        surprises = [surprise(found.figures[:, j], found.weights, *pair) for j, pair in enumerate(published.values())]
        assert (min(surprises) > NO_FIT) is fits
        assert np.isfinite(found.figures).all()


@pytest.mark.extras
def test_runs_that_do_not_suffice_are_said_and_gone_on_with(tmp_path):
    """A population is given up where it takes too many runs; later the errors are reached."""

    def model(place):
        return {str(k): place[name] for k, name in enumerate("ab")}

    published = {"0": (0.5, 0.001), "1": (2.0, 0.001)}
    bounds = {name: PRIORS[name] for name in "ab"}
    with Store(tmp_path / "c", {}) as store:
        how = {"particles": 30, "populations": 6}
        runs = Runs(small_scenario(), 1, 1, store)
        first = posterior(model, bounds, published, runs, most_runs=200, **how)
        then = posterior(model, bounds, published, replace(runs, resume=True), most_runs=20_000, **how)
        again = posterior(model, bounds, published, replace(runs, resume=True), most_runs=20_000, **how)
    assert first.temperature > 1
    assert (then.temperature, again.n_runs) == (1.0, then.n_runs)
    assert then.n_runs > first.n_runs


@pytest.mark.extras
def test_a_calibration_of_a_county_and_going_on_with_it(tmp_path):
    """A figure within reach fits, and nothing is run again once it is done."""
    county = small_scenario()
    target = PublishedFigure("income_per_resident", 1200.0, 50.0, "planted")
    question = Calibration(
        targets=(target,), factors=(Factor("parameters.income_growth", 0.0, 0.06),), particles=20, populations=2
    )
    answer = question.ask(county, workers=1, out=tmp_path / "c")
    again = question.ask(county, workers=1, out=tmp_path / "c", resume=True)
    assert answer.tables["effort"].equals(again.tables["effort"])
    assert answer.tables["calibrate"].equals(again.tables["calibrate"])
    assert (tmp_path / "c" / "history.db").exists()
    assert answer.tables["fit"][["source", "verdict"]].to_numpy().tolist() == [["planted", "fits"]]


@pytest.mark.extras
def test_runs_go_to_the_executor_that_was_asked_for(monkeypatch):
    """All of them, on as many workers as there are; no processes are started beside it."""
    import pyabc

    monkeypatch.setattr(pyabc, "MulticoreEvalParallelSampler", None)
    asked = []

    class Counting(ThreadPoolExecutor):
        def submit(self, do, *what, **more):
            asked.append(do.__name__)
            return super().submit(do, *what, **more)

    question = Calibration(
        targets=(PublishedFigure("income_per_resident", 1200.0, 50.0, "planted"),),
        factors=(Factor("parameters.income_growth", 0.0, 0.06),), particles=20, populations=2,
    )  # fmt: skip
    answer = question.ask(small_scenario(), workers=2, executors=Counting)
    assert sum(name != "make_part" for name in asked) >= answer.tables["effort"]["runs"][0] >= 40


def test_few_heavy_runs_are_no_knowledge(monkeypatch):
    """One of twenty has nearly all the weight: no verdict on any parameter or figure, and what to do."""
    weights = np.full(20, 1e-9)
    weights[0] = 1.0
    monkeypatch.setattr(calibration, "library", lambda: None)
    monkeypatch.setattr(
        calibration, "posterior", lambda *_, **__: Posterior(np.full((20, 1), 0.05), weights, np.full((20, 1), 0.6), 20)
    )
    question = Calibration(
        targets=(PublishedFigure("trust", 0.6, 0.1, "a survey"),), factors=(Factor("parameters.income_growth", 0.0, 0.06),),
        particles=20,
    )  # fmt: skip
    answer = question.ask(small_scenario(), workers=1)
    assert answer.tables["calibrate"]["verdict"].tolist() == answer.tables["fit"]["verdict"].tolist() == [TOO_FEW]
    assert "count as 1.0 of equal weight: too few to say" in answer.headline
    assert "more particles" in answer.headline


@pytest.mark.parametrize(
    "problem", [ValueError("Temperature must be finite."), np.linalg.LinAlgError("Singular matrix")]
)
def test_what_the_library_cannot_do_is_one_message(problem):
    """Errors of numbers end in words; others are faults of this library and are not hidden."""
    with pytest.raises(VillagesimError, match=f"{problem}.*\n.*more particles"), populations.refused_in_words():
        raise problem
    with pytest.raises(KeyError), populations.refused_in_words():
        raise KeyError


def densities(*below):
    """Of a population, as the library hands them over: that far below the largest there is."""
    return lambda: {"distance": -np.array(below)}


def test_what_is_always_accepted_is_near_the_largest_density_unless_nothing_can_reach_it():
    """Oracle: for two figures the distance below the largest is exponential: a tenth below -ln 0.9, half below ln 2."""
    norm = partial(populations.always_accepted, 0.0, figures=2)
    assert norm(densities(99.0)) == pytest.approx(np.log(0.9))
    assert norm(densities(5.0, 2.7), prev_temp=4.0) == pytest.approx(np.log(0.9))
    assert norm(densities(5.0, 2.8), prev_temp=4.0) == -2.8
    assert norm(densities(5.0, 2.8), last=4.0) == -2.8


@pytest.mark.extras
def test_one_jump_to_the_published_errors_leaves_many_runs_that_count():
    """Two populations, an error of a thousandth of the prior: the first one is hundreds of errors off at its best."""
    found = asked(lambda place: {"0": place["a"]}, {"a": (-1.0, 2.0)}, {"0": (0.5, 0.003)}, particles=20, populations=2)
    assert found.temperature == 1
    assert 1 / (found.weights**2).sum() >= LEAST


@pytest.mark.extras
def test_an_executor_gives_a_population_up_too():
    """Figures that no run reaches are not waited for; the library does not count the runs of an executor."""
    bounds, out_of_reach = {"a": (0.0, 1.0)}, {"0": (0.5, 1e-9)}
    runs = Runs(small_scenario(), 1, 2, executors=ThreadPoolExecutor)
    how = {"particles": 20, "populations": 2, "most_runs": 150}
    found = posterior(lambda place: {"0": place["a"]}, bounds, out_of_reach, runs, **how)
    assert found.temperature > 1
    assert found.n_runs <= 300

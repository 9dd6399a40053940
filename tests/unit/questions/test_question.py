"""What all experiments share: files, folders, and answers that do not depend on who ran them."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from unit.runs.faulty_policies import ROOT, small_scenario

import villagesim as vs
from villagesim.design import Factor, from_table, in_words, unit_of
from villagesim.errors import DesignError, VillagesimError
from villagesim.questions.allocation import Allocation
from villagesim.questions.attribution import Attribution
from villagesim.questions.calibration import Calibration
from villagesim.questions.discovery import Discovery
from villagesim.questions.published import PublishedFigure
from villagesim.questions.question import Question, Runs, check_names, load_question, values
from villagesim.questions.robustness import Robustness
from villagesim.questions.sensitivity import Sensitivity
from villagesim.questions.sweep import sweep

pytestmark = pytest.mark.usefixtures("figures_are_blank")

HEAD = f'question = "Why?"\nscenario = "{ROOT}/scenarios/one_town.toml"\n'
GROWTH = '[[factor]]\npath = "parameters.income_growth"\nlow = 0.0\nhigh = 0.06\n'
FACTORS = (Factor("parameters.income_growth", 0.0, 0.06),)
QUESTIONS = {
    "sensitivity": (
        'strategy = "both"\noutcomes = ["trust"]\nn = 8\n' + GROWTH,
        Sensitivity(strategy="both", outcomes=("trust",), n=8, factors=FACTORS),
    ),
    "attribute": (
        'strategy = "both"\nat = "2022-12"\nreplications = 3',
        Attribution(strategy="both", at="2022-12", replications=3),
    ),
    "discover": (
        'strategy = "both"\noutcome = "trust"\ntarget = 0.5\n' + GROWTH,
        Discovery(strategy="both", outcome="trust", target=0.5, factors=FACTORS),
    ),
    "robust": (
        'strategies = ["both", "land trust"]\n[targets]\ntrust = 0.5\n' + GROWTH,
        Robustness(strategies=("both", "land trust"), targets={"trust": 0.5}, factors=FACTORS),
    ),
    "calibrate": (
        'particles = 30\n[[target]]\noutcome = "trust"\nvalue = 0.6\nerror = 0.05\nsource = "a survey"\n' + GROWTH,
        Calibration(particles=30, targets=(PublishedFigure("trust", 0.6, 0.05, "a survey"),), factors=FACTORS),
    ),
    "budget": (
        'strategy = "both"\ntotal = 2_000_000\n[weights]\ntrust = 1.0\n',
        Allocation(strategy="both", total=2_000_000, weights={"trust": 1.0}),
    ),
}


def written(folder: Path, text: str) -> Path:
    path = folder / "question.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_file_is_the_value_of_its_keys(name, tmp_path):
    text, expected = QUESTIONS[name]
    words, scenario, found = load_question(written(tmp_path, HEAD + text), type(expected))
    assert words == "Why?"
    assert scenario.title.startswith("Three townships")
    assert found == expected
    assert type(found).name == name


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("attribute", 'strategy = "both"\nreplicatons = 3', "replicatons is not a key here. Did you mean 'replications'"),
        ("attribute", "strategy = 3", "strategy = 3 must be text in quotation marks"),
        ("attribute", 'strategy = "both"\nreplications = 1', "replications = 1 must be a whole number of at least 2"),
        ("attribute", "", "strategy is missing"),
        ("sensitivity", 'strategy = "both"\n[[factor]]\npath = "parameters.income_growth"\nlow = 0.06\nhigh = 0.0',
         r"\[\[factor\]\] 1, factor parameters.income_growth: low = 0.06 is not below"),
        ("sensitivity", 'strategy = "both"\n[[factor]]\npath = "parameters.income_grwth"', "income_growth"),
        ("robust", 'strategies = ["both"]\n[targets]\ntrust = 0.5', "nothing to choose from"),
        ("robust", 'strategies = ["both", "land trust"]', r"\[targets\] is empty"),
        ("calibrate", "target = []", "targets is missing"),
        ("calibrate", '[[target]]\noutcome = "trust"\nvalue = 0.6\nerror = 0.0\nsource = "x"', "error = 0.0 must be above 0"),
        ("calibrate", '[[target]]\noutcome = "trust"\nvalue = 0.6\nerror = 0.1\nsource = " "', "source is empty"),
        ("budget", 'strategy = "both"\ntotal = 0', "total = 0.0 must be above 0 yuan"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_file_is_named_with_its_place(name, text, message, tmp_path):
    with pytest.raises(VillagesimError, match=message) as found:
        load_question(written(tmp_path, HEAD + text), type(QUESTIONS[name][1]))
    assert "question.toml" in str(found.value)


def test_a_file_without_question_or_scenario_is_refused(tmp_path):
    with pytest.raises(DesignError, match="question is missing"):
        load_question(written(tmp_path, 'scenario = "x.toml"'), Attribution)
    with pytest.raises(DesignError, match="scenario is missing"):
        load_question(written(tmp_path, 'question = "Why?"'), Attribution)


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (Attribution(strategy="nobody"), "'nobody' is not a strategy here"),
        (Attribution(strategy="no merger"), "has no policies to be told apart"),
        (Attribution(strategy="both", outcome="gini_income"), "how much of it is arithmetic is not known"),
        (Sensitivity(strategy="both", outcomes=("nothing",)), "nothing is not an outcome"),
        (Robustness(strategies=("both", "land trust"), targets={"debt": 1e6, "share_near_500k": 0.1}), "neither more nor less"),
        (Allocation(strategy="land trust", total=1e6), "no two policies"),
        (Allocation(strategy="both", total=1e9), "more than the county's fund pays in over the run, 10,000,000 yuan"),
        (Allocation(strategy="both", total=1e6, steps=2000), "more than 1,000"),
    ],
)  # fmt: skip
def test_a_question_that_does_not_fit_the_scenario_is_refused_before_anything_runs(question, message, monkeypatch):
    monkeypatch.setattr("villagesim.runs.sweep.carry_out", lambda *what, **more: pytest.fail("it ran"))
    with pytest.raises(VillagesimError, match=message):
        question.ask(vs.load_scenario(ROOT / "scenarios" / "one_town.toml"))


def test_folder_workers_and_going_on_do_not_change_an_answer(tmp_path):
    """In this process without a folder; two workers with a folder; going on in it, which runs nothing again."""
    scenario = vs.load_scenario(ROOT / "scenarios" / "one_town.toml")
    question = Attribution(strategy="land trust", outcome="trust", replications=2, at="2022-12")
    plain = question.ask(scenario, workers=1).tables["attribute"]
    two = question.ask(scenario, workers=2, out=tmp_path / "two").tables["attribute"]
    parts = {path: path.stat().st_mtime_ns for path in (tmp_path / "two").rglob("county-*.parquet")}
    again = question.ask(scenario, workers=1, out=tmp_path / "two", resume=True).tables["attribute"]
    pd.testing.assert_frame_equal(plain, two, check_exact=True)
    pd.testing.assert_frame_equal(plain, again, check_exact=True)
    assert parts == {path: path.stat().st_mtime_ns for path in (tmp_path / "two").rglob("county-*.parquet")}
    manifest = json.loads((tmp_path / "two" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["complete"]
    assert {"tables/attribute.parquet", "tables/together.csv", "figures/attribute.png"} <= set(manifest["files"])
    other = replace(question, at="2022-11")
    with pytest.raises(VillagesimError, match=r"holds other results. at: .* there, '2022-11' here"):
        other.ask(scenario, workers=1, out=tmp_path / "two")


def test_runs_that_fail_are_left_out_and_said():
    """A policy that raises: its runs have no value, the other strategy's have, and the answer says so."""
    design = from_table(pd.DataFrame({"point": [0, 1], "parameters.income_growth": [0.03, 0.04]}))
    runs = Runs(small_scenario("raise"), 1, workers=1)
    found = runs.sweep("points", design, strategies=["trouble", "no merger"], outcomes=["trust"])
    assert np.isnan(values(found, "trust")[found.strategies.index("trouble")]).all()
    assert np.isfinite(values(found, "trust")[found.strategies.index("no merger")]).all()

    class Said(Question):
        name = "said"

        def answer(self, runs):
            runs.sweep("points", design, strategies=["trouble", "no merger"], outcomes=["trust"])
            return self.said("Said.", {})

        @staticmethod
        def draw(answer, name):
            raise NotImplementedError

    said = Said().ask(small_scenario("raise"), workers=1).headline
    assert said.startswith(
        "Said. Runs that failed are left out: 2 in points, the first: on 2022-01-01, Trouble.begin, "
    )


def test_factors_in_words(one_town):
    """In a sentence without units, on an axis with them."""
    growth = one_town.parameters["income_growth"]
    for path, words, axis in (
        ("parameters.income_growth", "income growth", f"income growth [{growth.unit}]"),
        ("policies.land_trust.split.0", "land trust: split part 1", "land trust: split part 1"),
        ("fund.yearly", "fund", "fund [yuan a year]"),
        ("merger.decree", "date of the decree", "date of the decree"),
        ("place.map", "map of the merger", "map of the merger"),
    ):
        assert (in_words(path), in_words(path, unit_of(path, one_town))) == (words, axis)


def test_factors_in_chinese():
    """A parameter, a policy and its settings by their names, which other things have too; what is a user's own stays as it is."""
    with vs.language("zh"):
        assert in_words("parameters.incident_rate", "‰") == "纠纷发生率（‰）"
        assert in_words("policies.land_trust.household_floor") == "土地托管：农户保底"
        assert in_words("kinds.land_trust.split.0") == "土地托管：盈余分配第 1 项"
        assert in_words("policies.土地托管试点.target.n") == "土地托管试点：对象村数"
        assert in_words("policies.outing.buses") == "outing：buses"
        assert in_words("fund.yearly") == "县级资金"


def test_values_of_a_month():
    """Those of the month that is asked for; the place of each is the same."""
    design = from_table(pd.DataFrame({"point": [7, 3], "parameters.income_growth": [0.03, 0.05]}))
    found = sweep(small_scenario(), design, outcomes=["trust"], at=["2021-12", "2022-03"], replications=2, workers=1)
    table = found.runs.set_index(["strategy", "point", "replication", "month"])["trust"]
    for month in found.table.months:
        x = found.values("trust", month)
        assert x.shape == (3, 2, 2)
        assert x[2, 0, 1] == table["trouble", 7, 1, month]
        assert x[0, 1, 0] == table["no merger", 3, 0, month]
    assert (found.values("trust", "2021-12") != found.values("trust", "2022-03")).any()


def test_the_world_without_merger_is_not_compared_per_village(one_town):
    """Refused before anything runs, by whatever question; outcomes that do not count villages are compared."""
    compared = ("no merger", "land trust")
    for question in (
        Robustness(strategies=compared, targets={"collective_income": 600_000.0}),
        Sensitivity(strategy="land trust", against="no merger"),
    ):
        with pytest.raises(
            DesignError, match="collective_income is per village, and 'no merger' ends with another number"
        ):
            question.ask(one_town, workers=1)
    check_names(one_town, compared, ("income_per_resident", "trust"))
    check_names(one_town, compared[:1], ("collective_income",))
    never = replace(one_town, timetable=replace(one_town.timetable, decrees=()))
    check_names(never, compared, ("collective_income",))

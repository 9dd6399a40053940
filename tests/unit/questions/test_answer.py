"""Answers are kept and read again, and strategies of one's own go into any question."""

import pickle
import shutil
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import get_args, get_origin, get_type_hints

import pandas as pd
import pytest
from unit.runs.faulty_policies import small_scenario

import villagesim as vs
from villagesim.design import Factor, grid
from villagesim.errors import DesignError, ScenarioError, StoreError
from villagesim.policies import LandTrust, SeedMoney
from villagesim.questions import Attribution, Comparison, Question, Sweep, Trial, Uncertainty
from villagesim.questions.answer import Answer
from villagesim.questions.kinds import KINDS, kind_of
from villagesim.targets import Target

pytestmark = pytest.mark.usefixtures("figures_are_blank")

GROWTH = grid([Factor("parameters.income_growth", values=(0.01, 0.05))])
LOT = {"by lot": [SeedMoney(start="2021-09-01", form="cooperative", projects=1, target=Target(rule="random", n=2))]}
QUESTIONS = {
    "compare": Comparison(strategies="trouble", replications=3, until_best="trust"),
    "uncertainty": Uncertainty(strategies="trouble", draws=2),
    "sweep": Sweep(design=GROWTH, strategies="trouble", outcomes="trust"),
    "trial": Trial(strategy=LOT, outcome="trust", replications=2),
    "attribute": Attribution(strategy={"mine": [LandTrust(start="2021-09-01")]}, outcome="trust", replications=2),
}


@pytest.fixture(scope="module")
def small():
    return small_scenario()


@pytest.fixture(scope="module")
def kept(small, tmp_path_factory):
    folder = tmp_path_factory.mktemp("kept")
    return folder, {name: question.ask(small, 2, workers=1, out=folder / name) for name, question in QUESTIONS.items()}


@pytest.mark.parametrize("name", QUESTIONS)
def test_what_was_written_is_read_again(kept, name, tmp_path, monkeypatch):
    """The same tables, runs, words and figures, without a run; and so once more from where it is saved."""
    folder, answers = kept
    monkeypatch.setattr("villagesim.runs.parts.simulate", lambda *what, **more: pytest.fail("it ran"))
    answer = answers[name]
    for again in (vs.open_results(folder / name), vs.open_results(answer.save(tmp_path / "saved"))):
        assert type(again) is type(answer)
        assert (again.headline, again.figures, list(again.tables)) == (
            answer.headline, answer.figures, list(answer.tables),
        )  # fmt: skip
        for table in answer.tables:
            pd.testing.assert_frame_equal(again.tables[table], answer.tables[table], check_exact=True)
        pd.testing.assert_frame_equal(again.runs, answer.runs, check_exact=True)
        titles = [found.figure().get_suptitle() for found in (again, answer)]
        assert titles[0] == titles[1]
        assert repr(again) == repr(answer)
        assert len(repr(again)) < 400
        assert "<table" in again._repr_html_()


def test_a_folder_that_is_not_whole_is_refused(kept, tmp_path):
    """Broken off, a file missing or changed, of another kind, or of nothing."""
    folder, _ = kept

    def broken(change):
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        shutil.copytree(folder / "attribute", tmp_path / "out")
        change(tmp_path / "out")
        return tmp_path / "out"

    manifest = "manifest.json"
    for change, said in (
        (lambda out: (out / manifest).unlink(), "holds no results"),
        (lambda out: (out / manifest).write_text("{"), "is damaged"),
        (lambda out: (out / manifest).write_text((out / manifest).read_text().replace('"complete": true', '"complete": false')),
         "broken off"),
        (lambda out: (out / "tables" / "attribute.parquet").unlink(), "attribute.parquet is missing"),
        (lambda out: (out / "answer.txt").write_text("better"), "answer.txt has changed"),
        (lambda out: next((out / "sweeps").rglob("runs.parquet")).write_bytes(b""), "runs.parquet has changed"),
    ):  # fmt: skip
        with pytest.raises(StoreError, match=said):
            vs.open_results(broken(change))
    with pytest.raises(StoreError, match="holds no results"):
        vs.open_results(tmp_path)
    for nothing, said in (
        (tmp_path / "nowhere", "there is no folder .*nowhere"),
        (folder / "attribute" / manifest, f"there is no folder .*{manifest}"),
    ):  # fmt: skip
        with pytest.raises(StoreError, match=rf"{said}(?s:.*)Give the folder that compare"):
            vs.open_results(nothing)
    with pytest.raises(StoreError, match="the answer to 'attribute', not to 'compare'"):
        vs.open_results(folder / "attribute", Comparison)


def test_a_question_of_ones_own_is_read_with_its_class(small, tmp_path):
    class Mine(Question):
        name = "mine"

        def answer(self, runs):
            found = runs.sweep("points", GROWTH, strategies=["trouble"], outcomes=["trust"])
            return self.said("Said.", {"mine": found.runs.frame}, word="drawn")

        @staticmethod
        def draw(answer, name):
            from matplotlib import pyplot as plt

            return plt.figure(label=answer.facts["word"])

    Mine().ask(small, workers=1, out=tmp_path / "out")
    with pytest.raises(StoreError, match="a question of your own, 'mine'"):
        vs.open_results(tmp_path / "out")
    again = vs.open_results(tmp_path / "out", Mine)
    assert again.figure().get_label() == "drawn"
    with pytest.raises(vs.VillagesimError, match=r"'min' is not a figure of this answer\. Did you mean 'mine'"):
        again.figure("min")


def test_where_no_figures_are_asked_for_nothing_that_draws_is_loaded(monkeypatch):
    for name in ("matplotlib", "matplotlib.pyplot"):
        monkeypatch.setitem(sys.modules, name, None)
    Answer.write_figures(None, None, "none")
    with pytest.raises(ImportError):
        Answer.write_figures(None, None, "png")


def test_tables_that_are_handed_out_are_copies(kept):
    """What a reader does to one changes neither the next nor the runs."""
    answer = kept[1]["compare"]
    before = answer.table("trust").copy()
    stage = answer.stages[""]
    for frame in (answer.tables["comparison"], answer.runs, stage.runs):
        frame.loc[:, "strategy"] = "mine"
    failures = stage.failures
    failures.loc[0] = "mine"
    assert "mine" not in set(answer.tables["comparison"]["strategy"]) | set(answer.runs["strategy"])
    assert not len(answer.failures)
    pd.testing.assert_frame_equal(answer.table("trust"), before)


@pytest.mark.parametrize("read", [False, True], ids=["asked", "read again"])
def test_what_an_answer_holds_stays_as_it_is(kept, read):
    """Its mappings refuse a change; lists and mappings inside are copies, as its tables are."""
    answer = vs.open_results(kept[0] / "sweep") if read else kept[1]["sweep"]
    for held in (answer.facts, answer.about, answer.stages, answer.tables):
        with pytest.raises(TypeError, match="does not support item assignment"):
            held["seed"] = 8
    for held in (answer.facts, answer.about):
        before, inner = dict(held), [each for each in held.values() if isinstance(each, list | dict)]
        assert inner
        for each in inner:
            each.clear()
        assert held == before
    points = answer.stages[""].points
    points["point"] = 9
    assert (answer.stages[""].points["point"] != 9).any()
    assert pickle.loads(pickle.dumps(answer.facts)) == answer.facts


def test_what_was_asked_for_is_a_table(kept):
    """The race, and what is not defined, are kept rather than computed when they are printed."""
    tables = kept[1]["compare"].tables
    assert {"race", "undefined", "money", "distribution", "comparison"} <= set(tables)
    assert tables["race"]["strategy"].tolist() == ["nothing but the merger", "no merger", "trouble"]


def test_strategies_of_ones_own_have_a_name_that_is_free(small):
    """One is one, and no name means two things."""
    own = [LandTrust(start="2021-09-01")]
    with pytest.raises(DesignError, match="'trouble' is another strategy of the scenario"):
        Comparison(strategies={"trouble": own}).ask(small)
    with pytest.raises(DesignError, match="strategy: 2 strategies are given, and one is needed"):
        Attribution(strategy={"a": own, "b": own}, outcome="trust").ask(small)
    for nameless in (own, own[0]):
        with pytest.raises(
            DesignError, match=r"is not the name of a strategy\.(?s:.*)Give policies of your own under a name"
        ):
            Comparison(strategies=nameless).ask(small)
    with pytest.raises(ScenarioError, match="'troubl' is not a strategy here"):
        Comparison(strategies="troubl").ask(small)
    mine = replace(small, strategies={**small.strategies, "mine": own})
    ours, theirs = (
        Comparison(strategies=given, replications=1).ask(where, workers=1).runs
        for given, where in (({"mine": own}, small), ("mine", mine))
    )
    pd.testing.assert_frame_equal(ours, theirs, check_exact=True)


@pytest.mark.parametrize("name", [name for name in KINDS if hasattr(kind_of(name), "read_as")])
def test_a_strategy_is_a_name_or_policies_for_a_type_checker_too(name):
    """As all questions take it; a file holds its name."""
    hints = get_type_hints(kind_of(name))
    for field in {"strategy", "against"} & set(hints):
        assert {str, Mapping} <= {get_origin(part) or part for part in get_args(hints[field])}, field
        assert Mapping not in {get_origin(part) for part in get_args(kind_of(name).read_as[field])}

"""Mistakes in files of experiments: one message each, before anything runs."""

from pathlib import Path

import pytest

from villagesim.errors import VillagesimError
from villagesim.questions.attribution import Attribution
from villagesim.questions.calibration import Calibration
from villagesim.questions.comparison import Comparison
from villagesim.questions.question import load_question
from villagesim.questions.robustness import Robustness
from villagesim.questions.sensitivity import Sensitivity
from villagesim.questions.sweep import Sweep
from villagesim.questions.trial import Trial
from villagesim.questions.uncertainty import Uncertainty

TOWN = Path(__file__).parents[2] / "scenarios" / "one_town.toml"
HEAD = f'question = "Why?"\nscenario = "{TOWN}"\n'
TARGET = '[[target]]\noutcome = "trust"\nvalue = 0.6\nerror = 0.05\nsource = "a survey"\n'
GRID = '[design]\nkind = "grid"\n[[factor]]\npath = "fund.yearly"\nvalues = [0, 1]\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "asked.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        (Sensitivity, 'factor = [1, 2]\nstrategy = "both"', r"Write \[\[factor\]\] with two brackets"),
        (Sensitivity, 'factor = 3\nstrategy = "both"', r"Write \[\[factor\]\] with two brackets"),
        (Sensitivity, 'strategy = "both"\noutcomes = []', "outcomes names none"),
        (Sweep, GRID.replace("[0, 1]", "[0, 1, 1.0]"), "fund.yearly: values holds 1.0 twice"),
        (Sweep, GRID.replace("[0, 1]", "[2.5, 2.5, 2.5]"), "values holds 2.5 twice"),
        (Calibration, "target = [3]", r"Write \[\[target\]\] with two brackets"),
        (Calibration, TARGET + '[[factor]]\npath = "draw"\nlow = 0\nhigh = 9', "luck is no parameter"),
    ],
)
def test_a_file_that_cannot_be_asked(kind, text, words, tmp_path):
    with pytest.raises(VillagesimError, match=words) as found:
        load_question(written(tmp_path, HEAD + text), kind)
    assert "asked.toml" in str(found.value)


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        (Sensitivity, 'strategy = "both"\noutcomes = ["trust", "trust"]', "'trust' is named twice"),
        (Sensitivity, 'strategy = "both"\nagainst = "both"', "'both' is named twice"),
        (Robustness, 'strategies = ["both", "both", "land trust"]\n[targets]\ntrust = 0.5', "'both' is named twice"),
        (
            Attribution,
            'strategy = "both"\nat = "2031-01"',
            "at = '2031-01' is not a month of the run, 2021-01 to 2023-12",
        ),
    ],
)
def test_a_question_that_cannot_be_answered(kind, text, words, tmp_path, monkeypatch):
    monkeypatch.setattr("villagesim.runs.sweep.carry_out", lambda *what, **more: pytest.fail("it ran"))
    _, scenario, question = load_question(written(tmp_path, HEAD + text), kind)
    with pytest.raises(VillagesimError, match=words):
        question.ask(scenario, workers=1)


@pytest.mark.parametrize(
    ("text", "words"),
    [("at = []", "at names none"), ("outcomes = []", "outcomes names none"), ("strategies = []", "at least one")],
)
def test_a_sweep_of_nothing(text, words, tmp_path):
    _, scenario, question = load_question(written(tmp_path, HEAD + text + "\n" + GRID), Sweep)
    with pytest.raises(VillagesimError, match=words):
        question.ask(scenario, workers=1)


def test_a_list_of_factors_that_are_no_tables(tmp_path):
    with pytest.raises(VillagesimError, match=r"Write \[\[factor\]\] with two brackets"):
        load_question(written(tmp_path, "factor = [1]\n" + HEAD + '[design]\nkind = "grid"\n'), Sweep)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('kind = "compare"\nstrategies = ["both"]\nreplications = 3', Comparison(strategies=("both",), replications=3)),
        ('kind = "compare"\ndraws = 9', Uncertainty(draws=9)),
        ('kind = "trial"\nstrategy = "both"\noutcome = "trust"', Trial(strategy="both", outcome="trust")),
        ('kind = "attribute"\nstrategy = "both"', Attribution(strategy="both")),
    ],
)
def test_a_file_says_its_kind(text, expected, tmp_path):
    assert load_question(written(tmp_path, HEAD + text))[2] == expected


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        (None, 'strategy = "both"', 'kind is missing.*Write what is asked, as kind = "compare". Known: compare, '),
        (None, "kind = [1]", r"\[1\] is not a kind of question"),
        (None, 'kind = "attribut"', "'attribut' is not a kind of question. Did you mean 'attribute'"),
        (Sensitivity, 'kind = "attribute"\nstrategy = "both"', "kind = 'attribute' is not 'sensitivity'"),
        (None, 'kind = "compare"\nstrategies = "both"', "strategies = 'both' must be a list in square brackets"),
        (None, 'kind = "compare"\ndraws = 1', "draws = 1 must be a whole number of at least 2"),
    ],
)
def test_a_file_of_no_kind_or_another(kind, text, words, tmp_path):
    with pytest.raises(VillagesimError, match=f"(?s){words}") as found:
        load_question(written(tmp_path, HEAD + text), kind)
    assert found.value.at[0].endswith("asked.toml")

"""Claim: what an answer keeps of its question is a file that asks the same again."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from unit.command_line import SMALL
from unit.report.kinds import ASKED

import villagesim as vs
from villagesim.design import Factor, grid
from villagesim.questions import Answer
from villagesim.questions.as_file import as_file
from villagesim.questions.kinds import kind_of
from villagesim.questions.published import PublishedFigure
from villagesim.questions.question import load_question
from villagesim.questions.rollout import Rollout
from villagesim.questions.setting import Setting
from villagesim.runs.exports import write_csv

MORE = {
    "calibrate": {
        "targets": (PublishedFigure("trust", 0.5, 0.1, 'a "yearbook"'),), "factors": (Factor("fund.yearly", 1.0, 2.0),),
    },
    "cohort of a lot": ASKED["cohort"] | {"rollout": Rollout(kind="staggered", years=(2022, 0)), "against": "all of it"},
    "dated": {
        "strategy": "all of it", "n": 8, "factors": (Factor("merger.decree", date(2021, 3, 1), date(2021, 6, 1)),),
    },
}  # fmt: skip
NAMED = {"cohort of a lot": "cohort", "dated": "sensitivity"}


def as_asked(kind: str, fields: dict[str, object]) -> tuple[object, Answer]:
    """A question, and an answer that keeps it."""
    scenario = vs.load_scenario(SMALL)
    question, _ = kind_of(kind)(**fields).resolved(scenario)
    about = {"question": kind, **question.kept()}
    return question, Answer(type(question), "", {}, about=about, setting=Setting.of(scenario))


@pytest.mark.parametrize("name", sorted({*ASKED, *MORE} - {"sweep"}))
def test_a_file_asks_the_same_again(name: str, tmp_path: Path) -> None:
    question, answer = as_asked(NAMED.get(name, name), {**ASKED, **MORE}[name])
    text = as_file(answer)
    assert "None" not in text
    file = tmp_path / "question.toml"
    file.write_text(text.replace('scenario = "small.toml"', f"scenario = {json.dumps(str(SMALL))}"), encoding="utf-8")
    words, _, again = load_question(file)
    assert words == question.what_it_asks()  # type: ignore[attr-defined]
    assert vars(again) | {"found": 0} == vars(question) | {"found": 0}


def test_a_sweep_runs_the_points_of_its_folder_again(tmp_path: Path) -> None:
    design = grid((Factor("parameters.income_growth", values=(0.0, 0.05)), Factor("draw", values=(0, 1))))
    question, answer = as_asked("sweep", {"design": design, "independent_points": True, "outcomes": ("trust",)})
    (tmp_path / "tables").mkdir()
    write_csv(tmp_path / "tables/points.csv", design.points.reset_index(), "points")
    file = tmp_path / "question.toml"
    file.write_text(as_file(answer).replace('"small.toml"', json.dumps(str(SMALL))), encoding="utf-8")
    _, _, again = load_question(file)
    assert again.kept() == question.kept()  # type: ignore[attr-defined]
    assert again.design.points.equals(design.points)  # type: ignore[attr-defined]


def test_what_comes_along_is_called_as_one_asks_for_it() -> None:
    assert Setting.of(vs.load_scenario("packaged:one_town")).source == "packaged:one_town"
    assert Setting.of(vs.load_scenario(SMALL)).source == "small.toml"


def test_the_words_of_a_packaged_question_are_told_and_those_of_others_stay() -> None:
    _, answer = as_asked("uncertainty", ASKED["uncertainty"])
    packaged, _, _ = load_question("packaged:parts_of_the_rise")
    with vs.language("zh"):
        asked = [as_file(replace(answer, facts={"asked": words})).split("\n")[0] for words in (packaged, "Why so?")]
    assert asked == ['question = "收入增长里，算术、外部趋势、合并、政策各占多少？"', 'question = "Why so?"']

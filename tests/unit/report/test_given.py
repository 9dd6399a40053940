"""Claim: a page says what was data and what assumed, goals, what strategies contain and what was asked, in told names."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from unit.report.kinds import answer_of
from unit.report.test_page import Page

import villagesim as vs
from villagesim.outcomes import Goal
from villagesim.questions import Answer
from villagesim.questions.as_file import as_file
from villagesim.questions.kinds import kind_of
from villagesim.report.compared import losers
from villagesim.report.given import given
from villagesim.report.page import LARGEST, page


@pytest.fixture
def no_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("villagesim.report.page.embedded", lambda *what: ([], [], []))


def told(answer: Answer, **known: object) -> dict[str, object]:
    return given(replace(answer, setting=replace(answer.known, **known)))


def test_the_words_of_the_scenario_stand_on_the_page_or_that_there_are_none(no_figures: None, tmp_path: Path) -> None:
    answer = answer_of("compare")
    words = {"data": "the rolls", "assumed": "all\nelse " + "x" * 3_000}
    said = told(answer, about=words)
    assert said["about"][0] == ("Data", "the rolls")  # type: ignore[index]
    assert said["about"][1][1].startswith("all else xxx")  # type: ignore[index]
    assert len(said["about"][1][1]) < 1_300  # type: ignore[index]
    spoken = replace(answer, setting=replace(answer.known, about=words)).save(tmp_path / "spoken", figures="none")
    silent = replace(answer, setting=replace(answer.known, about={})).save(tmp_path / "silent", figures="none")
    from_before = replace(answer, setting=replace(answer.known, about=None)).save(tmp_path / "old", figures="none")
    for folder, is_said, is_missing in ((spoken, True, False), (silent, False, True), (from_before, False, False)):
        text = " ".join(Page(page(folder)).texts)
        assert ("the rolls" in text) == is_said
        assert ("does not say what of its figures is data" in text) == is_missing


def test_strategies_say_what_they_contain_in_told_names() -> None:
    said = dict(given(answer_of("compare"))["strategies"])
    assert set(said) < set(answer_of("compare").known.strategies)
    assert not any("_" in text for text in said.values())
    assert any("from 20" in text for text in said.values())
    of_one = given(answer_of("trial"))["strategies"]
    assert [name for name, _ in of_one] == ["by lot"]
    with vs.language("zh"):
        assert "起" in given(answer_of("trial"))["strategies"][0][1]


def test_what_strategies_contain_is_said_to_be_otherwise_where_it_is() -> None:
    """At points of a design over settings of policies, and in the counties of a cohort; nowhere else."""
    answer = answer_of("sweep")
    moved = pd.DataFrame({"policies.land_trust.start": ["2021-09", "2022-09"], "parameters.income_growth": [0.0, 0.1]})
    for points, said in ((moved, True), (moved[["parameters.income_growth"]], False)):
        text = given(replace(answer, stages={"": SimpleNamespace(points=points)}))["contents"]  # type: ignore[dict-item]
        assert ("the points of the design have other values of: land trust: start." in text) == said
        assert "income growth" not in text
    assert "other values" not in given(answer_of("compare"))["contents"]
    of_counties = given(replace(answer, kind=type("Counties", (answer.kind,), {"name": "cohort"})))["contents"]
    assert of_counties.startswith("Dates are those of the scenario.")


def test_goals_say_in_how_many_runs_each_strategy_reaches_them() -> None:
    answer = answer_of("compare")
    goal = Goal(outcome="share_above_500k", at="2022-06", at_least=0.8, source="made up")
    rows = [
        {"goal": str(goal), "source": "made up", "strategy": name, "share_reached": share}
        for name, share in (("one", 0.0), ("two", 0.5), ("three", 0.0))
    ]
    known = replace(answer.known, goals=(goal,))
    (words,) = given(replace(answer, setting=known, tables={"goals": pd.DataFrame(rows)}))["goals"]
    assert "_" not in words
    assert words.startswith("Goal: Villages at or above 500,000 yuan")
    assert words.endswith("(made up); of 3 runs those that reach it, 0%: one and three; 50%: two")


def test_who_loses_is_told_by_groups_in_words() -> None:
    answer = answer_of("compare")
    table = answer.tables["distribution"].assign(
        verdict="worse", difference=-2.0, difference_low=-3.0, difference_high=-1.0
    )
    found = losers(replace(answer, tables={"distribution": table}), 400)
    cells = {cell for row in found["table"]["rows"] for cell in row[1:3]}
    assert {"the smallest third", "parts that joined a host", "Income behind a member"} < cells
    assert not any("_" in cell or ":" in cell for cell in cells)


@pytest.mark.parametrize("kind", ["validate", "cohort"])
def test_a_page_on_other_places_is_not_headed_with_one_of_them(kind: str, no_figures: None, tmp_path: Path) -> None:
    answer = answer_of(kind)
    text = page(answer.save(tmp_path / "out", figures="none"))
    assert f"<h1>{kind_of(kind).what_it_asks()}</h1>" in text
    assert given(answer)["about"] == given(answer)["goals"] == []
    assert "does not say what of its figures" not in text


def test_counties_of_a_roll_have_no_figures_of_their_own() -> None:
    answer = answer_of("cohort")
    alone = replace(answer, about={**answer.about, "before": "roll.csv"})
    (said,) = given(alone)["held"]
    assert said == "Data of the counties: their rolls alone. All else is the scenario's, or drawn."
    (said,) = given(replace(alone, about={**alone.about, "table": "counties.csv"}))["held"]
    assert "what counties.csv gives" in said
    assert given(answer)["held"] == []


def test_a_question_stands_on_the_page_as_its_file(no_figures: None, tmp_path: Path) -> None:
    answer = answer_of("robust")
    text = page(answer.save(tmp_path / "out", figures="none"))
    assert as_file(answer) in text.replace("&#34;", '"')
    for word in ("Factor(", "None", "False"):
        assert word not in text


def test_a_page_of_very_many_rows_is_small_and_has_its_main_figure(tmp_path: Path) -> None:
    """Numbers of all rows would fill it."""
    answer = answer_of("worth")
    many = pd.concat([answer.tables["worth"]] * 150, ignore_index=True)
    text = page(replace(answer, tables={**answer.tables, "worth": many}).save(tmp_path / "out", figures="none"))
    assert len(text.encode()) < LARGEST
    assert "<svg" in text or "data:image/png" in text
    assert f"of {len(many)} rows of tables/worth.csv" in text

"""Places and questions that come with the library: found by name, listed, copied whole or not at all."""

from pathlib import Path

import pytest
from unit.command_line import villagesim

import villagesim as vs
from villagesim.errors import ScenarioError, StoreError
from villagesim.files import packaged
from villagesim.questions.question import load_question
from villagesim.runs.writing import whole_folder


def test_every_name_means_one_file() -> None:
    """Of places and questions together, and each says what it is."""
    found = packaged.scenarios() | packaged.questions()
    assert len(found) == len(packaged.scenarios()) + len(packaged.questions()) == 28
    assert {name for name, path in found.items() if not packaged.about(path)} == set()


def test_all_that_comes_along_is_read() -> None:
    """By its name, from any folder."""
    for name in packaged.scenarios():
        assert vs.load_scenario(f"packaged:{name}").strategies
    for name in packaged.questions():
        load_question(f"packaged:{name}", allow_code=True)


def test_a_name_that_is_none_is_told_which_was_meant(tmp_path: Path) -> None:
    """On the command line and in the file of a question."""
    done = villagesim("check", "packaged:zangqiu")
    assert done.returncode == 2
    assert "Did you mean 'zhangqiu'? villagesim examples lists all" in done.stderr
    question = tmp_path / "question.toml"
    question.write_text('question = "?"\nkind = "compare"\nscenario = "packaged:one_town"\n', encoding="utf-8")
    assert load_question(question)[1].title.startswith("Three townships")
    question.write_text('question = "?"\nkind = "compare"\nscenario = "packaged:two_towns"\n', encoding="utf-8")
    with pytest.raises(vs.VillagesimError, match="no scenario or question 'two_towns'"):
        load_question(question)


def test_copies_are_those_that_are_listed(tmp_path: Path) -> None:
    """And what they name is found from there."""
    done = villagesim("examples", "--copy", str(tmp_path / "mine"))
    assert done.returncode == 0, done.stderr
    copied = {path.stem for path in (tmp_path / "mine").rglob("*.*") if path.parent.name != "scenarios"}
    listed = villagesim("examples").stdout
    assert {name for name in packaged.questions() if f" {name} " in listed} == copied - {"three_townships"}
    load_question(tmp_path / "mine/experiments/examples/best_shares.toml")
    again = villagesim("examples", "--copy", str(tmp_path / "mine"))
    assert again.returncode == 2
    assert "mine is not empty." in again.stderr


def _fill(folder: Path, source: Path) -> None:
    with whole_folder(folder) as half:
        (half / "room").mkdir()
        (half / "room/one").write_text(packaged.about(source), encoding="utf-8")


def test_a_folder_is_whole_or_not_there(tmp_path: Path) -> None:
    """Where it failed nothing is left, not in a folder that was there and empty either."""
    there = tmp_path / "there"
    there.mkdir()
    for folder in (there, tmp_path / "new"):
        with pytest.raises(ScenarioError):
            _fill(folder, tmp_path / "nothing.toml")
    assert [path.name for path in tmp_path.rglob("*")] == ["there"]
    for folder in (there, tmp_path / "new"):
        _fill(folder, packaged.scenarios()["wuhou"])
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("one")) == [
        "new/room/one",
        "there/room/one",
    ]
    for taken in (there, there / "room/one"):
        with pytest.raises(StoreError, match=r"is not empty|is a file"), whole_folder(taken):
            pytest.fail("must not be begun")

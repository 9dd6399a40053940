"""Claim: a folder that a command cannot use is refused before anything is run, and nothing is left where it failed."""

from pathlib import Path

import pytest
from unit.command_line import SMALL, villagesim

RUN = ("run", str(SMALL), "--strategy", "all of it", "--figures", "none")
STORY = ("story", str(SMALL), "370114001201", "--figures", "none")


@pytest.mark.parametrize("command", [RUN, STORY], ids=["run", "story"])
def test_a_folder_of_others_is_refused_before_the_run(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def simulate(*what: object, **how: object) -> None:
        raise AssertionError("run all the same")

    monkeypatch.setattr("villagesim.simulate", simulate)
    monkeypatch.setattr("villagesim.simulation.simulate", simulate)
    (tmp_path / "other").mkdir()
    (tmp_path / "other/mine.txt").write_text("mine", encoding="utf-8")
    done = villagesim(*command, "--out", "other", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is not empty and holds no results" in done.stderr
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["mine.txt"]

"""Claim: what differs between results is told in words that their user gave."""

from pathlib import Path

import pytest
from unit.command_line import SMALL, villagesim

QUIET = ("--workers", "1", "--figures", "none", "--out", "out", "-q")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("there")
    assert villagesim("compare", str(SMALL), "--replications", "2", *QUIET, cwd=found).returncode == 0
    return found


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("compare", str(SMALL), "--replications", "2", "--seed", "3"), "seed: 1 there, 3 here."),
        (("compare", str(SMALL), "--replications", "2", "--villages"), "villages: false there, true here."),
        (("compare", "packaged:one_town", "--replications", "2"), "The scenario is another, or was changed."),
        (
            ("compare", str(SMALL), "--draws", "2"),
            "It was made by villagesim compare, not by villagesim compare --draws.",
        ),
        (
            ("trial", str(SMALL), "--strategy", "by lot"),
            "It was made by villagesim compare, not by villagesim trial.",
        ),
    ],
)
def test_a_folder_of_other_results_says_what_differs(folder: Path, given: tuple[str, ...], said: str) -> None:
    done = villagesim(*given, *QUIET, cwd=folder)
    assert done.returncode == 2
    assert f"{folder / 'out'} holds other results." in done.stderr
    assert said in done.stderr
    assert "title" not in done.stderr
    assert done.stderr.count(" there, ") <= 1


def test_it_is_told_in_chinese_too(folder: Path) -> None:
    done = villagesim("compare", str(SMALL), "--seed", "3", "--villages", *QUIET, "--lang", "zh", cwd=folder)
    assert "里是别的结果。seed：那里是 1，这里是 3。villages：那里是 false，这里是 true。" in done.stderr
    done = villagesim("trial", str(SMALL), "--strategy", "by lot", *QUIET, "--lang", "zh", cwd=folder)
    assert "它由 villagesim compare 得出，不是 villagesim trial。" in done.stderr

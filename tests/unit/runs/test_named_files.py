"""Claim: a file option writes over nothing but what its command wrote earlier, puts no table among results, and is not empty."""

import os
from pathlib import Path
from shutil import copytree

import pytest
from unit.command_line import SMALL, villagesim

COMMANDS = {
    "check": ("check", "small/small.toml", "--villages"),
    "report": ("report", "out", "--out"),
}
ENDING = {"check": "csv", "report": "html"}
MINE = "code,name,income\n370114001201,mine,1\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("made")
    copytree(SMALL.parent, home / "small")
    asked = ("compare", "small/small.toml", "--replications", "3", "--out", "out", "--figures", "none", "-q")
    done = villagesim(*asked, cwd=home)
    assert done.returncode == 0, done.stderr
    return home


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(home: Path, command: str, file: str, said: str) -> None:
    before = contents(home)
    done = villagesim(*COMMANDS[command], file, cwd=home)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in " ".join(done.stderr.split())
    assert contents(home) == before


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_is_written_anew_where_the_command_wrote_it(made: Path, command: str, tmp_path: Path) -> None:
    """In a folder of its own, and twice."""
    file = tmp_path / f"new/mine.{ENDING[command]}"
    written = []
    for _ in range(2):
        done = villagesim(*COMMANDS[command], str(file), cwd=made)
        assert done.returncode == 0, done.stderr
        written.append(file.read_bytes())
    assert written[0] == written[1]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", ["small/small.toml", "small/table.csv", "mine.csv", "mine.html", "empty", "link"])
def test_what_others_wrote_stays(made: Path, command: str, name: str, tmp_path: Path) -> None:
    copytree(made, tmp_path / "home")
    (tmp_path / "home/mine.csv").write_text(MINE, encoding="utf-8")
    (tmp_path / "home/mine.html").write_text("<!doctype html>\n<title>mine</title>", encoding="utf-8")
    (tmp_path / "home/empty").touch()
    (tmp_path / "home/link").symlink_to("mine.csv")
    refused(tmp_path / "home", command, name, "is there already, and holds something else. Nothing was changed.")


@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_no_regular_file_stays(made: Path, command: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "loop").symlink_to("loop")
    for name in (str(tmp_path / "fifo"), ".", "small"):
        refused(made, command, name, "is no regular file.")
    refused(made, command, str(tmp_path / "loop/file"), "cannot be written")
    assert (tmp_path / "fifo").is_fifo()


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", ["out/manifest.json", "out/tables/new.csv", "out/tables/verdicts.csv", "here"])
def test_nothing_but_pages_is_put_among_results(made: Path, command: str, name: str, tmp_path: Path) -> None:
    (tmp_path / "here").symlink_to(made / "out")
    file = str(tmp_path / "here/new.csv") if name == "here" else name
    refused(made, command, file, "is among results, where nothing is put but pages that end with .html.")


def test_a_refused_page_leaves_figures_as_they_are(made: Path) -> None:
    before = contents(made)
    done = villagesim("report", "out", "--figures", "svg", "--out", "small/small.toml", cwd=made)
    assert done.returncode == 2
    assert contents(made) == before


def test_a_description_that_others_wrote_stays(made: Path, tmp_path: Path) -> None:
    (tmp_path / "odd.md").write_text("# Mine\n", encoding="utf-8")
    describe = ("describe", "small/small.toml", "--odd", "--out")
    done = villagesim(*describe, str(tmp_path), cwd=made)
    assert done.returncode == 2
    assert (tmp_path / "odd.md").read_text(encoding="utf-8") == "# Mine\n"
    assert [villagesim(*describe, str(tmp_path / "new"), cwd=made).returncode for _ in range(2)] == [0, 0]
    assert villagesim(*describe, "out", cwd=made).returncode == 2


@pytest.mark.parametrize(
    ("command", "option"),
    [
        (("beside", "out", "out", "--out", ""), "--out"),
        (("beside", "out", "out", "--at="), "--at"),
        (("check", "small/small.toml", "--villages", ""), "--villages"),
        (("report", "out", "--out="), "--out"),
        (("export", "out", "--out", ""), "--out"),
        (("compare", "small/small.toml", "--out", ""), "--out"),
        (("compare", "small/small.toml", "--strategies", "all of it", "--strategies", ""), "--strategies"),
        (("compare", "small/small.toml", "--out", " "), "--out"),
        (("story", "out", ""), "village"),
    ],
)  # fmt: skip
def test_nothing_that_is_given_is_empty(made: Path, command: tuple[str, ...], option: str) -> None:
    before = contents(made)
    done = villagesim(*command, cwd=made)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{option} is given, and empty." in done.stderr
    assert contents(made) == before


def test_an_empty_argument_is_called_as_it_is_in_the_usage(made: Path) -> None:
    done = villagesim("story", "out", "", "--lang", "zh", cwd=made)
    assert "村已给出，但为空" in done.stderr
    assert "village 已" not in done.stderr

"""Claim: a folder that a command cannot use is refused before anything is run, and nothing is left where it failed."""

import errno
from pathlib import Path
from shutil import copytree

import pytest
from unit.command_line import SMALL, villagesim

from villagesim.runs.lock import Lock

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


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("answered")
    done = villagesim("compare", str(SMALL), "--replications", "2", "--out", "out", "--figures", "none", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


def full(*what: object, **how: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("command", "fails"),
    [
        (("export", "out", "--out", "a/b/c"), "villagesim.runs.stata.write_dta"),
        (("report", "out", "--out", "a/b/page.html"), "pathlib.Path.write_text"),
        (("describe", str(SMALL), "--out", "a/b"), "pathlib.Path.write_text"),
        (("examples", "--copy", "a/b"), "villagesim.examples.copyfile"),
        (("new", "a/b", "--roll", str(SMALL.with_name("before.csv"))), "villagesim.study.writing.write_study"),
        (("map", *(str(SMALL.with_name(f"{word}.csv")) for word in ("before", "after")), "--out", "a/b"),
         "villagesim.runs.exports.write_csv"),
        (("run", str(SMALL), "--strategy", "all of it", "--out", "a/b"), "villagesim.simulate"),
        ((*STORY, "--out", "a/b"), "villagesim.runs.store.write_parquet"),
    ],
    ids=lambda what: what[0] if isinstance(what, tuple) else "",
)  # fmt: skip
def test_a_command_that_fails_leaves_no_folders(
    answered: Path, command: tuple[str, ...], fails: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fails, full)
    try:
        done = villagesim(*command, cwd=answered)
    except OSError:
        pass
    else:
        assert done.returncode == 2
        assert "No space left on device" in done.stderr
    assert [path.name for path in answered.iterdir()] == ["out"]


MAP = ("map", *(str(SMALL.with_name(f"{word}.csv")) for word in ("before", "after")), "--figures", "none", "--out", ".")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != ".lock"}


def test_a_map_is_written_by_one_at_a_time_and_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no longer written is gone, once all of the new is there."""
    assert villagesim(*MAP, cwd=tmp_path).returncode == 0
    (tmp_path / "history_2.svg").write_text("of several decrees", encoding="utf-8")
    before = contents(tmp_path)
    with Lock(tmp_path):
        done = villagesim(*MAP, cwd=tmp_path)
        assert (done.returncode, contents(tmp_path)) == (2, before)
        assert "is being written to by process" in done.stderr
    with monkeypatch.context() as patch:
        written: list[Path] = []

        def breaks(path: Path, *what: object) -> None:
            written.append(path)
            full() if len(written) == 3 else path.touch()

        patch.setattr("villagesim.runs.exports.write_csv", breaks)
        assert villagesim(*MAP, cwd=tmp_path).returncode == 2
        assert contents(tmp_path) == before
    assert villagesim(*MAP, cwd=tmp_path).returncode == 0
    assert before.keys() - contents(tmp_path).keys() == {"history_2.svg"}


@pytest.mark.parametrize("name", ["history.csv", "paths.csv", "history.png", "notes.txt"])
def test_a_map_takes_the_place_of_nothing_else(name: str, tmp_path: Path) -> None:
    """Not of files that are called as its own are."""
    (tmp_path / name).write_text("mine", encoding="utf-8")
    done = villagesim(*MAP, cwd=tmp_path)
    assert done.returncode == 2
    assert "holds something else" in done.stderr
    assert contents(tmp_path) == {name: b"mine"}


def test_a_page_takes_the_place_of_no_results(answered: Path) -> None:
    done = villagesim("report", "out", "--out", "out/manifest.json", cwd=answered)
    assert done.returncode == 2
    assert "is among results, where nothing is put but pages that end with .html." in done.stderr


@pytest.mark.parametrize("command", ["export", "report"])
def test_what_a_folder_lacks_is_advised_without_options_that_the_command_lacks(
    answered: Path, command: str, tmp_path: Path
) -> None:
    copytree(answered / "out", tmp_path / "out")
    changed = tmp_path / "out/tables/verdicts.csv"
    changed.write_text("changed", encoding="utf-8")
    done = villagesim(command, "out", cwd=tmp_path)
    assert done.returncode == 2
    assert "Give the command that wrote it again: what is not as it was is written anew." in done.stderr
    assert "--resume" not in done.stderr
    asked = ("compare", str(SMALL), "--replications", "2", "--out", "out", "--figures", "none", "-q")
    assert villagesim(*asked, cwd=tmp_path).returncode == 0
    assert villagesim(command, "out", cwd=tmp_path).returncode == 0, "the advice works"


def test_a_question_in_the_place_of_a_scenario_is_told_from_one(answered: Path, tmp_path: Path) -> None:
    question = tmp_path / "question.toml"
    question.write_text(f'kind = "compare"\nquestion = "Which?"\nscenario = "{SMALL}"\nreplications = 2\n')
    done = villagesim("compare", "question.toml", cwd=tmp_path)
    assert done.returncode == 2
    assert "this is a question, and no scenario." in done.stderr
    assert "Ask it: villagesim ask question.toml." in done.stderr


@pytest.mark.usefixtures("figures_are_blank")
def test_a_run_tells_its_folder_as_it_was_given(tmp_path: Path) -> None:
    done = villagesim(*RUN[:-2], "--out", "out/run", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Figures: out/run/figures/policies.png" in done.stdout
    assert "Tables: out/run/tables/" in done.stdout


def test_a_story_of_a_folder_is_of_its_own_runs(tmp_path: Path) -> None:
    """Another seed or replication than those of the folder is refused; none given is the folder's."""
    place = "packaged:one_town"
    run = ("run", place, "--strategy", "both", "--seed", "2", "--replication", "3", "--figures", "none", "--out", "run")
    compare = (
        "compare",
        place,
        "--replications",
        "3",
        "--strategies",
        "both",
        "--figures",
        "none",
        "--out",
        "two",
        "-q",
    )
    for command in (run, compare):
        done = villagesim(*command, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    for folder, wrong, said in (
        ("run", ("--seed", "1"), "--seed 1 is not that of the folder, 2."),
        ("run", ("--replication", "0"), "--replication 0 is not in the folder, which has 3."),
        ("two", ("--seed", "9"), "--seed 9 is not that of the folder, 1."),
        ("two", ("--replication", "3"), "--replication 3 is not in the folder, which has 0-2."),
        ("two", ("--replication", "-1"), "--replication -1 is not in the folder, which has 0-2."),
    ):
        done = villagesim("story", folder, "370114009201", *wrong, "--figures", "none", "--out", "story", cwd=tmp_path)
        assert done.returncode == 2
        assert said in " ".join(done.stderr.split())
        assert not (tmp_path / "story").exists()
    for folder, right, said in (
        ("run", (), "Replication 3 of seed 2,"),
        ("two", ("--replication", "2"), "Replication 2 of seed 1,"),
    ):
        told = ("story", folder, "370114009201", *right, "--figures", "none", "--out", f"story-{folder}")
        assert said in " ".join(villagesim(*told, cwd=tmp_path).stdout.split())

"""Whatever breaks off a sweep, going on gives the tables of one that was never broken off.

The parent, a worker, and the disk: killed by signal, and full by an injected error and by a limit on the size of files.
"""

import errno
import json
import multiprocessing
import os
import pkgutil
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import ClassVar

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from unit.runs.faulty_policies import small_scenario

from villagesim.design import Factor, grid
from villagesim.errors import StoreError
from villagesim.questions.answer import open_results
from villagesim.questions.question import Question
from villagesim.questions.sweep import sweep
from villagesim.runs import parts
from villagesim.runs.lock import Lock
from villagesim.runs.part_files import PartAbout, write_part
from villagesim.runs.store import Store

pytestmark = pytest.mark.usefixtures("figures_are_blank")

HERE = Path(__file__).parent
DRAWS = tuple(range(30))
SCRIPT = """
import sys
from unit.runs.faulty_policies import small_scenario
from villagesim.design import Factor, grid
from villagesim.questions.sweep import sweep

def main(out, workers, resume, limit):
    def progress(done, planned):
        if limit and done == 10:
            import resource
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    design = grid([Factor("draw", values=tuple(range(30)))])
    scenario = small_scenario("wait")
    sweep(scenario, design, strategies=["trouble"], seed=2, out=out, workers=workers, resume=resume, progress=progress)

if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3] == "resume", int(sys.argv[4]))
"""


def swept(**how):
    design = grid([Factor("draw", values=DRAWS)])
    return sweep(small_scenario("wait"), design, strategies=["trouble"], seed=2, **({"workers": 1} | how))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "out"
    swept(out=folder)
    return folder


def assert_same(folder, whole):
    """Tables are those of a sweep that was never broken off, and nothing is left of what went wrong."""
    for name in ("points", "runs", "failures"):
        ours, theirs = (pd.read_parquet(place / "tables" / f"{name}.parquet") for place in (folder, whole))
        pd.testing.assert_frame_equal(ours, theirs, check_exact=True)
    names = [sorted(str(path.relative_to(place)) for path in place.rglob("*")) for place in (folder, whole)]
    assert names[0] == names[1]


def start(tmp_path, folder, workers, resume="new", limit=0, gate=None):
    """Sweep in a process of its own, which waits behind three parts while there is a gate."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    command = [sys.executable, str(script), str(folder), str(workers), resume, str(limit)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE), *sys.path])}
    if gate is not None:
        (gate / "closed").write_text(str(folder / "parts"))
        environment["GATE"] = str(gate)
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)


def until(what, seconds=60):
    """Wait for a condition, but not for ever."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


def parts_of(folder):
    return sorted((folder / "parts").glob("county-*.parquet")) if folder.exists() else []


def children(pid):
    """Processes started by a process."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def is_alive(pid):
    """Whether a process runs; one that is dead and waits for its parent to notice does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks processes up in /proc")
def test_a_killed_parent_leaves_no_worker_and_a_store_that_resumes(tmp_path, whole):
    """SIGKILL in mid-sweep; then the folder is refused without resume, and goes on with it."""
    folder, gate = tmp_path / "out", tmp_path
    with start(tmp_path, folder, workers=2, gate=gate) as parent:
        until(lambda: len(list(gate.glob("waiting-*"))) == 2)
        workers = children(parent.pid)
        parent.kill()
    (gate / "closed").unlink()
    try:
        until(lambda: not any(map(is_alive, workers)))
    finally:
        for pid in filter(is_alive, workers):
            os.kill(pid, signal.SIGKILL)
    there = {path: path.stat().st_mtime_ns for path in parts_of(folder)}
    assert 3 <= len(there) < len(DRAWS)
    with pytest.raises(StoreError, match=r"broken off.*\n.*--resume"):
        swept(out=folder)
    seen = []
    swept(out=folder, resume=True, progress=lambda done, planned: seen.append(done))
    assert seen[0] == len(there)
    assert {path: path.stat().st_mtime_ns for path in there} == there, "parts that were there are not made again"
    assert_same(folder, whole)


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc").exists(), reason="looks processes up in /proc")
@pytest.mark.parametrize("seed", range(50))
def test_a_sweep_killed_at_any_moment_goes_on_as_if_it_had_not_been(tmp_path, whole, seed):
    """SIGKILL of all its processes before a part, while one is written, or at the tables; three in ten are killed twice."""
    luck, folder = Random(seed), tmp_path / "out"
    for resume in ("new", "resume")[: 1 + (luck.random() < 0.3)]:
        at, wait = luck.randrange(len(DRAWS) + 1), luck.random() * 0.05
        with start(tmp_path, folder, workers=2, resume=resume) as parent:
            until(lambda: len(parts_of(folder)) >= at or parent.poll() is not None)  # noqa: B023
            time.sleep(wait)
            processes = [parent.pid, *children(parent.pid)]
            for pid in filter(is_alive, processes):
                os.kill(pid, signal.SIGKILL)
        until(lambda: not any(map(is_alive, processes)))  # noqa: B023
    swept(out=folder, resume=True)
    for table in (whole / "tables").iterdir():
        assert (folder / "tables" / table.name).read_bytes() == table.read_bytes()
    assert_same(folder, whole)


def test_a_killed_worker_is_replaced(tmp_path, whole):
    """SIGKILL of one of two workers in mid-sweep changes nothing."""
    killed = []

    def progress(done, planned):
        if done >= 5 and not killed:
            (tmp_path / "out" / "parts" / ".county-00020.parquet.ab12").write_text(
                "what a killed worker may leave behind"
            )
            killed.append(multiprocessing.active_children()[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    swept(out=tmp_path / "out", workers=2, progress=progress)
    assert killed
    assert_same(tmp_path / "out", whole)


@pytest.mark.parametrize("at", [0, 12, 29])
def test_a_full_disk_is_said_and_the_store_resumes(tmp_path, whole, monkeypatch, at):
    """No space left at a part: one message, no half file, and going on gives the same tables."""
    real, calls, folder = Path.write_bytes, [], tmp_path / "out"

    def write_bytes(path, content):
        calls.append(path)
        if len(calls) == at + 1:
            real(path, content[: len(content) // 2])
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(path, content)

    monkeypatch.setattr(Path, "write_bytes", write_bytes)
    with pytest.raises(StoreError, match=r"(?s)No space left.*Free some.*--resume"):
        swept(out=folder)
    assert len(parts_of(folder)) == at
    monkeypatch.undo()
    swept(out=folder, resume=True)
    assert_same(folder, whole)


def test_a_limit_on_file_sizes_is_said_and_the_store_resumes(tmp_path, whole):
    """The system itself refuses: with one worker, and with two, whose files are as large."""
    pytest.importorskip("resource")
    folder = tmp_path / "out"
    broken_off = start(tmp_path, folder, workers=1, limit=2_000)
    _, message = broken_off.communicate(timeout=300)
    assert broken_off.returncode != 0
    assert "cannot be written (File too large). Free some space and give the command again, with --resume" in " ".join(
        message.split()
    )
    assert len(parts_of(folder)) == 10
    assert not [path for path in (folder / "parts").iterdir() if path.name.startswith(".")]
    swept(out=folder, resume=True)
    assert_same(folder, whole)


def test_a_damaged_part_is_made_again(tmp_path, whole):
    """Cut off, or with one byte that is another, wherever it stands."""
    folder = tmp_path / "out"
    swept(out=folder)
    manifest = (folder / "manifest.json").read_text()
    first, second = parts_of(folder)[:2]
    first.write_bytes(first.read_bytes()[:-20])
    bent = bytearray(second.read_bytes())
    bent[len(bent) // 3] ^= 1
    second.write_bytes(bent)
    made = []
    swept(out=folder, resume=True, progress=lambda done, planned: made.append(done))
    assert made[0] == len(DRAWS) - 2
    assert (folder / "manifest.json").read_text() == manifest
    assert_same(folder, whole)


def test_a_second_run_on_one_folder_is_refused(tmp_path, whole):
    """It names who holds it, changes nothing, and may start when the first is done."""
    folder = tmp_path / "out"
    refused = []

    def progress(done, planned):
        if done == 3:
            for resume in (False, True):
                with pytest.raises(StoreError, match=f"being written to by process {os.getpid()} on "):
                    swept(out=folder, resume=resume)
                refused.append(resume)

    swept(out=folder, progress=progress)
    assert refused == [False, True]
    assert_same(folder, whole)
    swept(out=folder, resume=True)


def test_runs_that_begin_and_end_at_once_never_fall_over_each_other(tmp_path):
    """Each gets the folder or is told who holds it, also while the one before is removing it."""
    found = Counter()

    def use(k):
        for _ in range(100):
            try:
                with Store(tmp_path / "out", {"what": 1}, resume=True):
                    found["got it"] += 1
            except StoreError as refused:
                found[str(refused).partition(" by ")[0]] += 1

    with ThreadPoolExecutor(4) as users:
        list(users.map(use, range(4)))
    assert set(found) <= {"got it", f"{tmp_path / 'out'} is being written to"}
    assert found["got it"]
    assert not (tmp_path / "out").exists()


def test_the_lock_of_a_dead_process_does_not_hold(tmp_path):
    """The file of a process that was killed stands in nobody's way."""
    (tmp_path / ".lock").write_text("process 1 on elsewhere\n")
    lock = Lock(tmp_path)
    assert str(os.getpid()) in (tmp_path / ".lock").read_text()
    with pytest.raises(StoreError):
        Lock(tmp_path)
    lock.release()
    assert not (tmp_path / ".lock").exists()


def test_a_part_that_was_made_twice_counts_once(tmp_path, whole):
    """By two workers on machines that differ in the last bits, so that the names of the files differ."""
    folder = tmp_path / "out"
    swept(out=folder)
    for path in parts_of(folder)[:3]:
        said = json.loads(pq.read_metadata(path).metadata[b"villagesim"])
        about = PartAbout(said["design"], said["number"], tuple(map(tuple, said["chunks"])))
        other = pd.read_parquet(path)
        other.loc[:, "collective_income"] *= 1 + 1e-15
        write_part(path.with_name(f"{path.name.partition('.')[0]}.parquet"), pa.Table.from_pandas(other), about)
    assert len(parts_of(folder)) == len(DRAWS) + 3
    made = []
    swept(out=folder, resume=True, progress=lambda done, planned: made.append(done))
    assert made == [len(DRAWS)]
    assert len(parts_of(folder)) == len(DRAWS)
    ours, theirs = (pd.read_parquet(place / "tables" / "runs.parquet") for place in (folder, whole))
    pd.testing.assert_frame_equal(ours, theirs, rtol=1e-14)


def test_a_worker_that_is_still_writing_does_not_harm_the_manifest(tmp_path, monkeypatch):
    """Its temporary file gets its name, and it begins another, just when left-overs are removed."""
    with Store(tmp_path / "out", {"seed": 1}) as store:
        write_part(store.parts.file("county", 0), pa.table({"x": [0]}), PartAbout(store.id, 0, ((0, 0),)))
        writing = tmp_path / "out" / "parts" / ".county-00001.ab12.parquet.cd34"
        writing.touch()
        real = Path.unlink

        def unlink(path, **how):
            if path == writing:
                path.rename(path.with_name("county-00001.ab12.parquet"))
                path.with_name(".county-00002.ab12.parquet.ef56").touch()
            real(path, **how)

        monkeypatch.setattr(Path, "unlink", unlink)
        manifest = json.loads(store.write_manifest().read_text())
    assert [name.rpartition("/")[2].partition(".")[0] for name in manifest["files"]] == ["county-00000", "county-00001"]


def test_another_design_does_not_resume(tmp_path, whole):
    """Results of other points stay apart, and the difference is named."""
    folder = tmp_path / "out"
    swept(out=folder)
    with pytest.raises(StoreError, match="points of its design are others"):
        sweep(
            small_scenario("wait"),
            grid([Factor("draw", values=(1, 2))]),
            strategies=["trouble"],
            seed=2,
            out=folder,
            resume=True,
        )
    with pytest.raises(StoreError, match=r"strategies: .* there, .* here"):
        sweep(small_scenario("wait"), grid([Factor("draw", values=DRAWS)]), seed=2, out=folder, resume=True)
    assert_same(folder, whole)


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks memory up in /proc")
@pytest.mark.parametrize("runs", ["empty", pytest.param("real", marks=pytest.mark.long)])
def test_the_memory_of_the_parent_does_not_grow(runs):
    """From run 2,000 on by less than 10 MB: to run 8,000 with empty runs, in seconds, to 20,000 with real ones, in minutes."""
    done = subprocess.run(
        [sys.executable, str(HERE / "many_runs.py"), runs],
        capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE), *sys.path])},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert float(done.stdout.split()[-1]) < 10.0


def test_a_failed_run_is_not_made_again(tmp_path, monkeypatch):
    """Failures are part of what is there: the same luck would fail again."""
    design = grid([Factor("policies.trouble.what", values=("nothing", "raise"))])
    first = sweep(small_scenario(), design, outcomes=["trust"], workers=1, out=tmp_path / "out")
    monkeypatch.setattr(parts, "simulate", None)
    again = sweep(small_scenario(), design, outcomes=["trust"], workers=1, out=tmp_path / "out", resume=True)
    pd.testing.assert_frame_equal(first.failures, again.failures)
    pd.testing.assert_frame_equal(first.runs, again.runs, check_exact=True)


def contents(folder):
    """All files of a folder, as they are."""
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_complete_answer_is_not_made_again(tmp_path, whole, monkeypatch):
    """Asked again, without resume too: nothing is run, and every byte stays."""
    folder = shutil.copytree(whole, tmp_path / "out")
    monkeypatch.setattr(parts, "simulate", None)
    swept(out=folder)
    assert contents(folder) == contents(whole)


class BrokenOffError(BaseException):
    """As Ctrl-C is."""


def breaking(monkeypatch, where, at):
    """Break off at a certain call of a function."""
    real, calls = pkgutil.resolve_name(where), []

    def broken(*given, **more):
        calls.append(given)
        if len(calls) == at:
            raise BrokenOffError
        return real(*given, **more)

    monkeypatch.setattr(where, broken)


@pytest.mark.parametrize("more", [1, 2])
@pytest.mark.parametrize(
    ("where", "at"),
    [
        ("villagesim.runs.parts.write_part", 3), ("villagesim.runs.store.write_csv", 2),
        ("villagesim.runs.store.write_figure", 1), ("villagesim.runs.store.take_place", 1),
    ],
)  # fmt: skip
def test_what_was_complete_is_not_spoilt_by_what_is_broken_off(tmp_path, whole, monkeypatch, where, at, more):
    """At a run, a table, a figure, or at the end; of the same runs, of which none is made, and of more of them."""
    folder, twice = shutil.copytree(whole, tmp_path / "out"), tmp_path / "twice"
    before = contents(folder)
    breaking(monkeypatch, where, at)
    with pytest.raises(BrokenOffError) if (where, more) != ("villagesim.runs.parts.write_part", 1) else nullcontext():
        swept(out=folder, resume=True, replications=more)
    now = contents(folder)
    assert {name: now[name] for name in before} == before
    assert {name.parts[0] for name in now.keys() - before.keys()} <= {"parts"}
    assert len(open_results(folder).runs) == len(DRAWS)
    monkeypatch.undo()
    swept(out=folder, resume=True, replications=more)
    swept(out=twice, replications=more)
    for table in (twice / "tables").glob("*.csv"):
        assert (folder / "tables" / table.name).read_bytes() == table.read_bytes()


def test_files_that_take_their_places_half_are_found_out_and_mended(tmp_path, whole, monkeypatch):
    """Between two renamings, with more runs than before: the folder is not taken for whole, and goes on."""
    folder = shutil.copytree(whole, tmp_path / "out")
    real, calls = Path.replace, []

    def replace(path, target):
        if ".writing" in path.parts and Path(target).parent.name != ".writing" and ".writing" not in Path(target).parts:
            calls.append(path)
            if len(calls) == 3:
                raise BrokenOffError
        return real(path, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(BrokenOffError):
        swept(out=folder, resume=True, replications=2)
    monkeypatch.undo()
    with pytest.raises(StoreError, match=r"has changed since it was written.*\n?.*is written anew"):
        open_results(folder)
    swept(out=folder, resume=True, replications=2)
    assert len(open_results(folder).runs) == 2 * len(DRAWS)


@dataclass(frozen=True, kw_only=True)
class Two(Question):
    """Two designs, one after the other."""

    name: ClassVar[str] = "two"
    replications: int

    @staticmethod
    def draw(answer, name):
        raise NotImplementedError

    def answer(self, runs):
        for name in ("first", "second"):
            found = runs.compare(name, {"trouble": "trouble"}, ["trust"], self.replications)
        table = pd.DataFrame({"value": [found.frame["trust"].mean()]})
        return self.said("Two.", {self.name: table})


def test_an_answer_of_several_designs_is_spoilt_by_none_of_them(tmp_path, monkeypatch):
    """Broken off in the second, when the first holds more runs already."""
    folder, ask = tmp_path / "out", {"out": tmp_path / "out", "workers": 1, "figures": "none"}
    first = Two(replications=2).ask(small_scenario("wait"), **ask)
    before = contents(folder)
    breaking(monkeypatch, "villagesim.questions.question.Plan.of", 2)
    with pytest.raises(BrokenOffError):
        Two(replications=3).ask(small_scenario("wait"), **ask, resume=True)
    monkeypatch.undo()
    now = contents(folder)
    assert {name: now[name] for name in before} == before
    assert open_results(folder, Two).tables["two"].equals(first.tables["two"])
    Two(replications=3).ask(small_scenario("wait"), **ask, resume=True)
    assert len(open_results(folder, Two).runs) == 6


def test_an_environment_in_which_runs_were_added_is_kept_though_they_were_broken_off(tmp_path, whole, monkeypatch):
    """The folder is still whole, and says that runs in it may be of two environments."""
    folder = shutil.copytree(whole, tmp_path / "out")
    monkeypatch.setattr("villagesim.runs.store.platform.machine", lambda: "another")
    breaking(monkeypatch, "villagesim.runs.parts.write_part", 2)
    with pytest.raises(BrokenOffError):
        swept(out=folder, resume=True, replications=2)
    monkeypatch.undo()
    assert len(open_results(folder).runs) == len(DRAWS)
    said = swept(out=folder, resume=True, replications=2).headline
    assert "machine another, now " in said

"""What the current folder and code of one's own can do to runs: nothing unasked, and never an end without a word."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Event, Thread

import pytest
from typer.testing import CliRunner

from villagesim.cli import app
from villagesim.ending import called
from villagesim.errors import PolicyError, RunError, VillagesimError
from villagesim.runs import runner
from villagesim.runs.limits import limited
from villagesim.runs.runner import Processes

ROOT = Path(__file__).parents[3]
OWN = """
import os
import sys
import time
from dataclasses import dataclass
from multiprocessing import parent_process
from os import _exit
from pathlib import Path

import numpy as np
import villagesim as vs
from villagesim.outcomes import Outcome

HERE = Path(__file__).parent


def loop():
    (HERE / f"looping-{os.getpid()}").touch()
    while True:
        try:
            sum(range(1000))
        except Exception:
            pass


def policy(name, **what):
    return dataclass(frozen=True, kw_only=True)(type(name, (vs.Policy,), {"kind": name, "__module__": __name__, **what}))


def acting(name, do):
    return policy(name, act=lambda policy, active, month, share: do())


def generator(policy, active, month, share):
    yield


Exits = acting("Exits", lambda: sys.exit(0))
Ends = acting("Ends", lambda: os._exit(0))
EndsByName = acting("EndsByName", lambda: _exit(0))
Loops = acting("Loops", loop)
LoopsInWorkers = acting("LoopsInWorkers", lambda: loop() if parent_process() else None)
Sleeps = acting("Sleeps", lambda: time.sleep(60))
Text = policy("Text", claim=lambda policy, active, month: "many")
Nothing = policy("Nothing", claim=lambda policy, active, month: None)
Yields = policy("Yields", act=generator)
Returns = policy("Returns", act=lambda policy, active, month, share: 5)


class Hook(vs.Process):
    def start(self):
        self.world.calendar.declare("births", "hook", self.begin)

    def begin(self, month):
        return "done"


WORDS = Outcome("words", "Words", "1", "none", 0, lambda record: ["many"] * len(record.labels))
EXIT = Outcome("ending", "Ending", "1", "none", 0, lambda record: sys.exit(0))
FEW = Outcome("few", "Few", "1", "none", 0, lambda record: np.zeros(3))
BEYOND = Outcome("beyond", "Beyond", "share", "none", 0, lambda record: 2.0 * record.column("price_level"), bounds=(0, 1))
ENDLESS = Outcome("endless", "Endless", "1", "none", 0, lambda record: np.inf * record.column("price_level"))
"""
SCENARIO = """
title = "Small"
start = 2021-01-01
end = 2021-12-31
{code}
[place]
before = "packaged:370114_2020"
after = "packaged:370114_2021"
townships = ["白云湖街道"]
residents = 16_000
mean_income = 500_000
threshold = 500_000
share_above = 0.344
arable = 40_000
[merger]
announcement = 2021-04-01
decree = 2021-07-01
{strategy}
"""
STRATEGY = '[[strategy]]\nname = "mine"\n[[strategy.policy]]\nkind = "mine:{kind}"\nstart = 2021-05-01\n'


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Write a scenario with code of one's own beside it."""

    def write(kind=None, code=""):
        strategy = STRATEGY.format(kind=kind) if kind else ""
        path = tmp_path / "small.toml"
        path.write_text(SCENARIO.format(code=code, strategy=strategy), encoding="utf-8")
        (tmp_path / "mine.py").write_text(OWN, encoding="utf-8")
        return path

    monkeypatch.chdir(tmp_path)
    yield write
    sys.modules.pop("mine", None)
    sys.path[:] = [place for place in sys.path if place != str(tmp_path)]


def asked(*arguments):
    """The message with which a command is refused."""
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert isinstance(done.exception, VillagesimError), (done.output, done.exception)
    return str(done.exception)


def started(tmp_path, *arguments):
    """The command line in a process group of its own."""
    script = tmp_path / "bin" / "start.py"
    script.parent.mkdir(exist_ok=True)
    script.write_text("from villagesim.cli import main\nif __name__ == '__main__':\n    main()\n")
    return subprocess.Popen(
        [sys.executable, str(script), *map(str, arguments)], cwd=tmp_path, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def test_no_file_of_the_current_folder_is_run(tmp_path, written):
    """Modules of the standard library stand in the folder of the scenario: neither parent nor workers take them."""
    path = written()
    for name in ("struct", "random", "multiprocessing"):
        (tmp_path / f"{name}.py").write_text("open('owned', 'w')\nraise ImportError\n")
    run = started(tmp_path, "compare", path, "--replications", 2, "--workers", 2, "--figures", "none")
    output, _ = run.communicate(timeout=600)
    assert run.returncode == 0, output
    assert not (tmp_path / "owned").exists()


def in_group(group):
    found = subprocess.run(["ps", "-eo", "pid=,pgid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in found.splitlines()]
    return [int(pid) for pid, own, state in rows if int(own) == group and not state.startswith("Z")]


@pytest.mark.parametrize(
    ("kind", "sent", "to_all", "code"),
    [
        ("LoopsInWorkers", signal.SIGINT, False, 130),
        ("LoopsInWorkers", signal.SIGINT, True, 130),
        ("LoopsInWorkers", signal.SIGTERM, False, 143),
        ("Loops", signal.SIGINT, False, 130),
    ],
)
def test_ctrl_c_ends_everything_in_five_seconds(tmp_path, written, kind, sent, to_all, code):
    """Workers that loop for ever, too; what the folder holds can be gone on with."""
    path = written(kind)
    run = started(tmp_path, "compare", path, "--replications", 4, "--workers", 2, "--allow-code")
    until = time.monotonic() + 120
    while not list(tmp_path.glob("looping-*")):
        assert run.poll() is None, run.stdout.read()
        assert time.monotonic() < until
        time.sleep(0.05)
    begun = time.monotonic()
    (os.killpg if to_all else os.kill)(run.pid, sent)
    try:
        output, _ = run.communicate(timeout=20)
        took = time.monotonic() - begun
        while in_group(run.pid) and time.monotonic() < begun + 5:
            time.sleep(0.1)
        left = in_group(run.pid)
    finally:
        for pid in in_group(run.pid):
            os.kill(pid, signal.SIGKILL)
    assert (left, run.returncode) == ([], code)
    assert took < 5
    assert "Traceback" not in output


def test_ctrl_c_while_workers_start_is_said_in_a_line(tmp_path, written):
    """What waits for them then has not begun: it is given up without a traceback."""
    run = started(tmp_path, "compare", written(), "--replications", 60, "--workers", 2)
    while len(in_group(run.pid)) < 4:
        assert run.poll() is None, run.stdout.read()
        time.sleep(0.02)
    time.sleep(0.05)
    os.killpg(run.pid, signal.SIGINT)
    output, _ = run.communicate(timeout=20)
    assert run.returncode == 130
    assert "Stopped." in output
    assert "Traceback" not in output


def test_ctrl_c_is_left_to_the_parent_from_the_first_moment_on():
    """Also while a worker still starts, which would say at length where it was."""
    with Processes(1) as executor:
        work = executor.submit(abs, -1)
        os.kill(executor.context.started[0].pid, signal.SIGINT)
        assert work.result(timeout=60) == 1


def test_ctrl_c_that_another_thread_hears_waits_until_a_worker_is_told(monkeypatch):
    """One that is half told what to do would end with a traceback of its own."""
    told, over = [], Event()
    Thread(target=over.wait).start()

    def start(worker):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.1)
        told.append("all")

    monkeypatch.setattr(runner.SpawnProcess, "start", start)
    with pytest.raises(KeyboardInterrupt):
        runner._Worker(target=abs).start()
    over.set()
    assert told == ["all"]


@pytest.mark.parametrize("kind", ["Exits", "Ends", "EndsByName"])
def test_code_that_ends_the_program_is_a_failed_run(written, kind):
    """With the day, the file and the line; nothing ends without a result and without a word."""
    path = written(kind)
    for arguments in (("run", path, "--strategy", "mine"), ("compare", path, "--replications", 2, "--workers", 1)):
        message = asked(*arguments, "--allow-code")
        assert "ends the program" in message
        assert "mine.py, line" in message


def test_a_worker_that_is_ended_is_a_failed_run(tmp_path, written):
    """By a name that was taken before anybody looked; nobody waits for what was on its way to it."""
    run = started(tmp_path, "compare", written("EndsByName"), "--replications", 4, "--workers", 2, "--allow-code")
    try:
        output, _ = run.communicate(timeout=60)
    finally:
        run.kill()
    assert run.returncode == 2
    assert "worker processes died" in output
    assert "Code of your own must not end the process" in output


@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_that_takes_too_long_has_failed(tmp_path, written, workers):
    """All others are kept, and the headline says it."""
    path = written("Loops")
    message = asked(
        "compare", path, "--replications", 1, "--workers", workers, "--time-limit", 0.7, "--allow-code",
    )  # fmt: skip
    assert "longer than 0.7 seconds" in message
    assert "time_limit = -1" in asked("compare", path, "--time-limit", -1, "--allow-code")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("Text", "claim for 2021-05 = 'many' must be at least 0 yuan"),
        ("Nothing", "claim for 2021-05 = None"),
        ("Yields", "generator() holds yield"),
        ("Returns", "returned 5"),
    ],
)
def test_what_a_policy_returns_is_checked_where_it_returns(written, kind, words):
    """With file and line."""
    message = asked("run", written(kind), "--strategy", "mine", "--allow-code")
    assert words in message
    assert "mine.py, line" in message


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ('processes = ["mine:Hook"]', "begin() returned 'done'"),
        ('outcomes = ["mine:WORDS"]', "where real numbers are asked"),
        ('outcomes = ["mine:EXIT"]', "it ends the program"),
        ('outcomes = ["mine:FEW"]', "have the shape (3,)"),
        ('outcomes = ["mine:BEYOND"]', "beyond = 2 lies outside of its bounds, 0 to 1"),
        ('outcomes = ["mine:ENDLESS"]', "endless = inf is no number"),
    ],
)
def test_what_processes_and_outcomes_return_is_checked(written, code, words):
    """With file and line, too."""
    message = asked("run", written(code=f"[code]\n{code}"), "--strategy", "nothing but the merger", "--allow-code")
    assert words in message
    assert "mine.py, line" in message


def test_a_limit_holds_in_other_threads_and_leaves_quick_runs_alone():
    """As on a cluster, whose workers are threads."""
    from concurrent.futures import ThreadPoolExecutor

    def loop():
        with limited(0.2):
            while True:
                pass

    with ThreadPoolExecutor(1) as executor, pytest.raises(RunError, match=r"longer than 0\.2 seconds"):
        executor.submit(loop).result(timeout=20)
    with limited(5.0):
        pass
    before = signal.getsignal(signal.SIGALRM)
    with pytest.raises(RunError), limited(0.1):
        time.sleep(20)
    assert signal.getsignal(signal.SIGALRM) is before


def test_what_returns_nothing_passes():
    """And what is a generator without anybody knowing does not."""
    called(lambda: None, error=PolicyError)
    with pytest.raises(PolicyError, match=r"holds yield.*Take it out"):
        called(lambda: (yield), error=PolicyError)


def test_too_much_is_not_begun_without_a_yes(written, monkeypatch):
    """The plan is said, and refused above an hour, here a second; a small one runs."""
    path = written()
    with monkeypatch.context() as patch:
        patch.setattr("villagesim.asking.LONGEST", 1.0)
        message = asked("compare", path, "--replications", 5_000, "--workers", 1)
    assert "10,000 runs, about" in message
    assert "more than an hour" in message
    assert "--yes" in message
    done = CliRunner().invoke(app, ["compare", str(path), "--replications", "2", "--workers", "1"])
    assert done.exit_code == 0, done.output
    assert "Plan: 4 runs, about" in done.output
    assert "tables and figures are made afterwards" in done.output

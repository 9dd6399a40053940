"""A Dask cluster does the work of processes: the same tables, whether a worker, the parent or the scheduler is killed."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from unit.runs.faulty_policies import small_scenario

from villagesim.cli import main
from villagesim.design import Factor, grid
from villagesim.errors import StoreError, VillagesimError
from villagesim.questions import Cohort
from villagesim.questions import question as asking
from villagesim.questions.calibration import Calibration
from villagesim.questions.published import PublishedFigure
from villagesim.questions.sweep import Sweep, sweep
from villagesim.runs import cluster
from villagesim.runs.cohort import dataset

HERE = Path(__file__).parent
CLUSTER = """
import sys
from distributed import LocalCluster

if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        print(cluster.scheduler_address, *(worker.pid for worker in cluster.workers.values()), flush=True)
        sys.stdin.read()
"""


DESIGN = grid([Factor("draw", values=tuple(range(30)))])
ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE), *sys.path])}


def swept(what="nothing", **how):
    return sweep(small_scenario(what), DESIGN, strategies=["trouble"], seed=2, **how)


def command_line():
    """The command line, where every file is that of :func:`swept`."""
    asked = Sweep(design=DESIGN, strategies=("trouble",))
    asking.load_question = lambda *file, **how: ("Why?", small_scenario("wait"), asked)
    main()


@contextmanager
def running_cluster(folder, gate):
    """A cluster of two processes; its own process, in which the scheduler is, and its address."""
    pytest.importorskip("distributed")
    script = folder / "cluster.py"
    script.write_text(CLUSTER)
    with subprocess.Popen(
        [sys.executable, str(script)], env=ENVIRONMENT | {"GATE": str(gate)}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as running:  # fmt: skip
        try:
            yield running, running.stdout.readline().split()[0]
        finally:
            running.stdin.close()


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    """Folder at which workers of the cluster wait while it holds a file ``closed``."""
    return tmp_path_factory.mktemp("gate")


@pytest.fixture(scope="module")
def shared(tmp_path_factory, gate):
    """A cluster that ends with the tests."""
    with running_cluster(tmp_path_factory.mktemp("cluster"), gate) as (_, there):
        yield there


@pytest.fixture
def address(shared):
    """The cluster, whose workers live, when it has nothing to do."""
    from distributed import Client

    with Client(shared) as client:
        until(lambda: len(client.nthreads()) == 2 and is_idle(client))
    return shared


@pytest.fixture
def mortal(tmp_path):
    """A cluster for one test that kills its workers: Dask does not always start another in the place of one."""
    with running_cluster(tmp_path, tmp_path) as (_, there):
        yield there


@contextmanager
def sweeping(address, gate, folder):
    """The command line in a process of its own; three parts are made, and both workers are in the middle of others."""
    command = [sys.executable, "-c", "import test_cluster; test_cluster.command_line()", "sweep", "any.toml"]
    (gate / "closed").write_text(str(folder / "parts"))
    with subprocess.Popen(
        [*command, "--dask", address, "--out", str(folder), "--seed", "2"],
        env=ENVIRONMENT, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    ) as parent:  # fmt: skip
        try:
            until(lambda: len(list(gate.glob("waiting-*"))) == 2)
            yield parent
        finally:
            parent.kill()
            (gate / "closed").unlink(missing_ok=True)


@pytest.fixture
def orphans(address, gate, tmp_path):
    """Folder of results whose parent was killed; two workers are in the middle of parts until the gate is opened."""
    with sweeping(address, gate, tmp_path / "out") as parent:
        parent.kill()
        parent.wait()
        yield tmp_path / "out"


def until(what):
    """Wait for a condition, but not for ever."""
    end = time.monotonic() + 30
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def parts_of(folder):
    return sorted(path.name for path in (folder / "parts").glob("county-*.parquet"))


def is_idle(client):
    """Whether no worker of the cluster is at anything."""
    return not any(client.run(lambda dask_worker: len(dask_worker.state.all_running_tasks)).values())


@pytest.fixture(scope="module")
def alone():
    return swept(workers=1)


@pytest.mark.extras
def test_a_cluster_gives_the_tables_of_one_process(address, alone, tmp_path):
    """Two worker processes, each part in a file that they write."""
    with cluster.Dask(address) as dask:
        assert dask.workers == 2
        found = swept(out=tmp_path / "out", executors=dask, workers=dask.workers)
        pd.testing.assert_frame_equal(alone.runs, found.runs, check_exact=True)
        assert len(list((tmp_path / "out" / "parts").iterdir())) == 30
        again = swept(out=tmp_path / "out", executors=dask, workers=dask.workers, resume=True)
    pd.testing.assert_frame_equal(alone.runs, again.runs, check_exact=True)


@pytest.mark.extras
def test_a_killed_worker_of_a_cluster_changes_nothing(mortal, alone, tmp_path):
    """SIGKILL of one of the two worker processes in mid-sweep."""
    killed = []

    def progress(done, planned):
        if done == 5 and not killed:
            killed.append(next(iter(dask.client.run(os.getpid).values())))
            os.kill(killed[0], signal.SIGKILL)

    with cluster.Dask(mortal) as dask:
        found = swept(out=tmp_path / "out", executors=dask, workers=dask.workers, progress=progress)
    assert killed
    pd.testing.assert_frame_equal(alone.runs, found.runs, check_exact=True)


@pytest.mark.extras
def test_a_cohort_loses_a_worker_of_its_cluster_and_nothing_else(mortal, tmp_path):
    """SIGKILL of one of the two worker processes in the middle of a country: the same files as of one process."""
    rows = [(f"{code}001{200 + k}", f"village {k}") for code in range(370101, 370113) for k in range(8)]
    pd.DataFrame(rows, columns=["code", "name"]).to_csv(tmp_path / "roll.csv", index=False)
    question = Cohort(strategies="trouble", outcomes="trust", before=str(tmp_path / "roll.csv"), replications=2)
    killed = []

    def progress(done, planned):
        if done >= 6 and not killed:
            killed.append(next(iter(dask.client.run(os.getpid).values())))
            os.kill(killed[0], signal.SIGKILL)

    with cluster.Dask(mortal) as dask:
        how = {"out": tmp_path / "out", "executors": dask, "workers": dask.workers, "progress": progress}
        found = question.ask(small_scenario(), figures="none", **how)
    assert killed
    here = question.ask(small_scenario(), figures="none", out=tmp_path / "here", workers=1)
    assert len(here.tables["traits"]) + len(here.tables["refused"]) == 12
    pd.testing.assert_frame_equal(found.tables["effects"], here.tables["effects"])
    assert parts_of(tmp_path / "out") != []
    both = [dataset(tmp_path / where).to_table().to_pandas() for where in ("out", "here")]
    keys = ["county", "replication", "strategy", "month"]
    one, other = (table.sort_values(keys, ignore_index=True) for table in both)
    pd.testing.assert_frame_equal(one, other)


@pytest.mark.extras
def test_a_run_that_kills_workers_of_a_cluster_stops_no_other(mortal):
    """The cluster tries it on several workers and gives up; all others are there."""
    design = grid([Factor("policies.trouble.what", values=("nothing", "die", "nothing"))])
    with cluster.Dask(mortal) as dask:
        found = sweep(small_scenario(), design, outcomes=["trust"], executors=dask, workers=2)
    assert found.failures["point"].unique().tolist() == [1]
    assert found.runs["point"].unique().tolist() == [0, 2]


@pytest.mark.extras
def test_a_cluster_calibrates(address, monkeypatch):
    """Its workers run the model, and this machine starts no processes of its own."""
    import pyabc

    monkeypatch.setattr(pyabc, "MulticoreEvalParallelSampler", None)
    question = Calibration(
        targets=(PublishedFigure("income_per_resident", 1200.0, 50.0, "planted"),),
        factors=(Factor("parameters.income_growth", 0.0, 0.06),), particles=20, populations=2,
    )  # fmt: skip
    with cluster.Dask(address) as dask:
        answer = question.ask(small_scenario(), executors=dask, workers=dask.workers)
    assert np.isfinite(answer.tables["calibrate"]["posterior"]).all()
    assert answer.tables["effort"]["runs"][0] >= 40


@pytest.mark.extras
def test_a_cluster_stops_when_the_parent_is_killed(address, gate, orphans, alone):
    """SIGKILL in mid-sweep: workers finish the parts that they are at, and begin no other; then it can go on."""
    there = parts_of(orphans)
    assert 3 <= len(there) < 28
    with cluster.Dask(address) as dask:
        until(lambda: not dask.client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)))
        (gate / "closed").unlink()
        until(lambda: is_idle(dask.client))
        assert len(parts_of(orphans)) == len(there) + 2
        with pytest.raises(StoreError, match=r"broken off.*\n.*--resume"):
            swept("wait", out=orphans)
        seen = []
        found = swept(
            "wait",
            out=orphans,
            resume=True,
            executors=dask,
            workers=2,
            progress=lambda done, planned: seen.append(done),
        )
    assert seen[0] == len(there) + 2
    pd.testing.assert_frame_equal(alone.runs, found.runs, check_exact=True)


@pytest.mark.extras
@pytest.mark.parametrize("where", ["here", "on the cluster"])
def test_who_goes_on_at_once_is_not_harmed_by_what_the_killed_parent_began(address, gate, orphans, alone, where):
    """Workers of the killed parent write their parts while the next one is making the same."""
    begun = parts_of(orphans)
    among = []

    def progress(done, planned):
        if done == (len(begun) if where == "on the cluster" else 20):
            (gate / "closed").unlink()
            if where == "here":
                until(lambda: is_idle(dask.client))
            among.append(done)

    with cluster.Dask(address) as dask:
        how = {"executors": dask, "workers": 2} if where == "on the cluster" else {"workers": 1}
        found = swept("wait", out=orphans, resume=True, progress=progress, **how)
        until(lambda: is_idle(dask.client))
    assert among
    again = swept("wait", out=orphans, resume=True, workers=1)
    for tables in (found, again):
        pd.testing.assert_frame_equal(alone.runs, tables.runs, check_exact=True)
    assert len(list((orphans / "parts").iterdir())) == 30


@pytest.mark.extras
def test_a_lost_scheduler_is_one_error_and_the_store_resumes(alone, tmp_path):
    """SIGKILL of the process that holds it in mid-sweep; the next sweep with it is refused at once."""

    def progress(done, planned):
        if done == 5:
            running.kill()

    with running_cluster(tmp_path, tmp_path) as (running, there), cluster.Dask(there) as dask:
        begun = time.monotonic()
        how = {"out": tmp_path / "out", "executors": dask, "workers": 2}
        with pytest.raises(VillagesimError, match=r"cluster has given up.*scheduler may be gone\.\n.*--resume"):
            swept(progress=progress, **how)
        with pytest.raises(VillagesimError, match=f"Dask scheduler at {there} is gone.*--resume"):
            swept(resume=True, **how)
    assert time.monotonic() - begun < 30
    assert 5 <= len(parts_of(tmp_path / "out")) < 30
    found = swept(out=tmp_path / "out", resume=True, workers=1)
    pd.testing.assert_frame_equal(alone.runs, found.runs, check_exact=True)


@pytest.mark.extras
def test_a_lost_scheduler_on_the_command_line(alone, tmp_path):
    """One message, exit code 2, no traceback and no log; then it goes on without the cluster."""
    folder = tmp_path / "out"
    with running_cluster(tmp_path, tmp_path) as (running, there), sweeping(there, tmp_path, folder) as parent:
        running.kill()
        _, message = parent.communicate(timeout=30)
    assert parent.returncode == 2
    assert "villagesim: the cluster has given up its work" in message
    for noise in ("Traceback", "distributed", "Exception"):
        assert noise not in message
    found = swept("wait", out=folder, resume=True, workers=1)
    pd.testing.assert_frame_equal(alone.runs, found.runs, check_exact=True)


@pytest.mark.extras
def test_a_cluster_that_does_not_answer_is_said(monkeypatch):
    """With the address and a way out."""
    begun = time.monotonic()
    with pytest.raises(VillagesimError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        cluster.Dask("tcp://127.0.0.1:9")
    assert time.monotonic() - begun < 30


def test_without_dask_the_extra_is_named(monkeypatch):
    """What to install."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(VillagesimError, match=r"pip install .*\[dask\]"):
        cluster.Dask("tcp://127.0.0.1:8786")

"""A Dask cluster does the work of processes: the same tables, also when one of its workers is killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from trouble import small_scenario

from villagesim.errors import VillagesimError
from villagesim.experiment import cluster
from villagesim.experiment.calibrate import Calibration, Target
from villagesim.experiment.design import Factor, grid
from villagesim.experiment.sweep import sweep

HERE = Path(__file__).parent
CLUSTER = """
import sys
from distributed import LocalCluster

if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        print(cluster.scheduler_address, *(worker.pid for worker in cluster.workers.values()), flush=True)
        sys.stdin.read()
"""


def swept(**how):
    design = grid([Factor("draw", values=tuple(range(30)))])
    return sweep(small_scenario(), design, strategies=["trouble"], seed=2, **how)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A cluster of two processes, which ends with the tests."""
    pytest.importorskip("distributed")
    script = tmp_path_factory.mktemp("cluster") / "cluster.py"
    script.write_text(CLUSTER)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE), *sys.path])}
    running = subprocess.Popen(
        [sys.executable, str(script)], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    yield running.stdout.readline().split()[0]
    running.communicate("")


@pytest.fixture(scope="module")
def alone():
    return swept(workers=1)


@pytest.mark.extras
def test_a_cluster_gives_the_tables_of_one_process(address, alone, tmp_path):
    """Two worker processes, each part in a file that they write."""
    with cluster.Dask(address) as dask:
        assert dask.workers == 2
        found = swept(out=tmp_path / "out", executors=dask, workers=dask.workers)
        pd.testing.assert_frame_equal(alone.table, found.table, check_exact=True)
        assert len(list((tmp_path / "out" / "parts").iterdir())) == 30
        again = swept(out=tmp_path / "out", executors=dask, workers=dask.workers, resume=True)
    pd.testing.assert_frame_equal(alone.table, again.table, check_exact=True)


@pytest.mark.extras
def test_a_killed_worker_of_a_cluster_changes_nothing(address, alone, tmp_path):
    """SIGKILL of one of the two worker processes in mid-sweep."""
    killed = []

    def progress(done, planned):
        if done == 5 and not killed:
            killed.append(next(iter(dask.client.run(os.getpid).values())))
            os.kill(killed[0], signal.SIGKILL)

    with cluster.Dask(address) as dask:
        found = swept(out=tmp_path / "out", executors=dask, workers=dask.workers, progress=progress)
    assert killed
    pd.testing.assert_frame_equal(alone.table, found.table, check_exact=True)


@pytest.mark.extras
def test_a_run_that_kills_workers_of_a_cluster_stops_no_other(address):
    """The cluster tries it on several workers and gives up; all others are there."""
    design = grid([Factor("policies.trouble.what", values=("nothing", "die", "nothing"))])
    with cluster.Dask(address) as dask:
        found = sweep(small_scenario(), design, outcomes=["trust"], executors=dask, workers=2)
    assert found.failures["point"].unique().tolist() == [1]
    assert found.table["point"].unique().tolist() == [0, 2]


@pytest.mark.extras
def test_a_cluster_calibrates(address, monkeypatch):
    """Its workers run the model, and this machine starts no processes of its own."""
    pyabc = pytest.importorskip("pyabc")
    monkeypatch.setattr(pyabc, "MulticoreEvalParallelSampler", None)
    question = Calibration(
        targets=(Target("income_per_resident", 4900.0, 50.0, "planted"),),
        factors=(Factor("parameters.income_growth", 0.0, 0.1),), particles=20, populations=2,
    )  # fmt: skip
    with cluster.Dask(address) as dask:
        answer = question.ask(small_scenario(), executors=dask, workers=dask.workers)
    assert np.isfinite(answer.tables["calibrate"]["posterior"]).all()
    assert answer.tables["effort"]["runs"][0] >= 40


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
    with pytest.raises(VillagesimError, match=r"villagesim\[dask\]"):
        cluster.Dask("tcp://127.0.0.1:8786")

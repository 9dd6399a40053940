"""Comparing on several workers: the same tables whoever does the work, and folders that are whole or not there."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import villagesim as vs
from villagesim.errors import ScenarioError, StoreError, VillagesimError
from villagesim.runs import parts
from villagesim.runs.store import write_whole

pytestmark = pytest.mark.usefixtures("figures_are_blank")

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def town():
    return vs.load_scenario(ROOT / "scenarios" / "one_town.toml")


@pytest.fixture(scope="module")
def alone(town):
    return vs.compare(town, replications=4, seed=3, workers=1)


def test_two_workers_give_the_tables_of_one(town, alone):
    """Who does the work never shows: every bit of every outcome is the same."""
    together = vs.compare(town, replications=4, seed=3, workers=2)
    pd.testing.assert_frame_equal(alone.runs, together.runs, check_exact=True)
    pd.testing.assert_frame_equal(alone.several(), together.several(), check_exact=True)


def test_a_comparison_holds_what_single_runs_give(town, alone):
    """The third replication of `both` is the run of that name."""
    run = vs.simulate(town, "both", seed=3, replication=2)
    rows = alone.runs.query("strategy == 'both' and replication == 2").reset_index(drop=True)
    np.testing.assert_array_equal(rows["trust"][1:], run.county["trust"])
    assert rows["month"].tolist()[1:] == run.county["month"].tolist()


def test_the_mechanical_share_belongs_to_the_replication(town, alone):
    """It is that of the world without merger, joined to every strategy of the same replication."""
    shares = alone.values("mechanical_share_above_500k")
    assert np.isfinite(shares).all()
    for strategy in range(1, len(alone.strategies)):
        np.testing.assert_array_equal(shares[strategy], shares[0])
    run = vs.simulate(town, "no merger", seed=3, replication=1)
    np.testing.assert_array_equal(shares[3, 1, 1:], run.county["mechanical_share_above_500k"])


def test_the_baseline_and_the_world_without_merger_always_run(town):
    """Who asks for one strategy gets the two reference worlds with it."""
    comparison = vs.compare(town, replications=1, strategies=["land trust"], workers=1)
    assert comparison.strategies == ("no merger", "nothing but the merger", "land trust")


def test_one_replication_draws_its_first_figure_and_others_where_they_are_asked_for(town, tmp_path):
    comparison = vs.compare(town, replications=1, strategies=["land trust"], workers=1, out=tmp_path / "out")
    assert [path.name for path in (tmp_path / "out/figures").iterdir()] == ["differences.png"]
    assert comparison.more_figures[:2] == ("distribution", "map")
    assert comparison.figure("map").axes


def test_a_folder_holds_figures_tables_and_a_manifest(town, tmp_path):
    """The manifest lists every file with its hash, and says what the results follow from."""
    folder = tmp_path / "out"
    vs.compare(town, replications=2, seed=5, workers=1, out=folder, villages=True, strategies=["both"])
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["design"]["seed"] == 5
    assert manifest["environment"]["libraries"]["numpy"] == np.__version__
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {"manifest.json"}
    assert set(manifest["files"]) == there
    assert {
        "figures/differences.png",
        "tables/comparison.csv",
        "tables/runs.parquet",
    } <= there
    assert {"figures/distribution.png", "tables/distribution.csv", "tables/money.parquet"} <= there
    villages = pd.read_parquet(next((folder / "parts").glob("villages-00000.*.parquet")))
    assert villages.groupby("strategy")["village"].nunique().to_dict() == {
        "no merger": 117,
        "nothing but the merger": len(set(villages.query("strategy == 'both'")["village"])),
        "both": len(set(villages.query("strategy == 'both'")["village"])),
    }


def test_a_folder_of_other_results_is_left_alone(town, tmp_path):
    """Another seed into the same folder is refused, and nothing in it changes."""
    folder = tmp_path / "out"
    vs.compare(town, replications=1, seed=1, workers=1, out=folder, strategies=[])
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(StoreError, match="Nothing was changed"):
        vs.compare(town, replications=1, seed=2, workers=1, out=folder, strategies=[])
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    with pytest.raises(ScenarioError, match="'zz' is not a strategy here"):
        vs.compare(town, replications=1, seed=1, workers=1, out=folder, strategies=["zz"])
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    (folder / "manifest.json").write_text('{"id"')
    with pytest.raises(StoreError, match="is damaged"):
        vs.compare(town, replications=1, seed=1, workers=1, out=folder, strategies=[])
    with pytest.raises(StoreError, match="not empty"):
        vs.compare(town, replications=1, workers=1, out=tmp_path / "mine")


def test_a_full_disk_leaves_no_half_file(tmp_path):
    """What was there before stays whole, and no temporary file is left behind."""
    target = tmp_path / "table.csv"
    target.write_text("old")

    def full(file):
        file.write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(StoreError, match="No space left on device"):
        write_whole(target, full)
    assert [path.name for path in tmp_path.iterdir()] == ["table.csv"]
    assert target.read_text() == "old"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"replications": 0}, "replications = 0"),
        ({"seed": -1}, "seed = -1"),
        ({"workers": 0}, "workers = 0"),
        ({"strategies": ["bothh"]}, "Did you mean 'both'"),
        ({"villages": True}, "need a folder"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(town, arguments, message):
    """Before anything runs."""
    with pytest.raises(VillagesimError, match=message):
        vs.compare(town, **({"replications": 1} | arguments))


def test_replications_with_a_failed_run_are_left_out_whole(town, alone, monkeypatch):
    """So that pairs stay together; the failures are kept with the comparison."""
    real = parts.simulate

    def failing(scenario, strategy, seed, replication, **rest):
        if (strategy, replication) == ("both", 2):
            raise ZeroDivisionError("nothing left")
        return real(scenario, strategy, seed, replication, **rest)

    monkeypatch.setattr(parts, "simulate", failing)
    comparison = vs.compare(town, replications=4, seed=3, workers=1)
    assert comparison.failures.to_dict("records") == [
        {"point": 0, "replication": 2, "strategy": "both", "message": "ZeroDivisionError: nothing left"}
    ]
    expected = alone.runs[alone.runs["replication"] != 2].reset_index(drop=True)
    pd.testing.assert_frame_equal(comparison.runs, expected, check_exact=True)


def test_a_comparison_without_a_whole_replication_says_why(town, monkeypatch):
    """There is nothing to compare."""
    real = parts.simulate

    def failing(scenario, strategy, *rest, **more):
        return real(scenario, strategy, *rest, **more) if strategy != "both" else 1 / 0

    monkeypatch.setattr(parts, "simulate", failing)
    with pytest.raises(VillagesimError, match="in every replication; the first: ZeroDivisionError: division by zero"):
        vs.compare(town, replications=1, workers=1)


def test_a_comparison_that_fails_leaves_no_folder(town, tmp_path, monkeypatch):
    """So that the corrected one can use it."""
    monkeypatch.setattr(parts, "check_code", lambda task: (_ for _ in ()).throw(VillagesimError("no luck")))
    with pytest.raises(VillagesimError, match="no luck"):
        vs.compare(town, replications=1, workers=1, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()

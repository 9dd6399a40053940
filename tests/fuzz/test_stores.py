"""Folders of results that are damaged: a refusal that changes nothing, or the tables of a folder that nobody touched."""

import json
import os
import shutil
from pathlib import Path

import pandas as pd
import pytest
from fuzz.mutations import damaged_bytes, outcome, seeds, tried
from hypothesis import given
from unit.runs.faulty_policies import small_scenario

from villagesim.design import Factor, grid
from villagesim.questions.answer import open_results
from villagesim.questions.sweep import Sweep, sweep
from villagesim.runs.store import Store

SCENARIO = small_scenario()
DESIGN = grid([Factor("draw", values=tuple(range(5)))])
NAMES = (
    "county-00001.parquet", "county-00099.0a1b2c3d.parquet", "county-x", ".county-00002.parquet.ab12", "notes.txt", ".lock",
    "村.csv", "runs.parquet", "a" * 200, os.fsdecode(b"\xff\xfe"),
)  # fmt: skip
NUMBERS = (None, True, 0, -1, 1e308, "", "x", [], {}, [[1]], "9" * 50)


def swept(folder, seed=1, **how):
    return sweep(SCENARIO, DESIGN, strategies=["trouble"], outcomes=["trust"], seed=seed, workers=1, out=folder, **how)


@pytest.fixture(scope="module", autouse=True)
def _quick():
    """No figures."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Store, "write_figure", lambda *of: None)
        yield


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A finished sweep, one of another seed, and an answer."""
    folder = tmp_path_factory.mktemp("whole")
    swept(folder / "sweep")
    swept(folder / "other", seed=2)
    asked = Sweep(design=DESIGN, strategies=("trouble",), outcomes=("trust",))
    asked.ask(SCENARIO, workers=1, out=folder / "answer")
    return folder


def damaged_json(value, luck):
    """The same with one value that is another, gone, or new."""
    if not isinstance(value, dict | list) or not value or luck.randrange(3) == 0:
        return luck.choice(NUMBERS)
    key = luck.choice(sorted(value)) if isinstance(value, dict) else luck.randrange(len(value))
    if luck.randrange(4) == 0:
        del value[key]
    else:
        value[key] = damaged_json(value[key], luck)
    return value


def damage(folder: Path, other: Path, luck) -> None:
    """Do one thing to a file of the folder, or put one there."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    kind = luck.randrange(9)
    if not files or kind == 0:
        place = luck.choice([path for path in (folder, *folder.iterdir()) if path.is_dir()])
        new = place / luck.choice(NAMES)
        if new.exists():
            return
        if luck.randrange(4) == 0:
            new.mkdir()
        elif luck.randrange(4) == 0:
            new.symlink_to(luck.choice((folder / "manifest.json", "/nowhere", "/dev/zero", "..")))
        else:
            new.write_bytes(luck.choice((b"", b"PAR1", b"{}", b"[" * 50_000)))
        return
    path = luck.choice(files)
    if luck.randrange(3) == 0:
        path = luck.choice([each for each in files if each.suffix == ".json"] or files)
    if kind == 1:
        path.unlink()
    elif kind == 2:
        path.rename(path.with_name(luck.choice(NAMES)))
    elif kind == 3:
        there = luck.choice(sorted((other / "parts").iterdir()))
        shutil.copy(there, path if luck.randrange(2) and path.parent.name == "parts" else folder / "parts" / there.name)
    elif kind == 4:
        shutil.rmtree(path.parent)
        folder.mkdir(exist_ok=True)
    elif path.suffix == ".json" and kind < 8:
        try:
            path.write_text(json.dumps(damaged_json(json.loads(path.read_text()), luck)))
        except (ValueError, TypeError):
            path.write_bytes(b"\xff")
    else:
        path.write_bytes(damaged_bytes(path.read_bytes(), luck))


def damaged(there: Path, other: Path, luck) -> Path:
    folder = there.parent / "damaged"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(there, folder)
    for _ in range(luck.choice((1, 1, 1, 2, 3))):
        try:
            damage(folder, other, luck)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            continue  # what was damaged before is in the way
    return folder


@tried(1_000, few=8)
@given(seeds)
def test_a_sweep_that_is_damaged_is_gone_on_with(whole, luck):
    folder = damaged(whole / "sweep", whole / "other", luck)
    found, refused = outcome(lambda: swept(folder, resume=luck.randrange(5) > 0))
    if refused is None:
        truth = pd.read_parquet(whole / "sweep" / "tables" / "runs.parquet")
        pd.testing.assert_frame_equal(pd.read_parquet(folder / "tables" / "runs.parquet"), truth, check_exact=True)
        assert len(found.runs) == len(truth)


@tried(1_000)
@given(seeds)
def test_an_answer_that_is_damaged_is_read(whole, luck):
    folder = damaged(whole / "answer", whole / "other", luck)
    answer, refused = outcome(lambda: open_results(folder))
    if refused is not None:
        return
    tables, refused = outcome(lambda: {name: answer.tables[name] for name in answer.tables})
    if refused is None:
        for name, table in tables.items():
            truth = pd.read_parquet(whole / "answer" / "tables" / f"{name}.parquet")
            pd.testing.assert_frame_equal(table, truth, check_exact=True)


@pytest.mark.parametrize("name", ["sweep", "answer"])
def test_what_is_not_damaged_is_taken(whole, name):
    take = open_results if name == "answer" else lambda folder: swept(folder, resume=True)
    assert outcome(lambda: take(whole / name))[1] is None

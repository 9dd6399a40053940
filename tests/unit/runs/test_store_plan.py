"""A store counts: its tables are exactly those of the plan, whatever was done to its parts; or one message says why not."""

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from unit.runs.faulty_policies import small_scenario

import villagesim as vs
from villagesim.design import Factor, grid
from villagesim.errors import StoreError
from villagesim.questions.sweep import sweep
from villagesim.questions.trial import Trial
from villagesim.questions.uncertainty import Uncertainty
from villagesim.runs.lock import Lock
from villagesim.runs.store import read_whole
from villagesim.runs.writing import hashed, whole_folder

pytestmark = pytest.mark.usefixtures("figures_are_blank")

DRAWS = tuple(range(6))


def swept(out, *, seed=2, replications=1, draws=DRAWS, **how):
    design = grid([Factor("draw", values=draws)])
    return sweep(
        small_scenario(), design, strategies=["trouble"], seed=seed, replications=replications, outcomes=["trust", "debt"],
        out=out, **({"workers": 1} | how),
    )  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "out"
    swept(folder)
    return folder


@pytest.fixture(scope="module")
def other_seed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("other") / "out"
    swept(folder, seed=3)
    return folder


@pytest.fixture
def folder(tmp_path, whole):
    return Path(shutil.copytree(whole, tmp_path / "out"))


def names(folder):
    return [path.name for path in (folder / "parts").iterdir()]


def part(folder, number):
    return next((folder / "parts").glob(f"county-{number:05d}.*"))


def assert_same(folder, whole):
    for name in ("runs.parquet", "runs.csv", "failures.csv", "sweep.csv"):
        assert (folder / "tables" / name).read_bytes() == (whole / "tables" / name).read_bytes()


def rewritten(path, change, number=None):
    """A part with other rows, under the name that belongs to its content."""
    table = change(pq.read_table(path))
    buffer = pa.BufferOutputStream()
    pq.write_table(table, buffer)
    content = buffer.getvalue().to_pybytes()
    name = path.name.partition(".")[0] if number is None else f"county-{number:05d}"
    path.unlink()
    path.with_name(f"{name}.{hashed(content)}.parquet").write_bytes(content)


def edited(table):
    return table.set_column(table.schema.get_field_index("trust"), "trust", pa.array([0.5] * len(table)))


def renamed(folder, number):
    path = part(folder, number)
    path.rename(path.with_name(path.name.replace(f"{number:05d}", "09999")))


def copied(folder, number):
    path = part(folder, number)
    path.with_name(path.name.replace(f"{number:05d}", "00003")).write_bytes(path.read_bytes())


OURS = {
    "removed": lambda folder: part(folder, 2).unlink(),
    "all removed": lambda folder: shutil.rmtree(folder / "parts"),
    "emptied": lambda folder: part(folder, 0).write_bytes(b""),
    "edited": lambda folder: rewritten(part(folder, 1), edited),
    "columns renamed": lambda folder: rewritten(
        part(folder, 1),
        lambda t: t.rename_columns([*t.column_names[:-1], "debts"]).replace_schema_metadata(t.schema.metadata),
    ),
    "rows left out": lambda folder: rewritten(part(folder, 1), lambda t: t.slice(0, 0)),
    "renamed": lambda folder: renamed(folder, 4),
    "renumbered": lambda folder: rewritten(part(folder, 4), lambda t: t, number=77),
    "copied": lambda folder: copied(folder, 4),
}


@pytest.mark.parametrize("what", OURS)
def test_what_is_ours_but_not_as_it_was_is_made_again(folder, whole, what):
    """Tables are those of a sweep that nobody touched, to the byte, and so are the parts."""
    OURS[what](folder)
    swept(folder, resume=True)
    assert_same(folder, whole)
    assert {*names(folder)} == {*names(whole)}


FOREIGN = {
    "of another seed": lambda folder, other: shutil.copy(part(other, 2), folder / "parts"),
    "of another seed, in place": lambda folder, other: (
        part(folder, 2).unlink() or shutil.copy(part(other, 2), folder / "parts")
    ),
    "of other rows": lambda folder, other: rewritten(part(folder, 2), lambda t: t.replace_schema_metadata()),
    "not Parquet": lambda folder, other: (
        folder / "parts" / f"county-00007.{hashed(b'PAR1 or not')}.parquet"
    ).write_bytes(b"PAR1 or not"),
    "no number": lambda folder, other: (folder / "parts" / "county-abc.parquet").write_bytes(b""),
    "a folder": lambda folder, other: (folder / "parts" / part(folder, 2).name.replace("00002", "00009")).mkdir(),
    "a name that is no text": lambda folder, other: (folder / "parts" / os.fsdecode(b"county-\xff\xfe")).touch(),
    "a table": lambda folder, other: shutil.copy(folder / "tables" / "runs.csv", folder / "parts"),
}


@pytest.mark.parametrize("resume", [True, False])
@pytest.mark.parametrize("what", FOREIGN)
def test_what_is_not_ours_is_refused_by_its_name(folder, other_seed, what, resume):
    """And nothing is changed."""
    FOREIGN[what](folder, other_seed)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(StoreError, match=r"(?s)parts.*Nothing was changed") as refused:
        swept(folder, resume=resume)
    str(refused.value).encode()
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_parts_that_go_while_others_are_made_are_made_again(tmp_path, whole):
    """All that is there is removed in the middle; if that goes on, it is said."""

    def once(done, planned, gone=[]):  # noqa: B006
        if done == 4 and not gone:
            gone.append(shutil.rmtree(tmp_path / "out" / "parts"))

    swept(tmp_path / "out", progress=once)
    assert_same(tmp_path / "out", whole)

    def ever(done, planned):
        for path in (tmp_path / "two" / "parts").glob("county-00001*"):
            path.unlink()

    with pytest.raises(StoreError, match=r"holds 5 of 6 .*removed while"):
        swept(tmp_path / "two", progress=ever)


def test_what_stands_in_the_way_of_a_folder_is_said(folder):
    """`parts` is a file; the manifest is nested 100,000 deep, or a folder."""
    shutil.rmtree(folder / "parts")
    (folder / "parts").write_text("mine")
    with pytest.raises(StoreError, match="parts is no folder"):
        swept(folder, resume=True)
    (folder / "parts").unlink()
    (folder / "manifest.json").write_text("[" * 100_000)
    with pytest.raises(StoreError, match="damaged"):
        swept(folder, resume=True)


def test_names_that_are_no_text_stay_out_of_the_manifest(folder, whole):
    """A file of the user's own beside the tables harms nothing."""
    (folder / os.fsdecode(b"mine-\xff.txt")).write_text("notes")
    swept(folder, resume=True)
    assert_same(folder, whole)
    assert "mine" not in (folder / "manifest.json").read_text()


def test_left_overs_of_killed_writers_are_cleared_everywhere(folder):
    """In tables, figures, and beside the manifest; hidden files of others stay."""
    left = [
        folder / name for name in ("tables/.runs.csv.0a1b2c3d", "figures/.sweep.svg.9043337c", ".answer.txt.12345678")
    ]
    for path in (*left, folder / "tables" / ".DS_Store"):
        path.touch()
    swept(folder, resume=True)
    assert not [path for path in left if path.exists()]
    assert (folder / "tables" / ".DS_Store").exists()


@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_a_lock_never_writes_through_a_link(tmp_path, link):
    """What it leads to stays as it is."""
    precious = tmp_path / "precious.txt"
    precious.write_text("years of work")
    (tmp_path / "out").mkdir()
    link(precious, tmp_path / "out" / ".lock")
    with pytest.raises(StoreError, match="is a link"):
        Lock(tmp_path / "out")
    assert precious.read_text() == "years of work"


def tables(folder):
    return {path.name: path.read_bytes() for path in (folder / "tables").iterdir() if path.suffix == ".csv"}


def compared(folder, n, **how):
    return vs.compare(small_scenario(), n, 4, workers=1, out=folder, **how)


def drawn(folder, n, **how):
    question = Uncertainty(strategies=("trouble",), draws=2, replications=n)
    return question.ask(small_scenario(), 4, workers=1, out=folder, **how)


def swept_more(folder, n, **how):
    return swept(folder, replications=n, draws=(0, 1), **how)


@pytest.mark.parametrize("ask", [compared, pytest.param(drawn, marks=pytest.mark.long), swept_more])
def test_more_replications_later_give_the_tables_of_all_at_once(tmp_path, ask):
    """Only the new ones are made; fewer again take what is there."""
    ask(tmp_path / "once", 4)
    ask(tmp_path / "later", 3)
    first = tables(tmp_path / "later")
    with pytest.raises(StoreError, match=r"with other replications.*\n?.*--resume"):
        ask(tmp_path / "later", 4)
    done = []
    ask(tmp_path / "later", 4, resume=True, progress=lambda *numbers: done.append(numbers))
    assert done[0][0] * 4 == done[0][1] * 3
    assert tables(tmp_path / "later") == tables(tmp_path / "once") != first
    ask(tmp_path / "later", 3, resume=True)
    assert tables(tmp_path / "later") == first


def test_what_stands_in_the_place_of_a_file_or_a_folder_of_results_is_named(tmp_path):
    """A pipe would never end, and a folder is not written over: who reads and who goes on are told to remove it."""
    compared(tmp_path / "out", 2)
    part = min((tmp_path / "out/parts").iterdir())
    content = part.read_bytes()
    for put, away in ((os.mkfifo, os.unlink), (os.mkdir, os.rmdir)):
        part.unlink()
        put(part)
        with pytest.raises(StoreError, match=r"in the place of a file of results\.\n  Remove it"):
            read_whole(tmp_path / "out")
        away(part)
        part.write_bytes(content)
    read_whole(tmp_path / "out")
    (tmp_path / "out/tables").rename(tmp_path / "tables")
    (tmp_path / "out/tables").write_text("mine")
    with pytest.raises(StoreError, match=r"tables is in the place of a folder of results\.\n  Remove it"):
        read_whole(tmp_path / "out")
    with pytest.raises(StoreError, match=r"tables is no folder, but results belong there\.\n.*Remove it"):
        compared(tmp_path / "out", 2, resume=True)
    (tmp_path / "out/tables").unlink()
    (tmp_path / "out/manifest.json").unlink()
    os.mkfifo(tmp_path / "out/manifest.json")
    with pytest.raises(StoreError, match="damaged"):
        read_whole(tmp_path / "out")


def test_nothing_is_written_among_results_of_others(tmp_path):
    """Not into a folder below them either; a file that others call a manifest makes no results."""
    compared(tmp_path / "out", 2)
    with pytest.raises(StoreError, match="is among results, those of"):
        compared(tmp_path / "out/tables/x", 2)
    with pytest.raises(StoreError, match="is among results"), whole_folder(tmp_path / "out/mine"):
        pass
    assert not (tmp_path / "out/tables/x").exists()
    (tmp_path / "site").mkdir()
    (tmp_path / "site/manifest.json").write_text('{"name": "mine"}')
    compared(tmp_path / "site/out", 2)


def test_a_stray_file_where_results_are_written_first_is_no_hindrance(tmp_path):
    compared(tmp_path / "out", 2)
    (tmp_path / "out/.writing").write_text("x", encoding="utf-8")
    compared(tmp_path / "out", 3, resume=True)


def test_a_comparison_goes_on_until_an_outcome_is_settled(tmp_path):
    """What was made before counts, and what is read again is what was asked last."""
    compared(tmp_path / "out", 4)
    done = []
    vs.compare(
        small_scenario(), 12, 4, until_settled="trust", workers=1, out=tmp_path / "out", resume=True,
        progress=lambda *numbers: done.append(numbers),
    )  # fmt: skip
    assert done[0][0] == 4
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["design"]["until_settled"] == "trust"


def test_rows_of_villages_are_made_again_with_their_part(tmp_path):
    """Where they are missing, the part is not whole."""
    question = Trial(strategy="by lot", replications=3)
    town = vs.load_scenario(Path(__file__).parents[3] / "scenarios" / "one_town.toml")
    policy = vs.policies.LandTrust(start="2022-03-01", target=vs.targets.Target(rule="random", n=10))
    scenario = replace(town, strategies={**town.strategies, "by lot": (policy,)})
    first = question.ask(scenario, workers=1, out=tmp_path / "out")
    next((tmp_path / "out" / "parts").glob("villages-00001*")).unlink()
    again = question.ask(scenario, workers=1, out=tmp_path / "out", resume=True)
    pd.testing.assert_frame_equal(first.tables["trial"], again.tables["trial"], check_exact=True)


def test_runs_of_other_libraries_are_said_for_ever(folder):
    """Their bits may be others, so who goes on with a folder is told, and so is who reads it later."""
    manifest = folder / "manifest.json"
    content = json.loads(manifest.read_text())
    content["environment"]["libraries"]["numpy"] = "1.26.0"
    manifest.write_text(json.dumps(content))
    part(folder, 3).unlink()
    for _ in range(2):
        said = swept(folder, resume=True).headline
        assert "were made with numpy 1.26.0, now " in said
        assert said.count("numpy") == 1
        assert (folder / "answer.txt").read_text().strip() == said
    earlier, now = json.loads(manifest.read_text())["earlier"], json.loads(manifest.read_text())["environment"]
    assert earlier[0]["libraries"]["numpy"] == "1.26.0"
    assert now["libraries"]["numpy"] != "1.26.0"
    assert swept(folder).headline == said


@pytest.mark.parametrize("name", ["parts", "tables"])
def test_a_link_inside_of_a_folder_is_refused(folder, tmp_path, name):
    """The manifest would not count what is behind it; a link to the whole folder is none."""
    (folder / name).rename(tmp_path / "elsewhere")
    (folder / name).symlink_to(tmp_path / "elsewhere")
    before = sorted((tmp_path / "elsewhere").iterdir())
    with pytest.raises(StoreError, match=f"{name} is a link to a folder"):
        swept(folder, resume=True)
    assert sorted((tmp_path / "elsewhere").iterdir()) == before
    (folder / name).unlink()
    (tmp_path / "elsewhere").rename(folder / name)
    (tmp_path / "link").symlink_to(folder)
    swept(tmp_path / "link", resume=True)

"""Tables of Stata, read again by pandas: numbers as in the Parquet file, labels as in the codebook."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner
from unit.command_line import SMALL, villagesim
from unit.report.kinds import KINDS, answer_of

import villagesim as vs
from villagesim.cli import app
from villagesim.errors import StoreError
from villagesim.runs.stata import export, label, variables, write_dta
from villagesim.runs.store import Store

STRATEGIES = ["nothing but the merger", "land trust 托管"]
TABLE = pd.DataFrame(
    {
        "strategy": STRATEGIES * 2,
        "month": ["2021-12", "2022-12", "", "2023-12"],
        "code": ["370114001201"] * 4,
        "cost_per_village_merged_in_fact_low": [1.5, np.nan, np.inf, 4.0],
        "replications": [30, 30, 30, 30],
    }
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Store(tmp_path / "out", {"seed": 1}) as store:
        store.write_table("money", TABLE)
        store.write_table("failures", TABLE.iloc[:0])
        store.write_table("verdicts", TABLE.iloc[1:2])
        store.write_manifest()
    return tmp_path / "out"


def test_what_is_written_is_read_again_with_its_labels(folder: Path) -> None:
    done = CliRunner().invoke(app, ["export", str(folder)])
    assert done.exit_code == 0, done.output
    assert {path.name for path in (folder / "stata").iterdir()} == {"money.dta", "verdicts.dta", "codebook.dta"}
    with pd.io.stata.StataReader(folder / "stata" / "money.dta") as reader:
        table, labels, values = reader.read(), reader.variable_labels(), reader.value_labels()
    assert [*values["strategy"].values()] == STRATEGIES
    assert [*table["strategy"]] == STRATEGIES * 2
    assert labels["strategy"] == "strategy, a set of policies"
    assert [*table["code"]] == ["370114001201"] * 4
    assert table["month"].dt.strftime("%Y-%m").fillna("").tolist() == [*TABLE["month"]]
    np.testing.assert_array_equal(table.iloc[:, 3], [1.5, np.nan, np.nan, 4.0])
    assert all(len(label) <= 80 for label in labels.values())
    again = pd.read_stata(folder / "stata" / "verdicts.dta", convert_categoricals=False)
    assert [*again["strategy"]] == [1]  # the same number as in the other table
    book = pd.read_stata(folder / "stata" / "codebook.dta")
    assert {*book["table"]} >= {"money", "verdicts"}


def test_the_codebook_names_variables_as_stata_holds_them(tmp_path: Path) -> None:
    """What Stata keeps for itself, as the ``end`` of a policy, gets another name: the same in table, label and codebook."""
    ends = (
        TABLE[["strategy", "month"]]
        .assign(end=["2023-12-31"] * 4, spill_over=1.0)
        .rename(columns={"spill_over": "spill-over"})
    )
    with Store(tmp_path / "out", {"seed": 1}) as store:
        store.write_table("money", TABLE)
        store.write_table("policies", ends)
        store.write_manifest()
    export(tmp_path / "out", tmp_path / "stata")
    book = pd.read_stata(tmp_path / "stata" / "codebook.dta")
    for name in ("money", "policies"):
        with pd.io.stata.StataReader(tmp_path / "stata" / f"{name}.dta") as reader:
            table, labels = reader.read(), reader.variable_labels()
        own = book[book["table"] == name]
        assert [*own["column"]] == [*table]
        assert [bool(labels[column]) for column in table] == [*(own["meaning"] != "")]


def test_labels_are_chinese_where_chinese_is_spoken(folder: Path) -> None:
    """Names of strategies and columns stay, as files and tables have them."""
    done = CliRunner().invoke(app, ["export", str(folder), "--lang", "zh"])
    assert done.exit_code == 0, done.output
    with pd.io.stata.StataReader(folder / "stata" / "money.dta") as reader:
        reader.read()
        labels, values = reader.variable_labels(), reader.value_labels()
    assert [*values["strategy"].values()] == STRATEGIES
    assert labels["strategy"] == "方案，即一组政策"
    assert labels["replications"] == "数字所依据的重复次数（数值）"
    assert labels["cost_per_vill_merged_in_fact_low"] == "cost_per_village_merged_in_fact的 95% 区间下限（元）"
    book = pd.read_stata(folder / "stata" / "codebook.dta")
    own = set(re.findall("[A-Za-z]+", " ".join(book["full_name"])))
    assert not {*re.findall("[A-Za-z]{2,}", " ".join([*book["meaning"], *book["unit"], *book["period"]]))} - own
    with vs.language("zh"):
        assert label("Collective income: as earned, in yuan of the start", "yuan").endswith("（元）")
        assert label("收" * 90, "yuan") == "收" * 74 + "...（元）"


def test_the_same_table_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in "ab":
        write_dta(tmp_path / name, TABLE, {}, STRATEGIES)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_names_and_labels_are_those_that_stata_takes() -> None:
    names = variables(["as a trial would measure it", "spill-over", "2021", "parameters." + "many_" * 8, "收入", "end"])
    assert names == [
        "as_a_trial_would_measure_it", "spill_over", "_2021", "para_many_many_many_many_many_ma", "收入", "_end",
    ]  # fmt: skip
    assert label("w " * 60, "yuan") == "w " * 34 + "w... [yuan]"
    assert label("mean over replications", "that of the outcome, see the column unit") == "mean over replications"


def test_a_folder_without_results_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="holds no results"):
        export(tmp_path, tmp_path / "stata")


def read_again(folder: Path, tables: dict[str, pd.DataFrame]) -> None:
    """Every table has a file with as many rows, each number and each date where it was; codes and words stay texts."""
    for name, table in tables.items():
        again = pd.read_stata(folder / f"{name}.dta")
        assert len(again) == len(table)
        for column, own in zip(again, table, strict=True):
            given = table[own]
            if given.dtype.kind in "iufb":
                np.testing.assert_array_equal(again[column], given.replace([np.inf, -np.inf], np.nan), own)
            elif given.dtype.kind == "M" or re.search("date|ripe|settled|lost|founded|since|ended", own):
                told = pd.to_datetime(given, errors="coerce")
                assert pd.to_datetime(again[column]).equals(told.astype("datetime64[s]").rename(column)), own


@pytest.mark.parametrize(
    "command", [("run", "--strategy", "all of it"), ("story", "370114001201")], ids=["run", "story"]
)
def test_a_folder_of_one_run_is_exported_whole(command: tuple[str, ...], tmp_path: Path) -> None:
    """Dates that never came are missing, in columns of no other too; and it may be exported again."""
    name, *more = command
    done = villagesim(name, str(SMALL), *more, "--figures", "none", "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    tables = {path.stem: pd.read_parquet(path) for path in (tmp_path / "out/tables").glob("*.parquet")}
    tables = {name: table for name, table in tables.items() if len(table)}
    for _ in range(2):
        done = villagesim("export", "out", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert {path.stem for path in (tmp_path / "out/stata").iterdir()} == {*tables, "codebook"}
        read_again(tmp_path / "out/stata", tables)


@pytest.mark.parametrize("kind", KINDS)
def test_tables_of_every_kind_of_answer_are_read_again(kind: str, tmp_path: Path) -> None:
    tables = {name: table for name, table in answer_of(kind).tables.items() if len(table)}
    strategies = [*{name for table in tables.values() if "strategy" in table for name in table["strategy"].dropna()}]
    for name, table in tables.items():
        write_dta(tmp_path / f"{name}.dta", table, {}, strategies)
    read_again(tmp_path, {name: table for name, table in tables.items() if "strategy" not in table})


def test_an_export_that_fails_leaves_nothing_and_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export(folder, folder / "stata")
    before = {path.name: path.read_bytes() for path in (folder / "stata").iterdir()}
    write = write_dta

    def full(path: Path, *what: Any) -> None:
        if path.stem == "verdicts":
            raise OSError(28, "No space left on device")
        write(path, TABLE.iloc[:1], *what[1:])

    monkeypatch.setattr("villagesim.runs.stata.write_dta", full)
    with pytest.raises(StoreError, match="No space left"):
        export(folder, folder / "stata")
    assert {path.name: path.read_bytes() for path in (folder / "stata").iterdir()} == before
    with pytest.raises(StoreError, match="No space left"):
        export(folder, folder.parent / "new")
    assert not (folder.parent / "new").exists()


@pytest.mark.parametrize("empty", [False, True], ids=["of Stata", "empty"])
def test_a_file_that_no_export_wrote_is_not_written_over(folder: Path, empty: bool) -> None:
    """Not one that was an export's, and that Stata has saved again since; nothing else is changed either."""
    into = folder.parent / "mine"
    export(folder, into)
    TABLE[["strategy"]].to_stata(into / "verdicts.dta", version=118)
    if empty:
        (into / "verdicts.dta").write_bytes(b"")
    (into / "money.dta").unlink()
    before = {path.name: path.read_bytes() for path in into.iterdir()}
    done = villagesim("export", str(folder), "--out", str(into))
    assert (done.returncode, done.stdout) == (2, "")
    assert "verdicts.dta is there already, and holds something else. Nothing was changed." in " ".join(
        done.stderr.split()
    )
    assert {path.name: path.read_bytes() for path in into.iterdir()} == before


def test_an_export_is_none_of_the_results(folder: Path) -> None:
    """It may be made anew in another language, though results were written again in between."""
    export(folder, folder / "stata")
    with Store(folder, {"seed": 1}) as store:
        store.write_manifest()
    with vs.language("zh"):
        export(folder, folder / "stata")
    export(folder, folder / "stata")


def test_among_results_tables_of_stata_have_one_place(folder: Path) -> None:
    with pytest.raises(StoreError, match="is among results"):
        export(folder, folder / "tables")

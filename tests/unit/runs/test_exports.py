"""Tables as CSV files: read by spreadsheets, pandas and Stata, with a codebook that knows every column."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner
from unit.runs.faulty_policies import small_scenario

import villagesim as vs
from villagesim.arrays import Floats
from villagesim.cli import app
from villagesim.design import Factor, from_table, grid
from villagesim.outcomes import OUTCOMES, Outcome, Record
from villagesim.policies import LandTrust, Strategy
from villagesim.questions import (
    Attribution,
    Comparison,
    Question,
    Robustness,
    Sensitivity,
    Sweep,
    Trial,
    Uncertainty,
)  # fmt: skip
from villagesim.runs import codebook
from villagesim.runs.codebook import entries, meaning
from villagesim.runs.exports import short_names, with_names
from villagesim.runs.store import Store
from villagesim.targets import Target

pytestmark = pytest.mark.usefixtures("figures_are_blank")

TOWN = Path(__file__).parents[3] / "scenarios" / "one_town.toml"


def written(folder: Path, table: pd.DataFrame, name: str = "t") -> bytes:
    with Store(folder, {"a": 1}) as store:
        store.write_table(name, table)
        store.write_manifest()
    return (folder / "tables" / f"{name}.csv").read_bytes()


def test_chinese_opens_in_a_spreadsheet(tmp_path: Path) -> None:
    raw = written(tmp_path / "out", pd.DataFrame({"strategy": ["土地托管"]}))
    assert raw == b"\xef\xbb\xbf" + "strategy\n土地托管\n".encode()
    assert pd.read_csv(tmp_path / "out" / "tables" / "t.csv")["strategy"].tolist() == ["土地托管"]


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x")', "+1", "-2+3", "@SUM(A1)", " =1", "＝1"])
def test_no_text_becomes_a_formula(tmp_path: Path, text: str) -> None:
    written(tmp_path / "out", pd.DataFrame({text: [text], "number": [-1.5], "nothing": ["-"]}))
    with (tmp_path / "out" / "tables" / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        heading, row = csv.reader(file)
    assert heading == [f"'{text}", "number", "nothing"]
    assert row == [f"'{text}", "-1.5", "-"]


def test_codes_stay_whole_and_get_names(tmp_path: Path) -> None:
    table = with_names(
        pd.DataFrame({"month": ["2025-12"] * 2, "village": ["370114001201", ""]}), {"370114001201": "甲村"}
    )
    written(tmp_path / "out", table)
    back = pd.read_csv(tmp_path / "out" / "tables" / "t.csv", dtype={"village": str}, keep_default_na=False)
    assert back.to_dict("list") == {
        "month": ["2025-12"] * 2,
        "village": ["370114001201", ""],
        "village_name": ["甲村", ""],
    }


def test_no_name_of_a_column_is_longer_than_stata_takes() -> None:
    long = "parameters.professional_supervision"
    names = [*OUTCOMES, long, long, "cost_per_village_merged_in_fact_high", "村" * 40, "a_" * 40]
    short = short_names(names)
    assert max(map(len, short)) <= 32
    assert len(set(short)) == len(names)
    assert short[len(OUTCOMES) :][:3] == [
        "parameters.prof_supervision",
        "parameters.prof_supervision_2",
        "cost_per_vill_merg_in_fact_high",
    ]
    assert [name for name in names if len(name) <= 32] == [a for a, b in zip(short, names, strict=True) if a == b]


def test_points_that_were_written_are_a_table_of_a_design(tmp_path: Path) -> None:
    """Paths stay whole, and the codebook says so."""
    trust = Strategy((LandTrust(start="2021-03-01"),))
    scenario = replace(small_scenario(), strategies={"land trust": trust})
    paths = ["policies.land_trust.household_floor", "policies.land_trust.start"]
    design = grid(
        [Factor(paths[0], values=(500.0, 650.5)), Factor(paths[1], values=("2021-03-01", "2021-06-01"))]
    ).resolved(scenario)
    written(tmp_path, design.points.reset_index(), "points")
    again = from_table(tmp_path / "tables" / "points.csv").resolved(scenario)
    pd.testing.assert_frame_equal(again.points, design.points)
    book = pd.read_csv(tmp_path / "tables" / "codebook.csv")
    assert book[book["table"] == "points"]["column"].tolist() == ["point", *paths]


def test_every_column_of_a_run_and_of_a_comparison_is_in_the_codebook(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["run", str(TOWN), "--strategy", "both", "--out", str(tmp_path / "run")])
    assert told.exit_code == 0, told.output
    vs.compare(vs.load_scenario(TOWN), replications=2, seed=1, workers=1, out=tmp_path / "compared")
    for folder in ("run", "compared"):
        tables = tmp_path / folder / "tables"
        book = pd.read_csv(tables / "codebook.csv", keep_default_na=False)
        assert not book[book["meaning"] == ""]["column"].tolist()
        for path in tables.glob("*.parquet"):
            own = book[book["table"] == path.stem]
            assert own["full_name"].tolist() == pd.read_parquet(path).columns.tolist()
            assert own["column"].tolist() == pd.read_csv(path.with_suffix(".csv"), nrows=1).columns.tolist()
    villages = pd.read_csv(tmp_path / "run" / "tables" / "villages.csv", dtype={"village": str})
    assert villages["village_name"].notna().all()


def two(record: Record) -> Floats:
    """An outcome of one's own."""
    return np.full(len(record.labels), 2.0)


TWO = Outcome("two", "Two", "number", "twice one", 0, two)
FACTORS = (Factor("parameters.incident_rate", 10.0, 50.0), Factor("parameters.income_growth", 0.0, 0.06))
BY_LOT = {"by lot": [LandTrust(start="2021-09-01", target=Target(rule="random", n=2))]}
NAMES = ("trouble", "nothing but the merger")
ASKED: dict[str, Question] = {
    "compare until best": Comparison(strategies="trouble", replications=2, until_best="trust"),
    "compare until settled": Comparison(strategies="trouble", replications=2, until_settled="trust"),
    "compare draws": Uncertainty(strategies="trouble", draws=2),
    "sweep": Sweep(design=grid([Factor("parameters.income_growth", values=(0.01, 0.05))]), strategies="trouble"),
    "trial": Trial(strategy=BY_LOT, outcome="trust", replications=2),
    "attribute": Attribution(strategy={"mine": [LandTrust(start="2021-09-01")]}, outcome="trust", replications=2),
    "robust": Robustness(strategies=NAMES, targets={"trust": 0.5}, factors=FACTORS, n=2),
    "sensitivity": Sensitivity(strategy="trouble", outcomes=("trust",), n=2, keep=1, trajectories=2, factors=FACTORS),
}


@pytest.mark.parametrize("name", ASKED)
def test_every_column_of_every_question_has_a_meaning_and_a_unit(name: str) -> None:
    """A unit or a dash; of a table that users name columns of, what they are."""
    answer = ASKED[name].ask(small_scenario(), 2, workers=1)
    for table, frame in answer.tables.items():
        said = entries(table, frame.columns)
        assert not said[(said["meaning"] == "") | (said["unit"] == "")]["full_name"].tolist(), table


def test_outcomes_of_ones_own_are_in_the_codebook(tmp_path: Path) -> None:
    """As their definition says them; the twin, a table that is written without knowing them, says only that they are own."""
    answer = Comparison(strategies="trouble", replications=2).ask(replace(small_scenario(), outcomes=[TWO]), workers=1)
    with Store(tmp_path / "out", {}) as store:
        store.outcomes = answer.known.outcomes
        answer.stages[""].write(store)
        store.write_manifest()
    book = pd.read_csv(tmp_path / "out" / "tables" / "codebook.csv").set_index(["table", "full_name"])
    assert book.loc[("runs", "two"), ["meaning", "unit"]].tolist() == ["Two: twice one", "number"]
    assert meaning("runs", "two").meaning == "an outcome of your own"


def test_the_codebook_knows_units_and_periods() -> None:
    """The twin: a column that nobody described has no meaning."""
    income = meaning("county", "collective_income")
    assert (income.unit, income.period) == (
        "yuan per village and year",
        "last twelve months up to the end of the month",
    )
    assert meaning("county", "trust").period == "end of the month"
    assert meaning("accounts", "debt").period == "the month"
    assert meaning("money", "cost_low") == meaning("money", "cost")._replace(
        meaning="lower end of the 95% interval of cost"
    )
    assert meaning("points", "parameters.vote_loss").unit == "logit points"
    assert meaning("accounts", "made_up").meaning == ""


@pytest.mark.parametrize("content", [b"\xff\xc5", b"", b"a,b\n1,2\n", b'"never closed'])
def test_a_codebook_that_is_damaged_is_made_anew(tmp_path, content):
    path = tmp_path / codebook.FILE
    path.write_bytes(content)
    found, whole = codebook.extended(path, {"runs": ["trust"]}), codebook.entries("runs", ["trust"])
    assert found.to_dict("records") == whole.to_dict("records")

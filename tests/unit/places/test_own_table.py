"""A user's own figures: kept exactly, and refused where they would be lost in silence."""

from pathlib import Path

import numpy as np
import pytest
from checks import read_table

import villagesim as vs
from villagesim.errors import RollError

TOWN = Path(__file__).parents[3] / "scenarios" / "one_town.toml"


@pytest.fixture(scope="module")
def town():
    return vs.load_scenario(TOWN)


def test_figures_of_the_table_are_kept_and_totals_hold(town, tmp_path):
    """Two villages are given; all others share what is left."""
    codes = town.place.before.codes
    path = tmp_path / "mine.csv"
    path.write_text(f"code,name,residents,income,debt\n{codes[3]},,1000,2000000,\n{codes[5]},,,123456.5,0\n")
    text = TOWN.read_text(encoding="utf-8").replace("[merger]", 'table = "mine.csv"\n\n[merger]')
    (tmp_path / "town.toml").write_text(text, encoding="utf-8")
    scenario = vs.load_scenario(tmp_path / "town.toml")
    endowment = scenario.endow(1)
    assert (endowment.residents[3], endowment.income[3], endowment.income[5], endowment.debt[5]) == (
        1000,
        2e6,
        123456.5,
        0,
    )
    assert endowment.residents.sum() == 54_000
    assert endowment.income.mean() == pytest.approx(500_000)
    assert (endowment.income >= 500_000).sum() == round(0.344 * 117)


def named(folder, town, shift=0, wrong=0):
    """A table with a row a village: names slipped by ``shift`` rows, the first ``wrong`` of them others."""
    roll = town.place.before
    names = [
        f" {name.removesuffix('村委会')[:1]} {name.removesuffix('村委会')[1:]}村民委员会" for name in roll.names[:9]
    ]
    names = ["外", *["外村"] * 8][:wrong] + names[shift:][wrong:] + names[:shift]
    rows = [f"{code},{name},500" for code, name in zip(roll.codes, names, strict=False)]
    path = folder / "mine.csv"
    path.write_text("\n".join(["code,name,residents", *rows, f"{roll.codes[20]},,400"]), encoding="utf-8")
    return path


@pytest.mark.parametrize("wrong", [0, 1, 4])
def test_names_that_are_not_those_of_their_codes_are_noted(town, tmp_path, wrong):
    """Blanks and endings (村委会, 村民委员会) make no other name, and an empty one is none."""
    notes = []
    read_table(named(tmp_path, town, wrong=wrong), town.place, notes)
    code, name = town.place.before.codes[0], town.place.before.names[0]
    said = f"mine.csv: {wrong} of 9 names are not the roll's: {code} is {name} there, 外 here"
    assert [note.partition(". If ")[0] for note in notes] == [said] * (wrong > 0)


def test_the_only_name_that_is_given_is_noted_and_not_refused(town, tmp_path):
    """One village, named otherwise: which it is, and what to do, as for one of nine."""
    code, name = town.place.before.codes[0], town.place.before.names[0]
    path, notes = tmp_path / "mine.csv", []
    path.write_text(f"code,name,residents\n{code},外,400\n{town.place.before.codes[1]},,400", encoding="utf-8")
    read_table(path, town.place, notes)
    assert notes == [
        f"mine.csv: 1 of 1 names are not the roll's: {code} is {name} there, 外 here. If {name} is meant, correct the name; if 外"
        " is, its code"
    ]


@pytest.mark.parametrize(("shift", "wrong"), [(1, 0), (0, 5)])
def test_a_column_of_names_that_has_slipped_is_refused(town, tmp_path, shift, wrong):
    with pytest.raises(RollError, match=r"(?s)[59] of 9 names are not the roll's.*take the column of names out"):
        read_table(named(tmp_path, town, shift, wrong), town.place)


@pytest.mark.parametrize(
    ("heading", "of"), [("2023年集体收入(元)", "2023"), ("2020年度集体收入(元)", ""), ("income", "")]
)
def test_figures_of_another_year_than_the_one_before_the_start_are_noted(town, tmp_path, heading, of):
    (tmp_path / "mine.csv").write_text(f"code,{heading}\n{town.place.before.codes[3]},2000000\n", encoding="utf-8")
    text = TOWN.read_text(encoding="utf-8").replace("[merger]", 'table = "mine.csv"\n\n[merger]')
    (tmp_path / "town.toml").write_text(text, encoding="utf-8")
    said = f"mine.csv: {heading} is of {of}; it is taken for 2020, the year before the start"
    found = vs.load_scenario(tmp_path / "town.toml").notes
    assert [note for note in found if note.startswith("mine")] == [said] * bool(of)


def test_a_heading_of_one_year_beside_a_column_of_years_is_refused(town, tmp_path):
    """Its figures could be of either."""
    path = tmp_path / "mine.csv"
    path.write_text(f"村代码,年份,2018年集体收入(万元)\n{town.place.before.codes[0]},2019,3\n", encoding="utf-8")
    with pytest.raises(RollError, match=r"2018年集体收入.* names a year, and there is a column year"):
        read_table(path, town.place)


def test_a_mistyped_column_is_refused(town, tmp_path):
    """Else the figures would be drawn, and nobody would notice."""
    path = tmp_path / "mine.csv"
    path.write_text(f"code,incme\n{town.place.before.codes[0]},5\n")
    with pytest.raises(RollError, match="Did you mean 'income'"):
        read_table(path, town.place)


def test_a_share_counted_after_the_merger_holds_after_it(town, tmp_path):
    """The switch scales drawn incomes until the merged villages show the published share."""
    text = TOWN.read_text(encoding="utf-8").replace("share_above = 0.344", "share_above = 0.344\ncounted_after = true")
    (tmp_path / "town.toml").write_text(text, encoding="utf-8")
    scenario = vs.load_scenario(tmp_path / "town.toml")
    endowment = scenario.endow(1)
    sums = np.bincount(endowment.place.map.village, weights=endowment.income)
    assert (sums >= 500_000).sum() == round(0.344 * 73)

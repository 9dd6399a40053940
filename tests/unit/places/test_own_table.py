"""A user's own figures: kept exactly, and refused where they would be lost in silence."""

from pathlib import Path

import numpy as np
import pytest

import villagesim as vs
from villagesim.errors import RollError
from villagesim.places.endowments import read_table

TOWN = Path(__file__).parents[3] / "scenarios" / "one_town.toml"


@pytest.fixture(scope="module")
def town():
    return vs.load_scenario(TOWN)


def test_figures_of_the_table_are_kept_and_totals_hold(town, tmp_path):
    """Two villages are given; all others share what is left."""
    codes = town.place.before.codes
    path = tmp_path / "mine.csv"
    path.write_text(f"code,name,residents,income,debt\n{codes[3]},甲,1000,2000000,\n{codes[5]},乙,,123456.5,0\n")
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
    sums = np.bincount(scenario.place.map.village, weights=scenario.endow(1).income)
    assert (sums >= 500_000).sum() == round(0.344 * 73)

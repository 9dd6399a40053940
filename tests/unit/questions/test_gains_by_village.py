"""Who gains and who loses, village by village, against runs made by hand."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import villagesim as vs
from villagesim.errors import DesignError
from villagesim.outcomes.of_groups import income_behind_a_member
from villagesim.places.geography import Geography

SQUARE = np.array([[117.0, 36.5], [117.5, 36.5], [117.5, 37.0], [117.0, 36.5]])
REPLICATIONS = 3


@pytest.fixture(scope="module")
def here(one_town: vs.Scenario) -> vs.Scenario:
    """The town with coordinates of all villages but the first, and an outline."""
    lon = np.linspace(117, 118, len(one_town.place.before))
    lon[0] = np.nan
    where = Geography(lon, np.where(np.isnan(lon), np.nan, 36.7), {}, {one_town.place.townships[0]: ((SQUARE,),)})
    return replace(one_town, geography=where)


@pytest.fixture(scope="module")
def answer(here: vs.Scenario) -> vs.questions.Answer:
    return vs.compare(here, REPLICATIONS, strategies=["both"], workers=1)


def test_differences_are_those_of_the_same_constituents_in_the_same_replications(here, answer):
    table = answer.tables["map"]
    own = table[(table["quantity"] == "income_per_member") & (table["strategy"] == "both")]
    villages, townships = own[own["by"] == "village"], own[own["by"] == "township"]
    values = {
        strategy: np.array([
            income_behind_a_member(vs.simulate(here, strategy, 1, replication).record)[-1]
            for replication in range(REPLICATIONS)
        ])
        for strategy in ("both", here.baseline)
    }  # fmt: skip
    gain = (values["both"] - values[here.baseline]).mean(axis=0)
    assert villages["code"].tolist() == list(here.place.before.codes)
    assert villages["difference"].to_numpy() == pytest.approx(gain, abs=1e-9)
    assert villages["baseline"].to_numpy() == pytest.approx(values[here.baseline].mean(axis=0))
    assert (villages["difference"] != 0).any()
    members = here.endow(1).members
    for code, found in zip(townships["code"], townships["difference"], strict=True):
        inside = np.array(here.place.before.townships) == code
        assert found == pytest.approx(np.average(gain[inside], weights=members[inside]))
    assert np.isnan(villages["lon"].iloc[0])
    assert villages["lon"].iloc[-1] == 118
    assert set(villages["township_name"]) == set(here.place.township_names)


def test_a_map_comes_back_with_its_answer_and_draws_what_is_asked_for(answer, tmp_path):
    assert answer.figures[-1] == "map"
    again = vs.open_results(answer.save(tmp_path / "out"))
    assert list((tmp_path / "out").rglob("map.png"))
    assert json.dumps(again.facts["outlines"]) == json.dumps(answer.facts["outlines"])
    assert [ax.get_title(loc="left") for ax in again.figure("map").axes[:2]] == ["no merger", "both"]
    assert [ax.get_title(loc="left") for ax in again.map("trust", ["both"], "mean").axes[:1]] == ["both"]
    for wrong in ({"quantity": "debt"}, {"strategies": ["bot"]}, {"shows": "median"}):
        with pytest.raises(DesignError, match=r"is no (quantity|strategy|number to show) of the (map|figure)"):
            again.map(**wrong)


def test_a_replication_in_which_a_run_failed_is_left_out_of_the_map(one_town, monkeypatch):
    from villagesim.runs import parts

    def breaks(scenario, strategy, seed, replication, **how):
        if (strategy, replication) == ("both", 1):
            raise RuntimeError("broken")
        return vs.simulate(scenario, strategy, seed, replication, **how)

    monkeypatch.setattr(parts, "simulate", breaks)
    found = vs.compare(one_town, 2, strategies=["both"], workers=1).tables["map"]
    monkeypatch.undo()
    alone = vs.compare(one_town, 1, strategies=["both"], workers=1).tables["map"]
    assert found["difference"].tolist() == alone["difference"].tolist()


def test_codebook_knows_every_column(answer, tmp_path):
    import pandas as pd

    folder = Path(answer.save(tmp_path / "out")) / "tables"
    codebook = pd.read_csv(folder / "codebook.csv")
    assert codebook[codebook["table"] == "map"]["meaning"].notna().all()


def test_where_only_the_baseline_is_shown_there_is_no_map():
    scenario = vs.load_scenario("packaged:qingyang")
    answer = vs.compare(scenario, 1, strategies=[], workers=1)
    assert "map" not in answer.figures
    with pytest.raises(DesignError, match="nothing to draw a map of"):
        answer.map()

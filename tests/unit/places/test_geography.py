"""Where villages and townships lie: read, checked, carried through all tables, and no part of a run."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import villagesim as vs
from villagesim.cli import app
from villagesim.errors import RollError, StoreError
from villagesim.foreign.geojson import read_geojson

TOWN = Path(__file__).parents[3] / "scenarios" / "one_town.toml"
CODES = vs.load_scenario(TOWN).place.before.codes
SQUARE = [[117.0, 36.5], [117.5, 36.5], [117.5, 37.0], [117.0, 36.5]]

Load = Callable[..., vs.Scenario]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Load the town with a table and outlines of its own."""

    def loaded(table: str = "", outlines: object = None) -> vs.Scenario:
        keys = ""
        if table:
            (tmp_path / "mine.csv").write_text(table, encoding="utf-8")
            keys += 'table = "mine.csv"\n'
        if outlines is not None:
            text = outlines if isinstance(outlines, str) else json.dumps(outlines, ensure_ascii=False)
            (tmp_path / "towns.geojson").write_text(text, encoding="utf-8")
            keys += 'outlines = "towns.geojson"\n'
        text = TOWN.read_text(encoding="utf-8").replace("[merger]", f"{keys}\n[merger]", 1)
        (tmp_path / "town.toml").write_text(text, encoding="utf-8")
        return vs.load_scenario(tmp_path / "town.toml")

    return loaded


def area(properties: object = None, kind: str = "Polygon", coordinates: object = None) -> dict[str, object]:
    """A feature of a GeoJSON file."""
    there = [SQUARE] if coordinates is None else coordinates
    return {"type": "Feature", "properties": properties or {}, "geometry": {"type": kind, "coordinates": there}}


def collection(*features: object) -> dict[str, object]:
    return {"type": "FeatureCollection", "features": list(features)}


def test_coordinates_stand_beside_the_village_in_all_tables_and_change_nothing_else(load: Load) -> None:
    """Of a merged village they are those of its host, who may have had another code; the first has none."""
    lon = [f"{117 + k / 1000:.3f}" for k in range(len(CODES))]
    where = dict(zip(CODES, map(float, lon), strict=True))
    rows = [f"{code},{x},36.7" for code, x in zip(CODES[1:], lon[1:], strict=True)]
    here = load("\n".join(["村代码,经度(°),纬度", *rows]))
    told, bare = vs.simulate(here, "both"), vs.simulate(load(), "both")
    assert here.digest == load(f"code,residents\n{CODES[0]},\n").digest
    place = told.history.place
    hosts = place.map.hosts(here.endow(1).members)
    taken = {new for new, host in zip(place.after.codes, hosts, strict=True) if place.before.codes[host] != new}
    own = [code for code in CODES[1:] if code not in taken]
    for name in ("villages", "constituents", "accounts", "events", "land_trusts", "items", "projects"):
        table, without = getattr(told, name), getattr(bare, name)
        assert table.drop(columns=["lon", "lat"]).equals(without), name
        code = next(column for column in ("code", "village", "account") if column in table)
        known = table[table[code].isin(own)]
        assert len(known), name
        assert known["lon"].tolist() == known[code].map(where).tolist(), name
        assert (known["lat"] == 36.7).all()
    end = told.villages[told.villages["month"] == "2023-12"]
    new = end[~end["village"].isin(CODES)]
    assert len(new)
    assert set(new["lon"]) <= set(where.values())
    assert told.events.loc[told.events["village"] == "", "lon"].isna().all()


def test_a_table_without_coordinates_has_no_columns_for_them(load: Load) -> None:
    scenario = load(f"code,residents\n{CODES[0]},500\n")
    assert "lon" not in vs.simulate(scenario).villages


def test_they_are_written_with_the_tables_of_a_run_and_the_codebook_knows_them(load: Load, tmp_path: Path) -> None:
    from typer.testing import CliRunner

    load(f"code,lon,lat\n{CODES[0]},117.5,36.7\n")
    out = tmp_path / "out"
    asked = ["run", str(tmp_path / "town.toml"), "--strategy=both", "--out", str(out), "--figures=none"]
    assert CliRunner().invoke(app, asked).exit_code == 0
    import pandas as pd

    villages = pd.read_csv(out / "tables" / "villages.csv", dtype={"village": str})
    assert villages.columns[:5].tolist() == ["month", "village", "village_name", "lon", "lat"]
    assert villages.loc[villages["village"] == CODES[0], "lon"].unique().tolist() == [117.5]
    codebook = pd.read_csv(out / "tables" / "codebook.csv").query("table == 'villages' and column == 'lat'")
    assert codebook["unit"].tolist() == ["degrees"]


@pytest.mark.usefixtures("figures_are_blank")
def test_rows_of_villages_are_not_mixed_with_those_of_other_coordinates(load: Load, tmp_path: Path) -> None:
    """Else some parts of a folder would say that a village lies elsewhere; without such rows all may go on."""
    how = {"replications": 1, "workers": 1, "strategies": []}

    def of_a_year(lon: float) -> vs.Scenario:
        scenario = load(f"code,lon,lat\n{CODES[0]},{lon},36.7\n")
        return replace(scenario, timetable=replace(scenario.timetable, stop=date(2022, 1, 1)))

    for villages in (True, False):
        out = tmp_path / f"out {villages}"
        vs.compare(of_a_year(117.5), villages=villages, out=out, **how)
        if villages:
            with pytest.raises(StoreError):
                vs.compare(of_a_year(117.6), villages=True, out=out, resume=True, **how)
        else:
            vs.compare(of_a_year(117.6), out=out, resume=True, **how)


BAD = {
    "swapped": ("lon,lat", "36.7,117.5", "lon = 36.7 and lat = 117.5 are swapped."),
    "swapped headings": ("经度,纬度", "36.7,117.5", "are swapped. The longitude (经度, 73 to 135) is lon"),
    "metres": ("lon,lat", "39512345.6,4061234.5", "is not a place in the country. Give degrees as decimal numbers"),
    "north of all": ("lon,lat", "117,55", "lon = 117 and lat = 55 is not a place in the country"),
    "west of all": ("lon,lat", "72.9,40", "lon 73 to 135, lat 18 to 54"),
    "minutes": ("lon,lat", "117°32′,36.7", "is not a number"),
    "one of two": ("lon,lat", "117.5,", "lat is empty. Give both, or leave both empty."),
    "one column": ("lon,residents", "117.5,500", "has a column lon, and none of lat."),
    "decimal comma": ("lon,lat", '"117,5",36.7', "Write it without commas"),
}


@pytest.mark.parametrize(("headings", "cells", "said"), BAD.values(), ids=BAD)
def test_a_position_is_refused_by_what_is_wrong(load: Load, headings: str, cells: str, said: str) -> None:
    with pytest.raises(RollError) as caught:
        load(f"code,{headings}\n{CODES[0]},{cells}\n")
    assert said in " ".join(str(caught.value).split()), caught.value


def test_a_village_lies_in_one_place_in_all_years(load: Load) -> None:
    rows = [f"{CODES[0]},{year},117.5,36.7" for year in (2019, 2020)]
    scenario = load("\n".join(["code,year,lon,lat", *rows]))
    assert scenario.geography is not None
    assert (scenario.geography.lon[0], int(scenario.geography.known.sum())) == (117.5, 1)
    with pytest.raises(RollError, match="lies elsewhere than in a row above"):
        load("\n".join(["code,year,lon,lat", *rows, f"{CODES[0]},2018,117.6,36.7"]))


def test_three_decimals_are_no_thousands(load: Load) -> None:
    """In a file of semicolons 150.000 may mean either, 117.530 not."""
    scenario = load(f"code;lon;lat\n{CODES[0]};117.530;36.700\n")
    assert scenario.geography is not None
    assert scenario.geography.lon[0] == 117.53


def test_a_roll_may_have_them_and_the_table_goes_before_it(tmp_path: Path) -> None:
    roll = vs.load_scenario(TOWN).place.before
    rows = [f"{code},{name},117.5,36.7,{code[:9]}镇" for code, name in zip(roll.codes, roll.names, strict=True)]
    (tmp_path / "roll.csv").write_text("\n".join(["code,name,lon,lat,township", *rows]), encoding="utf-8")
    (tmp_path / "mine.csv").write_text(f"code,lon,lat\n{CODES[0]},117.6,36.7\n", encoding="utf-8")
    text = TOWN.read_text(encoding="utf-8").replace("packaged:370114_2020", "roll.csv")
    (tmp_path / "town.toml").write_text(text.replace("[merger]", 'table = "mine.csv"\n\n[merger]', 1), encoding="utf-8")
    found = vs.load_scenario(tmp_path / "town.toml").geography
    assert found is not None
    assert found.lon[:2].tolist() == [117.6, 117.5]
    assert set(found.names) == {code[:9] for code in CODES}


@pytest.mark.parametrize(("slip", "is_noted"), [("118.2", True), ("107.2", True), ("117.35", False)])
def test_a_village_far_off_all_others_is_noted(load: Load, slip: str, is_noted: bool) -> None:
    """A slip of a whole degree is one; a village beyond the edge of the county is none."""
    rows = [f"{code},{117.1 + k % 20 / 100:.2f},{36.6 + k % 7 / 50:.2f}" for k, code in enumerate(CODES)]
    here = load("\n".join(["code,lon,lat", f"{CODES[0]},{slip},36.7", *rows[1:]]))
    said = [note for note in here.notes if note.endswith("lie far off the others: see that lon and lat are right")]
    assert [note.partition(" of ")[0] for note in said] == [f"1 ({CODES[0]} {here.place.before.names[0]})"] * is_noted


def test_outlines_find_their_township_by_code_or_name_and_others_are_noted(load: Load) -> None:
    first, second, third = sorted({code[:9] for code in CODES})
    place = vs.load_scenario(TOWN).place
    name = dict(zip(place.townships, place.township_names, strict=True))
    island = [[[117.6, 36.5], [117.7, 36.5], [117.7, 36.6], [117.6, 36.5]]]
    scenario = load(
        outlines=collection(
            area({"adcode": int(first)}),
            area({"code": f"{first}000"}, coordinates=island),
            area({"县": "章丘区", "乡镇": name[second]}, "MultiPolygon", [[SQUARE], island]),
            area({"name": "别处镇"}),
        )
    )
    found = scenario.geography
    assert found is not None
    assert {code: len(polygons) for code, polygons in found.outlines.items()} == {first: 2, second: 2}
    notes = [note for note in scenario.notes if note.startswith("towns.geojson")]
    assert notes == [
        "towns.geojson: 1 (别处镇) of its areas match no township here",
        f"towns.geojson: 1 ({name[third]}) of the townships here have no outline",
    ]
    assert np.array_equal(found.outlines[first][0][0], np.array(SQUARE))


REFUSED = {
    "no JSON": ("{", "is not JSON"),
    "topology": ({"type": "Topology", "objects": {}}, "is not a FeatureCollection of GeoJSON (its type is 'Topology')"),
    "a list": ([], "is not a FeatureCollection of GeoJSON (it has no type)"),
    "nothing": (collection(), "has 0 features, and must have 1 to 50,000"),
    "point": (collection(area(), area(kind="Point", coordinates=[117, 36])), "feature 2: is 'Point', and must be a Polygon"),
    "no geometry": (collection({"type": "Feature", "geometry": None}), "feature 1: is None"),
    "no feature": (collection(7), "feature 1: is None"),
    "texts": (collection(area(coordinates=[[["117", "36"]] * 4])), "is not a list of pairs of numbers"),
    "ragged": (collection(area(coordinates=[[[117, 36], [117], [117, 36], [117, 36]]])), "is not a list of pairs"),
    "numbers": (collection(area(coordinates=[117, 36])), "is not a list of pairs of numbers"),
    "empty": (collection(area(coordinates=[])), "has no coordinates"),
    "endless": ('{"type": "FeatureCollection", "features": [' + json.dumps(area()).replace("36.5", "NaN") + "]}", "pairs"),
    "deep": ("[" * 100_000, "is not JSON"),
    "line": (collection(area(coordinates=[SQUARE[:3]])), "has a ring of 3 points, and must have at least 4"),
    "swapped": (collection(area(coordinates=[[[y, x] for x, y in SQUARE]])), "are swapped"),
    "metres": (collection(area(coordinates=[[[1e6 * x, 1e6 * y] for x, y in SQUARE]])), "is not a place in the country"),
    "elsewhere": (collection(area({"name": "别处镇"})), "none of its 1 areas has the code or the name of a township"),
    "twice": (collection(*[area({"name": "白云湖街道"})] * 2), "features 1 and 2 are both called '白云湖街道'"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "said"), REFUSED.values(), ids=REFUSED)
def test_outlines_are_refused_by_what_is_wrong(load: Load, content: object, said: str) -> None:
    with pytest.raises(RollError) as caught:
        load(outlines=content)
    assert said in " ".join(str(caught.value).split()), caught.value


def test_more_points_than_a_map_has_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("villagesim.foreign.geojson.MOST_POINTS", 7)
    (tmp_path / "two.geojson").write_text(json.dumps(collection(area(), area())), encoding="utf-8")
    with pytest.raises(RollError, match="has 8 points, more than 7"):
        read_geojson(tmp_path / "two.geojson", "outlines", error=RollError)

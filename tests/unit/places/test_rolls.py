"""Rolls: the packaged ones, the national file as published, and every bad input by its message."""

import time
from pathlib import Path

import numpy as np
import pytest

from villagesim.errors import RollError
from villagesim.places.rolls import Roll, kind_of, packaged_rolls, read_roll, township_names

GOOD = "code,name\n370114001201,浅井村委会\n370114001202,吕家村委会\n"


def write(folder: Path, text: str | bytes, name: str = "villages.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refusal(source: str | Path, **options: object) -> str:
    with pytest.raises(RollError) as caught:
        read_roll(source, **options)  # type: ignore[arg-type]
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "n", "n_townships"),
    [
        ("370114_2020", 890, 18),
        ("370114_2021", 532, 18),
        ("1403_2019", 925, 38),
        ("1403_2020", 621, 38),
        ("6210_2020", 1261, 117),
    ],
)
def test_a_packaged_roll_has_its_village_committees(name: str, n: int, n_townships: int) -> None:
    roll = read_roll(f"packaged:{name}")
    assert len(roll) == len(roll.codes) == len(roll.names) == len(roll.keys) == n
    assert len(set(roll.townships)) == n_townships
    assert set(roll.kinds) == {"village"}
    assert list(roll.codes) == sorted(set(roll.codes))


def test_wuhou_is_112_communities() -> None:
    roll = read_roll("packaged:510107_2020", kinds=("community",))
    assert len(roll) == 112
    assert set(roll.kinds) == {"community"}


def test_every_packaged_roll_can_be_read() -> None:
    assert len(packaged_rolls()) == 6
    for name in packaged_rolls():
        assert len(read_roll(f"packaged:{name}", kinds=("village", "community", "other"))) > 0


def test_keys_are_the_codes_as_integers() -> None:
    roll = read_roll("packaged:370114_2020")
    assert roll.keys.dtype == np.uint64
    assert roll.keys[0] == 370114001201
    assert roll.townships[0] == "370114001"
    assert roll.names[0] == "浅井村委会"
    assert roll.cores[0] == "浅井"


def test_a_prefecture_can_be_cut_to_one_county() -> None:
    assert len(read_roll("packaged:1403_2019", county="1403")) == 925
    county = read_roll("packaged:1403_2019", county="140322")
    assert 0 < len(county) < 925
    assert {code[:6] for code in county.codes} == {"140322"}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("370114001001", "community"),
        ("370114001199", "community"),
        ("370114001200", "village"),
        ("370114001399", "village"),
        ("370114001400", "other"),
        ("370114001598", "other"),
        ("370114001000", "other"),
    ],
)
def test_the_last_three_digits_tell_the_kind(code: str, kind: str) -> None:
    assert kind_of(code) == kind


def test_tolerated_untidiness_changes_nothing(tmp_path: Path) -> None:
    tidy = read_roll(write(tmp_path, GOOD))
    untidy = "\ufeffextra, name ,code\r\nx,吕家村委会 , 370114001202\r\n\r\ny,\u3000浅井村委会,370114001201\r\n,,\r\n"
    assert read_roll(write(tmp_path, untidy, "untidy.csv")) == tidy


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    header, *rows = GOOD.splitlines()
    turned = "\n".join([header, *reversed(rows)])
    assert read_roll(write(tmp_path, turned)) == read_roll(write(tmp_path, GOOD, "b.csv"))


def test_a_relative_path_starts_from_base(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    assert len(read_roll("villages.csv", base=tmp_path)) == 2
    assert len(read_roll("packaged:370114_2020", base=tmp_path)) == 890


def national(n_counties: int, per_county: int) -> str:
    """Make a file with the columns and quotation marks of the published villages.csv."""
    lines = ["code,name,streetCode,provinceCode,cityCode,areaCode"]
    for county in range(130101, 130101 + n_counties):
        for k in range(per_county):
            code = f"{county}{k // 50 + 1:03d}{k % 50 + 180:03d}"
            lines.append(f'"{code}","第{k}村委会","{code[:9]}","{code[:2]}","{code[:4]}","{code[:6]}"')
    return "\n".join(lines)


def test_the_national_file_is_read_as_it_comes(tmp_path: Path) -> None:
    path = write(tmp_path, national(30, 100))
    county = read_roll(path, county="130105")
    assert len(county) == 2 * 30  # 50 codes a township from 180 on: 20 communities, 30 villages
    assert {code[:6] for code in county.codes} == {"130105"}
    assert len(read_roll(path, county="130105", kinds=("community",))) == 40
    assert len(read_roll(path, county="1301")) == 30 * 60


def test_area_code_goes_before_the_prefix(tmp_path: Path) -> None:
    text = (
        "code,name,areaCode\n370171001201,甲村委会,370114\n370114001201,乙村委会,370114\n370114001202,丙村委会,370112\n"
    )
    assert read_roll(write(tmp_path, text), county="370114").names == ("乙村委会", "甲村委会")


@pytest.mark.long
def test_the_whole_country_takes_a_few_seconds(tmp_path: Path) -> None:
    path = write(tmp_path, national(3000, 200))
    start = time.process_time()
    assert len(read_roll(path, county="130105")) == 120
    assert time.process_time() - start < 10


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    said = refusal(write(tmp_path, "kode,nom\n1,2\n"))
    assert "villages.csv row 1: no column code and no column name; there are: kode,nom." in said
    assert "divided by commas" in said


@pytest.mark.parametrize("code", ["37011400120", "3.70114E+11", "370114001201.5", "3７0114O01201", ""])
def test_a_code_that_is_not_12_digits_is_refused(tmp_path: Path, code: str) -> None:
    said = refusal(write(tmp_path, GOOD + f"{code},石屋村委会\n"))
    assert f"villages.csv row 4 (石屋村委会): code = {code!r} is not a code of 12 digits." in said
    assert "import the column as text" in said


def test_a_duplicate_code_names_both_rows(tmp_path: Path) -> None:
    said = refusal(write(tmp_path, GOOD + "370114001201,石屋村委会\n"))
    assert "villages.csv row 4 (石屋村委会): code = 370114001201 stands in row 2 (浅井村委会) already." in said


def test_an_empty_name_is_refused(tmp_path: Path) -> None:
    said = refusal(write(tmp_path, GOOD + "370114001203, \n"))
    assert "villages.csv row 4 (370114001203): name is empty." in said


def test_a_county_that_is_not_there_lists_at_most_five(tmp_path: Path) -> None:
    said = refusal(write(tmp_path, national(8, 50)), county="370114")
    assert "no village is left in county = 370114." in said
    assert "130101 (50), 130102 (50), 130103 (50), 130104 (50), 130105 (50) and 3 more." in said


def test_a_roll_of_other_kinds_says_which(tmp_path: Path) -> None:
    said = refusal("packaged:510107_2020")
    assert "no committee of kind village is left; there are: 112 community." in said
    assert "kinds = ['community']" in said


def test_a_missing_file_and_an_unknown_roll_say_what_there_is(tmp_path: Path) -> None:
    said = refusal("none.csv", base=tmp_path)
    assert f"{tmp_path / 'none.csv'}: cannot be read (No such file or directory)." in said
    said = refusal("packaged:370114_2022")
    assert "the library has no roll '370114_2022'. Did you mean '370114_202" in said
    for name in packaged_rolls():
        assert f"packaged:{name}" in said


@pytest.mark.parametrize(("text", "part"), [("", "is empty"), (" \n", "is empty"), ("code,name\n", "no rows")])
def test_an_empty_file_is_refused(tmp_path: Path, text: str, part: str) -> None:
    assert part in refusal(write(tmp_path, text))


def test_an_open_quotation_mark_is_refused(tmp_path: Path) -> None:
    said = refusal(write(tmp_path, GOOD + '370114001203,"' + "石" * 200_000))
    assert "villages.csv row 4: cannot be read as CSV" in said


def test_a_county_or_kind_that_cannot_be_is_refused() -> None:
    assert "county = '3701140' is not the code" in refusal("packaged:370114_2020", county="3701140")
    assert "Did you mean 'village'?" in refusal("packaged:370114_2020", kinds=("villages",))


def test_township_names_fall_back_to_the_code() -> None:
    roll = read_roll("packaged:370114_2020")
    names = township_names(roll.codes)
    assert len(names) == 18
    assert names["370114016"] == "刁镇街道"
    assert township_names(["999999001201"]) == {"999999001": "999999001"}
    assert township_names(["140302100"], 2019) == township_names(["140302100"], 2000) == {"140302100": "义井镇"}


def test_a_roll_can_be_made_from_pairs_in_any_order() -> None:
    roll = Roll.of([("370114001202", "乙村"), ("370114001201", "甲村")])
    assert roll.names == ("甲村", "乙村")

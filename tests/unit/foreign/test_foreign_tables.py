"""Tables as offices and programs save them: read for what they mean, or refused in words that lead to no wrong value."""

import bz2
import gzip
import io
import lzma
import os
import re
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from checks import read_table
from openpyxl.worksheet.formula import ArrayFormula

import villagesim as vs
from villagesim.design.tables import from_table
from villagesim.errors import DesignError, RollError
from villagesim.foreign.headings import COLUMNS, INCOME, UNITS, understood, year_of
from villagesim.places.names import core
from villagesim.places.rolls import read_roll
from villagesim.places.units.edition import Edition
from villagesim.places.units.said import read_said

TOWN = vs.load_scenario(Path(__file__).parents[3] / "scenarios" / "one_town.toml").place
A, B = TOWN.before.codes[:2]
EDITION = Edition(TOWN.before)
ROLL = f"code,name\n{A},浅井村委会\n{B},吕家村委会\n"


def written(folder: Path, content: str | bytes, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def workbook(
    rows: list[list[object]], *more: list[list[object]], sheet_xml: Callable[[str], str] | None = None
) -> bytes:
    """A workbook of these sheets; ``sheet_xml`` changes what they are written as."""
    from openpyxl import Workbook

    book = Workbook()
    for number, sheet in enumerate((rows, *more)):
        page = book.active if number == 0 else book.create_sheet()
        for row in sheet:
            page.append(row)
    buffer, changed = io.BytesIO(), io.BytesIO()
    book.save(buffer)
    if sheet_xml is None:
        return buffer.getvalue()
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name).decode()
            new.writestr(name, sheet_xml(text) if name.startswith("xl/worksheets/sheet") else text)
    return changed.getvalue()


def with_prefixes(xml: str) -> str:
    """As some programs write it: every element with the prefix of its namespace."""
    return re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", xml).replace("xmlns=", "xmlns:x=")


ROLLS = {
    "utf-8 with mark": ROLL.encode("utf-8-sig"),
    "gb18030": ROLL.encode("gb18030"),
    "utf-16": ROLL.encode("utf-16"),
    "utf-16, other way round": b"\xfe\xff" + ROLL.encode("utf-16-be"),
    "semicolons": ROLL.replace(",", ";"),
    "tabs": ROLL.replace(",", "\t"),
    "Chinese headings": ROLL.replace("code,name", "统计用区划代码,村名"),
    "capitals and blanks": ROLL.replace("code,name", " Village_Code , NAME "),
    "blank rows": "\n,,\n" + ROLL.replace("\n", "\n,\n") + ",,,,\n",
    "titles above": "章丘区各村名单\n\n填报单位：农业农村局,\n" + ROLL,
    "titles above semicolons": "章丘区各村名单\n" + ROLL.replace(",", ";"),
    "total row": ROLL + "合 计,2\n",
    "total of a township": ROLL + ",白云湖街道小计\n",
    "cells without width": ROLL.replace(A, f"\u202d{A}\u202c").replace(B, f"{B}\u200b"),
    "columns without a heading": ROLL.replace("\n", ",,\n"),
    "old line ends": ROLL.replace("\n", "\r"),
    "remarks below": ROLL + "注：2020年底数,\n填表人：张三,审核人：李四\n",
    "township among villages": f"code,name\n{A[:9]},双山街道\n" + ROLL.partition("\n")[2],
    "workbook": workbook([["code", "name"], [A, "浅井村委会"], [None, None], [B, "吕家村委会"], ["合计", 2]]),
    "gzip": gzip.compress(ROLL.encode()),
    "xz": lzma.compress(ROLL.encode()),
    "bzip2": bz2.compress(ROLL.encode()),
    "workbook with codes as numbers": workbook([["代码", "名称"], [int(A), "浅井村委会"], [float(B), "吕家村委会"]]),
}


@pytest.mark.parametrize("content", ROLLS.values(), ids=ROLLS)
def test_a_roll_is_read_as_it_was_saved(tmp_path: Path, content: str | bytes) -> None:
    roll = read_roll(written(tmp_path, content))
    assert (roll.codes, roll.names) == ((A, B), ("浅井村委会", "吕家村委会"))


def test_what_was_left_out_or_guessed_is_noted(tmp_path: Path) -> None:
    notes: list[str] = []
    read_roll(written(tmp_path, (ROLL + "合 计,2\n").encode("gb18030")), notes=notes)
    read_roll(written(tmp_path, workbook([["code", "name"], [A, "x"]], [["y"]]), "t.xlsx"), notes=notes)
    assert notes == [
        "t.csv was read as GB18030: see that its names are right",
        "t.csv row 4 (合 计) is no village: it was left out",
        "t.xlsx: the sheet 'Sheet' was read, 1 more were not",
    ]


CODES = {
    "blanks": "370114 009 202",
    "dashes": "370114-009-202",
    "long dashes": "370114—009—202",
    "full width": "３７０１１４００９２０２",
    "apostrophe": "'370114009202",
    "other apostrophe": "’370114009202",
    "formula": '="370114009202"',
    "thousands": "370,114,009,202",
    "decimals": "370114009202.0",
    "all digits before an exponent": "3.70114009202E+11",
}


@pytest.mark.parametrize("cell", CODES.values(), ids=CODES)
def test_a_code_is_read_whatever_signs_stand_in_it(tmp_path: Path, cell: str) -> None:
    """In rolls, tables of figures and lists of links alike; one note says so."""
    notes: list[str] = []
    quoted = '"' + cell.replace('"', '""') + '"'
    assert read_roll(written(tmp_path, ROLL.replace(B, quoted)), notes=notes).codes == (A, B)
    assert notes == [f"t.csv: {cell!r} in row 3 is read as the code {B}"]
    assert read_table(written(tmp_path, f"code,income\n{quoted},7\n"), TOWN)["income"][1] == 7
    said = read_said(written(tmp_path, f"old_code,new_code\n{quoted},{quoted}\n"), EDITION, EDITION, notes)
    assert [(link.old, link.new) for link in said.links] == [(1, 1)]
    assert notes[1:] == [f"t.csv: {cell!r} in row 2 is read as the code {B}, and 1 more like it"]


def test_codes_of_townships_and_counties_are_taken_where_they_can_stand(tmp_path: Path) -> None:
    """As names in a roll, as subtotals in figures, as whole townships in links."""
    above: dict[str, str] = {}
    rows = f"{A[:6]},章丘区\n{A[:9]}000,双山街道\n"
    read_roll(written(tmp_path, "code,name\n" + rows + ROLL.partition("\n")[2]), above=above)
    assert above == {A[:6]: "章丘区", A[:9]: "双山街道"}
    notes: list[str] = []
    table = read_table(written(tmp_path, f"code,income\n{A[:6]},9\n{A[:9]},9\n{A},4\n"), TOWN, notes)
    assert table["income"][0] == 4
    assert notes == [
        f"t.csv: rows of townships and counties are no villages and are left out: {A[:6]} in row 2 and 1 more"
    ]
    with pytest.raises(RollError, match="codes are those of townships or counties"):
        read_table(written(tmp_path, f"code,income\n{A[:9]},9\n"), TOWN)
    links = written(tmp_path, f"old_code,new_code\n{A[:9]}000,{A[:9]}\n")
    assert read_said(links, EDITION, EDITION).townships == {A[:9]: A[:9]}


def test_names_of_townships_stand_beside_villages(tmp_path: Path) -> None:
    above: dict[str, str] = {}
    notes: list[str] = []
    roll = f"code,name,乡镇（街道）\n{A},a,双山街道\n{B},b,双山街道\n{A[:9]}999,c,{A[:9]}\n{A[:9]}998,d,明水街道\n"
    read_roll(written(tmp_path, roll), kinds=("village", "other"), notes=notes, above=above)
    assert above == {A[:9]: "双山街道"}
    assert notes == [
        f"t.csv: of 3 villages with codes of township {A[:9]} 2 stand beside 双山街道, others beside 明水街道: the code counts,"
        " and 双山街道 is its name"
    ]


BAD_ROLLS = {
    "damaged gzip": (gzip.compress(ROLL.encode())[:-12], "is a damaged gzip file"),
    "damaged xz": (lzma.compress(ROLL.encode())[:-12], "is a damaged xz file"),
    "gzip without end": (gzip.compress(bytes(65 * 2**20), 1), "holds more than 64 MiB"),
    "zip": (b"PK\x03\x04" + b"x" * 50, "is a zip archive"),
    "old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1", "is a file of old Office"),
    "Parquet": (b"PAR1xxxx", "is a Parquet file"),
    "Big5": (ROLL.replace("浅井村委会", "淺井臺灣蘆葦莊灣頭龜").encode("big5", "ignore"), "row 2: the byte 0x"),
    "Latin": ("code,name\n370114001201,Köln Düsseldorf\n".encode("latin-1"), "row 2: the byte 0x"),
    "UTF-16 without mark": (ROLL.encode("utf-16-le"), "is UTF-16 without a byte order mark"),
    "zero bytes": (ROLL.encode() + b"\0\0\0", "is no text: it holds zero bytes"),
    "lost digits": (ROLL.replace(B, "3.70114E+11"), "row 3 (吕家村委会): code = '3.70114E+11' is not a code"),
    "a digit too many": (
        ROLL.replace(B, f"{B[:6]}-{B[6:]}-1"),
        f"code = '{B[:6]}-{B[6:]}-1' is not a code",
    ),
    "a letter for a digit": (ROLL.replace(B, B.replace("0", "O")), "row 3 (吕家村委会): code = '37O114"),
    "other digits": (ROLL.replace(B, "".join(chr(0x660 + int(digit)) for digit in B)), "is not a code of 12 digits"),
    "a code cut off": (
        ROLL.replace(B, B[:9]),
        f"row 3: code = {B[:9]} is that of a township, and 吕家村委会 is a village",
    ),
    "repeated heading": (ROLL.replace("code,name", "name,name"), "no column code"),
    "code twice": (f"code,name,代码\n{A},x,{B}\n", "2 columns are headed 'code' (code, 代码)"),
    "other heading twice": (f"code,name,x,X\n{A},a,1,2\n", "2 columns are headed 'x'"),
    "a cell too many": (ROLL + f"{A},a,b\n", "row 4: has 3 cells, but 2 columns have a heading"),
    "a cell too few": (ROLL + f"{A}\n", "row 4: has 1 cells, but 2 columns have a heading"),
    "open quotation mark": (ROLL + f'{A},"石\n' * 3, "cannot be read as CSV"),
    "formula without result": (
        workbook([["code", "name"], [A, "x"], [B, '="吕"&"家"']]),
        "the formula in B3 has no result",
    ),
    "formula of many cells": (
        workbook([["code", "name"], [A, ArrayFormula("B2", '="浅"&"井"')]]),
        "the formula in B2 has no result",
    ),
    "formula behind a prefix": (
        workbook([["code", "name"], [A, "=1+1"]], sheet_xml=with_prefixes),
        "the formula in B2 has no result",
    ),
    "error for a name": (ROLL.replace("浅井村委会", "#REF!"), f"row 2 ({A}): name = '#REF!' is no name of a village"),
    "lost letters": (ROLL.replace("浅井", "\ufffd\ufffd"), "is no name of a village"),
    "two lines in a cell": (f'code,name\n{A},"浅井\n村委会"\n', "Write it on one line"),
    "no heading in a workbook": (workbook([["code", "name"], [A, "x", 1]]), "Give every column a heading of its own"),
    "damaged workbook": (workbook([["code", "name"], [A, "x"]])[:-900], "t.csv: is a zip archive"),
}


@pytest.mark.parametrize(("content", "said"), BAD_ROLLS.values(), ids=BAD_ROLLS)
def test_a_roll_is_refused_by_what_is_wrong(tmp_path: Path, content: str | bytes, said: str) -> None:
    with pytest.raises(RollError) as caught:
        read_roll(written(tmp_path, content))
    message = str(caught.value)
    assert said in message.replace("\n ", ""), message
    assert message.startswith("t.csv"), message


@pytest.mark.parametrize(
    ("content", "way"),
    [
        (b"\x28\xb5\x2f\xfd\x04", "Give the text itself, unpacked."),
        (
            workbook([["code", "name"], [A, "x"]])[:-900],
            "a workbook that is damaged, or of another program, save again.",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "Save it again as 'CSV UTF-8'."),
        (b"%PDF-1.4", "Save it again as 'CSV UTF-8'."),
    ],
)
def test_what_is_no_text_has_one_way_out(tmp_path: Path, content: bytes, way: str) -> None:
    with pytest.raises(RollError) as caught:
        read_roll(written(tmp_path, content))
    assert caught.value.fix.endswith(way)
    assert ("unpacked" in caught.value.fix) != ("CSV UTF-8" in caught.value.fix)


def test_no_more_than_a_piece_of_a_file_is_shown(tmp_path: Path) -> None:
    """Else a reader behind a server would show any file of the machine."""
    secret = "root:$6$abcdefgh" + "x" * 60 + "SECRET"
    for text in (secret, f"code,name\n{secret},a\n", f"code,name\n{secret}\n"):
        with pytest.raises(RollError) as caught:
            read_roll(written(tmp_path, text + "\x1b[31m\u202e"))
        assert "SECRET" not in str(caught.value)
        assert "\x1b" not in str(caught.value)


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("/dev/zero", tmp_path, tmp_path / "pipe", "a\0b", "x" * 300):
        with pytest.raises(RollError, match="cannot be read"):
            read_roll(name)


def test_sizes_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from villagesim.foreign import sheet, source

    big = tmp_path / "big.csv"
    with big.open("wb") as file:
        file.truncate((source.LARGEST + 1) * source.MIB)
    with pytest.raises(RollError, match="larger than 64 MiB"):
        read_roll(big)
    with pytest.raises(RollError, match="longer than any row"):
        read_roll(written(tmp_path, "code,name" + "," * sheet.LONGEST_LINE))
    with pytest.raises(RollError, match="more than 4,096 columns"):
        read_roll(written(tmp_path, "code,name" + ",x" * sheet.MOST_COLUMNS))
    far = "".join(f'<row r="{row}"><c r="EZZ{row}"><v>1</v></c></row>' for row in (2, 3, 4))
    sparse = workbook([["code"]], sheet_xml=lambda xml: xml.replace("</sheetData>", f"{far}</sheetData>"))
    monkeypatch.setattr(sheet, "MOST_CELLS", 10_000)
    with pytest.raises(RollError, match="more than 10,000 cells"):
        read_roll(written(tmp_path, sparse))
    monkeypatch.setattr(sheet, "MOST_ROWS", 2)
    with pytest.raises(RollError, match="more than 2 rows"):
        read_roll(written(tmp_path, ROLL))
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (sheet.UNPACKED + 1) * source.MIB)
    with pytest.raises(RollError, match="holds more than 8 MiB"):
        read_roll(written(tmp_path, bomb.getvalue(), "bomb.xlsx"))


def test_without_the_library_a_workbook_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, workbook([["code", "name"], [A, "x"]]))
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(RollError, match=r"Excel workbook, which needs .*\n.*pip install .*\[excel\]"):
        read_roll(path)


FIGURES = {
    "yuan": ("income", "12.5", 12.5),
    "wan": ("income(万元)", "12.5", 125_000),
    "wide brackets": ("村集体经济收入（万元）", "12.5", 125_000),
    "year and unit in words": ("2020年村集体收入(单位:万元/年)", "0.1", 1000),
    "unit without brackets": ("集体收入万元", "3", 30_000),
    "wan in letters": ("income_wan", "12.34", 123_400),
    "yuan in Chinese": ("总收入（元）", "450000", 450_000),
    "thousands in quotation marks": ("income", '"1,234,567.5"', 1_234_567.5),
    "hectares": ("耕地面积(公顷)", "60", 900),
    "ha": ("Arable [ha]", "60", 900),
    "mu": ("耕地（亩）", "900", 900),
    "wan mu": ("arable(万亩)", "0.09", 900),
    "debts": ("负债总额（万元）", "1.2", 12_000),
    "persons": ("户籍人口", "620", 620),
    "persons with unit": ("人口数(人)", "620", 620),
    "exponent": ("debt", "1.2e4", 12_000),
}


@pytest.mark.parametrize(("heading", "cell", "value"), FIGURES.values(), ids=FIGURES)
def test_a_figure_comes_in_its_unit(tmp_path: Path, heading: str, cell: str, value: float) -> None:
    table = read_table(written(tmp_path, f"代码,{heading}\n{A},{cell}\n合计,\n"), TOWN)
    given = {name: values[0] for name, values in table.items() if values[0] == values[0]}
    assert list(given.values()) == [value]


BAD_FIGURES = {
    "no unit of a Chinese heading": ("收入", "12.5", "the heading '收入' says no unit. Write 收入(元) or 收入(万元)"),
    "unit of land": ("income(亩)", "12.5", "names no unit of yuan that is known. Write income(元) or income(万元)"),
    "unknown unit": ("income (USD)", "12.5", "names no unit of yuan that is known"),
    "misspelt with unit": ("incom(万元)", "12.5", "With its unit it is income(元) or income(万元)"),
    "percent": ("income", "20%", "income = '20%' is not a number. It is no share: write the number itself."),
    "underscores": ("income", "1_000", "income = '1_000' is not a number. Leave out the underscores."),
    "full width": ("income", "４５０", "is not written in plain digits"),
    "Arabic digits": ("income", "٤٥٠", "is not written in plain digits"),
    "unit in the cell": ("income", "12.5万", "Write the unit into the heading, as income(万元)"),
    "Indian thousands": ("income", '"12,34,567"', "Write it without commas"),
    "decimal comma": ("income", '"12,5"', "Write it without commas"),
    "nan": ("income", "nan", "is not a number"),
    "decimal comma after nothing": ("income", '"0,125"', "Write it without commas"),
    "dash": ("income", "—", "is not a number. Write it in plain digits. Leave the cell empty"),
    "digits without end": ("income", "9" * 400, "Write it with at most 40 characters"),
    "endless": ("income", "1e999", "is not at least 0 and at most 1,000,000,000,000 yuan"),
    "members beyond all": ("members", "1e14", "at most 10,000,000 persons"),
    "no members": ("members", "0", "members = 0 is not a whole number of at least 1"),
    "loss": ("income", "-3", "A loss cannot be given"),
    "thousands without quotation marks": ("income,arable", "450,000,900", "has 4 cells, but 3 columns have a heading"),
    "heading twice": ("income,收入(元)", "1,2", "2 columns are headed 'income'"),
    "values without a heading": (",income", "1,2", "column 2 has no heading"),
}


@pytest.mark.parametrize(("heading", "cell", "said"), BAD_FIGURES.values(), ids=BAD_FIGURES)
def test_a_figure_is_refused_by_what_is_wrong(tmp_path: Path, heading: str, cell: str, said: str) -> None:
    with pytest.raises(RollError) as caught:
        read_table(written(tmp_path, f"code,{heading}\n{A},{cell}\n"), TOWN)
    assert said in " ".join(str(caught.value).split()), caught.value


TITLES = {
    "one unit": ("单位：万元", "代码,收入,debt,人口", (30_000, 20_000, 10)),
    "in brackets": ("章丘区村级集体收入表（万元）", "代码,收入,debt,人口", (30_000, 20_000, 10)),
    "a heading has its own": ("单位：万元", "代码,收入(元),debt,人口", (3, 20_000, 10)),
    "several": ("单位：千元、万人", "代码,收入,负债,人口", (3_000, 2_000, 100_000)),
    "several in words": ("计量单位：元和人", "代码,收入,负债,人口", (3, 2, 10)),
    "of an office": ("编制单位：农业农村局", "代码,收入(元),debt,人口", (3, 2, 10)),
    "of an office too": ("单位：农业农村局", "代码,income,debt,人口", (3, 2, 10)),
    "unknown, where headings have theirs": ("单位：百元", "代码,收入(元),debt(元),人口", (3, 2, 10)),
}


@pytest.mark.parametrize(("title", "headings", "values"), TITLES.values(), ids=TITLES)
@pytest.mark.parametrize("as_book", [False, True])
def test_a_unit_above_the_headings_holds(
    tmp_path: Path, title: str, headings: str, values: tuple[float, ...], as_book: bool
) -> None:
    """In title rows, also merged ones; the row of the headings is noted, and which figures have their unit from above."""
    rows = [["2020年章丘区收入表"], [title], headings.split(","), [A, "3", "2", "10"]]
    content = workbook(rows) if as_book else "\n".join(",".join(row) for row in rows)
    if as_book:
        book = openpyxl.load_workbook(io.BytesIO(content))
        book.active.merge_cells("A1:D1")
        book.active.merge_cells("C2:D2")
        book.save(buffer := io.BytesIO())
        content = buffer.getvalue()
    notes: list[str] = []
    table = read_table(written(tmp_path, content), TOWN, notes)
    assert tuple(table[name][0] for name in ("income", "debt", "residents")) == values
    assert notes[0] == f"t.csv: row 3 was taken for the headings; above it stands 2020年章丘区收入表 / {title}"
    from_above = values[1] != 2 or title.startswith("计量")
    assert [" as stands above" in note for note in notes[1:]] == [True] * (len(notes) - 1)
    assert bool(notes[1:]) == from_above


@pytest.mark.parametrize("unit", ["百元", "万", "元、万元"])
def test_a_unit_above_the_headings_that_may_mean_two_things_is_asked_about(tmp_path: Path, unit: str) -> None:
    with pytest.raises(RollError, match=r"t\.csv row 2: above the headings stands the unit(?s:.*)as income\(元\)"):
        read_table(written(tmp_path, f"单位：{unit}\ncode,income\n{A},3\n"), TOWN)


def test_a_title_of_another_year_is_noted(tmp_path: Path) -> None:
    notes: list[str] = []
    read_table(written(tmp_path, f"章丘区2016年村集体收入\ncode,income\n{A},3\n"), TOWN, notes)
    assert notes[:1] == ["t.csv: 章丘区2016年村集体收入 is of 2016; it is taken for 2020, the year before the start"]


@pytest.mark.parametrize(
    ("heading", "year"),
    [("2023年集体收入(元)", 2023), ("2023 income", 2023), ("income_2023", 2023), ("收入2023年(万元)", 2023),
     ("income", None), ("income(1000 yuan)", None), ("income(2000)", None), ("20231 income", None), ("income 12023", None)],
)  # fmt: skip
def test_a_heading_may_name_its_year(heading: str, year: int | None) -> None:
    assert year_of(heading) == year
    assert year is None or understood(heading, (INCOME,)).column is INCOME


def test_one_comma_in_a_file_of_semicolons_may_mean_two_things(tmp_path: Path) -> None:
    assert read_table(written(tmp_path, f"code;income\n{A};1,234,567\n"), TOWN)["income"][0] == 1_234_567
    with pytest.raises(RollError, match="may mean thousands or decimals"):
        read_table(written(tmp_path, f"code;income\n{A};450,000\n"), TOWN)


def test_so_may_one_point_before_three_digits(tmp_path: Path) -> None:
    """Not where commas divide, nor in what can only be a decimal."""
    with pytest.raises(
        RollError, match=r"income = '150\.000' may mean thousands or decimals\.\s+Write it without the point"
    ):
        read_table(written(tmp_path, f"code;income\n{A};150.000\n"), TOWN)
    for row, value in ((f"code;income\n{A};150.00\n", 150), (f"code,income\n{A},150.000\n", 150),
                       (f"code;income\n{A};0.125\n", 0.125), (f"code;income\n{A};1500.125\n", 1500.125)):  # fmt: skip
        assert read_table(written(tmp_path, row), TOWN)["income"][0] == value


def test_every_heading_means_its_own_column() -> None:
    """No synonym leads to two columns, and every unit is taken with every heading that has one."""
    for column in COLUMNS:
        for heading in (column.name, *column.also):
            written_out = [f"{heading}({unit})" for unit in UNITS[column.unit]] if column.unit else [heading]
            for text in written_out:
                found = understood(text, COLUMNS)
                assert found is not None
                assert (found.column, found.problem) == (column, ""), text


DESIGNS = {
    "semicolons and blank rows": ("draw;x\n1;2.5\n;\n2;3\n", {"draw": [1, 2], "x": [2.5, 3.0]}),
    "marks": ("point,seed money\n4,TRUE\n7,false\n", {"seed money": [True, False]}),
    "Chinese texts in GB18030": ("图,day\n甲村,2021-07-01\n".encode("gb18030"), {"图": ["甲村"], "day": ["2021-07-01"]}),
    "workbook": (workbook([["draw", "x"], [1, 0.5], [2, 1.5]]), {"draw": [1, 2], "x": [0.5, 1.5]}),
}  # fmt: skip


@pytest.mark.parametrize(("content", "columns"), DESIGNS.values(), ids=DESIGNS)
def test_a_design_table_is_read_as_it_was_saved(tmp_path: Path, content: str | bytes, columns: dict[str, list]) -> None:
    points = from_table(written(tmp_path, content)).points
    assert {name: points[name].tolist() for name in points} == columns
    assert [type(value) for name in points for value in points[name].tolist()] == [
        type(value) for values in columns.values() for value in values
    ]


BAD_DESIGNS = {
    "a cell too many": ("draw,x\n7,1,0.05\n", "t.csv row 2: has 3 cells"),
    "packed": (gzip.compress(b"draw\n1\n")[:9], "is a damaged gzip file"),
    "no heading": (",draw\n0,1\n", "column 1 has no heading"),
    "heading twice": ("draw,Draw\n0,1\n", "2 columns are headed 'draw'"),
    "digits without end": ("draw\n" + "9" * 400 + "\n", "Write it with at most 40 characters"),
    "endless": ("draw\n1e400\n", "draw = '1e400' is too large"),
    "underscores": ("draw\n1\n1_000\n", "t.csv row 3: draw = '1_000' is not a number"),
    "full width": ("draw\n１２\n", "is not written in plain digits"),
    "no points": ("draw,x\n", "holds none"),
    "empty cell": ("draw,x\n1,\n", "x is empty"),
}


@pytest.mark.parametrize(("content", "said"), BAD_DESIGNS.values(), ids=BAD_DESIGNS)
def test_a_design_table_is_refused_by_what_is_wrong(tmp_path: Path, content: str | bytes, said: str) -> None:
    with pytest.raises(DesignError) as caught:
        from_table(written(tmp_path, content))
    assert said in str(caught.value)


def test_a_sheet_that_is_hidden_is_not_read(tmp_path: Path) -> None:
    """What nobody sees in the workbook is not taken for the roll."""
    book = openpyxl.Workbook()
    book.active.append(["code", "name"])
    book.active.append(["370114001999", "hidden"])
    book.active.sheet_state = "hidden"
    shown = book.create_sheet("shown")
    shown.append(["code", "name"])
    shown.append(["370114001200", "seen"])
    book.save(tmp_path / "roll.xlsx")
    assert read_roll(tmp_path / "roll.xlsx").names == ("seen",)


def test_cells_that_are_empty_at_the_end_of_a_row_of_a_workbook_are_empty(tmp_path: Path) -> None:
    """A workbook does not hold them; in a CSV file their separators are asked for."""
    rows = [["code", "name", "areaCode"], ["370114001200", "one"], ["370114001201", "two", "370114"]]
    assert read_roll(written(tmp_path, workbook(rows), "roll.xlsx")).names == ("one", "two")


def test_an_empty_chart_sheet_is_named(tmp_path: Path) -> None:
    """The library that reads workbooks stumbles over it."""
    book = openpyxl.Workbook()
    book.active.append(["code", "name"])
    book.create_chartsheet("chart")
    book.save(tmp_path / "roll.xlsx")
    with pytest.raises(RollError, match=r"roll.xlsx: holds a chart sheet that cannot be read.*\n?.*Delete sheets"):
        read_roll(tmp_path / "roll.xlsx")


def test_hidden_rows_and_columns_are_read_and_noted(tmp_path: Path) -> None:
    """As a filter leaves them: who wrote the table does not see them; blank ones to the right do not count."""
    book = openpyxl.Workbook()
    for row in (["code", "income"], [A, 1], [B, 2]):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = book.active.column_dimensions["F"].hidden = True
    book.save(tmp_path / "table.xlsx")
    notes: list[str] = []
    assert read_table(tmp_path / "table.xlsx", TOWN, notes)["income"][1] == 2
    assert notes == ["table.xlsx: row 3 is hidden, and was read too: delete what shall not count"]


def test_blanks_within_a_name_do_not_make_another() -> None:
    """Names of two letters are often written with a blank between them."""
    assert core("浅 井村委会") == core("浅\u3000井 村") == core("浅井村") == "浅井"


def test_merged_cells_in_rows_of_figures_are_refused(tmp_path: Path) -> None:
    """Only the first of them has a value; the others would be villages of which nothing is known. A total may be merged."""
    book = openpyxl.Workbook()
    for row in (["code", "income", "arable"], [A, 900_000, 5], [B, 1, 6], ["合计", 900_001, 11]):
        book.active.append(row)
    book.active.merge_cells("A4:B4")
    book.save(tmp_path / "table.xlsx")
    assert read_table(tmp_path / "table.xlsx", TOWN)["income"][0] == 900_000
    book.active.merge_cells("B2:B3")
    book.save(tmp_path / "table.xlsx")
    with pytest.raises(RollError, match=r"table\.xlsx: the cells B2:B3 are merged(?s:.*)取消合并单元格"):
        read_table(tmp_path / "table.xlsx", TOWN)


def test_a_township_may_be_merged_over_its_villages(tmp_path: Path) -> None:
    """As offices write it; so may a column that nobody reads. Names of villages may not."""
    book = openpyxl.Workbook()
    for row in (
        ["乡镇", "code", "name", "备注"],
        ["双山街道", A, "a", "x"],
        [None, B, "b"],
        ["明水街道", f"{A[:6]}002200", "c"],
    ):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    book.active.merge_cells("D2:D4")
    book.save(tmp_path / "roll.xlsx")
    above: dict[str, str] = {}
    assert len(read_roll(tmp_path / "roll.xlsx", above=above)) == 3
    assert above == {A[:9]: "双山街道", f"{A[:6]}002": "明水街道"}
    book.active.merge_cells("C2:C3")
    book.save(tmp_path / "roll.xlsx")
    with pytest.raises(RollError, match="the cells C2:C3 are merged"):
        read_roll(tmp_path / "roll.xlsx")


def test_a_list_of_townships_is_no_roll(tmp_path: Path) -> None:
    with pytest.raises(RollError, match="holds townships or counties, and no village"):
        read_roll(written(tmp_path, f"code,name\n{A[:9]},双山街道\n"), above={})

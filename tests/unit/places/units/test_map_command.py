"""``villagesim map`` as a user meets it: tables, figure, weak links, and exit code 2 with one message."""

import gzip
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pandas as pd
import pytest
from unit.command_line import ROOT, villagesim
from unit.places.units.planted_county import County, first

from villagesim.maps import _title
from villagesim.places.rolls import Roll, read_roll
from villagesim.places.units import reading, tables
from villagesim.places.units.edition import Edition
from villagesim.places.units.history import history
from villagesim.places.units.reading import year_of
from villagesim.plots.captions import LONGEST_TITLE

pytestmark = pytest.mark.usefixtures("figures_are_blank")


@pytest.fixture
def files(tmp_path: Path, county: County) -> tuple[Path, Path]:
    """Rolls of a county in which six villages go into two, one becomes a community, and a township is gone."""
    codes = [county.old(first(county)) for _ in range(7)]
    for _ in range(2):
        county.new(first(county))
    county.new(first(county), county.core(codes[6]), "社区居委会")
    gone = county.township(150, "远方镇", new=False)
    for _ in range(20):
        county.old(gone)
    paths = tmp_path / "before.csv", tmp_path / "after.csv"
    for path, units in zip(paths, (county.before, county.after), strict=True):
        path.write_text("code,name\n" + "".join(f"{c},{n}\n" for c, n in units.items()), encoding="utf-8")
    return paths


def test_map_writes_tables_and_figure_and_says_how_sure_it_is(tmp_path: Path, files: tuple[Path, Path]) -> None:
    done = villagesim("map", *map(str, files), "--out", str(tmp_path / "out"), "--decree", "2020-07")
    assert done.returncode == 0, done.stderr
    assert "6 units do not live on under their code or name (6 merged). Their links are inferred: about " in done.stdout
    assert "one row 999999150,<its code after> in --links" in done.stdout
    read = {path.stem: pd.read_csv(path, dtype=str, keep_default_na=False) for path in (tmp_path / "out").glob("*.csv")}
    links = read["history"]
    assert list(links.columns) == [
        "old_code", "old_name", "old_township", "new_code", "new_name", "new_township", "kind_before", "kind_after",
        "fate", "way", "share", "likelihood", "runner_up_code", "runner_up_likelihood", "name_level", "order_distance",
        "decree",
    ]  # fmt: skip
    assert links["fate"].value_counts().to_dict() == {"kept": 36, "left": 20, "merged": 6, "community": 1}
    assert set(links["decree"]) == {"2020-07"}
    assert read["townships"]["fate"].tolist() == ["kept", "kept", "kept", "left"]
    assert read["sureness"]["vanished"].tolist() == ["6", "0", "0", "0"]
    weak = read["weak_links"]
    assert (weak["likelihood"].astype(float) < 0.5).all()
    assert weak["weak_links_there"].astype(int).is_monotonic_decreasing
    assert "history.png" in {path.name for path in (tmp_path / "out").iterdir()}
    again = villagesim("map", *map(str, files), "--out", str(tmp_path / "out"))
    assert again.returncode == 0, again.stderr


class Units:
    """Of so many counties, whose names are so long."""

    def __init__(self, n: int, counties: int = 1, letters: int = 0) -> None:
        self.n, self.counties = n, [f"37{k:04}" for k in range(counties)]
        self.named = {code: "c" * letters for code in self.counties if letters}

    def __len__(self) -> int:
        return self.n


@pytest.mark.parametrize("decree", ["", "2020-07", "d" * 90])
@pytest.mark.parametrize(("counties", "letters"), [(1, 0), (3, 3), (9, 25), (2, 90)])
def test_a_title_of_a_history_has_room(counties: int, letters: int, decree: str) -> None:
    found: Any = SimpleNamespace(before=Units(1463, counties, letters), after=Units(1020))
    title = _title(found, decree, ("2020", "2021"))
    assert len(title) <= LONGEST_TITLE
    assert title.startswith("Who became what")
    assert title.endswith("1,463 units in 2020, 1,020 in 2021")
    assert _title(found, "", ("2020", "")).endswith("1,463 units before, 1,020 after")


def test_a_title_of_a_history_has_no_bare_code_and_years_of_rolls() -> None:
    found: Any = SimpleNamespace(before=Units(3), after=Units(2))
    assert _title(found, "", ("2020", "2021")) == "Who became what: county 370000, 3 units in 2020, 2 in 2021"
    named = ("packaged:370114_2020", "a/2019/rolls.csv", "1999_2000.csv", "370114202012.csv")
    assert [year_of(roll) for roll in named] == ["2020", "", "", ""]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("packaged:370114_2020", "packaged:1403_2020"), "share 26 of 588 names"),
        (("packaged:370114_2020", "nowhere.csv"), "nowhere.csv"),
        (
            ("packaged:370114_2021", "packaged:370114_2020"),
            "370114_2021.csv stands before 370114_2020.csv, which is of an earlier year and has 358 villages more",
        ),
        (("{before}", "{after}", "--county", "12"), "is not the code of a county"),
        (("{before}", "{after}", "--links", "{before}"), "no column old_code"),
        (("{before}", "{after}", "--townships", "{before}"), "has no code of a township"),
        (("{before}", "{after}", "--county", "999999", "--county", "999998"), "37 of its 63 names stand under 999999"),
        (
            ("{before}", "{after}", "{after}", "--county", "9", "--county", "9"),
            "--county is given 2 times, for 3 rolls",
        ),
        (
            ("{before}", "{after}", "--decree", "a", "--decree", "b"),
            "--decree a --decree b names 2, for 1 between 2 rolls",
        ),
        (("{before}", "{after}", "{before}", "--decree", "a", "--decree", "a"), "names 1, for 2 between 3 rolls"),
        (("{before}", "{after}", "--out", "{folder}"), "holds something else"),
    ],
)
def test_a_mistake_is_one_message_and_exit_code_2(
    tmp_path: Path, files: tuple[Path, Path], words: tuple[str, ...], said: str
) -> None:
    known = {"before": str(files[0]), "after": str(files[1]), "folder": str(tmp_path)}
    given = [word.format(**known) for word in words]
    done = villagesim("map", *given, *(() if "--out" in words else ("--out", str(tmp_path / "out"))))
    assert done.returncode == 2
    assert said in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_national_files_and_workbooks_are_read_as_they_come(tmp_path: Path, files: tuple[Path, Path]) -> None:
    rows = [line.split(",") for line in files[0].read_text(encoding="utf-8").splitlines()[1:]]
    rows += [["999999000000", "大河县"], ["999999100000", "小山镇"]]
    packed = tmp_path / "area_code_2019.csv.gz"
    packed.write_bytes(gzip.compress("".join(f"{code},{name},5,0\n" for code, name in rows).encode()))
    book = openpyxl.Workbook()
    for line in files[1].read_text(encoding="utf-8").splitlines():
        book.active.append(line.split(","))
    book.save(tmp_path / "after.xlsx")
    words = (str(packed), str(tmp_path / "after.xlsx"), "--county", "大河县", "--county", "999999")
    done = villagesim("map", *words, "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert "Who became what: 大河县, 63 units before" in done.stdout
    assert ",小山镇," in (tmp_path / "out" / "history.csv").read_text(encoding="utf-8")
    told = villagesim("map", *words, "--out", str(tmp_path / "out"), "--figures", "none", "--lang", "zh").stdout
    assert re.search("去向 +村 +社区 +其他 +全部单位", told)
    assert re.search("改为社区 +1 ", told)
    assert "村庄沿革：大河县，合并前 63 个单位" in told
    assert {*re.findall("[A-Za-z]{2,}", told.replace(str(tmp_path), ""))} <= {
        *["out", "history", "townships", "sureness", "weak_links", "weak", "links", "csv", "code", "its", "name"]
    }


def test_more_units_than_a_place_has_are_refused(
    tmp_path: Path, files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST", 50)
    done = villagesim("map", *map(str, files), "--out", str(tmp_path / "out"))
    assert (done.returncode, "Say which county: 6 digits" in done.stderr) == (2, True)


def test_links_stand_in_the_order_of_codes_with_names_of_townships() -> None:
    before = Edition(Roll.of([("999999100200", "甲乙村委会"), ("999999100201", "丙丁村委会")]), {"999999100": "一镇"})
    rows = tables.links_table(history(before, before, common={}))
    assert [(row["old_name"], row["new_code"], row["old_township"], row["share"]) for row in rows] == [
        ("甲乙村委会", "999999100200", "一镇", 1.0), ("丙丁村委会", "999999100201", "一镇", 1.0),
    ]  # fmt: skip


def test_rolls_the_wrong_way_round_are_noted_wherever_they_are_read(tmp_path: Path) -> None:
    """Where no year stands in their names; in the right order, and of a part of a county, nothing is said."""
    roll = {name: read_roll(f"packaged:370114_{year}") for name, year in (("old", 2020), ("new", 2021))}
    town = {
        name: [k for k in zip(own.codes, own.names, strict=True) if k[0][:9] == "370114001"]
        for name, own in roll.items()
    }
    for name, own in (*town.items(), ("all", [*zip(roll["old"].codes, roll["old"].names, strict=True)])):
        text = "".join(f"{code},{called}\n" for code, called in own)
        (tmp_path / f"{name}.csv").write_text(f"code,name\n{text}", encoding="utf-8")
    more = len(town["old"]) - len(town["new"])
    said = (
        f"old.csv has {more} villages more than new.csv, and a merger leaves fewer: are the rolls the wrong way round?"
    )
    text = (ROOT / "scenarios/one_town.toml").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^townships = .*\n|^county.*\n", "", text)
    for one, two, is_noted in (("new", "old", True), ("old", "new", False), ("old", "all", False)):
        own = text.replace("packaged:370114_2020", f"{one}.csv").replace("packaged:370114_2021", f"{two}.csv")
        (tmp_path / "own.toml").write_text(own, encoding="utf-8")
        rolls = [str(tmp_path / f"{name}.csv") for name in (one, two)]
        commands = [
            ("check", str(tmp_path / "own.toml")), ("map", *rolls, "--out", str(tmp_path / one / two)),
            ("new", str(tmp_path / f"{one}_{two}"), "--before", rolls[0], "--after", rolls[1]),
        ]  # fmt: skip
        for command in commands:
            done = villagesim(*command)
            assert done.returncode == 0, done.stderr
            assert (said in " ".join(done.stdout.split())) == is_noted, (command, done.stdout)

"""``villagesim new``: a folder that runs at once, whose files a user fills in, or nothing at all."""

import re
import shutil
import sys
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from unit.command_line import villagesim
from unit.study.national import national_files

import villagesim as vs
from villagesim.errors import RollError
from villagesim.extras import way_to
from villagesim.foreign.headings import FIGURES
from villagesim.places.rolls import DATA
from villagesim.questions.question import load_question
from villagesim.study.county import OwnCounty, sources_of
from villagesim.study.days import Days, announced
from villagesim.study.totals import Totals

pytestmark = pytest.mark.usefixtures("figures_are_blank")
ZHANGQIU = ("--before", "packaged:370114_2020", "--after", "packaged:370114_2021")
COUNTY = "141129"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory, figures_are_blank: None) -> Path:
    """A real county out of national files, found by its name."""
    folder = tmp_path_factory.mktemp("study")
    before, after = national_files(folder, COUNTY, "中阳县")
    done = villagesim("new", str(folder / "own"), "--county", "中阳县", "--before", before, "--after", after)
    assert done.returncode == 0, done.stderr
    (folder / "said").write_text(done.stdout, encoding="utf-8")
    return folder / "own"


def test_every_report_says_that_its_totals_are_of_no_source_of_the_county(study: Path) -> None:
    """Until somebody says otherwise in [about]; in the language in which it was written."""
    about = vs.load_scenario(study / "scenario.toml").about
    assert about["data"] == "the rolls", "all cells are empty"
    assert "totals of the county and the fund: round figures that no source of this county gives" in about["assumed"]


def test_it_says_what_is_data_drawn_assumed_and_doubtful(study: Path) -> None:
    """On the screen and in its README, with the three figures that help most."""
    said = (study.parent / "said").read_text(encoding="utf-8")
    page = (study / "README.md").read_text(encoding="utf-8")
    assert "holds the study of 中阳县" in said
    for word in (
        "Data",
        "Inferred",
        "Drawn",
        "Assumed",
        "Doubtful",
        "Mean income",
        "Share above a line",
        "Arable land",
    ):
        lines = re.findall(rf"^  {word}: (.*)$", said, re.MULTILINE)
        assert lines
        assert all(f"- **{word}**: {line}" in page for line in lines)
    assert re.search(r"Data: the rolls \(villages: 87 before, 75 after\)\.", said)
    assert re.search(r"\(11 merged\): of these links about \d+ are expected to be right", said)


def test_counts_add_up_and_are_the_same_wherever_they_stand(study: Path, tmp_path: Path) -> None:
    """What became of the villages: in ``new`` and its README, in ``check``, and in ``map``, where it is a column."""
    said, page = ((study.parent / "said").read_text("utf-8"), (study / "README.md").read_text("utf-8"))
    checked = villagesim("check", str(study / "scenario.toml")).stdout
    rolls = [str(study / f"rolls/{name}.csv") for name in ("before", "after")]
    mapped = villagesim("map", *rolls, "--out", str(tmp_path / "map")).stdout
    became = "87 = 64 kept + 12 recoded + 11 merged"
    assert f"what became of 87 villages: {became}" in said
    assert f"what became of 87 villages: {became}" in page
    assert f"87 villages before = {became.partition(' = ')[2]}" in checked
    columns = dict(re.findall(r"^  (kept|recoded|merged|before, in all) +(\d+)", mapped, re.MULTILINE))
    assert columns == {"kept": "64", "recoded": "12", "merged": "11", "before, in all": "87"}
    counted = "76 = 75 of the roll + 1 of other kinds that villages went into"
    for text in (said, page):
        assert counted in text
        for whole, parts in re.findall(r"([\d,]+) = ((?:[\d,]+ [a-z ]+[+-] )*[\d,]+ [a-z ]+)", text):
            terms = re.findall(r"([+-]?) ?([\d,]+) [a-z]", parts)
            assert sum(int(sign + n.replace(",", "")) for sign, n in terms) == int(whole.replace(",", ""))
    assert "merged into 76 (75 villages, 1 other)" in checked


def test_its_files_are_all_there(study: Path) -> None:
    found = {path.relative_to(study).as_posix() for path in study.rglob("*.*")}
    assert found == {
        "README.md", "scenario.toml", "question.toml", "links.csv", "villages.csv", "villages.xlsx", "rolls/before.csv",
        "rolls/after.csv", "map/history.csv", "map/townships.csv", "map/sureness.csv", "map/weak_links.csv",
        "map/history.png",
    }  # fmt: skip
    page = (study / "README.md").read_text(encoding="utf-8")
    assert "units of all kinds, where the scenario and the list below count villages" in page
    for name in re.findall(r"^\| `(.*?)` ", page, re.MULTILINE):
        assert (study / name).exists()


def test_it_runs_as_it_is(study: Path) -> None:
    scenario = vs.load_scenario(study / "scenario.toml")
    assert (scenario.title, len(scenario.place.before)) == ("中阳县: 87 villages into 76", 87)
    assert list(scenario.strategies)[-3:] == ["five integrations", "land trust", "both"]
    assert vs.simulate(scenario, "both").never_acted == ()
    _, _, question = load_question(study / "question.toml")
    assert question.name == "uncertainty"
    checked = villagesim("check", str(study / "scenario.toml")).stdout
    assert "own figures: none, as all cells of the table are empty" in checked
    (note,) = re.findall(r"note: (.*)", checked)
    assert note.startswith("3 villages became a community (村改居), or went into one")


def test_rolls_that_are_cut_out_say_what_the_national_files_said(study: Path, tmp_path: Path) -> None:
    """Units of all kinds, with names of townships and of the county: the history of both is the same."""
    rolls = [str(study / f"rolls/{name}.csv") for name in ("before", "after")]
    done = villagesim("map", *rolls, "--out", str(tmp_path / "map"))
    assert "Who became what: 中阳县" in done.stdout
    ours, theirs = (pd.read_csv(folder / "history.csv", dtype=str) for folder in (tmp_path / "map", study / "map"))
    assert ours.drop(columns="decree").equals(theirs.drop(columns="decree"))


def test_rolls_that_are_cut_out_make_the_same_place(tmp_path: Path) -> None:
    done = villagesim("new", str(tmp_path / "own"), *ZHANGQIU)
    assert done.returncode == 0, done.stderr
    own, shipped = (vs.load_scenario(each).place for each in (tmp_path / "own/scenario.toml", "packaged:zhangqiu"))
    assert (own.before, own.after) == (shipped.before, shipped.after)
    assert own.map.village.tolist() == shipped.map.village.tolist()


def test_what_is_filled_in_is_read(study: Path) -> None:
    """Columns of the table are those that the reader declares, in workbook and CSV file alike."""
    book = openpyxl.load_workbook(study / "villages.xlsx")
    sheet = book.active
    headings = [cell.value for cell in sheet[1]]
    assert headings[:5] == ["code", "name", "township", "residents(人)", "members(人)"]
    assert [heading.partition("(")[0] for heading in headings[3:]] == [column.name for column in FIGURES]
    written = pd.read_csv(study / "villages.csv", dtype=str, encoding="utf-8-sig")
    assert list(written.columns) == headings
    assert written["code"].tolist() == [cell.value for cell in sheet["A"][1:]]
    figures = {"residents": 400, "members": 500, "income": 61_000, "arable": 900, "debt": 20_000}
    for name, figure in figures.items():
        sheet.cell(3, 4 + [column.name for column in FIGURES].index(name), figure)
    code = sheet.cell(3, 1).value
    book.save(study / "villages.xlsx")
    scenario = vs.load_scenario(study / "scenario.toml")
    row = scenario.place.before.codes.index(code)
    assert {name: scenario.table[name][row] for name in figures} == figures
    asked = "[about] data does not name villages.xlsx, whose figures are used: say there where they come from"
    assert asked in scenario.notes
    text = (study / "scenario.toml").read_text(encoding="utf-8")
    named = text.replace('data = "the rolls"', 'data = "the rolls; villages.xlsx, of the county office"')
    (study / "named.toml").write_text(named, encoding="utf-8")
    assert asked not in vs.load_scenario(study / "named.toml").notes


def test_coordinates_alone_are_told_as_such(study: Path) -> None:
    table = pd.read_csv(study / "villages.csv", dtype=str, encoding="utf-8-sig").iloc[:, :1]
    table.assign(lon="111.2", lat="37.3").to_csv(study / "places.csv", index=False)
    text = (study / "scenario.toml").read_text(encoding="utf-8").replace("villages.xlsx", "places.csv")
    (study / "places.toml").write_text(text, encoding="utf-8")
    said = villagesim("check", str(study / "places.toml"))
    assert "own figures: none, but where villages lie" in said.stdout


def test_a_study_without_figures_names_none(tmp_path: Path) -> None:
    for formats, shown in (("none", False), ("svg", True)):
        done = villagesim("new", str(tmp_path / formats), *ZHANGQIU, "--figures", formats)
        assert done.returncode == 0, done.stderr
        page = (tmp_path / formats / "README.md").read_text(encoding="utf-8")
        assert ("the figure `history`" in page) == shown
        assert "history.png" not in page


def test_without_the_library_of_workbooks_it_is_a_csv_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    done = villagesim("new", str(tmp_path / "own"), *ZHANGQIU)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "own/villages.xlsx").exists()
    assert f"Install it: {way_to('excel')}" in done.stdout
    assert 'table = "villages.csv"' in (tmp_path / "own/scenario.toml").read_text(encoding="utf-8")
    vs.load_scenario(tmp_path / "own/scenario.toml")


@pytest.mark.parametrize(("option", "roll"), [("--roll", "6210_2020"), ("--before", "510107_2020")])
def test_one_roll_is_a_place_where_nothing_merges(tmp_path: Path, option: str, roll: str) -> None:
    """Villages, or communities where there are no villages."""
    done = villagesim("new", str(tmp_path / "own"), option, f"packaged:{roll}")
    assert done.returncode == 0, done.stderr
    scenario = vs.load_scenario(tmp_path / "own/scenario.toml")
    assert not scenario.merges
    assert list(scenario.strategies)[-3:] == ["professional secretaries", "land trust", "both"]
    assert scenario.timetable.start == date(2021, 1, 1)
    assert not (tmp_path / "own/map").exists()


def test_editions_in_a_row_are_as_many_decrees(tmp_path: Path) -> None:
    """A village of the second edition is gone in the third: it merges by the second decree."""
    rows = Path(DATA / "370114_2021.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)
    later = tmp_path / "rolls_2023.csv"
    later.write_text("".join(row for row in rows if not row.startswith("370114001203")), encoding="utf-8")
    done = villagesim("new", str(tmp_path / "own"), *ZHANGQIU, "--after", str(later))
    assert done.returncode == 0, done.stderr
    assert "(villages: 890 before, 532 and then 531 after)" in done.stdout
    scenario = vs.load_scenario(tmp_path / "own/scenario.toml")
    assert [str(decree.day) for decree in scenario.timetable.decrees] == ["2021-07-01", "2023-07-01"]
    assert [len(wave.after) for wave in scenario.place.waves] == [532, 531]
    again = villagesim("new", str(tmp_path / "late"), *ZHANGQIU, "--after", str(later), "--decree", "2021-07-01")
    assert "not one for each of 2, in order" in again.stderr


def test_editions_in_a_row_run_where_nothing_tells_what_became_of_a_township(tmp_path: Path) -> None:
    """Nothing tells where its village went: it gets the likeliest place, as with two editions, and the scenario says so."""
    names = [one + other for one in "甲乙丙丁戊" for other in "山河湖海林石"]
    rows = [(f"3709000{k // 10 + 1:02}{200 + k % 10}", f"{name}村委会") for k, name in enumerate(names)]
    rolls = []
    for year, there in ((2019, [*rows, ("370900009200", "子亭村委会")]), (2020, rows[::2]), (2021, rows[::4])):
        rolls.append(tmp_path / f"roll_{year}.csv")
        rolls[-1].write_text("\n".join(["code,name", *map(",".join, there)]), encoding="utf-8")
    before, *afters = map(str, rolls)
    done = villagesim("new", str(tmp_path / "own"), "--before", before, *(w for a in afters for w in ("--after", a)))
    assert done.returncode == 0, done.stderr
    assert 'unknown = "likeliest"' in (tmp_path / "own" / "scenario.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("where", ["column", "rows", "file", "nowhere"])
def test_townships_of_an_own_county_have_names(tmp_path: Path, where: str) -> None:
    """Beside the villages, in rows of their own, or in another file; else ``new`` says how to give them."""
    townships = {"370900001": "东平街道", "370900002": "西山镇"}
    villages = [
        (f"{code}{200 + k}", name) for code in townships for k, name in enumerate(("甲山村", "乙河村", "丙海村"))
    ]
    rows = [f"{code},{name}" + (f",{townships[code[:9]]}" if where == "column" else "") for code, name in villages]
    named = [f"{code},{name}" for code, name in townships.items()]
    heading = "code,name" + (",乡镇" if where == "column" else "")
    roll, streets = tmp_path / "roll_2020.csv", tmp_path / "streets.csv"
    roll.write_text("\n".join([heading, *(named if where == "rows" else ()), *rows]), encoding="utf-8")
    streets.write_text("\n".join(["code,name", *named]), encoding="utf-8")
    more = ("--townships", str(streets)) if where == "file" else ()
    done = villagesim("new", str(tmp_path / "own"), "--roll", str(roll), *more)
    assert done.returncode == 0, done.stderr
    found = vs.load_scenario(tmp_path / "own/scenario.toml").place.township_names
    assert found == tuple(townships if where == "nowhere" else townships.values())
    assert ("townships without a name in any file: 2, as 370900001" in done.stdout) == (where == "nowhere")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "rolls are missing"),
        (("--roll", "packaged:6210_2020", "--after", "packaged:6210_2020"), "rolls are missing, or too many"),
        (("--before", "nowhere.csv"), "nowhere.csv"),
        (("--before", "packaged:6210_2020", "--county", "370114"), "no village is left in county = 370114"),
        (("--before", "packaged:6210_2020", "--county", "62", "--county", "61"), "given 2 times, for 1 rolls"),
        ((*ZHANGQIU, "--decree", "2021-07-15"), "--decree = 2021-07-15 is not the first of a month"),
        (("--roll", "packaged:6210_2020", "--decree", "2021-07-01"), "nothing merges"),
        (("--before", "packaged:370114_2020", "--after", "packaged:1403_2020"), "share 26 of 588 names"),
        (("--before", "packaged:370114_2020", "--after", "packaged:1403_2020"), "--county, once for each roll"),
    ],
)
def test_what_cannot_be_begun_leaves_nothing(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    done = villagesim("new", str(tmp_path / "own"), *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_county_with_another_code_after_is_named_as_it_is_to_be_typed(tmp_path: Path) -> None:
    """On the command line by its options, in a scenario file by its keys."""
    names = [one + other for one in "甲乙丙" for other in "山河湖海林石"]
    rolls = [tmp_path / "roll_2019.csv", tmp_path / "roll_2020.csv"]
    for path, county, there in zip(rolls, ("370901", "370981"), (names, names[::2]), strict=True):
        rows = [f"{county}001{200 + k},{name}村委会" for k, name in enumerate(there)]
        path.write_text("\n".join(["code,name", *rows, "379999001200,远方村委会"]), encoding="utf-8")
    words = ("new", str(tmp_path / "own"), "--before", str(rolls[0]), "--after", str(rolls[1]))
    refused = villagesim(*words, "--county", "370901")
    assert refused.returncode == 2
    assert "Give a county for each roll: --county 370901 --county 370981." in refused.stderr
    done = villagesim(*words, "--county", "370901", "--county", "370981")
    assert done.returncode == 0, done.stderr
    scenario = (tmp_path / "own/scenario.toml").read_text(encoding="utf-8")
    for name, path in zip(("before", "after"), rolls, strict=True):
        scenario = scenario.replace(f'"rolls/{name}.csv"', f'"{path.as_posix()}"')
    (tmp_path / "own/scenario.toml").write_text(
        scenario.replace("[place]", '[place]\ncounty = "370901"', 1), encoding="utf-8"
    )
    with pytest.raises(RollError, match='county = "370901" and county_after = "370981"'):
        vs.load_scenario(tmp_path / "own/scenario.toml")


def test_years_of_rolls_are_told_by_files_or_folders_or_guessed_aloud(tmp_path: Path) -> None:
    """National files of all editions have the same name, so the edition stands in the folder."""
    rows = "code,name\n" + "".join(f"370900001{200 + k},{name}村\n" for k, name in enumerate("甲乙丙丁"))
    for folder in ("2017", "edition"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "villages.csv").write_text(rows, encoding="utf-8")
        done = villagesim("new", str(tmp_path / f"own_{folder}"), "--roll", str(tmp_path / folder / "villages.csv"))
        assert done.returncode == 0, done.stderr
        start = vs.load_scenario(tmp_path / f"own_{folder}" / "scenario.toml").timetable.start
        assert start.year == (2018 if folder == "2017" else 2021)
        assert ("so dates are guessed" in done.stdout) == (folder == "edition")


def test_where_units_only_became_communities_it_says_that_nothing_merges(tmp_path: Path) -> None:
    for year, code in ((2019, "200"), (2020, "001")):
        rows = [*(f"370900001{201 + k},{name}村" for k, name in enumerate("乙丙丁")), f"370900001{code},甲山居"]
        (tmp_path / f"roll_{year}.csv").write_text("\n".join(["code,name", *rows]), encoding="utf-8")
    rolls = [str(tmp_path / f"roll_{year}.csv") for year in (2019, 2020)]
    done = villagesim("new", str(tmp_path / "own"), "--before", rolls[0], "--after", rolls[1])
    assert "what became of 4 villages: 4 = 3 kept + 1 community" in done.stdout
    assert "no villages went into others, so the scenario has no decree" in done.stdout


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    done = villagesim("new", str(tmp_path), *ZHANGQIU)
    assert (done.returncode, [path.name for path in tmp_path.iterdir()]) == (2, ["mine.txt"])
    assert "is not empty" in done.stderr


@pytest.mark.parametrize(
    ("decree", "announcement", "start", "policies"),
    [
        ("2021-07-01", "2021-04-01", "2021-01-01", "2022-03-01"),
        ("2021-01-01", "2020-10-01", "2020-01-01", "2022-03-01"),
        ("2021-03-01", "2020-12-01", "2020-01-01", "2022-03-01"),
        ("2021-04-01", "2021-01-01", "2021-01-01", "2022-03-01"),
        (None, "2021-04-01", "2021-01-01", "2022-03-01"),
    ],
)
def test_dates_are_in_order(decree: str | None, announcement: str, start: str, policies: str) -> None:
    county = OwnCounty.read(sources_of(["packaged:370114_2020", "packaged:370114_2021"]))
    days = Days.of(county, [decree] if decree else [])
    told = [str(day) for day in (announced(days.decrees[0]), days.start, days.policies, days.end)]
    assert told == [announcement, start, policies, f"{days.decrees[0].year + 5}-12-31"]
    assert all(days.start < day < days.end for day in days.elections)


def test_what_is_learnt_of_weak_links_is_kept(study: Path, tmp_path: Path) -> None:
    """Rows of weak_links.csv, with nothing but the new code changed, under the headings of links.csv."""
    shutil.copytree(study, tmp_path / "own")
    table = pd.read_csv(tmp_path / "own/map/weak_links.csv", dtype=str, keep_default_na=False)
    weak = table.iloc[0]
    known = table.head(3).assign(new_code=table["runner_up_code"])
    known.to_csv(tmp_path / "own/links.csv", mode="a", index=False, header=False)
    before, after = (vs.load_scenario(folder / "scenario.toml").place for folder in (study, tmp_path / "own"))
    row = before.before.codes.index(weak["old_code"])
    assert before.after.codes[before.map.village[row]] == weak["new_code"]
    assert after.after.codes[after.map.village[row]] == weak["runner_up_code"]
    assert (before.map.way.count("user"), after.map.way.count("user"), after.map.way[row]) == (0, 3, "user")


def test_a_county_whose_villages_all_became_communities_has_figures_to_begin_with() -> None:
    totals = Totals.of(54, 0)
    assert (totals.residents, totals.fund, totals.facilitators, totals.poorest) == (32_000, 0, 2, 1)


def test_a_study_speaks_chinese(tmp_path: Path) -> None:
    """Its page, its comments and what is printed: in Latin letters are names of files, keys and commands alone."""
    rows = [
        f"149999100{n},{name}村委会" for n, name in enumerate(("东张", "西张", "石桥", "南岭", "上庄", "马坊"), 201)
    ]
    for name, own in (("before", rows), ("after", rows[::2])):
        (tmp_path / f"{name}.csv").write_text("\n".join(["code,name", *own]), encoding="utf-8")
    files = ("--before", str(tmp_path / "before.csv"), "--after", str(tmp_path / "after.csv"), "--figures", "none")
    done = villagesim("new", str(tmp_path / "own"), *files, "--lang", "zh")
    assert done.returncode == 0, done.stderr
    texts = [done.stdout.replace(str(tmp_path), "")]
    for name in ("README.md", "scenario.toml", "question.toml"):
        text = (tmp_path / "own" / name).read_text(encoding="utf-8")
        texts.append(text if name == "README.md" else "\n".join(re.findall("#.*|^title = .*", text, re.MULTILINE)))
    names = "villagesim check compare ask explain examples new own README out scenario question toml csv xlsx code name draws"
    names += (
        " all FILE townships township streets villages place mean_income threshold share_above arable start decree map"
    )
    names += " title about weak_links new_code income_growth parameters docs md history png links rolls income console"
    for text in texts:
        assert {*re.findall("[A-Za-z][A-Za-z_]*", text)} <= {*names.split()}
    assert "假设：所有村的人口" in texts[2]
    assert load_question(tmp_path / "own/question.toml")[0] == "不确定的都变一变，哪个方案站得住？"

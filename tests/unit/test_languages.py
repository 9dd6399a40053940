"""What is told in Chinese: a catalogue without gaps, sums and months as people say them, and English without a change."""

import re
import sys
from collections.abc import Iterable
from contextlib import redirect_stdout
from dataclasses import fields, replace
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from babel.messages.catalog import Catalog
from messages import CHINESE, NOTES, in_code, known, wanted
from rich.cells import cell_len
from typer.main import get_command
from unit.command_line import ROOT, SMALL, villagesim

import villagesim as vs
from villagesim import options
from villagesim.cli import app
from villagesim.files.packaged import scenarios
from villagesim.languages import LISTS, VARIABLE, _, entries, meant, named, spoken, whole_sum
from villagesim.outcomes import OUTCOMES, Goal, Outcome
from villagesim.plots import style
from villagesim.printing import print_answer
from villagesim.reference.describe import describe
from villagesim.reference.explain import explain
from villagesim.reference.known import Known
from villagesim.reference.notes import notes
from villagesim.statistics.stopping import Stopping
from villagesim.terminal import Screen, table_of
from villagesim.wording import amount, between, criterion_in_words, month, scale, sums

POLICY = """
[[strategy]]
name = "late"
[[strategy.policy]]
kind = "inspection"
start = 2022-01-01
officers = 1
budget = 0
when = { outcome = "debt", at_least = 1e15 }
"""
PLACE = re.compile(r"\{(\w+)")


def gaps(catalog: Catalog, twins: Catalog) -> list[str]:
    """Messages without a twin, and twins with other places."""
    found = []
    for message in catalog:
        twin = twins.get(message.id, message.context)
        if message.id and not (twin and twin.string):
            found.append(f"{message.id}: no twin")
        elif message.id and sorted(PLACE.findall(str(message.id))) != sorted(PLACE.findall(str(twin.string))):
            found.append(f"{message.id}: other places")
    return found


def test_every_message_has_its_twin_with_the_same_places() -> None:
    """Run ``python tests/messages.py``, and write what is missing; a gap and a wrong place are found."""
    catalog, twins = wanted(), known()
    assert not gaps(catalog, twins)
    assert len(twins) == len(catalog), "the catalogue holds what nothing says: run python tests/messages.py"
    twins.get("better").string = ""
    twins.get("{low} to {high}").string = "{low} 至 {hoch}"
    assert gaps(catalog, twins) == ["better: no twin", "{low} to {high}: other places"]


def test_no_sentence_begins_or_ends_with_a_blank() -> None:
    """Sentences are joined in one place, which knows the language; a blank of their own is found."""

    def blanks(messages: Iterable[str]) -> list[str]:
        return [said for said in messages if re.search(r"^ [A-Z]|[.] $", said)]

    assert blanks(["A sentence. ", " Another.", " and ", "  It is:   {meaning}.", "One."]) == [
        "A sentence. ",
        " Another.",
    ]
    assert blanks(in_code()) == []


def test_figures_stand_apart_from_chinese_letters() -> None:
    """A place that holds a figure or a date has a blank before it, or a mark."""

    def tight(texts: Iterable[str]) -> list[str]:
        return [text for text in texts if re.search(r"[\u4e00-\u9fff]\{(n|m|year|month|day|share|size)\b", text)]

    assert tight(["均值自{month}起", "第 {n} 次", "（{n} 次）", "有{n}个"]) == ["均值自{month}起", "有{n}个"]
    assert tight(str(message.string) for message in known()) == []


def test_no_blank_follows_a_mark_of_chinese_that_was_filled_in() -> None:
    message = "{which}: {share} of its points, which are {of_all} of all misses, judged on points it was not found on."
    assert message in in_code()
    with vs.language("zh"):
        said = _(message, which="条件 1", share="12%（3% 至 20%）", of_all="30%")
    assert said.startswith("条件 1：其中 12%（3% 至 20%）的设计点")


def test_a_blank_stands_between_chinese_and_other_letters_that_are_filled_in() -> None:
    """Before and behind them; figures with marks, and Chinese, need none."""
    with vs.language("zh"):
        said = [_("better with {names}", names=names) for names in ("neighbours", "两者兼有", "“two”", "3 of 4")]
        assert said == ["更好的有 neighbours", "更好的有两者兼有", "更好的有“two”", "更好的有 3 of 4"]
        assert _("{name} of {villages}", name="debt", villages="2x") == "2x 的 debt"
        assert _("since {month}", month=month("2020-01")) == "自 2020 年 1 月起"


def test_the_reader_agrees_with_babel() -> None:
    read = {(entry.get("msgctxt"), entry["msgid"]): entry["msgstr"] for entry in entries(CHINESE.read_text("utf-8"))}
    assert read == {(message.context, message.id): message.string for message in known() if message.id}


def test_one_term_stands_for_one_thing() -> None:
    """Terms that the glossary does not use; 集体收入 is what the glossary says."""
    told = CHINESE.read_text(encoding="utf-8")
    for wrong in ("策略", "村庄集体", "托管土地信托", "假设检验", "复制", "情境", "里程碑"):
        assert wrong not in told
    glossary = (CHINESE.parents[2] / "docs/glossary.md").read_text(encoding="utf-8")
    for term in (
        "集体收入",
        "经营收益",
        "土地托管",
        "消薄清单",
        "五个一体",
        "清化收",
        "民情专递",
        "经营主体",
        "软弱涣散",
    ):
        assert term in told
        assert term in glossary


def test_a_language_is_spoken_within_its_context_or_from_now_on(monkeypatch: pytest.MonkeyPatch) -> None:
    with vs.language("zh"):
        assert (spoken(), _("better with {names}", names="A")) == ("zh", "更好的有 A")
        with vs.language("en"):
            assert _("better") == "better"
        assert spoken() == "zh"
    assert spoken() == "en"
    monkeypatch.setenv(VARIABLE, "zh_CN.UTF-8")
    assert named("better") == "更好"
    with pytest.raises(vs.VillagesimError, match="no such language"):
        vs.language("fr")
    monkeypatch.setenv(VARIABLE, "fr")
    with pytest.raises(vs.VillagesimError, match=VARIABLE):
        spoken()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Villages at or above 500,000 yuan", "集体收入 50 万元以上的村"),
        ("Villages reported within 10% of 120,000,000 yuan", "上报集体收入在 1.2 亿元上下 10% 以内的村"),
        ("Trust, the poorest third", "信任度（收入最低的三分之一）"),
        ("undecided (about 1,200 more)", "难以判断（约需再做 1,200 次）"),
        ("3 of 30", "30 次中有 3 次"),
        ("王家庄方案", "王家庄方案"),
    ],
)
def test_names_and_verdicts_of_tables_are_told(text: str, told: str) -> None:
    with vs.language("zh"):
        assert named(text) == told
    assert named(text) == text


def test_sums_are_told_by_their_size_in_the_units_of_the_language() -> None:
    unit = "yuan per village and year"
    with vs.language("zh"):
        assert [scale(unit, largest) for largest in (9_999, -10_000, 2e8)] == [
            (1, "元/村·年"), (10_000, "万元/村·年"), (100_000_000, "亿元/村·年"),
        ]  # fmt: skip
        assert sums([np.nan, 3e8, -1.0]) == (1e8, "亿元")
        assert (whole_sum(123_456_789), amount(-123_456_789, "yuan")) == ("1.23456789 亿元", "-1.23 亿元")
        assert (month("2023-04"), between(1, 2)) == ("2023 年 4 月", "1 至 2")
    assert [scale(unit, largest) for largest in (9_999, -10_000, 1e6)] == [
        (1, unit), (1_000, f"thousand {unit}"), (1_000_000, f"million {unit}"),
    ]  # fmt: skip
    assert (sums([]), whole_sum(123_456), amount(123_456, "yuan")) == (
        (1, "yuan"),
        "123.456 thousand yuan",
        "123 thousand yuan",
    )
    assert (month("2023-04"), between(1, 2)) == ("2023-04", "1 to 2")


MONEY = re.compile(r"\b(?:[Mm]illion|thousand) yuan\b|[万亿]元")
BOUGHT = re.compile(r"(?:an? |each |per |over )million yuan")
"""What is had for so much, which no figure is told in."""


def test_units_of_sums_are_written_in_one_place() -> None:
    """Besides in what reads the units of others' files, in examples of these, and in a figure of the documentation alone, whose
    small steps would be lost in millions."""
    home = Path(vs.__file__).parent
    pages = [*home.rglob("*.py"), home / "report/page.html", home / "explore/page.js", home / "explore/page.html"]
    pages.remove(home / "plots/income_waterfall.py")
    found = [
        f"{path.relative_to(home)}:{k}"
        for path in pages
        if path.relative_to(home).parts[0] not in ("foreign", "evidence", "calibrating", "languages.py")
        for k, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if MONEY.search(BOUGHT.sub("", re.sub(r"income\(万元\)|\"万元\"", "", line))) and "Source" not in line
    ]
    assert found == []


def test_a_comparison_is_told_in_chinese_and_its_tables_stay_english(tmp_path: Path) -> None:
    """No English letters but of names of files, commands and Gini; opened again it speaks either language."""
    question = vs.questions.Comparison(replications=2)
    question.ask(vs.load_scenario(SMALL), workers=1, out=tmp_path / "out", figures="none")
    again = vs.open_results(tmp_path / "out")
    assert set(again.tables["verdicts"]["verdict"].str.split(" ").str[0]) <= {
        "better",
        "worse",
        "practically",
        "the",
        "undecided",
    }
    assert again.sentences[0].startswith("Collective income per village, in yuan of the start, at the end of")
    with vs.language("zh"), redirect_stdout(StringIO()) as said:
        print_answer(again, verbose=True)
    own = {*re.findall("[A-Za-z]+", SMALL.read_text(encoding="utf-8"))}
    assert "村均集体收入" in said.getvalue()
    assert not {*re.findall("[A-Za-z]{2,}", said.getvalue())} - own - {"money"}


def test_a_line_on_the_screen_ends_between_any_two_letters(capsys: pytest.CaptureFixture[str]) -> None:
    said = f"2022 年 12 月末{'收入水平，' * 10}见 tables/verdicts.csv。"
    screen = Screen()
    screen.file = sys.stdout
    screen.print(said)
    printed = capsys.readouterr().out.splitlines()
    assert [cell_len(line) > 70 for line in printed] == [True, False]
    assert " ".join(printed).replace(" ", "") == said.replace(" ", "")
    assert not any(line.startswith("，") for line in printed)


def test_every_command_takes_a_language_and_leaves_it_behind() -> None:
    assert "元/村·年" in villagesim("run", str(SMALL), "--strategy", "no merger", "--lang", "zh").stdout
    assert spoken() == "en"
    assert "no such language" in villagesim("run", str(SMALL), "--strategy", "no merger", "--lang", "fr").stderr


NAMES = """python m pytest CSV Ctrl C x Dask stata JSON ODD Python R STRESS DES Stata TOML Grimm Monks et al VILLAGESIM_LANG en
zh none png svg pdf dta md html tcp code name old_code new_code share fate confidence decree balance balance_last_year money
fan"""
"""Of programs (this one too), files, columns and keys, in texts of help."""


def latin_in_help(*words: str) -> set[str]:
    """Words in Latin letters in a help, but for options and what is usual."""
    said = villagesim(*words, "--help").stdout
    return {*re.findall("[A-Za-z][A-Za-z_]*", re.sub(r"--?[a-z][\w-]*|packaged:\w*|［默认：.*?］", "", said))}


def test_help_of_every_command_is_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is English but names; the same help in English is found out."""
    monkeypatch.setattr("typer.rich_utils.MAX_WIDTH", 300)
    group: Any = get_command(app)
    names = {"villagesim", "out", "best_shares", *group.commands, *NAMES.split()}
    assert not latin_in_help("--lang", "zh") - names
    for name, command in group.commands.items():
        known = names | {each.name for each in command.params}
        assert not latin_in_help(name, "--lang", "zh") - known
        assert "Usage" in latin_in_help(name) - known
    assert spoken() == "en"


def test_arguments_are_called_in_chinese_and_in_english_again() -> None:
    """In usage, in the panel of arguments, and where one is missing."""
    group: Any = get_command(app)
    for name in ("story", "map", "explain", "new"):
        said = villagesim(name, "--help", "--lang", "zh").stdout.partition("╭─ 选项")[0]
        names = {each.name for each in group.commands[name].params if each.param_type_name == "argument"}
        assert not names & {*re.findall(r"(?<![\w.:-])[a-z]+(?![\w.:-])", said.partition(f"{name} [")[2])}
    assert "缺少参数 '来源'。" in villagesim("story", "--lang", "zh").stderr
    assert "缺少命令。" in villagesim("--lang", "zh").stderr
    assert "{source} {village}" in villagesim("story").stderr


def test_refusals_of_words_are_chinese_and_what_stands_around_them() -> None:
    assert "缺少参数 '情景'。" in villagesim("compare", "--lang", "zh").stderr
    assert "是不是 'map'？" in villagesim("--lang=zh", "mapp").stderr
    assert "要写整数" in villagesim("run", "x", "--strategy", "y", "--lang", "zh", "--seed", "one").stderr
    told = villagesim("check", "--lang", "zh", "--helpp").stderr
    assert re.findall("[A-Z][a-z]+", told) == []
    assert "check [OPTIONS]" in villagesim("check", "--helpp").stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "check nowhere.toml",
            "villagesim: nowhere.toml：无法读取（没有这个文件或文件夹）。请写对路径，要的是情景文件。",
        ),
        (
            "check packaged:one_twon",
            "随附的情景和问题里没有 'one_twon'。是不是 'one_town'？全部列在 villagesim examples。",
        ),
        (f"run {SMALL} --strategy bye", "这里没有叫 'bye' 的方案。已有的："),
        ("report nowhere", "nowhere 里没有结果：缺少 manifest.json。请给出 --out 写的文件夹。"),
    ],
)
def test_commonest_errors_are_chinese(words: str, said: str) -> None:
    done = villagesim(*words.split(), "--lang", "zh")
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


def test_titles_of_ones_own_stay_as_they_are(one_town: vs.Scenario) -> None:
    own = Outcome("fairs", "庙会场次", "场", "每年", 0, lambda record: record.rolling("booked"))
    with vs.language("zh"):
        assert named(own.title) == "庙会场次"


def test_strategies_of_ones_own_stay_as_they_are(tmp_path: Path) -> None:
    """Though words of tables are called so; those of the library's own scenarios are told, and found by it."""
    text = SMALL.read_text(encoding="utf-8").replace('"all of it"', '"better"').replace('"by lot"', '"cost"')
    for name in ("before", "after", "map", "table"):
        text = text.replace(f'"{name}.csv"', f'"{SMALL.parent}/{name}.csv"')
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    asked = ("--replications", "2", "--workers", "1", "--out", str(tmp_path / "out"), "--report", "--verbose")
    done = villagesim("compare", str(tmp_path / "own.toml"), *asked, "--strategies", "better,cost", "--lang", "zh")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    for told in (done.stdout, page):
        assert re.search(r"\bbetter\b", told)
        assert re.search(r"\bcost\b", told)
    shown = villagesim("check", str(tmp_path / "own.toml"), "--lang", "zh").stdout
    assert "    better：" in shown
    with vs.language("zh"):
        assert [named(name, "strategy") for name in ("better", "land trust", "no merger")] == [
            "better", "土地托管", "不合并",
        ]  # fmt: skip
        assert named("better") == "更好"
        assert meant("土地托管", {"land trust": "land trust"}, "strategy") == "land trust"
        assert meant("更好", {"better": "better"}, "strategy") == "更好"


def test_strategies_that_would_look_alike_in_chinese_are_refused(tmp_path: Path) -> None:
    text = (ROOT / "scenarios/one_town.toml").read_text(encoding="utf-8")
    (tmp_path / "own.toml").write_text(text.replace('name = "both"', 'name = "土地托管"'), encoding="utf-8")
    refused = villagesim("check", str(tmp_path / "own.toml"))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "the strategies 'land trust' and '土地托管' are both told as '土地托管' in Chinese." in refused.stderr


def test_explain_takes_chinese_names() -> None:
    assert explain("集体收入") == explain("collective_income")
    assert explain("消薄清单") == explain("weak_village_list")
    with vs.language("zh"):
        assert explain("实际融合程度").startswith(
            "real_integration：指标（指数，0 至 1）\n  含义：实际融合程度：实际通过的环节"
        )
    with pytest.raises(vs.VillagesimError, match="集体收入"):
        explain("集体的收入")
    assert explain("小麦单产") == explain("wheat_yield")
    assert explain("村均收入") == explain("mean_income")


def test_what_the_library_brings_along_is_explained_in_chinese_but_for_its_names() -> None:
    """Words that are left are those of files, of code, and of sources: a rule of its own finds one that is planted."""
    known = Known(None)
    names = {*known.names(), *(field.name for kind in known.policies.values() for field in fields(kind))}
    modules = set(re.findall(r"\w+", " ".join(map(str, Path(vs.__file__).parent.rglob("*.py")))))
    of_files = {"true", "false", "none", "theta", "Dirichlet", "nearest", "withdraw", "watched", "form"}

    def left(text: str) -> set[str]:
        text = re.sub(r"`[^`]*`|S\d\.\w+|\w+_\w+|rule = .*", "", text)
        return {*re.findall("[A-Za-z]{3,}", text)} - names - modules - of_files

    assert left("attempt_rate：attempts of a village") == {"attempts", "village"}
    with vs.language("zh"):
        told = [explain(name) for name in known.names()]
    assert set[str]().union(*map(left, told)) == set()


def test_a_scenario_is_described_in_chinese(one_town: vs.Scenario) -> None:
    with vs.language("zh"):
        told = describe(one_town)
    assert "117 个村" in told
    assert {*re.findall("[A-Za-z_]{2,}", told)} <= {"villagesim", "explain", "all", "maps_of_runs"}
    waiting = vs.policies.Ranking(start="2022-01-01", when=vs.policies.Condition(outcome="trust", below=0.4))
    goal = Goal(outcome="share_above_500k", at_least=0.8, at="2022-12", source="县里")
    with vs.language("zh"):
        told = describe(replace(one_town, strategies={"排名": [waiting]}, goals=(goal,)))
    assert "  目标：2022 年 12 月末集体收入 50 万元以上的村达到 0.8（县里）" in told
    rich = Goal(outcome="collective_income", at_least=1_200_000, at="2022-12", source="县里")
    with vs.language("zh"):
        assert criterion_in_words(rich, one_town.outcomes) == "2022 年 12 月末集体收入达到 120 万元"
    assert "信任度低于 0.4" in told


def test_notes_on_a_scenario_and_its_table_are_told_in_chinese(one_town: vs.Scenario, tmp_path: Path) -> None:
    """A table as offices send it, a policy that does nothing, totals in another unit."""
    codes, names = one_town.place.codes, one_town.place.before.names
    rows = [f"{codes[0][:6]} {codes[0][6:]},外,50", f"{codes[1]},{names[1]},60", f"{codes[2]},{names[2]},70"]
    table = ["2016年章丘区收入表,,", "code,name,income(万元)", *rows, "合计,,180", f"{codes[0][:9]},某镇,180"]
    (tmp_path / "t.csv").write_text("\n".join(table), encoding="utf-8")
    text = (ROOT / "scenarios/one_town.toml").read_text(encoding="utf-8")
    text = text.replace("arable =", 'map = ""\ntable = "t.csv"\narable =', 1) + POLICY
    (tmp_path / "town.toml").write_text(re.sub("residents = .*", "residents = 200", text), encoding="utf-8")
    scenario = vs.load_scenario(tmp_path / "town.toml")
    assert len(notes(scenario)) == 13
    with vs.language("zh"):
        told = [named(note) for note in notes(scenario)]
    words = {*re.findall("[A-Za-z_]{2,}", " ".join(told))}
    assert words <= {"csv", "map", "place", "residents", "mean_income", "arable", "late", "when", "about", "data"}


def test_notes_call_strategies_as_everything_else_does(one_town: vs.Scenario) -> None:
    """By the name that is told, in its quotation marks."""
    late = vs.policies.LandTrust(start="2022-01-01", until=vs.policies.Condition(outcome="trust", at_least=0.0))
    town = replace(one_town, strategies={"both": [late], "land trust": [late]})
    with vs.language("zh"):
        told = " ".join(notes(town))
    assert "方案“两者兼有”和“土地托管”内容相同" in told
    assert "方案“两者兼有”的土地托管" in told


@pytest.mark.parametrize("pattern", NOTES)
def test_lists_and_ranges_in_notes_are_told(pattern: str) -> None:
    """No word or mark of English is left between what is listed."""
    items = {"years": "2016 to 2019, 2021", "sets": "alpha = 0.1 (0 to 0.2), beta = 3 (2 to 4)", "n": "3", "m": "4"}
    given = {name: items.get(name, "alpha, beta" if name in LISTS else "7") for name in PLACE.findall(pattern)}
    with vs.language("zh"):
        told = named(pattern.format(**given | {"yuan": "1,000", "more_yuan": "2,000"}))
    assert re.search(r"[\u4e00-\u9fff]", told)
    assert not re.search(r" (to|and) |[a-z0-9)], ", told)


@pytest.mark.parametrize("name", sorted(scenarios()))
def test_places_that_come_along_are_described_in_chinese(name: str) -> None:
    with vs.language("zh"):
        told = describe(vs.load_scenario(f"packaged:{name}"))
    words = re.findall("[A-Za-z_]{2,}", re.sub(r"S\d[.]\w+", "", told))
    assert {*words} <= {"villagesim", "explain", "all", "maps_of_runs"}


def test_what_is_being_done_is_told_in_chinese(tmp_path: Path) -> None:
    done = villagesim(
        "compare", str(SMALL), "--replications", "2", "--out", str(tmp_path), "--verbose", "--lang", "zh", "--figures", "none",
        "--workers", "1",
    )  # fmt: skip
    said = done.stderr.replace(str(tmp_path), "")
    assert "第 0 部分完成" in said
    assert {*re.findall("[A-Za-z]{2,}", said)} == {"GB"}


def test_descriptions_for_journals_stay_english_and_the_command_says_so(tmp_path: Path) -> None:
    told, english = (villagesim("describe", str(SMALL), "--stress", "--lang", code) for code in ("zh", "en"))
    assert told.stdout == english.stdout
    assert ("用英文写成" in told.stderr, "English" in english.stderr) == (True, False)
    kept = villagesim("describe", str(SMALL), "--stress", "--lang", "zh", "--out", str(tmp_path))
    assert "处要由您补写" in kept.stdout


def test_a_strategy_is_found_by_what_it_is_called() -> None:
    with vs.language("zh"):
        assert options.named(["只合并，五个一体", "五个一体,both"], ["both", "five integrations"]) == (
            "只合并，五个一体", "five integrations", "both",
        )  # fmt: skip
    assert options.named(["五个一体"], ["five integrations"]) == ("五个一体",)
    done = villagesim("run", str(SMALL), "--strategy", "不合并", "--lang", "zh")
    assert (done.returncode, "不合并" in done.stdout) == (0, True), done.stderr


def test_an_outcome_is_found_by_its_title() -> None:
    titles = {name: outcome.title for name, outcome in OUTCOMES.items()}
    for code, title in (("en", "Trust"), ("zh", "信任度")):
        with vs.language(code):
            assert [meant(name, titles) for name in (title, "trust", "thrust")] == ["trust", "trust", "thrust"]


def test_strategies_that_are_listed_are_told() -> None:
    done = villagesim("run", "packaged:one_town", "--strategy", "土地银行", "--lang", "zh")
    assert (done.returncode, "已有的：不合并" in done.stderr, "土地托管。" in done.stderr) == (2, True, True), (
        done.stderr
    )


def test_what_is_known_of_differences_and_of_the_best_is_told_in_chinese(tmp_path: Path) -> None:
    """After replications that are too few, and by titles, as outcomes are called."""
    common = ("compare", str(SMALL), "--strategies", "all of it", "--workers", "1", "--figures", "none", "--lang", "zh")
    few = (*common, "--until-settled", "集体收入", "--replications", "3", "--out", str(tmp_path / "few"))
    assert re.search(r"集体收入：约需再做 [\d,]+ 次重复", villagesim(*few).stdout)
    best = (*common, "--until-best", "实际融合程度", "--out", str(tmp_path / "best"))
    said = villagesim(*best).stdout
    assert "按“实际融合程度”，最好的方案是“all of it”" in said
    assert "因“实际融合程度”没有定义而剔除的" in said
    with vs.language("zh"):
        assert [named(str(Stopping(*each))) for each in ((30, 0, 1.0, 0), (None, 7, 1.0, 2))] == [
            "30 次重复已经足够", "约需再做 7 次重复；目前还有 2 项差异出现太少，给不出区间",
        ]  # fmt: skip


def test_a_run_is_drawn_in_english_where_no_font_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Units too: no boxes."""
    monkeypatch.setattr(style, "chinese_font", lambda: None)
    words = ("--lang", "zh", "--out", str(tmp_path), "--figures", "svg")
    assert villagesim("run", str(SMALL), "--strategy", "all of it", *words).returncode == 0
    drawn = (tmp_path / "figures/policies.svg").read_text(encoding="utf-8")
    assert "shares of each month" in drawn
    assert not re.search("[\u4e00-\u9fff]", drawn)


def test_a_title_that_holds_no_figure_is_told_as_it_is() -> None:
    with vs.language("zh"):
        assert named("Villages at or above 1.2.3 yuan") == "Villages at or above 1.2.3 yuan"
        assert named("Villages at or above 500,000 yuan") != "Villages at or above 500,000 yuan"


def test_the_month_of_a_goal_is_told_as_others_are() -> None:
    with vs.language("zh"):
        assert named("Trust at least 0.8 by 2021-07") == f"{month('2021-07')}末信任度达到 0.8"
        assert month("2021-07") == "2021 年 7 月"


def test_no_number_of_a_chinese_table_is_torn_and_no_line_begins_with_a_mark() -> None:
    cells = ("+0.103（+0.0807 至 +0.123）", "+0.0012（+0.00002 至 +0.0024）", "-7.2（-10.3 至 -4.9）")
    table = table_of("分配", *["人均集体收入（按常住人口）（元/人·年）"] * 5)
    table.add_row(*cells, *cells[:2])
    with redirect_stdout(StringIO()) as printed:
        Screen().print(table)
    words = [word for line in printed.getvalue().splitlines() for word in line.split()]
    assert {"+0.103", "（+0.0807", "+0.123）", "（+0.00002", "+0.0024）"} <= {*words}
    assert not [word for word in words if word[0] in "）·/"]


def test_an_option_without_its_value_is_refused_in_chinese() -> None:
    done = villagesim("--lang", "zh", "check", "packaged:one_town", "--villages")
    assert "选项 '--villages' 后面要有值。" in done.stderr
    assert not re.search("Error|requires", done.stderr)

"""Refusals in Chinese: found again by their patterns, with names and values as they are; what is missing is found out."""

import re
from pathlib import Path

import pytest
from refusals import Code
from retold import english_in

import villagesim as vs
from villagesim.errors import PolicyError, ScenarioError, joined, nearest
from villagesim.languages import named, refusals
from villagesim.refusals import Patterns, retell, retell_kept, retold

CODE = """
def refuse(name, old):
    rule = f"{name!r} is worn out" if old else "it is gone"
    raise VillagesimError(rule + ".", fix=way(name), at=[f"shelf {name}"])


def way(name):
    return f"Mend {name}, or buy another."
"""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("n = 0 must be a whole number of at least 1.", "n = 0 不对，应为：至少为 1 的整数。"),
        ("yearly = -1 must be at least 0 yuan.", "yearly = -1 不对，应为：至少 0 元。"),
        ("'land trust and more' is not a strategy here.", "这里没有叫 'land trust and more' 的方案。"),
        (
            "Did you mean 'place'?\n  (2 more to correct after these.)",
            "是不是 'place'？\n  （改正这些之后，还有 2 处要改。）",
        ),
        ("Known: both, land trust, no merger.", "已有的：both、land trust、no merger。"),
        ("shelf: 东村, 西村", "shelf: 东村, 西村"),
        ("holds no county 中阳县, 平定县.", "里面没有这些县：中阳县、平定县。"),
        ("[[strategy]] 3 (mine)", "[[strategy]] 第 3 个（mine）"),
        ("[[strategy.policy]] 1 (land_trust)", "[[strategy.policy]] 第 1 个（land_trust）"),
        ("[[target]] 2", "[[target]] 第 2 个"),
        ("form = 'x' must be one of union, chain.", "form = 'x' 不对，应为：union、chain 之一。"),
        ("figures: 'x' is no format. Choose among png, svg, pdf.", "figures：没有 'x' 这种格式。可选：png、svg、pdf。"),
        ("Give en or zh.", "请写 en 或 zh。"),
        ("out/a is being written to by process 9583 on vm.", "vm 上的进程 9583 正在写入 out/a。"),
        (
            "There are 911, among them a, b. All parameters: villagesim explain --all.",
            "共有 911 个，其中有 a、b。全部参数：villagesim explain --all。",
        ),
        (
            "Known: a, b. All parameters: villagesim explain --all.",
            "已有的：a、b。全部参数：villagesim explain --all。",
        ),
        ("row 5 (东村)", "第 5 行（东村）"),
        ("the table gives 3, the scenario says 4 in all.", "表里合计 3，而情景中写的是 4。"),
        ("/tmp/a and b.toml", "/tmp/a and b.toml"),
        ("县里的话", "县里的话"),
        (
            "There are 117 before and 73 after, among them 东村, 西村.",
            "共有合并前 117 个、合并后 73 个，其中有东村、西村。",
        ),
        (
            "Give a code: 370114013227 东殿村委会 in 白云湖街道; 370114013200 东湖村委会 in 白云湖街道.",
            "请写代码：370114013227 东殿村委会（白云湖街道）；370114013200 东湖村委会（白云湖街道）。",
        ),
        (
            "no village is left in county = 9.\n  There are these counties (committees): 130973 (79), 140105 (1,147) and 2 more.",
            "county = 9 里没有村。\n  现有这些县（村、居委会数）：130973（79）、140105（1,147）等，另有 2 个。",
        ),
        ("qx1 is not empty.", "qx1 不是空的。"),
        ("There are 3, among them a, b.", "共有 3 个，其中有 a、b。"),
    ],
)
def test_words_are_told_and_names_stay(text: str, told: str) -> None:
    with vs.language("zh"):
        assert retell(text) == told
    assert retell(text) == text


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        (
            "540103, with seed 1, income: 3 of 34 villages, none of them, at or above 500,000 yuan do not go with a mean of 9"
            " yuan. Correct share_above or mean_income.",
            "540103，种子为 1 时，income：34 个村中达到 500,000 元的有 3 个（一个也没有），与平均值 9 元不相符。"
            "请改正 share_above 或 mean_income。",
        ),
        (
            "540103, [place] all villages left the county. Is the roll after of the same place?",
            "540103，[place] 所有的村都离开了本县。合并后的名录是不是同一个地方的？",
        ),
        (
            "540103, strategy 'land, water and trust', land trust: the roll has no township '东镇'. Known: 西镇.",
            "540103，方案 'land, water and trust'，土地托管：名录里没有街镇 '东镇'。已有的：西镇。",
        ),
        ("540103, roll before row 3 (1): name is empty.", "540103，合并前的名录第 3 行（1）：name 是空的。"),
        (
            "540103, roll after row 5 (Smith, Jones and Co): code = 540103001201 stands in row 2 (西村) already.",
            "540103，合并后的名录第 5 行（Smith, Jones and Co）：code = 540103001201 在第 2 行（西村）已经有了。",
        ),
        ("levers: each of a, b comes after another one.", "levers：a、b 互为先后。"),
        ("ValueError: it broke", "ValueError: it broke"),
    ],
)  # fmt: skip
def test_a_whole_refusal_that_was_kept_is_told_place_by_place(kept: str, told: str) -> None:
    with vs.language("zh"):
        assert retell_kept(kept) == told
        within = retell(f"every county was refused; the first: {kept}")
    assert within == f"所有的县都无法运行；第一个的原因：{told}"
    assert retell_kept(kept) == kept


def test_what_holds_a_whole_refusal_calls_it_a_message() -> None:
    holding = [text for text in refusals("zh") if re.search("first(:| failure:) {", text)]
    assert holding
    assert not [text for text in holding if "{message}" not in text and "{DIED}" not in text]


NAMES = ("land trust", "land, water and trust", "Smith, Jones and Co", "rice or tea", "'s")


def test_names_in_a_list_stay_whole() -> None:
    """Also those that could be taken for two, in what is refused and in what is said of files that were read."""
    known = nearest("zzz", NAMES)
    assert known == "Known: \"'s\", 'Smith, Jones and Co', land trust, 'land, water and trust', 'rice or tea'."
    note = "map.geojson: 5 ({}) of its areas match no township here"
    with vs.language("zh"):
        assert retell(known) == (
            "已有的：\"'s\"、'Smith, Jones and Co'、land trust、'land, water and trust'、'rice or tea'。"
        )
        assert named(note.format(joined([*NAMES[:3], "trust"]))) == (
            "map.geojson：有 5 个区域对不上这里的任何街镇（land trust、'land, water and trust'、'Smith, Jones and Co'、trust）"
        )
        assert named("Got unexpected extra argument(s) (land, water and trust)") == "多出了参数：land, water and trust"
        assert "land, water and trust" in retell("[[strategy]] 1 (land, water and trust)")


def test_an_error_stays_english_and_is_told_with_its_places() -> None:
    problem = ScenarioError("end is missing.", fix="Add it.", at=("mine.toml", "row 3"))
    with vs.language("zh"):
        shown = retold(problem)
        assert str(problem) == "mine.toml row 3: end is missing. Add it."
    assert (type(shown), shown.rule, shown.fix) == (ScenarioError, "缺少 end。", "请加上。")
    assert shown.at == ("mine.toml", "第 3 行")
    assert str(shown) == "mine.toml 第 3 行：缺少 end。请加上。"
    assert str(ScenarioError("缺少 end。", at=("mine.toml", "因素 a"))) == "mine.toml，因素 a：缺少 end。"


def test_what_says_most_goes_first_and_sentences_are_told_one_by_one() -> None:
    patterns = Patterns(
        {"{name} is {what}.": "{name}是{what}。", "{name} is old.": "{name}旧了。", "Mend it.": "请修理。"}
    )
    assert patterns.told("the well is old. Mend it.") == "the well 旧了。请修理。"
    assert patterns.told("the well is deep.") == "the well 是 deep。"
    assert patterns.told("Nobody knows.") == "Nobody knows."


def test_english_that_is_left_is_found_out() -> None:
    assert english_in("the well is poisoned and nobody must drink.")
    assert not english_in("'the well is poisoned' is not a strategy here.")


def test_words_of_errors_are_found_in_code(tmp_path: Path) -> None:
    """In variables, in parts that are joined, in what helpers return, and in places."""
    (tmp_path / "well.py").write_text(CODE, encoding="utf-8")
    assert {*Code(tmp_path).refusals()} == {
        "{name} is worn out", "it is gone", "Mend {name}, or buy another.", "shelf {name}",
    }  # fmt: skip


def test_an_error_of_another_type_is_told_too() -> None:
    with vs.language("zh"):
        assert isinstance(retold(PolicyError("n = 0.")), PolicyError)

"""Refusals in Chinese: found again by their patterns, with names and values as they are; what is missing is found out."""

from pathlib import Path

import pytest
from refusals import Code
from retold import english_in

import villagesim as vs
from villagesim.errors import PolicyError, ScenarioError
from villagesim.refusals import Patterns, retell, retold

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
        ("[[strategy]] 3 (mine)", "[[strategy]] 第 3 个（mine）"),
        ("[[strategy.policy]] 1 (land_trust)", "[[strategy.policy]] 第 1 个（land_trust）"),
        ("[[target]] 2", "[[target]] 第 2 个"),
        ("holds no county 中阳县, 平定县.", "里面没有县 中阳县、平定县。"),
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
    ],
)
def test_words_are_told_and_names_stay(text: str, told: str) -> None:
    with vs.language("zh"):
        assert retell(text) == told
    assert retell(text) == text


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
    assert patterns.told("the well is old. Mend it.") == "the well旧了。请修理。"
    assert patterns.told("the well is deep.") == "the well是deep。"
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

"""Chinese pages hold what the English ones hold: who changes one is told until the other follows."""

import re
from collections.abc import Callable
from os.path import normpath
from pathlib import Path
from typing import Any

import pytest
from twins import CHINESE, ENGLISH, FENCED, ROOT, code, form, leads, links, literals, numbers

README = ROOT / "README.zh-CN.md"
PAGE = ROOT / "docs/zh/howto/extend.md"
IN_BOTH = (ROOT / "docs/glossary.md", ROOT / "docs/index.md", ROOT / "README.md")
"""Pages in both languages, and those that are named as the English ones."""


def read(page: Path) -> str:
    """Text of a page."""
    return page.read_text(encoding="utf-8")


def name(page: Path) -> str:
    """Name of a page from the root."""
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", ENGLISH, ids=name)
def test_a_chinese_page_has_the_form_the_code_and_the_links_of_the_english_one(page: Path) -> None:
    chinese, english = read(page), read(ENGLISH[page])
    assert form(chinese) == form(english)
    assert code(chinese) == code(english)
    assert links(chinese, page) == links(english, ENGLISH[page])


@pytest.mark.parametrize("page", [page for page in ENGLISH if page != README], ids=name)
def test_a_chinese_page_has_the_names_and_in_every_section_the_numbers_of_the_english_one(page: Path) -> None:
    """But for the README, whose headline is in 万元 and whose words of verdicts are explained by the English ones."""
    chinese, english = read(page), read(ENGLISH[page])
    assert literals(chinese) == literals(english)
    assert numbers(chinese) == numbers(english)


@pytest.mark.parametrize(
    ("held", "old", "new"),
    [
        (form, "\n- ", "\n"),
        (form, "## ", "# "),
        (code, "--resume", "--again"),
        (lambda text: links(text, PAGE), "experiments.md#when", "experiments.md#where"),
        (literals, "`--villages`", "`--places`"),
        (numbers, "After 30", "After 40"),
        (numbers, "+55 (+54", "+55 (-54"),
        (numbers, "50 million", "51 million"),
    ],
)
def test_a_change_of_the_english_page_is_noticed(held: Callable[[str], Any], old: str, new: str) -> None:
    text = "\n".join(read(ENGLISH[page]) for page in (PAGE, ROOT / "docs/zh/answers.md", ROOT / "docs/zh/index.md"))
    assert old in text
    assert held(text.replace(old, new, 1)) != held(text)


def test_sums_may_stand_in_the_units_of_either_language() -> None:
    assert numbers("50 million yuan in March 2022") == numbers("2022 年 3 月，5,000 万元")


@pytest.mark.parametrize("page", ENGLISH, ids=name)
def test_a_chinese_page_leads_to_chinese_pages_where_there_are_any(page: Path) -> None:
    places = {place for place, _ in leads(read(page), page)} - {ENGLISH[page]}
    assert not [name(place) for place in places if place in CHINESE]


def unsaid(text: str, page: Path) -> list[str]:
    """Links to pages that are in English alone of which neither their sentence or card says so, nor a bracket behind them."""
    found = []
    for link in re.finditer(r"\[[^\]]*\]\(([^):\s#]+[.]md)[^)]*\)", FENCED.sub("", text)):
        place = Path(normpath(page.parent / link[1]))
        before = re.split(r"。|\n\n|:::\{|\n\|", link.string[: link.start()])[-1]
        if place not in {*CHINESE, *ENGLISH, *IN_BOTH} and "英文" not in before + link.string[link.end() :][:3]:
            found.append(link[0])
    return found


@pytest.mark.parametrize("page", ENGLISH, ids=name)
def test_a_chinese_page_says_which_links_lead_to_english(page: Path) -> None:
    assert unsaid(read(page), page) == []


def test_a_link_to_an_english_page_that_says_nothing_is_found() -> None:
    page = ROOT / "docs/zh/index.md"
    said = "英文的[模型](../model.md)、[方程](../equations.md)。[模型](../model.md)（英文）；[教程](tutorial.md)。"
    assert unsaid(said, page) == []
    assert unsaid(f"{said}见[模型](../model.md)。", page) == ["[模型](../model.md)"]


def test_every_chinese_page_is_two_clicks_from_the_landing_page() -> None:
    landing, chinese = (ROOT / "docs/index.md", ROOT / "docs/zh/index.md")
    assert chinese in {place for place, _ in leads(read(landing), landing)}
    assert {*ENGLISH} - {README, chinese} <= {place for place, _ in leads(read(chinese), chinese)}

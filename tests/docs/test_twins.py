"""Chinese pages hold what the English ones hold: who changes one is told until the other follows."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from twins import CHINESE, ENGLISH, ROOT, code, form, leads, links, literals, numbers

README = ROOT / "README.zh-CN.md"
PAGE = ROOT / "docs/zh/howto/extend.md"


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


def test_every_chinese_page_is_two_clicks_from_the_landing_page() -> None:
    landing, chinese = (ROOT / "docs/index.md", ROOT / "docs/zh/index.md")
    assert chinese in {place for place, _ in leads(read(landing), landing)}
    assert {*ENGLISH} - {README, chinese} <= {place for place, _ in leads(read(chinese), chinese)}

"""Pages in two languages: which are twins, and what both must hold, whatever their words."""

import re
from calendar import month_name
from os.path import normpath
from pathlib import Path

ROOT = Path(__file__).parents[1]
CHINESE = {
    ROOT / "README.md": ROOT / "README.zh-CN.md",
    **{ROOT / "docs" / page.relative_to(ROOT / "docs/zh"): page for page in sorted(ROOT.glob("docs/zh/**/*.md"))},
}
"""Chinese page of an English one."""
ENGLISH = {chinese: english for english, chinese in CHINESE.items()}

FENCED = re.compile(r"^```(\S*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FORM = re.compile(r"^ *(#+ |- |\||>|:::+\S*|\*\*\d)", re.MULTILINE)
LINK = re.compile(r"\]\(([^):\s]+)\)")
LITERAL = re.compile(r"`([^`]+)`")
TO_CHINESE = re.compile(r' --lang zh|VILLAGESIM_LANG=zh|vs\.language\("zh"\)\n?')
"""How a reader asks for Chinese, which the English page does not."""
NUMBER = re.compile(r"(?<![\w.])([+-]?(?:\d[\d,]*(?:\.\d+)?|\.\d+)) ?(million\b|M\b|thousand\b|百万|千|万)?", re.ASCII)
SIZE = {"": 1, "thousand": 10**3, "千": 10**3, "万": 10**4, "million": 10**6, "M": 10**6, "百万": 10**6}
MONTH = re.compile("|".join(month_name[1:]))


def prose(text: str) -> str:
    """A page without its code."""
    return FENCED.sub("", text)


def code(text: str) -> list[tuple[str, str]]:
    """Blocks of a page by language, without remarks, the language of the output, and what is printed."""
    return [
        (language, TO_CHINESE.sub("", re.sub(r" {2,}#.*", "", block)))
        for language, block in FENCED.findall(text)
        if language.isalpha() and language != "text"
    ]


def form(text: str) -> list[str]:
    """Headings, rows of tables, items of lists, steps and boxes in their order."""
    return [mark.strip() for mark in FORM.findall(prose(text))]


def leads(text: str, page: Path) -> list[tuple[Path, str]]:
    """Files that a page leads to, each with a heading or nothing."""
    parts = [link.partition("#") for link in LINK.findall(prose(text))]
    return [(Path(normpath(page.parent / name)) if name else page, heading) for name, _, heading in parts]


def links(text: str, page: Path) -> set[tuple[Path, str]]:
    """The same by English pages; headings of those that have a twin are left out, as they have words of their own."""
    places = [(ENGLISH.get(place, place), heading) for place, heading in leads(text, page)]
    return {(place, "" if place in CHINESE else heading) for place, heading in places}


def literals(text: str) -> set[str]:
    """Names of files, columns, options and values."""
    return {" ".join(name.split()) for name in LITERAL.findall(prose(text)) if not TO_CHINESE.search(f" {name}")}


def numbers(text: str) -> list[list[float]]:
    """Numbers of every section, in order of their size; 5,000 万元 is 50 million yuan."""
    plain = MONTH.sub(lambda found: str([*month_name].index(found[0])), LITERAL.sub("", prose(text)))
    sections = re.split(r"^#+ ", re.sub(r"\]\([^)]*\)", "]", plain), flags=re.MULTILINE)
    return [sorted(float(n.replace(",", "")) * SIZE[size] for n, size in NUMBER.findall(each)) for each in sections]

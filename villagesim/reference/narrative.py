"""What the page on the model says in words, section by section, so that no second text of it can go astray."""

import re
from functools import cache

from villagesim.files.packaged import HOME

PAGE = HOME / "docs" / "model.md"
"""Of a checkout the page itself; an installed package holds a copy."""
TABLE = re.compile(r"<!-- table: [^>]*-->\n.*?<!-- end -->\n*", re.DOTALL)
CODE = re.compile(r"^[^\n]*:\n\n```python\n.*?^```\n*", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
LEAD = re.compile(r"^\*\*([A-Z][^*]*?)\.\*\*\s*", re.MULTILINE)


def section(number: str) -> str:
    """Text of a section by its number, without code, links, and the tables that are made from the code."""
    return _sections()[number]


def concept(name: str) -> str:
    """What the page says of one design concept, without its name."""
    intro = section("4").partition("\n### ")[0]
    _, *parts = LEAD.split(intro)
    return dict(zip(parts[::2], parts[1::2], strict=True))[name].strip()


@cache
def _sections() -> dict[str, str]:
    text = LINK.sub(r"\1", CODE.sub("", TABLE.sub("", PAGE.read_text(encoding="utf-8"))))
    _, *parts = re.split(r"^## (\d+) .*\n", text, flags=re.MULTILINE)
    return {number: said.strip() for number, said in zip(parts[::2], parts[1::2], strict=True)}

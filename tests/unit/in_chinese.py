"""What is told of an answer in Chinese, place by place, and the English that is left in it."""

import re
from collections.abc import Iterable
from contextlib import redirect_stdout
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from matplotlib import pyplot as plt
from matplotlib.text import Text

import villagesim as vs
from villagesim.plots import style
from villagesim.printing import print_answer
from villagesim.report.page import page

if TYPE_CHECKING:
    from villagesim.questions import Answer

WORD = re.compile(r"[A-Za-z]{2,}")
GAP = re.compile(r"\S[。；] +\S")
"""A blank between sentences, which Chinese has not."""
NAMES = frozenset({"Gini", "Python", "Shapley"})
"""Of people and programs, which stay as they are."""
FILES = re.compile(r"tables/\w+\.csv|villagesim \w+")
"""Names of files and commands, which do so too."""


class Shown(HTMLParser):
    """What one reads on a page, but for how it was made: that is files, commands and versions."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.within: list[str] = []
        self.made = False
        self.said: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.made = ("class", "made") in attrs if tag == "dl" else self.made
        if tag in ("style", "script", "code", "pre") or (tag == "dd" and self.made):
            self.within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.within and self.within[-1] == tag:
            self.within.pop()

    def handle_data(self, data: str) -> None:
        if not self.within:
            self.said.append(data)


def in_figure(answer: "Answer", name: str | None = None) -> str:
    """Words of a figure in Chinese."""
    with pytest.MonkeyPatch.context() as patch, vs.language("zh"):
        patch.setattr(style, "chinese_font", lambda: "DejaVu Sans")
        figure = answer.figure(name)
    plt.close(figure)
    return "\n".join(text.get_text() for text in figure.findobj(Text) if text.get_visible())


def told(answer: "Answer", folder: Path) -> dict[str, str]:
    """Headline, printed tables, words of each figure, and page of an answer, by the name of the place; no font is needed."""
    answer.save(folder, figures="none")
    with pytest.MonkeyPatch.context() as patch, vs.language("zh"), redirect_stdout(StringIO()) as printed:
        patch.setattr(style, "chinese_font", lambda: "DejaVu Sans")
        print_answer(answer, verbose=True)
        found = {"headline": "\n".join(answer.sentences), "printed": printed.getvalue()}
        found |= {f"figure {name}": in_figure(answer, name) for name in answer.figures}
        patch.setattr("villagesim.report.page.embedded", lambda *how: ([], [], []))
        found["page"] = "\n".join(Shown(page(folder)).said)
    return found


def english(texts: dict[str, str], own: Iterable[str] = ()) -> dict[str, list[str]]:
    """Words of Latin letters that are nobody's name, by place; ``own`` are names that users and files have."""
    known = NAMES | {word for name in own for word in WORD.findall(name)}
    found = {place: sorted({*WORD.findall(FILES.sub("", text))} - known) for place, text in texts.items()}
    return {place: words for place, words in found.items() if words}


def gaps(texts: dict[str, str]) -> dict[str, list[str]]:
    """Blanks between sentences, by place."""
    return {place: found for place, text in texts.items() if (found := GAP.findall(text))}

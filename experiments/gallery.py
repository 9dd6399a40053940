"""Show the figures of the shipped questions on one page, with what each found and the command that makes it.

DESIGN: none of its own. Questions, answers and figures are those of docs/answers.md, which `make answers` writes, and of the pages on
which the other figures stand; nothing is run.
OUTPUT: docs/gallery.md. Run with `make gallery`.
"""

import re
from pathlib import Path
from textwrap import fill

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "gallery.md"
SHORT, LONG = 60, 200
"""An answer in one line has as many characters at least, and at most."""
HEAD = """# Gallery

What can be asked, and what came out on Zhangqiu: the figure, one line of the answer, and the command that makes both. A click leads to
the answer in full, with its design. All of it holds under stated assumptions ([what it cannot tell](limits.md)). `make gallery` writes
this page from what is committed.
"""
OTHERS = {
    "zhangqiu": ("figures.md", "What does each strategy add?", "compare packaged:zhangqiu"),
    "who_became_what": (
        "who_became_what.md",
        "Which village went into which?",
        "map packaged:370114_2020 packaged:370114_2021",
    ),
    "worth": ("worth.md", "What should be surveyed first?", "worth packaged:zhangqiu"),
    "validate": ("validation.md", "How well does it foretell other places?", "validate"),
}
"""Figures that are no answer of a question: the page that explains each, what it shows, the command."""
IMAGE = re.compile(r"!\[([^\]]*)\]\(figures/(?:answers/)?(\w+)\.png\)")


def gallery() -> str:
    """Text of the page."""
    answers = (DOCS / "answers.md").read_text(encoding="utf-8")
    cards = [other(name, *about) for name, about in OTHERS.items()]
    cards += [answered(section) for section in re.split(r"^## ", answers, flags=re.MULTILINE)[1:]]
    return f"{HEAD}\n::::{{grid}} 1 1 2 2\n:gutter: 3\n\n{''.join(cards)}::::\n"


def other(name: str, page: str, question: str, command: str) -> str:
    """Card of a figure; below it stands what its page says that it shows."""
    pages = (path.read_text(encoding="utf-8") for path in (DOCS / page, DOCS.parent / "README.md"))
    shown = {
        found: words
        for text in pages
        for words, found in re.findall(IMAGE.pattern.replace("figures", "(?:docs/)?figures"), text)
    }
    return card(question, f"figures/{name}.png", page, f"{shown[name]}.", command)


def answered(section: str) -> str:
    """Card of a section of the answers."""
    question, answer, *_ = section.split("\n\n")
    name = next(found for _, found in IMAGE.findall(section))
    anchor = re.sub(r"[^\w\- ]", "", question.lower()).replace(" ", "-")
    line = one_line(" ".join(answer.split()))
    return card(
        question,
        f"figures/answers/{name}.png",
        f"answers.md#{anchor}",
        line,
        f"ask packaged:{name} --allow-code --full",
    )


def one_line(answer: str) -> str:
    """The first sentences of an answer, as many as say something; cut between its parts where they are too long."""
    line = ""
    for sentence in re.split(r"(?<=[.)]) (?=[A-Z0-9])", answer):
        line = f"{line} {sentence}".strip()
        if len(line) >= SHORT:
            break
    if len(line) <= LONG:
        return line
    ends = [
        at for at in range(LONG) if line[at : at + 2] in ("; ", ", ") and line[:at].count("(") == line[:at].count(")")
    ]
    return f"{line[: ends[-1]]}; and more."


def card(question: str, figure: str, page: str, line: str, command: str) -> str:
    """One figure with its words."""
    return (
        f":::{{grid-item-card}} {question}\n[![{question}]({figure})]({page})\n\n{fill(line, 120, break_on_hyphens=False)}\n\n"
        f"```console\n$ villagesim {command}\n```\n:::\n\n"
    )


if __name__ == "__main__":
    PAGE.write_text(gallery(), encoding="utf-8")
    print(PAGE)

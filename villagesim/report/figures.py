"""Figures inside a page: SVG files made smaller, with names of their own, and nothing in them that acts; or small pictures."""

import re
from base64 import b64encode
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from villagesim.errors import StoreError
from villagesim.languages import _, chinese, named
from villagesim.questions.answer import Answer
from villagesim.runs.exports import png, svg

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NUMBER, ALONG = re.compile(r"-?\d+\.\d{2,}"), re.compile(r'\b(?:d|points)="[^"]*"')
OWN = re.compile(r'(\bid="|href="#|url\(#)')
"""Where a name inside a drawing begins: its own, or one that it refers to."""
ACTS = re.compile(
    r"<script|<foreignObject|\son\w+\s*=|href=\"(?!#|data:image/png;base64,)|javascript:|@import|url\((?!#)",
    re.IGNORECASE,
)
"""What no drawing of the library holds, outside of its text."""
MARKUP = re.compile(r"<style\b.*?</style>|<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", re.DOTALL)
"""All that is no text of a drawing, in which neither ``<`` nor ``>`` may be left."""
WIDTHS, INKS = (1120, 900, 700), 128
"""Of a picture that stands for a drawing: the widest first [points], and how many colours it has."""
MOST_SAVED = 4
"""Times that the widest picture may be larger than the narrowest."""
MARKS = 400
"""Of a figure in the page, beside what is drawn [bytes]."""


def embedded(
    folder: Path, answer: Answer, room: int, width: float | None
) -> tuple[list[dict[str, str]], list[str], list[str]]:
    """Figures of an answer as far as there is room, the main one first, each as drawing, or as picture where that is too large.

    Of those that there is no room for, files in the folder, and names of those that have none.
    """
    shown: list[dict[str, str]] = []
    beside: list[str] = []
    nowhere: list[str] = []
    for name in answer.figures:
        if found := _fitting(folder, answer, name, room - MARKS, width):
            room -= sum(len(part.encode()) for part in found.values()) + MARKS
            shown.append({"name": named(name.replace("_", " ")), "svg": "", "picture": "", "words": ""} | found)
        elif files := sorted((folder / "figures").glob(f"{name}.*")):
            beside.append(f"figures/{files[0].name}")
        else:
            nowhere.append(name)
    return shown, beside, nowhere


def _fitting(folder: Path, answer: Answer, name: str, room: int, width: float | None) -> dict[str, str]:
    """A figure that fits: its drawing, or a picture with what it shows in words; nothing where neither does."""
    kept = _kept(folder / "figures" / f"{name}.svg") if width is None else ""
    if kept and _size(drawing := inline(kept, name)) < room:
        return {"svg": drawing}
    from matplotlib import pyplot as plt

    from villagesim.plots.captions import words_of

    figure = answer.figure(name, width=width)
    try:
        if not kept and _size(drawing := inline(svg(figure), name)) < room:
            return {"svg": drawing}
        said = words_of(figure)
        words = _("{title}. {text}", title=said.title, text=said.description) if said.description else said.title
        found = picture(figure, room - _size(words))
        return {"picture": found, "words": words} if found else {}
    finally:
        plt.close(figure)


def _kept(path: Path) -> str:
    """A drawing of the folder, in the language that is spoken."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return text if ('xml:lang="zh"' in text) == chinese() else ""


def _size(text: str) -> int:
    return len(text.encode())


def picture(figure: "Figure", room: int) -> str:
    """A figure as a PNG file in letters, of few colours and as wide as there is room for; empty where there is none."""
    from PIL import Image

    for width in WIDTHS:
        file, drawn = BytesIO(), Image.open(BytesIO(png(figure, width / figure.get_figwidth())))
        few = drawn.convert("RGB").quantize(INKS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        few.save(file, format="png", optimize=True)
        if len(letters := b64encode(file.getvalue()).decode("ascii")) < room:
            return letters
        if len(letters) > MOST_SAVED * room:
            break
    return ""


def inline(text: str, name: str) -> str:
    """A drawing as part of a page: without heading and metadata, its lines to a tenth of a point, its ids begun with ``name``.

    Raises
    ------
    StoreError
        Where it holds what could act or load something.
    """
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->\s*", "", text, flags=re.DOTALL).replace("xlink:href", "href")
    if found := ACTS.search("".join(MARKUP.findall(text))) or re.search("[<>]", MARKUP.sub("", text)):
        raise StoreError(
            f"the figure {name} is no drawing of the library: it holds {found[0]!r}.", fix="Run the question again."
        )
    head, mark, body = text.partition(">")
    box = re.search(r'viewBox="[^"]*"', head)
    body = OWN.sub(rf"\g<1>{name}-", ALONG.sub(lambda line: NUMBER.sub(_short, line[0]), body))
    body = re.sub(r">\s+<", "><", body)
    return f'<svg {box[0] if box else ""} role="img"{mark}{body.strip()}'


def _short(found: "re.Match[str]") -> str:
    text = f"{float(found[0]):.1f}"
    return text.removesuffix(".0") if text != "-0.0" else "0"

"""Figures inside a page: SVG files made smaller, with names of their own, and nothing in them that acts."""

import re

from villagesim.errors import StoreError

NUMBER, ALONG = re.compile(r"-?\d+\.\d{2,}"), re.compile(r'\b(?:d|points)="[^"]*"')
OWN = re.compile(r'(\bid="|href="#|url\(#)')
"""Where a name inside a drawing begins: its own, or one that it refers to."""
ACTS = re.compile(
    r"<script|<foreignObject|\son\w+\s*=|href=\"(?!#|data:image/png;base64,)|javascript:|@import|url\((?!#)",
    re.IGNORECASE,
)
"""What no drawing of the library holds."""


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
    if found := ACTS.search(text):
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

"""A document that follows a checklist: its items in order, what is known of each, and what is left to a human."""

from collections.abc import Sequence
from dataclasses import dataclass

LEFT = "To be written by you"
"""How every gap begins that no code can fill."""


@dataclass(frozen=True)
class Item:
    """One item of a checklist.

    Attributes
    ----------
    number, title : str
        As the checklist has them.
    said : str
        What is known, in Markdown; empty of a heading, which has items below it.
    left : tuple of str
        What a human has to add.
    """

    number: str
    title: str
    said: str = ""
    left: tuple[str, ...] = ()

    def __str__(self) -> str:
        level = "#" * (2 + self.number.count("."))
        gaps = [f"> **{LEFT}:** {gap}" for gap in self.left]
        return "\n\n".join([f"{level} {self.number} {self.title}", *filter(None, [self.said]), *gaps])


def document(title: str, preface: str, items: Sequence[Item]) -> str:
    """Markdown of all items; the last line counts what is left to a human."""
    gaps, n = sum(len(item.left) for item in items), sum(bool(item.said) for item in items)
    end = f"{gaps} gaps are left to you, in {sum(bool(item.left) for item in items)} of {n} items: search for *{LEFT}*."
    return "\n\n".join([f"# {title}", preface, *map(str, items), end]) + "\n"


def bullets(lines: Sequence[str]) -> str:
    """Markdown of a list."""
    return "\n".join(f"- {line}" for line in lines)

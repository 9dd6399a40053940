"""What stands in a page: plain text in the language that is spoken, and tables no longer than there is room for."""

from collections.abc import Sequence
from typing import Any

from villagesim.languages import named
from villagesim.text import plain


def told(text: object, context: str = "") -> str:
    """Text that others may have written, as it is told; of strategies with ``strategy`` as their context."""
    return plain(named(str(text), context))


def cut(name: str, heads: Sequence[str], rows: Sequence[Sequence[str]], most: int) -> dict[str, Any]:
    """A table of the page with the name of its file, its first rows, and how many are left out."""
    return {"name": name, "heads": heads, "rows": rows[:most], "left": max(len(rows) - most, 0)}

"""What a docstring says, in parts: its sentences, and what stands under *Attributes* for each name."""

import re
from inspect import cleandoc, getdoc
from typing import Any

SECTION = re.compile(r"^(\w+)\n-{3,}\n", re.MULTILINE)
ENTRY = re.compile(r"^(\w[\w, ]*?)(?: : (.*))?$")


def sentences(what: Any) -> str:
    """All that stands before the first section, in Markdown, a paragraph a line."""
    text = SECTION.split(own_docstring(what), maxsplit=1)[0]
    return "\n\n".join(" ".join(part.split()) for part in in_markdown(text).strip().split("\n\n"))


def attributes(shape: type) -> dict[str, tuple[str, str]]:
    """What a class and its bases say of each attribute: the words beside its name, and the text below."""
    found: dict[str, tuple[str, str]] = {}
    for owner in reversed(shape.__mro__):
        _, *parts = SECTION.split(own_docstring(owner))
        for title, text in zip(parts[::2], parts[1::2], strict=True):
            if title == "Attributes":
                found |= _entries(text)
    return found


def unit_of(about: str) -> str:
    """Unit at the end of what is said of an attribute, in brackets."""
    return about.rpartition("[")[2].rstrip("]. ") if about.rstrip(". ").endswith("]") else ""


def own_docstring(what: Any) -> str:
    """Docstring of a module, a function, or of a class itself, not of its bases."""
    text = what.__dict__.get("__doc__") if isinstance(what, type) else getdoc(what)
    return cleandoc(text or "")


def in_markdown(text: str) -> str:
    """Code and names of a docstring, as Markdown has them."""
    return re.sub(r":\w+:`~?([^`]*)`", r"``\1``", text).replace("``", "`")


def _entries(text: str) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    names: list[str] = []
    for line in text.splitlines():
        head = ENTRY.match(line)
        if head and not line.startswith(" "):
            names = head.group(1).split(", ")
            found |= dict.fromkeys(names, (head.group(2) or "", ""))
        elif line.strip():
            found |= {name: (found[name][0], f"{found[name][1]} {in_markdown(line.strip())}".strip()) for name in names}
    return found

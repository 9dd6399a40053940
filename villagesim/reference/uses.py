"""Who uses a name, read from the source of the library itself, so that it cannot drift."""

import ast
from functools import cache
from pathlib import Path

HOME = Path(__file__).parents[1]


@cache
def uses() -> dict[str, tuple[str, ...]]:
    """Modules that use each name, but for those of the parameters."""
    found: dict[str, set[str]] = {}
    for path in sorted(HOME.rglob("*.py")):
        module = ".".join(path.relative_to(HOME).with_suffix("").parts)
        if module.startswith("parameters."):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = (
                node.attr if isinstance(node, ast.Attribute) else node.value if isinstance(node, ast.Constant) else None
            )
            if isinstance(name, str):
                found.setdefault(name, set()).add(module)
    return {name: tuple(sorted(modules)) for name, modules in found.items()}

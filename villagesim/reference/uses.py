"""Who uses a name, read from the source of the library itself, so that it cannot drift."""

import ast
from functools import cache
from pathlib import Path

HOME = Path(__file__).parents[1]


def users(name: str) -> tuple[str, ...]:
    """Modules that use a name, but for those of the parameters."""
    return tuple(sorted(module for module, text in _texts().items() if name in text and name in _names(module)))


@cache
def _texts() -> dict[str, str]:
    """Source by module."""
    modules = {".".join(path.relative_to(HOME).with_suffix("").parts): path for path in HOME.rglob("*.py")}
    return {
        module: path.read_text(encoding="utf-8")
        for module, path in modules.items()
        if not module.startswith("parameters.")
    }


@cache
def _names(module: str) -> frozenset[str]:
    """Attributes and texts in the source of a module."""
    nodes = list(ast.walk(ast.parse(_texts()[module])))
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return frozenset(attributes | {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)})

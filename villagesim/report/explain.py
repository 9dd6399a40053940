"""Explain a parameter: what it means, where it comes from, and which part of the library uses it."""

import ast
from functools import cache
from pathlib import Path

from villagesim.parameters import THEMES, Parameter, Parameters

HOME = Path(__file__).parents[1]


@cache
def uses() -> dict[str, tuple[str, ...]]:
    """Modules that use each name, read from the source itself, so that it cannot drift."""
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


def explain(parameter: Parameter) -> str:
    """Say in a few lines what a parameter is."""
    theme = next((theme for theme, group in THEMES.items() if any(p.name == parameter.name for p in group)), "own")
    return "\n".join(
        (
            f"{parameter.name} = {parameter.value:,g} {parameter.unit}",
            f"  It is:   {parameter.meaning}.",
            f"  Range:   {parameter.low:,g} to {parameter.high:,g}",
            f"  Source:  {parameter.source}",
            f"  Theme:   {theme} (villagesim/parameters/{theme}.py)",
            f"  Used by: {', '.join(uses().get(parameter.name, ('nothing',)))}",
        )
    )


def assumptions_first(parameters: Parameters) -> list[Parameter]:
    """List all parameters, those without a source first, each group by name."""
    return sorted(parameters.values(), key=lambda p: (not p.is_assumption, p.name))

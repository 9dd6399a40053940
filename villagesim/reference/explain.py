"""Explain a parameter: what it means, where it comes from, and which part of the library uses it."""

import ast
from functools import cache
from pathlib import Path

from villagesim.errors import ParameterError, nearest
from villagesim.outcomes import OUTCOMES, Outcome
from villagesim.parameters import THEMES, Parameter, Parameters
from villagesim.policies import KINDS, Policy

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


def explain(name: str, parameters: Parameters) -> str:
    """Say in a few lines what a parameter, an outcome, a kind of policy or one of its settings is.

    Raises
    ------
    ParameterError
        Where nothing has this name.
    """
    if name in parameters:
        return explain_parameter(parameters[name])
    if name in OUTCOMES:
        return explain_outcome(OUTCOMES[name])
    holders = [kind for kind, policy in KINDS.items() if name == kind or name in policy.__dataclass_fields__]
    if holders:
        return "\n".join(explain_policy(KINDS[kind]) for kind in holders)
    known = [*parameters, *OUTCOMES, *KINDS]
    raise ParameterError(f"nothing is called {name!r}.", fix=f"{nearest(name, known)} All: villagesim explain --all.")


def explain_outcome(outcome: Outcome) -> str:
    """Say what an outcome measures."""
    better = {1: "more is better", -1: "less is better", 0: "neither more nor less is better"}[outcome.direction]
    smallest = f"{outcome.smallest:.0%} of the baseline's mean" if outcome.relative else f"{outcome.smallest:g}"
    return "\n".join(
        (
            f"{outcome.name}: an outcome [{outcome.unit}]",
            f"  It is:   {outcome.title}: {outcome.meaning}.",
            f"  Reading: {better}; the smallest difference that matters is {smallest}.",
        )
    )


def explain_policy(policy: type[Policy]) -> str:
    """Say what a policy does, and what can be set."""
    from dataclasses import MISSING
    from inspect import getdoc

    lines = [f"{policy.kind}: a policy"]
    lines += [f"  {line}" for line in (getdoc(policy) or "").splitlines()]
    lines.append("  Settings and defaults:")
    for name, field in policy.__dataclass_fields__.items():
        default = "must be given" if field.default is MISSING and field.default_factory is MISSING else field.default
        lines.append(f"    {name} = {default}" if default is not MISSING else f"    {name}")
    return "\n".join(lines)


def explain_parameter(parameter: Parameter) -> str:
    """Say in a few lines what a parameter is."""
    theme = next((theme for theme, group in THEMES.items() if any(p.name == parameter.name for p in group)), "own")
    return "\n".join(
        (
            f"{parameter.name} = {parameter.value:,g}" + (f" {parameter.unit}" if parameter.unit != "1" else ""),
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

"""Explain a name: a parameter, an outcome, a kind of policy or one of its settings; of the library or of a scenario's own."""

import ast
from functools import cache
from pathlib import Path

from villagesim.errors import ParameterError, nearest
from villagesim.outcomes import OUTCOMES, Outcome
from villagesim.parameters import DEFAULTS, THEMES, Parameter, Parameters
from villagesim.policies import KINDS, Policy
from villagesim.reference.docstrings import own_docstring
from villagesim.reference.keys import Key, keys_of
from villagesim.scenario import Scenario

HOME = Path(__file__).parents[1]


def explain(name: str, scenario: Scenario | None = None) -> str:
    """Say in a few lines what a name is, in the library or with what a scenario brings along.

    Raises
    ------
    ParameterError
        Where nothing has this name.
    """
    parameters = scenario.parameters if scenario else DEFAULTS
    outcomes = scenario.outcomes if scenario else OUTCOMES
    policies = kinds_of(scenario)
    if name in parameters:
        return explain_parameter(parameters[name])
    if name in outcomes:
        return explain_outcome(outcomes[name])
    if name in policies:
        return explain_policy(policies[name])
    if name in Policy.__dataclass_fields__:
        return explain_setting(name, "every policy", Policy)
    holders = {kind: policy for kind, policy in policies.items() if name in policy.__dataclass_fields__}
    if holders:
        return "\n".join(explain_setting(name, kind, policy) for kind, policy in holders.items())
    known = [*parameters, *outcomes, *policies]
    raise ParameterError(f"nothing is called {name!r}.", fix=f"{nearest(name, known)} All: villagesim explain --all.")


def kinds_of(scenario: Scenario | None) -> dict[str, type[Policy]]:
    """Kinds of policies of the library, and those that the strategies of a scenario use."""
    strategies = scenario.strategies.values() if scenario else ()
    used = {type(policy) for policies in strategies for policy in policies if isinstance(policy, Policy)}
    return {**KINDS, **{policy.kind: policy for policy in used}}


def explain_parameter(parameter: Parameter) -> str:
    """Say in a few lines what a parameter is."""
    theme = next((theme for theme, group in THEMES.items() if any(p.name == parameter.name for p in group)), None)
    lines = [
        f"{parameter.name} = {parameter.value:,g}" + (f" {parameter.unit}" if parameter.unit != "1" else ""),
        f"  It is:   {parameter.meaning}.",
        f"  Range:   {parameter.low:,g} to {parameter.high:,g}",
        f"  Source:  {parameter.source}",
    ]
    if theme is not None:
        lines.append(f"  Theme:   {theme} (villagesim/parameters/{theme}.py)")
        lines.append(f"  Used by: {', '.join(uses().get(parameter.name, ('nothing',)))}")
    return "\n".join(lines)


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
    said = own_docstring(policy).partition("\nAttributes\n")[0].rstrip()
    own = [key for key in keys_of(policy, Policy) if key.name != "kind"]
    lines = [f"{policy.kind}: a policy", *(f"  {line}".rstrip() for line in said.splitlines())]
    lines += (
        ["  Settings and defaults:", *(f"    {_setting(key)}" for key in own)] if own else ["  No settings of its own."]
    )
    lines.append(f"  As every policy: {', '.join(Policy.__dataclass_fields__)}.")
    return "\n".join(lines)


def explain_setting(name: str, kind: str, policy: type[Policy]) -> str:
    """Say what one setting of a policy is."""
    key = next(key for key in keys_of(policy) if key.name == name)
    return f"{name}: a setting of {kind}\n  {_setting(key)}"


def assumptions_first(parameters: Parameters) -> list[Parameter]:
    """List all parameters, those without a source first, each group by name."""
    return sorted(parameters.values(), key=lambda p: (not p.is_assumption, p.name))


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


def _setting(key: Key) -> str:
    """Name, default, unit and meaning of a setting in one line."""
    default = "must be given" if key.default == "required" else key.default.strip("`")
    unit = f" [{key.unit}]" if key.unit != "-" else ""
    return f"{key.name} = {default}{unit}" + (f": {key.meaning}" if key.meaning else "")

"""Explain a name: of a parameter, outcome, column, lever, process, policy or setting; the library's or a scenario's own."""

from collections.abc import Iterator
from dataclasses import fields

from villagesim.component import Column, Component, Lever
from villagesim.errors import ParameterError, nearest
from villagesim.languages import CHINESE, _, chinese, language, marked
from villagesim.languages import named as told_in
from villagesim.outcomes import Outcome
from villagesim.outcomes.of_levels import named
from villagesim.parameters import THEMES, Parameter, Parameters
from villagesim.policies import Policy
from villagesim.reference.docstrings import own_docstring
from villagesim.reference.grounds import informing
from villagesim.reference.keys import Key, keys_of
from villagesim.reference.known import Known
from villagesim.reference.uses import users
from villagesim.scenario import Scenario

RULES = {
    "rate": marked("a rate, contributions multiply"),
    "level": marked("a level, contributions add"),
    "capacity": marked("a capacity, contributions add"),
    "coverage": marked("a coverage, contributions are a union"),
}
"""How the contributions to a lever of each kind are combined."""
COMMON = tuple(field.name for field in fields(Policy))
"""Settings of every policy."""
PER = {"county": "for the whole county", "trust": "by land trust"}


def explain(name: str, scenario: Scenario | None = None) -> str:
    """Say in a few lines what a name is, in the library or with what a scenario brings along.

    Raises
    ------
    ParameterError
        Where nothing has this name.
    """
    known = Known(scenario)
    in_chinese = names_in_chinese(known)
    parts = [part for own in in_chinese.get(name, (name,)) for part in _parts(known, own)]
    if not parts:
        fix = f"{nearest(name, [*known.names(), *in_chinese])} All parameters: villagesim explain --all."
        raise ParameterError(f"nothing is called {name!r}.", fix=fix)
    return "\n".join(parts)


def names_in_chinese(known: Known) -> dict[str, list[str]]:
    """Names of outcomes, policies and parameters by what they are called in Chinese."""
    found: dict[str, list[str]] = {}
    with language(CHINESE):
        for name, words in (
            *((outcome.name, outcome.title) for outcome in known.outcomes.values()),
            *((kind, kind) for kind in known.policies),
            *((parameter.name, parameter.meaning) for parameter in known.parameters.values()),
        ):
            if (told := told_in(words)) != words:
                found.setdefault(told, []).append(name)
    return found


def _parts(known: Known, name: str) -> Iterator[str]:
    """What is said of a name; more than one thing may have it."""
    if name in known.parameters:
        yield explain_parameter(known.parameters[name], known.assembly.parameters.get(name))
    if name in known.outcomes:
        yield explain_outcome(known.outcomes[name])
    elif level := named(name):
        yield explain_outcome(level) + "\n" + _("  Where:   in scenarios that name its level in [place] thresholds.")
    if name in known.columns:
        yield explain_column(known.columns[name], known.assembly.columns[name])
    if name in known.assembly.levers:
        yield explain_lever(known.assembly.all_levers[name], known.assembly.levers[name], known.pullers(name))
    if name in known.processes:
        yield explain_process(known.processes[name])
    if name in known.policies:
        yield explain_policy(known.policies[name])
    if name in COMMON:
        yield explain_setting(name, "every policy", Policy)
    else:
        for kind, policy in known.policies.items():
            if name in {field.name for field in fields(policy)}:
                yield explain_setting(name, kind, policy)


def explain_parameter(parameter: Parameter, owner: type[Component] | None = None) -> str:
    """Say in a few lines what a parameter is."""
    theme = next((theme for theme, group in THEMES.items() if any(p.name == parameter.name for p in group)), None)
    lines = [
        f"{parameter.name} = {parameter.value:,g}" + (f" {told_in(parameter.unit)}" if parameter.unit != "1" else ""),
        _("  It is:   {meaning}.", meaning=told_in(parameter.meaning)),
        _("  Range:   {low:,g} to {high:,g}", low=parameter.low, high=parameter.high),
        _(
            "  Can be:  {low:,g} to {high:,g}: {what}",
            low=parameter.domain.low, high=parameter.domain.high, what=told_in(parameter.domain.what),
        ),
        _("  Source:  {source}", source=told_in(parameter.source)),
    ]  # fmt: skip
    if numbers := informing(parameter):
        lines.append(_("  Numbers: {ids}", ids=", ".join(f"{target.id} ({target.use})" for target in numbers)))
    if theme is not None:
        lines.append(_("  Theme:   {theme} (villagesim/parameters/{theme}.py)", theme=theme))
        lines.append(_("  Used by: {names}", names=", ".join(users(parameter.name)) or _("nothing")))
    elif owner is not None:
        lines.append(_("  Used by: {name}, which brings it along", name=owner.__name__))
    return "\n".join(lines)


def explain_outcome(outcome: Outcome) -> str:
    """Say what an outcome measures."""
    better = {1: _("more is better"), -1: _("less is better"), 0: _("neither more nor less is better")}[
        outcome.direction
    ]
    share = _("{margin:.0%} of the baseline's mean", margin=outcome.margin)
    margin = share if outcome.relative else f"{outcome.margin:g}"
    return "\n".join(
        (
            _("{name}: an outcome [{unit}]", name=outcome.name, unit=told_in(outcome.unit)),
            _("  It is:   {title}: {meaning}.", title=told_in(outcome.title), meaning=told_in(outcome.meaning)),
            _("  Reading: {better}; the smallest difference that matters is {margin}.", better=better, margin=margin),
        )
    )


def explain_column(column: Column, owner: type[Component]) -> str:
    """Say what a raw column of the record holds."""
    kind = "flow of the month" if column.kind == "flow" else "level at the end of the month"
    return "\n".join(
        (
            f"{column.name}: a column of the record [{column.unit}]",
            f"  It is:   {column.meaning}; {kind}, {PER.get(column.per, f'by {column.per}')}.",
            f"  Kept by: {owner.__name__} ({owner.__module__})",
        )
    )


def explain_lever(lever: Lever, owner: type[Component], pulled: list[str]) -> str:
    """Say what a lever moves, and who pulls it."""
    base = (
        "as the world starts"
        if callable(lever.base)
        else f"{lever.base:g}"
        if isinstance(lever.base, float)
        else lever.base
    )
    return "\n".join(
        (
            f"{lever.name}: a lever [{lever.unit}]",
            f"  It is:   {lever.meaning}; {PER.get(lever.per, f'by {lever.per}')}.",
            f"  Rule:    {RULES[lever.rule]}; where nobody pulls it: {base}.",
            f"  Read by: {owner.__name__} ({owner.__module__})",
            f"  Pulled by: {', '.join(pulled) or 'nobody'}",
        )
    )


def explain_process(process: type[Component]) -> str:
    """Say what happens in a process, and what it declares."""
    declared = {
        "Parameters": [parameter.name for parameter in process.parameters],
        "Columns": [column.name for column in process.columns],
        "Levers": [lever.name for lever in process.levers],
        "Pulls": process.pulls,
        "Offers": process.offers,
    }
    lines = [f"{process.__name__}: a process ({process.__module__})"]
    lines += [f"  {line}".rstrip() for line in own_docstring(process).splitlines()]
    return "\n".join([*lines, *(f"  {what}: {', '.join(names)}" for what, names in declared.items() if names)])


def explain_policy(policy: type[Policy]) -> str:
    """Say what a policy does, and what can be set."""
    said = own_docstring(policy).partition("\nAttributes\n")[0].rstrip()
    own = [key for key in keys_of(policy, Policy) if key.name != "kind"]
    called = f" ({told_in(policy.kind)})" if chinese() else ""
    lines = [_("{name}: a policy", name=policy.kind) + called, *(f"  {line}".rstrip() for line in said.splitlines())]
    settings = [_("  Settings and defaults:"), *(f"    {_setting(key)}" for key in own)]
    lines += settings if own else [_("  No settings of its own.")]
    lines += [_("  Pulls: {names}", names=", ".join(policy.pulls))] if policy.pulls else []
    lines.append(_("  As every policy: {names}.", names=", ".join(COMMON)))
    return "\n".join(lines)


def explain_setting(name: str, kind: str, policy: type[Policy]) -> str:
    """Say what one setting of a policy is."""
    key = next(key for key in keys_of(policy) if key.name == name)
    return _("{name}: a setting of {kind}", name=name, kind=kind) + f"\n  {_setting(key)}"


def assumptions_first(parameters: Parameters) -> list[Parameter]:
    """List all parameters, those without a source first, each group by name."""
    return sorted(parameters.values(), key=lambda p: (not p.is_assumption, p.name))


def _setting(key: Key) -> str:
    """Name, default, unit and meaning of a setting in one line."""
    default = _("must be given") if key.default == "required" else key.default.strip("`")
    unit = f" [{key.unit}]" if key.unit != "-" else ""
    return f"{key.name} = {default}{unit}" + (f": {key.meaning}" if key.meaning else "")

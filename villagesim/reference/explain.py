"""Explain a name: of a parameter, outcome, total, column, lever, process, policy or setting; else the head of a table.

The library's, or a scenario's.
"""

from collections.abc import Iterator
from dataclasses import fields

from villagesim.component import Column, Component, Lever
from villagesim.docstrings import attributes, own_docstring, sentences
from villagesim.errors import ParameterError, nearest
from villagesim.languages import CHINESE, LANGUAGES, _, chinese, language, marked
from villagesim.languages import named as told_in
from villagesim.outcomes import Outcome
from villagesim.outcomes.of_levels import named
from villagesim.parameters import THEMES, Parameter, Parameters
from villagesim.places.endowments import TOTALS
from villagesim.policies import Policy
from villagesim.reference.grounds import carried_over, informing
from villagesim.reference.heads import explain_head, heads
from villagesim.reference.keys import Key, keys_of, tables_of_keys
from villagesim.reference.known import Known
from villagesim.reference.uses import users
from villagesim.scenario import Scenario
from villagesim.wording import setting_in_words

RULES = {
    "rate": marked("a rate, contributions multiply"),
    "level": marked("a level, contributions add"),
    "capacity": marked("a capacity, contributions add"),
    "coverage": marked("a coverage, contributions are a union"),
}
"""How the contributions to a lever of each kind are combined."""
COMMON = tuple(field.name for field in fields(Policy))
"""Settings of every policy."""
PER = {
    "county": marked("for the whole county"), "township": marked("by township"), "village": marked("by village"),
    "constituent": marked("by constituent"), "seat": marked("by seat"), "account": marked("by account"),
    "trust": marked("by land trust"),
}  # fmt: skip
"""For what one figure stands."""
OF_PLACE = {
    "residents": marked("number of residents"), "mean_income": marked("Mean income"),
    "share_above": marked("Share above a line"), "arable": marked("Arable land"),
}  # fmt: skip
"""What totals of a place are called where a study is begun."""


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
        parts = list(explain_head(_headed().get(name.casefold(), "")))
    if not parts:
        fix = f"{nearest(name, [*known.names(), *TOTALS, *in_chinese, *_headed()])} All parameters: villagesim explain --all."
        raise ParameterError(f"nothing is called {name!r}.", fix=fix)
    return "\n".join(parts)


def _headed() -> dict[str, str]:
    """Columns of tables by what they are headed with, in all languages."""
    found: dict[str, str] = {}
    for code in LANGUAGES:
        with language(code):
            found = {head.casefold(): column for head, column in heads().items()} | found
    return found


def names_in_chinese(known: Known) -> dict[str, list[str]]:
    """Names of outcomes, policies and parameters by what they are called in Chinese."""
    found: dict[str, list[str]] = {}
    with language(CHINESE):
        for name, words in (
            *((outcome.name, outcome.title) for outcome in known.outcomes.values()),
            *((kind, kind) for kind in known.policies),
            *OF_PLACE.items(),
            *((parameter.name, parameter.name.replace("_", " ")) for parameter in known.parameters.values()),
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
    if name in TOTALS:
        yield explain_total(name)
    if name in known.columns:
        yield explain_column(known.columns[name], known.assembly.columns[name])
    if name in known.assembly.levers:
        yield explain_lever(known.assembly.all_levers[name], known.assembly.levers[name], known.pullers(name))
    if name in known.processes:
        yield explain_process(known.processes[name])
    if name in known.policies:
        yield explain_policy(known.policies[name])
    if name in COMMON:
        yield explain_setting(name, marked("every policy"), Policy)
    else:
        for kind, policy in known.policies.items():
            if name in {field.name for field in fields(policy)}:
                yield explain_setting(name, kind, policy)


def explain_parameter(parameter: Parameter, owner: type[Component] | None = None) -> str:
    """Say in a few lines what a parameter is."""
    theme = next((theme for theme, group in THEMES.items() if any(p.name == parameter.name for p in group)), None)
    value = f"{parameter.value:,g}"
    if parameter.unit != "1":
        value = _("{value} {unit}", value=value, unit=told_in(parameter.unit))
    lines = [
        f"{parameter.name}{_called(parameter.name.replace('_', ' '))} = {value}",
        _("  It is:   {meaning}.", meaning=told_in(parameter.meaning)),
        _("  Range:   {low:,g} to {high:,g}", low=parameter.low, high=parameter.high),
        _(
            "  Can be:  {low:,g} to {high:,g}: {what}",
            low=parameter.domain.low, high=parameter.domain.high, what=told_in(parameter.domain.what),
        ),
        _("  Source:  {source}", source=told_in(parameter.source)),
    ]  # fmt: skip
    if numbers := informing(parameter):
        lines.append(
            _(
                "  Numbers: {ids}",
                ids=_(", ").join(_("{id} ({use})", id=target.id, use=told_in(target.use)) for target in numbers),
            )
        )
    if words := carried_over(parameter):
        lines.append(_("  Assumed: {what}.", what=told_in(words)))
    if theme is not None:
        lines.append(_("  Theme:   {theme} (villagesim/parameters/{theme}.py)", theme=theme))
        lines.append(_("  Used by: {names}", names=_(", ").join(users(parameter.name)) or _("nothing")))
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


def explain_total(name: str) -> str:
    """Say what a total of the place is, which a scenario gives."""
    key = next(key for key in keys_of(tables_of_keys()["place"]) if key.name == name)
    return "\n".join(
        (
            _("{name}: a total in [place] of a scenario [{unit}]", name=name, unit=told_in(key.unit)),
            _("  It is:   {meaning}", meaning=told_in(key.meaning)),
        )
    )


def explain_column(column: Column, owner: type[Component]) -> str:
    """Say what a raw column of the record holds."""
    kind = _("flow of the month") if column.kind == "flow" else _("level at the end of the month")
    about = {"meaning": told_in(column.meaning), "kind": kind, "per": told_in(PER[column.per])}
    return "\n".join(
        (
            _("{name}: a column of the record [{unit}]", name=column.name, unit=told_in(column.unit)),
            _("  It is:   {meaning}; {kind}, {per}.", **about),
            _("  Kept by: {owner} ({module})", owner=owner.__name__, module=owner.__module__),
        )
    )


def explain_lever(lever: Lever, owner: type[Component], pulled: list[str]) -> str:
    """Say what a lever moves, and who pulls it."""
    base = lever.base
    told = _("as the world starts") if callable(base) else f"{base:g}" if isinstance(base, float) else base
    return "\n".join(
        (
            _("{name}: a lever [{unit}]", name=lever.name, unit=told_in(lever.unit)),
            _("  It is:   {meaning}; {per}.", meaning=told_in(lever.meaning), per=told_in(PER[lever.per])),
            _("  Rule:    {rule}; where nobody pulls it: {base}.", rule=told_in(RULES[lever.rule]), base=told),
            _("  Read by: {owner} ({module})", owner=owner.__name__, module=owner.__module__),
            _("  Pulled by: {names}", names=_(", ").join(pulled) or _("nobody")),
        )
    )


def explain_process(process: type[Component]) -> str:
    """Say what happens in a process, and what it declares."""
    declared = {
        marked("Parameters"): [parameter.name for parameter in process.parameters],
        marked("Columns"): [column.name for column in process.columns],
        marked("Levers"): [lever.name for lever in process.levers],
        marked("Pulls"): process.pulls,
        marked("Offers"): process.offers,
    }
    lines = [_("{name}: a process ({module})", name=process.__name__, module=process.__module__)]
    lines += _paragraphs(own_docstring(process))
    lines += [
        _("  {what}: {names}", what=told_in(what), names=_(", ").join(names))
        for what, names in declared.items()
        if names
    ]
    return "\n".join(lines)


def explain_policy(policy: type[Policy]) -> str:
    """Say what a policy does, and what can be set."""
    said = sentences(policy) if chinese() else own_docstring(policy).partition("\nAttributes\n")[0].rstrip()
    own = [key for key in keys_of(policy, Policy) if key.name != "kind"]
    lines = [_("{name}: a policy", name=policy.kind) + _called(policy.kind), *_paragraphs(said)]
    settings = [_("  Settings and defaults:"), *(f"    {_setting(policy, key)}" for key in own)]
    lines += settings if own else [_("  No settings of its own.")]
    lines += [_("  Pulls: {names}", names=_(", ").join(policy.pulls))] if policy.pulls else []
    lines.append(_("  As every policy: {names}.", names=_(", ").join(COMMON)))
    return "\n".join(lines)


def explain_setting(name: str, kind: str, policy: type[Policy]) -> str:
    """Say what one setting of a policy is."""
    key = next(key for key in keys_of(policy) if key.name == name)
    return _("{name}: a setting of {kind}", name=name, kind=told_in(kind)) + f"\n  {_setting(policy, key)}"


def assumptions_first(parameters: Parameters) -> list[Parameter]:
    """List all parameters, those without a source first, each group by name."""
    return sorted(parameters.values(), key=lambda p: (not p.is_assumption, p.name))


def _called(name: str) -> str:
    """What a name of the library is called in Chinese, in brackets; nothing in English, and for what is a user's own."""
    told = told_in(name)
    return _(" ({name})", name=told) if told != name else ""


def _paragraphs(text: str) -> list[str]:
    """A text as it is told, set in."""
    return [f"  {line}".rstrip() for line in told_in(text).splitlines()]


def _setting(policy: type[Policy], key: Key) -> str:
    """Name, default, unit and meaning of a setting in one line."""
    default = _("must be given") if key.default == "required" else key.default.strip("`")
    about = attributes(policy).get(key.name, ("", ""))[1]
    if (told := told_in(about)) != about:
        return _(
            "{name} ({called}) = {default}: {meaning}",
            name=key.name,
            called=setting_in_words(key.name),
            default=default,
            meaning=told,
        )
    unit = f" [{key.unit}]" if key.unit != "-" else ""
    return f"{key.name} = {default}{unit}" + (f": {key.meaning}" if key.meaning else "")

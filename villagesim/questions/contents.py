"""What strategies contain, in words: policies, when and for whom each acts, and settings that are not the usual ones."""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any

from villagesim.checks import is_number
from villagesim.docstrings import attributes, unit_of
from villagesim.languages import _, chinese, marked, named, whole_sum
from villagesim.policies import Policy
from villagesim.questions.verdicts import listed
from villagesim.scenario import Scenario
from villagesim.targets import Target
from villagesim.wording import (
    criterion_in_words,
    in_unit,
    label_in_words,
    number,
    one_after_another,
    quoted,
    setting_in_words,
    within,
)

TOLD = ("label", "start", "end", "when", "until", "phase_in", "target")
"""Settings that :func:`policy_in_words` tells of."""
MAPS = {
    "neighbours": marked("neighbours merge"), "strong with weak": marked("the strong merge with the weak"),
    "": marked("a map of its own"),
}  # fmt: skip
"""Who merges with whom, where it is not as published, by the rule."""


def contents(scenario: Scenario) -> dict[str, list[str]]:
    """What each strategy contains, by its name, a text each; nothing where it has no policy and merges as published."""
    found = {}
    for name, strategy in scenario.strategies.items():
        said = [] if strategy.merger or not scenario.merges else [_("no decree comes")]
        said += [named(MAPS[strategy.map.rule])] if strategy.map else []
        found[name] = said + [policy_in_words(each, scenario, titled=True) + _settings(each) for each in strategy]
    return found


def folded(parts: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The same, where a strategy that has all of one further up says so in place of its parts, the largest first."""
    found: dict[str, list[str]] = {}
    for name, own in parts.items():
        left, said = [*own], []
        for other in sorted(found, key=lambda other: -len(parts[other])):
            if parts[other] and {*parts[other]} <= {*left}:
                said.append(_("all of {strategy}", strategy=quoted(other)))
                left = [part for part in left if part not in parts[other]]
        found[name] = said + left
    return found


def policy_in_words(policy: Policy, scenario: Scenario, *, titled: bool = False) -> str:
    """Name of a policy, from when to when and for whom it acts; outcomes and villages by names and codes, or as they are told."""
    label = label_in_words(policy.label) if titled else named(policy.label)
    words = [_("{policy} from {day}", policy=label, day=policy.start)]
    when, until = (
        "" if condition is None else criterion_in_words(condition, scenario.outcomes, titled=titled)
        for condition in (policy.when, policy.until)
    )
    words += [_("when {condition}", condition=when)] if when else []
    words += [_("until {condition}", condition=until)] if until else []
    words += [_("to before {day}", day=policy.end)] if policy.end else []
    words += [_("over {months}", months=named(f"{policy.phase_in} months"))] if policy.phase_in > 1 else []
    return one_after_another([*words, _whom(policy.target, scenario, titled)])


def _whom(target: Target, scenario: Scenario, titled: bool) -> str:
    """Which villages, or how many by which outcome; nothing where it is all of them."""
    place, outcome = scenario.place, scenario.outcomes[target.outcome]
    known = {**place.names, **dict(zip(place.townships, place.township_names, strict=True))} if titled else {}
    names = listed(known.get(name, name) for name in target.names)
    by = within(outcome.title) if titled or chinese() else outcome.name
    level = whole_sum(target.level) if "yuan" in outcome.unit else number(target.level)
    return {
        "all": "",
        "townships": _("for townships {names}", names=names),
        "villages": _("for villages {names}", names=names),
        "lowest": _("for lowest {n} by {outcome}", n=target.n, outcome=by),
        "highest": _("for highest {n} by {outcome}", n=target.n, outcome=by),
        "random": _("for {n} by lot", n=target.n),
        "just_below": _("for those just below {level} by {outcome}", level=level, outcome=by),
    }[target.rule]


def _settings(policy: Policy) -> str:
    """In brackets, settings of a policy that are not the usual ones, with their units."""
    about, said = attributes(type(policy)), []
    for each in fields(policy):
        value = getattr(policy, each.name)
        if each.name not in TOLD and (each.default is MISSING or value != each.default):
            text = in_unit(_value(value), unit_of(about.get(each.name, ("", ""))[1])).strip()
            said.append(_("{what}: {text}", what=setting_in_words(each.name), text=text))
    return _(" ({settings})", settings=_(", ").join(said)) if said else ""


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, tuple):
        return " / ".join(map(_value, value))
    return number(float(value)) if is_number(value) else named(str(value))

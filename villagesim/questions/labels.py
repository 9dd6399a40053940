"""What a figure rests on, in one word out of the code: what moves it is looked up, and what its sources say is read.

An outcome says through which parts alone it can be moved, and which parameters and settings of policies set how much
(`Outcome`). A part that does not differ carries nothing, and neither does a parameter at zero: a road that is switched off takes
its label with it. A setting that a strategy has of its own is its choice; one at its default is as good as its source.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields

import numpy as np

from villagesim.docstrings import attributes
from villagesim.languages import _, named
from villagesim.outcomes import Outcome
from villagesim.outcomes.outcome import UNIT_COST
from villagesim.parameters import Parameters
from villagesim.policies import Policy
from villagesim.questions.strategies_answer import StrategiesAnswer
from villagesim.runs.table import RunTable
from villagesim.scenario import NO_MERGER, Scenario

ARITHMETIC, FOLLOWS, CALIBRATED, ASSUMPTION = LABELS = ("arithmetic", "follows", "calibrated", "assumption")
"""From the firmest to the weakest; the weakest of several counts."""
CARRIES = 0.1
"""Part of all that moves, from which on a part carries the figure."""


def carried(parameters: Parameters, policies: Iterable[Policy] = ()) -> dict[str, str]:
    """What each parameter, and each setting of these policies by ``kind.setting``, carries, in a word; empty at zero."""
    found = {ARITHMETIC: ARITHMETIC} | {name: own.label if own.value != 0 else "" for name, own in parameters.items()}
    for policy in policies:
        for name, word in _settings(policy):
            found[name] = weakest((word, found.get(name, "")))
    return found


def _settings(policy: Policy) -> Iterator[tuple[str, str]]:
    """Settings of a policy: assumptions where they stand at a default whose source says so, else the choice of a strategy."""
    about = attributes(type(policy))
    for setting in fields(policy):
        assumed = ASSUMPTION in about.get(setting.name, ("", ""))[1].lower()
        word = ASSUMPTION if assumed and getattr(policy, setting.name) == setting.default else ARITHMETIC
        yield f"{policy.kind}.{setting.name}", word
        if "_per_" in setting.name:
            yield UNIT_COST, word


def carried_by(scenario: Scenario, strategies: Iterable[str]) -> dict[str, dict[str, str]]:
    """What everything carries in the difference of each strategy to the baseline."""
    base = scenario.strategies[scenario.baseline]
    return {name: carried(scenario.parameters, (*scenario.strategies[name], *base)) for name in strategies}


def weakest(words: Iterable[str]) -> str:
    """The weakest of some words; empty where there is none."""
    return max(words, key=("", *LABELS).index, default="")


def label_of(names: Iterable[str], labels: Mapping[str, str]) -> str:
    """The weakest word for what these parameters and settings carry; empty where they are at zero, or nobody has them."""
    return weakest(labels.get(name, "") for name in names)


def label_of_parts(outcomes: Mapping[str, Outcome], moved: Mapping[str, float], labels: Mapping[str, str]) -> str:
    """The weakest word for parts that differ by so much in one unit; those that hardly differ beside the others say nothing."""
    whole = sum(abs(size) for size in moved.values())
    carrying = [name for name, size in moved.items() if abs(size) > 0 and abs(size) >= CARRIES * whole]
    return weakest(_label_of_road(outcomes[name].moved_by, labels) for name in carrying)


def _label_of_road(moved_by: Sequence[str], labels: Mapping[str, str]) -> str:
    """The weakest word of what moves one part; a setting of a policy does nothing where all its parameters are at zero."""
    parameters = [name for name in moved_by if "." not in name]
    return label_of(moved_by, labels) if label_of(parameters, labels) else ""


def label(answer: StrategiesAnswer, strategy: str, name: str, labels: Mapping[str, str]) -> str:
    """What the difference of a strategy to the baseline in an outcome rests on, in a word; empty where it does not differ."""
    outcomes = answer.known.outcomes
    own, base = answer.strategies.index(strategy), answer.strategies.index(answer.baseline)
    moved = {}
    for part in outcomes[name].parts or (name,):
        values = answer.at(part)
        moved[part] = float(np.nan_to_num((values[own] - values[base]).mean()))
    return label_of_parts(outcomes, moved, labels)


def words_of(runs: RunTable, scenario: Scenario, names: Iterable[str]) -> dict[str, str]:
    """By the titles of these outcomes, what the largest differences between strategies rest on; empty where that is not told.

    What does not differ is left out.
    """
    choices = [strategy for strategy in runs.strategies if strategy != NO_MERGER]
    if len(choices) < 2:
        return {}
    outcomes, base = scenario.outcomes, scenario.baseline if scenario.baseline in choices else choices[0]
    means = runs.frame.groupby(["strategy", "month"])[with_parts(names, outcomes)].mean()
    of_choices = means.loc[choices]
    moved = (of_choices - means.loc[base].reindex(of_choices.index, level="month")).abs().max().fillna(0.0)
    policies = [policy for name in choices for policy in scenario.strategies.get(name, ())]
    found, labels = {}, carried(scenario.parameters, policies)
    for name in names:
        parts = {part: float(moved[part]) for part in outcomes[name].parts or (name,)}
        word = label_of_parts(outcomes, parts, labels)
        if word or (any(parts.values()) and not (outcomes[name].parts or outcomes[name].moved_by)):
            found[outcomes[name].title] = word
    return found


def weaker(one: Mapping[str, str], other: Mapping[str, str]) -> dict[str, str]:
    """Words by title of both; of two for the same the weaker one."""
    both = {title: weakest((word, other.get(title, word))) for title, word in one.items()}
    return {**other, **both}


def with_parts(names: Iterable[str], outcomes: Mapping[str, Outcome]) -> list[str]:
    """Outcomes, and those through which alone they can be moved."""
    return list(dict.fromkeys(each for name in names for each in (name, *outcomes[name].parts)))


def bracketed(*words: str) -> str:
    """Labels behind a figure; nothing where there is none."""
    told = _(", ").join(named(word) for word in words if word)
    return _(" [{label}]", label=told) if told else ""


def legend() -> str:
    """What these words mean."""
    return _(
        "In brackets, what a figure rests on: arithmetic; follows, from processes whose prices and yields have sources;"
        " calibrated to published figures; assumption, a size without source."
    )

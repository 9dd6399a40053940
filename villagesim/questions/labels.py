"""What a figure rests on, in one word out of the code: what moves it is looked up, and what its sources say is read.

An outcome says through which parts alone it can be moved, and which parameters set how much (`Outcome`). A part that does not
differ carries nothing, and neither does a parameter at zero: a road that is switched off takes its label with it.
"""

from collections.abc import Iterable, Mapping

import numpy as np

from villagesim.languages import _, named
from villagesim.outcomes import Outcome
from villagesim.parameters import Parameters
from villagesim.questions.strategies_answer import StrategiesAnswer
from villagesim.runs.table import RunTable
from villagesim.scenario import NO_MERGER, Scenario

ARITHMETIC, FOLLOWS, CALIBRATED, ASSUMPTION = LABELS = ("arithmetic", "follows", "calibrated", "assumption")
"""From the firmest to the weakest; the weakest of several counts."""
CARRIES = 0.1
"""Part of all that moves, from which on a part carries the figure."""


def carried(parameters: Parameters) -> dict[str, str]:
    """What each parameter carries, in a word; empty where it is at zero."""
    return {ARITHMETIC: ARITHMETIC} | {name: own.label if own.value != 0 else "" for name, own in parameters.items()}


def label_of(names: Iterable[str], labels: Mapping[str, str]) -> str:
    """The weakest word for what these parameters carry; empty where they are all at zero."""
    return max((labels[name] for name in names), key=("", *LABELS).index, default="")


def label_of_parts(outcomes: Mapping[str, Outcome], moved: Mapping[str, float], labels: Mapping[str, str]) -> str:
    """The weakest word for parts that differ by so much in one unit; those that hardly differ beside the others say nothing."""
    whole = sum(abs(size) for size in moved.values())
    carrying = [name for name, size in moved.items() if abs(size) > 0 and abs(size) >= CARRIES * whole]
    return label_of([parameter for name in carrying for parameter in outcomes[name].moved_by], labels)


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
    found, labels = {}, carried(scenario.parameters)
    for name in names:
        parts = {part: float(moved[part]) for part in outcomes[name].parts or (name,)}
        word = label_of_parts(outcomes, parts, labels)
        if word or (any(parts.values()) and not (outcomes[name].parts or outcomes[name].moved_by)):
            found[outcomes[name].title] = word
    return found


def weaker(one: Mapping[str, str], other: Mapping[str, str]) -> dict[str, str]:
    """Words by title of both; of two for the same the weaker one."""
    both = {title: max(word, other.get(title, word), key=("", *LABELS).index) for title, word in one.items()}
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

"""Fields of a question that name strategies or outcomes as they are told, with the names that they have in the scenario."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from villagesim.languages import meant
from villagesim.questions.published import PublishedFigure
from villagesim.scenario import Scenario

CHOICES = ("strategies", "strategy", "against")
"""Fields of a question that name strategies."""
OUTCOMES = ("outcome", "outcomes", "until_settled", "until_best", "targets", "weights")
"""Fields of a question that name outcomes."""


def by_their_names(given: Mapping[str, Any], scenario: Scenario) -> dict[str, Any]:
    """Those of the fields that change, with their names."""
    strategies = {name: name for name in scenario.strategies}
    outcomes = {name: outcome.title for name, outcome in scenario.outcomes.items()}
    found = {key: _name_of(given.get(key), outcomes) for key in OUTCOMES}
    found |= {key: _name_of(own, strategies, "strategy") for key in CHOICES if are_names(own := given.get(key))}
    return {key: own for key, own in found.items() if own != given.get(key)}


def _name_of(given: Any, titles: Mapping[str, str], context: str = "") -> Any:
    """What is named by its title, or something in it, by its name; all else as it is."""
    if isinstance(given, str):
        return meant(given, titles, context)
    if isinstance(given, Mapping):
        return {meant(name, titles, context): value for name, value in given.items()}
    if isinstance(given, PublishedFigure):
        return replace(given, outcome=meant(given.outcome, titles))
    return tuple(_name_of(each, titles, context) for each in given) if isinstance(given, Sequence) else given


def are_names(given: object) -> bool:
    """Whether it is one name, or several."""
    return isinstance(given, Sequence) and all(isinstance(name, str) for name in given)

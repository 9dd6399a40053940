"""What a scenario gives, part by part, so that two results can tell in what their scenarios differ besides decrees."""

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from villagesim.runs.writing import hashed
from villagesim.scenario import Scenario

ROLL = "place.before"
"""The villages before any decree: of another roll it is another county."""
MAP = "place.map"
"""Who becomes what, or may: it goes with the decrees where they are others."""
OF_STRATEGIES = "strategies"
BY_PARTS = ("timetable", "place", "published", "parameters", "budget", "margins", "strategies")
OF_DECREES = ("history", "maps", "townships")
"""Parts of what decides results that are told by their own parts, and those that are told as the map, or go with it."""
LONGEST = 60
"""Characters of a value that is kept as it is; of a longer one its hash [characters]."""


def given(scenario: Scenario) -> dict[str, str]:
    """All that decides results, but decrees and names of townships: by its path a short text, the same where it is the same."""
    content, time = scenario.content(), scenario.timetable
    found: dict[str, Any] = {
        ROLL: content["place"][:2] if scenario.place.shares is None else scenario.place.whole.content()[:2],
        MAP: [content["place"][2:], content["history"], content["maps"]],
        **{name: getattr(time, name) for name in ("start", "stop", "elections")},
        **_named("place", {each.name: getattr(scenario.published, each.name) for each in fields(scenario.published)}),
        **_named("fund", {each.name: getattr(scenario.budget, each.name) for each in fields(scenario.budget)}),
        **_named("parameters", content["parameters"]),
        **_named("margins", content["margins"]),
        **_named(OF_STRATEGIES, content["strategies"]),
        **{name: value for name, value in content.items() if name not in (*BY_PARTS, *OF_DECREES)},
    }
    return {name: _short(value) for name, value in found.items()}


def _named(part: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{part}.{name}": value for name, value in values.items()}


def _short(value: Any) -> str:
    text = json.dumps(value, default=repr, sort_keys=True, ensure_ascii=False)
    return text if len(text) <= LONGEST else hashed(text.encode())

"""What a factor sets: values put into a scenario by path, checked as a scenario file is."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import fields, is_dataclass, replace
from datetime import date
from math import isclose, isfinite
from typing import Any

from villagesim.checks import is_number
from villagesim.dates import first_of_month, month_key
from villagesim.errors import DesignError, VillagesimError, joined, nearest, placed
from villagesim.files.tables import checked
from villagesim.policies import Policy
from villagesim.scenario import DRAWN, LIKELIEST, Scenario
from villagesim.targets import Target
from villagesim.timetable import Decree, Timetable

FIXED = ("fund.yearly", "merger.decree", "merger.announcement", "place.map", "place.mean_income", "draw", "replication")
"""Paths that stand for one thing; all others begin with ``parameters.``, ``policies.`` or ``kinds.``."""
SETTINGS = ("policies.", "kinds.")


def resolved(scenario: Scenario, values: Mapping[str, object]) -> dict[str, object]:
    """Values as they are run: whole numbers where a setting is one, dates as dates, targets in words.

    Raises
    ------
    VillagesimError
        Where there is nothing at a path, or a value is not of the kind that is set there.
    """
    return {path: _of_kind(_kind(scenario, path), path, value) for path, value in values.items()}


def settled(scenario: Scenario, path: str, values: Sequence[object], points: Sequence[object]) -> list[object]:
    """Values of one factor at all points as they are run.

    Raises
    ------
    VillagesimError
        With the point, where a value is not of the kind that is set at the path.
    """
    with placed(f"design point {points[0]}"):
        kind = _kind(scenario, path)
    if kind is float and set(map(type, values)) == {float} and all(map(isfinite, values)):  # type: ignore[arg-type]
        return list(values)
    found: list[object] = []
    try:
        for value in values:
            found.append(_of_kind(kind, path, value))
    except VillagesimError as problem:
        raise problem.inside(f"design point {points[len(found)]}") from None
    return found


def is_whole(scenario: Scenario, path: str) -> bool:
    """Whether a whole number is set at a path."""
    return _kind(scenario, path) is int


def applied(scenario: Scenario, values: Mapping[str, object]) -> Scenario:
    """Return a copy of the scenario with these values of factors; ``draw`` and ``replication`` are left to the run.

    Raises
    ------
    VillagesimError
        Where there is nothing at a path, or a value cannot be; the factor is named.
    """
    values = resolved(scenario, values)
    policies = _by_label(scenario, values)
    changed = {}
    for path, value in values.items():
        if path.startswith("parameters."):
            with _naming(path):
                changed[_name(path)] = scenario.parameters.changed(_name(path), value)  # type: ignore[arg-type]
    if changed:
        scenario = replace(scenario, parameters=scenario.parameters.with_changed(changed))
    for path, value in values.items():
        if path in ("fund.yearly", "draw", "replication") and value < 0:  # type: ignore[operator]
            raise DesignError(f"{value} must be at least 0.", at=[f"factor {path}"])
        if path == "fund.yearly":
            scenario = replace(scenario, budget=replace(scenario.budget, yearly=value))  # type: ignore[arg-type]
    for path, moved in (
        ("merger.decree", _decreed),
        ("merger.announcement", _announced),
        ("place.map", _mapped),
        ("place.mean_income", _earning),
    ):
        if path in values:
            scenario = moved(scenario, values[path])  # type: ignore[arg-type]
    return _with_settings(scenario, policies) if policies else scenario


def check_reach(scenario: Scenario, paths: Iterable[str], strategies: Collection[str]) -> None:
    """Refuse factors of policies that none of these strategies holds: they would change nothing.

    Raises
    ------
    DesignError
        With the strategies that hold the policy.
    """
    for path in paths:
        if path.startswith(SETTINGS):
            labels = {_way(scenario, own)[0] for own in _each_label(scenario, path)}
            holders = [
                name for name, policies in scenario.strategies.items()
                if any(policy.label in labels for policy in policies)
            ]  # fmt: skip
            if not set(holders) & set(strategies):
                raise DesignError(
                    "no strategy that is run holds it.",
                    fix=f"Run {' or '.join(map(repr, holders))}, or leave it out.",
                    at=[f"factor {path}"],
                )


def _name(path: str) -> str:
    return path.removeprefix("parameters.")


def _kind(scenario: Scenario, path: str) -> Any:
    """Kind of the value at a path: a number, a whole number, a date, or whatever a setting takes (None)."""
    if path.startswith("parameters."):
        with _naming(path):
            scenario.parameters[_name(path)]
        return float
    if path.startswith(SETTINGS):
        return _kind_of_setting(scenario, _each_label(scenario, path)[0])
    if path not in FIXED:
        known = ["parameters.<name>", "policies.<label>.<setting>", "kinds.<kind>.<setting>", *FIXED]
        raise DesignError(f"factor {path} is nothing that can be set.", fix=nearest(path, known))
    kinds = {
        "fund.yearly": float,
        "merger.decree": date,
        "merger.announcement": date,
        "place.map": str,
        "place.mean_income": float,
    }
    return kinds.get(path, int)


def _of_kind(kind: Any, path: str, value: object) -> object:
    if kind is date:
        return first_of_month(value, f"factor {path}", DesignError)  # type: ignore[arg-type]
    if kind in (int, float):
        if not is_number(value):
            raise DesignError(f"{value!r} must be a finite number.", at=[f"factor {path}"])
        if kind is int and value != int(value):
            raise DesignError(f"{value!r} must be a whole number.", fix="Correct it.", at=[f"factor {path}"])
        return kind(value)
    if kind is Target:
        with _naming(path):
            return _target(value).words
    return value


def _target(value: object) -> Target:
    """Target as it was made, as a scenario file writes it, or in words."""
    if isinstance(value, Mapping):
        value = checked(Target, value)
    if not isinstance(value, Target | str):
        raise DesignError(
            f"{value!r} is not a target.", fix='Write it as "all", as {rule = "lowest", n = 20} or in words.'
        )
    return Target.of(value) if isinstance(value, str) else value


def _each_label(scenario: Scenario, path: str) -> list[str]:
    """Paths by label of the policies that a path means: of all of the kind that it names."""
    if path.startswith("policies."):
        return [path]
    kind, _, setting = path.removeprefix("kinds.").partition(".")
    found = {policy.label: policy.kind for policy in _policies(scenario)}
    if kind not in found.values():
        raise DesignError(
            f"no strategy holds a policy of the kind {kind!r}.",
            fix=nearest(kind, {*found.values()}),
            at=[f"factor {path}"],
        )
    return [f"policies.{label}.{setting}" for label, own in found.items() if own == kind]


def _by_label(scenario: Scenario, values: Mapping[str, object]) -> dict[str, object]:
    """Values of settings by the label of their policies."""
    found: dict[str, object] = {}
    for path, value in values.items():
        for own in _each_label(scenario, path) if path.startswith(SETTINGS) else ():
            if own in found:
                raise DesignError(f"{own} is set twice.", fix="Leave one out.", at=[f"factor {path}"])
            found[own] = value
    return found


def _way(scenario: Scenario, path: str) -> tuple[str, list[str]]:
    """Label of the policy at a path, and the names that lead to the setting."""
    rest = path.removeprefix("policies.")
    labels = sorted({policy.label for policy in _policies(scenario)}, key=len, reverse=True)
    for label in labels:
        if rest.startswith(label + "."):
            return label, rest[len(label) + 1 :].split(".")
    label = rest.partition(".")[0]
    if label in labels:
        raise DesignError(f"factor {path} is a whole policy: name a setting of it, as {path}.start.")
    raise DesignError(
        f"no strategy holds a policy called {label!r}.", fix=nearest(label, labels), at=[f"factor {path}"]
    )


def _policies(scenario: Scenario) -> Iterator[Policy]:
    for policies in scenario.strategies.values():
        yield from policies


def _kind_of_setting(scenario: Scenario, path: str) -> Any:
    label, way = _way(scenario, path)
    owner: Any = next(policy for policy in _policies(scenario) if policy.label == label)
    kind: Any = None
    for step in way:
        if isinstance(owner, tuple) and step.isdecimal() and int(step) < len(owner):
            owner = owner[int(step)]
            kind = float if isinstance(owner, float) else type(owner)
            continue
        types = {f.name: f.type for f in fields(owner) if f.name != "label"} if is_dataclass(owner) else {}
        if step not in types:
            known = list(types) or ([str(place) for place in range(len(owner))] if isinstance(owner, tuple) else [])
            raise DesignError(f"there is no {step!r} to set.", fix=nearest(step, known), at=[f"factor {path}"])
        kind, owner = types[step], getattr(owner, step)
    return {float | None: float, date | None: date}.get(kind, kind)


def _with_settings(scenario: Scenario, values: Mapping[str, object]) -> Scenario:
    """Set policies in every strategy that holds them."""
    by_label: dict[str, dict[tuple[str, ...], object]] = {}
    paths: dict[str, list[str]] = {}
    for path, value in values.items():
        label, way = _way(scenario, path)
        by_label.setdefault(label, {})[tuple(way)] = _target(value) if way == ["target"] else value
        paths.setdefault(label, []).append(path)

    def changed(policy: Any) -> Any:
        if policy.label not in by_label:
            return policy
        with _naming(*paths[policy.label]):
            new = _replaced(policy, by_label[policy.label])
            scenario.strategy([new])  # refuses dates outside the run and targets that are not there
            return new

    strategies = {
        name: replace(strategy, policies=tuple(changed(policy) for policy in strategy))
        for name, strategy in scenario.strategies.items()
    }
    return replace(scenario, strategies=strategies)


def _replaced(owner: Any, values: Mapping[tuple[str, ...], object]) -> Any:
    """Copy of a policy, a target or a list with other values at the ends of these ways."""
    heads: dict[str, dict[tuple[str, ...], object]] = {}
    for way, value in values.items():
        heads.setdefault(way[0], {})[way[1:]] = value
    for head, inner in heads.items():
        if () in inner and len(inner) > 1:
            raise DesignError(f"{head} is set whole and in part.", fix="Leave one out.")
    new = {head: inner[()] if () in inner else _replaced(_part(owner, head), inner) for head, inner in heads.items()}
    if isinstance(owner, tuple):
        return _shared(owner, {int(head): value for head, value in new.items()})
    return replace(owner, **new)


def _part(owner: Any, head: str) -> Any:
    return owner[int(head)] if isinstance(owner, tuple) else getattr(owner, head)


def _shared(old: Sequence[Any], new: Mapping[int, Any]) -> tuple[Any, ...]:
    """List with other values; shares that add up to 1 keep doing so, those not given in proportion."""
    values = [new.get(place, value) for place, value in enumerate(old)]
    if len(new) == len(old) or not all(isinstance(v, float) for v in old) or not isclose(sum(old), 1.0, abs_tol=1e-9):
        return tuple(values)
    left, others = 1.0 - sum(new.values()), sum(value for place, value in enumerate(old) if place not in new)
    if left < 0 or not others:
        raise DesignError(
            f"shares of {sum(new.values()):g} leave {left:g} for the others.", fix="Give all, or smaller ones."
        )
    return tuple(value if place in new else value * left / others for place, value in enumerate(values))


def _decreed(scenario: Scenario, decree: date) -> Scenario:
    """Move the decree, and the announcement with it: not before the start, where the run begins."""
    dates, announcement, before = _merger(scenario, "merger.decree", decree)
    key = max(month_key(announcement) + month_key(decree) - month_key(before), month_key(dates.start))
    moved = date(key // 12, key % 12 + 1, 1)
    return replace(scenario, timetable=_with_first(dates, moved, decree))


def _announced(scenario: Scenario, announcement: date) -> Scenario:
    """Move the announcement alone."""
    dates, _, decree = _merger(scenario, "merger.announcement", announcement)
    if announcement > decree:
        raise DesignError(
            f"{announcement} must be not after the decree, {decree}.",
            fix="Choose an earlier date.",
            at=["factor merger.announcement"],
        )
    return replace(scenario, timetable=_with_first(dates, announcement, decree))


def _with_first(dates: Timetable, announcement: date, day: date) -> Timetable:
    """Timetable with another first decree; those after it stay where they are."""
    if dates.decrees[1:] and day >= dates.decrees[1].day:
        raise DesignError(
            f"{day} does not come before the next decree, {dates.decrees[1].day}.",
            fix="The factor moves the first decree alone: choose an earlier date.",
            at=["factor merger.decree"],
        )
    return replace(dates, decrees=(Decree(announcement, day), *dates.decrees[1:]))


def _mapped(scenario: Scenario, name: str) -> Scenario:
    """Take another map of the merger, which draws leave alone where it is the user's; or maps that are drawn."""
    choices = [*scenario.maps, *([DRAWN] if LIKELIEST in scenario.maps else [])]
    if name not in choices:
        known = nearest(str(name), choices)
        raise DesignError(
            f"{name!r} is no map that the scenario names in [place] maps.", fix=known, at=["factor place.map"]
        )
    maps = scenario.maps[LIKELIEST if name == DRAWN else name]
    of_runs = name if name in (LIKELIEST, DRAWN) else scenario.maps_of_runs
    return replace(scenario, place=maps.likeliest, history=maps, maps_of_runs=of_runs)


def _earning(scenario: Scenario, mean: float) -> Scenario:
    """Let the mean income of the first year have been another one."""
    if mean <= 0:
        raise DesignError(f"{mean:,.0f} must be above 0.", at=["factor place.mean_income"])
    return replace(scenario, published=replace(scenario.published, mean_income=mean))


def _merger(scenario: Scenario, path: str, day: date) -> tuple[Timetable, date, date]:
    """Timetable with announcement and decree; refused where there are none, or the new date is outside the run."""
    dates = scenario.timetable
    if dates.decree is None or dates.announcement is None:
        raise DesignError(
            "the scenario has no merger.", fix="Add [merger] with announcement and decree.", at=[f"factor {path}"]
        )
    if not dates.start <= day < dates.stop:
        raise DesignError(
            f"{day} lies outside the run, {dates.start} to before {dates.stop}.",
            fix="Choose a date within.",
            at=[f"factor {path}"],
        )
    return dates, dates.announcement, dates.decree


def _naming(*paths: str) -> AbstractContextManager[None]:
    """Put the factors before the message of what is refused inside."""
    return placed(f"factor {joined(paths)}")

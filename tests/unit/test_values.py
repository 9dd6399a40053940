"""Values stay as they were made: whatever can be reached from a public value, nothing in it gives way."""

import copy
import pickle
from collections.abc import Callable, Iterator, Mapping, MutableSequence, MutableSet
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from types import BuiltinFunctionType, FunctionType, MethodType

import numpy as np
import pandas as pd
import pytest

import villagesim as vs
from villagesim.design import Factor, latin_hypercube
from villagesim.outcomes import OUTCOMES, Goal
from villagesim.parameters import DEFAULTS, THEMES
from villagesim.policies import KINDS, Condition, Strategy
from villagesim.scenario import ALWAYS
from villagesim.targets import Target, townships, villages
from villagesim.timetable import Budget, Timetable

PLAIN = (
    str,
    bytes,
    bool,
    int,
    float,
    complex,
    date,
    type(None),
    type,
    FunctionType,
    MethodType,
    BuiltinFunctionType,
    np.generic,
)


def gives_way(value: object, path: str = "value", seen: dict[int, object] | None = None) -> Iterator[str]:
    """Paths of all that can be changed in a value and in what it holds."""
    seen = {} if seen is None else seen
    if isinstance(value, PLAIN) or id(value) in seen:
        return
    seen[id(value)] = value
    if isinstance(value, np.ndarray):
        yield from _array(value, path)
        return
    if isinstance(value, Mapping):
        yield from _mapping(value, path)
        for key, inner in value.items():
            yield from gives_way(inner, f"{path}[{key!r}]", seen)
    elif isinstance(value, MutableSequence | MutableSet | pd.DataFrame | pd.Series):
        yield path
        return
    elif isinstance(value, tuple | frozenset):
        for place, inner in enumerate(value):
            yield from gives_way(inner, f"{path}[{place}]", seen)
        return
    names = [name for name in dir(type(value)) if not name.startswith("_")] + list(getattr(value, "__dict__", ()))
    names += [one.name for one in fields(value)] if is_dataclass(value) else []
    for name in {name for name in names if not name.startswith("_")}:
        inner = getattr(value, name, None)
        if not isinstance(value, Mapping) and not callable(inner):
            yield from _attribute(value, name, f"{path}.{name}")
            again = getattr(value, name, None)
            if isinstance(inner, np.ndarray) and inner is not again and not np.shares_memory(inner, again):
                continue  # worked out anew for everybody who asks
            if isinstance(inner, pd.DataFrame):
                yield from _table(value, name, f"{path}.{name}")
            else:
                yield from gives_way(inner, f"{path}.{name}", seen)


def _array(array: np.ndarray, path: str) -> Iterator[str]:
    try:
        array.flags.writeable = True
    except ValueError:
        return
    yield path


def _mapping(mapping: Mapping, path: str) -> Iterator[str]:
    for change in (
        lambda: mapping.__setitem__("new", 1),
        lambda: mapping.update({}),
        lambda: setattr(mapping, "new", 1),
    ):
        try:
            change()
        except (AttributeError, TypeError):
            continue
        yield path
        return


def _attribute(value: object, name: str, path: str) -> Iterator[str]:
    old = getattr(value, name, None)
    try:
        setattr(value, name, old)
    except (AttributeError, TypeError):
        return
    yield path


def _table(value: object, name: str, path: str) -> Iterator[str]:
    table = getattr(value, name)
    before = table.copy()
    table["new"] = 0
    if not getattr(value, name).equals(before):
        yield path


@pytest.fixture(scope="module")
def values(one_town: vs.Scenario) -> dict[str, object]:
    """Every public value type, made as users make it: from lists, arrays and dicts of their own."""
    from dataclasses import replace

    n = len(one_town.place.before)
    scenario = replace(
        one_town,
        table={"income": np.full(n, np.nan)},
        strategies={
            **one_town.strategies,
            "own": [vs.policies.LandTrust(start="2022-03-01", target=villages("370114001200"))],
        },
        margins={"trust": 0.02},
        goals=[Goal(outcome="trust", at_least=0.5, at="2022-12", source="nobody")],
        about={"data": "none"},
    )
    endowment = scenario.endow(1)
    design = latin_hypercube([Factor("fund.yearly", 0.0, 1e6), Factor("merger.decree", values=["2021-07-01"])], 3, 1)
    return {
        "DEFAULTS": DEFAULTS, "THEMES": THEMES, "OUTCOMES": OUTCOMES, "KINDS": KINDS, "ALWAYS": ALWAYS,
        "scenario": scenario, "endowment": endowment, "design": design,
        "timetable": Timetable("2021-01-01", np.datetime64("2024-01-01"), elections=pd.Timestamp("2021-03-01")),
        "budget": Budget(1e6, 2021, "land_trust"), "target": Target(rule="villages", names=["370114001200"]),
        "condition": Condition(outcome="trust", below=0.4), "strategy": Strategy([vs.policies.LandTrust(start="2022-03-01")]),
        "in another process": pickle.loads(pickle.dumps([scenario, endowment, design]))[0],
        "endowment there": pickle.loads(pickle.dumps(endowment)), "design there": pickle.loads(pickle.dumps(design)),
        "a copy": copy.deepcopy(endowment),
    }  # fmt: skip


def test_nothing_gives_way(values: dict[str, object]) -> None:
    """No attribute can be set, and nothing can be written into an array, a mapping or a table."""
    for name, value in values.items():
        assert list(gives_way(value, name)) == []


def test_a_run_does_not_give_way(town_run: Callable[[str], vs.Run]) -> None:
    """Its history with events and settlements, its record with all that outcomes keep in it, here and in another process."""
    run = town_run("both")
    run.county, run.villages  # noqa: B018
    for history in (run.history, pickle.loads(pickle.dumps(run.history))):
        record, recorder = history.record, history.record.recorder
        assert len(history.events) > 100
        assert len(history.settlements) > 0
        kept = (recorder.tables, recorder.names, record.after_decree, record.village_of, tuple(record._memory.values()))
        for what in (history.events, history.settlements, history.codes, history.codes_decreed, history.picked, kept):
            assert list(gives_way(what)) == []
    assert list(gives_way(run.values("trust"))) == []


def test_what_gives_way_is_noticed() -> None:
    """The twin: a list, a dict, an array, a table and an attribute, each in a value that looks frozen."""

    @dataclass(frozen=True)
    class Looks:
        numbers: np.ndarray = field(default_factory=lambda: np.zeros(2))
        names: list[str] = field(default_factory=list)
        inner: tuple = ({"a": 1},)
        table: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"a": [1]}))
        locked: np.ndarray = field(default_factory=lambda: np.zeros(2))

    looks = Looks()
    looks.locked.flags.writeable = False  # its owner can unlock it again
    assert sorted(gives_way(looks)) == ["value.inner[0]", "value.locked", "value.names", "value.numbers", "value.table"]
    assert list(gives_way(type("Open", (), {"a": 1})())) == ["value.a"]


def test_what_a_notebook_shows_is_short(values: dict[str, object]) -> None:
    """One line each; tables where they help."""
    for name, value in values.items():
        parts = {f"{name}.{f.name}": getattr(value, f.name) for f in fields(value)} if is_dataclass(value) else {}
        for part, inner in (parts | {name: value}).items():
            if not isinstance(inner, Mapping | np.ndarray | pd.DataFrame):
                assert len(repr(inner)) <= 400, part
                assert "\n" not in repr(inner), part
    for name in ("DEFAULTS", "scenario", "design"):
        assert values[name]._repr_html_().startswith("<")
    assert repr(vs.policies.LandTrust(start="2022-03-01", household_floor=900)) == (
        "LandTrust(start='2022-03-01', household_floor=900)"
    )
    run = vs.simulate(values["scenario"])
    for part in (run, run.history, run.record):
        assert len(repr(part)) <= 100, part
    assert OUTCOMES["trust"]._repr_html_().startswith("<table><caption>trust: ")


def test_one_name_is_one_name(values: dict[str, object]) -> None:
    """A text where names are meant is not taken apart; lists and arrays of any kind are as many as they hold."""
    assert villages("370114001200").names == ("370114001200",)
    assert villages(np.array(["370114001200", "370114001201"])) == villages("370114001200", "370114001201")
    assert townships(["a", "b"]) == townships("a", "b") == townships(pd.Series(["a", "b"]))
    assert values["budget"].first == ("land_trust",)
    assert values["timetable"].elections == (date(2021, 3, 1),)
    assert Target(rule="lowest", n=np.int64(3)) == Target(rule="lowest", n=3)
    policy = vs.policies.FiveIntegrations(
        start=np.datetime64("2022-03-01"), facilitators=np.int32(2), budget=np.float64(1e6)
    )
    assert policy == vs.policies.FiveIntegrations(start="2022-03-01", facilitators=2, budget=1_000_000)
    assert (type(policy.facilitators), type(policy.budget)) == (int, float)

"""What `simulate` refuses (mistakes that would else run as the baseline, or crash in the middle), and what it leaves."""

import gc
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import villagesim as vs
from villagesim.errors import PolicyError, RunError, VillagesimError
from villagesim.parameters import Parameter
from villagesim.policies import Strategy
from villagesim.simulation import put_together


@pytest.mark.parametrize(
    ("strategy", "words"),
    [
        (["five integrations"], "is not a policy"),
        ([42], "is not a policy"),
        (vs.policies.LandTrust, "is not a policy"),
    ],
)
def test_a_strategy_is_a_name_or_a_list_of_policies(one_town: vs.Scenario, strategy: object, words: str) -> None:
    """Anything else is named and refused."""
    with pytest.raises(PolicyError, match=words):
        vs.simulate(one_town, strategy)


@pytest.mark.parametrize(
    "arguments", [{"seed": -1}, {"seed": "abc"}, {"replication": 1.5}, {"replication": -1}, {"draw": True}]
)
def test_luck_is_named_by_whole_numbers(one_town: vs.Scenario, arguments: dict[str, object]) -> None:
    """A seed that is no number would be another seed in silence."""
    with pytest.raises(RunError, match="whole number of at least 0"):
        vs.simulate(one_town, "both", **arguments)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda _: vs.simulate("one_town.toml"), "'one_town.toml' is not a scenario.*load_scenario"),
        (lambda _: vs.compare("one_town.toml", 2), "'one_town.toml' is not a scenario.*load_scenario"),
        (lambda town: vs.simulate(town, observers=None), "observers: None is not an observer"),
        (lambda town: vs.simulate(town, endowment={}), "endowment = {} is none"),
        (lambda town: vs.simulate(town, endowment=town.endow(1).income), "endowment = .* is none"),
        (lambda town: vs.load_scenario(town.source, allow_code="no"), "allow_code = 'no' must be True or False"),
        (lambda _: vs.targets.townships(None), "names = None is not a name"),
        (lambda _: Parameter("x", "m", "share", "x", 0, 1, "assumption"), "x.value = 'x' must be a finite number"),
    ],
)
def test_wrong_arguments_are_one_message(one_town: vs.Scenario, call: Callable[[Any], Any], words: str) -> None:
    """Each was a traceback, or ran as if nothing had been given."""
    with pytest.raises(VillagesimError, match=f"(?s){words}"):
        call(one_town)


def test_an_endowment_of_another_place_is_refused(one_town: vs.Scenario) -> None:
    """Other villages, and another map of the same villages; its own gives the same run."""
    wuhou = vs.load_scenario(Path(one_town.source).with_name("wuhou.toml"))
    with pytest.raises(RunError, match=r"endowment: it is of .* and the scenario of"):
        vs.simulate(one_town, endowment=wuhou.endow(1))
    with pytest.raises(RunError, match="another map of the merger"):
        vs.simulate(one_town, endowment=one_town.endow(1, 1))
    for draw in (0, 1):
        run = vs.simulate(one_town, draw=draw, endowment=one_town.endow(1, draw))
        assert run.county.equals(vs.simulate(one_town, draw=draw).county)


@pytest.mark.parametrize(
    "settings",
    [
        {"household_floor": "800"},
        {"household_floor": True},
        {"target": "poorest"},
        {"budget": "much"},
        {"cost_per_mu": None},
    ],
)
def test_settings_of_a_policy_have_their_type(settings: dict[str, object]) -> None:
    """In Python as in a file."""
    with pytest.raises(PolicyError, match="must be"):
        vs.policies.LandTrust(start="2022-03-01", **settings)


def test_a_record_outlives_its_run(one_town: vs.Scenario) -> None:
    """Who keeps only the record of a run may still read it."""
    kept = vs.simulate(one_town, []).record
    assert len(kept.column("trust")) == len(kept.labels)


@pytest.mark.parametrize(("name", "strategy"), [("one_town", "no merger"), ("zhangqiu", "1226")])
def test_a_world_goes_with_its_run(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, name: str, strategy: str
) -> None:
    """Nothing of it is left when the run is made, without a search for garbage: its memory is there for the next run."""
    scenario, left = request.getfixturevalue(name), []

    def watched(*what: Any) -> Any:
        world, processes, office = put_together(*what)
        left.extend(map(weakref.ref, (world, *processes, office)))
        return world, processes, office

    monkeypatch.setattr("villagesim.simulation.put_together", watched)
    gc.disable()
    try:
        run = vs.simulate(scenario, strategy)
        assert len(left) > 15
        assert [type(found()).__name__ for found in left if found() is not None] == []
        assert run.record.labels
    finally:
        gc.enable()


def test_one_policy_is_a_strategy_of_one(one_town: vs.Scenario) -> None:
    """With or without the brackets, and without a merger where it is said so."""
    policy = vs.policies.LandTrust(start="2022-03-01")
    assert one_town.strategy(policy) == one_town.strategy([policy]) == ("own", Strategy((policy,)))
    assert one_town.strategies["no merger"] == Strategy(merger=False)
    alone = Strategy(policy, merger=False)
    assert repr(alone) == "<strategy: land_trust; no merger>"
    assert vs.simulate(one_town, alone).record.n_villages[-1] == 117

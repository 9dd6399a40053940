"""What `simulate` refuses (mistakes that would else run as the baseline, or crash in the middle), and what it leaves."""

import gc
import weakref
from typing import Any

import pytest

import villagesim as vs
from villagesim.errors import PolicyError, RunError
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

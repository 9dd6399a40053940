"""No result changes without a word: every shipped strategy gives what the record holds (``make record``, and the changelog).

In ``make test`` those whose policies all stand in another one too are left out, and the second replication.

And all laws hold in these runs: of 1,261 poor villages, of a city without land, under every strategy to the end.
"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from checks import simulate
from laws import law_checks as law
from record.make import HERE, REPLICATIONS, SCENARIOS, given, runs

import villagesim as vs
from villagesim.runs.store import fingerprint


def check_all(scenario: vs.Scenario, run: vs.Run) -> None:
    """Every law that holds for any run."""
    for check in law.CHECKS:
        check(run)
    law.check_fund_is_never_overdrawn(run, scenario)
    law.check_people_and_land_are_conserved(run, scenario)
    law.check_grants_arrive(run, scenario.strategies[run.strategy])
    if not scenario.merges or run.strategy == "no merger":
        law.check_nothing_merges(run)


def held_by_another(scenario: vs.Scenario, name: str) -> bool:
    """Whether all policies of a strategy stand in another one too, where a change of any of them shows as well."""
    own = scenario.strategies[name]
    others = [policies for other, policies in scenario.strategies.items() if other != name]
    return bool(own) and any(all(policy in policies for policy in own) for policies in others)


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.long)], ids=["some", "every"])
@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_results_are_those_of_the_record_and_keep_all_laws(path: Path, every: bool) -> None:
    """The same bits in the environment that made the record; elsewhere the same numbers to 1e-9."""
    record = json.loads((HERE / f"{path.stem}.json").read_text(encoding="utf-8"))
    same_environment = record["environment"] == fingerprint()
    scenario, made = vs.load_scenario(path), {}
    strategies = {
        name: policies for name, policies in scenario.strategies.items() if every or not held_by_another(scenario, name)
    }
    for name, found in runs(replace(scenario, strategies=strategies), range(REPLICATIONS if every else 1), simulate):
        check_all(scenario, found)
        made[name] = given(found)
    assert {name.rpartition(",")[0] for name in record["runs"]} == {*scenario.strategies}
    shown = [policy for policies in strategies.values() for policy in policies]
    assert all(policy in shown for policies in scenario.strategies.values() for policy in policies)
    assert [*made] == [name for name in record["runs"] if every or name in made]
    for name, run in made.items():
        known = record["runs"][name]
        assert set(run["numbers"]) == set(known["numbers"]), name
        for outcome, value in run["numbers"].items():
            expected = known["numbers"][outcome]
            assert (value is None) == (expected is None), (name, outcome)
            if value is not None:
                assert np.isclose(value, expected, rtol=1e-9, atol=1e-9), (name, outcome, value, expected)
        if same_environment:
            changed = [
                c for c in {*run["columns"], *known["columns"]} if run["columns"].get(c) != known["columns"].get(c)
            ]
            assert not changed, f"{name}: other bits in {sorted(changed)}"
            assert run["events"] == known["events"], f"{name}: other events"

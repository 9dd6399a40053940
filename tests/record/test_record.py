"""No result changes without a word: every shipped strategy gives what the record holds (``make record``, and the changelog).

And all laws hold in these runs: of 1,261 poor villages, of a city without land, under every strategy to the end.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from checks import simulate
from laws import law_checks as law
from record.make import HERE, SCENARIOS, given, runs

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


@pytest.mark.parametrize("replication", [0, pytest.param(1, marks=pytest.mark.long)])
@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_results_are_those_of_the_record_and_keep_all_laws(path: Path, replication: int) -> None:
    """The same bits in the environment that made the record; elsewhere the same numbers to 1e-9."""
    record = json.loads((HERE / f"{path.stem}.json").read_text(encoding="utf-8"))
    same_environment = record["environment"] == fingerprint()
    scenario, made = vs.load_scenario(path), {}
    for name, found in runs(scenario, [replication], simulate):
        check_all(scenario, found)
        made[name] = given(found)
    assert list(made) == [name for name in record["runs"] if name.endswith(f" {replication}")]
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

"""No result changes without a word: every shipped strategy gives what the record holds (``make record``, and the changelog)."""

import json
from pathlib import Path

import numpy as np
import pytest
from record.make import HERE, SCENARIOS, of_scenario

from villagesim.runs.store import fingerprint


@pytest.mark.parametrize("replication", [0, pytest.param(1, marks=pytest.mark.long)])
@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_results_are_those_of_the_record(path: Path, replication: int) -> None:
    """The same bits in the environment that made the record; elsewhere the same numbers to 1e-9."""
    record = json.loads((HERE / f"{path.stem}.json").read_text(encoding="utf-8"))
    same_environment = record["environment"] == fingerprint()
    made = dict(of_scenario(path, [replication]))
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

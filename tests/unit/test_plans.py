"""What is said of what is to be run."""

from itertools import count

import pytest

from villagesim.asking import _announced
from villagesim.options import Ways
from villagesim.runs.effort import Effort


def test_a_second_plan_of_one_question_is_told_as_one_of_further_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """Two sets of as many runs are not one that is told twice; a plan of another question begins anew."""
    plan = Effort(200, 2, 30.0, float("nan"))
    for before in (count(), count()):
        for _ in range(2):
            _announced(Ways(), before, plan)
    said = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in said] == ["Plan", "Plan of further runs"] * 2
    assert all("200 runs, about 30 seconds on 2 processes" in line for line in said)

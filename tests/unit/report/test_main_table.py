"""Claim: the main table of a page has few columns, each figure with its unit and interval, and names the others."""

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from unit.report.kinds import answer_of

from villagesim.questions import Answer
from villagesim.questions.kinds import kind_of
from villagesim.report.main_table import SHOWN, main_table
from villagesim.report.page import _made

FEW = ("robust", "worth", "sensitivity", "trial", "cohort", "sweep")
MOST_COLUMNS, MOST = 7, 40
UNITS = {
    "robust": "Collective income [thousand yuan per village and year]", "sensitivity": "%",
    "trial": "[yuan per member and year]", "cohort": "Collective income [yuan per village and year]",
    "sweep": "income growth [per year]",
}  # fmt: skip


@pytest.mark.parametrize("kind", FEW)
def test_few_columns_are_shown_with_units_and_the_others_are_named(kind: str) -> None:
    answer = answer_of(kind)
    found = main_table(answer, MOST)
    table = answer.tables[found["name"]]
    assert len(found["heads"]) == len({*found["heads"]}) <= MOST_COLUMNS
    assert {len(row) for row in found["rows"]} == {len(found["heads"])}
    assert {*found["others"]} < {*map(str, table)}
    said = " ".join([*found["heads"], *(cell for row in found["rows"] for cell in row)])
    if kind == "worth":
        assert " per year" in said
        assert "what knowing it is worth [yuan per village and year]" in said
    else:
        assert UNITS[kind] in said
    assert " to " in said


def test_a_sweep_shows_points_and_paired_differences() -> None:
    found = main_table(answer_of("sweep"), MOST)
    assert found["name"] == "by_point"
    assert "difference to nothing but the merger, end of 2022-06" in found["heads"]
    growth = found["heads"].index("income growth [per year]")
    assert [row[growth] for row in found["rows"][:3]] == ["0", "0.05", "0.1"]
    assert found["rows"][0][growth + 1].startswith(("+", "-"))


def test_a_sweep_over_many_factors_or_dates_keeps_to_its_points() -> None:
    answer = answer_of("sweep")
    table = answer.tables["by_point"].assign(**{"merger.decree": [date(2021, 3, 1)] * len(answer.tables["by_point"])})
    dated = replace(
        answer,
        tables={"by_point": table},
        facts={**answer.facts, "units": {"merger.decree": "", **answer.facts["units"]}},
    )
    assert "2021-03-01" in main_table(dated, MOST)["rows"][0]
    many = replace(answer, facts={**answer.facts, "units": {f"parameters.{k}": "" for k in range(9)}})
    assert "point" in main_table(many, MOST)["heads"]
    assert len(main_table(many, MOST)["heads"]) <= MOST_COLUMNS


def test_of_a_kind_that_is_not_known_all_columns_are_shown() -> None:
    answer = replace(
        answer_of("sweep"), kind=kind_of("discover"), tables={"discover": pd.DataFrame({"a_b": [1.5], "c": [True]})}
    )
    assert main_table(answer, MOST) | {"title": ""} == {
        "name": "discover", "title": "", "heads": ["a b", "c"], "rows": [["1.5", "yes"]], "left": 0, "others": [], "note": "",
    }  # fmt: skip
    assert "discover" not in SHOWN


def test_runs_of_a_cohort_are_counted() -> None:
    """Two places, two replications, with and without the strategy."""
    answer = answer_of("cohort")
    assert dict(_made(answer, _results(answer), ""))["runs"] == "8"


def _results(answer: Answer) -> Any:
    from types import SimpleNamespace

    return SimpleNamespace(environment={}, about=answer.about)

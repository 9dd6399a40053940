"""Figures that are hardly in their unit are noted; those of the places that come with the library are not."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import villagesim as vs
from villagesim.reference.notes import notes
from villagesim.timetable import Budget

SCENARIOS = Path(__file__).parents[3] / "scenarios"

TOTALS = {
    "residents in 万": (
        {"residents": 120},
        "residents = 120 is 1.03 residents a village, .* looks like a figure in 万",
    ),
    "residents of a city": ({"residents": 9_000_000}, "residents = 9,000,000 is 76,923 residents a village"),
    "mean in 万": ({"mean_income": 50.0}, "mean_income = 50 is 50 yuan a village, .* looks like a figure in 万"),
    "threshold in 万": ({"threshold": 50.0}, "threshold = 50 is 50 yuan a village, .* in 万"),
    "mean of the county": ({"mean_income": 445e6}, "mean_income = 445,000,000 is 445,000,000 yuan a village"),
    "land in hectares": ({"arable": 8_700.0}, "arable = 8,700 is 0.161 mu a resident, .* looks like a figure in 公顷"),
    "land in 万亩": ({"arable": 13.1}, "arable = 13.1 is 0.112 mu a village, .* in 万亩"),
    "a share that was a percentage twice": (
        {"share_above": 0.00344},
        "hardly go together: log incomes would spread by 5",
    ),
}


@pytest.mark.parametrize(("change", "said"), TOTALS.values(), ids=TOTALS)
def test_a_total_in_another_unit_is_noted(one_town: vs.Scenario, change: dict[str, float], said: str) -> None:
    found = notes(replace(one_town, published=replace(one_town.published, **change)))
    assert any(re.search(said, note) for note in found), found


def test_all_totals_in_wan_are_noted_each(one_town: vs.Scenario) -> None:
    published = replace(one_town.published, residents=118, mean_income=50.0, threshold=50.0, arable=13.1)
    found = notes(replace(one_town, published=published, budget=Budget(500.0, 2022)))
    assert [note.split(" = ")[0] for note in found] == [
        "[place] residents",
        "[place] mean_income",
        "[place] threshold",
        "[place] arable",
        "[fund] yearly",
    ]


@pytest.mark.parametrize(("column", "value"), [("income", 12.5), ("arable", 60.0), ("residents", 20_000.0)])
def test_own_figures_in_another_unit_are_noted(one_town: vs.Scenario, column: str, value: float) -> None:
    values = np.full(len(one_town.place.before), np.nan)
    values[:3] = value
    (note,) = notes(replace(one_town, table={column: values}))
    assert f"{column} of the table is {value:,.6g} in the mean of 3 villages" in note
    assert "income(万元)" in note


def test_floors_by_hectare_are_noted(one_town: vs.Scenario) -> None:
    trust = vs.policies.LandTrust(start="2022-03-01", household_floor=12_000.0)
    (note,) = notes(replace(one_town, strategies={"trust": (trust,)}))
    assert "guarantees 12,100 yuan a mu" in note


@pytest.mark.parametrize("name", sorted(path.name for path in SCENARIOS.glob("*.toml")))
def test_the_places_of_the_library_get_no_note(name: str) -> None:
    """The twin: no place that is known is called odd."""
    assert notes(vs.load_scenario(SCENARIOS / name)) == []

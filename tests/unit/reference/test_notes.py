"""Figures that are hardly in their unit are noted; those of the places that come with the library are not."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import villagesim as vs
from villagesim.cli import app
from villagesim.outcomes import Goal
from villagesim.places.endowments import COLUMNS
from villagesim.reference.notes import notes
from villagesim.scenario import ALWAYS
from villagesim.targets import Target
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
    assert f"{COLUMNS[column]} of the table is {value:,.6g} in the mean of 3 villages" in note
    assert "income(万元)" in note


def test_floors_by_hectare_are_noted(one_town: vs.Scenario) -> None:
    trust = vs.policies.LandTrust(start="2022-03-01", household_floor=12_000.0)
    (note,) = notes(replace(one_town, strategies={"trust": (trust,)}))
    assert "guarantees 12,100 yuan a mu" in note


WEAK, NEAR = vs.policies.WeakVillageList, vs.targets.Target(rule="just_below", outcome="collective_income", level=50.0)
IN_TEN_THOUSANDS = {
    "lines": (WEAK(start="2022-03-01", lines=(10.0,)), "lines of weak_village_list of 'own' is 10 yuan a village"),
    "line": (vs.policies.Stakes(start="2022-03-01", money=1e6, line=50.0), "line of stakes of 'own' is 50 yuan"),
    "threshold": (vs.policies.TopUp(start="2022-03-01", threshold=50.0), "threshold of top_up of 'own' is 50 yuan"),
    "level": (
        vs.policies.Inspection(start="2022-03-01", officers=1, target=NEAR),
        "level of inspection of 'own' is 50",
    ),
}


@pytest.mark.parametrize("setting", IN_TEN_THOUSANDS)
def test_lines_in_ten_thousand_yuan_are_noted(one_town: vs.Scenario, setting: str) -> None:
    policy, said = IN_TEN_THOUSANDS[setting]
    (note,) = notes(replace(one_town, strategies={"own": (policy,)}))
    assert said in note
    assert "it looks like a figure in 万" in note


def test_villages_by_code_are_noted_where_each_replication_makes_them_of_others(one_town: vs.Scenario) -> None:
    """Who merges with nobody by name, or is no village any more, is the same in all maps; so is all with the likeliest one."""
    to, codes = one_town.place.map, one_town.place.codes
    merged, gone = (
        one_town.place.after.codes[np.argmax(to.n_constituents)],
        codes[int(np.argmax(one_town.place.vanishes))],
    )
    own = {"own": (FIRST(start="2022-03-01", target=vs.targets.villages(merged, gone)),)}
    (note,) = notes(replace(one_town, strategies=own))
    assert f"first_secretary of 'own' names villages by code that the merger makes, 1 ({merged})" in note
    assert notes(replace(one_town, strategies=own, maps_of_runs="likeliest")) == []
    only_gone = {"own": (FIRST(start="2022-03-01", target=vs.targets.villages(gone)),)}
    assert notes(replace(one_town, strategies=only_gone)) == []


@pytest.mark.parametrize("name", sorted(path.name for path in SCENARIOS.glob("*.toml")))
def test_the_places_of_the_library_get_no_note(name: str) -> None:
    """The twin: no place that is known is called odd."""
    assert notes(vs.load_scenario(SCENARIOS / name)) == []


TRUST, POSTS = vs.policies.LandTrust(start="2022-03-01"), {"start": "2022-03-01", "officers": 2}
MEDIATORS = vs.policies.MoreMediators(**POSTS)
FIRST = vs.policies.FirstSecretary
LOW = vs.policies.Condition(outcome="trust", at_least=0.01)
GOAL = {"outcome": "trust", "at": "2022-12", "at_least": 0.5}
WITHOUT_EFFECT = {
    "fund after the end": ({"budget": Budget(1e6, 99_999)}, [], r"\[fund\] since = 99999: no 1 January"),
    "fund on the day after the last": ({"budget": Budget(1e6, 2024)}, [], r"since = 2024: no 1 January .* to 2023-12-31"),
    "money after the end": (
        {"budget": Budget(1e6, 2022, also={2022: 1.0, 2024: 5.0})}, [], r"\[fund\] also: 1 January 2024 does not lie in the run",
    ),
    "no fund": ({"budget": Budget()}, [MEDIATORS], "more_mediators of 'own' costs money, and the fund is empty: it never acts"),
    "over before the fund": (
        {}, [FIRST(start="2021-03-01", end="2021-12-01")], "ends on 2021-12-01, before the fund is first filled, on 2022-01-01",
    ),
    "own budget of nothing": ({}, [replace(MEDIATORS, budget=0.0)], "its own budget is 0: it never acts"),
    "phase-in for ever": ({}, [FIRST(start="2022-03-01", phase_in=10**6)], "the 22 months that it runs: it reaches nobody"),
    "phase-in beyond the end": ({}, [FIRST(start="2022-03-01", phase_in=44)], "it reaches 50% of its villages at most"),
    "phase-in beyond its own end": (
        {}, [FIRST(start="2022-03-01", end="2022-09-01", phase_in=12)], "phase_in = 12 is longer than the 6 months",
    ),
    "target larger than the county": (
        {}, [replace(MEDIATORS, target=Target(rule="lowest", n=10**9))], "and there are 73 villages: it picks all",
    ),
    "target larger than the county before the decree": (
        {}, [FIRST(start="2021-03-01", target=Target(rule="random", n=118))], "target n = 118, and there are 117 villages",
    ),
    "over on the first day": ({}, [replace(MEDIATORS, until=LOW)], "until trust is at least 0.01 holds already on the first day"),
    "waits in vain": (
        {}, [replace(MEDIATORS, when=vs.policies.Condition(outcome="debt", at_least=1e308))], "it waits in vain",
    ),
    "goal twice": (
        {"goals": (Goal(**GOAL, source="a"), Goal(**GOAL, source="b"))}, [], "the goal for trust at 2022-12 is there twice",
    ),
    "election twice": ({"elections": ("2022-01-01", "2022-01-01")}, [], "the election of 2022-01-01 is there twice"),
    "one strategy twice": ({"names": ("land trust, again",)}, [TRUST], "strategies 'own' and 'land trust, again' are the same"),
    "names by case": ({"names": ("OWN",)}, [TRUST], "names 'own' and 'OWN' look alike"),
    "names by width": ({"names": ("ｏwn",)}, [TRUST], r"names 'own' and '\\uff4fwn' look alike"),
    "names by script": ({"names": ("\u043ewn",)}, [TRUST], r"names 'own' and '\\u043ewn' look alike: .*another script"),
    "labels by case": (
        {}, [replace(MEDIATORS, label="posts"), replace(MEDIATORS, label="Posts", officers=3)],
        "names 'posts' and 'Posts' look alike",
    ),
    "a freeze too late": (
        {}, [vs.policies.AccountFreeze(start="2021-05-01")], "after the announcement on 2021-04-01: it does nothing",
    ),
}  # fmt: skip
"""Changes of the scenario, policies of a strategy 'own', and what is said."""


@pytest.mark.parametrize(("changes", "policies", "said"), WITHOUT_EFFECT.values(), ids=WITHOUT_EFFECT)
def test_what_is_taken_and_does_nothing_is_noted(
    one_town: vs.Scenario, changes: dict[str, Any], policies: list[vs.policies.Policy], said: str
) -> None:
    strategies = {**ALWAYS, **dict.fromkeys(("own", *changes.get("names", ())), tuple(policies))}
    timetable = replace(one_town.timetable, elections=changes.get("elections", ()))
    rest = {key: value for key, value in changes.items() if key in ("budget", "goals")}
    found = notes(replace(one_town, strategies=strategies, timetable=timetable, **rest))
    assert any(re.search(said, note) for note in found), found


def test_what_does_something_is_not_noted(one_town: vs.Scenario) -> None:
    """The twins: just in time, just long enough, as many as there are, free of cost, and told apart."""
    policies = {
        "posts": MEDIATORS,
        "post": vs.policies.MoreMediators(start="2022-03-01", officers=1, until=replace(LOW, at_least=0.99)),
        "in time": FIRST(start="2021-03-01", end="2022-02-01", target=Target(rule="random", n=117)),
        "all of them": FIRST(start="2022-03-01", phase_in=22, target=Target(rule="lowest", n=73)),
        "a freeze": vs.policies.AccountFreeze(start="2021-04-01"),
    }
    strategies = {**ALWAYS, **{name: (policy,) for name, policy in policies.items()}}
    goals = (Goal(**GOAL, source="a"), Goal(**GOAL | {"at_least": 0.6}, source="a"))
    town = replace(one_town, strategies=strategies, goals=goals)
    assert notes(town) == []
    free = {**ALWAYS, "free": (replace(MEDIATORS, cost_per_officer=0.0),)}
    assert notes(replace(town, strategies=free, budget=Budget())) == []


def test_empty_names_of_files_are_noted_by_check_and_compare(tmp_path: Path) -> None:
    """Both print one list."""
    text = (SCENARIOS / "one_town.toml").read_text(encoding="utf-8")
    file = tmp_path / "town.toml"
    file.write_text(text.replace("arable =", 'map = ""\ntable = ""\narable =', 1), encoding="utf-8")
    found = notes(vs.load_scenario(file))
    assert [note.split(" is empty")[0] for note in found] == ['[place] map = ""', '[place] table = ""']
    said = CliRunner().invoke(app, ["check", str(file)]).output
    assert all(note in " ".join(said.split()) for note in found)


def test_other_numbers_of_villages_of_drawn_maps_are_noted(
    one_town: vs.Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where villages became communities, of which not all got one in each map."""
    assert notes(one_town) == []
    more = type(one_town.place).unmerged(one_town.place.before)
    of = vs.Scenario.place_of
    monkeypatch.setattr(
        vs.Scenario, "place_of", lambda self, seed, draw=0, replication=0: of(self, seed) if replication else more
    )
    (said,) = notes(one_town)
    assert "leaves 73 villages" in said
    assert "(the first 4: 73 to 117)" in said

"""Claim: what a strategy contains is told with dates, reach and settings, and no longer than it must be."""

from dataclasses import replace

import villagesim as vs
from villagesim.places.chosen_maps import ChosenMap
from villagesim.policies import CleanUp, LandTrust, Strategy
from villagesim.policies.conditions import Condition
from villagesim.questions.contents import contents, folded
from villagesim.targets import poorest, villages


def of(one_town: vs.Scenario, *policies: object, **how: object) -> list[str]:
    strategy = Strategy(policies, **how)  # type: ignore[arg-type]
    return contents(replace(one_town, strategies={"mine": strategy}))["mine"]


def test_dates_reach_conditions_and_settings_are_told(one_town: vs.Scenario) -> None:
    policy = CleanUp(
        start="2022-03-01", end="2023-01-01", officers=4, target=poorest(20),
        when=Condition(outcome="collective_income", below=600_000),
    )  # fmt: skip
    assert of(one_town, policy) == [
        "clean up from 2022-03-01 when Collective income is below 600 thousand yuan to before 2023-01-01"
        " for lowest 20 by collective income per member as reported (officers: 4 full posts)"
    ]


def test_villages_are_told_by_name(one_town: vs.Scenario) -> None:
    code, name = one_town.place.before.codes[0], one_town.place.before.names[0]
    (said,) = of(one_town, LandTrust(start="2022-03-01", target=villages(code)))
    assert name in said
    assert code not in said


def test_a_map_and_no_decree_are_told(one_town: vs.Scenario) -> None:
    assert of(one_town, map=ChosenMap("neighbours")) == ["neighbours merge"]
    assert contents(one_town)["no merger"] == ["no decree comes"]
    assert contents(one_town)[one_town.baseline] == []


def test_settings_have_chinese_names(one_town: vs.Scenario) -> None:
    with vs.language("zh"):
        assert of(one_town, CleanUp(start="2022-03-01", officers=4)) == ["清化收，2022-03-01 起（人员：4 全职岗位）"]


def test_what_is_in_another_is_not_told_twice() -> None:
    parts = {"none": [], "a": ["x"], "b": ["x", "y"], "c": ["z", "y", "x"], "d": ["y"]}
    assert folded(parts) == {
        "none": [], "a": ["x"], "b": ["all of 'a'", "y"], "c": ["all of 'b'", "z"], "d": ["y"],
    }  # fmt: skip

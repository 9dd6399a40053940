"""Claim: what a strategy contains is told with dates, reach and settings, and no longer than it must be."""

from dataclasses import replace

import pytest

import villagesim as vs
from villagesim.places.chosen_maps import ChosenMap
from villagesim.policies import CleanUp, LandTrust, Strategy
from villagesim.policies.conditions import Condition
from villagesim.questions.contents import contents, folded, policy_in_words
from villagesim.targets import Target, poorest, townships, villages


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


@pytest.mark.parametrize(
    ("target", "english", "chinese"),
    [
        (townships("白云湖街道", "相公庄街道"), "for townships 白云湖街道 and 相公庄街道", "对象街镇：白云湖街道和相公庄街道"),
        (poorest(3), "for lowest 3 by reported_income_per_member", "对象：上报人均集体收入（按社员）最低的 3 个村"),
        (Target(rule="random", n=5), "for 5 by lot", "对象：抽签选出的 5 个村"),
        (
            Target(rule="just_below", outcome="collective_income", level=500_000.0),
            "for those just below 500 thousand yuan by collective_income", "对象：集体收入略低于 50 万元的村",
        ),
    ],
)  # fmt: skip
def test_whom_a_policy_is_for_is_a_sentence(one_town: vs.Scenario, target: Target, english: str, chinese: str) -> None:
    policy = CleanUp(start="2022-03-01", officers=4, target=target)
    assert english in policy_in_words(policy, one_town)
    with vs.language("zh"):
        assert policy_in_words(policy, one_town) == f"清化收，2022-03-01 起，{chinese}"
        assert policy_in_words(policy, one_town, titled=True).endswith(chinese)


def test_settings_have_chinese_names(one_town: vs.Scenario) -> None:
    with vs.language("zh"):
        assert of(one_town, CleanUp(start="2022-03-01", officers=4)) == ["清化收，2022-03-01 起（人员：4 个全职岗位）"]


def test_what_is_in_another_is_not_told_twice() -> None:
    parts = {"none": [], "a": ["x"], "b": ["x", "y"], "c": ["z", "y", "x"], "d": ["y"]}
    assert folded(parts) == {
        "none": [], "a": ["x"], "b": ["all of 'a'", "y"], "c": ["all of 'b'", "z"], "d": ["y"],
    }  # fmt: skip

"""Patterns of support, projects and ratings: what emerges of them, and how far; each a paired comparison.

As in the other file, the chance that a pattern is seen by luck alone is 1 in 10,000 each. Where the literature says more than the
model shows, the test says what the model does, and the table of patterns in docs/model.md says what does not emerge.
"""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from checks import assert_lies_above
from patterns.paired import each, paths

import villagesim as vs
from villagesim.agents.committees import INTEGRATIONS, MILESTONES
from villagesim.policies import ProfessionalSecretaries, SeedMoney, StarRating, TopUp, Training
from villagesim.targets import Target, poorest
from villagesim.timetable import Budget

pytestmark = pytest.mark.long  # fourteen years each, together half a minute
ALONE = "nothing but the merger"
MONEY: dict[str, Any] = {"start": "2022-03-01", "end": "2025-03-01"}
WHILE_IT_FLOWS, FULL, TEN_YEARS_LATER = "2025-02", "2028-02", "2035-02"
N_LONG = 18  # replications of fourteen years: a mean of 1.5 standard deviations is seen with 91%


def until(scenario: vs.Scenario, stop: date) -> vs.Scenario:
    """The scenario up to the day before ``stop``, with money for everything."""
    return replace(scenario, timetable=replace(scenario.timetable, stop=stop), budget=Budget(1e9, 2021))


@pytest.fixture(scope="module")
def long_after(one_town: vs.Scenario) -> vs.Scenario:
    """The three townships, up to ten years after three years of support."""
    return until(one_town, date(2035, 3, 1))


@pytest.fixture(scope="module")
def alone(long_after: vs.Scenario) -> dict:
    """Nothing but the merger up to then."""
    names = "collective_income", "nominal_share_above_500k", "project_income", "secretary_skill", "real_integration"
    return paths(long_after, ALONE, *names, n=N_LONG)


def test_5_the_gap_opens_where_every_part_must_agree(one_town: vs.Scenario) -> None:
    """Of the milestones of economy and livelihood more are reported that are not real than of the other three."""

    def gap(run: vs.Run) -> float:
        merged = run.record.is_merged[-1]
        false = [
            run.record.column(f"false_{name}")[-1][merged].mean() / n
            for name, n in zip(INTEGRATIONS, MILESTONES, strict=True)
        ]
        return float(np.mean(false[3:]) - np.mean(false[:3]))

    assert_lies_above(0.0, each(until(one_town, date(2026, 1, 1)), ALONE, gap))


def test_6_projects_outlive_the_money(long_after: vs.Scenario, alone: dict) -> None:
    """Income is higher while money flows, and highest three years later; ten years later less than half has faded.

    What fades, fades as projects die. It is part, not much: the death rates would have to be higher by far.
    """
    policy = SeedMoney(form="cooperative", projects=24, **MONEY)
    found = paths(long_after, [policy], "collective_income", "project_income", n=N_LONG)
    gain = found["collective_income"] - alone["collective_income"]
    assert_lies_above(0.0, gain[WHILE_IT_FLOWS])
    assert_lies_above(0.0, gain[FULL] - gain[WHILE_IT_FLOWS])
    projects = found["project_income"] - alone["project_income"]
    assert_lies_above(0.0, projects[FULL] - projects[TEN_YEARS_LATER])
    assert_lies_above(0.0, projects[TEN_YEARS_LATER] - projects[FULL] / 2)


def test_6_little_is_left_of_top_ups(long_after: vs.Scenario, alone: dict) -> None:
    """The share in yuan of the year is higher while money flows; what is left later, out of pots it filled, a tenth at most."""
    found = paths(
        long_after, [TopUp(margin=150_000.0, **MONEY)], "collective_income", "nominal_share_above_500k", n=N_LONG
    )
    gain = {name: path - alone[name] for name, path in found.items()}
    assert_lies_above(0.03, gain["nominal_share_above_500k"][WHILE_IT_FLOWS])
    assert_lies_above(0.0, gain["collective_income"][WHILE_IT_FLOWS])
    for later in (FULL, TEN_YEARS_LATER):
        for name in gain:
            assert_lies_above(0.0, gain[name][WHILE_IT_FLOWS] / 10 - gain[name][later])


def test_6_the_skill_of_courses_fades_but_not_what_it_has_achieved(long_after: vs.Scenario, alone: dict) -> None:
    """Ten years later less than a tenth of the skill is left; the gain in integration of those years is still there."""
    found = paths(long_after, [Training(places=117, **MONEY)], "secretary_skill", "real_integration", n=N_LONG)
    skill, integration = (found[name] - alone[name] for name in ("secretary_skill", "real_integration"))
    assert_lies_above(0.05, skill[WHILE_IT_FLOWS])
    assert_lies_above(0.0, skill[WHILE_IT_FLOWS] / 10 - skill[TEN_YEARS_LATER])
    assert_lies_above(0.0, integration[FULL])
    assert_lies_above(0.0, integration[TEN_YEARS_LATER])


@pytest.fixture(scope="module")
def by_target(one_town: vs.Scenario) -> dict[str, dict[str, np.ndarray]]:
    """By strategy: where seed money lies, what it earns, Gini and spread of villages' income; a value a replication."""

    def seen(run: vs.Run) -> list[float]:
        income = vs.outcomes.OUTCOMES["collective_income"].village(run.record)[-1]
        return [*(float(run.outcomes[name][-1]) for name in names), float(np.nanstd(income))]

    def money(target: Target) -> list[vs.Policy]:
        return [SeedMoney(start="2022-03-01", form="cooperative", projects=24, target=target)]

    names = ("share_project_capital_richer_half", "project_income", "gini_income")
    strategies = {
        "none": ALONE,
        "all": money(Target()),
        "all, better secretaries": [
            *money(Target()),
            ProfessionalSecretaries(start="2022-03-01", cost_per_post=0.0),
        ],
        "by lot": money(Target(rule="random", n=36)),
        "poorest": money(poorest(36)),
    }
    scenario = until(one_town, date(2028, 1, 1))
    return {
        name: dict(zip((*names, "spread"), np.array(each(scenario, strategy, seen, n=14)).T, strict=True))
        for name, strategy in strategies.items()
    }


def test_7_money_without_a_target_drifts_to_the_strong(by_target: dict[str, dict[str, np.ndarray]]) -> None:
    """More than six tenths of it lie in the richer half, built in by the drift of grants; a target turns that round."""
    where = {name: found["share_project_capital_richer_half"] for name, found in by_target.items()}
    assert_lies_above(0.6, where["all"])
    assert_lies_above(0.6, 1 - where["poorest"])


def test_7_the_drift_makes_villages_more_unequal_than_a_lot_would(
    by_target: dict[str, dict[str, np.ndarray]],
) -> None:
    """Gini and spread of income are higher than with the same money by lot, and these than with the poorest as target."""
    for figure in ("gini_income", "spread"):
        assert_lies_above(0.0, by_target["all"][figure] - by_target["by lot"][figure])
        assert_lies_above(0.0, by_target["by lot"][figure] - by_target["poorest"][figure])


def test_7_the_spread_in_yuan_grows_but_not_the_gini(by_target: dict[str, dict[str, np.ndarray]]) -> None:
    """Against no money at all: grants are of one size, so they are worth relatively more to the poor even with the drift."""
    assert_lies_above(0.0, by_target["all"]["spread"] - by_target["none"]["spread"])
    assert_lies_above(0.0, by_target["none"]["gini_income"] - by_target["all"]["gini_income"])


def test_10_the_weakest_of_a_rating_turn_round_without_help(one_town: vs.Scenario) -> None:
    """Seven in ten villages with one star have more a year later, though nobody helps: raters see noise."""

    def turned_round(run: vs.Run) -> float:
        months = [run.record.labels.index(f"{year}-12") for year in range(2021, 2026)]
        stars = run.record.column("stars")[months]
        return float((stars[1:] > 1)[stars[:-1] == 1].mean())

    no_help = {"support_pace": 1.0, "support_skill": 0.0}
    scenario = until(one_town, date(2026, 1, 1)).with_parameters(**no_help)
    assert_lies_above(0.7, each(scenario, [StarRating(start="2021-12-01", officers=3)], turned_round))


def test_12_better_secretaries_raise_what_projects_earn(by_target: dict[str, dict[str, np.ndarray]]) -> None:
    """With seed money in the villages they do raise income: where there are assets to work with."""
    both, projects = (by_target[name]["project_income"] for name in ("all, better secretaries", "all"))
    assert_lies_above(0.0, both / projects - 1)

"""A strategy none of whose policies ever acted is called so, and no verdict is passed on what it would do."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import villagesim as vs
from villagesim.policies import CleanUp, Condition, FirstSecretary, FiveIntegrations, SeedMoney, TopUp
from villagesim.questions.answer import open_results
from villagesim.questions.comparison_answer import ComparisonAnswer
from villagesim.scenario import ALWAYS
from villagesim.targets import Target
from villagesim.timetable import Budget

START = "2021-02-01"
IDLE = {
    "never begun": CleanUp(start=START, officers=3, when=Condition(outcome="trust", below=0.01)),
    "nobody reached": CleanUp(start=START, officers=3, target=Target(rule="just_below", level=1.0)),
    "phased in too slowly": FirstSecretary(start=START, phase_in=100_000),
    "own cap of nothing": CleanUp(start=START, officers=3, budget=0.0),
    "less than one post": CleanUp(start=START, officers=3, budget=40.0),
    "less than one village": FirstSecretary(start=START, budget=40.0),
    "nobody near the level": TopUp(start=START, threshold=9e8, margin=1.0),
    "nothing merged yet": FiveIntegrations(start=START, facilitators=3, end="2021-05-01"),
    "no grant that could be paid": SeedMoney(start=START, form="chain", projects=1, end="2021-03-01"),
}
ACTS = {
    "one post": CleanUp(start=START, officers=1),
    "some months": FirstSecretary(start=START, phase_in=100, budget=20_000.0),
    "begun late": CleanUp(start=START, officers=3, when=Condition(outcome="accounts_per_village", at_least=1.2)),
}
FUND = Budget(1e7, 2021)


def compared(town: vs.Scenario, budget: Budget = FUND, **policies: vs.policies.Policy) -> ComparisonAnswer:
    """Each policy alone, for a year."""
    scenario = replace(
        town, timetable=replace(town.timetable, stop=date(2022, 1, 1), elections=()), goals=(), budget=budget,
        strategies={**ALWAYS, **{name: (policy,) for name, policy in policies.items()}},
    )  # fmt: skip
    return vs.compare(scenario, replications=2, workers=1)


@pytest.fixture(scope="module")
def answer(one_town: vs.Scenario) -> ComparisonAnswer:
    return compared(one_town, **IDLE, **ACTS)


@pytest.mark.parametrize("name", [*IDLE, *ACTS])
def test_who_never_acted_gets_no_other_verdict(answer: ComparisonAnswer, name: str) -> None:
    """The twins, which do a little, get one."""
    rows = answer.tables["comparison"].query("strategy == @name")
    assert (rows["verdict"] == "never acted").all() == (name in IDLE)
    assert (rows["verdict"] == "never acted").any() == (name in IDLE)
    said = answer.headline.partition("never acted")[0].rpartition(". ")[2]
    assert (name in said.removesuffix(": ").split("; ")) == (name in IDLE)


def test_it_is_known_when_results_are_read_again(one_town: vs.Scenario, tmp_path: Path) -> None:
    found = compared(one_town, **{name: IDLE[name] for name in list(IDLE)[:1]})
    assert open_results(found.save(tmp_path / "out")).idle == found.idle == ("never begun",)


@pytest.mark.parametrize("budget", [Budget(), Budget(1e7, 2031)], ids=["no fund", "fund after the end"])
def test_without_a_fund_what_costs_something_never_acts(one_town: vs.Scenario, budget: Budget) -> None:
    found = compared(one_town, budget, **ACTS)
    assert found.idle == tuple(ACTS)
    assert "a year;" not in found.headline


def test_one_of_two_that_acts_is_enough(one_town: vs.Scenario) -> None:
    """The strategy acted; its run says which policy did not."""
    both = (IDLE["never begun"], ACTS["some months"])
    run = vs.simulate(replace(one_town, budget=FUND), both)
    assert run.never_acted == ("clean_up",)

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

pytestmark = pytest.mark.usefixtures("figures_are_blank")

START = "2021-02-01"
IDLE = {
    "never begun": CleanUp(start=START, officers=3, when=Condition(outcome="trust", below=0.01)),
    "nobody reached": CleanUp(start=START, officers=3, target=Target(rule="just_below", level=1.0)),
    "phased in too slowly": FirstSecretary(start=START, phase_in=100_000),
    "own cap of nothing": CleanUp(start=START, officers=3, budget=0.0),
    "less than one village": FirstSecretary(start=START, budget=40.0),
    "nobody near the level": TopUp(start=START, threshold=9e8, margin=1.0),
    "nothing merged yet": FiveIntegrations(start=START, facilitators=3, end="2021-05-01"),
    "no grant that could be paid": SeedMoney(start=START, form="chain", projects=1, end="2021-03-01"),
}
ACTS = {
    "part of a post": CleanUp(start=START, officers=1, budget=2_000.0),
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
    rows = answer.tables["distribution"].query("strategy == @name")
    assert set(rows["verdict"] == "never acted") == {name in IDLE}
    said = answer.sentences[0].partition("never acted: ")[2]
    assert (name in said) == (name in IDLE)


def test_it_is_known_when_results_are_read_again(one_town: vs.Scenario, tmp_path: Path) -> None:
    found = compared(one_town, **{name: IDLE[name] for name in list(IDLE)[:1]})
    assert open_results(found.save(tmp_path / "out")).idle == found.idle == ("never begun",)


@pytest.mark.parametrize("budget", [Budget(), Budget(1e7, 2031)], ids=["no fund", "fund after the end"])
def test_without_a_fund_what_costs_something_never_acts(one_town: vs.Scenario, budget: Budget) -> None:
    found = compared(one_town, budget, **ACTS)
    assert found.idle == tuple(ACTS)
    assert [found.sentences[0].count(word) for word in ("better", "equal", "never acted: ")] == [0, 0, 1]


def test_one_of_two_that_acts_is_enough(one_town: vs.Scenario) -> None:
    """The strategy acted; its run says which policy did not."""
    both = (IDLE["never begun"], ACTS["some months"])
    run = vs.simulate(replace(one_town, budget=FUND), both)
    assert run.never_acted == ("clean_up",)


WHY = {
    "never begun": "condition never met", "nobody reached": "reached nobody", "phased in too slowly": "had nothing to do",
    "own cap of nothing": "own budget too small",
    "less than one village": "paid too little", "nobody near the level": "had nothing to do",
    "nothing merged yet": "had nothing to do", "no grant that could be paid": "had nothing to do",
}  # fmt: skip


def test_the_table_says_of_each_policy_why_and_in_how_many_runs(answer: ComparisonAnswer) -> None:
    """By the ledgers of all runs; one that acts has no row."""
    table = answer.tables["never_acted"].set_index("strategy")
    assert table["why"].to_dict() == WHY
    assert table.loc["never begun", ["policy", "runs", "share"]].tolist() == ["clean_up", 2, 1.0]


@pytest.mark.parametrize(
    ("budget", "why"), [(Budget(), "no fund"), (Budget(1e7, 2021, first=("before",)), "never paid")]
)
def test_one_of_several_that_never_acted_is_named(one_town: vs.Scenario, budget: Budget, why: str) -> None:
    """The strategy acted in one way or another, so it is not idle; its policy is, in those runs in which it was."""
    poor = replace(budget, yearly=min(budget.yearly, 3e4))
    both = (
        FirstSecretary(start=START, label="before"),
        FirstSecretary(start=START),
        vs.policies.Ranking(start=START),
    )
    scenario = replace(
        one_town, timetable=replace(one_town.timetable, stop=date(2021, 7, 1), elections=()), goals=(), budget=poor,
        strategies={**ALWAYS, "both": both},
    )  # fmt: skip
    answer = vs.compare(scenario, replications=2, workers=1)
    rows = answer.tables["never_acted"].set_index("policy")
    assert rows.loc["first_secretary", ["why", "share"]].tolist() == [why, 1.0]
    assert "ranking" not in rows.index
    assert answer.idle == ()

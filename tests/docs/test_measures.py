"""Every measure of the articles stands in the table, and every policy that it names runs."""

import re
from functools import cache
from pathlib import Path

import pytest
from checks import policy_of

import villagesim as vs
from villagesim.policies import KINDS
from villagesim.processes import PROCESSES

DOCS = Path(__file__).resolve().parents[2] / "docs"
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in (DOCS / "measures.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| S\d\.", line)
]
NAMED = {kind for _, _, where in ROWS for part in re.findall(r"polic(?:y|ies) ((?:`\w+`(?:, )?)+)", where)
         for kind in re.findall(r"`(\w+)`", part)}  # fmt: skip


def test_every_row_says_where_it_stands() -> None:
    """A policy, a process, an outcome, a scenario or a trust's split; or a reason for being outside."""
    for key, measure, where in ROWS:
        assert re.search(r"`\w+(\.toml)?`|outside: \w+", where), (key, measure)


def test_every_key_of_the_sources_has_a_row() -> None:
    """Keys of the articles in sources.md, figures left out that describe the place only."""
    keys = set(re.findall(r"`?(S[0-3]\.[a-z_]+)`?", (DOCS / "sources.md").read_text(encoding="utf-8")))
    assert keys - {row[0] for row in ROWS} <= {"S0.villages_after"}


def test_every_policy_of_the_library_is_named() -> None:
    """Those that come from the literature, not from an article, are listed here."""
    from_the_literature = {"account_freeze", "first_secretary", "more_mediators", "top_up"}
    assert NAMED | from_the_literature == set(KINDS)


def test_processes_and_outcomes_that_are_named_exist() -> None:
    processes = {process.__module__.rsplit(".", 1)[1] for process in PROCESSES}
    for _, _, where in ROWS:
        for name in re.findall(r"process `(\w+)`", where):
            assert name in processes, where
        for name in re.findall(r"outcomes? ((?:`\w+`(?:, )?)+)", where):
            assert set(re.findall(r"`(\w+)`", name)) <= set(vs.OUTCOMES), where


@cache
def baseline(scenario: vs.Scenario) -> vs.Run:
    return vs.simulate(scenario)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_policy_runs_and_changes_something(one_town: vs.Scenario, kind: str) -> None:
    """With money enough, each moves at least one outcome within two years."""
    run = vs.simulate(one_town, [policy_of(kind, "2021-04-01")])
    assert any((run.outcomes[name] != values).any() for name, values in baseline(one_town).outcomes.items())

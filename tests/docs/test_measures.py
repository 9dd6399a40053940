"""Every measure of the articles stands in the table, and what it names is in the library."""

import re
from pathlib import Path

import villagesim as vs
from villagesim.policies import KINDS
from villagesim.processes import PROCESSES

DOCS = Path(__file__).resolve().parents[2] / "docs"
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in (DOCS / "measures.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| S\d\.", line)
]


def test_every_row_says_where_it_stands() -> None:
    """A policy, a process, an outcome, a scenario or a trust's split; or a reason for being outside."""
    for key, measure, where in ROWS:
        assert re.search(r"`\w+(\.toml)?`|outside: \w+", where), (key, measure)


def test_every_key_of_the_sources_has_a_row() -> None:
    """Keys of the articles in sources.md, figures left out that describe the place only."""
    keys = set(re.findall(r"`?(S[0-3]\.[a-z_]+)`?", (DOCS / "sources.md").read_text(encoding="utf-8")))
    assert keys - {row[0] for row in ROWS} <= {"S0.villages_after"}


def test_what_a_row_names_exists() -> None:
    known = {
        "process": {process.__module__.rpartition(".")[2] for process in PROCESSES},
        "outcome": set(vs.outcomes.OUTCOMES),
        "polic": set(KINDS),
    }
    for _, _, where in ROWS:
        for what, names in re.findall(r"(process|outcome|polic)(?:es|s|y|ies)? ((?:`\w+`(?:, )?)+)", where):
            assert set(re.findall(r"`(\w+)`", names)) <= known[what], where

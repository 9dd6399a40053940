"""The page of promises names tests that there are."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def missing(page: str) -> list[str]:
    """Tests that a page names and that are not there."""
    return [
        f"{file}::{name}"
        for file, name in NAMED.findall(page)
        if not (ROOT / file).exists() or f"def {name}(" not in (ROOT / file).read_text(encoding="utf-8")
    ]


def test_every_promise_has_a_test_that_exists() -> None:
    page = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
    rows = [row for row in page.partition("| promise | test |")[2].partition("\n\n")[0].splitlines()[2:] if row]
    assert len(rows) >= 20
    assert all(len(NAMED.findall(row)) == 1 for row in rows)
    assert not missing(page)


def test_a_test_that_is_not_there_is_noticed() -> None:
    page = "`tests/docs/test_promises.py::test_nothing` `tests/nowhere.py::test_it`"
    assert len(missing(page)) == 2

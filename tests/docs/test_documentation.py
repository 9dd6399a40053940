"""The documentation says what is true: its code runs, its tables are those of the code, its links lead somewhere."""

import re
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from villagesim.outcomes import OUTCOMES, Outcome
from villagesim.parameters import DEFAULTS, Parameter

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [*ROOT.glob("docs/*.md"), *(ROOT / name for name in ("README.md", "README.zh-CN.md", "CONTRIBUTING.md"))]
)
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
MOST_SECONDS = 20.0
"""A block of a page takes less than this."""


def blocks(page: Path) -> list[tuple[int, str]]:
    """Python blocks of a page: the line before the first line of each, and its text."""
    text = page.read_text(encoding="utf-8")
    return [(text.count("\n", 0, found.start(1)), found.group(1)) for found in BLOCK.finditer(text)]


def row(p: Parameter) -> str:
    """Row of a parameter in the tables of docs/equations.md."""
    value, low, high = (f"{x:,.0f}" if abs(x) >= 1000 else f"{x:g}" for x in (p.value, p.low, p.high))
    return f"| `{p.name}` | {p.meaning} | {value} ({low} to {high}) | {p.unit} | {p.source} |"


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p)], ids=lambda page: page.name)
def test_all_code_of_a_page_runs_in_order(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.chdir(tmp_path)
    Path("scenarios").symlink_to(ROOT / "scenarios", target_is_directory=True)
    module = ModuleType("documentation")
    monkeypatch.setitem(sys.modules, "documentation", module)  # dataclasses look their module up
    for line, block in blocks(page):
        begun = time.perf_counter()
        exec(compile("\n" * line + block, str(page), "exec"), module.__dict__)
        seconds = time.perf_counter() - begun
        assert seconds < MOST_SECONDS, f"{page.name}, line {line + 1}: took {seconds:.0f} s."


@pytest.mark.parametrize("name", DEFAULTS)
def test_the_equations_give_every_parameter_as_it_is(name: str) -> None:
    lines = (ROOT / "docs/equations.md").read_text(encoding="utf-8").splitlines()
    assert row(DEFAULTS[name]) in lines, f"The row in docs/equations.md must be:\n{row(DEFAULTS[name])}"


def test_the_equations_name_no_parameter_that_is_not_there() -> None:
    rows = re.findall(r"^\| `(\w+)` \| .*\(.* to .*\)", (ROOT / "docs/equations.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(rows) == sorted(DEFAULTS)


def outcome_row(found: Outcome) -> str:
    """Row of an outcome in the table of docs/model.md."""
    better = {1: "more", -1: "less", 0: "-"}[found.direction]
    smallest = f"{found.smallest:.0%} of the baseline" if found.relative else f"{found.smallest:g}"
    return f"| `{found.name}` | {found.unit} | {better} | {smallest} |"


@pytest.mark.parametrize("name", OUTCOMES)
def test_the_model_gives_every_outcome_as_it_is(name: str) -> None:
    lines = (ROOT / "docs/model.md").read_text(encoding="utf-8").splitlines()
    wanted = outcome_row(OUTCOMES[name])
    assert lines.count(wanted) == 1, f"The row in docs/model.md must be:\n{wanted}"


def test_the_model_names_no_outcome_that_is_not_there() -> None:
    text = (ROOT / "docs/model.md").read_text(encoding="utf-8")
    table = text[text.index("| outcome | unit |") :].split("\n\n")[0]
    assert sorted(re.findall(r"`(\w+)`", table)) == sorted(OUTCOMES)


def test_the_model_lists_the_stages_of_the_calendar_in_their_order() -> None:
    from villagesim.engine.calendar import STAGES

    text = (ROOT / "docs/model.md").read_text(encoding="utf-8")
    assert tuple(re.findall(r"^\|[ a-z]*\| `(\w+)` \| [^`]*\|$", text, re.MULTILINE)) == STAGES


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md"], ids=lambda page: page.name)
def test_links_to_files_lead_somewhere(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    missing = [link for link in links if not (page.parent / link).exists()]
    assert not missing, f"{page.name} links to {missing}."


def test_the_tests_that_the_table_of_patterns_names_exist() -> None:
    text = (ROOT / "docs/model.md").read_text(encoding="utf-8")
    named = re.findall(r"`(test_\w+)`", text)
    files = [*ROOT.glob("tests/patterns/*.py"), *ROOT.glob("tests/theory/*.py")]
    written = {name for file in files for name in re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)}
    patterns = {name for name in written if re.match(r"test_\d+_", name)}
    assert {*named} <= written
    assert patterns <= {*named}

"""The documentation says what is true: its code runs, its links lead somewhere, and the tests that it names exist."""

import os
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from villagesim.engine.calendar import STAGES

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [
        *ROOT.glob("docs/*.md"),
        *ROOT.glob("docs/howto/*.md"),
        *(ROOT / name for name in ("README.md", "README.zh-CN.md", "CONTRIBUTING.md")),
    ]
)
BLOCK = re.compile(r"^```python\n(?!# \w+\.py$)(.*?)^```$", re.DOTALL | re.MULTILINE)
FILE = re.compile(r"^```\w+\n# (\w+\.\w+)$(.*?)^```$", re.DOTALL | re.MULTILINE)
"""Code that a reader is told to save as a file: its first line is the name."""
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
MOST_SECONDS = 20.0
"""Of processor time, workers' too: a block of a page takes less, whatever else the machine does."""


def blocks(page: Path) -> list[tuple[int, str]]:
    """Python blocks of a page: the line before the first line of each, and its text."""
    text = page.read_text(encoding="utf-8")
    return [(text.count("\n", 0, found.start(1)), found.group(1)) for found in BLOCK.finditer(text)]


@pytest.mark.parametrize(
    "page", [p for p in PAGES if blocks(p) and p.name != "CONTRIBUTING.md"], ids=lambda page: page.name
)
def test_all_code_of_a_page_runs_in_order(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    for name, text in FILE.findall(page.read_text(encoding="utf-8")):
        Path(name).write_text(text, encoding="utf-8")
    Path("scenarios").symlink_to(ROOT / "scenarios", target_is_directory=True)
    module = ModuleType("documentation")
    monkeypatch.setitem(sys.modules, "documentation", module)  # dataclasses look their module up
    for line, block in blocks(page):
        begun = sum(os.times()[:4])
        exec(compile("\n" * line + block, str(page), "exec"), module.__dict__)
        seconds = sum(os.times()[:4]) - begun
        assert seconds < MOST_SECONDS, f"{page.name}, line {line + 1}: took {seconds:.0f} s."


def test_the_model_lists_the_stages_of_the_calendar_in_their_order() -> None:
    text = (ROOT / "docs/model.md").read_text(encoding="utf-8")
    assert tuple(re.findall(r"^\|[ a-z]*\| `(\w+)` \| [^`]*\|$", text, re.MULTILINE)) == STAGES


def test_links_to_files_lead_somewhere() -> None:
    pages = {page: LINK.findall(page.read_text(encoding="utf-8")) for page in (*PAGES, ROOT / "CHANGELOG.md")}
    missing = [
        f"{page.name}: {link}"
        for page, links in pages.items()
        for link in links
        if not (page.parent / link).exists() and not link.startswith("reference/")  # made when the pages are built
    ]
    assert not missing


def test_the_tests_that_the_table_of_patterns_names_exist() -> None:
    text = (ROOT / "docs/model.md").read_text(encoding="utf-8")
    named = re.findall(r"`(test_\w+)`", text)
    files = [*ROOT.glob("tests/patterns/*.py"), *ROOT.glob("tests/theory/*.py")]
    written = {name for file in files for name in re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)}
    patterns = {name for name in written if re.match(r"test_\d+_", name)}
    assert {*named} <= written
    assert patterns <= {*named}

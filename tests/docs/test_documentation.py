"""The documentation says what is true: its code runs, its links lead somewhere, and the tests that it names exist."""

import os
import re
import shlex
import sys
from itertools import takewhile
from pathlib import Path
from types import ModuleType

import pytest
from twins import ENGLISH
from typer.main import get_command

from villagesim.cli import app
from villagesim.engine.calendar import STAGES

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [
        *ROOT.glob("docs/*.md"),
        *ROOT.glob("docs/howto/*.md"),
        *ENGLISH,
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md")),
    ]
)
BLOCK = re.compile(r"^```python\n(?!# \w+\.py$)(.*?)^```$(?:\n\n^```text\n(.*?)^```$)?", re.DOTALL | re.MULTILINE)
"""Code, and what it prints, where a page shows that right below."""
FILE = re.compile(r"^```\w+\n# (\w+\.\w+)$(.*?)^```$", re.DOTALL | re.MULTILINE)
"""Code that a reader is told to save as a file: its first line is the name."""
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
MOST_SECONDS = 20.0
"""Of processor time, workers' too: a block of a page takes less, whatever else the machine does."""


def blocks(page: Path) -> list[tuple[int, str, str | None]]:
    """Python blocks of a page: the line before the first line of each, its text, and what it is said to print."""
    text = page.read_text(encoding="utf-8")
    return [(text.count("\n", 0, found.start(1)), *found.groups()) for found in BLOCK.finditer(text)]


def with_output(page: Path, line: int, printed: str) -> str:
    """Text of a page that shows what the block at this line prints."""
    text = page.read_text(encoding="utf-8")
    found = next(found for found in BLOCK.finditer(text) if text.count("\n", 0, found.start(1)) == line)
    return text[: found.start(2)] + printed + text[found.end(2) :]


TOLD_IN_CHINESE = ROOT / "docs/zh/tutorial.md"
"""Its code is that of the English page, as on all Chinese pages (test_twins.py), but what it prints is Chinese."""
NOT_RUN = {ROOT / "CONTRIBUTING.md", *ENGLISH} - {TOLD_IN_CHINESE}


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p) and p not in NOT_RUN], ids=lambda page: page.name)
def test_all_code_of_a_page_runs_in_order_and_prints_what_it_shows(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With OUTPUTS=write it writes what is printed into the page: `make outputs`."""
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    for name, text in FILE.findall(page.read_text(encoding="utf-8")):
        Path(name).write_text(text, encoding="utf-8")
    Path("scenarios").symlink_to(ROOT / "scenarios", target_is_directory=True)
    module = ModuleType("documentation")
    monkeypatch.setitem(sys.modules, "documentation", module)  # dataclasses look their module up
    wrong = {}
    for line, block, shown in blocks(page):
        begun = sum(os.times()[:4])
        exec(compile("\n" * line + block, str(page), "exec"), module.__dict__)
        seconds = sum(os.times()[:4]) - begun
        assert seconds < MOST_SECONDS, f"{page.name}, line {line + 1}: took {seconds:.0f} s."
        printed = "".join(f"{row.rstrip()}\n" for row in capsys.readouterr().out.splitlines())
        if shown is not None and printed != shown:
            wrong[line] = printed
    if os.environ.get("OUTPUTS") == "write":
        for line, printed in sorted(wrong.items(), reverse=True):
            page.write_text(with_output(page, line, printed), encoding="utf-8")
    else:
        assert not wrong, "make outputs"


def commands(page: Path) -> list[list[str]]:
    """Commands of villagesim that a page shows, without what the shell does with their output."""
    lines = "\n".join(CONSOLE.findall(page.read_text(encoding="utf-8"))).replace("\\\n", " ").splitlines()
    shown = [shlex.split(line.removeprefix("$ "), comments=True) for line in lines if line.startswith("$ villagesim ")]
    return [list(takewhile(lambda word: word not in ("|", ">"), words)) for words in shown]


def test_commands_that_pages_show_have_only_arguments_and_options_that_there_are() -> None:
    group = get_command(app)
    known = {name for each in group.params for name in each.opts}
    wrong = []
    for page in PAGES:
        for _, *words in commands(page):
            try:
                if words[0] not in known:
                    group.commands[words[0]].make_context(words[0], words[1:])
            except Exception as problem:
                wrong.append(f"{page.name}: villagesim {' '.join(words)}: {problem}")
    assert not wrong


def test_the_model_lists_the_stages_of_the_calendar_in_their_order() -> None:
    text = (ROOT / "docs/model.md").read_text(encoding="utf-8")
    assert tuple(re.findall(r"^\|[ a-z]*\| `(\w+)` \| [^`]*\|$", text, re.MULTILINE)) == STAGES


def test_every_how_to_is_one_click_from_the_landing_page() -> None:
    links = LINK.findall((ROOT / "docs/index.md").read_text(encoding="utf-8"))
    written = {page.relative_to(ROOT / "docs").as_posix() for page in (ROOT / "docs/howto").glob("*.md")}
    assert {*written, "own_county.md", "own.md", "own_figures.md"} <= {*links}


def test_links_to_files_lead_somewhere() -> None:
    pages = {page: LINK.findall(page.read_text(encoding="utf-8")) for page in (*PAGES, ROOT / "CHANGELOG.md")}
    missing = [
        f"{page.name}: {link}"
        for page, links in pages.items()
        for link in links
        if not (page.parent / link).exists()
        and not re.match(r"(\.\./)*reference/", link)  # made when the pages are built
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

"""Consoles that are not UTF-8, closed or full, and readers that leave: a replacement or one message, never a traceback."""

import subprocess
import sys
from os import environ
from pathlib import Path

import pytest
from unit.command_line import SMALL

from villagesim.cli import named
from villagesim.runs.store import read_whole

ROOT = Path(__file__).parents[2]
PYTHON = f"{sys.executable} -m villagesim"
CHECK = "check scenarios/one_town.toml"
EXPLAIN = """
import sys
from villagesim.cli import main
codes = []
for name in sys.argv[1:]:
    sys.argv = ["villagesim", "explain", name]
    try:
        main()
    except SystemExit as end:
        codes.append(end.code)
sys.exit(0 if codes == [0, 2] else str(codes))
"""
"""Explains names one after the other; the first must be told, the second refused."""

BREAKS_OFF = """
import signal
import sys


class Finder:
    def find_spec(name, *where):
        if name == {module!r}:
            signal.raise_signal(signal.SIGINT)


sys.meta_path.insert(0, Finder)
"""
"""Stands for Ctrl-C as soon as a module is loaded."""


def shell(line: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    """What a line of the shell gives, in bytes, with the buffers that a user has."""
    return subprocess.run(
        ["bash", "-c", line], capture_output=True, cwd=ROOT, check=False, timeout=120,
        env=environ | {"PYTHONUNBUFFERED": ""} | variables,
    )  # fmt: skip


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "gbk", "utf-16", "utf-8:strict"])
def test_a_console_of_another_encoding_shows_what_it_can(encoding: str) -> None:
    """Of explain, whose text has Chinese in it, and of a refusal on the other stream; both in one process."""
    done = shell(f"{sys.executable} -c '{EXPLAIN}' lent_return 石屋村", PYTHONIOENCODING=encoding)
    assert done.returncode == 0, done.stderr
    told, refused = (stream.decode(encoding.split(":")[0]) for stream in (done.stdout, done.stderr))
    assert "lent to a firm" in told
    assert "nothing is called" in refused
    assert "Traceback" not in refused


@pytest.mark.parametrize(
    ("line", "codes", "said"),
    [
        (f"{PYTHON} {CHECK} >&-", {2}, "what is printed cannot be written: the output is closed"),
        (f"{PYTHON} {CHECK} >/dev/full", {2}, "what is printed cannot be written (No space left on device)"),
        (f"{PYTHON} {CHECK} 2>&-", {0}, ""),
        (f"{PYTHON} explain nothing 2>/dev/full", {2}, ""),
        (f"{PYTHON} explain --nothing 2>/dev/full", {2}, ""),
        (f"{PYTHON} {CHECK} >/dev/full 2>/dev/full", {2}, ""),
        (f"{PYTHON} explain nothing 2>&- >&-", {2}, ""),
        (f"set -o pipefail; {PYTHON} explain --all | head -1", {0}, ""),
        (f"set -o pipefail; {PYTHON} {CHECK} | true", {0}, ""),
        (f"set -o pipefail; {PYTHON} describe packaged:one_town | head -1", {0}, ""),
        (f"set -o pipefail; {PYTHON} --help | true", {0}, ""),
        (f"set -o pipefail; {PYTHON} explain nothing 2>&1 | true", {2}, ""),
        (f"{PYTHON} --help >/dev/full", {2}, "cannot be written"),
    ],
)
def test_a_console_that_is_closed_or_full_gets_one_message(line: str, codes: set[int], said: str) -> None:
    """And no more than one."""
    done = shell(line)
    assert done.returncode in codes, done.stderr
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr
    assert said in done.stderr.decode()
    assert done.stderr.count(b"\n") <= (2 if said else 0)


def test_what_is_written_is_whole_though_the_reader_goes_away(tmp_path: Path) -> None:
    run = f"{PYTHON} run {SMALL} --strategy 'all of it' --figures none --out {tmp_path / 'out'}"
    done = shell(f"set -o pipefail; {run} | true")
    assert (done.returncode, done.stderr) == (0, b"")
    assert read_whole(tmp_path / "out")


@pytest.mark.parametrize("module", ["typer", "villagesim.explore", "villagesim.files.scenario"])
def test_a_command_that_is_broken_off_while_it_loads_ends_quietly(module: str, tmp_path: Path) -> None:
    """Whether the command line itself is being loaded, or what one command needs."""
    (tmp_path / "sitecustomize.py").write_text(BREAKS_OFF.format(module=module), encoding="utf-8")
    done = shell(f"{PYTHON} explore packaged:one_town", PYTHONPATH=f"{tmp_path}:{ROOT}")
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (["a"], ("a",)),
        (["a,c"], ("a", "c")),
        (["a", "c"], ("a", "c")),
        (["b, with comma"], ("b, with comma",)),
        (["a, b, with comma,c"], ("a", "b, with comma", "c")),
        (["b, with comma, twice"], ("b, with comma, twice",)),
        (["with comma", "a"], ("with comma", "a")),
        ([" a , nobody"], ("a", "nobody")),
    ],
)
def test_options_take_names_one_by_one_and_with_commas(given: list[str], names: tuple[str, ...]) -> None:
    """The longest name that is known counts; what is not known is refused later, by name."""
    assert named(given, ["a", "c", "b, with comma", "b, with comma, twice", "with comma"]) == names

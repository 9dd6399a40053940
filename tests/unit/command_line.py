"""The command line in this process, for tests of what it says and leaves; whole processes are tested in ``test_consoles``."""

import signal
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from villagesim.cli import main

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests/fuzz/small/small.toml"
"""Twelve villages over a year and a half: where the size of the place does not matter."""


def villagesim(*arguments: str, cwd: Path = ROOT) -> "CompletedProcess[str]":
    """Run a command as ``main`` does; exit code and what was printed."""
    code, handler = 0, signal.getsignal(signal.SIGTERM)
    with (
        pytest.MonkeyPatch.context() as patch,
        redirect_stdout(StringIO()) as said,
        redirect_stderr(StringIO()) as wrong,
    ):
        patch.chdir(cwd)
        patch.setattr(sys, "argv", ["villagesim", *arguments])
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        finally:
            signal.signal(signal.SIGTERM, handler)
    return CompletedProcess(arguments, code, said.getvalue(), wrong.getvalue())

"""How files are damaged, how many are tried, and what must come of each."""

import os
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from villagesim.errors import VillagesimError

SMALL = Path(__file__).parent / "small"
"""Two townships of twelve villages, their map and a table of figures, all made up."""
ALL = os.environ.get("FUZZ") == "all"
SECONDS, LONGEST = 5.0, 3_000

VALUES = (
    "-1", "0", "1", "2", "1e9", "1e-9", "1e16", "1e400", "nan", "inf", "-inf", "9" * 40, "0x7fffffffffffffff", "true", "false",
    '""', '" "', '"x"', '"[/b]"', '"$x_{"', '"=1+1"', '"\\u0000"', '"\\u202e"', '"\\ud800"', '"村"', "[]", "[[]]", "[1]", "{}",
    "{a = 1}", '["a", "a"]', "2021-01-01", "0001-01-01", "9999-12-31", "2021-01-01T00:00:00Z", "12:00:00", '"packaged:../x"',
    '"/dev/zero"', '"."', '"2021-13"', '"random"', "0.5", "1.0", "1_000", "[0, 1]", '["village", "other"]', "-0.0", "0.1",
)  # fmt: skip
"""What stands behind the = of a TOML file instead of what should."""
TEXTS = (
    "", " ", ",", ";", "\t", '"', "'", "\n", "\r", "\x00", "\x1b", "\ufeff", "\u200b", "０", "٣", "1,000", "1.000,5", "1e14",
    "nan", "inf", "NULL", "合计", "370114001200", "1403", "999999999999", "万元", "(元)", "name", "code", "代码", "9" * 500, "=1",
)  # fmt: skip
"""What stands in a cell of a table."""


def tried(n: int, few: int = 16) -> Any:
    """Settings: all ``n`` inputs in ``make fuzz``; a few, always the same, in ``make test``."""
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
    how: dict[str, Any] = {
        "deadline": None,
        "database": None,
        "suppress_health_check": checks,
        "phases": [Phase.generate],
    }
    return settings(max_examples=n, **how) if ALL else settings(max_examples=few, derandomize=True, **how)


seeds = st.integers(0, 2**32 - 1).map(Random)


def outcome(what: Callable[[], Any]) -> tuple[Any, VillagesimError | None]:
    """What came of it, or the refusal; whatever else is raised, a warning, or more than some seconds fail the test."""
    begun = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message=".*(not installed|not available)")  # of extras
        try:
            return what(), None
        except VillagesimError as refused:
            said = str(refused)
            assert said.strip()
            assert len(said) < LONGEST, said
            return None, refused
        finally:
            assert time.process_time() - begun < SECONDS


def damaged_toml(text: str, luck: Random) -> bytes:
    """A TOML text with one to four changes: of a value, a key, a line, a heading, a character, a byte."""
    lines = text.splitlines()
    for _ in range(luck.choice((1, 1, 1, 2, 4))):
        k = luck.randrange(len(lines))
        kind = luck.randrange(8)
        if kind < 3 and (set_ := [i for i, line in enumerate(lines) if "=" in line]):
            k = luck.choice(set_)
            lines[k] = f"{lines[k].partition('=')[0]}= {luck.choice(VALUES)}"
        elif kind == 3:
            del lines[k : k + luck.choice((1, 1, 3))]
        elif kind == 4:
            lines.insert(luck.randrange(len(lines) + 1), lines[k])
        elif kind == 5:
            other = luck.randrange(len(lines))
            lines[k], lines[other] = lines[other], lines[k]
        elif kind == 6:
            lines.insert(
                k, f"{luck.choice(('x', 'kind', 'name', 'until', 'when', 'a.b', 'n', 'at'))} = {luck.choice(VALUES)}"
            )
        elif lines[k]:
            at = luck.randrange(len(lines[k]))
            lines[k] = lines[k][:at] + luck.choice("[]{}\"'=.,#-09eE\\ \u00a0x") + lines[k][at + luck.randrange(2) :]
        if not lines:
            break
    return damaged_bytes("\n".join(lines).encode("utf-8", "surrogatepass"), luck, often=0.1)


def damaged_bytes(content: bytes, luck: Random, *, often: float = 1.0) -> bytes:
    """Bytes of which some are others, gone, or there twice; ``often`` is the chance that anything is done."""
    if luck.random() >= often or not content:
        return content
    at, kind = luck.randrange(len(content)), luck.randrange(4)
    if kind == 0:
        return content[:at]
    if kind == 1:
        return content[:at] + content[at // 2 :]
    changed = bytearray(content)
    for _ in range(luck.choice((1, 3, 20))):
        changed[luck.randrange(len(changed))] = luck.randrange(256)
    return bytes(changed)


def damaged_table(rows: list[list[str]], luck: Random) -> list[list[str]]:
    """Cells of a table with one to four changes: of a cell, a row, a column."""
    rows = [list(row) for row in rows]
    for _ in range(luck.choice((1, 1, 2, 4))):
        k = luck.choice((0, luck.randrange(len(rows))))
        at, kind = luck.randrange(len(rows[k])) if rows[k] else 0, luck.randrange(7)
        if kind < 3 and rows[k]:
            rows[k][at] = luck.choice(TEXTS) if luck.randrange(3) else rows[k][at] + luck.choice(TEXTS)
        elif kind == 3:
            rows[k] = rows[k][:at]
        elif kind == 4:
            rows.insert(luck.randrange(len(rows) + 1), list(rows[k]))
        elif kind == 5 and len(rows) > 1:
            del rows[k]
        else:
            rows[k].append(luck.choice(TEXTS))
    return rows

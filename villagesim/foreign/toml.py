"""Content of a TOML file, within bounds that no file of a person reaches."""

import re
import tomllib
from pathlib import Path
from typing import Any

from villagesim.errors import VillagesimError
from villagesim.foreign.source import SIGNATURES, encoding_of, piece, read_bytes

LARGEST = 2
"""Size of the largest file that is read [MiB]."""
DEEPEST = 20
"""Tables and lists within each other, at most."""
HIGHEST = 10**15
"""No number of a file is larger: neither yuan nor persons come near to it."""
LEAST_OF_WIDE = 8
"""One NUL in so many characters is not in the text, but in the encoding: every other byte of UTF-16."""
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|#.*")
_WIDE = re.compile(r"[“”‘’\uff01-\uff5e]")
_DATE = re.compile(r"\d{2,4}[-/.年]\d{1,2}([-/.月]\d{1,2}|月)")
_DOTTED = re.compile(rf"(?<![\w\"'-])(?:[\w\"'-]++[ \t]*+\.[ \t]*+){{{DEEPEST}}}")


def read_toml(path: Path, what: str, *, error: type[VillagesimError]) -> dict[str, Any]:
    """Content of a TOML file in UTF-8, with or without a byte order mark.

    Raises
    ------
    VillagesimError
        Of the type ``error``, where it cannot be read; ``what`` says which file it should be.
    """
    raw = read_bytes(path, what, error=error, most=LARGEST)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = ""
    if (raw and not text) or text.count("\0") * LEAST_OF_WIDE > len(text) or raw.startswith(tuple(SIGNATURES)):
        encoding = encoding_of(raw, str(path), error=error, fix="Save it as UTF-8.")
        raise error(f"is not UTF-8 text, but {encoding.upper()}.", fix="Save it as UTF-8.", at=[path])
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise error(f"holds a NUL character at line {line}, which cannot be seen.", fix="Take it out.", at=[path])
    if _DOTTED.search(text):
        raise error(f"holds a key of more than {DEEPEST} parts.", fix="Shorten it.", at=[path])
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise error(
            f"is not TOML: {piece(str(problem), 120)}.",
            fix=_way_out(text, str(problem)),
            at=[path],
        ) from None
    except RecursionError:
        raise error(f"holds more than {DEEPEST} lists in each other.", fix="Take some out.", at=[path]) from None
    except ValueError:  # a number of thousands of digits
        raise error("holds a number of too many digits.", fix=f"Give at most {HIGHEST:.0e}.", at=[path]) from None
    _check_bounds(content, path, error)
    return content


def _way_out(text: str, problem: str) -> str:
    """What to do about the line at which a file is no TOML."""
    found = re.search(r"at line (\d+)", problem)
    line = _QUOTED.sub("", text.split("\n")[int(found[1]) - 1]) if found else ""
    if _WIDE.search(line):
        return 'Write signs and digits there in half width, as " = , 0, not in full width, as “ ＝ ， ０.'
    if _DATE.search(line):
        return "Write the date there as 2022-03-01, with two digits each for month and day."
    return "Look there for a quotation mark, a bracket or a value that is missing."


def _check_bounds(content: dict[str, Any], path: Path, error: type[VillagesimError]) -> None:
    """Refuse what is too deep or too large."""
    todo: list[tuple[str, int, Any]] = [("", 0, content)]
    while todo:
        key, depth, value = todo.pop()
        if depth > DEEPEST:
            raise error(
                f"{piece(key)} holds more than {DEEPEST} lists or tables in each other.",
                fix="Take some out.",
                at=[path],
            )
        if isinstance(value, dict):
            todo += [(str(name), depth + 1, inner) for name, inner in value.items()]
        elif isinstance(value, list):
            todo += [(key, depth + 1, inner) for inner in value]
        elif isinstance(value, int | float) and HIGHEST < abs(value) < float("inf"):
            shown = f"{value:.3g}" if isinstance(value, float) else piece(str(value), 20)
            raise error(f"{piece(key)} = {shown} is larger than {HIGHEST:.0e} can be.", fix="Correct it.", at=[path])

"""Experiments as files: a question, a scenario, factors; in TOML, which is data and runs no code, or in Python."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import Any

from villagesim.design.files import DesignTable
from villagesim.errors import DesignError, ScenarioError, placed
from villagesim.files.own_code import OwnCode
from villagesim.files.packaged import located, questions
from villagesim.files.scenario import load_scenario
from villagesim.foreign.toml import read_toml
from villagesim.scenario import Scenario
from villagesim.text import lines

Reader = Callable[[Scenario, Any], Any]
"""Makes a value of one table of a list."""
WORDS = {
    "question": 'question = "What is to be answered?"',
    "scenario": 'scenario = "my_county.toml", seen from this file',
}
"""What every file of an experiment says first, and how."""


@dataclass(frozen=True, kw_only=True)
class SweepFile:
    """Keys of the file of a sweep.

    Attributes
    ----------
    design : DesignTable
    replications : int
    independent_points : bool
    strategies, outcomes, at : tuple of str, optional
        As for `sweep`; the first outcome is drawn.
    """

    design: DesignTable
    replications: int = 1
    independent_points: bool = False
    strategies: tuple[str, ...] | None = None
    outcomes: tuple[str, ...] | None = None
    at: tuple[str, ...] | None = None


@contextmanager
def asked(
    path: Path, command: str, *, full: bool, allow_code: bool, elsewhere: str | Path | None = None
) -> Iterator[tuple[str, Scenario, dict[str, Any]]]:
    """Question and scenario of a file, and the rest of its content; what is refused inside names the file."""
    content = read_toml(path, f"the file of villagesim {command}", error=ScenarioError)
    with placed(path):
        if "question" not in content and "place" in content:
            raise DesignError("this is a scenario, and no question.", fix=_asked_of(path, command))
        changed = content.pop("full", None)
        content |= _full(changed) if full else {}
        question, file = (_text(content, key, way) for key, way in WORDS.items())
    scenario = _scenario(file, path, elsewhere, allow_code)
    with placed(path):
        yield question, scenario, content


def _asked_of(path: Path, command: str) -> str:
    """How a question is asked of a scenario: one of this kind that comes with the library, or where to look."""
    for name, file in questions().items():
        if file.suffix == ".toml" and read_toml(file, "an example", error=ScenarioError).get("kind") == command:
            return f"Ask a question of it: villagesim {command} packaged:{name} --scenario {quote(str(path))}"
    return "Give the file of a question; villagesim examples lists some, and --scenario says of which place they are asked."


def _scenario(named: str, path: Path, elsewhere: str | Path | None, allow_code: bool) -> Scenario:
    """The scenario that the file of a question names, or another one that it is asked of."""
    found = located(named, path.parent) if elsewhere is None else located(elsewhere)
    return load_scenario(found, allow_code=allow_code)


def read_code(
    path: Path, *, full: bool, allow_code: bool, elsewhere: str | Path | None = None
) -> tuple[str, Scenario, Any, dict[str, Any]]:
    """Question in words, scenario and question of a file in Python, and what the full version changes of the question.

    Its docstring begins with the question; ``SCENARIO`` is a file, seen from this one, ``QUESTION`` a question, and ``FULL``
    says which of their fields the full version changes, with the scenario as ``scenario``.
    """
    code = OwnCode(path.parent, allow_code)
    file, question = (code.load(f"{path.stem}:{name}") for name in ("SCENARIO", "QUESTION"))
    module = sys.modules[path.stem]
    with placed(path):
        changed = _full(getattr(module, "FULL", None)) if full else {}
    words = (module.__doc__ or path.stem).strip().splitlines()[0]
    scenario = _scenario(changed.pop("scenario", file), path, elsewhere, allow_code)
    return words, scenario, question, changed


def _full(changed: Any) -> dict[str, Any]:
    """What the full version changes."""
    if not isinstance(changed, Mapping):
        raise DesignError("there is no full version.", fix="Leave out --full, or say what it changes, as [full].")
    return dict(changed)


def _text(content: dict[str, Any], key: str, way: str) -> str:
    text = content.pop(key, None)
    if not isinstance(text, str) or not text.strip():
        raise DesignError(f"{key} is missing, or is no text.", fix=f"Write {way}.")
    return lines(text, key, error=DesignError)


def listed(content: dict[str, Any], key: str, read: Reader, scenario: Scenario) -> list[Any]:
    """Take the tables ``[[key]]`` out of the content of a file, and read each; its number is put before what is refused."""
    tables = content.pop(key, [])
    if not (isinstance(tables, list) and all(isinstance(table, dict) for table in tables)):
        raise DesignError(f"[{key}] must be a list of tables.", fix=f"Write [[{key}]] with two brackets.")
    made = []
    for number, table in enumerate(tables, start=1):
        with placed(f"[[{key}]] {number}"):
            made.append(read(scenario, table))
    return made

"""What tells the results in a folder from those that were to go there: in words of commands, options and keys of files."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from villagesim.files.tables import shown

COMMANDS = {"uncertainty": "compare --draws"}
"""Commands whose names are not those of their questions."""
SENTENCES = {
    "scenario": "The scenario is another, or was changed.",
    "code": "villagesim itself was another version.",
    "points": "The points of its design are others.",
    "positions": "Villages lie elsewhere.",
    "content": "The files that it names hold something else, or code of theirs is allowed that was not.",
}
"""What differs that is no single word of a command or a file."""
FOLLOWS = ("title", "kind", "question", "positions")
"""Keys that differ with others, which are told."""
LONGEST = 60
"""Characters of a value that is told."""


def differences(there: Mapping[str, Any], here: Mapping[str, Any], grows: Collection[str]) -> Iterator[str]:
    """Sentences on what results that are there follow from, and those here do not: the command, or all that it was given.

    Keys that ``grows`` holds keep no folder from being gone on with.
    """
    made, makes = command_of(there), command_of(here)
    if made != makes:
        yield f"It was made by villagesim {made}, not by villagesim {makes}."
        return
    other = [key for key in {**there, **here} if key not in grows and there.get(key) != here.get(key)]
    for key in sorted(other):
        if key not in FOLLOWS or len(other) == 1:
            yield SENTENCES.get(key) or _of_key(key, there.get(key), here.get(key))


def command_of(design: Mapping[str, Any]) -> str:
    """The command that makes results of this design."""
    if "question" in design:
        return COMMANDS.get(design["question"], str(design["question"]))
    return "story" if "village" in design else "run"


def _of_key(key: str, *values: Any) -> str:
    there, here = ("left out" if value is None else shown(value) for value in values)
    if max(len(there), len(here)) > LONGEST:
        return f"{key} is another."
    return f"{key}: {there} there, {here} here."

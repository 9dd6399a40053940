"""Keys of scenario files: what each is, read from the shape of the file and from what its docstrings say."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from villagesim.docstrings import attributes
from villagesim.outcomes import Goal, Observed
from villagesim.policies import Condition, Policy
from villagesim.questions.kinds import KINDS, kind_of
from villagesim.targets import Target

ONE = {str: "text", int: "whole number", float: "number", bool: "true or false", date: "date", dict: "table"}
UNIT = re.compile(r" ?\[([^]]*)\](?=\.)")
"""Unit of a key: it stands in brackets at the end of a sentence."""
BOUNDS = {"ge": "at least", "gt": "above", "lt": "below", "le": "at most"}


@dataclass(frozen=True)
class Key:
    """One key of a table, in words."""

    name: str
    type: str
    unit: str
    default: str
    meaning: str


def tables_of_keys() -> dict[str, Any]:
    """Shapes of the tables of a scenario file by name; ``file`` is its top level."""
    from villagesim.files.shape import ScenarioFile

    inner = {name: _table_in(field.annotation) for name, field in ScenarioFile.model_fields.items()}
    found = {name: shape for name, shape in inner.items() if shape is not None}
    values = {"goal": Goal, "observed": Observed, "policy": Policy, "target": Target, "condition": Condition}
    return {"file": ScenarioFile, **found, **values}


def questions() -> dict[str, Any]:
    """Kinds of questions that have a file, by the word of their command."""
    return {name: kind_of(name) for name in KINDS}


def keys_of(shape: Any, without: Any = None) -> Iterator[Key]:
    """Keys of a dataclass or a pydantic model, but those of a base that is described elsewhere."""
    said, hints = attributes(shape), get_type_hints(shape)
    left_out = {field.name for field in fields(without)} if without is not None else set()
    named = [("kind", MISSING, "")] if shape is Policy else []
    listed = {field: f"[[{key}]]" for key, (field, _) in getattr(shape, "lists", {}).items()}
    for name, default, bounds in (*named, *_fields(shape)):
        if name in left_out:
            continue
        beside, text = said.get(name, ("", ""))
        units = UNIT.findall(text)
        kind = "text" if name == "kind" else in_words(hints[name])
        bounds = bounds or beside.partition(", ")[2]
        yield Key(
            listed.get(name, name),
            f"{kind}, {bounds}" if bounds else kind,
            units[0] if units else "-",
            _written(default),
            UNIT.sub("", text),
        )


def in_words(hint: Any) -> str:
    """Type of a key in the words of the file's author."""
    parts = [part for part in get_args(hint) if part is not NoneType]
    if get_origin(hint) is tuple:
        n = "" if Ellipsis in parts else f"{len(parts)} "
        return f"list of {n}{in_words(parts[0]).replace(' or ', '/')}s"
    if get_origin(hint) is Literal:
        return "text"
    if get_origin(hint) in (dict, Mapping) or is_dataclass(hint) or hasattr(hint, "model_fields"):
        return "table"
    return in_words(parts[0]) if parts else ONE[hint]


def _fields(shape: Any) -> Iterator[tuple[str, Any, str]]:
    """Name, default and bounds of each key; keys that are tables of a file have sections of their own."""
    if is_dataclass(shape):
        for field in fields(shape):
            made = MISSING if field.default_factory is MISSING else field.default_factory()
            yield field.name, made if field.default is MISSING else field.default, ""
        return
    top = shape.__name__ == "ScenarioFile"
    for name, field in shape.model_fields.items():
        if top and in_words(field.annotation) in ("table", "list of tables"):
            continue
        limits = [f"{word} {limit:g}" for m in field.metadata for at, word in BOUNDS.items()
                  if (limit := getattr(m, at, None)) is not None]  # fmt: skip
        default = MISSING if field.is_required() else field.get_default(call_default_factory=True)
        yield name, default, " and ".join(limits)


def _table_in(annotation: Any) -> Any:
    """Shape of the table that a key of the file holds, one or a list of them, if its keys are fixed."""
    parts = (annotation, *get_args(annotation))
    return next((part for part in parts if hasattr(part, "model_fields")), None)


def _written(default: Any) -> str:
    """Write a default as it would stand in the file."""
    if default is MISSING:
        return "required"
    return "none" if default is None or default == "" else f"`{_toml(default)}`"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{value:_}"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name} = {_toml(part)}" for name, part in value.items()) + "}"
    if is_dataclass(value):
        given = {f.name: getattr(value, f.name) for f in fields(value) if getattr(value, f.name) != f.default}
        return "{" + ", ".join(f"{name} = {_toml(part)}" for name, part in (given or {"rule": "all"}).items()) + "}"
    return f'"{value}"'

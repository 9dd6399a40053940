"""A question as its answer keeps it, and as the file that asks it again: TOML."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from typing import Any

from villagesim.languages import named
from villagesim.questions.answer import Answer

DAY, BARE = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"[\w-]+", re.ASCII)
POINTS = '[design]\nkind = "table"\ntable = "tables/points.csv"'
"""The design of a sweep, whose points stand in its folder."""


def kept(value: Any) -> Any:
    """A field as the manifest keeps it; of a factor and its like, what was said of it."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(key): kept(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [kept(each) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        said = ((each, kept(getattr(value, each.name))) for each in fields(value))
        return {each.name: told for each, told in said if told != _usual(each)}
    return value.isoformat() if isinstance(value, date) else repr(value)


def as_file(answer: Answer) -> str:
    """What a file would say, but for what is as usual; seen from the folder of the answer, and beside the scenario."""
    keys: dict[str, Any] = {
        "question": named(answer.facts.get("asked") or answer.kind.what_it_asks()),
        "kind": answer.kind.name,
    }
    keys |= {"scenario": answer.known.source} if answer.known.source else {}
    asked = {
        each.name: answer.about[each.name]
        for each in fields(answer.kind)  # type: ignore[arg-type]  # every kind is a dataclass
        if answer.about.get(each.name) not in (None, _usual(each))
    }
    heads = {field: f"[[{key}]]" for key, (field, _read) in getattr(answer.kind, "lists", {}).items()}
    tables = [
        (name, heads.get(name, f"[{name}]"), table)
        for name, value in asked.items()
        for table in (value if isinstance(value, list) else [value])
        if isinstance(table, Mapping)
    ]
    keys |= {name: value for name, value in asked.items() if name not in {name for name, *_table in tables}}
    parts = ["\n".join(_lines(keys)), *([POINTS] if answer.kind.name == "sweep" else [])]
    return "\n\n".join([*parts, *("\n".join([head, *_lines(table)]) for _name, head, table in tables)])


def _usual(field: "Field[Any]") -> Any:
    """What a field is where nothing is said of it, as an answer keeps it."""
    if field.default_factory is not MISSING:
        return kept(field.default_factory())
    return None if field.default is MISSING else kept(field.default)


def _lines(table: Mapping[str, Any]) -> Iterator[str]:
    return (f"{_key(name)} = {_value(value)}" for name, value in table.items())


def _key(name: str) -> str:
    return name if BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _value(value: Any) -> str:
    """A value as TOML has it; texts of JSON are texts of TOML."""
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, Mapping):
        return f"{{ {', '.join(_lines(value))} }}"
    if isinstance(value, str):
        return value if DAY.fullmatch(value) else json.dumps(value, ensure_ascii=False)
    return json.dumps(value)

"""Tables of a file, checked against the shape they must have; what is wrong is said in the words of the file's author.

The shape is a pydantic model or a plain dataclass. Nothing is turned into something else: ``"4"`` is no number.
"""

from collections.abc import Hashable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, cast, get_args, get_origin, get_type_hints

from villagesim.errors import ScenarioError, VillagesimError, nearest, together

if TYPE_CHECKING:
    from pydantic import BaseModel, ConfigDict, ValidationError

_RULES = {
    "bool_type": "true or false",
    "date_type": "a date without quotation marks and time of day, as 2022-03-01",
    "dict_type": "a table",
    "finite_number": "a finite number",
    "float_type": "a number",
    "greater_than": "above {gt:g}",
    "greater_than_equal": "at least {ge:g}",
    "int_type": "a whole number",
    "less_than": "below {lt:g}",
    "less_than_equal": "at most {le:,.10g}",
    "literal_error": "one of {expected}",
    "model_type": "a table",
    "string_pattern_mismatch": "a year, as 2021",
    "string_too_short": "a text that is not empty",
    "string_type": "text in quotation marks",
    "too_long": "a list of {max_length}, not of {actual_length}",
    "tuple_type": "a list in square brackets",
}
"""What a value must be, by the kind of error that pydantic found."""


MOST = 9
"""Things that are told at once."""
_TYPES = ("bool", "date", "float", "int", "str")
"""What pydantic puts behind the key of a value that may be of several types."""


def checked(
    shape: Any,
    content: Mapping[str, Any],
    error: type[VillagesimError] = ScenarioError,
    hints: Mapping[str, Any] | None = None,
) -> Any:
    """Make a value of this shape from the content of a table.

    Parameters
    ----------
    hints : dict of str to type, optional
        What a file may hold of fields that take more in Python.

    Raises
    ------
    VillagesimError
        With place, value, rule and a way out: of the type ``error`` where the content does not have the shape, else what
        the value itself refuses.
    """
    from pydantic import ValidationError

    model = shape
    if is_dataclass(shape):
        model = _model_of(shape, hints) if hints else _known_model_of(cast("Hashable", shape))
    try:
        table = model.model_validate(_with_tuples(content))
    except ValidationError as problem:
        raise _refused(problem, model, error) from None
    return _made(shape, table) if is_dataclass(shape) else table


def strict() -> "ConfigDict":
    """How every table is read: no unknown keys, no conversions, finite numbers."""
    from pydantic import ConfigDict

    return ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


def shown(value: Any) -> str:
    """Write a value as it stands in the file."""
    if isinstance(value, bool | Mapping):
        return "{...}" if isinstance(value, Mapping) else str(value).lower()
    if isinstance(value, list | tuple):
        return "[" + ", ".join(shown(item) for item in value) + "]"
    return str(value) if isinstance(value, date) else repr(value)


@cache
def _known_model_of(shape: Any) -> "type[BaseModel]":
    return _model_of(shape)


def _model_of(shape: Any, own: Mapping[str, Any] | None = None) -> "type[BaseModel]":
    """Model with the fields of a dataclass; dataclasses in it become tables too."""
    from pydantic import AfterValidator, create_model

    hints = get_type_hints(shape) | dict(own or {})
    content: dict[str, Any] = {}
    for field in fields(shape):
        hint = hints[field.name]
        parts = () if get_origin(hint) is tuple else (hint, *get_args(hint))  # lists of values that are made already
        inner = next((part for part in parts if is_dataclass(part)), None)
        if inner is not None:
            table: Any = Annotated[_model_of(inner), AfterValidator(lambda table, inner=inner: _made(inner, table))]
            hint = table if hint is inner else table | None
        required = field.default is MISSING and field.default_factory is MISSING
        content[field.name] = (hint, ... if required else None)
    model: type[BaseModel] = create_model(shape.__name__, __config__=strict(), **content)
    return model


def _made(shape: Any, table: "BaseModel") -> Any:
    return shape(**{name: getattr(table, name) for name in table.model_fields_set})


def _refused(problem: "ValidationError", model: Any, kind: type[VillagesimError]) -> VillagesimError:
    """All that is wrong, one thing of each key; of very much the first things, and how many more there are."""
    errors = problem.errors()
    if errors[0]["type"] == "missing":  # rather a key that was mistyped
        errors.sort(key=lambda error: error["type"] != "extra_forbidden")
    found: dict[Any, VillagesimError] = {}
    for error in errors:
        one = _told(error, model, kind)
        found.setdefault((one.at, one.rule.partition(" ")[0]), one)
    *first, last = [*found.values()][:MOST]
    if (more := len(found) - MOST) > 0:
        last = type(last)(last.rule, fix=f"{last.fix}\n  ({more} more to correct after these.)", at=last.at)
    return together([*first, last])


def _told(error: Any, model: Any, kind: type[VillagesimError]) -> VillagesimError:
    found, loc = error["type"], error["loc"]
    if found == "value_error":
        own: VillagesimError = error["ctx"]["error"]
        return own
    at, key = _place(loc)
    if found == "extra_forbidden":
        return kind(f"{key} is not a key here.", fix=nearest(str(loc[-1]), _keys(model, loc[:-1])), at=at)
    if found == "missing":
        return kind(f"{key} is missing.", fix="Add it.", at=at)
    rule = _RULES.get(found, "something else").format(**error.get("ctx", {}))
    return kind(f"{key} = {shown(error['input'])} must be {rule}.", fix="Correct it.", at=at)


def _place(loc: tuple[int | str, ...]) -> tuple[list[str], str]:
    """Where in the file, as its author sees it, and the key there: ``[place]``, ``residents``; ``split, value 3``."""
    if loc[0] == "strategy" and len(loc) > 1:
        table, rest = f"[[strategy]] {int(loc[1]) + 1}", loc[2:]
        if rest[:1] == ("policy",) and len(rest) > 1:
            return [table], f"policy {int(rest[1]) + 1}"
        return ([table], str(rest[0])) if rest else ([], table)
    names = [part for k, part in enumerate(loc) if isinstance(part, str) and not (k and part in (*_TYPES, "[key]"))]
    values = "".join(f", value {part + 1}" for part in loc if isinstance(part, int))
    return [f"[{names[0]}]"] if len(names) > 1 else [], ".".join(names[1:] or names) + values


def _keys(model: Any, path: tuple[int | str, ...]) -> list[str]:
    """Keys that the table at ``path`` may have."""
    for part in path:
        if isinstance(part, str):
            annotation = model.model_fields[part].annotation
            model = next(a for a in (annotation, *get_args(annotation)) if hasattr(a, "model_fields"))
    return list(model.model_fields)


def _with_tuples(value: Any) -> Any:
    """Lists of a file as tuples, so that strict validation takes them."""
    if isinstance(value, list):
        return tuple(_with_tuples(item) for item in value)
    if isinstance(value, dict):
        return {key: _with_tuples(item) for key, item in value.items()}
    return value

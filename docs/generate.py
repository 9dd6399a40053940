"""Pages of the reference, made when the documentation is built.

Parameters, policies, outcomes, public names, the command line, ODD and STRESS-DES.
"""

from collections.abc import Iterator
from importlib import import_module
from inspect import isclass, isfunction, ismodule
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

import typer

import villagesim
from villagesim.cli import app
from villagesim.parameters import THEMES
from villagesim.reference import tables
from villagesim.reference.odd import odd
from villagesim.reference.stress import stress
from villagesim.reference.subject import Subject

FOLDER = Path(__file__).parent / "reference"
INSIDE = ("process", "component", "processes", "runs")
"""What those need who add to the library."""
NAMESPACES = (*(name for name in villagesim.__all__ if ismodule(getattr(villagesim, name))), *INSIDE)


def write() -> None:
    """Write all pages anew."""
    FOLDER.mkdir(exist_ok=True)
    described: set[int] = set()
    pages = {name: page(import_module(f"villagesim.{name}"), described) for name in NAMESPACES}
    pages = {"villagesim": page(villagesim, described), **pages, "command_line": command_line()}
    texts = lists() | {f"{name}.rst": page for name, page in pages.items()} | descriptions()
    contents = "".join(f"   {Path(file).stem}\n" for file in texts)
    index = f"{heading('Names, commands, checklists', '=')}Made from the code.\n\n.. toctree::\n   :maxdepth: 1\n\n{contents}"
    for file, text in (texts | {"index.rst": index}).items():
        path = FOLDER / file
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def lists() -> dict[str, str]:
    """All parameters, policies and outcomes, in tables."""
    explained = "`villagesim explain NAME` prints one of them, and whatever it is connected with."
    themes = "\n".join(
        f"## {theme.replace('_', ' ').capitalize()}\n\n{tables.parameters(group)}\n" for theme, group in THEMES.items()
    )
    return {
        "every_parameter.md": f"# Every parameter\n\n{explained}\n\n{themes}",
        "every_policy.md": f"# Every policy\n\n{explained}\n\n{tables.channels()}\n",
        "every_outcome.md": f"# Every outcome\n\n{explained}\n\n{tables.outcomes()}\n",
    }


def descriptions() -> dict[str, str]:
    """ODD and STRESS-DES of the district that comes with the library."""
    subject = Subject.of([Path("packaged:zhangqiu")])
    return {"odd.md": odd(subject), "stress.md": stress(subject)}


def page(module: ModuleType, described: set[int]) -> str:
    """Page of one namespace: what it is for, all its names at a glance, and in full those not yet described elsewhere."""
    title = "vs" + module.__name__.removeprefix("villagesim")
    parts = [heading(title, "="), f".. automodule:: {module.__name__}\n   :no-members:\n\n"]
    for inner, names in members(module):
        if inner is not module:
            parts.append(heading(inner.__name__.removeprefix(f"{module.__name__}."), "-"))
            parts.append(f".. automodule:: {inner.__name__}\n   :no-members:\n\n")
        parts.append(f".. currentmodule:: {inner.__name__}\n\n.. autosummary::\n   :nosignatures:\n\n")
        parts += [f"   {name}\n" for name in names]
        parts += [f"\n{directive(inner, name)}" for name in names if id(getattr(inner, name)) not in described]
        parts.append("\n")
        described |= {id(getattr(inner, name)) for name in names}
    return "".join(parts)


def members(module: ModuleType) -> Iterator[tuple[ModuleType, list[str]]]:
    """Public names of a namespace, module by module; those without ``__all__`` offer what their modules define."""
    names = getattr(module, "__all__", None)
    if names is None and not hasattr(module, "__path__"):
        yield module, defined_in(module)
        return
    inner = {name: _get(module, name) for name in names or [found.name for found in iter_modules(module.__path__)]}
    own = [name for name, value in inner.items() if not ismodule(value) and not name.startswith("__")]
    if own:
        yield module, own
    for value in inner.values():
        if ismodule(value) and value.__name__.partition(".")[2] not in NAMESPACES and defined_in(value):
            yield value, defined_in(value)


def defined_in(module: ModuleType) -> list[str]:
    """Public classes and functions that a module defines, in its order."""
    return [
        name
        for name, found in vars(module).items()
        if (isclass(found) or isfunction(found)) and found.__module__ == module.__name__ and not name.startswith("_")
    ]


def _get(module: ModuleType, name: str) -> object:
    try:
        return getattr(module, name)
    except AttributeError:
        return import_module(f"{module.__name__}.{name}")


def directive(module: ModuleType, name: str) -> str:
    """How Sphinx is told to describe one name."""
    value = getattr(module, name)
    kind = "autoclass" if isclass(value) else "autofunction" if callable(value) else "autodata"
    options = "   :members:\n" if isclass(value) else "   :no-value:\n" if kind == "autodata" else ""
    return f".. {kind}:: {name}\n{options}"


def command_line() -> str:
    """Page of the commands: what each is for, its arguments and its options."""
    group: Any = typer.main.get_command(app)
    parts = [heading("Command line", "="), f"{group.help}\n\n"]
    for name, command in group.commands.items():
        parts += [heading(f"villagesim {name}", "-"), f"{command.help}\n\n", *map(parameter, command.params), "\n"]
    return "".join(parts)


def parameter(found: Any) -> str:
    """One argument or option, with what it is; an address in it is an example, no link."""
    name = found.name.upper() if found.param_type_name == "argument" else ", ".join(found.opts)
    default = "" if found.default in (None, False) or found.required else f" Default: {found.default}."
    said = (getattr(found, "help", "") or "").replace("://", r"\://")
    return f"``{name}``\n    {said}{default}\n\n"


def heading(text: str, line: str) -> str:
    """Title with a line below."""
    return f"{text}\n{line * len(text)}\n\n"

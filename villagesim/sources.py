"""Text of a user's own code: the file in which it stands, and all that this imports from its folder and below."""

import ast
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from hashlib import blake2b
from inspect import isfunction
from pathlib import Path
from typing import Any

from villagesim.ending import modules_of

__all__ = ["hash_of", "root_of", "told_apart"]

INSTALLED = {"site-packages", "dist-packages"}
PLAIN = (str, int, float, tuple, type(None))


def told_apart(code: Any) -> str | None:
    """What tells a class or function from others: its name, the hash of its text, and plain values that it has taken up.

    Returns
    -------
    str or None
        None where a file that it is of cannot be read, as in a notebook.
    """
    if isinstance(code, partial):
        inner = told_apart(code.func)
        return None if inner is None else f"{inner} {code.args!r} {code.keywords!r}"
    modules = sorted(modules_of([code]))
    files = [Path(str(getattr(sys.modules.get(name), "__file__", None))) for name in modules]
    if not files or not all(file.is_file() for file in files):
        return None
    texts = [hash_of(file, root_of(file, name)) for file, name in zip(files, modules, strict=True)]
    values = [value for value in _taken_up(code) if isinstance(value, PLAIN)]
    return " ".join([str(getattr(code, "__qualname__", type(code).__qualname__)), *texts, *map(repr, values)])


def root_of(file: Path, module: str) -> Path:
    """Folder in which the module is found by its whole name; of a program, that of its file."""
    above = 0 if module == "__main__" else module.count(".") + (file.name == "__init__.py")
    return file.resolve().parents[above]


def hash_of(file: Path, root: Path) -> str:
    """Hash of a file of code and of all files in ``root`` and below that it imports, directly or not."""
    texts: dict[Path, bytes] = {}
    todo = [file.resolve()]
    while todo:
        path = todo.pop()
        if path not in texts:
            texts[path] = path.read_bytes()
            todo += [found for name in _imported(texts[path], path, root) for found in _files(name, root, path)]
    told = [(str(path.relative_to(root)), blake2b(text).hexdigest()) for path, text in texts.items()]
    return blake2b(repr(sorted(told)).encode(), digest_size=12).hexdigest()


def _imported(text: bytes, path: Path, root: Path) -> Iterator[tuple[str, ...]]:
    """Names of modules, in parts, that a text may import, at its top or anywhere in it."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return
    package = path.parent.relative_to(root).parts
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (tuple(alias.name.split(".")) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            outer = package[: len(package) + 1 - node.level] if node.level else ()
            module = (*outer, *(node.module.split(".") if node.module else ()))
            yield from ((*module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in ("import_module", "__import__") and isinstance(node.args[0].value, str):
                yield tuple(node.args[0].value.split("."))


def _files(name: tuple[str, ...], root: Path, importer: Path) -> Iterator[Path]:
    """Files of a module and of the packages around it, where they are in the folder; of what is installed, its own package."""
    own = importer.relative_to(root).parts[0].removesuffix(".py")
    if name[0] == "villagesim" or (root.name in INSTALLED and name[0] != own):
        return
    for n in range(1, len(name) + 1):
        inner = root.joinpath(*name[:n])
        yield from (path for path in (inner.parent / f"{inner.name}.py", inner / "__init__.py") if path.is_file())


def _taken_up(code: Any) -> Iterable[Any]:
    """Values that functions have from where they were made: defaults, and names of an outer function."""
    for function in (code, *getattr(code, "__dict__", {}).values()):
        if isfunction(function):
            yield from function.__defaults__ or ()
            yield from (function.__kwdefaults__ or {}).values()
            for cell in function.__closure__ or ():
                try:
                    yield cell.cell_contents
                except ValueError:  # not set yet
                    continue

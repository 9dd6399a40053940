"""All that refusals say, as patterns with named places, found in the code: texts of errors, and those that go into them.

From each error one goes back to where its words were written: through variables, branches, joined parts, what functions return,
and what was given to a parameter where the function is called.
"""

import ast
import itertools
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parents[1] / "villagesim"
CARRIERS = ("NumberError", "TypeError", "ValueError")
"""Errors whose words go into those that users see."""
CARRIED = ("problem", "why")
"""Attributes that carry words to an error."""
VALUES = ("strong with weak",)
"""Values with blanks, which users write."""
PLACES = ("placed", "inside")
TEXTS = ("rule", "fix", "at")
TOLD = ("_", "marked", "named", "told")
"""Calls whose outcome is told already."""
PASSED = ("Path", "plain", "str", "sorted", "list", "tuple", "next", "fromkeys", "join")
SAME = ("strip", "rstrip", "lstrip", "format", "replace", "removesuffix", "items", "values", "get")
"""Calls whose outcome is what they are given, or what they are called on."""
WORD, PLACE = re.compile(r"[A-Za-z]{2,}"), re.compile(r"\{\w+\}")
LOOSE = {"and", "at", "by", "in", "of", "on", "or", "to"}
FORMATTED = re.compile(r"\{(\w*)(?:!r)?(?::[^}]*)?\}")
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Code:
    """All modules of the package: functions, calls and constants by name, and the function around each node."""

    def __init__(self, package: Path = PACKAGE) -> None:
        self.functions: dict[str, list[Function]] = defaultdict(list)
        self.calls: dict[str, list[ast.Call]] = defaultdict(list)
        self.constants: dict[str, list[ast.expr]] = defaultdict(list)
        self.around: dict[ast.AST, Function | None] = {}
        self.file: dict[ast.AST, str] = {}
        self.imported: dict[tuple[str, str], str] = {}
        self.bases: dict[str, set[str]] = {}
        self.errors = {"VillagesimError", *CARRIERS}
        for path in sorted(package.rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            self._read(tree, None, str(path.relative_to(package)))
        grown = 0
        while grown != len(self.errors):
            grown = len(self.errors)
            self.errors |= {name for name, bases in self.bases.items() if bases & self.errors}

    def _read(self, node: ast.AST, inside: Function | None, file: str) -> None:
        self.around[node], self.file[node] = inside, file
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            self.functions[node.name].append(node)
            inside = node
        elif isinstance(node, ast.Call):
            self.calls[called(node)].append(node)
        elif isinstance(node, ast.ClassDef):
            self.bases[node.name] = {name_of(base, 0) for base in node.bases}
        elif isinstance(node, ast.Assign | ast.AnnAssign) and inside is None and node.value:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                self.constants[name_of(target, 0)].append(node.value)
        elif isinstance(node, ast.ImportFrom):
            module = (node.module or "").removeprefix("villagesim.").replace(".", "/") + ".py"
            self.imported |= {(file, each.name): module for each in node.names}
        for child in ast.iter_child_nodes(node):
            self._read(child, inside, file)

    def refusals(self) -> dict[str, set[str]]:
        """Patterns, and the files that say them."""
        found: dict[str, set[str]] = {}
        for name, calls in list(self.calls.items()):
            for call in calls:
                if name in PLACES:
                    given = call.args
                elif self.makes_error(call):
                    given = [
                        *call.args[: 2 if name in CARRIERS else 1],
                        *(k.value for k in call.keywords if k.arg in TEXTS),
                    ]
                else:
                    continue
                for text in given:
                    for said, file in self.texts(text, set()):
                        found.setdefault(said, set()).add(file)
        return found

    def makes_error(self, call: ast.Call) -> bool:
        """Whether an error is made: by its name, by the type of another, or by a type that a function was given."""
        if isinstance(call.func, ast.Call):
            return called(call) == "type"
        name, function = called(call), self.around[call]
        kinds = [each for each in parameters(function) if each.arg == name and each.annotation] if function else []
        return name in self.errors or name == "error" or any("Error]" in ast.unparse(each.annotation) for each in kinds)

    def texts(self, node: ast.AST | None, seen: set[ast.AST]) -> Iterator[tuple[str, str]]:
        """Patterns of all texts that an expression may be made of."""
        if node is None or node in seen:
            return
        seen.add(node)
        text = pattern(node).strip(" ,;")
        fixed = PLACE.sub("", text)
        loose = text.startswith("{") and {*WORD.findall(fixed)} <= LOOSE and not fixed.endswith(".")
        if " " in text and text not in VALUES and (WORD.search(fixed) or fixed.endswith(".")) and not loose:
            yield text, self.file[node]
        for part in self.parts(node):
            yield from self.texts(part, seen)

    def parts(self, node: ast.AST) -> Iterator[ast.AST | None]:
        """Expressions that the words of an expression come from."""
        match node:
            case ast.JoinedStr():
                yield from (
                    value.value
                    for value in node.values
                    if isinstance(value, ast.FormattedValue) and value.conversion == -1
                )
            case ast.IfExp():
                yield from (node.body, node.orelse)
            case ast.BoolOp():
                yield from node.values
            case ast.BinOp():
                yield from (node.left, node.right)
            case ast.Tuple() | ast.List() | ast.Set():
                yield from node.elts
            case ast.Dict():
                yield from node.values
            case ast.Subscript() | ast.Starred() | ast.NamedExpr():
                yield node.value
            case ast.GeneratorExp() | ast.ListComp() | ast.SetComp():
                yield node.elt
            case ast.DictComp():
                yield node.value
            case ast.Name():
                yield from self.values(node)
            case ast.Attribute() if node.attr.isupper():
                yield from self.constants[node.attr]
            case ast.Attribute(attr="name", value=ast.Name() as path):
                yield path
            case ast.Attribute() if node.attr in CARRIED:
                made = (call for name, calls in self.calls.items() if name[:1].isupper() for call in calls)
                yield from (each.value for call in made for each in call.keywords if each.arg == node.attr)
            case ast.Call():
                yield from self.said_by(node)

    def said_by(self, call: ast.Call) -> Iterator[ast.AST | None]:
        """What a call may give: what Python passes on, or what the package's function of this name returns."""
        name, of = called(call), call.func.value if isinstance(call.func, ast.Attribute) else None
        if name in TOLD:
            return
        if name in PASSED:
            yield from call.args
        elif of and name in SAME:
            yield from (of, *(call.args if name == "get" else ()))
        else:
            for function in self.one(name, self.file[call]):
                yield from (
                    node.value
                    for node in ast.walk(function)
                    if isinstance(node, ast.Return | ast.Yield) and self.around[node] is function
                )

    def one(self, name: str, file: str) -> list[Function]:
        """Functions that a name means in a file: its own, what it imports, else the only one of the package."""
        known = self.functions.get(name, [])
        module = self.imported.get((file, name))
        return [each for each in known if self.file[each] in (file, module)] or known * (len(known) == 1)

    def values(self, name: ast.Name) -> Iterator[ast.AST | None]:
        """What a name may hold: what it was made in its function, what callers give, or a constant."""
        function = self.around[name]
        while function:
            if found := list(bound(function, name.id)):
                yield from found
                return
            if any(each.arg == name.id for each in parameters(function)):
                yield from self.given(function, name.id)
                return
            function = self.around[function]
        yield from self.constants[name.id]

    def given(self, function: Function, name: str) -> Iterator[ast.AST | None]:
        """What callers give to a parameter, and what stands there by default."""
        positional = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
        own = positional[1:] if positional[:1] in (["self"], ["cls"]) else positional
        for call in self.calls[function.name]:
            if function not in self.one(function.name, self.file[call]):
                continue
            yield from (keyword.value for keyword in call.keywords if keyword.arg == name)
            if name in own and own.index(name) < len(call.args):
                yield call.args[own.index(name)]
            if function.args.vararg and name == function.args.vararg.arg:
                yield from call.args[len(own) :]
        for defaults, names in (
            (function.args.defaults, positional),
            (function.args.kw_defaults, [each.arg for each in function.args.kwonlyargs]),
        ):
            yield from (default for default, each in zip(defaults[::-1], names[::-1], strict=False) if each == name)


def parameters(function: Function) -> list[ast.arg]:
    """Parameters of a function."""
    given = function.args
    return [*given.posonlyargs, *given.args, *filter(None, [given.vararg]), *given.kwonlyargs]


def bound(function: Function, name: str) -> Iterator[ast.AST | None]:
    """What a function writes into a variable."""
    for node in ast.walk(function):
        match node:
            case ast.Assign():
                for target in node.targets:
                    yield from paired(target, node.value, name)
            case ast.AnnAssign() | ast.AugAssign() | ast.NamedExpr():
                yield from paired(node.target, node.value, name)
            case ast.For() | ast.comprehension():
                several = node.iter.elts if isinstance(node.iter, ast.Tuple | ast.List) else [node.iter]
                for value in several:
                    yield from paired(node.target, value, name)


def paired(target: ast.AST, value: ast.AST | None, name: str) -> Iterator[ast.AST | None]:
    """The part of a value that goes into a name."""
    if isinstance(target, ast.Name):
        if target.id == name:
            yield value
    elif isinstance(target, ast.Tuple):
        if isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts):
            for one, part in zip(target.elts, value.elts, strict=True):
                yield from paired(one, part, name)
        elif any(isinstance(each, ast.Name) and each.id == name for each in ast.walk(target)):
            yield value


def called(call: ast.Call) -> str:
    """Last name of what is called."""
    if isinstance(call.func, ast.Call):
        return called(call.func)
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def name_of(node: Any, k: int) -> str:
    """Name of a place: that of the expression, or its number."""
    while isinstance(node, ast.Call) and node.args:
        node = node.args[0]
    found = getattr(node, "attr", getattr(node, "id", "")) if isinstance(node, ast.Attribute | ast.Name) else ""
    return found.strip("_") or f"part_{k}"


def pattern(node: ast.AST) -> str:
    """Text with a name for each place; empty where it is none."""
    if isinstance(node, ast.Constant):
        said, count = node.value if isinstance(node.value, str) else "", itertools.count(1)
        return FORMATTED.sub(lambda place: f"{{{place[1] or f'part_{next(count)}'}}}", said)
    found = pieces(node)
    said, used, k = "", defaultdict(int), 0
    for value in found if any(isinstance(each, str) for each in found) else ():
        if isinstance(value, str):
            said += value
        else:
            k += 1
            name = name_of(value, k)
            used[name] += 1
            said += "{" + (name if used[name] == 1 else f"{name}_{used[name]}") + "}"
    return said


def pieces(node: ast.AST) -> list[str | ast.AST]:
    """Fixed words, and expressions between them, of a text that is put together."""
    match node:
        case ast.JoinedStr():
            return [each.value for each in node.values if isinstance(each, ast.Constant | ast.FormattedValue)]
        case ast.BinOp(op=ast.Add()):
            return [*pieces(node.left), *pieces(node.right)]
        case ast.Constant(value=str()):
            return [node.value]
    return [node]


if __name__ == "__main__":
    for text, files in Code().refusals().items():
        print(sorted(files)[0], repr(text), sep="\t")

"""The house: imports point one way, files stay short, nothing heavy is loaded for those who only simulate."""

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import villagesim as vs
from villagesim.parameters import DEFAULTS

PACKAGE = Path(vs.__file__).parent
LAYERS = (
    ("errors", "arrays", "frozen", "notebook"),
    ("docstrings", "extras", "languages", "text"),
    ("checks", "domains", "ending", "foreign", "refusals", "wording"),
    ("dates", "sources"),
    ("parameters", "randomness", "engine", "timetable"),
    ("places", "statistics"),
    ("agents",),
    ("outcomes",),
    ("observer",),
    ("component",),
    ("assembly", "guard"),
    ("world",),
    ("process", "history", "soundness", "targets"),
    ("run", "processes", "policies"),
    ("scenario", "own"),
    ("files",),
    ("simulation",),
    ("evidence",),
    ("plots",),
    ("design",),
    ("runs",),
    ("questions",),
    ("reference",),
    ("explore", "report"),
    ("options", "terminal"),
    ("design_tables", "verdict_tables"),
    ("printing", "reporting"),
    (
        "asking",
        "calibrating",
        "describing",
        "examples",
        "exploring",
        "exporting",
        "maps",
        "pairing",
        "study",
        "telling",
    ),
    ("new",),
    ("",),
    ("cli",),
)
"""From low to high. A part may import what stands below it, and itself; never a neighbour. The empty name is
``villagesim`` itself, which offers the public names; only the command line uses them."""
RANK = {part: rank for rank, parts in enumerate(LAYERS) for part in parts}
HEAVY = ("matplotlib", "pandas", "pyarrow", "scipy.stats", "scipy.optimize", "pydantic", "typer", "rich")
ENTRY = ("__main__",)
"""What Python starts, not what anybody imports."""


def module_name(path: Path) -> str:
    """Dotted name of a file below the package, empty for the package itself."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def files() -> dict[str, Path]:
    """Every module of the package by its name."""
    return {name: path for path in sorted(PACKAGE.rglob("*.py")) if (name := module_name(path)) not in ENTRY}


def targets(tree: ast.AST, modules: Mapping[str, object]) -> Iterator[str]:
    """Modules of the package that a file imports, at the top or anywhere in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where they point"
            names = [(node.module or "", alias.name) for alias in node.names]
        else:
            continue
        for module, name in names:
            if module.split(".")[0] == "villagesim":
                short = module.removeprefix("villagesim").removeprefix(".")
                inner = f"{short}.{name}".removeprefix(".")
                yield inner if inner in modules else short


def imports() -> dict[str, set[str]]:
    """What every module imports of the package."""
    modules = files()
    return {
        name: set(targets(ast.parse(path.read_text(encoding="utf-8")), modules)) - {name}
        for name, path in modules.items()
    }


def wrong_ways(graph: Mapping[str, set[str]]) -> list[str]:
    """Imports that point up or sideways."""
    found = []
    for module, reached in graph.items():
        for target in reached:
            mine, other = module.split(".")[0], target.split(".")[0]
            if mine == other:
                if mine == "processes" and module != mine:
                    found.append(f"{module} imports {target}: processes do not know each other")
            elif RANK[other] >= RANK[mine]:
                found.append(f"{module} imports {target}: {'up' if RANK[other] > RANK[mine] else 'sideways'}")
    return sorted(found)


def cycles(graph: Mapping[str, set[str]]) -> list[str]:
    """Modules that reach themselves; a package that imports its own modules is counted with them."""
    found = []
    for start in graph:
        seen: set[str] = set()
        todo = list(graph[start])
        while todo:
            module = todo.pop()
            if module not in seen:
                seen.add(module)
                todo += graph.get(module, ())
        if start in seen:
            found.append(start)
    return sorted(found)


def test_every_part_has_a_layer() -> None:
    """A new part of the package must be given its place."""
    assert {name.split(".")[0] for name in files()} == set(RANK)


SMALL = {
    "statistics": {"arrays", "errors", "extras", "checks", "randomness", "statistics"},
    "places.units": {
        "arrays",
        "frozen",
        "errors",
        "checks",
        "randomness",
        "foreign",
        "places.divisions",
        "places.names",
        "places.rolls",
        "places.units",
    },
}
"""Libraries that are of use without the rest, and all that they may import, at the top and inside functions."""


@pytest.mark.parametrize("library", SMALL)
def test_small_libraries_stand_alone(library: str) -> None:
    """Statistics know numbers only, the history of units knows rolls only."""
    strange = {
        f"{module} imports {target}"
        for module, reached in imports().items()
        if f"{module}.".startswith(f"{library}.")
        for target in reached
        if not any(f"{target}.".startswith(f"{part}.") for part in SMALL[library])
    }
    assert not strange


def test_imports_point_down() -> None:
    """No module imports what stands above it or beside it."""
    assert not wrong_ways(imports())


def test_imports_make_no_circle() -> None:
    """No module reaches itself through what it imports."""
    assert not cycles(imports())


def test_wrong_ways_and_circles_are_noticed() -> None:
    """The twin: one import up, one sideways, one between processes, and a circle in a package are found."""
    graph = {"world": {"scenario"}, "policies.a": {"processes.b"}, "processes.b": {"processes.c"}}
    assert wrong_ways(graph) == [
        "policies.a imports processes.b: sideways",
        "processes.b imports processes.c: processes do not know each other",
        "world imports scenario: up",
    ]
    assert cycles({"places.a": {"places.b"}, "places.b": {"places.a"}, "world": {"places.a"}}) == [
        "places.a",
        "places.b",
    ]


def test_imports_in_functions_are_seen() -> None:
    """Hiding an import in a function does not hide it from the tests above."""
    tree = ast.parse("def f():\n    from villagesim.places import rolls\n    import villagesim.world\n")
    assert set(targets(tree, files())) == {"places.rolls", "world"}


BUILT_IN_CODE = """
from datetime import date
from villagesim.places.endowments import Published
from villagesim.places.map_of_history import MapOfHistory
from villagesim.places.place import within
from villagesim.places.rolls import read_roll
from villagesim.policies import FiveIntegrations, LandTrust
from villagesim.scenario import Scenario
from villagesim.timetable import Budget, Decree, Timetable
before, after = (within(read_roll(f"packaged:370114_{y}"), ["白云湖街道"]) for y in (2020, 2021))
history = MapOfHistory.of_rolls(before, after)
scenario = Scenario(
    "one township",
    Timetable(date(2021, 1, 1), date(2024, 1, 1), (Decree(date(2021, 4, 1), date(2021, 7, 1)),)),
    history.likeliest,
    Published(20_000, 500_000.0, 500_000.0, 0.344, 40_000.0),
    budget=Budget(1e7, 2021),
    history=history,
)
run = vs.simulate(scenario, [FiveIntegrations(start="2022-03-01", facilitators=2), LandTrust(start="2022-03-01")])
assert run.outcomes["trust"][-1] > 0
"""
FROM_A_FILE = f"vs.simulate(vs.load_scenario({str(PACKAGE.parent / 'scenarios' / 'one_town.toml')!r}), 'both').outcomes"


@pytest.mark.parametrize(
    ("code", "allowed"),
    [
        ("", ()),
        (BUILT_IN_CODE, ("scipy.optimize",)),
        (FROM_A_FILE, ("pydantic", "scipy.optimize")),
        ("import villagesim.cli", ("typer", "rich")),
    ],
    ids=["import", "built in code", "from a file", "help"],
)
def test_nothing_heavy_is_loaded(code: str, allowed: tuple[str, ...]) -> None:
    """Importing, building and simulating loads no tables, figures, statistics or command line."""
    heavy = [name for name in HEAVY if name not in allowed]
    script = f"import sys\nimport villagesim as vs\n{code}\nprint([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=PACKAGE.parent
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_every_parameter_is_used() -> None:
    """A number that nothing reads must not be shown as a belief of the model."""
    used: set[str] = set()
    for name, path in files().items():
        if name.split(".")[0] == "parameters":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                used.add(node.attr)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                used.add(node.value)
    assert sorted(set(DEFAULTS) - used) == []


def named_twice(modules: Mapping[str, ast.AST]) -> dict[str, list[str]]:
    """Classes whose name is taken elsewhere, with their modules."""
    places: dict[str, list[str]] = {}
    for module, tree in modules.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(module)
    return {name: found for name, found in places.items() if len(found) > 1}


def test_no_class_name_is_there_twice() -> None:
    """Tracebacks and searches tell all classes apart; the twin holds two of one name."""
    assert not named_twice({name: ast.parse(path.read_text(encoding="utf-8")) for name, path in files().items()})
    assert named_twice(
        {"a": ast.parse("class A: ..."), "b": ast.parse("class A: ..."), "c": ast.parse("class B: ...")}
    ) == {"A": ["a", "b"]}


def test_files_are_short() -> None:
    """No file has more than 400 lines."""
    long = {
        name: n for name, path in files().items() if (n := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long


def long_functions(tree: ast.AST) -> dict[str, int]:
    """Functions of more than 60 lines, by name, with their lines."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {f.name: n for f in functions if (n := (f.end_lineno or f.lineno) - f.lineno + 1) > 60}


def test_functions_are_short() -> None:
    """None has more than 60 lines, in the library, the experiments and the benchmarks; the twin has one of 61."""
    rooms = (PACKAGE, *(PACKAGE.parent / room for room in ("experiments", "benchmarks")))
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for room in rooms for path in sorted(room.rglob("*.py"))}
    assert not {path.name: found for path, tree in trees.items() if (found := long_functions(tree))}
    sixty = "def f():\n" + "    pass\n" * 59
    assert long_functions(ast.parse(sixty)) == {}
    assert long_functions(ast.parse(sixty + "    pass\n")) == {"f": 61}


def test_each_refusal_of_a_table_of_runs_has_a_way_out() -> None:
    """As every other message."""
    tree = ast.parse((PACKAGE / "runs" / "table.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "RunError"]
    assert len(calls) > 8
    assert [call.lineno for call in calls if "fix" not in {key.arg for key in call.keywords}] == []

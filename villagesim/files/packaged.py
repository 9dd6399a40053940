"""Scenarios and questions that come with the library, each by its name: ``packaged:zhangqiu``.

Of a checkout they are the folders ``scenarios/`` and ``experiments/`` beside the package; an installed package holds copies of
both.
"""

import ast
from pathlib import Path

from villagesim.checks import as_path
from villagesim.errors import ScenarioError, VillagesimError, nearest
from villagesim.foreign.toml import read_toml
from villagesim.places.rolls import PACKAGED

PACKAGE = Path(__file__).parents[1]
HOME = PACKAGE / "packaged" if (PACKAGE / "packaged").is_dir() else PACKAGE.parent
"""Folder that holds ``scenarios/`` and ``experiments/``."""
SCENARIOS = ("scenarios/*.toml", "experiments/places/*.toml")
QUESTIONS = ("experiments/examples/*.toml", "experiments/*.py")
SCRIPTS = "scenarios/*.py"
"""Places from Python, to build on."""


def scenarios() -> dict[str, Path]:
    """Scenario files by name."""
    return _found(SCENARIOS)


def questions() -> dict[str, Path]:
    """Files of questions by name."""
    return {name: path for name, path in _found(QUESTIONS).items() if path.suffix == ".toml" or _asks(path)}


def located(source: str | Path, base: Path | None = None, *, error: type[VillagesimError] = ScenarioError) -> Path:
    """Find the file that a source means: ``packaged:zhangqiu``, or a path, seen from ``base``.

    Raises
    ------
    VillagesimError
        Of the type ``error``, where it is no path, or nothing of this name comes with the library.
    """
    path = as_path(source, "path", error=error)
    if not str(path).startswith(PACKAGED):
        return path if base is None else base / path
    name = str(path).removeprefix(PACKAGED)
    known = scenarios() | questions()
    if name not in known:
        fix = f"{nearest(name, known)} villagesim examples lists all of them."
        raise error(f"the library has no scenario or question {name!r}.", fix=fix, at=[path])
    return known[name]


def name_of(path: Path) -> str:
    """What results of a scenario or question are called by."""
    return path.stem.removeprefix(PACKAGED)


def called(path: str | Path) -> str:
    """What a file of a scenario is called wherever it lies: ``packaged:zhangqiu``, or its name."""
    path = Path(path).resolve()
    return f"{PACKAGED}{path.stem}" if path in map(Path.resolve, scenarios().values()) else path.name


def about(path: Path) -> str:
    """What the file of an example says of itself: its title, or what it asks."""
    if path.suffix == ".py":
        return (ast.get_docstring(_tree(path)) or "").splitlines()[0]
    content = read_toml(path, "an example", error=ScenarioError)
    return str(content.get("question", content.get("title", "")))


def _found(patterns: tuple[str, ...]) -> dict[str, Path]:
    return {path.stem: path for pattern in patterns for path in sorted(HOME.glob(pattern))}


def _asks(path: Path) -> bool:
    """Whether a script holds a question; the others make pages of the documentation."""
    names = [target for node in _tree(path).body if isinstance(node, ast.Assign) for target in node.targets]
    return any(isinstance(name, ast.Name) and name.id == "QUESTION" for name in names)


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))

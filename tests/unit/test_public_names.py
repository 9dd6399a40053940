"""Public names: few at the root, the rest in namespaces, all there, described, and known to type checkers."""

import ast
import re
from inspect import getdoc, isclass, isfunction, ismodule
from pathlib import Path
from types import ModuleType

import pytest

import villagesim as vs

NAMESPACES = [getattr(vs, name) for name in vs._NAMESPACES]


def known_to_type_checkers() -> set[str]:
    """Names that are imported where only a type checker looks."""
    tree = ast.parse(Path(vs.__file__).read_text(encoding="utf-8"))
    blocks = [node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    return {alias.name for node in ast.walk(blocks[0]) if isinstance(node, ast.ImportFrom) for alias in node.names}


def test_the_root_is_small_and_one_table_says_where_its_names_are() -> None:
    """About twelve names and the namespaces; the table, ``__all__`` and what type checkers read agree."""
    own = {name for names in vs._HOMES.values() for name in names}
    assert len(own) <= 13
    assert own | set(vs._NAMESPACES) == known_to_type_checkers() == set(vs.__all__) - {"__version__"}
    assert dir(vs) == sorted(vs.__all__)


@pytest.mark.parametrize("module", [vs, *NAMESPACES], ids=lambda module: module.__name__)
def test_names_are_sorted_there_and_described(module: ModuleType) -> None:
    """Constants, classes, then functions and modules; each can be had and says what it is."""
    names = module.__all__
    assert names == sorted(names, key=lambda name: (not name.isupper(), not name[0].isupper(), name))
    found = {name: getattr(module, name) for name in names}
    described = [value for value in found.values() if isclass(value) or isfunction(value) or ismodule(value)]
    assert described
    for value in described:
        assert getdoc(value), value
        assert not (getdoc(value) or "").startswith(f"{value.__name__}("), "words that a dataclass made itself"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("LandTrust", "vs.policies.LandTrust"),
        ("porest", "vs.targets.poorest"),
        ("compar", "vs.compare"),
        ("OUTCOMES", "vs.outcomes.OUTCOMES"),
    ],
)
def test_a_wrong_name_gets_the_nearest(name: str, meant: str) -> None:
    """With its namespace, as it is written."""
    with pytest.raises(AttributeError, match=rf"no attribute '{name}': did you mean {meant}\?$"):
        getattr(vs, name)


@pytest.mark.parametrize("namespace", NAMESPACES, ids=lambda module: module.__name__)
def test_a_wrong_name_in_a_namespace_gets_the_nearest(namespace: ModuleType) -> None:
    """The first of its names, with a letter left out."""
    name = namespace.__all__[0]
    wrong = name[:1] + name[2:]
    with pytest.raises(
        AttributeError, match=rf"'{namespace.__name__}' has no attribute '{wrong}': did you mean {name}\?$"
    ):
        getattr(namespace, wrong)
    assert not hasattr(namespace, "_ipython_display_")


def test_the_page_on_parts_of_ones_own_needs_public_names_only() -> None:
    """It imports from the root and its namespaces, and from the file that it writes."""
    page = (Path(vs.__file__).parents[1] / "docs" / "own.md").read_text(encoding="utf-8")
    homes = set(re.findall(r"^from (villagesim[.\w]*) import", page, re.MULTILINE))
    assert "villagesim.own" in homes
    assert homes <= {"villagesim", *(module.__name__ for module in NAMESPACES)}


@pytest.mark.parametrize("name", ["xyzzy", "_ipython_display_"])
def test_a_name_like_none_gets_no_advice(name: str) -> None:
    with pytest.raises(AttributeError, match=f"no attribute '{name}'$"):
        getattr(vs, name)

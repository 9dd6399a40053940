"""The pages that Sphinx is given: every public name and every command is there."""

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from typer.main import get_command

import villagesim as vs
from villagesim.cli import app

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    """What makes the pages."""
    sys.path.insert(0, str(DOCS))
    try:
        return import_module("generate")
    finally:
        sys.path.remove(str(DOCS))


def test_every_public_name_is_described_once(generate: ModuleType) -> None:
    described: set[int] = set()
    for name in ("villagesim", *(f"villagesim.{name}" for name in generate.NAMESPACES)):
        module = import_module(name)
        text = generate.page(module, described)
        for _, names in generate.members(module):
            assert all(f"   {found}\n" in text for found in names), name
    assert ":: " not in generate.page(import_module("villagesim.policies"), described).partition("autosummary::")[2]


def test_every_command_and_option_is_described(generate: ModuleType) -> None:
    text = generate.command_line()
    commands = [found.name or found.callback.__name__ for found in app.registered_commands]
    assert len(commands) > 10
    assert all(f"villagesim {name}\n" in text for name in commands)
    assert "``--allow-code``\n    Run code of your own" in text
    assert "://" not in text.replace(r"\://", "")  # examples, which are no links
    arguments = [p for c in get_command(app).commands.values() for p in c.params if p.param_type_name == "argument"]
    if getattr(arguments[0], "help", None):  # older Typer keeps no words for arguments
        assert "``SCENARIO``\n    Scenario file" in text


def test_every_parameter_policy_and_outcome_stands_in_a_list(generate: ModuleType) -> None:
    text = generate.lists()
    for file, names in (
        ("every_parameter.md", vs.parameters.DEFAULTS),
        ("every_policy.md", vs.policies.KINDS),
        ("every_outcome.md", vs.outcomes.OUTCOMES),
    ):
        assert [name for name in names if f"\n| `{name}` |" not in text[file]] == []

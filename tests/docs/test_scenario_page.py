"""The page on the scenario file: its examples load, and its tables hold every key with its default."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, get_args

import pytest

import villagesim as vs
from villagesim.files.scenario import _file_type
from villagesim.outcomes import Goal
from villagesim.places.rolls import packaged_rolls
from villagesim.policies import KINDS, Condition, Policy, Target

PAGE = (Path(__file__).resolve().parents[2] / "docs/scenario.md").read_text(encoding="utf-8")
EXAMPLE, *PIECES = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
REQUIRED = "must be given"
TABLES = {  # type of the table: the heading or the words that stand before its keys on the page
    "": "## Top level",
    "place": "## `[place]`",
    "merger": "## `[merger]`",
    "fund": "## `[fund]`",
    "strategy": "## `[[strategy]]`",
    "policy": "Keys of every policy",
    **{
        kind: f"**`{kind}`**"
        for kind in (
            "five_integrations", "land_trust", "professional_secretaries", "training", "clean_up", "more_mediators",
            "inspection", "ranking", "account_freeze", "star_rating", "three_year_plan", "monthly_review", "feedback_relay",
            "order_and_take", "service_centres", "deliberation_rooms", "seed_money", "alliances", "umbrella_brand",
            "demonstration_zones", "belt", "share_reform", "community_conversion", "top_up", "first_secretary",
            "reserve_cadres", "visits", "pay_guarantee", "clerks", "transparency", "welfare", "hardship_fallback",
        )
    },
    "code": "## `[code]`",
    "about": "## `[about]`",
    "goal": "## `[[goal]]`",
    "target": "## Targets",
    "condition": "## Conditions",
}  # fmt: skip
NOT_ROWS = {"place", "merger", "fund", "code", "about", "goal", "parameters", "smallest_difference", "strategy"}
"""Keys of the file that are tables with a section of their own."""


def keys_of_the_code() -> Iterator[tuple[str, str, Any]]:
    """Table, key and default of every key that a scenario may have."""
    file = _file_type().model_fields  # type: ignore[attr-defined]
    for key, field in file.items():
        if key not in NOT_ROWS:
            yield "", key, REQUIRED if field.is_required() else field.get_default(call_default_factory=True)
    for table in ("place", "merger", "fund", "code", "about", "strategy"):
        annotation = file[table].annotation
        model = next(a for a in (annotation, *get_args(annotation)) if hasattr(a, "model_fields"))
        for key, field in model.model_fields.items():
            yield table, key, REQUIRED if field.is_required() else field.get_default(call_default_factory=True)
    yield "policy", "kind", REQUIRED
    common = {field.name for field in fields(Policy)}
    shapes = {"policy": Policy, **KINDS, "target": Target, "condition": Condition, "goal": Goal}
    for table, shape in shapes.items():
        for field in fields(shape):
            if table not in KINDS or field.name not in common:
                yield table, field.name, REQUIRED if field.default is MISSING else field.default


def keys_of_the_page(table: str) -> dict[str, str]:
    """Default of every key in one table of the page."""
    lines = PAGE[PAGE.index(TABLES[table]) :].splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith("| key |")) + 2
    rows = {}
    for line in lines[first:]:
        if not line.startswith("|"):
            break
        key, _, _, default, _ = (cell.strip() for cell in line.strip("|").split(" | "))
        rows[key.strip("`")] = default
    return rows


@pytest.mark.parametrize(("table", "key", "default"), list(keys_of_the_code()), ids=lambda value: str(value)[:30])
def test_every_key_stands_in_its_table_with_its_default(table: str, key: str, default: Any) -> None:
    rows = keys_of_the_page(table)
    assert key in rows, f"{TABLES[table]} lacks {key}"
    if default is REQUIRED:
        assert rows[key] == "required"
    elif rows[key].startswith("`"):
        written = tomllib.loads(f"x = {rows[key].strip('`')}")["x"]
        if isinstance(written, dict):
            written = Target(**written)
        assert (tuple(written) if isinstance(written, list) else written) == default
    else:
        assert default in (None, "")


@pytest.mark.parametrize("table", TABLES)
def test_no_table_has_a_key_that_is_not_there(table: str) -> None:
    assert sorted(keys_of_the_page(table)) == sorted(key for where, key, _ in keys_of_the_code() if where == table)


def test_the_page_describes_every_kind_of_policy_once_and_says_which_are_rules() -> None:
    costing, rules = PAGE[PAGE.index("### Policies that cost money") :].split("### Rules without a cost")
    described = [re.findall(r"^\*\*`(\w+)`\*\*", part, re.MULTILINE) for part in (costing, rules)]
    assert sorted(described[0] + described[1]) == sorted(KINDS)
    assert {kind for kind in KINDS if KINDS[kind].claim is Policy.claim} == set(described[1])


def test_the_examples_use_every_kind_of_policy() -> None:
    assert set(re.findall(r'^kind = "(\w+)"', PAGE, re.MULTILINE)) == set(KINDS)


def test_the_page_names_every_packaged_roll() -> None:
    assert set(re.findall(r"`packaged:(\w+)`", PAGE)) == set(packaged_rolls())


def test_the_complete_example_loads_and_runs(tmp_path: Path) -> None:
    path = tmp_path / "example.toml"
    path.write_text(EXAMPLE, encoding="utf-8")
    scenario = vs.load_scenario(path)
    assert (len(scenario.place.before), len(scenario.place.after)) == (925, 621)
    run = vs.simulate(scenario, list(scenario.strategies)[-1])
    assert 0 < run.payments.paid.sum() <= 500_000


@pytest.mark.parametrize(
    "pieces", [*([piece] for piece in PIECES), PIECES], ids=lambda pieces: pieces[0].splitlines()[0]
)
def test_the_pieces_may_be_added_to_it(pieces: list[str], tmp_path: Path) -> None:
    """Each alone, and all together."""
    path = tmp_path / "example.toml"
    path.write_text(EXAMPLE + "\n" + "\n".join(pieces), encoding="utf-8")
    assert vs.load_scenario(path)

"""Scenario files that are damaged or made up: one refusal, or a scenario that can be described and run."""

from dataclasses import fields
from pathlib import Path
from random import Random

import pytest
from fuzz.mutations import SMALL, VALUES, damaged_toml, outcome, seeds, tried
from hypothesis import given

import villagesim as vs
from villagesim.parameters import DEFAULTS
from villagesim.policies import KINDS
from villagesim.reference.describe import describe

ROOT = Path(__file__).parents[2]
SHIPPED = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "scenarios").glob("*.toml"))]
HAND_MADE = (SMALL / "small.toml").read_text(encoding="utf-8")
MONTHS, ONE_RUN_OF = 40, 8
"""The longest run that is tried, and how many scenarios go to each one that is run."""


def held(content: bytes, folder: Path, luck: Random) -> None:
    """Read what the file holds, describe it as ``check`` does, and run a sample."""
    (folder / "asked.toml").write_bytes(content)
    scenario, refused = outcome(lambda: vs.load_scenario(folder / "asked.toml"))
    if refused is not None:
        return
    described, refused = outcome(lambda: describe(scenario))
    assert refused or described
    if len(scenario.place.before.codes) > 20 or luck.randrange(ONE_RUN_OF):
        return
    start, stop = scenario.timetable.start, scenario.timetable.stop
    if 12 * (stop.year - start.year) <= MONTHS:
        run, refused = outcome(lambda: vs.simulate(scenario, luck.choice(list(scenario.strategies)), seed=1))
        assert refused or run.county.notna().any(axis=None)


@tried(3_000)
@given(seeds)
def test_a_shipped_scenario_that_is_damaged(small, luck):
    held(damaged_toml(luck.choice(SHIPPED), luck), small, luck)


@tried(3_000)
@given(seeds)
def test_a_small_scenario_that_is_damaged(small, luck):
    held(damaged_toml(HAND_MADE, luck), small, luck)


@tried(2_000)
@given(seeds)
def test_a_scenario_that_is_made_up(small, luck):
    """Any policies with any settings, and parameters with ranges of their own."""
    lines = [HAND_MADE.partition("[[strategy]]")[0]]
    for name in luck.sample(sorted(DEFAULTS), luck.randrange(4)):
        low, value, high = sorted(luck.choice((0, 0.01, 0.5, 1, 3, 100, 1e6, -1)) for _ in range(3))
        lines.append(f'[parameters.{name}]\nvalue = {value}\nlow = {low}\nhigh = {high}\nsource = "made up"')
    for number in range(luck.randrange(4)):
        lines.append(f'[[strategy]]\nname = "s{number}"')
        for kind in luck.sample(sorted(KINDS), luck.randrange(1, 4)):
            lines.append(f'[[strategy.policy]]\nkind = "{kind}"\nstart = 2021-0{luck.randrange(1, 9)}-01')
            known = sorted(field.name for field in fields(KINDS[kind]) if field.name not in ("kind", "start"))
            lines += [f"{key} = {luck.choice(VALUES)}" for key in luck.sample(known, luck.randrange(3))]
    held("\n".join(lines).encode("utf-8", "surrogatepass"), small, luck)


@pytest.mark.parametrize("text", SHIPPED)
def test_what_is_not_damaged_is_taken(tmp_path, text):
    (tmp_path / "as_it_is.toml").write_text(text, encoding="utf-8")
    assert outcome(lambda: vs.load_scenario(tmp_path / "as_it_is.toml"))[1] is None

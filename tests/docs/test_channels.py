"""The page on what each policy does alone: what was expected, and the verdicts on what came out."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from villagesim.policies import KINDS
from villagesim.statistics.differences import difference_interval
from villagesim.statistics.intervals import Interval

ROOT = Path(__file__).resolve().parents[2]
ROWS = [
    (cells[1].strip("` "), cells[4].strip())
    for line in (ROOT / "docs/channels.md").read_text(encoding="utf-8").splitlines()
    if len(cells := line.split("|")) == 8 and line.startswith("| `")
]


@pytest.fixture(scope="module")
def channels() -> ModuleType:
    """The experiment that writes the page."""
    found = spec_from_file_location("channels", ROOT / "experiments" / "channels.py")
    sys.modules["channels"] = module = module_from_spec(found)  # dataclasses look their module up
    found.loader.exec_module(module)
    return module


def test_the_page_shows_kinds_that_there_are_and_what_was_expected_of_them(channels: ModuleType) -> None:
    """Figures are measured, and made anew by `make pages`; what was expected is that of the code."""
    assert len(ROWS) > 30
    for kind, expected in ROWS:
        name, way = KINDS[kind].expects
        assert expected == f"`{name}`: {channels.WAYS[way]}", kind


@pytest.mark.parametrize(
    ("low", "high", "verdict", "against", "where_none_is_expected"),
    [
        (0.1, 0.5, "as expected", "the other way", "not expected"),
        (0.1, 0.2, "practically equal", "the other way", "as expected"),
        (-0.1, 0.1, "null", "null", "as expected"),
        (-0.1, 0.5, "undecided", "undecided", "undecided"),
    ],
)
def test_verdicts(
    channels: ModuleType, low: float, high: float, verdict: str, against: str, where_none_is_expected: str
) -> None:
    """With 0.2 as the smallest difference that matters: by side of zero and by size, both ways round."""
    middle, width = (low + high) / 2, (high - low) / 2
    up, down = Interval(middle, low, high, width, 30), Interval(-middle, -high, -low, width, 30)
    for kind, way in (("seed_money", 1), ("clean_up", -1), ("hardship_fallback", 0)):
        assert KINDS[kind].expects[1] == way
        policy = channels.policies()[kind]
        said = [channels.Measured(policy, interval, 0.2).verdict() for interval in (up, down)]
        expected = {1: [verdict, against], -1: [against, verdict], 0: [where_none_is_expected] * 2}[way]
        assert said == expected


def test_equal_differences_are_no_knowledge(channels: ModuleType) -> None:
    """Of money nothing is known, and the cell says in how many runs there is a difference."""
    policy = KINDS["land_trust"](start="2022-03-01")
    found = channels.Measured(policy, difference_interval([2.0] * 30), 0.2)
    assert found.verdict() == "undecided"
    assert "+2.0, differs in 30 of 30; " in channels.cell(found)

"""Questions told in Chinese: no English in headline, tables, figures and page but what users and files are called."""

from pathlib import Path

import pytest
from unit.command_line import SMALL
from unit.in_chinese import english, told

import villagesim as vs
from villagesim.questions.trial import Trial

OWN = ("all of it", "by lot", "made up", "Small")
"""What its author wrote of the small county, which stays as it is."""


@pytest.fixture(scope="module")
def small() -> vs.Scenario:
    """Twelve villages over a year and a half."""
    return vs.load_scenario(SMALL)


def test_what_is_left_in_english_is_found() -> None:
    said = {"headline": "信任度提高", "figure trial": "direct 效果，by lot"}
    assert english(said, OWN) == {"figure trial": ["direct"]}


def test_a_trial(small: vs.Scenario, tmp_path: Path) -> None:
    answer = Trial(strategy="by lot", replications=2).ask(small, workers=1)
    said = told(answer, tmp_path / "out")
    assert english(said, OWN) == {}
    assert "直接效果" in said["figure trial"]
    assert answer.headline.startswith("Collective income per member of 'by lot'")

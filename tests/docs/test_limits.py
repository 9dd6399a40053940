"""The page on what the model cannot tell quotes what other pages found, and tells effects over whole ranges."""

import re
from pathlib import Path

import limits
import numpy as np
import pytest

import villagesim as vs
from villagesim.statistics.intervals import mean_interval

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/limits.md").read_text(encoding="utf-8")
OVER_RANGES = (
    "+811,638 yuan",
    "0 to +343,386",
    "+154,364 to +158,445",
    "+524 to +12,345",
    "-4,445 to -3,716",
    "beaten at 42%",
)
QUOTED = {
    "README.md": ("21 points",),
    "docs/answers.md": ("785 (779 to 790) yuan", "40%", "+16 points", "9.36 to 24.4", *OVER_RANGES),
    "docs/validation.md": ("11 of 21", "18", "14 of 21"),
}


@pytest.mark.parametrize("page", QUOTED)
def test_what_it_quotes_is_what_those_pages_say(page: str) -> None:
    found, quotes = (" ".join(text.split()) for text in ((ROOT / page).read_text(encoding="utf-8"), PAGE))
    for words in QUOTED[page]:
        assert words in found, page
        assert words in quotes


def test_the_table_has_the_effects_of_the_script() -> None:
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| `", PAGE.partition("<!-- limits -->")[2], re.MULTILINE)
    assert rows == [effect.what for effect in limits.EFFECTS]


def test_ends_are_those_of_the_ranges_and_a_minus_turns_them_round(one_town: vs.Scenario) -> None:
    effect = limits.Unknown("a", "trust", "both", ("vote_loss", "-not_handed_over"))
    assert effect.ends(one_town) == [
        {"vote_loss": 1.0, "not_handed_over": 0.25},
        {"vote_loss": 3.0, "not_handed_over": 0.1},
        {"vote_loss": 5.0, "not_handed_over": 0.0},
    ]


@pytest.mark.parametrize(
    ("means", "said"),
    [
        ((-1, 1, 3), "changes at `a` = 0.5"),
        ((2, 1, -1), "changes at `a` = 1.5"),
        ((1, 2, 3), "more"),
        ((-3, -2, -1), "less"),
        ((0, 1, 2), "more, or nothing"),
        ((0, 0, 0), "not told from nothing"),
    ],
)
def test_a_sign_holds_turns_or_is_not_told(means: tuple[float, ...], said: str) -> None:
    found = [mean_interval(np.array([mean - 0.1, mean, mean + 0.1])) for mean in means]
    assert limits.sign(found, [{"a": 0.0}, {"a": 1.0}, {"a": 2.0}]) == said

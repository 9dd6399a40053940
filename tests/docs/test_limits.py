"""The page on what the model cannot tell quotes what other pages found."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/limits.md").read_text(encoding="utf-8")
OVER_RANGES = (
    "+811,683 yuan",
    "0 to +343,407",
    "+154,961 to +158,894",
    "+484 to +9,925",
    "-4,395 to -3,677",
    "beaten at 42%",
)
QUOTED = {
    "README.md": ("22.3 points",),
    "docs/answers.md": ("785 (779 to 790) yuan", "36%", "+14.4 points", "6.01 to 26.1", *OVER_RANGES),
    "docs/validation.md": ("11 of 21", "18", "14 of 21"),
}


@pytest.mark.parametrize("page", QUOTED)
def test_what_it_quotes_is_what_those_pages_say(page: str) -> None:
    found, quotes = (" ".join(text.split()) for text in ((ROOT / page).read_text(encoding="utf-8"), PAGE))
    for words in QUOTED[page]:
        assert words in found, page
        assert words in quotes

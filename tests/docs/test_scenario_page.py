"""The page on the scenario file: its examples load."""

import re
from pathlib import Path

import pytest

import villagesim as vs
from villagesim.places.rolls import packaged_rolls

PAGE = (Path(__file__).resolve().parents[2] / "docs/scenario.md").read_text(encoding="utf-8")
EXAMPLE, *PIECES = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


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

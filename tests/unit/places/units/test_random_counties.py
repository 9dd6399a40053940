"""Counties and links made up at random: each is one refusal, or a history over three editions that keeps all laws."""

import random
from pathlib import Path

import pytest
from unit.places.units.planted_county import broken
from unit.places.units.test_chain import broken as broken_paths

from villagesim.errors import RollError
from villagesim.places.rolls import Roll
from villagesim.places.units import tables
from villagesim.places.units.chain import chain
from villagesim.places.units.edition import Edition
from villagesim.places.units.said import read_said
from villagesim.randomness import Draws

CHARACTERS = "甲乙丙丁庄家山河大小上下村?东西社区"
ENDINGS = ("村委会", "社区居委会", "", "村民委员会", "(旧甲村)")
DECREES = ("2020", "2021")


def name(lot: random.Random) -> str:
    return "".join(lot.choices(CHARACTERS, k=lot.randint(1, 4))) + lot.choice(ENDINGS)


def code(lot: random.Random) -> str:
    county = lot.choice(["370114"] * 9 + ["370115"])
    number = lot.choice([lot.randint(1, 9), lot.randint(200, 215), lot.randint(400, 403)])
    return f"{county}{lot.choice([1, 2, 100, 101]):03}{number:03}"


def edition(lot: random.Random, before: dict[str, str]) -> dict[str, str]:
    """Most of what stood before as it was, some under another name or code, some new."""
    units = {}
    for old, called in before.items():
        fate = lot.random()
        if fate < 0.7:
            units[old] = called if fate < 0.6 else name(lot)
        elif fate < 0.8:
            units[code(lot)] = called
    return units | {code(lot): name(lot) for _ in range(lot.randint(1, 12))}


def links(lot: random.Random, units: list[dict[str, str]]) -> str:
    """Some links: units or townships of either step, some of them nonsense."""
    rows = ["old_code,new_code,share,confidence,decree"]
    for _ in range(lot.randint(0, 3)):
        step = lot.randint(0, 1)
        digits = lot.choice([9, 12])
        old, new = (lot.choice(list(each))[:digits] if lot.random() < 0.8 else "" for each in units[step : step + 2])
        rows.append(f"{old},{new},{lot.choice(['', '', '0.5'])},{lot.choice(['', '', '.7'])},{DECREES[step]}")
    return "\n".join(rows)


@pytest.mark.parametrize("seed", range(4))
def test_a_county_made_up_at_random_has_a_history_or_is_refused(tmp_path: Path, seed: int) -> None:
    lot = random.Random(seed)
    fine = 0
    for trial in range(15):
        units = [edition(lot, {})]
        units += [edition(lot, units[0])]
        units += [edition(lot, units[1])]
        (tmp_path / "known.csv").write_text(links(lot, units), encoding="utf-8")
        editions = [Edition(Roll.of(each.items()), {c[:9]: name(lot) for c in each}) for each in units]
        try:
            said = [
                read_said(tmp_path / "known.csv", *editions[k : k + 2], None, DECREES[k], DECREES) for k in range(2)
            ]
            found = chain(editions, DECREES, None, said)
        except RollError:
            continue
        fine += 1
        if trial % 2:
            found = found.drawn(Draws.of_draw(1, trial))
        assert [broken(step) for step in found.steps] == [[], []]
        assert broken_paths(found) == []
        assert len(tables.paths_table(found)) == len(found.paths)
        for step in found.steps:
            weak = [(row["kind_before"] != "village", -row["weak_links_there"]) for row in tables.weak_table(step)]
            assert weak == sorted(weak)  # villages first, of them those that one answer settles with the most others
            assert all(n for _, n in weak)
    assert fine > 3

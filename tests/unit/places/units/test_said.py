"""What the user knows is kept, the rest is inferred around it; what contradicts itself is refused with its row."""

import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from unit.places.units.planted_county import County, broken, first, told, wrong

from villagesim.errors import RollError
from villagesim.places.rolls import Roll
from villagesim.places.units.edition import Edition
from villagesim.places.units.history import UnitHistory, history
from villagesim.places.units.reading import Source, read_editions
from villagesim.places.units.said import read_said
from villagesim.randomness import Draws


@pytest.fixture
def merged(county: County) -> tuple[County, list[str], list[str]]:
    """Eight vanished villages of the first township, and two new names that say nothing."""
    codes = [county.old(first(county)) for _ in range(8)]
    new = [county.new(first(county)) for _ in range(2)]
    return county, codes, new


def with_map(tmp_path: Path, county: County, rows: list[str], head: str = "old_code,new_code") -> UnitHistory:
    (tmp_path / "known.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    editions = county.editions()
    return history(*editions, common={}, said=read_said(tmp_path / "known.csv", *editions))


def test_what_is_said_is_kept_and_draws_its_neighbours(tmp_path: Path, merged: tuple) -> None:
    made, codes, new = merged
    found = with_map(tmp_path, made, [f"{codes[1]},{new[1]}"])
    assert broken(found) == []
    links = {found.before.roll.codes[link.old]: link for link in found.links if link.old >= 0}
    assert (links[codes[1]].way, links[codes[1]].likelihood) == ("user", 1.0)
    row = found.after.roll.codes.index(new[1])
    alone = history(*made.editions(), common={})
    at = found.evidence.vanished.tolist().index(links[codes[0]].old)
    before = alone.evidence.vanished.tolist().index(links[codes[0]].old)
    assert found.evidence.probability[at, row] > 1.5 * alone.evidence.probability[before, row]


def test_left_community_split_and_confidence_can_be_said(tmp_path: Path, merged: tuple) -> None:
    made, codes, new = merged
    home = made.new(first(made), ending="社区居委会")
    rows = [
        f"{codes[0]},,,,", f"{codes[1]},{home},,,0.8", f"{codes[2]},{new[0]},0.25,,", f"{codes[2]},{new[1]},0.75,,",
    ]  # fmt: skip
    found = with_map(tmp_path, made, rows, "old_code,new_code,share,fate,confidence")
    assert broken(found) == []
    said = [link for link in found.links if link.way == "user"]
    assert [(link.fate, link.share, link.likelihood) for link in said] == [
        ("left", 1, 1), ("community", 1, 0.8), ("split", 0.75, 1), ("split", 0.25, 1),
    ]  # fmt: skip


def test_nobody_else_goes_into_what_is_said_to_be_renamed(tmp_path: Path, merged: tuple) -> None:
    made, codes, new = merged
    found = with_map(tmp_path, made, [f"{codes[0]},{new[0]},renamed"], "old_code,new_code,fate")
    row = found.after.roll.codes.index(new[0])
    for one in (found, found.drawn(Draws.of_draw(1, 1))):
        assert [one.before.roll.codes[link.old] for link in one.links if link.new == row] == [codes[0]]


COPIED = "old_code,old_name,new_code,new_name,fate,share,likelihood"


def copied(made: County, old: str, guess: str, fate: str = "merged") -> list[str]:
    """A row as the history has it: the unit went to the guess."""
    return [old, made.before[old], guess, made.after[guess], fate, "1", "0.3"]


@pytest.mark.parametrize("fate", ["merged", "renamed", "community", "moved", "recoded"])
def test_rows_that_are_copied_out_of_a_history_may_have_another_new_code(
    tmp_path: Path, merged: tuple, fate: str
) -> None:
    """Name and fate of the guess are left aside: they would be refused, or keep others out of the new one."""
    made, codes, new = merged
    rows = [copied(made, old, new[0], fate) for old in codes[:3]]
    for row in rows:
        row[2] = new[1]
    found = with_map(tmp_path, made, list(map(",".join, rows)), COPIED)
    assert broken(found) == []
    assert {told(found)[old] for old in codes[:3]} == {("merged", new[1])}
    assert not found.said.closed


def test_copied_rows_may_be_emptied_filled_in_or_doubled(tmp_path: Path, merged: tuple) -> None:
    made, codes, new = merged
    gone, back, lost, *parts = (copied(made, old, new[0]) for old in (*codes[:4], codes[3]))
    gone[2] = ""
    back[3], back[4] = "", "left"
    lost[2], lost[3], lost[4] = "", "", "unknown"
    parts[1][2] = new[1]
    found = with_map(tmp_path, made, list(map(",".join, (gone, back, lost, *parts))), COPIED)
    assert broken(found) == []
    said = [(codes.index(found.before.roll.codes[link.old]), link.fate, link.share) for link in found.said.links]
    assert said == [(0, "", 1.0), (1, "", 1.0), (3, "", 0.5), (3, "", 0.5)]
    assert told(found)[codes[0]] == ("left", "")
    assert told(found)[codes[2]][0] == "merged"


def test_a_copied_unit_that_was_renamed_takes_another_in(tmp_path: Path, merged: tuple) -> None:
    made, codes, new = merged
    alone, other = copied(made, codes[0], new[0], "renamed"), copied(made, codes[1], new[1])
    assert with_map(tmp_path, made, [",".join(alone)], COPIED).said.closed
    other[2] = new[0]
    found = with_map(tmp_path, made, list(map(",".join, (alone, other))), COPIED)
    assert {told(found)[code] for code in codes[:2]} == {("merged", new[0])}


def test_a_new_unit_can_be_said_to_have_appeared(tmp_path: Path, merged: tuple) -> None:
    made, _, new = merged
    found = with_map(tmp_path, made, [f",{new[0]}"])
    row = found.after.roll.codes.index(new[0])
    assert [(link.old, link.fate) for link in found.links if link.new == row] == [(-1, "appeared")]


def test_a_unit_that_is_said_to_be_new_is_not_the_one_of_its_code_and_name(tmp_path: Path, merged: tuple) -> None:
    made, _, _ = merged
    kept = first(made) + "200"
    found = with_map(tmp_path, made, [f",{kept}"])
    assert broken(found) == []
    fate, there = told(found)[kept]
    assert (fate, there != kept) == ("merged", True)


def test_a_township_can_be_said_to_have_left_or_gone_to_another(tmp_path: Path, county: County) -> None:
    gone = county.township(150, "远方镇", new=False)
    codes = [county.old(gone) for _ in range(20)]
    heir = first(county)
    county.truth |= dict.fromkeys(codes, ("left", ""))
    assert wrong(with_map(tmp_path, county, [f"{gone},"]), county.truth) == {}
    found = told(with_map(tmp_path, county, [f"{gone},{heir}"]))
    assert {found[code][1][:9] for code in codes} == {heir}


def test_what_is_said_of_one_township_says_nothing_of_another_that_is_gone(tmp_path: Path, county: County) -> None:
    gone, joined = (county.township(number, name, new=False) for number, name in ((150, "远方镇"), (160, "近处镇")))
    codes = [county.old(gone) for _ in range(20)]
    county.old(joined)
    known = [f"{township},{first(county)}" for township in (joined, first(county))]
    found = with_map(tmp_path, county, known)
    links = {found.before.roll.codes[link.old]: link for link in found.links if link.old >= 0}
    assert {links[code].fate for code in codes} == {"left"}
    assert broken(found) == []


def test_a_draw_keeps_what_is_known_and_moves_what_is_not(merged: tuple) -> None:
    made, codes, _ = merged
    found = history(*made.editions(), common={})
    central, *drawn = map(told, (found, *(found.drawn(Draws.of_draw(1, k)) for k in (1, 2, 3))))
    assert any(one != central for one in drawn)
    assert all(one[code] == central[code] for one in drawn for code in set(central) - set(codes))


REFUSED = {
    "unknown old code": (["999999100999,{new0}"], "is not among the"),
    "no code": (["9999,{new0}"], "is not a code of 12 digits, nor of 9"),
    "unit and township": (["{old0},999999100"], "links a unit with a township"),
    "twice": (["{old0},{new0}", "{old0},{new0}"], "stands in row 2 already"),
    "shares": (["{old0},{new0},.5", "{old0},{new1},.4"], "sum to 0.9 in 2 rows"),
    "some shares": (["{old0},{new0},.5", "{old0},{new1},"], "not all of which have one"),
    "share of nothing": (["{old0},{new0},0"], "must be above 0 and at most 1"),
    "fate that is none": (["{old0},{new0},,kep"], "fate = 'kep' is none"),
    "left with a target": (["{old0},{new0},,left"], "does not go with"),
    "township unknown": (["999999999,999999100"], "is no township"),
    "share of a township": (["999999100,999999101,.5,"], "a township goes as a whole"),
    "fate of a township": (["999999100,999999101,,kept"], "a township goes as a whole"),
    "new and yet not": ([",{new0}", "{old0},{new0}"], "row 2 says that it appeared"),
    "kept with another code": (["{old0},{new0},,kept"], "code and name stay"),
    "recoded with another name": (["{old0},{new0},,recoded"], "the name stays"),
    "renamed beside another": (["{old1},{new0}", "{old0},{new0},,renamed"], "nobody else went there"),
    "moved at home": (["{old0},{new0},,moved"], "in another township"),
    "merged alone": (
        [*(f"{{old{k}}},{{new1}}" for k in range(1, 8)), "{old0},{new0},,merged"],
        "others went there too",
    ),
    "split into one": (["{old0},{new0},,split"], "went into several"),
    "community that is none": (["{old0},{new0},,community"], "residents' community"),
    "merged in parts": (["{old0},{new0}", "{old0},{new1},,merged"], "there are 2 rows of it"),
    "emptied": (["999999100200,{new0}"], "is left without source"),
    "empty row": ([",,,left"], "names no old unit and no new one"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_contradictions_are_refused_with_their_row(tmp_path: Path, merged: tuple, case: str) -> None:
    made, codes, new = merged
    rows, words = REFUSED[case]
    known = {f"old{k}": code for k, code in enumerate(codes)} | {f"new{k}": code for k, code in enumerate(new)}
    filled = [row.format(**known) for row in rows]
    filled = [row + "," * (3 - row.count(",")) for row in filled]
    with pytest.raises(RollError) as refused:
        with_map(tmp_path, made, filled, "old_code,new_code,share,fate")
    assert words in refused.value.rule
    assert refused.value.fix
    assert " ".join(refused.value.at).startswith(f"known.csv row {len(rows) + 1}")


def test_a_share_in_per_cent_is_told_as_it_is_to_be_written(tmp_path: Path, merged: tuple) -> None:
    made, codes, new = merged
    with pytest.raises(RollError, match=r"confidence = '62\.5%' is not a number\. Write it as 0\.625"):
        with_map(tmp_path, made, [f"{codes[0]},{new[0]},62.5%"], "old_code,new_code,confidence")


def test_editions_of_two_places_are_refused(county: County) -> None:
    other = County(np.random.default_rng(9))
    township = other.township(100, "他镇")
    other.keep(*[other.old(township) for _ in range(30)])
    before, after = county.editions()[0], other.editions()[1]
    strange = Edition(Roll.of(zip(["111111" + c[6:] for c in after.roll.codes], after.roll.names, strict=True)))
    with pytest.raises(RollError, match="999999 before and 111111 after share 0 of 30 names"):
        history(before, strange, common={})


def test_the_example_of_the_page_is_kept_as_it_says(tmp_path: Path) -> None:
    page = (Path(__file__).parents[4] / "docs/who_became_what.md").read_text(encoding="utf-8")
    example = re.search(r"^```text\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    assert example is not None
    (tmp_path / "known.csv").write_text(example[1], encoding="utf-8")
    editions = read_editions([Source("packaged:370114_2020"), Source("packaged:370114_2021")], [])
    found = history(*editions, said=read_said(tmp_path / "known.csv", *editions))
    said = Counter(link.fate for link in found.links if link.way == "user")
    assert said == {"merged": 2, "split": 2, "left": 1, "appeared": 1}
    assert broken(found) == []

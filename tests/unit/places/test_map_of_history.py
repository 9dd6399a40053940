"""The map of a merger out of a history: it keeps the laws of maps, and says whom it leaves out."""

import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from unit.places.units.planted_county import County, first
from unit.places.units.test_random_counties import edition, name

from villagesim.errors import RollError
from villagesim.places.map_of_history import IDENTITY, MapOfHistory
from villagesim.places.rolls import KINDS, Roll, read_roll
from villagesim.places.units.edition import Edition
from villagesim.places.units.history import history
from villagesim.places.units.said import read_said
from villagesim.randomness import Draws

KNOWN = ("kept", "recoded", "renamed", "moved", "community")


@pytest.fixture
def county() -> County:
    """Three townships of twenty villages, of which the first twelve of each are kept."""
    made = County(np.random.default_rng(1))
    for number in (100, 101, 102):
        township = made.township(number, f"{chr(0x9000 + number)}{chr(0x9100 + number)}镇")
        made.keep(*[made.old(township) for _ in range(12)])
    return made


@pytest.fixture(scope="module", params=[("370114_2020", "370114_2021"), ("1403_2019", "1403_2020")])
def packaged(request: pytest.FixtureRequest) -> MapOfHistory:
    editions = [Edition(read_roll(f"packaged:{roll}", kinds=tuple(KINDS))) for roll in request.param]
    return MapOfHistory(history(*editions))


def maps(county: County, rows: list[str] = (), folder: Path | None = None, **how: object) -> MapOfHistory:  # type: ignore[assignment]
    editions = county.editions()
    said = None
    if folder is not None:
        (folder / "known.csv").write_text("\n".join(["old_code,new_code,share,confidence", *rows]), encoding="utf-8")
        said = read_said(folder / "known.csv", *editions)
    place_all = bool(how.pop("place_all", False))
    return MapOfHistory(history(*editions, common={}, said=said, place_all=place_all), **how)  # type: ignore[arg-type]


def went(found: MapOfHistory, draw: int = 0) -> dict[str, str]:
    place = found.drawn(Draws.of_draw(1, draw)) if draw else found.likeliest
    codes = [place.after.codes[k] for k in place.map.village]
    return dict(zip(place.before.codes, codes, strict=True))


def broken(found: MapOfHistory, draws: int = 3) -> list[str]:
    """Laws that the maps of a history break."""
    faults = []
    sure = {
        found.history.before.roll.codes[link.old]: found.history.after.roll.codes[link.new]
        for link in found.history.links
        if link.old in found.rows and link.way in (*IDENTITY, "user")
    }
    for draw in range(draws):
        place = found.drawn(Draws.of_draw(1, draw)) if draw else found.likeliest
        merger, n = place.map, len(place.before)
        if not n == len(merger.village) == len(merger.way) == len(merger.likelihood):
            faults.append("a village goes nowhere, or to two")
        if place.before.codes != found.likeliest.before.codes:
            faults.append("a draw has other villages")
        if merger.n_constituents.min() < 1 or len(merger.n_constituents) != len(place.after):
            faults.append("a new village is empty")
        lives = np.flatnonzero(merger.known_host >= 0)
        if (merger.village[merger.known_host[lives]] != lives).any():
            faults.append("a host is not in the village in which it lives on")
        if not set(sure.items()) <= set(went(found, draw).items()):
            faults.append("a draw loses what is known")
        if not ((merger.likelihood >= 0) & (merger.likelihood <= 1)).all():
            faults.append("a likelihood is none")
    return faults


def test_maps_of_the_packaged_counties_keep_all_laws(packaged: MapOfHistory) -> None:
    assert broken(packaged) == []
    assert packaged.notes == ()
    place = packaged.likeliest
    assert len(place.after) == len(packaged.history.after)
    known = np.isin(place.map.way, KNOWN)
    for draw in (1, 2):
        other = packaged.drawn(Draws.of_draw(1, draw))
        assert (other.map.village[known] == place.map.village[known]).all()
        assert (other.map.village[~known] != place.map.village[~known]).sum() > 50
        assert other.map.known_host.tolist() == place.map.known_host.tolist()
        assert other.before is place.before


def test_a_broken_map_is_noticed(packaged: MapOfHistory) -> None:
    """Every law fails on a map that breaks it."""

    class Faulty(MapOfHistory):
        def drawn(self, draws):  # type: ignore[no-untyped-def]
            place = super().drawn(draws)
            village, host = place.map.village.copy(), place.map.known_host.copy()
            lost, other = village[place.map.way.index("kept")], village[-1]
            village[village == lost] = other
            host[lost] = 0
            for field, value in (("village", village), ("known_host", host)):
                object.__setattr__(place.map, field, value)
            return place

    assert set(broken(Faulty(packaged.history))) == {
        "a new village is empty", "a host is not in the village in which it lives on", "a draw loses what is known",
    }  # fmt: skip


def test_counties_made_up_at_random_keep_all_laws() -> None:
    """Of units of all kinds that were kept, renamed, moved, or are gone."""
    said: Counter[str] = Counter()
    for seed in range(60):
        lot = random.Random(seed)
        before = edition(lot, {})
        after = edition(lot, before)
        editions = [Edition(Roll.of(e.items()), {code[:9]: name(lot) for code in e}) for e in (before, after)]
        try:
            found = MapOfHistory(history(*editions, common={}), ("village", "community")[: lot.randint(1, 2)])
        except RollError as problem:
            said[str(problem)[:12]] += 1
            continue
        said["fine"] += 1
        assert broken(found) == []
    assert said["fine"] > 20


def test_the_order_of_rows_does_not_matter(county: County) -> None:
    for k in range(3):
        township = first(county, k)
        gone = [county.old(township) for _ in range(8)]
        [county.new(township) for _ in range(2)]
        assert gone
    straight = maps(county)
    for units in (county.before, county.after):
        rows = list(units.items())
        random.Random(5).shuffle(rows)
        units.clear()
        units.update(rows)
    assert [went(maps(county), draw) for draw in (0, 3)] == [went(straight, draw) for draw in (0, 3)]
    assert went(straight, 3) != went(straight)


def test_who_became_a_community_stays_a_row_of_its_own(county: County) -> None:
    codes = [county.old(first(county)) for _ in range(5)]
    home = county.new(first(county), county.core(codes[0]), "社区居委会")
    village = county.new(first(county), "".join(county.core(code)[0] for code in codes[1:]))
    found = maps(county)
    assert broken(found) == []
    assert went(found)[codes[0]] == home
    assert {went(found)[code] for code in codes[1:]} == {village}
    place = found.likeliest
    assert place.map.n_constituents[place.after.codes.index(home)] == 1
    assert place.map.way[place.before.codes.index(codes[0])] == "community"
    assert not place.vanishes[place.before.codes.index(codes[0])]
    assert found.notes == (
        "1 village became a community (村改居), or went into one: each stays in the place to the end, under code and name"
        " of the community",
    )


def test_communities_that_stood_before_are_no_villages_of_the_place(county: County) -> None:
    old = f"{first(county)}001"
    county.before[old] = county.after[old] = "老街社区居委会"
    assert old not in went(maps(county))
    assert went(maps(county, kinds=("village", "community")))[old] == old
    assert set(went(maps(county, kinds=("community",)))) == {old}


def test_who_left_is_left_out_and_who_appeared_too(county: County, tmp_path: Path) -> None:
    gone = county.township(103, "离镇", new=False)
    codes = [county.old(gone) for _ in range(30)]
    left = county.old(first(county))
    fresh = county.new(first(county, 1))
    found = maps(county, [f"{left},,,", f",{fresh},,"], tmp_path)
    assert broken(found) == []
    assert not {*codes, left} & set(went(found))
    assert fresh not in found.likeliest.after.codes
    part, own, other, appeared = found.notes
    assert part.startswith("known.csv says where 1 of 67 villages went")
    name = county.named[0][first(county)]
    assert own == f"1 village of {name} ({first(county)}) left the county and is left out"
    assert other == (
        f"30 villages of 离镇 ({gone}) left the county and are left out; if it was joined to another, a row {gone},<its code"
        " after> in the map says so"
    )
    assert appeared == f"1 village without origin appeared and is left out: {fresh} {county.after[fresh]}"


def test_of_whom_nothing_is_known_needs_a_row_or_a_word(county: County, tmp_path: Path) -> None:
    township = county.township(103, "小镇", new=False)
    code = county.old(township)
    [county.old(first(county, k)) for k in range(3) for _ in range(9)]
    with pytest.raises(RollError) as caught:
        maps(county)
    assert str(caught.value) == (
        f"[place] nothing tells what became of 1 village of 小镇 ({township}).\n  Add a row {township},<its code"
        f" after> ({township}, if it left the county) to the file of the map (old_code,new_code), or say"
        ' unknown = "likeliest".'
    )
    there = first(county, 2)
    assert went(maps(county, [f"{township},{there},,"], tmp_path))[code].startswith(there)
    assert code not in went(maps(county, [f"{township},,,"], tmp_path))
    assert code in went(maps(county, place_all=True))
    assert broken(maps(county, place_all=True)) == []


def test_parts_of_a_village_that_is_split_are_rows(county: County, tmp_path: Path) -> None:
    """The part in which it lives on is the first, and the host there; shares are the user's, or even."""
    code, new = county.old(first(county)), [county.new(first(county)) for _ in range(2)]
    place = maps(county, [f"{code},{new[0]},,", f"{code},{new[1]},,"], tmp_path).likeliest
    rows = [place.before.codes.index(f"{code}#{part}") for part in (1, 2)]
    assert place.shares is not None
    assert place.shares[rows].tolist() == [0.5, 0.5]
    assert {place.after.codes[k] for k in place.map.village[rows]} == {*new}
    assert place.committee[rows].tolist() == [rows[0]] * 2
    assert (code in place.codes, code in place.whole.before.codes) == (True, True)


def test_a_part_that_left_is_refused_in_words(county: County, tmp_path: Path) -> None:
    code, new = county.old(first(county)), county.new(first(county))
    with pytest.raises(RollError, match=rf"known.csv: a part of {code} .* left, and the rest did not"):
        maps(county, [f"{code},{new},0.7,", f"{code},,0.3,"], tmp_path)


def test_all_that_left_are_no_place(county: County) -> None:
    gone = county.township(103, "离镇", new=False)
    [county.old(gone) for _ in range(30)]
    with pytest.raises(RollError, match="all villages left the county"):
        maps(county, townships=(gone,))


def test_a_part_of_a_map_is_kept_in_every_draw(county: County, tmp_path: Path) -> None:
    codes = [county.old(first(county)) for _ in range(8)]
    new = [county.new(first(county)) for _ in range(2)]
    found = maps(county, [f"{codes[1]},{new[1]},,0.8"], tmp_path)
    assert broken(found, 8) == []
    place = found.likeliest
    row = place.before.codes.index(codes[1])
    assert (place.map.way[row], place.map.likelihood[row]) == ("user", 0.8)
    assert {went(found, draw)[codes[1]] for draw in range(8)} == {new[1]}
    assert not found.is_given
    assert found.notes == ("known.csv says where 1 of 44 villages went; the rest is inferred around that",)


def test_a_whole_map_is_given_and_never_drawn(county: County, tmp_path: Path) -> None:
    codes = [county.old(first(county)) for _ in range(4)]
    new = county.new(first(county))
    rows = [f"{code},{code},," for code in county.truth] + [f"{code},{new},," for code in codes]
    found = maps(county, rows, tmp_path)
    assert found.is_given
    assert found.drawn(Draws.of_draw(1, 1)) is found.likeliest
    merger = found.likeliest.map
    assert set(merger.way) == {"user"}
    alone = [k for k in range(len(merger.known_host)) if merger.known_host[k] < 0]
    assert [found.likeliest.after.codes[k] for k in alone] == [new]


def test_the_likeliest_map_survives_being_written_and_read(packaged: MapOfHistory, tmp_path: Path) -> None:
    rows = ["old_code,new_code", *(f"{old},{new}" for old, new in went(packaged).items())]
    (tmp_path / "mine.csv").write_text("\n".join(rows), encoding="utf-8")
    editions = packaged.history.before, packaged.history.after
    own = MapOfHistory(history(*editions, said=read_said(tmp_path / "mine.csv", *editions)))
    assert own.is_given
    assert went(own) == went(packaged)
    assert own.likeliest.map.known_host.tolist() == packaged.likeliest.map.known_host.tolist()


def test_a_whole_map_leaves_no_new_village_empty(county: County, tmp_path: Path) -> None:
    new = county.new(first(county))
    rows = [f"{code},{code},," for code in county.truth]
    with pytest.raises(RollError) as caught:
        maps(county, rows, tmp_path)
    assert str(caught.value).startswith(
        f"known.csv: no old village goes to 1 village of the roll after: {new} {county.after[new]}.\n"
    )
    assert new not in maps(county, [*rows, f",{new},,"], tmp_path).likeliest.after.codes


def test_townships_are_cut_out_of_the_map_of_the_whole_county(county: County) -> None:
    """Where a township was joined to another, its villages are followed; those of the other are no part of the place."""
    part = county.township(103, "并镇", new=False)
    codes = [county.old(part) for _ in range(6)]
    home = first(county)
    for code in codes[:4]:
        county.new(home, county.core(code))
    new = county.new(home, "".join(county.core(code)[0] for code in codes[4:]))
    county.new(first(county, 2))  # out of nothing, in a township that takes no part
    assert len(maps(county).notes) == 1
    for named in ("并镇", part):
        found = maps(county, townships=(named,))
        assert set(went(found)) == set(codes)
        assert [went(found)[code] for code in codes[4:]] == [new, new]
        assert went(found) == {code: went(maps(county))[code] for code in codes}
        assert broken(found) == []
        assert found.notes == ()
    with pytest.raises(RollError, match="the roll has no township '别镇'"):
        maps(county, townships=("别镇",))

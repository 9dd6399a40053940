"""Claim: several decrees of a file are one place that merges in waves, and what is decreed on one day is one decree.

Rolls are made by hand: two townships of six villages, in names as different as real ones.
"""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from checks import simulate

import villagesim as vs
from villagesim.design import applied

EAST = ["石屋村", "马庄村", "高家村", "李塘村", "赵岭村", "孙集村"]
WEST = ["柳沟村", "白泉村", "郑楼村", "冯桥村", "陈堡村", "吴坊村"]
BEFORE = {f"37011400{town}{200 + k}": name for town, names in ((1, EAST), (2, WEST)) for k, name in enumerate(names)}
E, W = "370114001", "370114002"
MIDDLE = {code: name for code, name in BEFORE.items() if code not in (f"{E}201", f"{E}203", f"{W}201")}
"""马庄 went into 石屋, 李塘 into 高家, 白泉 into 柳沟."""
AFTER = {code: name for code, name in MIDDLE.items() if code not in (f"{E}202", f"{W}203")}
"""高家, which had taken 李塘 in, went into 石屋, and 冯桥 into 郑楼."""
FIRST = {f"{E}201": f"{E}200", f"{E}203": f"{E}202", f"{W}201": f"{W}200"}
SECOND = {f"{E}202": f"{E}200", f"{W}203": f"{W}202"}
HEAD = """
title = "two townships"
start = 2021-01-01
end = 2023-12-31
[place]
before = "before.csv"
residents = 6_000
mean_income = 500_000
threshold = 500_000
share_above = 0.35
arable = 12_000
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Rolls and maps of three editions."""
    for name, roll in (("before", BEFORE), ("middle", MIDDLE), ("after", AFTER)):
        rows = "".join(f"{code},{name}\n" for code, name in roll.items())
        (tmp_path / f"{name}.csv").write_text("code,name\n" + rows, encoding="utf-8")
    whole = {old: SECOND.get(FIRST.get(old, old), FIRST.get(old, old)) for old in BEFORE}
    for name, links in (
        ("first", FIRST | {c: c for c in MIDDLE}),
        ("second", SECOND | {c: c for c in AFTER}),
        ("whole", whole),
    ):
        rows = "".join(f"{old},{new}\n" for old, new in links.items())
        (tmp_path / f"{name}.csv").write_text("old_code,new_code\n" + rows, encoding="utf-8")
    return tmp_path


def scenario(folder: Path, mergers: str, place: str = "") -> vs.Scenario:
    """A scenario with these mergers."""
    (folder / "mine.toml").write_text(HEAD + place + mergers, encoding="utf-8")
    return vs.load_scenario(folder / "mine.toml")


def merger(day: str, more: str = "", announced: str = "2021-03-01") -> str:
    """One block."""
    return f"[[merger]]\nannouncement = {announced}\ndecree = {day}\n{more}\n"


def villages(found: vs.Scenario) -> list[list[str]]:
    """Name of each constituent's village after each decree."""
    return [[wave.after.names[k] for k in wave.map.village] for wave in found.place.waves]


def test_editions_in_a_row_are_decrees_one_after_the_other(folder: Path) -> None:
    """What the second decree merges takes along what the first one merged into it."""
    mergers = merger("2021-07-01", 'after = "middle.csv"\nmap = "first.csv"') + merger(
        "2022-07-01", 'after = "after.csv"\nmap = "second.csv"', "2022-05-01"
    )
    found = scenario(folder, mergers)
    assert [str(day) for day in found.timetable.decree_days] == ["2021-07-01", "2022-07-01"]
    first, last = villages(found)
    assert first == [
        "石屋村",
        "石屋村",
        "高家村",
        "高家村",
        "赵岭村",
        "孙集村",
        "柳沟村",
        "柳沟村",
        "郑楼村",
        "冯桥村",
        "陈堡村",
        "吴坊村",
    ]
    assert last == ["石屋村"] * 4 + ["赵岭村", "孙集村", "柳沟村", "柳沟村", "郑楼村", "郑楼村", "陈堡村", "吴坊村"]
    assert found.map_is_given
    run = vs.simulate(found)
    codes = run.villages.groupby("month").village.agg(set)
    assert (codes["2021-06"], codes["2021-07"], codes["2022-07"]) == ({*BEFORE}, {*MIDDLE}, {*AFTER})
    seats = run.events[run.events.kind == "secretary_left"]
    assert seats.facts.str.contains("merged").sum() == len(BEFORE) - len(AFTER)


def test_maps_that_are_not_given_are_inferred(folder: Path) -> None:
    """Names that live on are known, of others the likeliest is taken."""
    mergers = merger("2021-07-01", 'after = "middle.csv"') + merger("2022-07-01", 'after = "after.csv"')
    found = scenario(folder, mergers)
    assert not found.map_is_given
    assert [len(wave.after) for wave in found.place.waves] == [len(MIDDLE), len(AFTER)]
    assert villages(found)[1][0] == "石屋村"


def test_maps_of_several_decrees_are_drawn_together(folder: Path) -> None:
    """Each replication has maps of its own for all waves, of the same villages, and runs with them."""
    mergers = merger("2021-07-01", 'after = "middle.csv"') + merger("2022-07-01", 'after = "after.csv"')
    found = scenario(folder, mergers, 'maps_of_runs = "drawn"\n')
    places = [found.place_of(1, 0, replication) for replication in range(8)]
    ways = [[wave.map.village.tolist() for wave in place.waves] for place in places]
    assert len({str(way) for way in ways}) > 2
    assert {place.before.codes for place in places} == {found.place.before.codes}
    run = vs.simulate(found, replication=3)
    assert [wave.map.village.tolist() for wave in run.history.place.waves] == ways[3]
    assert found.place_of(1, 2).waves[0].map.village.tolist() == found.place_of(1, 2, 5).waves[0].map.village.tolist()


def test_every_draw_has_the_same_villages_though_some_leave_on_the_way(folder: Path) -> None:
    """高家 leaves by the second decree: whom a draw would send into it by the first stays where it is likeliest."""
    mergers = merger("2021-07-01", 'after = "middle.csv"') + merger(
        "2022-07-01", 'after = "after.csv"\nmap = "gone.csv"'
    )
    (folder / "gone.csv").write_text(f"old_code,new_code\n{E}202,\n", encoding="utf-8")
    found = scenario(folder, mergers, 'maps_of_runs = "drawn"\n')
    assert f"{E}202" not in found.place.before.codes
    places = [found.place_of(1, 0, replication) for replication in range(12)]
    assert {place.before.codes for place in places} == {found.place.before.codes}
    alone = found.history.steps[0]  # type: ignore[union-attr]
    assert (
        len({tuple(place.map.village.tolist()) for place in (alone.drawn(vs.randomness.Draws(k)) for k in range(9))})
        > 1
    )


def test_decrees_for_some_townships_alone(folder: Path) -> None:
    """Who waits is as before until the other decree; the last is for all who are left."""
    place = 'after = "after.csv"\nmap = "whole.csv"\n'
    found = scenario(folder, merger("2021-07-01", f'townships = ["{W}"]') + merger("2022-07-01"), place)
    first, last = villages(found)
    assert first == [*EAST, "柳沟村", "柳沟村", "郑楼村", "郑楼村", "陈堡村", "吴坊村"]
    assert last[:4] == ["石屋村"] * 4
    by_code = scenario(
        folder,
        merger("2021-07-01", f'villages = ["{W}200", "{W}201", "{W}202", "{W}203", "{W}204", "{W}205"]')
        + merger("2022-07-01"),
        place,
    )
    assert villages(by_code) == villages(found)


def test_a_decree_that_merges_nobody_is_named(folder: Path) -> None:
    place = 'after = "after.csv"\nmap = "whole.csv"\n'
    alone = f'villages = ["{W}204"]'
    found = scenario(folder, merger("2021-07-01") + merger("2022-07-01", alone), place)
    assert [note for note in found.notes if "nobody" in note] == ["the decree of 2022-07-01 merges nobody"]


def test_what_is_decreed_on_one_day_is_one_decree(folder: Path) -> None:
    """Two blocks for two townships, or two editions on one day, give the bits of one decree with both."""
    place = 'after = "after.csv"\nmap = "whole.csv"\n'
    one = simulate(scenario(folder, "[merger]\nannouncement = 2021-03-01\ndecree = 2021-07-01\n", place))
    blocks = merger("2021-07-01", f'townships = ["{E}"]') + merger("2021-07-01", f'townships = ["{W}"]')
    editions = merger("2021-07-01", 'after = "middle.csv"\nmap = "first.csv"') + merger(
        "2021-07-01", 'after = "after.csv"\nmap = "second.csv"'
    )
    for found in (scenario(folder, blocks, place), scenario(folder, editions)):
        two = simulate(found)
        assert len(found.timetable.decrees) == 1
        assert two.history == one.history
        for mine, theirs in zip(two.record.recorder.tables, one.record.recorder.tables, strict=True):
            assert np.array_equal(mine, theirs, equal_nan=True)


ONE_PAIR = 'after = "after.csv"\n'
IN_EAST, MIDDLE_ROLL = f'townships = ["{E}"]', 'after = "middle.csv"'
THEN = merger("2022-07-01")


@pytest.mark.parametrize(
    ("mergers", "place", "message"),
    [
        (
            merger("2022-07-01", MIDDLE_ROLL) + merger("2021-07-01", ONE_PAIR), "",
            "merger.. 2: the decree of 2021-07-01 stands after that of 2022-07-01",
        ),
        (merger("2021-07-01", MIDDLE_ROLL) + THEN, "", "merger.. 2: after is missing"),
        (merger("2021-07-01", IN_EAST) + THEN, "", "after is missing: a .merger. needs"),
        (merger("2021-07-01", IN_EAST), ONE_PAIR, "no decree is for 6 of 12 villages: 370114002200 柳沟村"),
        (merger("2021-07-01") + THEN, ONE_PAIR, "several decrees name nobody"),
        (
            merger("2021-07-01", IN_EAST) + merger("2022-07-01", f'villages = ["{E}202", "{W}200"]'), ONE_PAIR,
            "decrees 1 and 2 both name 370114001202 高家村",
        ),
        (merger("2021-07-01", 'townships = ["相公"]') + THEN, ONE_PAIR, "no township '相公'"),
        (merger("2021-07-01", 'villages = ["370114001999"]') + THEN, ONE_PAIR, "no village 370114001999"),
        (
            merger("2021-07-01", IN_EAST) + merger("2021-07-01", announced="2021-02-01"), ONE_PAIR,
            "give both the same announcement",
        ),
        (merger("2021-07-01", MIDDLE_ROLL) + merger("2022-07-01", ONE_PAIR), ONE_PAIR, "after stands here"),
        (merger("2021-07-01", f"{MIDDLE_ROLL}\n{IN_EAST}"), "", "townships and villages do not go with after"),
        (
            merger("2021-07-01", 'map = "first.csv"') + merger("2022-07-01", IN_EAST), ONE_PAIR,
            "map needs the roll that it leads to",
        ),
        (merger("2021-07-01", 'wide = "x"'), ONE_PAIR, "merger.. 1.*wide is not a key"),
        (
            merger("2021-07-01", IN_EAST) + merger("2022-07-01", "decree_between = [2022-01-01, 2022-12-01]"), ONE_PAIR,
            "for the first decree alone",
        ),
        (
            merger("2021-07-01", f"{IN_EAST}\ndecree_between = [2021-05-01, 2022-07-01]") + THEN, ONE_PAIR,
            "decree_between = .* the next decree, 2022-07-01",
        ),
        (merger("2021-07-01", IN_EAST) + THEN, ONE_PAIR + 'maps = ["whole.csv"]', "maps need one decree"),
        ("[[merger]]\n", ONE_PAIR, "announcement is missing"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused(folder: Path, mergers: str, place: str, message: str) -> None:
    """One message with the block and a way out."""
    with pytest.raises(vs.VillagesimError, match=message):
        scenario(folder, mergers, place + "\n")


def test_a_village_is_split_by_two_rows_with_shares(folder: Path) -> None:
    """Three quarters of 高家 stay, a quarter goes to 石屋 by the decree: two constituents of one committee and account."""
    links = [f"{old},{new}," for old, new in (FIRST | {c: c for c in MIDDLE}).items() if old != f"{E}202"]
    links += [f"{E}202,{E}202,0.75", f"{E}202,{E}200,0.25"]
    (folder / "split.csv").write_text("old_code,new_code,share\n" + "\n".join(links), encoding="utf-8")
    (folder / "own.csv").write_text(f"code,members,debt\n{E}202,800,100000\n", encoding="utf-8")
    place = 'table = "own.csv"\n'
    found = scenario(folder, merger("2021-07-01", 'after = "middle.csv"\nmap = "split.csv"'), place)
    assert [code for code in found.place.before.codes if "#" in code] == [f"{E}202#1", f"{E}202#2"]
    endowment, rows = found.endow(1), [found.place.before.codes.index(f"{E}202#{k}") for k in (1, 2)]
    assert endowment.members[rows].tolist() == [600, 200]
    assert endowment.debt[rows].tolist() == [75_000, 25_000]
    run = vs.simulate(found)
    assert [hosts[rows].tolist() for hosts in run.history.hosts_decreed] == [
        [rows[0]] * 2,
        [rows[0], found.place.committee[0]],
    ]
    sizes = run.villages.groupby("month").size()
    assert (sizes["2021-06"], sizes["2021-07"]) == (len(BEFORE), len(MIDDLE))
    who = run.constituents.set_index(["month", "code"])
    assert who.village["2021-06"][[f"{E}202#1", f"{E}202#2"]].tolist() == [f"{E}202"] * 2
    assert who.village["2021-07"][[f"{E}202#1", f"{E}202#2"]].tolist() == [f"{E}202", f"{E}200"]
    assert who.account["2021-06"][f"{E}202#2"] == f"{E}202#1"
    assert who.account["2021-07"][f"{E}202#2"] == f"{E}202#2"
    later = scenario(
        folder,
        merger("2021-07-01", 'after = "middle.csv"\nmap = "split.csv"')
        + merger("2022-07-01", 'after = "after.csv"\nmap = "second.csv"'),
    )
    assert villages(later)[1][:5] == ["石屋村"] * 5  # both parts of 高家 among them
    assert later.place.shares is not None


ONE = "[merger]\nannouncement = 2021-03-01\ndecree = 2021-07-01\n"


@pytest.mark.parametrize(
    ("chosen", "n"), [('map = "neighbours"', 7), ('map = "strong with weak"\nsize = 3', 4), ('map = "own.csv"', 11)]
)
def test_a_strategy_chooses_its_map(folder: Path, chosen: str, n: int) -> None:
    """Beside the published one, in the same scenario."""
    (folder / "own.csv").write_text(f"old_code,new_code\n{E}200,{E}205\n", encoding="utf-8")
    strategy = f'[[strategy]]\nname = "own"\n{chosen}\n'
    found = scenario(folder, ONE + strategy, ONE_PAIR + 'map = "whole.csv"\n')
    sizes = [vs.simulate(found, name).villages.groupby("month").size()["2021-07"] for name in ("own", found.baseline)]
    assert sizes == [n, len(AFTER)]
    assert found.digest != scenario(folder, ONE, ONE_PAIR + 'map = "whole.csv"\n').digest


@pytest.mark.parametrize(
    ("chosen", "merger", "message"),
    [
        ('map = "near"', ONE, "strategy.. 1 .own.*map = 'near' is no rule, and no file.*"),
        ("size = 3", ONE, "size does not go with the published map"),
        ('map = "neighbours"', "", "map and size need a .merger."),
        ('map = "whole.csv"\nsize = 3', ONE, "size does not go with a map of one's own"),
        ('map = "neighbours"\nsize = -1', ONE, "size = -1 must be at least 0"),
    ],
)
def test_a_map_that_cannot_be_chosen_is_refused(folder: Path, chosen: str, merger: str, message: str) -> None:
    place = ONE_PAIR if merger else ""
    with pytest.raises(vs.VillagesimError, match=message):
        scenario(folder, f'{merger}[[strategy]]\nname = "own"\n{chosen}\n', place)


def test_a_factor_moves_the_first_decree_up_to_the_next_one(folder: Path) -> None:
    found = scenario(folder, merger("2021-07-01", IN_EAST) + THEN, ONE_PAIR)
    moved = applied(found, {"merger.decree": date(2022, 6, 1)}).timetable.decree_days
    assert moved == (date(2022, 6, 1), date(2022, 7, 1))
    with pytest.raises(
        vs.VillagesimError, match=r"factor merger\.decree: 2022-08-01 does not come before the next decree"
    ):
        applied(found, {"merger.decree": date(2022, 8, 1)})


def test_one_wave_and_two_are_one_county_with_the_same_luck(folder: Path) -> None:
    """Two files differ by the decrees alone: not in a world without any, nor in who is where at the end."""
    place = 'after = "after.csv"\nmap = "whole.csv"\n'
    one = scenario(folder, merger("2021-07-01"), place)
    waves = merger("2021-07-01", f'townships = ["{E}"]') + merger("2022-07-01", announced="2022-03-01")
    two = scenario(folder, waves, place)
    assert villages(one)[-1] == villages(two)[-1]
    for replication in (0, 1):
        runs = [simulate(each, "no merger", 1, replication).outcomes for each in (one, two)]
        same = [name for name in runs[0] if not one.outcomes[name].of_no_merger]
        assert "income_per_resident" in same
        for name in same:
            assert np.array_equal(runs[0][name], runs[1][name], equal_nan=True), name

"""Merger maps: what the rolls show stays fixed, what they do not show is plausible, balanced and reproducible."""

import random
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from villagesim.errors import RollError
from villagesim.places.merger_map import MergerMap, drawn_map, likeliest_map, read_map
from villagesim.places.rolls import DATA, Roll, read_roll
from villagesim.randomness import Draws

KNOWN = ("kept", "recoded", "renamed")
ZHANGQIU = ("370114_2020", "370114_2021")
YANGQUAN = ("1403_2019", "1403_2020")


def rolls(pair: tuple[str, str] = ZHANGQIU) -> tuple[Roll, Roll]:
    return read_roll(f"packaged:{pair[0]}"), read_roll(f"packaged:{pair[1]}")


def town(*names: str, first: int = 201, township: str = "370114001") -> list[tuple[str, str]]:
    return [(f"{township}{first + k}", f"{name}村委会") for k, name in enumerate(names)]


def constituents(merger: MergerMap, before: Roll, after: Roll, new: str) -> set[str]:
    target = after.cores.index(new)
    return {before.cores[k] for k in np.flatnonzero(merger.village == target)}


def is_known(merger: MergerMap) -> np.ndarray:
    return np.isin(merger.way, KNOWN)


def test_zhangqiu_has_its_known_links() -> None:
    before, after = rolls()
    merger = likeliest_map(before, after)
    ways = Counter(merger.way)
    assert (ways["kept"], ways["recoded"], ways["renamed"]) == (379, 13, 2)
    known = is_known(merger)
    assert (~known).sum() == 496
    assert len(after) - len(set(merger.village[known].tolist())) == 138
    assert set(merger.way) <= {*KNOWN, "name", "order", "absorbed"}
    for row in np.flatnonzero(known):
        target = merger.village[row]
        same = before.codes[row] == after.codes[target], before.cores[row] == after.cores[target]
        alike = {"kept": (True, True), "recoded": (False, True), "renamed": (True, False)}
        assert same == alike[merger.way[row]]


@pytest.mark.parametrize("pair", [ZHANGQIU, YANGQUAN])
@pytest.mark.parametrize("draw", [0, 1])
def test_a_map_keeps_townships_and_their_totals(pair: tuple[str, str], draw: int) -> None:
    before, after = rolls(pair)
    merger = drawn_map(before, after, Draws.of_draw(1, draw)) if draw else likeliest_map(before, after)
    assert merger.village.shape == merger.likelihood.shape == (len(before),) == (len(merger.way),)
    assert all(before.townships[k] == after.townships[t] for k, t in enumerate(merger.village))
    assert merger.n_constituents.sum() == len(before)
    assert merger.n_constituents.min() >= 1
    assert merger.n_constituents.max() <= 6
    per_township = Counter(after.townships[t] for t in merger.village)
    assert per_township == Counter(before.townships)


def test_constituents_of_zhangqiu_are_spread_as_expected() -> None:
    merger = likeliest_map(*rolls())
    n = merger.n_constituents
    assert 130 <= (n >= 2).sum() <= 220  # 138 villages appear; some that stood before absorb
    assert (n == 1).sum() + (n >= 2).sum() == 532
    appeared = np.setdiff1d(np.arange(532), merger.village[is_known(merger)])
    assert 2.5 < n[appeared].mean() < 3.6  # at most 496 / 138


def test_compound_names_find_their_parts() -> None:
    before, after = rolls()
    merger = likeliest_map(before, after)
    assert constituents(merger, before, after, "庞王杜") == {"庞家", "王家", "杜家"}
    assert constituents(merger, before, after, "三白秋") == {"上白秋", "中白秋", "下白秋"}
    assert constituents(merger, before, after, "射垛") >= {"上射垛", "中射垛", "大射垛", "南射垛", "下射垛"}
    assert constituents(merger, before, after, "相公联") == {"相二", "相三", "相六", "相七"}


def test_ways_and_likelihoods_say_what_they_mean() -> None:
    before, after = rolls()
    merger = likeliest_map(before, after)
    known = is_known(merger)
    assert (merger.likelihood[known] == 1).all()
    assert ((merger.likelihood[~known] > 0) & (merger.likelihood[~known] < 1)).all()
    stood = set(merger.village[known].tolist())
    for row in np.flatnonzero(~known):
        target = int(merger.village[row])
        shared = set(before.cores[row]) & set(after.cores[target])
        assert merger.way[row] == ("absorbed" if target in stood else "name" if shared else "order")
    ways = np.array(merger.way)
    assert merger.likelihood[ways == "name"].mean() > merger.likelihood[ways == "order"].mean()


def test_likelihood_is_the_softmax_of_the_scores() -> None:
    before, after = Roll.of(town("甲一", "乙二")), Roll.of(town("甲三", "丙四", first=210))
    merger = likeliest_map(before, after)
    assert merger.way == ("name", "order")
    # 甲一 -> 甲三: one of two characters, no distance. 丙四 shares nothing, so it stands in the middle, at rank 0.5.
    scores = np.array([[2 + 1, np.exp(-0.5 / 3)], [np.exp(-1 / 3), np.exp(-0.5 / 3)]])
    softmax = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(merger.likelihood, softmax.diagonal())


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    likeliest, drawn = likeliest_map(*rolls()), drawn_map(*rolls(), Draws.of_draw(1, 3))

    def shuffled(name: str) -> Roll:
        header, *lines = (DATA / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        random.Random(5).shuffle(lines)
        path = tmp_path / f"{name}.csv"
        path.write_text("\n".join([header, *lines]), encoding="utf-8")
        return read_roll(path)

    before, after = (shuffled(name) for name in ZHANGQIU)
    np.testing.assert_array_equal(likeliest_map(before, after).village, likeliest.village)
    np.testing.assert_array_equal(drawn_map(before, after, Draws.of_draw(1, 3)).village, drawn.village)


def test_other_draws_keep_what_is_known_and_differ_in_the_rest() -> None:
    before, after = rolls()
    likeliest = likeliest_map(before, after)
    known = is_known(likeliest)
    first, again, second = (drawn_map(before, after, Draws.of_draw(1, draw)) for draw in (1, 1, 2))
    np.testing.assert_array_equal(first.village, again.village)
    assert first.way == again.way
    for merger in (first, second):
        np.testing.assert_array_equal(merger.village[known], likeliest.village[known])
        assert [w for w in merger.way if w in KNOWN] == [w for w in likeliest.way if w in KNOWN]
        assert (merger.village != likeliest.village).sum() > 100
    assert (first.village != second.village).sum() > 100


def test_a_draw_of_one_township_does_not_depend_on_the_others() -> None:
    def only(roll: Roll, township: str) -> Roll:
        return Roll.of(p for p in zip(roll.codes, roll.names, strict=True) if p[0].startswith(township))

    before, after = rolls()
    whole = drawn_map(before, after, Draws.of_draw(1, 4))
    part_before, part_after = only(before, "370114101"), only(after, "370114101")
    part = drawn_map(part_before, part_after, Draws.of_draw(1, 4))
    rows = [before.codes.index(code) for code in part_before.codes]
    assert [after.codes[t] for t in whole.village[rows]] == [part_after.codes[t] for t in part.village]


def share_going_to_the_new_one() -> tuple[float, float, float]:
    """Share of 400 draws in which 丙 goes to the village that appears, its likelihood, and four standard errors."""
    before, after = Roll.of(town("甲", "乙", "丙", "丁")), Roll.of([*town("甲"), *town("新", first=240)])
    p = float(likeliest_map(before, after).likelihood[2])
    targets = [drawn_map(before, after, Draws.of_draw(2, draw)).village[2] for draw in range(1, 401)]
    return float(np.mean(np.array(targets) == 1)), p, 4 * (p * (1 - p) / 400) ** 0.5


def test_draws_follow_the_likelihood() -> None:
    """Three vanish, one appears beside one that stood; the rule that it must not stay empty binds in 0.2% of draws.

    Oracle: the softmax; binomial with 400 draws, chance of a false alarm below 1e-4.
    """
    share, p, tolerance = share_going_to_the_new_one()
    assert 0.8 < p < 0.95
    assert abs(share - p) < tolerance


def test_a_likelihood_fifteen_points_off_is_noticed() -> None:
    share, p, tolerance = share_going_to_the_new_one()
    assert abs(share - (p - 0.15)) > tolerance


def test_the_same_name_twice_in_a_township_pairs_in_code_order() -> None:
    before = Roll.of(town("李家", "张庄", "李家", "王庄"))
    after = Roll.of(town("李家", "李家", "张王", first=240))
    merger = likeliest_map(before, after)
    assert merger.way == ("recoded", "name", "recoded", "name")
    assert merger.village.tolist() == [0, 2, 1, 2]


def test_lost_characters_are_no_evidence() -> None:
    before, after = Roll.of(town("?东", "\ue000西")), Roll.of(town("?\ue000", first=240))
    assert likeliest_map(before, after).way == ("order", "order")


def test_villages_that_stood_absorb_what_the_new_ones_cannot_hold() -> None:
    before = Roll.of(town(*"甲乙丙丁戊己庚辛壬癸"))
    after = Roll.of([*town("甲"), *town("新", first=240)])
    merger = likeliest_map(before, after)
    assert merger.n_constituents.tolist() == [4, 6]
    assert Counter(merger.way) == {"kept": 1, "order": 6, "absorbed": 3}


def test_more_than_six_where_the_totals_force_it() -> None:
    merger = likeliest_map(Roll.of(town(*"甲乙丙丁戊己庚辛")), Roll.of(town("新", first=240)))
    assert merger.n_constituents.tolist() == [8]


def test_townships_must_match() -> None:
    two = [*town("甲"), *town("乙", township="370114002")]
    with pytest.raises(
        RollError, match=r"370114002 \(双山街道\) has villages in the roll before .* none in the roll after"
    ):
        likeliest_map(Roll.of(two), Roll.of(town("甲")))
    with pytest.raises(RollError, match=r"370114002 .* in the roll after the merger but none in the roll before"):
        likeliest_map(Roll.of(town("甲")), Roll.of(two))


def test_more_villages_cannot_appear_than_vanish() -> None:
    with pytest.raises(RollError, match=r"2 villages appear \(370114001240 丙村委会, .*\) but only 1 vanish"):
        likeliest_map(Roll.of(town("甲", "乙")), Roll.of([*town("甲"), *town("丙", "丁", first=240)]))


def test_hosts_are_the_ones_that_live_on_then_the_largest() -> None:
    before = Roll.of(town("甲一", "甲二", "乙", "丙一", "丙二"))
    after = Roll.of([*town("甲", first=240), *town("乙", first=203), *town("丙", first=250)])
    merger = likeliest_map(before, after)
    jia, yi, bing = (after.cores.index(name) for name in "甲乙丙")
    assert merger.village.tolist() == [jia, jia, yi, bing, bing]
    assert [merger.known_host[k] for k in (jia, yi, bing)] == [-1, 2, -1]
    hosts = merger.hosts(np.array([100, 200, 1, 50, 50]))
    assert [hosts[k] for k in (jia, yi, bing)] == [1, 2, 3]  # the larger; the one that lives on; the lower code


def test_every_host_of_zhangqiu_is_a_constituent() -> None:
    before, after = rolls()
    merger = likeliest_map(before, after)
    hosts = merger.hosts(np.ones(len(before)))
    np.testing.assert_array_equal(merger.village[hosts], np.arange(len(after)))
    assert (merger.known_host >= 0).sum() == 394
    assert hosts.dtype == np.int64


def test_zhangqiu_takes_less_than_a_second() -> None:
    before, after = rolls()
    likeliest_map(before, after)
    start = time.perf_counter()
    likeliest_map(before, after)
    assert time.perf_counter() - start < 1


BEFORE, AFTER = Roll.of(town("甲", "乙", "丙", "丁", "戊")), Roll.of([*town("甲"), *town("新", first=240)])
LINKS = [("370114001201", "370114001201"), *((f"37011400120{k}", "370114001240") for k in range(2, 6))]


def user_map(folder: Path, links: list[tuple[str, str]], header: str = "old_code,new_code") -> Path:
    path = folder / "map.csv"
    path.write_text("\n".join([header, *(f"{old},{new}" for old, new in links)]), encoding="utf-8")
    return path


def refusal(folder: Path, links: list[tuple[str, str]], header: str = "old_code,new_code") -> str:
    with pytest.raises(RollError) as caught:
        read_map(user_map(folder, links, header), BEFORE, AFTER)
    return str(caught.value)


def test_a_users_map_is_kept_exactly(tmp_path: Path) -> None:
    merger = read_map(user_map(tmp_path, LINKS[::-1]), BEFORE, AFTER)
    assert merger.village.tolist() == [0, 1, 1, 1, 1]
    assert merger.way == ("user",) * 5
    assert (merger.likelihood == 1).all()
    assert merger.hosts(np.array([1, 2, 9, 9, 3])).tolist() == [0, 2]


@pytest.mark.parametrize(
    ("column", "names", "n_other"),
    [
        ("原村名", "甲乙丙丁戊", 0), ("old_name", "外乙丙丁戊", 1), ("old_name", "乙丙丁戊甲", 5),
        ("新村名", "甲新新新新", 0), ("new_name", "甲新新新外", 1), ("new_name", "新甲甲甲甲", 2),
    ],
)  # fmt: skip
def test_names_of_a_map_are_compared_with_the_rolls(tmp_path: Path, column: str, names: str, n_other: int) -> None:
    links = [(old, f"{new},{name}村") for (old, new), name in zip(LINKS, names, strict=True)]
    path, notes = user_map(tmp_path, links, f"old_code,new_code,{column}"), []
    if n_other > 1:
        with pytest.raises(RollError, match=f"{n_other} of . names are not the roll's"):
            read_map(path, BEFORE, AFTER)
        return
    read_map(path, BEFORE, AFTER, notes)
    assert [note.split(" names")[0] for note in notes] == ["map.csv: 1 of 5", "map.csv: 1 of 3"][
        column == "new_name" :
    ][:n_other]


def test_a_users_map_may_cross_counties(tmp_path: Path) -> None:
    before, after = Roll.of([*town("甲"), *town("乙", township="370112001")]), Roll.of(town("甲"))
    path = user_map(tmp_path, [("370114001201", "370114001201"), ("370112001201", "370114001201")])
    merger = read_map(path, before, after)
    assert merger.village.tolist() == [0, 0]
    assert merger.hosts(np.array([9, 1])).tolist() == [1]  # 甲 keeps code and name


def test_the_likeliest_map_survives_being_written_and_read(tmp_path: Path) -> None:
    before, after = rolls()
    merger = likeliest_map(before, after)
    path = user_map(tmp_path, [(before.codes[k], after.codes[t]) for k, t in enumerate(merger.village)])
    own = read_map(path, before, after)
    np.testing.assert_array_equal(own.village, merger.village)
    np.testing.assert_array_equal(own.known_host, merger.known_host)


def test_a_map_without_its_columns_is_refused(tmp_path: Path) -> None:
    assert "map.csv row 1: no column new_code; there are: old_code,new." in refusal(tmp_path, LINKS, "old_code,new")


def test_unknown_codes_are_refused(tmp_path: Path) -> None:
    said = refusal(tmp_path, [*LINKS, ("370114001999", "370114001240")])
    assert "map.csv row 7: old_code = '370114001999' is not in the roll before the merger (5 villages)." in said
    said = refusal(tmp_path, [*LINKS[:4], ("370114001205", "370114001299")])
    assert "map.csv row 6: new_code = '370114001299' is not in the roll after the merger (2 villages)." in said


def test_an_old_village_twice_names_both_rows(tmp_path: Path) -> None:
    said = refusal(tmp_path, [*LINKS, LINKS[1]])
    assert "map.csv row 7: old_code = 370114001202 (乙村委会) stands in row 3 already." in said


def test_missing_old_villages_are_counted_and_named(tmp_path: Path) -> None:
    said = refusal(tmp_path, LINKS[:1])
    assert "map.csv: 4 of 5 old villages are missing: 370114001202 乙村委会, 370114001203 丙村委会," in said
    assert "370114001204 丁村委会 ..." in said


def test_a_new_village_without_constituents_is_named(tmp_path: Path) -> None:
    said = refusal(tmp_path, [(old, "370114001201") for old, _ in LINKS])
    assert "map.csv: 1 of 2 new villages have no constituent: 370114001240 新村委会." in said

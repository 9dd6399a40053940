"""Histories of made-up counties against their truth: every fate, likelihoods, and what must always hold."""

from dataclasses import replace

import numpy as np
import pytest
from unit.places.units.planted_county import County, broken, first, neighbourhoods, told, wrong
from unit.study.national import national_editions

from villagesim.places.rolls import Roll
from villagesim.places.units import order
from villagesim.places.units.edition import Edition
from villagesim.places.units.history import UnitHistory, history
from villagesim.places.units.names import COMMON, FEW, NONE, ONE, WHOLE, levels
from villagesim.randomness import Draws


def check(county: County) -> UnitHistory:
    found = history(*county.editions(), common={})
    assert wrong(found, county.truth) == {}
    return found


def test_a_recoded_village_is_followed(county: County) -> None:
    code = county.old(first(county))
    county.truth[code] = ("recoded", county.new(first(county), county.core(code)))
    check(county)


def test_a_renamed_village_keeps_its_code(county: County) -> None:
    code = county.old(first(county))
    county.after[code] = county.name() + "村民委员会"
    county.truth[code] = ("renamed", code)
    check(county)


def test_a_moved_village_is_followed_unless_ten_counties_have_its_name(county: County) -> None:
    code = county.old(first(county, 0), "张庄")
    there = county.new(first(county, 2), "张庄")
    county.truth[code] = ("moved", there)
    link = next(one for one in check(county).links if one.fate == "moved")
    assert 0.9 < link.likelihood < 1
    found = history(*county.editions(), common={"张庄": 10})
    assert told(found)[code][0] == "merged"
    assert found.after.roll.codes[found.links[-1].new] == there
    assert found.links[-1].fate == "appeared"


def test_a_village_becomes_a_community_and_absorbs_nothing_from_it(county: County) -> None:
    codes = [county.old(first(county)) for _ in range(4)]
    for code in codes:
        county.truth[code] = ("community", county.new(first(county), county.core(code), "社区居委会"))
    check(county)


@pytest.mark.parametrize("size", range(2, 7))
def test_villages_merge_into_one_of_a_compound_name(county: County, size: int) -> None:
    codes = [county.old(first(county)) for _ in range(size)]
    new = county.new(first(county), "".join(county.core(code)[0] for code in codes))
    county.truth |= dict.fromkeys(codes, ("merged", new))
    links = [link for link in check(county).links if link.fate == "merged"]
    assert {link.way for link in links} == {"name part"}
    assert min(link.likelihood for link in links) > 0.8


def test_a_village_that_alone_gets_new_name_and_code_is_renamed(county: County) -> None:
    code = county.old(first(county), "甲丙")
    county.truth[code] = ("renamed", county.new(first(county)))
    check(county)


def test_townships_are_joined_raised_and_recoded() -> None:
    made = County(np.random.default_rng(2))
    heir, joined = made.township(100, "大河镇"), made.township(101, "小山镇", new=False)
    raised, now = made.township(200, "石湖乡", new=False), made.township(110, "石湖镇", old=False)
    recoded, there = made.township(120, "平原镇", new=False), made.township(130, "平原镇", old=False)
    made.keep(*[made.old(heir) for _ in range(6)])
    for old, new in ((joined, heir), (raised, now), (recoded, there)):
        for _ in range(6):
            code = made.old(old)
            made.truth[code] = ("recoded", made.new(new, made.core(code)))
        lost = [made.old(old) for _ in range(2)]
        target = made.new(new, made.core(lost[0])[0] + made.core(lost[1])[0])
        made.truth |= dict.fromkeys(lost, ("merged", target))
    fates = {made.editions()[0].townships[one.old]: one.fate for one in check(made).townships}
    assert fates == {heir: "kept", joined: "joined", raised: "raised", recoded: "recoded"}


def test_a_township_can_split_and_one_that_is_gone_has_left(county: County) -> None:
    split, part = county.township(140, "分家镇"), county.township(141, "新立镇", old=False)
    gone = county.township(150, "远方镇", new=False)
    county.keep(*[county.old(split) for _ in range(8)])
    for _ in range(5):
        code = county.old(split)
        county.truth[code] = ("recoded", county.new(part, county.core(code)))
    county.truth |= {county.old(gone): ("left", "") for _ in range(20)}
    fates = [(one.fate, one.names) for one in check(county).townships]
    assert fates[3:] == [("split", 8), ("split", 5), ("left", 0)]


def test_a_county_that_got_another_code_keeps_its_villages(county: County) -> None:
    before, after = county.editions()
    codes = ["888888" + code[6:] for code in after.roll.codes]
    moved = Edition(Roll.of(zip(codes, after.roll.names, strict=True)))
    assert {fate for fate, _ in told(history(before, moved, {})).values()} == {"kept"}


def test_units_of_a_township_that_was_scattered_go_anywhere() -> None:
    """Its names went to nine townships, so it belongs to no group; what vanished there has a place all the same."""
    made = County(np.random.default_rng(4))
    scattered = made.township(100, "分散镇", new=False)
    for number in range(101, 110):
        township = made.township(number, f"{made.name()}镇")
        made.keep(*[made.old(township) for _ in range(3)])
        code = made.old(scattered)
        made.truth[code] = ("moved", made.new(township, made.core(code)))
    lost = made.old(scattered)
    found = check(made)
    assert told(found)[lost][0] == "merged"
    assert broken(found) == []


def test_codes_given_out_anew_do_not_make_villages_one() -> None:
    made = County(np.random.default_rng(3))
    township = made.township(100, "大河镇")
    codes = [made.old(township) for _ in range(30)]
    for old, new in zip(codes[1:], codes[:-1], strict=True):  # each name has the code before it now
        made.after[new] = made.core(old) + "村民委员会"
        made.truth[old] = ("recoded", new)
    found = check(made)
    assert told(found)[codes[0]][0] == "merged"


def merging_county(seed: int) -> County:
    """Townships in which runs of neighbours merge, but for 3 in 10 that go to any village; half of the names tell two."""
    rng = np.random.default_rng(seed)
    made = County(rng)
    for number in range(100, 105):
        township = made.township(number, f"{made.name()}镇")
        codes = [made.old(township) for _ in range(40)]
        runs = list(neighbourhoods(rng, 40, 0.6))
        made.keep(*[codes[run[0]] for run in runs if len(run) == 1])
        kept = list(made.truth)[-sum(len(run) == 1 for run in runs) :]
        for number_of_run in rng.permutation(len(runs)):  # new codes tell no place
            run = runs[number_of_run]
            if len(run) == 1:
                continue
            told_by_name = rng.uniform() < 0.5
            new = made.new(township, "".join(made.core(codes[k])[0] for k in run[:2]) if told_by_name else "")
            for k in run:
                strays = k not in run[:2] and rng.uniform() < 0.3
                made.truth[codes[k]] = ("merged", str(rng.choice(kept)) if strays else new)
    return made


@pytest.fixture(scope="module")
def merged() -> list[tuple[County, UnitHistory]]:
    counties = [merging_county(seed) for seed in range(6)]
    return [(one, history(*one.editions(), common={})) for one in counties]


def outcomes(merged: list[tuple[County, UnitHistory]], lift: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Likelihoods of links of what vanished, and whether they are right."""
    links = [
        (min(link.likelihood + lift, 1), made.truth[found.before.roll.codes[link.old]][1] == found.after.roll.codes[link.new])
        for made, found in merged
        for link in found.links
        if link.fate == "merged"
    ]  # fmt: skip
    stated, right = np.array(links, float).T
    return stated, right


def test_likelihoods_are_honest(merged: list[tuple[County, UnitHistory]]) -> None:
    """Oracle: the share that is right, by thirds of what was stated, within .15; at all within .1. Some 700 links."""
    stated, right = outcomes(merged)
    assert len(stated) > 500
    assert abs(stated.mean() - right.mean()) < 0.1
    thirds = np.array_split(np.argsort(stated), 3)
    assert max(abs(stated[third].mean() - right[third].mean()) for third in thirds) < 0.15
    assert right[thirds[2]].mean() > 0.8


def test_likelihoods_that_claim_too_much_are_noticed(merged: list[tuple[County, UnitHistory]]) -> None:
    stated, right = outcomes(merged, lift=0.2)
    assert abs(stated.mean() - right.mean()) > 0.1


def often(found: UnitHistory, histories: list[UnitHistory]) -> np.ndarray:
    """How often each vanished unit (row) went into each new one (column)."""
    row = {int(old): k for k, old in enumerate(found.evidence.vanished)}
    counts = np.zeros_like(found.evidence.probability)
    for one in histories:
        for link in one.links:
            if link.old in row and link.new >= 0:
                counts[row[link.old], link.new] += 1 / len(histories)
    return counts


def largest_gap(stated: np.ndarray, counts: np.ndarray) -> float:
    """Largest difference of means, over classes of what is stated."""
    classes = [(stated >= low) & (stated < low + 0.2) for low in (0.05, 0.25, 0.45, 0.65, 0.85)]
    return max(abs(float(stated[one].mean() - counts[one].mean())) for one in classes if one.sum() >= 20)


@pytest.fixture(scope="module")
def drawn(merged: list[tuple[County, UnitHistory]]) -> np.ndarray:
    """Share of 0 or 1 of each link of the first county, by draw: shape (30, n_vanished, n_new)."""
    found = merged[0][1]
    return np.array([often(found, [found.drawn(Draws.of_draw(1, k))]) for k in range(1, 31)])


def test_draws_take_each_link_as_often_as_it_is_likely(
    merged: list[tuple[County, UnitHistory]], drawn: np.ndarray
) -> None:
    """Oracle: stated probabilities, by classes of 20 links or more over 30 draws, within .06. Twin: the central history
    alone, which takes the likeliest each time. A class of 20 independent links has a standard error of .02 at most."""
    found = merged[0][1]
    stated = found.evidence.probability
    assert largest_gap(stated, drawn.mean(axis=0)) < 0.06
    assert largest_gap(stated, often(found, [found])) > 0.06


@pytest.mark.parametrize("county", ["510811", "513433", "654022", "654025"])
def test_real_counties_draw_links_as_often_as_they_are_stated(county: str) -> None:
    """Central links over 30 draws, where townships were joined and names hardly tell where to; likelihoods over the whole county,
    of which draws know nothing, lie 4.6 to 18 standard errors off. Oracle: four of independent draws; false alarm 1 in 4,000."""
    found = history(*national_editions(county))
    row = {int(old): k for k, old in enumerate(found.evidence.vanished)}
    links = [link for link in found.links if link.old in row]
    stated = np.array([link.likelihood for link in links])
    drawn = often(found, [found.drawn(Draws.of_draw(1, k)) for k in range(1, 31)])
    taken = sum(drawn[row[link.old], link.new] for link in links)
    assert abs(taken - stated.sum()) < 4 * np.sqrt((stated * (1 - stated)).sum() / 30)


def test_draws_crowd_villages_as_independent_links_would(
    merged: list[tuple[County, UnitHistory]], drawn: np.ndarray
) -> None:
    """Oracle: of the villages that stood before, 1 - prod(1 - p) are reached each. Four standard errors of 30 draws: a
    false alarm in 1 of 16,000. Draws that spread units over villages, though each link is as often as likely, fail."""
    found = merged[0][1]
    stood = found.evidence.host >= 0
    expected = (1 - (1 - found.evidence.probability[:, stood]).prod(axis=0)).sum()
    reached = drawn[:, :, stood].any(axis=1).sum(axis=1)
    assert abs(reached.mean() - expected) < 4 * reached.std(ddof=1) / np.sqrt(len(reached))


def test_nothing_is_lost(merged: list[tuple[County, UnitHistory]]) -> None:
    assert [broken(found) for _, found in merged] == [[]] * len(merged)
    found = merged[0][1]
    assert broken(replace(found, links=found.links[1:])) == [
        "shares of an old unit do not sum to 1", "a new unit has no source and is not said to have appeared",
    ]  # fmt: skip


def test_order_tells_neighbours_apart_and_rules_nobody_out(merged: list[tuple[County, UnitHistory]]) -> None:
    """Oracle: the odds of two links without order, times what order tells of each."""
    ratios = np.array([0.0, 0.1, 1.0, 9.0])
    assert order.told(ratios) == pytest.approx(np.log([1 / 4, 0.3025, 1, 25]))
    for _, found in merged[:5]:
        p, plain = found.evidence.probability, found.evidence.probability_without_order
        odds = plain * np.exp(order.told(found.evidence.neighbour))
        assert p == pytest.approx(odds / odds.sum(axis=1, keepdims=True))


def test_new_villages_are_not_left_empty(merged: list[tuple[County, UnitHistory]]) -> None:
    assert {link.fate for _, found in merged for link in found.links} == {"kept", "merged", "renamed"}


def test_a_planted_fault_is_noticed(county: County) -> None:
    codes = [county.old(first(county)) for _ in range(2)]
    new = county.new(first(county), "".join(county.core(code)[0] for code in codes))
    county.truth |= dict.fromkeys(codes, ("merged", new))
    county.truth[codes[0]] = ("kept", codes[0])
    with pytest.raises(AssertionError):
        check(county)


def test_levels_of_shared_names() -> None:
    pool = ["相一", "相二", "公庄", "李庄", "王庄", "赵庄", "上河"]
    found = levels(pool, ["相公", "王庄新", "庄稼", "河"], pool, ["", "", "", ""])
    assert found[:, 0].tolist() == [FEW, FEW, ONE, NONE, NONE, NONE, NONE]
    assert found[:, 1].tolist() == [NONE, NONE, COMMON, COMMON, WHOLE, COMMON, NONE]
    assert found[6].tolist() == [NONE, NONE, NONE, ONE]
    explained = levels(pool, ["相公"], pool, ["相一"])
    assert explained[:, 0].tolist() == [NONE, NONE, ONE, NONE, NONE, NONE, NONE]

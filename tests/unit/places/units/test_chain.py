"""Editions in a row against made-up counties: two decrees, ways over both, and what must always hold."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from unit.command_line import villagesim
from unit.places.units.planted_county import County, first, neighbourhoods
from unit.places.units.test_history import merging_county

from villagesim.errors import RollError
from villagesim.places.units.chain import Chain, chain
from villagesim.places.units.edition import Edition
from villagesim.places.units.said import read_said
from villagesim.places.units.tables import paths_table


def later(county: County) -> County:
    """The same county from its second edition on."""
    return County(county.rng, dict(county.after), {}, (county.named[1], dict(county.named[1])))


def linked(*counties: County) -> Chain:
    editions = [counties[0].editions()[0], *(one.editions()[1] for one in counties)]
    return chain(editions, [f"decree {k}" for k in range(1, len(editions))], common={})


def told(found: Chain) -> dict[str, tuple[tuple[str, ...], str]]:
    """Fates and last code of every first code."""
    last = (*found.last.roll.codes, "")
    return {found.first.roll.codes[path.old]: (path.fates, last[path.new]) for path in found.paths if path.old >= 0}


def broken(found: Chain) -> list[str]:
    """Laws that paths break."""
    faults = []
    shares = np.zeros(len(found.first))
    np.add.at(shares, [path.old for path in found.paths if path.old >= 0], [p.share for p in found.paths if p.old >= 0])
    if not np.allclose(shares, 1):
        faults.append("shares")
    if {path.new for path in found.paths if path.new >= 0} != set(range(len(found.last))):
        faults.append("a unit of the last edition without source")
    if any(not 0 <= path.likelihood <= 1 for path in found.paths):
        faults.append("likelihoods")
    return faults


def compound(county: County, codes: list[str]) -> str:
    """A new village named after all of some old ones."""
    return county.new(first(county), "".join(county.core(code)[0] for code in codes))


@pytest.fixture
def waves(county: County) -> tuple[County, County, list[str], str]:
    """Four villages merge two by two, then all; what is kept stays."""
    codes = [county.old(first(county)) for _ in range(4)]
    halves = [compound(county, codes[:2]), compound(county, codes[2:])]
    second = later(county)
    second.keep(*[code for code in second.before if code not in halves])
    last = second.new(first(second), "".join(second.core(code)[0] for code in halves) + "新", "村民委员会", 280)
    for half in halves:
        second.before[half] = county.after[half].removesuffix("村民委员会") + "村村委会"
    return county, second, codes, last


def test_two_waves_are_two_dated_decrees(waves: tuple) -> None:
    one, two, codes, last = waves
    found = linked(one, two)
    assert broken(found) == []
    assert {told(found)[code] for code in codes} == {(("merged", "merged"), last)}
    rows = {row["old_code"]: row for row in paths_table(found)}
    assert rows[codes[0]]["changed"] == "decree 1, decree 2"
    assert rows[first(one) + "200"]["changed"] == ""
    assert rows[first(one) + "200"]["fates"] == "kept, kept"


def doubtful() -> tuple[County, County, str]:
    """A village that may have gone into either of two new ones, which are one village later."""
    one = County(np.random.default_rng(5))
    township = one.township(100, "大河镇")
    one.keep(*[one.old(township) for _ in range(6)])
    halves = [compound(one, [one.old(township) for _ in range(2)])]
    village = one.old(township, "甲丙")
    halves.append(compound(one, [one.old(township) for _ in range(2)]))
    two = later(one)
    two.keep(*[code for code in two.before if code not in halves])
    two.new(township, "".join(two.before[half][:2] for half in halves), first=300)
    return one, two, village


def test_ways_that_meet_again_are_added_up() -> None:
    """Oracle: worked out by hand from the steps' own probabilities."""
    one, two, village = doubtful()
    found = linked(one, two)
    old = found.first.roll.codes.index(village)
    step = next(link for link in found.steps[0].links if link.old == old)
    path = next(path for path in found.paths if path.old == old)
    row = found.steps[0].evidence.vanished.tolist().index(old)
    p = found.steps[0].evidence.probability[row]
    stood = {link.old: link for link in found.steps[1].links if link.old >= 0}
    others = np.delete(p, step.new)
    mine = np.insert(others * (1 - step.likelihood) / others.sum(), step.new, step.likelihood)
    by_hand = sum(mine[k] * link.likelihood for k, link in stood.items() if link.new == path.new)
    assert path.likelihood == pytest.approx(by_hand, abs=1e-2)
    assert path.likelihood > step.likelihood * stood[step.new].likelihood * 1.15


def test_likelihoods_over_two_steps_are_honest() -> None:
    """Oracle: the share of paths that are right, within .1 of what is stated; some 500 paths. Twin: a lift of .2 is noticed."""
    stated, right = [], []
    for seed in range(4):
        one = merging_county(seed)
        two = later(one)
        for township in sorted(two.named[0]):
            codes = sorted(code for code in two.before if code.startswith(township))
            for run in neighbourhoods(two.rng, len(codes), 0.7):
                own = [codes[k] for k in run]
                if len(own) == 1:
                    two.after[own[0]], two.truth[own[0]] = two.before[own[0]], ("kept", own[0])
                else:
                    new = two.new(township, "".join(two.before[code][0] for code in own[:2]), first=350)
                    two.truth |= dict.fromkeys(own, ("merged", new))
        said = told(found := linked(one, two))
        stated += [p.likelihood for p in found.paths if p.old >= 0 and "merged" in p.fates]
        right += [
            two.truth[one.truth[code][1]][1] == at
            for code, (fates, at) in said.items() if "merged" in fates
        ]  # fmt: skip
    assert len(right) > 400
    assert abs(np.mean(stated) - np.mean(right)) < 0.1
    assert abs(np.minimum(np.array(stated) + 0.2, 1).mean() - np.mean(right)) > 0.1


@pytest.mark.parametrize("meet", [False, True])
def test_parts_of_a_split_village_go_their_own_way_or_meet_again(tmp_path: Path, waves: tuple, meet: bool) -> None:
    one, two, codes, last = waves
    other = first(one) + ("271" if meet else "200")
    (tmp_path / "known.csv").write_text(
        f"old_code,new_code,share,decree\n{codes[0]},{other},0.25,decree 1\n{codes[0]},{first(one)}270,0.75,decree 1\n",
        encoding="utf-8",
    )
    editions = [one.editions()[0], one.editions()[1], two.editions()[1]]
    decrees = ("decree 1", "decree 2")
    said = [read_said(tmp_path / "known.csv", *editions[k : k + 2], None, decrees[k], decrees) for k in range(2)]
    found = chain(editions, decrees, {}, said)
    assert broken(found) == []
    parts = [path for path in found.paths if path.old == found.first.roll.codes.index(codes[0])]
    ways = [(found.last.roll.codes[path.new], path.share, path.fates) for path in parts]
    apart = [(last, 0.75, ("split", "merged")), (other, 0.25, ("split", "kept"))]
    assert ways == ([(last, 1.0, ("split", "merged"))] if meet else apart)
    assert min(path.likelihood for path in parts) > 0.9


@pytest.mark.parametrize(
    ("decree", "said"), [("", "the row says no decree"), ("1921", "decree = '1921' is none of them")]
)
def test_a_row_must_say_which_decree(tmp_path: Path, waves: tuple, decree: str, said: str) -> None:
    one, _, codes, _ = waves
    (tmp_path / "known.csv").write_text(f"old_code,new_code,decree\n{codes[0]},,{decree}\n", encoding="utf-8")
    with pytest.raises(RollError, match=said) as refused:
        read_said(tmp_path / "known.csv", *one.editions(), None, "2020", ("2020", "2021"))
    assert (refused.value.at, "2020 or 2021" in refused.value.fix) == (("known.csv", "row 2"), True)


def test_a_unit_that_is_missing_in_one_edition_only_is_told(waves: tuple) -> None:
    one, two, codes, _ = waves
    assert linked(one, two).returned == ()
    two.after[codes[1]] = one.before[codes[1]]
    assert linked(one, two).returned == ((0, codes[1]),)


def test_what_left_stays_away(county: County) -> None:
    gone = county.township(150, "远方镇", new=False)
    codes = [county.old(gone) for _ in range(20)]
    second = later(county)
    second.keep(*second.before)
    found = linked(county, second)
    assert {told(found)[code] for code in codes} == {(("left",), "")}
    assert broken(found) == []
    short = Chain(found.steps, found.decrees)
    short.__dict__["paths"] = found.paths[1:]
    assert broken(short) == ["shares", "a unit of the last edition without source"]


@pytest.mark.usefixtures("figures_are_blank")
def test_the_command_takes_editions_in_a_row(tmp_path: Path, waves: tuple) -> None:
    one, two, codes, last = waves
    missing = first(one, 1) + "205"
    del one.after[missing]
    for name, units in (("a", one.before), ("b", one.after), ("c", two.after)):
        rows = "".join(f"{code},{unit}\n" for code, unit in units.items())
        (tmp_path / f"{name}.csv").write_text(f"code,name\n{rows}", encoding="utf-8")
    rolls = [str(tmp_path / f"{name}.csv") for name in "abc"]
    done = villagesim("map", *rolls, "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    said = done.stdout.replace("\n", " ")
    assert f"units that stand in the rolls before b and after c, but not between: 1 ({missing})" in said
    paths = pd.read_csv(tmp_path / "out" / "paths.csv", dtype=str, keep_default_na=False).set_index("old_code")
    assert paths.loc[codes[0], ["new_code", "fates", "changed"]].tolist() == [last, "merged, merged", "b, c"]
    history = pd.read_csv(tmp_path / "out" / "history.csv", dtype=str, keep_default_na=False)
    assert history.groupby("decree")["old_code"].apply(lambda own: (own != "").sum()).to_dict() == {
        "b": len(one.before), "c": len(one.after),
    }  # fmt: skip
    assert {"history_1.png", "history_2.png"} <= {path.name for path in (tmp_path / "out").iterdir()}
    again = villagesim("map", *rolls[:2], "--out", str(tmp_path / "out"))
    assert again.returncode == 0, again.stderr
    assert not (tmp_path / "out" / "paths.csv").exists()


def test_one_step_is_its_history(waves: tuple) -> None:
    one = waves[0]
    found = linked(one)
    links = [(link.old, link.new, (link.fate,), link.share) for link in found.steps[0].links]
    assert [(path.old, path.new, path.fates, path.share) for path in found.paths] == links
    assert isinstance(found.last, Edition)

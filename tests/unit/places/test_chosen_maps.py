"""Claim: a strategy may choose who merges with whom; what there is at the start stays that of the published map.

By hand: two townships of six villages, of which the published map leaves four and three.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import villagesim as vs
from villagesim.outcomes.formulas import mechanical_share
from villagesim.places.chosen_maps import ChosenMap, read_chosen
from villagesim.places.endowments import Endowment, Published
from villagesim.places.merger_map import MergerMap
from villagesim.places.place import Place
from villagesim.places.rolls import Roll
from villagesim.places.waves import in_waves
from villagesim.policies import Strategy
from villagesim.printing import print_answer
from villagesim.questions import Comparison, Uncertainty
from villagesim.questions.verdicts import last_of
from villagesim.scenario import ALWAYS
from villagesim.timetable import Decree, Timetable

N = 12
CODES = [str(370_900_001_200 + 1_000 * (k // 6) + k % 6) for k in range(N)]
INCOME = np.array([1.0, 9, 2, 8, 3, 7, 60, 10, 50, 20, 40, 30]) * 1e5
MEMBERS = np.array([100, 300, 200, 100, 500, 400, 100, 200, 100, 100, 300, 200])
PUBLISHED = np.array([0, 0, 0, 1, 2, 3, 4, 4, 4, 4, 5, 6])


def endowment(place: Place | None = None) -> Endowment:
    """The county at the start."""
    before = Roll.of((code, f"village {k}") for k, code in enumerate(CODES))
    hosts = np.array([0, 3, 4, 5, 6, 10, 11])
    after = Roll(tuple(CODES[k] for k in hosts), tuple(before.names[k] for k in hosts))
    place = place or Place(before, after, MergerMap(PUBLISHED, ("user",) * N, np.ones(N), hosts))
    return Endowment(
        place=place, residents=MEMBERS // 2, members=MEMBERS, income=INCOME, source_shares=np.full((4, N), 0.25),
        arable=np.full(N, 900.0), enrollable=np.full(N, 0.5), debt=np.zeros(N), entitlement=np.zeros(N), booked=np.zeros(N),
    )  # fmt: skip


def groups(place: Place) -> list[list[int]]:
    """Constituents of each new village."""
    village = place.map.village
    return [np.flatnonzero(village == k).tolist() for k in range(len(place.after))]


def scenario(place: Place, *decrees: Decree) -> vs.Scenario:
    """Two years of that county."""
    decrees = decrees or (Decree(date(2021, 3, 1), date(2021, 7, 1)),)
    published = Published(residents=1_500, mean_income=2e6, threshold=1e6, share_above=0.5, arable=900.0 * N)
    strategies = {**ALWAYS, "neighbours": Strategy(map=ChosenMap("neighbours"))}
    return vs.Scenario(
        "chosen", Timetable(date(2021, 1, 1), date(2023, 1, 1), decrees), place, published, strategies=strategies
    )


def test_neighbours_go_together_in_the_order_of_codes() -> None:
    """Four and three villages are left; of each the constituent with most members is the host."""
    place = ChosenMap("neighbours").place(endowment())
    assert groups(place) == [[0, 1], [2, 3], [4], [5], [6, 7], [8, 9], [10, 11]]
    assert place.map.known_host.tolist() == [1, 2, 4, 5, 7, 8, 10]
    assert place.after.codes == tuple(CODES[k] for k in (1, 2, 4, 5, 7, 8, 10))


def test_the_strongest_take_the_weakest_in() -> None:
    """In the first township 9, 8, 7 and 3 lead and 1 and 2 are dealt to 9 and 8; in the second 60, 50, 40 take 10, 20, 30."""
    place = ChosenMap("strong with weak").place(endowment())
    assert sorted(groups(place)) == [[0, 1], [2, 3], [4], [5], [6, 7], [8, 9], [10, 11]]
    place = ChosenMap("strong with weak", size=3).place(endowment())
    assert sorted(groups(place)) == [[0, 1, 4], [2, 3, 5], [6, 7, 11], [8, 9, 10]]


@pytest.mark.parametrize(("size", "n"), [(1, 12), (2, 6), (4, 4), (6, 2), (50, 2)])
def test_a_size_is_the_most_that_go_into_one(size: int, n: int) -> None:
    place = ChosenMap("neighbours", size).place(endowment())
    assert len(place.after) == n
    assert place.map.n_constituents.max() <= size


@pytest.mark.parametrize("rule", ChosenMap.RULES)
@pytest.mark.parametrize("published", [[0] * 3 + [1, 2, 3] + [0] * 6, [0] * 6 + [0] * 3 + [1, 2, 3]])
def test_a_township_of_which_none_is_left_becomes_one(published: list[int], rule: str) -> None:
    there = endowment()
    host = np.array([published.index(k) for k in range(4)])
    after = Roll(tuple(CODES[k] for k in host), tuple(there.place.before.names[k] for k in host))
    merger = MergerMap(np.array(published), ("user",) * N, np.ones(N), host)
    found = ChosenMap(rule).place(endowment(Place(there.place.before, after, merger)))
    gone = range(6, 12) if published[6:] == [0] * 6 else range(6)
    assert list(gone) in groups(found)


def test_links_of_ones_own_may_cross_townships_and_others_stay_alone(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(
        f"old_code,new_code\n{CODES[5]},{CODES[6]}\n{CODES[7]},{CODES[6]}\n", encoding="utf-8"
    )
    place = read_chosen(tmp_path / "own.csv", []).place(endowment())
    assert [5, 6, 7] in groups(place)
    assert len(place.after) == N - 2


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (f"{CODES[0]},{CODES[1]}\n{CODES[0]},{CODES[2]}", "stands there twice"),
        (f"{CODES[0]},{CODES[1]}\n{CODES[1]},{CODES[2]}", f"Send {CODES[0]} where {CODES[1]} goes: {CODES[2]}"),
        (f"{CODES[0]},370900001999", "370900001999 is no village of the first day"),
    ],
)
def test_links_that_cannot_be_are_refused(tmp_path: Path, rows: str, message: str) -> None:
    (tmp_path / "own.csv").write_text(f"old_code,new_code\n{rows}\n", encoding="utf-8")
    with pytest.raises(vs.VillagesimError, match=message):
        read_chosen(tmp_path / "own.csv", []).place(endowment())


def test_links_between_villages_that_are_not_there_are_refused_with_the_scenario() -> None:
    county = scenario(endowment().place)
    own = Strategy(map=ChosenMap(links=((CODES[0], "370900009999"),)))
    with pytest.raises(vs.VillagesimError, match="370900009999 is no village of the first day"):
        county.check(own, "strategy 'own'", "policy")


def test_a_strategy_merges_by_its_own_map_and_begins_with_the_same_county() -> None:
    """No bit differs before the announcement, and by the decree its own villages are there."""
    county = scenario(endowment().place)
    one, other = (vs.simulate(county, name, endowment=endowment()) for name in ("neighbours", "nothing but the merger"))
    for name in ("account_income", "debt", "trust", "cash"):
        assert (one.record.column(name)[:3] == other.record.column(name)[:3]).all()
    assert (one.villages.groupby("month").size() == other.villages.groupby("month").size()).all()
    assert set(one.villages[one.villages.month == "2021-07"].village) == {CODES[k] for k in (1, 2, 4, 5, 7, 8, 10)}
    assert set(other.villages[other.villages.month == "2021-07"].village) == {CODES[k] for k in (0, 3, 4, 5, 6, 10, 11)}


def test_the_mechanical_share_goes_by_the_map_of_the_strategy() -> None:
    """Others have that of the published map; each is worked out in the world without merger."""
    county = scenario(endowment().place)
    answer = vs.compare(county, replications=2, workers=1)
    outcome, level = "mechanical_share_above_1000k", 1e6
    for name, own in (("neighbours", ChosenMap("neighbours")), ("nothing but the merger", None)):
        alone = vs.simulate(county, Strategy(merger=False, map=own), 1, 0)
        expected = mechanical_share(alone.record, level)[1:]
        found = answer.runs[(answer.runs.strategy == name) & (answer.runs.replication == 0)][outcome]
        assert found.to_numpy()[-len(expected) :] == pytest.approx(expected)


def test_with_several_decrees_each_merges_when_it_would_have() -> None:
    """A village of the second township waits for the second decree."""
    base = endowment().place
    place = in_waves(base, base.township)
    chosen = ChosenMap("neighbours").place(endowment(place))
    assert len(chosen.waves) == 2
    assert len(chosen.waves[0].after) == 4 + 6
    assert len(chosen.waves[1].after) == 7
    decrees = (Decree(date(2021, 3, 1), date(2021, 7, 1)), Decree(date(2022, 1, 1), date(2022, 3, 1)))
    run = vs.simulate(scenario(place, *decrees), "neighbours", endowment=replace(endowment(), place=place))
    assert run.villages.groupby("month").size().loc[["2021-06", "2021-07", "2022-02", "2022-03"]].tolist() == [
        12,
        10,
        10,
        7,
    ]


@pytest.mark.parametrize("question", [Comparison(replications=2), Uncertainty(draws=4, replications=2)])
def test_who_leaves_another_number_of_villages_is_named_and_compared_by_resident(
    question: Comparison | Uncertainty, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the sentence, on the screen and below the first figure; the twin, which leaves as many, is compared by village."""
    alike = scenario(endowment().place)
    few = {**alike.strategies, "few": Strategy(map=ChosenMap("strong with weak", size=6))}
    answer = question.ask(replace(alike, strategies=few), workers=1)
    own = last_of(answer.tables["verdicts"]).query("strategy == 'few'").set_index("outcome")
    barred = own.loc[["collective_income", "real_integration"], "verdict"].tolist()
    assert barred == ["other number of villages", "other villages"], "integration is of other merged villages then"
    assert np.isnan(own.loc["real_integration", ["difference", "per_million"]].astype(float)).all()
    assert "not compared, as it is of other villages: few" in answer.headline
    assert own.loc["income_per_resident", "verdict"] != "other number of villages"
    assert np.isnan(own.loc["collective_income", ["difference", "per_million"]].astype(float)).all()
    assert "compared by resident alone, with another number of villages: few" in answer.headline
    print_answer(answer)
    printed = " ".join(capsys.readouterr().out.split())
    assert "other number of villages: few" in printed
    assert "Collective income per resident (yuan per resident and year; below" in printed
    said = " ".join(answer.figure("differences").get_supxlabel().split())
    assert "Not drawn, as they leave another number of villages: 'few'." in said
    twin = question.ask(alike, workers=1)
    assert "income_per_resident" not in set(twin.tables["verdicts"]["outcome"])
    assert "number of villages" not in twin.headline + twin.figure("differences").get_supxlabel()


def test_who_leaves_another_number_of_villages_is_said_to_be_in_no_race(capsys: pytest.CaptureFixture[str]) -> None:
    alike = scenario(endowment().place)
    few = {**alike.strategies, "few": Strategy(map=ChosenMap("strong with weak", size=6))}
    print_answer(Comparison(until_best="collective_income").ask(replace(alike, strategies=few), workers=1))
    assert "Not in the race, with another number of villages: few." in " ".join(capsys.readouterr().out.split())


def test_groups_are_the_same_villages_whichever_map_is_chosen() -> None:
    """So they differ in nothing before the decree, and what differs after it is no matter of who is in a group."""
    alike = scenario(endowment().place)
    one, other = (vs.simulate(alike, name).groups for name in ("neighbours", "nothing but the merger"))
    begun = one["month"] < "2021-03"
    assert one.loc[begun, "income_per_member"].notna().any()
    assert one[begun].equals(other[begun])
    assert not one[~begun].equals(other[~begun])

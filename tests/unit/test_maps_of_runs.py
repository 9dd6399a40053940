"""Maps of runs: where the likeliest is weak, each replication has a drawn one, which all its strategies share."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import villagesim as vs
from villagesim import printing, terminal
from villagesim.design import Factor, grid
from villagesim.design.factors import applied
from villagesim.errors import RunError, VillagesimError
from villagesim.reference.describe import describe
from villagesim.scenario import MOST_WEAK

CITED = ["no merger", "nothing but the merger", "both"]


@pytest.fixture(scope="module")
def drawn(one_town):
    """A year in which the villages of three townships merge."""
    return replace(
        one_town, timetable=replace(one_town.timetable, stop=one_town.timetable.start.replace(year=2022, month=10))
    )


@pytest.fixture(scope="module")
def compared(drawn, tmp_path_factory):
    folder = tmp_path_factory.mktemp("compared") / "out"
    return vs.compare(drawn, 3, strategies=CITED, villages=True, workers=1, out=folder), folder


def village(scenario, replication, draw=0):
    return scenario.place_of(1, draw, replication).map.village.tolist()


def test_weak_maps_are_drawn_by_default_and_the_likeliest_is_not_weak_forever(one_town, zhangqiu):
    """By the members in links below .5, reckoned by hand; no other figure of the scenario changes the rule afterwards."""
    for scenario in (one_town, zhangqiu):
        merger, members = scenario.place.map, scenario.endow(1).members
        weak = [
            way in ("name part", "order", "totals") and p < 0.5
            for way, p in zip(merger.way, merger.likelihood, strict=True)
        ]
        assert scenario.weak_share == pytest.approx(members[weak].sum() / members.sum())
        assert scenario.weak_share > MOST_WEAK == 0.1
        assert scenario.has_drawn_maps
    assert one_town.with_parameters(residents_sd=0.4).maps_of_runs == "drawn"
    sure = replace(one_town, history=None, maps_of_runs="")
    assert (sure.weak_share, sure.maps_of_runs, sure.has_drawn_maps) == (0.0, "likeliest", False)


def known(one_town, folder, n_known):
    """The three townships with the likeliest links of all but the last villages as the user's."""
    place, links = one_town.place, one_town.place.map
    order = np.argsort(links.likelihood)[:n_known]
    rows = [f"{place.before.codes[k]},{place.after.codes[links.village[k]]}" for k in order]
    (folder / "mine.csv").write_text("\n".join(["old_code,new_code", *rows]))
    text = Path(one_town.source).read_text(encoding="utf-8").replace("[merger]", 'map = "mine.csv"\n\n[merger]', 1)
    (folder / "county.toml").write_text(text, encoding="utf-8")
    return folder / "county.toml"


def test_what_the_user_knows_makes_a_weak_map_strong(one_town, tmp_path):
    county = vs.load_scenario(known(one_town, tmp_path, 24))
    assert 0 < county.weak_share < MOST_WEAK
    assert not county.has_drawn_maps
    assert village(county, 1) == village(county, 0) == county.place.map.village.tolist()
    assert village(county, 0, draw=1) != village(county, 0)
    assert "all replications have the likeliest map, an uncertainty, not a datum (maps_of_runs)" in describe(county)
    whole = vs.load_scenario(known(one_town, tmp_path, 117))
    assert (whole.weak_share, whole.map_is_given, whole.has_drawn_maps) == (0.0, True, False)
    assert "by their own likelihood" not in describe(whole)


def test_replications_have_maps_of_their_own_and_draws_too(drawn):
    maps = [village(drawn, replication) for replication in (0, 1, 2)]
    assert all(a != b for a in maps for b in maps if a is not b)
    sure = ~drawn.place.map.inferred
    assert all((np.array(one)[sure] == drawn.place.map.village[sure]).all() for one in maps)
    assert village(drawn, 1) == maps[1] == village(vs.load_scenario(drawn.source), 1)
    assert drawn.place_of(2, 0, 1).map.village.tolist() != maps[1]
    likeliest = replace(drawn, maps_of_runs="likeliest")
    assert village(likeliest, 0) == village(likeliest, 1) == drawn.place.map.village.tolist()
    assert village(drawn, 0, draw=3) == village(drawn, 1, draw=3) == village(likeliest, 5, draw=3) != maps[0]


def test_a_run_has_the_map_of_its_replication_whatever_its_strategy(drawn):
    runs = [vs.simulate(drawn, name, 1, 2) for name in ("nothing but the merger", "both")]
    assert [run.history.place.map.village.tolist() for run in runs] == [village(drawn, 2)] * 2
    assert runs[0].history.codes[-1].tolist() == [drawn.place_of(1, 0, 2).after.codes[k] for k in village(drawn, 2)]


def test_an_endowment_of_another_replication_is_refused(drawn):
    """It holds the map of its own; in silence a run would have the wrong one."""
    with pytest.raises(RunError, match="another map of the merger than this run"):
        vs.simulate(drawn, replication=1, endowment=drawn.endow(1))
    made = drawn.endow(1, 0, 1)
    assert vs.simulate(drawn, replication=1, endowment=made).history.place is made.place
    likeliest = replace(drawn, maps_of_runs="likeliest")
    vs.simulate(likeliest, replication=1, endowment=likeliest.endow(1))


def test_a_comparison_is_of_the_same_runs_one_by_one(drawn, compared):
    """Counties, and rows of villages with the names of each replication's own map."""
    found, folder = compared
    rows = pd.concat(map(pd.read_parquet, sorted(folder.rglob("villages-*.parquet"))))
    for replication in range(3):
        run = vs.simulate(drawn, "both", 1, replication)
        own = found.runs[(found.runs["strategy"] == "both") & (found.runs["replication"] == replication)]
        assert own["gini_income"].tolist() == pytest.approx(run.values("gini_income").tolist())
        assert found.n_merged[replication] == drawn.place_of(1, 0, replication).n_merged
        there = rows[(rows["strategy"] == "both") & (rows["replication"] == replication)]
        assert there["village"].tolist() == run.villages["village"].tolist()
        names = run.history.place.names
        assert there["village_name"].tolist() == [names[code] for code in there["village"]]
    assert len(set(found.n_merged.tolist())) > 1


def test_words_say_that_bands_are_of_luck_and_map(drawn, compared, capsys):
    found, folder = compared
    assert "(95%, luck and map, one draw of endowments)" in found.headline
    assert found.rests_on == "3 drawn maps, one draw of endowments, central parameters: not a forecast."
    assert found.sample == "3 replications with a drawn map each"
    terminal.out.width = 200
    printing.print_answer(found, verbose=True)
    assert "one county, luck and map, lowest and highest of 3" in capsys.readouterr().out
    chosen = replace(found, setting=replace(found.known, own_maps=("both", "not shown")))
    assert chosen.rests_on == f"{found.rests_on} With a map of their own: 'both'."
    assert "With a map of their own: 'both'." in " ".join(chosen.figure("differences").get_supxlabel().split())
    again = vs.open_results(folder)
    assert (again.rests_on, again.headline) == (found.rests_on, found.headline)
    assert again.n_merged.tolist() == found.n_merged.tolist()
    one = vs.compare(replace(drawn, maps_of_runs="likeliest"), 2, strategies=CITED, workers=1)
    assert "drawn map" not in one.headline + one.rests_on + one.sample
    assert "luck and map" not in one.headline
    assert "One map, one draw of endowments" in one.rests_on


def test_check_says_how_far_a_map_can_be_trusted(one_town):
    said = describe(one_town)
    merger = one_town.place.map
    right, gone = merger.likelihood.sum(), merger.inferred
    assert (
        f"by their own likelihood {right:.0f} of 117 links are right, and {merger.likelihood[gone].sum():.0f} of the"
        f" {gone.sum()} that are inferred; {merger.way.count('order') + merger.way.count('totals')} rest on nothing that"
        " a name can check" in said
    )
    assert f"{one_town.weak_share:.0%} of the members of cooperatives sit in links with a likelihood below 0.5" in said
    assert "so each replication has a drawn map of its own, which all its strategies share (maps_of_runs)" in said


def test_maps_are_a_setting_and_part_of_the_digest(one_town, tmp_path):
    text = Path(one_town.source).read_text(encoding="utf-8")
    digests = {}
    for key in ("", 'maps_of_runs = "likeliest"\n', 'maps_of_runs = "drawn"\n'):
        (tmp_path / "county.toml").write_text(text.replace("[merger]", f"{key}\n[merger]", 1), encoding="utf-8")
        digests[key[16:22]] = vs.load_scenario(tmp_path / "county.toml").digest
    assert digests[""] == digests['drawn"'] == one_town.digest != digests["likeli"]
    path = known(one_town, tmp_path, 117)
    path.write_text(
        path.read_text(encoding="utf-8").replace("[merger]", 'maps_of_runs = "drawn"\n\n[merger]', 1), encoding="utf-8"
    )
    with pytest.raises(VillagesimError, match=r'\[place\] maps_of_runs = "drawn", but map says of all villages'):
        vs.load_scenario(path)


def test_the_factor_of_maps_takes_the_likeliest_or_drawn_ones(drawn):
    design = grid([Factor("place.map", values=("likeliest", "drawn"))]).resolved(drawn)
    likeliest, own = (applied(drawn, values) for values in design.points.to_dict("records"))
    assert village(likeliest, 1) == village(likeliest, 2) == drawn.place.map.village.tolist()
    assert village(own, 1) == village(drawn, 1)
    assert own.digest == drawn.digest != likeliest.digest

"""Designs: the points that were asked for, with numbers that stay, and values that arrive where they belong."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import villagesim as vs
from villagesim.design import Factor, applied, from_table, grid, latin_hypercube, morris, sobol
from villagesim.errors import VillagesimError
from villagesim.targets import poorest

GROWTH = Factor("parameters.income_growth", 0.0, 0.06)
DECREE = Factor("merger.decree", date(2021, 2, 1), date(2021, 10, 1))


def test_dates_fall_on_firsts_and_all_are_equally_likely():
    """February to October: nine months, each with a ninth of the unit interval."""
    found = [DECREE.at((k + 0.5) / 9) for k in range(9)]
    assert found == [date(2021, month, 1) for month in range(2, 11)]
    assert (DECREE.at(0.0), DECREE.at(1.0)) == (date(2021, 2, 1), date(2021, 10, 1))
    numbers = grid([Factor("merger.decree", values=tuple(found))]).numbers["merger.decree"]
    assert numbers.diff().dropna().eq(1).all()


def test_draws_and_replications_are_whole_and_equally_likely():
    """Both ends of the range have their full share."""
    found = [Factor("draw", 0, 3).at(u) for u in (0.0, 0.249, 0.251, 0.74, 0.76, 1.0)]
    assert found == [0, 0, 1, 2, 3, 3]


def test_a_table_keeps_its_values_and_its_numbers(tmp_path):
    """A file of an earlier sweep runs again with the same numbers of points."""
    table = pd.DataFrame({"point": [7, 3], "merger.decree": ["2021-05-01", "2021-06-01"], "draw": [2, 0]})
    table.to_csv(tmp_path / "points.csv", index=False)
    design = from_table(tmp_path / "points.csv")
    assert design.points.index.tolist() == [7, 3]
    assert design.points["draw"].tolist() == [2, 0]
    assert from_table(table[["draw"]]).points.index.tolist() == [0, 1]


def test_resolved_points_show_what_is_run(one_town):
    """Whole numbers are whole and texts become dates."""
    paths = ["policies.five_integrations.facilitators", "policies.land_trust.start"]
    design = from_table(pd.DataFrame([[4.0, "2022-05-01"]], columns=paths)).resolved(one_town)
    assert design.points.iloc[0].tolist() == [4, date(2022, 5, 1)]
    assert design.points[paths[0]].dtype == np.int64


@pytest.mark.parametrize("make", [lambda f: latin_hypercube(f, 60, 1), lambda f: sobol(f, 64, 1)])
def test_all_whole_numbers_of_a_range_are_equally_likely(one_town, make):
    """One to four facilitators: each a quarter of the points, the ends as well, while dates and numbers stay as they were."""
    factors = [Factor("policies.five_integrations.facilitators", 1, 4), GROWTH, DECREE]
    design = make(factors)
    found = design.resolved(one_town)
    often = found.points["policies.five_integrations.facilitators"].value_counts()
    assert sorted(often.index) == [1, 2, 3, 4]
    assert often.max() - often.min() <= 2
    rest = ["parameters.income_growth", "merger.decree"]
    pd.testing.assert_frame_equal(found.points[rest], design.points[rest])
    pd.testing.assert_frame_equal(found.resolved(one_town).points, found.points)


def test_levels_of_morris_take_whole_numbers_in_order(one_town):
    """Four levels, four facilitators."""
    found = morris([Factor("policies.five_integrations.facilitators", 1, 4), GROWTH], 8, 1).resolved(one_town)
    level = np.rint(3 * found.unit[:, 0]).astype(int)
    assert (found.points["policies.five_integrations.facilitators"].to_numpy() == 1 + level).all()


def test_values_arrive_in_every_strategy_that_holds_the_policy(one_town):
    """`both` holds the land trust too; what is not named stays."""
    new = applied(
        one_town,
        {
            "parameters.income_growth": 0.02, "policies.land_trust.household_floor": 700.0,
            "policies.land_trust.end": "2023-01-01", "fund.yearly": 1e6, "merger.decree": "2021-09-01", "draw": 3,
        },
    )  # fmt: skip
    assert new.parameters.income_growth == 0.02
    for strategy in ("land trust", "both"):
        trust = next(policy for policy in new.strategies[strategy] if policy.kind == "land_trust")
        assert (trust.household_floor, trust.end, trust.split) == (700.0, date(2023, 1, 1), (0.5, 0.0, 0.4, 0.0, 0.1))
    assert new.strategies["five integrations"] == one_town.strategies["five integrations"]
    assert (new.budget.yearly, new.budget.since) == (1e6, 2022)
    assert (new.timetable.decree, new.timetable.announcement) == (date(2021, 9, 1), date(2021, 6, 1))
    assert one_town.parameters.income_growth != 0.02


def test_shares_keep_adding_up_to_one(one_town):
    """Those not set shrink in proportion; all set are taken as they are."""
    split = "policies.land_trust.split"
    trust = applied(one_town, {f"{split}.0": 0.65}).strategies["land trust"][0]
    np.testing.assert_allclose(trust.split, [0.65, 0.0, 0.28, 0.0, 0.07])
    trust = applied(one_town, {f"{split}.{k}": share for k, share in enumerate((0.1, 0.2, 0.3, 0.3, 0.1))})
    assert trust.strategies["land trust"][0].split == (0.1, 0.2, 0.3, 0.3, 0.1)


def test_targets_can_be_varied(zhangqiu):
    """How many villages is a setting like any other."""
    new = applied(zhangqiu, {"policies.professional_secretaries.target.n": 80.0})
    assert new.strategies["professional secretaries"][0].target.n == 80


def test_a_whole_target_is_a_value(one_town, tmp_path):
    """As the scenario file writes it, as Python makes it, or in words; the points hold the words, which can be read again."""
    path = "policies.land_trust.target"
    values = ("all", {"rule": "lowest", "n": 20}, poorest(20, "collective_income"), "random(20)")
    found = grid([Factor(path, values=values), Factor("draw", values=(0, 1))]).resolved(one_town)
    words = ["all", "lowest(20)", "lowest(20, collective_income)", "random(20)"]
    assert found.points[path].tolist() == [word for word in words for _ in range(2)]
    assert found.numbers[path].tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    new = applied(one_town, found.points.loc[4].to_dict())
    found_in = [
        policy.target
        for name in ("both", "land trust")
        for policy in new.strategies[name]
        if policy.kind == "land_trust"
    ]
    assert found_in == [values[2], values[2]]
    found.points.to_csv(tmp_path / "points.csv")
    pd.testing.assert_frame_equal(from_table(tmp_path / "points.csv").resolved(one_town).points, found.points)


def test_the_announcement_is_a_date_of_its_own(one_town):
    """With the decree or without it, in any order; else it moves along."""
    new = applied(one_town, {"merger.announcement": date(2021, 2, 1)})
    assert (new.timetable.announcement, new.timetable.decree) == (date(2021, 2, 1), date(2021, 7, 1))
    new = applied(one_town, {"merger.announcement": date(2021, 2, 1), "merger.decree": date(2021, 9, 1)})
    assert (new.timetable.announcement, new.timetable.decree) == (date(2021, 2, 1), date(2021, 9, 1))


def test_an_announcement_before_the_start_is_made_on_the_first_day(one_town):
    """The run cannot look further back."""
    new = applied(one_town, {"merger.decree": date(2021, 2, 1)})
    assert (new.timetable.announcement, new.timetable.decree) == (date(2021, 1, 1), date(2021, 2, 1))


def test_a_point_with_the_scenarios_own_values_is_the_scenario(one_town):
    """Nothing but the values is touched: the digest stays."""
    same = {
        "parameters.vote_loss": one_town.parameters.vote_loss, "policies.land_trust.split.0": 0.5, "draw": 0,
        "merger.decree": "2021-07-01", "fund.yearly": 5e6, "policies.five_integrations.facilitators": 4,
    }  # fmt: skip
    assert applied(one_town, same).digest == one_town.digest


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"parameters.vote_los": 1.0}, "factor parameters.vote_los: .*Did you mean 'vote_loss'"),
        ({"parameters.income_growth": 0.4}, "factor parameters.income_growth: .*outside"),
        ({"parameters.income_growth": "much"}, "factor parameters.income_growth: 'much' must be a finite number"),
        ({"policies.land_trusts.start": "2022-03-01"}, "no strategy holds .*Did you mean 'land_trust'"),
        ({"policies.land_trust.floor": 1.0}, "there is no 'floor' to set"),
        ({"policies.land_trust.split.5": 0.1}, "there is no '5' to set"),
        ({"policies.land_trust.split.0": 1.2}, "leave -0.2 for the others"),
        ({"policies.land_trust.start": "2030-01-01"}, "factor policies.land_trust.start, .*outside the run"),
        ({"policies.land_trust.start": "2022-03-05"}, "not the first of a month"),
        ({"merger.decree": "2025-01-01"}, "factor merger.decree: .*outside the run"),
        ({"fund.yearly": -1.0}, "fund.yearly: -1.0 must be at least 0"),
        ({"fund.yearli": 1.0}, "Did you mean 'fund.yearly'"),
        ({"policies.land_trust": "all"}, "name a setting of it, as policies.land_trust.start"),
        ({"policies.land_trust.target": {"rule": "poorest", "n": 20}}, "land_trust.target: rule = 'poorest' must be one of"),
        ({"policies.land_trust.target": "lowst(20)"}, "land_trust.target, .*Did you mean 'lowest'"),
        ({"policies.land_trust.target": "townships(nowhere)"}, "land_trust.target, .*none of the townships"),
        ({"policies.land_trust.target": 20}, "land_trust.target: .*20 is not a target"),
        (
            {"policies.land_trust.target": "lowest(20)", "policies.land_trust.target.n": 3},
            "is set whole and in part. Leave one out",
        ),
        ({"policies.land_trust.target.outcome": "trust"}, "land_trust.target.outcome, .*takes no outcome"),
        ({"policies.land_trust.target.rule": "lowst"}, "'lowst' is not a rule"),
        ({"merger.announcement": "2021-08-01"}, "factor merger.announcement: .*not after the decree, 2021-07-01"),
        ({"merger.announcement": "2020-08-01"}, "factor merger.announcement: .*2020-08-01 lies outside the run"),
        ({"draw": 0.4}, "factor draw: 0.4 must be a whole number"),
        ({"policies.five_integrations.facilitators": 2.5}, "facilitators: 2.5 must be a whole number"),
    ],
)  # fmt: skip
def test_mistakes_name_the_factor_and_a_way_out(one_town, values, words):
    """One message, before anything runs."""
    with pytest.raises(VillagesimError, match=words):
        applied(one_town, values)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Factor("draw", 2, 2), "not below"),
        (lambda: Factor("draw", 2), "needs low and high"),
        (lambda: Factor("draw", 0, 2, (1,)), "either low and high, or values"),
        (lambda: Factor("draw", values=()), "at least one value"),
        (lambda: Factor("draw", 0, float("nan")), "finite"),
        (lambda: Factor("merger.decree", date(2021, 2, 2), date(2021, 5, 1)), "not the first of a month"),
        (lambda: grid([GROWTH]), "a grid needs values"),
        (lambda: grid([]), "at least one factor"),
        (lambda: morris([GROWTH, GROWTH], 3, 1), "there twice"),
        (lambda: sobol([GROWTH], 12, 1), "power of two .* as 8 or 16"),
        (lambda: latin_hypercube([GROWTH], 0, 1), "n = 0"),
        (lambda: from_table("nowhere.csv"), "nowhere.csv: cannot be read"),
        (lambda: from_table(pd.DataFrame({"draw": [1.0, None]})), "design point 1: draw is empty"),
        (lambda: from_table(pd.DataFrame({"point": [1, 1], "draw": [1, 2]})), "different whole numbers"),
        (lambda: from_table(pd.DataFrame({"draw": []})), "holds none"),
    ],
)  # fmt: skip
def test_designs_that_make_no_sense_are_refused(make, words):
    """With the factor or the number, and a way out."""
    with pytest.raises(VillagesimError, match=words):
        make()


def test_a_range_of_whole_numbers_has_whole_ends(one_town):
    """Half a facilitator or half a draw is refused before anything runs; 4.0 is whole."""
    with pytest.raises(VillagesimError, match=r"factor draw: low = 0 and high = 2\.5 must be whole numbers"):
        latin_hypercube([Factor("draw", 0, 2.5)], 4, 1)
    path = "policies.five_integrations.facilitators"
    with pytest.raises(VillagesimError, match=rf"factor {path}: low = 0\.5 and high = 4 must be whole numbers"):
        latin_hypercube([Factor(path, 0.5, 4)], 4, 1).resolved(one_town)
    assert latin_hypercube([Factor(path, 1.0, 4.0)], 4, 1).resolved(one_town).points[path].nunique() == 4


def test_a_point_that_cannot_run_is_named(one_town):
    """By its number."""
    table = pd.DataFrame({"parameters.income_growth": [0.01, 9.0]})
    with pytest.raises(vs.VillagesimError, match=r"design point 1, factor parameters\.income_growth"):
        from_table(table).resolved(one_town)


@pytest.fixture
def two_maps(one_town, tmp_path):
    """The three townships with a map of one's own beside the likeliest: two villages have changed places."""
    before, after, village = one_town.place.before, one_town.place.after, one_town.place.map.village.copy()
    a, b = next(
        (0, k) for k in range(1, len(village)) if village[k] != village[0] and one_town.place.map.way[k] != "code"
    )
    village[[a, b]] = village[[b, a]]
    rows = [f"{code},{after.codes[k]}" for code, k in zip(before.codes, village, strict=True)]
    (tmp_path / "mine.csv").write_text("\n".join(["old_code,new_code", *rows]))
    text = Path(one_town.source).read_text().replace("[merger]", 'maps = ["mine.csv"]\n\n[merger]', 1)
    (tmp_path / "county.toml").write_text(text)
    return vs.load_scenario(tmp_path / "county.toml"), village


def test_maps_of_ones_own_are_values(two_maps):
    """By the name of their file; they stay in every draw, while the likeliest leaves its place to others."""
    county, mine = two_maps
    design = grid([Factor("place.map", values=("likeliest", "mine.csv")), Factor("draw", values=(0, 1))]).resolved(
        county
    )
    maps = []
    for values in design.points.to_dict("records"):
        new = applied(county, values)
        maps.append(new.endow(1, values["draw"]).place.map.village.tolist())
    assert maps[0] == county.place.map.village.tolist()
    assert maps[2] == maps[3] == mine.tolist() != maps[0]
    assert maps[1] not in (maps[0], mine.tolist())
    assert applied(county, {"place.map": "drawn"}).digest == county.digest
    assert [applied(county, {"place.map": name}).has_drawn_maps for name in ("drawn", "mine.csv")] == [True, False]


def test_what_is_written_in_a_map_is_part_of_the_scenario(two_maps):
    """Results of a file that has changed since are others."""
    county, _ = two_maps
    assert vs.load_scenario(county.source).digest == county.digest
    place = county.place
    rows = [f"{code},{place.after.codes[k]}" for code, k in zip(place.before.codes, place.map.village, strict=True)]
    Path(county.source).with_name("mine.csv").write_text("\n".join(["old_code,new_code", *rows]))
    assert vs.load_scenario(county.source).digest != county.digest


def test_all_that_decides_a_map_of_ones_own_is_part_of_the_scenario(two_maps):
    """Its draws and hosts too: a link that is less sure, and a village that lives on in another."""
    county, _ = two_maps
    digests = set()
    place, own = county.place, Path(county.source).with_name("mine.csv")
    for confidence in ("", "0.5"):
        own.write_text(
            f"old_code,new_code,confidence\n{place.before.codes[0]},{place.after.codes[place.map.village[0]]},{confidence}\n"
        )
        digests.add(vs.load_scenario(county.source).digest)
    host = place.map.known_host.copy()
    village = int(np.argmax(place.map.n_constituents))
    host[village] = np.flatnonzero(place.map.village == village)[-1]
    other = replace(place, map=replace(place.map, known_host=host))
    digests |= {replace(county, place=each, history=None, maps={}).digest for each in (place, other)}
    assert len(digests) == 4


def test_a_map_that_the_scenario_does_not_name_is_refused(one_town, two_maps):
    """With those that it does."""
    with pytest.raises(VillagesimError, match=r"factor place\.map: 'min\.csv' .*Did you mean 'mine\.csv'"):
        applied(two_maps[0], {"place.map": "min.csv"})
    with pytest.raises(VillagesimError, match=r"factor place\.map: 'mine\.csv' .*\[place\] maps"):
        applied(one_town, {"place.map": "mine.csv"})


def test_a_table_names_the_value_that_is_no_number(tmp_path):
    """The row and the word, not the first of its column."""
    file = tmp_path / "points.csv"
    file.write_text("parameters.income_growth\n0.02\n2%\n", encoding="utf-8")
    with pytest.raises(VillagesimError, match=r"design point 1: parameters\.income_growth = '2%' is not a number"):
        from_table(file)

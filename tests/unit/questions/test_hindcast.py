"""What was observed stands beside what is simulated: as points, in a table with its error, and unknown to every run."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from matplotlib import pyplot as plt
from unit.files.made_county import after_the_decree, made_county, with_table, written

import villagesim as vs
from villagesim.errors import VillagesimError
from villagesim.files.observations import observations
from villagesim.outcomes import Observed
from villagesim.places.figures import Figures, FirstDays
from villagesim.places.waves import in_waves
from villagesim.questions import Answer
from villagesim.questions.asides import observed
from villagesim.statistics.intervals import prediction_band

TOWN = "宁家埠街道"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, one_town: vs.Scenario):
    """One township with five years of own figures and two of the run, without gaps; folder, scenario, sums after the decree."""
    folder = tmp_path_factory.mktemp("observed")
    codes = [code for code in one_town.place.before.codes if code.startswith("370114014")]
    county = made_county(codes, ahead=2)
    written(folder, codes, county, years=range(2016, 2021))
    sums = after_the_decree(folder, with_table(folder, county, town=TOWN).place, county)
    return folder, with_table(folder, county, town=TOWN), county, sums


@pytest.fixture(scope="module")
def answer(made, figures_are_blank: None) -> Answer:
    """Three replications of the baseline, with the rows of villages."""
    folder, scenario, _, _ = made
    return vs.compare(scenario, 3, strategies=[], workers=1, villages=True, out=folder / "out")


def of(scenario: vs.Scenario, outcome: str, at: str) -> Observed:
    return next(each for each in scenario.observed if (each.outcome, each.at) == (outcome, at))


def test_figures_of_the_run_are_observed_in_each_reading(made) -> None:
    """By hand: as reported in yuan of the year; else in yuan of the start, by prices of 2% a year."""
    _, scenario, _, sums = made
    for year, years in ((2021, 1), (2022, 2)):
        income, at, prices = np.round(sums[year], 2), f"{year}-12", 1.02**years
        heads = scenario.published.residents
        for prefix, level in (("reported_", 1.0), ("nominal_", 1.0), ("", prices)):
            assert of(scenario, f"{prefix}collective_income", at).value == pytest.approx(income.mean() / level)
            assert of(scenario, f"{prefix}income_per_resident", at).value == pytest.approx(income.sum() / level / heads)
            share = (income / level >= 500_000).mean()
            assert of(scenario, f"{prefix}share_above_500k", at).value == pytest.approx(share)
        seen = of(scenario, "collective_income", at)
        assert seen.error == 0
        assert seen.source == "mine.csv, in yuan of the start by prices of 2% a year"
        assert seen.villages == pytest.approx(dict(zip(scenario.place.after.codes, income / prices, strict=True)))
    assert of(scenario, "reported_collective_income", "2020-12").value == pytest.approx(500_000)
    assert any("figures of 2021, 2022 are observed" in note for note in scenario.notes)


def test_no_run_knows_what_was_observed(made) -> None:
    _, scenario, _, _ = made
    blind = replace(scenario, observed=())
    assert blind.digest == scenario.digest
    assert vs.simulate(blind, "no merger").history == vs.simulate(scenario, "no merger").history


def test_missing_villages_are_expected_by_their_other_years(one_town: vs.Scenario, tmp_path: Path) -> None:
    """A fifth is missing: nearer the truth than the mean of the known, within three of its errors, which are not nothing."""
    farther = []
    codes = one_town.place.before.codes
    county = made_county(codes, ahead=2)
    written(tmp_path, codes, county, 0.1, years=range(2016, 2021))
    sums = after_the_decree(tmp_path, one_town.place, county, gaps=0.2)
    gappy = with_table(tmp_path, county)
    for year in (2021, 2022):
        seen, income = of(gappy, "reported_collective_income", f"{year}-12"), sums[year]
        known = np.array(list(seen.villages.values()))
        assert len(known) < len(income)
        off = abs(seen.value - income.mean())
        assert 0 < off < 3 * seen.error
        farther.append(abs(known.mean() - income.mean()) - 2 * off)
        assert seen.error < 0.03 * seen.value
        share = of(gappy, "reported_share_above_500k", f"{year}-12")
        assert abs(share.value - (income >= 500_000).mean()) < 0.1
    assert sum(farther) > 0
    assert any("villages are missing in 2021: expected by their other years" in note for note in gappy.notes)


def test_years_under_each_of_two_decrees_are_of_the_villages_then_in_force(one_town: vs.Scenario) -> None:
    """Missing villages of the second are expected by sums of what they were made of: parts, and villages of the first."""
    codes, towns = one_town.place.before.codes, one_town.place.township
    place = in_waves(one_town.place, np.minimum(towns, 1))
    county = made_county(codes, ahead=2)
    days = FirstDays(date(2021, 1, 1), date(2023, 1, 1), (date(2021, 7, 1), date(2022, 7, 1)))
    village = (np.arange(len(codes)), *(wave.map.village for wave in place.waves))
    incomes = [np.bincount(village[days.decreed(year)], county.income[:, k]) for k, year in enumerate(county.years)]
    whole = incomes[-1].copy()
    gaps = np.arange(len(whole)) % 5 == 0
    incomes[-1][gaps] = np.nan
    nothing = tuple(np.full(len(each), np.nan) for each in incomes)
    figures = Figures("mine.csv", county.years, {"income": tuple(incomes), "debt": nothing})
    found, notes = observations(figures, days, place, one_town.published, one_town.parameters)
    seen = {each.at: each for each in found if each.outcome == "reported_collective_income"}
    assert [len(seen[f"{year}-12"].villages) for year in (2020, 2021, 2022)] == [
        117,
        len(place.waves[0].after),
        (~gaps).sum(),
    ]
    off = seen["2022-12"].value - whole.mean()
    assert 0 < abs(off) < 3 * seen["2022-12"].error < 0.06 * whole.mean()
    assert f"incomes of {gaps.sum()} of 73 villages are missing in 2022: expected by their other years" in notes[0]


def test_the_table_says_how_far_off_each_strategy_is(made, answer: Answer) -> None:
    """By hand: medians and bands of the runs, villages against their own bands."""
    _, scenario, _, _ = made
    table = answer.tables["hindcast"].set_index(["outcome", "at", "strategy"])
    runs = answer.runs.set_index(["strategy", "month"])
    assert set(answer.tables["hindcast"]["at"]) == {"2021-12", "2022-12"}
    for strategy in answer.strategies:
        row = table.loc[("collective_income", "2022-12", strategy)]
        values = runs.loc[(strategy, "2022-12"), "collective_income"].to_numpy()
        assert row["median"] == np.median(values)
        assert (row["band_low"], row["band_high"]) == tuple(map(float, prediction_band(values)))
        assert row["miss"] == row["median"] - row["observed"]
        assert row["within"] == (row["band_low"] <= row["observed"] <= row["band_high"])
    row = table.loc[("collective_income", "2022-12", answer.baseline)]
    seen = of(scenario, "collective_income", "2022-12")
    held = []
    single = [vs.simulate(scenario, answer.baseline, 1, r).villages for r in range(3)]
    for code, value in seen.villages.items():
        own = [
            float(t[(t["month"] == "2022-12") & (t["village"] == code)]["collective_income"].iloc[0]) for t in single
        ]
        held.append(min(own) <= value <= max(own))
    assert row["n_observed"] == len(held)
    assert row["share_within"] == pytest.approx(np.mean(held))
    assert (
        table.loc[("collective_income", "2022-12", "no merger"), "miss"] < -0.2 * seen.value
    )  # fewer villages, same money


def test_points_stand_in_every_figure_where_the_outcome_is_drawn(made, answer: Answer) -> None:
    folder, scenario, _, _ = made
    again = vs.open_results(folder / "out")
    assert again.figures == ("differences", "distribution", "hindcast", "map")
    path = again.trajectories("share_above_500k")
    seen = path[path["strategy"] == again.baseline].set_index("month")["observed"].dropna()
    assert list(seen.index) == ["2020-12", "2021-12", "2022-12"]
    assert seen["2022-12"] == of(scenario, "share_above_500k", "2022-12").value
    for name in ("collective_income", "income_per_resident", "share_above_500k"):
        (ax,) = again.figure("trajectories", name).axes
        assert "observed" in [line.get_label() for line in ax.containers]
    assert "observed" in [c.get_label() for c in again.plot("reported_collective_income").containers]
    assert "observed" not in [c.get_label() for c in again.plot("trust").containers]
    titles = [ax.get_title(loc="left").replace("\n", " ") for ax in again.figure("hindcast").axes]
    assert "Collective income as reported" in titles
    assert "Collective income" not in titles  # the same figure in another reading
    plt.close("all")
    assert "Diamonds: observed (mine.csv, in yuan of the start" in again.caption("collective_income")
    figure = again.figure("hindcast")
    assert "Diamonds: observed (mine.csv); unknown to every run." in " ".join(figure.get_supxlabel().split())
    assert all("of the start" not in ax.get_ylabel() for ax in figure.axes)
    assert any("yuan of the year" in ax.get_ylabel().replace("\n", " ") for ax in figure.axes)
    assert "Diamonds" not in again.caption("trust")
    plt.close("all")
    columns = (folder / "out" / "tables" / "codebook.csv").read_text(encoding="utf-8-sig")
    assert "part of them within their own bands of 5 to 95%; lowest to highest of fewer than 20 runs,share" in columns


def test_screen_and_page_say_how_many_figures_the_bands_hold(answer: Answer) -> None:
    """Each in one reading: income and share as reported, of two years; those of no merger have other villages."""
    (told,) = observed(answer)
    table = answer.tables["hindcast"]
    table = table[table["outcome"].str.startswith("reported_") & (table["strategy"] == answer.baseline)]
    assert f"Of {len(table)} observed figures the band (lowest and highest of 3) holds" in told
    assert f"{int(table['within'].sum())} with {answer.baseline}" in told
    first = replace(answer.stages[""], runs=answer.stages[""].runs[answer.stages[""].runs["replication"] == 0])
    alone = replace(answer, stages={"": first})
    (told,) = observed(replace(alone, tables={"hindcast": answer.tables["hindcast"]}))
    assert f"{len(table)} observed figures stand beside a single run" in told


def test_without_observed_figures_nothing_is_added(one_town: vs.Scenario) -> None:
    plain = vs.compare(replace(one_town, published=one_town.published), 2, strategies=[], workers=1)
    assert plain.figures == ("differences", "distribution", "map")
    assert "hindcast" not in plain.tables
    assert "observed" not in plain.tables["trajectories"]
    assert "Diamonds" not in plain.caption("collective_income")


OWN = """[[observed]]
outcome = "{outcome}"
at = "{at}"
value = {value}
source = "yearbook of the district, made up"

"""


def test_a_file_may_say_what_was_observed(made) -> None:
    folder, _, county, _ = made
    more = OWN.format(outcome="share_merged_in_fact", at="2022-12", value=0.1)
    (own,) = [each for each in with_table(folder, county, town=TOWN, more=more).observed if "yearbook" in each.source]
    assert own == Observed(
        outcome="share_merged_in_fact", at="2022-12", value=0.1, source="yearbook of the district, made up"
    )


@pytest.mark.parametrize(
    ("outcome", "at", "value", "said"),
    [
        ("share_merged", "2022-12", 0.1, "share_merged is not an outcome"),
        ("share_merged_in_fact", "2022-12", 30, "Write 30% as 0.3"),
        ("share_merged_in_fact", "2027-12", 0.1, "'2027-12' is not a month of the run"),
        ("share_merged_in_fact", "2022-13", 0.1, "is not a month. Write it as 2022-12"),
        ("share_merged_in_fact", "2020-11", 0.1, "'2020-11' is not a month of the run"),
    ],
)
def test_what_cannot_have_been_observed_is_refused(made, outcome: str, at: str, value: float, said: str) -> None:
    folder, _, county, _ = made
    with pytest.raises(VillagesimError, match="observed") as caught:
        with_table(folder, county, town=TOWN, more=OWN.format(outcome=outcome, at=at, value=value))
    assert said in " ".join(str(caught.value).split())

"""Claim: the second comparison less the first, in the same replications, by hand; what cannot be paired is refused."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.cells import cell_len
from scipy.stats import t
from unit.command_line import ROOT, villagesim
from unit.plots.faults import faults

import villagesim as vs
from villagesim.errors import DesignError
from villagesim.plots.style import drawn
from villagesim.questions.answer import Answer, Stage
from villagesim.questions.beside import TwoWorlds
from villagesim.questions.given import given
from villagesim.statistics.differences import FROM, needed

N = 4
STRATEGIES = ["five integrations", "land trust"]
TWO_WAVES = """
[[merger]]
announcement = 2021-04-01
decree = 2021-07-01
townships = ["白云湖街道", "相公庄街道"]

[[merger]]
announcement = 2022-05-01
decree = 2022-07-01

[fund]"""


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders of comparisons: one wave, two waves, and two waves with half the fund."""
    home = tmp_path_factory.mktemp("beside")
    one = (ROOT / "scenarios/one_town.toml").read_text(encoding="utf-8")
    before, after = one.split("[merger]")
    two = before + TWO_WAVES + after.split("[fund]")[1]
    texts = {"one": one, "two": two, "poorer": two.replace("yearly = 5_000_000", "yearly = 100_000")}
    found = {}
    for name, text in texts.items():
        (home / f"{name}.toml").write_text(text, encoding="utf-8")
        found[name] = home / "out" / name
        vs.compare(vs.load_scenario(home / f"{name}.toml"), N, strategies=STRATEGIES, workers=1, out=found[name])
    return found


@pytest.fixture(scope="module")
def answers(folders: dict[str, Path]) -> dict[str, Answer]:
    return {name: vs.open_results(folder) for name, folder in folders.items()}


def by_hand(folders, name, strategy, at="2023-12"):
    """Differences of the runs that were kept, replication by replication."""
    values = []
    for folder in ("one", "two"):
        runs = pd.read_parquet(folders[folder] / "tables/runs.parquet")
        own = runs[(runs["month"] == at) & (runs["strategy"] == strategy)].sort_values("replication")
        values.append(own[name].to_numpy())
    return values[1] - values[0]


@pytest.mark.parametrize(
    ("at", "names"), [("2022-03", {"income_per_resident"}), ("2023-12", {"income_per_resident", "real_integration"})]
)
def test_differences_are_those_of_the_runs(folders, answers, at, names):
    rows = TwoWorlds(answers["one"], answers["two"], at).table
    told = rows[rows["difference"].notna()]
    assert names <= {*told["outcome"]}
    for row in told.itertuples():
        x = by_hand(folders, row.outcome, row.strategy, at)
        assert row.difference == pytest.approx(x.mean(), abs=1e-9 * max(abs(row.first), 1.0))


def test_an_interval_holds_for_all_strategies_of_an_outcome_together(folders, answers):
    """Student's with Bonferroni's quantile for three strategies is the least of it; skewness only makes it wider."""
    rows = TwoWorlds(answers["one"], answers["two"]).table
    own = rows[(rows["outcome"] == "income_per_resident") & rows["difference_low"].notna()]
    assert len(own) == len(STRATEGIES) + 1
    for row in own.itertuples():
        x = by_hand(folders, row.outcome, row.strategy)
        assert len(np.unique(x)) > needed(N)
        half = t.ppf(1 - 0.05 / (2 * 3), N - 1) * x.std(ddof=1) / np.sqrt(N) * (1 + 1 / FROM)
        low, high = row.difference - half, row.difference + half
        assert row.difference_low <= low + 1e-9
        assert row.difference_high >= high - 1e-9
        assert min(low - row.difference_low, row.difference_high - high) == pytest.approx(0, abs=1e-6)


def test_a_world_beside_itself_is_the_same(answers):
    found = TwoWorlds(answers["one"], answers["one"])
    assert {*found.table["verdict"]} == {"the same in all runs"}
    assert (found.table[["difference", "cost_difference"]] == 0).all(axis=None)
    assert not found.not_the_same
    assert found.notes == ("Both have their decrees in the same months.",)


def test_no_merger_is_the_same_in_both_and_what_else_differs_is_told(answers):
    waves = TwoWorlds(answers["one"], answers["two"])
    assert not waves.not_the_same
    assert not waves.differs_in
    assert waves.notes == ()
    poorer = TwoWorlds(answers["one"], answers["poorer"])
    assert poorer.differs_in == ("fund.yearly",)
    assert "Also differs: fund.yearly." in poorer.notes[0]


def test_another_map_is_told_where_decrees_are_the_same(one_town, answers):
    """A map that differs with the decrees goes with them; one that does not is a difference of its own."""
    place = one_town.place
    village = place.map.village.copy()
    moved = next(row for row in range(len(village)) if village[row] != village[0])
    village[moved] = village[0]
    other = replace(place, map=replace(place.map, village=village))
    told, there = given(one_town), given(replace(one_town, place=other, history=None))
    assert next(name for name in {**told, **there} if told.get(name) != there.get(name)) == "place.map"
    mapped = changed(answers["one"], known={"given": {**answers["one"].known.given, "place.map": "another"}})
    assert TwoWorlds(answers["one"], mapped).differs_in == ("place.map",)
    mapped = changed(answers["two"], known={"given": {**answers["two"].known.given, "place.map": "another"}})
    assert TwoWorlds(answers["one"], mapped).differs_in == ()


def test_a_strategy_that_neither_ran_is_no_difference(answers):
    own = {"strategies.both": "another", "strategies.land trust": "another"}
    other = changed(answers["one"], known={"given": {**answers["one"].known.given, **own}})
    assert "both" not in answers["one"].strategies
    assert TwoWorlds(answers["one"], other).differs_in == ("strategies.land trust",)


def test_a_world_without_merger_that_differs_is_a_warning(answers):
    """The planted fault: luck that is not shared, in one replication of the one world where nothing merges."""
    runs = answers["two"].runs
    strange = (runs["strategy"] == "no merger") & (runs["replication"] == 2) & (runs["month"] == "2022-06")
    runs.loc[strange, "trust"] += 0.01
    found = TwoWorlds(answers["one"], replace(answers["two"], stages={"": Stage(runs, None, answers["two"].failures)}))
    assert found.not_the_same == ("trust",)
    assert found.sentences[-1].startswith("Warning: no merger is not the same in both (1 ")


def test_between_decrees_means_per_village_are_no_gain_and_means_by_resident_are(answers):
    rows = TwoWorlds(answers["one"], answers["two"], "2021-12").table.set_index("outcome")
    verdicts = {name: {*own} for name, own in rows["verdict"].groupby(level=0)}
    for name in ("collective_income", "share_above_500k", "nominal_share_above_500k"):
        assert verdicts[name] == {"other number of villages"}
    assert "other number of villages" not in verdicts["income_per_resident"]
    found = TwoWorlds(answers["one"], answers["two"], "2021-12")
    assert "per resident" in found.sentences[0]
    assert "per resident" not in TwoWorlds(answers["one"], answers["two"]).sentences[0]
    assert "With other numbers of villages in 2021-12" in found.notes[0]


def test_between_decrees_integration_is_of_other_villages_and_has_no_verdict(answers):
    """In the row itself, as rows are copied without their notes; at the end all are merged in both, and it has one."""
    of_merged = ["real_integration", "share_accounts_pooled"]
    for at, barred in (("2021-03", False), ("2021-12", True), ("2022-07", False), ("2023-12", False)):
        found = TwoWorlds(answers["one"], answers["two"], at)
        own = found.table[found.table["outcome"].isin(of_merged)]
        assert len(own) == 2 * (len(STRATEGIES) + 1)
        assert (own["verdict"] == "other villages").all() == barred
        assert (own["verdict"] == "other villages").any() == barred
        assert any("which are not the same in both" in note for note in found.notes) == barred
        if barred:
            assert own[["difference", "difference_low", "difference_high"]].isna().all(axis=None)
            assert "not compared, as it is of other villages" in found.sentences[1]


def test_what_a_difference_rests_on_is_told_in_a_word(answers):
    """A trend that both share moves nothing; what differs by a parameter without source says so, by either scenario."""
    found = TwoWorlds(answers["one"], answers["poorer"])
    assert {*found.table["rests_on"]} <= {"", "arithmetic", "follows", "calibrated", "assumption"}
    own = found.table[(found.table["outcome"] == "real_integration") & (found.table["difference"] != 0)]
    assert {*own["rests_on"]} == {"assumption"}
    closed = {name: dict.fromkeys(own, "") for name, own in answers["one"].facts["labels"].items()}
    shut = [changed(answers[name], facts={"labels": closed}) for name in ("one", "poorer")]
    assert not any(TwoWorlds(*shut).table["rests_on"])
    half = TwoWorlds(shut[0], answers["poorer"]).table
    assert [*half["rests_on"]] == [*found.table["rests_on"]], "what one of both opens counts"
    better = found.table.assign(verdict="better", difference=1.0)
    assert "[assumption]" in answers["one"].sentence(
        "It is", "real_integration", better[better.outcome == "real_integration"]
    )


def test_the_figure_draws_the_differences_of_the_runs(folders, answers):
    found = TwoWorlds(answers["one"], answers["two"])
    lines = found.over_time
    assert {*lines["outcome"]} == {"income_per_resident"}, "between the decrees means per village do not compare"
    for month in ("2021-12", "2023-12"):
        for row in lines[lines["month"] == month].itertuples():
            x = by_hand(folders, row.outcome, row.strategy, month)
            assert row.difference == pytest.approx(x.mean(), abs=1e-9 * abs(row.first))
            assert row.band_low == pytest.approx(x.min())
    last = found.table[found.table["outcome"] == "income_per_resident"]
    np.testing.assert_allclose(
        lines.loc[lines["month"] == "2023-12", ["low", "high"]], last[["difference_low", "difference_high"]]
    )
    figure = found.figure()
    words = " ".join(figure.get_supxlabel().split())
    assert "decrees of either (2021-07, 2022-07)" in words
    rows = [ax for ax in figure.axes if ax.get_lines()]
    assert len(rows) == 4 * len(lines["strategy"].unique())
    same = TwoWorlds(answers["one"], answers["one"])
    assert {*same.over_time["outcome"]} == {"collective_income"}
    assert not (same.over_time["verdict"].isin(["better", "worse"])).any()


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [180, 90])
def test_nothing_in_the_figure_is_cut(answers, lang, width):
    with vs.language(lang), drawn(width):
        assert not faults(TwoWorlds(answers["one"], answers["poorer"]).figure())


def changed(answer, *, runs=None, facts=None, about=None, known=None):
    """An answer with other runs, facts, origin or setting."""
    stages = answer.stages if runs is None else {"": Stage(runs, None, answer.failures)}
    return replace(
        answer, stages=stages, facts={**answer.facts, **(facts or {})}, about={**answer.about, **(about or {})},
        setting=replace(answer.known, **(known or {})),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda a: {"facts": {"seed": 2}}, "differ in the seed"),
        (lambda a: {"runs": a.runs[a.runs["replication"] < 3]}, "differ in their replications"),
        (lambda a: {"runs": a.runs[a.runs["month"] < "2023-12"]}, "differ in their months"),
        (lambda a: {"about": {"code": "other"}}, "differ in the version of the library"),
        (lambda a: {"known": {"given": {**a.known.given, "place.before": "x"}}}, "villages before the merger"),
        (lambda a: {"known": {"given": {}}}, "written by an earlier version"),
    ],
)
def test_what_cannot_be_paired_is_refused(answers, change, said):
    other = changed(answers["two"], **change(answers["two"]))
    with pytest.raises(DesignError, match=said):
        TwoWorlds(answers["one"], other)


def test_an_answer_of_another_kind_is_refused(answers):
    other = replace(answers["two"])
    with pytest.raises(DesignError, match="holds the answer to 'compare'"):
        TwoWorlds(answers["one"], Answer(other.kind, "", {}))


def test_a_month_that_is_not_there_is_refused(answers):
    with pytest.raises(vs.VillagesimError, match="is not a month of the results"):
        TwoWorlds(answers["one"], answers["two"], "2030-01")


def test_all_that_decides_results_is_told_but_what_goes_with_decrees(one_town):
    """Every part of what the digest is of is there by its own name or by its parts, so that no difference is silent."""
    told = given(one_town)
    for name in {*one_town.content()} - {"timetable", "place", "published", "parameters", "budget", "history", "maps"}:
        assert name in told or not one_town.content()[name] or any(path.startswith(f"{name}.") for path in told), name
    changes = {
        "parameters.income_growth": one_town.with_parameters(income_growth=0.05),
        "fund.yearly": replace(one_town, budget=replace(one_town.budget, yearly=1.0)),
        "place.mean_income": replace(one_town, published=replace(one_town.published, mean_income=400_000.0)),
        "margins.trust": replace(one_town, margins={"trust": 0.05}),
    }
    for path, other in changes.items():
        there = given(other)
        assert [name for name in {**told, **there} if told.get(name) != there.get(name)] == [path]


def test_the_command_prints_a_table_of_80_columns_one_object_or_a_file(folders, tmp_path):
    pair = (str(folders["one"]), str(folders["two"]))
    said = villagesim("beside", *pair, "--out", str(tmp_path / "two.csv"))
    assert said.returncode == 0, said.stderr
    first, second, *lines = said.stdout.splitlines()
    assert first.endswith("of one.toml; decrees: 2021-07")
    assert second.endswith("of two.toml; decrees: 2021-07, 2022-07")
    assert all(cell_len(line) <= 80 for line in lines if "two.csv" not in line)
    assert "Check: no merger is the same in all runs" in said.stdout
    whose = "The smallest difference that matters is that of the first, by its scenario and its baseline."
    assert whose in " ".join(said.stdout.split())
    assert said.stdout.count("baseline") == 1
    table = pd.read_csv(tmp_path / "two.csv")
    into = tmp_path / "two"
    said = villagesim("beside", *pair, "--out", str(into), "--figures", "png,svg")
    assert said.returncode == 0, said.stderr
    assert {path.name for path in (into / "figures").iterdir()} == {"beside.png", "beside.svg"}
    pd.testing.assert_frame_equal(pd.read_csv(into / "tables/beside.csv"), table)
    assert not {*pd.read_csv(into / "tables/codebook.csv").query("meaning.isna()")["column"]}
    told = json.loads(villagesim("beside", *pair, "--json").stdout)
    assert [row["strategy"] for row in told["table"]] == [*table["strategy"]]
    assert told["answer"][0].startswith("Second less first at the end of 2023-12")


def test_the_command_refuses_in_words(folders, tmp_path):
    said = villagesim("beside", str(folders["one"]), str(tmp_path / "nothing"))
    assert said.returncode == 2
    assert "there is no folder" in said.stderr
    said = villagesim("beside", str(folders["one"]), str(folders["two"]), "--figures", "svg")
    assert said.returncode == 2
    assert "--figures and --width go with --out." in said.stderr

"""What is worth knowing first: from sweeps made by hand with known answers, and a small county from end to end."""

from dataclasses import replace
from pathlib import Path
from runpy import run_path

import numpy as np
import pandas as pd
import pytest
from unit.command_line import ROOT, villagesim

import villagesim as vs
from villagesim.design import Factor, latin_hypercube
from villagesim.errors import DesignError, VillagesimError
from villagesim.plots.captions import words_of
from villagesim.plots.worth import thing
from villagesim.questions import Worth
from villagesim.questions.judged import BALANCE, LAST_YEAR, judged, windows
from villagesim.questions.setting import Setting
from villagesim.questions.worth import title_of
from villagesim.report.main_table import main_table
from villagesim.runs.sweep import Swept
from villagesim.runs.table import RunTable
from villagesim.wording import signed

BASE, BOLD, SAFE = "nothing but the merger", "bold", "safe"
PATHS = ("parameters.income_growth", "parameters.vote_loss", "parameters.trust_base", "merger.decree")
SMALL = ROOT / "tests" / "fuzz" / "small" / "small.toml"
N = 120


def made(scenario: vs.Scenario, gains: dict[str, np.ndarray], replications: int = 1) -> Swept:
    """Draws in which strategies have these gains of trust over the baseline, whose trust hangs on growth."""
    factors = [Factor(path, *scenario.decree_between) if path == PATHS[3] else Factor(path, 0.0, 1.0) for path in PATHS]
    design = latin_hypercube(factors, N, seed=1)
    design = replace(design, points=design.points.assign(draw=range(1, N + 1)))
    rows = [
        {"point": k, "draw": k + 1, "strategy": name, "replication": r, "month": "2023-12", "trust": 2 * growth + gain[k],
         "income_per_resident": 0.0, "fiscal_saving": 0.0, "support_cost": 73e3 * (name == BOLD)}
        for name, gain in {BASE: np.zeros(N), **gains}.items()
        for k, growth in enumerate(design.points[PATHS[0]])
        for r in range(replications)
    ]  # fmt: skip
    strategies = (BASE, *gains)
    own = replace(scenario, strategies=dict(scenario.strategies) | dict.fromkeys(gains, ()))
    return Swept(own, design, RunTable(pd.DataFrame(rows), strategies, points=list(range(N))), 1)


def unit(scenario: vs.Scenario, path: str) -> np.ndarray:
    return made(scenario, {BOLD: np.zeros(N)}).design.points[path].to_numpy(float)


def luck(size: float, seed: int = 3) -> np.ndarray:
    return size * np.random.default_rng(seed).standard_normal(N)


def test_what_turns_the_choice_round_is_worth_knowing_first(one_town: vs.Scenario) -> None:
    """The gain is .8 less twice the factor: worth the mean of its positive part, .16; what moves the level is worth nothing."""
    loss = unit(one_town, PATHS[1])
    answer = Worth(outcome="trust", draws=N).of(made(one_town, {BOLD: 0.8 - 2 * loss + luck(0.3)}))
    table = answer.tables["worth"].set_index("factor")
    assert table.index[0] == PATHS[1]
    first = table.loc[PATHS[1]]
    assert first["worth"] == pytest.approx(np.maximum(0.8 - 2 * loss, 0).mean(), abs=0.04)
    assert first["worth_low"] < first["worth"] < first["worth_high"]
    assert first["changes"] == pytest.approx(0.4, abs=0.06)
    assert table["beyond_luck"].tolist() == [True, False, False, False]
    assert first["theme"] == title_of("fusion") == "Fusion in five integrations"
    assert first["on_gain"] == pytest.approx(2 * np.ptp(loss), abs=0.3)  # of what is best on average, over the other
    assert table.loc[PATHS[0], "on_level"] == pytest.approx(2.0, abs=0.3)
    assert table["worth_yuan"].isna().all()
    assert answer.headline.startswith(
        "Worth knowing first for the choice among 2 strategies by trust [index, 0 to 1]: vote loss: weight of an own"
    )
    assert answer.facts["know_all"] >= table["worth"].max()
    assert answer.figure("worth").axes
    assert answer.figure("themes").axes


def test_where_nothing_turns_the_choice_round_it_is_said(one_town: vs.Scenario) -> None:
    loss = unit(one_town, PATHS[1])
    found = made(one_town, {BOLD: 3 - 2 * loss + luck(0.3), SAFE: 0.5 + luck(0.1, 4)})
    answer = Worth(outcome="trust", draws=N).of(found)
    table = answer.tables["worth"].set_index("factor")
    assert not table["worth"].any()
    assert table.index[:2].tolist() == [PATHS[1], PATHS[0]]
    low, high = table.loc[PATHS[1], ["on_gain_low", "on_gain_high"]]
    assert low <= -2 * np.ptp(loss) <= high
    assert answer.headline.startswith(
        f"Of no single thing is it sure, as far as {N} draws tell, that knowing it would change the choice among 3 strategies by"
        " trust"
    )
    assert "Most may be won" not in answer.headline
    assert ", with the luck of one replication in it, on average" in answer.headline
    assert words_of(answer.figure("worth")).caption.startswith("Of no single thing is it sure that knowing it changes")
    assert "The best mean at the end of 2023-12 is that of 'bold', by +" in answer.headline
    ends = (answer.facts[name] for name in ("gain", "gain_low", "gain_high"))
    assert "{} ({} to {}) over ".format(*map(signed, ends)) in answer.headline
    even = Worth(outcome="trust", draws=N).of(made(one_town, {BOLD: luck(1.0)})).headline
    assert " is ahead of " in even
    assert ", undecided: " in even
    assert "that gain moves most with vote loss: weight of an own relative loss (-" in answer.headline
    assert answer.headline.count(". ") <= 3
    assert table["yuan_on_gain"].tolist() == pytest.approx([0] * 4, abs=1e-9)


def test_luck_is_in_no_value_and_two_replications_take_it_out_of_the_bound(one_town: vs.Scenario) -> None:
    found = made(one_town, {BOLD: np.zeros(N)}, replications=2)
    frame = found.runs.frame
    frame = frame.assign(trust=np.random.default_rng(5).standard_normal(len(frame)))
    answer = Worth(outcome="trust", draws=N).of(replace(found, runs=replace(found.runs, frame=frame)))
    assert not answer.tables["worth"]["beyond_luck"].any()
    assert answer.facts["know_all"] < 0.1 < found.runs.n_replications
    assert "with the luck of one replication" not in answer.headline


def test_what_may_be_worth_knowing_and_is_not_sure_is_named_with_its_size(one_town: vs.Scenario) -> None:
    """The factor turns the choice round, but luck is as large as its whole effect."""
    loss = unit(one_town, PATHS[1])
    answer = Worth(outcome="trust", draws=N).of(made(one_town, {BOLD: 1.0 - 2 * loss + luck(4.0, 2)}))
    table = answer.tables["worth"]
    assert not table["beyond_luck"].any()
    assert table["worth"].max() > 0
    assert answer.headline.startswith("Of no single thing is it sure")
    assert f"Most may be won by {thing(table.loc[table['worth'].idxmax()])}: " in answer.headline


def test_one_number_is_told_in_one_unit(one_town: vs.Scenario) -> None:
    """Worth of hundreds of yuan beside effects of ten thousands: sentence, figure and page tell it in yuan."""
    loss = unit(one_town, PATHS[1])
    found = made(one_town, {BOLD: np.zeros(N)})
    frame = found.runs.frame.assign(income_per_resident=0.0)
    bold, at = frame["strategy"] == BOLD, frame["point"].to_numpy()
    gain = (4e3 - 8e3 * loss + luck(10.0))[at]
    frame.loc[bold, "income_per_resident"] = gain[bold] + 1e5 * loss[at][bold]
    frame.loc[~bold, "income_per_resident"] = 1e5 * loss[at][~bold]
    question = Worth(outcome="income_per_resident", draws=N)
    answer = question.of(replace(found, runs=replace(found.runs, frame=frame)))
    worth = answer.tables["worth"]["worth"].max()
    assert 500 < worth < 10_000 < answer.tables["worth"]["on_level"].abs().max()
    first, gained, level = answer.figure("worth").axes[:3]
    heads = [head for head in main_table(replace(answer, setting=Setting.of(one_town)), 5)["heads"] if "[" in head]
    for said, part in (
        (first.get_xlabel(), "[yuan"), (heads[0], "[yuan"), (level.get_xlabel(), "[thousand yuan"),
        (heads[2], "[thousand yuan"), (answer.headline, "[yuan per resident and year]"),
    ):  # fmt: skip
        assert part in said.replace("\n", " ")
    assert ("thousand" in gained.get_xlabel()) == ("thousand" in heads[1])


def test_where_less_is_better_the_least_is_best(one_town: vs.Scenario) -> None:
    found = made(one_town, {BOLD: luck(0.1) - 1})
    found = replace(found, runs=replace(found.runs, frame=found.runs.frame.rename(columns={"trust": "debt"})))
    answer = Worth(outcome="debt", draws=N).of(found)
    assert (answer.facts["best"], answer.facts["gain"]) == (BOLD, pytest.approx(-1, abs=0.05))


def test_a_balance_is_worked_out_by_hand(one_town: vs.Scenario) -> None:
    """Two windows of twelve months of one run: 600 and 900 yuan a resident, and 73 villages share what is saved and paid."""
    residents = one_town.published.residents
    rows = [
        {"point": 0, "strategy": BASE, "replication": 0, "month": month, "income_per_resident": income, "fiscal_saving": 7e5,
         "support_cost": cost}
        for month, income, cost in (("2021-12", 600.0, 3e6), ("2022-12", 900.0, 1e6))
    ]  # fmt: skip
    runs = RunTable(pd.DataFrame(rows), (BASE,))
    years = [(residents * income + 7e5 - cost) / 73 for income, cost in ((600, 3e6), (900, 1e6))]
    assert judged(BALANCE, runs, one_town).values == pytest.approx(np.mean(years))
    assert judged(LAST_YEAR, runs, one_town).values == pytest.approx(years[1])
    assert judged("income_per_resident", runs, one_town).in_yuan == pytest.approx(residents / 73)
    assert judged("support_cost", runs, one_town).in_yuan == pytest.approx(1 / 73)
    assert windows(one_town, "2023-12") == ("2021-12", "2022-12", "2023-12")
    assert windows(one_town, "2022-06") == ("2021-06", "2022-06")


def test_gains_of_a_balance_are_those_of_a_comparison() -> None:
    """By year and village; the run is of a year and a half."""
    small = vs.load_scenario(SMALL)
    compared = vs.compare(small, strategies=["all of it"], replications=2, workers=1)
    money = compared.tables["money"].set_index("at").loc["2022-06", "balance"]
    names, months = (BASE, "all of it"), windows(small, "2022-06")
    runs = compared.runs[compared.runs["strategy"].isin(names) & compared.runs["month"].isin(months)]
    values = judged(BALANCE, RunTable(runs, names), small).values.mean(axis=2)[:, 0]
    assert 1.5 * len(small.place.after) * (values[1] - values[0]) == pytest.approx(money)


@pytest.mark.usefixtures("figures_are_blank")
def test_the_command_runs_on_a_small_county_and_goes_on(tmp_path: Path) -> None:
    asked = (
        "worth",
        str(SMALL),
        "--draws",
        "12",
        "--strategies",
        "all of it",
        "--workers",
        "1",
        "--out",
        str(tmp_path / "o"),
    )
    done = villagesim(*asked)
    assert done.returncode == 0, done.stderr
    answer = vs.open_results(tmp_path / "o")
    table, themes = answer.tables["worth"], answer.tables["themes"]
    assert set(table["factor"]) == set(answer.stages["draws"].points.columns) - {"draw", "point"}
    assert table["meaning"].str.len().min() > 0
    assert themes["factors"].sum() == len(table)
    assert themes.loc[themes["factors"] > 6, "worth"].isna().all()
    assert answer.asked.outcome == "balance"
    assert " ".join(answer.headline.split()) in " ".join(done.stdout.split())
    page = run_path(str(ROOT / "experiments" / "worth_page.py"))
    read_again = page["judged"](answer, vs.load_scenario(SMALL), BALANCE)
    pd.testing.assert_frame_equal(read_again.tables["worth"], table)
    said = page["page"]("a county", answer, read_again, 12)
    assert [said.count(f"\n{k}. **") for k in range(1, 7)] == [1] * 5 + [0]
    assert "What counts decides more" in said
    again = villagesim(*asked, "--resume")
    assert "Plan" not in again.stdout
    assert vs.open_results(tmp_path / "o").headline == answer.headline


def test_what_cannot_be_asked_is_refused(one_town: vs.Scenario) -> None:
    for wrong, message in (
        ({"draws": 9}, "draws = 9 must be"), ({"strategies": ()}, "nothing to choose from"),
        ({"strategies": ("no merger",)}, "cannot be chosen once it is decreed"), ({"outcome": "weight"}, "weight"),
        ({"outcome": "reported_collective_income"}, "neither more nor less of it is better"), ({"at": "2030-01"}, "2030-01"),
    ):  # fmt: skip
        with pytest.raises(VillagesimError, match=message):
            Worth(**wrong).ask(one_town, workers=1)
    found = made(one_town, {BOLD: luck(0.1)})
    nowhere = replace(found, runs=replace(found.runs, frame=found.runs.frame.assign(trust=np.nan)))
    with pytest.raises(DesignError, match="is not defined in all draws"):
        Worth(outcome="trust").of(nowhere)

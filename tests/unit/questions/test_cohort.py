"""Cohorts: every county as it would be alone, bad ones named, streams that resume, and tables against hand-made ones."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import villagesim as vs
from villagesim.errors import DesignError, StoreError
from villagesim.plots.captions import words_of
from villagesim.questions import Cohort, Rollout, load_question
from villagesim.questions.cohort import cohort
from villagesim.questions.cohort_tables import association, headline
from villagesim.questions.rollout import TOLD, pairs_of
from villagesim.refusals import retell_kept
from villagesim.runs.cohort import CohortRuns, CountyTask, dataset
from villagesim.runs.counties import CohortCounty, Template, begun_in, of_rolls
from villagesim.runs.part_files import PartFiles
from villagesim.scenario import ALWAYS, Scenario

OUTCOMES = ("collective_income", "trust")


def rows_of(code: str, n: int) -> list[tuple[str, str]]:
    return [(f"{code}001{200 + k}", f"村{k}") for k in range(n)]


@pytest.fixture(scope="module")
def roll(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four counties of a country: one has a village twice."""
    rows = [*rows_of("370901", 12), *rows_of("410902", 9), *rows_of("410903", 15), *rows_of("510904", 6)]
    rows.append(rows[21])
    path = tmp_path_factory.mktemp("rolls") / "villages.csv"
    pd.DataFrame(rows, columns=["code", "name"]).to_csv(path, index=False)
    return path


def asked(roll: Path) -> Cohort:
    return Cohort(
        strategies="clean-up", outcomes=OUTCOMES, before=str(roll), spread={"mean_income": 0.5}, replications=2,
        rollout=Rollout(kind="staggered", years=(2021, 0)),
    )  # fmt: skip


@pytest.fixture(scope="module")
def short(one_town_: Scenario) -> Scenario:
    """Two years, with officers who clean up contracts."""
    clean_up = vs.policies.CleanUp(start="2021-07-01", officers=3)
    return replace(
        one_town_,
        timetable=replace(one_town_.timetable, stop=date(2023, 1, 1)),
        strategies={**ALWAYS, "clean-up": [clean_up]},
    )


@pytest.fixture(scope="module")
def one_town_() -> Scenario:
    return vs.load_scenario("packaged:one_town")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cohort") / "out"


@pytest.fixture(scope="module")
def answer(short: Scenario, roll: Path, folder: Path) -> vs.questions.CohortAnswer:
    found = asked(roll).ask(short, workers=1, out=folder, figures="none")
    assert isinstance(found, vs.questions.CohortAnswer)
    return found


def test_a_county_gives_what_it_gives_alone(answer: vs.questions.CohortAnswer, short: Scenario, roll: Path) -> None:
    county = next(of_rolls(roll, counties=["410902"]))
    assert isinstance(county, CohortCounty)
    own = Template(short, ("village",), {"mean_income": 0.5}, ("clean-up",))
    told = answer.tables["traits"].set_index("county").loc["410902"]
    begins = answer.tables["panel"].set_index("county")["group"]["410902"].iloc[0]
    alone = own.made(replace(county, begins=int(begins)), int(told["seed"]))
    gains = []
    for replication in range(2):
        on, off = (
            vs.simulate(alone, name, int(told["seed"]), replication).county for name in ("clean-up", alone.baseline)
        )
        gains.append(on["collective_income"].iloc[-1] - off["collective_income"].iloc[-1])
    effects = answer.tables["effects"].query("county == '410902' and outcome == 'collective_income'")
    assert np.mean(gains) != 0
    assert effects["value"].iloc[0] == pytest.approx(np.mean(gains))
    assert told["villages"] == 9
    assert told["mean_income"] == pytest.approx(alone.published.mean_income, rel=1e-6)


def test_a_reason_of_two_lines_stands_in_one_sentence(answer: vs.questions.CohortAnswer, short: Scenario) -> None:
    tables, reason = answer.tables, "income: it is no good.\n  Correct it."
    refused = pd.DataFrame({"county": ["410903"], "reason": [reason]})
    said = headline(tables["cohort"], tables["association"], refused, short, None)
    assert said.splitlines()[-1] == "1 of 4 counties is refused: 410903: income: it is no good. Correct it."


def test_reasons_of_refused_counties_are_told_in_chinese(
    answer: vs.questions.CohortAnswer, roll: Path, tmp_path: Path
) -> None:
    after = tmp_path / "after.csv"
    pd.DataFrame(rows_of("370901", 12), columns=["code", "name"]).to_csv(after, index=False)
    gone, of_no_kind = (
        [str(each[1]) for each in of_rolls(roll, after, kinds=kinds) if not isinstance(each, CohortCounty)]
        for kinds in (("village",), ("community", "other"))
    )
    assert (len(gone), len(of_no_kind)) == (3, 4)
    with vs.language("zh"):
        assert {*map(retell_kept, gone)} == {"合并后的名录中没有这个县：它并入了别的县，或换了代码。"}
        assert {*map(retell_kept, of_no_kind)} == {"它的名录中没有 community 或 other 这一类的村（居）委会。"}
        (reason,) = map(retell_kept, answer.tables["refused"]["reason"])
    assert re.match("合并前的名录第 [0-9]+ 行（.+）：code = [0-9]+ 在第 [0-9]+ 行（.+）已经有了。", reason)


def test_a_bad_county_is_named_counted_and_stops_no_other(answer: vs.questions.CohortAnswer) -> None:
    refused = answer.tables["refused"]
    assert refused["county"].tolist() == ["410903"]
    assert "stands in row" in refused["reason"].iloc[0]
    main = answer.tables["cohort"]
    assert main["counties"].tolist() == [3, 3]
    assert main["refused"].tolist() == [1, 1]
    assert "1 of 4 counties is refused: 410903: roll before row " in answer.headline
    assert "\nAt the end of each county's run; intervals: 95%.\n" in answer.headline
    within = (main["low"] <= 0) & (main["high"] >= 0)
    assert answer.headline.count(", undecided") == within.sum() > 0


def test_of_one_county_its_own_interval_is_told(short: Scenario, roll: Path) -> None:
    one = replace(asked(roll), counties=("410902",), rollout=None, replications=12).ask(short, workers=1)
    main, own = (one.tables[name].set_index("outcome").loc["collective_income"] for name in ("cohort", "effects"))
    assert tuple(main[["low", "high"]]) == tuple(own[["low", "high"]])
    assert main["low"] < main["value"] < main["high"]
    assert np.isnan(main["prediction_low"])
    assert " in one county" in one.headline
    assert "1 counties" not in one.headline
    assert one.tables["provinces"]["low"].isna().all()


def test_it_is_read_again_with_its_figures_and_runs(answer: vs.questions.CohortAnswer, folder: Path) -> None:
    again = vs.open_results(folder)
    assert again.headline == answer.headline
    for name in ("cohort", "provinces"):
        figure = again.figure(name)
        assert words_of(figure).title.startswith("What 'clean-up' adds, ")
        assert "Not drawn here" not in words_of(figure).caption
        two = replace(again, facts={**again.facts, "strategies": ["clean-up", "both"]}).figure(name)
        assert "Not drawn here: 'both'." in words_of(two).caption
    runs = dataset(folder).to_table(columns=["county", "strategy", "month", "trust"]).to_pandas()
    assert runs.groupby("county").size().to_dict() == dict.fromkeys(("370901", "410902", "510904"), 2 * 2 * 2)
    with pytest.raises(StoreError, match="too many for one table"):
        answer.runs  # noqa: B018


def test_every_column_is_in_the_codebook(answer: vs.questions.CohortAnswer, folder: Path) -> None:
    book = pd.read_csv(folder / "tables" / "codebook.csv")
    assert book[book["meaning"].isna()]["full_name"].tolist() == []


def test_what_is_missing_is_made_again_and_nothing_else(
    answer: vs.questions.CohortAnswer, short: Scenario, roll: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a kill: a part is gone, the manifest is not complete, and more replications are asked for."""
    parts = sorted((folder / "parts").iterdir())
    bytes_of = {path.name: path.read_bytes() for path in parts[1:]}
    parts[0].unlink()
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"complete": False}))
    most: list[int] = []
    read = PartFiles.rows

    def rows(self: PartFiles, kind: str, own: dict, **how: object) -> pd.DataFrame:  # type: ignore[type-arg]
        most.append(len(own))
        return read(self, kind, own, **how)

    monkeypatch.setattr(PartFiles, "rows", rows)
    again = asked(roll).ask(short, workers=1, out=folder, resume=True, figures="none")
    pd.testing.assert_frame_equal(again.tables["effects"], answer.tables["effects"])
    assert all((folder / "parts" / name).read_bytes() == content for name, content in bytes_of.items())
    assert max(most) <= 2, "one county at a time is read"


def test_luck_of_a_county_does_not_hang_on_who_else_is_there(
    answer: vs.questions.CohortAnswer, short: Scenario, roll: Path
) -> None:
    alone = cohort(
        short, "clean-up", "trust", before=str(roll), counties=("51",), spread={"mean_income": 0.5}, replications=1, workers=1
    )  # fmt: skip
    both = [table.tables["traits"].set_index("county").loc["510904"] for table in (alone, answer)]
    assert both[0]["seed"] == both[1]["seed"]
    assert both[0]["mean_income"] == both[1]["mean_income"]
    assert len({*answer.tables["traits"]["seed"]}) == 3


def test_a_panel_shows_the_world_with_the_strategy_from_its_year_on(
    answer: vs.questions.CohortAnswer, folder: Path
) -> None:
    panel = answer.tables["panel"]
    assert sorted(panel.groupby("county")["group"].first()) in ([0, 0, 2021], [0, 2021, 2021])
    never = panel[panel["group"] == 0]
    assert (never["collective_income"] == never["collective_income_without"]).all()
    assert (never["treated"] == 0).all()
    ever = panel[panel["group"] == 2021]
    assert (ever["collective_income"] != ever["collective_income_without"]).any()
    assert ever["event"].tolist() == (ever["year"] - 2021).tolist()
    stata = pd.read_stata(folder / "tables" / "panel.dta")
    assert len(stata) == len(panel)
    assert stata["treated"].tolist() == panel["treated"].tolist()


def test_pairs_are_the_nearest_first() -> None:
    assert pairs_of(np.array([[0.0, 1], [5, 1], [0.2, 1], [9, 1], [5.1, 1]])).tolist() == [2, 1, 2, 0, 1]


def test_one_of_every_pair_has_the_strategy_and_a_share_by_lot() -> None:
    counties = [CohortCounty(f"37{k:04d}", f"37{k:04d}", "", 9) for k in range(9)]
    traits = pd.DataFrame(np.random.default_rng(1).normal(size=(9, 4)), columns=list(TOLD))
    groups = Rollout(kind="pairs").groups(counties, [2022] * 9, traits, 1)
    assert sorted(groups[groups["pair"] > 0].groupby("pair")["group"].sum()) == [2022] * 4
    assert groups[groups["pair"] == 0]["group"].tolist() == [0]
    assert sum(Rollout(kind="lot", share=1 / 3).groups(counties, [2022] * 9, traits, 1)["group"] > 0) == 3


def test_a_strategy_begins_in_another_year_and_keeps_its_pace(one_town_: Scenario) -> None:
    later = begun_in(one_town_.strategies["both"], 2025)
    assert [policy.start for policy in later] == [date(2025, 3, 1)] * 2


def test_a_trait_that_goes_with_more_is_found_and_one_that_does_not_is_not() -> None:
    """Effects are made by hand: half the logarithm of the mean income, and luck."""
    rng = np.random.default_rng(2)
    n = 60
    incomes = np.exp(rng.normal(12, 0.6, n))
    traits = pd.DataFrame({"county": range(n), "villages": rng.integers(50, 900, n), "mean_income": incomes})
    traits = traits.assign(share_merged=0.5, income_spread=0.8, residents_per_village=400.0)
    effects = pd.DataFrame({"county": range(n), "value": 0.5 * np.log(incomes) + rng.normal(0, 0.1, n)})
    effects = effects.assign(strategy="s", outcome="trust", unit="u", sd=0.05, replications=2)
    found = association(effects, traits).set_index("trait")
    assert list(found.index) == ["villages", "mean_income"]
    assert found.loc["mean_income", "low"] < 0.5 * found.loc["mean_income", "step"] < found.loc["mean_income", "high"]
    assert found.loc["villages", "low"] < 0 < found.loc["villages", "high"]
    assert found.loc["mean_income", "explained"] > 0.8


FILE = """
question = "What does the land trust add?"
kind = "cohort"
scenario = "packaged:one_town"
strategies = ["land trust"]
outcomes = ["trust"]
"""


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("", "a cohort has places, or the roll before"),
        ('places = ["packaged:one_town"]\nafter = "b.csv"', "go with a roll"),
        ('before = "a.csv"\nspread = {income = 1}', "'income' is not drawn"),
        ('before = "a.csv"\nrollout = {kind = "staggered"}', "years = .* does not go"),
        ('before = "a.csv"\nrollout = {kind = "steps"}', "'steps' is none"),
        ('before = "a.csv"\nrolout = 1', "rolout is not a key"),
    ],
)
def test_files_that_cannot_be_asked_are_refused(tmp_path: Path, more: str, said: str) -> None:
    (tmp_path / "ask.toml").write_text(FILE + more, encoding="utf-8")
    with pytest.raises(DesignError, match=said):
        load_question(tmp_path / "ask.toml")


def test_a_table_gives_what_is_known_of_a_county(short: Scenario, roll: Path, tmp_path: Path) -> None:
    (tmp_path / "known.csv").write_text("county,mean_income,fund\n410902,90000,123\n510904,,7\n", encoding="utf-8")
    counties = {
        each.key: each for each in of_rolls(roll, table=tmp_path / "known.csv") if isinstance(each, CohortCounty)
    }
    template = Template(short, ("village",), {}, ("clean-up",))
    one, other = (template.made(counties[code], 1) for code in ("410902", "510904"))
    assert (one.published.mean_income, one.budget.yearly) == (90_000, 123)
    assert one.published.share_above == short.published.share_above
    assert one.published.threshold == 90_000, "the level of the share moves with the mean"
    assert short.published.threshold in one.published.levels
    assert (other.published.mean_income, other.budget.yearly) == (short.published.mean_income, 7)
    for name, value in (("residents", "1e12"), ("mean_income", "1e15"), ("share_above", "35")):
        (tmp_path / "known.csv").write_text(f"county,{name}\n410902,{value}\n", encoding="utf-8")
        with pytest.raises(DesignError, match=rf"known.csv row 2: {name} = .* must be .*at most"):
            list(of_rolls(roll, table=tmp_path / "known.csv"))
    (tmp_path / "known.csv").write_text("county,income\n410902,1\n", encoding="utf-8")
    with pytest.raises(DesignError, match="'income' is not a column"):
        list(of_rolls(roll, table=tmp_path / "known.csv"))


def test_the_parent_holds_no_scenario_of_a_county(short: Scenario, roll: Path) -> None:
    """What a part sends beside the common task grows with the roll of its county alone."""
    import pickle

    counties = tuple(each for each in of_rolls(roll) if isinstance(each, CohortCounty))
    runs = CohortRuns(None, CountyTask(short, ("a",), 1, ()), counties, 1)  # type: ignore[arg-type]
    assert len(runs.counties) == 4
    assert all(len(pickle.dumps(county)) < 800 + 40 * county.n_villages for county in counties)


def test_places_of_files_take_strategies_of_the_scenario(one_town_: Scenario, tmp_path: Path) -> None:
    bad = tmp_path / "nowhere.toml"
    bad.write_text("title = 1", encoding="utf-8")
    found = Cohort(strategies=("land trust",), outcomes=("trust",), places=("packaged:qingyang", str(bad)))
    counties, refused = found.found
    assert [county.code for county in counties] == ["6210"]
    assert list(refused) == ["nowhere"]
    made = Template(one_town_, ("village",), {}, ("land trust",)).made(counties[0], 1)
    assert made.strategies["land trust"][0].start == date(2022, 3, 1)


def test_a_place_that_is_not_there_is_no_refused_county(one_town_: Scenario, tmp_path: Path) -> None:
    """It is refused before anything is run, and leaves no folder."""
    places = ("packaged:qingyang", "packaged:one_town", str(tmp_path / "nowhere.toml"))
    wrong = Cohort(strategies=("land trust",), outcomes=("trust",), places=places)
    with pytest.raises(DesignError, match=r"there is no file .*nowhere\.toml"):
        wrong.ask(one_town_, workers=1, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


PROCESS = """
from villagesim.process import Process

class Festival(Process):
    def start(self):
        self.world.calendar.declare("births", "festival", lambda month: self.world.log("festival"))
"""


def test_a_place_with_code_says_that_allowing_it_is_another_question(tmp_path: Path) -> None:
    module = "own_" + tmp_path.name.replace("-", "_")
    town = (Path(__file__).parents[3] / "scenarios/one_town.toml").read_text(encoding="utf-8")
    (tmp_path / f"{module}.py").write_text(PROCESS, encoding="utf-8")
    (tmp_path / "own.toml").write_text(f'{town}\n[code]\nprocesses = ["{module}:Festival"]\n', encoding="utf-8")
    content = 'places = ["own.toml", "packaged:one_town"]\nreplications = 1'
    (tmp_path / "ask.toml").write_text(FILE + content, encoding="utf-8")
    _, scenario, question = load_question(tmp_path / "ask.toml")
    answer = question.ask(scenario, workers=1, out=tmp_path / "out", figures="none")
    assert "another question, which needs another --out" in answer.tables["refused"]["reason"].iloc[0]
    _, scenario, question = load_question(tmp_path / "ask.toml", allow_code=True)
    with pytest.raises(StoreError, match="or code of theirs is allowed that was not"):
        question.ask(scenario, workers=1, out=tmp_path / "out", figures="none")


@pytest.mark.parametrize("workers", [1, 2])
def test_places_with_code_of_their_own_are_run_where_it_is_allowed(tmp_path: Path, workers: int) -> None:
    """Of a file whose user allows it; a file cannot allow it itself."""
    module = "own_" + tmp_path.name.replace("-", "_")
    town = (Path(__file__).parents[3] / "scenarios/one_town.toml").read_text(encoding="utf-8")
    (tmp_path / f"{module}.py").write_text(PROCESS, encoding="utf-8")
    (tmp_path / "own.toml").write_text(f'{town}\n[code]\nprocesses = ["{module}:Festival"]\n', encoding="utf-8")
    (tmp_path / "ask.toml").write_text(FILE + 'places = ["own.toml"]\nreplications = 1', encoding="utf-8")
    _, scenario, question = load_question(tmp_path / "ask.toml", allow_code=True)
    answer = question.ask(scenario, workers=workers)
    assert len(answer.tables["traits"]) == 1
    assert not len(answer.tables["refused"])
    with pytest.raises(vs.VillagesimError, match="code of your own"):
        load_question(tmp_path / "ask.toml")[2].ask(scenario, workers=1)
    (tmp_path / "ask.toml").write_text(FILE + 'places = ["own.toml"]\nallow_code = true', encoding="utf-8")
    with pytest.raises(DesignError, match="allow_code is no key of a file"):
        load_question(tmp_path / "ask.toml")

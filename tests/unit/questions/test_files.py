"""Files of sweeps: the example runs in seconds, and mistakes get one message with a way out."""

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import villagesim as vs
from villagesim.design import Factor, grid, latin_hypercube
from villagesim.errors import VillagesimError
from villagesim.questions.kinds import kind_of
from villagesim.questions.published import PublishedFigure
from villagesim.questions.question import load_question
from villagesim.questions.sweep import Sweep, spans, sweep
from villagesim.runs.table import RunTable

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "experiments" / "examples" / "land_trust_start_and_floor.toml"
TOWN = f'question = "Why?"\nscenario = "{ROOT / "scenarios" / "one_town.toml"}"\n'
FACTOR = '[[factor]]\npath = "fund.yearly"\nlow = 0\nhigh = 1e7\n'


def write(tmp_path, text):
    path = tmp_path / "sweep.toml"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("command", "said"), [("attribute", "packaged:parts_of_the_rise --scenario "), ("worth", "examples lists some")]
)
def test_a_scenario_is_no_question_and_says_which_is_asked_of_it(command: str, said: str) -> None:
    with pytest.raises(VillagesimError, match=f"this is a scenario, and no question[^']*{said}"):
        load_question(ROOT / "scenarios" / "one_town.toml", kind_of(command))


def test_the_example_is_the_grid_that_it_says():
    """Four starts by four floors."""
    _, scenario, found = load_question(EXAMPLE)
    design = found.design
    assert (design.kind, len(design.points), found.replications) == ("grid", 16, 2)
    assert design.points["policies.land_trust.start"].iloc[0] == date(2021, 9, 1)
    assert found.strategies == ("land trust",)
    assert "land trust" in scenario.strategies


def test_a_parameter_without_range_has_its_own(tmp_path, one_town):
    """That of the scenario."""
    path = write(
        tmp_path, TOWN + '[design]\nkind = "latin_hypercube"\nn = 4\n[[factor]]\npath = "parameters.vote_loss"\n'
    )
    design = load_question(path, seed=3)[2].design
    parameter = one_town.parameters["vote_loss"]
    assert (design.factors[0].low, design.factors[0].high) == (parameter.low, parameter.high)
    expected = latin_hypercube([Factor("parameters.vote_loss", parameter.low, parameter.high)], 4, seed=3)
    pd.testing.assert_frame_equal(design.points, expected.points)


def test_points_come_from_a_file_beside_it(tmp_path):
    """With their numbers."""
    (tmp_path / "mine.csv").write_text("point,fund.yearly,merger.decree\n5,1e6,2021-05-01\n")
    design = load_question(write(tmp_path, TOWN + '[design]\nkind = "table"\ntable = "mine.csv"\n'))[2].design
    assert design.points.loc[5].tolist() == [1e6, date(2021, 5, 1)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (TOWN + FACTOR, "sweep.toml: design is missing"),
        (TOWN + '[design]\nkind = "latin"\n' + FACTOR, r"\[design\] kind = 'latin' must be one of"),
        (TOWN + '[design]\nkind = "sobol"\n' + FACTOR, r"\[design\] n is missing"),
        (TOWN + '[design]\nkind = "sobol"\nn = 5\n' + FACTOR, "power of two"),
        (TOWN + '[design]\nkind = "grid"\nn = 5\n' + FACTOR, "Leave n out"),
        (TOWN + '[design]\nkind = "table"\n' + FACTOR, "takes its factors from a file"),
        (TOWN + '[design]\nkind = "grid"\n' + FACTOR, "a grid needs values"),
        (TOWN + '[design]\nkind = "morris"\nn = 2\n' + FACTOR.replace("high", "hihg"), r"\[\[factor\]\] 1: hihg is not a key"),
        (TOWN + '[design]\nkind = "morris"\nn = 2\n' + FACTOR.replace("1e7", '"1"'), r"\[\[factor\]\] 1: high"),
        (TOWN + '[design]\nkind = "morris"\nn = 2\n' + FACTOR.replace("yearly", "yeerly"), "Did you mean 'fund.yearly'"),
        (TOWN + 'replication = 2\n[design]\nkind = "grid"\n' + FACTOR, "Did you mean 'replications'"),
        (TOWN.replace("one_town", "no_town") + '[design]\nkind = "grid"\n' + FACTOR, "no_town.toml: cannot be read"),
        ("question = ", "sweep.toml: is not TOML"),
    ],
)  # fmt: skip
def test_mistakes_name_file_place_and_a_way_out(tmp_path, text, words):
    """Nothing is run."""
    with pytest.raises(VillagesimError, match=words):
        load_question(write(tmp_path, text), Sweep)


TRIAL = 'kind = "trial"\nstrategy = "五个一体"\noutcome = "人均集体收入（按社员）"\nreplications = 2\n'
BUDGET = 'kind = "budget"\nstrategy = "五个一体"\ntotal = 1e6\n[weights]\n"信任度" = 1.0\n'
ROBUST = 'kind = "robust"\nstrategies = ["土地托管", "五个一体"]\n[targets]\n"信任度" = 0.5\n'
CALIBRATE = (
    'kind = "calibrate"\nstrategy = "both"\n[[target]]\noutcome = "信任度"\nvalue = 0.5\nerror = 0.1\nsource = "x"\n'
)
POINTS = (
    'strategies = ["土地托管"]\noutcomes = ["信任度", "debt"]\n[design]\nkind = "grid"\n[[factor]]\npath = "fund.yearly"\n'
    "values = [0, 1e6]\n"
)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (POINTS, {"strategies": ("land trust",), "outcomes": ("trust", "debt")}),
        (TRIAL, {"strategy": "five integrations", "outcome": "income_per_member"}),
        (BUDGET, {"strategy": "five integrations", "weights": {"trust": 1.0}}),
        (ROBUST, {"strategies": ("land trust", "five integrations"), "targets": {"trust": 0.5}}),
        (CALIBRATE, {"strategy": "both", "targets": (PublishedFigure("trust", 0.5, 0.1, "x"),)}),
    ],
)
def test_strategies_and_outcomes_are_named_as_they_are_told(tmp_path, text, named):
    """In the language that is spoken; in another one they are refused as what nobody knows."""
    _, scenario, question = load_question(write(tmp_path, TOWN + text))
    with vs.language("zh"):
        found, _ = question.resolved(scenario)
    assert {key: getattr(found, key) for key in named} == named
    assert question.resolved(scenario)[0] == question if text is CALIBRATE else True
    if text is not CALIBRATE:
        with pytest.raises(VillagesimError, match="is not a strategy here"):
            question.resolved(scenario)


def test_a_folder_holds_tables_figure_and_manifest(one_town, tmp_path):
    """All that the results follow from is in the manifest; the figure is there in both formats."""
    factors = [
        Factor("policies.land_trust.household_floor", values=(600.0, 900.0)),
        Factor("fund.yearly", values=(0.0, 5e6)),
    ]
    found = sweep(
        one_town, grid(factors), strategies=["land trust"], outcomes=["land_trust_area"], at=["2022-12", "2023-12"],
        workers=1, out=tmp_path / "out",
    )  # fmt: skip
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["complete"]
    assert (manifest["design"]["kind"], manifest["design"]["at"]) == ("grid", ["2022-12", "2023-12"])
    files = {name for name in manifest["files"] if not name.startswith("parts/")}
    assert files == {
        f"{name}.{ending}" for name, endings in (
            ("tables/points", ("csv", "parquet")), ("tables/runs", ("csv", "parquet")),
            ("tables/failures", ("csv", "parquet")), ("tables/sweep", ("csv", "parquet")),
            ("tables/by_point", ("csv", "parquet")), ("figures/sweep", ("png",)),
            ("answer", ("json", "txt")), ("tables/codebook", ("csv",)),
        ) for ending in endings
    }  # fmt: skip
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "out" / "tables" / "runs.parquet"), found.runs)
    area = found.runs.groupby("point")["land_trust_area"].sum()
    assert area[0] < 0.5 * area[1], "without money few villages begin a land trust"


def test_points_are_means_of_their_replications(one_town):
    """Luck within a point is not shown as if points differed."""
    keys = {"point": [0, 0, 1, 1], "strategy": "both", "replication": [0, 1, 0, 1], "month": "2023-12"}
    runs = RunTable(pd.DataFrame(keys | {"trust": [0.1, 0.5, 0.2, 0.6]}), ("both",))
    assert spans(runs).loc[0, ["least", "median", "most"]].tolist() == pytest.approx([0.3, 0.35, 0.4])


def texts(figure):
    """All that is written in a figure."""
    import matplotlib.text

    return " ".join(text.get_text().replace("\n", " ") for text in figure.findobj(matplotlib.text.Text))


def test_figures_are_labelled_with_units(one_town):
    """A heat map for two factors of a grid, else a panel a factor; strategies in a legend."""
    factors = [
        Factor("fund.yearly", values=(0.0, 5e6)),
        Factor("policies.land_trust.start", values=("2021-09-01", "2022-03-01")),
    ]
    how = {"outcomes": ["collective_income"], "workers": 1}
    heat = texts(sweep(one_town, grid(factors), strategies=["land trust"], **how).figure())
    for words in (
        "fund [million yuan a year]",
        "land trust: start",
        "Differences to the first point",
        "2021-09-01",
        "yuan per village and year, real]",
        "4 points",
    ):
        assert words in heat
    many = [
        Factor("parameters.income_growth", 0.0, 0.06),
        Factor("merger.decree", date(2021, 2, 1), date(2021, 10, 1)),
        Factor("draw", 0, 3),
    ]
    found = sweep(one_town, latin_hypercube(many, 4, 1), strategies=["both", "nothing but the merger"], **how)
    panels = texts(found.figure())
    for words in (
        "income growth [",
        "date of the decree",
        "draw of map",
        "both",
        "nothing but the merger",
        "chance is in",
    ):
        assert words in panels

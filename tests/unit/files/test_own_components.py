"""A process, parameter, column, lever, policy and outcome of a user's own, by the same door: from a file, and from Python."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from unit.files import festival
from unit.files.festival import FESTIVALS, CallForFestivals, Festival

import villagesim as vs
from villagesim import questions
from villagesim.design.factor import Factor
from villagesim.design.samples import grid
from villagesim.errors import VillagesimError
from villagesim.outcomes import Outcome, formulas
from villagesim.parameters import Parameter
from villagesim.process import Process

pytestmark = pytest.mark.usefixtures("figures_are_blank")

TOWN = Path(__file__).parents[3] / "scenarios/one_town.toml"
MORE = """
[parameters]
festival_rate = 3.0

[[strategy]]
name = "festivals"
[[strategy.policy]]
kind = "{module}:CallForFestivals"
start = 2022-03-01

[code]
processes = ["{module}:Festival"]
outcomes = ["{module}:FESTIVALS"]
"""


def write(folder: Path, changes: Callable[[str], str] = str) -> Path:
    """A scenario with its code beside it; the module has a name of its own in every test."""
    module = "own_" + folder.name.replace("-", "_")
    shutil.copy(str(festival.__file__), folder / f"{module}.py")
    path = folder / "mine.toml"
    path.write_text(changes(TOWN.read_text(encoding="utf-8") + MORE.format(module=module)), encoding="utf-8")
    return path


def from_file(folder: Path) -> vs.Scenario:
    return vs.load_scenario(write(folder), allow_code=True)


def from_python(_: Path) -> vs.Scenario:
    town = vs.load_scenario(TOWN)
    strategies = {**town.strategies, "festivals": [CallForFestivals(start="2022-03-01")]}
    own = replace(town, processes=[Festival], outcomes=[FESTIVALS], strategies=strategies)
    return own.with_parameters(festival_rate=3.0)


@pytest.fixture(params=[from_file, from_python])
def own(request: pytest.FixtureRequest, tmp_path: Path) -> vs.Scenario:
    scenario: vs.Scenario = request.param(tmp_path)
    return scenario


def test_all_of_it_is_part_of_a_run(own: vs.Scenario) -> None:
    """The parameter has the scenario's value, the policy pulls the lever, the record has the column, tables the outcome."""
    assert own.parameters["festival_rate"].unit == "per year"
    alone, called = vs.simulate(own), vs.simulate(own, "festivals")
    n = 117
    assert alone.county["festivals"].iloc[-1] == pytest.approx(3 * n, rel=0.01)
    assert called.county["festivals"].iloc[-1] == pytest.approx(5 * n, rel=0.01)
    assert called.villages.query("month == '2023-12'").festivals.sum() == pytest.approx(5 * n, rel=0.01)
    assert called.record.column("festivals").shape == (37, n)
    assert (
        called.values("trust")[-1] > alone.values("trust")[-1] > vs.simulate(vs.load_scenario(TOWN)).values("trust")[-1]
    )
    assert alone.start.isna()["festivals"]


class Twice(Festival):
    """Brings a parameter of the library's."""

    parameters = (Parameter("run_up", "", "", 1, 0, 2, "assumption"),)


class Blind(Process):
    """Has a lever that it never reads."""

    levers = Festival.levers


class Prouder(Festival):
    """Writes what belongs to another."""

    owns = ("members.trust",)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"processes": [FESTIVALS]}, r"is not a process\.\s+Derive the class from villagesim.process.Process"),
        ({"processes": [Twice]}, "Twice: there is a parameter 'run_up' already"),
        ({"processes": [Festival, Festival]}, "'festival_rate' is declared twice, by Festival"),
        ({"processes": [Blind]}, "Blind declares the lever 'festival_calls' and never reads it"),
        ({"processes": [Prouder]}, "'members.trust' is declared twice, by Trust and Prouder"),
        ({"processes": []}, "CallForFestivals pulls the lever 'festival_calls', which no process declares"),
        ({"outcomes": [FESTIVALS, FESTIVALS]}, "there is an outcome festivals already"),
    ],
)
def test_what_cannot_be_is_refused_by_name(changes: dict[str, object], said: str, tmp_path: Path) -> None:
    """Before anything runs."""
    with pytest.raises(VillagesimError, match=said):
        replace(from_python(tmp_path), **changes).strategy([CallForFestivals(start="2022-03-01")])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("festival_rate = 3.0", "festival_rat = 3.0", "festival_rat is not a parameter.*'festival_rate'"),
        ("festival_rate = 3.0", "festival_rate = 30.0", r"festival_rate = 30 is outside \[0, 12\] per year"),
        (":FESTIVALS", ":Festival", r"is not an outcome\.\s+Make it with villagesim.Outcome"),
        (':Festival"', ':CallForFestivals"', "is not a process"),
        ('\noutcomes = ["own', '\noutcomse = ["own', "outcomse is not a key here"),
    ],
)
def test_what_a_file_says_wrongly_is_refused_with_its_place(old: str, new: str, said: str, tmp_path: Path) -> None:
    path = write(tmp_path, lambda text: text.replace(old, new))
    with pytest.raises(VillagesimError, match=rf"(?s)mine\.toml, \[(code|parameters)\].*{said}"):
        vs.load_scenario(path, allow_code=True)


def test_the_digest_knows_what_code_does(tmp_path: Path) -> None:
    """Another formula, or another process of the same name, is another scenario."""
    own = from_python(tmp_path)
    other = replace(FESTIVALS, county=formulas.total("incidents"))
    by_hand = replace(FESTIVALS, county=lambda record: record.column("festivals").sum(axis=1))
    assert len({own.digest, *(replace(own, outcomes=[o]).digest for o in (other, by_hand))}) == 3
    assert own.digest == from_python(tmp_path).digest
    changed = type("Festival", (Festival,), {"__doc__": "Another one."})
    assert replace(own, processes=[changed]).digest != own.digest


def test_an_outcome_has_one_value_a_month(tmp_path: Path) -> None:
    whole = Outcome("total", "Total", "count", "", 0, lambda record: record.column("festivals").sum())
    with pytest.raises(VillagesimError, match=r"total: .* have the shape \(\)\.\s+Give one a month, \(37,\)"):
        vs.simulate(replace(from_python(tmp_path), outcomes=[whole])).outcomes  # noqa: B018


def test_workers_and_questions_know_it(own: vs.Scenario) -> None:
    """Compare in one process and in two; a sweep over its parameter; tables and figures by its name."""
    one, two = (vs.compare(own, 2, strategies=["festivals"], workers=n) for n in (1, 2))
    pd.testing.assert_frame_equal(one.runs, two.runs)
    table = two.table("festivals").set_index("strategy")
    assert table.loc["festivals", "difference"] == pytest.approx(2 * 117, rel=0.01)
    assert one.figure("differences").axes
    design = grid([Factor("parameters.festival_rate", values=(0.0, 6.0))])
    swept = vs.sweep(own, design, strategies=["festivals"], outcomes=["festivals"], workers=2)
    assert swept.runs["festivals"].tolist() == pytest.approx([2 * 117, 8 * 117], rel=0.01)
    assert swept.figure(outcome="festivals").axes


def test_questions_say_its_title(tmp_path: Path) -> None:
    """Where another question is asked of it than a comparison."""
    why = questions.Attribution(strategy="festivals", outcome="festivals", replications=2)
    assert why.ask(from_python(tmp_path), workers=1).headline.startswith("Festivals")


def test_what_cannot_be_sent_to_workers_is_named(tmp_path: Path) -> None:
    """A formula that is a lambda runs here, and nowhere else."""
    by_hand = replace(FESTIVALS, county=lambda record: record.column("festivals").sum(axis=1))
    own = replace(from_python(tmp_path), outcomes=[by_hand])
    with pytest.raises(VillagesimError, match=r"code of your own cannot be sent .*lambda(?s:.*)at the top of a file"):
        vs.compare(own, 2, strategies=["festivals"], workers=2)

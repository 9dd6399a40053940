"""ODD and STRESS-DES: every item of both checklists, and nothing that the code knows is missing."""

import json
import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from unit.command_line import villagesim

import villagesim as vs
from villagesim.agents import county
from villagesim.component import Column, Lever
from villagesim.errors import VillagesimError
from villagesim.parameters import Parameter
from villagesim.policies import KINDS
from villagesim.process import Process
from villagesim.questions.answer import Stage
from villagesim.reference.document import LEFT, Item, document
from villagesim.reference.odd import odd
from villagesim.reference.stress import QUEUES, stress
from villagesim.reference.subject import Subject

ODD = """1 Purpose and patterns
2 Entities, state variables, and scales
3 Process overview and scheduling
4 Design concepts
4.1 Basic principles
4.2 Emergence
4.3 Adaptation
4.4 Objectives
4.5 Learning
4.6 Prediction
4.7 Sensing
4.8 Interaction
4.9 Stochasticity
4.10 Collectives
4.11 Observation
5 Initialization
6 Input data
7 Submodels"""
"""Elements of Grimm et al. (2020), and the design concepts of the fourth."""
STRESS = """1 Objectives
1.1 Purpose of the model
1.2 Model outputs
1.3 Experimentation aims
2 Logic
2.1 Base model overview diagram
2.2 Base model logic
2.3 Scenario logic
2.4 Algorithms
2.5 Components
2.5.1 Entities
2.5.2 Activities
2.5.3 Resources
2.5.4 Queues
2.5.5 Entry/exit points
3 Data
3.1 Data sources
3.2 Pre-processing
3.3 Input parameters
3.4 Assumptions
4 Experimentation
4.1 Initialisation
4.2 Run length
4.3 Estimation approach
5 Implementation
5.1 Software or programming language
5.2 Random sampling
5.3 Model execution
5.4 System specification
6 Code access
6.1 Computer model sharing statement"""
"""Items of Monks et al. (2019) for discrete-event simulation."""


class Fairs(Process):
    """Fairs of villages."""

    parameters = (Parameter("fair_share", "villages with a fair", "share", 0.3, 0.1, 0.6, "assumption"),)
    columns = (Column(name="stands", meaning="stands at fairs", unit="count", per="village", kind="flow"),)
    levers = (Lever(name="calls", meaning="calls for a fair", unit="count", per="county", rule="capacity"),)

    def start(self) -> None:
        self.stands = self.world.levers.calls.now * self.world.p.fair_share


@pytest.fixture(scope="module")
def subject(one_town: vs.Scenario) -> Subject:
    return Subject(one_town)


@pytest.fixture(scope="module")
def texts(subject: Subject) -> dict[str, str]:
    return {"odd": odd(subject), "stress": stress(subject)}


def missing(text: str, names: Any) -> list[str]:
    return [name for name in names if f"`{name}`" not in text]


@pytest.mark.parametrize(("name", "checklist"), [("odd", ODD), ("stress", STRESS)])
def test_every_item_of_the_checklist_is_there_in_its_order(texts: dict[str, str], name: str, checklist: str) -> None:
    assert re.findall(r"^#+ (\d[\d.]* .*)$", texts[name], re.MULTILINE) == checklist.splitlines()
    assert not re.search(r"<!--|\]\(", texts[name])


def test_what_the_code_knows_is_in_both(texts: dict[str, str], subject: Subject) -> None:
    known = subject.known
    for text in texts.values():
        assert not missing(text, [*known.parameters, *known.outcomes])
        for entity in subject.entities:
            assert not missing(
                text.partition(f"**`{entity.name}`.**")[2].partition("\n**`")[0], variables(subject, entity.name)
            )
    parts = {"Record": known.columns, "Processes": known.processes, "Levers": known.assembly.levers, "Policies": KINDS}
    for heading, names in parts.items():
        shown = re.findall(
            r"^(?:\| |\*\*)`(\w+)`",
            texts["odd"].partition(f"\n### {heading}\n")[2].partition("\n### ")[0],
            re.MULTILINE,
        )
        assert {*names} <= {*shown}, heading
    for kind, policy in KINDS.items():
        said = texts["odd"].partition(f"**`{kind}`** (")[2].partition("\n**`")[0]
        assert not missing(said, {field.name for field in fields(policy)} - {field.name for field in fields(vs.Policy)})
    used = {policy.kind for strategy in subject.scenario.strategies.values() for policy in strategy}
    assert not missing(texts["stress"], [*known.processes, *used])
    assert {n for n, lever in known.assembly.all_levers.items() if lever.rule == "capacity"} == {*QUEUES}
    assert missing(texts["odd"], ["stands"]) == ["stands"]


def variables(subject: Subject, entity: str) -> list[str]:
    """Variables of a kind of entity, as its class has them, without the place of an endowment."""
    if entity == "world":
        return re.findall(r"^        self\.(\w+): ", Path(county.__file__).read_text("utf-8"), re.MULTILINE)
    return [field.name for field in fields(getattr(subject.world, entity)) if field.name != "place"]


def test_every_variable_of_the_state_says_what_it_is_and_in_which_unit(subject: Subject) -> None:
    columns = [(entity.name, column) for entity in subject.entities for column in entity.columns]
    assert len(columns) > 120
    assert not [(entity, c.name) for entity, c in columns if not (c.meaning and c.unit)]
    written = {f"{entity}.{c.name}" for entity, c in columns if c.owner}
    assert {*subject.known.assembly.state} - written == {"world.settlements"}


def test_what_a_scenario_brings_along_is_described(one_town: vs.Scenario) -> None:
    own = vs.Scenario(
        one_town.title, one_town.timetable, one_town.place, one_town.published, history=one_town.history,
        processes=(Fairs,),
    ).with_parameters(vote_loss=2.0)  # fmt: skip
    subject = Subject(own)
    assert not missing(odd(subject), ["Fairs", "stands", "calls", "fair_share"])
    text = stress(subject)
    assert "Changed from the library: `vote_loss`." in text
    assert "Own parts: `fair_share`, `stands`, `calls`, `Fairs`." in text
    assert "| `calls` | calls for a fair | count | county | - |" in text


def test_gaps_are_marked_in_one_way_and_counted() -> None:
    items = [Item("1", "Whole"), Item("1.1", "Known", "so"), Item("1.2", "Half known", "so", ("this.", "that."))]
    text = document("Title", "By whom.", items)
    assert text.count(LEFT) == 3
    assert text.splitlines()[-1].startswith("2 gaps are left to you, in 1 of 2 items")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory, one_town: vs.Scenario, figures_are_blank: None) -> Path:
    folder = tmp_path_factory.mktemp("described") / "out"
    vs.compare(one_town, strategies=["land trust"], replications=2, workers=1, out=folder)
    return folder


def test_results_say_how_they_were_made(results: Path, one_town: vs.Scenario, texts: dict[str, str]) -> None:
    found = Subject.of([results])
    assert found.scenario.digest == one_town.digest
    text = stress(found)
    assert "strategies *no merger*, *nothing but the merger*, *land trust*, 2 replications." in text
    assert "Seed of these results: 1." in text
    assert "other code" not in text
    assert text.count(LEFT) == texts["stress"].count(LEFT) - 1


def test_a_design_is_told_by_its_factors(one_town: vs.Scenario, results: Path) -> None:
    points = pd.DataFrame(
        {"point": [0, 1], "policies.land_trust.start": ["2022-03-01", "2021-09-01"], "a": [0.5, 0.25]}
    )
    runs = pd.DataFrame({"strategy": ["both"], "replication": [0]})
    stages = {"": Stage(runs, points, pd.DataFrame()), "wide": Stage(runs, pd.DataFrame([range(13)]), pd.DataFrame())}
    found = Subject.of([results]).results
    assert found is not None
    assert found.answer is not None
    text = stress(Subject(one_town, replace(found, answer=replace(found.answer, stages=stages))))
    assert (
        "The runs: 2 points of `policies.land_trust.start` 2021-09-01 to 2022-03-01, `a` 0.25 to 0.5, strategies *both*"
        in text
    )
    assert "wide: 1 point over 13 factors (tables/points.csv)" in text


def test_results_of_other_code_are_called_so(results: Path) -> None:
    manifest = results / "manifest.json"
    kept = manifest.read_text(encoding="utf-8")
    content = json.loads(kept)
    content["design"]["code"] = "0" * 24
    manifest.write_text(json.dumps(content), encoding="utf-8")
    try:
        assert f"made with other code ({'0' * 24})" in stress(Subject.of([results]))
    finally:
        manifest.write_text(kept, encoding="utf-8")


def test_a_scenario_that_the_results_are_not_of_is_refused(results: Path, tmp_path: Path) -> None:
    with pytest.raises(VillagesimError, match=r"zhangqiu is not what .* holds results of \(Three townships"):
        Subject.of([Path("packaged:zhangqiu"), results])
    with pytest.raises(VillagesimError, match="one scenario is described at a time"):
        Subject.of([Path("packaged:zhangqiu"), Path("packaged:one_town")])
    with pytest.raises(VillagesimError, match="holds no results"):
        Subject.of([tmp_path])


def test_the_command_writes_or_prints(tmp_path: Path, texts: dict[str, str]) -> None:
    done = villagesim("describe", "packaged:one_town", "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {
        f"{name}.md": text for name, text in texts.items()
    }
    assert re.search(r"stress\.md: \d+ gaps are left to you, in \d+ of 24 items", done.stdout)
    assert villagesim("describe", "packaged:one_town", "--odd").stdout == texts["odd"]

"""The thirteen questions of docs/experiments.md, each cut down to seconds, and the examples of the commands."""

import re
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from unit.plots.faults import faults

import villagesim as vs
from villagesim.plots.captions import words_of
from villagesim.questions.answer import MOST_SAID
from villagesim.questions.kinds import kind_of
from villagesim.questions.question import Question, load_question
from villagesim.questions.sweep import Sweep

ROOT = Path(__file__).parents[3]
SCRIPTS = ROOT / "experiments"
QUESTIONS = re.findall(r"\w+", re.search(r"QUESTIONS := ((?:.*\\\n)*.*)", (ROOT / "Makefile").read_text())[1])
EXAMPLES = sorted((SCRIPTS / "examples").glob("*.toml"))
SMALLER: dict[str, dict[str, Any]] = {
    "attribute": {"replications": 2, "over": ()},
    "budget": {"steps": 2, "replications": 1, "keep": 1, "confirm": 2},
    "robust": {"n": 3, "replications": 1},
    "sensitivity": {"keep": 2, "n": 4},
}
"""What makes an example of a command quick; calibrate and discover need more libraries and are only read."""

LAST = "2024-12"
TINY: dict[str, dict[str, Any]] = {
    "what_the_rise_is_made_of": {"replications": 2, "over": (), "at": ("2022-12",)},
    "which_lever_carries_1226": {"replications": 2, "outcomes": ("collective_income",)},
    "how_high_a_floor_can_be": {"paths": 10, "resamples": 5},
    "merge_accounts_or_freeze_rights": {"replications": 2},
    "how_many_facilitators_and_mediators": {
        "replications": 2,
        "posts": {"facilitators": (0, 4), "mediators": (0, 2)},
    },
    "target_the_weak_or_the_strong": {"replications": 2},
    "what_ranking_buys": {"replications": 2},
    "which_assumptions_decide_the_ranking": {
        "n": 5,
        "strategies": ("nothing but the merger", "land trust"),
        "outcomes": ("income_per_resident",),
    },
    "honest_growth_or_top_ups": {"replications": 2, "yearly": (0.0, 100_000.0), "at": ("2023-12", LAST)},
    "best_use_of_50_million": {"steps": 2, "keep": 1, "confirm": 2},
    "earlier_or_later": {"draws": 2, "at": ("2022-12", LAST)},
    "what_is_booked": {"draws": 2, "at": ("2022-12", LAST)},
    "order_consent_or_freeze": {"draws": 2, "at": (LAST,)},
}
"""What makes each of them quick, besides a shorter time."""


PAIRED = (
    "what_the_rise_is_made_of", "which_lever_carries_1226", "merge_accounts_or_freeze_rights",
    "how_many_facilitators_and_mediators", "honest_growth_or_top_ups",
)  # fmt: skip
"""Those whose main table has differences in the same replications."""


def one_township(scenario: vs.Scenario) -> vs.Scenario:
    """35 villages of three townships."""
    town = replace(scenario.history, townships=("白云湖街道",))
    published = replace(scenario.published, residents=16_000, arable=40_000.0)
    return replace(scenario, place=town.likeliest, history=town, published=published)


@pytest.fixture(scope="module")
def small() -> vs.Scenario:
    """One township of the small place, four years instead of ten."""
    scenario = one_township(vs.load_scenario(SCRIPTS / "places" / "three_townships.toml"))
    return replace(scenario, timetable=replace(scenario.timetable, stop=date(2025, 1, 1), elections=()))


@pytest.fixture(scope="module", autouse=True)
def _figures_are_looked_at_once() -> Iterator[None]:
    """Where they are looked for faults: what is written into the folder is not rendered."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("villagesim.runs.exports._laid_out", lambda figure: nullcontext())
        patch.setattr(Figure, "savefig", lambda figure, file, **how: file.write(b"<svg></svg>"))
        yield


def tiny(name: str) -> Question:
    """A question cut down to seconds."""
    question = import_module(name).QUESTION
    changed = TINY[name]
    if name == "best_use_of_50_million":
        changed = changed | {"strategy": {label: uses[:2] for label, uses in question.strategy.items()}}
    if name == "which_lever_carries_1226":  # two groups have four sets
        projects = "projects, alliances, brand, zones, belt"
        others = tuple(label for group, labels in question.groups.items() if group != projects for label in labels)
        changed = changed | {"groups": {projects: question.groups[projects], "all others": others}}
    question = replace(question, **changed)
    at = getattr(question, "at", None)
    if isinstance(at, tuple):
        return replace(question, at=tuple(dict.fromkeys(min(month, LAST) for month in at)))
    return replace(question, at=min(at, LAST)) if at else question


def test_there_are_thirteen_and_each_has_a_script_a_row_in_the_guide_and_an_answer():
    page = (ROOT / "docs" / "experiments.md").read_text(encoding="utf-8")
    answers = (ROOT / "docs" / "answers.md").read_text(encoding="utf-8")
    assert len(QUESTIONS) == len(set(QUESTIONS)) == 13
    for name in QUESTIONS:
        words = import_module(name).__doc__.splitlines()[0]
        assert f"## {words}\n" in answers, "make answers"
        assert (ROOT / "docs" / "figures" / "answers" / f"{name}.png").exists(), "make answers"
        row = next((line for line in page.splitlines() if line.startswith("|") and f"`{name}`" in line), "")
        assert words.rstrip("?").lower() in row.lower(), f"docs/experiments.md needs a row with: {words} | `{name}`"


@pytest.fixture(scope="module")
def brief(small):
    """Two years of it, for the question with the most runs."""
    return replace(small, timetable=replace(small.timetable, stop=date(2023, 1, 1)))


@pytest.fixture(scope="module")
def rise(brief, tmp_path_factory):
    """The answer that two tests look at, and its folder."""
    folder = tmp_path_factory.mktemp("rise")
    return tiny("what_the_rise_is_made_of").ask(brief, workers=1, out=folder / "out"), folder


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_leaves_tables_and_a_figure_that_states_the_answer(name, small, tmp_path, request):
    question = tiny(name)
    if name == "what_the_rise_is_made_of":
        answer, tmp_path = request.getfixturevalue("rise")
    else:
        answer = question.ask(small, workers=1, out=tmp_path / "out")
    assert re.search(r"\d", answer.headline)
    first = next(iter(answer.tables))
    table = answer.tables[first]
    assert len(table)
    if name in PAIRED:
        assert table["differs"].str.fullmatch(r"\d of 2").any(), "in how many runs there is any difference"
        assert not (table["low"] == table["high"]).any(), "no width is knowledge"
    figure = vs.open_results(tmp_path / "out", type(question)).figure()
    assert faults(figure) == []
    said = answer.facts.get("title", answer.headline)
    assert len(said) > MOST_SAID or words_of(figure).caption.startswith(" ".join(said.rstrip(".").split()))
    for file in (f"tables/{first}.csv", f"figures/{question.name}.png", "manifest.json"):
        assert (tmp_path / "out" / file).stat().st_size > 0


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_script_is_asked_like_any_file_and_its_full_version_asks_more_of_a_place(name):
    words, _, quick = load_question(SCRIPTS / f"{name}.py", allow_code=True)
    _, scenario, full = load_question(SCRIPTS / f"{name}.py", allow_code=True, full=True)
    assert words.endswith("?")
    assert type(quick) is type(full)
    assert quick != full
    assert full.resolved(scenario)
    with pytest.raises(vs.VillagesimError, match="--allow-code"):
        load_question(SCRIPTS / f"{name}.py")


def test_the_parts_of_the_rise_add_up_to_it(brief, rise):
    """Against runs of their own: the end with the package less the start per village before the merger."""
    question, (answer, _) = tiny("what_the_rise_is_made_of"), rise
    assert "The policies add +" in answer.headline
    table = answer.tables["rise"].set_index("part")
    runs = [
        vs.simulate(brief, import_module("what_the_rise_is_made_of").PACKAGE, 1, k)
        for k in range(question.replications)
    ]
    start = vs.simulate(brief, "no merger", 1).start
    end = np.mean([run.county["reported_collective_income"].iloc[-1] for run in runs])
    assert table["value"].sum() == pytest.approx(end - start["reported_collective_income"], rel=1e-9)
    assert table["share_of_rise"].sum() == pytest.approx(1, abs=1e-9)
    assert table.loc["arithmetic", "value"] == pytest.approx(start["recurrent_income"] * (35 / 20 - 1))


def test_where_a_line_first_reaches_a_goal():
    crossing = import_module("honest_growth_or_top_ups").crossing
    assert crossing((0.0, 10.0, 20.0), np.array([0.2, 0.6, 1.0]), 0.8) == pytest.approx(15.0)
    assert crossing((0.0, 10.0), np.array([0.9, 1.0]), 0.8) == 0.0
    assert crossing((0.0, 10.0), np.array([0.1, 0.2]), 0.8) == np.inf


def test_luck_alone_seldom_decides_a_ranking():
    """60 rankings by lot over 30 assumptions: at most 10 find one (3 expected; more by chance in 2 of 10,000)."""
    question = import_module("which_assumptions_decide_the_ranking").QUESTION
    rng = np.random.default_rng(1)
    found = 0
    for k in range(60):
        unit = rng.random((40, 30))
        differs, line = question.differs(unit, rng.random(40) < 0.4, k)
        found += bool((np.abs(differs) > line).any())
    assert found <= 10
    unit = rng.random((40, 30))
    differs, line = question.differs(unit, unit[:, 7] > 0.6, 1)
    assert np.flatnonzero(np.abs(differs) > line).tolist() == [7]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_of_a_command_is_read_and_runs(path):
    command = re.search(r"villagesim (\w+) experiments/examples/", path.read_text(encoding="utf-8"))[1]
    words, scenario, question = load_question(path, kind_of(command))
    scenario = one_township(scenario)
    assert words.endswith("?")
    if isinstance(question, Sweep):
        small = replace(
            question, design=replace(question.design, points=question.design.points.head(2)), replications=1
        )
        assert len(small.ask(scenario, workers=1).runs) == 2
    if command in SMALLER:
        smaller = dict(SMALLER[command])
        if command == "sensitivity":
            from villagesim.design import uncertain

            smaller["factors"] = tuple(uncertain(scenario)[:2])
        assert replace(question, **smaller).ask(scenario, workers=1).headline


def test_the_fund_that_is_varied_is_all_there_is(small):
    """The place has money besides in some years: without any fund top-ups reach no more than growth, which reaches nothing."""
    assert small.budget.also
    table = tiny("honest_growth_or_top_ups").ask(small, workers=1).tables["growth_or_top_ups"]
    shares = table[table["outcome"] == "nominal_share_above_500k"].set_index(["yearly_per_village", "strategy", "at"])[
        "value"
    ]
    bare, paid = shares[0.0], shares[100_000.0]
    assert bare["growth", "2024-12"] == bare["top-ups", "2024-12"]
    assert paid["top-ups", "2024-12"] > bare["top-ups", "2024-12"]

"""The figures of the core model are a question that can be asked of any place."""

from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from unit.plots.faults import faults

import villagesim as vs
from villagesim.files.packaged import questions
from villagesim.outcomes.formulas import ALL_INCOME
from villagesim.questions.question import load_question

SCRIPT = Path(__file__).parents[3] / "experiments" / "core_figures.py"
FEW = {"replications": 2, "paths": 8}


@pytest.fixture(scope="module")
def answer(one_town):
    return replace(import_module("core_figures").QUESTION, **FEW).ask(one_town, workers=1)


def test_it_comes_with_the_library_and_is_asked_like_any_other():
    assert questions()["core_figures"] == SCRIPT
    words, _scenario, quick = load_question(SCRIPT, allow_code=True)
    full = load_question(SCRIPT, allow_code=True, full=True)[2]
    assert words.endswith("?")
    assert (full.strategy, full.programme, full.replications) == ("four together", "five integrations", 30)
    assert quick.strategy is None


def test_all_five_figures_of_a_place_of_ones_own_can_be_shown(answer):
    assert set(answer.figures) == {
        "income_waterfall", "integration_by_dimension", "separate_accounts", "desks", "floor_and_default"
    }  # fmt: skip
    for name in answer.figures:
        figure = answer.figure(name)
        assert faults(figure) == [], name
        if name != "floor_and_default":
            assert answer.known.title in " ".join(figure.get_supxlabel().split())


def test_steps_of_income_are_those_of_runs(one_town, answer):
    """Of the last strategy of the scenario, in which the parts add up."""
    table = answer.tables["income_waterfall"].set_index("step")["value"]
    ends = [
        [vs.simulate(one_town, name, 1, k).record.rolling(*ALL_INCOME).sum(axis=1)[-1] for k in range(2)]
        for name in ("no merger", one_town.baseline, "both")
    ]
    without, merged, both = np.mean(ends, axis=1) / len(one_town.place.after)
    assert table["the merger's real effect"] == pytest.approx(merged - without)
    assert table["both"] == pytest.approx(both - merged)
    assert table.iloc[0] + table.iloc[1:-1].sum() == pytest.approx(table.iloc[-1])
    assert table.index[0] == "2020, before the merger (117 villages)"


def test_of_a_place_where_nothing_merges_desks_and_floors_are_drawn(one_town):
    wuhou = vs.load_scenario("packaged:wuhou")
    short = replace(
        wuhou, timetable=replace(wuhou.timetable, stop=wuhou.timetable.start.replace(year=2018), elections=())
    )
    alone = replace(import_module("core_figures").QUESTION, **FEW).ask(short, workers=1)
    assert alone.figures == ("desks", "floor_and_default")
    assert alone.headline.startswith("Nothing merges here.")
    for name in alone.figures:
        assert faults(alone.figure(name)) == []


def test_it_is_written_and_read_again(answer, tmp_path):
    folder = answer.save(tmp_path / "out", figures="svg")
    again = vs.open_results(folder, type(import_module("core_figures").QUESTION))
    assert again.headline == answer.headline
    assert again.figures == answer.figures
    assert {path.stem for path in (folder / "figures").iterdir()} == set(answer.figures)

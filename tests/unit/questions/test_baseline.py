"""Claim: where nothing merges the baseline is "no policy", and no text says otherwise; where a decree comes it keeps its name."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import villagesim as vs
from villagesim.errors import DesignError, ScenarioError
from villagesim.printing import print_answer
from villagesim.questions.answer import Answer, open_results
from villagesim.questions.attribution import Attribution
from villagesim.questions.calibration import Calibration, PublishedFigure
from villagesim.scenario import BASELINES, NO_MERGER

MERGES, APART = BASELINES[True], BASELINES[False]
OTHER_NAMES = re.compile("nothing but|merger alone|merger only|only the merger")
POLICY = vs.policies.Ranking(start="2021-03-01")


@pytest.fixture(scope="module")
def apart(one_town: vs.Scenario) -> vs.Scenario:
    """A year of the three townships, in which nothing merges."""
    timetable = replace(one_town.timetable, stop=date(2022, 1, 1), decrees=(), elections=())
    return replace(
        one_town,
        timetable=timetable,
        decree_between=None,
        goals=(),
        strategies={MERGES: (), NO_MERGER: vs.policies.Strategy(merger=False)},
    )


def texts(answer: Answer, folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """All that a reader can see: headline, tables, captions of figures, files, the terminal."""
    answer.save(folder)
    capsys.readouterr()
    print_answer(answer)
    files = [path.read_text() for path in folder.rglob("*") if path.suffix in (".csv", ".json", ".md", ".txt")]
    return " ".join([answer.headline, capsys.readouterr().out, *files, *figure_texts(answer)])


def figure_texts(answer: Answer) -> list[str]:
    """Words in the figures of an answer."""
    from matplotlib.text import Text

    figures = [answer.figure(name) for name in answer.figures]
    return [text.get_text() for figure in figures for text in figure.findobj(Text)]


@pytest.mark.parametrize("draws", [None, 3], ids=["replications", "draws"])
def test_where_nothing_merges_it_is_no_policy_in_all_that_one_can_read(
    apart: vs.Scenario, tmp_path: Path, capsys: pytest.CaptureFixture[str], draws: int | None
) -> None:
    from villagesim.questions import Comparison, Uncertainty

    how = {"strategies": {"ranking": [POLICY]}}
    question = Comparison(replications=3, **how) if draws is None else Uncertainty(draws=draws, **how)
    answer = question.ask(apart, workers=1)
    assert answer.strategies == (APART, NO_MERGER, "ranking")
    said = texts(answer, tmp_path / "out", capsys)
    assert APART in answer.headline
    assert not OTHER_NAMES.search(said), said[max(OTHER_NAMES.search(said).start() - 80, 0) :][:200]  # type: ignore[union-attr]
    assert open_results(tmp_path / "out").baseline == APART


def test_where_a_decree_comes_it_keeps_its_name(one_town: vs.Scenario) -> None:
    """The twin."""
    assert one_town.baseline == MERGES
    answer = vs.compare(one_town, 2, strategies=["both"], workers=1)
    assert MERGES in answer.headline
    assert APART not in answer.headline


@pytest.mark.parametrize("name", ["qingyang", "wuhou", "yangquan", "zhangqiu", "one_town"])
def test_shipped_places(name: str) -> None:
    scenario = vs.load_scenario(Path(__file__).parents[3] / "scenarios" / f"{name}.toml")
    merges = name not in ("qingyang", "wuhou")
    assert scenario.baseline == BASELINES[merges]
    assert [known for known in scenario.strategies if known in BASELINES.values()] == [BASELINES[merges]]


def test_what_is_left_out_is_the_baseline(apart: vs.Scenario) -> None:
    """In a run, in a calibration and in what others are held against."""
    assert vs.simulate(apart).strategy == "no policy"
    figure = PublishedFigure("trust", 0.5, 0.1, source="made up")
    question, _ = Calibration(targets=(figure,)).resolved(apart)
    assert question.chosen == APART


def test_the_steps_of_a_rise_begin_with_it(apart: vs.Scenario) -> None:
    """Steps, words and caption."""
    answer = Attribution(strategy={"ranking": [POLICY]}, outcome="trust", replications=2).ask(apart, workers=1)
    steps = " ".join(answer.tables["attribute"]["step"])
    assert not OTHER_NAMES.search(f"{steps} {answer.headline} {answer.facts['caption']}")


def test_the_other_name_is_refused_with_a_way_out(apart: vs.Scenario, one_town: vs.Scenario) -> None:
    for scenario, wrong, right in ((apart, MERGES, APART), (one_town, APART, MERGES)):
        with pytest.raises(ScenarioError, match=f"without any policy is '{right}' here"):
            vs.simulate(scenario, wrong)
        with pytest.raises(ScenarioError, match=f"without any policy is '{right}' here"):
            vs.compare(scenario, 2, strategies=[wrong], workers=1)


def test_no_strategy_with_policies_can_have_its_name(one_town: vs.Scenario) -> None:
    for name in BASELINES.values():
        with pytest.raises(ScenarioError, match="is the baseline, which has no policy"):
            replace(one_town, strategies={name: (POLICY,)})
        with pytest.raises((ScenarioError, DesignError)):
            vs.compare(one_town, 2, strategies={name: [POLICY]}, workers=1)

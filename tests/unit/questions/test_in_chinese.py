"""Questions told in Chinese: no English in headline, tables, figures and page but what users and files are called."""

from pathlib import Path

import pytest
from unit.command_line import SMALL
from unit.in_chinese import english, gaps, told

import villagesim as vs
from villagesim.design import Factor
from villagesim.questions import Calibration, Cohort, Forecast, Trial, Validation, Worth
from villagesim.questions.published import PublishedFigure

OWN = ("all of it", "by lot", "made up", "me", "Small")
"""What its author wrote of the small county, which stays as it is."""


@pytest.fixture(scope="module")
def small() -> vs.Scenario:
    """Twelve villages over a year and a half."""
    return vs.load_scenario(SMALL)


def test_what_is_left_in_english_is_found() -> None:
    said = {"headline": "信任度提高", "figure trial": "direct 效果，by lot"}
    assert english(said, OWN) == {"figure trial": ["direct"]}


def test_a_blank_between_sentences_is_found() -> None:
    assert gaps({"headline": "信任度提高。区间：95%。", "figure trial": "均值。 区间", "page": "one. two"}) == {
        "figure trial": ["值。 区"]
    }


def test_a_trial(small: vs.Scenario, tmp_path: Path) -> None:
    answer = Trial(strategy="by lot", replications=2).ask(small, workers=1)
    said = told(answer, tmp_path / "out")
    assert (english(said, OWN), gaps(said)) == ({}, {})
    assert "直接效果" in said["figure trial"]
    assert answer.headline.startswith("Collective income per member of 'by lot'")


def test_a_forecast(small: vs.Scenario, tmp_path: Path) -> None:
    answer = Forecast(strategy="all of it", draws=20, at=("2022-06",)).ask(small, workers=1)
    said = told(answer, tmp_path / "out")
    assert (english(said, (*OWN, "tables/forecast.csv")), gaps(said)) == ({}, {})
    assert "万元" in said["headline"]
    assert "50 万元至 100 万元" in said["figure forecast"].replace("\n", "")


def test_what_is_worth_knowing(small: vs.Scenario, tmp_path: Path) -> None:
    factors = (
        Factor("parameters.income_growth", 0.0, 0.1), Factor("kinds.five_integrations.facilitators", 1, 4),
        Factor("parameters.vote_loss", 2.5, 4.0),
    )  # fmt: skip
    answer = Worth(strategies=("all of it",), factors=factors, draws=20).ask(small, workers=1)
    said = told(answer, tmp_path / "out")
    assert (english(said, OWN), gaps(said)) == ({}, {})
    assert "五个一体：指导员人数" in said["figure worth"].replace("\n", "")
    assert "收入增长率" in said["page"]
    assert "收入增长率" in said["figure worth"].replace("\n", "")


def test_a_validation(small: vs.Scenario, tmp_path: Path) -> None:
    answer = Validation(places=("guangping",), draws=20).ask(small, workers=1)
    said = told(answer, tmp_path / "out")
    assert (english(said, OWN), gaps(said)) == ({}, {})
    assert "广平" in said["figure validate"]
    assert "调解的纠纷：每村每年 4.5 件" in said["page"]


@pytest.mark.extras
def test_a_calibration(small: vs.Scenario, tmp_path: Path) -> None:
    question = Calibration(
        targets=(PublishedFigure("trust", 0.6, 0.1, "made up"),), factors=(Factor("parameters.trust_base", 0.4, 0.6),),
        particles=20, populations=1,
    )  # fmt: skip
    said = told(question.ask(small, workers=1), tmp_path / "out")
    assert (english(said, OWN), gaps(said)) == ({}, {})
    assert "信任度" in said["figure calibrate"]


def test_a_cohort(small: vs.Scenario, tmp_path: Path) -> None:
    question = Cohort(
        strategies="all of it", outcomes=("collective_income", "trust"), places=(str(SMALL),), replications=1
    )
    said = told(question.ask(small, workers=1, out=tmp_path / "runs"), tmp_path / "out")
    assert (english(said, (*OWN, SMALL.name)), gaps(said)) == ({}, {})
    assert "small Small" not in said["figure cohort"]
    assert "没有模拟误差" in said["figure cohort"].replace("\n", "")

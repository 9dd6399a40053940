"""Questions that vary what is not known, told in Chinese: sweeps, indices, parts, boxes, robustness, shares, draws."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from unit.command_line import SMALL
from unit.in_chinese import english, gaps, told

import villagesim as vs
from villagesim.design import Factor, grid
from villagesim.questions import (
    Allocation,
    Attribution,
    Discovery,
    Question,
    Robustness,
    Sensitivity,
    Sweep,
    Uncertainty,
)

OWN = ("all of it", "by lot", "made up", "Small", "Sobol", "robust", "money", "held")
"""What its author wrote of the small county, which stays as it is; and names of people and tables."""
GROWTH, FUND = Factor("parameters.income_growth", 0.0, 0.06), Factor("fund.yearly", values=(1e5, 5e6))
DECREE = Factor("merger.decree", values=("2021-03-01", "2021-06-01"))
WHOLE = "all of it"
ASKED: dict[str, Callable[[], Question]] = {
    "over a fund": lambda: Sweep(design=grid([FUND]), replications=2, outcomes=("trust",)),
    "over two": lambda: Sweep(
        design=grid([FUND, Factor("parameters.income_growth", values=(0.0, 0.05))]),
        outcomes=("trust", "collective_income"),
    ),
    "sensitivity": lambda: Sensitivity(strategy=WHOLE, outcomes=("trust",), factors=(GROWTH, FUND), n=4),
    "attribute": lambda: Attribution(strategy="by lot", replications=2, over=("growth",)),
    "discover": lambda: Discovery(
        strategy="by lot", outcome="collective_income", target=905_000.0, factors=(GROWTH, FUND), n=40
    ),
    "robust": lambda: Robustness(
        strategies=("nothing but the merger", WHOLE), targets={"trust": 0.5, "collective_income": 5e5}, n=3
    ),
    "budget": lambda: Allocation(strategy=WHOLE, total=2e5, steps=2, replications=2, keep=2, confirm=2),
    "uncertainty": lambda: Uncertainty(strategies=WHOLE, draws=2),
}


@pytest.fixture(scope="module")
def small() -> vs.Scenario:
    """Twelve villages over a year and a half, without the goals that its author wrote."""
    return replace(vs.load_scenario(SMALL), goals=())


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.extras] if name == "discover" else []) for name in ASKED]
)
def test_no_english_is_left(name: str, small: vs.Scenario, tmp_path: Path) -> None:
    answer = ASKED[name]().ask(small, workers=1)
    said = told(answer, tmp_path / "out")
    assert (english(said, OWN), gaps(said)) == ({}, {})
    assert english({"headline": answer.headline}), "what others wrote in English stays"

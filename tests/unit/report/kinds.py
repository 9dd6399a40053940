"""A small question of every kind, over twelve villages, to look at the pages of their answers."""

from functools import cache
from typing import Any

import pytest
from unit.command_line import SMALL

import villagesim as vs
from villagesim.design import Factor, grid
from villagesim.questions import Answer
from villagesim.questions.kinds import kind_of

FACTORS = (
    Factor("parameters.income_growth", 0.0, 0.1), Factor("parameters.vote_loss", 1.0, 5.0),
    Factor("parameters.incident_rate", 10.0, 50.0),
)  # fmt: skip
PLACES = ("packaged:one_town", "packaged:wuhou")
STRATEGIES = ("nothing but the merger", "all of it")
TARGET: dict[str, Any] = {"outcome": "collective_income", "target": 900_000.0}
ASKED: dict[str, dict[str, Any]] = {
    "compare": {"replications": 3},
    "uncertainty": {"draws": 6, "replications": 2},
    "sweep": {"design": grid((Factor("parameters.income_growth", values=(0.0, 0.05, 0.1)),)), "replications": 2},
    "trial": {"strategy": "by lot", "replications": 3},
    "sensitivity": {"strategy": "all of it", "factors": FACTORS, "n": 8},
    "attribute": {"strategy": "all of it", "replications": 2, "over": ("growth",)},
    "discover": {"strategy": "all of it", "factors": FACTORS, "n": 40, **TARGET},
    "robust": {"strategies": STRATEGIES, "targets": {"collective_income": 500_000.0, "trust": 0.5}, "n": 6},
    "budget": {"strategy": "all of it", "total": 300_000.0, "steps": 2, "keep": 1, "confirm": 2},
    "validate": {"places": ("linqu",), "draws": 20},
    "forecast": {"strategy": "all of it", "draws": 20},
    "worth": {"strategies": STRATEGIES, "factors": FACTORS, "draws": 20},
    "cohort": {"strategies": ("all of it",), "outcomes": ("collective_income", "trust"), "places": PLACES},
}
"""What is asked, by kind; calibrate is not among them: it takes minutes."""

KINDS = [pytest.param(kind, marks=[pytest.mark.extras] if kind == "discover" else []) for kind in ASKED]


@cache
def answer_of(kind: str) -> Answer:
    """The answer of a small question of this kind."""
    question = kind_of(kind)(**ASKED[kind])
    answer = question.ask(vs.load_scenario(SMALL), workers=1)
    assert isinstance(answer, Answer)
    return answer

"""Claim: a page says of assumptions only what was asked: tested and none, varied and not told apart, or not varied."""

import numpy as np
import pandas as pd
import pytest

from villagesim.questions import Answer
from villagesim.questions.answer import Stage
from villagesim.questions.kinds import KINDS, kind_of
from villagesim.report.unknown import NONE, TOLD, _correlations, unknown
from villagesim.statistics.indices import NOTHING, TOO_WIDE

POINTS = pd.DataFrame(
    {"point": [0, 1], "draw": [3, 3], "parameters.income_growth": [0.01, 0.05], "parameters.vote_loss": [1.0, 1.0]}
)


def answer(kind, points=POINTS, **tables):
    """An answer of a kind, from nothing but the points of its runs."""
    empty = pd.DataFrame()
    stages = {} if points is None else {"growth_low": Stage(empty, points, empty)}
    return Answer(kind_of(kind), "", tables, stages=stages)


def indices(verdict, low):
    row = {"factor": "parameters.income_growth", "total_order": 0.4, "total_low": low, "total_high": 0.5}
    luck = row | {"factor": "replication", "total_low": 0.3, "verdict": "by itself"}
    return pd.DataFrame([row | {"verdict": verdict}, luck])


@pytest.mark.parametrize("kind", sorted({*TOLD} - {"uncertainty", "sensitivity"}))
def test_what_was_varied_is_named_and_nothing_is_said_to_have_been_tested(kind):
    said = unknown(answer(kind))
    assert said["found"] == []
    assert said["said"] == ["Varied: income growth. All else stands at its central value.", TOLD[kind]]
    assert "chance alone" not in TOLD[kind] or kind in ("sweep", "attribute")


@pytest.mark.parametrize("kind", sorted({*KINDS} - {*TOLD}))
def test_shares_and_places_are_no_assumptions(kind):
    assert unknown(answer(kind)) == {"found": [], "said": []}


@pytest.mark.parametrize(
    ("verdict", "low", "found", "last"),
    [
        ("by itself", 0.3, 1, None),
        (NOTHING, -0.1, 0, NONE),
        (TOO_WIDE, -0.4, 0, TOLD["sensitivity"]),
        (TOO_WIDE, 0.1, 0, TOLD["sensitivity"]),
    ],
)
def test_indices_that_are_too_wide_say_nothing(verdict, low, found, last):
    said = unknown(answer("sensitivity", sensitivity=indices(verdict, low)))
    assert len(said["found"]) == found
    assert (said["said"] or [None])[-1] == last


def test_few_draws_tell_nothing_and_more_tell_what_stands_out():
    """Of 12 draws a factor that decides all is found, one by lot is not; of 4, and where nothing differs, none can be."""
    rng = np.random.default_rng(1)
    table = pd.DataFrame({"decides": rng.random(12), "by lot": rng.random(12), "fixed": 1.0})
    change = 3 * table["decides"].to_numpy()
    assert list(_correlations(table, change).index) == ["decides"]
    assert list(_correlations(table[["by lot"]], change).index) == []
    assert _correlations(table.head(4), change[:4]) is None
    assert _correlations(table, np.zeros(12)) is None


def test_draws_in_which_nothing_can_be_told_say_so(monkeypatch):
    monkeypatch.setattr("villagesim.report.unknown.deciding", lambda answer: None)
    assert unknown(answer("uncertainty"))["said"][-1] == TOLD["uncertainty"]
    monkeypatch.setattr("villagesim.report.unknown.deciding", lambda answer: [])
    assert unknown(answer("uncertainty"))["said"][-1] == NONE

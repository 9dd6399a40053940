"""The reduced model's two versions are one model: their means agree, and a wrong one is noticed.

24 seeds each of a small county over three years, the last with the programme. Four standard errors of a difference of two
times 24 runs: a false alarm of 2e-4 an outcome (t with 46 degrees of freedom), 0.3% over the thirteen.
"""

from dataclasses import replace
from types import SimpleNamespace

import pytest
import reduced_model

SEEDS = 24
SIZE = {"n_villages": 45, "n_townships": 3, "years": 3}


def runs(version, setup, first_seed=0):
    return [version(setup, first_seed + number).run() for number in range(SEEDS)]


def changed(setup, **values):
    return replace(setup, p=SimpleNamespace(**(vars(setup.p) | values)))


@pytest.fixture(scope="module")
def setup():
    return reduced_model.county(**SIZE)


@pytest.fixture(scope="module")
def ours(setup):
    return runs(reduced_model.Columns, setup)


def apart(ours, textbook):
    return {row.name: row.standard_errors for row in reduced_model.agreement(ours, textbook)}


def test_the_two_versions_agree_in_all_means(setup, ours):
    off = apart(ours, runs(reduced_model.Textbook, setup, 1000))
    assert len(off) == 13
    assert max(abs(value) for value in off.values()) <= 4, off


@pytest.mark.parametrize(
    ("parameter", "factor", "outcome"),
    [
        ("hearing_days", 1.25, "mean wait [days]"),
        ("patience_days", 0.5, "petitions a year"),
        ("incident_rate", 1.05, "incidents a year"),
        ("saved_share", 1.1, "cash at the end [yuan a village]"),
        ("vote_lost_trust", 1.5, "trust at the end, standard deviation"),
        ("attempt_rate", 1.25, "fusion, share of milestones at half time"),
        ("lost_vote_wait", 6, "fusion, share of milestones at the end"),
    ],
)
def test_a_version_that_differs_is_noticed(setup, ours, parameter, factor, outcome):
    """The twin: one number of the textbook version is off."""
    wrong = changed(setup, **{parameter: factor * getattr(setup.p, parameter)})
    assert abs(apart(ours, runs(reduced_model.Textbook, wrong, 1000))[outcome]) > 4


def test_a_version_that_misses_a_change_of_rate_is_noticed(setup, ours, monkeypatch):
    """The twin: the textbook version knows of no programme."""
    monkeypatch.setattr(reduced_model, "PROGRAMME", (2100, 1.0))
    off = apart(ours, runs(reduced_model.Textbook, setup, 1000))
    assert off["fusion, share of milestones at the end"] > 4
    assert abs(off["fusion, share of milestones at half time"]) <= 4


def test_the_same_seed_gives_the_same_run(setup):
    for version in (reduced_model.Columns, reduced_model.Textbook):
        assert version(setup, 5).run() == version(setup, 5).run()
        assert version(setup, 5).run() != version(setup, 6).run()

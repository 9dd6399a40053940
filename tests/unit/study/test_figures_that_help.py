"""Three figures of a county that a study asks for first: what each of them moves, and that the next one moves less."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import villagesim as vs
from villagesim.arrays import Floats

pytestmark = pytest.mark.long
OUTCOMES = ("collective_income", "share_above_500k", "income_per_resident")


@pytest.fixture(scope="module")
def ends(one_town: vs.Scenario):
    """Level of the baseline at the end, and what a land trust adds, with other totals of the place: mean of two runs."""

    @cache
    def found(**totals: float) -> tuple[Floats, Floats]:
        scenario = replace(one_town, published=replace(one_town.published, **totals))
        runs = [
            [[vs.simulate(scenario, s, replication=r).outcomes[name][-1] for name in OUTCOMES] for r in range(2)]
            for s in (scenario.baseline, "land trust")
        ]
        base, trust = np.array(runs).mean(axis=1)
        return base, trust - base

    return found


def test_mean_income_sets_all_income_and_halves_what_a_trust_adds_to_it(ends, one_town: vs.Scenario) -> None:
    base, added = ends()
    double, then = ends(mean_income=2 * one_town.published.mean_income)
    assert double[0] / base[0] == pytest.approx(2, rel=0.02)
    assert then[0] / added[0] == pytest.approx(1, rel=0.03)


def test_arable_land_sets_what_a_trust_adds(ends, one_town: vs.Scenario) -> None:
    _, added = ends()
    _, double = ends(arable=2 * one_town.published.arable)
    assert double[0] / added[0] == pytest.approx(2, rel=0.03)


def test_the_share_above_a_line_sets_the_share_at_the_end_alone(ends) -> None:
    base, added = ends()
    fewer, then = ends(share_above=0.2)
    assert base[1] - fewer[1] > 0.2
    assert fewer[0] / base[0] == pytest.approx(1, rel=0.01)
    assert then[0] / added[0] == pytest.approx(1, rel=0.01)


def test_residents_move_figures_by_resident_only(ends, one_town: vs.Scenario) -> None:
    """So they come fourth."""
    base, added = ends()
    double, then = ends(residents=2 * one_town.published.residents)
    assert double[2] / base[2] == pytest.approx(0.5, rel=0.02)
    assert double[0] / base[0] == pytest.approx(1, rel=0.01)
    assert then[0] / added[0] == pytest.approx(1, rel=0.02)

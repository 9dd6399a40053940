"""Claim: paper, false reports, forced pooling and exposure follow equation E7, by hand in the unequal county.

No chance: luck is set by the test, a billionth above or below the chance worked out here.
"""

from datetime import date

import numpy as np
import pytest
from unit.processes.unequal_county import A, B, D, merge, month_of, until, world_by_hand

from villagesim.agents.committees import ECONOMY, LIVELIHOOD, OPERATION
from villagesim.processes.reports import Reports

PRESSURE = np.array([0.2, 0.7, 0.2, 0.2, 0.2, 0.2, 1.0, 0.2])
VISITS = np.array([0.0, 0.5, 0.0, 0.0, 1.0, 0.0, 4.0, 0.0])  # inspections a year
WATCHED = np.array([0.0, 0.3, 0.0, 0.0, 0.6, 0.0, 1.0, 0.0])  # x .6, at most 1
INTEGRITY = np.array([0.5, 0.8, 0.5, 0.5, 0.1, 0.5, 0.5, 0.5])


def logistic(x):
    return 1 / (1 + np.exp(-x))


FALSE = logistic(-3 + 3 * PRESSURE - 2.5 * WATCHED - 2 * (INTEGRITY - 0.5))


def reports_of(told=1.0, forced=1.0, pressure=PRESSURE, visits=VISITS, **luck):
    """A merged county under pressure and inspection; two lots decide whether a lost vote is reported and forced."""
    world = world_by_hand({"report": lambda *who: (told, forced)[who[-1]]} | luck, decree=date(2021, 1, 1))
    merge(world)
    world.levers.pressure.now[:], world.levers.inspections.now[:] = pressure, visits
    world.secretaries.integrity[:] = INTEGRITY
    reports = Reports(world)
    reports.inspect(month_of(world, 2021, 1))
    return world, reports


def test_pressure_sends_effort_to_paper_and_inspection_brings_it_back():
    """rep = L(-2 + 2.5 pressure - 2 a), and attempts x (1 - .5 rep)."""
    world, reports = reports_of()
    paper = logistic(-2 + 2.5 * PRESSURE - 2 * WATCHED)
    assert reports.paper() == pytest.approx(paper)
    world.levers.attempt_rate.refresh()
    assert world.levers.attempt_rate.now == pytest.approx(0.2 * (1 - 0.5 * paper))


def test_without_any_policy_a_little_pressure_is_there():
    """.2, and nobody inspects."""
    world = world_by_hand()
    assert Reports(world).paper() == pytest.approx(logistic(-2 + 2.5 * 0.2))


@pytest.mark.parametrize("village", [A, B, D])
def test_a_lost_vote_is_reported_all_the_same(village):
    """With L(-3 + 3 pressure - 2.5 a - 2 (integrity - .5)): told just below it, not told just above."""
    for side, told in ((-1e-9, 1), (1e-9, 0)):
        world, reports = reports_of(told=FALSE[village] + side)
        reports.report(village, OPERATION, 0, 0)
        assert world.committees.false_reports[village, OPERATION] == told
        assert world.committees.false_reports.sum() == told
        assert world.members.trust_shock == pytest.approx(-0.10 * told * (world.village_of == village))
        assert not world.to_pool


@pytest.mark.parametrize(
    ("integration", "lot", "frozen", "pooled"),
    [
        (ECONOMY, 0.3 - 1e-9, False, True),
        (ECONOMY, 0.3 + 1e-9, False, False),
        (ECONOMY, 0.0, True, False),
        (LIVELIHOOD, 0.0, False, False),
    ],
)
def test_books_are_put_together_without_consent(integration, lot, frozen, pooled):
    """In .3 of the economy milestones that are only declared, unless rights are frozen; it costs .60 more of trust."""
    world, reports = reports_of(told=0.0, forced=lot)
    world.levers.rights_frozen.now[:3] = frozen
    reports.report(A, integration, 0, 0)
    in_a = np.array([1, 1, 1, 0, 0, 0, 0, 0])
    assert world.to_pool == ([A] if pooled else [])
    assert world.members.trust_shock == pytest.approx(-(0.10 + 0.60 * pooled) * in_a)
    assert world.residents.forced == pytest.approx(pooled * in_a)


@pytest.mark.parametrize("side", [-1, 1])
def test_inspections_find_false_reports(side):
    """At .6 an inspection: found at its instant, withdrawn, and .25 of trust lost."""
    rate = 0.6 * 0.5  # half an inspection a year in A
    survives = np.exp(-rate * 28 / 365.25)
    world, reports = reports_of(told=0.0, exposure=survives + side * 1e-6)
    reports.report(A, OPERATION, 0, 0)
    until(world, 31)
    world.members.trust_shock[:] = 0.0
    reports.inspect(month_of(world, 2021, 2))
    found = 31 - np.log(survives + 1e-6) * 365.25 / rate
    until(world, found - 1e-4)
    assert world.committees.false_reports[A, OPERATION] == 1
    until(world, found + 1e-4)
    assert world.committees.false_reports[A, OPERATION] == (side < 0)
    assert world.members.trust_shock == pytest.approx(-0.25 * (side > 0) * np.array([1, 1, 1, 0, 0, 0, 0, 0]))


def test_nothing_is_found_where_nobody_inspects():
    """Inspections elsewhere do not find what a village reports."""
    world, reports = reports_of(told=0.0, exposure=1.0 - 1e-12, visits=np.where(np.arange(8) == B, 12.0, 0.0))
    reports.report(A, OPERATION, 0, 0)
    reports.report(B, OPERATION, 0, 0)
    reports.inspect(month_of(world, 2021, 1))
    until(world, 31)
    assert world.committees.false_reports[[A, B], OPERATION].tolist() == [1, 0]

"""Claim: two programmes under labels of their own run side by side: facilitators add up, and so does what they reach.

More facilitators are a second programme that starts later, or the same one with more of them.
"""

from datetime import date

import numpy as np
import pytest
from checks import simulate
from laws.law_checks import check_same_history
from unit.processes.unequal_county import VILLAGE_OF, A, B, D, N, merge, month_of, world_by_hand

import villagesim as vs
from villagesim.policies import FiveIntegrations
from villagesim.policies.policy import ActivePolicy
from villagesim.targets import townships

START = date(2021, 1, 1)


def acting(*programmes):
    """The merged county in which these act: merged are A and B in the first township, D in the second."""
    world = world_by_hand()
    merge(world)
    for programme, picked, paid_share in programmes:
        active = ActivePolicy(programme, world, np.isin(VILLAGE_OF, picked))
        programme.act(active, month_of(world, 2021, 5), paid_share)
    world.levers.refresh("policies")
    return world


def programme(facilitators, label):
    return FiveIntegrations(start=START, facilitators=facilitators, label=label)


def test_facilitators_of_two_programmes_add_up():
    """Three go two and one, by merged villages; one more goes to the first township."""
    first, more = (programme(3, "first"), [A, B, D], 1.0), (programme(1, "more"), [A, B, D], 1.0)
    for order in ((first, more), (more, first)):
        world = acting(*order)
        assert world.levers.facilitators.now.tolist() == [3, 1]
        assert np.flatnonzero(world.levers.programme.now).tolist() == [A, B, D]
    assert acting(first).levers.facilitators.now.tolist() == [2, 1]


def test_each_reaches_its_own():
    """Two for A, one for D; the unpaid third reaches nobody."""
    world = acting((programme(2, "a"), [A], 1.0), (programme(1, "d"), [D], 1.0), (programme(5, "b"), [B], 0.0))
    assert world.levers.facilitators.now.tolist() == [2, 1]
    assert np.flatnonzero(world.levers.programme.now).tolist() == [A, D]


def test_the_end_of_one_leaves_the_other():
    """Its facilitators stay, and so does its reach."""
    world = acting((programme(3, "first"), [A, B, D], 1.0), (programme(1, "more"), [D], 1.0))
    more = programme(1, "more")
    more.finish(ActivePolicy(more, world, np.ones(N, bool)))
    world.levers.refresh("policies")
    assert world.levers.facilitators.now.tolist() == [2, 1]
    assert np.flatnonzero(world.levers.programme.now).tolist() == [A, B, D]


def test_two_programmes_in_a_run(one_town):
    """Both are paid, in any order of the strategy; six posts are there from the start of the second on, two before."""
    first = FiveIntegrations(start="2022-03-01", facilitators=2, label="first")
    more = FiveIntegrations(start="2023-01-01", facilitators=4, label="more")
    run = simulate(one_town, [first, more])
    check_same_history(run, simulate(one_town, [more, first]))
    posts = run.record.column("facilitator_capacity").sum(axis=1)
    months = run.record.labels
    assert posts[months.index("2022-12")] == pytest.approx(2 * 31)
    assert posts[months.index("2023-12")] == pytest.approx(6 * 31)
    paid = run.payments.groupby("policy").paid.sum()
    assert paid["first"] == pytest.approx(2 * 100_000 * 671 / 365.25, abs=1)
    assert paid["more"] == pytest.approx(4 * 100_000 * 365 / 365.25, abs=1)


def test_one_for_each_township_is_not_one_for_all(one_town):
    """Each keeps its facilitators at home, whatever the other does."""
    here, there = (
        FiveIntegrations(start="2022-03-01", facilitators=2, label=name, target=townships(name))
        for name in ("白云湖街道", "宁家埠街道")
    )
    capacity = vs.simulate(one_town, [here, there]).record.column("facilitator_capacity")[-1]
    names = one_town.place.township_names
    expected = [2 * 31 * (name in ("白云湖街道", "宁家埠街道")) for name in names]
    assert capacity.tolist() == pytest.approx(expected)


def test_two_of_one_label_are_refused(one_town):
    """The message says what to do."""
    with pytest.raises(vs.VillagesimError, match="own label"):
        vs.simulate(one_town, [FiveIntegrations(start="2022-03-01", facilitators=2)] * 2)

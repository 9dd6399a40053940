"""Claim: what policies for secretaries and offices cost and set is what their pages say, by hand in the unequal county.

No chance: whom the money reaches is a lot, of which only the number and its being the same again are looked at.
"""

import numpy as np
import pytest
from unit.processes.unequal_county import (
    INCOME,
    MEMBERS,
    RESIDENTS,
    SHARE,
    VILLAGE_OF,
    A,
    B,
    C,
    D,
    N,
    merge,
    month_of,
    pool,
)
from unit.processes.unequal_county import world_by_hand as by_hand

from villagesim.agents.secretaries import reference_skill
from villagesim.errors import PolicyError
from villagesim.policies import KINDS
from villagesim.policies.policy import ActivePolicy
from villagesim.processes.careers import Careers
from villagesim.processes.ledger import Ledger
from villagesim.targets import villages

START = "2021-03-01"
JANUARY = 31 / 365.25  # years
VILLAGES = [A, B, C, D]


def measure_of(kind, picked=None, **settings):
    """A policy that runs in the merged county, for all villages or those that hold the rows picked."""
    world = by_hand(parameters={"income_growth": 0.0})
    merge(world)
    rows = np.ones(N, bool) if picked is None else np.isin(np.arange(N), picked)
    return world, ActivePolicy(KINDS[kind](start=START, **settings), world, rows)


def act(world, active, paid_share=1.0, year=2021, month=1):
    """One month of the policy; levers are folded."""
    active.policy.act(active, month_of(world, year, month), paid_share)
    for lever in world.levers:
        lever.refresh()


def at(rows, value, otherwise=0.0):
    """A column with this value at some rows."""
    return np.where(np.isin(np.arange(N), rows), value, otherwise)


# what it costs

COSTS = {
    "professional_secretaries": 35_000, "first_secretary": 80_000, "reserve_cadres": 3_000, "clerks": 33_000,
    "pay_guarantee": 83_000,
}  # fmt: skip


@pytest.mark.parametrize(("kind", "yearly"), COSTS.items())
def test_a_policy_by_village_costs_the_same_in_each(kind, yearly):
    """By villages in force: four in all, two of those that hold the rows picked."""
    world, active = measure_of(kind)
    assert active.policy.claim(active, month_of(world, 2021, 1)) == pytest.approx(4 * yearly * JANUARY)
    _, active = measure_of(kind, picked=[0, 5])
    assert active.policy.claim(active, month_of(world, 2021, 1)) == pytest.approx(2 * yearly * JANUARY)


def test_whole_villages_are_served_by_a_lot_that_does_not_change():
    """So much money reaches as many of eight villages, the same ones again, and whom less money reaches are among them."""
    world = by_hand()
    active = ActivePolicy(KINDS["clerks"](start=START), world, np.ones(N, bool))
    before = np.zeros(N, bool)
    for n in range(9):
        served = active.policy.served(active, n / 8)
        assert served.sum() == n
        assert (served == active.policy.served(active, min(n + 0.99, 8) / 8)).all()
        assert not (before & ~served).any()
        before = served


def test_only_villages_in_force_are_served():
    """No part that was joined to another, and none that was not picked."""
    _, active = measure_of("clerks", picked=[0, 3, 6])
    assert np.flatnonzero(active.policy.served(active, 1.0)).tolist() == [A, B, D]
    assert np.flatnonzero(active.policy.served(active, 0.67)).size == 2


@pytest.mark.parametrize(("kind", "places", "yearly"), [("training", 120, 1_500), ("visits", 36, 500)])
def test_places_are_paid_by_the_month(kind, places, yearly):
    """A twelfth of the year's places, no seat twice."""
    world, active = measure_of(kind, places=places)
    n = min(places // 12, 4)
    assert active.policy.claim(active, month_of(world, 2021, 1)) == n * yearly


# what it does


def test_a_visit_is_a_quarter_of_a_course():
    """Three visits a month to three of four seats; nothing to seats that are gone."""
    world, active = measure_of("visits", places=36)
    act(world, active)
    assert sorted(world.secretaries.courses[VILLAGES]) == [0, 0.25, 0.25, 0.25]
    assert world.secretaries.courses.sum() == 0.75


def test_a_first_secretary_lifts_where_skill_tends_to_while_there():
    """.15 at the seats of villages reached, for 24 months; nothing, and no cost, from the 25th on."""
    world, active = measure_of("first_secretary", picked=[0, 6])
    for active.months in (1, 24):
        act(world, active)
        assert world.levers.skill_support.now == pytest.approx(at([A, D], 0.15))
        assert world.levers.helped.now.tolist() == at([A, D], 1).tolist()
    active.months = 25
    act(world, active)
    assert not world.levers.skill_support.now.any()
    assert not world.levers.helped.now.any()
    assert active.policy.claim(active, month_of(world, 2023, 1)) == 0


def test_reserve_cadres_bring_talent_and_cheaper_handovers():
    """.03 of talent, half of what handovers cost."""
    world, active = measure_of("reserve_cadres", picked=[3])
    act(world, active)
    assert world.levers.talent_pool.now == pytest.approx(at([B], 0.03))
    assert world.levers.handover_loss.now == pytest.approx(at([B], 0.5, 1.0))


def test_clerks_keep_the_office_and_the_files():
    """A pace of 1.2 and half of what handovers cost; with reserve cadres a quarter."""
    world, active = measure_of("clerks", picked=[3, 5])
    act(world, active)
    assert world.levers.office_pace.now == pytest.approx(at([B, C], 1.2, 1.0))
    assert world.levers.handover_loss.now == pytest.approx(at([B, C], 0.5, 1.0))
    act(world, ActivePolicy(KINDS["reserve_cadres"](start=START), world, np.ones(N, bool)))
    assert world.levers.handover_loss.now == pytest.approx(at([B, C], 0.25, 1.0) * at([A, D], 0.5, 1.0))


@pytest.mark.parametrize(
    ("settings", "pace", "talent"),
    [
        ({}, 1.1, 0.04),
        ({"office_fund": 100_000, "pay": 66_000}, 1.1, 0.04),
        ({"office_fund": 25_000, "pay": 0}, 1.05, 0.0),
        ({"office_fund": 0, "pay": 8_250}, 1.0, 0.01),
    ],
)
def test_the_pay_guarantee_acts_in_proportion_up_to_its_source(settings, pace, talent):
    """50,000 for the office: attempts x 1.1; 33,000 of pay: .04 of talent; less by as much less, more by no more."""
    world, active = measure_of("pay_guarantee", picked=[1], **settings)
    act(world, active)
    assert world.levers.office_pace.now == pytest.approx(at([A], pace, 1.0))
    assert world.levers.talent_pool.now == pytest.approx(at([A], talent))
    assert world.cooperatives.office_paid == pytest.approx(at([A], settings.get("office_fund", 50_000) * JANUARY))


# the office fund in the books


def books(fund, **settings):
    """January of the merged county, with B pooled, with and without the fund; A and B are reached."""
    both = []
    for given in (0.0, fund):
        world, active = measure_of("pay_guarantee", picked=[0, 3], office_fund=given, **settings)
        world.draws.uniforms["one_off"] = 1e-9
        pool(world, B)
        world.committees.passed[B, 1] = 2
        ledger = Ledger(world)
        act(world, active)
        ledger.close(month_of(world, 2021, 1))
        both.append((world, ledger.flows))
    return both


@pytest.mark.parametrize("fund", [20_000.0, 50_000.0, 400_000.0])
def test_the_office_fund_pays_offices_as_far_as_they_cost(fund):
    """52,500 in A, by members; 47,500 in B, where operation is one; what is beyond that is not in any account."""
    (_, without), (world, flows) = books(fund)
    paid = np.zeros(N)
    paid[:3] = min(fund, 52_500) * SHARE[:3]
    paid[B] = min(fund, 47_500)
    assert flows["office_paid"] == pytest.approx(paid * JANUARY)
    assert not world.cooperatives.office_paid.any()
    income = [name for name in flows if name.startswith("income_")]
    assert all((flows[name] == without[name]).all() for name in (*income, "account_income", "transfer_in"))


def test_what_the_fund_saves_is_spent_or_kept_like_any_surplus():
    """All accounts of A and B have a surplus: 2% of the saving repays debt, 5% stays, some goes to the pot, spending falls."""
    (before, without), (after, flows) = books(50_000.0)
    paid = flows["office_paid"]
    surplus = without["account_income"] - without["spending"] > 0
    assert surplus[[0, 1, 2, B]].all()
    owes = np.array([1, 0, 1, 0, 1, 0, 0, 0])
    assert flows["repayment"] - without["repayment"] == pytest.approx(0.02 * paid * owes)
    to_pot = flows["to_pot"] + flows["invested"] - without["to_pot"] - without["invested"]
    skill = after.secretaries.skill[after.village_of] - reference_skill(after.p)
    assert to_pot == pytest.approx(0.15 * np.maximum(1 + 2 * skill, 0.0) * paid)
    assert flows["spending"] - without["spending"] == pytest.approx(-0.05 * paid - 0.02 * paid * owes - to_pot)
    assert after.cooperatives.cash - before.cooperatives.cash == pytest.approx(0.05 * paid)
    assert (paid[[5, 6, 7]] == 0).all()


def test_the_county_by_hand_is_what_these_tests_take_it_for():
    """Members, residents and income of the unequal county, as the numbers above need them."""
    assert MEMBERS[VILLAGE_OF == A].sum() == 1_000
    assert INCOME[[3, 4]].sum() > 50_000 + 60 * RESIDENTS[[3, 4]].sum()


# settings


@pytest.mark.parametrize(
    ("kind", "setting"),
    [
        ("first_secretary", {"cost_per_post": -1.0}), ("first_secretary", {"months": 0}),
        ("reserve_cadres", {"cost_per_candidate": 1e10}),
        ("clerks", {"cost_per_post": float("nan")}), ("pay_guarantee", {"office_fund": -0.1}),
        ("pay_guarantee", {"pay": float("inf")}), ("visits", {"places": -1}), ("visits", {"places": 1, "cost_per_place": -1}),
        ("visits", {"places": 1.5}), ("clerks", {"cost_per_post": "33000"}), ("clerks", {"target": villages}),
    ],
)  # fmt: skip
def test_values_are_checked(kind, setting):
    """With the kind, the key and the rule."""
    name = list(setting)[-1]
    with pytest.raises(PolicyError, match=f"{kind}: {name} = .* must be "):
        KINDS[kind](start=START, **setting)


@pytest.mark.parametrize("kind", ["first_secretary", "reserve_cadres", "clerks", "pay_guarantee", "visits"])
def test_what_it_is_meant_to_move_is_written_down(kind):
    """Of all people policies: more integration in fact."""
    assert KINDS[kind].expects == ("real_integration", +1)


# transparency


def test_open_matters_reach_seats_and_all_parts():
    """Half of what both posts cost in integrity and .02 a year at the seats; .3 of faulty lettings and .2 in votes by part."""
    world, active = measure_of("transparency", picked=[0, 5])
    assert active.policy.claim(active, month_of(world, 2021, 1)) == pytest.approx(2 * 5_000 * JANUARY)
    act(world, active)
    assert world.levers.supervision.now == pytest.approx(at([A, C], 0.5))
    assert world.levers.integrity_gain.now == pytest.approx(at([A, C], 0.02))
    assert world.levers.open_letting.now == pytest.approx(at([0, 1, 2, 5], 0.3))
    assert world.levers.consent.now == pytest.approx(at([0, 1, 2, 5], 0.2))
    active.policy.finish(active)
    world.levers.refresh("policies")
    assert not any(
        lever.now.any()
        for lever in (
            world.levers.supervision,
            world.levers.integrity_gain,
            world.levers.open_letting,
            world.levers.consent,
        )
    )


def test_both_posts_in_an_open_village_gain_more_than_they_lose():
    """.02 a year, half of it watched: with the gain of .02 a year integrity rises by .01."""
    world, active = measure_of("transparency", picked=[0])
    world.secretaries.integrity[:] = 0.5
    careers = Careers(world)
    act(world, active)
    world.levers.integrity_loss.now[:] = 0.02
    careers.drift = careers.drift_now()
    assert careers.drift == pytest.approx(at([A], 0.01, -0.02))


def test_transparency_is_meant_to_narrow_the_gap_and_checks_its_cost():
    """Reported less real; a cost below nothing is refused."""
    assert KINDS["transparency"].expects == ("integration_gap", -1)
    with pytest.raises(PolicyError, match="transparency: cost_per_village = -1"):
        KINDS["transparency"](start=START, cost_per_village=-1)

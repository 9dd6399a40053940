"""Claim: enrolment, pay, trust, fear and succession of operators follow equations E3 and E5, by hand.

No chance: luck is set by the test. A and B have a trust each; both lie in the first township, as C does.
"""

from dataclasses import fields

import numpy as np
import pytest
from scipy.stats import norm
from simpy import Event
from unit.processes.unequal_county import ARABLE, ENROLLABLE, MEMBERS, A, B, N, merge, month_of, until, world_by_hand

from villagesim.agents.land_trusts import Terms, TrustOffer
from villagesim.agents.settlement import Settlement
from villagesim.processes.land_trust import LandTrusts

SPLIT = (0.45, 0.20, 0.30, 0.05)
JANUARY = 31 / 365.25  # years
LAND = np.array([300.0, 200.0, 0.0, 150.0, 250.0, 90.0, 0.0, 0.0])  # enrolled [mu]
WHERE = ARABLE * ENROLLABLE  # 500, 320, 600, 600, 350, 540, 350, 60


def trusts_of(luck=None, terms=None, *, enrolled=LAND, paid=1.0, **settings):
    """A merged county with one offer to everybody; operators stand in A and B, where land is enrolled."""
    world = world_by_hand(luck, **settings)
    merge(world)
    process, trusts = LandTrusts(world), world.land_trusts
    offer = TrustOffer(terms or Terms(800.0, 100.0, SPLIT), np.ones(N, bool), lambda: True, paid, begun=True)
    world.trust_offers["offer"] = offer
    process.regroup()
    trusts.enrolled[:] = enrolled
    for trust in (A, B):
        process.take_over(trust, "offer")
        process.defaulted[trust] = Event(world.env)
    return world, process


# enrolment


def expected_dividend(floor):
    """.45 x .9 of the mean surplus above nothing; the surplus of both crops is normal."""
    wheat, maize = 430 * 1.04 * 2.65, 440 * 1.04 * 2.35
    mean = wheat + maize - 1_230 * (1 - 0.6 * 0.08) - 12 - floor - 100
    sd = np.sqrt((0.07 * (wheat + maize)) ** 2 + (0.05**2 + 0.09**2) * (wheat**2 + maize**2))
    return 0.45 * 0.9 * (mean * norm.cdf(mean / sd) + sd * norm.pdf(mean / sd))


@pytest.mark.parametrize("floor", [700.0, 800.0, 900.0])
def test_households_join_by_worth_and_by_what_their_neighbours_do(floor):
    """Rate (.05 + .30 enrolled/enrollable of the village) L((floor (1 - fear) + E[div] - own)/100) 2 T, up to a_v."""
    world, process = trusts_of(terms=Terms(floor, 100.0, SPLIT))
    world.land_trusts.outside_option[:] = np.linspace(500, 1_000, N)
    world.land_trusts.fear[:] = np.linspace(0.05, 0.6, N)
    world.members.trust[:] = np.linspace(0.2, 0.8, N)
    worth = floor * (1 - np.linspace(0.05, 0.6, N)) + expected_dividend(floor)
    leaning = 1 / (1 + np.exp(-(worth - np.linspace(500, 1_000, N)) / 100))
    neighbours = np.array([500 / 1_420] * 3 + [400 / 950] * 2 + [90 / 540] + [0.0] * 2)
    rate = (0.05 + 0.30 * neighbours) * leaning * 2 * np.linspace(0.2, 0.8, N)
    wanted = (WHERE - LAND) * (1 - np.exp(-rate * JANUARY))
    assert process.trust_demand("offer", month_of(world, 2021, 1)) == pytest.approx(wanted.sum())
    assert process.wanted["offer"] == pytest.approx(wanted)


def test_what_can_be_expected_is_what_was_printed():
    """118, 85 and 56 yuan at floors of 700, 800 and 900."""
    assert [expected_dividend(floor) for floor in (700, 800, 900)] == pytest.approx([118, 85, 56], abs=2)


def test_nobody_joins_where_the_operator_is_gone():
    """Between two operators no land is brought in; in other villages it is."""
    world, process = trusts_of()
    world.land_trusts.standing[A] = False
    process.trust_demand("offer", month_of(world, 2021, 1))
    assert not process.wanted["offer"][:3].any()
    assert (process.wanted["offer"][3:] > 0).all()


def test_land_that_joins_comes_with_the_operators_money():
    """250 yuan a mu, half of the land where half is paid for; C's first land brings an operator."""
    world, process = trusts_of(paid=0.5)
    equity = world.land_trusts.equity.copy()
    process.trust_demand("offer", month_of(world, 2021, 1))
    wanted = process.wanted["offer"]
    process.enrol(month_of(world, 2021, 1))
    new = 0.5 * wanted
    assert world.land_trusts.enrolled == pytest.approx(LAND + new)
    assert world.land_trusts.equity[[A, B]] - equity[[A, B]] == pytest.approx(
        250 * np.array([new[:3].sum(), new[3:5].sum()])
    )
    until(world, 1)
    assert np.flatnonzero(world.land_trusts.standing).tolist() == [1, 4, 5, 6]
    assert world.land_trusts.equity[5] == pytest.approx(250 * (90 + new[5]))


# a year's pay


def settled(**figures):
    """A settlement of the trusts of A and B, all of it nothing unless given."""
    nothing = {field.name: np.zeros(2) for field in fields(Settlement)}
    return Settlement(**(nothing | {name: np.array(values, float) for name, values in figures.items()}))


GOOD_AND_BAD = {"floors_paid": [90_000.0, 36_000.0], "paid_share": [1.0, 0.4], "household": [6_000.0, 0.0]}
"""A pays all and a dividend; B, which owes 90,000, pays 40% of its floors."""


def paid(terms=None, mu_years=None, **figures):
    """Pay out the good year of A and the bad one of B; 100 mu x years each."""
    world, process = trusts_of(terms=terms)
    given = [60.0, 40.0, 0, 75.0, 25.0, 0, 0, 0] if mu_years is None else mu_years
    world.land_trusts.mu_years[:] = given
    area = process.by_trust(world.land_trusts.mu_years)
    process.pay_out(np.array([A, B]), area, settled(**(GOOD_AND_BAD | figures)))
    return world, process


def test_dividends_raise_trust_and_short_falls_lower_it():
    """+.30 and -.80 x unpaid share, both x the enrolled share of arable land; none where no land was farmed."""
    world, _ = paid()
    share = LAND / ARABLE
    expected = np.zeros(N)
    expected[:2] = 0.30 * share[:2]
    expected[3:5] = -0.80 * 0.6 * share[3:5]
    assert world.members.trust_shock == pytest.approx(expected)
    assert world.residents.unpaid_floors == pytest.approx([0, 0, 0, 0.6 * 150 / 1_500, 0.6 * 250 / 500, 0, 0, 0])


@pytest.mark.parametrize(("by_member", "parts"), [(False, [0.6, 0.4, 0.0]), (True, [0.25, 0.75, 0.0])])
def test_dividends_go_by_land_or_by_members_of_those_who_brought_some(by_member, parts):
    """6,000 yuan over 60 and 40 mu, or over 100 and 300 members; the third part has brought nothing."""
    _, process = paid(Terms(800.0, 100.0, SPLIT, by_member=by_member))
    assert process.dividend[:3] == pytest.approx(6_000 * np.array(parts))
    assert not process.dividend[3:].any()
    assert MEMBERS[:2].tolist() == [100, 300]


def test_the_collective_gets_its_floor_and_its_share():
    """A ninth of the floors paid, in proportion, and the collective's part of the surplus, by land brought in."""
    world, _ = paid(collective=[2_500.0, 0.0])
    good, bad = 10_000 + 2_500, 4_000
    shares = np.array([0.6 * good, 0.4 * good, 0, 0.75 * bad, 0.25 * bad, 0, 0, 0])
    assert world.cooperatives.trust_income == pytest.approx(shares)
    assert not world.cooperatives.trust_costs.any()


def test_old_and_young_get_their_part_where_the_land_is():
    """900 yuan of A's surplus, by land brought in; it is neither income nor dividend."""
    world, process = paid(welfare=[900.0, 0.0])
    assert world.residents.welfare_paid == pytest.approx([540, 360, 0, 0, 0, 0, 0, 0])
    assert process.dividend.sum() == pytest.approx(6_000)
    assert world.cooperatives.trust_income[:3].sum() == pytest.approx(10_000)


def test_households_may_come_first():
    """Of 36,000 yuan in B households get all, of the 80,000 they are owed, and the collective nothing."""
    world, _ = paid(Terms(800.0, 100.0, SPLIT, households_first=True))
    assert world.cooperatives.trust_income[3:5].tolist() == [0, 0]
    unpaid = 1 - 36_000 / 80_000
    assert world.residents.unpaid_floors[3:5] == pytest.approx(unpaid * np.array([0.1, 0.5]))
    assert world.members.trust_shock[3:5] == pytest.approx(-0.8 * unpaid * np.array([0.1, 0.5]))


def test_gross_books_show_all_that_is_sold():
    """Turnover as income and the difference as cost: what is left is the same."""
    world, _ = paid(Terms(800.0, 100.0, SPLIT, gross=True), revenue=[200_000.0, 100_000.0], insured=[0.0, 5_000.0])
    turnover = np.array([120_000, 80_000, 0, 78_750, 26_250, 0, 0, 0])
    net = np.array([6_000, 4_000, 0, 3_000, 1_000, 0, 0, 0])
    assert world.cooperatives.trust_income == pytest.approx(turnover)
    assert world.cooperatives.trust_costs == pytest.approx(turnover - net)


def test_land_is_farmed_where_an_operator_stands():
    """A month of the enrolled land of A and B; C has no operator yet."""
    world, process = trusts_of()
    process.farm(month_of(world, 2021, 1))
    assert world.land_trusts.mu_years == pytest.approx(np.where(np.arange(N) < 5, LAND, 0) * JANUARY)


# defaults


def test_a_default_frightens_the_village_and_its_neighbours():
    """.5 (1 - fear) in the village, .1 (1 - fear) in its township, nothing elsewhere; half the households leave."""
    world, process = trusts_of()
    fear = np.linspace(0.05, 0.6, N)
    world.land_trusts.fear[:] = fear
    process.default(A)
    step = np.array([0.5, 0.5, 0.5, 0.1, 0.1, 0.1, 0.0, 0.0])
    assert world.land_trusts.fear == pytest.approx(fear + step * (1 - fear))
    assert world.land_trusts.enrolled == pytest.approx(LAND * np.array([0.5, 0.5, 0.5, 1, 1, 1, 1, 1]))
    assert np.flatnonzero(world.land_trusts.standing).tolist() == [B]
    assert world.land_trusts.n_defaults.tolist() == [0, 1, 0, 0, 0, 0, 0, 0]


def test_fear_fades_with_a_memory_of_a_year_and_five_months():
    """To .05, by e^-t/1.4."""
    world, process = trusts_of()
    fear = np.linspace(0.05, 0.9, N)
    world.land_trusts.fear[:] = fear
    process.farm(month_of(world, 2021, 1))
    assert world.land_trusts.fear == pytest.approx(0.05 + (fear - 0.05) * np.exp(-JANUARY / 1.4))


@pytest.mark.parametrize(("idle", "years"), [(0.3 - 1e-9, 1 + 1.2), (0.3 + 1e-9, 1.2)])
def test_a_new_operator_is_found_after_a_tender(idle, years):
    """At .5 a year, after an idle season with the chance .3; it brings 250 yuan for each mu that is left."""
    world, process = trusts_of({"land_trust.tender": np.array([idle, np.exp(-0.6)])})
    world.land_trusts.standing[A] = False
    world.land_trusts.n_operators[A] = 0
    world.env.process(process.operating(A, "offer"))
    until(world, 10)
    process.default(A)
    until(world, 10 + years * 365.25 - 0.01)
    assert not world.land_trusts.standing[A]
    until(world, 10 + years * 365.25 + 0.01)
    assert world.land_trusts.standing[A]
    assert (world.land_trusts.n_operators[A], world.land_trusts.equity[A]) == (2, pytest.approx(250 * 250))

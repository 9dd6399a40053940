"""Claim: enrolment, pay, trust, fear and succession of operators follow equations E3, E18 and E5, by hand.

No chance: luck is set by the test. A and B have a trust each; both lie in the first township, as C does.
"""

from dataclasses import fields
from datetime import date

import numpy as np
import pytest
from checks import simulate
from scipy.stats import norm
from simpy import Event
from unit.processes.unequal_county import (
    ARABLE,
    ENROLLABLE,
    MEMBERS,
    VILLAGE_OF,
    A,
    B,
    C,
    D,
    N,
    merge,
    month_of,
    until,
    world_by_hand,
)

from villagesim.agents.land_trusts import Terms, TrustOffer
from villagesim.agents.secretaries import reference_skill
from villagesim.agents.settlement import Settlement
from villagesim.parameters import DEFAULTS
from villagesim.policies import LandTrust
from villagesim.processes.land_trust import LandTrusts

SPLIT = (0.45, 0.20, 0.30, 0.05, 0.0)
JANUARY = 31 / 365.25  # years
LAND = np.array([300.0, 200.0, 0.0, 150.0, 250.0, 90.0, 0.0, 0.0])  # enrolled [mu]
SKILL = np.array([0.3, 0.7, 0.2, 0.9, 0.46, 0.55, 0.4, 0.9])
WHERE = ARABLE * ENROLLABLE  # 500, 320, 600, 600, 350, 540, 350, 60


def trusts_of(luck=None, terms=None, *, enrolled=LAND, paid=1.0, **settings):
    """A merged county with one offer to everybody; operators stand in A and B, where land is enrolled."""
    world = world_by_hand(luck, **settings)
    merge(world)
    process, trusts = LandTrusts(world), world.land_trusts
    terms = terms or Terms(800.0, 100.0, SPLIT)
    world.trust_offers["offer"] = TrustOffer(terms, np.ones(N, bool), lambda: True, 4, 0.0, paid, begun=True)
    process.regroup()
    trusts.begun[:5] = True
    trusts.enrolled[:] = enrolled
    for trust in (A, B):
        process.take_over(trust, terms)
        process.defaulted[trust] = Event(world.env)
    return world, process


# who begins


def before_a_sowing(uniform=None, **settings):
    """A merged county in which nobody has begun; luck says who begins and who farms itself: nobody unless set."""
    luck = {"land_trust.begin": 0.999, "land_trust.own": 0.999} | (uniform or {})
    world = world_by_hand(luck, **settings)
    merge(world)
    world.secretaries.skill[:] = SKILL
    return world, LandTrusts(world)


def of_village(values):
    """Luck of A, B, C and D, at their rows; nobody else has any."""
    rows = np.full(N, 0.999)
    rows[[A, B, C, D]] = values
    return lambda keys, *when: rows


def offer_to(world, terms=None, villages=2, own_share=0.0, paid=1.0, rows=None):
    """An offer that is paid for, to all villages unless told."""
    rows = np.ones(N, bool) if rows is None else rows
    world.trust_offers["offer"] = TrustOffer(
        terms or Terms(), rows, lambda: True, villages, own_share, paid, begun=True
    )


def test_villages_begin_by_themselves_by_the_pace_of_their_secretary():
    """With P .015 (.42 + S): .0168 in A, .0132 in B."""
    for luck, begun in ((0.0167, [A]), (0.0131, [A, B, C]), (0.0169, [])):
        world, process = before_a_sowing({"land_trust.begin": of_village([luck] * 3 + [0.999])})
        process.sow(month_of(world, 2021, 11))
        assert np.flatnonzero(world.land_trusts.begun & world.is_village).tolist() == begun
        assert (world.land_trusts.begun == np.isin(world.village_of, begun)).all()


def test_a_roll_out_brings_in_its_number_over_the_villages_it_reaches():
    """Two of four a year: P .5 more; where it reaches two only, both are certain to begin."""
    luck = {"land_trust.begin": of_village([0.516, 0.512, 0.515, 0.518])}
    world, process = before_a_sowing(luck)
    offer_to(world)
    assert process.trust_demand("offer", month_of(world, 2021, 10)) == 0
    assert process.trust_demand("offer", month_of(world, 2021, 11)) > 0
    process.sow(month_of(world, 2021, 11))
    assert np.flatnonzero(world.land_trusts.standing).tolist() == [A, B]
    world, process = before_a_sowing(luck)
    offer_to(world, rows=np.isin(VILLAGE_OF, [C, D]))
    process.trust_demand("offer", month_of(world, 2021, 11))
    process.sow(month_of(world, 2021, 11))
    assert np.flatnonzero(world.land_trusts.standing).tolist() == [C, D]


@pytest.mark.parametrize(
    ("paid", "begun"), [(1.0, [A, B, C, D]), (0.88, [A, B, C]), (0.87, [A, B]), (0.5, [A]), (0.1, []), (0.0, [])]
)
def test_as_many_begin_as_are_paid_for_by_their_lot(paid, begun):
    """Of 1,420, 950, 540 and 410 mu that could join, those of the lower lot first, whole villages only."""
    world, process = before_a_sowing({"land_trust.begin": of_village([0.1, 0.2, 0.3, 0.4])})
    world.land_trusts.outside_option[:] = 650.0
    offer_to(world, villages=4, paid=paid)
    wanted = process.trust_demand("offer", month_of(world, 2021, 11))
    process.sow(month_of(world, 2021, 11))
    assert np.flatnonzero(world.land_trusts.standing).tolist() == begun
    assert world.land_trusts.enrolled.sum() <= paid * wanted + 1e-6


def test_nobody_begins_twice_nor_where_no_land_can_join():
    world, process = before_a_sowing({"land_trust.begin": of_village([0.1] * 4)})
    offer_to(world, villages=4)
    world.committees.community[[3, 4]] = True
    process.trust_demand("offer", month_of(world, 2021, 11))
    process.sow(month_of(world, 2021, 11))
    assert np.flatnonzero(world.land_trusts.standing).tolist() == [A, C, D]
    assert process.trust_demand("offer", month_of(world, 2022, 11)) == 0


@pytest.mark.parametrize(
    ("share", "luck", "own"),
    [(0.3, 0.35, [A]), (0.3, 0.08, [A, B, C, D]), (0.3, 0.1, [A, B, C]), (1.0, 0.999, [A]), (0.0, 0.0, [])],
)
def test_a_skilled_secretary_rather_farms_itself(share, luck, own):
    """With P share x 1.6 L(8 (S - .6)): .369 in A (.75), .118 in B, .193 in C and .081 in D of .3; at 1 certain in A."""
    world, process = before_a_sowing({"land_trust.begin": of_village([0.1] * 4), "land_trust.own": luck})
    world.secretaries.skill[A] = 0.75
    offer_to(world, villages=4, own_share=share)
    process.trust_demand("offer", month_of(world, 2021, 11))
    process.sow(month_of(world, 2021, 11))
    assert np.flatnonzero(world.land_trusts.own).tolist() == own
    assert world.land_trusts.standing[[A, B, C, D]].all()
    assert (world.land_trusts.n_operators[[A, B, C, D]] == ~np.isin([A, B, C, D], own)).all()
    assert not world.land_trusts.equity[own].any()
    assert (world.land_trusts.household_floor[[A, B, C, D]] == np.where(np.isin([A, B, C, D], own), 850, 800)).all()


# land that joins


def expected_dividend(floors, share, land=1.0, cost=1.0, better=0.0):
    """A share of the mean surplus above nothing; the surplus of both crops is normal."""
    wheat, maize = 430 * 1.04 * 2.65, 440 * 1.04 * 2.35
    mean = land * (wheat + maize - cost * 1_230 * (1 - 0.6 * 0.08)) - 12 - floors + better
    sd = land * np.sqrt((0.07 * (wheat + maize)) ** 2 + (0.05**2 + 0.09**2) * (wheat**2 + maize**2))
    return share * (mean * norm.cdf(mean / sd) + sd * norm.pdf(mean / sd))


def unlike(world):
    """Let households differ in what they get from their own land, in fear and in trust."""
    world.land_trusts.outside_option[:] = np.linspace(400, 900, N)
    world.land_trusts.fear[:] = np.linspace(0.05, 0.6, N)
    world.members.trust[:] = np.linspace(0.8, 0.2, N)


def choice(floor, dividend):
    """2 T L((floor (1 - fear) + E[div] - own) / 100) / .875, at most 1.5."""
    worth = floor * (1 - np.linspace(0.05, 0.6, N)) + dividend
    leaning = 1 / (1 + np.exp(-(worth - np.linspace(400, 900, N)) / 100))
    return np.minimum(2 * np.linspace(0.8, 0.2, N) * leaning / 0.875, 1.5)


@pytest.mark.parametrize("floor", [700.0, 800.0, 900.0])
def test_a_part_of_the_land_joins_at_first_and_a_part_of_the_rest_later(floor):
    """.35 of what can join where none has, .25 of the rest where some has, both by the choice of households."""
    world, process = trusts_of(terms=Terms(floor, 100.0, SPLIT))
    unlike(world)
    process.sow(month_of(world, 2021, 11))
    part = np.where(LAND > 0, 0.25, 0.35) * choice(floor, expected_dividend(floor + 100, 0.45 * 0.9))
    expected = np.where(np.arange(N) < 5, LAND + part * (WHERE - LAND), LAND)
    assert world.land_trusts.enrolled == pytest.approx(expected)
    assert (world.land_trusts.enrolled[:5] > LAND[:5]).all()
    assert world.land_trusts.sown == pytest.approx(np.where(np.arange(N) < 5, expected, 0))


def test_households_of_own_farming_weigh_its_rent_and_their_part():
    """Rent 850, and .3 of what 1.05 mu yield at .95 of the cost, 150 yuan more or less by skill."""
    world, process = before_a_sowing({"land_trust.begin": of_village([0.1] * 4), "land_trust.own": 0.0})
    unlike(world)
    offer_to(world, villages=4, own_share=1.0)
    better = 150 * (SKILL - reference_skill(world.p))
    dividend = expected_dividend(850, 0.3, 1.05, 0.95, better[VILLAGE_OF])
    process.trust_demand("offer", month_of(world, 2021, 11))
    process.sow(month_of(world, 2021, 11))
    assert world.land_trusts.enrolled == pytest.approx(0.35 * choice(850, dividend) * WHERE)


def test_what_an_offer_wants_is_what_joins():
    world, process = before_a_sowing(
        {"land_trust.begin": of_village([0.1] * 4), "land_trust.own": of_village([0.1, 0.9] * 2)}
    )
    unlike(world)
    offer_to(world, Terms(900.0, 50.0), villages=4, own_share=0.5)
    wanted = process.trust_demand("offer", month_of(world, 2021, 11))
    process.sow(month_of(world, 2021, 11))
    assert world.land_trusts.own.any()
    assert not world.land_trusts.own.all()
    assert world.land_trusts.enrolled.sum() == pytest.approx(wanted)


def test_usual_households_join_as_the_parameters_say():
    """At a trust of .5, the usual fear, terms and own land the choice is 1, within a fiftieth."""
    world, process = before_a_sowing({"land_trust.begin": of_village([0.1] * 4)})
    world.land_trusts.outside_option[:] = 650.0
    offer_to(world, villages=4)
    assert process.trust_demand("offer", month_of(world, 2021, 11)) == pytest.approx(0.35 * WHERE.sum(), rel=0.02)


def test_nobody_joins_where_the_firm_is_gone():
    """Between two firms no land is brought in and none is sown; in other villages it is."""
    world, process = trusts_of()
    world.land_trusts.standing[A] = False
    process.sow(month_of(world, 2021, 11))
    assert (world.land_trusts.enrolled == LAND)[:3].all()
    assert not world.land_trusts.sown[:3].any()
    assert (world.land_trusts.sown[3:5] > LAND[3:5]).all()


def test_area_is_frozen_from_november_to_november():
    world, process = trusts_of()
    process.sow(month_of(world, 2021, 11))
    sown = world.land_trusts.sown.copy()
    for year, month in ((2021, 12), (2022, 3), (2022, 10)):
        process.sow(month_of(world, year, month))
    assert (world.land_trusts.sown == sown).all()
    process.sow(month_of(world, 2022, 11))
    assert (world.land_trusts.sown[:5] > sown[:5]).all()


@pytest.mark.parametrize("brings", [True, False])
def test_new_land_comes_with_the_firms_money_or_without(brings):
    """250 yuan a mu of new land, if the terms say so; C, which begins, brings it in any case."""
    terms = Terms(800.0, 100.0, SPLIT, equity_for_new_land=brings)
    world, process = trusts_of({"land_trust.begin": of_village([2, 2, 0.1, 2]), "land_trust.own": 1.0}, terms)
    equity = world.land_trusts.equity.copy()
    process.trust_demand("offer", month_of(world, 2021, 11))
    process.sow(month_of(world, 2021, 11))
    new = world.land_trusts.enrolled - LAND
    for village, rows in ((A, slice(0, 3)), (B, slice(3, 5))):
        assert world.land_trusts.equity[village] - equity[village] == pytest.approx(250 * new[rows].sum() * brings)
    assert world.land_trusts.equity[C] == pytest.approx(250 * (90 + new[C]))
    assert np.flatnonzero(world.land_trusts.standing).tolist() == [A, B, C]


def test_at_the_decree_a_village_has_begun_if_one_of_its_parts_has():
    """The firm with most land takes over; or the village farms itself, and the firm leaves with what is its own."""
    for own, equity in ((0, 250 * 800.0), (2, 0.0)):
        world, process = before_a_sowing(
            {"land_trust.begin": 0.1, "land_trust.own": np.where(np.arange(N) < own, 0.0, 1.0)}
        )
        world.village_of = np.arange(N)
        process.regroup()
        world.land_trusts.enrolled[:3] = [500.0, 300.0, 0.0]
        for row, terms in ((0, Terms().for_own(world.p) if own else Terms(700.0)), (1, Terms())):
            process.take_over(row, terms)
            process.defaulted[row] = Event(world.env)
            world.land_trusts.begun[row] = True
        world.village_of = VILLAGE_OF.copy()
        process.merge()
        assert world.land_trusts.begun.tolist() == [True] * 3 + [False] * 5
        assert np.flatnonzero(world.land_trusts.standing).tolist() == [A]
        assert world.land_trusts.household_floor[A] == (850.0 if own else 700.0)
        assert np.flatnonzero(world.land_trusts.own).tolist() == ([A] if own else [])
        assert world.land_trusts.equity[A] == pytest.approx(equity)


def test_where_a_village_is_split_the_firm_goes_on_in_both_parts():
    """Three fifths of A's 500 mu were brought in by one that goes to C: so does so much of the money, on the same terms."""
    world, process = trusts_of(decree=date(2021, 1, 1))
    trusts = world.land_trusts
    trusts.reserve[A] = 9_000.0
    world.village_of = np.where(np.arange(N) == 0, C, VILLAGE_OF)
    process.merge()
    parts = np.array([0.4, 0.6])  # 200 and 300 of 500 mu
    assert trusts.reserve[[A, C]] == pytest.approx(9_000 * parts)
    assert trusts.equity[[A, C]] == pytest.approx(250 * 500 * parts)
    assert (trusts.enrolled == LAND).all()
    assert trusts.lead.tolist() == [C, A, A, B, B, C, D, D]
    assert trusts.standing[[A, C]].all()
    assert trusts.household_floor[[A, C]].tolist() == [800.0, 800.0]
    trusts.standing[B] = False
    world.village_of = np.where(np.arange(N) == 3, C, world.village_of)
    process.merge()
    assert trusts.enrolled[[3, 4]].tolist() == [0.0, 250.0]  # nobody farms: it takes its land back


def test_the_first_income_comes_nineteen_months_after_a_start_in_march(one_town):
    """Sown in November 2022, settled and booked at the closing of October 2023: nothing before, whoever farms."""
    scenario = one_town.with_parameters(adopt_rate=0.0)
    for own_share in (0.0, 1.0):
        run = simulate(scenario, [LandTrust(start="2022-03-01", own_share=own_share)])
        income, labels = run.record.column("income_trust").any(axis=1), run.record.labels
        assert [label for label, some in zip(labels, income, strict=True) if some] == ["2023-10"]
        assert run.record.column("dividend")[labels.index("2023-10")].any()


# a year's pay


def settled(**figures):
    """A settlement of the trusts of A and B, all of it nothing unless given."""
    nothing = {field.name: np.zeros(2) for field in fields(Settlement)}
    return Settlement(**(nothing | {name: np.array(values, float) for name, values in figures.items()}))


GOOD_AND_BAD = {"floors_paid": [90_000.0, 36_000.0], "paid_share": [1.0, 0.4], "household": [6_000.0, 0.0]}
"""A pays all and a dividend; B, which owes 90,000, pays 40% of its floors."""


def paid(terms=None, sown=None, **figures):
    """Pay out the good year of A and the bad one of B; 100 mu each."""
    world, process = trusts_of(terms=terms)
    given = [60.0, 40.0, 0, 75.0, 25.0, 0, 0, 0] if sown is None else sown
    world.land_trusts.sown[:] = given
    area = process.by_trust(world.land_trusts.sown)
    process.pay_out(np.array([A, B]), area, settled(**(GOOD_AND_BAD | figures)))
    return world, process


def test_dividends_raise_trust_and_short_falls_lower_it():
    """+.30 and -.80 x unpaid share, both x the sown share of arable land; none where no land was farmed."""
    world, _ = paid()
    share = np.array([60.0, 40.0, 0, 75.0, 25.0, 0, 0, 0]) / ARABLE
    expected = np.zeros(N)
    expected[:2] = 0.30 * share[:2]
    expected[3:5] = -0.80 * 0.6 * share[3:5]
    assert world.members.trust_shock == pytest.approx(expected)
    assert world.residents.unpaid_floors == pytest.approx([0, 0, 0, 0.6 * 75 / 1_500, 0.6 * 25 / 500, 0, 0, 0])


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
    assert world.residents.unpaid_floors[3:5] == pytest.approx(unpaid * np.array([0.05, 0.05]))
    assert world.members.trust_shock[3:5] == pytest.approx(-0.8 * unpaid * np.array([0.05, 0.05]))


def own_paid(gross, **figures):
    """Pay out where both farm themselves, with a gain in A and a loss in B; 100 mu each."""
    own = Terms(gross=gross).for_own(DEFAULTS)
    figures = {"paid_share": [1.0, 1.0], "floors_paid": [85_000.0] * 2, "collective": [14_000.0, -5_000.0]} | figures
    return paid(own, revenue=[200_000.0, 180_000.0], insured=[0.0, 5_000.0], household=[6_000.0, 0.0], **figures)


def test_gain_and_loss_of_own_farming_are_the_collectives():
    """A loss is negative income, by land; the rent goes to households whole, and who gets all thanks as ever."""
    world, process = own_paid(gross=False)
    shares = np.array([8_400, 5_600, 0, -3_750, -1_250, 0, 0, 0])
    assert world.cooperatives.trust_income == pytest.approx(shares)
    assert process.own_result == pytest.approx(shares)
    assert process.dividend[:2] == pytest.approx([3_600, 2_400])
    assert not world.residents.unpaid_floors.any()
    assert not world.land_trusts.turnover.any()


def test_gross_books_show_all_that_own_farming_sells_and_move_no_money():
    """What is sold beyond the result, by land: 186,000 in A, 190,000 in B; income is as with net books."""
    gross, net = own_paid(gross=True)[0], own_paid(gross=False)[0]
    assert gross.land_trusts.turnover == pytest.approx([111_600, 74_400, 0, 142_500, 47_500, 0, 0, 0])
    assert (gross.cooperatives.trust_income == net.cooperatives.trust_income).all()


def test_gross_books_of_a_firm_show_nothing():
    """Its turnover is the firm's."""
    world, process = paid(Terms(gross=True), revenue=[200_000.0, 100_000.0])
    assert not world.land_trusts.turnover.any()
    assert not process.own_result.any()


# defaults


def test_a_default_frightens_the_village_and_its_neighbours():
    """.5 (1 - fear) in the village, .1 (1 - fear) in its township, nothing elsewhere; half the households leave."""
    world, process = trusts_of()
    fear = np.linspace(0.05, 0.6, N)
    world.land_trusts.fear[:], world.land_trusts.sown[:] = fear, LAND
    process.default(A)
    step = np.array([0.5, 0.5, 0.5, 0.1, 0.1, 0.1, 0.0, 0.0])
    assert world.land_trusts.fear == pytest.approx(fear + step * (1 - fear))
    assert world.land_trusts.enrolled == pytest.approx(LAND * np.array([0.5, 0.5, 0.5, 1, 1, 1, 1, 1]))
    assert world.land_trusts.sown == pytest.approx(LAND * np.array([0, 0, 0, 1, 1, 1, 1, 1]))
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
    world.env.process(process.operating(A, Terms(800.0, 100.0, SPLIT)))
    until(world, 10)
    process.default(A)
    until(world, 10 + years * 365.25 - 0.01)
    assert not world.land_trusts.standing[A]
    until(world, 10 + years * 365.25 + 0.01)
    assert world.land_trusts.standing[A]
    assert (world.land_trusts.n_operators[A], world.land_trusts.equity[A]) == (2, pytest.approx(250 * 250))

"""Claim: kinds, returns, shares, lives and ends of projects, own investment, and who gets seed money, follow equations E4, E14
and E15, by hand.

No chance: the unequal county, with luck set by the test; but for the survival of many projects, with its false alarm stated.
"""

import numpy as np
import pytest
from checks import assert_share_is
from unit.processes.unequal_county import MEMBERS, SHARE, A, B, C, D, N, merge, month_of, pool, until, world_by_hand

from villagesim.agents.projects import (
    ACCOUNT,
    BOUGHT,
    BUILT,
    CHAIN,
    COMPANY,
    COOPERATIVE,
    JOINT,
    KINDS,
    LENT,
    OWN,
    UNION,
    Grant,
)  # fmt: skip
from villagesim.agents.secretaries import reference_skill
from villagesim.engine.fund import fen_up
from villagesim.errors import PolicyError
from villagesim.parameters import DEFAULTS
from villagesim.policies import SeedMoney
from villagesim.policies.policy import ActivePolicy
from villagesim.processes.projects import Projects
from villagesim.randomness import Draws
from villagesim.targets import townships

REFERENCE = reference_skill(DEFAULTS)
NO_LUCK = {"project.luck": 0.0}
QUIET = {"project.dies": 1e-9, "lead_firm.fails": 1e-9, "project.idle": 0.99}
RETURN = {BOUGHT: 0.060, BUILT: 0.080, LENT: 0.060, JOINT: 0.075, OWN: 0.090}
SD = {BOUGHT: 0.02, BUILT: 0.04, LENT: 0.01, JOINT: 0.02, OWN: 0.12}
MONTHS = {BOUGHT: 2, BUILT: 12, LENT: 1, JOINT: 15, OWN: 6}


def only(kind):
    """Weights by which all money goes into one kind."""
    return tuple(float(number == kind) for number in range(len(KINDS)))


def projects_of(*grants, uniform=None, normal=None, merged=True, **settings):
    """The county and projects that began on 1 January 2021; secretaries at mean skill, nobody dies unless told to."""
    world = world_by_hand(QUIET | (uniform or {}), NO_LUCK | (normal or {}), **settings)
    if merged:
        merge(world)
    world.secretaries.skill[:] = REFERENCE
    process = Projects(world)
    found(world, process, *grants)
    return world, process


def found(world, process, *grants, month=(2021, 1)):
    """Let projects begin on the first of a month: a form, a village and a kind (bought, unless said), with a million each."""
    world.grants += [
        Grant(form, village, 1e6, np.ones(N, bool), only(*kind or (BOUGHT,))) for form, village, *kind in grants
    ]
    process.open(month_of(world, *month))


# kinds and returns


def test_the_return_of_each_kind_at_mean_skill():
    """.060, .080, .060, .075 and .090 of capital and year, without luck; one shift moves all."""
    each = [(CHAIN, A, kind) for kind in RETURN]
    _, process = projects_of(*each)
    assert process.returns() == pytest.approx([*RETURN.values()])
    _, process = projects_of(*each, parameters={"return_shift": -0.02})
    assert process.returns() == pytest.approx(np.array([*RETURN.values()]) - 0.02)


def test_luck_is_for_ever():
    """1.5 spreads of the kind, in every month and year."""
    _, process = projects_of(*((CHAIN, A, kind) for kind in RETURN), normal={"project.luck": 1.5})
    assert process.returns() == pytest.approx([RETURN[kind] + 1.5 * SD[kind] for kind in RETURN])


def test_a_lot_says_what_a_grant_goes_into():
    """Weights .15 .20 .35 .20 .10: lots just below and above their sums."""
    world, process = projects_of()
    sums = np.cumsum((0.15, 0.20, 0.35, 0.20, 0.10))
    lots = [lot for end in sums[:-1] for lot in (end - 1e-9, end + 1e-9)]
    world.draws.uniforms["project.kind"] = lambda *who: np.asarray(lots)[np.asarray(who[3])]
    mix = SeedMoney(start="2021-01-01", form="chain", projects=1).mix
    world.grants += [Grant(CHAIN, A, 1e6, np.ones(N, bool), mix) for _ in lots]
    process.open(month_of(world, 2021, 1))
    assert world.projects.kind.tolist() == [0, 1, 1, 2, 2, 3, 3, 4]


@pytest.mark.parametrize(("kind", "share"), [(BOUGHT, 0.05), (BUILT, 0.12), (LENT, 0.04), (JOINT, 0.08), (OWN, 0.16)])
@pytest.mark.parametrize("side", [-1, 1])
def test_some_never_earn(kind, share, side):
    """The lot lies just below or above the share of the kind; an idle one is there and brings nothing."""
    world, process = projects_of((CHAIN, A, kind), uniform={"project.idle": share + side * 1e-9})
    until(world, 1_000)
    assert np.isinf(world.projects.earning_since[0]) == (side < 0)
    assert world.projects.alive[0]
    process.close(month_of(world, 2023, 9))
    assert (world.cooperatives.project_income.sum() > 0) == (side > 0)


def test_skill_raises_the_return_by_three_hundredths_a_point():
    """Of the village's secretary today; a union of A, B and C has the mean of all, by members."""
    world, process = projects_of((CHAIN, B), (UNION, A))
    world.secretaries.skill[[A, B, C]] = 0.78, 0.38, 0.68
    stakes = np.array([1_000, 1_000, 400]) / 2_400  # A, B and C lie in the first township
    mean = (stakes * [0.78, 0.38, 0.68]).sum()
    assert process.returns() == pytest.approx([0.060 - 0.03 * (REFERENCE - 0.38), 0.060 + 0.03 * (mean - REFERENCE)])


def test_premiums_and_pooled_accounts_raise_the_return():
    """What policies add, and half a point where the accounts of a merged village are one; C was not merged."""
    world, process = projects_of((CHAIN, A), (CHAIN, B), (CHAIN, C))
    pool(world, B)
    world.levers.project_premium.set("test", lambda: np.where(world.village_of == A, 0.02, 0.0))
    world.levers.project_premium.refresh()
    assert process.returns() == pytest.approx([0.080, 0.065, 0.060])


@pytest.mark.parametrize(("log_price", "lost"), [(None, 0.0), (-0.3, 0.0), (np.log(1.25), 0.025)])
def test_dear_crops_are_sold_elsewhere(log_price, lost):
    """A tenth of what the price lies above its mean, where households deliver to a company; nowhere else."""
    world, process = projects_of((COOPERATIVE, A), (COMPANY, B))
    world.log_price = log_price
    assert process.returns() == pytest.approx([0.060, 0.060 - lost])


@pytest.mark.parametrize("kind", MONTHS)
def test_a_project_earns_after_its_gestation_and_then_in_full(kind):
    """2, 12, 1, 15 and 6 months: nothing before, every day after."""
    world, process = projects_of((CHAIN, A, kind))
    built = MONTHS[kind] * 365.25 / 12
    until(world, 1_100)
    for year in (2021, 2022, 2023):
        for number in range(1, 13):
            month = month_of(world, year, number)
            days = min(max(month.start + month.days - built, 0.0), month.days)
            assert process.years_earning(month)[0] == pytest.approx(days / 365.25, abs=1e-12)


def test_a_project_earns_until_the_day_it_ends():
    """Half of a January, then nothing any more."""
    world, process = projects_of((CHAIN, A))
    world.projects.earning_since[0], world.projects.ended[0] = -1e5, 15.5
    assert process.years_earning(month_of(world, 2021, 1))[0] == pytest.approx(15.5 / 365.25)
    assert process.years_earning(month_of(world, 2021, 2))[0] == 0


# what collectives keep and add, and who owns it


def test_what_the_collectives_keep():
    """All of union and chain; of 1.2 million 1 + .2 x .2, of 2.3 million 1 + .2 x 1.3."""
    world, _ = projects_of((UNION, A), (CHAIN, B), (COOPERATIVE, C), (COMPANY, D))
    assert world.projects.capital == pytest.approx([1e6, 1e6, 1.2e6, 2.3e6])
    assert world.projects.kept * world.projects.capital == pytest.approx([1e6, 1e6, 1.04e6, 1.26e6])
    assert not world.cooperatives.invested.any()


def test_villages_add_their_own_money_where_something_is_built_or_run():
    """150,000 to a million, by members; all of its return is theirs."""
    world, _ = projects_of(*((COMPANY, A, kind) for kind in RETURN))
    matched = np.array([0, 150_000, 0, 0, 150_000])
    assert world.projects.granted == pytest.approx(np.full(5, 1e6))
    assert world.projects.own == pytest.approx(matched)
    assert world.projects.capital == pytest.approx(2.3e6 + matched)
    assert world.projects.kept * world.projects.capital == pytest.approx(1.26e6 + matched)
    assert world.cooperatives.invested == pytest.approx((world.village_of == A) * SHARE * 300_000)


def test_gains_and_losses_are_income_of_the_members_of_the_village():
    """At .090 in A and, with luck, -.150 in D: by members within each village; the books hold both until they close."""
    sign = {"project.luck": lambda *who: np.where(np.asarray(who[0]) % 1_000 == 202, 0.0, -2.0)}
    world, process = projects_of((COOPERATIVE, A, OWN), (COOPERATIVE, D, OWN), normal=sign)
    world.projects.earning_since[:] = -1e5
    month = month_of(world, 2021, 1)
    process.close(month)
    in_a, in_d = world.village_of == A, world.village_of == D
    gained, lost = 1.19e6 * 0.090 * month.years, 1.19e6 * 0.150 * month.years
    assert world.cooperatives.project_income == pytest.approx(in_a * SHARE * gained - in_d * SHARE * lost)
    assert process.losses == pytest.approx(in_d * SHARE * lost)


def test_a_union_is_shared_by_members_of_three_to_fifteen_villages_of_its_township():
    """Before the decree every constituent is a village: four of six lie with A; none of the other township."""
    world, _ = projects_of((UNION, A), uniform={"project.partners": 1.5 / 13}, merged=False)
    rows = world.projects.stake_row
    assert len(rows) == 4
    assert A in rows
    assert (world.place.township[rows] == 0).all()
    assert world.projects.stake_share == pytest.approx(MEMBERS[rows] / MEMBERS[rows].sum())
    assert world.projects.n_grants.tolist() == np.isin(np.arange(N), rows).astype(int).tolist()


@pytest.mark.parametrize(("lot", "n"), [(1e-9, 3), (1 - 1e-9, 6)])
def test_a_union_has_no_fewer_than_three_and_no_more_villages_than_there_are(lot, n):
    """Of fifteen that the lot allows there are six."""
    world, _ = projects_of((UNION, A), uniform={"project.partners": lot}, merged=False)
    assert len(world.projects.stake_row) == n


# ends


def test_the_death_rate_is_that_of_the_kind_and_falls_with_skill():
    """.020, .030, none, .015 and .060; e^-1.5 a point of skill; one factor for all."""
    each = [(CHAIN, A, kind) for kind in RETURN]
    world, process = projects_of(*each, parameters={"death_factor": 2.0})
    world.secretaries.skill[A] = REFERENCE + 0.20
    assert process.death_rates() == pytest.approx(2 * np.exp(-0.3) * np.array([0.020, 0.030, 0.0, 0.015, 0.060]))


@pytest.mark.parametrize("side", [-1, 1])
def test_a_project_dies_where_the_lot_of_the_month_lies_beyond_survival(side):
    """At .06 a year in January; with all its seed money, at its own instant, even while it is built up."""
    survives = np.exp(-0.06 * 31 / 365.25)
    world, _ = projects_of((COOPERATIVE, C, OWN), uniform={"project.dies": survives + side * 1e-9})
    until(world, 31.1)
    if side < 0:
        assert world.projects.alive.all()
    else:
        assert world.projects.ended[0] == pytest.approx(31, abs=0.01)
        assert world.projects.lost[0] == 1e6
        assert world.projects.earning_since[0] > world.projects.ended[0]
        assert not world.cooperatives.principal.any()


def test_a_firm_takes_all_that_was_lent_to_it_along():
    """Firm 3 of five fails: what is lent to it ends at one instant and is lost; the rest goes on."""
    luck = {
        "project.firm": lambda *who: np.where(np.asarray(who[0]) % 1_000 == 206, 0.1, 0.7),
        "lead_firm.fails": lambda firm, month: np.where(np.asarray(firm) == 3, 1 - 1e-9, 1e-9),
    }
    grants = (CHAIN, A, LENT), (CHAIN, C, LENT), (CHAIN, B), (UNION, B, LENT)
    world, _ = projects_of(*grants, uniform=luck)
    assert world.projects.firm.tolist() == [3, 0, -1, 3]
    until(world, 365.0)
    ended = world.projects.ended
    assert ended[0] == ended[3] < 31
    assert np.isinf(ended[[1, 2]]).all()
    assert world.projects.lost.tolist() == [1e6, 0, 0, 1e6]


MONTH = 365.25 / 12
FIRST, SECOND = (48 + 24 * 0.25) * MONTH, (48 + 24 * 0.75) * MONTH  # lengths of two terms


def lent(renewed, back, idle=0.99):
    """A million lent to a firm in A, whose first term has 54 months and all others 66; what comes of it by the eleventh year."""
    luck = {
        "project.first_term": 0.25, "project.term": 0.75, "project.idle": idle,
        "project.renewed": lambda *who: np.asarray(renewed[int(who[-1]) - 1], float), "project.back": back,
    }  # fmt: skip
    world, _ = projects_of((CHAIN, A, LENT), uniform=luck)
    until(world, 11 * 365.25)
    return world


def test_what_was_lent_is_renewed_until_it_is_not_and_then_comes_back():
    """A lot of .49 renews it for the new term, one of .51 does not; .79 brings all of it back to the members."""
    world = lent(renewed=(0.49, 0.51), back=0.79)
    assert world.projects.ended[0] == pytest.approx(FIRST + SECOND)
    assert world.cooperatives.principal == pytest.approx((world.village_of == A) * SHARE * 1e6)
    assert world.projects.lost[0] == 0


def test_what_does_not_come_back_is_lost():
    world = lent(renewed=(0.51,), back=0.81)
    assert world.projects.ended[0] == pytest.approx(FIRST)
    assert not world.cooperatives.principal.any()
    assert world.projects.lost[0] == 1e6


def test_what_never_earned_is_not_renewed():
    world = lent(renewed=(0.49,), back=0.79, idle=0.03)
    assert world.projects.ended[0] == pytest.approx(FIRST)
    assert world.cooperatives.principal.sum() == pytest.approx(1e6)


def test_many_projects_survive_as_their_rate_says():
    """Oracle: e^(-.06 x 3) of 4,000 that begin together; false alarm 6e-5. The twin at twice the rate is refused."""
    world = world_by_hand(normal=NO_LUCK)
    world.draws = Draws.of_replication(3, 1)
    world.secretaries.skill[:] = REFERENCE
    process = Projects(world)
    found(world, process, *((COOPERATIVE, i % N, OWN) for i in range(4_000)))
    for month in world.calendar.months[1:36]:
        until(world, month.start)
        process.open(month)
    until(world, month_of(world, 2024, 1).start)
    years = month_of(world, 2024, 1).start / 365.25
    n_alive = int(world.projects.alive.sum())
    assert_share_is(np.exp(-0.06 * years), n_alive, 4_000)
    with pytest.raises(AssertionError, match="standard errors"):
        assert_share_is(np.exp(-0.12 * years), n_alive, 4_000)


# own investment


def invested(pot, lot=1 - 1e-9, skill=REFERENCE, kind=0.5):
    """The county on 1 January, A's account pooled, with so much in the pots of A and C."""
    world, process = projects_of(uniform={"investment": lot, "project.kind": kind})
    pool(world, A)
    world.secretaries.skill[:] = skill
    world.cooperatives.pot[[A, C]] = pot
    process.open(month_of(world, 2021, 1))
    return world


@pytest.mark.parametrize(("pot", "put"), [(49_999.0, []), (50_000.0, [45_000.0]), (4e6, [3e6])])
def test_an_account_puts_nine_tenths_of_its_pot_into_one_project_of_all_its_parts(pot, put):
    """From 50,000 yuan on and up to 3 million; nobody grants, nobody matches; members of A's three parts share it."""
    world = invested([pot, 0.0])
    assert world.projects.own.tolist() == pytest.approx(put)
    assert not world.projects.granted.any()
    assert world.projects.form.tolist() == [ACCOUNT] * len(put)
    assert world.cooperatives.invested == pytest.approx((world.village_of == A) * SHARE * sum(put))
    assert not world.projects.n_grants.any()


@pytest.mark.parametrize("side", [-1, 1])
def test_the_rate_of_investment_follows_skill(side):
    """.6 x (.42 + S) a year: the lot lies just below or above survival."""
    survives = np.exp(-0.6 * (0.42 + 0.7) * 31 / 365.25)
    world = invested([60_000.0, 60_000.0], lot=survives + side * 1e-9, skill=0.7)
    assert len(world.projects.own) == (2 if side > 0 else 0)


@pytest.mark.parametrize(
    ("pot", "lot", "kind"),
    [
        (60_000.0, 1e-9, LENT),
        (60_000.0, 0.55, LENT),
        (60_000.0, 0.56, JOINT),
        (150_000.0, 0.35, BOUGHT),
        (1e6, 0.95, OWN),
    ],
)
def test_an_account_invests_in_what_it_can_afford(pot, lot, kind):
    """Weights .25 .20 .25 .20 .10 of those kinds that cost no more than the pot: 100, 300, 50, 50, 200 thousand."""
    assert invested([pot, 0.0], kind=lot).projects.kind.tolist() == [kind]


# money from outside


def with_helper(lot, n_months=24):
    """A helper stands beside A's secretary, from the first month on; what comes from outside by month, and the world."""
    world, process = projects_of(uniform={"helper.month": lot, "project.kind": 0.99}, normal={"helper.money": 0.8})
    world.levers.helped.set("test", lambda: np.arange(N) == A)
    world.levers.helped.refresh()
    brought = []
    for month in world.calendar.months[:n_months]:
        process.open(month)
        brought.append(process.outside_capital.copy())
    return np.array(brought), world, process


@pytest.mark.parametrize(("lot", "when"), [(1e-9, 2), (0.5, 8), (1 - 1e-9, 13)])
def test_a_helper_brings_money_once(lot, when):
    """300,000 yuan on average, in the second to thirteenth month; the village's own, no grant and matched by nobody."""
    brought, world, _ = with_helper(lot)
    money = 300_000 * np.exp(0.7 * 0.8 - 0.7**2 / 2)
    assert brought[when - 1] == pytest.approx((world.village_of == A) * SHARE * money)
    assert brought.sum() == pytest.approx(money)
    projects = world.projects
    assert (projects.granted.sum(), projects.own.sum(), projects.kind.tolist()) == (0, 0, [OWN])
    assert projects.outside == pytest.approx([money])
    assert projects.kept == pytest.approx([1.0])
    assert not world.cooperatives.invested.any()
    assert not projects.n_grants.any()


def test_a_helper_brings_some_income_every_month_and_speeds_investment():
    """15,000 a year, by members; investment at 1.5 times the rate: a lot of survival at 1.2 times strikes with a helper only."""
    _, world, process = with_helper(0.5, n_months=1)
    process.close(month_of(world, 2021, 1))
    assert world.cooperatives.outside == pytest.approx((world.village_of == A) * SHARE * 15_000 * 31 / 365.25)
    pool(world, A)
    world.cooperatives.pot[[A, C]] = 60_000.0
    world.draws.uniforms["investment"] = np.exp(-1.2 * 0.6 * (0.42 + REFERENCE) * 28 / 365.25)
    process.open(month_of(world, 2021, 2))
    assert world.projects.village.tolist() == [A]


def test_who_has_left_brings_nothing():
    _, world, process = with_helper(0.5, n_months=3)
    world.levers.helped.drop("test")
    world.levers.helped.refresh()
    for month in world.calendar.months[3:24]:
        process.open(month)
        process.close(month)
    assert not world.projects.outside.any()
    assert not world.cooperatives.outside.any()


# luck of one's own


def test_equal_projects_of_one_village_and_month_have_luck_of_their_own():
    """Told apart by their number; another form, village or month changes nothing for them."""
    world, process = projects_of((CHAIN, A), (CHAIN, A), (COOPERATIVE, A), normal={"project.luck": lambda *w: w[3]})
    assert world.projects.who[:, 3].tolist() == [0, 1, 0]
    assert world.projects.rate == pytest.approx([0.060, 0.080, 0.060])
    found(world, process, (CHAIN, A), month=(2021, 2))
    assert world.projects.who[3, 3] == 0


# who gets seed money


def measure_of(world, **settings):
    """Seed money in a world."""
    policy = SeedMoney(start="2021-01-01", **({"form": "chain", "projects": 24} | settings))
    return policy, ActivePolicy(policy, world, policy.target.rows(world, policy.label))


def test_what_is_paid_is_capital_to_the_fen():
    """Of two grants of 500,000.01 yuan 76% of the fen: one whole and a smaller one; of nothing none."""
    world, _ = projects_of()
    policy, active = measure_of(world, grant=500_000.01)
    month = month_of(world, 2021, 1)
    assert policy.claim(active, month) == pytest.approx(1_000_000.02)
    paid = 76_000_000
    policy.act(active, month, paid / 100_000_002)
    assert [grant.money for grant in world.grants] == [500_000.01, 259_999.99]
    world.grants.clear()
    policy.act(active, month, 0.0)
    assert not world.grants


def test_the_noise_of_floats_adds_no_fen_to_a_claim_and_a_begun_one_is_capital_too():
    """Three grants of 300.05 yuan cost 90,015 fen, though the product of floats lies above; of 100.005 yuan 30,002."""
    for grant, fens in ((300.05, [30_005, 30_005, 30_005]), (100.005, [10_000, 10_000, 10_002])):
        world, _ = projects_of()
        policy, active = measure_of(world, grant=grant, projects=36)
        month = month_of(world, 2021, 1)
        assert fen_up(policy.claim(active, month)) == sum(fens)
        policy.act(active, month, 1.0)
        assert [round(100 * grant.money) for grant in world.grants] == fens


def test_the_weights_of_the_policy_go_with_the_grant():
    """Nine in ten lent, one in ten for the village's own business."""
    world, _ = projects_of()
    policy, active = measure_of(world, bought=0.0, built=0.0, lent=9.0, joint=0.0, own=1.0)
    policy.act(active, month_of(world, 2021, 1), 1.0)
    assert [grant.mix for grant in world.grants] == [(0.0, 0.0, 9.0, 0.0, 1.0)] * 2


def test_a_years_projects_are_spread_over_its_months():
    """Seven: none in January, one by February, seven by December; never two in one village and month."""
    world, _ = projects_of()
    policy, active = measure_of(world, projects=7)
    by_month = [policy.n_of(active, month_of(world, 2021, month)) for month in range(1, 13)]
    assert np.cumsum(by_month).tolist() == [7 * m // 12 for m in range(1, 13)]
    policy, active = measure_of(world, projects=1_200)
    assert policy.n_of(active, month_of(world, 2021, 1)) == 4


def test_targeted_villages_get_theirs_one_after_the_other():
    """By a lot that does not change, whoever has had fewest first: A, B, C of the first township, then again."""
    lots = {
        "lot.seed_money": lambda keys: np.select([np.asarray(keys) % 1_000 == i for i in (202, 205)], [0.5, 0.2], 0.9)
    }
    world, process = projects_of(uniform=lots)
    policy, active = measure_of(world, target=townships(world.place.township_names[0]), projects=12)
    served = []
    for number in range(1, 8):
        policy.act(active, month_of(world, 2021, number), 1.0)
        served.append(world.grants[0].village)
        process.open(month_of(world, 2021, number))
    assert served == [B, A, C, B, A, C, B]


def test_where_all_may_apply_the_strong_are_served_first_as_often_as_the_root_of_their_income():
    """Equal lots of 1/2: -log(1/2)/sqrt(income) rises from the richest to the poorest; at zero drift the lot alone decides."""
    world, _ = projects_of(uniform={"lot.seed_money": 0.5})
    policy, active = measure_of(world)
    month = month_of(world, 2021, 1)
    assert policy.queue(active, month).tolist() == [A, C, B, D]  # 1,250, 500, 450 and 160 thousand
    even = {"lot.seed_money": lambda keys, month: 0.25 + 0.125 * (np.asarray(keys) % 2)}
    world, _ = projects_of(uniform=even, parameters={"project_drift": 0.0})
    policy, active = measure_of(world)
    odd = world.keys[policy.queue(active, month)] % 2
    assert odd.tolist() == sorted(odd.tolist(), reverse=True)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"form": "firm"}, "one of union, chain, cooperative, company"),
        ({"projects": -1}, "between 0 and 100,000"),
        ({"projects": 1.5}, "a whole number"),
        ({"grant": 0.0}, "above 0 yuan"),
        ({"lent": -1.0}, "a weight of at least 0"),
        ({"bought": 0.0, "built": 0.0, "lent": 0.0, "joint": 0.0, "own": 0.0}, "above 0 where all other weights are 0"),
        ({"grant": float("nan")}, "must be a finite number"),
    ],
)
def test_settings_are_checked(settings, said):
    with pytest.raises(PolicyError, match=said):
        SeedMoney(start="2021-01-01", **({"form": "chain", "projects": 24} | settings))

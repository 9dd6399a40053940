"""Claim: returns, shares, lives and deaths of projects, and who gets seed money, follow equation E4, by hand.

No chance: the unequal county, with luck set by the test; but for the survival of many projects, with its false alarm stated.
"""

import numpy as np
import pytest
from checks import assert_share_is
from unit.processes.unequal_county import MEMBERS, SHARE, A, B, C, D, N, merge, month_of, pool, until, world_by_hand

from villagesim.agents.projects import CHAIN, COMPANY, COOPERATIVE, FORMS, UNION, Grant
from villagesim.agents.secretaries import reference_skill
from villagesim.errors import PolicyError
from villagesim.parameters import DEFAULTS
from villagesim.policies import SeedMoney
from villagesim.policies.policy import ActivePolicy
from villagesim.processes.projects import Projects
from villagesim.randomness import Draws
from villagesim.targets import townships

REFERENCE = reference_skill(DEFAULTS)
NO_LUCK = {"project.luck": 0.0, "project.year": 0.0}
NOBODY_DIES = {"project.dies": 1e-9, "lead_firm.fails": 1e-9}
MONTHS = {"union": 15, "chain": 6, "cooperative": 12, "company": 12}


def projects_of(*grants, uniform=None, normal=None, merged=True, **settings):
    """The county and projects that began on 1 January 2021; secretaries at mean skill, nobody dies unless told to."""
    world = world_by_hand(NOBODY_DIES | (uniform or {}), NO_LUCK | (normal or {}), **settings)
    if merged:
        merge(world)
    world.secretaries.skill[:] = REFERENCE
    process = Projects(world)
    found(world, process, *grants)
    return world, process


def found(world, process, *grants, month=(2021, 1)):
    """Let projects begin on the first of a month: pairs of a form and a village, with a million each."""
    world.grants += [Grant(form, village, 1e6, np.ones(N, bool)) for form, village in grants]
    process.open(month_of(world, *month))


# return


def test_the_return_of_each_form_at_mean_skill():
    """.050, .055, .060 and .050 of capital and year, without luck."""
    _, process = projects_of((UNION, A), (CHAIN, B), (COOPERATIVE, C), (COMPANY, D))
    assert process.rate(2021) == pytest.approx([0.050, 0.055, 0.060, 0.050])


def test_luck_for_ever_and_of_the_year():
    """One spread of the form for ever, half of it for the year: 1.5 and -.4 standard normals."""
    _, process = projects_of(
        (UNION, A), (CHAIN, B), (COOPERATIVE, C), (COMPANY, D), normal={"project.luck": 1.5, "project.year": -0.4}
    )
    spread = np.array([0.04, 0.01, 0.12, 0.08])
    assert process.rate(2021) == pytest.approx(np.array([0.050, 0.055, 0.060, 0.050]) + 1.5 * spread - 0.2 * spread)


def test_skill_raises_the_return_by_three_hundredths_a_point():
    """Of the village's secretary today; a union of A and B has the mean of both, by members."""
    world, process = projects_of((CHAIN, B), (UNION, A))
    world.secretaries.skill[[A, B, C]] = 0.78, 0.38, 0.68
    stakes = np.array([1_000, 1_000, 400]) / 2_400  # A, B and C lie in the first township
    mean = (stakes * [0.78, 0.38, 0.68]).sum()
    assert process.rate(2021) == pytest.approx([0.055 - 0.03 * (REFERENCE - 0.38), 0.050 + 0.03 * (mean - REFERENCE)])


def test_premiums_and_pooled_accounts_raise_the_return():
    """What policies add, and half a point where the accounts of a merged village are one; C was not merged."""
    world, process = projects_of((CHAIN, A), (CHAIN, B), (CHAIN, C))
    pool(world, B)
    world.levers.project_premium.set("test", lambda: np.where(world.village_of == A, 0.02, 0.0))
    world.levers.project_premium.refresh()
    assert process.rate(2021) == pytest.approx([0.075, 0.060, 0.055])


@pytest.mark.parametrize(("log_price", "lost"), [(None, 0.0), (-0.3, 0.0), (np.log(1.25), 0.025)])
def test_dear_crops_are_sold_elsewhere(log_price, lost):
    """A tenth of what the price lies above its mean, where households deliver to a company; nowhere else."""
    world, process = projects_of((COOPERATIVE, A), (COMPANY, B))
    world.log_price = log_price
    assert process.rate(2021) == pytest.approx([0.060, 0.050 - lost])


@pytest.mark.parametrize("form", FORMS)
def test_a_project_earns_after_its_gestation_and_then_ever_more(form):
    """1 - e^-t, t years after it was built up: summed by months it is the integral, in every month of three years."""
    world, process = projects_of((list(FORMS).index(form), A))
    built = MONTHS[form] * 365.25 / 12
    until(world, 1_100)
    for year in (2021, 2022, 2023):
        for number in range(1, 13):
            month = month_of(world, year, number)
            days = np.arange(month.start, month.start + month.days, 0.01) + 0.005
            strength = np.where(days > built, 1 - np.exp(-(days - built) / 365.25), 0.0)
            assert process.years_earning(month)[0] == pytest.approx(strength.mean() * month.years, abs=1e-7)


def test_a_project_earns_until_the_day_it_ends():
    """Half of a January at full strength, then nothing any more."""
    world, process = projects_of((CHAIN, A))
    world.projects.earning_since[0], world.projects.ended[0] = -1e5, 15.5
    assert process.years_earning(month_of(world, 2021, 1))[0] == pytest.approx(15.5 / 365.25)
    assert process.years_earning(month_of(world, 2021, 2))[0] == 0


# what collectives keep, and who owns it


def test_what_the_collectives_keep():
    """All of union and chain; of 1.2 million 1 + .2 x .2, of 2.3 million 1 + .2 x 1.3."""
    world, _ = projects_of((UNION, A), (CHAIN, B), (COOPERATIVE, C), (COMPANY, D))
    assert world.projects.capital == pytest.approx([1e6, 1e6, 1.2e6, 2.3e6])
    assert world.projects.kept * world.projects.capital == pytest.approx([1e6, 1e6, 1.04e6, 1.26e6])


def test_gains_and_losses_are_income_of_the_members_of_the_village():
    """At .060 in A and, with luck, -.180 in D: by members within each village; the books hold both until they close."""
    sign = {"project.luck": lambda *who: np.where(np.asarray(who[0]) % 1_000 == 202, 0.0, -2.0)}
    world, process = projects_of((COOPERATIVE, A), (COOPERATIVE, D), normal=sign)
    world.projects.earning_since[:] = -1e5
    month = month_of(world, 2021, 1)
    process.close(month)
    in_a, in_d = world.village_of == A, world.village_of == D
    gained, lost = 1.04e6 * 0.060 * month.years, 1.04e6 * 0.180 * month.years
    assert world.cooperatives.project_income == pytest.approx(in_a * SHARE * gained - in_d * SHARE * lost)
    assert process.losses == pytest.approx(in_d * SHARE * lost)
    assert world.projects.result == pytest.approx([1.2e6 * 0.060 * month.years, -1.2e6 * 0.180 * month.years])


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


# deaths


def test_the_death_rate_falls_with_skill_and_doubles_after_two_years_of_loss():
    """By form .025, .01, .04, .035; e^-1.5 a point of skill; two years in a row."""
    world, process = projects_of((UNION, D), (CHAIN, B), (COOPERATIVE, C), (COMPANY, A))
    world.secretaries.skill[B] = REFERENCE + 0.20
    world.projects.loss_years[:] = 0, 0, 2, 1
    assert process.death_rates() == pytest.approx([0.025, 0.01 * np.exp(-1.5 * 0.2), 0.08, 0.035])


def test_years_of_loss_count_in_a_row_and_years_of_gestation_do_not():
    """Loss, nothing, loss, gain: 1, 1, 2, 0."""
    world, process = projects_of((CHAIN, A))
    seen = []
    for result in (-5.0, 0.0, -1.0, 3.0):
        world.projects.result[:] = result
        process.count_losses()
        seen.append(int(world.projects.loss_years[0]))
        assert world.projects.result[0] == 0
    assert seen == [1, 1, 2, 0]


def test_the_year_of_a_project_is_closed_in_december():
    """A loss of November counts a month later."""
    world, process = projects_of((CHAIN, A))
    world.projects.result[0] = -1e6
    process.close(month_of(world, 2021, 11))
    assert world.projects.loss_years[0] == 0
    process.close(month_of(world, 2021, 12))
    assert world.projects.loss_years[0] == 1


@pytest.mark.parametrize("side", [-1, 1])
def test_a_project_dies_where_the_lot_of_the_month_lies_beyond_survival(side):
    """At .04 a year in January; with all its seed money, at its own instant, even while it is built up."""
    survives = np.exp(-0.04 * 31 / 365.25)
    world, _ = projects_of((COOPERATIVE, C), uniform={"project.dies": survives + side * 1e-9})
    until(world, 31.1)
    if side < 0:
        assert world.projects.alive.all()
    else:
        assert world.projects.ended[0] == pytest.approx(31, abs=0.01)
        assert world.projects.lost[0] == 1e6
        assert np.isinf(world.projects.earning_since[0])


def test_a_lead_firm_takes_all_its_projects_along():
    """Firm 3 of five fails: those in its chain end at one instant and lose six tenths; others go on."""
    luck = {
        "project.firm": lambda *who: np.where(np.asarray(who[0]) % 1_000 == 206, 0.1, 0.7),
        "lead_firm.fails": lambda firm, month: np.where(np.asarray(firm) == 3, 1 - 1e-9, 1e-9),
    }
    world, _ = projects_of((CHAIN, A), (CHAIN, C), (COOPERATIVE, B), (CHAIN, B), uniform=luck)
    assert world.projects.firm.tolist() == [3, 0, -1, 3]
    until(world, 365.0)
    ended = world.projects.ended
    assert ended[0] == ended[3] < 31
    assert np.isinf(ended[[1, 2]]).all()
    assert world.projects.lost.tolist() == [6e5, 0, 0, 6e5]


def test_many_projects_survive_as_their_rate_says():
    """Oracle: e^(-.04 x 3) of 4,000 that begin together; false alarm 6e-5. The twin at twice the rate is refused."""
    world = world_by_hand(normal=NO_LUCK)
    world.draws = Draws.of_replication(3, 1)
    world.secretaries.skill[:] = REFERENCE
    process = Projects(world)
    found(world, process, *((COOPERATIVE, i % N) for i in range(4_000)))
    for month in world.calendar.months[1:36]:
        until(world, month.start)
        process.open(month)
    until(world, month_of(world, 2024, 1).start)
    years = month_of(world, 2024, 1).start / 365.25
    n_alive = int(world.projects.alive.sum())
    assert_share_is(np.exp(-0.04 * years), n_alive, 4_000)
    with pytest.raises(AssertionError, match="standard errors"):
        assert_share_is(np.exp(-0.08 * years), n_alive, 4_000)


def test_equal_projects_of_one_village_and_month_have_luck_of_their_own():
    """Told apart by their number; another form, village or month changes nothing for them."""
    world, process = projects_of((CHAIN, A), (CHAIN, A), (COOPERATIVE, A), normal={"project.luck": lambda *w: w[3]})
    assert world.projects.who[:, 3].tolist() == [0, 1, 0]
    assert world.projects.luck == pytest.approx([0.0, 0.01, 0.0])
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


def test_the_fen_that_rounding_adds_to_a_claim_is_capital_too():
    """Three grants of 300.05 yuan are asked for as 90,016 fen, since the product of floats lies above 90,015."""
    world, _ = projects_of()
    policy, active = measure_of(world, grant=300.05, projects=36)
    month = month_of(world, 2021, 1)
    assert np.ceil(policy.claim(active, month) * 100) == 90_016
    policy.act(active, month, 1.0)
    assert [round(100 * grant.money) for grant in world.grants] == [30_005, 30_005, 30_006]


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
        ({"grant": float("nan")}, "must be a finite number"),
    ],
)
def test_settings_are_checked(settings, said):
    with pytest.raises(PolicyError, match=said):
        SeedMoney(start="2021-01-01", **({"form": "chain", "projects": 24} | settings))

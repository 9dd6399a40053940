"""Claim: who is in an alliance, and what alliances, brand, zones and belt add, is as the model says, by hand.

No chance: the unequal county, and townships made by hand.
"""

import numpy as np
import pytest
from unit.processes.unequal_county import MEMBERS, A, B, C, D, N, merge, month_of, world_by_hand

from villagesim.agents.alliances import AllianceOffer, clusters
from villagesim.agents.projects import CHAIN, Grant
from villagesim.errors import PolicyError
from villagesim.policies import Alliances, Belt, DemonstrationZones, UmbrellaBrand
from villagesim.policies.policy import ActivePolicy
from villagesim.processes.alliances import JointOrganisations
from villagesim.processes.projects import Projects
from villagesim.targets import townships, villages

ALL = np.ones(N, bool)


def allied(*, merged=True, **offer):
    """The county with one offer of alliances to all, paid in full unless told otherwise."""
    world = world_by_hand()
    if merged:
        merge(world)
    world.secretaries.skill[:] = 0.5
    process = JointOrganisations(world)
    settings = {"rows": ALL, "share": 1.0, "size": 3, "four_bodies": False, "paid_share": 1.0} | offer
    world.alliance_offers["offer"] = AllianceOffer(**settings)
    process.group(month_of(world, 2021, 1))
    world.levers.refresh("policies")
    return world, process


def test_the_strongest_lead_and_the_weakest_are_dealt_out_among_them():
    """Of ten villages six, in alliances of three: the two richest lead, of the four poorest each gets two."""
    income = np.array([7.0, 1.0, 9.0, 3.0, 8.0, 2.0, 6.0, 4.0, 5.0, 10.0])
    members, leaders = clusters(np.arange(10), np.zeros(10, int), income, 0.6, 3)
    found = dict(zip(members.tolist(), leaders.tolist(), strict=True))
    assert found == {9: 9, 2: 2, 1: 9, 5: 2, 3: 9, 7: 2}


def test_the_share_is_shared_out_over_townships():
    """Half of 5 and of 3 is 4: by largest remainder 3 and 1, and one village alone is no alliance; none elsewhere."""
    town = np.array([0, 0, 0, 0, 0, 2, 2, 2, 1])
    members, leaders = clusters(np.arange(8), town, np.arange(9.0), 0.5, 5)
    assert sorted(members.tolist()) == [0, 1, 4]
    assert (leaders == 4).all()


@pytest.mark.parametrize(("n_covered", "sizes"), [(2, [2]), (7, [7]), (8, [4, 4]), (9, [5, 4]), (12, [4, 4, 4])])
def test_alliances_are_never_smaller_than_asked_for(n_covered, sizes):
    """Of twelve villages so many, in alliances of four; what does not come out even makes some larger."""
    _, leaders = clusters(np.arange(12), np.zeros(12, int), np.arange(12.0), n_covered / 12, 4)
    assert sorted(np.unique(leaders, return_counts=True)[1], reverse=True) == sizes


def test_parts_follow_their_village():
    """A leads B and C of the first township; D is alone in the second."""
    world, _ = allied()
    assert world.alliances.leader.tolist() == [A] * 6 + [-1] * 2


def test_alliances_last_until_the_decree_forms_them_anew():
    """Whoever is poor later stays in; under new pointers all is anew."""
    world, process = allied(merged=False, size=6)
    first = world.alliances.leader.copy()
    assert first.tolist() == [2] * 6 + [7] * 2  # 900,000 and 90,000
    world.cooperatives.income_12m[:] = world.cooperatives.income_12m[::-1].copy()
    process.group(month_of(world, 2021, 2))
    assert (world.alliances.leader == first).all()
    merge(world)
    process.group(month_of(world, 2021, 3))
    assert world.alliances.leader.tolist() == [C] * 6 + [-1] * 2


@pytest.mark.parametrize(("paid", "n"), [(0.0, 0), (0.49, 0), (0.5, 1), (0.99, 1), (1.0, 2)])
def test_as_many_whole_alliances_as_are_paid_for(paid, n):
    """Of two, of four villages in the first township."""
    world, _ = allied(merged=False, size=2, share=2 / 3, paid_share=paid)
    leaders = world.alliances.leader
    assert len(np.unique(leaders[leaders >= 0])) == n


def test_alliances_are_formed_anew_while_the_policy_reaches_more_villages():
    """First D and the other village of its township, then all."""
    world, process = allied(merged=False, size=6, rows=np.arange(N) >= 6)
    assert world.alliances.leader.tolist() == [-1] * 6 + [7] * 2
    world.alliance_offers["offer"].rows = ALL
    process.group(month_of(world, 2021, 2))
    assert world.alliances.leader.tolist() == [2] * 6 + [7] * 2


def test_projects_in_an_alliance_or_a_belt_earn_a_hundredth_more_but_once():
    """A, B and C are in an alliance, C and D in a belt."""
    world, _ = allied()
    world.levers.belt.set("belt", lambda: np.isin(world.village_of, [C, D]))
    world.levers.refresh("policies")
    assert world.levers.project_premium.now == pytest.approx(np.full(N, 0.01))


def test_secretaries_learn_from_a_more_skilled_leader():
    """A fifth of the distance; nothing from one who is no better, nothing without an alliance."""
    world, _ = allied()
    world.secretaries.skill[[A, B, C, D]] = 0.7, 0.4, 0.9, 0.1
    world.levers.skill_support.set("other", lambda: 0.1)
    world.levers.skill_support.refresh()
    assert world.levers.skill_support.now[[A, B, C, D]] == pytest.approx([0.1, 0.16, 0.1, 0.1])


def test_nobody_is_in_an_alliance_of_two_offers():
    """The second by label gets whom the first has left; when the first is not paid any more it is formed at last."""
    world, process = allied()
    world.alliance_offers["second"] = AllianceOffer(ALL, 1.0, 2, False, 1.0)
    process.group(month_of(world, 2021, 2))
    assert world.alliances.leader.tolist() == [A] * 6 + [-1] * 2
    assert (process.formed["second"][-1] == -1).all()


def test_four_bodies_share_seed_money():
    """A grant for B belongs to the members of A, B and C; without four bodies to those of B."""
    for four_bodies, rows in ((True, range(6)), (False, (3, 4))):
        world, _ = allied(four_bodies=four_bodies)
        process = Projects(world)
        process.begin([Grant(CHAIN, B, 1e6, ALL, (1, 0, 0, 0, 0))], month_of(world, 2021, 1))
        assert world.projects.stake_row.tolist() == list(rows)
        assert world.projects.stake_share == pytest.approx(MEMBERS[list(rows)] / MEMBERS[list(rows)].sum())


# policies


def run_of(policy, paid=1.0, world=None):
    """The merged county in January, with this policy paid so far."""
    if world is None:
        world = world_by_hand()
        merge(world)
    active = ActivePolicy(policy, world, policy.target.rows(world, policy.label))
    policy.begin(active)
    policy.act(active, month_of(world, 2021, 1), paid)
    world.levers.refresh("policies")
    return world, active


JANUARY = 31 / 365.25


def test_what_they_cost():
    """A year: half of four villages at 5,000; four at 2,000; D's zone at 20,000; three villages of a belt at 3,000."""
    world = world_by_hand()
    merge(world)
    first, second = world.place.township_names
    for policy, yearly in (
        (Alliances(start="2021-01-01"), 10_000),
        (UmbrellaBrand(start="2021-01-01"), 8_000),
        (DemonstrationZones(start="2021-01-01", target=townships(second)), 20_000),
        (Belt(start="2021-01-01", target=townships(first)), 9_000),
    ):
        active = ActivePolicy(policy, world, policy.target.rows(world, policy.label))
        assert policy.claim(active, month_of(world, 2021, 1)) == pytest.approx(yearly * JANUARY), policy.kind


def test_the_brand_shines_on_neighbours():
    """Two of three villages of the first township have it: C earns .01 x .3 x 2/3 more, D in the second nothing."""
    world = world_by_hand()
    merge(world)
    codes = world.place.after.codes
    world, _ = run_of(UmbrellaBrand(start="2021-01-01", target=villages(codes[:2])), world=world)
    assert world.levers.project_premium.now == pytest.approx([0.01] * 5 + [0.002] + [0.0] * 2)
    assert world.levers.branded.now.tolist() == [True] * 5 + [False] * 3


def test_zones_are_the_richest_townships_reached():
    """2.2 million over 1,360 residents, against 160,000 over 240: the first; .02 of skill there."""
    world, _ = run_of(DemonstrationZones(start="2021-01-01", zones=1))
    assert world.levers.zones.now.tolist() == [True] * 6 + [False] * 2
    assert world.levers.skill_support.now == pytest.approx([0.02] * 6 + [0.0] * 2)


@pytest.mark.parametrize("kind", [UmbrellaBrand, DemonstrationZones, Belt])
@pytest.mark.parametrize(("paid", "n"), [(0.0, 0), (0.24, 0), (0.5, 2), (1.0, 4)])
def test_as_many_villages_as_are_paid_for(kind, paid, n):
    """Whole ones, of four; nothing is left when it ends."""
    world, active = run_of(kind(start="2021-01-01"), paid)
    reached = world.levers.branded.now | world.levers.zones.now | world.levers.belt.now
    assert len(np.unique(world.village_of[reached])) == n
    assert (reached == reached[world.village_of]).all()
    active.policy.finish(active)
    world.levers.refresh("policies")
    assert not (world.levers.branded.now | world.levers.zones.now | world.levers.belt.now).any()
    assert not world.levers.skill_support.now.any()


@pytest.mark.parametrize(
    ("kind", "settings", "said"),
    [
        (Alliances, {"share": 1.1}, "between 0 and 1"),
        (Alliances, {"size": 1}, "at least 2 villages"),
        (Alliances, {"cost_per_village": -1.0}, "at least 0 yuan"),
        (UmbrellaBrand, {"cost_per_village": -1.0}, "at least 0 yuan"),
        (DemonstrationZones, {"zones": 0}, "at least 1"),
        (Belt, {"cost_per_village": float("inf")}, "must be a finite number"),
    ],
)
def test_settings_are_checked(kind, settings, said):
    with pytest.raises(PolicyError, match=said):
        kind(start="2021-01-01", **settings)

"""Claim: every term of a vote, and what votes, handovers and disputes do, follows equation E1, by hand.

No chance: the lot of a vote lies a billionth above or below the chance worked out here. In village A, with 100, 300 and
600 members, 2,000, 500 and 1,500 yuan of income and 4,000, 0 and 500 yuan of debt a member, the means are 1,250 and 700.
"""

from datetime import date

import numpy as np
import pytest
from unit.processes.unequal_county import A, B, C, D, merge, month_of, until, world_by_hand

from villagesim.agents.committees import DELIBERATION, ECONOMY, LEADERSHIP, LIVELIHOOD, OPERATION
from villagesim.agents.secretaries import reference_skill
from villagesim.parameters import DEFAULTS
from villagesim.processes.fusion import Fusion

START = date(2021, 1, 1)
PARTS = {A: [0, 1, 2], B: [3, 4], D: [6, 7]}
STAKES = np.array(
    [
        -750 / 2_000
        + 0.06 * 3_300 / 1_250,  # (mean - own) / the larger one, and the service of the debt above the mean
        +750 / 1_250 - 0.06 * 700 / 1_250,
        -250 / 1_500 - 0.06 * 200 / 1_250,
    ]
)
BENEFITS = np.array([(44 - 80) / 80, (44 - 20) / 44, (44 - 50) / 50])  # A's mean: .1 x 80 + .3 x 20 + .6 x 50 = 44
REFERENCE = reference_skill(DEFAULTS)
CALM = {"trust": 0.5, "cohesion": 0.5, "skill": REFERENCE}


def weighed(gains):
    """A loss counts three times, a gain once."""
    return np.where(gains < 0, 3.0, 1.0) * gains


def fusion_of(normal=None, parameters=None, setting=CALM, home=C, **changes):
    """The county on its first day under the decree, with one mood everywhere and secretaries from elsewhere."""
    world = world_by_hand(normal=normal or {"vote.village": 0.0}, decree=START, parameters=parameters, **changes)
    merge(world)
    fusion = Fusion(world)
    fusion.begin(month_of(world, 2021, 1))
    world.members.trust[:] = setting["trust"]
    world.committees.cohesion[:] = setting["cohesion"]
    world.secretaries.skill[:] = setting["skill"]
    world.secretaries.home[:] = home
    fusion.reckon_utilities(month_of(world, 2021, 1))
    return world, fusion


def utility_is(expected, fusion, integration, village=A, facilitated=False):
    """Whether every part consents with the chance L(expected): yes just below it, no just above."""
    parts, chance = PARTS[village], 1 / (1 + np.exp(-np.asarray(expected)))
    for shift in (-1e-9, 1e-9):
        for part, p in zip(parts, chance, strict=True):
            luck = [0.0] * fusion.world.n_rows
            luck[part] = p + shift
            fusion.luck = lambda *which, luck=luck: [luck] * 8
            if fusion.vote(village, integration, 0, facilitated) != ([part] if shift > 0 else []):
                return False
    return True


def assembly_leans(expected, fusion, integration, village=A, facilitated=False):
    """Whether the joint assembly says yes with the chance L(expected), and whether its no is that of all parts."""
    chance = 1 / (1 + np.exp(-expected))
    for shift in (-1e-9, 1e-9):
        luck = [0.0 if shift > 0 else 1.0] * fusion.world.n_rows  # the lots of the parts do not count
        luck[village] = chance + shift
        fusion.luck = lambda *which, luck=luck: [luck] * 8
        if fusion.vote(village, integration, 0, facilitated) != (PARTS[village] if shift > 0 else []):
            return False
    return True


# what is at stake


def test_economy_weighs_income_and_the_service_of_debts():
    """u = .9 + 3 g where a part loses, + g where it gains; who owes more than the mean gains by pooling."""
    _, fusion = fusion_of()
    assert utility_is(0.9 + weighed(STAKES), fusion, ECONOMY)


def test_debts_alone_decide_where_incomes_are_equal():
    """.06 of the debt above the mean of 700, relative to 1,250; no more than a half either way."""
    income = 1_250.0 * np.array([100, 300, 600, 1, 1, 1, 1, 1])
    _, fusion = fusion_of(income=income)
    assert utility_is(0.9 + weighed(0.06 * np.array([3_300, -700, -200]) / 1_250), fusion, ECONOMY)
    debt = np.array([0.0, 30e6, 0.0, 0, 0, 0, 0, 0])  # 100,000 a member against a mean of 30,000
    _, fusion = fusion_of(income=income, debt=debt)
    assert utility_is(0.9 + weighed(np.array([-0.5, 0.5, -0.5])), fusion, ECONOMY)


def test_debts_move_pooling_the_way_of_who_owes():
    """The indebted part is keener than the part that owes nothing."""
    income = 1_250.0 * np.array([100, 300, 600, 1, 1, 1, 1, 1])
    _, fusion = fusion_of(income=income)
    assert fusion.utilities[ECONOMY][0] > 0.9 > fusion.utilities[ECONOMY][1]


def test_livelihood_weighs_benefits():
    """(mean - own) / the larger one, of benefits per member; debts and incomes do not count."""
    _, fusion = fusion_of()
    assert utility_is(0.9 + weighed(BENEFITS), fusion, LIVELIHOOD)


@pytest.mark.parametrize(("integration", "gains"), [(ECONOMY, STAKES), (LIVELIHOOD, BENEFITS)])
def test_a_tenth_of_the_stake_is_left_where_rights_are_frozen(integration, gains):
    """Three unchanged: g x .1 in the village it reaches."""
    world, fusion = fusion_of()
    world.levers.rights_frozen.now[:3] = True
    fusion.reckon_utilities(month_of(world, 2021, 1))
    assert utility_is(0.9 + weighed(0.1 * gains), fusion, integration)


# mood


@pytest.mark.parametrize(
    ("setting", "added"),
    [
        ({"trust": np.array([0.7, 0.4, 0.55, 0, 0, 0, 0, 0])}, 2.5 * np.array([0.2, -0.1, 0.05])),
        ({"cohesion": np.array([0, 0.3, 0, 0, 0, 0, 0, 0])}, 1.5 * -0.2),
        ({"skill": np.array([0, REFERENCE + 0.30, 0, 0, 0, 0, 0, 0])}, +0.30),
        ({"skill": np.array([0.9, REFERENCE - 0.20, 0.9, 0, 0, 0, 0, 0])}, -0.20),
    ],
    ids=["trust", "cohesion", "better skill", "worse skill"],
)
def test_mood_in_every_matter(setting, added):
    """2.5 (T - .5) of each part, 1.5 (C - .5) and (S - its reference) of the village's own committee and secretary."""
    _, fusion = fusion_of(setting=CALM | setting)
    added = added * np.ones(3)
    assert utility_is(0.9 + weighed(STAKES) + added, fusion, ECONOMY)
    assert utility_is(0.9 + weighed(BENEFITS) + added, fusion, LIVELIHOOD)
    by_members = 0.1 * added[0] + 0.3 * added[1] + 0.6 * added[2]
    for integration in (LEADERSHIP, OPERATION, DELIBERATION):
        assert assembly_leans(1.2 + by_members, fusion, integration)


@pytest.mark.parametrize(("home", "share"), [(0, 0.1), (1, 0.3), (2, 0.6)])
def test_the_part_of_the_secretary_is_keener(home, share):
    """0.4 in that part alone; in the assembly by its share of members."""
    _, fusion = fusion_of(home=home)
    own = 0.4 * (np.arange(3) == home)
    assert utility_is(0.9 + weighed(STAKES) + own, fusion, ECONOMY)
    assert assembly_leans(1.2 + 0.4 * share, fusion, DELIBERATION)


def test_a_facilitator_helps():
    """0.6 in every part, and in the assembly."""
    _, fusion = fusion_of()
    assert utility_is(0.9 + 0.6 + weighed(STAKES), fusion, ECONOMY, facilitated=True)
    assert assembly_leans(1.2 + 0.6, fusion, LEADERSHIP, facilitated=True)


@pytest.mark.parametrize(("years", "late"), [(1.0, 0.0), (2.0, 0.0), (3.5, 1.5), (4.9, 2.9)])
def test_votes_get_harder_from_the_third_year_on(years, late):
    """0.08 for every year past the second after the decree."""
    world, fusion = fusion_of()
    until(world, years * 365.25)
    assert utility_is(0.9 - 0.08 * late + weighed(STAKES), fusion, ECONOMY)
    assert assembly_leans(1.2 - 0.08 * late, fusion, OPERATION)


def test_lateness_counts_from_the_decree():
    """A decree in the second year starts the clock anew."""
    world = world_by_hand(normal={"vote.village": 0.0}, decree=date(2022, 1, 1))
    merge(world)
    until(world, 365)
    fusion = Fusion(world)
    fusion.begin(month_of(world, 2022, 1))
    world.members.trust[:] = world.committees.cohesion[:] = 0.5
    world.secretaries.skill[:], world.secretaries.home[:] = REFERENCE, C
    fusion.reckon_utilities(month_of(world, 2022, 1))
    until(world, 365 + 3 * 365.25)
    assert assembly_leans(1.2 - 0.08, fusion, OPERATION)


def test_villages_lean_by_themselves():
    """0.7 times a lasting lot of the village, in all matters."""
    _, fusion = fusion_of(normal={"vote.village": np.array([1.5, -2.0, 0.3])})
    assert utility_is(0.9 + 0.7 * 1.5 + weighed(STAKES), fusion, ECONOMY)
    assert assembly_leans(1.2 + 0.7 * 1.5, fusion, OPERATION)
    assert assembly_leans(1.2 - 0.7 * 2.0, fusion, OPERATION, village=B)
    assert assembly_leans(1.2 + 0.7 * 0.3, fusion, OPERATION, village=D)


def test_all_terms_together():
    """One vote on the economy in A, and one of its assembly, with every term at work."""
    setting = {"trust": np.linspace(0.2, 0.9, 8), "cohesion": 0.45, "skill": 0.7}
    world, fusion = fusion_of(normal={"vote.village": 0.5}, setting=setting, home=2)
    until(world, 3 * 365.25)
    common = 0.7 * 0.5 + 1.5 * -0.05 + (0.7 - REFERENCE) + 0.6 - 0.08
    trust = 2.5 * (np.array([0.2, 0.3, 0.4]) - 0.5)
    own = np.array([0, 0, 0.4])
    assert utility_is(0.9 + weighed(STAKES) + common + trust + own, fusion, ECONOMY, facilitated=True)
    in_assembly = (np.array([0.1, 0.3, 0.6]) * (1.2 + common + trust + own)).sum()
    assert assembly_leans(in_assembly, fusion, DELIBERATION, facilitated=True)


def test_a_utility_a_thousandth_off_is_noticed():
    """The twin: the measure used here tells 1.2 from 1.201, and one part from another."""
    _, fusion = fusion_of()
    assert not assembly_leans(1.201, fusion, OPERATION)
    assert not utility_is(0.9 + weighed(STAKES) + [0, 0, 0.001], fusion, ECONOMY)


# what votes do


def test_votes_move_trust_in_the_village_alone():
    """+.05 in every part of a village that has won, -.10 where it has lost."""
    world, fusion = fusion_of()
    fusion.carry_out(A, OPERATION)
    fusion.refuse(B, OPERATION, [3])
    assert world.members.trust_shock == pytest.approx([0.05, 0.05, 0.05, -0.10, -0.10, 0, 0, 0])
    assert world.committees.passed[A].tolist() == [1, 1, 0, 0, 0]
    assert world.committees.passed[B].tolist() == [1, 0, 0, 0, 0]


def test_a_vote_for_the_economy_pools_accounts_or_only_new_income():
    """Accounts in A; in B, where rights are frozen, new income; no other matter pools anything."""
    world, fusion = fusion_of()
    world.levers.rights_frozen.now[3:5] = True
    for village in (A, B):
        for integration in (OPERATION, LIVELIHOOD, ECONOMY):
            fusion.carry_out(village, integration)
    assert (world.to_pool, world.to_share) == ([A], [B])


def test_by_order_accounts_are_pooled_and_who_would_have_said_no_loses_trust():
    """In A its first part would have said no: it loses .60, all three quarrel. B would have agreed; in D rights are frozen."""
    world, fusion = fusion_of()
    world.levers.by_order.now[:] = True
    world.levers.rights_frozen.now[6:] = True
    luck = [0.0] * 8
    luck[0] = 1.0
    fusion.luck = lambda *which: [luck] * 8
    fusion.pool_by_order(month_of(world, 2021, 1))
    assert world.to_pool == [A, B]
    assert world.members.trust_shock.tolist() == [-0.6, 0, 0, 0, 0, 0, 0, 0]
    assert world.residents.forced.tolist() == [1, 1, 1, 0, 0, 0, 0, 0]
    assert (world.committees.passed[:, ECONOMY] == 0).all()
    assert [(kind, facts["against"]) for _, kind, _, facts in world.events] == [
        ("pooled_by_order", (world.place.before.codes[0],)), ("pooled_by_order", ()),
    ]  # fmt: skip


def test_without_an_order_nobody_is_asked_on_paper():
    world, fusion = fusion_of()
    fusion.pool_by_order(month_of(world, 2021, 1))
    assert not world.to_pool
    assert not world.events


def test_a_lost_matter_is_closed_for_180_days():
    """Lost on day 10, and open again on day 190."""
    world, fusion = fusion_of()
    fusion.luck = lambda *which: [[1.0] * 8] * 8
    until(world, 10)
    fusion.open.pop((A, ECONOMY)).succeed()
    until(world, 189.99)
    assert (A, ECONOMY) not in fusion.open
    until(world, 190.01)
    assert (A, ECONOMY) in fusion.open
    assert [(day, kind) for day, kind, *_ in world.events] == [(10, "attempt_started"), (10, "vote_lost")]


def test_a_facilitator_takes_ten_officer_days_and_is_there_at_the_vote():
    """10 of 220 working days a year, and a vote that only 0.6 more can win, where the programme reaches."""
    world, fusion = fusion_of()
    world.levers.programme.now[:3] = True
    world.levers.facilitators.now[0] = 1
    fusion.staff_desks()
    between = 1 / (1 + np.exp(-1.5))  # above the chance without help, below that with it
    fusion.luck = lambda *which: [[between] * 8] * 8
    until(world, 5)
    for village in (A, B):
        fusion.open.pop((village, OPERATION)).succeed()
    until(world, 40)
    votes = {village: (day, kind) for day, kind, village, _ in world.events if kind.startswith("vote")}
    assert votes == {A: (pytest.approx(5 + 10 * 365.25 / 220), "vote_won"), B: (5, "vote_lost")}


def test_the_programme_quadruples_attempts():
    """.8 a year in place of .2 where it reaches."""
    world, _ = fusion_of()
    world.levers.programme.now[[1, 6]] = True
    world.levers.attempt_rate.refresh()
    assert world.levers.attempt_rate.now == pytest.approx([0.2, 0.8, 0.2, 0.2, 0.2, 0.2, 0.8, 0.2])


# what time does


def test_the_decree_passes_the_first_milestone_and_lowers_cohesion():
    """.4 in merged villages, .6 in those that stay alone."""
    world = world_by_hand(decree=START)
    merge(world)
    Fusion(world).begin(month_of(world, 2021, 1))
    assert world.committees.cohesion == pytest.approx([0.6, 0.4, 0.6, 0.6, 0.4, 0.6, 0.4, 0.6])
    assert world.committees.passed[:, LEADERSHIP].tolist() == [0, 1, 0, 0, 1, 0, 1, 0]
    assert world.committees.passed.sum() == 3


@pytest.mark.parametrize(("passed", "target"), [(0, 0.4), (1, 0.55), (2, 0.7)])
def test_cohesion_tends_to_where_leadership_stands(passed, target):
    """C goes 1 - e^-.5t of the way to .4 + .3 leadership in a month, in merged villages alone."""
    world, fusion = fusion_of()
    world.committees.cohesion[:] = 0.5
    world.committees.passed[:] = [passed, 1, 2, 0, 1]
    fusion.grow_together(month_of(world, 2021, 1))
    moved = 0.5 + (target - 0.5) * (1 - np.exp(-0.5 * 31 / 365.25))
    assert world.committees.cohesion[[A, B, D]] == pytest.approx([moved] * 3)
    assert world.committees.cohesion[[0, 5]] == pytest.approx([0.5, 0.5])


KEPT = {
    A: np.exp(-0.05 * 5 * 31 / 365.25) * 0.9,  # 3 open disputes of 600 residents, and a new secretary
    B: np.exp(-0.05 * 4 * 31 / 365.25),  # 2 of 500
    D: 0.9,  # none, but a new secretary
}


@pytest.mark.parametrize("relapsing", [None, A, B, D])
def test_second_milestones_are_lost_by_handovers_and_disputes(relapsing):
    """A tenth at a handover, .05 a year for every open dispute per 1,000 residents; one register and ledger stay."""
    lots = np.array([[KEPT[v] + (1e-9 if v == relapsing else -1e-9)] for v in (A, B, D)])
    world = world_by_hand({"relapse": lots}, decree=START)
    merge(world)
    fusion = Fusion(world)
    fusion.begin(month_of(world, 2021, 1))
    world.committees.passed[[A, B, D]] = [2, 2, 2, 1, 1]
    until(world, 1)
    world.secretaries.number[[A, D]] += 1
    world.residents.open_disputes[[0, 1, 3]] = 1, 2, 2
    fusion.relapse(month_of(world, 2021, 1))
    for village in (A, B, D):
        left = [1, 1, 1, 1, 1] if village == relapsing else [2, 2, 2, 1, 1]
        assert world.committees.passed[village].tolist() == left


def test_a_handover_counts_once_and_first_milestones_stay():
    """Lots that only a handover can lose with: low in its own month, high in the next; first milestones never go."""
    lots = {"relapse": lambda keys, integrations, month: 0.95 if month == 12 * 2021 + 1 else 0.5}
    world = world_by_hand(lots, decree=START)
    merge(world)
    fusion = Fusion(world)
    fusion.begin(month_of(world, 2021, 1))
    world.committees.passed[[A, D]] = [[1, 1, 1, 0, 0], [2, 2, 2, 0, 0]]
    until(world, 1)
    world.secretaries.number[:] += 1
    for month in (1, 2):
        fusion.relapse(month_of(world, 2021, month))
        assert world.committees.passed[[A, D]].tolist() == [[1, 1, 1, 0, 0], [2, 2, 2, 0, 0]]
    world.secretaries.number[A] += 1
    world.secretaries.number[D] += 1
    fusion.relapse(month_of(world, 2021, 2))
    assert world.committees.passed[[A, D]].tolist() == [[1, 1, 1, 0, 0], [1, 1, 1, 0, 0]]


@pytest.mark.parametrize("relapsing", [None, A, D])
def test_a_handover_that_was_prepared_loses_fewer_milestones(relapsing):
    """Of a tenth, a half is prevented in A and all in D; of disputes nothing is."""
    kept = {A: np.exp(-0.05 * 5 * 31 / 365.25) * 0.95, B: np.exp(-0.05 * 4 * 31 / 365.25), D: 1.0 - 2e-9}
    lots = np.array([[kept[v] + (1e-9 if v == relapsing and v != D else -1e-9)] for v in (A, B, D)])
    world = world_by_hand({"relapse": lots}, decree=START)
    merge(world)
    fusion = Fusion(world)
    fusion.begin(month_of(world, 2021, 1))
    world.committees.passed[[A, B, D]] = [2, 2, 2, 1, 1]
    until(world, 1)
    world.secretaries.number[[A, D]] += 1
    world.levers.handover_loss.now[[A, B, D]] = [0.5, 0.0, 0.0]
    world.residents.open_disputes[[0, 1, 3]] = 1, 2, 2
    fusion.relapse(month_of(world, 2021, 1))
    lost = {v: world.committees.passed[v].tolist() != [2, 2, 2, 1, 1] for v in (A, B, D)}
    assert lost == {A: relapsing == A, B: False, D: False}


@pytest.mark.parametrize("side", [-1, 1])
def test_a_well_kept_office_tries_operation_and_deliberation_more_often(side):
    """At 1.5 times the rate of the others: the lot of no attempt in a month lies between the two."""
    nobody = np.exp(-0.2 * 1.5 * 31 / 365.25)
    world = world_by_hand({"attempt.n": nobody + side * 1e-9}, decree=START)
    merge(world)
    fusion = Fusion(world)
    fusion.begin(month_of(world, 2021, 1))
    until(world, 1)
    world.levers.attempt_rate.now[:] = 0.2
    world.levers.office_pace.set("policy", lambda: np.where(np.arange(8) == A, 1.5, 1.0))
    world.levers.office_pace.refresh()
    fusion.reckon_utilities(month_of(world, 2021, 1))
    fusion.spawn_attempts(month_of(world, 2021, 1))
    until(world, 32)
    tried = [(village, facts["integration"]) for _, kind, village, facts in world.events if kind == "attempt_started"]
    assert sorted(tried) == ([(A, "deliberation"), (A, "operation")] if side > 0 else [])

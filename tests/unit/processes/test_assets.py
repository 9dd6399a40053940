"""Claim: surveys, work by yield, relapse, letting and what a merger loses follow E8, E16, E16b, by hand in the unequal county.

No chance: luck is set by the test. Contracts: four in the first constituent (two faulty), two in the second (one faulty), one
sound one in every other. A parcel in the first, a building in C, an office of row 0 that A leaves empty.
"""

import numpy as np
import pytest
from unit.processes.unequal_county import A, B, C, N, merge, month_of, pool, world_by_hand

from villagesim.agents.assets import (
    BUILDING,
    CONTRACT,
    EASY_DEBT,
    HARD_DEBT,
    LAND,
    LEDGER,
    OFFICE,
    AssetColumns,
    Campaign,
    ContractColumns,
    first_of,
    ranks,
)
from villagesim.agents.committees import ECONOMY, LIVELIHOOD
from villagesim.processes.assets import Assets

JANUARY = 31 / 365.25  # years
ROWS = np.array([0, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7])
FIRST, HARD, SECOND = 0, 1, 4
"""The three faulty contracts."""
N_CONTRACTS = len(ROWS)
PARCEL, HOUSE, VACANT, EASY, DEAR, REGISTER = range(N_CONTRACTS, N_CONTRACTS + 6)
"""The other items: land of row 0, a building of C, the office of row 0, two debts of B's second part, the ledger of row 0."""
KIND = np.array([*[CONTRACT] * N_CONTRACTS, LAND, BUILDING, OFFICE, EASY_DEBT, HARD_DEBT, LEDGER])
ROW = np.array([*ROWS, 0, C, 0, 4, 4, 0])
WORTH = np.array([6_000.0] * N_CONTRACTS + [8_000.0, 20_000.0, 9_000.0, 0.0, 0.0, 0.0])
DAYS = np.array([2.0] * N_CONTRACTS + [3.0, 8.0, 4.0, 6.0, 6.0, 3.0])


def assets_of(luck=None, merged=True, surveyed=True, teams=1, campaign=("by_yield", "first"), reach=None):
    """The county with these contracts and items, and a campaign with so many teams; all surveyed and ripe unless said."""
    world = world_by_hand({"asset.relapse": 0.5, "asset.let": 0.5} | (luck or {}))
    ordinal = np.array([0, 1, 2, 3, 0, 1, 0, 0, 0, 0, 0, 0])
    faulty, none, nothing = (
        np.isin(np.arange(N_CONTRACTS), [FIRST, HARD, SECOND]),
        np.zeros(N_CONTRACTS, bool),
        np.zeros(N),
    )
    world.contracts = ContractColumns(
        ROWS, ordinal, faulty, faulty.copy(), none, none.copy(), np.bincount(ROWS), nothing, nothing.copy(), np.ones(N)
    )  # fmt: skip
    n = len(KIND)
    world.assets = AssetColumns(
        KIND, ROW, np.array([*ordinal, 0, 0, 0, 0, 0, 0]), WORTH.copy(), DAYS.copy(), np.ones(n), np.arange(n) == HARD,
        np.full(n, np.inf), np.zeros(n, bool), np.zeros(N), np.zeros(N),
    )  # fmt: skip
    process = Assets(world)
    if merged:
        merge(world)
        process.merge(month_of(world, 2021, 1))
    if teams:
        world.levers.audit_teams.now[0], world.levers.clean_up.now[:] = teams, True if reach is None else reach
        world.campaigns["clean_up"] = Campaign(*campaign)
    process.open(month_of(world, 2021, 1))
    if surveyed:
        process.survey_left[:] = 0.0
        process.find(np.arange(n))
        world.assets.ripe[np.isfinite(world.assets.ripe)] = 0.0
    return world, process


def settled(world):
    return np.flatnonzero(world.assets.settled).tolist()


def with_days(process, days, teams=1):
    """Let the teams have so many days this month."""
    process.teams = teams
    process.begun_work = days - teams * 220 * JANUARY
    process.close(month_of(process.world, 2021, 1))


# in which order


def test_items_go_by_yuan_a_day():
    """3,000 a day of contracts, 2,667 of the parcel, 2,500 of the building, 2,250 of the office, 1,633 of the ledger.

    Of the debts one has 6,000 and one 1,500.
    """
    a_day = np.where(np.isin(KIND, (EASY_DEBT, HARD_DEBT)), 0.0, WORTH / DAYS)
    order = first_of(ranks("by_yield", KIND, a_day, np.zeros(len(KIND))), len(KIND))
    assert KIND[order].tolist()[N_CONTRACTS : N_CONTRACTS + 3] == [LAND, BUILDING, OFFICE]
    for days, done in (
        (5.9, []), (6, [DEAR]), (7.9, [DEAR]), (8, [FIRST, DEAR]), (12, [FIRST, HARD, SECOND, DEAR]),
        (15, [FIRST, HARD, SECOND, PARCEL, DEAR]), (23, [FIRST, HARD, SECOND, PARCEL, HOUSE, DEAR]),
        (27, [FIRST, HARD, SECOND, PARCEL, HOUSE, VACANT, DEAR]),
        (30, [FIRST, HARD, SECOND, PARCEL, HOUSE, VACANT, DEAR, REGISTER]),
        (36, [FIRST, HARD, SECOND, PARCEL, HOUSE, VACANT, EASY, DEAR, REGISTER]),
    ):  # fmt: skip
        world, process = assets_of()
        with_days(process, days)
        assert settled(world) == done, days


@pytest.mark.parametrize("most", [1, 2, 5, 11, 12, 40])
def test_the_first_of_many_are_those_of_all_in_order(most):
    """Equal ones stay as they stand."""
    values = np.array([3.0, 1, 2, 1, 5, 1, 2, 2, 0, 4, 2, 1])
    first = first_of(values, most)
    assert first[:most].tolist() == np.argsort(values, kind="stable")[:most].tolist()


@pytest.mark.parametrize(
    ("order", "first"), [("contracts_first", [FIRST, HARD, SECOND]), ("debts_first", [EASY, DEAR]), ("by_lot", [HOUSE])]
)
def test_other_orders(order, first):
    """Contracts, or debts, by lot among themselves; or all by lot: here the building has the lowest."""
    lots = np.linspace(0.5, 0.9, len(KIND))
    lots[HOUSE] = 0.1
    world, process = assets_of(campaign=(order, "first"))
    process.lots = lots
    with_days(process, DAYS[first].sum())
    assert settled(world) == first


def test_listed_villages_come_first():
    """The building in C counts three times, as C is on a list: 7,500 a day, more than the large debt's 6,000."""
    world, process = assets_of()
    world.lists.listed[C] = True
    with_days(process, 8.0)
    assert settled(world) == [HOUSE]


def test_what_is_begun_goes_on_next_month():
    """One of three days of the parcel are worked in a month; two more finish it in the next, no more are needed."""
    world, process = assets_of()
    world.contracts.faulty[:] = False
    world.assets.settled[[DEAR, EASY, HOUSE, VACANT, REGISTER]] = True
    with_days(process, 1.0)
    assert not world.assets.settled[PARCEL]
    assert process.begun_work == pytest.approx(1.0)
    process.begun_work += 2.0 - 220 * JANUARY
    process.close(month_of(world, 2021, 1))
    assert world.assets.settled[PARCEL]
    assert process.begun_work == 0.0


def test_time_without_work_is_lost():
    world, process = assets_of(reach=np.zeros(N, bool))
    with_days(process, 50.0)
    assert settled(world) == []
    assert process.busy_days == 0.0
    assert process.begun_work == 0.0


# survey


def test_townships_are_surveyed_by_code_a_tenth_of_a_day_an_item():
    """The first has 10 contracts, a parcel, a building and an office: 1.3 days; the second two contracts: .2 days."""
    world, process = assets_of(surveyed=False)
    assert process.survey(1.2, 2) == 0.0
    assert process.survey_left[0] == pytest.approx(0.1)
    assert np.isinf(world.assets.ripe).all()
    assert process.survey(0.15, 2) == 0.0
    assert process.survey_left.tolist() == pytest.approx([0.0, 0.15])
    in_first = np.isin(ROW, range(6))
    assert np.isfinite(world.assets.ripe[in_first]).all()
    assert np.isinf(world.assets.ripe[~in_first]).all()
    assert process.survey(1.0, 2) == pytest.approx(0.85)


def test_items_are_ripe_after_their_own_time():
    """A mean time after the survey, all lots being e^-1: 1/1.5 years, six times that where hard; debts 1/3 and 25 years."""
    world, process = assets_of(surveyed=False)
    process.survey(9.0, 2)
    years = world.assets.ripe / 365.25
    assert years[[FIRST, HARD, EASY, DEAR]] == pytest.approx([1 / 1.5, 6 / 1.5, 1 / 3, 25.0])
    assert world.assets.worth[[EASY, DEAR]] == pytest.approx([0.2 * 900_000, 0.8 * 900_000])


def test_by_township_works_where_it_has_surveyed_before_it_surveys_the_next():
    """1.3 days of survey; nothing is ripe there, so the second township is surveyed at once."""
    _, process = assets_of(surveyed=False, campaign=("by_yield", "by_township"))
    with_days(process, 1.4)
    assert process.survey_left.tolist() == pytest.approx([0.0, 0.1])


# what settling does


def test_a_settled_item_brings_its_yield_and_a_corrected_contract_its_arrears():
    """3,000 a contract, of which .4 cancel debts; the titles stir up claims that fade."""
    world, process = assets_of(teams=0)
    process.settle(np.array([FIRST, SECOND, HOUSE]))
    process.revalue()
    assert world.assets.gain.tolist() == [6_000, 6_000, 0, 0, 0, 20_000, 0, 0]
    assert world.cooperatives.recovered.tolist() == pytest.approx([1_800, 1_800, 0, 0, 0, 0, 0, 0])
    assert world.cooperatives.written_off.tolist() == pytest.approx([1_200, 1_200, 0, 0, 0, 0, 0, 0])
    assert world.contracts.faulty_since_start == pytest.approx([-1 / 4, -1 / 2, 0, 0, 0, 0, 0, 0])
    assert world.contracts.reopened[:2] == pytest.approx([1 / 4, 1 / 2])
    process.close(month_of(world, 2021, 1))
    assert world.contracts.reopened[:2] == pytest.approx(np.array([1 / 4, 1 / 2]) * np.exp(-JANUARY / 0.75))


def test_a_settled_debt_is_written_off():
    world, process = assets_of()
    process.settle(np.array([EASY]))
    assert world.cooperatives.written_off[4] == pytest.approx(180_000)
    assert not world.assets.gain.any()


@pytest.mark.parametrize("side", [-1, 1])
def test_settled_items_are_lost_again_at_a_constant_rate(side):
    """.04 a year, within 31 days: a contract is faulty again and its yield is gone; debts stay resolved."""
    world, process = assets_of({"asset.relapse": np.exp(-0.04 * JANUARY) + side * 1e-9}, teams=0)
    process.settle(np.array([FIRST, EASY]))
    process.revalue()
    world.env.run(until=31)
    process.close(month_of(world, 2021, 1))
    assert settled(world) == ([EASY] if side > 0 else [FIRST, EASY])
    assert world.contracts.faulty[FIRST] == (side > 0)
    assert world.assets.gain[0] == (0 if side > 0 else 6_000)


@pytest.mark.parametrize("side", [-1, 1])
def test_a_few_buildings_are_let_without_any_campaign(side):
    """.03 (.42 + skill) a year, and half as much again under a share reform."""
    rate = 0.03 * 1.5 * (0.42 + 0.7)
    world, process = assets_of({"asset.let": np.exp(-rate * JANUARY) + side * 1e-9}, teams=0)
    world.secretaries.skill[:] = 0.7
    world.levers.own_letting.now[:] *= 1.5
    process.close(month_of(world, 2021, 1))
    assert settled(world) == ([HOUSE, VACANT] if side > 0 else [])


# what a merger loses


def test_a_merger_loses_a_tenth_of_the_rents_of_joined_parts():
    """Not of hosts and of villages of one part; less where accounts were frozen; nothing where nothing merges."""
    world, process = assets_of(teams=0)
    joined = [0, 2, 3, 7]
    assert world.assets.unhanded[joined].tolist() == [0.1] * 4
    assert world.assets.unhanded.sum() == pytest.approx(0.4)
    world.levers.freeze.now[0] = 0.8
    process.merge(month_of(world, 2021, 1))
    assert world.assets.unhanded[0] == pytest.approx(0.02)
    assert not assets_of(merged=False, teams=0)[0].assets.unhanded.any()


@pytest.mark.parametrize(
    ("passed", "one", "back"),
    [((1, 1), True, True), ((1, 0), True, False), ((0, 1), True, False), ((1, 1), False, False)],
)
def test_rents_come_back_when_economy_and_livelihood_are_joined_in_fact(passed, one, back):
    """Not by an order to pool, not by a report, not where only new income is pooled."""
    world, process = assets_of(teams=0)
    world.committees.passed[A, [ECONOMY, LIVELIHOOD]] = passed
    if one:
        pool(world, A)
    process.close(month_of(world, 2021, 1))
    assert (world.assets.unhanded[[0, 2]] == 0).all() == back
    assert world.assets.unhanded[3] == 0.1


def test_a_team_finds_what_was_not_handed_over():
    """Of a fifth of 196,000 yuan of rent in row 0 a tenth: one unit of 8,600, three days; it is ripe with the survey."""
    world, process = assets_of()
    lost = 0.1 * world.cooperatives.sources[0, 1]
    assert world.assets.worth[REGISTER] == pytest.approx(lost)
    assert world.assets.days[REGISTER] == 3 * np.ceil(lost / 8_600)
    process.settle(np.array([REGISTER]))
    assert world.assets.unhanded[0] == 0
    assert world.assets.unhanded[2] == 0.1
    assert not world.assets.gain.any()


# letting anew


@pytest.mark.parametrize("again_faulty", [True, False])
@pytest.mark.parametrize("ends", [True, False])
def test_contracts_end_with_a_year_and_are_let_again_as_often_faulty(ends, again_faulty):
    """A tenth a year ends, of which .17 are faulty again, but for the corrected one; one account brings 5% more.

    A contract that turns faulty takes its 6,000 yuan with it, one that turns sound brings them.
    """
    luck = {
        "contract.ends": np.exp(-0.1) + (1e-9 if ends else -1e-9),
        "contract.again": 0.17 + (-1e-9 if again_faulty else 1e-9),
    }
    world, process = assets_of(luck, teams=0)
    process.settle(np.array([SECOND]))
    pool(world, B)
    world.env.run(until=365)
    process.open(month_of(world, 2022, 1))
    at_start = np.array([1 / 2, 1 / 2, 0, 0, 0, 0, 0, 0])
    if ends:
        now = np.array([1.0, 1 / 2, 1, 1, 1, 1, 1, 1]) * again_faulty
        assert world.contracts.rent_factor == pytest.approx([1, 1, 1, 1.05, 1.05, 1, 1, 1])
        assert world.contracts.faulty_since_start == pytest.approx(now - at_start)
        gains = [-12_000, 0, *[-6_000] * 6] if again_faulty else [12_000, 6_000, 0, 0, 0, 0, 0, 0]
        assert world.assets.gain.tolist() == np.maximum(gains, -world.cooperatives.sources[:, 1]).tolist()
    else:
        process.revalue()
        assert world.contracts.rent_factor == pytest.approx(np.ones(N))
        assert world.contracts.faulty_since_start == pytest.approx([0, -1 / 2, 0, 0, 0, 0, 0, 0])


@pytest.mark.parametrize("side", [-1, 1])
def test_open_letting_makes_fewer_new_contracts_faulty(side):
    """Of .17 a half is prevented in the first constituent and a fifth in the second: the lot lies at the first's chance."""
    world, process = assets_of({"contract.ends": 1 - 1e-9, "contract.again": 0.17 * 0.5 + side * 1e-9}, teams=0)
    world.levers.open_letting.now[:2] = 0.5, 0.2
    world.env.run(until=365)
    process.open(month_of(world, 2022, 1))
    assert world.contracts.faulty.tolist() == ((ROWS != 0) if side > 0 else np.ones(len(ROWS), bool)).tolist()


@pytest.mark.parametrize(("year", "month"), [(2021, 1), (2022, 2), (2022, 7)])
def test_contracts_do_not_end_in_other_months(year, month):
    """Neither within a year nor on the first day of the run."""
    world, process = assets_of({"contract.ends": 1 - 1e-9, "contract.again": 0.0}, teams=0)
    process.open(month_of(world, year, month))
    assert world.contracts.faulty.sum() == 3


@pytest.mark.parametrize("faulty", [True, False])
def test_the_county_starts_with_the_share_of_faulty_contracts(faulty):
    """Of all contracts .17 are faulty, by lots of their own."""
    contracts = world_by_hand({"contract.faulty": 0.17 + (-1e-9 if faulty else 1e-9)}).contracts
    assert (contracts.faulty == faulty).all()

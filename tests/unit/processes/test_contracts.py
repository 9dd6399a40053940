"""Claim: rents, letting anew and the clean-up of contracts and debts follow equation E8, by hand in the unequal county.

No chance: luck is set by the test. Contracts: four in the first constituent (two faulty, one of them hard), two in the
second (one faulty, easy), one sound one in every other.
"""

import numpy as np
import pytest
from unit.processes.unequal_county import A, B, N, merge, month_of, pool, until, world_by_hand

from villagesim.agents.contracts import ContractColumns
from villagesim.processes.contracts import Contracts

AUDIT = 6 * 365.25 / 220  # days of six team-days
JANUARY = 31 / 365.25  # years
ROWS = np.array([0, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7])
EASY, HARD, SECOND = 0, 1, 4
"""The three faulty contracts."""


def contracts_of(luck=None, **settings):
    """A merged county with twelve contracts, of which three are faulty."""
    world = world_by_hand(luck, **settings)
    merge(world)
    n = len(ROWS)
    faulty, easy = np.isin(np.arange(n), [EASY, HARD, SECOND]), np.arange(n) != HARD
    ordinal = np.array([0, 1, 2, 3, 0, 1, 0, 0, 0, 0, 0, 0])
    counts, nothing = np.bincount(ROWS), np.zeros(N)
    world.contracts = ContractColumns(
        ROWS, ordinal, faulty, easy, np.zeros(n, bool), counts, nothing, nothing.copy(), np.ones(N)
    )  # fmt: skip
    return world, Contracts(world)


def corrected(world, process, *items):
    """Teams correct these contracts."""
    process.bring(1.0, list(items), [0.0] * len(items), [0.0] * len(items))
    process.desk.set_capacity(len(items))
    until(world, world.now + AUDIT + 0.01)


# what corrections do


def test_a_corrected_contract_pays_a_quarter_more():
    """Rents 1 where faulty and 1.25 elsewhere: from 4.5 to 4.75 in the first constituent, 2.25 to 2.5 in the second."""
    world, process = contracts_of()
    corrected(world, process, HARD, SECOND)
    process.close(month_of(world, 2021, 1))
    assert world.contracts.rent_factor == pytest.approx([4.75 / 4.5, 2.5 / 2.25, 1, 1, 1, 1, 1, 1])
    assert world.contracts.faulty_since_start == pytest.approx([-1 / 4, -1 / 2, 0, 0, 0, 0, 0, 0])
    assert process.n_corrected.tolist() == [1, 1, 0, 0, 0, 0, 0, 0]
    assert world.cooperatives.recovered.tolist() == [338, 338, 0, 0, 0, 0, 0, 0]


def test_a_corrected_title_stirs_up_claims_that_fade():
    """One of four and one of two contracts, and e^-t/.75 of it later."""
    world, process = contracts_of()
    corrected(world, process, EASY, SECOND)
    assert world.contracts.reopened[:2] == pytest.approx([1 / 4, 1 / 2])
    process.close(month_of(world, 2021, 1))
    assert world.contracts.reopened[:2] == pytest.approx(np.array([1 / 4, 1 / 2]) * np.exp(-JANUARY / 0.75))
    assert not world.contracts.reopened[2:].any()


def test_rents_are_five_percent_higher_where_a_village_with_one_account_lets():
    """A pooled village gets 1.25 x 1.05 for a corrected contract; one with separate accounts 1.25."""
    for pooled, rent in ((True, 1.25 * 1.05), (False, 1.25)):
        world, process = contracts_of()
        if pooled:
            pool(world, A)
        process.one_account = world.one_account()  # as on every first of a month; accounts are pooled just before it
        corrected(world, process, EASY)
        process.close(month_of(world, 2021, 1))
        assert world.contracts.rent_factor[0] == pytest.approx((1 + 2.5 + rent) / 4.5)


def test_an_item_takes_a_team_six_of_its_days():
    """Of 220 a year, so some ten days of the calendar."""
    world, process = contracts_of()
    process.desk.set_capacity(1)
    process.bring(1.0, [EASY], [0.0], [2.0])
    until(world, 2 + AUDIT - 0.001)
    assert world.contracts.faulty[EASY]
    until(world, 2 + AUDIT + 0.001)
    assert not world.contracts.faulty[EASY]


def test_debts_come_first():
    """A team that is busy takes up the debt that ripens last before the contracts that wait."""
    luck = {
        "audit.contract": np.exp(-np.array([3.5, 0.15, 3.5]) * np.array([1, 2, 3]) / 365.25),
        "audit.debt.easy": np.array([1e-9, np.exp(-3 * 4 / 365.25)]),
        "audit.debt.hard": 1e-9,
    }
    world, process = contracts_of(luck)
    world.levers.clean_up.now[[0, 1, 4]], world.levers.audit_teams.now[0] = True, 1
    process.open(month_of(world, 2021, 1))
    until(world, 1 + 2 * AUDIT - 0.01)
    assert not world.cooperatives.written_off.any()
    until(world, 1 + 2 * AUDIT + 0.01)
    assert world.cooperatives.written_off.tolist() == [0, 0, 0, 0, 180_000, 0, 0, 0]
    assert world.contracts.faulty[[EASY, HARD, SECOND]].tolist() == [False, True, True]
    until(world, 1 + 3 * AUDIT + 0.01)
    assert world.contracts.faulty[[EASY, HARD, SECOND]].tolist() == [False, False, True]


# what campaigns take up


def at_the_edge(rates, above):
    """Lots just above (ripe) or just below survival of January at these rates."""
    return np.exp(-np.asarray(rates) * JANUARY) + np.where(above, 1e-9, -1e-9)


@pytest.mark.parametrize("ripe", [EASY, HARD, SECOND, None])
def test_contracts_ripen_by_kind_where_a_campaign_comes(ripe):
    """Easy ones at 3.5 a year, hard ones at .15; each at its own instant, here at the end of the month."""
    items = [EASY, HARD, SECOND]
    world, process = contracts_of({"audit.contract": at_the_edge([3.5, 0.15, 3.5], [i == ripe for i in items])})
    world.levers.clean_up.now[:] = True
    process.ripen_contracts(month_of(world, 2021, 1))
    assert np.flatnonzero(process.waiting).tolist() == ([] if ripe is None else [ripe])
    until(world, 30.99)
    assert process.desk.n_waiting == 0
    until(world, 31)
    assert process.desk.n_waiting == (ripe is not None)


def test_a_campaign_leaves_other_villages_and_sound_contracts_alone():
    """Whatever the luck, nothing ripens where it does not reach."""
    world, process = contracts_of({"audit.contract": 1 - 1e-9})
    world.levers.clean_up.now[1:] = True
    process.ripen_contracts(month_of(world, 2021, 1))
    assert np.flatnonzero(process.waiting).tolist() == [SECOND]


PARTS = {"easy": (0.2, 3.0), "hard": (0.8, 0.04)}


@pytest.mark.parametrize(("kind", "other"), [("easy", "hard"), ("hard", "easy")])
def test_debts_ripen_by_parts(kind, other):
    """A fifth at 3 a year, the others at .04; once each; of a pooled debt by shares of members."""
    share, rate = PARTS[kind]
    luck = {
        f"audit.debt.{kind}": at_the_edge(rate, above=True),
        f"audit.debt.{other}": at_the_edge(PARTS[other][1], above=False),
    }
    world, process = contracts_of(luck)
    pool(world, B)
    world.levers.clean_up.now[2:5] = True
    process.desk.set_capacity(10)
    for month in (1, 3):  # of 31 days both, so that what is left would ripen again
        process.ripen_debts(month_of(world, 2021, month))
    until(world, 31 + AUDIT + 1)
    owed = np.array([0, 0, 300_000, 0.25 * 950_000, 0.75 * 950_000, 0, 0, 0])
    assert world.cooperatives.written_off == pytest.approx(share * owed)


def test_teams_are_those_of_the_lever_and_without_any_nothing_ripens():
    """As many as are paid for on the first of the month."""
    for teams in (0, 3):
        world, process = contracts_of({"audit.contract": 1 - 1e-9})
        world.levers.clean_up.now[:] = True
        world.levers.audit_teams.now[0] = teams
        process.open(month_of(world, 2021, 1))
        assert process.desk.capacity == teams
        assert process.waiting.any() == (teams > 0)


# letting anew


@pytest.mark.parametrize("again_faulty", [True, False])
@pytest.mark.parametrize("ends", [True, False])
def test_contracts_end_with_a_year_and_are_let_again_as_often_faulty(ends, again_faulty):
    """A tenth a year ends, of which .17 are faulty again; in a village with one account they bring 5% more."""
    luck = {
        "contract.ends": np.exp(-0.1) + (1e-9 if ends else -1e-9),
        "contract.again": 0.17 + (-1e-9 if again_faulty else 1e-9),
    }
    world, process = contracts_of(luck)
    pool(world, B)
    until(world, 365)
    process.open(month_of(world, 2022, 1))
    start = np.array([4.5, 2.25, 1.25, 1.25, 1.25, 1.25, 1.25, 1.25])
    if ends:
        now = np.bincount(ROWS) * (1.0 if again_faulty else 1.25) * np.array([1, 1, 1, 1.05, 1.05, 1, 1, 1])
        faulty = float(again_faulty) - np.array([1 / 2, 1 / 2, 0, 0, 0, 0, 0, 0])
    else:
        now, faulty = start, np.zeros(N)
    assert world.contracts.rent_factor == pytest.approx(now / start)
    assert world.contracts.faulty_since_start == pytest.approx(faulty)


@pytest.mark.parametrize("side", [-1, 1])
def test_open_letting_makes_fewer_new_contracts_faulty(side):
    """Of .17 a half is prevented in the first constituent and a fifth in the second: the lot lies at the first's chance."""
    world, process = contracts_of({"contract.ends": 1 - 1e-9, "contract.again": 0.17 * 0.5 + side * 1e-9})
    world.levers.open_letting.now[:2] = 0.5, 0.2
    until(world, 365)
    process.open(month_of(world, 2022, 1))
    assert world.contracts.faulty.tolist() == ((ROWS != 0) if side > 0 else np.ones(len(ROWS), bool)).tolist()


@pytest.mark.parametrize(("year", "month"), [(2021, 1), (2022, 2), (2022, 7)])
def test_contracts_do_not_end_in_other_months(year, month):
    """Neither within a year nor on the first day of the run."""
    world, process = contracts_of({"contract.ends": 1 - 1e-9, "contract.again": 0.0})
    process.open(month_of(world, year, month))
    assert world.contracts.faulty.sum() == 3


def test_the_county_starts_with_the_share_of_faulty_contracts():
    """Of all contracts .17 are faulty and .80 of faults are easy, by lots of their own."""
    for faulty, easy in ((True, False), (False, True)):
        lots = {
            "contract.faulty": 0.17 + (-1e-9 if faulty else 1e-9),
            "contract.easy": 0.80 + (-1e-9 if easy else 1e-9),
        }
        contracts = world_by_hand(lots).contracts
        assert (contracts.faulty == faulty).all()
        assert (contracts.easy == easy).all()

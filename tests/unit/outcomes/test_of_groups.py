"""Claim: groups, what stands behind a member, and benefits are what their page says, by hand in the unequal county; no chance."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from unit.processes.unequal_county import BENEFITS, INCOME, MEMBERS, VILLAGE_OF, A, B, N, world_by_hand

import villagesim as vs
from villagesim.outcomes import OUTCOMES
from villagesim.outcomes.formulas import ALL_INCOME
from villagesim.outcomes.of_groups import GROUPS, QUANTITIES, entitlement, income_behind_a_member, members_of, thirds

NAMES = [group for names in GROUPS.values() for group in names]


def county(*pooled, joined=(), transfers=()):
    """The record of the merged county on its first day; ``transfers`` are (row, in, out) of the month before."""
    world = world_by_hand()
    column = world.recorder.column
    column("village_of")[11] = VILLAGE_OF
    accounts = np.arange(N)
    for village in pooled:
        accounts[np.equal(VILLAGE_OF, village)] = village
    column("account_of")[11] = accounts
    column("livelihood")[11, list(joined)] = 1
    for row, came, went in transfers:
        column("transfer_in")[11, row], column("transfer_out")[11, row] = came, went
    return world.as_record()


def test_thirds_go_by_rank_and_leave_others_out():
    """Seven of eight: three low, two middle, two high; ties by row."""
    values, among = np.array([5.0, 1, 9, 3, 3, 8, 0, 7]), np.arange(8) != 6
    assert thirds(values, among).tolist() == [1, 0, 2, 0, 0, 2, -1, 1]
    assert thirds(values, np.zeros(8, bool)).tolist() == [-1] * 8


def test_groups_of_the_first_day():
    """Of the seven constituents of merged villages; the one that stays alone is in no group."""
    found = {name: np.flatnonzero(rows).tolist() for name, rows in members_of(county()).items()}
    assert found == {
        "small": [0, 3, 7], "middle_sized": [1, 6], "large": [2, 4],
        "poor": [1, 4, 6], "middling": [2, 3], "rich": [0, 7],
        "host": [1, 4, 6], "joined": [0, 2, 3, 7],
    }  # fmt: skip


def test_pooling_shares_the_income_behind_a_member():
    """450,000 yuan for 1,000 members in B, where it was 1,200 and 200 a member; cash that moves within is no income."""
    own = INCOME / MEMBERS
    assert income_behind_a_member(county())[0] == pytest.approx(own)
    pooled = np.where(VILLAGE_OF == B, 450.0, own)
    assert income_behind_a_member(county(B))[0] == pytest.approx(pooled)
    moved = county(B, transfers=[(3, 0.0, 77_000.0), (4, 77_000.0, 0.0)])
    assert income_behind_a_member(moved)[0] == pytest.approx(pooled)


def test_new_income_that_is_shared_counts_where_it_arrives():
    """10,000 yuan from the first part of A to its host."""
    record = county(transfers=[(0, 0.0, 10_000.0), (1, 10_000.0, 0.0)])
    expected = (INCOME + np.array([-10_000, 10_000, 0, 0, 0, 0, 0, 0])) / MEMBERS
    assert income_behind_a_member(record)[0] == pytest.approx(expected)


def test_one_register_gives_all_the_highest_benefits():
    """80 yuan in all parts of A; own benefits where registers are apart."""
    assert entitlement(county())[0] == pytest.approx(BENEFITS)
    assert entitlement(county(joined=[A]))[0] == pytest.approx([80, 80, 80, *BENEFITS[3:]])


def test_a_group_is_a_mean_over_its_members():
    """The rich: 100 members with 2,000 yuan and 50 with 1,800; the poor: 300, 750 and 350 members."""
    record = county(B)
    for name, rows, values in (("rich", [0, 7], [2_000, 1_800]), ("poor", [1, 4, 6], [500, 450, 200])):
        mean = (MEMBERS[rows] * values).sum() / MEMBERS[rows].sum()
        assert OUTCOMES[f"income_per_member_{name}"].county(record) == pytest.approx([mean])


def test_where_nothing_merges_there_are_no_groups():
    """No group has anybody, and nothing is a number."""
    record = replace(county(), decrees=((0, np.arange(N)),))
    for quantity in QUANTITIES:
        for group in NAMES:
            assert np.isnan(OUTCOMES[f"{quantity}_{group}"].county(record)).all()


# whole runs


@pytest.mark.parametrize("by", GROUPS)
def test_groups_add_up_to_all_merged_parts(town_run: Callable[[str], vs.Run], by: str) -> None:
    """By members: trust to that of merged parts, income to that of merged villages, in every month; no chance."""
    run = town_run("both")
    record = run.record
    rows = members_of(record)
    members = {group: record.endowment.members[rows[group]].sum() for group in GROUPS[by]}
    for quantity, expected in (
        ("trust", run.outcomes["trust_merged_parts"] * sum(members.values())),
        ("income_per_member", total_income(run)),
    ):
        total = sum(run.outcomes[f"{quantity}_{group}"] * n for group, n in members.items())
        assert np.allclose(total, expected, rtol=1e-12)


def total_income(run: vs.Run) -> np.ndarray:
    """Income of the last twelve months of all constituents whose villages merge."""
    record = run.record
    merging = (np.bincount(record.after_decree) >= 2)[record.after_decree[record.after_decree < np.inf]]
    income: np.ndarray = record.rolling(*ALL_INCOME)[:, merging].sum(axis=1)
    return income


def test_the_table_of_groups_is_that_of_the_outcomes(town_run: Callable[[str], vs.Run]) -> None:
    """Eight groups a month, and every figure an outcome of the county."""
    run = town_run("both")
    table = run.groups
    assert list(table) == ["month", "by", "group", *QUANTITIES]
    assert not table.duplicated(["month", "group"]).any()
    assert len(table) == 36 * 8
    for quantity in QUANTITIES:
        wide = table.pivot(index="month", columns="group", values=quantity)
        for group in NAMES:
            assert (wide[group].to_numpy() == run.county[f"{quantity}_{group}"].to_numpy()).all()

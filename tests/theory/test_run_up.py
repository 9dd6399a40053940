"""Claim: the parts run debts up before the decree as equation E6 says, to the cent.

No chance: the same county with and without, without interest and repayment, which would spread a difference. The size
against Japan (+7% of debt in merged parts, evidence 3.3): 7.5% for merged constituents, some 4.2% in the county.
"""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from checks import fixed

import villagesim as vs
from villagesim.policies import AccountFreeze, ThreeUnchanged

CENT = 0.01


@pytest.fixture(scope="module")
def before_the_decree(zhangqiu):
    """Seven months of the district: announcement in April, decree in July."""
    timetable = replace(zhangqiu.timetable, stop=date(2021, 8, 1), elections=())
    return replace(zhangqiu, timetable=timetable).with_parameters(interest_rate=fixed(0.0), repaid_share=0.0)


def debts(scenario, policies=()):
    """Debt of every account at the ends of all months, the state at the start first."""
    return vs.simulate(scenario, policies).record.column("debt")


@pytest.fixture(scope="module")
def unspoilt(before_the_decree):
    """Debts of the county in which nobody is tempted."""
    return debts(before_the_decree.with_parameters(run_up=0.0))


@pytest.fixture(scope="module")
def expected(before_the_decree, unspoilt):
    """eta D pi (1 - w) (1 - .5 C), with what is owed on 1 April and the cohesion of a committee that was not merged."""
    endowment = before_the_decree.endow(1)
    village = endowment.place.village_of(endowment.members)
    total = np.bincount(village, weights=endowment.members)[village]
    share = endowment.members / total
    return 0.30 * unspoilt[3] * 0.5 * (1 - share) * (1 - 0.5 * 0.6)


def test_every_part_runs_up_what_the_equation_says(before_the_decree, unspoilt, expected):
    """All of it by the day of the decree, evenly over the days from the announcement on, and nothing before or after."""
    added = debts(before_the_decree) - unspoilt
    assert np.abs(added[:4]).max() < CENT
    for month, days in ((4, 30), (5, 61), (6, 91)):
        assert added[month] == pytest.approx(expected * days / 91, abs=CENT)
    assert added[7].sum() == pytest.approx(expected.sum(), abs=CENT)  # some accounts have been pooled since


def test_the_size_is_that_of_the_literature(before_the_decree, unspoilt, expected):
    """+7.5% for merged constituents, of the order of +4.2% in the county."""
    village = before_the_decree.place_of(1).map.village
    merged = np.bincount(village)[village] >= 2
    in_merged = expected[merged].sum() / unspoilt[3][merged].sum()
    in_county = expected.sum() / unspoilt[3].sum()
    assert in_merged == pytest.approx(0.075, abs=0.015)
    assert in_county == pytest.approx(0.042, abs=0.015)
    assert not expected[~merged].any()


@pytest.mark.parametrize(("strength", "left"), [(0.8, 0.2), (0.4, 0.6), (1.0, 0.0)])
def test_a_freeze_leaves_its_complement(before_the_decree, unspoilt, expected, strength, left):
    """With frozen accounts a fifth of it is left, to the cent."""
    added = debts(before_the_decree, [AccountFreeze(start="2021-04-01", strength=strength)])[6] - unspoilt[6]
    assert added == pytest.approx(left * expected, abs=CENT)


def test_a_freeze_that_ends_early_holds_back_only_while_it_lasts(before_the_decree, unspoilt, expected):
    """Frozen in April alone: 30 of 91 days count a fifth."""
    added = debts(before_the_decree, [AccountFreeze(start="2021-04-01", end="2021-05-01")])[6] - unspoilt[6]
    assert added == pytest.approx(expected * (61 + 0.2 * 30) / 91, abs=CENT)


def test_nobody_is_tempted_where_rights_stay_as_they_are(before_the_decree, unspoilt):
    """Three unchanged from before the announcement: not a cent."""
    added = debts(before_the_decree, [ThreeUnchanged(start="2021-03-01")])[6] - unspoilt[6]
    assert np.abs(added).max() < CENT


@pytest.mark.parametrize("fault", [{"run_up": 0.303}, {"perceived_sharing": 0.505}, {"run_up_cohesion": 0.49}])
def test_one_percent_more_is_noticed(before_the_decree, unspoilt, expected, fault):
    """The twin."""
    added = debts(before_the_decree.with_parameters(**fault))[6] - unspoilt[6]
    assert np.abs(added - expected).max() > 100 * CENT

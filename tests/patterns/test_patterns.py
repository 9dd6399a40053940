"""Patterns that should emerge: each a paired comparison, none of them built in as such.

A pattern counts as seen where the one-sided interval of its size over independent replications lies beyond zero (or
beyond the stated size). The chance that it is seen by luck alone is that of the interval: 1 in 10,000 each. Patterns that
are built in (3, 9, 11) or calibrated (the first half of 2) are tested as equations, not here: they validate nothing.
"""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from checks import FROZEN, assert_lies_above, county_by_hand, fixed, scenario_by_hand, simulate
from patterns.paired import at, runs
from scipy.stats import chi2, norm, rankdata

import villagesim as vs
from villagesim.randomness import Draws
from villagesim.targets import Target


@pytest.fixture(scope="module")
def ten_years(one_town: vs.Scenario) -> vs.Scenario:
    """The three townships up to the end of 2030."""
    return replace(
        one_town, timetable=replace(one_town.timetable, stop=date(2031, 1, 1), elections=(date(2026, 1, 1),))
    )


@pytest.fixture(scope="module")
def trusts_and_none(ten_years: vs.Scenario) -> list[list[vs.Run]]:
    """Land trusts everywhere, and nothing but the merger."""
    return runs(ten_years, [vs.policies.LandTrust(start="2022-03-01")], "nothing but the merger", n=40)


def test_1_summing_raises_the_share_above_a_threshold_without_growth(one_town: vs.Scenario) -> None:
    """In the month of the decree nobody earns a yuan more, and the published share jumps.

    A merger also loses rents (E16b), frees offices that may be let, and moves what is invested: here it does none of that.
    """
    kept = one_town.with_parameters(not_handed_over=0.0, own_letting_rate=0.0, reinvested_share=fixed(0.0))
    merged, apart = runs(kept, "nothing but the merger", "no merger", n=8)
    jump = at(merged, "share_above_500k", "2021-07") - at(apart, "share_above_500k", "2021-07")
    assert_lies_above(0.05, jump)
    np.testing.assert_allclose(
        at(merged, "income_per_resident", "2021-07"), at(apart, "income_per_resident", "2021-07"), rtol=1e-14
    )


def test_2_what_has_stayed_split_tends_to_stay_split() -> None:
    """With nothing that moves in time, the yearly chance of pooling falls: those who agree easily have gone first.

    4,000 villages made by hand, two parts of unequal wealth, moods held still, matters brought up often (1.5 times a year):
    the chance in years 5 to 7 of those still apart is held against that in the first two years, as two binomials. In the
    full model rising cohesion works against the fall, and lateness, which is built in, for it.
    """
    n = 4_000
    income = 1e6 * np.exp(0.8 * Draws(7, "county").normal("income", np.arange(2 * n)))
    often = {"attempt_rate": fixed(1.5), "vote_lateness": fixed(0.0)}
    endowment = county_by_hand(n, 2, income)
    run = simulate(scenario_by_hand(endowment, date(2028, 1, 1), **FROZEN | often), (), 1, endowment=endowment)
    pooled = {k: n * run.outcomes["share_accounts_pooled"][12 * k] for k in (1, 2, 5, 7)}  # the first year settles in
    early = (pooled[2] - pooled[1]) / (n - pooled[1])
    late = 1 - ((n - pooled[7]) / (n - pooled[5])) ** 0.5
    error = (early * (1 - early) / (n - pooled[1]) + late * (1 - late) / (n - pooled[5]) / 2) ** 0.5
    assert early - late > norm.isf(1e-4) * error


@pytest.mark.long
def test_4_savings_come_late(trusts_and_none: list[list[vs.Run]]) -> None:
    """Less than half of what is saved nine years on is saved in the first: cadres stay, and operation is not one yet."""
    alone = trusts_and_none[1]
    assert_lies_above(0.0, 0.5 * at(alone, "fiscal_saving", "2030-12") - at(alone, "fiscal_saving", "2022-06"))


@pytest.mark.long
def test_8_defaults_come_in_clusters(trusts_and_none: list[list[vs.Run]]) -> None:
    """Weather and prices are common: defaults vary more between replications than those of independent operators.

    Independent ones would be binomial, and the sum of squares below chi-squared; refused at 1 in 10,000.
    """
    record = [run.record for run in trusts_and_none[0]]
    defaults = np.array([r.column("n_defaults")[-1].sum() for r in record])
    operators = np.array([r.column("n_operators")[-1].sum() for r in record])
    expected = operators * defaults.sum() / operators.sum()
    spread = ((defaults - expected) ** 2 / (expected * (1 - expected / operators))).sum()
    assert spread > chi2.isf(1e-4, len(defaults) - 1)


@pytest.mark.long
def test_8_a_default_costs_trust(trusts_and_none: list[list[vs.Run]]) -> None:
    """Members of a place whose operator fails trust less a month later, against the same place without a trust."""
    lost = []
    for run, other in zip(*trusts_and_none, strict=True):
        months, rows = np.nonzero(np.diff(run.record.column("n_defaults"), axis=0))
        gap = run.record.column("trust") - other.record.column("trust")
        lost.extend([(gap[months, rows] - gap[months + 1, rows]).mean()] if len(rows) else [])
    assert_lies_above(0.0, np.array(lost))


def test_10_the_weakest_by_observed_rank_get_better_by_themselves(one_town: vs.Scenario) -> None:
    """The lowest tenth by a year's income moves up in rank with no policy at all: regression to the mean."""
    (alone,) = runs(one_town, "no merger")
    gains = []
    for run in alone:
        labels, income = run.record.labels, vs.outcomes.OUTCOMES["income_per_member"].village(run.record)
        first, later = (rankdata(income[labels.index(month)]) / income.shape[1] for month in ("2021-12", "2023-12"))
        weakest = first <= 0.1
        gains.append(later[weakest].mean() - first[weakest].mean())
    assert_lies_above(0.0, np.array(gains))


def test_12_better_secretaries_do_not_raise_income_by_themselves(one_town: vs.Scenario) -> None:
    """Skill goes up, and income stays as it was, within half of the smallest difference that matters."""
    policy = vs.policies.ProfessionalSecretaries(start="2022-03-01", cost_per_post=0.0, target=Target(rule="all"))
    better, alone = runs(one_town, [policy], "nothing but the merger", n=10)
    skill = [
        (a.record.column("skill")[-1] - b.record.column("skill")[-1]).mean() for a, b in zip(better, alone, strict=True)
    ]
    assert_lies_above(0.01, np.array(skill))
    change = at(better, "income_per_member", "2023-12") / at(alone, "income_per_member", "2023-12") - 1
    assert_lies_above(-0.005, change)
    assert_lies_above(-0.005, -change)

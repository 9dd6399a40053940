"""Laws of all kinds of policies: without money, side by side, in one township, too late."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pytest
from checks import RULES, RunWithWorld, policy_of, simulate
from laws import law_checks as law

import villagesim as vs
from villagesim.policies import KINDS
from villagesim.targets import townships
from villagesim.timetable import Budget

BASELINE = "nothing but the merger"
PAID = tuple(kind for kind in KINDS if kind not in RULES)
PLENTY = Budget(yearly=1e9, since=2021)
TOWNS = ("白云湖街道", "相公庄街道", "宁家埠街道")

# Inspection finds nothing in a county where nothing false is reported, mediators have nothing to add where there is no
# queue, and successors nothing to take over where nobody leaves: the place for these tests is a busy one.
BUSY = {
    "pressure": 0.5, "residents_per_mediator": 15_000, "hearing_days": 8, "incident_rate": 50, "rated_one_star": 0.1,
    "exit_rate": 0.07, "p_replaced": 0.30, "handover_days": 365, "handover_pace": 0.25, "reserve_handover": 0.0,
    "reserve_talent": 0.08,
}  # fmt: skip
ELECTIONS = (date(2022, 1, 1),)


@pytest.fixture(scope="module")
def busy_town(one_town: vs.Scenario) -> vs.Scenario:
    """The three townships over two years, under pressure, with long queues and plenty of money."""
    timetable = replace(one_town.timetable, stop=date(2023, 1, 1), elections=ELECTIONS)
    return replace(one_town.with_parameters(**BUSY), budget=PLENTY, timetable=timetable)


@pytest.fixture(scope="module")
def over_three_years(busy_town: vs.Scenario) -> vs.Scenario:
    """The same for a year more, as votes on accounts take their time."""
    return replace(busy_town, timetable=replace(busy_town.timetable, stop=date(2024, 1, 1)))


@pytest.fixture(scope="module")
def baseline(busy_town: vs.Scenario) -> vs.Run:
    """Its run without any policy."""
    return simulate(busy_town)


@pytest.fixture(scope="module")
def alone(busy_town: vs.Scenario) -> Callable[[str], RunWithWorld]:
    """The run of one policy of a kind, made when it is first asked for."""
    return cache(lambda kind: simulate(busy_town, [policy_of(kind)]))


@pytest.fixture(scope="module")
def in_the_second(busy_town: vs.Scenario) -> Callable[[str], RunWithWorld]:
    """The run of one policy of a kind for the second township, under its name."""
    return cache(lambda kind: simulate(busy_town, [policy_of(kind, target=townships(TOWNS[1]), label=TOWNS[1])]))


@pytest.fixture(scope="module")
def of_all(busy_town: vs.Scenario) -> vs.Run:
    """The run of a policy of every kind."""
    return simulate(busy_town, [policy_of(kind) for kind in KINDS])


@pytest.fixture(scope="module")
def of_all_in_one_township(busy_town: vs.Scenario) -> vs.Run:
    """The run of a policy of every kind, all for the first township."""
    return simulate(busy_town, [policy_of(kind, target=townships(TOWNS[0])) for kind in KINDS])


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_does_something(baseline: vs.Run, alone: Callable[[str], RunWithWorld], kind: str) -> None:
    """Else the laws below would prove little."""
    run = alone(kind)
    assert not law.same_arrays(run, baseline)
    assert run.never_acted == ()


@pytest.mark.parametrize(("budget", "cap"), [(Budget(), None), (PLENTY, 0.0)])
def test_policies_with_a_unit_cost_do_nothing_without_money(
    busy_town: vs.Scenario, baseline: vs.Run, budget: Budget, cap: float | None
) -> None:
    """With an empty fund, and with own caps of nothing, one of every kind: every column keeps every bit."""
    run = simulate(replace(busy_town, budget=budget), [policy_of(kind, budget=cap) for kind in PAID])
    assert {facts["policy"] for _, event, _, facts in run.world.events if event == "policy_unfunded"} == set(PAID)
    assert set(run.never_acted) == set(PAID)
    law.check_policies_without_money_change_nothing(run, baseline)


def test_rules_without_cost_are_those_that_are_called_so(alone: Callable[[str], RunWithWorld]) -> None:
    """Who never asks for money is a rule, and stands in the module of rules; all others ask, and are not."""
    for kind, policy in KINDS.items():
        asked = bool(alone(kind).world.payments)
        assert asked != (kind in RULES), kind
        assert (policy.__module__ == "villagesim.policies.rules") == (kind in RULES), kind


@pytest.mark.parametrize("kind", RULES)
def test_an_empty_fund_does_not_stop_a_rule(
    busy_town: vs.Scenario, baseline: vs.Run, alone: Callable[[str], RunWithWorld], kind: str
) -> None:
    """A rule without cost does the same with money and without."""
    run = simulate(replace(busy_town, budget=Budget()), [policy_of(kind)])
    assert not law.same_arrays(run, baseline)
    law.check_same_history(run, alone(kind))


@pytest.mark.parametrize("label", ["aaa", "zzz"])
def test_policies_without_money_do_not_touch_those_that_have_some(
    busy_town: vs.Scenario, of_all: vs.Run, label: str
) -> None:
    """Beside a policy of every kind, another of every kind with an own cap of nothing changes no bit."""
    others = [policy_of(kind) for kind in KINDS]
    poor = [policy_of(kind, budget=0.0, label=f"{label} {kind}") for kind in PAID]
    assert law.same_arrays(simulate(busy_town, [*others, *poor]), of_all)


def test_an_offer_of_land_trusts_that_has_ended_leaves_its_villages_to_others(busy_town: vs.Scenario) -> None:
    """Whatever the labels: an offer after the end of another one wins land in the same villages."""
    for labels in ("early", "late"), ("late", "early"):
        first, second = (policy_of("land_trust", label=label) for label in labels)
        first, second = replace(first, end=date(2021, 6, 1)), replace(second, start=date(2021, 6, 1))
        run = simulate(busy_town, [first, second])
        assert run.payments[run.payments.policy == second.label].paid.gt(0).all()


@pytest.mark.parametrize("kind", KINDS)
def test_other_townships_are_untouched(
    baseline: vs.Run, in_the_second: Callable[[str], RunWithWorld], kind: str
) -> None:
    """A policy for one township shows in none of the others while the fund has plenty."""
    law.check_other_townships_are_untouched(in_the_second(kind), baseline, TOWNS[1])


def test_other_townships_are_untouched_whatever_is_done_there(
    busy_town: vs.Scenario, of_all_in_one_township: vs.Run
) -> None:
    """Nor where all policies act in another township; audit teams are the county's, so that those share a desk."""
    others = [policy_of(kind, target=townships(TOWNS[0])) for kind in KINDS]
    own = [policy_of(kind, target=townships(TOWNS[1]), label=f"own {kind}") for kind in {*KINDS} - {"clean_up"}]
    law.check_other_townships_are_untouched(simulate(busy_town, others + own), of_all_in_one_township, TOWNS[1])


def test_an_alliance_in_one_township_leaves_the_others_alone(busy_town: vs.Scenario, baseline: vs.Run) -> None:
    """One operator for all villages of a township is still one township's affair."""
    alliance = policy_of("land_trust", target=townships(TOWNS[1]), alliance=True)
    law.check_other_townships_are_untouched(simulate(busy_town, [alliance]), baseline, TOWNS[1])


RANKED = ("monthly_review", "weak_village_list")
"""Rules that hold villages against each other: two of them are two lists."""


@pytest.mark.parametrize("kind", [kind for kind in RULES if kind not in RANKED])
def test_two_rules_side_by_side_are_one_for_both(
    busy_town: vs.Scenario, alone: Callable[[str], RunWithWorld], kind: str
) -> None:
    """The same rule for one township and, under another label, for two more is the rule for all three."""
    parts = [
        policy_of(kind, target=townships(TOWNS[0]), label="here"),
        policy_of(kind, target=townships(*TOWNS[1:]), label="there"),
    ]
    run = simulate(busy_town, parts)
    assert law.same_arrays(run, alone(kind))


@pytest.mark.parametrize("kind", PAID)
def test_two_policies_of_one_kind_run_side_by_side(
    busy_town: vs.Scenario, in_the_second: Callable[[str], RunWithWorld], kind: str
) -> None:
    """Each under its own label; both are paid, and both act."""
    first, second = (policy_of(kind, target=townships(town), label=town) for town in TOWNS[:2])
    run = simulate(busy_town, [first, second])
    paid = run.payments.groupby("policy").paid.sum()
    assert (paid[list(TOWNS[:2])] > 0).all()
    for one in (simulate(busy_town, [first]), in_the_second(kind)):
        assert not law.same_arrays(run, one)


def test_two_policies_of_every_kind_do_the_same_in_any_order(busy_town: vs.Scenario) -> None:
    """Sixty at once, each under its own label."""
    both = [policy_of(kind, target=townships(t), label=f"{kind} {t}") for kind in PAID for t in TOWNS[:2]]
    law.check_same_history(simulate(busy_town, both), simulate(busy_town, both[::-1]))


@pytest.mark.parametrize("budget", [None, 1_234_567.89])
def test_seed_money_stakes_and_top_ups_arrive_to_the_fen(busy_town: vs.Scenario, budget: float | None) -> None:
    """All that is asked for, or as far as an own cap goes; odd amounts, in four forms."""
    policies = [
        policy_of("seed_money", form=form, grant=123_456.78, label=form, budget=budget)
        for form in ("union", "chain", "cooperative", "company")
    ] + [policy_of("top_up", budget=budget), policy_of("stakes", budget=budget)]
    run = simulate(busy_town, policies)
    law.check_grants_arrive(run, policies)
    for check in law.CHECKS:
        check(run)
    with pytest.raises(AssertionError, match="yuan were paid"):  # the twin: one policy forgotten
        law.check_grants_arrive(run, policies[1:])


def test_two_policies_of_one_label_are_refused(busy_town: vs.Scenario) -> None:
    """The message says what to do."""
    for kind in KINDS:
        with pytest.raises(vs.VillagesimError, match="own label"):
            simulate(busy_town, [policy_of(kind), policy_of(kind)])


@pytest.mark.parametrize("start", ["2021-05-01", "2021-07-01", "2022-03-01"])
def test_a_freeze_after_the_announcement_does_nothing(busy_town: vs.Scenario, baseline: vs.Run, start: str) -> None:
    """Announced on 1 April: who watches the accounts from May on finds them as they would have been, bit for bit."""
    law.check_policies_without_money_change_nothing(simulate(busy_town, [policy_of("account_freeze", start)]), baseline)


@pytest.mark.parametrize("start", ["2021-01-01", "2021-04-01"])
def test_a_freeze_by_the_announcement_holds_debt_back(busy_town: vs.Scenario, baseline: vs.Run, start: str) -> None:
    """The twin: on the day of the announcement it is not too late."""
    run = simulate(busy_town, [policy_of("account_freeze", start)])
    decreed = run.record.labels.index("2021-06")
    assert run.outcomes["debt"][decreed] < baseline.outcomes["debt"][decreed] * 0.98


@pytest.mark.parametrize("others", [(), ("ranking",), ("five_integrations", "ranking", "inspection", "clean_up")])
def test_no_account_is_pooled_under_frozen_rights(over_three_years: vs.Scenario, others: tuple[str, ...]) -> None:
    """Three unchanged from before the decree on: votes are won and reports forced, but all accounts stay."""
    forced = over_three_years.with_parameters(forced_share=0.6)
    run = simulate(forced, [policy_of("three_unchanged"), *map(policy_of, others)])
    law.check_no_account_is_pooled_under_frozen_rights(run)
    law.check_pooling_moves_money_and_makes_none(run)
    law.check_accounts_balance(run)
    assert (run.events.kind == "new_income_pooled").any()
    assert run.record.column("transfer_in").sum() > 1000, "new income should be shared"


def test_a_village_under_frozen_rights_shares_what_comes_above_them(over_three_years: vs.Scenario) -> None:
    """By members, and only above the income of the twelve months before the vote was carried out; no chance."""
    run = simulate(over_three_years, [policy_of("three_unchanged"), policy_of("five_integrations", facilitators=12)])
    world, column = run.world, run.record.column
    sharing = np.isfinite(world.cooperatives.frozen_right)
    months = np.array([month.years for month in world.calendar.months])
    assert sharing.sum() > 10
    for village in np.unique(world.village_of[sharing]):
        rows = np.flatnonzero(world.village_of == village)
        last = np.flatnonzero(column("transfer_in")[1:, rows].any(axis=1))
        given = np.maximum(
            column("account_income")[1:][last][:, rows]
            - world.cooperatives.frozen_right[rows] * months[last, None], 0.0
        )  # fmt: skip
        assert np.allclose(column("transfer_out")[1:][last][:, rows], given, atol=law.HALF_A_CENT)
        share = world.endowment.members[rows] / world.endowment.members[rows].sum()
        expected = given.sum(axis=1, keepdims=True) * share
        assert np.allclose(column("transfer_in")[1:][last][:, rows], expected, atol=law.HALF_A_CENT)


@pytest.mark.parametrize("money", [1e9, 400_000.0])
def test_welfare_is_what_was_paid_for_it(busy_town: vs.Scenario, money: float) -> None:
    """By the county and out of the surplus of land trusts, with plenty of money and with little; no chance."""
    policies = [
        policy_of("welfare", coverage=0.8),
        policy_of("land_trust", split=(0.5, 0.0, 0.3, 0.1, 0.1), cost_per_mu=0.0),
        policy_of("clerks"),
    ]
    run = simulate(replace(busy_town, budget=Budget(money, 2021)), policies)
    assert run.land_trusts.welfare.sum() > 0
    law.check_welfare_is_paid_for(run, "welfare")
    assert 0 < run.outcomes["welfare_reach"].max() <= 0.8


@pytest.mark.parametrize("kind", KINDS)
def test_a_policy_that_ends_when_the_run_begins_to_end_is_still_a_policy(busy_town: vs.Scenario, kind: str) -> None:
    """Every kind can end within the run, and gives back what it held: its levers have no owner left."""
    scenario = replace(busy_town, timetable=replace(busy_town.timetable, stop=date(2022, 3, 1)))
    run = simulate(scenario, [policy_of(kind, end="2021-12-01")])
    assert (run.events.kind == "policy_ended").sum() == 1
    for lever in run.world.levers:
        assert kind not in lever.owners, lever.name

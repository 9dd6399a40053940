"""One fault planted for each law of reports, disputes, contracts and policies of every kind: the check must fail."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from checks import RULES, policy_of, simulate
from laws import law_checks as law
from laws.test_policies import BUSY, ELECTIONS, PLENTY, TOWNS
from planted.test_planted_faults import after

import villagesim as vs
from villagesim.engine.monthly_desk import Case
from villagesim.policies import KINDS, AccountFreeze
from villagesim.processes.assets import Assets
from villagesim.processes.disputes import ROW, Disputes
from villagesim.processes.fusion import Fusion
from villagesim.processes.ledger import Ledger
from villagesim.processes.projects import Projects
from villagesim.processes.ratings import Ratings
from villagesim.processes.reports import Reports
from villagesim.processes.requests import Requests
from villagesim.targets import Target, townships
from villagesim.timetable import Budget

PAID = tuple(kind for kind in KINDS if kind not in RULES)


@pytest.fixture(scope="module")
def busy_town(one_town: vs.Scenario) -> vs.Scenario:
    """Two years of the three townships under pressure, with long queues and plenty of money."""
    timetable = replace(one_town.timetable, stop=date(2023, 1, 1), elections=ELECTIONS)
    return replace(one_town.with_parameters(**BUSY), budget=PLENTY, timetable=timetable)


def write_off_twice(ledger: Ledger, *_: Any) -> None:
    """Debts that are booked as written off twice, and leave once."""
    ledger.flows["written_off"] = 2 * ledger.flows["written_off"]


def share_a_yuan_too_much(ledger: Ledger, *_: Any) -> None:
    """New income of which members get a yuan more than there is, booked properly."""
    more = 1.0 * (ledger.flows["transfer_in"] > 0)
    ledger.flows["transfer_in"] = ledger.flows["transfer_in"] + more
    ledger.world.cooperatives.cash += more


def relapse_in_silence(fusion: Fusion, *_: Any) -> None:
    """A milestone that is lost without an event."""
    full = np.flatnonzero(fusion.world.committees.passed[:, 0] == 2)
    fusion.world.committees.passed[full[:1], 0] = 1


def report_twice(reports: Reports, village: int, integration: int, *_: Any) -> None:
    """A false report that counts for two milestones."""
    false = reports.world.committees.false_reports
    false[village, integration] *= 2


def report_less(reports: Reports, *_: Any) -> None:
    """A village that hides what is real."""
    reports.world.committees.false_reports[0, 0] = -1


def hear_twice(disputes: Disputes, case: Case, *_: Any) -> None:
    """A hearing that is counted twice."""
    disputes.noted["heard"].append(case[ROW])
    disputes.waits.append(0.0)


def close_what_is_not_open(disputes: Disputes, *_: Any) -> None:
    """Cases that are closed by the month, open or not."""
    disputes.world.residents.open_disputes[0] -= 1


def come_back_for_ever(disputes: Disputes, case: Case, *_: Any) -> None:
    """A case that comes back a hundred times."""
    disputes.noted["reopened"] += 100 * [case[ROW]]


def register_what_did_not_arise(disputes: Disputes, *_: Any) -> None:
    """More cases at the township than disputes in the village."""
    disputes.registered[0] += 5
    disputes.noted["petitions"] += 5 * [0]


def lose_a_contract(assets: Assets, *_: Any) -> None:
    """A contract that changes hands to a neighbour."""
    assets.world.contracts.row[-1] = 0


def let_beyond_the_market(assets: Assets, *_: Any) -> None:
    """Rents that rise by more than pooled accounts can bring."""
    assets.world.contracts.rent_factor *= 1.5


def bill_twice(assets: Assets, *_: Any) -> None:
    """Gains that no settled item brings."""
    assets.world.assets.gain *= 2.0


def lose_the_hosts_register(assets: Assets, *_: Any) -> None:
    """Rents of a host that are lost from the books."""
    assets.world.assets.unhanded[:] = 0.1


def correct_what_does_not_exist(assets: Assets, *_: Any) -> None:
    """A hundred corrected contracts where there are twenty."""
    assets.n_corrected[0] = 1_000


def handle_twice(requests: Requests, case: Case, *_: Any) -> None:
    """A request that is counted as handled three times."""
    requests.noted["requests_heard"] += 2 * [case[ROW]]
    requests.waits += 2 * [0.0]


def wait_in_vain(requests: Requests, *_: Any) -> None:
    """Days of waiting where nobody was handled."""
    requests.flows = requests.flows | {"request_waited": np.ones(requests.world.n_rows)}


def promote_in_silence(ratings: Ratings, *_: Any) -> None:
    """A star that comes without a rating."""
    ratings.world.ratings.stars[0] = 5


def praise_all(ratings: Ratings, *_: Any) -> None:
    """Villages that count as turned round whatever they were."""
    ratings.turned_round = ratings.turned_round + 1


def come_back_to_life(projects: Projects, *_: Any) -> None:
    """Projects that come back after they have ended."""
    projects.world.projects.ended[:] = np.inf


def half_a_stake(projects: Projects, *_: Any) -> None:
    """Stakes that make half a whole."""
    projects.world.projects.stake_share[:1] *= 0.5


def earn_without_a_stake(projects: Projects, *_: Any) -> None:
    """Returns of all projects for everybody."""
    projects.world.cooperatives.project_income += 1.0


def lose_what_is_not_there(projects: Projects, *_: Any) -> None:
    """More lost than there was."""
    projects.world.projects.lost += 1e6


def invest_twice(projects: Projects, founders: list, month: Any) -> None:
    """Money of villages that is taken twice and put in once."""
    projects.world.cooperatives.invested *= 2.0


def bring_twice(projects: Projects, founders: list, month: Any) -> None:
    """Money from outside that is told twice."""
    projects.outside_capital *= 2.0


def pay_back_what_was_not_lent(projects: Projects, *_: Any) -> None:
    """A yuan of capital that comes back from nowhere."""
    projects.world.cooperatives.principal[:1] += 1.0


def more_seed_money_than_paid(projects: Projects, *_: Any) -> None:
    """A yuan more in a project than was paid."""
    projects.world.projects.granted[:1] += 1.0


FAULTS = [
    (Projects, "open", come_back_to_life, law.check_projects_are_accounted_for),
    (Projects, "open", half_a_stake, law.check_projects_are_accounted_for),
    (Projects, "close", earn_without_a_stake, law.check_projects_are_accounted_for),
    (Projects, "close", lose_what_is_not_there, law.check_projects_are_accounted_for),
    (Projects, "open", more_seed_money_than_paid, law.check_projects_are_accounted_for),
    (Projects, "begin", invest_twice, law.check_projects_are_accounted_for),
    (Projects, "begin", bring_twice, law.check_projects_are_accounted_for),
    (Projects, "close", pay_back_what_was_not_lent, law.check_projects_are_accounted_for),
    (Ledger, "spend", write_off_twice, law.check_debt_follows_from_borrowing),
    (Ledger, "spend", share_a_yuan_too_much, law.check_pooling_moves_money_and_makes_none),
    (Fusion, "spawn_attempts", relapse_in_silence, law.check_milestones_are_what_events_say),
    (Reports, "report", report_twice, law.check_milestones_are_what_events_say),
    (Reports, "report", report_twice, law.check_reports_are_bounded),
    (Reports, "inspect", report_less, law.check_reports_are_bounded),
    (Disputes, "heard", hear_twice, law.check_disputes_are_conserved),
    (Disputes, "count", close_what_is_not_open, law.check_disputes_are_conserved),
    (Disputes, "heard", come_back_for_ever, law.check_disputes_are_conserved),
    (Disputes, "spawn", register_what_did_not_arise, law.check_disputes_are_conserved),
    (Assets, "close", lose_a_contract, law.check_contracts_are_conserved),
    (Assets, "close", let_beyond_the_market, law.check_contracts_are_conserved),
    (Assets, "close", bill_twice, law.check_contracts_are_conserved),
    (Assets, "close", lose_the_hosts_register, law.check_contracts_are_conserved),
    (Assets, "close", correct_what_does_not_exist, law.check_contracts_are_conserved),
    (Requests, "heard", handle_twice, law.check_requests_are_conserved),
    (Requests, "count", wait_in_vain, law.check_requests_are_conserved),
    (Ratings, "review", promote_in_silence, law.check_stars_change_by_ratings),
    (Ratings, "rate", praise_all, law.check_stars_change_by_ratings),
]
POLICIES = [
    policy_of("clean_up"), policy_of("ranking"), policy_of("five_integrations", facilitators=12),
    policy_of("seed_money", projects=120, target=townships(*TOWNS[:2])), policy_of("first_secretary"),
    policy_of("three_unchanged", target=townships(*TOWNS[1:])), policy_of("star_rating"), policy_of("feedback_relay"),
]  # fmt: skip


def test_without_a_fault_the_laws_hold(busy_town: vs.Scenario) -> None:
    """The run that the faults are planted in."""
    run = simulate(busy_town, POLICIES)
    for check in law.CHECKS:
        check(run)


@pytest.mark.parametrize(("owner", "name", "deed", "check"), FAULTS, ids=lambda part: getattr(part, "__name__", part))
def test_a_fault_in_a_process_is_noticed(
    busy_town: vs.Scenario, monkeypatch: pytest.MonkeyPatch, owner: type, name: str, deed: Any, check: Any
) -> None:
    """Each fault breaks its law."""
    after(monkeypatch, owner, name, deed)
    with pytest.raises(AssertionError):
        check(simulate(busy_town, POLICIES))


def test_an_account_that_is_pooled_under_frozen_rights_is_noticed(
    busy_town: vs.Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A forced pooling that does not ask for rights breaks the law of frozen rights."""
    policies = [policy_of("three_unchanged"), policy_of("ranking")]
    law.check_no_account_is_pooled_under_frozen_rights(simulate(busy_town, policies))
    after(monkeypatch, Reports, "report", lambda reports, village, *_: reports.world.to_pool.append(village))
    with pytest.raises(AssertionError, match="frozen rights"):
        law.check_no_account_is_pooled_under_frozen_rights(simulate(busy_town, policies))


def test_a_late_freeze_that_still_acts_is_noticed(busy_town: vs.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """A freeze that does not look at the announcement breaks the law of late freezes."""
    late = [policy_of("account_freeze", "2021-05-01")]
    law.check_policies_without_money_change_nothing(simulate(busy_town, late), simulate(busy_town))

    def whenever(self: AccountFreeze, active: Any) -> None:
        active.pull("freeze", lambda: self.strength * active.rows)

    monkeypatch.setattr(AccountFreeze, "begin", whenever)
    with pytest.raises(AssertionError, match="columns differ"):
        law.check_policies_without_money_change_nothing(simulate(busy_town, late), simulate(busy_town))


@pytest.mark.parametrize("kind", PAID)
def test_a_policy_that_acts_unpaid_is_noticed(
    busy_town: vs.Scenario, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Of every kind with a unit cost: acting as if all had been paid breaks the law of empty funds."""
    right: Callable[..., None] = KINDS[kind].act
    monkeypatch.setattr(KINDS[kind], "act", lambda self, active, month, _: right(self, active, month, 1.0))
    scenario = replace(busy_town, budget=Budget())
    with pytest.raises(AssertionError, match="columns differ"):
        law.check_policies_without_money_change_nothing(simulate(scenario, [policy_of(kind)]), simulate(scenario))


@pytest.mark.parametrize("kind", KINDS)
def test_a_policy_that_forgets_its_target_is_noticed(
    busy_town: vs.Scenario, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Of every kind: acting in all townships breaks the law of townships."""
    enough = {"training": {"places": 1_200}, "monthly_review": {"share": 0.9}}  # little done may show in no column
    own = policy_of(kind, target=townships(TOWNS[1]), **enough.get(kind, {}))
    monkeypatch.setattr(Target, "rows", lambda self, world, label="": np.ones(world.n_rows, bool))
    with pytest.raises(AssertionError, match="elsewhere"):
        law.check_other_townships_are_untouched(simulate(busy_town, [own]), simulate(busy_town), TOWNS[1])

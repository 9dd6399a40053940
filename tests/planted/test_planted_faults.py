"""One fault planted for each law: the law's own check must fail. A check that cannot fail shows nothing."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from math import ceil
from typing import Any

import numpy as np
import pytest
from checks import simulate
from laws import law_checks as law

import villagesim as vs
from villagesim.agents import settlement
from villagesim.dates import Month
from villagesim.engine.fund import Fund
from villagesim.places.rolls import Roll
from villagesim.policies import FiveIntegrations, administration
from villagesim.policies.policy import ActivePolicy
from villagesim.processes import land_trust
from villagesim.processes.ledger import Ledger
from villagesim.processes.merger import Merger
from villagesim.processes.trust import Trust
from villagesim.randomness import Draws
from villagesim.targets import Target, townships
from villagesim.timetable import Budget, Timetable
from villagesim.world import World

Check = Callable[[vs.Run], None]


def after(monkeypatch: pytest.MonkeyPatch, owner: type, name: str, deed: Callable[..., None]) -> None:
    """Let ``deed`` follow a method; it gets the same arguments."""
    right = getattr(owner, name)

    def wrong(self: Any, *args: Any) -> Any:
        result = right(self, *args)
        deed(self, *args)
        return result

    monkeypatch.setattr(owner, name, wrong)


def lose_a_yuan(ledger: Ledger) -> None:
    """Pooling that loses one yuan of cash."""
    hosts = np.flatnonzero(ledger.flows["transfer_in"] > 1)
    ledger.world.cooperatives.cash[hosts] -= 1.0


def overdraw(ledger: Ledger, month: Month) -> None:
    """A ledger that pays what is not there, and says so."""
    ledger.flows["spending"] += ledger.world.cooperatives.cash + 1.0
    ledger.world.cooperatives.cash[:] = -1.0


def open_with_more(ledger: Ledger, month: Month) -> None:
    """An opening that is not the last closing."""
    ledger.flows["opening"] += 1.0
    ledger.flows["spending"] += 1.0


def forgive_debt(ledger: Ledger, month: Month) -> None:
    """A debt that shrinks without repayment."""
    ledger.world.cooperatives.debt *= 0.999


def fill_the_pot(ledger: Ledger, month: Month) -> None:
    """A pot that fills by itself."""
    ledger.world.cooperatives.pot += 1.0


def never_wear(ledger: Ledger, month: Month) -> None:
    """Assets that are as new every month."""
    ledger.world.cooperatives.operating_assets *= 1 + ledger.world.p.asset_wear / 12


def replace_for_nothing(ledger: Ledger, month: Month) -> None:
    """Assets that are replaced, and nobody pays."""
    ledger.flows["invested"] = 0.0 * ledger.flows["invested"]
    ledger.world.cooperatives.cash += ledger.world.by_account(ledger.flows["replaced"])


def receive_more_than_was_sent(ledger: Ledger) -> None:
    """Pooling that creates one yuan and books it properly."""
    hosts = np.flatnonzero(ledger.flows["transfer_in"] > 0)
    ledger.flows["transfer_in"][hosts] += 1.0
    ledger.world.cooperatives.cash[hosts] += 1.0


def forget_moved_debt(ledger: Ledger) -> None:
    """Pooling that moves debt on paper only: the emptied accounts keep theirs."""
    gone = ledger.flows["debt_moved"] < 0
    ledger.world.cooperatives.debt[gone] = 1.0


def book_twice(ledger: Ledger, month: Month) -> None:
    """One-offs that an account books twice."""
    ledger.flows["account_income"] += ledger.world.by_account(ledger.flows["income_one_off"])


def misplace_history(ledger: Ledger, month: Month) -> None:
    """A month of history that is dropped in place of another."""
    ledger.world.cooperatives.income_12m[:] = np.roll(ledger.last_months, 1, axis=0)[1:].sum(axis=0)


def double_the_host(merger: Merger, month: Month) -> None:
    """A decree that doubles the residents of hosts."""
    world = merger.world
    doubled = np.where(world.committees.merged, 2, 1) * world.endowment.residents
    world.endowment = replace(world.endowment, residents=doubled)


def chain_villages(merger: Merger, month: Month) -> None:
    """A decree that sends one part to a village which is itself removed."""
    world = merger.world
    removed = np.flatnonzero(~world.is_village)
    world.village_of[removed[0]] = removed[1]


def trust_too_much(trust: Trust, month: Month) -> None:
    """Trust without an upper end."""
    if month.label == "2023-12":
        trust.world.members.trust += 0.5


def earn_by_decree(ledger: Ledger, month: Month) -> None:
    """Income that rises because villages were merged."""
    if ledger.world.decreed:
        ledger.flows["income_other"] = ledger.flows["income_other"] * 1.01


MONEY = [
    (Ledger, "pool", lose_a_yuan, law.check_accounts_balance),
    (Ledger, "spend", overdraw, law.check_accounts_balance),
    (Ledger, "spend", open_with_more, law.check_accounts_balance),
    (Ledger, "spend", forgive_debt, law.check_debt_follows_from_borrowing),
    (Ledger, "spend", fill_the_pot, law.check_pot_and_assets_follow_from_what_is_put_into_them),
    (Ledger, "spend", never_wear, law.check_pot_and_assets_follow_from_what_is_put_into_them),
    (Ledger, "spend", replace_for_nothing, law.check_pot_and_assets_follow_from_what_is_put_into_them),
    (Ledger, "pool", receive_more_than_was_sent, law.check_pooling_moves_money_and_makes_none),
    (Ledger, "pool", forget_moved_debt, law.check_pooling_moves_money_and_makes_none),
    (Ledger, "book_income", book_twice, law.check_income_of_accounts_is_that_of_constituents),
    (Ledger, "book_income", misplace_history, law.check_observed_income_is_that_of_twelve_months),
    (Trust, "close", trust_too_much, law.check_indices_have_bounds),
]


@pytest.mark.parametrize(("owner", "name", "deed", "check"), MONEY, ids=[deed.__name__ for _, _, deed, _ in MONEY])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_fault_in_a_process_is_noticed(
    one_town: vs.Scenario,
    monkeypatch: pytest.MonkeyPatch,
    owner: type,
    name: str,
    deed: Callable[..., None],
    check: Check,
) -> None:
    """Each fault in the books, and trust beyond 1, breaks its law; without the fault the same run keeps it."""
    check(simulate(one_town, "both"))
    after(monkeypatch, owner, name, deed)
    with pytest.raises(AssertionError):
        check(simulate(one_town, "both"))


@pytest.mark.parametrize("deed", [double_the_host, chain_villages])
def test_a_decree_that_changes_people_is_noticed(
    one_town: vs.Scenario, monkeypatch: pytest.MonkeyPatch, deed: Callable[..., None]
) -> None:
    """People are conserved, so a decree that makes or hides some breaks the law."""
    after(monkeypatch, Merger, "decree", deed)
    with pytest.raises(AssertionError):
        law.check_people_and_land_are_conserved(simulate(one_town), one_town)


def test_a_village_that_is_left_out_is_noticed(one_town: vs.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of villages that drops the smallest income does not add up to the county."""
    run = simulate(one_town)
    monkeypatch.setattr(vs.Run, "villages", run.villages.sort_values("collective_income").iloc[1:])
    with pytest.raises(AssertionError):
        law.check_village_sums_are_county_totals(run)


def rounding_up(self: Fund, claims: dict[str, int]) -> dict[str, int]:
    """Pay every claim its share, rounded up."""
    asked, level = sum(claims.values()), int(self.level)
    have = min(asked, level)
    paid = {name: ceil(claim * have / asked) if asked else 0 for name, claim in claims.items()}
    if have:
        self.get(min(sum(paid.values()), level))
    return paid


def test_a_fund_that_rounds_up_is_noticed(one_town: vs.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """One fen paid too much breaks the law of the fund."""
    policies = tuple(replace(p, villages=100) if p.kind == "land_trust" else p for p in one_town.strategies["both"])
    scenario = replace(one_town, budget=Budget(500_000.01, 2022), strategies={"both": policies})
    law.check_fund_is_never_overdrawn(simulate(scenario, "both"), scenario)
    monkeypatch.setattr(Fund, "pay_all", rounding_up)
    with pytest.raises(AssertionError):
        law.check_fund_is_never_overdrawn(simulate(scenario, "both"), scenario)


def test_a_cap_that_is_not_kept_is_noticed(one_town: vs.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """A policy that spends beyond its own cap breaks the law of the fund."""
    policies = tuple(replace(p, budget=50_000.0) for p in one_town.strategies["both"])
    scenario = replace(one_town, strategies={"both": policies})
    law.check_fund_is_never_overdrawn(simulate(scenario, "both"), scenario)
    monkeypatch.setattr(administration.Administration, "_left", lambda self, label: 10**18)
    with pytest.raises(AssertionError, match="cap"):
        law.check_fund_is_never_overdrawn(simulate(scenario, "both"), scenario)


@pytest.mark.parametrize("lost", ["station", "operator_result", "reserve_change"])
def test_a_yuan_of_a_land_trust_that_vanishes_is_noticed(
    one_town: vs.Scenario, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    """A share in the surplus that nobody gets breaks the law of revenue."""
    right = settlement.settle

    def wrong(*args: Any, **names: Any) -> settlement.Settlement:
        result = right(*args, **names)
        return replace(result, **{lost: getattr(result, lost) * 0.5})

    monkeypatch.setattr(settlement, "settle", wrong)
    with pytest.raises(AssertionError):
        law.check_trust_revenue_is_accounted_for(simulate(one_town, "land trust"))


def test_a_dividend_that_is_not_booked_is_noticed(one_town: vs.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is settled for the collective must reach its books."""
    after(
        monkeypatch, land_trust.LandTrusts, "pay_out", lambda self, *args: self.world.cooperatives.trust_income.fill(0)
    )
    with pytest.raises(AssertionError, match="settled"):
        law.check_trust_revenue_is_accounted_for(simulate(one_town, "land trust"))


def test_land_enrolled_beyond_what_can_be_is_noticed(one_town: vs.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """Enrolment that overshoots breaks the law of land."""
    right = land_trust.joining
    monkeypatch.setattr(land_trust, "joining", lambda world: 40 * right(world))
    with pytest.raises(AssertionError, match="more land"):
        law.check_enrolled_land_has_bounds(simulate(replace(one_town, budget=Budget(1e9, 2021)), "land trust"))


def sow_a_little(trusts: land_trust.LandTrusts, *args: Any) -> None:
    """Land that joins in the midst of a season."""
    trusts.world.land_trusts.sown *= 0.999


def sow_too_much(trusts: land_trust.LandTrusts, *args: Any) -> None:
    """More land is sown than has joined."""
    trusts.world.land_trusts.sown *= 1.001


def forget_own(trusts: land_trust.LandTrusts, *args: Any) -> None:
    """Losses of own farming that are not booked."""
    np.maximum(trusts.world.cooperatives.trust_income, 0.0, out=trusts.world.cooperatives.trust_income)


@pytest.mark.parametrize(
    ("method", "fault", "words"),
    [
        ("farm", sow_a_little, "sown in"),
        ("sow", sow_too_much, "more is sown"),
        ("pay_out", forget_own, "booked otherwise"),
    ],
)
def test_land_that_is_sown_out_of_season_or_a_loss_that_is_forgotten_is_noticed(
    one_town: vs.Scenario, monkeypatch: pytest.MonkeyPatch, method: str, fault: Callable[..., None], words: str
) -> None:
    """Each fault breaks the law of frozen land; seasons are bad enough for losses."""
    scenario = replace(one_town, budget=Budget(1e7, 2021)).with_parameters(own_rent=1_000.0, price_sd=0.1)
    own = [vs.policies.LandTrust(start="2021-03-01", own_share=1.0)]
    run = simulate(scenario, own, replication=1)
    law.check_sown_land_is_frozen(run)
    assert run.record.column("own_result").min() < 0
    after(monkeypatch, land_trust.LandTrusts, method, fault)
    with pytest.raises(AssertionError, match=words):
        law.check_sown_land_is_frozen(simulate(scenario, own, replication=1))


@pytest.fixture
def calls() -> Iterator[int]:
    """Something that goes on counting from run to run."""
    return count(1)


def test_luck_that_goes_on_from_run_to_run_is_noticed(
    one_town: vs.Scenario, monkeypatch: pytest.MonkeyPatch, calls: Iterator[int]
) -> None:
    """A stream that all runs share breaks the law of the same bits."""
    right = Draws.uniform
    monkeypatch.setattr(Draws, "uniform", lambda self, name, *who: right(self, f"{name}{next(calls)}", *who))
    with pytest.raises(AssertionError):
        law.check_same_history(simulate(one_town), simulate(one_town))


def first_come(self: Fund, claims: dict[str, int]) -> dict[str, int]:
    """Pay claims one after the other, so that the first gets all."""
    paid = {}
    for name, claim in claims.items():
        paid[name] = min(claim, int(self.level))
        if paid[name]:
            self.get(paid[name])
    return paid


def test_an_order_of_policies_that_matters_is_noticed(one_town: vs.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """Serving policies in the order in which a strategy names them breaks the law of order."""
    scenario = replace(one_town, budget=Budget(30_000.0, 2022))
    policies = scenario.strategies["both"]
    monkeypatch.setattr(Fund, "pay_all", first_come)
    law.check_same_history(simulate(scenario, policies), simulate(scenario, policies[::-1]))  # sorted by label
    monkeypatch.setattr(administration, "sorted", lambda values, key=None: list(values), raising=False)
    with pytest.raises(AssertionError):
        law.check_same_history(simulate(scenario, policies), simulate(scenario, policies[::-1]))


def test_a_policy_that_acts_unpaid_is_noticed(one_town: vs.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """Facilitators who come without pay break the law of empty funds."""
    right = FiveIntegrations.act

    def unpaid(self: FiveIntegrations, active: ActivePolicy, month: Month, paid_share: float) -> None:
        right(self, active, month, 1.0)

    monkeypatch.setattr(FiveIntegrations, "act", unpaid)
    scenario = replace(one_town, budget=Budget())
    with pytest.raises(AssertionError):
        law.check_policies_without_money_change_nothing(simulate(scenario, "five integrations"), simulate(scenario))


def test_a_policy_that_forgets_its_target_is_noticed(one_town: vs.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """A policy for one township that acts in all of them breaks the law of townships."""
    monkeypatch.setattr(Target, "rows", lambda self, world, label="": np.ones(world.n_rows, bool))
    scenario = replace(one_town, budget=Budget(1e9, 2021))
    own = FiveIntegrations(start="2022-03-01", facilitators=3, target=townships("相公庄街道"))
    with pytest.raises(AssertionError, match="elsewhere"):
        law.check_other_townships_are_untouched(simulate(scenario, [own]), simulate(scenario), "相公庄街道")


def test_a_policy_without_any_effect_is_noticed(one_town: vs.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """The law of townships does not hold by doing nothing at all."""
    monkeypatch.setattr(FiveIntegrations, "act", lambda *args: None)
    monkeypatch.setattr(FiveIntegrations, "claim", lambda *args: 0.0)
    own = FiveIntegrations(start="2022-03-01", facilitators=3, target=townships("相公庄街道"))
    with pytest.raises(AssertionError, match="nothing"):
        law.check_other_townships_are_untouched(simulate(one_town, [own]), simulate(one_town), "相公庄街道")


def test_luck_by_position_is_noticed(one_town: vs.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """Draws keyed by the row, not by the code, break the law of luck."""
    from laws.test_laws import restricted

    part = restricted(one_town, "白云湖街道", "宁家埠街道")
    law.check_luck_belongs_to_villages(simulate(one_town, "no merger"), simulate(part, "no merger"))
    monkeypatch.setattr(Roll, "keys", property(lambda self: np.arange(len(self))))
    with pytest.raises(AssertionError):
        law.check_luck_belongs_to_villages(simulate(one_town, "no merger"), simulate(part, "no merger"))


def test_a_decree_that_comes_in_spite_of_no_merger_is_noticed(
    one_town: vs.Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A switch that does nothing breaks the law of no merger."""
    monkeypatch.setattr(World, "merging", property(lambda world: True, lambda world, merging: None), raising=False)
    with pytest.raises(AssertionError):
        law.check_nothing_merges(simulate(one_town, "no merger"))


def test_a_history_that_is_not_the_published_one_is_noticed(
    zhangqiu: vs.Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two per cent less history on the first day breaks the law of the first day."""
    scenario = replace(
        zhangqiu, timetable=Timetable(zhangqiu.timetable.start, zhangqiu.timetable.start.replace(month=2))
    )
    law.check_first_day(simulate(scenario, "no merger"), 306, 890, 500_000.0)
    after(monkeypatch, World, "_record_history", lambda world: world.recorder.rows.__imul__(0.98))
    with pytest.raises(AssertionError):
        law.check_first_day(simulate(scenario, "no merger"), 306, 890, 500_000.0)


def test_income_that_the_decree_makes_is_noticed(one_town: vs.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """One per cent more of one source after the decree breaks the law that merging alone earns nothing."""
    scenarios = [one_town, one_town.with_parameters(reletting_gain=0.0, adopt_rate=0.0)]
    for scenario in scenarios:
        law.check_income_per_resident_does_not_jump(simulate(scenario), simulate(scenario, "no merger"))
    after(monkeypatch, Ledger, "book_income", earn_by_decree)
    for scenario in scenarios:
        with pytest.raises(AssertionError, match="by merging"):
            law.check_income_per_resident_does_not_jump(simulate(scenario), simulate(scenario, "no merger"))

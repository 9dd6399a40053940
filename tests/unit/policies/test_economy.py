"""Claim: dividends of a share reform and top-ups follow the model, by hand.

No chance: the unequal county, with luck set by the test.
"""

import numpy as np
import pytest
from unit.processes.unequal_county import INCOME, SHARE, B, C, D, N, merge, month_of, pool, world_by_hand

import villagesim as vs
from villagesim.agents.secretaries import reference_skill
from villagesim.errors import PolicyError
from villagesim.policies import CommunityConversion, ShareReform, Strategy, TopUp
from villagesim.policies.policy import ActivePolicy
from villagesim.processes.ledger import Ledger
from villagesim.targets import townships

QUIET = {"income_growth": 0.0, "income_county_sd": 0.01, "income_own_sd": 0.05}
LUCK = {"income.county": 0.0, "income.own": 0.0}
JANUARY = 31 / 365.25  # years


def county(**settings):
    """The merged county without one-offs; its yearly deviations are nothing but the correction of their mean."""
    world = world_by_hand({"one_off": 1e-9} | settings.pop("uniform", {}), LUCK, parameters=QUIET, **settings)
    merge(world)
    return world


def run_of(policy, world, paid=1.0, month=(2021, 1)):
    """A policy in this month, paid so far."""
    active = ActivePolicy(policy, world, policy.target.rows(world, policy.label))
    policy.begin(active)
    policy.act(active, month_of(world, *month), paid)
    world.levers.refresh("policies")
    return active


# share reform


def test_dividends_are_a_share_of_what_is_left_and_part_of_what_is_spent():
    """Of a surplus 2% repays, 5% stays, 15% go to the pot; of the other 78% three tenths; cash and debt as without reform."""
    books = {}
    for share in (0.0, 0.3):
        world = county(debt=np.full(N, 1e6))
        world.secretaries.skill[:] = reference_skill(world.p)
        ledger = Ledger(world)
        world.cooperatives.cash[:] = 0.0
        pool(world, B)
        run_of(ShareReform(start="2021-01-01", share=share), world)
        ledger.close(month_of(world, 2021, 1))
        books[share] = world.cooperatives.cash.copy(), world.cooperatives.debt.copy(), ledger.flows
    assert (books[0.0][0] == books[0.3][0]).all()
    assert (books[0.0][1] == books[0.3][1]).all()
    flows, world_flows = books[0.3][2], books[0.0][2]
    assert (flows["spending"] == world_flows["spending"]).all()
    owed = (50_000 + 60 * 500 + 0.05 * 2e6) * JANUARY  # B: both parts in one account
    surplus = flows["account_income"][B] - owed
    assert flows["member_dividend"][B] == pytest.approx(0.3 * 0.78 * surplus)
    assert flows["member_dividend"][3] == 0
    short = flows["borrowing"] > 0
    assert short.any()
    assert not flows["member_dividend"][short].any()
    assert not world_flows["member_dividend"].any()


@pytest.mark.parametrize("letting", [1.0, 1.5])
def test_a_share_reform_raises_income_by_empty_buildings_that_are_let_sooner_only(one_town, letting):
    """Where these are let as ever, no income differs by a fen; trust, which moves land, and votes are left out of it."""
    town = one_town.with_parameters(share_reform_letting=letting, share_dividend_trust=0.0)
    policies = (ShareReform(start="2021-01-01", cost_per_village=0.0),)
    found, base = (vs.simulate(town, Strategy(own, merger=False)) for own in (policies, ()))
    assert found.record.column("member_dividend").any()
    sources = [name for names in base.record.recorder.names.values() for name in names if name.startswith("income_")]
    assert len(sources) > 5
    differ = [name for name in sources if not np.array_equal(found.record.column(name), base.record.column(name))]
    assert ("income_assets" in differ) == (letting > 1)
    assert bool(differ) == (letting > 1)
    assert (found.outcomes["collective_income"][-1] > base.outcomes["collective_income"][-1]) == (letting > 1)


def test_a_years_dividend_earns_trust_by_what_each_member_got():
    """476 yuan or more bring .30, half of it .15; per member of the account, in December, once."""
    world = county()
    ledger = Ledger(world)
    pool(world, B)
    ledger.flows = {"member_dividend": np.zeros(N)}
    ledger.flows["member_dividend"][[0, B, C]] = 100 * 238.0 / 4, 1_000 * 1_000.0 / 4, 400 * 47.6 / 4
    for number in (3, 6, 9, 12):
        assert not world.members.trust_shock.any()
        ledger.pay_dividends(month_of(world, 2021, number))
    assert world.members.trust_shock == pytest.approx([0.15, 0, 0, 0.30, 0.30, 0.03, 0, 0])
    ledger.flows["member_dividend"][:] = 0.0
    ledger.pay_dividends(month_of(world, 2022, 12))
    assert world.members.trust_shock == pytest.approx([0.15, 0, 0, 0.30, 0.30, 0.03, 0, 0])


def test_a_share_reform_makes_consent_easier_where_it_comes():
    """By .2, while it is paid for."""
    world = county()
    active = run_of(ShareReform(start="2021-01-01", share=0.3, target=townships(world.place.township_names[1])), world)
    assert world.levers.consent.now == pytest.approx([0] * 6 + [0.2] * 2)
    assert world.levers.dividend_share.now == pytest.approx([0] * 6 + [0.3] * 2)
    active.policy.finish(active)
    world.levers.refresh("policies")
    assert not world.levers.consent.now.any()
    assert not world.levers.dividend_share.now.any()


# top-up


def topped_up(monkeypatch, paid=1.0, month=12, price_level=1.0, **settings):
    """Villages with 1,250,000, 450,000, 500,000 and 160,000 yuan, of which 20,000 of B were a top-up of last year."""
    world = county()
    world.price_level = price_level
    observed = {
        "reported_collective_income": world.by_village(INCOME),
        "top_up_income": np.where(np.arange(N) == B, 20_000.0, 0.0),
    }
    monkeypatch.setattr(world, "observed", observed.__getitem__)
    policy = TopUp(start="2021-01-01", **settings)
    active = ActivePolicy(policy, world, policy.target.rows(world, policy.label))
    claim = policy.claim(active, month_of(world, 2021, month))
    policy.act(active, month_of(world, 2021, month), paid)
    return world, claim


def test_those_just_below_are_lifted_to_the_threshold_and_a_little_above(monkeypatch):
    """B lacks 70,000 without last year's top-up: in a margin of 80,000, not in one of 69,999; shared by its members."""
    world, claim = topped_up(monkeypatch, margin=80_000.0)
    assert claim == 80_000
    assert world.cooperatives.top_up == pytest.approx((world.village_of == B) * SHARE * 80_000)
    assert topped_up(monkeypatch, margin=69_999.0)[1] == 0
    assert topped_up(monkeypatch, margin=80_000.0, month=11)[1] == 0
    assert topped_up(monkeypatch, margin=80_000.0, target=townships("370114002"))[1] == 0


def test_a_threshold_is_in_yuan_of_the_year(monkeypatch):
    """Prices a quarter up: B reports 450,000, which are 360,000 of the start, and lacks 40,000 and last year's 20,000."""
    assert topped_up(monkeypatch, margin=80_000.0, price_level=1.25)[1] == 70_000


@pytest.mark.parametrize(("paid", "lifted"), [(0.0, (0, 0)), (0.1, (0.1 * 430_000, 0)), (0.5, (80_000, 135_000))])
def test_the_nearest_are_lifted_first(monkeypatch, paid, lifted):
    """B lacks 80,000 and D 350,000 with the cushion: 430,000 in all; nothing goes astray."""
    world, claim = topped_up(monkeypatch, paid, margin=400_000.0)
    assert claim == 430_000
    assert world.by_village(world.cooperatives.top_up)[[B, D]] == pytest.approx(lifted)
    assert world.cooperatives.top_up.sum() == pytest.approx(paid * 430_000, abs=0.005)


def test_a_top_up_is_income_that_is_not_recurrent():
    """Booked once as a source of its own, and counted in the account."""
    world = county()
    ledger = Ledger(world)
    world.cooperatives.top_up[C] = 12_345.0
    ledger.book_income(month_of(world, 2021, 1))
    assert ledger.flows["income_top_up"][C] == 12_345
    assert ledger.flows["account_income"][C] == pytest.approx(sum(ledger.flows[f"income_{s}"][C] for s in (
        "operating", "rent", "subsidy", "other", "top_up")))  # fmt: skip
    assert not world.cooperatives.top_up.any()
    from villagesim.outcomes.formulas import OPERATING_INCOME, RECURRENT_INCOME

    assert "income_top_up" not in {*RECURRENT_INCOME, *OPERATING_INCOME}
    assert {"income_project"} <= {*RECURRENT_INCOME} & {*OPERATING_INCOME}


@pytest.mark.parametrize(
    ("kind", "settings", "said"),
    [
        (ShareReform, {"share": -0.1}, "between 0 and 1"),
        (ShareReform, {"cost_per_village": -1.0}, "at least 0 yuan"),
        (CommunityConversion, {"cost_per_village": -1.0}, "at least 0 yuan"),
        (TopUp, {"threshold": -1.0}, "at least 0 yuan"),
        (TopUp, {"margin": "much"}, "a finite number"),
        (TopUp, {"cushion": float("nan")}, "must be a finite number"),
    ],
)
def test_settings_are_checked(kind, settings, said):
    with pytest.raises(PolicyError, match=said):
        kind(start="2021-01-01", **settings)

"""All laws on scenarios made at random: places, dates, policies, targets, money and parameters.

The same sixty-two are tried at every run; to try others, change ``LOOKED_AT``.
"""

from dataclasses import replace
from datetime import date
from random import Random

import numpy as np
import pytest
from checks import RULES, simulate
from laws import law_checks as law

from villagesim.parameters import DEFAULTS
from villagesim.places.endowments import Published
from villagesim.places.map_of_history import MapOfHistory
from villagesim.places.merger_map import MergerMap
from villagesim.places.place import Place, within
from villagesim.places.rolls import Roll, read_roll
from villagesim.policies import KINDS, Condition, Strategy
from villagesim.scenario import Scenario
from villagesim.targets import Target
from villagesim.timetable import Budget, Decree, Timetable

LOOKED_AT = range(62)
"""Seeds."""
BEFORE, AFTER = read_roll("packaged:370114_2020"), read_roll("packaged:370114_2021")
TOWNS = tuple(sorted(set(BEFORE.townships)))
SETTINGS = {
    "account_freeze": {"strength": (0.0, 0.4, 0.8, 1.0)},
    "alliances": {"share": (0.0, 0.3, 0.5, 1.0), "size": (2, 5, 30), "four_bodies": (False, True)},
    "demonstration_zones": {"zones": (1, 2, 3)},
    "share_reform": {"share": (0.0, 0.3, 1.0)},
    "top_up": {"margin": (0.0, 50_000.0, 300_000.0), "cushion": (0.0, 10_000.0)},
    "ranking": {"strength": (0.0, 0.3, 0.7, 1.0)},
    "clean_up": {"officers": range(13)},
    "feedback_relay": {"messengers": range(0, 101, 20)},
    "five_integrations": {"facilitators": range(20)},
    "inspection": {"officers": range(6), "visits": range(0, 121, 20)},
    "monthly_review": {"share": (0.0, 0.2, 1.0), "strength": (0.0, 0.3, 1.0)},
    "more_mediators": {"officers": range(7)},
    "order_and_take": {"members": range(0, 2_001, 250)},
    "service_centres": {"officers": range(10)},
    "star_rating": {"officers": range(7)},
    "three_year_plan": {"officers": range(7)},
    "seed_money": {
        "form": ("union", "chain", "cooperative", "company"),
        "projects": range(0, 121, 12),
        "grant": (1_234.56, 5e5, 1e6),
    },
    "training": {"places": range(0, 401, 50)},
    "visits": {"places": range(0, 801, 100)},
    "welfare": {"coverage": (0.0, 0.3, 1.0)},
    "hardship_fallback": {"households": range(0, 201, 40)},
    "pay_guarantee": {"office_fund": (0.0, 20_000.0, 50_000.0, 200_000.0), "pay": (0.0, 33_000.0)},
    "land_trust": {
        "household_floor": (600.0, 800.0, 1_200.0, 2_000.0),
        "collective_floor": (0.0, 100.0),
        "cost_per_mu": (0.0, 30.0),
        "villages": (1, 5, 20, 100),
        "own_share": (0.0, 0.3, 1.0),
        "split": ((0.5, 0.0, 0.4, 0.0, 0.1), (0.2, 0.2, 0.2, 0.2, 0.2)),
        **dict.fromkeys(("households_first", "by_member", "gross", "alliance", "equity_for_new_land"), (False, True)),
    },
}
OBSERVED = ("income_per_member", "debt", "real_integration", "registered_disputes", "land_trust_area")
STRATEGY = "made at random"


def first(months):
    """The first of a month, so many months after October 2020: land is sown a month after the start."""
    return date(2020 + (9 + months) // 12, (9 + months) % 12 + 1, 1)


def synthetic_place(luck):
    """Some dozens of villages in two or three townships, any of which go together."""
    sizes = [luck.randint(3, 25) for _ in range(luck.randint(2, 3))]
    codes = [str(370_900_001_200 + 1_000 * town + i) for town, n in enumerate(sizes) for i in range(n)]
    before = Roll.of((code, f"village {code[-6:]}") for code in codes)
    hosts, village, start = [], [], 0
    for n in sizes:
        n_after = luck.randint(1, n)
        village += [len(hosts) + i % n_after for i in range(n)]
        hosts += range(start, start + n_after)
        start += n
    after = Roll.of((before.codes[i], before.names[i]) for i in hosts)
    links = MergerMap(np.array(village), ("user",) * len(codes), np.ones(len(codes)), np.array(hosts))
    return Place(before, after, links)


def packaged_place(luck):
    """One to three townships of Zhangqiu."""
    names = luck.sample(TOWNS, luck.randint(1, 3))
    before, after = within(BEFORE, names), within(AFTER, names)
    return MapOfHistory.of_rolls(before, after).likeliest


def target(luck, place):
    """Any rule."""
    rule = luck.choice(["all", "all", "townships", "villages", "lowest", "highest", "random", "just_below"])
    if rule == "townships":
        return Target(rule=rule, names=(luck.choice(place.townships),))
    if rule == "villages":
        return Target(rule=rule, names=tuple(luck.sample(place.before.codes, luck.randint(1, 6))))
    if rule == "all":
        return Target()
    if rule == "random":
        return Target(rule=rule, n=luck.randint(1, 30))
    if rule == "just_below":
        return Target(rule=rule, outcome="collective_income", level=5e5, within=luck.choice([0.1, 0.5, 1.0]))
    return Target(rule=rule, n=luck.randint(1, 30), outcome=luck.choice(OBSERVED))


def condition(luck):
    """None, most often."""
    outcome, level = luck.choice(
        [("trust", 0.5), ("real_integration", 0.2), ("petitions", 0.1), ("share_above_500k", 0.4)]
    )
    return luck.choice([None, None, None, Condition(outcome=outcome, **{luck.choice(["at_least", "below"]): level})])


def random_policy(luck, kind, place, n_months, number):
    """One of a kind, with any dates, strength, target and budget."""
    start = luck.randint(0, n_months - 1)
    settings = {name: luck.choice(values) for name, values in SETTINGS.get(kind, {}).items()}
    return KINDS[kind](
        start=first(start),
        end=luck.choice([None, first(luck.randint(start + 1, n_months + 3))]),
        when=condition(luck),
        until=condition(luck),
        phase_in=luck.choice([0, 0, 1, 5]),
        target=target(luck, place),
        budget=luck.choice([None, None, 0.0, 12_345.67, 500_000.0]),
        label=f"{luck.choice('abz')}{number}",
        **{**KINDS[kind].example, **settings},
    )


def random_parameters(luck):
    """A dozen parameters somewhere within their ranges, the ends among them."""
    values = {"attempt_rate": luck.choice([0.2, 0.4]), "pressure": luck.choice([0.2, 0.5])}
    for name in luck.sample(sorted(DEFAULTS), 12):
        p = DEFAULTS[name]
        values[name] = luck.choice([p.low, p.high, luck.uniform(p.low, p.high)])
    return DEFAULTS.with_values(values)


def random_scenario(luck):
    """A place, a time, money and one strategy; incomes are the user's own."""
    place = luck.choice([packaged_place, synthetic_place])(luck)
    n, n_months = len(place.before), luck.randint(8, 20)
    announced = luck.choice([0, luck.randint(0, n_months - 1)])
    decree = min(announced + luck.randint(0, 6), n_months - 1)
    elections = luck.sample(range(n_months), luck.randint(0, 2))
    income = np.array([luck.lognormvariate(12.7, 0.9) for _ in range(n)])
    published = Published(500 * n, float(income.mean()), 500_000.0, float((income >= 500_000).mean()), 1_100.0 * n)
    policies = [
        random_policy(luck, kind, place, n_months, number)
        for number, kind in enumerate(luck.choices(sorted(KINDS), k=luck.randint(0, len(KINDS) + 1)))
    ]
    return Scenario(
        title=STRATEGY,
        timetable=Timetable(
            first(0), first(n_months), (Decree(first(announced), first(decree)),), tuple(sorted(map(first, elections)))
        ),
        place=place,
        published=published,
        table={"income": income},
        parameters=random_parameters(luck),
        budget=luck.choice([Budget(), Budget(300_000.01, 2021), Budget(2e7, 2021), Budget(1e9, 2022)]),
        strategies={STRATEGY: tuple(policies), "no merger": Strategy(merger=False)},
    )


def check_all(run, scenario):
    """All laws of one run."""
    for check in law.CHECKS:
        check(run)
    law.check_fund_is_never_overdrawn(run, scenario)
    law.check_people_and_land_are_conserved(run, scenario)


def needs_money(policy):
    """Whether an empty fund stops it."""
    return policy.kind not in RULES and getattr(policy, "cost_per_mu", 1) > 0


def order_does_not_matter(scenario, policies, run, made):
    law.check_same_history(run, simulate(scenario, policies[::-1], **made))


def empty_pockets_change_nothing(scenario, policies, run, made):
    paid = [policy for policy in policies if needs_money(policy)]
    broke = simulate(replace(scenario, budget=Budget()), paid, **made)
    law.check_policies_without_money_change_nothing(broke, simulate(scenario, (), **made))


def no_merger_merges_none(scenario, policies, run, made):
    no_merger = simulate(scenario, "no merger", **made)
    law.check_nothing_merges(no_merger)
    law.check_income_per_resident_is_the_same(simulate(scenario, (), **made), no_merger)


def frozen_rights_pool_nothing(scenario, policies, run, made):
    frozen = KINDS["three_unchanged"](start=first(0), label="frozen")
    law.check_no_account_is_pooled_under_frozen_rights(simulate(scenario, [*policies, frozen], **made))


BESIDE = (order_does_not_matter, empty_pockets_change_nothing, no_merger_merges_none, frozen_rights_pool_nothing)
"""What is tried beside the laws of the run itself: each in a scenario of its own."""


def check_scenario(scenario, beside):
    """All laws of its run, and some of what must hold beside it; what happened in it."""
    policies = scenario.strategies[STRATEGY]
    made = {"seed": 1, "endowment": scenario.endow(1)}
    run = simulate(scenario, STRATEGY, **made)
    check_all(run, scenario)
    law.check_grants_arrive(run, policies)
    for check in beside:
        check(scenario, policies, run, made)
    return {kind for _, kind, _, _ in run.world.events}


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.long)], ids=["one beside", "all beside"])
def test_all_laws_hold_whatever_the_scenario(every):
    """Money, people, land, cases and contracts are conserved; neither order nor empty pockets matter; no merger merges none.

    Among the scenarios there is every kind of policy, every rule of targets, conditions, phasing in, and much that may go wrong.
    """
    policies, happened = [], set()
    for seed in LOOKED_AT:
        scenario = random_scenario(Random(seed))
        policies += scenario.strategies[STRATEGY]
        try:
            happened |= check_scenario(scenario, BESIDE if every else [BESIDE[seed % len(BESIDE)]])
        except AssertionError as broken:
            broken.add_note("\n".join(map(repr, (seed, scenario.timetable, scenario.budget, *policies))))
            raise
    assert {policy.kind for policy in policies} == set(KINDS)
    assert len({policy.target.rule for policy in policies}) == 7
    assert all(any(getattr(policy, name) for policy in policies) for name in ("when", "until", "phase_in"))
    assert happened >= {
        "accounts_pooled", "register_joined", "new_income_pooled", "report_false", "operator_defaulted", "policy_unfunded",
        "policy_ended", "election", "season_settled", "project_founded", "project_ended",
    }  # fmt: skip


@pytest.mark.parametrize("kind", sorted(SETTINGS))
def test_settings_are_those_of_the_policy(kind):
    """A setting that is renamed is noticed here, and not first in fifty failures."""
    assert set(SETTINGS[kind]) <= set(KINDS[kind].__dataclass_fields__)

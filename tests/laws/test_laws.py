"""The laws of the model, applied to the runs of the shipped scenarios."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from inspect import signature

import numpy as np
import pytest
from checks import fixed, policy_of, simulate
from laws import law_checks as law
from unit.files.made_county import made_county, with_table, written

import villagesim as vs
from villagesim.policies import FiveIntegrations, LandTrust
from villagesim.targets import poorest, richest, townships
from villagesim.timetable import Budget, Decree, Timetable

TOWN = ("no merger", "nothing but the merger", "five integrations", "land trust", "both")
DISTRICT = ("nothing but the merger", "both")
RUNS = [*(("one_town", name) for name in TOWN), *(("zhangqiu", name) for name in DISTRICT)]
RUNS += [("hard_times", "all at once"), ("own_figures", "both")]
PLENTY = Budget(yearly=1e9, since=2021)


@pytest.fixture(scope="module")
def hard_times(one_town: vs.Scenario) -> vs.Scenario:
    """Wild prices, no insurance, elections on the day of the decree, trusts that are older than the merger."""
    first, decree = date(2020, 4, 1), date(2022, 1, 1)
    policies = (
        LandTrust(start="2020-06-01", end="2023-01-01"),
        LandTrust(start="2020-08-01", label="for the poor", household_floor=1_000, cost_per_mu=0, target=poorest(50)),
        FiveIntegrations(start="2021-12-01", end="2022-09-01", facilitators=9, budget=200_000.01, target=richest(40)),
        policy_of("clean_up", "2020-06-01", target=richest(60)),
        policy_of("ranking", "2022-01-01", strength=0.8),
        policy_of("inspection", "2023-01-01", end="2023-07-01"),
        policy_of("three_unchanged", "2022-06-01", target=townships("白云湖街道")),
        policy_of("star_rating", "2021-02-01", end="2023-02-01"),
        policy_of("three_year_plan", "2020-06-01", target=richest(60)),
        policy_of("feedback_relay", "2021-06-01", messengers=15, end="2023-06-01"),
        policy_of("deliberation_rooms", "2022-06-01", target=poorest(30)),
    )
    return replace(
        one_town.with_parameters(
            price_sd={"value": 0.4, "low": 0, "high": 1, "source": "stress"},
            insurance=0,
            incident_rate=50,
            hearing_days=8,
            patience_days=30,
            relapse_at_handover=fixed(0.9),
            vote_base_account=1.4,
            attempt_rate=0.4,
            programme_attempt_rate=1.5,
        ),
        timetable=replace(
            one_town.timetable,
            start=first,
            decrees=(Decree(first, decree),),
            elections=(date(2021, 2, 1), decree, date(2023, 6, 1)),
        ),
        budget=Budget(700_000.03, 2021),
        strategies={"all at once": policies},
    )


@pytest.fixture(scope="module")
def hard_run(hard_times: vs.Scenario) -> Callable[[str], vs.Run]:
    """The run of it."""
    return cache(lambda strategy: simulate(hard_times, strategy))


@pytest.fixture(scope="module")
def own_figures(one_town: vs.Scenario, tmp_path_factory: pytest.TempPathFactory) -> vs.Scenario:
    """Five years of own figures with gaps, villages that never earn anything, and bad years."""
    folder, codes = tmp_path_factory.mktemp("own"), one_town.place.before.codes
    county = made_county(codes)
    county.income[:4], county.income[4:9, 4] = 0.0, 0.0
    written(folder, codes, county, 0.2)
    return with_table(folder, county)


@pytest.fixture(scope="module")
def own_run(own_figures: vs.Scenario) -> Callable[[str], vs.Run]:
    """The run of it."""
    return cache(lambda strategy: simulate(own_figures, strategy))


def test_hard_times_are_hard(hard_run: Callable[[str], vs.Run]) -> None:
    """What the laws should survive does happen there: defaults, pooling, refusals of both kinds, debts."""
    run = hard_run("all at once")
    assert run.world.land_trusts.n_defaults.sum() > 20
    assert run.record.column("own_result").min() < 0 < run.record.column("own_result").max()
    assert (run.events.kind == "accounts_pooled").any()
    assert (run.payments[["refused_by_cap", "refused_by_fund"]].sum() > 0).all()
    assert (run.record.column("borrowing") > 0).any()
    for name in ("written_off", "corrected", "petitions", "false_economy", "turned_round", "requests_heard"):
        assert run.record.column(name).any(), name
    assert {"report_exposed", "relapse", "new_income_pooled"} <= set(run.events.kind)
    assert law.re_opened(run).sum() > 20


@pytest.fixture(params=RUNS, ids=lambda pair: f"{pair[0]}-{pair[1]}")
def case(request: pytest.FixtureRequest) -> tuple[vs.Scenario, vs.Run]:
    """A scenario and the run of one of its strategies."""
    scenario, strategy = request.param
    names = {"one_town": "town_run", "zhangqiu": "district_run", "hard_times": "hard_run", "own_figures": "own_run"}
    runs = request.getfixturevalue(names[scenario])
    return request.getfixturevalue(scenario), runs(strategy)


def test_accounts_balance(case: tuple[vs.Scenario, vs.Run]) -> None:
    """Every account balances in every month, and none is overdrawn."""
    law.check_accounts_balance(case[1])


def test_debt_follows_from_borrowing(case: tuple[vs.Scenario, vs.Run]) -> None:
    """No debt appears or vanishes."""
    law.check_debt_follows_from_borrowing(case[1])


def test_pooling_moves_money_and_makes_none(case: tuple[vs.Scenario, vs.Run]) -> None:
    """Pooling changes no total of cash or debt."""
    law.check_pooling_moves_money_and_makes_none(case[1])


def test_income_of_accounts_is_that_of_constituents(case: tuple[vs.Scenario, vs.Run]) -> None:
    """No income is booked twice or lost."""
    law.check_income_of_accounts_is_that_of_constituents(case[1])


@pytest.mark.parametrize("start", ["2021-01-01", "2021-02-01", "2021-04-01", "2020-12-01"])
def test_observed_income_is_that_of_twelve_months(one_town: vs.Scenario, start: str) -> None:
    """In a run of half a year half of the twelve months are history, whenever it starts."""
    first = date.fromisoformat(start)
    timetable = Timetable(
        start=first, stop=first.replace(year=2021 + (first.month > 6), month=(first.month + 5) % 12 + 1)
    )
    run = simulate(replace(one_town, timetable=timetable), "no merger")
    law.check_observed_income_is_that_of_twelve_months(run)


def test_fund_is_never_overdrawn(case: tuple[vs.Scenario, vs.Run]) -> None:
    """The county pays no fen that it does not have."""
    law.check_fund_is_never_overdrawn(case[1], case[0])


@pytest.mark.parametrize(("yearly", "cap"), [(3_000.37, None), (20_000.01, 12_345.67), (1e7, 12_345.67)])
def test_refusals_by_fund_and_by_cap(one_town: vs.Scenario, yearly: float, cap: float | None) -> None:
    """A fund and a cap that run dry refuse in columns of their own, to the fen."""
    policies = tuple(replace(policy, budget=cap) for policy in one_town.strategies["both"])
    scenario = replace(one_town, budget=Budget(yearly, 2022), strategies={"both": policies})
    run = simulate(scenario, "both")
    law.check_fund_is_never_overdrawn(run, scenario)
    refused = run.payments[["refused_by_cap", "refused_by_fund"]].sum()
    assert (refused.refused_by_cap > 0) == (cap is not None)
    assert (refused.refused_by_fund > 0) == (yearly < 1e7)
    if cap is not None and yearly > 1e6:
        assert (run.payments.groupby("policy").paid.sum().round(2) == cap).all()


def test_trust_revenue_is_accounted_for(case: tuple[vs.Scenario, vs.Run]) -> None:
    """Every yuan of a land trust goes to somebody."""
    law.check_trust_revenue_is_accounted_for(case[1])


def test_people_and_land_are_conserved(case: tuple[vs.Scenario, vs.Run]) -> None:
    """Neither a decree nor pooling changes the number of people or the land."""
    law.check_people_and_land_are_conserved(case[1], case[0])


def test_village_sums_are_county_totals(case: tuple[vs.Scenario, vs.Run]) -> None:
    """What is said of villages adds up to what is said of the county."""
    law.check_village_sums_are_county_totals(case[1])


def test_enrolled_land_has_bounds(case: tuple[vs.Scenario, vs.Run]) -> None:
    """Enrolled land is at most the land that can be enrolled."""
    law.check_enrolled_land_has_bounds(case[1])


def test_sown_land_is_frozen(case: tuple[vs.Scenario, vs.Run]) -> None:
    """Between a sowing and its harvest no land comes or goes."""
    law.check_sown_land_is_frozen(case[1])


def test_indices_have_bounds(case: tuple[vs.Scenario, vs.Run]) -> None:
    """Indices and shares lie between 0 and 1."""
    law.check_indices_have_bounds(case[1])


def test_milestones_are_what_events_say(case: tuple[vs.Scenario, vs.Run]) -> None:
    """No milestone comes, goes or is reported without an event that says so."""
    law.check_milestones_are_what_events_say(case[1])


def test_reports_are_bounded(case: tuple[vs.Scenario, vs.Run]) -> None:
    """Reported is at least real, and false reports are never more than the milestones left."""
    law.check_reports_are_bounded(case[1])


def test_disputes_are_conserved(case: tuple[vs.Scenario, vs.Run]) -> None:
    """Every registered case is heard, goes higher, or is open."""
    law.check_disputes_are_conserved(case[1])


def test_contracts_are_conserved(case: tuple[vs.Scenario, vs.Run]) -> None:
    """Contracts change hands and terms, but none comes or goes."""
    law.check_contracts_are_conserved(case[1])


def test_requests_are_conserved(case: tuple[vs.Scenario, vs.Run]) -> None:
    """Requests are handled, given up or open."""
    law.check_requests_are_conserved(case[1])


def test_stars_change_by_ratings(case: tuple[vs.Scenario, vs.Run]) -> None:
    """Only a rating gives stars."""
    law.check_stars_change_by_ratings(case[1])


def test_every_law_of_a_run_is_in_the_list() -> None:
    """The list that random scenarios go through holds every check of one run alone."""
    alone = {
        check for name, check in vars(law).items()
        if name.startswith("check_") and list(signature(check).parameters) == ["run"]
    }  # fmt: skip
    own_conditions = {law.check_nothing_merges, law.check_no_account_is_pooled_under_frozen_rights}
    assert alone - own_conditions == {*law.CHECKS}


@pytest.mark.parametrize("strategy", TOWN)
def test_the_same_call_gives_the_same_bits(
    one_town: vs.Scenario, town_run: Callable[[str], vs.Run], strategy: str
) -> None:
    """A run is a function of scenario, strategy, seed and replication."""
    law.check_same_history(simulate(one_town, strategy), town_run(strategy))


def test_another_replication_is_another_history(one_town: vs.Scenario, town_run: Callable[[str], vs.Run]) -> None:
    """The twin of the test above: other luck does show."""
    assert not law.same_arrays(simulate(one_town, "both", replication=1), town_run("both"))


@pytest.mark.parametrize("yearly", [1e3, 1e5, 1e9])
def test_the_order_of_policies_does_not_matter(one_town: vs.Scenario, yearly: float) -> None:
    """A strategy is a set of policies, also where the fund is short."""
    scenario = replace(one_town, budget=Budget(yearly, 2022))
    policies = (
        *scenario.strategies["both"],
        LandTrust(start="2022-05-01", household_floor=850, label="another trust", target=townships("白云湖街道")),
        FiveIntegrations(start="2022-05-01", facilitators=2, label="more of them", target=townships("白云湖街道")),
    )
    law.check_same_history(simulate(scenario, policies), simulate(scenario, policies[::-1]))


@pytest.mark.parametrize(
    ("name", "strategy"),
    [*(("one_town", name) for name in ("five integrations", "land trust", "both")), ("zhangqiu", "both")],
)
def test_policies_without_money_change_nothing(name: str, strategy: str, request: pytest.FixtureRequest) -> None:
    """With an empty fund every policy with a unit cost leaves the baseline bit for bit."""
    runs = request.getfixturevalue("town_run" if name == "one_town" else "district_run")
    scenario = replace(request.getfixturevalue(name), budget=Budget())
    run = simulate(scenario, strategy)
    assert (run.events.kind == "policy_unfunded").any()
    law.check_policies_without_money_change_nothing(run, runs("nothing but the merger"))


@pytest.mark.parametrize("name", ["one_town", "zhangqiu"])
@pytest.mark.parametrize(
    "policy",
    [
        FiveIntegrations(start="2022-03-01", facilitators=3, target=townships("相公庄街道")),
        LandTrust(start="2021-03-01", target=townships("相公庄街道")),
    ],
    ids=lambda policy: policy.kind,
)
def test_other_townships_are_untouched(
    name: str, policy: vs.Policy, one_town: vs.Scenario, zhangqiu: vs.Scenario
) -> None:
    """A policy for one township shows in none of the others while the fund has plenty."""
    scenario = replace(one_town if name == "one_town" else zhangqiu, budget=PLENTY)
    run, baseline = simulate(scenario, [policy]), simulate(scenario)
    law.check_other_townships_are_untouched(run, baseline, "相公庄街道")


def restricted(scenario: vs.Scenario, *names: str) -> vs.Scenario:
    """The same scenario in some of its townships only, with totals in proportion."""
    assert scenario.history is not None
    history = replace(scenario.history, townships=names)
    share = len(history.rows) / len(scenario.place.before)
    published = replace(
        scenario.published, residents=round(scenario.published.residents * share), arable=scenario.published.arable * share
    )  # fmt: skip
    return replace(scenario, place=history.likeliest, history=history, published=published)


def test_luck_belongs_to_villages(one_town: vs.Scenario, town_run: Callable[[str], vs.Run]) -> None:
    """A draw depends on who it is for, so a smaller place leaves the luck of its villages alone."""
    part = simulate(restricted(one_town, "白云湖街道", "宁家埠街道"), "no merger")
    law.check_luck_belongs_to_villages(town_run("no merger"), part)


def test_nothing_merges(town_run: Callable[[str], vs.Run], district_run: Callable[[str], vs.Run]) -> None:
    """No merger is the same code with the decree switched off."""
    law.check_nothing_merges(town_run("no merger"))
    law.check_nothing_merges(district_run("no merger"))


def test_zhangqiu_starts_where_it_was(zhangqiu: vs.Scenario, district_run: Callable[[str], vs.Run]) -> None:
    """890 villages of which 306 stand at or above 500,000 yuan, and a mean of 500,000; later 532; 18 townships."""
    assert len(zhangqiu.place.before) == 890
    assert len(zhangqiu.place.after) == 532
    assert len(zhangqiu.place.townships) == 18
    for strategy in ("no merger", *DISTRICT):
        law.check_first_day(district_run(strategy), 306, 890, 500_000.0)
    assert district_run("both").record.n_villages[-1] == 532


def test_the_switch_counts_the_share_after_the_merger(zhangqiu: vs.Scenario) -> None:
    """With the share counted on the 532, the first month under the decree would show it, had nothing else changed."""
    scenario = replace(zhangqiu, published=replace(zhangqiu.published, counted_after=True))
    endowment = scenario.endow(1)
    sums = np.bincount(endowment.place.map.village, weights=endowment.income)
    assert (sums >= 500_000 - 0.005).sum() == round(0.344 * 532)


def test_income_per_resident_does_not_jump(
    town_run: Callable[[str], vs.Run], district_run: Callable[[str], vs.Run]
) -> None:
    """The decree raises income per village and the share above the threshold, but no income."""
    for runs in (town_run, district_run):
        law.check_income_per_resident_does_not_jump(runs("nothing but the merger"), runs("no merger"))


def test_income_per_resident_is_the_same_for_ever_where_pooled_accounts_let_no_better(zhangqiu: vs.Scenario) -> None:
    """Without the gain of re-letting, and land that villages begin to farm, three years of merger leave every yuan as it is."""
    timetable = replace(zhangqiu.timetable, stop=date(2024, 1, 1), elections=())
    scenario = replace(zhangqiu, timetable=timetable).with_parameters(reletting_gain=0.0, adopt_rate=0.0)
    run = simulate(scenario)
    assert (run.events.kind == "accounts_pooled").sum() > 5
    law.check_income_per_resident_does_not_jump(run, simulate(scenario, "no merger"))

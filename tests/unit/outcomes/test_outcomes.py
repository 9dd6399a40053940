"""Outcomes: hand computations on records of a few villages, and recomputations of whole runs in another way."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from checks import fixed

import villagesim as vs
from villagesim.assembly import assemble
from villagesim.dates import month_key, months_between
from villagesim.engine.recorder import N_HISTORY, Recorder
from villagesim.errors import VillagesimError
from villagesim.outcomes import OUTCOMES, Record
from villagesim.outcomes.criterion import check_level
from villagesim.outcomes.formulas import mechanical_share
from villagesim.outcomes.of_income import gini, share_at_or_above
from villagesim.outcomes.record import INCOME
from villagesim.places.merger_map import MergerMap
from villagesim.places.place import Place
from villagesim.places.rolls import Roll
from villagesim.policies.administration import Administration
from villagesim.policies.conditions import Condition
from villagesim.processes import PROCESSES
from villagesim.questions import robustness as robust
from villagesim.questions.robustness import Robustness

ALL_INCOME = [f"income_{source}" for source in INCOME]


def tiny(income: Sequence[float], village_of: Sequence[int], after: Sequence[int] | None = None) -> Record:
    """A record of one month after twelve of history; every month brings a twelfth of a yearly income."""
    n = len(income)
    months = months_between(date(2021, 1, 1), date(2021, 2, 1))
    recorder = Recorder(assemble((*PROCESSES, Administration)).groups, months, n, 1)
    recorder.n_closed = N_HISTORY + 1
    recorder.column("income_operating")[:] = np.asarray(income) / 12
    recorder.column("village_of")[:] = np.arange(n)
    recorder.column("village_of")[-1] = village_of
    recorder.column("account_of")[:] = np.arange(n)
    heads = np.full(n, 100)
    roll = Roll.of((str(370_114_001_200 + row), f"village {row}") for row in range(n))
    place = Place(roll, roll, MergerMap(np.arange(n), ("user",) * n, np.ones(n), np.arange(n)))
    endowment = SimpleNamespace(residents=heads, members=2 * heads, arable=np.full(n, 50.0), place=place)
    hosts = np.asarray(village_of if after is None else after)
    return Record(recorder, endowment, ((month_key(date(2021, 1, 1)), hosts),))  # type: ignore[arg-type]


# by hand


def test_gini_by_hand() -> None:
    """1, 2, 3, 4: mean difference 20/16 over twice the mean 5/2 gives 1/4."""
    assert gini(np.array([4.0, 1.0, 3.0, 2.0])) == pytest.approx(0.25)
    assert gini(np.array([5.0, 5.0, 5.0])) == pytest.approx(0.0)
    assert gini(np.array([0.0, 0.0, 0.0, 8.0])) == pytest.approx(0.75)  # (n - 1) / n: one has all
    assert gini(np.array([3.0])) == pytest.approx(0.0)


def test_gini_is_half_the_relative_mean_difference() -> None:
    """The definition, pair by pair."""
    values = np.array([3.0, 0.5, 12.0, 7.0, 7.0, 1.0])
    pairs = np.abs(values[:, None] - values).mean()
    assert gini(values) == pytest.approx(pairs / (2 * values.mean()))


@pytest.mark.parametrize("values", [[0.0, 0.0], []])
def test_gini_of_nothing_is_not_a_number(values: list[float]) -> None:
    """Where nothing is there to share, nothing can be shared unequally."""
    assert np.isnan(gini(np.array(values)))


def test_the_threshold_itself_counts() -> None:
    """At and above: 500,000 to the cent is in, a cent less is not."""
    record = tiny([500_000.0, 499_999.99, 500_000.01, 100.0], [0, 1, 2, 3])
    assert share_at_or_above(500_000)(record)[-1] == 0.5
    assert share_at_or_above(100)(record)[-1] == 1.0


def test_a_sum_of_twelve_months_that_loses_a_bit_still_counts() -> None:
    """Twelve twelfths of 500,000 are 500,000, whatever floats make of them."""
    for threshold in (500_000.0, 100_000.0, 50_000.0):
        record = tiny([threshold], [0])
        assert share_at_or_above(threshold)(record)[-1] == 1.0


def test_summing_parts_raises_the_share() -> None:
    """Two villages of 300,000 become one of 600,000: from none of three to one of two, with no real growth."""
    record = tiny([300_000.0, 300_000.0, 200_000.0], [0, 0, 2])
    assert OUTCOMES["share_above_500k"].county(record).tolist() == [0.0, 0.5]
    assert OUTCOMES["collective_income"].county(record) == pytest.approx([800_000 / 3, 400_000])
    assert OUTCOMES["income_per_resident"].county(record) == pytest.approx([800_000 / 300] * 2)
    assert OUTCOMES["income_per_member"].county(record) == pytest.approx([800_000 / 600] * 2)
    assert OUTCOMES["accounts_per_village"].county(record) == pytest.approx([1.0, 1.5])


def test_the_mechanical_share_by_hand() -> None:
    """Where nothing has merged, it sums the parts of each village to be, from the month of the decree on."""
    record = tiny([300_000.0, 300_000.0, 200_000.0], [0, 1, 2], after=[0, 0, 2])
    assert mechanical_share(record, 5e5).tolist() == [0.0, 0.5]
    assert OUTCOMES["mechanical_share_above_500k"].county(record).tolist() == [0.0, 0.5]
    assert OUTCOMES["share_above_500k"].county(record).tolist() == [0.0, 0.0]


def test_near_the_threshold_is_within_a_tenth() -> None:
    """450,000 and 550,000 are near, what lies beyond is not."""
    record = tiny([450_000.0, 550_000.0, 449_000.0, 551_000.0], [0, 1, 2, 3])
    assert OUTCOMES["share_near_500k"].county(record)[-1] == 0.5


def test_a_village_of_several_parts_is_pooled_when_it_has_one_account() -> None:
    """Two parts: two accounts are not one, and a village of one part is no merged village."""
    record = tiny([1.0, 1.0, 1.0], [0, 0, 2])
    assert OUTCOMES["share_accounts_pooled"].county(record)[-1] == 0.0
    record = tiny([1.0, 1.0, 1.0], [0, 0, 2])
    record.recorder.column("account_of")[-1] = [0, 0, 2]
    assert OUTCOMES["share_accounts_pooled"].county(record)[-1] == 1.0
    assert np.isnan(OUTCOMES["share_accounts_pooled"].village(record)[-1, 2])  # type: ignore[misc]


def test_integration_in_fact_is_the_mean_of_five() -> None:
    """One of two milestones of leadership alone is a tenth."""
    record = tiny([1.0, 1.0, 1.0], [0, 0, 2])
    record.recorder.column("leadership")[-1, 0] = 1
    assert OUTCOMES["real_integration"].county(record)[-1] == pytest.approx(0.1)
    assert np.isnan(OUTCOMES["real_integration"].county(record)[0])  # nothing has merged yet


def test_merged_in_fact_needs_register_and_ledger() -> None:
    """Votes on economy and livelihood, and one account: two of the three are not enough."""
    for missing in ("economy", "livelihood", "one account", None):
        record = tiny([1.0, 1.0, 1.0], [0, 0, 2])
        for name in ("economy", "livelihood"):
            record.recorder.column(name)[-1, 0] = name != missing
        if missing != "one account":
            record.recorder.column("account_of")[-1] = [0, 0, 2]
        assert OUTCOMES["share_merged_in_fact"].county(record)[-1] == (missing is None)


# whole runs


@pytest.mark.parametrize("strategy", ["nothing but the merger", "both"])
def test_rolling_sums_are_those_of_pandas(town_run: Callable[[str], vs.Run], strategy: str) -> None:
    """Income of the last twelve months by village, re-summed by today's villages."""
    run = town_run(strategy)
    recorder, rows = run.record.recorder, np.arange(run.world.n_rows)
    monthly = pd.DataFrame(np.sum([recorder.column(name) for name in ALL_INCOME], axis=0), columns=rows)
    rolling = monthly.rolling(12).sum().iloc[N_HISTORY:].set_axis(run.county.month, axis=0)
    long = rolling.rename_axis(columns="row").stack().rename("income").reset_index()
    long["village"] = run.constituents.village
    expected = long.groupby(["month", "village"]).income.sum().sort_index()
    found = run.villages.set_index(["month", "village"]).collective_income.sort_index()
    assert (expected.index == found.index).all()
    assert np.allclose(expected, found, rtol=1e-12)


def test_income_of_the_county_is_that_of_the_accounts(town_run: Callable[[str], vs.Run]) -> None:
    """Twelve months of all accounts over the number of villages, where twelve months have been run."""
    run = town_run("both")
    yearly = run.accounts.groupby("month").income.sum().rolling(12).sum().dropna()
    county = run.county.set_index("month")
    n = run.villages.groupby("month").size()
    assert len(yearly) == 25
    assert np.allclose(yearly / n[yearly.index], county.collective_income[yearly.index], rtol=1e-12)


def test_shares_and_gini_follow_from_the_table_of_villages(town_run: Callable[[str], vs.Run]) -> None:
    """The published figures can be had from the villages shown."""
    run = town_run("both")
    county, by_month = run.county.set_index("month"), run.villages.groupby("month")
    for name, threshold in (("share_above_500k", 5e5), ("share_above_100k", 1e5), ("share_above_50k", 5e4)):
        share = by_month.collective_income.agg(lambda values, t=threshold: (values >= t - 0.005).mean())
        assert np.allclose(share, county[name], rtol=1e-12)
    assert np.allclose(by_month.collective_income.agg(lambda v: gini(v.to_numpy())), county.gini_income, rtol=1e-12)
    assert np.allclose(by_month.real_integration.mean(), county.real_integration, equal_nan=True)
    assert np.allclose(by_month.accounts_per_village.mean(), county.accounts_per_village)


def test_the_mechanical_share_is_what_the_merger_alone_publishes(one_town: vs.Scenario, zhangqiu: vs.Scenario) -> None:
    """Where a merger loses no rents, frees nothing and begins no trust, the mechanical share of no merger is what it shows."""
    for scenario in (one_town, zhangqiu):
        still = scenario.with_parameters(
            not_handed_over=0.0, own_letting_rate=0.0, reinvested_share=fixed(0.0), adopt_rate=0.0
        )
        runs = partial(vs.simulate, still)
        mechanical = runs("no merger").outcomes["mechanical_share_above_500k"]
        published = runs("nothing but the merger").outcomes["share_above_500k"]
        assert (mechanical == published).all()


def test_the_merged_world_cannot_show_the_mechanical_share(town_run: Callable[[str], vs.Run]) -> None:
    """It belongs to the world without merger, and is nowhere else."""
    assert np.isnan(town_run("both").outcomes["mechanical_share_above_500k"]).all()


def test_what_is_not_defined_is_not_a_number(town_run: Callable[[str], vs.Run]) -> None:
    """No mean over merged villages before there are any, no share of operators or of hours where there are none."""
    run, baseline = town_run("both"), town_run("nothing but the merger")
    decreed = np.array(run.record.labels) >= "2021-07"
    for name in ("real_integration", "share_merged_in_fact", "share_accounts_pooled"):
        assert (np.isnan(run.outcomes[name]) == ~decreed).all(), name
    firms = baseline.record.column("n_operators").sum(axis=1) > 0
    assert (np.isnan(baseline.outcomes["land_trust_defaults"]) == ~firms).all()
    assert firms.any()
    assert np.isnan(baseline.outcomes["facilitator_utilisation"]).all()
    assert not np.isnan(run.outcomes["facilitator_utilisation"][-1])


def test_what_a_government_observes_is_the_last_row_of_the_table(town_run: Callable[[str], vs.Run]) -> None:
    """Targets look at the outcome as it is published."""
    world = town_run("both").world
    last = town_run("both").villages.tail(int(world.is_village.sum()))
    for name in ("income_per_member", "trust", "debt"):
        assert np.allclose(world.observed(name)[world.is_village], last[name], rtol=1e-12)


def test_every_outcome_has_a_name_a_unit_and_a_value(town_run: Callable[[str], vs.Run]) -> None:
    """One figure a month and one for the first day, direction among better, worse and neither."""
    run = town_run("both")
    for name, found in OUTCOMES.items():
        assert found.name == name
        assert found.title
        assert found.unit
        assert found.meaning
        assert found.direction in (-1, 0, 1)
        assert run.outcomes[name].shape == (len(run.county) + 1,)
        assert found.margin > 0
        known = run.outcomes[name][np.isfinite(run.outcomes[name])]
        assert ((found.bounds[0] <= known) & (known <= found.bounds[1])).all(), name
        shared = name != "secretaries_replaced" and found.unit.startswith(("share", "index"))
        assert shared == (found.bounds[0] >= -1 and found.bounds[1] == 1), name


def test_an_unknown_outcome_names_the_nearest() -> None:
    """A slip of the pen is put right."""
    with pytest.raises(VillagesimError, match="Did you mean 'gini_income'"):
        OUTCOMES["gini_incom"]


def test_projects_of_the_richer_half() -> None:
    """Incomes 1 to 4, 60 of 100 yuan with the two above the median; what projects bring makes nobody richer."""
    record = tiny([1_000.0, 2_000.0, 3_000.0, 4_000.0], [0, 1, 2, 3])
    record.recorder.column("project_capital")[-1] = [10.0, 30.0, 60.0, 0.0]
    record.recorder.column("income_project")[-1] = [9_000.0, 0.0, 0.0, 0.0]
    shares = OUTCOMES["share_project_capital_richer_half"].county(record)
    assert np.isnan(shares[0])
    assert shares[1] == pytest.approx(0.6)


def test_seed_money_lost() -> None:
    """A quarter of what there has been; nothing to say before the first project."""
    record = tiny([1.0], [0])
    record.recorder.column("project_capital_founded")[-1] = 400.0
    record.recorder.column("project_capital_lost")[-1] = 100.0
    shares = OUTCOMES["share_project_capital_lost"].county(record)
    assert np.isnan(shares[0])
    assert shares[1] == pytest.approx(0.25)


def test_coverage_counts_villages_not_parts() -> None:
    """Of two villages that of two parts is in an alliance: a half."""
    record = tiny([1.0, 1.0, 1.0], [0, 0, 2])
    record.recorder.column("allied")[-1] = [1, 1, 0]
    assert OUTCOMES["share_in_alliances"].county(record)[-1] == 0.5


@pytest.mark.parametrize("make", [
    lambda: Robustness(strategies=("a", "b"), targets={"share_accounts_pooled": 30.0}).answer(
        SimpleNamespace(scenario=SimpleNamespace(outcomes=OUTCOMES))
    ),
    lambda: check_level("share_above_500k", 63.2),
    lambda: Condition(outcome="trust", at_least=55).check(OUTCOMES),
])  # fmt: skip
def test_a_percent_is_no_share(make, monkeypatch):
    """30 for 30% is refused wherever a level is asked for; a sum of money may be any."""
    monkeypatch.setattr(robust, "check_names", lambda *names: None)
    with pytest.raises(VillagesimError, match=r"cannot be: its unit is .* and 1 is all. Write 30% as 0.3"):
        make()
    check_level("collective_income", 500_000)
    check_level("integration_gap", 0.3)

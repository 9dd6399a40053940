"""Claim: sums, ratios and break-even points are those worked out here by hand; no chance."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import villagesim as vs
from villagesim.errors import VillagesimError
from villagesim.outcomes.of_groups import GROUPS, QUANTITIES
from villagesim.questions.comparison import compared, tables
from villagesim.questions.distribution import distribution
from villagesim.questions.money import money, per_unit, since_start
from villagesim.questions.over_time import pays
from villagesim.runs.table import RunTable
from villagesim.statistics.differences import difference_interval
from villagesim.statistics.intervals import SAME
from villagesim.verdict_tables import print_money
from villagesim.wording import back_by

TOWN = Path(__file__).parents[3] / "scenarios" / "one_town.toml"
NAMES = ("no merger", "nothing but the merger", "both")
MONTHS = [f"{2020 + (11 + k) // 12}-{(11 + k) % 12 + 1:02d}" for k in range(31)]
"""The month before the start, and thirty months."""
COST, SAVING, INCOME, BASE_INCOME = 30_000.0, 12_000.0, 0.5, 100.0
SUPPORT = slice(7, 31)
"""Twenty-four months of support."""


@pytest.fixture(scope="module")
def scenario():
    return vs.load_scenario(TOWN)


def rolling(flow):
    """Sum over twelve months of a monthly flow that was nothing before the start."""
    return pd.Series(flow).rolling(12, min_periods=1).sum().to_numpy()


def flow(size):
    """A monthly flow while support lasts."""
    values = np.zeros(len(MONTHS))
    values[SUPPORT] = size
    return values


def comparison_of(scenario, merged=(0.6, 0.7, 0.5, 0.6), noise=(0.0, 0.1, -0.1, 0.05)):
    """Four replications: support costs 30,000 yuan a month, saves 12,000 and adds half a yuan a resident and month."""
    parts = []
    for strategy in NAMES:
        for r in range(4):
            columns = dict.fromkeys(vs.outcomes.OUTCOMES, np.zeros(len(MONTHS)))
            columns["income_per_resident"] = np.full(len(MONTHS), BASE_INCOME)
            if strategy == "both":
                columns["support_cost"] = rolling(flow(COST))
                columns["fiscal_saving"] = rolling(flow(SAVING))
                columns["income_per_resident"] = BASE_INCOME + rolling(flow(INCOME * (1 + noise[r])))
                columns["share_merged_in_fact"] = np.full(len(MONTHS), merged[r])
                columns["trust_poor"] = np.full(len(MONTHS), 0.10 + 0.01 * r)
            parts.append(pd.DataFrame({"strategy": strategy, "replication": r, "month": MONTHS} | columns))
    return compared(scenario, RunTable(pd.concat(parts, ignore_index=True), NAMES))


# sums


def test_sums_since_the_start_come_back_from_sums_over_twelve_months():
    """Any flow, month by month."""
    flows = np.random.default_rng(1).normal(size=(3, 40))
    sums = np.apply_along_axis(rolling, 1, flows)
    assert since_start(sums) == pytest.approx(flows.cumsum(axis=1))


def test_money_by_hand(scenario):
    """24 x 30,000 of cost, 24 x 12,000 of saving, 24 x half a yuan for 54,000 residents, each with its interval."""
    row = money(comparison_of(scenario)).set_index("strategy").loc["both"]
    cost, saving = 24 * COST, 24 * SAVING
    gains = 24 * INCOME * 54_000 * (1 + np.array([0.0, 0.1, -0.1, 0.05]))
    assert row["cost"] == pytest.approx(cost)
    assert np.isnan(
        [row["cost_low"], row["cost_high"]]
    ).all()  # the same in four of four, which is not known to be so always
    assert row[["saving", "net_saving"]].tolist() == pytest.approx([saving, saving - cost])
    gain = difference_interval(gains)
    assert row[["income_gain", "income_gain_low"]].tolist() == pytest.approx([gains.mean(), gain.low])
    balance = gains.mean() + saving - cost
    assert row[["balance", "balance_high"]].tolist() == pytest.approx([balance, gain.high + saving - cost])
    assert row["pays"] == "yes"
    earned = 54_000 * BASE_INCOME * 2  # two years
    assert row["income_to_break_even"] == pytest.approx((cost - saving) / earned)
    assert np.isnan(row["income_to_break_even_low"])  # neither cost nor income of the baseline varies
    assert row["income_found"] == pytest.approx(gains.mean() / earned)


def test_the_month_of_payback_by_hand(scenario):
    """Each month brings 12,000 + 27,338 and costs 30,000: the balance is never below nothing. Half of the income, and never."""
    row = money(comparison_of(scenario)).iloc[0]
    assert (row["pays_back"], row["pays_back_surely"]) == (MONTHS[7], MONTHS[7])
    assert money(comparison_of(scenario, noise=(-0.5,) * 4)).iloc[0]["pays_back"] == "-"
    late = comparison_of(scenario)
    frame = late.runs
    frame.loc[frame["strategy"] == "both", "support_cost"] = np.tile(
        rolling(np.where(flow(1) > 0, 4 * COST * late_share(), 0)), 4
    )
    row = money(compared(scenario, RunTable(frame, NAMES))).iloc[0]
    gained = np.cumsum(flow(12_000 + INCOME * 54_000 * 1.0125)) - np.cumsum(
        np.where(flow(1) > 0, 4 * COST * late_share(), 0)
    )
    expected = next(k for k in range(7, len(MONTHS)) if (gained[k:] >= 0).all())
    assert 7 < expected < len(MONTHS) - 1
    assert row["pays_back"] == MONTHS[expected]
    assert row["pays_back_surely"] >= row["pays_back"]


def test_a_month_of_payback_is_told_where_the_verdict_pays_and_of_draws_how_many_have_it(scenario, capsys):
    """The mean balance is above nothing in both; in the second it is not known to be. Of draws a month says too much."""
    sure, unsure = (
        money(comparison_of(scenario, noise=noise)) for noise in ((0.0, 0.1, -0.1, 0.05), (3.0, -1.0, 1.0, -1.0))
    )
    assert (sure.iloc[0]["pays"], back_by(sure.iloc[0])) == ("yes", MONTHS[7])
    assert unsure.iloc[0]["pays"].startswith("undecided")
    assert money(comparison_of(scenario, noise=(0.0,) * 4)).iloc[0]["pays"] == "yes"
    assert back_by(unsure.iloc[0]) == f"on average {unsure.iloc[0]['pays_back']}, not sure"
    assert back_by(sure.assign(cost=0.0, pays_back="-").iloc[0]) == "nothing paid"
    assert back_by(unsure.assign(pays_back="-").iloc[0]) == "not sure"
    assert back_by(unsure.assign(pays_back="-", pays="no").iloc[0]) == "-"
    drawn = unsure.assign(share_paid_back=0.5)
    assert back_by(drawn.iloc[0]) == "in 50% of draws"
    never = sure.assign(pays_back="-", pays="no"), unsure.assign(pays_back="-")
    lines = [back_by(table.iloc[0], until="2023-12") for table in (sure, unsure, *never, drawn, sure.assign(cost=0.0))]
    assert lines == [
        f"paid back by {MONTHS[7]}", f"on average by {unsure.iloc[0]['pays_back']}, not sure", "not paid back by 2023-12",
        "on average not by 2023-12, not sure", "paid back in 50% of draws", "nothing paid",
    ]  # fmt: skip
    for table, said in ((sure, MONTHS[7]), (unsure, "not sure"), (drawn, "in 50%")):
        print_money(table)
        printed = capsys.readouterr().out
        assert said in " ".join(line[-8:].strip() for line in printed.splitlines())
        assert (MONTHS[7] in printed) == (table is sure)


def late_share():
    """All is paid in the first four months of support."""
    return np.where(np.arange(len(MONTHS)) < 11, 1.0, 0.0)


def test_discounted_sums_by_hand(scenario):
    """Each month's 30,000 yuan by its own factor; nothing is discounted unless it is asked for."""
    plain = comparison_of(scenario)
    assert money(plain).iloc[0]["discount"] == 0
    row = money(replace(plain, facts={**plain.facts, "discount": 0.08})).iloc[0]
    factors = 1.08 ** (-np.arange(len(MONTHS)) / 12)
    assert row["cost"] == pytest.approx((flow(COST) * factors).sum())
    assert row["dearest_year"] == pytest.approx(12 * COST)
    assert row["income_to_break_even"] == pytest.approx(
        (flow(COST - SAVING) * factors).sum() / (54_000 * BASE_INCOME / 12 * factors[SUPPORT].sum()), rel=0.01
    )
    assert row["discount"] == 0.08


def test_the_dearest_year_is_one_that_was(scenario):
    """Four months of support are their sum; of two payments fourteen months apart, the larger; of both in a year, all."""
    row = money(comparison_of(scenario), at=MONTHS[SUPPORT.start + 3]).iloc[0]
    assert row["cost"] == row["dearest_year"] == pytest.approx(4 * COST)
    for apart, dearest in ((14, 5.0), (11, 8.0)):
        frame = comparison_of(scenario).runs
        paid = np.zeros(len(MONTHS))
        paid[[7, 7 + apart]] = 3.0, 5.0
        frame.loc[frame["strategy"] == "both", "support_cost"] = np.tile(rolling(paid), 4)
        row = money(compared(scenario, RunTable(frame, NAMES))).iloc[0]
        assert (row["cost"], row["dearest_year"]) == (8.0, dearest)


def test_the_price_of_a_village_merged_in_fact(scenario):
    """Cost over .6 of the merged villages of the map, with the interval of a fixed cost over an uncertain number."""
    row = money(comparison_of(replace(scenario, maps_of_runs="likeliest"))).set_index("strategy").loc["both"]
    n = scenario.place.n_merged
    share = np.array([0.6, 0.7, 0.5, 0.6])
    low, high = stats.t.interval(0.95, 3, share.mean(), stats.sem(share))
    found = [row[f"cost_per_village_merged_in_fact{end}"] for end in ("", "_low", "_high")]
    assert found == pytest.approx([24 * COST / (n * x) for x in (0.6, high, low)])


def test_each_replication_counts_the_merged_villages_of_its_own_map(scenario):
    """Where maps are drawn: cost over the mean of .6, .7, .5 and .6 of as many as each has."""
    assert scenario.has_drawn_maps
    row = money(comparison_of(scenario)).set_index("strategy").loc["both"]
    n = np.array([scenario.place_of(1, 0, replication).n_merged for replication in range(4)])
    assert len(set(n.tolist())) > 1
    expected = 24 * COST / (n * np.array([0.6, 0.7, 0.5, 0.6])).mean()
    assert row["cost_per_village_merged_in_fact"] == pytest.approx(expected)


def test_what_is_not_merged_more_often_has_no_price(scenario):
    """A difference that may be nothing gives no number."""
    row = money(comparison_of(scenario, merged=(0.1, -0.1, 0.2, -0.15))).set_index("strategy").loc["both"]
    assert np.isnan([row[f"cost_per_village_merged_in_fact{end}"] for end in ("", "_low", "_high")]).all()


@pytest.mark.parametrize(("factor", "pays"), [(0.2, "no"), (2.0, "yes")])
def test_whether_it_pays(scenario, factor, pays):
    """648,000 yuan of income against 432,000 of cost less saving; a fifth of it is not enough."""
    noise = [factor * x - 1 for x in (1.0, 1.001, 0.999, 1.0005)]
    assert money(comparison_of(scenario, noise=noise)).set_index("strategy").loc["both", "pays"] == pays


def test_what_a_unit_would_have_to_bring(scenario):
    """18,000 yuan a month for twelve posts are 18,000 a post and year; 27,000 x 1.0125 a month was found."""
    found = per_unit(comparison_of(scenario), "both", units=12)
    assert found["to_break_even"] == pytest.approx((18_000, np.nan, np.nan), nan_ok=True)
    assert found["found"][0] == pytest.approx(27_000 * 1.0125)
    assert found["found"][1] < found["found"][0] < found["found"][2]
    with pytest.raises(VillagesimError, match="units = 0 must be above 0"):
        per_unit(comparison_of(scenario), "both", units=0)


def test_only_what_was_paid_until_then_counts(scenario):
    """After a year of support half of the cost; before it nothing, and no price."""
    comparison = comparison_of(scenario)
    row = money(comparison, at=MONTHS[18]).set_index("strategy").loc["both"]
    assert (row["cost"], row["at"]) == (pytest.approx(12 * COST), MONTHS[18])
    row = money(comparison, at=MONTHS[6]).set_index("strategy").loc["both"]
    assert (row["cost"], row["pays"]) == (0, "-")
    assert np.isnan(row["income_to_break_even"])
    assert np.isnan(per_unit(comparison, "both", 1.0, MONTHS[6])["found"]).all()
    with pytest.raises(VillagesimError, match="not a month"):
        money(comparison, at="2031-12")


# distribution


def test_groups_are_judged_group_by_group(scenario):
    """Trust of the poor rises by .115, with an interval that holds for sixteen comparisons; nobody else gains."""
    table = distribution(comparison_of(scenario))
    n_groups = sum(map(len, GROUPS.values()))
    assert len(table) == n_groups * len(QUANTITIES) * 2
    row = table[(table.quantity == "trust") & (table.group == "poor") & (table.strategy == "both")].iloc[0]
    difference = 0.10 + 0.01 * np.arange(4)
    half = (1 + 1 / 30) * stats.t.ppf(1 - 0.05 / (2 * 16), 3) * difference.std(ddof=1) / 2
    assert (row["difference"], row["difference_high"]) == (pytest.approx(0.115), pytest.approx(0.115 + half))
    assert row["verdict"] == "better"
    assert (row["by"], row["order"], row["unit"]) == (
        "wealth",
        list(scenario.strategies).index("both"),
        "index, 0 to 1",
    )
    others = table.drop(row.name)
    assert (others.difference == 0).all()
    assert set(others.verdict) == {"the same in all runs"}
    assert set(others.differs) == {"0 of 4"}


def test_a_comparison_offers_both_tables(scenario):
    """At the ends of all years, the same as the functions."""
    comparison = comparison_of(scenario)
    made = tables(comparison)
    for name, make in (("distribution", distribution), ("money", money)):
        table = made[name]()
        assert set(table["at"]) == {"2021-12", "2022-12", "2023-06"}
        own = table[table["at"] == "2021-12"].reset_index(drop=True)
        pd.testing.assert_frame_equal(own, make(comparison, "2021-12"))


def test_no_figure_of_the_table_of_money_is_cut(scenario, capsys):
    """-0.0306 has a letter more than the room that is left for most; and a pocket more widens nothing beyond 80 columns."""
    table = money(comparison_of(scenario)).assign(households=-30_600.0, outside=12_345_678_900.0)
    print_money(table)
    told = capsys.readouterr().out
    assert "-0.0306" in told
    assert "12,346" in told
    assert "\N{HORIZONTAL ELLIPSIS}" not in told
    assert max(map(len, told.splitlines())) <= 80


@pytest.mark.parametrize(("balance", "said"), [(-423_000.0, "no"), (5e6, "yes"), (100.0, "even"), (0.0, SAME)])
def test_a_balance_that_is_the_same_in_all_runs_is_told_by_its_sign(balance, said):
    assert pays(difference_interval(np.full(30, balance)), 423_000) == said

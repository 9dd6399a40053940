"""Answers from a sweep made by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from unit.questions.made_sweeps import sweep_of

from villagesim import printing, terminal
from villagesim.design import Factor, latin_hypercube
from villagesim.errors import DesignError
from villagesim.plots.captions import words_of
from villagesim.questions.question import Runs
from villagesim.questions.robustness import MAPS, Robustness
from villagesim.questions.setting import Setting
from villagesim.questions.spent import months_of_cost
from villagesim.runs.table import RunTable

BASE, SAFE, BOLD = "nothing but the merger", "safe", "bold"
QUESTION = Robustness(strategies=(BASE, SAFE, BOLD), targets={"trust": 0.5, "debt": 100.0}, at="2023-12", n=4)


def known(scenario, *names):
    """The scenario with strategies of these names."""
    return replace(scenario, strategies=dict.fromkeys(names, ()) | dict(scenario.strategies))


@pytest.fixture
def found(one_town):
    """Four points of two replications: `bold` has the most trust but once, `safe` always enough; debts are alike."""
    design = latin_hypercube([Factor("parameters.income_growth", 0.0, 0.06)], 4, seed=1)
    means = {BASE: [0.4, 0.4, 0.4, 0.4], SAFE: [0.6, 0.55, 0.6, 0.5], BOLD: [0.8, 0.8, 0.8, 0.1]}
    trust = {name: np.array(x)[:, np.newaxis] + [0.0, 0.0] for name, x in means.items()}
    debt = {name: np.array([[90.0], [90.0], [90.0], [93.0]]) + 5 * k + np.zeros(2) for k, name in enumerate(means)}
    return sweep_of(known(one_town, SAFE, BOLD), design, {"trust": trust, "debt": debt})


def test_tables_by_hand(found):
    answer = QUESTION.of(found)
    table = answer.tables["robust"].set_index(["outcome", "strategy"]).loc["trust"]
    assert table["share_on_target"].tolist() == [0, 1, 0.75]
    np.testing.assert_allclose(table["largest_regret"], [0.4, 0.25, 0.4])
    np.testing.assert_allclose(table["worst"], [0.4, 0.5, 0.1])
    np.testing.assert_allclose(table["chance"], 0.0)
    assert table["better_than_baseline"].iloc[1:].tolist() == [1, 0.75]
    debt = answer.tables["robust"].set_index(["outcome", "strategy"]).loc["debt"]
    assert debt["share_on_target"].tolist() == [1, 1, 0.75]
    assert debt["worst"].tolist() == [93, 98, 103]
    np.testing.assert_allclose(debt["largest_regret"], [0, 5, 10])
    together = answer.tables["all_targets"].set_index("strategy")["share_on_all_targets"]
    assert together.tolist() == [0, 1, 0.75]
    assert answer.headline.startswith(
        "All targets are reached most often by 'safe': at 100% (51% to 100%) of the points, not clearly"
    )
    assert answer.headline.endswith("End of 2023-12; intervals: 95%.")
    assert len(answer.tables["points"]) == 2 * 3 * 4


def test_all_whose_largest_regret_is_smallest_are_named(found):
    """Strategies that do the same are equally good."""
    found.runs.frame.loc[:, "debt"] = 95.0
    said = "the largest regret is smallest with 'nothing but the merger', 'safe', 'bold' (0 yuan"
    assert said in QUESTION.of(found).headline


def test_all_that_are_on_target_most_often_are_named(found):
    """The interval is that of the one least sure, and who comes close is held against them."""
    trust, debt = (found.runs.frame[name] for name in ("trust", "debt"))
    bold, last = found.runs.frame["strategy"] == BOLD, found.runs.frame["point"] == 3
    found.runs.frame.loc[:, "trust"] = trust.mask(bold & last, 0.6)
    found.runs.frame.loc[:, "debt"] = debt.mask(bold & last, 90.0)
    answer = QUESTION.of(found)
    assert answer.headline.startswith(
        "All targets are reached most often by 'safe', 'bold': each at 100% (25% to 100%) of the points, not clearly more often"
        " than by 'nothing but the merger'."
    )
    said = words_of(answer.figure()).caption
    assert said.startswith(
        "On all targets most often: safe, bold, at 100% (25% to 100%) of the points, not clearly more"
    )


def test_an_interval_that_holds_all_shares_tells_nothing():
    """A share of one strategy on all targets at one point of four, whose interval is all there is."""
    together = pd.DataFrame({"strategy": [SAFE], "share_on_all_targets": [0.5], "low": [0.0], "high": [1.0]})
    assert QUESTION._leaders(together) == ([], "")
    assert QUESTION._leaders(together.assign(low=0.1)) == ([SAFE], "50% (10% to 100%)")


def test_points_that_cannot_be_told_from_luck_are_no_findings(one_town, capsys, monkeypatch):
    """Ten points, alike but for luck: neither worst nor bad case, largest regret, nor a bare share on target."""
    design = latin_hypercube([Factor("parameters.income_growth", 0.0, 0.06)], 10, seed=1)
    luck = np.random.default_rng(2).normal(0, 0.1, (3, 10, 2))
    trust = {name: 0.52 + each for name, each in zip((BASE, SAFE, BOLD), luck, strict=True)}
    answer = replace(QUESTION, targets={"trust": 0.5}, n=10).of(
        sweep_of(known(one_town, SAFE, BOLD), design, {"trust": trust})
    )
    table = answer.tables["robust"]
    assert table[["largest_regret", "regret_90", "worst", "bad_case"]].isna().all(axis=None)
    assert table["mean_regret"].notna().all()
    assert (table["share_low"] < table["share_high"] - 0.5).all()
    assert "Trust: the largest regret cannot be told from luck." in answer.headline
    assert "The points are too few to tell who reaches all targets most often." in answer.headline
    assert words_of(answer.figure()).caption.startswith("Too few points to tell who is on all targets most often")
    monkeypatch.setattr(terminal.out, "width", 160)
    printing.print_answer(replace(answer, setting=Setting.of(one_town)))
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith(("  nothing", "  safe", "  bold"))]
    assert [line.count("too few to tell") for line in rows] == [1, 1, 1]
    assert not any("100%" in line for line in rows)


def test_luck_is_no_regret_and_rivals_are_compared_in_pairs(one_town):
    """Sixty alike points and much luck: on target everywhere or nowhere, by luck alone at half; regret is the difference.

    The twin has one replication a point, counts luck, and says so.
    """
    design = latin_hypercube([Factor("parameters.income_growth", 0.0, 0.06)], 60, seed=1)
    luck = np.random.default_rng(2).normal(0, 0.1, (2, 60, 2))
    trust = {BASE: 0.5 + luck[0] - 0.06, SAFE: 0.5 + luck[1] + 0.06}
    question = replace(QUESTION, strategies=(BASE, SAFE), targets={"trust": 0.5}, n=60)
    answer = question.of(sweep_of(known(one_town, *trust), design, {"trust": trust}))
    table = answer.tables["robust"].set_index("strategy")
    assert table["share_on_target"].tolist() == [0, 1]
    assert 0.1 < table.loc[BASE, "luck_on_target"] < 0.4
    np.testing.assert_allclose(table["mean_regret"], [0.12, 0.0], atol=0.05)
    assert "not clearly" not in answer.headline
    first = {name: x[:, :1] for name, x in trust.items()}
    twin = replace(question, replications=1).of(sweep_of(known(one_town, *first), design, {"trust": first}))
    assert "luck counts as not knowing" in twin.headline
    assert 0.1 < twin.tables["robust"]["share_on_target"].iloc[0] < 0.5


def test_a_point_with_a_failure_is_left_out_for_all(found):
    """The point where `bold` fails its target is gone, so it looks the best."""
    frame = found.runs.frame
    gone = (frame["point"] == 3) & (frame["strategy"] == SAFE)
    failures = frame.loc[gone, ["point", "replication", "strategy"]].assign(message="no")
    left = RunTable(frame[~gone], found.strategies, failures)
    together = QUESTION.of(replace(found, runs=left)).tables["all_targets"].set_index("strategy")
    assert together["share_on_all_targets"].tolist() == [0, 1, 1]
    assert together["n_points"].tolist() == [3, 3, 3]


def test_the_margin_is_that_of_the_scenario(found):
    """0.2 more trust at three points is better, but not where less than 0.3 does not matter."""
    table = QUESTION.of(found).tables["robust"].set_index(["outcome", "strategy"]).loc["trust"]
    assert table["better_than_baseline"].iloc[1:].tolist() == [1, 0.75]
    table = (
        QUESTION.of(replace(found, scenario=replace(found.scenario, margins={"trust": 0.3})))
        .tables["robust"]
        .set_index(["outcome", "strategy"])
        .loc["trust"]
    )
    assert table["better_than_baseline"].iloc[1:].tolist() == [0, 0.75]


def test_nobody_on_target_is_said_as_it_is(found):
    """No strategy is the one that reaches it most often where none does; the most that is possible is of the least sure."""
    answer = replace(QUESTION, targets={"trust": 0.9}).of(found)
    assert answer.headline.startswith("No strategy reaches all targets at any point (0%; up to 75% are possible).")
    assert "most often" not in answer.headline
    assert words_of(answer.figure()).caption.startswith("No strategy is on all targets at any point. ")


def test_an_outcome_that_is_not_defined_is_no_failure(found):
    """Said by its name and whose it is; and what failed is said as failed."""
    found.runs.frame.loc[found.runs.frame["strategy"] == SAFE, "debt"] = np.nan
    with pytest.raises(
        DesignError, match=r"\[targets\] debt is not defined for 'safe' at the end of 2023-12: fewer than"
    ):
        QUESTION.of(found)
    found.failures.loc[0] = [1, 0, SAFE, "no"]
    with pytest.raises(DesignError, match=r"1 runs failed \(the first: no\) at the end"):
        QUESTION.of(found)


def test_every_point_has_luck_of_its_own(one_town, monkeypatch):
    """Strategies share it, points do not."""
    asked = []
    monkeypatch.setattr(
        Runs, "sweep", lambda runs, name, design, **how: asked.append(how["independent_points"]) or 1 / 0
    )
    with pytest.raises(ZeroDivisionError):
        Robustness(strategies=("both", "land trust"), targets={"trust": 0.5}).answer(Runs(one_town, 1))
    assert asked == [True]


def test_the_map_is_one_of_many():
    assert {MAPS.at(u) for u in (0.0, 0.5, 1.0)} == {0, 500, 999}


def test_cost_stands_beside_what_it_buys(one_town):
    """In two years `bold` costs 4 million and brings .315 of trust more than nothing, `safe` 1 million and .115."""
    design = latin_hypercube([Factor("parameters.income_growth", 0.0, 0.06)], 4, seed=1)
    names = dict.fromkeys((BASE, SAFE, BOLD))
    trust = {BASE: 0.4, SAFE: 0.5, BOLD: 0.7}
    yearly = {BASE: 0.0, SAFE: 5e5, BOLD: 2e6}
    noise = np.array([[0.0], [0.01], [0.02], [0.03]]) + np.zeros(2)
    sweeps = [
        sweep_of(
            known(one_town, SAFE, BOLD), design,
            {
                "trust": {n: trust[n] + noise * (n != BASE) for n in names},
                "support_cost": {n: yearly[n] + 0 * noise for n in names},
            },
            month=month,
        )
        for month in ("2022-12", "2023-12")
    ]  # fmt: skip
    frame = pd.concat([each.runs.frame for each in sweeps], ignore_index=True)
    both = replace(sweeps[1], runs=RunTable(frame, tuple(names), points=design.points.index.tolist()))
    answer = replace(QUESTION, targets={"trust": 0.5}).of(both)
    table = answer.tables["robust"].set_index("strategy")
    assert table["cost"].tolist() == [0, 1e6, 4e6]
    np.testing.assert_allclose(table.loc[[SAFE, BOLD], "per_million"], [0.115, 0.315 / 4])
    assert table["on_frontier"].tolist() == ["-", "yes", "yes"]
    assert (
        "Paid since the start, million yuan on average: 'nothing but the merger' 0, 'safe' 1, 'bold' 4."
        in answer.headline
    )
    assert months_of_cost(one_town, "2023-12") == ("2021-12", "2022-12", "2023-12")

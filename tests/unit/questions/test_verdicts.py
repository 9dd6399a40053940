"""Claim: sentences say what verdicts say and no more; what stands beside them is worked out by hand."""

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from unit.questions.test_money import COST, NAMES, comparison_of

import villagesim as vs
from villagesim import printing, terminal
from villagesim.outcomes import OUTCOMES
from villagesim.questions.comparison import compared, tables
from villagesim.questions.money import money
from villagesim.questions.plain import as_plain
from villagesim.questions.verdicts import (
    MOST_NAMES,
    answered,
    difference_in_words,
    last_of,
    listed,
    on_frontier,
    sentence,
    verdicts,
)  # fmt: skip
from villagesim.runs.table import RunTable
from villagesim.statistics.differences import difference_interval
from villagesim.statistics.intervals import verdict

SAID = (
    "better", "worse", "practically equal", "the same in all runs", "the same difference in all runs", "undecided",
    "one replication", "never acted", "not defined",
)  # fmt: skip
VERDICTS = (
    "better", "worse", "practically equal", "the same in all runs", "the same difference in all runs",
    "undecided (about 9 more)", "undecided (too sparse at 30)", "one replication", "never acted", "-",
)  # fmt: skip


def rows_of(found):
    """Rows of verdicts by strategy, with differences that point the way of the verdict."""
    sizes = {"better": 4.0, "worse": -4.0}
    return pd.DataFrame(
        {
            "strategy": name, "verdict": word, "difference": (x := sizes.get(word, 3.9)), "difference_low": x - 1,
            "difference_high": x + 1, "differs": "30 of 30", "rests_on": "follows",
        }
        for name, word in found.items()
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_a_sentence_says_of_every_strategy_its_verdict_and_no_other(seed):
    """Verdicts by lot: each name stands behind the words of its own verdict, though its mean points up."""
    words = np.random.default_rng(seed).choice(VERDICTS, size=7)
    found = {f"plan {letter}": str(word) for letter, word in zip("abcdefg", words, strict=True)}
    said = sentence("Trust", OUTCOMES["trust"], rows_of(found), "95%")
    parts = re.split(r"; ", said.removeprefix("Trust: ").removesuffix(" (95%)."))
    for name, word in found.items():
        (own,) = [part for part in parts if re.search(rf"\b{name}\b", part)]
        expected = "not defined" if word == "-" else word.partition(" (")[0]
        assert [each for each in SAID if own.startswith(each)] == [expected]
        assert ("+" in own) == (word == "better")


def test_names_that_could_be_two_are_quoted_and_many_are_counted():
    assert listed(["a", "both steps, lists", "c"]) == "a, 'both steps, lists' and c"
    assert listed(map(str, range(MOST_NAMES + 2))).endswith(" and 3 more")


def test_what_is_rare_is_a_bound():
    """Two of thirty differ: at most; none of them: nothing, in all runs. The twin is an interval."""
    row = {"difference": 0.01, "difference_low": -0.02, "difference_high": 0.2, "differs": "2 of 30"}
    assert difference_in_words(row) == "+0.01 (at most -0.02 to +0.2)"
    nothing = {"difference": 0.0, "difference_low": -0.1, "difference_high": 0.1, "differs": "0 of 30"}
    assert difference_in_words(nothing, 0.01) == "0 (in all 30)"
    assert difference_in_words(row | {"differs": "30 of 30"}) == "+0.01 (-0.02 to +0.2)"
    assert difference_in_words(row | {"margin": 0.2}) == "+0.01 (at most -0.02 to +0.2)"
    assert difference_in_words(row | {"margin": 0.1}) == "+0.01 (differs in 2 of 30)", "a bound beyond what matters"


def test_nothing_impossible_is_said_of_a_share():
    """Ends beyond the bounds are cut, and said to be; an interval over most of what can be is none."""
    share = OUTCOMES["share_merged_in_fact"]
    wide, cut = difference_interval([0.7, 0.1], share.bounds), difference_interval([0.7, 0.4, 0.9], share.bounds)
    assert (wide.low, wide.high, cut.high) == (-1, 1, 1)
    assert wide.half_width > 1, "how many more it takes is judged by the whole width"
    assert difference_in_words(as_row(wide), 0.01, share) == "+40 (not known with 2)"
    assert re.fullmatch(
        r"\+66\.7 \([-+][0-9.]+ to \+100, cut at what is possible\)", difference_in_words(as_row(cut), 0.01, share)
    )
    rare = as_row(difference_interval([0.0, 0.0], share.bounds))
    assert difference_in_words(rare, 0.01, share) == "0 (in all 2)"
    once = as_row(difference_interval([0.0] * 39 + [0.1], share.bounds))
    assert difference_in_words(once, 1, share).startswith("+0.0025 (at most -")
    assert str(verdict(wide, 0.01, 1)) == "undecided (not known with 2)"


def as_row(found):
    """A difference as a row of a table."""
    return {
        "difference": found.mean,
        "difference_low": found.low,
        "difference_high": found.high,
        "differs": found.differs,
    }


def test_the_frontier_by_hand():
    """The second costs more and brings less; the last brings less than nothing; the fourth costs nothing."""
    costs, effects = [1.0, 2.0, 3.0, 0.0, 5.0], [10.0, 9.0, 20.0, 1.0, -1.0]
    assert on_frontier(costs, effects, 1) == ["yes", "no", "yes", "yes", "no"]
    assert on_frontier([1.0, 1.0], [-3.0, 3.0], -1) == ["yes", "no"]
    assert on_frontier([1.0], [3.0], 0) == ["-"]


@pytest.fixture(scope="module")
def answer():
    scenario = vs.load_scenario("packaged:one_town")
    found = comparison_of(scenario)
    return answered(found, tables(found), scenario.parameters)


def test_cost_stands_beside_every_effect(answer):
    """24 months of 30,000 yuan; effect over cost in millions is one division."""
    table = last_of(answer.tables["verdicts"])
    assert (table["cost"] == 24 * COST).all()
    row = table[table["outcome"] == "collective_income"].iloc[0]
    assert row["strategy"] == "both"
    shares = table[table["outcome"] == "real_integration"].iloc[0]
    assert np.isnan(shares["per_million"]) or shares["per_million"] == shares["difference"] / (24 * COST / 1e6)
    assert set(table["on_frontier"]) <= {"yes", "no", "-"}
    comparison = last_of(answer.tables["comparison"])
    for name, own in table.groupby("outcome"):
        there = comparison[(comparison["outcome"] == name) & (comparison["strategy"] == "both")].iloc[0]
        assert own.iloc[0]["verdict"] == there["verdict"]
        np.testing.assert_equal(own.iloc[0]["difference_low"], there["difference_low"])


def test_what_a_million_brings_has_no_interval_where_too_few_runs_differ(answer):
    """Income differs in one of four runs alone; the twin, in which it differs in all, has one."""
    scenario, found = vs.load_scenario("packaged:one_town"), {}
    for n in (1, 4):
        frame = answer.runs.copy()
        own = (frame["strategy"] == "both") & (frame["replication"] < n)
        frame.loc[own, "collective_income"] += 1000.0 * (1 + frame.loc[own, "replication"])
        made = compared(scenario, RunTable(frame, NAMES))
        made = answered(made, tables(made), scenario.parameters)
        found[n] = last_of(made.tables["verdicts"], "collective_income").iloc[0]
    assert (found[1]["differs"], found[4]["differs"]) == ("1 of 4", "4 of 4")
    ends = ["per_million_low", "per_million_high"]
    assert found[1]["per_million"] > 0
    assert np.isnan(found[1][ends].astype(float)).all()
    assert not np.isnan(found[4][ends].astype(float)).any()


def test_a_discount_leaves_cost_and_effect_in_the_same_yuan(answer):
    """Effects are not discounted, so neither is what stands beside them, nor the cost of the dearest year; sums of money are."""
    found = replace(answer, facts={**answer.facts, "discount": 0.5})
    costs = ["cost", "cost_low", "per_million", "on_frontier"]
    pd.testing.assert_frame_equal(verdicts(found)[costs], verdicts(answer)[costs])
    plain, less = (last_of(money(each)).iloc[0] for each in (answer, found))
    assert plain["dearest_year"] == less["dearest_year"] == 12 * COST
    assert less["cost"] < 0.7 * plain["cost"]


def test_the_screen_has_eighty_columns_and_json_has_it_all(answer, capsys):
    """Whatever names are; the same verdicts stand in both."""
    terminal.out.width = 80
    printing.print_answer(answer)
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= 80
    assert "Money since the start, by 2023-06 (thousand yuan, not discounted)" in " ".join(printed.split())
    told = " ".join(printed.split())
    assert "Money: in yuan of the start. Cost: paid from" in told
    assert "Means; 95%: of each balance by itself. In yuan of the start. Balance: saved" in told
    assert answer.sentences[0].startswith("Collective income per village, in yuan of the start, at the end of 2023-06,")
    assert "in yuan of the start" not in " ".join(answer.sentences[1:])
    plain = json.loads(json.dumps(as_plain(answer), allow_nan=False))
    assert plain["answer"] == list(answer.sentences)
    assert len(plain["answer"]) <= 3
    assert {row["verdict"] for row in plain["tables"]["verdicts"]} == {*last_of(answer.tables["verdicts"])["verdict"]}
    assert plain["tables"]["money"][0]["cost"] == 24 * COST
    assert plain["tables"]["money"][0]["cost_low"] is None

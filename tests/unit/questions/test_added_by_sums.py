"""What summing alone adds: the same incomes of the same month, summed and not; a decree that merges nobody adds nothing.

In the months of these decrees villages cross the level by growth and luck, which each test asks for, so that none passes idly.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

import villagesim as vs
from villagesim.arrays import Floats
from villagesim.questions import ComparisonAnswer, over_time
from villagesim.questions.attribution import Attribution
from villagesim.questions.verdicts import added_by_sums
from villagesim.wording import number

FILE = """
title = "one town"
start = 2021-01-01
end = 2022-09-30
[place]
{place}
residents = 54_000
mean_income = 500_000
threshold = 500_000
share_above = 0.35
arable = 120_000
[fund]
yearly = 10_000_000
since = 2021
[[strategy]]
name = "support"
[[strategy.policy]]
kind = "clean_up"
start = 2021-02-01
officers = 3
"""
PACKAGED = """before = "packaged:370114_2020"
after = "packaged:370114_2021"
townships = ["白云湖街道", "相公庄街道", "宁家埠街道"]"""
FIRST, LAST = (
    f'[[merger]]\nannouncement = {said}\ndecree = {decree}\ntownships = [{names}]\n'
    for said, decree, names in (
        ("2021-03-01", "2021-07-01", '"白云湖街道", "相公庄街道"'), ("2022-01-01", "2022-04-01", '"宁家埠街道"'),
    )
)  # fmt: skip


def scenario(folder: Path, place: str, mergers: str) -> vs.Scenario:
    (folder / "mine.toml").write_text(FILE.format(place=place) + mergers, encoding="utf-8")
    return vs.load_scenario(folder / "mine.toml")


@pytest.fixture(scope="module")
def nobody(tmp_path_factory: pytest.TempPathFactory, one_town: vs.Scenario) -> vs.Scenario:
    """As many villages after the decree as before it."""
    folder, roll = tmp_path_factory.mktemp("nobody"), one_town.place.before
    pd.DataFrame({"code": roll.codes, "name": roll.names}).to_csv(folder / "roll.csv", index=False)
    pd.DataFrame({"old_code": roll.codes, "new_code": roll.codes}).to_csv(folder / "same.csv", index=False)
    place = 'before = "roll.csv"\nafter = "roll.csv"\nmap = "same.csv"'
    found = scenario(folder, place, "[merger]\nannouncement = 2021-03-01\ndecree = 2021-07-01\n")
    assert (found.merges, found.place.n_merged) == (True, 0)
    return found


def shares(answer: ComparisonAnswer, name: str, strategy: str = "no merger") -> Floats:
    return answer.values(name)[answer.strategies.index(strategy)]


def test_a_decree_that_merges_nobody_adds_nothing_and_has_no_step(nobody: vs.Scenario) -> None:
    answer = vs.compare(nobody, 6, strategies=[], workers=1)
    at = answer.months.index("2021-07")
    apart = shares(answer, "share_above_500k")
    assert (apart[:, at] != apart[:, at - 1]).any(), "growth and luck of a month move the share"
    assert added_by_sums(answer) == 0
    assert (
        "summing the parts alone adds 0 points in the month of the decree (mean of 6, one draw of endowments)"
        in answer.headline
    )
    assert over_time.step(answer).empty
    words = " ".join(text.get_text() for text in answer.figure("differences").findobj(plt.Text))
    assert "same money, fewer villages" not in words.replace("\n", " ")
    assert "villages become" not in answer.caption("collective_income")


def test_nor_is_anything_of_it_arithmetic(nobody: vs.Scenario) -> None:
    question = Attribution(strategy="support", outcome="share_above_500k", replications=6, over=())
    row = question.ask(nobody, workers=1).tables["attribute"].set_index("step").loc["arithmetic"]
    assert row["value"] == 0
    assert np.isnan([row["low"], row["high"]]).all(), "nothing in every replication, not on average alone"


def test_of_several_decrees_all_that_is_summed_by_the_last_counts(tmp_path: Path) -> None:
    """From single runs; what a step adds is told by two months of both worlds, so that nothing between two decrees is in it."""
    answer = vs.compare(scenario(tmp_path, PACKAGED, FIRST + LAST), 3, strategies=[], workers=1)
    summed, apart = (shares(answer, name) for name in ("mechanical_share_above_500k", "share_above_500k"))
    first, last = (answer.months.index(month) for month in ("2021-07", "2022-04"))
    by_hand = float(np.mean(summed[:, last] - apart[:, last]))
    assert by_hand > (summed - apart)[:, first].mean() > 0
    assert added_by_sums(answer) == by_hand
    assert f"adds {number(100 * by_hand)} points by the month of the last decree [arithmetic]" in answer.headline
    step = over_time.step(answer).set_index("what").loc["each"]
    without, merged = (
        shares(answer, "collective_income", name).mean(axis=0) for name in ("no merger", answer.baseline)
    )
    steps = [merged[k] / merged[k - 1] / (without[k] / without[k - 1]) for k in (first, last)]
    assert step["before"] == without[first]
    assert step["after"] == pytest.approx(without[first] * np.prod(steps), rel=1e-12)


def test_a_step_is_what_the_month_of_the_decree_brings_with_and_without_it(small_comparison: ComparisonAnswer) -> None:
    """Means of the same replications of both worlds: the growth of that month is in neither column."""
    at = small_comparison.months.index(small_comparison.known.decree)
    step = over_time.step(small_comparison).set_index("what")
    for name, found in (("before", "no merger"), ("after", small_comparison.baseline)):
        own = shares(small_comparison, "collective_income", found)[:, at]
        assert step.loc["each", name] == pytest.approx(own.mean(), rel=1e-6), "but for what the announcement has done"
    assert step.loc["villages", ["before", "after"]].tolist() == pytest.approx([117, 73])
    alone = small_comparison.strategies.index("no merger")
    others = [name for k, name in enumerate(small_comparison.strategies) if k != alone]

    class Without:
        """The same answer, without that world."""

        strategies = tuple(others)

        def __getattr__(self, name: str) -> object:
            return getattr(small_comparison, name)

        def values(self, name: str) -> Floats:
            return np.delete(small_comparison.values(name), alone, axis=0)

    assert over_time.step(Without()).empty  # type: ignore[arg-type]

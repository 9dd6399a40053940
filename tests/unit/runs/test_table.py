"""Results by label: the order of rows says nothing, and what is missing or there twice is refused by name."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from unit.runs.faulty_policies import small_scenario

from villagesim.design import Factor, grid
from villagesim.errors import RunError
from villagesim.questions.comparison import compared, tables
from villagesim.questions.discovery import Discovery
from villagesim.questions.robustness import Robustness
from villagesim.questions.sweep import spans
from villagesim.questions.uncertainty import over_draws
from villagesim.runs.sweep import Plan, Swept, scratch
from villagesim.runs.table import KEYS, RunTable

NAMES = ("no merger", "nothing but the merger", "trouble")
BASE, OTHER = NAMES[1:]
OUTCOMES = ("trust", "debt")


@pytest.fixture(scope="module")
def small():
    return small_scenario()


@pytest.fixture(scope="module")
def swept(small):
    """Six points of two replications each with luck of their own, two months, every value another one."""
    design = grid([Factor("parameters.income_growth", values=tuple(0.01 * k for k in range(6)))])
    plan = Plan.of(small, design, replications=2, independent_points=True, outcomes=OUTCOMES, at=["2021-12", "2022-03"])
    with scratch() as store:
        found = plan.carry_out(store, workers=1)
    frame = found.runs.frame
    values = np.random.default_rng(5).uniform(0.2, 0.8, (2, len(frame)))
    frame = frame.assign(trust=values[0], debt=1e6 * values[1])
    return replace(found, runs=RunTable(frame, found.strategies, points=range(6)))


def remade(swept: Swept, frame: pd.DataFrame) -> Swept:
    return replace(swept, runs=RunTable(frame, swept.strategies, points=range(6)))


def one_month(frame):
    return frame[frame["month"] == "2022-03"]


def of_comparison(small, swept, frame):
    """All tables that are made of a comparison in which these two outcomes alone differ."""
    first = frame[frame["point"] == 0]
    rest = pd.DataFrame(1.0, first.index, sorted(set(small.outcomes) - set(OUTCOMES)))
    found = compared(small, RunTable(pd.concat([first, rest], axis=1), NAMES))
    made = tables(found)
    return [found.table("trust"), found.trajectories("debt"), *(made[name]() for name in ("distribution", "money"))]


STATISTICS = {
    "comparison": of_comparison,
    "uncertainty": lambda small, swept, frame: [over_draws(small, RunTable(one_month(frame), NAMES)).table("trust")],
    "sweep": lambda small, swept, frame: [spans(remade(swept, frame).runs), remade(swept, frame).joined()],
    "robustness": lambda small, swept, frame: list(
        Robustness(strategies=(BASE, OTHER), targets={"trust": 0.5}).of(remade(swept, frame)).tables.values()
    ),
    "values": lambda small, swept, frame: [pd.DataFrame(remade(swept, frame).runs.at("debt")[1])],
}


@pytest.mark.parametrize("name", STATISTICS)
def test_the_order_of_rows_and_keys_changes_nothing(small, swept, name):
    """Every row in another place, and the keys too; a reshape by position would tell (the twin below)."""
    make, frame = STATISTICS[name], swept.runs.frame
    shuffled = frame.sample(frac=1, random_state=1)[[*OUTCOMES, *KEYS[::-1]]]
    for ours, theirs in zip(make(small, swept, shuffled), make(small, swept, frame), strict=True):
        pd.testing.assert_frame_equal(ours, theirs, check_exact=True)


def test_a_reshape_by_position_would_be_noticed(swept):
    """The twin: values in the order of the rows, as they lie, are others once these are shuffled."""
    frame = swept.runs.frame
    at_rest = frame["trust"].to_numpy().reshape(6, 3, 2, 2).swapaxes(0, 1)
    np.testing.assert_array_equal(at_rest, swept.runs.values("trust"))
    shuffled = frame.sample(frac=1, random_state=1)["trust"].to_numpy().reshape(6, 3, 2, 2).swapaxes(0, 1)
    assert (shuffled != swept.runs.values("trust")).any()


@pytest.mark.parametrize("name", STATISTICS)
@pytest.mark.parametrize("wrong", ["doubled", "missing"])
def test_rows_that_are_missing_or_there_twice_are_refused_by_name(small, swept, name, wrong):
    """Whatever is made of them."""
    frame = swept.runs.frame
    row = frame.query("strategy == 'trouble' and point == 0 and month == '2022-03'").index[0]
    broken = frame.drop(row) if wrong == "missing" else pd.concat([frame, frame.loc[[row]]])
    said = {"missing": "is missing", "doubled": "stands more than once"}[wrong]
    match = rf"strategy 'trouble', point 0, replication 0, month 2022-03 {said} \(1 such rows\)"
    with pytest.raises(RunError, match=match):
        STATISTICS[name](small, swept, broken)


def test_other_frames_that_cannot_be_whole_are_refused(swept):
    """A key that is gone, a strategy nobody asked for, two places, a replication of one point only, and nothing."""
    frame = swept.runs.frame
    for broken, said in (
        (frame.drop(columns="replication"), "without replication"),
        (frame.replace({"strategy": {"trouble": "nobody"}}), "strategy 'nobody' is none of those that were run"),
        (frame.assign(place=np.where(frame["point"] > 2, "here", "there")), "results of 2 places together"),
        (frame[~((frame["point"] == 4) & (frame["replication"] == 10))], "point 4 has 1 replications"),
        (frame[frame["point"] != 4], "point 4 has 0 replications"),
        (frame.iloc[:0], "hold no row"),
        (frame.assign(month=frame["month"].where(frame.index > 0)), "month is empty in 1 rows"),
        (frame.assign(replication=frame["replication"] + 0.5), "replication must hold whole numbers, not float64"),
        (
            frame.assign(draw=np.where(frame["strategy"] == OTHER, 7, 0)),
            "point 0, replication 0 are of different draws",
        ),
        (frame.assign(month=frame["month"].str.replace("-0", "-")), "'2022-3' is not a month"),
        (frame.assign(month=pd.PeriodIndex(frame["month"], freq="M")), "is not a month"),
        (frame.assign(trust=frame["trust"].astype(str)), r"trust holds '0\.\d+', which is no number"),
        (pd.concat([frame, frame[["trust"]]], axis=1), "'trust' is there twice"),
        (frame.to_dict(), "is no table"),
    ):
        with pytest.raises(RunError, match=said):
            remade(swept, broken)
    with pytest.raises(RunError, match="strategies: 'trouble' is named twice"):
        RunTable(frame, (*NAMES, "trouble"))
    with pytest.raises(RunError, match="points: 0 is there twice"):
        RunTable(frame, NAMES, points=[0, 0, 1, 2, 3, 4, 5])


def test_a_run_that_failed_has_no_value_and_is_not_missing(swept):
    """All its months are left empty; what is whole is found without it."""
    frame = swept.runs.frame
    gone = (frame["point"] == 3) & (frame["strategy"] == OTHER) & (frame["replication"] == 3)
    failures = pd.DataFrame([(3, 3, OTHER, "no")], columns=["point", "replication", "strategy", "message"])
    runs = RunTable(frame[~gone], NAMES, failures)
    x = runs.values("trust")
    assert np.isnan(x[2, 3, 0]).all()
    assert np.isfinite(np.delete(x, 3, axis=1)).all()
    assert runs.whole("point").points == (0, 1, 2, 4, 5)
    for rows in (frame, frame[~gone | (frame["month"] == "2022-03")]):
        with pytest.raises(RunError, match=r"'trouble', point 3, .* is there, though its run failed"):
            RunTable(rows, NAMES, failures)
    with pytest.raises(RunError, match="failures without message"):
        RunTable(frame[~gone], NAMES, failures.drop(columns="message"))


def test_an_outcome_of_two_worlds_is_taken_from_the_one_without_merger(swept):
    """By its label, whatever the order of the rows; without that world it stays as it was."""
    frame = swept.runs.frame.sample(frac=1, random_state=2)
    runs = RunTable(frame, NAMES).with_world_without_merger(["trust"])
    own = swept.runs.values("trust")
    for k in range(3):
        np.testing.assert_array_equal(runs.values("trust")[k], own[0])
    np.testing.assert_array_equal(runs.values("debt"), swept.runs.values("debt"))
    alone = RunTable(frame[frame["strategy"] != "no merger"], NAMES[1:]).with_world_without_merger(["trust"])
    np.testing.assert_array_equal(alone.values("trust"), own[1:])


def test_keys_come_first_and_say_the_place(small, swept):
    """In this order, then outcomes."""
    assert tuple(swept.runs.frame.columns) == (*KEYS, *OUTCOMES)
    assert set(swept.runs.frame["place"]) == {small.title}


@pytest.mark.extras
def test_a_box_is_found_whatever_the_order_of_the_rows(small):
    """Discovery takes its points by their numbers."""
    design = grid([Factor("parameters.income_growth", values=tuple(0.002 * k for k in range(40)))])
    rows = pd.DataFrame({"point": range(40), "strategy": OTHER, "replication": 0, "month": "2022-03"})
    frame = rows.assign(trust=np.where(rows["point"] < 20, 0.3, 0.7))
    question = Discovery(strategy=OTHER, outcome="trust", target=0.5, n=40)
    found = [
        question.of(Swept(small, design, RunTable(own, (OTHER,), points=range(40)), 1)).tables["discover"]
        for own in (frame, frame.sample(frac=1, random_state=3))
    ]
    pd.testing.assert_frame_equal(*found)

"""Sweeps: every point is the run that single runs give, and runs that fail stop no other."""

from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
from unit.runs.faulty_policies import small_scenario

import villagesim as vs
from villagesim.design import Factor, applied, from_table, grid, latin_hypercube
from villagesim.errors import VillagesimError
from villagesim.questions.sweep import sweep
from villagesim.runs import parts, runner
from villagesim.runs.parts import Chunk, Part, Task, make_part

pytestmark = pytest.mark.usefixtures("figures_are_blank")


@pytest.fixture(scope="module")
def small():
    return small_scenario()


@pytest.fixture(scope="module")
def design():
    factors = [Factor("parameters.income_growth", 0.0, 0.06), Factor("draw", 0, 2)]
    return latin_hypercube(factors, 6, seed=1)


@pytest.fixture(scope="module")
def alone(small, design):
    return sweep(small, design, replications=2, seed=3, workers=1)


def test_a_sweep_holds_what_single_runs_give(small, design, alone):
    """Point 4, second replication: the run of the scenario with these values."""
    values = design.points.loc[4].to_dict()
    run = vs.simulate(applied(small, values), "trouble", 3, 1, draw=int(values["draw"]))
    row = alone.runs.query("point == 4 and strategy == 'trouble' and replication == 1").iloc[0]
    for name in ("collective_income", "trust", "debt"):
        assert row[name] == run.county[name].iloc[-1]
    assert row["month"] == "2022-03"
    assert alone.runs["trust"].nunique() > 6


def test_rows_come_by_point_strategy_replication_and_month(small, design):
    """Strategies in the order of the scenario, points in that of the design."""
    two = from_table(pd.DataFrame({"point": [9, 2], "draw": [0, 0]}))
    found = sweep(small, two, replications=2, outcomes=["trust"], at=["2021-12", "2021-06"], workers=1).runs
    rows = [
        (point, strategy, replication, month)
        for point in (9, 2) for strategy in small.strategies for replication in (0, 1) for month in ("2021-06", "2021-12")
    ]  # fmt: skip
    assert list(found[["point", "strategy", "replication", "month"]].itertuples(index=False, name=None)) == rows
    assert found.columns.tolist()[6:] == ["trust"]


def test_results_join_their_inputs(alone, design):
    """Each row of a point has the values of that point beside it."""
    joined = alone.joined()
    assert len(joined) == len(alone.runs) == 6 * 3 * 2
    for point, rows in joined.groupby("point"):
        assert (rows["parameters.income_growth"] == design.points.loc[point, "parameters.income_growth"]).all()


def test_parts_are_divided_otherwise_and_nothing_changes(small, design, alone, monkeypatch):
    """One part, or one a chunk."""
    monkeypatch.setattr(Task, "chunks_a_part", lambda self, n: 5)
    again = sweep(small, design, replications=2, seed=3, workers=1)
    pd.testing.assert_frame_equal(alone.runs, again.runs, check_exact=True)


def test_the_replication_can_be_a_factor(small):
    """Each point has its own luck, that of the replication of this number."""
    found = sweep(small, grid([Factor("replication", values=(4, 0))]), strategies=["trouble"], workers=1)
    assert found.runs["replication"].tolist() == [4, 0]
    run = vs.simulate(small, "trouble", 1, 4)
    assert found.runs["trust"].iloc[0] == run.county["trust"].iloc[-1]
    assert "replication" in found.joined().columns
    with pytest.raises(VillagesimError, match="replication is a factor"):
        sweep(small, grid([Factor("replication", values=(4, 0))]), replications=2)


def test_points_can_have_luck_of_their_own(small):
    """Points share no replication, whatever their numbers; all strategies the same."""
    two = from_table(pd.DataFrame({"point": [9, 2], "parameters.income_growth": [0.02, 0.02]}))
    how = {
        "strategies": ["nothing but the merger", "trouble"],
        "replications": 2,
        "outcomes": ["trust"],
        "seed": 3,
        "workers": 1,
    }
    found = sweep(small, two, independent_points=True, **how)
    rows = [(9, s, r) for s in found.strategies for r in (0, 2)] + [(2, s, r) for s in found.strategies for r in (1, 3)]
    assert list(found.runs[["point", "strategy", "replication"]].itertuples(index=False, name=None)) == rows
    x = found.values("trust")
    assert x.shape == (2, 2, 2)
    assert np.unique(x[0]).size == 4
    np.testing.assert_array_equal(x[0], x[1])
    run = vs.simulate(applied(small, {"parameters.income_growth": 0.02}), "trouble", 3, 1)
    assert x[1, 1, 0] == run.county["trust"].iloc[-1]
    shared = sweep(small, two, **how).values("trust")
    np.testing.assert_array_equal(shared[:, 0], shared[:, 1])


def test_luck_of_their_own_is_kept_when_it_goes_on(small, tmp_path, monkeypatch):
    """Parts that were lost come again as they were, and a folder of shared luck is not gone on with."""
    monkeypatch.setattr(Task, "chunks_a_part", lambda self, n: 3)
    how = {"strategies": ["trouble"], "replications": 2, "outcomes": ["trust"], "workers": 1, "out": tmp_path / "out"}
    design = grid([Factor("parameters.income_growth", values=(0.01, 0.02, 0.03, 0.04))])
    whole = sweep(small, design, independent_points=True, **how)
    assert whole.runs["replication"].tolist() == [0, 4, 1, 5, 2, 6, 3, 7]
    next((tmp_path / "out" / "parts").glob("county*1*")).unlink()
    again = sweep(small, design, independent_points=True, resume=True, **how)
    pd.testing.assert_frame_equal(whole.runs, again.runs, check_exact=True)
    with pytest.raises(VillagesimError, match="independent_points"):
        sweep(small, design, resume=True, **how)


def test_the_mechanical_share_needs_the_world_without_merger(small):
    """It is joined where that world runs beside, and is missing where it does not."""
    one = grid([Factor("draw", values=(0,))])
    with_it = sweep(small, one, strategies=["no merger", "trouble"], workers=1).runs
    assert with_it["mechanical_share_above_500k"].nunique() == 1
    without = sweep(small, one, strategies=["trouble"], workers=1).runs
    assert without["mechanical_share_above_500k"].isna().all()


def test_a_run_that_fails_stops_no_other(small):
    """It is recorded with point, replication, strategy and message; all others are there."""
    design = grid([Factor("policies.trouble.what", values=("nothing", "raise", "nothing"))])
    found = sweep(small, design, replications=2, outcomes=["trust"], workers=1)
    assert found.failures.drop(columns="message").to_dict("records") == [
        {"point": 1, "replication": r, "strategy": "trouble"} for r in (0, 1)
    ]
    said = (
        r"on 2022-01-01, Trouble\.begin, .*faulty_policies\.py, line \d+: ZeroDivisionError: the reserves of nobody\."
    )
    assert found.failures["message"].str.match(said).all()
    assert len(found.runs) == 3 * 3 * 2 - 2
    assert found.runs.query("point == 1")["strategy"].unique().tolist() == ["no merger", "nothing but the merger"]


def test_a_sweep_in_which_every_run_fails_says_why(small):
    """The first message, not an empty table."""
    design = grid([Factor("policies.trouble.what", values=("raise",))])
    with pytest.raises(
        VillagesimError, match=r"every run failed; the first: on 2022-01-01, Trouble.begin, .*: ZeroDivisionError"
    ):
        sweep(small, design, strategies=["trouble"], workers=1)


def test_a_run_that_kills_its_worker_stops_no_other(small):
    """Fresh workers go on with the others; the part of the deadly run is recorded as failed."""
    design = grid([Factor("policies.trouble.what", values=("nothing", "die", "nothing"))])
    found = sweep(small, design, outcomes=["trust"], workers=2)
    assert found.failures["point"].tolist() == [1, 1, 1]
    assert found.failures["message"].str.contains("worker process died").all()
    assert found.runs["point"].unique().tolist() == [0, 2]


class Brittle(ThreadPoolExecutor):
    """Workers of which one dies at certain parts, and takes the executor with it."""

    deadly: dict
    asked: list

    def __init__(self, workers):
        super().__init__(workers)
        self.n, self.broken = workers, False

    def submit(self, make, part):
        if self.broken:
            raise BrokenExecutor("broken")
        self.asked.append((part.number, self.n))
        if self.deadly.get(part.number, 0) > 0:
            self.deadly[part.number] -= 1
            self.broken = True
            future = Future()
            future.set_exception(BrokenExecutor("died"))
            return future
        return super().submit(make, part)


def brittle(**deadly):
    return type("BrittleHere", (Brittle,), {"deadly": {int(k[1:]): n for k, n in deadly.items()}, "asked": []})


def test_a_part_is_tried_again_at_most_twice_the_second_time_alone(small, design, alone):
    """Twice dead and then alive is no failure; three times is."""
    lucky = brittle(p2=2)
    found = sweep(small, design, replications=2, seed=3, workers=3, executors=lucky)
    pd.testing.assert_frame_equal(alone.runs, found.runs, check_exact=True)
    assert [n for number, n in lucky.asked if number == 2] == [3, 3, 1]
    unlucky = brittle(p2=3)
    found = sweep(small, design, replications=2, seed=3, workers=3, executors=unlucky)
    assert [n for number, n in unlucky.asked if number == 2] == [3, 3, 1]
    assert found.failures[["point", "replication"]].drop_duplicates().to_numpy().tolist() == [[1, 0]]
    lost = (alone.runs["point"] == 1) & (alone.runs["replication"] == 0)
    pd.testing.assert_frame_equal(alone.runs[~lost].reset_index(drop=True), found.runs, check_exact=True)


def test_workers_that_all_die_end_in_words(small, design):
    """As when a script has no guard for its main part."""
    with pytest.raises(VillagesimError, match="__main__"):
        sweep(small, design, workers=2, executors=brittle(**{f"p{k}": 9 for k in range(6)}))


def test_a_fault_of_the_library_is_not_hidden(small, design, monkeypatch):
    """What goes wrong outside of the runs is raised, not retried."""
    monkeypatch.setattr(parts, "write_part", lambda *arguments: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        sweep(small, design, workers=2, executors=ThreadPoolExecutor)


def test_parts_are_few_and_small(small, zhangqiu):
    """More than thirty-two where there is enough to do; ten seconds or a thousand runs at most."""
    task = Task(small, tuple(small.strategies), 1, ("trust",))
    for n in (1, 30, 64, 65, 1000, 100_000):
        size = task.chunks_a_part(n)
        assert size == 1 or (-(-n // size) > 32 and 3 * size <= parts.MOST_RUNS)
    eight = tuple(zhangqiu.strategies)[:8]
    assert Task(zhangqiu, eight, 1, ("trust",)).chunks_a_part(100_000) == 2_000_000 // (8 * 72 * 890)


def test_a_part_is_made_without_the_parent(small, tmp_path):
    """A part carries all it needs, so any executor can make it."""
    import pickle

    part = Part(
        Task(small, ("trouble",), 1, ("trust",)), 0, (Chunk(0, 0),), tmp_path / "a.parquet", tmp_path / "b.parquet"
    )
    make_part(pickle.loads(pickle.dumps(part)))
    assert len(pd.read_parquet(next(tmp_path.glob("a.*.parquet")))) == 1 + 15


def test_the_parent_asks_for_few_parts_at_a_time(small):
    """So that its memory does not grow with the number of runs."""
    waiting, most = [0], [0]

    class Counting(ThreadPoolExecutor):
        def submit(self, make, part):
            waiting[0] += 1
            most[0] = max(most[0], waiting[0])
            future = super().submit(make, part)
            future.add_done_callback(lambda done: waiting.__setitem__(0, waiting[0] - 1))
            return future

    sweep(small, grid([Factor("draw", values=tuple(range(40)))]), outcomes=["trust"], workers=2, executors=Counting)
    assert most[0] <= 2 * 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"replications": 0}, "replications = 0"),
        ({"seed": -1}, "seed = -1"),
        ({"workers": 0}, "workers = 0"),
        ({"strategies": ["trubble"]}, "Did you mean 'trouble'"),
        ({"strategies": []}, "strategies names none"),
        ({"outcomes": ["trusts"]}, "Did you mean 'trust'"),
        ({"at": "2031-01"}, "not a month of the run, 2021-01 to 2022-03"),
    ],
)
def test_what_makes_no_sense_is_refused(small, design, arguments, words):
    """Before anything runs."""
    with pytest.raises(VillagesimError, match=words):
        sweep(small, design, **arguments)


def test_a_factor_of_a_policy_that_no_strategy_holds_is_refused(one_town):
    """It would change nothing; one strategy that holds it is enough."""
    design = grid([Factor("policies.land_trust.household_floor", values=(700.0, 800.0))])
    words = "factor policies.land_trust.household_floor: .*that is run holds it.*'land trust' or 'both'"
    with pytest.raises(VillagesimError, match=words):
        sweep(one_town, design, strategies=["five integrations", "no merger"], workers=1)
    found = sweep(one_town, design, strategies=["land trust", "no merger"], outcomes=["trust"], workers=1)
    assert found.runs["strategy"].nunique() == 2


def test_numbers_of_the_sweep_are_numbers(alone):
    """Every outcome is a column of floats."""
    assert all(alone.runs[name].dtype == np.float64 for name in alone.table.outcomes)
    assert runner.cores() >= 1

"""Draws of what is not known, and stopping when enough is known: the right runs, the right split, the right end."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from unit.runs.faulty_policies import small_scenario

import villagesim as vs
from villagesim.design.drawn import JOINT
from villagesim.errors import VillagesimError
from villagesim.evidence import read_posterior
from villagesim.languages import named
from villagesim.printing import print_answer
from villagesim.questions import comparison as module
from villagesim.questions.comparison import compared, settled, undefined
from villagesim.questions.spreads import bands
from villagesim.questions.sweep import sweep
from villagesim.questions.uncertainty import Uncertainty, in_how_many, over_draws, uncertainty_design
from villagesim.questions.verdicts import DIFFERENCE
from villagesim.report.compared import outcomes
from villagesim.runs.table import RunTable
from villagesim.verdict_tables import print_money
from villagesim.wording import effect, number

pytestmark = pytest.mark.usefixtures("figures_are_blank")


@pytest.fixture(scope="module")
def small():
    return replace(small_scenario(), decree_between=(date(2021, 2, 1), date(2021, 10, 1)))


def test_a_draw_is_the_run_of_its_values(small):
    """All strategies of a draw share its parameters, map, date and luck."""
    from villagesim.design import applied

    found = Uncertainty(draws=3).ask(small, 5, workers=1)
    values = uncertainty_design(small, 3, seed=5, strategies=found.strategies).points.loc[1].to_dict()
    assert "; reported at the start are 34.3% in every draw: what is booked is drawn" in found.headline
    run = vs.simulate(applied(small, values), "trouble", 5, 4, draw=2)
    row = found.runs.query("point == 1 and strategy == 'trouble' and replication == 4").iloc[-1]
    assert row["trust"] == run.county["trust"].iloc[-1]
    assert found.runs_of("trust")[2, 1, 1, -1] == row["trust"]
    assert (found.n_draws, found.n_replications) == (3, 2)
    table = found.table("trust")
    assert table["strategy"].tolist() == ["no merger", "trouble"]
    same = table.set_index("strategy").loc["trouble"]
    assert (same["mean"], same["differs"]) == (0.0, "0 of 3")
    assert same["low"] < -0.5, "of three draws that are alike nothing is known"
    assert same[["chance_low", "uncertain_low", "total_low"]].isna().all()


def test_what_summing_adds_is_that_of_the_month_of_each_draws_own_decree(small):
    """Not of the month of the scenario's, in which no decree may come at all."""
    found = Uncertainty(draws=4).ask(small, 5, workers=1)
    days = found.stages[""].points.set_index("point")["merger.decree"]
    assert days.nunique() > 1
    alone = found.strategies.index("no merger")
    summed, apart = (found.values(name)[alone] for name in (found.known.mechanical_share, found.known.published_share))
    at = [found.months.index(f"{days[point]:%Y-%m}") for point in range(4)]
    added = (summed - apart)[range(4), at]
    assert min(added) > 0
    assert f"adds {number(100 * np.mean(added))} points in the month of the decree" in found.sentences[-1]


def test_the_page_names_the_intervals_of_draws_and_leaves_out_what_says_nothing(small):
    """What a million brings, and what is cheaper, stand beside a verdict, which draws have not; 90% of runs do."""
    found = Uncertainty(draws=3, strategies=["trouble"]).ask(small, 5, workers=1)
    table = found.tables["verdicts"].assign(total_low=-0.25, total_high=0.5)
    (trust,) = (
        each
        for each in outcomes(replace(found, tables={**found.tables, "verdicts": table}), 40)
        if each["title"].startswith("Integration")
    )
    row = dict(zip(trust["table"]["heads"], trust["table"]["rows"][0], strict=True))
    assert list(row) == ["strategy", "difference", "90% of runs", "verdict", "cost in all", "rests on"]
    assert row["90% of runs"] == "-0.25 to +0.5"


def test_over_draws_notes_and_caption_say_whose_interval_it_is(small, capsys):
    """What is printed of money, and what is drawn thick, follows the mean over draws, and holds nothing that is not known."""
    found = Uncertainty(draws=3).ask(small, 5, workers=1)
    print_money(found.tables["money"])
    told = " ".join(capsys.readouterr().out.split())
    assert "Means over draws; 95%: simulation error of these means alone, without what is not known" in told
    assert "In yuan of the start." in told
    assert (
        "thick where the 95% interval of that mean lies beyond what matters, which counts no draws"
        in found.differences_mean
    )


LUCKY = ["incidents", "secretary_skill", "trust", "debt"]


def first_less_second(found, names=LUCKY):
    """How many standard errors the mean over draws of replication 0 less 1 is from zero, by outcome."""
    x = np.array([found.runs_of(name)[found.strategies.index("nothing but the merger"), ..., -1] for name in names])
    difference = x[..., 0] - x[..., 1]
    return np.abs(difference.mean(axis=1)) / (difference.std(axis=1, ddof=1) / np.sqrt(found.n_draws))


def test_luck_is_not_shared_by_draws(small):
    """Replication 0 less 1 is zero over draws: four t values of 29 freedoms above 4 have a chance of 0.2%.

    With luck that all draws share it is far from zero, as one county was luckier than the other. Ten months are enough.
    """
    small = replace(small, timetable=replace(small.timetable, stop=date(2021, 11, 1)))
    found = Uncertainty(draws=30, strategies=()).ask(small, 2, workers=1)
    assert first_less_second(found).max() < 4
    assert found.runs["replication"].nunique() == 60
    shared = sweep(
        small,
        uncertainty_design(small, 30, 2, found.strategies),
        strategies=["nothing but the merger"],
        replications=2,
        outcomes=LUCKY,
        seed=2,
        workers=1,
    )
    assert first_less_second(over_draws(small, shared.table)).max() > 6


def made_up(small, between=0.0, within=0.0, n_draws=400, effect=0.05, known=None):
    """A table of two strategies whose difference has known spreads, or is known."""
    if known is None:
        rng = np.random.default_rng(12)
        known = effect + rng.normal(0, between, (n_draws, 1)) + rng.normal(0, within, (n_draws, 2))
    rows = []
    for point in range(n_draws):
        for place, strategy in enumerate(("nothing but the merger", "trouble")):
            rows += [(point, strategy, r, "2022-03", 0.4 + place * known[point, r]) for r in (0, 1)]
    county = pd.DataFrame(rows, columns=["point", "strategy", "replication", "month", "trust"])
    return over_draws(small, RunTable(county, ("nothing but the merger", "trouble")))


def test_the_intervals_are_kept_apart(small):
    """Spreads that were put in come out: 0.02 between draws, 0.05 within (400 draws of one fixed seed)."""
    row = made_up(small, between=0.02, within=0.05).table("trust").iloc[0]
    wide = {name: (row[f"{name}_high"] - row[f"{name}_low"]) / (2 * 1.645) for name in ("chance", "uncertain", "total")}
    assert wide["chance"] == pytest.approx(0.05, rel=0.2)
    assert wide["uncertain"] == pytest.approx(0.02, rel=0.6)
    assert wide["total"] == pytest.approx(np.hypot(0.02, 0.05), rel=0.2)
    assert row["low"] < 0.05 < row["high"]
    assert row["high"] - row["low"] == pytest.approx(2 * 1.97 * np.sqrt((0.02**2 + 0.05**2 / 2) / 400), rel=0.2)
    swapped = made_up(small, between=0.05, within=0.02).table("trust").iloc[0]
    assert swapped["uncertain_high"] - swapped["uncertain_low"] > 1.5 * (row["uncertain_high"] - row["uncertain_low"])


def test_bands_are_quantiles_within_the_bounds(small):
    """Trust that falls by 0.3 in one run of ten and else by nothing: no band has a gain; an index stays within 0 and 1."""
    rare = np.where(np.random.default_rng(5).random((200, 2)) < 0.1, -0.3, 0.0)
    found = made_up(replace(small, margins={"trust": 0.1}), n_draws=200, known=rare)
    row = found.table("trust").iloc[0]
    assert row[["chance_low", "total_low"]].tolist() == pytest.approx([-0.3, -0.3], abs=0.02)
    assert max(row["chance_high"], row["total_high"]) < 0.02
    assert row[["uncertain_low", "uncertain_high"]].isna().all(), "what cannot be told from luck is no knowledge"
    low = made_up(small, n_draws=200, known=rare - 0.35).table("trust", difference=False).iloc[-1]
    assert low["chance_low"] >= 0.0
    assert row["luck_worse"] > 0.1 > row["share_worse"] == 0


@pytest.mark.parametrize(
    ("better", "worse", "said", "told"),
    [
        ((0.6, 0.5, 0.7), (0.1, 0.0, 0.2), "better in 60% (50 to 70%), worse in 10% (0 to 20%)",
         "更好的占 60%（50 至 70%），更差的占 10%（0 至 20%）"),
        ((0.6, 0.5, 0.7), (0.0, 0.0, 1.0), "better in 60% (50 to 70%), worse: not known",
         "更好的占 60%（50 至 70%），更差的占多少尚不清楚"),
        ((1.0, 0.0, 1.0), (0.1, 0.0, 0.2), "better: not known, worse in 10% (0 to 20%)",
         "更好的占多少尚不清楚，更差的占 10%（0 至 20%）"),
        ((1.0, 0.0, 1.0), (0.0, 0.0, 1.0), "undecided (too few draws)", "难以判断（抽样太少）"),
    ],
)  # fmt: skip
def test_in_how_many_draws_it_is_better_is_told_as_far_as_draws_can_tell(better, worse, said, told):
    """In English as data, whatever is spoken."""
    ends = ("", "_low", "_high")
    shares = {
        f"share_{word}{end}": x
        for word, of in (("better", better), ("worse", worse))
        for end, x in zip(ends, of, strict=True)
    }
    with vs.language("zh"):
        assert in_how_many(shares) == said
        assert named(said) == told


def test_shares_of_draws_count_what_matters(small):
    """Better by more than the margin, worse by more, or neither."""
    found = made_up(replace(small, margins={"trust": 0.02}), between=0.05, within=0.0, effect=0.05)
    difference = found.at("trust")[1] - 0.4
    row = found.table("trust").iloc[0]
    assert row["share_better"] == (difference > 0.02).mean()
    assert row["share_worse"] == (difference < -0.02).mean()
    assert 0 < row["share_worse"] < row["share_better"] < 1


def test_luck_of_draws_that_are_alike_is_not_said_to_give_what_their_mean_gives(small):
    """All draws lie far beyond the margin and luck is small: alike, all would count, and luck alone gives none."""
    found = made_up(replace(small, margins={"trust": 0.02}), between=0.01, within=0.01, effect=0.2, n_draws=20)
    rows = pd.DataFrame([found.in_words(row) for row in found._rows("trust", None)]).assign(
        strategy="trouble", rests_on=""
    )
    assert found.table("trust")["luck_better"].iloc[0] == 1
    assert "alone" not in found.sentence("Trust", "trust", rows)


def test_a_headline_of_draws_gives_each_size_with_its_unit_once_and_no_share_of_none(small):
    """Better in all draws: by so many yuan, and in no draw worse is not told; what differs in no run is told as that."""
    found = made_up(small, between=0.01, within=0.01, effect=0.2, n_draws=20)
    rows = pd.DataFrame([found.in_words(row) for row in found._rows("trust", None)]).assign(
        strategy="trouble", rests_on=""
    )
    row = rows.iloc[0]
    size = effect(row, *DIFFERENCE)
    assert found.sentence("Trust", "trust", rows) == (
        f"Trust: trouble, {size}, better in 100% (83.9 to 100%) of draws (95%)."
    )
    money = found.sentence(
        "Income", "collective_income", rows.assign(difference=2e4, difference_low=1e4, difference_high=3e4)
    )
    assert money == (
        "Income, mean of 20 draws of what is not well known: trouble, +20 (+10 to +30) thousand yuan per village and year, better"
        " in 100% (83.9 to 100%) of draws (95%; better, worse: by more than the margin, luck taken out)."
    )
    few = {"share_better": 0.5, "share_better_low": 0.0, "share_better_high": 1.0}
    assert ", better: too few draws to tell (95%" in found.sentence("Trust", "trust", rows.assign(**few))
    none = {"share_better": 0.0, "share_better_low": 0.0, "share_better_high": 0.2}
    assert ", in no draw beyond the margin (95%" in found.sentence("Trust", "trust", rows.assign(**none))
    same = made_up(small, between=0.0, within=0.0, effect=0.0, n_draws=20)
    alike = pd.DataFrame([same.in_words(row) for row in same._rows("trust", None)]).assign(
        strategy="trouble", rests_on=""
    )
    assert alike["verdict"].tolist() == ["the same in all runs"]
    assert same.verdict_at_the_end("trouble", "trust") == "the same in all runs"
    assert same.sentence("Trust", "trust", alike) == "Trust: the same in all runs with trouble (95%)."


def test_chance_alone_is_no_wider_than_chance_and_what_is_not_known(small):
    """Luck that is told from nothing is stretched to its variance, and may not go beyond what was seen."""
    luck = np.random.default_rng(4).exponential(1.0, (25, 20, 2))
    for x in luck:
        found = bands(x, (-np.inf, np.inf))
        assert found["total_low"] <= found["chance_low"] <= found["chance_high"] <= found["total_high"]


def test_a_draw_with_a_failed_run_is_left_out_whole(small):
    """And two draws at least must be left."""
    names = ("nothing but the merger", "trouble")
    keys = {"point": [0, 0, 1, 2, 2], "strategy": ["nothing but the merger", "trouble", "trouble", *names]}
    runs = pd.DataFrame(keys | {"replication": 0, "month": "2022-03", "trust": 0.5})
    failures = pd.DataFrame([(1, 0, names[0], "no")], columns=["point", "replication", "strategy", "message"])
    found = over_draws(small, RunTable(runs, names, failures))
    assert found.runs["point"].tolist() == [0, 0, 2, 2]
    with pytest.raises(VillagesimError, match=r"1 draw is whole, .* needed\. The first failure: no"):
        over_draws(small, RunTable(runs[runs["point"] < 2], names, failures))


def test_draws_leave_tables_and_a_figure_and_go_on_but_not_with_other_beliefs(small, tmp_path):
    """Another range, or other dates of the decree, are other draws; more replications of the same draws go on."""
    growth = small.parameters["income_growth"]
    narrower = {"value": growth.value, "low": growth.value - 0.001, "high": growth.high, "source": growth.source}
    others = (
        replace(small, decree_between=(date(2021, 2, 1), date(2021, 5, 1))),
        replace(small, parameters=small.parameters.with_values({"income_growth": narrower})),
    )
    how = {"workers": 1, "out": tmp_path / "out", "resume": True}
    first = Uncertainty(draws=2).ask(small, **how)
    assert (tmp_path / "out" / "tables" / "uncertainty.csv").exists()
    assert (tmp_path / "out" / "figures" / "uncertainty.png").exists()
    for other in others:
        assert other.digest == small.digest
        with pytest.raises(VillagesimError, match=r"holds other results. The points of its design are others"):
            Uncertainty(draws=2).ask(other, **how)
    more = Uncertainty(draws=2, replications=3).ask(small, **how)
    assert more.n_replications == 3
    there = more.runs[more.runs["replication"] < 4].reset_index(drop=True)
    pd.testing.assert_frame_equal(first.runs, there, check_exact=True)
    with pytest.raises(VillagesimError, match="replications = 1 must be a whole number of at least 2"):
        Uncertainty(draws=3, replications=1)


HOW = {"strategies": ["trouble"], "until_settled": "trust", "workers": 1}


@pytest.fixture(scope="module")
def settled_soon(small, tmp_path_factory):
    """Scenario, folder and comparison whose differences are all zero: an index differs by 0.17 at most after 20 of 20."""
    small, folder = replace(small, margins={"trust": 0.4}), tmp_path_factory.mktemp("settled") / "out"
    return small, folder, vs.compare(small, out=folder, **HOW)


@pytest.fixture
def handed_out(settled_soon, monkeypatch):
    """Its runs are handed out wherever a comparison wants some."""
    made = settled_soon[2].runs

    def carry_out(store, task, chunks, **how):
        wanted = made["replication"].isin([chunk.replication for chunk in chunks])
        return RunTable(made[wanted & made["strategy"].isin(task.strategies)], task.strategies)

    monkeypatch.setattr(module, "carry_out", carry_out)


def test_replications_stop_when_enough_is_known(small, settled_soon, monkeypatch):
    """A difference without spread takes the first look and the look-ahead; one with spread takes more, up to the most."""
    assert settled_soon[2].n_replications == 25
    luck = np.random.default_rng(4).normal(0, 1, 500)
    one = settled_soon[2].runs.query("replication == 0")

    def with_spread(store, task, chunks, **how):
        """One run of every strategy, again and again, with a trust that varies."""
        runs = pd.concat([one.assign(replication=chunk.replication) for chunk in chunks], ignore_index=True)
        sizes = runs["strategy"].map({"trouble": 0.07, "no merger": 0.001}).fillna(0.0)
        return RunTable(runs.assign(trust=0.5 + sizes * luck[runs["replication"]]), task.strategies)

    monkeypatch.setattr(module, "carry_out", with_spread)
    coarse = replace(small, margins={"trust": 0.05})
    found = vs.compare(coarse, **HOW)
    assert 30 < found.n_replications < 80, "1.96 x 0.07 / sqrt(n) = 0.025 at n = 30"
    assert settled(found, "trust").enough
    assert settled(found, "trust").half_width <= 0.025
    short = vs.compare(coarse, 28, **HOW)
    assert short.n_replications == 28
    assert settled(short, "trust").n_more > 0
    assert "more replications" in str(settled(short, "trust"))


def test_stopping_resumes_with_the_same_end(settled_soon):
    """Parts that are there are taken, and the same rule stops at the same number."""
    small, folder, whole = settled_soon
    again = vs.compare(small, out=folder, resume=True, **HOW)
    pd.testing.assert_frame_equal(whole.runs, again.runs, check_exact=True)


def test_strategies_without_the_outcome_are_left_out_and_named(small, handed_out):
    """Nothing is integrated where nothing merges: the others settle all the same."""
    small = replace(small, margins={"real_integration": 0.4})
    found = vs.compare(small, strategies=["trouble"], until_settled="real_integration", workers=1)
    assert found.n_replications == 25
    assert settled(found, "real_integration").enough == 20
    assert undefined(found, "real_integration") == {"no merger": 25}
    runs = found.runs
    runs.loc[runs.query("strategy == 'no merger' and replication > 2").index, "real_integration"] = 0.5
    partly = compared(small, RunTable(runs, found.strategies))
    assert undefined(partly, "real_integration") == {"no merger": 3}
    assert settled(partly, "real_integration").enough == 20


def test_an_outcome_that_only_one_side_has_is_refused(small, handed_out):
    """After the first look, whichever rule stops."""
    for rule in ("until_settled", "until_best"):
        with pytest.raises(
            VillagesimError, match=r"real_integration .* 'no merger' in 25 of 25 (.|\n)*Choose another outcome"
        ):
            vs.compare(small, strategies=[], workers=1, **{rule: "real_integration"})


def test_a_race_of_equals_ends_and_says_that_they_are_equal(small, handed_out, capsys):
    """A policy that does nothing is the baseline to the bit: neither can drop the other."""
    found = vs.compare(small, strategies=["trouble"], until_best="real_integration", workers=1)
    assert found.n_replications == 25
    print_answer(found)
    said = " ".join(capsys.readouterr().out.split())
    assert "Best by real_integration: nothing but the merger, after 25 replications" in said
    assert "The same in every replication: trouble." in said
    assert "Left out, as real_integration is not defined: no merger in 25 of 25 replications." in said


def test_an_outcome_that_nobody_has_does_not_settle(small):
    """Said before anything runs."""
    with pytest.raises(VillagesimError, match="Did you mean 'trust'"):
        vs.compare(small, until_settled="trusts", workers=1)
    with pytest.raises(VillagesimError, match="no strategy can be compared by collective_income"):
        vs.compare(small, strategies=[], until_settled="collective_income", workers=1)


def test_what_published_numbers_inform_comes_from_their_posterior(small):
    posterior = read_posterior()
    ranges, joint = (Uncertainty(draws=40, posterior=which).own_design(small, 1).points for which in (False, True))
    same = [path for path in ranges if ranges[path].equals(joint[path])]
    assert {*ranges} - {*same} == {*posterior.paths}
    path = next(iter(posterior.paths))
    name = path.removeprefix("parameters.")
    own = small.with_parameters(**{name: {"value": small.parameters[name].value, "low": small.parameters[name].low * 0.99,
                                          "high": small.parameters[name].high, "source": "mine"}})  # fmt: skip
    assert not Uncertainty(draws=40).own_design(own, 1).points[path].isin(joint[path]).any()


def test_an_answer_says_what_comes_from_the_posterior(small):
    with_it, without = (
        Uncertainty(draws=2, strategies=["trouble"], posterior=which).ask(small, workers=1) for which in (True, False)
    )
    n = len(read_posterior().paths)
    assert f"{n} parameters from their posterior" in with_it.headline
    assert f"{n} parameters come from the posterior of published numbers" in with_it.rests_on
    assert "posterior" not in without.headline
    held = with_it.tables["held"]
    assert {*held[held["why"] == JOINT]["factor"]} == {*read_posterior().paths}
    assert not without.tables["held"]["why"].eq(JOINT).any()

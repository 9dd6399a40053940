"""What a figure rests on: one word out of the code, which goes with the road that it names."""

import re
from dataclasses import fields, replace
from datetime import date

import numpy as np
import pytest
from unit.runs.faulty_policies import small_scenario

import villagesim as vs
from villagesim.docstrings import attributes
from villagesim.outcomes import OUTCOMES
from villagesim.outcomes.of_sources import AS_REPORTED, BY_SOURCE
from villagesim.outcomes.outcome import UNIT_COST
from villagesim.parameters import DEFAULTS, Parameter, Parameters
from villagesim.policies import KINDS
from villagesim.questions.labels import ARITHMETIC, carried, label_of, label_of_parts, weaker
from villagesim.questions.study import Contrasts
from villagesim.verdict_tables import print_money

FLOORS = {"collective_floor": 90.0, "household_floor": 790.0}
SOURCES = {
    "guessed": "assumption; sign: evidence 8.1 (B)",
    "fitted": "calibrated: to 3% a year",
    "read": "Q21: 476 (B)",
    "kind": "definition of the kind: I2.19 .06",
    "no_kind": "definition of the kind: assumption",
}
SETTINGS = {f"{kind}.{setting.name}" for kind, policy in KINDS.items() for setting in fields(policy)}
MADE = Parameters(Parameter(name, name, "1", 1.0, 0.0, 2.0, source) for name, source in SOURCES.items())


@pytest.mark.parametrize(
    ("names", "word"),
    [
        (("read",), "follows"),
        (("kind",), "follows"),
        (("no_kind",), "assumption"),
        (("read", "fitted"), "calibrated"),
        (("fitted", "read", "guessed"), "assumption"),
        ((ARITHMETIC,), "arithmetic"),
        ((ARITHMETIC, "read"), "follows"),
        ((), ""),
    ],
)
def test_the_weakest_word_counts(names, word):
    assert label_of(names, carried(MADE)) == word


def test_a_parameter_at_zero_carries_nothing():
    closed = carried(MADE.with_values({"guessed": 0.0}))
    assert label_of(("read", "guessed"), closed) == "follows"
    assert label_of(("guessed",), closed) == ""


def test_a_setting_at_its_default_is_as_good_as_its_source():
    """The floor of a land trust has a range that is assumed: own terms are a choice, the usual ones an assumption."""
    usual, own = (vs.policies.LandTrust(start="2021-08-01", villages=60, **terms) for terms in ({}, FLOORS))
    yields = ("wheat_yield", "land_trust.collective_floor", "land_trust.household_floor", "land_trust.villages")
    assert label_of(yields, carried(DEFAULTS)) == "follows"
    assert (
        label_of(yields, carried(DEFAULTS, [usual]))
        == label_of(yields, carried(DEFAULTS, [own, usual]))
        == "assumption"
    )
    assert label_of(yields, carried(DEFAULTS, [own])) == "follows"
    assert label_of([UNIT_COST], carried(DEFAULTS, [own])) == "assumption", "what a mu costs is nobody's figure"
    assert label_of([UNIT_COST], carried(DEFAULTS, [replace(own, cost_per_mu=31.0)])) == "arithmetic"


@pytest.mark.parametrize(("kind", "policy"), KINDS.items())
def test_a_source_gives_a_figure_or_is_an_assumption(kind, policy):
    """Of a setting: where both a grade and an assumption are named, it is said what the source gives."""
    for name, (_words, about) in attributes(policy).items():
        if "assumption" in about.lower() and re.search(r"\([SABCD]\)", about):
            assert re.search(r"\([SABCD]\) gives \d", about), f"{kind}.{name}"


def test_parts_that_hardly_move_say_nothing():
    """A tenth of all that moves is where a part begins to carry, whichever way it moves."""
    outcomes = {
        "real": replace(OUTCOMES["rent_income"], moved_by=("read",)),
        "loose": replace(OUTCOMES["debt"], moved_by=("guessed",)),
    }
    assert label_of_parts(outcomes, {"real": 95.0, "loose": -5.0}, carried(MADE)) == "follows"
    assert label_of_parts(outcomes, {"real": 85.0, "loose": -15.0}, carried(MADE)) == "assumption"
    assert label_of_parts(outcomes, {"real": 0.0, "loose": 0.0}, carried(MADE)) == ""


def test_the_unit_of_an_index_says_its_bounds():
    for outcome in OUTCOMES.values():
        if outcome.unit.startswith("index"):
            assert outcome.unit == "index, {:g} to {:g}".format(*outcome.bounds)


def test_what_outcomes_say_of_themselves_is_there():
    for outcome in OUTCOMES.values():
        assert {*outcome.parts} <= {*OUTCOMES}
        assert {*outcome.rests_on, *outcome.moved_by} <= {*DEFAULTS, *SETTINGS, ARITHMETIC, UNIT_COST}
        assert len({OUTCOMES[part].unit for part in outcome.parts}) <= 1
        assert all(OUTCOMES[part].moved_by for part in outcome.parts)


@pytest.fixture(scope="module")
def town():
    small = small_scenario()
    how = {"start": "2021-08-01"}
    own = {
        "top-ups": (vs.policies.TopUp(**how, margin=300_000.0, cushion=20_000.0),),
        "clean-up": (vs.policies.CleanUp(**how, officers=3),),
        "seeds": (vs.policies.SeedMoney(**how, form="union", projects=24),),
        "all": (vs.policies.CleanUp(**how, officers=3), vs.policies.SeedMoney(**how, form="union", projects=24)),
        "programme": (vs.policies.FiveIntegrations(**how, facilitators=4),),
    }
    two = {name: small.strategies[name] for name in ("no merger", "nothing but the merger")}
    timetable = replace(small.timetable, stop=date(2022, 7, 1))
    return replace(small, timetable=timetable, budget=replace(small.budget, since=2021), strategies=two | own)


@pytest.fixture(scope="module")
def answer(town):
    return vs.compare(town, 2, workers=1)


INCOME, FACT = "collective_income", "real_integration"


def word_of(answer, strategy, outcome):
    """Word for what a difference at the end rests on; empty where there is none."""
    table = answer.tables["verdicts"]
    row = table[(table["strategy"] == strategy) & (table["outcome"] == outcome)].iloc[-1]
    return row["rests_on"]


def test_no_road_is_forgotten(answer):
    """What a strategy adds to the income of all villages is what it adds to its sources, to the fen."""
    base = answer.strategies.index("nothing but the merger")
    for name in ("top-ups", "clean-up", "seeds", "all", "programme"):
        own = answer.strategies.index(name)
        whole = 20 * (answer.at("collective_income")[own] - answer.at("collective_income")[base])
        parts = sum(answer.at(part)[own] - answer.at(part)[base] for part in BY_SOURCE)
        assert np.abs(whole).max() > 1
        np.testing.assert_allclose(whole, parts, atol=0.01)


def test_every_figure_says_what_it_rests_on(answer):
    words = {name: word_of(answer, name, INCOME) for name in ("top-ups", "clean-up", "seeds", "all")}
    assert words == {"top-ups": "arithmetic", "clean-up": "follows", "seeds": "assumption", "all": "assumption"}
    assert word_of(answer, "programme", FACT) == "assumption"
    assert word_of(answer, "top-ups", FACT) == ""
    said = answer.sentences[-1]
    assert "at the end with nothing but the merger [assumption];" in said
    assert "points in the month of the decree [arithmetic] (" in said


def test_what_a_payback_rests_on_is_told(answer, capsys):
    """Support at default unit costs, and savings by assumed posts; what is the same in all runs rests on nothing."""
    rows = answer.tables["money"].query("at == '2022-06'").set_index("strategy")
    assert rows.loc["programme", "rests_on"] == "assumption"
    assert not rows[rows["cost"] == 0]["rests_on"].eq("follows").any()
    print_money(answer.tables["money"])
    printed = " ".join(capsys.readouterr().out.split())
    assert (
        "Balances and paybacks rest on arithmetic: top-ups and seeds; assumption: clean-up, all and programme."
        in printed
    )
    verdicts = answer.tables["verdicts"]
    assert not verdicts[verdicts["differs"].str.startswith("0 of ")]["rests_on"].any()


def closed(town, *names):
    ranges = {
        n: {"value": 0.0, "low": 0.0, "high": town.parameters[n].high, "source": town.parameters[n].source}
        for n in names
    }
    return town.with_parameters(**ranges)


@pytest.mark.parametrize(
    ("off", "strategy", "before"),
    [
        (("contract_yield", "unbilled_rent", "building_yield", "office_yield", "arrears"), "clean-up", "follows"),
        (("bought_return", "built_return", "lent_return", "joint_return", "own_return"), "seeds", "assumption"),
    ],
)
def test_a_road_that_is_switched_off_takes_its_label_along(town, answer, off, strategy, before):
    """The numbers that turn a policy's deeds into yuan at zero: what is left of it says nothing of them."""
    assert word_of(answer, strategy, INCOME) == before
    lone = closed(replace(town, strategies=dict(town.strategies)), *off)
    found = vs.compare(lone, 2, strategies=[strategy], workers=1)
    assert word_of(found, strategy, INCOME) != before


def test_a_policy_without_money_and_growth_of_nothing_say_nothing(town):
    poor = replace(town, budget=replace(town.budget, yearly=0.0)).with_parameters(income_growth=0.0, prices=0.0)
    found = vs.compare(poor, 2, strategies=["programme"], workers=1)
    assert "at the end with nothing but the merger; summing" in found.headline
    assert word_of(found, "programme", FACT) == word_of(found, "programme", INCOME) == ""


def test_without_a_merger_nothing_is_arithmetic(town):
    apart = replace(town, timetable=replace(town.timetable, decrees=()))
    found = vs.compare(apart, 2, strategies=["clean-up"], workers=1).headline
    assert "[arithmetic]" not in found
    assert "at the end with no policy [assumption] (" in found


def test_draws_say_what_they_rest_on_too(town):
    found = vs.questions.Uncertainty(strategies=("clean-up",), draws=2, replications=2).ask(town, workers=1)
    assert word_of(found, "clean-up", INCOME) == "follows"


def test_a_study_says_what_moves_its_figures(town):
    """The twin has nothing that differs, so nothing to say; runs hold the parts, whatever was asked for."""
    question = Lists(
        strategies=("clean-up", "listed"),
        outcomes=("reported_collective_income", "support_cost"),
        at=("2022-06",),
        replications=2,
    )
    listed = (vs.policies.WeakVillageList(start="2021-08-01", lines=(500_000.0,), pressure=1.0),)
    with_list = replace(town, strategies={**town.strategies, "listed": listed})
    answer = question.ask(with_list, workers=1)
    assert answer.facts["grounds"] == {"Collective income as reported": "assumption", "Support paid": "assumption"}
    assert (
        answer.grounds
        == "What the sizes of these figures rest on: assumption: collective income as reported, support paid."
    )
    assert {*AS_REPORTED} < {*answer.runs.columns}
    honest = replace(question, strategies=("clean-up",), outcomes=("reported_collective_income",))
    assert honest.ask(with_list, workers=1).facts["grounds"] == {"Collective income as reported": "follows"}
    poor = replace(with_list, budget=replace(town.budget, yearly=0.0))
    assert honest.ask(poor, workers=1).grounds == ""
    lone = closed(with_list, "book_cap")
    assert replace(honest, strategies=("listed",)).ask(lone, workers=1).grounds == ""


class Lists(Contrasts):
    """Nothing but a table."""

    name = "lists"

    def sentence(self, table):
        return f"{len(table)} differences."


def test_of_two_words_the_weaker_stays():
    assert weaker({"a": "follows", "b": ""}, {"a": "assumption", "c": "arithmetic"}) == {
        "a": "assumption",
        "b": "",
        "c": "arithmetic",
    }

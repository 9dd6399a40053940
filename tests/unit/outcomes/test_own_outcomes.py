"""Outcomes of a user's own go with the scenario."""

import pickle
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

import villagesim as vs
from villagesim.errors import OutcomeError
from villagesim.outcomes import OUTCOMES, Goal, Outcome, Outcomes, Record, formulas, of_income
from villagesim.policies import Condition
from villagesim.targets import Target


def spending(record: Record) -> np.ndarray:
    """What accounts spend in twelve months [yuan]."""
    return record.rolling("spending").sum(axis=1)


def spending_by_village(record: Record) -> np.ndarray:
    """The same by village."""
    return record.by_village(record.rolling("spending"))


SPENDING = Outcome("spending", "Spending", "yuan a year", "by all accounts", 0, spending, spending_by_village)


@pytest.fixture(scope="module")
def scenario(one_town: vs.Scenario) -> vs.Scenario:
    return replace(one_town, outcomes=[SPENDING])


def test_an_outcome_of_ones_own_is_in_the_tables(scenario: vs.Scenario) -> None:
    """Of the county and of the villages, after those of the library."""
    run = vs.simulate(scenario)
    assert list(run.county)[-1] == list(run.villages)[-1] == "spending"
    year = run.accounts.query("month >= '2023-01'").spending.sum()
    assert run.county.spending.iloc[-1] == pytest.approx(year)
    assert run.villages.query("month == '2023-12'").spending.sum() == pytest.approx(year)


def in_place(record: Record) -> np.ndarray:
    """By the month, worked out in what the record keeps."""
    values = record.rolling("spending")
    values /= 12
    return values.sum(axis=1)


def in_a_copy(record: Record) -> np.ndarray:
    """By the month, worked out in a copy."""
    values = record.rolling("spending").copy()
    values /= 12
    return values.sum(axis=1)


def test_an_outcome_cannot_change_what_others_are_made_of(one_town: vs.Scenario) -> None:
    """Else the order of outcomes would decide what they are."""
    run = vs.simulate(replace(one_town, outcomes=[replace(SPENDING, name="monthly", county=in_place), SPENDING]))
    with pytest.raises(OutcomeError, match=r"outcome monthly, .* read-only.*values /= 12"):
        run.values("monthly")
    run = vs.simulate(replace(one_town, outcomes=[replace(SPENDING, name="monthly", county=in_a_copy), SPENDING]))
    assert run.values("monthly") * 12 == pytest.approx(run.values("spending"))


def test_a_target_and_a_condition_look_at_it(scenario: vs.Scenario, one_town: vs.Scenario) -> None:
    """Where the scenario has it; elsewhere its name is not known."""
    most = Target(rule="highest", n=5, outcome="spending")
    policies = [
        vs.policies.LandTrust(start="2022-03-01", target=most, when=Condition(outcome="spending", at_least=1.0))
    ]
    assert (vs.simulate(scenario, policies).events.kind == "policy_started").sum() == 1
    with pytest.raises(OutcomeError, match="spending is not an outcome"):
        vs.simulate(one_town, policies)


def test_workers_get_it_once_packed(scenario: vs.Scenario) -> None:
    """Only what is the user's own is packed; the digest knows it."""
    again = pickle.loads(pickle.dumps(scenario.outcomes))
    assert again == scenario.outcomes
    assert again["spending"] == SPENDING
    assert pickle.loads(pickle.dumps(OUTCOMES)) == OUTCOMES != again
    assert scenario.digest != replace(scenario, outcomes=()).digest


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ([SPENDING, SPENDING], "there is an outcome spending already"),
        ([replace(SPENDING, name="trust")], "there is an outcome trust already"),
        ([replace(SPENDING, name="month")], "month is the name of a key"),
        (["trust"], "'trust' is not an outcome. Make it with"),
        ([replace(SPENDING, title="Trust")], "spending has the title of trust, 'Trust'. Give it another title"),
    ],
)
def test_what_cannot_be_an_outcome_is_refused(own: list[object], said: str) -> None:
    with pytest.raises(OutcomeError, match=said):
        Outcomes(own)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": "two words"}, "'two words' has no usable name"),
        ({"direction": 5}, r"direction = 5 is not one of \+1, -1, 0"),
        ({"margin": -1}, "margin = -1 must be above 0"),
        ({"bounds": (1, 0)}, r"bounds = \(1, 0\) are not the least and the most"),
        ({"bounds": (0, float("nan"))}, "are not the least and the most"),
        ({"bounds": None}, "bounds = None are not"),
        ({"unit": 3}, "unit = 3 must be text"),
        ({"title": "a\x1b[2J"}, "character 2 is .*, which cannot be seen"),
        ({"rests_on": "prices"}, "rests_on must be several names"),
        ({"county": "spending"}, "county = 'spending' is not a function"),
    ],
)
def test_an_outcome_that_cannot_be_judged_is_refused(changed: dict[str, object], said: str) -> None:
    with pytest.raises(OutcomeError, match=said):
        replace(SPENDING, **changed)


class Called:
    """What can be called, and is no function."""

    def __call__(self, record: Record) -> object:
        return 1 // 0


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda record: record.rolling("spendin").sum(axis=1), "'spendin' is not a column of the record"),
        (lambda record: 1 // 0, "ZeroDivisionError: integer division or modulo by zero"),
        (partial(lambda by, record: 1 // by, 0), "ZeroDivisionError: integer division or modulo by zero"),
        (Called(), "ZeroDivisionError: integer division or modulo by zero"),
        (partial(lambda record, by: by), "TypeError: .* missing 1 required positional argument: 'by'. Correct it"),
    ],
)
def test_a_mistake_in_an_outcome_is_named_with_its_line(one_town: vs.Scenario, function: object, said: str) -> None:
    """For the county and by village."""
    for changed, table in (({"county": function}, "county"), ({"village": function}, "villages")):
        run = vs.simulate(replace(one_town, outcomes=[replace(SPENDING, **changed)]))
        with pytest.raises(OutcomeError, match=said) as raised:
            getattr(run, table)
        assert raised.value.at[:2] == ("outcome spending", __file__)


@pytest.mark.parametrize(
    "formula",
    [
        formulas.total("spending"), of_income.per_head("members")["village"], formulas.per_thousand("heard")["county"],
        formulas.mean_of_merged(formulas.accounts), of_income.village_income,
    ],
)  # fmt: skip
def test_formulas_can_be_sent(formula: formulas.Formula) -> None:
    """An outcome of one's own that is made of them goes to the workers."""
    assert pickle.loads(pickle.dumps(formula)) == formula
    assert formulas.total("spending") == formulas.total("spending") != formulas.total("debt")


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda record: 1j * spending(record), "complex128.*where real numbers are asked"),
        (lambda record: spending(record).astype(str), "where real numbers are asked"),
        (lambda record: np.ma.masked_array(spending(record), True), "it gives a masked array"),
        (lambda record: spending(record)[:, None], r"have the shape \(37, 1\)\.\s+Give one a month.*, \(37,"),
        (lambda record: np.zeros(3), r"have the shape \(3,\)\.\s+Give one a month.*, \(37,"),
    ],
)
def test_what_is_no_outcome_is_not_cast(one_town: vs.Scenario, function: object, said: str) -> None:
    """For the county and by village."""
    for changed, table in (({"county": function}, "county"), ({"village": function}, "villages")):
        run = vs.simulate(replace(one_town, outcomes=[replace(SPENDING, **changed)]))
        with pytest.raises(OutcomeError, match=said):
            getattr(run, table)


def test_outcomes_cannot_be_changed() -> None:
    with pytest.raises(AttributeError, match="cannot be changed"):
        OUTCOMES.own = (SPENDING,)
    with pytest.raises(TypeError):
        OUTCOMES["spending"] = SPENDING
    with pytest.raises(OutcomeError, match="spendin is not an outcome"):
        OUTCOMES["spendin"]


def test_a_goal_is_of_an_outcome_that_there_is(one_town: vs.Scenario) -> None:
    goal = Goal(outcome="spending", at="2022-12", at_least=1.0, source="made up")
    with pytest.raises(OutcomeError, match=r"\[\[goal\]\] 1: spending is not an outcome"):
        replace(one_town, goals=(goal,))
    assert replace(one_town, goals=(goal,), outcomes=[SPENDING]).goals == (goal,)

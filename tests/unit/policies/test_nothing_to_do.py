"""Policies that reach nobody cost nothing and change nothing; names and payments that must not clash."""

from dataclasses import MISSING, fields, replace
from datetime import date

import pandas as pd
import pytest

import villagesim as vs
from villagesim.policies import KINDS, AccountFreeze, Condition, FirstSecretary
from villagesim.targets import Target
from villagesim.timetable import Budget

NOBODY = Target(rule="just_below", level=1.0)
START = date(2021, 1, 1)
NEEDED = {"coverage": 0.5, "form": "chain"}


def policy_of(kind, **settings):
    """A policy of this kind, with a few of whatever it needs."""
    policy = KINDS[kind]
    needed = {f.name for f in fields(policy) if f.default is MISSING and f.default_factory is MISSING} - {"start"}
    return policy(start=START, **{name: NEEDED.get(name, 5) for name in needed}, **settings)


@pytest.mark.parametrize("kind", KINDS)
def test_a_policy_that_reaches_nobody_is_not_paid_and_changes_nothing(one_town, kind):
    rich = replace(one_town, budget=Budget(1e8, 2021))
    found, base = (vs.simulate(rich, policies) for policies in ([policy_of(kind, target=NOBODY)], []))
    assert found.payments.empty
    assert found.never_acted == (kind,)
    pd.testing.assert_frame_equal(found.county, base.county, check_exact=True)


def test_a_label_that_the_model_uses_itself_is_refused(one_town):
    policy = FirstSecretary(start=START, label="leaders of alliances")
    with pytest.raises(vs.VillagesimError, match="'leaders of alliances' is a name of the model itself"):
        vs.simulate(one_town, [policy])


@pytest.mark.parametrize(("start", "acts"), [("2021-04-01", True), ("2021-05-01", False)])
def test_a_freeze_comes_too_late_by_the_day_it_really_starts(one_town, start, acts):
    """On the day of the announcement it does, a month later it does not; one whose condition holds from the start does."""
    waiting = AccountFreeze(start=START, when=Condition(outcome="trust", at_least=0.0))
    dated = AccountFreeze(start=start)
    debts = [vs.simulate(one_town, policies).county["debt"].iloc[-1] for policies in ([], [dated], [waiting])]
    assert bool(debts[1] < debts[0]) == acts
    assert debts[2] < debts[0]


def test_a_freeze_that_waited_too_long_stops_nothing(one_town):
    """Its condition holds only after the announcement."""
    one_town = one_town.with_parameters(income_growth=0.06, one_off_rate=0.05, one_off_sd=0.5, income_county_sd=0.01)
    first = vs.simulate(one_town, []).county["collective_income"]
    level = float(first.iloc[3:5].mean())  # crossed between the announcement and the decree
    assert first.iloc[2] < level
    late = AccountFreeze(start=START, when=Condition(outcome="collective_income", at_least=level))
    run = vs.simulate(one_town, [late])
    assert run.never_acted == ("account_freeze",)
    started = run.events[run.events["kind"] == "policy_started"]["date"].iloc[0]
    assert pd.Timestamp("2021-04-01") < pd.Timestamp(started) < pd.Timestamp("2021-07-01")
    assert run.county["debt"].iloc[-1] == vs.simulate(one_town, []).county["debt"].iloc[-1]


@pytest.mark.parametrize(("line", "acts"), [(10.0, False), (500_000.0, True)])
def test_a_list_with_nobody_below_its_line_never_acted(one_town, line, acts):
    """As where the line was written in ten thousand yuan."""
    run = vs.simulate(one_town, [vs.policies.WeakVillageList(start=START, lines=(line,))])
    assert run.never_acted == (() if acts else ("weak_village_list",))

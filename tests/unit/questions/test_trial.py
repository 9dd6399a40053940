"""Controlled trials: direct effect, spill-over, and what a trial would see."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import pytest

import villagesim as vs
from villagesim.errors import VillagesimError
from villagesim.policies import Policy
from villagesim.policies.policy import ActivePolicy
from villagesim.questions.answer import open_results
from villagesim.questions.trial import Trial
from villagesim.targets import Target


@dataclass(frozen=True, kw_only=True)
class Gift(Policy):
    """Trust for those it reaches, and half as much for all others: a spill-over of known size."""

    deposits = ("members.trust_shock",)
    for_others: float = 0.0

    def act(self, active: ActivePolicy, month: Any, paid_share: float) -> None:
        """Deposit it once."""
        if active.months == 1:
            world = active.world
            world.members.trust_shock += active.rows * 0.5 + ~active.rows * 0.5 * self.for_others


def measured(scenario: vs.Scenario, **changes: Any) -> Any:
    """Mean effects of the gift on trust."""
    question = Trial(**({"strategy": "gift", "outcome": "trust", "at": "2022-03"} | changes))
    return question.ask(scenario, workers=1).tables["trial"].set_index("effect")["mean"]


def with_gift(scenario: vs.Scenario, **settings: float) -> vs.Scenario:
    """The scenario with the gift for 30 villages by lot."""
    gift = Gift(start="2022-03-01", target=Target(rule="random", n=30), **settings)
    strategies: Mapping[str, Any] = {**scenario.strategies, "gift": (gift,)}
    return replace(scenario, strategies=strategies)


def test_without_spill_over_there_is_none(one_town: vs.Scenario) -> None:
    """A deposit of .5 logit points is .12 in trust, on those reached only; the month after nothing has spread."""
    effects = measured(with_gift(one_town), replications=3)
    assert effects["direct"] == pytest.approx(0.12, abs=0.01)
    assert effects["spill-over"] == 0.0


def test_the_headline_says_what_it_is_over_and_that_nothing_seen_is_no_certainty(one_town: vs.Scenario) -> None:
    """Income does not move with trust within the month, in no replication; and it has no bounds to say how far they might."""
    question = Trial(strategy="gift", outcome="income_per_member", at="2022-03", replications=2)
    said = question.ask(with_gift(one_town), workers=1).headline
    assert "; means over 2 replications, 95%]: direct 0 (in all 2); spill-over 0 (in all 2);" in said


def test_a_spill_over_is_seen_and_hides_from_the_trial(one_town: vs.Scenario) -> None:
    """Others get half: a trial sees the difference between groups, which is about half of the direct effect."""
    scenario = with_gift(one_town, for_others=0.5)
    effects = measured(scenario, replications=8)
    assert effects["spill-over"] == pytest.approx(effects["direct"] / 2, rel=0.1)
    assert effects["as a trial would measure it"] < 0.75 * effects["direct"]


def test_the_past_makes_a_trial_surer(one_town: vs.Scenario, tmp_path: Any) -> None:
    """Trust hardly changes in a month: adjusted for it, one trial sees the same effect with a fraction of the villages."""
    question = Trial(strategy="gift", outcome="trust", at="2022-03", replications=4)
    answer = question.ask(with_gift(one_town), workers=1)
    effects, power = answer.tables["trial"].set_index("effect"), answer.tables["power"].set_index("estimator")
    assert effects.loc["adjusted for the figure before", "mean"] == pytest.approx(
        effects.loc["direct", "mean"], rel=0.1
    )
    by_replication = answer.tables["by_replication"]
    raw, adjusted = by_replication["as a trial would measure it"], by_replication["adjusted for the figure before"]
    assert adjusted.std() < 0.5 * raw.std()
    assert power.loc["adjusted", "half_width"] < 0.5 * power.loc["raw", "half_width"]
    assert power.loc["adjusted", "villages_needed"] < 0.25 * power.loc["raw", "villages_needed"]
    assert power.loc["adjusted", "villages"] == power.loc["raw", "villages"] == 73
    assert (power["margin"] == 0.02).all()
    assert power.loc["raw", "villages_needed"] > 73
    needed = f"{power.loc['adjusted', 'villages_needed']:,.0f} villages (adjusted); there were 73"
    assert f"takes more villages than the county has (raw), {needed}" in answer.headline
    again = open_results(answer.save(tmp_path / "out"))
    pd.testing.assert_frame_equal(again.tables["power"].set_index("estimator"), power)
    labels = [text.get_text() for text in again.figure().axes[0].get_yticklabels()]
    assert labels[-1].replace("\n", " ") == "adjusted for the figure before"


def test_on_the_first_day_there_is_no_figure_before(one_town: vs.Scenario) -> None:
    """Nothing to adjust for is no number, not the raw one."""
    gift = Gift(start="2021-01-01", target=Target(rule="random", n=30))
    scenario = replace(one_town, strategies={**one_town.strategies, "gift": (gift,)})
    answer = Trial(strategy="gift", outcome="trust", at="2021-02", replications=2).ask(scenario, workers=1)
    effects = answer.tables["trial"].set_index("effect")["mean"]
    assert math.isnan(effects["adjusted for the figure before"])
    assert not math.isnan(effects["as a trial would measure it"])
    assert "(raw)" in answer.headline
    assert "(adjusted)" not in answer.headline


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"strategy": "both"}, "has no policy with the target rule 'random'"),
        ({"outcome": "gini_income"}, "gini_income is not known by village"),
        ({"at": "2031-01"}, "not a month of the run"),
        ({"replications": 1}, "at least 2"),
    ],
)
def test_mistakes(one_town: vs.Scenario, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(VillagesimError, match=message):
        measured(with_gift(one_town), **({"replications": 2} | changes))

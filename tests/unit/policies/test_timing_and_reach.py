"""When a policy starts and ends, whom it reaches month by month, and who is paid first."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from checks import simulate

import villagesim as vs
from villagesim.dates import Month
from villagesim.errors import PolicyError, VillagesimError
from villagesim.policies import Condition, Policy
from villagesim.policies.policy import ActivePolicy
from villagesim.targets import Target
from villagesim.timetable import Budget


@dataclass(frozen=True, kw_only=True)
class Watch(Policy):
    """Notes whom it reaches; asks for money if it is told to."""

    asks: float = 0.0

    def claim(self, active: ActivePolicy, month: Month) -> float:
        """Ask for the same each month."""
        return self.asks

    def act(self, active: ActivePolicy, month: Month, paid_share: float) -> None:
        """Note how many villages are reached."""
        world = active.world
        world.log("reached", n=int((active.rows & world.is_village).sum()), rows=np.flatnonzero(active.rows).tolist())


def reached(run: vs.Run) -> dict[int, dict[str, object]]:
    """What the policy noted, by month since the start of the run (about)."""
    return {round(day / 30.4): facts for day, kind, _, facts in run.world.events if kind == "reached"}


def test_phasing_in_reaches_as_many_more_each_month(one_town: vs.Scenario) -> None:
    """73 villages in four months: 18, 36, 54, 73, nobody dropped."""
    run = simulate(one_town, [Watch(start="2022-03-01", phase_in=4)])
    facts = list(reached(run).values())
    assert [f["n"] for f in facts[:5]] == [18, 36, 54, 73, 73]
    for before, after in pairwise(facts):
        assert set(before["rows"]) <= set(after["rows"])  # type: ignore[call-overload]


def test_phasing_in_goes_on_through_the_decree(one_town: vs.Scenario) -> None:
    """Villages that a reached constituent joins are reached."""
    run = simulate(one_town, [Watch(start="2021-05-01", phase_in=4)])
    facts = list(reached(run).values())
    assert facts[0]["n"] == 117 // 4
    assert facts[2]["n"] == 73 * 3 // 4
    assert facts[3]["n"] == 73


def test_a_condition_starts_a_policy_once(one_town: vs.Scenario) -> None:
    """Real integration passes .2 in some month after the decree, and the policy runs from the first after it."""
    condition = Condition(outcome="real_integration", at_least=0.2)
    run = simulate(one_town, [Watch(start="2021-02-01", when=condition)])
    month = int(np.argmax(run.outcomes["real_integration"] >= 0.2))  # index 0 is the state at the start
    assert 6 < month < 36
    assert min(reached(run)) == month
    assert len(reached(run)) == 36 - month
    assert [kind for _, kind, _, _ in run.world.events].count("policy_started") == 1


def test_a_condition_that_never_holds_leaves_the_baseline(one_town: vs.Scenario) -> None:
    """Bit for bit."""
    never = Condition(outcome="trust", at_least=1.0)
    idle = simulate(one_town, [vs.policies.BothPosts(start="2021-02-01", when=never)])
    for name, values in simulate(one_town).outcomes.items():
        np.testing.assert_array_equal(idle.outcomes[name], values, err_msg=name)


def test_a_condition_ends_a_policy_for_good(one_town: vs.Scenario) -> None:
    """It acts up to the month in which the level was reached, and is not taken up again."""
    until = Condition(outcome="real_integration", at_least=0.2)
    run = simulate(one_town, [Watch(start="2021-02-01", until=until)])
    month = int(np.argmax(run.outcomes["real_integration"] >= 0.2))
    assert max(reached(run)) == month - 1


def test_a_condition_that_is_not_defined_yet_does_not_hold(one_town: vs.Scenario) -> None:
    """Before the decree there are no merged villages: neither below nor above. On its day there are, and all apart."""
    below = Condition(outcome="real_integration", below=0.9)
    assert min(reached(simulate(one_town, [Watch(start="2021-02-01", when=below)]))) == 6


@pytest.mark.parametrize("levels", [{}, {"at_least": 1.0, "below": 2.0}])
def test_a_condition_needs_one_level(levels: dict[str, float]) -> None:
    with pytest.raises(VillagesimError, match=r"needs one level. Give at_least = \.\.\., or below"):
        Condition(outcome="trust", **levels)


def test_a_condition_on_nothing_known_is_refused(one_town: vs.Scenario) -> None:
    watch = Watch(start="2021-02-01", when=Condition(outcome="trusst", below=1.0))
    with pytest.raises(VillagesimError, match=r"policy 1 .* trusst is not an outcome"):
        simulate(one_town, [watch])


def test_a_lot_picks_n_villages_others_in_each_replication(one_town: vs.Scenario) -> None:
    """And others for a second policy."""
    runs = [simulate(one_town, [Watch(start="2022-03-01", target=Target(rule="random", n=20))], 1, r) for r in (0, 1)]
    first, second = (next(iter(reached(run).values())) for run in runs)
    assert first["n"] == second["n"] == 20
    assert first["rows"] != second["rows"]
    both = [Watch(start="2022-03-01", target=Target(rule="random", n=20), label=label) for label in "ab"]
    world = simulate(one_town, both).world
    assert (world.picked["a"] != world.picked["b"]).any()


def test_just_below_a_level(town_run: Callable[[str], vs.Run]) -> None:
    """At the level is not below it; the edge of the band belongs to it."""
    world = town_run("both").world
    values = world.observed("collective_income")
    level = float(np.sort(values[world.is_village])[40])
    rows = Target(rule="just_below", outcome="collective_income", level=level, within=0.2).rows(world)
    picked = values[np.flatnonzero(rows & world.is_village)]
    assert len(picked)
    assert (picked < level).all()
    assert (picked >= 0.8 * level).all()
    villages = values[world.is_village]
    assert len(picked) == int(((villages < level) & (villages >= 0.8 * level)).sum())


@pytest.mark.parametrize(
    ("wrong", "said"), [({"rule": "just_below"}, "needs a level"), ({"rule": "all", "level": 5.0}, "takes no level")]
)
def test_a_level_goes_with_its_rule(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(PolicyError, match=said):
        Target(**wrong)  # type: ignore[arg-type]


def test_who_is_first_is_paid_first(one_town: vs.Scenario) -> None:
    """A fund of 100,000: the first gets all of its 60,000, the others share the rest by what they ask."""
    scenario = replace(one_town, budget=Budget(100_000.0, 2022, first=("c",)))
    asks = {"a": 30_000.0, "b": 90_000.0, "c": 60_000.0}
    policies = [Watch(start="2022-01-01", end="2022-02-01", label=label, asks=asked) for label, asked in asks.items()]
    paid = simulate(scenario, policies).payments.set_index("policy")["paid"]
    assert paid.to_dict() == {"a": 10_000.0, "b": 30_000.0, "c": 60_000.0}


def test_money_of_single_years_comes_on_top_of_the_yearly_sum(one_town: vs.Scenario) -> None:
    """What is left of each 1 January goes to who asks for all there is: 7 in 2021, 5 + 2 in 2022, 5 in 2023."""
    scenario = replace(one_town, budget=Budget(5.0, 2022, also={2021: 7.0, 2022: 2.0}))
    payments = simulate(scenario, [Watch(start="2021-01-01", asks=1e6)]).payments
    paid = payments.groupby(payments["month"].str[:4])["paid"].sum()
    assert paid.to_dict() == {"2021": 7.0, "2022": 7.0, "2023": 5.0}


def test_a_strategy_takes_over_the_policies_of_others(one_town: vs.Scenario, tmp_path: Path) -> None:
    """Its own count before those of others, the first of several before the rest; one may be left out."""
    text = (
        Path(one_town.source).read_text(encoding="utf-8")
        + """
[[strategy]]
name = "more"
includes = ["five integrations"]
[[strategy.policy]]
kind = "five_integrations"
start = 2022-06-01
facilitators = 9
[[strategy.policy]]
kind = "clean_up"
start = 2022-03-01
officers = 2

[[strategy]]
name = "all"
includes = ["more", "both"]
without = ["clean_up"]

[[strategy]]
name = "by two ways"
includes = ["more", "all", "more"]
"""
    )
    (tmp_path / "town.toml").write_text(text, encoding="utf-8")
    own = vs.load_scenario(tmp_path / "town.toml").strategies
    assert [repr(policy) for policy in own["more"]] == [
        "FiveIntegrations(start='2022-06-01', facilitators=9)", "CleanUp(start='2022-03-01', officers=2)",
    ]  # fmt: skip
    assert [*own["all"]] == [own["more"][0], own["land trust"][0]]
    assert [*own["by two ways"]] == [*own["more"], own["land trust"][0]]

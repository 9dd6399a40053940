"""Parts that add up, arithmetic that is an identity, and policies whose effects are known."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from unit.questions.made_sweeps import sweep_of
from unit.runs.faulty_policies import ROOT, Trouble, small_scenario

import villagesim as vs
from villagesim.errors import DesignError
from villagesim.questions.attribution import Attribution
from villagesim.questions.question import Runs
from villagesim.randomness import Draws
from villagesim.statistics.differences import difference_interval
from villagesim.wording import effect, signed

pytestmark = pytest.mark.usefixtures("figures_are_blank")


@pytest.fixture(scope="module")
def town():
    return vs.load_scenario(ROOT / "scenarios" / "one_town.toml")


@pytest.fixture(scope="module")
def answer(town):
    return Attribution(strategy="both", replications=4).ask(town, workers=1)


def steps(answer):
    return answer.tables["attribute"].set_index("step")


def test_the_parts_add_up(answer):
    table = steps(answer)["value"]
    parts = ["arithmetic", "trend", "merger", "five_integrations", "land_trust"]
    assert list(table.index) == ["start", *parts, "end", "change"]
    assert table["start"] + table[parts].sum() == pytest.approx(table["end"], rel=1e-12)
    assert table[parts].sum() == pytest.approx(table["change"], rel=1e-12)


def test_arithmetic_is_an_identity_without_any_chance(answer):
    """The same money over 73 villages instead of 117."""
    row = steps(answer).loc["arithmetic"]
    assert row["value"] == pytest.approx(500_000 * (117 / 73 - 1), rel=1e-6)
    assert np.isnan([row["low"], row["high"]]).all()
    assert f"arithmetic {signed(row['value'])}, trend +" in answer.headline
    assert ". Intervals: 95% of the mean, luck of one map and central parameters alone." in answer.headline


def test_the_end_and_the_merger_are_those_of_single_runs(town, answer):
    ends = [vs.simulate(town, "both", 1, r).county["collective_income"].iloc[-1] for r in range(4)]
    assert steps(answer).loc["end", "value"] == pytest.approx(np.mean(ends), rel=1e-12)
    pairs = [
        [
            vs.simulate(town, s, 1, r).county["collective_income"].iloc[-1]
            for s in ("nothing but the merger", "no merger")
        ]
        for r in range(4)
    ]
    merger = np.mean([own - without * 117 / 73 for own, without in pairs])
    assert steps(answer).loc["merger", "value"] == pytest.approx(merger, abs=1e-6)


def test_each_policy_gets_its_own(town, answer):
    """Land trusts bring income, the programme brings integration, as each of them does alone."""
    assert steps(answer).loc["land_trust", "low"] > 1000 > abs(steps(answer).loc["five_integrations", "value"])
    found = steps(Attribution(strategy="both", outcome="real_integration", replications=2).ask(town, workers=1))
    assert found.loc["five_integrations", "value"] > 0.1 > abs(found.loc["land_trust", "value"])


def test_interactions_are_what_is_lost_less_the_share(answer):
    table = answer.tables["together"].set_index("policy")
    np.testing.assert_allclose(table["interaction"], table["left_out"] - table["shapley"], atol=1e-9)
    assert table["shapley"].iloc[:-1].sum() == pytest.approx(table.loc["all together", "shapley"], rel=1e-9)
    assert (table["order_error"] == 0).all()


def test_a_policy_without_money_gets_nothing(town):
    """Its runs are the baseline bit for bit: equal in three of three, so they differ in 1 - 0.05 ** (1 / 3) at most."""
    poor = replace(town, budget=replace(town.budget, yearly=0.0))
    found = Attribution(strategy="five integrations", outcome="real_integration", replications=3).ask(poor, workers=1)
    row = steps(found).loc["five_integrations"]
    assert row[["value", "low", "high"]].tolist() == pytest.approx([0, -0.6316, 0.6316], abs=5e-5)


def test_a_share_of_villages_has_the_mechanical_share_as_its_arithmetic(town):
    found = Attribution(strategy="land trust", outcome="share_above_500k", replications=3).ask(town, workers=1)
    table = steps(found)
    assert table["value"].iloc[:-2].sum() == pytest.approx(table.loc["end", "value"], abs=1e-12)
    jumps = []
    for r in range(3):
        county = vs.simulate(town, "no merger", 1, r).county.set_index("month")["mechanical_share_above_500k"]
        jumps.append(county["2021-07"] - county["2021-06"])
    assert table.loc["arithmetic", "value"] == pytest.approx(np.mean(jumps), abs=1e-12)


@pytest.mark.parametrize("outcome", ["collective_income", "share_above_500k"])
def test_before_the_decree_nothing_is_arithmetic(town, outcome):
    """As many villages as on the first day: the trend is what the world without merger does, the merger what is done early."""
    found = Attribution(strategy="land trust", outcome=outcome, at="2021-06", replications=3).ask(town, workers=1)
    table = steps(found)
    assert table.loc["arithmetic", "value"] == 0
    if outcome == "collective_income":  # the policy has not begun, and nothing bounds what it might do
        assert "arithmetic 0, trend " in found.headline
        assert "land_trust 0 (differs in 0 of 3). Intervals: 95%" in found.headline
    runs = [vs.simulate(town, "no merger", 1, r) for r in range(3)]
    trend = [run.county.set_index("month").loc["2021-06", outcome] - run.start[outcome] for run in runs]
    assert table.loc["trend", "value"] == pytest.approx(np.mean(trend), rel=1e-9, abs=1e-12)
    assert abs(table.loc["merger", "value"]) < 0.01 * max(table.loc["start", "value"], 0.1)
    at_the_end = Attribution(strategy="land trust", outcome=outcome, at="2021-07", replications=2).ask(town, workers=1)
    assert steps(at_the_end).loc["arithmetic", "value"] > 0.1 * table.loc["start", "value"]


def test_a_figure_per_resident_has_no_arithmetic(town):
    found = Attribution(strategy="land trust", outcome="income_per_resident", replications=3).ask(town, workers=1)
    assert steps(found).loc["arithmetic", "value"] == 0


def test_intervals_are_those_of_paired_differences(town):
    """One policy alone: its value is its difference to the baseline."""
    found = Attribution(strategy="land trust", outcome="income_per_resident", at="2022-12", replications=12)
    row = steps(found.ask(town, workers=1)).loc["land_trust"]
    own, base = (
        [vs.simulate(town, s, 1, r).county.set_index("month").loc["2022-12", "income_per_resident"] for r in range(12)]
        for s in ("land trust", "nothing but the merger")
    )
    one = difference_interval(np.subtract(own, base))
    assert row[["value", "low", "high"]].tolist() == pytest.approx([one.mean, one.low, one.high], rel=1e-9)


class ByHand(Runs):
    """Runs in which trust follows from the set of policies; every replication has its luck, nearly the same for all sets."""

    worth, noise = staticmethod(lambda one: 0.0), 0.0

    def sweep(self, name, design, *, scenario, replications, outcomes, at):
        luck = self.noise * Draws(self.seed, "attribute").normal("trust", np.arange(replications))
        numbers = {s: int(s.removeprefix("set ")) if s.startswith("set ") else 0 for s in scenario.strategies}
        own = {s: 1e-7 * Draws(n, "own").normal("trust", np.arange(replications)) for s, n in numbers.items()}
        values = {s: self.worth(number) + (luck + own[s])[np.newaxis] for s, number in numbers.items()}
        return sweep_of(scenario, design, {"trust": values}, month=at[0], seed=self.seed)


def attributed(worth, n_policies, *, seed=1, noise=0.0, **how):
    """Answer of a question about so many policies whose sets have a known worth."""
    policies = tuple(Trouble(start="2022-01-01", label=f"p{k}") for k in range(n_policies))
    small = replace(small_scenario(), margins={"trust": 0.02})
    small = replace(small, strategies=dict(small.strategies) | {"trouble": policies})
    runs = type("Planted", (ByHand,), {"worth": staticmethod(worth), "noise": noise})(small, seed)
    return Attribution(strategy="trouble", outcome="trust", **how).answer(runs)


def cube(one):
    """Of seven policies: each needs the others."""
    return sum(k + 1 for k in range(7) if one >> k & 1) ** 3 / 28**3


def test_intervals_know_that_orders_were_drawn():
    """Seven policies without any luck, five pairs of orders: the intervals hold what all orders would give.

    Forty questions; if the seven of one question were right or wrong together, the share that is right would have a standard
    error of 0.034 around 0.95: false alarm 4e-5.
    """
    exact = [
        np.mean([cube(sum(1 << j for j in order[: order.index(k) + 1])) - cube(sum(1 << j for j in order[: order.index(k)]))
                 for order in permutations(range(7))])
        for k in range(7)
    ]  # fmt: skip
    held, left = [], []
    for seed in range(40):
        answer = attributed(cube, 7, seed=seed, replications=2, pairs=5)
        row, together = steps(answer).iloc[-9:-2], answer.tables["together"].iloc[:-1]
        np.testing.assert_array_equal(row[["low", "high"]], together[["shapley_low", "shapley_high"]])
        held += list((row["low"].to_numpy() <= exact) & (exact <= row["high"].to_numpy()))
        apart = together["left_out"].to_numpy() - exact
        left += list((together["interaction_low"] <= apart) & (apart <= together["interaction_high"]))
    for share in (np.mean(held), np.mean(left)):
        assert abs(share - 0.95) < 4 * 0.034


def test_orders_and_luck_are_added_in_quadrature():
    """By hand, from the table: Student's quantile of four pairs, and luck that all sets share drops out."""
    from scipy.stats import t

    row = attributed(cube, 7, replications=3, pairs=5, noise=0.1).tables["together"].iloc[2]
    assert row["order_error"] > 0
    assert row["shapley_high"] - row["shapley"] == pytest.approx(t.ppf(0.975, 4) * row["order_error"], rel=1e-5)


@pytest.mark.parametrize(
    ("together", "said"),
    [
        (0.1, "p0 needs the others (+0.2 joining last, +0.15 on average)"),
        (-0.08, "p1 does the work of the others (+0.02 joining last, +0.06 on average)"),
        (1e-6, "No policy surely acts on the others by as much as matters (0.02)"),
        (0.03, "No policy surely acts on the others by as much as matters (0.02)"),
    ],
)
def test_policies_act_on_each_other_where_it_matters(together, said):
    """Half of what two add together beyond their sum is their interaction; 0.02 is what matters."""
    worth = {0: 0.3, 1: 0.4, 2: 0.4, 3: 0.5 + together}
    assert said in attributed(worth.__getitem__, 2, replications=4, noise=0.05).headline


@pytest.mark.parametrize(("sign", "word"), [(1, "needs the others"), (-1, "needs the others")])
def test_what_is_stronger_beside_the_others_needs_them_whichever_way_it_acts(sign, word):
    worth = {0: 0.5, 1: 0.5 + sign * 0.1, 2: 0.5 + sign * 0.1, 3: 0.5 + sign * 0.3}
    assert word in attributed(worth.__getitem__, 2, replications=3).headline


def test_the_whole_change_has_its_interval(answer):
    """The first day has no luck, so it is as wide as the end's."""
    table = steps(answer)
    change, end, start = table.loc["change"], table.loc["end"], table.loc["start", "value"]
    for key in ("value", "band_low", "band_high"):
        assert change[key] == pytest.approx(end[key] - start, rel=1e-9)
    for key in ("low", "high"):  # a difference may reach further on one side
        assert abs(change[key] - change["value"]) >= abs(end[key] - end["value"]) * (1 - 1e-9)
    assert change["low"] < change["value"] < change["high"]
    said = effect(change)
    assert f"changes by {said} yuan" in answer.headline
    figure = answer.figure()
    assert said in " ".join(figure.get_suptitle().split())
    assert said.split()[0] in figure.axes[0].get_title(loc="left")


def test_an_outcome_that_is_not_defined_is_refused():
    """Nothing is integrated before anything is merged."""
    question = Attribution(strategy="trouble", outcome="real_integration", at="2021-03", replications=2)
    with pytest.raises(DesignError, match=r"'real_integration' is defined .* in 0 of 2 replications"):
        question.ask(small_scenario(), workers=1)


def test_what_has_no_history_has_no_trend(one_town):
    """Petitions are counted from the first day on: the parts begin at the world without merger."""
    answer = Attribution(strategy="land trust", outcome="petitions", replications=2).ask(one_town, workers=1)
    table = answer.tables["attribute"]
    assert table["step"].tolist()[:2] == ["no merger", "merger"]
    assert "trend" not in answer.headline
    parts = table[~table["kind"].isin(["level", "change"])]["value"].sum()
    assert table["value"].iloc[0] + parts == pytest.approx(table.set_index("step").loc["end", "value"])

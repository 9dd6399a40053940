"""Parts that add up, arithmetic that is an identity, and policies whose effects are known."""

from dataclasses import replace
from datetime import date
from itertools import permutations

import numpy as np
import pytest
from unit.questions.made_sweeps import sweep_of
from unit.runs.faulty_policies import Trouble, small_scenario

import villagesim as vs
from villagesim.errors import DesignError
from villagesim.questions import decomposition
from villagesim.questions.attribution import Attribution
from villagesim.questions.question import Runs
from villagesim.randomness import Draws
from villagesim.statistics.differences import difference_interval
from villagesim.wording import effect, signed

ENDS = ["value", "low", "high"]

ROADS = ["outside trend", "own investment less wear", "rents lost and found", "offices freed"]
WITHOUT_POLICY = ["arithmetic", "all else", "merger otherwise", *ROADS]
pytestmark = pytest.mark.usefixtures("figures_are_blank")


@pytest.fixture(scope="module")
def town():
    """One township of 35 villages, over a year and a half."""
    small = small_scenario()
    programme = vs.policies.FiveIntegrations(start="2021-08-01", facilitators=4)
    campaign = vs.policies.CleanUp(start="2021-08-01", officers=3)
    own = {"five integrations": (programme,), "clean-up": (campaign,), "both": (programme, campaign)}
    timetable = replace(small.timetable, stop=date(2022, 7, 1))
    budget = replace(small.budget, since=2021)
    return replace(small, timetable=timetable, budget=budget, strategies=dict(small.strategies) | own)


@pytest.fixture(scope="module")
def answer(town):
    return Attribution(strategy="both", replications=2, over=()).ask(town, workers=1)


@pytest.fixture(scope="module")
def listed(town):
    """A list of weak villages and top-ups, at all ends."""
    policies = (
        vs.policies.WeakVillageList(start="2021-08-01", lines=(500_000.0,), pressure=1.0),
        vs.policies.TopUp(start="2021-09-01", margin=300_000.0),
    )
    question = Attribution(strategy={"listed": policies}, outcome="reported_collective_income", replications=2)
    return question.ask(town, workers=1)


def steps(answer, table="attribute"):
    return answer.tables[table].set_index("step")


def test_the_parts_add_up(answer):
    table = steps(answer)["value"]
    parts = [*WITHOUT_POLICY, "five_integrations", "clean_up"]
    assert list(table.index) == ["start", *parts, "end", "change"]
    assert table["start"] + table[parts].sum() == pytest.approx(table["end"], rel=1e-12)
    assert table[parts].sum() == pytest.approx(table["change"], rel=1e-12)


def test_the_parts_add_up_at_every_end_and_in_every_reading(listed):
    """To a billionth of the whole; and the readings of a step add up to the step."""
    ends = listed.tables["ends"]
    assert list(dict.fromkeys(ends["end"])) == [
        "as it is",
        "growth, low",
        "growth, high",
        "booking, low",
        "booking, high",
    ]
    layers = listed.tables["readings"].rename(columns={"reading": "end"})
    for table in (ends, layers):
        for _, rows in table.groupby("end"):
            parts = rows[~rows["kind"].isin(["level", "change"])]["value"].sum()
            assert parts == pytest.approx(rows[rows["kind"] == "change"]["value"].item(), abs=1e-9 * 1e6)
    whole, central = steps(listed)["value"], ends[ends["end"] == "as it is"].set_index("step")["value"]
    np.testing.assert_allclose(layers.groupby("step", sort=False)["value"].sum()[whole.index], whole, atol=1e-9 * 1e6)
    np.testing.assert_array_equal(central, whole)


def test_what_is_not_known_is_told_beside_what_is_taken(listed):
    """Growth of nothing leaves no trend; what is booked hangs on four parameters that no figure tells apart."""
    table, ends = steps(listed), listed.tables["ends"].set_index(["end", "step"])["value"]
    for step, row in table.iterrows():
        found = ends.xs(step, level="step")
        assert row[["over_low", "value", "over_high"]].is_monotonic_increasing
        assert row[["over_low", "over_high"]].tolist() == [found.min(), found.max()]
    assert (
        ends["growth, low", "outside trend"]
        == 0
        < ends["as it is", "outside trend"]
        < ends["growth, high", "outside trend"]
    )
    assert ends["booking, low", "weak_village_list"] < ends["booking, high", "weak_village_list"]
    assert f"outside trend {effect(table.loc['outside trend', ENDS].astype(float) / 1e3)} [0 to +" in listed.headline
    assert "In square brackets: over the whole range of growth, booking, where it changes anything." in listed.headline


def test_what_is_booked_is_told_from_what_is_there(listed):
    """The list books and earns nothing; top-ups are real and one-off; nothing without policy is booked."""
    table = listed.tables["readings"].set_index(["step", "reading"])["value"].unstack()
    assert list(listed.tables["readings"]["reading"][:3]) == ["recurrent", "one-off", "prices"]
    assert table.loc["weak_village_list", "booked"] > 1_000
    assert table.loc["weak_village_list", "recurrent"] == 0 < table.loc["top_up", "one-off"]
    assert (table.loc[[*WITHOUT_POLICY, "prices"], "booked"] == 0).all()
    assert table.loc["prices", "prices"] > 1_000
    assert table.loc["prices", ["recurrent", "one-off"]].tolist() == [0, 0]
    said = listed.headline.partition("booked by policy: ")[2]
    assert said.startswith("weak village list +")


@pytest.mark.parametrize(
    ("closed", "road"),
    [({"income_growth": 0.0}, "outside trend"), ({"not_handed_over": 0.0}, "rents lost and found")],
)
def test_a_closed_road_leads_nowhere(town, answer, closed, road):
    assert abs(steps(answer).loc[road, "value"]) > 100
    question = Attribution(strategy="both", replications=2, over=(), apart=False, at="2021-08")
    found = steps(question.ask(town.with_parameters(**closed), workers=1))
    assert found.loc[road, ["value", "band_low", "band_high"]].tolist() == [0, 0, 0]
    assert (found.loc[[other for other in ROADS[:3] if other != road], "value"].abs() > 0.1).all()


def test_policies_that_are_not_told_apart_are_one_part(town):
    question = Attribution(strategy="both", outcome="trust", at="2021-08", replications=2, apart=False)
    found = question.ask(town, workers=1).tables["attribute"]
    assert found[found["kind"] == "policy"]["step"].tolist() == ["both"]


def test_twins_get_the_same_and_what_does_nothing_gets_nothing():
    """Whatever the worth of three is together: two of them can be exchanged, the third changes nothing."""
    worth = {0: 0.3, 1: 0.37, 2: 0.37, 3: 0.58}
    found = steps(attributed(lambda one: worth[one & 3], 3, replications=3))["value"]
    assert found["p0"] == pytest.approx(found["p1"], abs=1e-6)  # each set has a luck of 1e-7
    assert found["p0"] + found["p1"] == pytest.approx(0.28, abs=1e-6)
    assert found["p2"] == pytest.approx(0, abs=1e-6)


def test_a_sum_over_the_wrong_sets_would_be_noticed(town, monkeypatch):
    """Planted: the worlds with open roads stand in another order, so that the parts are not those of the whole."""
    right = decomposition.worlds

    def wrong(*how):
        points, places = right(*how)
        return points, {name: own[::-1] for name, own in places.items()}

    monkeypatch.setattr(decomposition, "worlds", wrong)
    question = Attribution(strategy="both", replications=2, over=(), apart=False)
    table = question.ask(town, workers=1).tables["attribute"]
    parts = table[~table["kind"].isin(["level", "change"])]["value"].sum()
    assert parts != pytest.approx(table[table["kind"] == "change"]["value"].item(), abs=1)


def test_a_switch_that_there_is_not_is_refused(town):
    with pytest.raises(DesignError, match=r"over: 'grow' is no switch. Did you mean 'growth'"):
        Attribution(strategy="both", over="grow").ask(town, workers=1)


def test_arithmetic_is_an_identity_without_any_chance(answer):
    """The same money over 20 villages instead of 35."""
    row = steps(answer).loc["arithmetic"]
    assert row["value"] == pytest.approx(500_000 * (35 / 20 - 1), rel=1e-6)
    assert np.isnan([row["low"], row["high"]]).all()
    assert f"arithmetic {signed(row['value'] / 1e3)}, all else " in answer.headline
    assert ". Intervals: 95% of the mean, luck of 2 drawn maps and central parameters alone." in answer.headline


def test_the_end_and_the_merger_are_those_of_single_runs(town, answer):
    ends = [vs.simulate(town, "both", 1, r).county["collective_income"].iloc[-1] for r in range(2)]
    assert steps(answer).loc["end", "value"] == pytest.approx(np.mean(ends), rel=1e-12)
    closed = decomposition.with_roads_that_close(town).with_parameters(
        income_growth=0, reinvested_share=0, asset_wear=0, not_handed_over=0, office_yield=0
    )
    nothing, apart = (
        np.array([vs.simulate(where, s, 1, r).county["collective_income"].iloc[-1] for r in range(2)])
        for where, s in ((town, "nothing but the merger"), (closed, "no merger"))
    )
    table = steps(answer)["value"]
    assert table["all else"] == pytest.approx(apart.mean() * 35 / 20 - 500_000 * 35 / 20, abs=1e-3)
    assert table["start"] + table[WITHOUT_POLICY].sum() == pytest.approx(nothing.mean(), rel=1e-12)


def test_each_policy_gets_its_own(town, answer):
    """Clean-up brings income, the programme brings integration, as each of them does alone."""
    assert steps(answer).loc["clean_up", "value"] > 5000 > abs(steps(answer).loc["five_integrations", "value"])
    found = steps(Attribution(strategy="both", outcome="real_integration", replications=2).ask(town, workers=1))
    assert found.loc["five_integrations", "value"] > 0.05 > abs(found.loc["clean_up", "value"])


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
    found = Attribution(strategy="clean-up", outcome="share_above_500k", replications=3, over=()).ask(town, workers=1)
    table = steps(found)
    assert table["value"].iloc[:-2].sum() == pytest.approx(table.loc["end", "value"], abs=1e-12)
    added = []
    for r in range(3):
        decreed = vs.simulate(town, "no merger", 1, r).county.set_index("month").loc["2021-07"]
        added.append(decreed["mechanical_share_above_500k"] - decreed["share_above_500k"])
    assert table.loc["arithmetic", "value"] == pytest.approx(np.mean(added), abs=1e-12)


@pytest.mark.parametrize("outcome", ["collective_income", "share_above_500k"])
def test_before_the_decree_nothing_is_arithmetic(town, outcome):
    """As many villages as on the first day: what closed roads leave and what they bring is all that there is."""
    how = {
        "strategy": {"later": (vs.policies.CleanUp(start="2022-01-01", officers=3),)},
        "outcome": outcome,
        "over": (),
    }
    found = Attribution(**how, at="2021-06", replications=3).ask(town, workers=1)
    table = steps(found)
    assert table.loc["arithmetic", "value"] == 0
    if outcome == "collective_income":  # the policy has not begun, and nothing bounds what it might do
        assert "arithmetic 0, all else " in found.headline
        assert "clean up 0 (in all 3). Intervals: 95%" in found.headline, found.headline
    runs = [vs.simulate(town, "no merger", 1, r) for r in range(3)]
    trend = [run.county.set_index("month").loc["2021-06", outcome] - run.start[outcome] for run in runs]
    by_itself = table.loc[["all else", *ROADS], "value"].sum() + table.loc["merger otherwise", "value"]
    assert by_itself == pytest.approx(np.mean(trend), abs=0.01 * max(table.loc["start", "value"], 0.1))
    at_the_end = Attribution(**how, at="2021-07", replications=2).ask(town, workers=1)
    assert steps(at_the_end).loc["arithmetic", "value"] > 0.1 * table.loc["start", "value"]


def test_a_figure_per_resident_has_no_arithmetic(town):
    question = Attribution(strategy="clean-up", outcome="income_per_resident", replications=2, over=())
    assert steps(question.ask(town, workers=1)).loc["arithmetic", "value"] == 0


def test_intervals_are_those_of_paired_differences(town):
    """One policy alone: its value is its difference to the baseline."""
    found = Attribution(strategy="clean-up", outcome="trust", at="2022-06", replications=12)
    row = steps(found.ask(town, workers=1)).loc["clean_up"]
    own, base = (
        [vs.simulate(town, s, 1, r).county.set_index("month").loc["2022-06", "trust"] for r in range(12)]
        for s in ("clean-up", "nothing but the merger")
    )
    one = difference_interval(np.subtract(own, base), (0.0, 1.0))
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


def test_a_level_and_its_change_have_one_interval():
    """From a start that is the same in all runs: the end lies where the start and the change lead, end by end."""
    rng = np.random.default_rng(3)
    change = rng.exponential(size=30) ** 2
    level, moved = (
        decomposition._interval(x, kind, (0.0, np.inf), 0.0)
        for x, kind in ((500 + change, "level"), (change, "change"))
    )
    for end in ("value", "low", "high"):
        assert level[end] == pytest.approx(500 + moved[end])
    rare = decomposition._interval(np.array([0.0] * 15 + [1.0] * 14 + [9.0]), "level", (0.0, np.inf), 0.0)
    assert 0 <= rare["low"] < rare["value"], "a level is not below what it can be"
    assert np.isnan(decomposition._interval(np.full(30, 500.0), "level", (0.0, np.inf), 0.0)["low"])


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


def test_what_helps_alone_and_harms_beside_the_others_needs_nobody():
    """Alone +0.3 each, together +0.1: joining last each takes 0.2 away, and adds 0.05 on average."""
    worth = {0: 0.3, 1: 0.6, 2: 0.6, 3: 0.4}
    said = attributed(worth.__getitem__, 2, replications=3).headline
    assert "p0 turns round beside the others (-0.2 joining last, +0.05 on average)" in said


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
    said = effect(change[ENDS].astype(float) / 1e3)
    assert f"changes by {said} thousand yuan" in answer.headline
    assert "('both', end of 2022-06, since 2021-01): " in answer.headline
    figure = answer.figure()
    assert said in " ".join(figure.get_supxlabel().split())
    assert said.split()[0] in figure.axes[0].get_title(loc="left")


def test_an_outcome_that_is_not_defined_is_refused():
    """Nothing is integrated before anything is merged."""
    question = Attribution(strategy="trouble", outcome="real_integration", at="2021-03", replications=2)
    with pytest.raises(DesignError, match=r"'real_integration' is defined .* in 0 of 2 replications"):
        question.ask(small_scenario(), workers=1)


def test_what_has_no_history_has_no_trend(town):
    """Petitions are counted from the first day on: the parts begin at the world without merger."""
    answer = Attribution(strategy="clean-up", outcome="petitions", replications=2).ask(town, workers=1)
    table = answer.tables["attribute"]
    assert table["step"].tolist()[:2] == ["no merger", "merger"]
    assert "trend" not in answer.headline
    assert "('clean-up', end of 2022-06, beside the world without merger): " in answer.headline
    parts = table[~table["kind"].isin(["level", "change"])]["value"].sum()
    assert table["value"].iloc[0] + parts == pytest.approx(table.set_index("step").loc["end", "value"])

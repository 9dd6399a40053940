"""Tables of a comparison, on values made by hand."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from unit.runs.faulty_policies import small_scenario

import villagesim as vs
from villagesim import printing, terminal
from villagesim.design import Factor, latin_hypercube
from villagesim.errors import DesignError, VillagesimError
from villagesim.places.chosen_maps import ChosenMap
from villagesim.policies import Strategy
from villagesim.questions.answer import Tables
from villagesim.questions.comparison import Comparison, chosen, compared, tables
from villagesim.questions.question import check_names
from villagesim.questions.setting import Setting
from villagesim.questions.uncertainty import over_draws
from villagesim.questions.verdicts import DIFFERENCE, answered
from villagesim.runs.table import RunTable
from villagesim.wording import effect

TOWN = Path(__file__).parents[3] / "scenarios" / "one_town.toml"


@pytest.fixture(scope="module")
def scenario():
    return replace(vs.load_scenario(TOWN), maps_of_runs="likeliest")


@pytest.fixture
def comparison(scenario):
    """Four replications; `both` is 20,000 yuan and a little better than the baseline in each."""
    names = ("no merger", "nothing but the merger", "both")
    base = np.array([900e3, 950e3, 1000e3, 1050e3])
    incomes = {names[0]: base / 2, names[1]: base, names[2]: base + np.array([19e3, 20.5e3, 21e3, 19.5e3])}
    rows = [
        {"strategy": s, "replication": r, "month": m}
        | dict.fromkeys(vs.outcomes.OUTCOMES, 0.0)
        | {"collective_income": incomes[s][r]}
        for s in names
        for r in range(4)
        for m in ("2021-06", "2021-07")
    ]
    return compared(scenario, RunTable(pd.DataFrame(rows), names))


def test_means_and_differences_are_those_of_student(comparison):
    """Against scipy: the interval of a mean, and of a paired difference with Bonferroni over two comparisons."""
    table = comparison.table("collective_income").set_index("strategy")
    base = np.array([900e3, 950e3, 1000e3, 1050e3])
    expected = stats.t.interval(0.95, 3, base.mean(), stats.sem(base))
    np.testing.assert_allclose(table.loc["nothing but the merger", ["low", "high"]].astype(float), expected)
    difference = np.array([19e3, 20.5e3, 21e3, 19.5e3])
    half = (1 + 1 / 30) * stats.t.ppf(1 - 0.05 / 4, 3) * stats.sem(difference)
    expected = 20e3 - half, 20e3 + half
    np.testing.assert_allclose(table.loc["both", ["difference_low", "difference_high"]].astype(float), expected)
    assert table.loc["both", "verdict"] == "better"
    assert table.loc["nothing but the merger", "verdict"] == "baseline"


def test_worlds_with_another_number_of_villages_are_not_compared_per_village(comparison):
    """Half the income per village without merger is arithmetic, and no verdict."""
    row = comparison.table("collective_income").set_index("strategy").loc["no merger"]
    assert row["verdict"] == "other number of villages"
    assert np.isnan(row["difference"])
    assert np.isnan(row["chance_of_best"])


def test_a_map_that_leaves_another_number_of_villages_is_not_compared_per_village(one_town):
    """By threes 117 villages become 40 or so, not 73: the same money over fewer. Neighbours leave 73."""
    maps = {"neighbours": ChosenMap("neighbours"), "by three": ChosenMap("strong with weak", size=3)}
    own = {name: Strategy((), map=chosen) for name, chosen in maps.items()}
    known = Setting.of(replace(one_town, strategies={**one_town.strategies, **own}))
    assert known.other_number == ("no merger", "by three")
    assert known.own_maps == ("neighbours", "by three")
    again = Setting.of_plain(known.plain())
    assert (again.other_number, again.own_maps) == (known.other_number, known.own_maps)
    with pytest.raises(DesignError, match="'by three' ends with another number of villages"):
        check_names(replace(one_town, strategies=own), list(own), ["collective_income"])
    check_names(replace(one_town, strategies=own), list(own), ["income_per_resident"])


def test_the_same_in_every_replication_is_no_certainty(comparison):
    """Four of four are equal: an index may differ by 1 - (0.05 / 2) ** (1 / 4), and 0.02 matters; of money nobody knows."""
    for name, ends, verdict in (
        ("trust", (-0.6024, 0.6024), "the same in all runs"),
        ("income_per_resident", (np.nan, np.nan), "the same in all runs"),
    ):
        row = comparison.table(name).set_index("strategy").loc["both"]
        assert (row["difference"], row["differs"], row["verdict"]) == (0, "0 of 4", verdict)
        np.testing.assert_allclose([row["difference_low"], row["difference_high"]], ends, atol=5e-5)


def test_no_interval_of_no_width_is_told(scenario, comparison, capsys):
    """What is the same in all four replications has a mean and no interval: in every table, and on the screen."""
    answer = answered(comparison, tables(comparison), scenario.parameters)
    for name, table in answer.tables.items():
        ends = [column for column in table if column.endswith("high") and "band" not in column and "_of_" not in column]
        for high in ends:
            assert not (table[high] == table[high.replace("high", "low")]).any(), (name, high)
    assert np.isnan(comparison.table("trust").set_index("strategy").loc["both", ["low", "high"]].astype(float)).all()
    terminal.out.width = 200
    printing.print_answer(answer, verbose=True)
    printed = capsys.readouterr().out
    assert "± 0 " not in printed
    assert "0 (varies in 0 of 4)" in printed
    assert "0 (no spread seen)" in printed
    assert " 0 to 0 " not in printed
    rows = pd.concat([comparison.table(name) for name in comparison.known.headline_outcomes])
    only_bounded = rows[(rows["differs"] == "0 of 4") & rows["difference_low"].notna()]
    never = rows["differs"] == "0 of 4"
    assert printed.count("0 (in all 4)") == (never & rows["difference"].notna()).sum() >= len(only_bounded) > 0
    assert "the same in all runs: both" in printed
    assert "at most" not in printed.lower(), "nothing here differs in some runs"


def test_an_interval_beyond_what_the_baseline_leaves_room_for_is_said_to_be(comparison, capsys):
    """A share that is 0 in four of four may differ by -0.6 as far as they tell, and from 0 by no less than 0."""
    printing.print_answer(replace(comparison, tables=Tables(tables(comparison))))
    said = "both: from the baseline's mean no difference can be below 0 or above +1; intervals that reach further"
    assert (
        capsys.readouterr().out.count(said) == 4
    )  # integration, accounts, two readings of the share; money has no interval


def test_outcomes_of_ones_own_are_shown_without_being_asked_for(scenario, comparison, capsys):
    """In a comparison, over draws and in a sweep: they are what it is made for."""
    own = [vs.Outcome(f"mine_{k}", f"Fairs of kind {k}", "fairs", "made up", +1, nothing) for k in range(2)]
    mine = replace(scenario, outcomes=own)
    names, runs = tuple(comparison.strategies), comparison.runs.assign(mine_0=2.0, mine_1=3.0)
    plain = compared(mine, RunTable(runs, names))
    drawn = over_draws(
        mine, RunTable(runs.assign(point=runs["replication"] // 2, replication=runs["replication"] % 2), names)
    )
    swept = vs.sweep(
        replace(small_scenario(), outcomes=own), latin_hypercube([Factor("parameters.pressure", low=0.1, high=0.2)], 2, 1),
        strategies=["trouble"], workers=1,
    )  # fmt: skip
    plain = replace(plain, tables=Tables(tables(plain)))
    for answer in (plain, replace(drawn, tables=Tables({"uncertainty": drawn.several})), swept):
        printing.print_answer(answer)
        printed = capsys.readouterr().out
        assert all(f"Fairs of kind {k} (fairs)" in printed for k in range(2)), answer.kind
    assert drawn.known.headline_outcomes[-2:] == ("mine_0", "mine_1")


def nothing(record):
    """Zero fairs in every month."""
    return np.zeros(len(record.labels))


def test_the_margin_is_one_per_cent_of_the_baseline(comparison):
    """Relative for money, absolute for shares; the scenario may set its own."""
    assert comparison.margin("collective_income") == pytest.approx(9750)
    assert comparison.margin("share_above_500k") == 0.01


def test_a_month_outside_the_run_is_refused(comparison):
    """With the months there are."""
    with pytest.raises(VillagesimError, match="2021-06 to 2021-07"):
        comparison.table("collective_income", at="2031-12")
    with pytest.raises(VillagesimError, match="Did you mean 'collective_income'"):
        comparison.table("colective_income")


def test_the_usual_number_of_replications_is_the_same_question():
    assert Comparison() == Comparison(replications=30)
    assert Comparison(until_settled="trust") == Comparison(until_settled="trust", replications=500)


def test_strategies_keep_the_order_of_the_scenario(scenario):
    """Whatever the order in which they are asked for."""
    assert chosen(scenario, ["both", "five integrations"]) == (
        "no merger", "nothing but the merger", "five integrations", "both",
    )  # fmt: skip


def test_headline_and_figure_are_made_from_the_values(comparison, scenario, capsys):
    """The sentence names the strategy and its change of +2.1%, and the effect has the digits that the table has."""
    terminal.out.width = 200
    answer = answered(comparison, tables(comparison), scenario.parameters)
    printing.print_answer(answer, verbose=True)
    row = comparison.table("collective_income").set_index("strategy").loc["both"][[*DIFFERENCE]] / 1000
    said = effect(row, *DIFFERENCE)
    assert said.startswith("+20 (+1")
    printed = capsys.readouterr().out
    assert printed.count(said) == 3
    assert "one county, lowest and highest of 4" in printed
    assert "light band: lowest and highest of 4 (" in comparison.lines
    assert (
        f": better with both, {said} thousand yuan per village and year (95%, luck, one draw of endowments)."
        in answer.headline
    )
    figure = Comparison.draw(comparison, "differences")
    assert (
        len(figure.axes) == 4 * (len(comparison.strategies) - 2) + 1
    )  # and the legend; no income is known of its residents
    later = replace(
        comparison,
        setting=replace(comparison.known, starts=dict.fromkeys(comparison.strategies, "2022-03") | {"both": "2021-01"}),
    )
    assert {"first policies start": "2021-01", "most policies start": "2022-03"}.items() <= later.marks().items()
    axes = comparison.plot("collective_income")
    assert "yuan per village" in axes.get_ylabel()

"""What is drawn where nobody says what, and what is held."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

import villagesim as vs
from villagesim.design import applied, held, uncertain
from villagesim.errors import VillagesimError
from villagesim.parameters import THEMES
from villagesim.parameters.parameter import Parameter
from villagesim.places.endowments import SHARES
from villagesim.policies import LandTrust
from villagesim.policies.strategy import Strategy
from villagesim.questions.uncertainty import uncertainty_design

FLOOR = "kinds.land_trust.collective_floor"
START = "2022-03-01"


@pytest.mark.parametrize(
    ("source", "well_known"),
    [("S2.debt: 16.6% within half a year", True), ("evidence 4 (A): of 2006", True), ("evidence 1.1 (S/A)", True),
     ("S3.pay; evidence 6.1 (A/B)", False), ("evidence 1.4 (S, B)", False), ("evidence 9 (D): one rich county", False),
     ("assumption", False), ("assumption; sign: evidence 4 (A)", False), ("evidence 6.2 (A); by form: assumption", False),
     ("Survey of our own, 2024", False), ("a study (Smith and Bai 2020)", False)],
)  # fmt: skip
def test_what_is_well_known_is_what_its_code_says(source: str, well_known: bool) -> None:
    """The lowest code counts; a source of one's own that gives a range says that it is not known."""
    assert Parameter("x", "a number", "share", 0.5, 0.1, 0.9, source).is_well_known == well_known


def test_what_is_not_well_known_and_the_decree_are_drawn(one_town: vs.Scenario) -> None:
    """Parameters over their ranges, settings of the policies that are held; every draw has a map of its own."""
    factors = {factor.path: factor for factor in uncertain(one_town)}
    ranged = {p.name for p in one_town.parameters.values() if p.low < p.high}
    known = {name for name in ranged if one_town.parameters[name].is_well_known}
    assert {"contract_window_months"} & ranged <= known
    settings = {FLOOR, "kinds.land_trust.household_floor"}
    assert set(factors) == {f"parameters.{name}" for name in ranged - known} | settings | {"merger.decree"}
    assert (factors[FLOOR].low, factors[FLOOR].high) == (30.0, 150.0)
    points = uncertainty_design(one_town, 9, seed=2).points
    assert points["draw"].tolist() == list(range(1, 10))
    assert sorted(points["merger.decree"]) == [date(2021, month, 1) for month in range(2, 11)]
    assert points[FLOOR].between(30, 150).all()
    table = held(one_town, list(factors.values()))
    assert set(table["factor"]) == {f"parameters.{name}" for name in known}
    assert table["why"].str.startswith("well known: ").all()


def test_what_only_spreads_figures_that_the_own_table_gives_is_held(one_town: vs.Scenario) -> None:
    """Oracle: at both ends of its range nobody's endowment is another; of all that is still drawn somebody's is."""
    endowment = one_town.endow(1)
    n, columns = len(one_town.place.before), ("residents", "members", "income", "arable", "debt")
    table = {name: np.asarray(getattr(endowment, name), float) for name in columns}
    table |= dict(zip(SHARES, endowment.source_shares, strict=True))
    published = replace(one_town.published, arable=float(table["arable"].sum()))
    whole = replace(one_town, table=table, published=published).with_parameters(booked_start=0.2)
    names = {p.name for p in THEMES["endowments"] if p.low < p.high}
    drawn = {factor.path.removeprefix("parameters.") for factor in uncertain(whole)}
    for name in names:
        parameter = whole.parameters[name]
        low, high = (whole.with_parameters(**{name: end}).endow(1) for end in (parameter.low, parameter.high))
        same = all(np.array_equal(getattr(low, each), getattr(high, each)) for each in (*columns, "source_shares"))
        assert same == (name not in drawn), name
    rows = held(whole, uncertain(whole)).set_index("factor")
    assert rows.loc["parameters.debt_sd", "why"] == "given by the own table, village by village"
    for name, values in table.items():
        with_gap = replace(one_town, table={name: np.where(np.arange(n) == 3, np.nan, values)})
        assert uncertain(with_gap) == uncertain(one_town), "one village is missing"


def with_trusts(town: vs.Scenario, *floors: float) -> vs.Scenario:
    """A strategy a floor, each with a land trust of another label."""
    return replace(
        town,
        strategies={
            f"trust {k}": Strategy((LandTrust(start=START, collective_floor=floor, label=f"trust {k}"),))
            for k, floor in enumerate(floors)
        },
    )


def test_a_setting_is_the_same_in_all_policies_of_its_kind(one_town: vs.Scenario) -> None:
    """A draw is one state of the world, whatever the labels; by label two trusts would have two floors."""
    both = with_trusts(one_town, 100.0, 100.0)
    assert [factor.path for factor in uncertain(both) if factor.path.startswith(("kinds", "policies"))] == [
        "kinds.land_trust.household_floor",
        FLOOR,
    ]
    floors = [next(iter(s)).collective_floor for s in applied(both, {FLOOR: 60.0}).strategies.values() if len(s)]
    assert floors == [60.0, 60.0]
    with pytest.raises(VillagesimError, match=r"policies.trust 1.collective_floor is set twice"):
        applied(both, {FLOOR: 60.0, "policies.trust 1.collective_floor": 50.0})
    with pytest.raises(VillagesimError, match="no strategy holds a policy of the kind 'land_trusts'"):
        applied(both, {"kinds.land_trusts.collective_floor": 60.0})


def test_what_somebody_decided_is_held_and_listed(one_town: vs.Scenario) -> None:
    """In one strategy is enough: floors are compared then. Settings of policies that are not run are neither."""
    changed = with_trusts(one_town, 100.0, 60.0)
    factors = uncertain(changed, ["trust 0"])
    assert FLOOR not in {factor.path for factor in factors}
    rows = held(changed, factors).query("factor == @FLOOR")
    assert rows[["value", "low", "high"]].to_numpy().tolist() == [[60, 30, 150], [100, 30, 150]]
    assert set(rows["why"]) == {"decided: not its default"}
    assert set(rows["unit"]) == {"yuan per mu and year"}
    assert not [factor for factor in uncertain(changed, []) if factor.path.startswith("kinds.")]
    assert "left out" in set(held(changed, factors[1:])["why"])


@pytest.mark.parametrize("drawn", [uncertain, lambda scenario, names: held(scenario, [], names)])
def test_a_text_is_one_name_and_unknown_names_are_refused(one_town: vs.Scenario, drawn: Any) -> None:
    """A name that is taken as its letters, or that nobody has, would leave all settings out."""
    assert len(drawn(one_town, "land trust")) == len(drawn(one_town, ["land trust"])) > len(drawn(one_town, []))
    for wrong in ("land trus", ["both", "land trus"]):
        with pytest.raises(VillagesimError, match=r"'land trus' is not a strategy here. Did you mean 'land trust'"):
            drawn(one_town, wrong)

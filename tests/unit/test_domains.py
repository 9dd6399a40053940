"""Domains: what a quantity cannot be is refused when it is said, or by name when a run is over."""

from copy import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import villagesim as vs
from villagesim.domains import ANY
from villagesim.engine.recorder import N_HISTORY
from villagesim.errors import ParameterError, RunError
from villagesim.parameters import DEFAULTS, Parameter
from villagesim.soundness import check_record

WIDE = {"low": -1e9, "high": 1e9, "source": "me"}
CANNOT = (
    *(("income_township_correlation", v) for v in (-0.1, 1.01, 2)), ("share_without_debt", 1), ("share_without_debt", 2),
    ("incident_rate", 1e7), ("incident_rate", -1), ("income_sd", -5), ("income_sd", 1e9), ("income_growth", -5),
    ("one_off_size", 1e9), ("adult_share", 40), ("members_per_resident", 0), ("members_per_resident", -5),
    ("entitlement_income_correlation", -3), ("vote_loss", 1e308), ("paper_slows", 7), ("skill_mean", 0), ("skill_mean", 3),
    ("surplus_posts", -1e9), ("villages_per_officer", 0), ("share_operating", -1), ("source_concentration", 0),
    ("turnover", 0), ("trust_base", 1), ("trust_base_sd", 0.6), ("price_persistence", 1.2), ("hearing_days", -3),
    ("full_dividend", 0), ("fear_memory", 0), ("retirement_age", 600), ("wheat_price", -2.5), ("committee_seats", 0),
    ("integrity_mean", 1), ("share_old", 0.7), ("working_days", 400), ("debt_mean", -1), ("interest_rate", 3),
)  # fmt: skip
"""Values that were taken, and led to nonsense, to warnings or to a traceback, and others of their kinds."""


def test_every_parameter_has_a_domain() -> None:
    """Only a quantity in a unit that nobody knows can be any number, and no range of the library leads out."""
    assert [name for name, parameter in DEFAULTS.items() if parameter.domain is ANY] == []
    assert Parameter("a", "b", "songs", -1e9, -1e9, 1e9, "me").domain is ANY


@pytest.mark.parametrize(("name", "value"), CANNOT)
def test_no_range_of_ones_own_leads_out_of_a_domain(name: str, value: float) -> None:
    """With a wide range, with one that holds nothing else, and by one end alone."""
    for low, high in ((-1e9, 1e9), (value, value)):
        with pytest.raises(ParameterError, match=rf"{name}(\.low|\.high)? = .* cannot be: it is an?\b.* from .* to "):
            DEFAULTS.with_values({name: {"value": value, "low": low, "high": high, "source": "me"}})
    good = DEFAULTS[name].value
    with pytest.raises(ParameterError, match=rf"{name}\.(low|high) = .* cannot be"):
        DEFAULTS.with_values({name: {"value": good, "low": min(value, good), "high": max(value, good), "source": "me"}})


def test_the_ends_of_a_domain_belong_to_it() -> None:
    """A range may lead to the very end of what can be."""
    for name, parameter in DEFAULTS.items():
        low, high = parameter.domain.low, parameter.domain.high
        assert DEFAULTS.with_values({name: {"value": low, "low": low, "high": high, "source": "me"}})[name].value == low


@pytest.mark.parametrize("source", [3, "", "  ", None, ["me"], True])
def test_a_source_is_text(source: object) -> None:
    """A number, or nothing, says nothing of where a range comes from."""
    with pytest.raises(ParameterError, match=r"vote_loss: source = .* must be text"):
        DEFAULTS.with_values({"vote_loss": {"value": 3, "low": 1, "high": 5, "source": source}})


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("trust", np.nan, "trust: nan index 0 to 1 cannot be"),
        ("trust", 1.01, "1.01 index 0 to 1 cannot be: trust of members in their village is an index, from 0 to 1"),
        ("integrity", -0.2, "column integrity"),
        ("income_rent", -11_132.0, "-11,132 yuan cannot be: income from rent"),
        ("income_one_off", np.inf, "inf yuan cannot be"),
        ("debt_moved", -np.inf, "-inf yuan cannot be"),
        ("enrolled", -1.0, "-1 mu cannot be: land in trust"),
        ("cash", -0.01, "column cash"),
        ("registered", -1, "column registered"),
        ("economy", -3, "column economy"),
        ("mediator_busy", -2.0, "township 370114"),
        ("support_paid", np.nan, "column support_paid"),
    ],
)
def test_a_record_that_cannot_be_is_refused_by_name(
    one_town: vs.Scenario, town_run: object, column: str, value: float, said: str
) -> None:
    """Month, village, column, value and what may be to blame."""
    run = town_run("both")  # type: ignore[operator]
    recorder = copy(run.record.recorder)
    for group in recorder.names:
        setattr(recorder, group, getattr(recorder, group).copy())
    columns, place = one_town.assembly.all_columns, one_town.place
    check_record(recorder, columns, place, str)
    values = recorder.column(column)
    values[(N_HISTORY + 5, *([2] if values.ndim > 1 else []))] = value
    with pytest.raises(RunError) as caught:
        check_record(recorder, columns, place, lambda: "Look there.")
    message = str(caught.value)
    assert message.startswith(recorder.months[5].label)
    assert said in message
    assert message.endswith("Look there.")
    if values.shape[-1] == len(place.before):
        assert f"{place.before.names[2]} ({place.before.codes[2]})" in message


@dataclass(frozen=True, kw_only=True)
class Poison(vs.Policy):
    """A policy that spoils what it may add to."""

    kind = "poison"
    deposits = ("cooperatives.top_up", "residents.welfare_paid", "cooperatives.run_up")
    column: str
    value: float
    nothing: bool = False

    def act(self, active: Any, month: object, paid: float) -> None:
        """Write it."""
        group, name = self.column.split(".")
        getattr(getattr(active.world, group), name)[4] += np.nan if self.nothing else self.value


@pytest.mark.parametrize(
    ("column", "value"),
    [("cooperatives.top_up", -1e9), ("residents.welfare_paid", -5e6), ("cooperatives.run_up", -1e9)],
)
@pytest.mark.parametrize("nothing", [False, True])
def test_code_that_spoils_a_run_is_named(one_town: vs.Scenario, column: str, value: float, nothing: bool) -> None:
    """It has no result, and the message names the policy."""
    strategy = [Poison(start="2022-03-01", column=column, value=value, nothing=nothing)]
    with pytest.raises(RunError, match=r"Look at code of your own: poison"):
        vs.simulate(one_town, strategy)


def test_a_run_whose_ranges_do_not_go_together_names_them(one_town: vs.Scenario) -> None:
    """Each can be, both together cannot: more one-off income than income."""
    ranges = {"one_off_rate": 8, "one_off_size": 0.9}
    scenario = one_town.with_parameters(
        **{name: {"value": value, "low": 0, "high": 10, "source": "me"} for name, value in ranges.items()}
    )
    with pytest.raises(
        RunError, match=r"before the start.*income_operating.*\n?.*of your own: one_off_rate, one_off_size"
    ):
        vs.simulate(scenario)

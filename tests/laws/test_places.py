"""What holds in all shipped places; the laws of every run are checked where they are recorded, in ``tests/record``."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from checks import RULES, simulate
from laws import law_checks as law

import villagesim as vs
from villagesim.timetable import Budget

SHIPPED = {path.stem: path for path in sorted((Path(__file__).parents[2] / "scenarios").glob("*.toml"))}


def shortened(scenario: vs.Scenario) -> vs.Scenario:
    """The scenario up to a year after its last policy has started, or up to its end."""
    starts = [p.start for policies in scenario.strategies.values() for p in policies if isinstance(p, vs.Policy)]
    last = max(starts)
    stop = min(scenario.timetable.stop, date(last.year + 1, last.month, 1))
    elections = tuple(day for day in scenario.timetable.elections if day < stop)
    return replace(scenario, timetable=replace(scenario.timetable, stop=stop, elections=elections))


@pytest.fixture(scope="module", params=SHIPPED)
def place(request: pytest.FixtureRequest) -> vs.Scenario:
    """A shipped scenario, over its first years."""
    return shortened(vs.load_scenario(SHIPPED[request.param]))


def test_policies_without_money_change_nothing(place: vs.Scenario) -> None:
    """All policies of the place that cost anything leave the baseline bit for bit where the fund is empty."""
    fullest = max(place.strategies.values(), key=len)
    broke = replace(place, budget=Budget())
    run = simulate(broke, [policy for policy in fullest if policy.kind not in RULES])
    law.check_policies_without_money_change_nothing(run, simulate(broke))


def test_a_city_without_land_has_no_trust() -> None:
    """Nobody in Wuhou has farmland: an offer of trusteeship finds none, costs nothing and earns nothing."""
    scenario = shortened(vs.load_scenario(SHIPPED["wuhou"]))
    run = simulate(scenario, [vs.policies.LandTrust(start="2015-03-01")])
    assert not run.record.column("enrolled").any()
    assert not run.outcomes["trust_income"].any()
    assert np.nansum(run.outcomes["support_cost"]) == 0
    for check in law.CHECKS:
        check(run)


@pytest.fixture(scope="module")
def poor() -> vs.Scenario:
    """The first half year of Qingyang."""
    scenario = vs.load_scenario(SHIPPED["qingyang"])
    start = scenario.timetable.start
    return replace(
        scenario, timetable=replace(scenario.timetable, stop=date(start.year, start.month + 6, 1), elections=())
    )


def share_that_borrows(scenario: vs.Scenario) -> float:
    """Of all accounts and months."""
    return float((simulate(scenario).record.column("borrowing")[1:] > law.HALF_A_CENT).mean())


def test_a_poor_county_does_not_begin_in_deficit(poor: vs.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two fifths of its villages earn less than is due in full; the budget pays, and few borrow. The twin: it pays nothing."""
    from villagesim.processes.ledger import Ledger

    assert simulate(poor).outcomes["share_in_deficit"][0] > 0.4
    assert share_that_borrows(poor) < 0.06
    dues = Ledger.dues
    monkeypatch.setattr(Ledger, "dues", lambda ledger, month: (dues(ledger, month)[0], np.zeros(ledger.world.n_rows)))
    assert share_that_borrows(poor) > 0.1

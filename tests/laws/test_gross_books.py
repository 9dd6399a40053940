"""Law: books of own farming that are gross move no fen. Every raw column but what they show keeps every bit."""

from dataclasses import replace

import numpy as np
import pytest
from checks import simulate

import villagesim as vs
from villagesim.policies import LandTrust
from villagesim.processes.land_trust import LandTrusts
from villagesim.timetable import Budget

NET = LandTrust(start="2021-03-01", own_share=1.0)
GROSS = replace(NET, gross=True)


def check_gross_books_are_no_money(gross: vs.Run, net: vs.Run) -> None:
    """Only what gross books show may differ."""
    for names in gross.record.recorder.names.values():
        for name in names:
            same = np.array_equal(gross.record.column(name), net.record.column(name))
            assert same or name == "turnover", f"{name} is not what it is with net books"


@pytest.fixture(scope="module")
def town(one_town: vs.Scenario) -> vs.Scenario:
    return replace(one_town, budget=Budget(1e7, 2021))


def test_gross_books_are_no_money_and_show_ten_times_the_result(town: vs.Scenario) -> None:
    """What is reported is what was earned and the turnover; a line that is reached by turnover is reached on paper only."""
    gross, net = simulate(town, [GROSS]), simulate(town, [NET])
    check_gross_books_are_no_money(gross, net)
    assert gross.record.column("farms_itself").any()
    earned, reported = (gross.outcomes[f"{reading}collective_income"] for reading in ("", "reported_"))
    turnover = gross.record.column("turnover").sum(axis=1) / gross.record.n_villages
    prices = 1.02 ** (np.arange(len(earned)) / 12)
    np.testing.assert_allclose(reported, (earned + turnover) * prices, rtol=1e-12)
    np.testing.assert_allclose(net.outcomes["reported_collective_income"], earned * prices, rtol=1e-12)
    sold = turnover[-1] * gross.record.n_villages[-1] + gross.outcomes["own_farming_result"][-1]
    own = (
        sold
        / (
            gross.record.column("sown")[-4][
                gross.record.column("farms_itself")[-4].astype(bool)[gross.record.village_of[-4]]
            ]
        ).sum()
    )
    assert 1_500 < own < 3_200
    assert (gross.outcomes["reported_share_above_500k"] >= net.outcomes["reported_share_above_500k"]).all()
    assert gross.outcomes["reported_share_above_500k"][-1] > net.outcomes["reported_share_above_500k"][-1] + 0.05


def test_turnover_that_is_spent_is_noticed(town: vs.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault: what gross books show is deposited as income."""
    pay_out = LandTrusts.pay_out

    def spend(trusts, *args):
        pay_out(trusts, *args)
        trusts.world.cooperatives.trust_income += trusts.world.land_trusts.turnover

    monkeypatch.setattr(LandTrusts, "pay_out", spend)
    with pytest.raises(AssertionError, match="not what it is with net books"):
        check_gross_books_are_no_money(simulate(town, [GROSS]), simulate(town, [NET]))

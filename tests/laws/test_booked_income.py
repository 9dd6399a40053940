"""Law: what is booked for a list moves no fen. Every raw column but the lists' own keeps every bit, with any list."""

from dataclasses import replace

import numpy as np
import pytest
from checks import simulate

import villagesim as vs
from villagesim.policies import WeakVillageList

LISTS = {
    "one": [WeakVillageList(start="2021-01-01", lines=(300_000.0, 500_000.0), pressure=1.0)],
    "a fixed one that ends": [
        WeakVillageList(start="2021-01-01", end="2022-02-01", lines=(300_000.0,), lowest=0.4, pressure=1.0)
    ],
    "two": [
        WeakVillageList(start="2021-01-01", lines=(200_000.0,), label="low"),
        WeakVillageList(start="2021-05-01", lines=(600_000.0,), quota=0.8, label="high"),
    ],
}


def check_booked_income_is_no_money(run: vs.Run, without: vs.Run) -> None:
    """Only what is reported may differ."""
    for names in run.record.recorder.names.values():
        for name in names:
            same = np.array_equal(run.record.column(name), without.record.column(name))
            assert same or name in ("booked", "listed"), f"{name} is not what it is without a list"


@pytest.mark.parametrize("policies", LISTS.values(), ids=LISTS)
def test_booked_income_is_no_money(one_town: vs.Scenario, policies: list) -> None:
    run, without = simulate(one_town, policies), simulate(one_town, ())
    assert run.record.column("booked").any()
    assert not without.record.column("booked").any()
    check_booked_income_is_no_money(run, without)


def test_a_list_that_is_spent_is_noticed(one_town: vs.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault: what is booked comes into the ledger as a top-up."""
    from villagesim.processes.lists import Lists

    close = Lists.close_year

    def spend(lists, month):
        close(lists, month)
        lists.world.cooperatives.top_up += lists.world.lists.booked

    monkeypatch.setattr(Lists, "close_year", spend)
    run, without = simulate(one_town, LISTS["one"]), simulate(one_town, ())
    with pytest.raises(AssertionError, match="income_"):
        check_booked_income_is_no_money(run, without)


def booked_at_the_start(one_town: vs.Scenario) -> tuple[vs.Run, vs.Run]:
    """A run of a place that has booked before the start, and one of a place that earned the same and booked nothing."""
    endowment = one_town.with_parameters(booked_start=0.3).endow(1)
    earned = replace(endowment, booked=np.zeros_like(endowment.booked))
    return simulate(one_town, (), endowment=endowment), simulate(one_town, (), endowment=earned)


def test_what_was_booked_before_the_start_is_no_money(one_town: vs.Scenario) -> None:
    run, honest = booked_at_the_start(one_town)
    assert run.record.column("booked")[0].any()
    check_booked_income_is_no_money(run, honest)


def test_money_that_was_only_booked_before_the_start_is_noticed(
    one_town: vs.Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault: what the endowment has booked comes into the ledger as a top-up."""
    from villagesim.processes.lists import Lists

    start = Lists.start

    def spend(lists):
        start(lists)
        lists.world.cooperatives.top_up += lists.world.lists.booked

    monkeypatch.setattr(Lists, "start", spend)
    run, honest = booked_at_the_start(one_town)
    with pytest.raises(AssertionError, match="is not what it is"):
        check_booked_income_is_no_money(run, honest)


def test_what_is_reported_is_what_was_earned_and_what_was_booked(one_town: vs.Scenario) -> None:
    """And never less than that; the reported share falls back when the list has ended."""
    run = simulate(one_town, LISTS["a fixed one that ends"])
    for level in ("100k", "500k"):
        real, nominal, reported = (
            run.outcomes[f"{reading}share_above_{level}"] for reading in ("", "nominal_", "reported_")
        )
        assert (reported >= nominal).all()
        assert (nominal >= real).all()
    prices = 1.02 ** (np.arange(len(run.record.labels)) / 12)
    earned, reported = run.outcomes["collective_income"], run.outcomes["reported_collective_income"]
    np.testing.assert_allclose(run.outcomes["nominal_collective_income"], earned * prices, rtol=1e-12)
    np.testing.assert_allclose(reported, (earned + run.outcomes["booked_income"]) * prices, rtol=1e-12)
    booked = run.outcomes["booked_income"]
    assert 0 < booked[-1] < booked.max()

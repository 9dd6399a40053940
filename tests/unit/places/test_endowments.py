"""People, income, land and debt at the start, where the published share is that of all villages, or of none."""

import re
from dataclasses import replace

import numpy as np
import pytest

import villagesim as vs
from villagesim.errors import RollError
from villagesim.places.incomes import fitted
from villagesim.places.place import Place
from villagesim.places.rolls import Roll


def with_share(scenario: vs.Scenario, share: float, mean: float, **more: object) -> vs.Scenario:
    return replace(scenario, published=replace(scenario.published, share_above=share, mean_income=mean, **more))


@pytest.mark.parametrize(
    ("share", "mean"), [(1.0, 500_000.0), (1.0, 501_000), (1.0, 9e6), (0.0, 499_999.0), (0.0, 5e4)]
)
def test_all_or_no_villages_may_lie_above(one_town: vs.Scenario, share: float, mean: float) -> None:
    income = with_share(one_town, share, mean).endow(1).income
    assert (income >= 500_000).mean() == share
    assert income.mean() == pytest.approx(mean)
    assert np.std(np.log(income)) <= one_town.parameters.income_sd + 0.2


def test_incomes_keep_the_spread_that_was_drawn_where_the_mean_is_far(one_town: vs.Scenario) -> None:
    """The twin: near the threshold they are pressed together, far from it they are not."""
    near, far = (np.std(np.log(with_share(one_town, 1.0, mean).endow(1).income)) for mean in (520_000, 1e8))
    assert near < 0.1
    assert far == pytest.approx(one_town.parameters.income_sd, rel=0.2)


@pytest.mark.parametrize(("share", "mean"), [(1.0, 499_999.0), (0.0, 500_000.0)])
def test_a_mean_on_the_other_side_is_refused(one_town: vs.Scenario, share: float, mean: float) -> None:
    with pytest.raises(RollError, match=r"of 117 villages, .* do not go with a mean of"):
        with_share(one_town, share, mean).endow(1)


@pytest.mark.parametrize(("mean", "end"), [(1e3, "lowest"), (1e12, "highest")])
def test_a_mean_that_no_spread_reaches_is_told_the_end_that_it_misses(mean: float, end: str) -> None:
    """Which is one that goes with the share."""
    latent = np.linspace(-0.5, 0.5, 12)
    with pytest.raises(
        RollError, match=rf"do not go with a mean of .*\n?.*the {end} mean that .* is ([\d,]+)"
    ) as caught:
        fitted(latent, 4, 500_000.0, 12 * mean)
    told = float(re.findall(r"is ([\d,]+)", str(caught.value))[-1].replace(",", ""))
    assert fitted(latent, 4, 500_000.0, 12 * told).mean() == pytest.approx(told)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_the_share_may_be_counted_after_the_merger(one_town: vs.Scenario, share: float) -> None:
    scenario = with_share(one_town, share, 900_000 if share else 100_000, counted_after=True)
    endowment = scenario.endow(1)
    after = np.bincount(endowment.place.map.village, weights=endowment.income)
    assert (after >= 500_000).mean() == share


@pytest.mark.parametrize(("share", "mean"), [(1.0, 700_000.0), (0.0, 300_000.0)])
@pytest.mark.filterwarnings("error")
def test_a_place_of_one_village_runs(one_town: vs.Scenario, share: float, mean: float) -> None:
    roll = Roll.of([("370114001201", "甲村")])
    place = Place.unmerged(roll)
    published = replace(one_town.published, residents=400, mean_income=mean, share_above=share, arable=900.0)
    run = vs.simulate(replace(one_town, place=place, published=published, history=None, maps={}), "both")
    assert np.isfinite(run.outcomes["collective_income"][-1])


def test_a_total_that_is_met_but_for_rounding_is_met(one_town: vs.Scenario) -> None:
    """A table in halves of a mu, of a total that is written whole; half a mu more than that is refused."""
    n, total = len(one_town.place.before), one_town.published.arable
    for whole in (True, False):
        arable = np.full(n, total / (n - 1 + whole))
        arable[-1] = arable[-1] if whole else np.nan
        for beyond in (0.4, 0.6):
            arable[0] = total + beyond - np.nansum(arable[1:])
            town = replace(one_town, table={"arable": arable})
            if beyond < 0.5:
                assert town.endow(1).arable.sum() == pytest.approx(total, abs=0.5)
                assert (town.endow(1).arable >= 0).all()
            else:
                with pytest.raises(RollError, match=r"the table gives 131,001, the scenario says 131,000 in all"):
                    town.endow(1)


def test_all_totals_that_a_table_does_not_go_with_are_told_at_once(one_town: vs.Scenario) -> None:
    n = len(one_town.place.before)
    table = {name: np.full(n, 1e6) for name in ("residents", "income", "arable")}
    with pytest.raises(RollError) as refused:
        replace(one_town, table=table, source="").endow(1)
    said = str(refused.value).splitlines()
    assert [line for line in said if "the table gives" in line] == [
        f"with seed 1, residents: the table gives {n * 10**6:,}, the scenario says 54,000 in all.",
        "  income: the table gives all incomes, with a mean of 1,000,000.00 yuan and 1.0000 of the villages at or above 500,000.",
        f"  arable: the table gives {n * 10**6:,}, the scenario says 131,000 in all.",
    ]


def test_less_than_one_resident_a_village_is_refused(one_town: vs.Scenario) -> None:
    with pytest.raises(RollError, match="residents = 100 is less than one a village"):
        replace(one_town, published=replace(one_town.published, residents=100)).endow(1)


# what was reported, and what was earned


def test_the_nearest_above_the_line_may_have_booked_their_way_there(one_town: vs.Scenario) -> None:
    """A third of those at or above it, the nearest, earned what they reported less up to a third of it."""
    honest, some = (one_town.with_parameters(booked_start=share).endow(1) for share in (0.0, 0.3))
    line = one_town.published.threshold
    assert not honest.booked.any()
    np.testing.assert_allclose(some.income + some.booked, honest.income, rtol=1e-15)
    above = np.flatnonzero(honest.income >= line)
    nearest = above[np.argsort(honest.income[above])][: round(0.3 * len(above))]
    assert sorted(np.flatnonzero(some.booked)) == sorted(nearest)
    lots = (honest.income[nearest] / some.income[nearest] - 1) / 0.5
    assert ((lots >= 0) & (lots <= 1)).all()
    assert lots.max() > 0.8
    assert lots.min() < 0.2


def test_what_is_published_is_what_was_reported(one_town: vs.Scenario) -> None:
    """On the first day the published share is the reported one; at the end of the year some go on."""
    run = vs.simulate(one_town.with_parameters(booked_start=0.3), "no merger")
    published = one_town.published
    assert run.start["reported_share_above_500k"] == pytest.approx(published.share_above, abs=0.5 / 117)
    assert run.start["reported_collective_income"] == pytest.approx(published.mean_income)
    assert run.start["share_above_500k"] < published.share_above - 0.05
    booked = run.outcomes["share_that_booked"]
    assert (booked[:12] == run.start["share_that_booked"]).all()
    assert 0 < booked[12] < booked[11]


@pytest.mark.filterwarnings("error")
def test_villages_without_income_are_the_lowest_and_mean_and_share_still_hold(one_town: vs.Scenario) -> None:
    scenario = with_share(one_town, 0.344, 500_000.0, without_income=0.4)
    everyone, some = one_town.endow(1).income, scenario.endow(1).income
    n = round(0.4 * len(some))
    assert (some == 0).sum() == n
    assert set(np.flatnonzero(some == 0)) == set(np.argsort(everyone)[:n])
    assert some.mean() == pytest.approx(500_000.0)
    assert (some >= 500_000).sum() == round(0.344 * len(some))
    run = vs.simulate(scenario, "both")
    assert np.isfinite(run.outcomes["collective_income"]).all()
    assert np.isfinite(run.outcomes["real_integration"][7:]).all()


def test_figures_of_a_table_count_among_those_without_income(one_town: vs.Scenario) -> None:
    own = {"income": np.full(117, np.nan)}
    own["income"][:30] = 0.0
    scenario = replace(with_share(one_town, 0.344, 500_000.0, without_income=0.3), table=own)
    income = scenario.endow(1).income
    assert (income == 0).sum() == 35
    assert (income[:30] == 0).all()
    own["income"][30:] = 600_000.0
    own["income"][116] = np.nan
    with pytest.raises(RollError, match=r"5 villages should be without income, and 1 have no figure"):
        replace(scenario, table=own).endow(1)
